#include "tools/web/desk_month.h"

#include <time.h>

#include "tools/web/customer_words.h"
#include "tools/web/desk_csv.h"
#include "tools/web/desk_model.h"

#define MONTHS     4 /* of the picker: leads are kept some 90 days */
#define MONTH_TEXT 16
#define ROLES      (VIZ_WEB_READER | VIZ_WEB_AGENT | VIZ_WEB_ADMIN)

static json_int_t count_of(const json_t *o, const char *name)
{
	return json_integer_value(json_object_get(o, name));
}

static const char *text_of(const json_t *o, const char *name)
{
	const char *text = json_string_value(json_object_get(o, name));

	return text != NULL ? text : "";
}

/* The month that is `back` months ago, by the clock of UTC, as the node counts them. */
static void month_ago(char value[MONTH_TEXT], char text[MONTH_TEXT], int back)
{
	time_t now = time(NULL);
	struct tm tm;
	int n;

	gmtime_r(&now, &tm);
	n = (tm.tm_year + 1900) * 12 + tm.tm_mon - back;
	snprintf(value, MONTH_TEXT, "%04d-%02d", n / 12, n % 12 + 1);
	snprintf(text, MONTH_TEXT, "%02d/%04d", n % 12 + 1, n / 12);
}

/* One of the picker, else this month. */
static void month_of(char value[MONTH_TEXT], char text[MONTH_TEXT], const struct viz_page *p)
{
	for (int i = 0; i < MONTHS; i++) {
		month_ago(value, text, i);
		if (strcmp(value, viz_page_query(p, "month")) == 0)
			return;
	}
	month_ago(value, text, 0);
}

static json_t *months(const char *chosen)
{
	char value[MONTH_TEXT], text[MONTH_TEXT];
	json_t *list = json_array();

	for (int i = 0; i < MONTHS; i++) {
		month_ago(value, text, i);
		json_array_append_new(list, json_pack("{s:s,s:s,s:b}", "value", value, "text", text,
						      "selected", strcmp(value, chosen) == 0));
	}
	return list;
}

static void ask_month(struct viz_page *p)
{
	char value[MONTH_TEXT], text[MONTH_TEXT];

	month_of(value, text, p);
	viz_page_ask(p, "report.month", json_pack("{s:s}", "month", value));
}

/* A step of the way, in both directions. */
static const struct step {
	enum viz_web_text name;
	const char *count;
} steps[] = {
    {VIZ_WEB_TEXT_MONTH_ASKED, "asked_count"},
    {VIZ_WEB_TEXT_MONTH_ANSWERED, "answered_count"},
    {VIZ_WEB_TEXT_MONTH_CHOSEN, "chosen_count"},
    {VIZ_WEB_TEXT_MONTH_DELIVERED, "delivered_count"},
    {VIZ_WEB_TEXT_MONTH_CONTACTED, "contacted_count"},
    {VIZ_WEB_TEXT_MONTH_IN_TIME, "in_time_count"},
    {VIZ_WEB_TEXT_MONTH_INSTALLED, "installed_count"},
    {VIZ_WEB_TEXT_MONTH_LOST, "lost_count"},
};

/* "2,5"; "-" when nobody has said. */
static json_t *mean_days(enum viz_lang lang, const json_t *flow)
{
	json_int_t known = count_of(flow, "days_known_count"), tenths;

	if (known == 0)
		return json_string("-");
	tenths = (count_of(flow, "days_offline_total") * 10 + known / 2) / known;
	return json_sprintf("%lld%s%lld", (long long)(tenths / 10),
			    viz_web_text(lang, VIZ_WEB_TEXT_MONTH_DECIMAL),
			    (long long)(tenths % 10));
}

/* A row of the table: our customers, those of partners. Taken. */
static void add_row(json_t *rows, const char *name, json_t *ours, json_t *theirs)
{
	json_array_append_new(
	    rows, json_pack("{s:s,s:o,s:o}", "name", name, "ours", ours, "theirs", theirs));
}

static json_t *flow_rows(const struct viz_page *p, const json_t *result)
{
	const json_t *ours = json_object_get(result, "as_origin");
	const json_t *theirs = json_object_get(result, "as_partner");
	enum viz_lang lang = viz_page_lang(p);
	json_t *rows = json_array();

	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
		add_row(rows, viz_web_text(lang, steps[i].name),
			json_integer(count_of(ours, steps[i].count)),
			json_integer(count_of(theirs, steps[i].count)));
	add_row(rows, viz_web_text(lang, VIZ_WEB_TEXT_MONTH_DAYS), mean_days(lang, ours),
		mean_days(lang, theirs));
	return rows;
}

static const struct step totals[] = {
    {VIZ_WEB_TEXT_MONTH_LEADS, "lead_count"},
    {VIZ_WEB_TEXT_MONTH_OFFERED, "offered_count"},
    {VIZ_WEB_TEXT_MONTH_KEPT, "kept_count"},
    {VIZ_WEB_TEXT_MONTH_NO_NEIGHBOUR, "no_neighbour_count"},
    {VIZ_WEB_TEXT_MONTH_NONE_CHOSEN, "none_chosen_count"},
    {VIZ_WEB_TEXT_MONTH_WITHDRAWN, "withdrawn_count"},
};

static json_t *total_rows(const struct viz_page *p, const json_t *result)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < sizeof totals / sizeof *totals; i++)
		json_array_append_new(rows,
				      json_pack("{s:s,s:I}", "name",
						viz_web_text(viz_page_lang(p), totals[i].name),
						"count", count_of(result, totals[i].count)));
	return rows;
}

static json_t *reasons(const struct viz_page *p, const json_t *list)
{
	json_t *out = json_array(), *one;
	size_t i;

	json_array_foreach(list, i, one) json_array_append_new(
	    out, json_pack("{s:o,s:I}", "name",
			   viz_desk_model_word(p, "desk_lost_", text_of(one, "reason")), "count",
			   count_of(one, "count")));
	return out;
}

/* The whole month is one line at the top: what customers of partners pay us since. */
static void set_money(struct viz_page *p, const json_t *result)
{
	enum viz_lang lang = viz_page_lang(p);
	json_int_t cents = count_of(result, "monthly_cents");
	json_int_t priced = count_of(result, "priced_count");
	json_int_t installed = count_of(json_object_get(result, "as_partner"), "installed_count");

	viz_page_set(
	    p, "money",
	    json_pack("{s:o,s:o,s:I,s:I,s:b,s:b}", "month", viz_customer_words_price(lang, cents),
		      "year", viz_customer_words_price(lang, cents * 12), "priced", priced,
		      "installed", installed, "all", priced == installed, "none", installed == 0));
}

static void answer_month(struct viz_page *p)
{
	char value[MONTH_TEXT], text[MONTH_TEXT];
	const json_t *result = viz_page_result(p, 0);

	viz_desk_model_frame(p, "month");
	if (viz_page_refused(p))
		return;
	month_of(value, text, p);
	viz_page_set_text(p, "month", text);
	viz_page_set_text(p, "month_value", value);
	viz_page_set(p, "months", months(value));
	set_money(p, result);
	viz_page_set(p, "totals", total_rows(p, result));
	viz_page_set(p, "flow", flow_rows(p, result));
	viz_page_set(p, "lost", reasons(p, json_object_get(result, "lost_reasons")));
	viz_page_set(p, "dealings", json_incref(json_object_get(result, "dealings")));
	viz_page_set(p, "has_dealings",
		     json_boolean(json_array_size(json_object_get(result, "dealings")) > 0));
	viz_page_set(p, "has_lost",
		     json_boolean(json_array_size(json_object_get(result, "lost_reasons")) > 0));
	viz_page_render(p, 200, "desk/month");
}

/* ---- as a file ---- */

static void put_line(json_t *rows, const char *name, const char *ours, const char *theirs)
{
	json_t *row = json_array();

	viz_desk_csv_put(row, name);
	viz_desk_csv_put(row, ours);
	viz_desk_csv_put(row, theirs);
	json_array_append_new(rows, row);
}

static void put_counts(json_t *rows, const char *name, json_int_t ours, json_int_t theirs)
{
	json_t *row = json_array();

	viz_desk_csv_put(row, name);
	viz_desk_csv_put_number(row, ours);
	viz_desk_csv_put_number(row, theirs);
	json_array_append_new(rows, row);
}

static void put_flow(json_t *rows, const struct viz_page *p, const json_t *result)
{
	const json_t *ours = json_object_get(result, "as_origin");
	const json_t *theirs = json_object_get(result, "as_partner");
	enum viz_lang lang = viz_page_lang(p);

	put_line(rows, "", viz_web_text(lang, VIZ_WEB_TEXT_MONTH_OURS),
		 viz_web_text(lang, VIZ_WEB_TEXT_MONTH_THEIRS));
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
		put_counts(rows, viz_web_text(lang, steps[i].name), count_of(ours, steps[i].count),
			   count_of(theirs, steps[i].count));
	put_counts(rows, viz_web_text(lang, VIZ_WEB_TEXT_MONTH_DAYS_TOTAL),
		   count_of(ours, "days_offline_total"), count_of(theirs, "days_offline_total"));
	put_counts(rows, viz_web_text(lang, VIZ_WEB_TEXT_MONTH_DAYS_KNOWN),
		   count_of(ours, "days_known_count"), count_of(theirs, "days_known_count"));
}

static void put_dealings(json_t *rows, const struct viz_page *p, const json_t *list)
{
	static const enum viz_web_text heads[] = {
	    VIZ_WEB_TEXT_MONTH_PARTNER, VIZ_WEB_TEXT_MONTH_GIVEN,
	    VIZ_WEB_TEXT_MONTH_GIVEN_INSTALLED, VIZ_WEB_TEXT_MONTH_RECEIVED,
	    VIZ_WEB_TEXT_MONTH_RECEIVED_INSTALLED};
	static const char *const counts[] = {"given_count", "given_installed_count",
					     "received_count", "received_installed_count"};
	json_t *row = json_array(), *one;
	size_t i, k;

	for (i = 0; i < sizeof heads / sizeof *heads; i++)
		viz_desk_csv_put(row, viz_web_text(viz_page_lang(p), heads[i]));
	json_array_append_new(rows, row);
	json_array_foreach(list, i, one)
	{
		row = json_array();
		viz_desk_csv_put(row, text_of(one, "name"));
		for (k = 0; k < sizeof counts / sizeof *counts; k++)
			viz_desk_csv_put_number(row, count_of(one, counts[k]));
		json_array_append_new(rows, row);
	}
}

static void answer_export(struct viz_page *p)
{
	char value[MONTH_TEXT], text[MONTH_TEXT], name[32];
	const json_t *result = viz_page_result(p, 0);
	enum viz_lang lang = viz_page_lang(p);
	json_t *rows, *money;

	if (viz_page_refused(p))
		return;
	month_of(value, text, p);
	rows = json_array();
	put_line(rows, viz_web_text(lang, VIZ_WEB_TEXT_DESK_MONTH), text, "");
	money = viz_customer_words_price(lang, count_of(result, "monthly_cents"));
	put_line(rows, viz_web_text(lang, VIZ_WEB_TEXT_MONTH_MONEY), "", json_string_value(money));
	json_decref(money);
	for (size_t i = 0; i < sizeof totals / sizeof *totals; i++) {
		json_t *row = json_array();

		viz_desk_csv_put(row, viz_web_text(lang, totals[i].name));
		viz_desk_csv_put_number(row, count_of(result, totals[i].count));
		json_array_append_new(rows, row);
	}
	put_flow(rows, p, result);
	put_dealings(rows, p, json_object_get(result, "dealings"));
	snprintf(name, sizeof name, "%s.csv", value);
	viz_desk_csv_answer(p, name, rows);
}

const struct viz_route viz_desk_month_routes[] = {
    {VIZ_WEB_GET, "/desk/month", VIZ_WEB_PRIVATE, ROLES, 0, ask_month, answer_month},
    {VIZ_WEB_GET, "/desk/month.csv", VIZ_WEB_PRIVATE, ROLES, 0, ask_month, answer_export},
    {0},
};
