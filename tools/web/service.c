#include "tools/web/service.h"

#include "crypto/secret.h"
#include "tools/web/service_keys.h"
#include "tools/web/service_sign_in.h"
#include "tools/web/service_tokens.h"
#include "tools/web/service_users.h"

struct viz_web_service {
	uv_loop_t *loop;
	struct viz_web_accounts *accounts;
	struct viz_web_keys *keys;
	uv_async_t wake;
	struct viz_web_task *ended, **ended_last;
	struct viz_web_task *waiting, **waiting_last;
	size_t waiting_count;
	struct viz_web_task *hashing;
	uv_sem_t hashed;
	bool stopped;
	struct viz_web_lockout lockout;
};

static void free_task(struct viz_web_task *t)
{
	json_decref(t->reply);
	json_decref(t->args);
	viz_secret_wipe(t, sizeof *t);
	free(t);
}

static void end_task(struct viz_web_task *t, json_t *reply)
{
	struct viz_web_service *s = t->service;

	t->reply = reply;
	t->next = NULL;
	*s->ended_last = t;
	s->ended_last = &t->next;
	uv_async_send(&s->wake);
}

static void tell_ended(uv_async_t *handle)
{
	struct viz_web_service *s = handle->data;

	while (s->ended != NULL) {
		struct viz_web_task *t = s->ended;

		s->ended = t->next;
		if (s->ended == NULL)
			s->ended_last = &s->ended;
		t->done(t->to, t->index, t->reply);
		free_task(t);
	}
}

/* In a thread of the pool. */
static void derive(uv_work_t *work)
{
	struct viz_web_task *t = work->data;

	t->err = t->compare ? viz_web_user_fits(&t->fits, &t->hash, t->password)
			    : viz_web_user_hash(&t->hash, t->password);
	viz_secret_wipe(t->password, sizeof t->password);
	uv_sem_post(&t->service->hashed);
}

static void next_hash(struct viz_web_service *s);

static void on_derived(uv_work_t *work, int status)
{
	struct viz_web_task *t = work->data;
	struct viz_web_service *s = t->service;
	json_t *reply;

	(void)status; /* it is never cancelled */
	if (s->stopped) {
		free_task(t); /* its page has been told */
		return;
	}
	uv_sem_wait(&s->hashed);
	s->hashing = NULL;
	t->uptime_ms = uv_now(s->loop);
	reply = t->err == VIZ_OK ? t->after(t) : viz_web_service_task_refused("busy");
	if (reply != NULL)
		end_task(t, reply);
	next_hash(s);
}

static void next_hash(struct viz_web_service *s)
{
	struct viz_web_task *t = s->waiting;

	if (s->hashing != NULL || t == NULL)
		return;
	s->waiting = t->next;
	if (s->waiting == NULL)
		s->waiting_last = &s->waiting;
	s->waiting_count--;
	s->hashing = t;
	t->work.data = t;
	VIZ_REQUIRE(uv_queue_work(s->loop, &t->work, derive, on_derived) == 0);
}

static json_t *start_hash(struct viz_web_task *t, const char *password, bool compare,
			  viz_web_step after)
{
	struct viz_web_service *s = t->service;

	if (s->waiting_count >= VIZ_WEB_HASHES_MAX || strlen(password) > VIZ_WEB_PASSWORD_MAX)
		return viz_web_service_task_refused("busy");
	snprintf(t->password, sizeof t->password, "%s", password);
	t->compare = compare;
	t->after = after;
	t->next = NULL;
	*s->waiting_last = t;
	s->waiting_last = &t->next;
	s->waiting_count++;
	next_hash(s);
	return NULL;
}

/* Who may ask: everybody, whoever has begun to sign in, an admin who has finished. */
enum need {
	NEED_NOTHING,
	NEED_SESSION,
	NEED_ADMIN,
};

static const struct {
	const char *op;
	enum need need;
	viz_web_step first;
} rows[] = {
    {"web.sign-in", NEED_NOTHING, viz_web_service_sign_in_start},
    {"web.sign-out", NEED_SESSION, viz_web_service_sign_in_out},
    {"web.code", NEED_SESSION, viz_web_service_sign_in_code},
    {"web.enrol", NEED_SESSION, viz_web_service_sign_in_enrol},
    {"web.enrol-code", NEED_SESSION, viz_web_service_sign_in_enrol_code},
    {"web.password", NEED_SESSION, viz_web_service_sign_in_password},
    {"web.key.begin", NEED_NOTHING, viz_web_service_keys_begin},
    {"web.key.end", NEED_NOTHING, viz_web_service_keys_end},
    {"web.key.drop", NEED_NOTHING, viz_web_service_keys_drop},
    {"web.tokens", NEED_ADMIN, viz_web_service_tokens_list},
    {"web.token.add", NEED_ADMIN, viz_web_service_tokens_add},
    {"web.token.remove", NEED_ADMIN, viz_web_service_tokens_remove},
    {"web.users", NEED_ADMIN, viz_web_service_users_list},
    {"web.user.add", NEED_ADMIN, viz_web_service_users_add},
    {"web.user.reset", NEED_ADMIN, viz_web_service_users_reset},
    {"web.user.remove", NEED_ADMIN, viz_web_service_users_remove},
    {"web.user.role", NEED_ADMIN, viz_web_service_users_role},
};

static bool may(const struct viz_web_session *who, enum need need)
{
	switch (need) {
	case NEED_NOTHING:
		return true;
	case NEED_SESSION:
		return who->stage != VIZ_WEB_STAGE_NONE;
	case NEED_ADMIN:
		return who->stage == VIZ_WEB_STAGE_FULL && who->role == VIZ_WEB_ADMIN;
	}
	return false;
}

static json_t *first_step(struct viz_web_task *t, const char *op)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (strcmp(rows[i].op, op) != 0)
			continue;
		return may(&t->caller->who, rows[i].need)
			   ? rows[i].first(t)
			   : viz_web_service_task_refused("not-allowed");
	}
	return viz_web_service_task_refused("no-such-op");
}

struct viz_web_lockout *viz_web_service_lockout(struct viz_web_service *s)
{
	return &s->lockout;
}

struct viz_web_service *viz_web_service_new(uv_loop_t *loop, struct viz_web_accounts *accounts,
					    struct viz_web_keys *keys)
{
	struct viz_web_service *s = calloc(1, sizeof *s);

	VIZ_REQUIRE(s != NULL && uv_sem_init(&s->hashed, 0) == 0);
	s->loop = loop;
	s->accounts = accounts;
	s->keys = keys;
	s->ended_last = &s->ended;
	s->waiting_last = &s->waiting;
	uv_async_init(loop, &s->wake, tell_ended);
	s->wake.data = s;
	return s;
}

void viz_web_service_ask(struct viz_web_service *s, const json_t *request,
			 const struct viz_web_caller *caller, viz_web_pool_done done, void *to,
			 size_t index)
{
	struct viz_web_task *t = calloc(1, sizeof *t);
	json_t *reply;

	VIZ_REQUIRE(t != NULL);
	t->service = s;
	t->accounts = s->accounts;
	t->keys = s->keys;
	t->lockout = &s->lockout;
	t->start_hash = start_hash;
	t->uptime_ms = uv_now(s->loop);
	t->args = json_deep_copy(json_object_get(request, "args"));
	t->caller = caller;
	t->done = done;
	t->to = to;
	t->index = index;
	reply = first_step(t, json_string_value(json_object_get(request, "op")));
	if (reply != NULL)
		end_task(t, reply);
}

void viz_web_service_stop(struct viz_web_service *s)
{
	while (s->waiting != NULL) {
		struct viz_web_task *t = s->waiting;

		s->waiting = t->next;
		end_task(t, viz_web_service_task_refused("busy"));
	}
	s->waiting_last = &s->waiting;
	s->waiting_count = 0;
	s->stopped = true;
	if (s->hashing != NULL) {
		json_t *reply = viz_web_service_task_refused("busy");

		uv_sem_wait(&s->hashed); /* a blink */
		s->hashing->done(s->hashing->to, s->hashing->index, reply);
		json_decref(reply);
		s->hashing = NULL; /* freed by on_derived */
	}
	tell_ended(&s->wake);
	uv_close((uv_handle_t *)&s->wake, NULL);
}

void viz_web_service_free(struct viz_web_service *s)
{
	if (s == NULL)
		return;
	uv_sem_destroy(&s->hashed);
	viz_secret_wipe(s, sizeof *s);
	free(s);
}
