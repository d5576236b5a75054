#include "tools/web/watch.h"

#define POLL_MS  20000
#define RETRY_MS 1000 /* after the node has not answered */
#define TICK_MS  250

struct waiter {
	struct waiter *next;
	json_int_t since;
	uint64_t until_ms;
	viz_web_pool_done done;
	void *to;
	size_t index;
};

struct viz_web_watch {
	uv_loop_t *loop;
	struct viz_web_pool *pool;
	uv_timer_t tick;
	struct waiter *first;
	size_t count;
	json_int_t seq;
	char cursor[64]; /* in the node's journal */
	bool asking;
	bool stopped;
	uint64_t not_before_ms;
};

/* Tells those who need not wait any more. */
static void tell(struct viz_web_watch *w)
{
	struct waiter **at = &w->first;
	uint64_t now = uv_now(w->loop);

	while (*at != NULL) {
		struct waiter *one = *at;
		json_t *reply;

		if (one->since == w->seq && one->until_ms > now && !w->stopped) {
			at = &one->next;
			continue;
		}
		*at = one->next;
		w->count--;
		reply = json_pack("{s:b,s:{s:I}}", "ok", 1, "result", "seq", w->seq);
		one->done(one->to, one->index, reply);
		json_decref(reply);
		free(one);
	}
}

static void on_events(void *to, size_t index, json_t *reply)
{
	const json_t *result = json_object_get(reply, "result");
	const char *cursor = json_string_value(json_object_get(result, "cursor"));
	struct viz_web_watch *w = to;

	(void)index;
	w->asking = false;
	if (cursor == NULL || strlen(cursor) >= sizeof w->cursor) {
		w->not_before_ms = uv_now(w->loop) + RETRY_MS;
		return;
	}
	/* What happened before the first reply nobody has seen: all look once. */
	if (strcmp(w->cursor, "end") == 0 || json_array_size(json_object_get(result, "events")) > 0)
		w->seq++;
	snprintf(w->cursor, sizeof w->cursor, "%s", cursor);
}

/* Asks the node while somebody waits. Only the journal: what people look at is logged too, and must
 * not make their pages look again. */
static void poll_node(struct viz_web_watch *w)
{
	bool first = strcmp(w->cursor, "end") == 0;
	json_t *request;

	if (w->asking || w->stopped || w->first == NULL || uv_now(w->loop) < w->not_before_ms)
		return;
	request = json_pack("{s:i,s:s,s:{s:s,s:s},s:{s:s,s:s}}", "protocol", 1, "op", "events",
			    "as", "role", "reader", "who", "vizinho-web", "args", "cursor",
			    w->cursor, "log", "journal");
	/* The first one only says where the journal ends. */
	if (!first)
		json_object_set_new(json_object_get(request, "args"), "wait_ms",
				    json_integer(POLL_MS));
	w->asking = true;
	viz_web_pool_ask(w->pool, request, first ? 0 : POLL_MS, on_events, w, 0);
	json_decref(request);
}

static void on_tick(uv_timer_t *timer)
{
	struct viz_web_watch *w = timer->data;

	tell(w);
	poll_node(w);
}

struct viz_web_watch *viz_web_watch_new(uv_loop_t *loop, struct viz_web_pool *pool)
{
	struct viz_web_watch *w = calloc(1, sizeof *w);
	uv_timeval64_t now;

	VIZ_REQUIRE(w != NULL && uv_gettimeofday(&now) == 0);
	w->loop = loop;
	w->pool = pool;
	/* Another start has other numbers, so that a page from before it looks at once. */
	w->seq = (json_int_t)now.tv_sec * 1000;
	snprintf(w->cursor, sizeof w->cursor, "end");
	uv_timer_init(loop, &w->tick);
	w->tick.data = w;
	uv_timer_start(&w->tick, on_tick, TICK_MS, TICK_MS);
	return w;
}

void viz_web_watch_ask(struct viz_web_watch *w, const json_t *request, viz_web_pool_done done,
		       void *to, size_t index)
{
	const json_t *args = json_object_get(request, "args");
	const json_t *wait = json_object_get(args, "wait_ms");
	json_int_t ms = wait != NULL ? json_integer_value(wait) : VIZ_WEB_WATCH_MS;
	struct waiter *one = calloc(1, sizeof *one);

	VIZ_REQUIRE(one != NULL);
	if (ms < 0 || w->count >= VIZ_WEB_WATCH_WAITERS)
		ms = 0;
	one->since = json_integer_value(json_object_get(args, "since"));
	one->until_ms = uv_now(w->loop) + (uint64_t)(ms < VIZ_WEB_WATCH_MS ? ms : VIZ_WEB_WATCH_MS);
	one->done = done;
	one->to = to;
	one->index = index;
	one->next = w->first;
	w->first = one;
	w->count++;
	/* The reply comes with the next tick, never within this call. */
}

void viz_web_watch_stop(struct viz_web_watch *w)
{
	w->stopped = true;
	tell(w);
	uv_close((uv_handle_t *)&w->tick, NULL);
}

void viz_web_watch_free(struct viz_web_watch *w)
{
	free(w);
}
