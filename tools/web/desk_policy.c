#include "tools/web/desk_policy.h"

#include <time.h>

#include "tools/web/customer_words.h"
#include "tools/web/desk_model.h"
#include "tools/web/desk_place.h"

#define ROLES     (VIZ_WEB_READER | VIZ_WEB_AGENT | VIZ_WEB_ADMIN)
#define TOWNS_MAX 300 /* that the node takes */
#define PAUSE_MAX (30 * 24)

static const char *text_of(const json_t *o, const char *name)
{
	const char *text = json_string_value(json_object_get(o, name));

	return text != NULL ? text : "";
}

void viz_desk_policy_note(struct viz_page *p, const json_t *policy)
{
	json_t *until = viz_customer_words_when(viz_page_lang(p),
						json_object_get(policy, "paused_until"), true);
	bool full = strcmp(text_of(policy, "no_reason"), "capacity") == 0;

	if (policy == NULL || json_is_true(json_object_get(policy, "taking"))) {
		json_decref(until);
		return;
	}
	if (until != NULL)
		viz_page_set(p, "stopped", json_pack("{s:o}", "paused", until));
	else
		viz_page_set(p, "stopped", json_pack("{s:b}", full ? "full" : "outside", true));
}

/* ---- the page ---- */

/* The towns as they are typed, one a line. */
static json_t *towns_of(const json_t *policy)
{
	json_t *out = json_array(), *one;
	size_t i;

	json_array_foreach(json_object_get(policy, "municipalities"), i, one)
	    json_array_append_new(out, viz_customer_words_town(one));
	return out;
}

static json_t *lines_of(const json_t *towns)
{
	char *text = NULL;
	size_t len = 0, i;
	FILE *out = open_memstream(&text, &len);
	json_t *one, *lines;

	VIZ_REQUIRE(out != NULL);
	json_array_foreach(towns, i, one) fprintf(out, "%s\n", json_string_value(one));
	VIZ_REQUIRE(fclose(out) == 0);
	lines = json_string(text);
	free(text);
	return lines;
}

static json_t *cap_of(const json_t *policy)
{
	const json_t *cap = json_object_get(policy, "daily_cap");

	return cap != NULL ? json_sprintf("%lld", (long long)json_integer_value(cap))
			   : json_string("");
}

/* `typed`: what the form has is shown again. */
static void show(struct viz_page *p, unsigned status, const json_t *policy, bool typed)
{
	json_t *towns = towns_of(policy);
	json_t *changed =
	    viz_customer_words_when(viz_page_lang(p), json_object_get(policy, "changed_at"), true);
	const char *who = strchr(text_of(policy, "who"), ':');
	json_t *form;

	if (typed)
		form = json_pack("{s:s,s:s,s:s}", "hours", viz_page_field(p, "hours"), "cap",
				 viz_page_field(p, "cap"), "towns", viz_page_field(p, "towns"));
	else
		form = json_pack("{s:s,s:o,s:o}", "hours", text_of(policy, "taking_hours"), "cap",
				 cap_of(policy), "towns", lines_of(towns));
	viz_desk_policy_note(p, policy);
	viz_page_set(p, "form", form);
	viz_page_set_text(p, "hours", text_of(policy, "taking_hours"));
	viz_page_set_text(p, "called", text_of(policy, "hours"));
	viz_page_set(p, "cap", cap_of(policy));
	viz_page_set(p, "taken", json_incref(json_object_get(policy, "taken_today_count")));
	viz_page_set(p, "towns", towns);
	viz_page_set(p, "pausing", json_boolean(json_object_get(policy, "paused_until") != NULL));
	if (changed != NULL) {
		json_object_set_new(changed, "by",
				    json_string(who != NULL ? who + 1 : text_of(policy, "who")));
		viz_page_set(p, "changed", changed);
	}
	viz_page_render(p, status, "desk/policy");
}

static void ask_policy(struct viz_page *p)
{
	viz_page_ask(p, "policy.show", NULL);
	viz_page_ask(p, "coverage.list", NULL);
}

static void answer_policy(struct viz_page *p)
{
	viz_desk_model_frame(p, "policy");
	if (!viz_page_refused(p))
		show(p, 200, json_object_get(viz_page_result(p, 0), "policy"), false);
}

/* ---- an admin sets it ---- */

static void blame(struct viz_page *p, const char *field, json_t *why)
{
	viz_page_set(p, "wrong", json_pack("{s:o}", field, why));
	show(p, 422, json_object_get(viz_page_result(p, 0), "policy"), true);
}

/* Adds the town of a line. False: the form is shown again, with why. */
static bool take_town(struct viz_page *p, json_t *list, const char *line, json_int_t home)
{
	json_t *place = NULL, *words = NULL, *why;
	bool sure = false,
	     found = viz_desk_place_find(&place, &words, &sure, viz_page_lang(p), line, home);
	bool full = json_array_size(list) == TOWNS_MAX;

	if (found && sure && !full) {
		json_array_append_new(
		    list,
		    json_pack("{s:O}", "code",
			      json_object_get(json_object_get(place, "municipality"), "code")));
		json_decref(place);
		json_decref(words);
		return true;
	}
	/* An uncertain one is said as it was understood: it is typed so, if it was meant. */
	why = json_sprintf(
	    "%s: %s%s", line,
	    found ? viz_web_text(viz_page_lang(p),
				 full ? VIZ_WEB_TEXT_POLICY_TOWNS_MANY : VIZ_WEB_TEXT_POLICY_MEANT)
		  : "",
	    json_string_value(words));
	json_decref(place);
	json_decref(words);
	blame(p, "towns", why);
	return false;
}

/* A new reference; NULL: the form is shown again. */
static json_t *typed_towns(struct viz_page *p)
{
	json_int_t home =
	    json_integer_value(json_object_get(viz_page_result(p, 1), "home_state_code"));
	char *text = strdup(viz_page_field(p, "towns")), *rest = NULL;
	json_t *list = json_array();
	bool good = true;

	VIZ_REQUIRE(text != NULL);
	for (char *line = strtok_r(text, "\r\n", &rest); line != NULL && good;
	     line = strtok_r(NULL, "\r\n", &rest)) {
		line += strspn(line, " \t");
		if (line[0] != '\0')
			good = take_town(p, list, line, home);
	}
	free(text);
	if (good)
		return list;
	json_decref(list);
	return NULL;
}

static void answer_set(struct viz_page *p)
{
	const char *cap = viz_page_field(p, "cap");
	json_t *towns;

	viz_desk_model_frame(p, "policy");
	if (viz_page_round(p) == 0) {
		if (viz_page_refused(p))
			return;
		if (strspn(cap, "0123456789") != strlen(cap) || strlen(cap) > 6 ||
		    atol(cap) > 100000) {
			blame(p, "cap",
			      json_string(
				  viz_web_text(viz_page_lang(p), VIZ_WEB_TEXT_POLICY_BAD_CAP)));
			return;
		}
		towns = typed_towns(p);
		if (towns == NULL)
			return;
		viz_page_keep(p, "policy",
			      json_incref(json_object_get(viz_page_result(p, 0), "policy")));
		viz_page_ask(p, "policy.set",
			     json_pack("{s:I,s:s,s:o}", "daily_cap", (json_int_t)atol(cap),
				       "taking_hours", viz_page_field(p, "hours"), "municipalities",
				       towns));
		return;
	}
	if (strcmp(viz_page_code(p, 0), "bad-text") == 0) {
		viz_page_set(
		    p, "wrong",
		    json_pack("{s:s}", "hours",
			      viz_web_text(viz_page_lang(p), VIZ_WEB_TEXT_POLICY_BAD_HOURS)));
		show(p, 422, viz_page_kept(p, "policy"), true);
	} else if (!viz_page_refused(p)) {
		viz_page_go(p, "/desk/policy");
	}
}

/* A pause of some hours from now; 0 ends it. */
static void ask_pause(struct viz_page *p)
{
	long hours = atol(viz_page_field(p, "hours"));
	time_t until;
	struct tm tm;
	char text[32];

	if (hours < 0 || hours > PAUSE_MAX) {
		viz_page_fail(p, 400, VIZ_WEB_TEXT_ERROR_BAD_REQUEST);
		return;
	}
	/* A minute less than the most, as the clock of the node may be behind ours. */
	until = time(NULL) + (hours > 0 ? hours * 3600 - 60 : -60);
	gmtime_r(&until, &tm);
	strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm);
	viz_page_ask(p, "policy.set", json_pack("{s:s}", "paused_until", text));
}

static void answer_pause(struct viz_page *p)
{
	if (!viz_page_refused(p))
		viz_page_go(p, "/desk/policy");
}

const struct viz_route viz_desk_policy_routes[] = {
    {VIZ_WEB_GET, "/desk/policy", VIZ_WEB_PRIVATE, ROLES, 0, ask_policy, answer_policy},
    {VIZ_WEB_POST, "/desk/policy", VIZ_WEB_PRIVATE, VIZ_WEB_ADMIN, 0, ask_policy, answer_set},
    {VIZ_WEB_POST, "/desk/policy/pause", VIZ_WEB_PRIVATE, VIZ_WEB_ADMIN, 0, ask_pause,
     answer_pause},
    {0},
};
