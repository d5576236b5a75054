#include "tools/web/server.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "crypto/secret.h"
#include "node/host/log.h"
#include "node/host/speech.h"
#include "tools/web/exchange.h"

#define BACKLOG 256
#define PEM_MAX 65536

struct listener {
	struct viz_web_server *server;
	struct MHD_Daemon *mhd;
	uv_poll_t poll;
	uv_timer_t timer;
	struct viz_web_door door;
};

struct viz_web_server {
	uv_loop_t *loop;
	const struct viz_web_config *config;
	struct viz_web_accounts *accounts;
	struct viz_web_pool *pool;
	struct viz_web_service *service;
	struct viz_web_watch *watch;
	struct viz_web_keys *keys;
	struct listener listener[2];
	uv_timer_t sweep;
	char *certificate, *key; /* PEM; wiped */
};

static void run(struct listener *l);

static void on_time(uv_timer_t *timer)
{
	run(timer->data);
}

static void on_ready(uv_poll_t *poll, int status, int events)
{
	(void)status;
	(void)events;
	run(poll->data);
}

/* Lets the library work, and comes back when it wants to. */
static void run(struct listener *l)
{
	MHD_UNSIGNED_LONG_LONG wait = 0;

	MHD_run(l->mhd);
	if (MHD_get_timeout(l->mhd, &wait) == MHD_YES)
		uv_timer_start(&l->timer, on_time, wait, 0);
	else
		uv_timer_stop(&l->timer);
}

/* A connection goes on that slept: the library does not show that on its descriptor. */
static void wake(struct viz_web_door *door)
{
	struct listener *l = (struct listener *)((char *)door - offsetof(struct listener, door));

	uv_timer_start(&l->timer, on_time, 0, 0);
}

static enum MHD_Result may_come(void *cls, const struct sockaddr *from, socklen_t len)
{
	struct listener *l = cls;
	struct in6_addr address;

	(void)len;
	return viz_web_config_address(&address, from) &&
		       viz_web_connections_admit(
			   &l->door.connections, &address,
			   viz_web_config_is_proxy(l->server->config, &address)
			       ? VIZ_WEB_CONNECTIONS_MAX
			   : l->door.listener == VIZ_WEB_PUBLIC ? VIZ_WEB_ADDRESS_MAX
								: VIZ_WEB_OFFICE_MAX,
			   uv_now(l->server->loop))
		   ? MHD_YES
		   : MHD_NO;
}

static void on_connection(void *cls, struct MHD_Connection *connection, void **place,
			  enum MHD_ConnectionNotificationCode what)
{
	struct listener *l = cls;
	const union MHD_ConnectionInfo *fd, *from;
	struct in6_addr address = IN6ADDR_ANY_INIT;

	if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
		if (*place != NULL)
			viz_web_connections_remove(&l->door.connections, *place);
		*place = NULL;
		return;
	}
	fd = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	from = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	VIZ_REQUIRE(fd != NULL && from != NULL);
	viz_web_config_address(&address, from->client_addr);
	*place = viz_web_connections_add(&l->door.connections, fd->connect_fd, &address,
					 uv_now(l->server->loop));
}

/* What the library says of a strange client has no place in a log; its faults are seen elsewhere.
 */
static void say_nothing(void *cls, const char *format, va_list args)
{
	(void)cls;
	(void)format;
	(void)args;
}

static void on_sweep(uv_timer_t *timer)
{
	struct viz_web_server *s = timer->data;

	for (size_t i = 0; i < 2; i++)
		viz_web_connections_sweep(&s->listener[i].door.connections, uv_now(s->loop));
}

static int open_socket(const struct sockaddr_storage *at)
{
	socklen_t len =
	    at->ss_family == AF_INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
	int fd = socket(at->ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), on = 1;

	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (bind(fd, (const struct sockaddr *)at, len) == 0 && listen(fd, BACKLOG) == 0)
		return fd;
	close(fd);
	return -1;
}

static struct MHD_Daemon *start_daemon(struct listener *l, int fd)
{
	struct viz_web_server *s = l->server;
	struct MHD_OptionItem tls[] = {{MHD_OPTION_HTTPS_MEM_KEY, 0, s->key},
				       {MHD_OPTION_HTTPS_MEM_CERT, 0, s->certificate},
				       {MHD_OPTION_END, 0, NULL}};

	if (s->key == NULL)
		tls[0] = tls[2];
	return MHD_start_daemon(
	    MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG |
		(s->key != NULL ? MHD_USE_TLS : 0),
	    0, may_come, l, viz_web_exchange_handle, &l->door, MHD_OPTION_EXTERNAL_LOGGER,
	    say_nothing, NULL, MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_LIMIT,
	    (unsigned)VIZ_WEB_CONNECTIONS_MAX + 64, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
	    (size_t)VIZ_WEB_HEAD_MAX, MHD_OPTION_STRICT_FOR_CLIENT, 1,
	    MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1, MHD_OPTION_URI_LOG_CALLBACK,
	    viz_web_exchange_begin, &l->door, MHD_OPTION_NOTIFY_COMPLETED, viz_web_exchange_end,
	    &l->door, MHD_OPTION_NOTIFY_CONNECTION, on_connection, l, MHD_OPTION_ARRAY, tls,
	    MHD_OPTION_END);
}

static int start_listener(struct viz_web_server *s, size_t i)
{
	struct listener *l = &s->listener[i];
	const union MHD_DaemonInfo *info;
	int fd;

	l->server = s;
	l->door = (struct viz_web_door){.config = s->config,
					.pool = s->pool,
					.loop = s->loop,
					.accounts = s->accounts,
					.service = s->service,
					.watch = s->watch,
					.listener = i == 0 ? VIZ_WEB_PUBLIC : VIZ_WEB_PRIVATE,
					.wake = wake};
	if (s->config->listen[i].ss_family == 0)
		return VIZ_OK;
	fd = open_socket(&s->config->listen[i]);
	if (fd < 0) {
		viz_host_log(VIZ_LOG_ERROR, "web: cannot listen on [web] %s: %s",
			     i == 0 ? "public" : "private", viz_host_speech_errno(errno));
		return VIZ_ERR_INPUT;
	}
	l->mhd = start_daemon(l, fd);
	if (l->mhd == NULL) {
		close(fd);
		viz_host_log(VIZ_LOG_ERROR, "web: libmicrohttpd does not start%s",
			     s->key != NULL ? ": look at certificate and key" : "");
		return VIZ_ERR_INPUT;
	}
	info = MHD_get_daemon_info(l->mhd, MHD_DAEMON_INFO_EPOLL_FD);
	VIZ_REQUIRE(info != NULL);
	uv_timer_init(s->loop, &l->timer);
	uv_poll_init(s->loop, &l->poll, info->epoll_fd);
	l->timer.data = l->poll.data = l;
	uv_poll_start(&l->poll, UV_READABLE, on_ready);
	run(l);
	return VIZ_OK;
}

static char *read_pem(const char *path)
{
	FILE *f = path[0] != '\0' ? fopen(path, "re") : NULL;
	char *text = f != NULL ? calloc(1, PEM_MAX) : NULL;

	if (text != NULL && fread(text, 1, PEM_MAX - 1, f) == 0)
		errno = EINVAL;
	if (text == NULL || text[0] == '\0') {
		viz_host_log(VIZ_LOG_ERROR, "%s: %s", path, viz_host_speech_errno(errno));
		free(text);
		text = NULL;
	}
	if (f != NULL)
		fclose(f);
	return text;
}

int viz_web_server_new(struct viz_web_server **out, uv_loop_t *loop,
		       const struct viz_web_config *config, struct viz_web_accounts *accounts)
{
	struct viz_web_server *s = calloc(1, sizeof *s);

	if (s == NULL)
		return VIZ_ERR_NOMEM;
	s->loop = loop;
	s->config = config;
	s->accounts = accounts;
	if (config->certificate[0] != '\0' &&
	    ((s->certificate = read_pem(config->certificate)) == NULL ||
	     (s->key = read_pem(config->key)) == NULL)) {
		viz_web_server_free(s);
		return VIZ_ERR_INPUT;
	}
	if (viz_web_keys_open(&s->keys, config->state, viz_web_session_now_ms()) != VIZ_OK) {
		viz_web_server_free(s);
		return VIZ_ERR_INPUT;
	}
	uv_timer_init(loop, &s->sweep);
	s->sweep.data = s;
	uv_timer_start(&s->sweep, on_sweep, VIZ_WEB_SWEEP_MS, VIZ_WEB_SWEEP_MS);
	VIZ_REQUIRE(viz_web_pool_new(&s->pool, loop, config->socket) == VIZ_OK);
	s->service = viz_web_service_new(loop, accounts, s->keys);
	s->watch = viz_web_watch_new(loop, s->pool);
	*out = s;
	if (start_listener(s, 0) == VIZ_OK && start_listener(s, 1) == VIZ_OK)
		return VIZ_OK;
	viz_web_server_stop(s);
	uv_run(loop, UV_RUN_DEFAULT);
	viz_web_server_free(s);
	*out = NULL;
	return VIZ_ERR_INPUT;
}

void viz_web_server_stop(struct viz_web_server *s)
{
	for (size_t i = 0; i < 2; i++)
		s->listener[i].door.stopped = true;
	/* All that wait for the node are answered, so none is asleep when the library ends. */
	viz_web_watch_stop(s->watch);
	viz_web_pool_stop(s->pool);
	viz_web_service_stop(s->service);
	for (size_t i = 0; i < 2; i++) {
		struct listener *l = &s->listener[i];

		if (l->mhd == NULL)
			continue;
		MHD_run(l->mhd);
		uv_poll_stop(&l->poll);
		uv_close((uv_handle_t *)&l->poll, NULL);
		uv_close((uv_handle_t *)&l->timer, NULL);
		MHD_stop_daemon(l->mhd);
		l->mhd = NULL;
	}
	uv_close((uv_handle_t *)&s->sweep, NULL);
}

void viz_web_server_free(struct viz_web_server *s)
{
	if (s == NULL)
		return;
	if (s->pool != NULL)
		viz_web_pool_free(s->pool);
	viz_web_service_free(s->service);
	viz_web_watch_free(s->watch);
	viz_web_keys_free(s->keys);
	if (s->key != NULL)
		viz_secret_wipe(s->key, strlen(s->key));
	free(s->key);
	free(s->certificate);
	viz_secret_wipe(s, sizeof *s);
	free(s);
}
