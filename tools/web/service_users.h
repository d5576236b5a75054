/* Accounts, by an admin: steps of the service. */
#ifndef VIZ_TOOLS_WEB_SERVICE_USERS_H
#define VIZ_TOOLS_WEB_SERVICE_USERS_H

#include "tools/web/service_task.h"

/* {} -> {users: [{name, role, temporary, authenticator, self}]} */
json_t *viz_web_service_users_list(struct viz_web_task *t);
/* {name, role} -> {name, password}; bad-name, bad-role, user-exists, too-many. */
json_t *viz_web_service_users_add(struct viz_web_task *t);
/* {name} -> {name, password}; no-such-user. The authenticator is forgotten. */
json_t *viz_web_service_users_reset(struct viz_web_task *t);
/* {name} -> {}; no-such-user, last-admin. */
json_t *viz_web_service_users_remove(struct viz_web_task *t);
/* {name, role} -> {}; bad-role, no-such-user, last-admin. */
json_t *viz_web_service_users_role(struct viz_web_task *t);

#endif
