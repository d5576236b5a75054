#include "tools/web/request.h"

#include <arpa/inet.h>
#include <strings.h>

#include "crypto/hmac.h"
#include "crypto/secret.h"
#include "node/host/random.h"
#include "node/host/log.h"
#include "tools/web/attempt.h"
#include "tools/web/form.h"
#include "tools/web/token.h"

/* Wrong tokens of an address that cost nothing, and the longest wait. */
#define TOKENS_FREE    20
#define TOKENS_WAIT_MS 900000

static const char *header(struct MHD_Connection *c, const char *name)
{
	return MHD_lookup_connection_value(c, MHD_HEADER_KIND, name);
}

struct count {
	const char *name;
	unsigned n;
};

static enum MHD_Result count_one(void *cls, enum MHD_ValueKind kind, const char *key,
				 const char *value)
{
	struct count *count = cls;

	(void)kind;
	(void)value;
	count->n += strcasecmp(key, count->name) == 0;
	return MHD_YES;
}

static unsigned how_many(struct MHD_Connection *c, const char *name)
{
	struct count count = {name, 0};

	MHD_get_connection_values(c, MHD_HEADER_KIND, count_one, &count);
	return count.n;
}

/* Digits only: strtoull would take a sign and spaces. */
static bool read_length(size_t *out, const char *text)
{
	size_t n = 0;

	if (*text == '\0' || strlen(text) > 12)
		return false;
	for (; *text != '\0'; text++) {
		if (*text < '0' || *text > '9')
			return false;
		n = n * 10 + (size_t)(*text - '0');
	}
	*out = n;
	return true;
}

unsigned viz_web_request_head(size_t *body_len, enum viz_web_text *why,
			      struct MHD_Connection *connection, enum viz_web_method method,
			      size_t body_max)
{
	const char *length = header(connection, "Content-Length");
	bool chunked = header(connection, "Transfer-Encoding") != NULL;
	bool bodiless = method == VIZ_WEB_GET;

	*body_len = 0;
	*why = VIZ_WEB_TEXT_ERROR_BAD_REQUEST;
	/* Two statements of the length: a proxy in front may believe the other one. */
	if ((chunked && length != NULL) || how_many(connection, "Content-Length") > 1 ||
	    how_many(connection, "Host") > 1 || header(connection, "Host") == NULL)
		return 400;
	if (chunked) {
		*why = VIZ_WEB_TEXT_ERROR_LENGTH;
		return 411;
	}
	if (length != NULL && !read_length(body_len, length))
		return 400;
	if (bodiless && *body_len > 0)
		return 400;
	if (!bodiless && method != VIZ_WEB_DELETE && length == NULL) {
		*why = VIZ_WEB_TEXT_ERROR_LENGTH;
		return 411;
	}
	if (*body_len > body_max) {
		*why = VIZ_WEB_TEXT_ERROR_TOO_LARGE;
		return 413;
	}
	return 0;
}

static enum MHD_Result take_value(void *cls, enum MHD_ValueKind kind, const char *key,
				  const char *value)
{
	json_t *o = cls;
	const char *there;
	char name[64];
	size_t n = 0;

	(void)kind;
	if (value == NULL || strlen(key) >= sizeof name)
		return MHD_YES;
	for (; key[n] != '\0'; n++)
		name[n] = key[n] >= 'A' && key[n] <= 'Z' ? (char)(key[n] + 32) : key[n];
	name[n] = '\0';
	there = json_string_value(json_object_get(o, name));
	/* The first of a name counts; one that is no UTF-8 is as if it were not there. Of this one
	 * all do: a proxy may add a line of its own behind those of the client. */
	if (there == NULL)
		json_object_set_new(o, name, json_string(value));
	else if (strcmp(name, "x-forwarded-for") == 0)
		json_object_set_new(o, name, json_sprintf("%s,%s", there, value));
	return MHD_YES;
}

/* The client, by the proxies that we trust: each appends whom it had the request from, so we read
 * from the end, and stop at the first who is no proxy of ours. */
static void find_address(struct viz_page *p, const struct viz_web_config *config,
			 struct in6_addr *from)
{
	const char *list = viz_page_header(p, "x-forwarded-for");
	size_t len = strlen(list);

	while (viz_web_config_is_proxy(config, from) && len > 0) {
		char last[INET6_ADDRSTRLEN + 1];
		struct in6_addr next;
		size_t at = len, begin;

		while (at > 0 && list[at - 1] != ',')
			at--;
		begin = at + strspn(list + at, " ");
		snprintf(last, sizeof last, "%.*s", begin < len ? (int)(len - begin) : 0,
			 list + begin);
		last[strcspn(last, " ")] = '\0';
		if (!viz_web_config_parse_address(&next, last))
			break;
		*from = next;
		len = at > 0 ? at - 1 : 0;
	}
	if (IN6_IS_ADDR_V4MAPPED(from))
		inet_ntop(AF_INET, from->s6_addr + 12, p->address, sizeof p->address);
	else
		inet_ntop(AF_INET6, from, p->address, sizeof p->address);
}

/* The first language of Accept-Language that we have; of equal weight the first in the list. */
static bool accepted_language(enum viz_lang *out, const char *list)
{
	double best = 0;
	bool found = false;

	while (*list != '\0') {
		size_t len = strcspn(list, ",");
		char word[64];
		enum viz_lang lang;
		const char *q;
		double weight = 1;

		if (len < sizeof word) {
			memcpy(word, list, len);
			word[len] = '\0';
			q = strstr(word, "q=");
			if (q != NULL && q[2] >= '0' && q[2] <= '1')
				weight = q[2] == '1' ? 1 : q[3] == '.' ? (q[4] - '0') / 10.0 : 0;
			word[strcspn(word, "; ")] = '\0';
			if (weight > best && viz_host_lang_parse(&lang, word)) {
				best = weight;
				*out = lang;
				found = true;
			}
		}
		list += len;
		list += strspn(list, ", ");
	}
	return found;
}

static void choose_language(struct viz_page *p, const struct viz_web_config *config)
{
	p->lang = config->lang;
	if (viz_host_lang_parse(&p->lang, viz_page_cookie(p, VIZ_WEB_LANG_COOKIE)))
		return;
	accepted_language(&p->lang, viz_page_header(p, "accept-language"));
}

/* ?lang= holds from now on. */
static void take_language(struct viz_page *p)
{
	const char *asked = viz_page_query(p, "lang");

	if (asked[0] == '\0' || !viz_host_lang_parse(&p->lang, asked))
		return;
	viz_page_put_cookie(p, VIZ_WEB_LANG_COOKIE, viz_host_lang_tag(p->lang), 31536000);
}

static bool is_hex(const char *text, size_t len)
{
	return strlen(text) == len && strspn(text, "0123456789abcdef") == len;
}

/* The token that a form of ours sends back. It is bound to a cookie that no other site's request
 * carries (SameSite=Strict), and that no other site can read: that of the session, or else one for
 * forms. */
static void make_form_token(struct viz_page *p, const uint8_t *key)
{
	const char *cookie = viz_page_cookie(p, VIZ_WEB_FORM_COOKIE);
	uint8_t mac[VIZ_HMAC_BYTES], fresh[16];
	char text[VIZ_WEB_SESSION_TOKEN];

	if (p->caller.who.stage != VIZ_WEB_STAGE_NONE) {
		snprintf(text, sizeof text, "%s", p->caller.session);
	} else if (is_hex(cookie, 2 * sizeof fresh)) {
		snprintf(text, sizeof text, "%s", cookie);
	} else {
		viz_host_random(fresh, sizeof fresh);
		viz_hex(text, fresh, sizeof fresh);
		viz_page_put_cookie(p, VIZ_WEB_FORM_COOKIE, text, -1);
	}
	viz_hmac(mac, key, 32, (const uint8_t *)text, strlen(text));
	viz_hex(p->csrf, mac, sizeof mac);
	viz_secret_wipe(text, sizeof text);
}

/* Wrong tokens are counted by address, as wrong passwords are. A right one is taken in any case: it
 * cannot be guessed, and who shares an address with a wrong program goes on working. */
static void count_wrong_token(struct viz_page *p, const struct viz_web_door *door)
{
	struct viz_web_lockout *l = viz_web_service_lockout(door->service);
	uint64_t now = uv_now(door->loop), wait;
	char key[96], source[VIZ_WEB_SOURCE_MAX];

	viz_web_attempt_source(source, p->address);
	snprintf(key, sizeof key, "token %s", source);
	wait = viz_web_lockout_wait(l, key, now);
	p->wait_s = (uint32_t)((wait + 999) / 1000);
	if (wait > 0)
		return;
	viz_web_lockout_fail(l, key, now, TOKENS_FREE, TOKENS_WAIT_MS);
	viz_host_log(VIZ_LOG_NOTICE, "web: a token was refused");
}

/* The program whose token came along. True: there was a token, good or not. */
static bool find_token(struct viz_page *p, const struct viz_web_door *door)
{
	const char *given = viz_page_header(p, "authorization");
	const json_t *token;
	int64_t now_ms;

	if (strncasecmp(given, "Bearer ", 7) != 0)
		return false;
	now_ms = viz_web_session_now_ms();
	token = viz_web_token_find(door->accounts, given + 7, now_ms);
	if (token == NULL) {
		count_wrong_token(p, door);
		return true;
	}
	p->scopes = json_deep_copy(json_object_get(token, "scopes"));
	p->who.role = viz_web_accounts_role(json_string_value(json_object_get(token, "role")));
	snprintf(p->who_name, sizeof p->who_name, "api-%s",
		 json_string_value(json_object_get(token, "name")));
	/* Whose the keys of its requests are (service_keys.h); it is no session. */
	snprintf(p->caller.who.user, sizeof p->caller.who.user, "%.*s", VIZ_WEB_USER_MAX - 1,
		 p->who_name);
	viz_web_token_touch(door->accounts, given + 7, now_ms);
	return true;
}

/* Whether a script of ours asks, for something new on a page before which nobody may sit. */
static bool is_by_itself(const struct viz_page *p)
{
	return strcmp(viz_page_header(p, "sec-fetch-dest"), "empty") == 0;
}

/* Who has signed in. On the public listener nobody has. */
static void find_session(struct viz_page *p, const struct viz_web_door *door)
{
	struct viz_web_session *who = &p->caller.who;
	bool api = p->route != NULL && (p->route->flags & VIZ_ROUTE_API) != 0;

	p->caller.session = viz_page_cookie(p, VIZ_WEB_SESSION_COOKIE);
	p->caller.device = viz_page_cookie(p, VIZ_WEB_DEVICE_COOKIE);
	p->caller.address = p->address;
	if (door->listener == VIZ_WEB_PRIVATE && api &&
	    (find_token(p, door) || p->route->method != VIZ_WEB_GET))
		return;
	if (door->listener != VIZ_WEB_PRIVATE ||
	    !is_hex(p->caller.session, VIZ_WEB_SESSION_TOKEN - 1))
		return;
	viz_web_session_find(who, door->accounts, p->caller.session, viz_web_session_now_ms());
	if (who->stage != VIZ_WEB_STAGE_NONE && !is_by_itself(p))
		viz_web_session_used(door->accounts, p->caller.session, viz_web_session_now_ms());
	if (who->stage != VIZ_WEB_STAGE_FULL)
		return;
	snprintf(p->who_name, sizeof p->who_name, "%s", who->user);
	p->who.role = who->role;
}

void viz_web_request_fill(struct viz_page *p, const struct viz_web_door *door,
			  struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info =
	    MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	struct in6_addr from = IN6ADDR_ANY_INIT;
	bool by_proxy;

	p->listener = door->listener;
	p->url = strdup(door->listener == VIZ_WEB_PUBLIC ? door->config->url
							 : door->config->private_url);
	p->customer_url = strdup(door->config->url);
	MHD_get_connection_values(connection, MHD_HEADER_KIND, take_value, p->headers);
	MHD_get_connection_values(connection, MHD_COOKIE_KIND, take_value, p->cookies);
	if (info != NULL)
		viz_web_config_address(&from, info->client_addr);
	by_proxy = viz_web_config_is_proxy(door->config, &from);
	p->https = door->config->certificate[0] != '\0' ||
		   (by_proxy && strcmp(viz_page_header(p, "x-forwarded-proto"), "https") == 0);
	find_address(p, door->config, &from);
	choose_language(p, door->config);
	find_session(p, door);
	make_form_token(p, viz_web_accounts_form_key(door->accounts));
}

static bool has_type(const struct viz_page *p, const char *type)
{
	const char *given = viz_page_header(p, "content-type");
	size_t len = strlen(type);

	return strncasecmp(given, type, len) == 0 && strchr("; ", given[len]) != NULL;
}

static unsigned read_body(struct viz_page *p, enum viz_web_text *why, const char *body, size_t len)
{
	bool api = (p->route->flags & VIZ_ROUTE_API) != 0;
	int err;

	*why = VIZ_WEB_TEXT_ERROR_BAD_TYPE;
	if (!has_type(p, api ? "application/json" : "application/x-www-form-urlencoded"))
		return 415;
	*why = VIZ_WEB_TEXT_ERROR_BAD_REQUEST;
	err = api ? viz_web_form_json(&p->body, body, len) : viz_web_form_read(&p->body, body, len);
	return err == VIZ_OK ? 0 : 400;
}

/* Whether the form is one that we gave to this browser. */
static bool is_ours(const struct viz_page *p)
{
	const char *token = viz_page_field(p, "csrf");

	return !viz_page_is_foreign(p) && strlen(token) == strlen(p->csrf) &&
	       viz_secret_eq((const uint8_t *)token, (const uint8_t *)p->csrf, strlen(p->csrf));
}

unsigned viz_web_request_fields(struct viz_page *p, enum viz_web_text *why, const char *query,
				const char *body, size_t len)
{
	unsigned status;
	json_t *fields = NULL;

	*why = VIZ_WEB_TEXT_ERROR_BAD_REQUEST;
	if (query != NULL) {
		if (viz_web_form_read(&fields, query, strlen(query)) != VIZ_OK)
			return 400;
		json_decref(p->query);
		p->query = fields;
		take_language(p);
	}
	if (p->route->method == VIZ_WEB_GET || (p->route->method == VIZ_WEB_DELETE && len == 0))
		return 0;
	/* A program that has nothing to say need not say {}. A browser cannot come here so: it has
	 * no token (VIZ_ROUTE_API). */
	if (len == 0 && (p->route->flags & VIZ_ROUTE_API) != 0)
		return 0;
	status = read_body(p, why, body, len);
	if (status == 0 && (p->route->flags & (VIZ_ROUTE_API | VIZ_ROUTE_OWN_FORM)) == 0 &&
	    !is_ours(p)) {
		*why = VIZ_WEB_TEXT_ERROR_FORM_OLD;
		return 403;
	}
	return status;
}
