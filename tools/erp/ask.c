/* One request at a time, in its turn, and what its answer is by its form. */
#include <ctype.h>

#include "crypto/secret.h"
#include "tools/erp/session.h"

void viz_erp_answer_free(struct viz_erp_answer *answer)
{
	json_decref(answer->json);
	if (answer->body != NULL)
		viz_secret_wipe(answer->body, answer->body_len);
	free(answer->body);
	*answer = (struct viz_erp_answer){0};
}

static bool is_plain(unsigned char c)
{
	return isalnum(c) || c == '-' || c == '_' || c == '.' || c == '~';
}

/* The text being built: written as far as there is room, counted in any case. */
struct writer {
	char *out;
	size_t max, len;
};

static void put_char(struct writer *w, char c)
{
	if (w->len + 1 < w->max)
		w->out[w->len] = c;
	w->len++;
}

static void put_encoded(struct writer *w, const char *text)
{
	static const char hex[] = "0123456789ABCDEF";

	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;

		if (is_plain(c)) {
			put_char(w, *text);
		} else {
			put_char(w, '%');
			put_char(w, hex[c >> 4]);
			put_char(w, hex[c & 15]);
		}
	}
}

/* NAME=VALUE&..., percent-encoded. How long it is, or would be. */
static size_t encode(char *out, size_t max, const struct viz_erp_field *fields)
{
	struct writer w = {out, max, 0};

	for (size_t i = 0; fields[i].name != NULL; i++) {
		if (i > 0)
			put_char(&w, '&');
		put_encoded(&w, fields[i].name);
		put_char(&w, '=');
		put_encoded(&w, fields[i].value);
	}
	if (max > 0)
		out[w.len < max ? w.len : max - 1] = '\0';
	return w.len;
}

bool viz_erp_url(char out[VIZ_ERP_URL_MAX], const struct viz_erp *e,
		 const struct viz_erp_request *request)
{
	const char *base = request->base != NULL ? request->base : e->config->url;
	size_t base_len = strlen(base), len;

	while (base_len > 0 && base[base_len - 1] == '/')
		base_len--;
	len = (size_t)snprintf(out, VIZ_ERP_URL_MAX, "%.*s%s%s", (int)base_len, base, request->path,
			       request->query != NULL ? "?" : "");
	if (len >= VIZ_ERP_URL_MAX)
		return false;
	if (request->query != NULL)
		len += encode(out + len, VIZ_ERP_URL_MAX - len, request->query);
	return len < VIZ_ERP_URL_MAX;
}

char *viz_erp_body(const char **type, const struct viz_erp_request *request)
{
	char *body = NULL;

	if (request->json != NULL) {
		*type = "application/json";
		body = json_dumps(request->json, JSON_COMPACT);
		VIZ_REQUIRE(body != NULL);
	} else if (request->form != NULL) {
		size_t len = encode(NULL, 0, request->form);

		*type = "application/x-www-form-urlencoded";
		body = malloc(len + 1);
		VIZ_REQUIRE(body != NULL);
		encode(body, len + 1, request->form);
	}
	return body;
}

static bool is_html(const char *body)
{
	while (isspace((unsigned char)*body) || strncmp(body, "\xef\xbb\xbf", 3) == 0)
		body++;
	return *body == '<';
}

static bool is_blank(const char *body)
{
	while (isspace((unsigned char)*body))
		body++;
	return *body == '\0';
}

static void parse(struct viz_erp_answer *a)
{
	if (a->body != NULL)
		a->json = json_loadb(a->body, a->body_len, JSON_REJECT_DUPLICATES, NULL);
}

/* What HTTP says. An ERP that says no with 200 is for the connector. */
static enum viz_erp_result judge(struct viz_erp *e, struct viz_erp_answer *a,
				 const struct viz_erp_request *r)
{
	const char *body = a->body != NULL ? a->body : "";

	if (a->status == 401 || a->status == 403)
		return viz_erp_say(e, VIZ_ERP_DENIED, "%s: HTTP %d", r->what, a->status);
	if (a->status == 408 || a->status == 425 || a->status == 429 || a->status >= 500)
		return viz_erp_say(e, VIZ_ERP_LATER, "%s: HTTP %d", r->what, a->status);
	if (a->status >= 400)
		return viz_erp_say(e, VIZ_ERP_REFUSED, "%s: HTTP %d", r->what, a->status);
	if (a->status < 200 || a->status >= 300)
		return viz_erp_say(e, VIZ_ERP_UNSURE, "%s: HTTP %d, and no redirect is followed",
				   r->what, a->status);
	if (a->json != NULL || (r->may_be_empty && is_blank(body)))
		return viz_erp_say(e, VIZ_ERP_OK, "%s", "");
	return viz_erp_say(e, VIZ_ERP_UNSURE, "%s: %s instead of JSON", r->what,
			   is_blank(body)  ? "nothing"
			   : is_html(body) ? "a page of HTML"
					   : "something else");
}

enum viz_erp_result viz_erp_ask(struct viz_erp *e, struct viz_erp_answer *answer,
				const struct viz_erp_request *request)
{
	enum viz_erp_result result;

	VIZ_REQUIRE(request->json == NULL || request->form == NULL);
	if (e->dry) {
		viz_erp_mask_print(stdout, e, request, !request->changes);
		if (request->changes)
			return viz_erp_say(e, VIZ_ERP_ABSENT, "%s: not sent in a dry run",
					   request->what);
	}
	/* we do not sit and wait: it may be a day. Without the seconds, so that it is logged once
	 */
	if (e->hold_s > e->now_s)
		return viz_erp_say(e, VIZ_ERP_LATER, "the ERP asks us to come later");
	if (!viz_erp_session_wait(e, e->turn_ms))
		return viz_erp_say(e, VIZ_ERP_LATER, "%s: the program ends", request->what);
	e->later_s = 0;
	e->unreached = false;
	result = e->carry(e, answer, request);
	if (request->changes && !e->unreached)
		e->maybe_done = result != VIZ_ERP_OK || answer->status >= 500 ||
				(answer->status >= 200 && answer->status < 300) || e->maybe_done;
	e->turn_ms = viz_erp_session_monotonic_ms() +
		     60000 / e->config->rate_per_minute / (e->hurry > 0 ? e->hurry : 1);
	if (result != VIZ_ERP_OK)
		return result;
	if (e->later_s > 0)
		e->hold_s = e->now_s + e->later_s / (e->hurry > 0 ? e->hurry : 1);
	parse(answer);
	return judge(e, answer, request);
}

/* --- A dry run --- */

static const char *shown(const struct viz_erp_field *f)
{
	return f->openness == VIZ_ERP_OPEN || f->value[0] == '\0' ? f->value : "***";
}

static void print_fields(FILE *out, const struct viz_erp_field *fields, const char *between)
{
	for (size_t i = 0; fields != NULL && fields[i].name != NULL; i++)
		fprintf(out, "  %s%s%s\n", fields[i].name, between, shown(&fields[i]));
}

/* The same with every text and number masked; names of members stay. */
static json_t *masked(const json_t *v)
{
	const char *key;
	json_t *copy, *inner;
	size_t i;

	if (json_is_object(v)) {
		copy = json_object();
		for (void *at = json_object_iter((json_t *)(uintptr_t)v); at != NULL;
		     at = json_object_iter_next((json_t *)(uintptr_t)v, at)) {
			key = json_object_iter_key(at);
			json_object_set_new(copy, key, masked(json_object_iter_value(at)));
		}
		return copy;
	}
	if (json_is_array(v)) {
		copy = json_array();
		json_array_foreach(v, i, inner) json_array_append_new(copy, masked(inner));
		return copy;
	}
	if (json_is_boolean(v) || json_is_null(v) ||
	    (json_is_string(v) && json_string_length(v) == 0))
		return json_deep_copy(v);
	return json_string("***");
}

void viz_erp_mask_print(FILE *out, const struct viz_erp *e, const struct viz_erp_request *request,
			bool sent)
{
	char url[VIZ_ERP_URL_MAX];
	json_t *copy;
	char *text;

	if (!viz_erp_url(url, e, request))
		snprintf(url, sizeof url, "%s", request->path);
	fprintf(out, "%s %s%s\n", request->method, url, sent ? "" : " (not sent)");
	if (request->basic)
		fputs("  Authorization: Basic ***\n", out);
	print_fields(out, request->headers, ": ");
	print_fields(out, request->form, "=");
	if (request->json == NULL)
		return;
	copy = request->json_open ? json_deep_copy(request->json) : masked(request->json);
	text = json_dumps(copy, JSON_COMPACT);
	fprintf(out, "  %s\n", text != NULL ? text : "");
	free(text);
	json_decref(copy);
}
