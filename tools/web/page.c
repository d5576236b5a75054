#include "tools/web/page.h"

#include "crypto/secret.h"
#include "tools/web/page_internal.h"
#include "node/host/log.h"
#include "tools/web/template.h"

struct viz_page *viz_page_new(void)
{
	struct viz_page *p = calloc(1, sizeof *p);

	VIZ_REQUIRE(p != NULL);
	p->params = json_object();
	p->query = json_object();
	p->headers = json_object();
	p->cookies = json_object();
	p->model = json_object();
	p->kept = json_object();
	p->out_headers = json_array();
	p->who.name = p->who_name;
	return p;
}

static void forget_asks(struct viz_page_ask *ask, size_t *count)
{
	for (size_t i = 0; i < *count; i++) {
		json_decref(ask[i].request);
		json_decref(ask[i].reply);
	}
	memset(ask, 0, *count * sizeof *ask);
	*count = 0;
}

static void forget_out(struct viz_page *p)
{
	if (p->out != NULL)
		viz_secret_wipe(p->out, p->out_len);
	free(p->out);
	p->out = NULL;
	p->out_len = 0;
}

void viz_page_free(struct viz_page *p)
{
	json_t *all[] = {p->params, p->query, p->headers,     p->cookies, p->body,
			 p->model,  p->kept,  p->out_headers, p->scopes};

	forget_asks(p->ask, &p->ask_count);
	forget_asks(p->got, &p->got_count);
	forget_out(p);
	viz_page_forget_events(p);
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		json_decref(all[i]);
	free(p->path);
	free(p->url);
	free(p->customer_url);
	viz_secret_wipe(p, sizeof *p);
	free(p);
}

/* --- the request --- */

static const char *text_of(const json_t *o, const char *name)
{
	const char *text = json_string_value(json_object_get(o, name));

	return text != NULL ? text : "";
}

const struct viz_route *viz_page_route(const struct viz_page *p)
{
	return p->route;
}

const json_t *viz_page_queries(const struct viz_page *p)
{
	return p->query;
}

const char *viz_page_param(const struct viz_page *p, const char *name)
{
	return text_of(p->params, name);
}

const char *viz_page_query(const struct viz_page *p, const char *name)
{
	return text_of(p->query, name);
}

const char *viz_page_field(const struct viz_page *p, const char *name)
{
	return text_of(p->body, name);
}

const json_t *viz_page_fields(const struct viz_page *p, const char *name)
{
	const json_t *list = json_object_get(p->body, name);

	return json_is_array(list) ? list : NULL;
}

const json_t *viz_page_body(const struct viz_page *p)
{
	return p->body;
}

const char *viz_page_header(const struct viz_page *p, const char *name)
{
	return text_of(p->headers, name);
}

const char *viz_page_cookie(const struct viz_page *p, const char *name)
{
	return text_of(p->cookies, name);
}

enum viz_lang viz_page_lang(const struct viz_page *p)
{
	return p->lang;
}

struct viz_web_who viz_page_who(const struct viz_page *p)
{
	return p->who;
}

bool viz_page_has_scope(const struct viz_page *p, const char *scope)
{
	const json_t *one;
	size_t i;

	if (p->scopes == NULL)
		return p->who.role != 0;
	json_array_foreach(p->scopes, i, one)
	{
		if (strcmp(json_string_value(one), scope) == 0)
			return true;
	}
	return false;
}

const char *viz_page_url(const struct viz_page *p)
{
	return p->url != NULL ? p->url : "";
}

const char *viz_page_path(const struct viz_page *p)
{
	return p->path != NULL ? p->path : "/";
}

const char *viz_page_form_token(const struct viz_page *p)
{
	return p->csrf;
}

bool viz_page_is_foreign(const struct viz_page *p)
{
	const char *site = viz_page_header(p, "sec-fetch-site");

	return site[0] != '\0' && strcmp(site, "same-origin") != 0 && strcmp(site, "none") != 0;
}

const char *viz_page_customer_url(const struct viz_page *p)
{
	return p->customer_url != NULL ? p->customer_url : "";
}

const char *viz_page_address(const struct viz_page *p)
{
	return p->address;
}

/* --- the node --- */

static const char *role_name(const struct viz_page *p)
{
	if (p->who.role == VIZ_WEB_ADMIN)
		return "admin";
	if (p->who.role == VIZ_WEB_AGENT)
		return "agent";
	if (p->who.role == VIZ_WEB_READER)
		return "reader";
	return p->listener == VIZ_WEB_PUBLIC ? "customer" : "public";
}

void viz_page_ask(struct viz_page *p, const char *op, json_t *args)
{
	viz_page_ask_as(p, role_name(p), op, args);
}

void viz_page_ask_as(struct viz_page *p, const char *role, const char *op, json_t *args)
{
	json_t *as = json_pack("{s:s}", "role", role);

	VIZ_REQUIRE(p->ask_count < VIZ_WEB_ASKS_MAX);
	if (p->who.role != 0)
		json_object_set_new(as, "who", json_string(p->who.name));
	p->ask[p->ask_count++].request =
	    json_pack("{s:i,s:s,s:o,s:o}", "protocol", 1, "op", op, "as", as, "args",
		      args != NULL ? args : json_object());
}

const json_t *viz_page_result(const struct viz_page *p, size_t i)
{
	const json_t *reply = i < p->got_count ? p->got[i].reply : NULL;

	return json_is_true(json_object_get(reply, "ok")) ? json_object_get(reply, "result") : NULL;
}

const json_t *viz_page_error(const struct viz_page *p, size_t i)
{
	return i < p->got_count ? json_object_get(p->got[i].reply, "error") : NULL;
}

const char *viz_page_code(const struct viz_page *p, size_t i)
{
	return text_of(viz_page_error(p, i), "code");
}

bool viz_page_online(const struct viz_page *p)
{
	return !p->offline;
}

/* What the person can do about an error of the node. Other codes are a fault of ours. */
static const struct {
	const char *code;
	unsigned status;
	enum viz_web_text text;
} codes[] = {
    {"not-allowed", 403, VIZ_WEB_TEXT_ERROR_NOT_ALLOWED},
    {"not-a-reader", 403, VIZ_WEB_TEXT_ERROR_NOT_ALLOWED},
    {"no-such-lead", 404, VIZ_WEB_TEXT_ERROR_NOT_FOUND},
    {"no-such-peer", 404, VIZ_WEB_TEXT_ERROR_NOT_FOUND},
    {"no-such-link", 404, VIZ_WEB_TEXT_ERROR_NOT_FOUND},
    {"no-such-plan", 404, VIZ_WEB_TEXT_ERROR_NOT_FOUND},
    {"not-now", 409, VIZ_WEB_TEXT_ERROR_NOT_NOW},
    {"starting", 503, VIZ_WEB_TEXT_ERROR_STARTING},
    {"store-full", 503, VIZ_WEB_TEXT_ERROR_STORE_FULL},
    {"busy", 503, VIZ_WEB_TEXT_ERROR_BUSY},
};

bool viz_page_refused(struct viz_page *p)
{
	for (size_t i = 0; i < p->got_count; i++) {
		const char *code = viz_page_code(p, i);

		if (viz_page_result(p, i) != NULL)
			continue;
		for (size_t k = 0; k < sizeof codes / sizeof *codes; k++)
			if (strcmp(codes[k].code, code) == 0) {
				viz_page_fail(p, codes[k].status, codes[k].text);
				return true;
			}
		viz_host_log(VIZ_LOG_ERROR, "web: %s: the node refused %s: %s", p->route->path,
			     text_of(p->got[i].request, "op"), code);
		viz_page_fail(p, 502, VIZ_WEB_TEXT_ERROR_FAILED);
		return true;
	}
	return false;
}

bool viz_page_is_wrong(struct viz_page *p, const struct viz_page_wrong *wrong, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(viz_page_code(p, 0), wrong[i].code) != 0)
			continue;
		viz_page_set_message(p, "wrong", wrong[i].text);
		return true;
	}
	return false;
}

unsigned viz_page_round(const struct viz_page *p)
{
	return p->round;
}

/* --- the answer --- */

void viz_page_set(struct viz_page *p, const char *key, json_t *value)
{
	json_object_set_new(p->model, key, value);
}

void viz_page_set_text(struct viz_page *p, const char *key, const char *value)
{
	json_object_set_new(p->model, key, json_string(value));
}

void viz_page_set_message(struct viz_page *p, const char *key, enum viz_web_text text)
{
	json_object_set_new(p->model, key, json_string(viz_web_text(p->lang, text)));
}

const json_t *viz_page_model(const struct viz_page *p, const char *key)
{
	return json_object_get(p->model, key);
}

/* The languages, each with its own name. */
static json_t *languages_json(const struct viz_page *p)
{
	json_t *list = json_array();

	for (int i = 0; i < VIZ_LANGS; i++)
		json_array_append_new(
		    list,
		    json_pack("{s:s,s:s,s:b}", "tag", viz_host_lang_tag((enum viz_lang)i), "name",
			      viz_web_text((enum viz_lang)i, VIZ_WEB_TEXT_LANGUAGE_NAME), "current",
			      (enum viz_lang)i == p->lang));
	return list;
}

/* What every template sees. */
static void base_model(struct viz_page *p)
{
	viz_page_set_text(p, "lang", viz_host_lang_tag(p->lang));
	viz_page_set_text(p, "path", p->path != NULL ? p->path : "/");
	viz_page_set_text(p, "csrf", p->csrf);
	viz_page_set_text(p, "url", viz_page_url(p));
	viz_page_set_text(p, "version", VIZ_VERSION);
	viz_page_set(p, "languages", languages_json(p));
	viz_page_set(p, "private", json_boolean(p->listener == VIZ_WEB_PRIVATE));
	if (p->who.role != 0)
		viz_page_set(p, "who",
			     json_pack("{s:s,s:s,s:b,s:b,s:b}", "name", p->who.name, "role",
				       role_name(p), "admin", p->who.role == VIZ_WEB_ADMIN, "agent",
				       p->who.role == VIZ_WEB_AGENT, "reader",
				       p->who.role == VIZ_WEB_READER));
}

static void answer(struct viz_page *p, unsigned status, const char *type, char *out, size_t len)
{
	forget_out(p);
	p->status = status;
	p->out = out;
	p->out_len = len;
	snprintf(p->type, sizeof p->type, "%s", type);
}

void viz_page_render(struct viz_page *p, unsigned status, const char *name)
{
	char why[128], *out = NULL;
	size_t len = 0;

	base_model(p);
	if (viz_web_template_render(&out, &len, why, name, p->lang, p->model) == VIZ_OK) {
		answer(p, status, "text/html; charset=utf-8", out, len);
		return;
	}
	viz_host_log(VIZ_LOG_ERROR, "web: pages/%s.html: not rendered: %s", name, why);
	/* The page of errors is rendered by each test, and needs nothing that might be missing. */
	VIZ_REQUIRE(strcmp(name, "error") != 0);
	viz_page_fail(p, 500, VIZ_WEB_TEXT_ERROR_FAILED);
}

void viz_page_go(struct viz_page *p, const char *path)
{
	viz_page_put_header(p, "Location", path);
	answer(p, 303, "text/plain; charset=utf-8", NULL, 0);
}

/* Also an address that is none, below that of the API. */
static bool is_api(const struct viz_page *p)
{
	if (p->route == NULL)
		return strncmp(viz_page_path(p), "/api/", 5) == 0;
	return (p->route->flags & VIZ_ROUTE_API) != 0;
}

void viz_page_fail(struct viz_page *p, unsigned status, enum viz_web_text text)
{
	if (is_api(p)) {
		viz_page_problem(p, status,
				 json_pack("{s:s,s:s,s:i}", "type", "about:blank", "title",
					   viz_web_text(p->lang, text), "status", (int)status));
		return;
	}
	viz_page_set_message(p, "message", text);
	viz_page_set(p, "status", json_integer((json_int_t)status));
	viz_page_render(p, status, "error");
}

void viz_page_json(struct viz_page *p, unsigned status, json_t *taken)
{
	char *text = json_dumps(taken, JSON_COMPACT);

	VIZ_REQUIRE(text != NULL);
	answer(p, status, "application/json", text, strlen(text));
	json_decref(taken);
}

void viz_page_problem(struct viz_page *p, unsigned status, json_t *taken)
{
	viz_page_json(p, status, taken);
	snprintf(p->type, sizeof p->type, "application/problem+json");
}

void viz_page_file(struct viz_page *p, const char *type, const char *name, const char *bytes,
		   size_t len)
{
	char *copy = malloc(len + 1);
	char disposition[160];

	VIZ_REQUIRE(copy != NULL);
	memcpy(copy, bytes, len);
	answer(p, 200, type, copy, len);
	if (name == NULL)
		return;
	snprintf(disposition, sizeof disposition, "attachment; filename=\"%s\"", name);
	viz_page_put_header(p, "Content-Disposition", disposition);
}

void viz_page_put_cookie(struct viz_page *p, const char *name, const char *value, int64_t max_age_s)
{
	char age[40] = "", text[512];

	if (max_age_s >= 0)
		snprintf(age, sizeof age, "; Max-Age=%lld", (long long)max_age_s);
	snprintf(text, sizeof text, "%s=%s; Path=/; HttpOnly; SameSite=Strict%s%s", name, value,
		 p->https ? "; Secure" : "", age);
	viz_page_put_header(p, "Set-Cookie", text);
}

void viz_page_put_header(struct viz_page *p, const char *name, const char *value)
{
	json_array_append_new(p->out_headers, json_pack("[s,s]", name, value));
}

void viz_page_event(struct viz_page *p, const char *name, const char *id, json_t *data)
{
	char *text = json_dumps(data, JSON_COMPACT | JSON_ENCODE_ANY), *all = NULL;
	int n;

	VIZ_REQUIRE(text != NULL && (p->route->flags & VIZ_ROUTE_STREAM) != 0);
	n = asprintf(&all, "%.*sevent: %s\n%s%s%sdata: %s\n\n", (int)p->events_len,
		     p->events != NULL ? p->events : "", name, id != NULL ? "id: " : "",
		     id != NULL ? id : "", id != NULL ? "\n" : "", text);
	VIZ_REQUIRE(n > 0);
	viz_page_forget_events(p);
	p->events = all;
	p->events_len = (size_t)n;
	viz_secret_wipe(text, strlen(text));
	free(text);
	json_decref(data);
}

void viz_page_forget_events(struct viz_page *p)
{
	if (p->events != NULL)
		viz_secret_wipe(p->events, p->events_len);
	free(p->events);
	p->events = NULL;
	p->events_len = 0;
}

bool viz_page_is_stream(const struct viz_page *p)
{
	return (p->route->flags & VIZ_ROUTE_STREAM) != 0 && p->status == 0 && p->ask_count > 0;
}

void viz_page_keep(struct viz_page *p, const char *key, json_t *value)
{
	json_object_set_new(p->kept, key, value);
}

const json_t *viz_page_kept(const struct viz_page *p, const char *key)
{
	return json_object_get(p->kept, key);
}

/* --- the rounds --- */

void viz_page_start(struct viz_page *p)
{
	if (p->route->ask != NULL)
		p->route->ask(p);
	if (p->status == 0 && p->ask_count == 0)
		viz_page_go_on(p);
}

/* The requests of the last round have their replies. */
static void take_replies(struct viz_page *p)
{
	forget_asks(p->got, &p->got_count);
	memcpy(p->got, p->ask, sizeof p->got);
	p->got_count = p->ask_count;
	memset(p->ask, 0, sizeof p->ask);
	p->ask_count = 0;
	p->offline = false;
	for (size_t i = 0; i < p->got_count; i++)
		p->offline = p->offline || p->got[i].reply == NULL;
}

void viz_page_go_on(struct viz_page *p)
{
	take_replies(p);
	if (p->offline && (p->route->flags & VIZ_ROUTE_OFFLINE) == 0) {
		viz_page_fail(p, 503, VIZ_WEB_TEXT_ERROR_OFFLINE);
		return;
	}
	if (p->route->answer != NULL)
		p->route->answer(p);
	p->round++;
	if (p->status != 0 || viz_page_is_stream(p) ||
	    (p->ask_count > 0 && p->round < VIZ_WEB_ROUNDS_MAX))
		return;
	viz_host_log(VIZ_LOG_ERROR, "web: %s: no answer was made", p->route->path);
	viz_page_fail(p, 500, VIZ_WEB_TEXT_ERROR_FAILED);
}
