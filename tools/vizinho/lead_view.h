/* Leads and proposals as people read them. */
#ifndef VIZ_TOOLS_VIZINHO_LEAD_VIEW_H
#define VIZ_TOOLS_VIZINHO_LEAD_VIEW_H

#include <jansson.h>

#include "tools/vizinho/command.h"

/* Whether the chosen partner has the customer, and has not given them back. */
bool viz_lead_view_held(const json_t *lead);
/* The state of a lead in words, or that it was given back. */
const char *viz_lead_view_state(const struct viz_cli *cli, const json_t *lead);
/* Prints one lead: what it is, who was asked, how far the hand-off is. */
void viz_lead_view_one(const struct viz_cli *cli, const json_t *lead);
void viz_lead_view_list(const struct viz_cli *cli, const json_t *leads);
/* What partners have said of awards from before a quarantine. Nothing: prints nothing. */
void viz_lead_view_told(const struct viz_cli *cli, const json_t *told);
/* How the customer reaches this partner without giving any data, and the code to tell it. */
void viz_lead_view_call(const struct viz_cli *cli, const json_t *lead, const json_t *peer);

/* Prints the proposals with their plans, in the drawn order. `texts`: with the text of the second
 * consent. */
void viz_lead_view_proposals(const struct viz_cli *cli, const json_t *result, bool texts);
/* The command that comes next while the customer may choose. */
void viz_lead_view_next(const struct viz_cli *cli, const json_t *lead);

/* Waits at a terminal until the partners have answered; *lead is replaced by the newest state. Does
 * not wait for somebody who answers by hand, within hours. */
int viz_lead_view_wait(json_t **lead, const struct viz_cli *cli);

#endif
