/* Idempotency keys of programs: steps of the service (keys.h). */
#ifndef VIZ_TOOLS_WEB_SERVICE_KEYS_H
#define VIZ_TOOLS_WEB_SERVICE_KEYS_H

#include "tools/web/service_task.h"

/* {key, op, body} -> {}: go on, and tell the end; {id}: it has been made. key-reused,
 * key-under-way, key-unknown, too-many-keys, failed. */
json_t *viz_web_service_keys_begin(struct viz_web_task *t);
/* {key, id} -> {} */
json_t *viz_web_service_keys_end(struct viz_web_task *t);
/* {key} -> {}: nothing was made. */
json_t *viz_web_service_keys_drop(struct viz_web_task *t);

#endif
