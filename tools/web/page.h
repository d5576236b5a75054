/* A page: what it gets of a request, what it asks the node, what it answers. The whole contract of
 * whoever writes pages; tools/web/DESIGN.md has an example.
 *
 * A page is a row of a table: method, path, and two functions. ask() looks at the request and says
 * what the node is to be asked (viz_page_ask), up to VIZ_WEB_ASKS_MAX requests at once. When all
 * replies are there, answer() is called, and answers or asks again. A function that has answered
 * (render, go, error, json, file) is done. Neither waits for anything, and nothing else is called.
 * A page that has nothing to ask leaves out ask().
 *
 * Texts that are borrowed live as long as the page. */
#ifndef VIZ_TOOLS_WEB_PAGE_H
#define VIZ_TOOLS_WEB_PAGE_H

#include <jansson.h>

#include "tools/web/limits.h"
#include "tools/web/text.h"

enum viz_web_method {
	VIZ_WEB_GET, /* HEAD is answered by it too */
	VIZ_WEB_POST,
	VIZ_WEB_PUT,
	VIZ_WEB_DELETE,
};

/* Listeners, as bits. */
#define VIZ_WEB_PUBLIC  1u /* the customer's pages */
#define VIZ_WEB_PRIVATE 2u /* desk, board, API */

/* Roles, as bits: who may see a page. 0: everybody, without signing in. */
#define VIZ_WEB_READER 1u
#define VIZ_WEB_AGENT  2u
#define VIZ_WEB_ADMIN  4u

/* Flags of a route. */
#define VIZ_ROUTE_LARGE 1u /* the body may have VIZ_WEB_LARGE_MAX bytes */
/* JSON in and out, errors as application/problem+json. Whoever asks has a token ("Authorization:
 * Bearer"); a browser's session is good for GET only, as a request has no form token here. */
#define VIZ_ROUTE_API     2u
#define VIZ_ROUTE_STREAM  16u /* server-sent events: see viz_page_event() */
#define VIZ_ROUTE_OFFLINE 4u  /* answer() is called also when the node does not answer */
/* The page looks itself at the token of its forms, to show again what was typed. */
#define VIZ_ROUTE_OWN_FORM 8u

struct viz_page;

struct viz_route {
	enum viz_web_method method;
	const char *path; /* "/c/:token": a part with ":" takes one segment of the path */
	unsigned listeners;
	unsigned roles;
	unsigned flags;
	void (*ask)(struct viz_page *p);
	void (*answer)(struct viz_page *p);
};

/* Who asks the node: the role and the name of the envelope's `as` (node/CONTROL.md). */
struct viz_web_who {
	unsigned role;    /* one of the bits; 0: nobody has signed in */
	const char *name; /* "" */
};

/* --- the request --- */

/* The row of the table that the page is. */
const struct viz_route *viz_page_route(const struct viz_page *p);
/* A part of the path, decoded: "token" of "/c/:token". */
const char *viz_page_param(const struct viz_page *p, const char *name);
/* A field of the query ("" when it is absent). */
const char *viz_page_query(const struct viz_page *p, const char *name);
/* All of them, an object. */
const json_t *viz_page_queries(const struct viz_page *p);
/* A field of the form that was sent ("" when it is absent). Of several lines: "\n" between them. */
const char *viz_page_field(const struct viz_page *p, const char *name);
/* The fields `name[]` as a list; NULL: there is none. */
const json_t *viz_page_fields(const struct viz_page *p, const char *name);
/* The whole form, or the body of JSON; NULL: the request has none. */
const json_t *viz_page_body(const struct viz_page *p);
/* A header or a cookie of the request ("" when it is absent). */
const char *viz_page_header(const struct viz_page *p, const char *name);
const char *viz_page_cookie(const struct viz_page *p, const char *name);
enum viz_lang viz_page_lang(const struct viz_page *p);
struct viz_web_who viz_page_who(const struct viz_page *p);
/* Whether the token of the API has the scope. A person who has signed in has all. */
bool viz_page_has_scope(const struct viz_page *p, const char *scope);
/* "https://example.org" of [web] url: what a link in a message begins with. "" when not set. */
const char *viz_page_url(const struct viz_page *p);
/* The path of the request, without its query. */
const char *viz_page_path(const struct viz_page *p);
/* The token that forms of this browser send back: the `csrf` of templates. */
const char *viz_page_form_token(const struct viz_page *p);
/* Whether a browser says that this request comes from another site's page. */
bool viz_page_is_foreign(const struct viz_page *p);
/* [web] url: what a customer's link begins with, on whichever listener. "" when not set. */
const char *viz_page_customer_url(const struct viz_page *p);
/* The address of the client, for caps: never for a log. */
const char *viz_page_address(const struct viz_page *p);

/* --- the node ---
 * What begins with "web." is asked of vizinho-web itself: accounts (service.c), and "web.changed"
 * {since} -> {seq}, which waits until something has happened (watch.h). */

/* Asks `op` with `args` (taken; NULL: none), as whoever has signed in; on the public listener as
 * "customer". More than VIZ_WEB_ASKS_MAX in a round is a programmer's error. */
void viz_page_ask(struct viz_page *p, const char *op, json_t *args);
/* The same as another role: "public" for what has no names. */
void viz_page_ask_as(struct viz_page *p, const char *role, const char *op, json_t *args);
/* The result of the i-th request of this round; NULL: it was refused. */
const json_t *viz_page_result(const struct viz_page *p, size_t i);
/* The error of the i-th request, {"code","message",...}; NULL: it was not refused. */
const json_t *viz_page_error(const struct viz_page *p, size_t i);
const char *viz_page_code(const struct viz_page *p, size_t i); /* "" when it was not refused */
/* Whether the node answered at all (VIZ_ROUTE_OFFLINE). */
bool viz_page_online(const struct viz_page *p);
/* When a request of this round was refused: answers with the page of that error, and is true. */
bool viz_page_refused(struct viz_page *p);
/* Words for an error of the first request that the person can mend. */
struct viz_page_wrong {
	const char *code;
	enum viz_web_text text;
};
/* Whether it was refused with one of these `n` codes: then its text is set as `wrong`. */
bool viz_page_is_wrong(struct viz_page *p, const struct viz_page_wrong *wrong, size_t n);
/* 0 in the first round of replies, 1 in the second. */
unsigned viz_page_round(const struct viz_page *p);

/* --- the answer --- */

/* Puts a value into what the template sees (taken). Also there: lang, path, csrf, who, url,
 * languages, version; see base_model() in page.c. */
void viz_page_set(struct viz_page *p, const char *key, json_t *value);
void viz_page_set_text(struct viz_page *p, const char *key, const char *value);
/* What was put there; NULL: nothing. Borrowed. */
const json_t *viz_page_model(const struct viz_page *p, const char *key);
/* A text of texts.TAG.tsv in the language of the request. */
void viz_page_set_message(struct viz_page *p, const char *key, enum viz_web_text text);
/* pages/NAME.html. */
void viz_page_render(struct viz_page *p, unsigned status, const char *name);
/* 303: the browser gets `path`, which is one of ours. After each POST that has done something. */
void viz_page_go(struct viz_page *p, const char *path);
/* The page of errors with this text, or a problem+json on routes of the API. */
void viz_page_fail(struct viz_page *p, unsigned status, enum viz_web_text text);
void viz_page_json(struct viz_page *p, unsigned status, json_t *taken);
/* The same as application/problem+json (RFC 9457). */
void viz_page_problem(struct viz_page *p, unsigned status, json_t *taken);
/* Bytes (copied) with their type; `name` != NULL: the browser saves them under it (ASCII). */
void viz_page_file(struct viz_page *p, const char *type, const char *name, const char *bytes,
		   size_t len);
/* A cookie: HttpOnly, SameSite=Strict, Path=/, Secure over https. max_age_s 0: it is taken away;
 * -1: until the browser ends. */
void viz_page_put_cookie(struct viz_page *p, const char *name, const char *value,
			 int64_t max_age_s);
/* A header of the answer; name and value are copied. */
void viz_page_put_header(struct viz_page *p, const char *name, const char *value);

/* On routes of VIZ_ROUTE_STREAM: sends an event (HTML, server-sent events). `id` may be NULL;
 * `data` is taken. answer() sends what is new and asks again, which goes on until the client
 * leaves, or for VIZ_WEB_STREAM_MS; it then comes again with the header Last-Event-ID. An answer
 * (render, fail) ends the stream. */
void viz_page_event(struct viz_page *p, const char *name, const char *id, json_t *data);

/* What a page keeps from one round to the next (taken). */
void viz_page_keep(struct viz_page *p, const char *key, json_t *value);
const json_t *viz_page_kept(const struct viz_page *p, const char *key);

#endif
