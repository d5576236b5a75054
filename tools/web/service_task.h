/* The inside of the service: one request of a page, and what its steps may use. */
#ifndef VIZ_TOOLS_WEB_SERVICE_TASK_H
#define VIZ_TOOLS_WEB_SERVICE_TASK_H

#include "tools/web/lockout.h"
#include "tools/web/service.h"
#include "tools/web/user.h"

struct viz_web_task;

/* What a row does: at first, or when a password has been derived. Returns a new reply, or NULL: a
 * password is derived first (viz_web_service_task_hash). */
typedef json_t *(*viz_web_step)(struct viz_web_task *t);

struct viz_web_task {
	struct viz_web_task *next;
	struct viz_web_service *service;
	struct viz_web_accounts *accounts;
	struct viz_web_lockout *lockout;
	struct viz_web_keys *keys;
	uint64_t uptime_ms; /* of this step */
	/* The service's queue, which stands above the steps. */
	json_t *(*start_hash)(struct viz_web_task *t, const char *password, bool compare,
			      viz_web_step after);
	json_t *args;
	const struct viz_web_caller *caller;
	viz_web_pool_done done;
	void *to;
	size_t index;
	json_t *reply;

	uv_work_t work;
	char password[VIZ_WEB_PASSWORD_MAX + 1]; /* wiped */
	bool compare;                            /* with `hash`; else `hash` is made */
	struct viz_web_hash hash;
	bool fits;
	int err;
	viz_web_step after;
};

/* An argument; "" when it is absent. */
const char *viz_web_service_task_arg(const struct viz_web_task *t, const char *name);
/* Replies; the result is taken. */
json_t *viz_web_service_task_ok(json_t *result);
json_t *viz_web_service_task_refused(const char *code);
/* `after` goes on when the password is derived. Returns what a step returns. */
json_t *viz_web_service_task_hash(struct viz_web_task *t, const char *password, bool compare,
				  viz_web_step after);
/* NULL: there is no such account. */
json_t *viz_web_service_task_user(const struct viz_web_task *t, const char *name);

#endif
