/* Peers on the board, and whom this node trusts. What ends something says first what will follow.
 */
#ifndef VIZ_TOOLS_WEB_BOARD_PEERS_H
#define VIZ_TOOLS_WEB_BOARD_PEERS_H

#include "tools/web/page.h"

extern const struct viz_route viz_board_peers_routes[];

#endif
