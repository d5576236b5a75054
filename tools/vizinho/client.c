#include "tools/vizinho/client.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "crypto/secret.h"
#include "node/core/event.h"
#include "tools/vizinho/print.h"
#include "tools/vizinho/refusal.h"
#include "tools/vizinho/reply.h"

#define STEP_MS 250 /* between two questions */

static const char *socket_path(const struct viz_cli *cli)
{
	return cli->socket != NULL ? cli->socket : VIZ_CLIENT_SOCKET;
}

/* The socket, or a negative errno. */
static int reach(const char *path)
{
	struct sockaddr_un un = {.sun_family = AF_UNIX};
	int fd, err;

	if (strlen(path) >= sizeof un.sun_path)
		return -ENAMETOOLONG;
	memcpy(un.sun_path, path, strlen(path) + 1);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 && connect(fd, (const struct sockaddr *)&un, sizeof un) == 0)
		return fd;
	err = errno;
	if (fd >= 0)
		close(fd);
	return -err;
}

bool viz_client_there(const struct viz_cli *cli)
{
	int fd = reach(socket_path(cli));

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static void limit(int fd, int patience_s)
{
	struct timeval wait = {.tv_sec = patience_s};

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
}

/* The socket, or -1 with the error printed. */
static int dial(const struct viz_cli *cli)
{
	const char *path = socket_path(cli);
	int fd = reach(path), err = -fd;

	if (fd >= 0) {
		limit(fd, cli->patience_s);
		return fd;
	}
	if (err == EACCES)
		viz_print_error(cli, VIZ_EXIT_NO_DAEMON, VIZ_CODE_NO_ACCESS, VIZ_MSG_NO_ACCESS,
				path);
	else
		viz_print_error(cli, VIZ_EXIT_NO_DAEMON, VIZ_CODE_NO_DAEMON, VIZ_MSG_NO_DAEMON,
				path);
	return -1;
}

static bool send_line(int fd, const char *text, size_t len)
{
	for (size_t at = 0; at < len;) {
		ssize_t n = send(fd, text + at, len - at, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		at += (size_t)n;
	}
	return true;
}

/* One line; the caller wipes and frees it. NULL when the connection breaks off. */
static char *read_line(int fd, size_t *out_len, size_t *out_size)
{
	size_t len = 0, size = 65536;
	char *line = malloc(size);

	while (line != NULL) {
		ssize_t n = recv(fd, line + len, size - len, 0);
		char *end;

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		end = memchr(line + len, '\n', (size_t)n);
		len += (size_t)n;
		if (end != NULL) {
			*out_len = (size_t)(end - line);
			*out_size = size;
			return line;
		}
		if (len == size) {
			char *more = size < VIZ_CLIENT_REPLY_MAX ? malloc(size * 2) : NULL;

			if (more == NULL)
				break;
			memcpy(more, line, len);
			viz_secret_wipe(line, size); /* replies may hold personal data */
			free(line);
			line = more;
			size *= 2;
		}
	}
	if (line != NULL)
		viz_secret_wipe(line, size);
	free(line);
	return NULL;
}

static json_t *exchange(int fd, json_t *request)
{
	char *text = json_dumps(request, JSON_COMPACT), *line = NULL;
	size_t len = text != NULL ? strlen(text) : 0, size = 0, line_len = 0;
	json_t *reply = NULL;

	if (text != NULL && send_line(fd, text, len) && send_line(fd, "\n", 1))
		line = read_line(fd, &line_len, &size);
	if (line != NULL) {
		reply = json_loadb(line, line_len, JSON_REJECT_DUPLICATES, NULL);
		viz_secret_wipe(line, size);
	}
	if (text != NULL)
		viz_secret_wipe(text, len);
	free(text);
	free(line);
	return reply;
}

/* The exit status of a reply, with its result or its error printed. */
static int read_reply(json_t **result, const struct viz_cli *cli, const json_t *request,
		      const json_t *reply)
{
	const json_t *ok = json_object_get(reply, "ok"), *error = json_object_get(reply, "error");
	const char *code = json_string_value(json_object_get(error, "code"));
	const char *message = json_string_value(json_object_get(error, "message"));
	long long protocol = (long long)viz_reply_number(reply, "protocol");
	const json_t *candidates = json_object_get(error, "candidates");
	json_t *inner = json_object_get(reply, "result");
	char text[512];

	if (protocol > VIZ_CONTROL_PROTOCOL)
		return viz_print_error(cli, VIZ_EXIT_FAILED, VIZ_CODE_NEWER_NODE,
				       VIZ_MSG_NEWER_NODE, viz_reply_text(reply, "version"),
				       VIZ_VERSION);
	if (json_is_true(ok) && inner != NULL) {
		*result = json_incref(inner);
		return VIZ_EXIT_OK;
	}
	if (!json_is_false(ok) || code == NULL || message == NULL)
		return viz_print_error(cli, VIZ_EXIT_FAILED, VIZ_CODE_BROKEN, VIZ_MSG_BROKEN);
	if (cli->error != NULL) {
		json_decref(*cli->error);
		*cli->error = json_incref(json_object_get(reply, "error"));
		return VIZ_EXIT_FAILED;
	}
	if (cli->json && !cli->quiet) {
		json_t *o = json_pack("{s:O}", "error", error);

		viz_print_json_new(o);
		return VIZ_EXIT_FAILED;
	}
	viz_refusal_text(text, sizeof text, cli, request, error);
	if (!cli->quiet)
		viz_print_to(stderr, cli->lang, VIZ_MSG_REFUSED, code, text);
	for (size_t i = 0; !cli->quiet && i < json_array_size(candidates); i++)
		fprintf(stderr, "  %s\n", json_string_value(json_array_get(candidates, i)));
	return VIZ_EXIT_FAILED;
}

static json_t *request_of(const struct viz_cli *cli, const char *op, json_t *args)
{
	json_t *request = json_object();

	json_object_set_new(request, "protocol", json_integer(VIZ_CONTROL_PROTOCOL));
	json_object_set_new(request, "op", json_string(op));
	json_object_set_new(request, "args", args != NULL ? args : json_object());
	if (cli->role != NULL)
		json_object_set_new(request, "as",
				    json_pack("{s:s,s:s*}", "role", cli->role, "who", cli->who));
	return request;
}

int viz_client_ask(json_t **result, const struct viz_cli *cli, const char *op, json_t *args)
{
	return viz_client_ask_patiently(result, cli, op, args, VIZ_CODE_COUNT, 0, VIZ_MSG_BROKEN);
}

int viz_client_ask_patiently(json_t **result, const struct viz_cli *cli, const char *op,
			     json_t *args, enum viz_code awaited, int ms, enum viz_msg hint)
{
	json_t *request = request_of(cli, op, args), *reply = NULL;
	int status;

	for (int waited = 0;; waited += STEP_MS) {
		int fd = dial(cli);
		const char *code;

		if (fd < 0) {
			json_decref(request);
			return VIZ_EXIT_NO_DAEMON;
		}
		reply = exchange(fd, request);
		close(fd);
		code = viz_reply_text(json_object_get(reply, "error"), "code");
		if (waited >= ms || strcmp(code, viz_code_name(awaited)) != 0)
			break;
		if (waited == 0)
			(viz_print_hint)(cli, hint);
		json_decref(reply);
		usleep(STEP_MS * 1000);
	}
	status = read_reply(result, cli, request, reply);
	json_decref(request);
	json_decref(reply);
	return status;
}

int viz_client_query(json_t **result, const struct viz_cli *cli, const char *op, json_t *args)
{
	json_t *got = NULL;
	int status = viz_client_ask(&got, cli, op, args);

	*result = NULL;
	if (status != VIZ_EXIT_OK)
		return status;
	if (!cli->json) {
		*result = got;
		return VIZ_EXIT_OK;
	}
	viz_print_json_new(got);
	return VIZ_EXIT_OK;
}
