#include "tools/web/api.h"
#include "tools/web/board.h"
#include "tools/web/board_map.h"
#include "tools/web/board_peers.h"
#include "tools/web/customer.h"
#include "tools/web/desk_choose.h"
#include "tools/web/desk_home.h"
#include "tools/web/desk_inbox.h"
#include "tools/web/desk_lead.h"
#include "tools/web/desk_new.h"
#include "tools/web/desk_read.h"
#include "tools/web/router.h"
#include "tools/web/sign_in.h"
#include "tools/web/start.h"
#include "tools/web/tokens.h"
#include "tools/web/users.h"

/* Add the table of a new group of pages here. */
const struct viz_route *const viz_web_routes[] = {
    viz_start_routes,       viz_sign_in_routes,    viz_users_routes,     viz_customer_routes,
    viz_desk_home_routes,   viz_desk_new_routes,   viz_desk_read_routes, viz_desk_lead_routes,
    viz_desk_choose_routes, viz_desk_inbox_routes, viz_board_routes,     viz_board_peers_routes,
    viz_board_map_routes,   viz_api_routes,        viz_tokens_routes,    NULL,
};
