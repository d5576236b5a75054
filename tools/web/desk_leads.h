/* The list of our leads at the desk, by pages, and as a spreadsheet. */
#ifndef VIZ_TOOLS_WEB_DESK_LEADS_H
#define VIZ_TOOLS_WEB_DESK_LEADS_H

#include "tools/web/page.h"

extern const struct viz_route viz_desk_leads_routes[];

#endif
