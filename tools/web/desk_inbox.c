#include "tools/web/desk_inbox.h"

#include "tools/web/customer_words.h"
#include "tools/web/desk_alike.h"
#include "tools/web/desk_model.h"
#include "tools/web/invite.h"

static const char *text_of(const json_t *o, const char *name)
{
	const char *text = json_string_value(json_object_get(o, name));

	return text != NULL ? text : "";
}

static void ask_list(struct viz_page *p)
{
	bool all = strcmp(viz_page_query(p, "show"), "all") == 0;

	viz_page_ask(p, "inbox.list", json_pack("{s:b}", "all", all));
}

static void answer_list(struct viz_page *p)
{
	json_t *out = json_array(), *one;
	size_t i;

	viz_desk_model_frame(p, "inbox");
	if (viz_page_refused(p)) {
		json_decref(out);
		return;
	}
	json_array_foreach(json_object_get(viz_page_result(p, 0), "entries"), i, one)
	    json_array_append_new(out, viz_desk_model_entry(p, one));
	viz_page_set(p, "all", json_boolean(strcmp(viz_page_query(p, "show"), "all") == 0));
	viz_page_set(p, "entries", out);
	viz_page_render(p, 200, "desk/inbox");
}

static json_t *args_of(const struct viz_page *p)
{
	return json_pack("{s:s}", "lead", viz_page_param(p, "id"));
}

static void ask_entry(struct viz_page *p)
{
	viz_page_ask(p, "inbox.show", args_of(p));
	viz_desk_alike_ask(p);
}

/* "mais de um quilômetro" and the like are the node's matter: a point is given as it is held. */
static json_t *location_json(const struct viz_page *p, const json_t *location)
{
	const json_t *lat = json_object_get(location, "lat_udeg");
	const json_t *lon = json_object_get(location, "lon_udeg");
	json_t *out = json_pack("{s:o,s:O}", "town",
				viz_customer_words_town(json_object_get(location, "municipality")),
				"precision_m", json_object_get(location, "precision_m"));
	json_t *cep = viz_customer_words_cep(json_object_get(location, "cep"));

	(void)p;
	if (cep != NULL)
		json_object_set_new(out, "cep", cep);
	if (lat != NULL && lon != NULL)
		json_object_set_new(out, "point",
				    json_sprintf("%.6f, %.6f",
						 (double)json_integer_value(lat) / 1e6,
						 (double)json_integer_value(lon) / 1e6));
	return out;
}

static json_t *contact_json(const json_t *contact)
{
	json_t *out = json_deep_copy(contact);
	const char *date = text_of(contact, "date");
	json_t *chat = viz_invite_whatsapp(text_of(contact, "phone"), NULL);

	if (chat != NULL)
		json_object_set_new(out, "whatsapp_url", chat);
	if (date[0] != '\0')
		json_object_set_new(out, "date", viz_customer_words_day(date));
	return out;
}

/* `i`: of inbox.show. */
static void show(struct viz_page *p, unsigned status, size_t i)
{
	const json_t *result = viz_page_result(p, i);
	const json_t *contact = json_object_get(result, "contact");
	const json_t *location = json_object_get(result, "location");
	json_t *entry;

	if (result == NULL) {
		viz_page_refused(p);
		return;
	}
	entry = viz_desk_model_entry(p, json_object_get(result, "entry"));
	json_object_set_new(entry, "showable",
			    json_boolean(json_is_true(json_object_get(result, "showable"))));
	viz_page_set(p, "entry", entry);
	if (contact != NULL)
		viz_page_set(p, "contact", contact_json(contact));
	if (location != NULL)
		viz_page_set(p, "location", location_json(p, location));
	viz_desk_alike_show(p, i + 1);
	viz_page_render(p, status, "desk/entry");
}

static void answer_entry(struct viz_page *p)
{
	viz_desk_model_frame(p, "inbox");
	show(p, 200, 0);
}

/* ---- what is done with it ---- */

static void ask_claim(struct viz_page *p)
{
	viz_page_ask(p, "inbox.claim", args_of(p));
}

static void ask_unclaim(struct viz_page *p)
{
	json_t *args = args_of(p);

	json_object_set_new(args, "release", json_true());
	viz_page_ask(p, "inbox.claim", args);
}

static void answer_done(struct viz_page *p);

static void answer_claim(struct viz_page *p)
{
	if (viz_page_round(p) == 0 && viz_page_result(p, 0) != NULL)
		viz_desk_alike_go(p, "/desk/inbox/", viz_page_param(p, "id"));
	else
		answer_done(p);
}

static void ask_contacted(struct viz_page *p)
{
	viz_page_ask(p, "inbox.contacted", args_of(p));
}

static void ask_release(struct viz_page *p)
{
	viz_page_ask(p, "inbox.release", args_of(p));
}

static void ask_answer(struct viz_page *p)
{
	json_t *args = args_of(p);
	const char *reason = viz_page_field(p, "no_reason");

	json_object_set_new(args, "answer", json_string(viz_page_field(p, "answer")));
	if (strcmp(viz_page_field(p, "answer"), "no") == 0 && reason[0] != '\0')
		json_object_set_new(args, "no_reason", json_string(reason));
	viz_page_ask(p, "inbox.answer", args);
}

static void ask_outcome(struct viz_page *p)
{
	bool installed = strcmp(viz_page_field(p, "outcome"), "installed") == 0;
	const char *days = viz_page_field(p, "days_offline");
	const char *reason = viz_page_field(p, "lost_reason");
	json_t *args = args_of(p);

	json_object_set_new(args, "outcome", json_string(installed ? "installed" : "lost"));
	/* What was left empty is not known: no number stands for it. */
	if (installed && days[0] != '\0')
		json_object_set_new(args, "days_offline", json_integer(atoll(days)));
	if (!installed && reason[0] != '\0')
		json_object_set_new(args, "lost_reason", json_string(reason));
	viz_page_ask(p, "inbox.outcome", args);
}

static void answer_done(struct viz_page *p)
{
	char path[160];

	viz_desk_model_frame(p, "inbox");
	if (viz_page_round(p) > 0) {
		show(p, 409, 0);
		return;
	}
	if (viz_page_result(p, 0) != NULL) {
		snprintf(path, sizeof path, "/desk/inbox/%s", viz_page_param(p, "id"));
		viz_page_go(p, path);
		return;
	}
	if (viz_desk_model_trouble(p, 0))
		ask_entry(p);
}

#define ROUTE(method, path, ask, answer)                                                           \
	{                                                                                          \
		method, "/desk/inbox" path, VIZ_WEB_PRIVATE, VIZ_DESK_ROLES, 0, ask, answer        \
	}

const struct viz_route viz_desk_inbox_routes[] = {
    ROUTE(VIZ_WEB_GET, "", ask_list, answer_list),
    ROUTE(VIZ_WEB_GET, "/:id", ask_entry, answer_entry),
    ROUTE(VIZ_WEB_POST, "/:id/claim", ask_claim, answer_claim),
    ROUTE(VIZ_WEB_POST, "/:id/unclaim", ask_unclaim, answer_done),
    ROUTE(VIZ_WEB_POST, "/:id/contacted", ask_contacted, answer_done),
    ROUTE(VIZ_WEB_POST, "/:id/release", ask_release, answer_done),
    ROUTE(VIZ_WEB_POST, "/:id/answer", ask_answer, answer_done),
    ROUTE(VIZ_WEB_POST, "/:id/outcome", ask_outcome, answer_done),
    {0},
};
