/* The pages on which an admin manages the accounts. */
#ifndef VIZ_TOOLS_WEB_USERS_H
#define VIZ_TOOLS_WEB_USERS_H

#include "tools/web/page.h"

extern const struct viz_route viz_users_routes[];

#endif
