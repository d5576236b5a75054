#include "tools/web/exchange.h"

#include <malloc.h>

#include "crypto/secret.h"
#include "node/host/log.h"
#include "tools/web/asset.h"
#include "tools/web/page_internal.h"
#include "tools/web/request.h"
#include "tools/web/router.h"
#include "tools/web/token.h"

struct exchange {
	struct viz_web_door *door;
	struct MHD_Connection *connection;
	struct viz_web_connection *place;
	char *uri; /* as it came */
	struct viz_page *page;
	bool begun;  /* the head is read */
	bool asleep; /* libmicrohttpd waits for us */
	size_t pending;
	size_t body_len, body_max;
	char *body;
	uint64_t since_ms;
	bool streaming; /* the answer is a stream of events; */
	bool over;      /* which ends when the client has what waits, */
	bool gone;      /* or has ended while we asked the node */
	size_t sent;    /* of page->events */
};

static const char policy[] = "default-src 'none'; style-src 'self'; script-src 'self'; img-src "
			     "'self' data:; connect-src 'self'; form-action 'self'; base-uri "
			     "'none'; frame-ancestors 'none'";

static uint64_t now_ms(const struct exchange *x)
{
	return uv_now(x->door->loop);
}

static void phase(struct exchange *x, enum viz_web_phase to, uint32_t for_ms)
{
	if (x->place != NULL)
		viz_web_connections_phase(x->place, to, now_ms(x), for_ms);
}

void *viz_web_exchange_begin(void *cls, const char *uri, struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info =
	    MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	struct exchange *x = calloc(1, sizeof *x);

	VIZ_REQUIRE(x != NULL);
	x->door = cls;
	x->connection = connection;
	x->place = info != NULL ? info->socket_context : NULL;
	x->uri = strdup(uri);
	x->since_ms = now_ms(x);
	/* A connection that was kept open begins another request: a new time for its head. */
	phase(x, VIZ_WEB_PHASE_HEAD, VIZ_WEB_HEAD_MS);
	return x;
}

static void wipe_and_free(void *p)
{
	if (p != NULL)
		viz_secret_wipe(p, malloc_usable_size(p));
	free(p);
}

static void free_exchange(struct exchange *x)
{
	if (x->page != NULL)
		viz_page_free(x->page);
	wipe_and_free(x->body);
	wipe_and_free(x->uri);
	free(x);
}

void viz_web_exchange_end(void *cls, struct MHD_Connection *connection, void **exchange,
			  enum MHD_RequestTerminationCode why)
{
	struct exchange *x = *exchange;

	(void)cls;
	(void)connection;
	(void)why;
	if (x == NULL)
		return;
	*exchange = NULL;
	phase(x, VIZ_WEB_PHASE_HEAD, VIZ_WEB_HEAD_MS);
	x->place = NULL;
	/* Only a stream is not asleep while it asks. Its replies are still to come. */
	VIZ_REQUIRE(x->pending == 0 || x->streaming);
	x->gone = true;
	if (x->pending == 0)
		free_exchange(x);
}

static void add_headers(struct MHD_Response *r, const struct viz_page *p, bool close)
{
	const struct {
		const char *name, *value;
	} all[] = {
	    {"Content-Security-Policy", policy},
	    {"X-Content-Type-Options", "nosniff"},
	    {"Referrer-Policy", "no-referrer"},
	    {"Cross-Origin-Opener-Policy", "same-origin"},
	    {"Cross-Origin-Resource-Policy", "same-origin"},
	    {"Permissions-Policy", "camera=(), microphone=(), geolocation=()"},
	    {"X-Robots-Tag", "noindex, nofollow"},
	};
	size_t i;
	const json_t *pair;

	for (i = 0; i < sizeof all / sizeof *all; i++)
		MHD_add_response_header(r, all[i].name, all[i].value);
	if (close)
		MHD_add_response_header(r, "Connection", "close");
	if (p == NULL)
		return;
	MHD_add_response_header(r, "Cache-Control", "no-store");
	MHD_add_response_header(r, "Content-Type", p->type);
	MHD_add_response_header(r, "Content-Language", viz_host_lang_tag(p->lang));
	if (p->https)
		MHD_add_response_header(r, "Strict-Transport-Security", "max-age=31536000");
	json_array_foreach(p->out_headers, i, pair)
	{
		/* A line end in a value is refused there, and the header left out. */
		MHD_add_response_header(r, json_string_value(json_array_get(pair, 0)),
					json_string_value(json_array_get(pair, 1)));
	}
}

static enum MHD_Result queue(struct exchange *x, unsigned status, struct MHD_Response *r)
{
	enum MHD_Result done = MHD_queue_response(x->connection, status, r);

	MHD_destroy_response(r);
	phase(x, VIZ_WEB_PHASE_ANSWER, VIZ_WEB_ANSWER_MS);
	return done;
}

/* The pattern of the route and no more: paths have tokens, and queries what was searched for. */
static void log_answer(const struct exchange *x)
{
	const struct viz_page *p = x->page;
	const char *path = p->route != NULL ? p->route->path : "(none)";
	int level = p->status >= 500 ? VIZ_LOG_WARNING : VIZ_LOG_DEBUG;

	if (p->who.role != 0)
		level = p->status >= 500 ? VIZ_LOG_WARNING : VIZ_LOG_INFO;
	viz_host_log(level, "web: %s%s%s %u, %llu ms", p->who.name, p->who.role != 0 ? " " : "",
		     path, p->status, (unsigned long long)(now_ms(x) - x->since_ms));
}

static enum MHD_Result queue_page(struct exchange *x, bool close)
{
	struct viz_page *p = x->page;
	struct MHD_Response *r =
	    MHD_create_response_from_buffer_with_free_callback(p->out_len, p->out, wipe_and_free);

	if (r == NULL)
		return MHD_NO;
	p->out = NULL; /* the response has it now */
	log_answer(x);
	add_headers(r, p, close || x->door->stopped);
	return queue(x, p->status, r);
}

static enum MHD_Result refuse(struct exchange *x, unsigned status, enum viz_web_text why)
{
	viz_page_fail(x->page, status, why);
	/* What of the request is still to come is not read. */
	return queue_page(x, true);
}

static enum MHD_Result answer_asset(struct exchange *x, const struct viz_web_asset *asset)
{
	const char *known =
	    MHD_lookup_connection_value(x->connection, MHD_HEADER_KIND, "If-None-Match");
	struct MHD_Response *r;
	char tag[128];
	bool same;

	snprintf(tag, sizeof tag, "\"%s\"", asset->path + 3);
	same = known != NULL && strcmp(known, tag) == 0;
	r = MHD_create_response_from_buffer_with_free_callback(
	    same ? 0 : asset->len, (void *)(uintptr_t)asset->bytes, NULL);
	if (r == NULL)
		return MHD_NO;
	add_headers(r, NULL, false);
	MHD_add_response_header(r, "Cache-Control", "public, max-age=31536000, immutable");
	MHD_add_response_header(r, "Content-Type", asset->type);
	MHD_add_response_header(r, "ETag", tag);
	return queue(x, same ? 304 : 200, r);
}

static bool method_of(enum viz_web_method *out, const char *name)
{
	static const struct {
		const char *name;
		enum viz_web_method method;
	} all[] = {{"GET", VIZ_WEB_GET},
		   {"HEAD", VIZ_WEB_GET},
		   {"POST", VIZ_WEB_POST},
		   {"PUT", VIZ_WEB_PUT},
		   {"DELETE", VIZ_WEB_DELETE}};

	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		if (strcmp(all[i].name, name) != 0)
			continue;
		*out = all[i].method;
		return true;
	}
	return false;
}

/* The head is there. Answers at once what cannot be taken, and what is a file. */
static enum MHD_Result begin(struct exchange *x, const char *name)
{
	enum viz_web_method method = VIZ_WEB_GET;
	enum viz_web_text why = VIZ_WEB_TEXT_ERROR_BAD_REQUEST;
	const struct viz_web_asset *asset;
	struct viz_page *p = viz_page_new();
	bool known = method_of(&method, name), other = false;
	unsigned status;

	x->begun = true;
	x->page = p;
	p->path = strndup(x->uri, strcspn(x->uri, "?"));
	p->route = viz_web_router_find(p->params, &other, method, p->path, x->door->listener);
	viz_web_request_fill(p, x->door, x->connection);
	x->body_max = VIZ_WEB_BODY_MAX;
	if (p->route != NULL && (p->route->flags & VIZ_ROUTE_LARGE) != 0)
		x->body_max = VIZ_WEB_LARGE_MAX;
	status = viz_web_request_head(&x->body_len, &why, x->connection, method, x->body_max);
	if (status != 0)
		return refuse(x, status, why);
	asset = known && method == VIZ_WEB_GET ? viz_web_asset_find(p->path) : NULL;
	if (asset != NULL)
		return answer_asset(x, asset);
	if (!known || (p->route == NULL && other))
		return refuse(x, 405, VIZ_WEB_TEXT_ERROR_METHOD);
	if (p->route == NULL)
		return refuse(x, 404, VIZ_WEB_TEXT_ERROR_NOT_FOUND);
	if (x->body_len > 0)
		x->body = malloc(x->body_len);
	if (x->body_len > 0 && x->body == NULL)
		return MHD_NO;
	x->body_max = x->body_len;
	x->body_len = 0;
	phase(x, VIZ_WEB_PHASE_BODY, VIZ_WEB_BODY_MS);
	return MHD_YES;
}

static void take_reply(void *to, size_t index, json_t *reply);

/* Sends what the page asks. False: it has answered. */
static bool ask(struct exchange *x)
{
	struct viz_page *p = x->page;

	if (p->status != 0)
		return false;
	x->pending = p->ask_count;
	for (size_t i = 0; i < p->ask_count; i++) {
		const json_t *args = json_object_get(p->ask[i].request, "args");
		const char *op = json_string_value(json_object_get(p->ask[i].request, "op"));
		json_int_t wait = json_integer_value(json_object_get(args, "wait_ms"));

		if (strcmp(op, "web.changed") == 0)
			viz_web_watch_ask(x->door->watch, p->ask[i].request, take_reply, x, i);
		else if (strncmp(op, "web.", 4) == 0)
			viz_web_service_ask(x->door->service, p->ask[i].request, &p->caller,
					    take_reply, x, i);
		else
			viz_web_pool_ask(x->door->pool, p->ask[i].request, (uint32_t)wait,
					 take_reply, x, i);
	}
	return true;
}

/* Lets the library go on with the connection. */
static void wake_up(struct exchange *x)
{
	if (!x->asleep)
		return;
	x->asleep = false;
	MHD_resume_connection(x->connection);
	/* Nothing else tells the library: without a thread of its own it has no descriptor for it.
	 */
	if (!x->door->stopped)
		x->door->wake(x->door);
}

/* Whether a stream may go on: for so long, for whoever may still see it, and who takes what comes.
 */
static bool goes_on(struct exchange *x)
{
	struct viz_page *p = x->page;
	struct viz_web_session now = p->caller.who;

	if (p->scopes != NULL &&
	    viz_web_token_find(x->door->accounts, viz_page_header(p, "authorization") + 7,
			       viz_web_session_now_ms()) == NULL)
		return false;
	if (p->route->roles != 0 && p->scopes == NULL)
		viz_web_session_find(&now, x->door->accounts, p->caller.session,
				     viz_web_session_now_ms());
	return viz_page_is_stream(p) && !x->door->stopped && now.stage == p->caller.who.stage &&
	       now.role == p->caller.who.role && p->events_len - x->sent < VIZ_WEB_STREAM_MAX &&
	       now_ms(x) - x->since_ms < VIZ_WEB_STREAM_MS;
}

static void take_reply(void *to, size_t index, json_t *reply)
{
	struct exchange *x = to;

	x->page->ask[index].reply = json_incref(reply);
	if (--x->pending > 0)
		return;
	if (x->gone) {
		free_exchange(x);
		return;
	}
	viz_page_go_on(x->page);
	if (!x->streaming && viz_page_is_stream(x->page))
		x->streaming =
		    true; /* the first events are there, and the head goes out with them */
	if (x->streaming && !goes_on(x))
		x->over = true;
	else if (ask(x) && !x->streaming)
		return;
	wake_up(x);
}

/* Gives the library events of a stream, or sleeps until there are some. */
static ssize_t next_events(void *cls, uint64_t at, char *out, size_t max)
{
	struct exchange *x = cls;
	struct viz_page *p = x->page;
	size_t n = p->events_len - x->sent;

	(void)at;
	if (n == 0 && x->over)
		return MHD_CONTENT_READER_END_OF_STREAM;
	if (n == 0) {
		phase(x, VIZ_WEB_PHASE_WORK, 0);
		x->asleep = true;
		MHD_suspend_connection(x->connection);
		return 0;
	}
	n = n < max ? n : max;
	memcpy(out, p->events + x->sent, n);
	x->sent += n;
	if (x->sent == p->events_len) {
		viz_page_forget_events(p);
		x->sent = 0;
	}
	phase(x, VIZ_WEB_PHASE_ANSWER, VIZ_WEB_ANSWER_MS);
	return (ssize_t)n;
}

static enum MHD_Result queue_stream(struct exchange *x)
{
	struct MHD_Response *r =
	    MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 4096, next_events, x, NULL);

	if (r == NULL)
		return MHD_NO;
	snprintf(x->page->type, sizeof x->page->type, "text/event-stream");
	add_headers(r, x->page, false);
	/* A web server in front must not collect it (nginx). */
	MHD_add_response_header(r, "X-Accel-Buffering", "no");
	return queue(x, 200, r);
}

/* A body may come long after its head: whose session has ended meanwhile, or has another role, is
 * signed in no more. */
static void look_again(struct exchange *x)
{
	struct viz_page *p = x->page;
	struct viz_web_session now;

	if (p->caller.who.stage == VIZ_WEB_STAGE_NONE)
		return;
	viz_web_session_find(&now, x->door->accounts, p->caller.session, viz_web_session_now_ms());
	if (now.stage == p->caller.who.stage && now.role == p->caller.who.role)
		return;
	memset(&p->caller.who, 0, sizeof p->caller.who);
	p->who.role = 0;
	p->who_name[0] = '\0';
}

/* Whether the person may see the page. Else it has been answered. */
static bool may_see(struct viz_page *p)
{
	static const char *const next[] = {
	    [VIZ_WEB_STAGE_NONE] = "/sign-in",
	    [VIZ_WEB_STAGE_CODE] = "/sign-in/code",
	    [VIZ_WEB_STAGE_ENROL] = "/sign-in/authenticator",
	    [VIZ_WEB_STAGE_PASSWORD] = "/password",
	    [VIZ_WEB_STAGE_FULL] = "/",
	};
	char wait[16];

	if (p->route->roles == 0 || (p->route->roles & p->who.role) != 0)
		return true;
	if (p->who.role != 0) {
		viz_page_fail(p, 403, VIZ_WEB_TEXT_ERROR_NOT_ALLOWED);
	} else if (p->wait_s > 0) {
		snprintf(wait, sizeof wait, "%u", p->wait_s);
		viz_page_put_header(p, "Retry-After", wait);
		viz_page_fail(p, 429, VIZ_WEB_TEXT_ERROR_BUSY);
	} else if ((p->route->flags & VIZ_ROUTE_API) != 0) {
		viz_page_put_header(p, "WWW-Authenticate",
				    viz_page_header(p, "authorization")[0] != '\0'
					? "Bearer error=\"invalid_token\""
					: "Bearer");
		viz_page_fail(p, 401, VIZ_WEB_TEXT_ERROR_SIGN_IN);
	} else {
		viz_page_go(p, next[p->caller.who.stage]);
	}
	return false;
}

/* The request is there, with its body. */
static enum MHD_Result run(struct exchange *x)
{
	const char *query = strchr(x->uri, '?');
	enum viz_web_text why;
	unsigned status = viz_web_request_fields(x->page, &why, query != NULL ? query + 1 : NULL,
						 x->body, x->body_len);

	phase(x, VIZ_WEB_PHASE_WORK, 0);
	if (status != 0)
		return refuse(x, status, why);
	if (x->door->stopped) /* nobody would wake it up */
		return refuse(x, 503, VIZ_WEB_TEXT_ERROR_STARTING);
	look_again(x);
	if (!may_see(x->page))
		return queue_page(x, false);
	viz_page_start(x->page);
	if (!ask(x))
		return queue_page(x, false);
	x->asleep = true;
	MHD_suspend_connection(x->connection);
	return MHD_YES;
}

enum MHD_Result viz_web_exchange_handle(void *cls, struct MHD_Connection *connection,
					const char *url, const char *method, const char *version,
					const char *upload, size_t *upload_len, void **exchange)
{
	struct exchange *x = *exchange;

	(void)cls;
	(void)connection;
	(void)url;
	(void)version;
	if (x == NULL || x->uri == NULL)
		return MHD_NO;
	if (!x->begun)
		return begin(x, method);
	if (*upload_len > 0) {
		if (*upload_len > x->body_max - x->body_len)
			return MHD_NO;
		memcpy(x->body + x->body_len, upload, *upload_len);
		x->body_len += *upload_len;
		*upload_len = 0;
		return MHD_YES;
	}
	if (x->asleep)
		return MHD_YES;
	if (x->streaming)
		return queue_stream(x);
	return x->page->status == 0 ? run(x) : queue_page(x, false);
}
