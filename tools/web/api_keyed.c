/* What creates something: said twice by the same key it is done once (keys.h). Three rounds: the
 * key is noted, the node is asked, and what was made is noted. */
#include "tools/web/api.h"
#include "tools/web/api_problem.h"
#include "tools/web/keys.h"

static const char *kept_text(const struct viz_page *p, const char *name)
{
	const char *text = json_string_value(viz_page_kept(p, name));

	return text != NULL ? text : "";
}

static void step(struct viz_page *p, const char *name)
{
	viz_page_keep(p, "step", json_string(name));
}

static bool is_key(const char *key)
{
	size_t len = strlen(key);

	for (size_t i = 0; i < len; i++)
		if (key[i] < '!' || key[i] > '~')
			return false;
	return len >= VIZ_WEB_KEY_MIN && len <= VIZ_WEB_KEY_MAX;
}

void viz_api_keyed_ask(struct viz_page *p)
{
	const char *key = viz_page_header(p, "idempotency-key");
	json_t *args = viz_api_args(p);

	if (args == NULL)
		return;
	if (!viz_api_row_may(p, args)) {
		json_decref(args);
		return;
	}
	if (!is_key(key)) {
		viz_api_problem(p, 400, key[0] == '\0' ? "missing" : "bad-key",
				"8 to 128 visible characters, chosen anew for each thing to make",
				"Idempotency-Key");
		json_decref(args);
		return;
	}
	viz_page_keep(p, "args", args);
	step(p, "begin");
	viz_page_ask(
	    p, "web.key.begin",
	    json_pack("{s:s,s:s,s:O}", "key", key, "op", viz_api_row_of(p)->op, "body", args));
}

static void ask_node(struct viz_page *p)
{
	step(p, "node");
	viz_page_ask(p, viz_api_row_of(p)->op, json_deep_copy(viz_page_kept(p, "args")));
}

/* Shows again what the key has made. */
static void ask_again(struct viz_page *p, const char *id)
{
	const struct viz_api_row *row = viz_api_row_of(p);

	viz_page_put_header(p, "Idempotency-Replayed", "true");
	step(p, "again");
	viz_page_keep(p, "id", json_string(id));
	if (strcmp(row->again, row->op) == 0)
		viz_page_ask(p, row->op, json_deep_copy(viz_page_kept(p, "args")));
	else if (strcmp(row->again, "lead.show") == 0)
		viz_page_ask(p, row->again, json_pack("{s:s}", "lead", id));
	else
		viz_page_ask(p, row->again, NULL);
}

static void begun(struct viz_page *p)
{
	static const struct {
		const char *code;
		unsigned status;
		const char *detail;
	} refusals[] = {
	    {"key-reused", 422, "this key came with another request"},
	    {"key-under-way", 409, "the first request of this key is under way: ask again"},
	    {"key-unknown", 409,
	     "whether the first request of this key was done is not known: look at the leads"},
	    {"too-many-keys", 429, "so many keys of the last 24 hours are held already"},
	};
	const json_t *id = json_object_get(viz_page_result(p, 0), "id");

	for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
		if (strcmp(viz_page_code(p, 0), refusals[i].code) != 0)
			continue;
		if (refusals[i].status != 422)
			viz_page_put_header(p, "Retry-After", "5");
		viz_api_problem(p, refusals[i].status, refusals[i].code, refusals[i].detail,
				"Idempotency-Key");
		return;
	}
	if (viz_api_problem_refused(p, 0))
		return;
	if (id != NULL)
		ask_again(p, json_string_value(id));
	else
		ask_node(p);
}

/* The id of what was made: of the lead, the link or the draft. */
static const char *made(const json_t *result)
{
	static const char *const names[] = {"lead", "link", "draft"};
	const char *id = NULL;

	for (size_t i = 0; i < sizeof names / sizeof *names && id == NULL; i++)
		id = json_string_value(json_object_get(json_object_get(result, names[i]), "id"));
	return id != NULL ? id : "-";
}

static void done(struct viz_page *p)
{
	const json_t *result = viz_page_result(p, 0);
	const char *key = viz_page_header(p, "idempotency-key");

	step(p, "end");
	viz_page_keep(p, "result", json_deep_copy(result));
	viz_page_keep(p, "error", json_deep_copy(viz_page_error(p, 0)));
	if (result != NULL)
		viz_page_ask(p, "web.key.end",
			     json_pack("{s:s,s:s}", "key", key, "id", made(result)));
	else
		viz_page_ask(p, "web.key.drop", json_pack("{s:s}", "key", key));
}

static void answer_again(struct viz_page *p)
{
	const struct viz_api_row *row = viz_api_row_of(p);
	const json_t *link;
	size_t i;

	if (viz_api_problem_refused(p, 0))
		return;
	if (strcmp(row->again, "link.list") != 0) {
		viz_page_json(p, 200, json_deep_copy(viz_page_result(p, 0)));
		return;
	}
	json_array_foreach(json_object_get(viz_page_result(p, 0), "links"), i, link)
	{
		const char *id = json_string_value(json_object_get(link, "id"));

		if (id == NULL || strcmp(id, kept_text(p, "id")) != 0)
			continue;
		viz_page_json(p, 200, json_pack("{s:O}", "link", link));
		return;
	}
	viz_api_problem(p, 404, "no-such-link", "the link that was made is over", NULL);
}

void viz_api_keyed_answer(struct viz_page *p)
{
	const char *at = kept_text(p, "step");

	if (strcmp(at, "begin") == 0) {
		begun(p);
	} else if (strcmp(at, "node") == 0) {
		done(p);
	} else if (strcmp(at, "again") == 0) {
		answer_again(p);
	} else if (json_is_object(viz_page_kept(p, "result"))) {
		viz_page_json(p, 200, json_deep_copy(viz_page_kept(p, "result")));
	} else {
		viz_api_problem_of(p, viz_page_kept(p, "error"));
	}
}
