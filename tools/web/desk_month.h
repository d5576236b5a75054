/* The month, for the manager: what came of the leads, with each partner, and what it brought. */
#ifndef VIZ_TOOLS_WEB_DESK_MONTH_H
#define VIZ_TOOLS_WEB_DESK_MONTH_H

#include "tools/web/page.h"

extern const struct viz_route viz_desk_month_routes[];

#endif
