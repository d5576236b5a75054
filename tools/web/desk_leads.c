#include "tools/web/desk_leads.h"

#include "tools/web/customer_words.h"
#include "tools/web/desk_csv.h"
#include "tools/web/desk_model.h"

#define SHOWN_MAX 100  /* of a page */
#define FILE_MAX  2000 /* of a round of the spreadsheet */

static const char *text_of(const json_t *o, const char *name)
{
	const char *text = json_string_value(json_object_get(o, name));

	return text != NULL ? text : "";
}

/* Words of ours, so that they may stand in an address. The last one is none of the node. */
static const char *const filters[] = {"open", "waits", "over", "all"};

static const char *filter_of(const struct viz_page *p)
{
	const char *typed = viz_page_query(p, "show");

	for (size_t i = 0; i < sizeof filters / sizeof *filters; i++)
		if (strcmp(filters[i], typed) == 0)
			return filters[i];
	return filters[0];
}

static void ask_page(struct viz_page *p, const char *filter, int max, const char *cursor)
{
	json_t *args = json_pack("{s:i}", "max", max);

	if (strcmp(filter, "all") != 0)
		json_object_set_new(args, "only", json_string(filter));
	if (cursor[0] != '\0')
		json_object_set_new(args, "cursor", json_string(cursor));
	viz_page_ask(p, "lead.list", args);
}

static void ask_list(struct viz_page *p)
{
	ask_page(p, filter_of(p), SHOWN_MAX, viz_page_query(p, "before"));
}

static void answer_list(struct viz_page *p)
{
	const json_t *result = viz_page_result(p, 0), *one;
	json_t *out, *choices;
	size_t i;

	viz_desk_model_frame(p, "leads");
	if (viz_page_refused(p))
		return;
	out = json_array();
	choices = json_array();
	json_array_foreach(json_object_get(result, "leads"), i, one)
	    json_array_append_new(out, viz_desk_model_lead(p, one));
	for (i = 0; i < sizeof filters / sizeof *filters; i++)
		json_array_append_new(choices,
				      json_pack("{s:s,s:o,s:b}", "word", filters[i], "text",
						viz_desk_model_word(p, "desk_filter_", filters[i]),
						"current", strcmp(filters[i], filter_of(p)) == 0));
	viz_page_set_text(p, "show", filter_of(p));
	viz_page_set(p, "count", json_incref(json_object_get(result, "found_count")));
	viz_page_set_text(p, "older", text_of(result, "cursor"));
	viz_page_set(p, "newer", json_boolean(viz_page_query(p, "before")[0] != '\0'));
	viz_page_set(p, "none", json_boolean(json_array_size(out) == 0));
	viz_page_set(p, "filters", choices);
	viz_page_set(p, "leads", out);
	viz_page_render(p, 200, "desk/leads");
}

/* ---- the list as a file: pages of it, one round each ---- */

static void ask_export(struct viz_page *p)
{
	ask_page(p, "all", FILE_MAX, "");
}

static void put_word(json_t *row, json_t *word)
{
	viz_desk_csv_put(row, json_string_value(word));
	json_decref(word);
}

static json_t *row_of(const struct viz_page *p, const json_t *lead)
{
	static const char *const times[] = {"created_at", "cancelled_at", "awarded_at",
					    "delivered_at", "contacted_at"};
	const json_t *days = json_object_get(lead, "days_offline");
	json_t *row = json_array();

	viz_desk_csv_put(row, text_of(lead, "id"));
	viz_desk_csv_put(row, text_of(lead, "protocol"));
	put_word(row, viz_desk_model_word(p, "desk_state_", text_of(lead, "state")));
	put_word(row, viz_customer_words_town(json_object_get(lead, "municipality")));
	for (size_t k = 0; k < sizeof times / sizeof *times; k++)
		viz_desk_csv_put(row, text_of(lead, times[k]));
	viz_desk_csv_put(row, text_of(json_object_get(lead, "awarded_to"), "name"));
	if (days != NULL)
		viz_desk_csv_put_number(row, json_integer_value(days));
	else
		viz_desk_csv_put(row, "");
	return row;
}

static json_t *head_of(const struct viz_page *p)
{
	static const enum viz_web_text heads[] = {
	    VIZ_WEB_TEXT_DESK_COLUMN_LEAD,      VIZ_WEB_TEXT_DESK_PROTOCOL,
	    VIZ_WEB_TEXT_DESK_COLUMN_STATE,     VIZ_WEB_TEXT_DESK_COLUMN_TOWN,
	    VIZ_WEB_TEXT_DESK_COLUMN_CREATED,   VIZ_WEB_TEXT_DESK_COLUMN_CANCELLED,
	    VIZ_WEB_TEXT_DESK_COLUMN_AWARDED,   VIZ_WEB_TEXT_DESK_COLUMN_DELIVERED,
	    VIZ_WEB_TEXT_DESK_COLUMN_CONTACTED, VIZ_WEB_TEXT_DESK_COLUMN_HOLDER,
	    VIZ_WEB_TEXT_DESK_COLUMN_DAYS};
	json_t *head = json_array();

	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
		viz_desk_csv_put(head, viz_web_text(viz_page_lang(p), heads[i]));
	return head;
}

/* No name, address or telephone: a lead has none. */
static void answer_export(struct viz_page *p)
{
	const json_t *result = viz_page_result(p, 0), *kept = viz_page_kept(p, "rows"), *lead;
	const char *cursor;
	json_t *rows, *note;
	size_t i;

	if (viz_page_refused(p))
		return;
	cursor = text_of(result, "cursor");
	rows = kept != NULL ? json_incref((json_t *)(uintptr_t)kept) : json_pack("[o]", head_of(p));
	json_array_foreach(json_object_get(result, "leads"), i, lead)
	    json_array_append_new(rows, row_of(p, lead));
	if (cursor[0] != '\0' && viz_page_round(p) + 1 < VIZ_WEB_ROUNDS_MAX) {
		viz_page_keep(p, "rows", rows);
		ask_page(p, "all", FILE_MAX, cursor);
		return;
	}
	if (cursor[0] != '\0') {
		note = json_array();
		viz_desk_csv_put(note,
				 viz_web_text(viz_page_lang(p), VIZ_WEB_TEXT_DESK_EXPORT_MORE));
		json_array_append_new(rows, note);
	}
	viz_desk_csv_answer(p, "leads.csv", rows);
}

const struct viz_route viz_desk_leads_routes[] = {
    {VIZ_WEB_GET, "/desk/leads", VIZ_WEB_PRIVATE, VIZ_DESK_ROLES, 0, ask_list, answer_list},
    {VIZ_WEB_GET, "/desk/leads.csv", VIZ_WEB_PRIVATE, VIZ_DESK_ROLES, 0, ask_export, answer_export},
    {0},
};
