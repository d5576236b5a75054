#include "tools/web/customer.h"
#include "tools/web/router.h"
#include "tools/web/sign_in.h"
#include "tools/web/start.h"
#include "tools/web/users.h"

/* Add the table of a new group of pages here. */
const struct viz_route *const viz_web_routes[] = {
    viz_start_routes, viz_sign_in_routes, viz_users_routes, viz_customer_routes, NULL,
};
