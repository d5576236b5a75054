/* Tokens of the API, by an admin: steps of the service. */
#ifndef VIZ_TOOLS_WEB_SERVICE_TOKENS_H
#define VIZ_TOOLS_WEB_SERVICE_TOKENS_H

#include "tools/web/service_task.h"

/* {} -> {tokens: [{id, name, role, scopes, user, made_ms, until_ms, used?}]} */
json_t *viz_web_service_tokens_list(struct viz_web_task *t);
/* {name, role, scopes, days} -> {id, token}; bad-token, token-exists, too-many. */
json_t *viz_web_service_tokens_add(struct viz_web_task *t);
/* {id} -> {}; no-such-token. */
json_t *viz_web_service_tokens_remove(struct viz_web_task *t);

#endif
