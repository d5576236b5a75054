/* Leads and proposals as people read them. */
#ifndef VIZ_TOOLS_VIZINHO_LEAD_VIEW_H
#define VIZ_TOOLS_VIZINHO_LEAD_VIEW_H

#include <jansson.h>

#include "tools/vizinho/command.h"

/* The state of a lead in words; one that was given back says so. */
const char *viz_lead_view_state(const struct viz_cli *cli, const json_t *lead);
/* One lead: what it is, who was asked, how the hand-off stands. */
void viz_lead_view_one(const struct viz_cli *cli, const json_t *lead);
void viz_lead_view_list(const struct viz_cli *cli, const json_t *leads);
/* The proposals in the order that nobody chose, with plans. `texts`: also the second consent's. */
void viz_lead_view_proposals(const struct viz_cli *cli, const json_t *result, bool texts);

/* Waits, at a terminal, until the partners have answered: *lead is replaced by the newest state.
 * Does not wait where somebody answers by hand (hours). */
int viz_lead_view_wait(json_t **lead, const struct viz_cli *cli);

#endif
