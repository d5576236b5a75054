#include "tools/web/desk_home.h"

#include <time.h>

#include "tools/web/customer_words.h"
#include "tools/web/desk_model.h"
#include "tools/web/desk_policy.h"

#define SHOWN_MAX 50 /* rows of each part; the lists have all */

static const char *text_of(const json_t *o, const char *name)
{
	const char *text = json_string_value(json_object_get(o, name));

	return text != NULL ? text : "";
}

static void ask_home(struct viz_page *p)
{
	viz_page_ask(p, "inbox.list", NULL);
	viz_page_ask(p, "lead.list", json_pack("{s:s,s:i}", "only", "waits", "max", SHOWN_MAX));
	viz_page_ask(p, "draft.list", json_pack("{s:i}", "max", SHOWN_MAX));
	viz_page_ask(p, "policy.show", NULL);
}

/* The district, as far as it is kept: "29300-000". */
static void set_cep(json_t *draft, const json_t *cep)
{
	json_t *text = viz_customer_words_cep(cep);

	json_object_del(draft, "cep");
	if (text != NULL)
		json_object_set_new(draft, "cep_text", text);
}

/* As the field of the form takes it: "2026-12-01T10:30", in the zone of this machine. */
static void set_instant(json_t *draft, const char *text)
{
	struct tm tm = {0};
	char out[32];
	time_t t;

	if (sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d", &tm.tm_year, &tm.tm_mon, &tm.tm_mday,
		   &tm.tm_hour, &tm.tm_min, &tm.tm_sec) != 6)
		return;
	tm.tm_year -= 1900;
	tm.tm_mon -= 1;
	t = timegm(&tm);
	if (localtime_r(&t, &tm) == NULL)
		return;
	strftime(out, sizeof out, "%Y-%m-%dT%H:%M", &tm);
	json_object_set_new(draft, "instant", json_string(out));
}

static json_t *drafts(const struct viz_page *p, const json_t *list)
{
	json_t *out = json_array(), *one;
	size_t i;

	json_array_foreach(list, i, one)
	{
		json_t *when = viz_customer_words_when(viz_page_lang(p),
						       json_object_get(one, "cancelled_at"), true);
		json_t *o = json_deep_copy(one);

		json_object_del(o, "cancelled_at");
		if (when != NULL)
			json_object_set_new(o, "cancelled_at", when);
		json_object_set_new(o, "move",
				    json_boolean(strcmp(text_of(one, "kind"), "move") == 0));
		set_cep(o, json_object_get(one, "cep"));
		set_instant(o, text_of(one, "cancelled_at"));
		if (json_object_get(one, "municipality") != NULL)
			json_object_set_new(
			    o, "town",
			    viz_customer_words_town(json_object_get(one, "municipality")));
		json_array_append_new(out, o);
	}
	return out;
}

static void answer_home(struct viz_page *p)
{
	json_t *entries = json_array(), *leads = json_array(), *one;
	const json_t *list = json_object_get(viz_page_result(p, 1), "leads");
	const json_t *waiting;
	size_t i;

	viz_desk_model_frame(p, "home");
	if (viz_page_refused(p)) {
		json_decref(entries);
		json_decref(leads);
		return;
	}
	json_array_foreach(json_object_get(viz_page_result(p, 0), "entries"), i,
			   one) if (i < SHOWN_MAX)
	    json_array_append_new(entries, viz_desk_model_entry(p, one));
	waiting = json_object_get(viz_page_result(p, 0), "entries");
	json_array_foreach(list, i, one) json_array_append_new(leads, viz_desk_model_lead(p, one));
	viz_page_set(p, "more_entries", json_boolean(json_array_size(waiting) > SHOWN_MAX));
	viz_page_set(p, "more_leads",
		     json_boolean(json_object_get(viz_page_result(p, 1), "cursor") != NULL));
	viz_page_set(p, "more_drafts",
		     json_boolean(json_is_true(json_object_get(viz_page_result(p, 2), "more"))));
	viz_desk_policy_note(p, json_object_get(viz_page_result(p, 3), "policy"));
	viz_page_set(p, "drafts", drafts(p, json_object_get(viz_page_result(p, 2), "drafts")));
	viz_page_set(p, "has_drafts",
		     json_boolean(json_array_size(viz_page_model(p, "drafts")) > 0));
	viz_page_set(p, "entries", entries);
	viz_page_set(p, "leads", leads);
	viz_page_render(p, 200, "desk/home");
}

static void ask_draft_close(struct viz_page *p)
{
	viz_page_ask(p, "draft.close", json_pack("{s:s}", "draft", viz_page_field(p, "draft")));
}

static void answer_draft_close(struct viz_page *p)
{
	if (!viz_page_refused(p))
		viz_page_go(p, "/desk");
}

/* ---- the search: a name or a telephone is in no address, so it is a POST ---- */

static void answer_find_form(struct viz_page *p)
{
	viz_desk_model_frame(p, "find");
	viz_page_set_text(p, "text", "");
	viz_page_set(p, "searched", json_false());
	viz_page_render(p, 200, "desk/find");
}

static void ask_find(struct viz_page *p)
{
	const char *text = viz_page_field(p, "text");

	viz_page_ask(p, "lead.find", json_pack("{s:s}", "text", text));
	viz_page_ask(p, "inbox.find", json_pack("{s:s}", "text", text));
}

static void answer_find(struct viz_page *p)
{
	json_t *leads = json_array(), *entries = json_array(), *one, *o;
	size_t i;

	viz_desk_model_frame(p, "find");
	viz_page_set_text(p, "text", viz_page_field(p, "text"));
	viz_page_set(p, "searched", json_true());
	if (strcmp(viz_page_code(p, 0), "bad-text") == 0) {
		viz_page_set(p, "trouble", viz_desk_model_word(p, "desk_error_", "bad-text"));
	} else if (viz_page_refused(p)) {
		json_decref(leads);
		json_decref(entries);
		return;
	}
	json_array_foreach(json_object_get(viz_page_result(p, 0), "found_leads"), i, one)
	{
		o = viz_desk_model_lead(p, json_object_get(one, "lead"));
		json_object_set_new(o, "name", json_string(text_of(one, "name")));
		json_array_append_new(leads, o);
	}
	json_array_foreach(json_object_get(viz_page_result(p, 1), "found_entries"), i, one)
	{
		o = viz_desk_model_entry(p, json_object_get(one, "entry"));
		json_object_set_new(o, "name", json_string(text_of(one, "name")));
		json_array_append_new(entries, o);
	}
	viz_page_set(p, "more",
		     json_boolean(json_is_true(json_object_get(viz_page_result(p, 0), "more")) ||
				  json_is_true(json_object_get(viz_page_result(p, 1), "more"))));
	viz_page_set(p, "nothing",
		     json_boolean(json_array_size(leads) + json_array_size(entries) == 0));
	viz_page_set(p, "leads", leads);
	viz_page_set(p, "entries", entries);
	viz_page_render(p, 200, "desk/find");
}

const struct viz_route viz_desk_home_routes[] = {
    {VIZ_WEB_GET, "/desk", VIZ_WEB_PRIVATE, VIZ_DESK_ROLES, 0, ask_home, answer_home},
    {VIZ_WEB_POST, "/desk/drafts/close", VIZ_WEB_PRIVATE, VIZ_DESK_ROLES, 0, ask_draft_close,
     answer_draft_close},
    {VIZ_WEB_GET, "/desk/find", VIZ_WEB_PRIVATE, VIZ_DESK_ROLES, 0, NULL, answer_find_form},
    {VIZ_WEB_POST, "/desk/find", VIZ_WEB_PRIVATE, VIZ_DESK_ROLES, 0, ask_find, answer_find},
    {0},
};
