#include "node/host/control_socket.h"

#include <pwd.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "crypto/secret.h"
#include "node/host/alloc.h"
#include "node/host/limits.h"
#include "node/host/line.h"
#include "node/host/log.h"
#include "node/host/socket_file.h"
#include "node/host/speech.h"
#include "proto/text.h"

struct client {
	uv_pipe_t pipe;
	struct viz_host_control_socket *ctl;
	uint64_t id;
	uid_t uid;
	char who[64];
	struct viz_line line;
	size_t charged; /* of ctl->bytes: buffer and request under way */
	size_t asked;   /* bytes of the request at the core */
	bool waiting;   /* a request is at the core: no reading until its reply */
	bool ended;     /* the client sends no more */
	bool last;      /* no more requests; closed when the writes are done */
	bool reading;
	size_t writes;
	uint64_t since_ms; /* of uv_now: when it came, or asked last */
	struct client *next;
};

struct viz_host_control_socket {
	uv_loop_t *loop;
	struct viz_host_core_thread *core;
	uv_pipe_t listener;
	uv_timer_t sweep;
	uint64_t idle_ms;
	struct viz_log_gate gate; /* of refusals */
	char path[sizeof(((struct sockaddr_un *)0)->sun_path)];
	struct client *clients;
	size_t client_count;
	size_t bytes;
	uint64_t serial;
	bool stopping;
};

struct write {
	uv_write_t req;
	struct client *client;
	char *text;
	size_t len;
};

#define STRING(number) #number
#define REPLY(protocol)                                                                            \
	"{\"ok\":false,\"protocol\":" STRING(protocol) ",\"version\":\"" VIZ_VERSION               \
						       "\",\"error\":{\"code\":\"too-long\","      \
						       "\"message\":\"the request is too long\"}}"

/* The one reply of the control protocol (node/CONTROL.md) that the core does not give. */
static const char too_long[] = REPLY(VIZ_CONTROL_PROTOCOL);

static void proceed(struct client *k);

static void charge(struct client *k)
{
	size_t now = k->line.capacity + k->asked;

	k->ctl->bytes = k->ctl->bytes - k->charged + now;
	k->charged = now;
}

static void on_closed(uv_handle_t *handle)
{
	struct client *k = handle->data, **at = &k->ctl->clients;

	while (*at != k)
		at = &(*at)->next;
	*at = k->next;
	k->ctl->client_count--;
	viz_host_line_clear(&k->line);
	k->asked = 0;
	charge(k);
	free(k);
}

static void drop(struct client *k)
{
	if (!uv_is_closing((uv_handle_t *)&k->pipe))
		uv_close((uv_handle_t *)&k->pipe, on_closed);
}

static void on_written(uv_write_t *req, int status)
{
	struct write *w = (struct write *)req;
	struct client *k = w->client;

	viz_secret_wipe(w->text, w->len);
	free(w->text);
	free(w);
	k->writes--;
	if (status < 0 || (k->last && k->writes == 0))
		drop(k);
	else
		proceed(k);
}

static void write_line(struct client *k, const uint8_t *text, size_t len)
{
	struct write *w = viz_host_alloc(sizeof *w);
	uv_buf_t buf;

	w->client = k;
	w->len = len + 1;
	w->text = viz_host_alloc(w->len);
	memcpy(w->text, text, len);
	w->text[len] = '\n';
	buf = uv_buf_init(w->text, (unsigned)w->len);
	k->writes++;
	if (uv_write(&w->req, (uv_stream_t *)&k->pipe, &buf, 1, on_written) != 0) {
		viz_secret_wipe(w->text, w->len);
		free(w->text);
		free(w);
		k->writes--;
		drop(k);
	}
}

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
	struct client *k = handle->data;
	uint8_t *at;
	size_t space;

	(void)suggested;
	/* No buffer makes libuv call on_read with UV_ENOBUFS. */
	*buf = uv_buf_init(NULL, 0);
	if (viz_host_line_space(&k->line, &at, &space) != VIZ_OK)
		return;
	charge(k);
	if (k->ctl->bytes > VIZ_CONTROL_BYTES_MAX)
		return;
	*buf = uv_buf_init((char *)at, (unsigned)space);
}

static void refuse(struct client *k)
{
	k->last = true;
	k->ended = true;
	viz_host_line_clear(&k->line);
	charge(k);
	write_line(k, (const uint8_t *)too_long, sizeof too_long - 1);
}

static void on_read(uv_stream_t *stream, ssize_t count, const uv_buf_t *buf)
{
	struct client *k = stream->data;

	(void)buf;
	if (count == UV_EOF) {
		/* Requests that came before are still answered. */
		k->ended = true;
	} else if (count == UV_ENOBUFS) {
		refuse(k);
	} else if (count < 0) {
		drop(k);
		return;
	} else {
		viz_host_line_added(&k->line, (size_t)count);
	}
	proceed(k);
}

static bool blank(const uint8_t *line, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (line[i] != ' ' && line[i] != '\t')
			return false;
	return true;
}

/* Gives the next line to the core. VIZ_ERR_ABSENT: there is none yet. */
static int push_request(struct client *k)
{
	struct viz_host_event *e;
	uint8_t *line;
	size_t len;
	int err = viz_host_line_take(&k->line, &line, &len);

	if (err != VIZ_OK)
		return err;
	if (blank(line, len)) {
		free(line);
		return VIZ_OK;
	}
	e = viz_host_event_new(VIZ_EVENT_REQUEST, line, len);
	e->event.client = k->id;
	memcpy(e->who, k->who, sizeof e->who);
	e->event.who = e->who;
	k->waiting = true;
	k->since_ms = uv_now(k->ctl->loop);
	k->asked = len;
	viz_figures_add(viz_host_core_thread_figures(k->ctl->core), VIZ_FIGURE_REQUESTS, 1);
	viz_host_core_thread_push(k->ctl->core, e);
	return VIZ_OK;
}

static void proceed(struct client *k)
{
	int err = VIZ_OK;
	bool want;

	if (uv_is_closing((uv_handle_t *)&k->pipe))
		return;
	while (!k->waiting && !k->last && err == VIZ_OK)
		err = push_request(k);
	charge(k);
	if (err == VIZ_ERR_LIMIT || err == VIZ_ERR_NOMEM)
		refuse(k);
	if (k->ended && !k->waiting && k->writes == 0) {
		drop(k);
		return;
	}
	want = !k->waiting && !k->ended && !k->last && k->writes == 0;
	if (want && !k->reading && uv_read_start((uv_stream_t *)&k->pipe, on_alloc, on_read) != 0) {
		drop(k);
		return;
	}
	if (!want && k->reading)
		uv_read_stop((uv_stream_t *)&k->pipe);
	k->reading = want;
}

static bool identify_caller(struct client *k)
{
	struct passwd pw, *found = NULL;
	struct ucred cred;
	socklen_t len = sizeof cred;
	char strings[4096];
	uv_os_fd_t fd;

	if (uv_fileno((uv_handle_t *)&k->pipe, &fd) != 0 ||
	    getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &len) != 0)
		return false;
	k->uid = cred.uid;
	if (getpwuid_r(cred.uid, &pw, strings, sizeof strings, &found) == 0 && found != NULL &&
	    strlen(pw.pw_name) < sizeof k->who && viz_text_valid(pw.pw_name, strlen(pw.pw_name)))
		snprintf(k->who, sizeof k->who, "%s", pw.pw_name);
	else
		snprintf(k->who, sizeof k->who, "#%lu", (unsigned long)cred.uid);
	return true;
}

/* Clients that ask nothing must not keep the places: others may have to revoke a key. */
static void on_sweep(uv_timer_t *timer)
{
	struct viz_host_control_socket *c = timer->data;
	uint64_t now = uv_now(c->loop);

	for (struct client *k = c->clients; k != NULL; k = k->next)
		if (!k->waiting && now - k->since_ms >= c->idle_ms)
			drop(k);
}

static bool is_open(const struct client *k)
{
	return !uv_is_closing((const uv_handle_t *)&k->pipe);
}

static size_t open_count(const struct viz_host_control_socket *c)
{
	size_t n = 0;

	for (const struct client *k = c->clients; k != NULL; k = k->next)
		n += is_open(k);
	return n;
}

/* How many connections this user has. */
static size_t count_of(const struct viz_host_control_socket *c, uid_t uid)
{
	size_t n = 0;

	for (const struct client *k = c->clients; k != NULL; k = k->next)
		n += k->uid == uid && is_open(k);
	return n;
}

/* Whether `a` may go rather than `b`: who asks nothing before who waits for a reply, the oldest
 * first. */
static bool goes_before(const struct client *a, const struct client *b)
{
	if (a->waiting != b->waiting)
		return !a->waiting;
	return a->since_ms < b->since_ms;
}

/* All places are taken. The user who has the most of them gives one up, unless that is the
 * newcomer's: so nobody locks out another, who may have to revoke a key. */
static struct client *who_goes(struct viz_host_control_socket *c, struct client *newcomer)
{
	struct client *gone = newcomer;
	size_t most = count_of(c, newcomer->uid);

	for (struct client *k = c->clients; k != NULL; k = k->next) {
		size_t n = is_open(k) ? count_of(c, k->uid) : 0;

		if (n > most || (n == most && gone != newcomer && goes_before(k, gone))) {
			most = n;
			gone = k;
		}
	}
	return gone;
}

static void log_refusal(struct viz_host_control_socket *c, const struct client *gone)
{
	unsigned dropped = 0;

	if (!viz_host_log_gate(&c->gate, &dropped, uv_now(c->loop)))
		return;
	viz_host_log(VIZ_LOG_WARNING,
		     "control socket: more than %d clients, one of user %s is closed (%u more "
		     "before it)",
		     VIZ_CONTROL_CLIENTS_MAX, gone->who, dropped);
}

static void on_connection(uv_stream_t *server, int status)
{
	struct viz_host_control_socket *c = server->data;
	struct client *k;

	if (status < 0)
		return;
	k = viz_host_alloc(sizeof *k);
	VIZ_REQUIRE(uv_pipe_init(c->loop, &k->pipe, 0) == 0);
	k->pipe.data = k;
	k->ctl = c;
	k->id = ++c->serial;
	k->since_ms = uv_now(c->loop);
	viz_host_line_init(&k->line, VIZ_CONTROL_LINE_MAX);
	k->next = c->clients;
	c->clients = k;
	c->client_count++;
	if (uv_accept(server, (uv_stream_t *)&k->pipe) != 0 || !identify_caller(k) || c->stopping) {
		drop(k);
		return;
	}
	if (open_count(c) > VIZ_CONTROL_CLIENTS_MAX) {
		struct client *gone = who_goes(c, k);

		log_refusal(c, gone);
		drop(gone);
		if (gone == k)
			return;
	}
	proceed(k);
}

int viz_host_control_socket_new(struct viz_host_control_socket **out, char *error, uv_loop_t *loop,
				struct viz_host_core_thread *core, const char *path,
				const char *group, uint32_t idle_ms)
{
	struct viz_host_control_socket *c;
	int err, uv;

	if (strlen(path) >= sizeof c->path) {
		viz_host_speech_print(error, 256, VIZ_HOST_TEXTS_SOCKET_LONG, path,
				      sizeof c->path - 1);
		return VIZ_ERR_INPUT;
	}
	err = viz_host_socket_file_clear(path, error);
	if (err != VIZ_OK)
		return err;
	c = viz_host_alloc(sizeof *c);
	c->loop = loop;
	c->core = core;
	memcpy(c->path, path, strlen(path) + 1);
	VIZ_REQUIRE(uv_pipe_init(loop, &c->listener, 0) == 0);
	c->listener.data = c;
	VIZ_REQUIRE(uv_timer_init(loop, &c->sweep) == 0);
	c->sweep.data = c;
	c->idle_ms = idle_ms;
	VIZ_REQUIRE(uv_timer_start(&c->sweep, on_sweep, idle_ms / 4 + 1, idle_ms / 4 + 1) == 0);
	/* The umask is 077 while it binds. The group gets access before anybody can connect. */
	uv = uv_pipe_bind(&c->listener, path);
	if (uv == 0) {
		err = viz_host_socket_file_share(path, group, error);
		uv = err == VIZ_OK ? uv_listen((uv_stream_t *)&c->listener, 64, on_connection) : 0;
	}
	if (uv != 0) {
		viz_host_speech_print(error, 256, VIZ_HOST_TEXTS_LISTEN_FAILS, path,
				      viz_host_speech_errno(-uv));
		err = VIZ_ERR_INPUT;
	}
	*out = c;
	if (err != VIZ_OK)
		viz_host_control_socket_stop(c, true);
	return err;
}

static struct client *find(struct viz_host_control_socket *c, uint64_t id)
{
	struct client *k = c->clients;

	while (k != NULL && k->id != id)
		k = k->next;
	return k;
}

void viz_host_control_socket_reply(struct viz_host_control_socket *c, uint64_t client,
				   const uint8_t *text, size_t len)
{
	struct client *k = find(c, client);

	if (k == NULL || !k->waiting || uv_is_closing((uv_handle_t *)&k->pipe))
		return;
	k->waiting = false;
	k->since_ms = uv_now(c->loop);
	k->asked = 0;
	k->last = k->last || c->stopping;
	write_line(k, text, len);
	proceed(k);
}

void viz_host_control_socket_stop(struct viz_host_control_socket *c, bool force)
{
	if (!uv_is_closing((uv_handle_t *)&c->listener)) {
		/* libuv removes the socket that it bound. */
		uv_close((uv_handle_t *)&c->listener, NULL);
		uv_close((uv_handle_t *)&c->sweep, NULL);
		c->stopping = true;
	}
	for (struct client *k = c->clients; k != NULL; k = k->next) {
		k->last = true;
		if (force || k->writes == 0)
			drop(k);
	}
}

void viz_host_control_socket_free(struct viz_host_control_socket *c)
{
	free(c);
}
