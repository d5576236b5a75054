#include "tools/web/desk_new.h"

#include <time.h>

#include "tools/web/desk_model.h"
#include "tools/web/desk_place.h"

const char *const viz_desk_new_carried[] = {"protocol", "cancelled_at", "service", "month", "again",
					    "previous", "place",        "where",   "words", NULL};

/* "2026-12-01T10:30" as a browser sends it, in the zone of this machine, as RFC 3339. */
static json_t *instant(const char *typed)
{
	struct tm tm = {0};
	char out[32];
	time_t t;

	if (sscanf(typed, "%4d-%2d-%2dT%2d:%2d", &tm.tm_year, &tm.tm_mon, &tm.tm_mday, &tm.tm_hour,
		   &tm.tm_min) != 5)
		return NULL;
	tm.tm_year -= 1900;
	tm.tm_mon -= 1;
	tm.tm_isdst = -1;
	t = mktime(&tm);
	if (t == (time_t)-1 || gmtime_r(&t, &tm) == NULL)
		return NULL;
	strftime(out, sizeof out, "%Y-%m-%dT%H:%M:%SZ", &tm);
	return json_string(out);
}

json_t *viz_desk_new_place_args(const struct viz_page *p)
{
	json_t *place = json_loads(viz_page_field(p, "place"), JSON_REJECT_DUPLICATES, NULL);
	const char *month = viz_page_field(p, "month");
	json_t *args;

	if (!json_is_object(place)) {
		json_decref(place);
		return NULL;
	}
	args = json_pack("{s:o,s:s}", "place", place, "service",
			 strcmp(viz_page_field(p, "service"), "business") == 0 ? "business"
									       : "internet");
	if (month[0] != '\0')
		json_object_set_new(args, "month", json_string(month));
	return args;
}

json_t *viz_desk_new_args(const struct viz_page *p)
{
	const char *previous = viz_page_field(p, "previous");
	json_t *args = viz_desk_new_place_args(p), *when;

	if (args == NULL)
		return NULL;
	json_object_set_new(args, "protocol", json_string(viz_page_field(p, "protocol")));
	when = instant(viz_page_field(p, "cancelled_at"));
	if (when != NULL)
		json_object_set_new(args, "cancelled_at", when);
	if (strcmp(viz_page_field(p, "again"), "yes") == 0)
		json_object_set_new(args, "again", json_true());
	if (previous[0] != '\0')
		json_object_set_new(args, "previous", json_string(previous));
	return args;
}

/* The twelve months from now, for the wish. */
static json_t *months(const char *chosen)
{
	json_t *list = json_array();
	time_t now = time(NULL);
	struct tm tm;

	localtime_r(&now, &tm);
	for (int i = 0; i < 12; i++) {
		int year = tm.tm_year + 1900 + (tm.tm_mon + i) / 12,
		    month = (tm.tm_mon + i) % 12 + 1;
		char value[16];

		snprintf(value, sizeof value, "%04d-%02d", year, month);
		json_array_append_new(list, json_pack("{s:s,s:o,s:b}", "value", value, "text",
						      json_sprintf("%02d/%04d", month, year),
						      "selected", strcmp(value, chosen) == 0));
	}
	return list;
}

/* The form, as it was typed. */
static void show_form(struct viz_page *p, unsigned status)
{
	static const char *const names[] = {"protocol", "cancelled_at", "where", "again", NULL};
	json_t *form = json_object();

	for (size_t i = 0; names[i] != NULL; i++)
		json_object_set_new(form, names[i], json_string(viz_page_field(p, names[i])));
	json_object_set_new(form, "business",
			    json_boolean(strcmp(viz_page_field(p, "service"), "business") == 0));
	json_object_set_new(form, "months", months(viz_page_field(p, "month")));
	viz_page_set(p, "form", form);
	viz_page_render(p, status, "desk/new");
}

static void answer_form(struct viz_page *p)
{
	viz_desk_model_frame(p, "new");
	show_form(p, 200);
}

static void ask_place(struct viz_page *p)
{
	viz_page_ask(p, "coverage.list", NULL);
	if (viz_page_field(p, "protocol")[0] != '\0')
		viz_page_ask(p, "lead.list",
			     json_pack("{s:s}", "protocol", viz_page_field(p, "protocol")));
}

static bool blame(struct viz_page *p, const char *field, enum viz_web_text text)
{
	viz_page_set(p, "wrong", json_pack("{s:s}", field, viz_web_text(viz_page_lang(p), text)));
	show_form(p, 422);
	return false;
}

/* The lead of this protocol number that is open already, if nobody has said that a second is meant.
 */
static bool is_new(struct viz_page *p)
{
	const json_t *lead = json_array_get(json_object_get(viz_page_result(p, 1), "leads"), 0);

	if (lead == NULL || strcmp(viz_page_field(p, "again"), "yes") == 0)
		return true;
	viz_page_set(p, "open", viz_desk_model_lead(p, lead));
	show_form(p, 409);
	return false;
}

/* What was typed is good, and the place is found. */
static bool take_form(struct viz_page *p)
{
	json_int_t home =
	    json_integer_value(json_object_get(viz_page_result(p, 0), "home_state_code"));
	const char *where = viz_page_field(p, "where");
	json_t *place = NULL, *words = NULL, *when;
	bool sure = false, found;

	if (viz_page_field(p, "protocol")[0] == '\0')
		return blame(p, "protocol", VIZ_WEB_TEXT_DESK_NEED_PROTOCOL);
	when = instant(viz_page_field(p, "cancelled_at"));
	if (when == NULL && viz_page_field(p, "cancelled_at")[0] != '\0')
		return blame(p, "cancelled_at", VIZ_WEB_TEXT_DESK_BAD_TIME);
	json_decref(when);
	if (where[0] == '\0')
		return blame(p, "where", VIZ_WEB_TEXT_DESK_NEED_ADDRESS);
	found = viz_desk_place_find(&place, &words, &sure, viz_page_lang(p), where, home);
	if (!found) {
		viz_page_set(p, "wrong", json_pack("{s:O}", "where", words));
	} else if (!sure && strcmp(viz_page_field(p, "confirmed"), json_string_value(words)) != 0) {
		viz_page_set(p, "confirm", json_incref(words));
		found = false;
	}
	if (found) {
		viz_page_keep(p, "place", json_incref(place));
		viz_page_keep(p, "words", json_incref(words));
	}
	json_decref(place);
	json_decref(words);
	if (!found)
		show_form(p, 422);
	return found;
}

/* The next step gets what this one has found. */
static void carry(struct viz_page *p)
{
	json_t *fields;
	char *text = json_dumps(viz_page_kept(p, "place"), JSON_COMPACT);
	static const char *const names[] = {"protocol", "cancelled_at", "service", "month",
					    "again",    "previous",     "where",   NULL};

	VIZ_REQUIRE(text != NULL);
	viz_desk_model_carry(p, names);
	fields = json_pack("[{s:s,s:s},{s:s,s:O}]", "name", "place", "value", text, "name", "words",
			   "value", viz_page_kept(p, "words"));
	viz_page_set(p, "place_fields", fields);
	viz_page_set(p, "words", json_incref((json_t *)(uintptr_t)viz_page_kept(p, "words")));
	free(text);
}

static void answer_place(struct viz_page *p)
{
	json_t *args;

	viz_desk_model_frame(p, "new");
	if (viz_page_round(p) == 0) {
		if (viz_page_refused(p) || !take_form(p) || !is_new(p))
			return;
		args =
		    json_pack("{s:O,s:s}", "place", viz_page_kept(p, "place"), "service",
			      strcmp(viz_page_field(p, "service"), "business") == 0 ? "business"
										    : "internet");
		if (viz_page_field(p, "month")[0] != '\0')
			json_object_set_new(args, "month", json_string(viz_page_field(p, "month")));
		viz_page_ask(p, "lead.lookup", args);
		return;
	}
	if (viz_page_result(p, 0) == NULL) {
		if (viz_desk_model_trouble(p, 0))
			show_form(p, 409);
		return;
	}
	carry(p);
	viz_page_set(p, "own", viz_desk_model_own(json_object_get(viz_page_result(p, 0), "own")));
	viz_page_set(
	    p, "partners",
	    viz_desk_model_partners(p, json_object_get(viz_page_result(p, 0), "partners")));
	viz_page_set(p, "members",
		     viz_desk_model_partners(p, json_object_get(viz_page_result(p, 0), "members")));
	viz_page_set(p, "with_link", json_boolean(viz_page_customer_url(p)[0] != '\0'));
	viz_page_render(p, 200, "desk/decide");
}

/* Who serves the address, while it is typed: a part of a page, for desk.js. */
static void ask_who(struct viz_page *p)
{
	viz_page_ask(p, "coverage.list", NULL);
}

static void answer_who(struct viz_page *p)
{
	json_int_t home =
	    json_integer_value(json_object_get(viz_page_result(p, 0), "home_state_code"));
	json_t *place, *words;
	bool sure;

	if (viz_page_round(p) == 0) {
		if (viz_page_refused(p))
			return;
		if (!viz_desk_place_find(&place, &words, &sure, viz_page_lang(p),
					 viz_page_field(p, "where"), home)) {
			viz_page_set(p, "words", words);
			viz_page_set(p, "found", json_false());
			viz_page_render(p, 200, "desk/who");
			return;
		}
		viz_page_keep(p, "words", words);
		viz_page_ask(p, "lead.lookup", json_pack("{s:o}", "place", place));
		return;
	}
	if (viz_page_refused(p))
		return;
	viz_page_set(p, "found", json_true());
	viz_page_set(p, "words", json_incref((json_t *)(uintptr_t)viz_page_kept(p, "words")));
	viz_page_set(p, "own", viz_desk_model_own(json_object_get(viz_page_result(p, 0), "own")));
	viz_page_set(
	    p, "partners",
	    viz_desk_model_partners(p, json_object_get(viz_page_result(p, 0), "partners")));
	viz_page_render(p, 200, "desk/who");
}

const struct viz_route viz_desk_new_routes[] = {
    {VIZ_WEB_GET, "/desk/new", VIZ_WEB_PRIVATE, VIZ_DESK_ROLES, 0, NULL, answer_form},
    /* A draft of the ERP fills the form; its protocol number leads to a person, so it is posted. */
    {VIZ_WEB_POST, "/desk/new/begin", VIZ_WEB_PRIVATE, VIZ_DESK_ROLES, 0, NULL, answer_form},
    {VIZ_WEB_POST, "/desk/new", VIZ_WEB_PRIVATE, VIZ_DESK_ROLES, 0, ask_place, answer_place},
    {VIZ_WEB_POST, "/desk/who", VIZ_WEB_PRIVATE, VIZ_DESK_ROLES, 0, ask_who, answer_who},
    {0},
};
