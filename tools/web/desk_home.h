/* The desk's first page, and the search. */
#ifndef VIZ_TOOLS_WEB_DESK_HOME_H
#define VIZ_TOOLS_WEB_DESK_HOME_H

#include "tools/web/page.h"

extern const struct viz_route viz_desk_home_routes[];

#endif
