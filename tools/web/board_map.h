/* The map of the board: municipalities that we and our partners serve, and where customers wait
 * whom nobody serves. Of published coverage and counts alone: no plant, no point of a customer. */
#ifndef VIZ_TOOLS_WEB_BOARD_MAP_H
#define VIZ_TOOLS_WEB_BOARD_MAP_H

#include "tools/web/page.h"

extern const struct viz_route viz_board_map_routes[];

#endif
