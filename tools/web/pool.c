#include "tools/web/pool.h"

#include "crypto/secret.h"
#include "node/host/log.h"
#include "tools/web/limits.h"

#define PIPES     (VIZ_WEB_PIPES_MAX + VIZ_WEB_WAITS_MAX)
#define IDLE_MS   45000 /* the node ends a connection that asks nothing for 60 s */
#define TICK_MS   250
#define ROOM_MIN  16384
#define ROOM_KEEP 65536 /* a larger buffer is given back after the reply */

struct ask {
	struct ask *next;
	char *line; /* with its "\n"; wiped when it is written */
	size_t len;
	uint64_t until_ms;
	bool waits;
	viz_web_pool_done done;
	void *to;
	size_t index;
	json_t *reply;
};

enum pipe_state {
	PIPE_CLOSED,
	PIPE_CONNECTING,
	PIPE_IDLE,
	PIPE_BUSY,
	PIPE_CLOSING,
};

struct pipe {
	uv_pipe_t handle;
	uv_connect_t connect;
	uv_write_t write;
	struct viz_web_pool *pool;
	enum pipe_state state;
	bool waits; /* for requests that wait */
	struct ask *now;
	char *in;
	size_t len;
	size_t size;
	uint64_t idle_since_ms;
};

struct viz_web_pool {
	uv_loop_t *loop;
	uv_timer_t tick;
	uv_async_t wake; /* asks that have ended are told from the loop, never from within a call */
	char path[108];
	struct pipe pipe[PIPES];
	struct ask *first, **last; /* waiting */
	size_t waiting;
	struct ask *ended, **ended_last;
	bool away; /* the node did not answer: said once */
	bool stopped;
};

static void pump(struct viz_web_pool *pool);

static void wipe(char **text, size_t len)
{
	if (*text != NULL)
		viz_secret_wipe(*text, len);
	free(*text);
	*text = NULL;
}

static void end_ask(struct viz_web_pool *pool, struct ask *a, json_t *reply)
{
	a->reply = reply;
	a->next = NULL;
	*pool->ended_last = a;
	pool->ended_last = &a->next;
	uv_async_send(&pool->wake);
}

static void tell_ended(uv_async_t *handle)
{
	struct viz_web_pool *pool = handle->data;

	while (pool->ended != NULL) {
		struct ask *a = pool->ended;

		pool->ended = a->next;
		if (pool->ended == NULL)
			pool->ended_last = &pool->ended;
		a->done(a->to, a->index, a->reply);
		json_decref(a->reply);
		wipe(&a->line, a->len);
		free(a);
	}
}

static void say(struct viz_web_pool *pool, bool away, const char *why)
{
	if (pool->away == away)
		return;
	pool->away = away;
	if (away)
		viz_host_log(VIZ_LOG_WARNING, "web: vizinhod does not answer: %s", why);
	else
		viz_host_log(VIZ_LOG_NOTICE, "web: vizinhod answers");
}

static void on_closed(uv_handle_t *handle)
{
	struct pipe *p = handle->data;

	wipe(&p->in, p->size);
	p->len = p->size = 0;
	p->state = PIPE_CLOSED;
	pump(p->pool);
}

/* Ends the connection; its request gets no answer. */
static void close_pipe(struct pipe *p)
{
	struct ask *a = p->now;

	if (p->state == PIPE_CLOSED || p->state == PIPE_CLOSING)
		return;
	p->now = NULL;
	p->state = PIPE_CLOSING;
	uv_close((uv_handle_t *)&p->handle, on_closed);
	if (a != NULL)
		end_ask(p->pool, a, NULL);
}

static void on_room(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
	struct pipe *p = handle->data;

	(void)suggested;
	if (p->len == p->size && p->size < VIZ_WEB_REPLY_MAX) {
		size_t size = p->size > 0 ? p->size * 2 : ROOM_MIN;
		char *more = malloc(size);

		if (more != NULL) {
			if (p->len > 0)
				memcpy(more, p->in, p->len);
			wipe(&p->in, p->size);
			p->in = more;
			p->size = size;
		}
	}
	buf->base = p->in != NULL ? p->in + p->len : NULL;
	buf->len = p->size - p->len;
}

static void take_reply(struct pipe *p, size_t len)
{
	json_t *reply = json_loadb(p->in, len, JSON_REJECT_DUPLICATES, NULL);
	struct ask *a = p->now;

	p->now = NULL;
	p->state = PIPE_IDLE;
	p->idle_since_ms = uv_now(p->pool->loop);
	viz_secret_wipe(p->in, p->len);
	p->len = 0;
	if (p->size > ROOM_KEEP) {
		wipe(&p->in, p->size);
		p->size = 0;
	}
	say(p->pool, false, "");
	if (!json_is_object(reply)) {
		json_decref(reply);
		reply = NULL;
	}
	end_ask(p->pool, a, reply);
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
	struct pipe *p = stream->data;
	char *end;

	(void)buf;
	if (n == 0)
		return;
	if (n < 0) {
		if (p->now != NULL)
			say(p->pool, true, "the connection ended");
		close_pipe(p);
		return;
	}
	end = memchr(p->in + p->len, '\n', (size_t)n);
	p->len += (size_t)n;
	/* One request, one line. Anything else means that we no longer know what is said. */
	if (p->now == NULL || (end != NULL && end != p->in + p->len - 1)) {
		close_pipe(p);
		return;
	}
	if (end == NULL)
		return;
	take_reply(p, (size_t)(end - p->in));
	pump(p->pool);
}

static void on_written(uv_write_t *write, int status)
{
	struct pipe *p = write->data;

	if (status < 0 && p->state == PIPE_BUSY)
		close_pipe(p);
}

static void send_ask(struct pipe *p)
{
	uv_buf_t buf = uv_buf_init(p->now->line, (unsigned)p->now->len);

	p->state = PIPE_BUSY;
	p->write.data = p;
	if (uv_write(&p->write, (uv_stream_t *)&p->handle, &buf, 1, on_written) != 0)
		close_pipe(p);
}

static void on_connected(uv_connect_t *connect, int status)
{
	struct pipe *p = connect->data;

	if (p->state != PIPE_CONNECTING)
		return;
	if (status == 0)
		status = uv_read_start((uv_stream_t *)&p->handle, on_room, on_read);
	if (status != 0) {
		say(p->pool, true, uv_strerror(status));
		close_pipe(p);
		return;
	}
	send_ask(p);
}

static void connect_pipe(struct pipe *p)
{
	uv_pipe_init(p->pool->loop, &p->handle, 0);
	p->handle.data = p;
	p->connect.data = p;
	p->state = PIPE_CONNECTING;
	uv_pipe_connect(&p->connect, &p->handle, p->pool->path, on_connected);
}

/* A connection for such a request: an open one, or else one that can be opened. */
static struct pipe *free_pipe(struct viz_web_pool *pool, bool waits)
{
	struct pipe *closed = NULL;

	for (size_t i = 0; i < PIPES; i++) {
		struct pipe *p = &pool->pipe[i];

		if (p->waits != waits)
			continue;
		if (p->state == PIPE_IDLE)
			return p;
		if (p->state == PIPE_CLOSED && closed == NULL)
			closed = p;
	}
	return closed;
}

/* Gives requests to connections. */
static void pump(struct viz_web_pool *pool)
{
	struct ask **at = &pool->first;

	while (!pool->stopped && *at != NULL) {
		struct ask *a = *at;
		struct pipe *p = free_pipe(pool, a->waits);

		if (p == NULL) {
			at = &a->next;
			continue;
		}
		*at = a->next;
		if (*at == NULL)
			pool->last = at;
		pool->waiting--;
		p->now = a;
		if (p->state == PIPE_IDLE)
			send_ask(p);
		else
			connect_pipe(p);
	}
}

static void drop_late(struct viz_web_pool *pool, uint64_t now)
{
	struct ask **at = &pool->first;

	while (*at != NULL) {
		struct ask *a = *at;

		if (a->until_ms > now && !pool->stopped) {
			at = &a->next;
			continue;
		}
		*at = a->next;
		if (*at == NULL)
			pool->last = at;
		pool->waiting--;
		end_ask(pool, a, NULL);
	}
}

static void on_tick(uv_timer_t *timer)
{
	struct viz_web_pool *pool = timer->data;
	uint64_t now = uv_now(pool->loop);

	for (size_t i = 0; i < PIPES; i++) {
		struct pipe *p = &pool->pipe[i];

		if (p->now != NULL && p->now->until_ms <= now) {
			say(pool, true, "it took too long");
			close_pipe(p);
		} else if (p->state == PIPE_IDLE && p->idle_since_ms + IDLE_MS <= now) {
			close_pipe(p);
		}
	}
	drop_late(pool, now);
}

int viz_web_pool_new(struct viz_web_pool **out, uv_loop_t *loop, const char *path)
{
	struct viz_web_pool *pool = calloc(1, sizeof *pool);

	if (pool == NULL)
		return VIZ_ERR_NOMEM;
	if (strlen(path) >= sizeof pool->path) {
		free(pool);
		return VIZ_ERR_INPUT;
	}
	pool->loop = loop;
	snprintf(pool->path, sizeof pool->path, "%s", path);
	pool->last = &pool->first;
	pool->ended_last = &pool->ended;
	for (size_t i = 0; i < PIPES; i++) {
		pool->pipe[i].pool = pool;
		pool->pipe[i].waits = i >= VIZ_WEB_PIPES_MAX;
	}
	uv_async_init(loop, &pool->wake, tell_ended);
	pool->wake.data = pool;
	uv_timer_init(loop, &pool->tick);
	pool->tick.data = pool;
	uv_timer_start(&pool->tick, on_tick, TICK_MS, TICK_MS);
	*out = pool;
	return VIZ_OK;
}

void viz_web_pool_ask(struct viz_web_pool *pool, const json_t *request, uint32_t wait_ms,
		      viz_web_pool_done done, void *to, size_t index)
{
	struct ask *a = calloc(1, sizeof *a);
	char *text = json_dumps(request, JSON_COMPACT);

	VIZ_REQUIRE(a != NULL && text != NULL);
	a->len = strlen(text) + 1;
	a->line = text;
	text[a->len - 1] = '\n'; /* in the place of the NUL */
	a->until_ms = uv_now(pool->loop) + VIZ_WEB_ASK_MS + wait_ms;
	a->waits = wait_ms > 0;
	a->done = done;
	a->to = to;
	a->index = index;
	if (pool->stopped || pool->waiting >= VIZ_WEB_QUEUE_MAX) {
		end_ask(pool, a, NULL);
		return;
	}
	*pool->last = a;
	pool->last = &a->next;
	pool->waiting++;
	pump(pool);
}

void viz_web_pool_stop(struct viz_web_pool *pool)
{
	if (pool->stopped)
		return;
	pool->stopped = true;
	drop_late(pool, 0);
	for (size_t i = 0; i < PIPES; i++)
		close_pipe(&pool->pipe[i]);
	tell_ended(&pool->wake);
	uv_close((uv_handle_t *)&pool->tick, NULL);
	uv_close((uv_handle_t *)&pool->wake, NULL);
}

void viz_web_pool_free(struct viz_web_pool *pool)
{
	free(pool);
}
