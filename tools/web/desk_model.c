#include "tools/web/desk_model.h"

#include "tools/web/customer_words.h"

void viz_desk_model_frame(struct viz_page *p, const char *part)
{
	const json_t *trouble = viz_page_kept(p, "trouble");

	viz_page_set(p, "at", json_pack("{s:b}", part, true));
	if (trouble != NULL)
		viz_page_set(p, "trouble", json_incref((json_t *)(uintptr_t)trouble));
}

static const char *text_of(const json_t *o, const char *name)
{
	const char *text = json_string_value(json_object_get(o, name));

	return text != NULL ? text : "";
}

static bool is_true(const json_t *o, const char *name)
{
	return json_is_true(json_object_get(o, name));
}

json_t *viz_desk_model_word(const struct viz_page *p, const char *prefix, const char *word)
{
	char key[VIZ_WEB_NAME_MAX];
	enum viz_web_text text;

	snprintf(key, sizeof key, "%s%s", prefix, word);
	for (char *c = key; *c != '\0'; c++)
		if (*c == '-')
			*c = '_';
	return json_string(viz_web_text_find(&text, key) ? viz_web_text(viz_page_lang(p), text)
							 : word);
}

/* {"none_chosen": true} of "none-chosen": for a section of a template. */
static json_t *flag_of(const char *word)
{
	json_t *out = json_object();
	char key[VIZ_WEB_NAME_MAX];

	snprintf(key, sizeof key, "%s", word);
	for (char *c = key; *c != '\0'; c++)
		if (*c == '-')
			*c = '_';
	json_object_set_new(out, key, json_true());
	return out;
}

static void set_time(const struct viz_page *p, json_t *out, const char *name, const json_t *from)
{
	json_t *when = viz_customer_words_when(viz_page_lang(p), json_object_get(from, name), true);

	if (when != NULL)
		json_object_set_new(out, name, when);
}

static json_t *asked(const struct viz_page *p, const json_t *list)
{
	json_t *out = json_array(), *one;
	size_t i;

	json_array_foreach(list, i, one)
	{
		json_t *o = viz_customer_words_provider(one, NULL);

		if (json_object_get(o, "label") == NULL)
			json_object_set(o, "label", json_object_get(one, "name"));
		json_object_set_new(o, "answer_text",
				    viz_desk_model_word(p, "desk_answer_", text_of(one, "answer")));
		json_object_set_new(o, "erased", json_boolean(is_true(one, "erased")));
		json_object_set_new(o, "awarded", json_boolean(is_true(one, "awarded")));
		json_array_append_new(out, o);
	}
	return out;
}

/* Nothing more comes of it. */
static bool is_over(const json_t *lead)
{
	const char *state = text_of(lead, "state");

	return is_true(lead, "revoked") || strcmp(state, "installed") == 0 ||
	       strcmp(state, "lost") == 0 || strcmp(state, "kept") == 0 ||
	       strcmp(state, "withdrawn") == 0;
}

bool viz_desk_model_waits(const json_t *lead)
{
	const char *state = text_of(lead, "state");

	if (is_over(lead))
		return false;
	return strcmp(state, "choosing") == 0 || is_true(lead, "released") ||
	       is_true(lead, "neighbour_came");
}

json_t *viz_desk_model_lead(const struct viz_page *p, const json_t *lead)
{
	static const char *const times[] = {"created_at",  "cancelled_at", "closes_at",
					    "awarded_at",  "delivered_at", "contacted_at",
					    "lease_until", "award_until"};
	static const char *const flags[] = {"revoked", "released", "recalled", "holds_contact",
					    "neighbour_came"};
	const char *state = text_of(lead, "state");
	const json_t *days = json_object_get(lead, "days_offline");
	const json_t *holder = json_object_get(lead, "awarded_to");
	json_t *out = json_pack(
	    "{s:s,s:s,s:s,s:o,s:o,s:o,s:b}", "id", text_of(lead, "id"), "inbox_id",
	    text_of(lead, "inbox_id"), "protocol", text_of(lead, "protocol"), "state_text",
	    viz_desk_model_word(p, "desk_state_", state), "is", flag_of(state), "town",
	    viz_customer_words_town(json_object_get(lead, "municipality")), "waits",
	    viz_desk_model_waits(lead));

	for (size_t i = 0; i < sizeof times / sizeof *times; i++)
		set_time(p, out, times[i], lead);
	for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
		json_object_set_new(out, flags[i], json_boolean(is_true(lead, flags[i])));
	if (days != NULL)
		json_object_set(out, "days_offline", (json_t *)(uintptr_t)days);
	if (holder != NULL)
		json_object_set_new(out, "holder", json_string(text_of(holder, "name")));
	json_object_set_new(out, "over", json_boolean(is_over(lead)));
	json_object_set_new(out, "asked", asked(p, json_object_get(lead, "asked")));
	json_object_set_new(out, "has_asked",
			    json_boolean(json_array_size(json_object_get(lead, "asked")) > 0));
	return out;
}

/* The node says "web:maria" of an account, and "root" of somebody at the command line. Only
 * accounts of this process claim with a ":". */
json_t *viz_desk_model_entry(const struct viz_page *p, const json_t *entry)
{
	static const char *const times[] = {"offered_at",  "closes_at",   "awarded_at",
					    "lease_until", "award_until", "due_at"};
	static const char *const flags[] = {"waits", "holds_location", "holds_contact"};
	const char *state = text_of(entry, "state");
	const json_t *wish = json_object_get(entry, "wish");
	const json_t *claim = json_object_get(entry, "claimed_by");
	json_t *out =
	    json_pack("{s:s,s:s,s:o,s:o,s:o,s:b}", "id", text_of(entry, "id"), "origin",
		      text_of(json_object_get(entry, "origin"), "name"), "state_text",
		      viz_desk_model_word(p, "desk_inbox_", state), "is", flag_of(state), "town",
		      viz_customer_words_town(json_object_get(entry, "municipality")), "business",
		      strcmp(text_of(wish, "service"), "business") == 0);

	for (size_t i = 0; i < sizeof times / sizeof *times; i++)
		set_time(p, out, times[i], entry);
	for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
		json_object_set_new(out, flags[i], json_boolean(is_true(entry, flags[i])));
	if (claim != NULL) {
		const char *who = json_string_value(claim);
		const char *name = strchr(who, ':');

		name = name != NULL ? name + 1 : who;
		json_object_set_new(out, "claimed_by", json_string(name));
		json_object_set_new(
		    out, "mine",
		    json_boolean(name != who && strcmp(name, viz_page_who(p).name) == 0));
	}
	return out;
}

json_t *viz_desk_model_partners(const struct viz_page *p, const json_t *list)
{
	json_t *out = json_array(), *one;
	size_t i;

	json_array_foreach(list, i, one)
	{
		json_array_append_new(
		    out,
		    json_pack("{s:s,s:s,s:b,s:b,s:b,s:b,s:o}", "id", text_of(one, "id"), "label",
			      text_of(one, "label"), "drawn", is_true(one, "drawn"), "struck",
			      is_true(one, "struck"), "blocked", is_true(one, "blocked"), "by_hand",
			      strcmp(text_of(one, "answers"), "hand") == 0, "found",
			      viz_desk_model_word(p, "desk_found_", text_of(one, "found"))));
	}
	return out;
}

json_t *viz_desk_model_own(const json_t *own)
{
	const char *answer = text_of(own, "answer");

	if (is_true(own, "none"))
		answer = "none";
	return json_pack("{s:b}", answer[0] != '\0' ? answer : "none", true);
}

void viz_desk_model_carry(struct viz_page *p, const char *const *names)
{
	json_t *list = json_array();

	for (; *names != NULL; names++) {
		const char *value = viz_page_field(p, *names);

		if (value[0] != '\0')
			json_array_append_new(
			    list, json_pack("{s:s,s:s}", "name", *names, "value", value));
	}
	viz_page_set(p, "fields", list);
}

/* The errors of the node about which somebody at the desk can do something. */
static const char *const mendable[] = {
    "alone",           "bad-date",         "bad-phone",     "clock",         "draw-over",
    "no-consent",      "no-lease",         "no-neighbour",  "no-privacy",    "no-such-draw",
    "no-withdrawal",   "not-claimed",      "not-now",       "other-place",   "own-analysis",
    "own-key-revoked", "own-no",           "personal",      "previous-held", "previous-named",
    "previous-open",   "previous-unheard", "protocol-open", "quarantine",    "revoked-already",
    "starting",        "store-full",       "text-changed",  "too-many",      "claimed",
};

bool viz_desk_model_trouble(struct viz_page *p, size_t i)
{
	const char *code = viz_page_code(p, i);

	for (size_t k = 0; k < sizeof mendable / sizeof *mendable; k++) {
		if (strcmp(mendable[k], code) != 0)
			continue;
		viz_page_set(p, "trouble", viz_desk_model_word(p, "desk_error_", code));
		viz_page_keep(p, "trouble", viz_desk_model_word(p, "desk_error_", code));
		return true;
	}
	viz_page_refused(p);
	return false;
}
