/* `lead offer` as a conversation, and what it shares with the one from a file. */
#ifndef VIZ_TOOLS_VIZINHO_LEAD_OFFER_H
#define VIZ_TOOLS_VIZINHO_LEAD_OFFER_H

#include "tools/vizinho/lookup.h"
#include "tools/vizinho/person.h"

/* Sends lead.offer, lead.later or lead.keep (args is taken), waits at a terminal for the answers,
 * and tells. `members`: who serves the place and is no partner, told where nobody is asked; or
 * NULL. */
int viz_lead_offer_send(const struct viz_cli *cli, const char *op, json_t *args,
			const json_t *members);
int viz_lead_offer_ask(const struct viz_cli *cli);

#endif
