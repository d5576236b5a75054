/* Which route a request has. */
#ifndef VIZ_TOOLS_WEB_ROUTER_H
#define VIZ_TOOLS_WEB_ROUTER_H

#include "tools/web/page.h"

/* All routes: tables that end with a NULL path, ended by NULL (routes.c). */
extern const struct viz_route *const viz_web_routes[];

/* The route of a path of this listener; `params` (an object) gets its parts. NULL: there is none,
 * and *other_method says whether there is one for another method. `path` begins with "/" and has no
 * query; a part that is no text of 1 to VIZ_WEB_PARAM_MAX printable characters fits no route. */
const struct viz_route *viz_web_router_find(json_t *params, bool *other_method,
					    enum viz_web_method method, const char *path,
					    unsigned listener);

#endif
