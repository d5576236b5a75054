/* The board of the NOC: health with why and what now, peers and trust, the map, events. What it
 * changes it asks for with the operations of the command, so the same rules hold. */
#ifndef VIZ_TOOLS_WEB_BOARD_H
#define VIZ_TOOLS_WEB_BOARD_H

#include "tools/web/page.h"

#define VIZ_BOARD_ROLES (VIZ_WEB_READER | VIZ_WEB_ADMIN)

extern const struct viz_route viz_board_routes[];

#endif
