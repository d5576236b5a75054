/* The end of every `lead offer`: the request goes out, and what came of it is printed. */
#ifndef VIZ_TOOLS_VIZINHO_LEAD_SEND_H
#define VIZ_TOOLS_VIZINHO_LEAD_SEND_H

#include <jansson.h>

#include "tools/vizinho/command.h"

/* Sends lead.offer, lead.later or lead.keep (args is taken), waits at a terminal for the answers,
 * and prints them. `members`: those that serve the place and are no partners, printed where nobody
 * is asked; or NULL. Returns an enum viz_exit. */
int viz_lead_send(const struct viz_cli *cli, const char *op, json_t *args, const json_t *members);
/* lead.offer in a conversation: waits on the screen for the proposals, and goes on to the choice.
 * `street`: the new address as it was typed; "". */
int viz_lead_send_offer(const struct viz_cli *cli, json_t *args, const char *street);

/* The customer refuses after the names of this draw were read. Errors are printed. */
int viz_lead_send_refusal(const struct viz_cli *cli, int64_t draw);

#endif
