/* What happens at the node: a page of it, or a stream. All streams wait by one request to the node
 * (watch.h); then each asks for what is behind its own cursor. */
#include "tools/web/api.h"
#include "tools/web/api_problem.h"

static bool wants_stream(const struct viz_page *p)
{
	return strstr(viz_page_header(p, "accept"), "text/event-stream") != NULL;
}

static void ask_behind(struct viz_page *p, const char *cursor)
{
	viz_page_keep(p, "asked", json_string("events"));
	viz_page_ask(p, "events",
		     json_pack("{s:s,s:s,s:i}", "cursor", cursor, "log", "journal", "max", 100));
}

static void ask_changed(struct viz_page *p)
{
	json_int_t seq = json_integer_value(viz_page_kept(p, "seq"));

	viz_page_keep(p, "asked", json_string("changed"));
	viz_page_ask(p, "web.changed", json_pack("{s:I}", "since", seq));
}

static const char *kept_text(const struct viz_page *p, const char *key)
{
	const char *text = json_string_value(viz_page_kept(p, key));

	return text != NULL ? text : "";
}

void viz_api_events_ask(struct viz_page *p)
{
	const char *last = viz_page_header(p, "last-event-id");

	if (!wants_stream(p)) {
		viz_api_op_ask(p);
		return;
	}
	if (!viz_api_row_may(p, NULL))
		return;
	if (last[0] == '\0')
		last = viz_page_query(p, "cursor");
	ask_behind(p, last[0] != '\0' ? last : "end");
}

/* A sign of life, by which the client learns where it stands. */
static void send_cursor(struct viz_page *p)
{
	viz_page_event(p, "cursor", kept_text(p, "cursor"), json_object());
}

static void send_events(struct viz_page *p, const json_t *result)
{
	const json_t *event;
	size_t i;

	json_array_foreach(json_object_get(result, "events"), i, event)
	{
		const char *id = json_string_value(json_object_get(event, "cursor"));

		viz_page_event(p, "message", id, json_deep_copy(event));
	}
	if (viz_page_kept(p, "cursor") == NULL) {
		viz_page_keep(p, "cursor", json_incref(json_object_get(result, "cursor")));
		send_cursor(p);
	}
	viz_page_keep(p, "cursor", json_incref(json_object_get(result, "cursor")));
	if (json_is_true(json_object_get(result, "more")))
		ask_behind(p, kept_text(p, "cursor"));
	else
		ask_changed(p);
}

void viz_api_events_answer(struct viz_page *p)
{
	const json_t *seq;

	if (!wants_stream(p)) {
		viz_api_op_answer(p);
		return;
	}
	if (viz_api_problem_refused(p, 0))
		return;
	if (strcmp(kept_text(p, "asked"), "events") == 0) {
		send_events(p, viz_page_result(p, 0));
		return;
	}
	seq = json_object_get(viz_page_result(p, 0), "seq");
	if (json_equal(seq, viz_page_kept(p, "seq")))
		send_cursor(p); /* nothing for so long: proxies end what is silent */
	viz_page_keep(p, "seq", json_deep_copy(seq));
	ask_behind(p, kept_text(p, "cursor"));
}
