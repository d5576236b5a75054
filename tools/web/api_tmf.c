/* Leads as SalesLead of TM Forum's TMF699 (Sales Management, version 4), for programs that read
 * that: ours as "given", those of partners as "received". Read only. Lists have no personal data;
 * one lead has it when `persons` is asked for, which needs that scope, and is logged by the node.
 */
#include "tools/web/api.h"
#include "tools/web/api_problem.h"

#define LIMIT_MAX     1000
#define LIMIT_DEFAULT 100
#define OFFSET_MAX    1000000
#define BASE          "/api/v1/tmf699/salesLead"

/* TMF699's states. Its `statusChangeReason` has the node's own word. */
static const struct {
	const char *state, *status;
} statuses[] = {
    {"no-neighbour", "pending"},  {"open", "acknowledged"},  {"closed", "acknowledged"},
    {"choosing", "acknowledged"}, {"awarded", "inProgress"}, {"delivered", "inProgress"},
    {"contacted", "inProgress"},  {"installed", "accepted"}, {"lost", "rejected"},
    {"none-chosen", "rejected"},  {"released", "rejected"},  {"kept", "cancelled"},
    {"withdrawn", "cancelled"},   {"over", "cancelled"},     {"answered", "acknowledged"},
    {"proposed", "acknowledged"},
};

static const char *text_of(const json_t *o, const char *name)
{
	const char *text = json_string_value(json_object_get(o, name));

	return text != NULL ? text : "";
}

static const char *status_of(const char *state)
{
	for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++)
		if (strcmp(statuses[i].state, state) == 0)
			return statuses[i].status;
	return "pending";
}

static void copy(json_t *to, const char *name, const json_t *from, const char *field)
{
	json_t *value = json_object_get(from, field);

	if (value != NULL)
		json_object_set(to, name, value);
}

static json_t *party(const json_t *node, const char *role)
{
	json_t *o = json_pack("{s:s,s:s,s:s}", "id", text_of(node, "id"), "role", role,
			      "@referredType", "Organization");

	copy(o, "name", node, "name");
	return o;
}

static json_t *sales_lead(const json_t *lead, bool given)
{
	const char *id = text_of(lead, "id"), *state = text_of(lead, "state");
	json_t *parties = json_array(), *valid = json_object(), *o;
	char href[160], name[64];

	snprintf(href, sizeof href, "%s/%s", BASE, id);
	snprintf(name, sizeof name, "vizinho %.40s", id);
	o = json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s}", "@type", "SalesLead", "id", id, "href", href,
		      "name", name, "type", given ? "given" : "received", "status",
		      status_of(state), "statusChangeReason", state);
	copy(o, "creationDate", lead, given ? "created_at" : "offered_at");
	copy(o, "referredDate", lead, given ? "delivered_at" : "awarded_at");
	copy(valid, "endDateTime", lead, "award_until");
	if (given && json_object_get(lead, "awarded_to") != NULL)
		json_array_append_new(parties,
				      party(json_object_get(lead, "awarded_to"), "seller"));
	if (!given)
		json_array_append_new(parties, party(json_object_get(lead, "origin"), "referrer"));
	if (json_object_size(valid) > 0)
		json_object_set(o, "validFor", valid);
	if (json_array_size(parties) > 0)
		json_object_set(o, "relatedParty", parties);
	json_decref(valid);
	json_decref(parties);
	return o;
}

static json_t *medium(const char *type, const char *field, const char *value)
{
	return json_pack("{s:s,s:{s:s}}", "mediumType", type, "characteristic", field, value);
}

/* The name of the person stands beside the telephone, as what it is the contact of. */
static void add_person(json_t *o, const json_t *contact)
{
	json_t *phone = medium("phone", "phoneNumber", text_of(contact, "phone"));

	json_object_set_new(json_object_get(phone, "characteristic"), "contactType",
			    json_string(text_of(contact, "name")));
	json_object_set_new(
	    o, "prospectContact",
	    json_pack("[o,o]", phone,
		      medium("postalAddress", "street1", text_of(contact, "address"))));
}

static bool whole(struct viz_page *p, const char *name, long most, long usual, long *out)
{
	const char *text = viz_page_query(p, name);
	char *end;

	*out = usual;
	if (text[0] != '\0')
		*out = strtol(text, &end, 10);
	if (text[0] == '\0' || (*end == '\0' && *out >= 0 && *out <= most))
		return true;
	viz_api_problem(p, 400, "bad-number", "out of its bounds", name);
	return false;
}

void viz_api_tmf_leads_ask(struct viz_page *p)
{
	if (!viz_api_row_may(p, NULL))
		return;
	viz_page_ask(p, "lead.list", NULL);
	viz_page_ask(p, "inbox.list", json_pack("{s:b}", "all", 1));
}

/* TMF630's offset and limit, and the numbers of both in headers. */
void viz_api_tmf_leads_answer(struct viz_page *p)
{
	const json_t *leads, *entries, *one;
	json_t *list = json_array();
	long offset, limit;
	char count[24];
	size_t i, total, n = 0;

	if (viz_api_problem_refused(p, 0) || viz_api_problem_refused(p, 1) ||
	    !whole(p, "offset", OFFSET_MAX, 0, &offset) ||
	    !whole(p, "limit", LIMIT_MAX, LIMIT_DEFAULT, &limit)) {
		json_decref(list);
		return;
	}
	leads = json_object_get(viz_page_result(p, 0), "leads");
	entries = json_object_get(viz_page_result(p, 1), "entries");
	total = json_array_size(leads) + json_array_size(entries);
	for (i = (size_t)offset; i < total && n < (size_t)limit; i++, n++) {
		bool given = i < json_array_size(leads);

		one = given ? json_array_get(leads, i)
			    : json_array_get(entries, i - json_array_size(leads));
		json_array_append_new(list, sales_lead(one, given));
	}
	snprintf(count, sizeof count, "%zu", total);
	viz_page_put_header(p, "X-Total-Count", count);
	snprintf(count, sizeof count, "%zu", n);
	viz_page_put_header(p, "X-Result-Count", count);
	viz_page_json(p, 200, list);
}

/* A lead of a partner has its origin's first digits before its id. */
static bool is_ours(const char *id)
{
	const char *dash = strchr(id, '-');

	return dash != NULL && strchr(dash + 1, '-') == NULL;
}

void viz_api_tmf_lead_ask(struct viz_page *p)
{
	const char *id = viz_page_param(p, "lead");
	bool persons = strcmp(viz_page_query(p, "persons"), "true") == 0;
	json_t *args = json_pack("{s:b}", "personal", persons);
	bool may = viz_api_row_may(p, args);

	json_decref(args);
	if (!may)
		return;
	if (is_ours(id)) {
		viz_page_ask(p, "lead.show",
			     json_pack("{s:s,s:b}", "lead", id, "personal", persons));
		return;
	}
	viz_page_ask(p, "inbox.list", json_pack("{s:b}", "all", 1));
	if (persons)
		viz_page_ask(p, "inbox.show", json_pack("{s:s}", "lead", id));
}

static const json_t *entry_of(const json_t *entries, const char *id)
{
	const json_t *entry;
	size_t i;

	json_array_foreach(entries, i, entry)
	{
		if (strcmp(text_of(entry, "id"), id) == 0)
			return entry;
	}
	return NULL;
}

void viz_api_tmf_lead_answer(struct viz_page *p)
{
	const char *id = viz_page_param(p, "lead");
	bool given = is_ours(id), persons = strcmp(viz_page_query(p, "persons"), "true") == 0;
	const json_t *lead, *contact;
	json_t *o;

	if (viz_api_problem_refused(p, 0) || (!given && persons && viz_api_problem_refused(p, 1)))
		return;
	lead = given ? json_object_get(viz_page_result(p, 0), "lead")
		     : entry_of(json_object_get(viz_page_result(p, 0), "entries"), id);
	if (lead == NULL) {
		viz_api_problem(p, 404, "no-such-lead", "no lead has this id", "lead");
		return;
	}
	contact = json_object_get(viz_page_result(p, given ? 0 : 1), "contact");
	o = sales_lead(lead, given);
	if (persons && contact != NULL)
		add_person(o, contact);
	viz_page_json(p, 200, o);
}
