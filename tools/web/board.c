#include "tools/web/board.h"

#include "tools/health/words.h"
#include "tools/web/customer_words.h"
#include "tools/web/desk_model.h"

#define EVENTS_SHOWN 200

static const char *text_of(const json_t *o, const char *name)
{
	const char *text = json_string_value(json_object_get(o, name));

	return text != NULL ? text : "";
}

/* A problem, or a check that found something: what, since when, what now. */
static json_t *problem_json(const struct viz_page *p, const json_t *problem)
{
	char what[VIZ_HEALTH_WORDS_MAX];
	json_t *out, *since = viz_customer_words_when(viz_page_lang(p),
						      json_object_get(problem, "since"), true);

	viz_health_words_problem(what, viz_page_lang(p), problem);
	out = json_pack("{s:s,s:b,s:s}", "what", what, "down",
			strcmp(text_of(problem, "level"), "down") == 0, "remedy",
			text_of(problem, "remedy"));
	if (since != NULL)
		json_object_set_new(out, "since", since);
	return out;
}

static json_t *problems_json(const struct viz_page *p, const json_t *list)
{
	json_t *out = json_array(), *one;
	size_t i;

	json_array_foreach(list, i, one) json_array_append_new(out, problem_json(p, one));
	return out;
}

static void set_verdict(struct viz_page *p, const json_t *result)
{
	viz_page_set(
	    p, "verdict",
	    json_pack("{s:b,s:o}",
		      text_of(result, "verdict")[0] != '\0' ? text_of(result, "verdict") : "down",
		      true, "text",
		      viz_desk_model_word(p, "board_verdict_", text_of(result, "verdict"))));
}

/* How a partner is linked: since when, or why not. */
static json_t *partner_json(const struct viz_page *p, const json_t *partner)
{
	enum viz_lang lang = viz_page_lang(p);
	char why[VIZ_HEALTH_WORDS_MAX];
	bool linked = json_is_true(json_object_get(partner, "linked"));
	json_t *since = viz_customer_words_when(
	    lang, json_object_get(partner, linked ? "link_from" : "unlinked_from"), true);
	json_t *heard = viz_customer_words_when(lang, json_object_get(partner, "heard_at"), true);
	json_t *out = json_pack("{s:s,s:s,s:b}", "id", text_of(partner, "id"), "label",
				text_of(partner, "label"), "linked", linked);

	viz_health_words_unlinked(why, lang, partner);
	if (!linked)
		json_object_set_new(out, "why", json_string(why));
	if (since != NULL)
		json_object_set_new(out, "since", since);
	if (heard != NULL)
		json_object_set_new(out, "heard", heard);
	return out;
}

/* ---- the first page ---- */

static void ask_board(struct viz_page *p)
{
	viz_page_ask(p, "status", NULL);
}

static json_t *mib(const json_t *o, const char *name)
{
	return json_integer(json_integer_value(json_object_get(o, name)) >> 20);
}

static void answer_board(struct viz_page *p)
{
	static const char *const counts[] = {"member_count", "partner_count", "link_count",
					     "record_count", "lead_count",    "inbox_count",
					     "mail_count",   "finding_count", "probing_count"};
	const json_t *status = viz_page_result(p, 0), *one;
	json_t *partners = json_array(), *figures = json_array();
	size_t i;

	viz_desk_model_frame(p, "board");
	if (viz_page_refused(p)) {
		json_decref(partners);
		json_decref(figures);
		return;
	}
	set_verdict(p, status);
	viz_page_set(p, "problems", problems_json(p, json_object_get(status, "problems")));
	json_array_foreach(json_object_get(status, "partners"), i, one)
	    json_array_append_new(partners, partner_json(p, one));
	for (i = 0; i < sizeof counts / sizeof *counts; i++)
		json_array_append_new(
		    figures,
		    json_pack("{s:o,s:I}", "name", viz_desk_model_word(p, "board_", counts[i]),
			      "value", json_integer_value(json_object_get(status, counts[i]))));
	viz_page_set(p, "partners", partners);
	viz_page_set(p, "figures", figures);
	viz_page_set_text(p, "name", text_of(status, "name"));
	viz_page_set_text(p, "federation", text_of(status, "federation_name"));
	viz_page_set(p, "store",
		     json_pack("{s:o,s:o,s:o}", "used", mib(status, "store_used_bytes"), "map",
			       mib(status, "store_map_bytes"), "free",
			       mib(status, "disk_free_bytes")));
	viz_page_render(p, 200, "board/board");
}

/* ---- what doctor has looked at ---- */

static void ask_doctor(struct viz_page *p)
{
	viz_page_ask(p, "doctor", NULL);
}

static void answer_doctor(struct viz_page *p)
{
	const json_t *result = viz_page_result(p, 0), *one;
	json_t *found, *well = json_array();
	size_t i;

	viz_desk_model_frame(p, "board");
	if (viz_page_refused(p)) {
		json_decref(well);
		return;
	}
	found = problems_json(p, json_object_get(result, "problems"));
	json_array_foreach(json_object_get(result, "checks"), i, one)
	{
		if (strcmp(text_of(one, "level"), "well") != 0)
			json_array_append_new(found, problem_json(p, one));
		else
			json_array_append_new(well, json_string(viz_health_words_check(
							viz_page_lang(p), text_of(one, "code"))));
	}
	set_verdict(p, result);
	viz_page_set(p, "problems", found);
	viz_page_set(p, "well", well);
	viz_page_render(p, 200, "board/doctor");
}

/* ---- events ---- */

static void ask_events(struct viz_page *p)
{
	viz_page_ask(p, "events", json_pack("{s:i}", "last", EVENTS_SHOWN));
}

static void answer_events(struct viz_page *p)
{
	const json_t *list = json_object_get(viz_page_result(p, 0), "events");
	char text[32]; /* "text_pt_br": an event has its text in each language */
	json_t *out = json_array();

	viz_desk_model_frame(p, "events");
	if (viz_page_refused(p)) {
		json_decref(out);
		return;
	}
	snprintf(text, sizeof text, "text_%s", viz_host_lang_tag(viz_page_lang(p)));
	for (char *c = text; *c != '\0'; c++)
		*c = *c == '-' ? '_' : (char)(*c >= 'A' && *c <= 'Z' ? *c | 0x20 : *c);
	/* The newest first. */
	for (size_t i = json_array_size(list); i > 0; i--) {
		const json_t *e = json_array_get(list, i - 1);
		json_t *when =
		    viz_customer_words_when(viz_page_lang(p), json_object_get(e, "time"), true);
		json_t *row = json_pack("{s:s,s:o,s:s,s:b}", "text", text_of(e, text), "level",
					viz_desk_model_word(p, "board_level_", text_of(e, "level")),
					"code", text_of(e, "event"), "bad",
					strcmp(text_of(e, "level"), "error") == 0 ||
					    strcmp(text_of(e, "level"), "warning") == 0);

		if (when != NULL)
			json_object_set_new(row, "at", when);
		json_array_append_new(out, row);
	}
	viz_page_set(p, "events", out);
	viz_page_render(p, 200, "board/events");
}

const struct viz_route viz_board_routes[] = {
    {VIZ_WEB_GET, "/board", VIZ_WEB_PRIVATE, VIZ_BOARD_ROLES, 0, ask_board, answer_board},
    {VIZ_WEB_GET, "/board/doctor", VIZ_WEB_PRIVATE, VIZ_BOARD_ROLES, 0, ask_doctor, answer_doctor},
    {VIZ_WEB_GET, "/board/events", VIZ_WEB_PRIVATE, VIZ_BOARD_ROLES, 0, ask_events, answer_events},
    {0},
};
