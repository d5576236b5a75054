/* Our leads at the desk: the list, one lead with its answers and proposals, the choice on the
 * customer's behalf, and what else an agent does with it. */
#ifndef VIZ_TOOLS_WEB_DESK_LEAD_H
#define VIZ_TOOLS_WEB_DESK_LEAD_H

#include "tools/web/page.h"

extern const struct viz_route viz_desk_lead_routes[];

/* Asks for all that the page of a lead shows, and shows it. `i`: of the first of these requests. */
#define VIZ_DESK_LEAD_ASKS 4
void viz_desk_lead_ask(struct viz_page *p);
void viz_desk_lead_show(struct viz_page *p, unsigned status, size_t i);

#endif
