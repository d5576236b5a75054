#include "tools/web/desk_alike.h"

#include "tools/web/desk_model.h"

static const char *text_of(const json_t *o, const char *name)
{
	const char *text = json_string_value(json_object_get(o, name));

	return text != NULL ? text : "";
}

void viz_desk_alike_go(struct viz_page *p, const char *where, const char *id)
{
	char path[192];

	snprintf(path, sizeof path, "%s%s?alike=1", where, id);
	viz_page_go(p, path);
}

static bool is_asked(const struct viz_page *p)
{
	return viz_page_query(p, "alike")[0] != '\0';
}

void viz_desk_alike_ask(struct viz_page *p)
{
	if (is_asked(p))
		viz_page_ask(p, "lead.alike", json_pack("{s:s}", "lead", viz_page_param(p, "id")));
}

/* Adds what was found of one kind. True: one of them is a customer of ours. */
static bool add(json_t *out, const struct viz_page *p, const json_t *found, const char *kind)
{
	bool inbox = strcmp(kind, "entry") == 0, ours = false;
	const json_t *one;
	size_t i;

	json_array_foreach(found, i, one)
	{
		const json_t *lead = json_object_get(one, kind);
		const char *state = text_of(lead, "state");
		json_t *row = inbox ? viz_desk_model_entry(p, lead) : viz_desk_model_lead(p, lead);

		ours = ours || strcmp(state, inbox ? "installed" : "kept") == 0;
		json_object_set_new(row, "in", json_string(inbox ? "inbox" : "leads"));
		json_object_set_new(row, "matched",
				    viz_desk_model_word(p, "desk_alike_", text_of(one, "matched")));
		json_array_append_new(out, row);
	}
	return ours;
}

void viz_desk_alike_show(struct viz_page *p, size_t i)
{
	const json_t *result = is_asked(p) ? viz_page_result(p, i) : NULL;
	json_t *rows;
	bool ours;

	/* The partner has not confirmed yet that the contact is ours: the page asks again. */
	viz_page_set(p, "alike_waits",
		     json_boolean(is_asked(p) && strcmp(viz_page_code(p, i), "no-lease") == 0));
	if (result == NULL)
		return;
	rows = json_array();
	ours = add(rows, p, json_object_get(result, "found_leads"), "lead");
	ours = add(rows, p, json_object_get(result, "found_entries"), "entry") || ours;
	viz_page_set(p, "alike",
		     json_pack("{s:b,s:b,s:o}", "ours", ours, "some", json_array_size(rows) > 0,
			       "rows", rows));
}
