/* The inbox at the desk: what partners ask and whom their customers have chosen, by the clock. */
#ifndef VIZ_TOOLS_WEB_DESK_INBOX_H
#define VIZ_TOOLS_WEB_DESK_INBOX_H

#include "tools/web/page.h"

extern const struct viz_route viz_desk_inbox_routes[];

#endif
