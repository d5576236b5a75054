#include "tools/web/desk_home.h"

#include "tools/web/customer_words.h"
#include "tools/web/desk_model.h"

#define SHOWN_MAX 50 /* rows of each part; the lists have all */

static const char *text_of(const json_t *o, const char *name)
{
	const char *text = json_string_value(json_object_get(o, name));

	return text != NULL ? text : "";
}

static void ask_home(struct viz_page *p)
{
	viz_page_ask(p, "inbox.list", NULL);
	viz_page_ask(p, "lead.list", NULL);
	viz_page_ask(p, "draft.list", NULL);
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
		if (json_object_get(one, "municipality") != NULL)
			json_object_set_new(
			    o, "town",
			    viz_customer_words_town(json_object_get(one, "municipality")));
		if (json_array_size(out) < SHOWN_MAX)
			json_array_append_new(out, o);
		else
			json_decref(o);
	}
	return out;
}

static void answer_home(struct viz_page *p)
{
	json_t *entries = json_array(), *leads = json_array(), *one;
	const json_t *list = json_object_get(viz_page_result(p, 1), "leads");
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
	for (i = json_array_size(list); i > 0 && json_array_size(leads) < SHOWN_MAX; i--)
		if (viz_desk_model_waits(json_array_get(list, i - 1)))
			json_array_append_new(leads,
					      viz_desk_model_lead(p, json_array_get(list, i - 1)));
	viz_page_set(p, "drafts", drafts(p, json_object_get(viz_page_result(p, 2), "drafts")));
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
