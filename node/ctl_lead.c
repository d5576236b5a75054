/* lead.*: what the origin's agent does. Personal data comes in and goes out only here, in
 * ctl_lead_choose.c and in ctl_inbox.c; reading it is for named readers, and logged. */
#include "node/ctl_lead.h"

#include "node/ctl.h"
#include "node/journal.h"
#include "node/lead.h"
#include "node/plant.h"
#include "node/reader_access.h"
#include "proto/receipt.h"

static int read_place(struct viz_ctl *c, struct viz_location *l)
{
	json_t *place = json_object_get(c->args, "place"), *outer = c->args;
	const int64_t zero = 0, coarse = 5000;
	int64_t code = 0, cep = 0, precision = 0, lat = 0, lon = 0;
	int err;

	memset(l, 0, sizeof *l);
	if (!json_is_object(place))
		return viz_ctl_fail(c, VIZ_ERR_INPUT, "missing", "place is missing");
	c->args = place;
	err = viz_ctl_int(c, &code, "municipality", 1100000, 5399999, NULL);
	if (err == VIZ_OK && !viz_municipality_valid((uint32_t)code))
		err = viz_ctl_fail(c, VIZ_ERR_INPUT, "bad-municipality",
				   "municipality must be an IBGE code of 7 digits");
	if (err == VIZ_OK)
		err = viz_ctl_int(c, &cep, "cep", 0, 99999999, &zero);
	if (err == VIZ_OK)
		err = viz_ctl_int(c, &precision, "precision_m", 0, 1000000, &coarse);
	l->has_point = json_object_get(place, "lat_udeg") != NULL;
	if (err == VIZ_OK && l->has_point)
		err = viz_ctl_int(c, &lat, "lat_udeg", -85000000, 85000000, NULL);
	if (err == VIZ_OK && l->has_point)
		err = viz_ctl_int(c, &lon, "lon_udeg", -180000000, 180000000, NULL);
	c->args = outer;
	l->municipality = (uint32_t)code;
	l->cep = (uint32_t)cep;
	l->precision_m = (uint32_t)precision;
	l->point = (struct viz_point){(int32_t)lat, (int32_t)lon};
	return err;
}

static struct viz_area area_of(const struct viz_location *l)
{
	return (struct viz_area){.kind = VIZ_AREA_MUNICIPALITY, .municipality = l->municipality};
}

static int read_struck(struct viz_ctl *c, struct viz_lead_request *req)
{
	json_t *list = json_object_get(c->args, "strike"), *v;
	size_t i;

	json_array_foreach(list, i, v)
	{
		struct viz_member *m;

		if (!json_is_string(v) || req->struck_count == VIZ_ELIGIBLE_MAX)
			return viz_ctl_fail(c, VIZ_ERR_INPUT, "bad-strike",
					    "strike: names of partners");
		m = viz_ctl_find_peer(c, json_string_value(v));
		if (!m)
			return c->code[0] ? VIZ_ERR_INPUT
					  : viz_ctl_fail(c, VIZ_ERR_ABSENT, "no-such-peer",
							 "strike: no peer matches \"%s\"",
							 json_string_value(v));
		req->struck[req->struck_count++] = m->id;
	}
	return VIZ_OK;
}

static bool is_struck(const struct viz_lead_request *req, const struct viz_id *id)
{
	for (size_t i = 0; i < req->struck_count; i++)
		if (viz_id_eq(&req->struck[i], id))
			return true;
	return false;
}

#define TEXT_MAX 16384

/* What is read to the customer: the first consent, for those whom it names; where that is one only,
 * the second on the same screen ("" else); and the one for being asked again ("" while somebody
 * serves the place). */
struct texts {
	char first[TEXT_MAX], contact[TEXT_MAX], later[TEXT_MAX];
};

static int make_texts(struct viz_ctl *c, struct texts *t, const struct viz_lead_request *req)
{
	const char *names[VIZ_ELIGIBLE_MAX], *own = c->node->profile.name;
	char(*label)[VIZ_CTL_LABEL_MAX] = viz_core_alloc(VIZ_ELIGIBLE_MAX * sizeof *label);
	struct viz_offer_secret *lists = viz_core_alloc(sizeof *lists);
	enum viz_no_reason reason;
	size_t named = 0;
	bool struck = false;
	int err = viz_lead_lists(c->node, lists, &req->area, req->struck, req->struck_count);

	if (err == VIZ_OK)
		named = lists->eligible_count;
	for (size_t i = 0; i < named; i++) {
		viz_ctl_label(c, label[i], viz_member_find(c->node, &lists->eligible[i]));
		names[i] = label[i];
	}
	for (size_t i = 0; err == VIZ_OK && i < lists->excluded_count; i++)
		struck |= lists->excluded[i].reason == VIZ_EXCLUDED_STRUCK;
	free(lists);
	if (err != VIZ_OK) {
		free(label);
		return viz_ctl_error(c, err, "partners");
	}
	t->first[0] = t->contact[0] = t->later[0] = '\0';
	if (named > 0)
		err = viz_consent_location(t->first, TEXT_MAX,
					   viz_plant_answer(c->node, &reason, &req->location),
					   req->language, own, names, named);
	if (err == VIZ_OK && named == 1)
		err = viz_consent_contact(t->contact, TEXT_MAX, req->language, own, names[0]);
	free(label);
	if (err == VIZ_OK && named == 0 && !struck)
		err = viz_consent_later(t->later, TEXT_MAX, req->language, own,
					(c->node->federation.undelivered_ms + VIZ_DAY_MS - 1) /
					    VIZ_DAY_MS);
	if (err != VIZ_OK)
		return viz_ctl_fail(c, VIZ_ERR_INPUT, "no-text", "language must be pt-BR or en");
	return VIZ_OK;
}

int viz_ctl_lead_same_text(struct viz_ctl *c, const char *name, const char *text)
{
	const json_t *shown = json_object_get(json_object_get(c->args, "consent"), name);

	if (text[0] == '\0' && (!shown || json_is_null(shown)))
		return VIZ_OK; /* there is nobody to be asked about, and nothing to read */
	if (!json_is_string(shown))
		return viz_ctl_fail(
		    c, VIZ_ERR_INPUT, "missing",
		    "consent.%s is missing: the text that was read to the customer, "
		    "as lead.lookup and lead.proposals give it",
		    name);
	if (strcmp(json_string_value(shown), text) == 0)
		return VIZ_OK;
	return viz_ctl_fail(
	    c, VIZ_ERR_STATE, "text-changed",
	    "consent.%s is not the text that holds now: read the new one to the customer", name);
}

static const char *answer_name(enum viz_answer a)
{
	switch (a) {
	case VIZ_ANSWER_YES:
		return "yes";
	case VIZ_ANSWER_ANALYSIS:
		return "analysis";
	case VIZ_ANSWER_NO:
		return "no";
	case VIZ_ANSWER_NO_CONTENT:
		return "no-content";
	}
	return "none";
}

/* {place, strike, language} -> {own: {answer, reason}, partners: [{id, name, label, answers,
 * blocked, struck, found: by "cell", by "postcode", or only by "municipality"}], members: [...],
 * consent: {version, language, text: null with nobody to ask, contact_text: for one eligible
 * partner, else
 * "", later_text: for nobody, else ""}}, each of partners and members with its standing: our own
 * coverage first, then the partners', no data leaves */
static int lead_lookup(struct viz_ctl *c)
{
	struct viz_lead_request *req = viz_core_alloc(sizeof *req);
	json_t *partners = json_array(), *others = json_array(), *own = json_object();
	enum viz_no_reason reason;
	enum viz_answer answer;
	struct viz_coverage_near near = {.by_cell = NULL};
	struct viz_id *who = NULL;
	size_t who_n;
	struct texts *texts = viz_core_alloc(sizeof *texts);
	int err;

	memset(req, 0, sizeof *req);
	err = read_place(c, &req->location);
	if (err == VIZ_OK)
		err = read_struck(c, req);
	if (err == VIZ_OK)
		err = viz_ctl_text(c, req->language, 5, "language", 2, "pt-BR");
	if (err != VIZ_OK)
		goto done;
	req->area = area_of(&req->location);
	answer = viz_plant_answer(c->node, &reason, &req->location);
	json_object_set_new(own, "answer", json_string(answer_name(answer)));
	/* No coverage of our own at all: a no that says nothing about the place. */
	json_object_set_new(own, "none",
			    json_boolean(viz_store_count(c->node->store, VIZ_TABLE_PLANT) == 0));
	who_n = viz_coverage_who(c->node, &who, &req->area);
	viz_coverage_near(c->node, &near, &req->location);
	for (size_t i = 0; i < who_n; i++) {
		const struct viz_member *m = viz_member_find(c->node, &who[i]);
		enum viz_coverage_found found = viz_coverage_found(&near, &who[i]);
		char label[VIZ_CTL_LABEL_MAX];
		json_t *o;

		if (!m || viz_id_eq(&m->id, &c->node->self.author) || !m->member)
			continue;
		o = json_object();
		viz_ctl_set_id(o, "id", &m->id);
		json_object_set_new(o, "name", json_string(viz_member_name(m)));
		viz_ctl_label(c, label, m);
		json_object_set_new(o, "label", json_string(label));
		json_object_set_new(o, "answers",
				    json_string(m->node.by_hand ? "hand" : "machine"));
		json_object_set_new(o, "blocked", json_boolean(viz_lead_removed(c->node, &m->id)));
		json_object_set_new(o, "struck", json_boolean(is_struck(req, &m->id)));
		json_object_set_new(o, "found", json_string(viz_coverage_found_name(found)));
		viz_ctl_standing(o, c->node, m);
		json_array_append_new(viz_partner_now(c->node, &m->id) ? partners : others, o);
	}
	err = make_texts(c, texts, req);
	if (err != VIZ_OK)
		goto done;
	json_object_set(c->result, "own", own);
	json_object_set(c->result, "partners", partners);
	json_object_set(c->result, "members", others);
	json_object_set_new(c->result, "consent",
			    json_pack("{s:s,s:s,s:s?,s:s,s:s}", "version", VIZ_CONSENT_VERSION,
				      "language", req->language, "text",
				      texts->first[0] ? texts->first : NULL, "contact_text",
				      texts->contact, "later_text", texts->later));
done:
	viz_coverage_near_free(&near);
	free(who);
	json_decref(own);
	json_decref(partners);
	json_decref(others);
	free(texts);
	viz_wipe(req, sizeof *req);
	free(req);
	return err;
}

int viz_ctl_lead_contact(struct viz_ctl *c, struct viz_contact *out)
{
	json_t *contact = json_object_get(c->args, "contact"), *outer = c->args;
	int err;

	memset(out, 0, sizeof *out);
	if (!json_is_object(contact))
		return viz_ctl_fail(c, VIZ_ERR_INPUT, "missing", "contact is missing");
	c->args = contact;
	err = viz_ctl_text(c, out->name, VIZ_PERSON_MAX, "name", 1, NULL);
	if (err == VIZ_OK)
		err = viz_ctl_text(c, out->phone, VIZ_PHONE_MAX, "phone", 8, NULL);
	if (err == VIZ_OK)
		err = viz_ctl_text(c, out->address, VIZ_STREET_MAX, "address", 1, NULL);
	if (err == VIZ_OK)
		err = viz_ctl_text(c, out->date, 10, "date", 0, "");
	if (err == VIZ_OK)
		err = viz_ctl_text(c, out->plan, VIZ_PLAN_MAX, "plan", 0, "");
	c->args = outer;
	if (err == VIZ_OK && viz_contact_phone(out->phone, out->phone) != VIZ_OK)
		err = viz_ctl_fail(c, VIZ_ERR_INPUT, "bad-phone",
				   "phone: area code and number expected, like +5527999990000");
	if (err == VIZ_OK && !viz_contact_date_valid(out->date))
		err = viz_ctl_fail(c, VIZ_ERR_INPUT, "bad-date", "date: YYYY-MM-DD expected");
	return err;
}

int viz_ctl_lead_consent(struct viz_ctl *c, char *language, char *channel, char *evidence,
			 char *agent)
{
	json_t *consent = json_object_get(c->args, "consent"), *outer = c->args;
	char def[6]; /* a later consent goes on in the first one's language */
	int err;

	snprintf(def, sizeof def, "%s", language[0] ? language : "pt-BR");
	if (!json_is_object(consent) || !json_is_true(json_object_get(consent, "given")))
		return viz_ctl_fail(
		    c, VIZ_ERR_INPUT, "no-consent",
		    "without the customer's yes nothing is done, and nothing is kept");
	c->args = consent;
	err = viz_ctl_text(c, language, 5, "language", 2, def);
	if (err == VIZ_OK)
		err = viz_ctl_text(c, channel, 16, "channel", 1, "phone");
	if (err == VIZ_OK)
		err = viz_ctl_text(c, evidence, VIZ_REF_MAX, "evidence", 0, "");
	if (err == VIZ_OK)
		err = viz_ctl_text(c, agent, VIZ_REF_MAX, "agent", 0, c->who);
	c->args = outer;
	return err;
}

static int read_request(struct viz_ctl *c, struct viz_lead_request *req)
{
	const int64_t zero = 0, internet = VIZ_SERVICE_INTERNET;
	char previous[VIZ_SLOT_TEXT_MAX] = "";
	int64_t at = 0, month = 0, service = 0;
	int err = viz_ctl_text(c, req->protocol, VIZ_REF_MAX, "protocol", 1, NULL);

	if (err == VIZ_OK)
		err = viz_ctl_int(c, &at, "cancelled_at_ms", 1, c->node->now.ms, &c->node->now.ms);
	if (err == VIZ_OK)
		err = read_place(c, &req->location);
	if (err == VIZ_OK)
		err = viz_ctl_int(c, &month, "month", 0, 999912, &zero);
	if (err == VIZ_OK)
		err = viz_ctl_int(c, &service, "service", 1, VIZ_SERVICE_BUSINESS, &internet);
	if (err == VIZ_OK)
		err = viz_ctl_text(c, previous, sizeof previous - 1, "previous", 0, "");
	if (err == VIZ_OK && previous[0] != '\0' && viz_slot_parse(&req->previous, previous) != 0)
		err = viz_ctl_fail(c, VIZ_ERR_INPUT, "bad-lead",
				   "previous: a lead is like 20261123-1");
	req->cancelled_at = (struct viz_time){at};
	req->month = (uint32_t)month;
	req->service = (enum viz_service)service;
	req->area = area_of(&req->location);
	return err;
}

json_t *viz_ctl_lead_peer_json(struct viz_node *node, const struct viz_lead_peer *p)
{
	const struct viz_member *m = viz_member_find(node, &p->id);
	json_t *o = json_object();

	viz_ctl_set_id(o, "id", &p->id);
	json_object_set_new(o, "name", json_string(m ? viz_member_name(m) : "?"));
	json_object_set_new(o, "located", json_boolean(p->located));
	json_object_set_new(o, "answer",
			    json_string(p->answered ? answer_name(p->answer) : "waiting"));
	viz_ctl_set_id(o, "pledge", &p->pledge);
	json_object_set_new(o, "revealed", json_boolean(p->revealed));
	json_object_set_new(o, "awarded", json_boolean(p->awarded));
	json_object_set_new(o, "erased", json_boolean(p->erased));
	return o;
}

/* The consent to be asked again, while it lasts. */
static json_t *ask_again_json(const struct viz_lead *lead)
{
	json_t *o;

	if (!viz_lead_waits(lead))
		return json_null();
	o = json_object();
	viz_ctl_set_time(o, "given", lead->created);
	viz_ctl_set_time(o, "until", lead->award_latest);
	json_object_set_new(o, "language", json_string(lead->language));
	json_object_set_new(o, "text_version", json_string(lead->text_version));
	viz_ctl_set_id(o, "text_hash", &lead->text_hash);
	json_object_set_new(o, "channel", json_string(lead->channel));
	json_object_set_new(o, "evidence", json_string(lead->evidence));
	json_object_set_new(o, "agent", json_string(lead->agent));
	return o;
}

json_t *viz_ctl_lead_json(struct viz_node *node, const struct viz_lead *lead)
{
	char slot[VIZ_SLOT_TEXT_MAX];
	json_t *o = json_object(), *peers = json_array();
	const struct viz_member *to = viz_member_find(node, &lead->award_to);

	viz_slot_text(slot, lead->slot);
	json_object_set_new(o, "lead", json_string(slot));
	json_object_set_new(o, "state", json_string(viz_lead_state_name(lead->state)));
	json_object_set_new(o, "protocol", json_string(lead->protocol));
	viz_ctl_set_time(o, "created", lead->created);
	viz_ctl_set_time(o, "cancelled", lead->cancelled_at);
	json_object_set_new(o, "municipality", json_integer(lead->municipality));
	viz_ctl_set_id(o, "offer", &lead->offer);
	viz_ctl_set_time(o, "closes", lead->closes);
	viz_ctl_set_id(o, "close", &lead->close);
	viz_ctl_set_id(o, "result", &lead->result);
	json_object_set_new(o, "struck", json_integer((json_int_t)lead->struck));
	json_object_set_new(o, "excluded_blocked", json_integer((json_int_t)lead->blocked));
	for (size_t i = 0; i < lead->peer_count; i++)
		json_array_append_new(peers, viz_ctl_lead_peer_json(node, &lead->peer[i]));
	json_object_set_new(o, "eligible", peers);
	json_object_set_new(o, "released", json_boolean(lead->released));
	json_object_set_new(o, "award", json_integer(lead->award_n));
	json_object_set_new(o, "awarded_to",
			    lead->award_n > 0 ? json_string(to ? viz_member_name(to) : "?")
					      : json_null());
	viz_ctl_set_time(o, "awarded", lead->award_at);
	viz_ctl_set_time(o, "delivered", lead->delivered_at);
	viz_ctl_set_time(o, "contacted", lead->contacted_at);
	viz_ctl_set_time(o, "lease_until", lead->lease_until);
	viz_ctl_set_time(o, "latest", lead->award_latest);
	json_object_set_new(o, "released", json_boolean(lead->released));
	json_object_set_new(o, "recalled", json_boolean(lead->recalled));
	json_object_set_new(o, "days_offline", json_integer(lead->days_offline));
	json_object_set_new(o, "holds_contact", json_boolean(lead->contact_len > 0));
	json_object_set_new(o, "neighbour_came", json_boolean(viz_lead_neighbour_came(node, lead)));
	json_object_set_new(o, "ask_again", ask_again_json(lead));
	return o;
}

/* The request's own fields, and the text that the customer heard; the texts that hold now. */
static int read_offer(struct viz_ctl *c, struct viz_lead_request *req, struct texts *texts)
{
	int err = viz_ctl_lead_consent(c, req->language, req->channel, req->evidence, req->agent);

	if (err == VIZ_OK)
		err = read_request(c, req);
	if (err == VIZ_OK)
		err = read_struck(c, req);
	if (err == VIZ_OK)
		err = make_texts(c, texts, req);
	snprintf(req->text_version, sizeof req->text_version, "%s", VIZ_CONSENT_VERSION);
	return err;
}

static int offer_failed(struct viz_ctl *c, int err)
{
	if (err == VIZ_ERR_INPUT)
		return viz_ctl_fail(
		    c, err, "not-single",
		    "contact data goes along only when exactly one partner is eligible");
	if (err == VIZ_ERR_ABSENT)
		return viz_ctl_fail(
		    c, err, "no-neighbour",
		    "there is nobody to ask, and nothing was kept: lead.later keeps the "
		    "location, when the customer agrees to be asked again");
	return viz_ctl_error(c, err, "offer");
}

/* {protocol, cancelled_at_ms, place, service, month, previous, strike, consent: {given, language,
 * channel, evidence, agent, text, contact_text: as lead.lookup gave them}, contact (and
 * contact_text): only for one eligible partner} -> {lead} */
static int lead_offer(struct viz_ctl *c)
{
	struct viz_lead_request *req = viz_core_alloc(sizeof *req);
	struct viz_lead *lead = viz_core_alloc(sizeof *lead);
	struct texts *texts = viz_core_alloc(sizeof *texts);
	int err;

	memset(req, 0, sizeof *req);
	req->single = json_object_get(c->args, "contact") != NULL;
	/* said before anything is read to the customer */
	err = viz_self_may_begin(c->node) ? VIZ_OK : offer_failed(c, VIZ_ERR_STATE);
	if (err == VIZ_OK)
		err = read_offer(c, req, texts);
	if (err == VIZ_OK && req->single)
		err = viz_ctl_lead_contact(c, &req->contact);
	if (err == VIZ_OK)
		err = viz_ctl_lead_same_text(c, "text", texts->first);
	if (err == VIZ_OK && req->single)
		err = viz_ctl_lead_same_text(c, "contact_text", texts->contact);
	if (err == VIZ_OK) {
		viz_consent_hash(&req->text_hash, texts->first);
		if (req->single)
			viz_consent_hash(&req->contact_text_hash, texts->contact);
		err = viz_lead_offer(c->node, lead, req);
		if (err != VIZ_OK)
			offer_failed(c, err);
		else
			json_object_set_new(c->result, "lead", viz_ctl_lead_json(c->node, lead));
	}
	viz_wipe(req, sizeof *req);
	free(req);
	free(lead);
	free(texts);
	return err;
}

/* {protocol, cancelled_at_ms, place, service, month, previous, consent: {given, ..., text:
 * lead.lookup's later_text}} -> {lead}: nobody serves the place, and the customer agrees to be
 * asked again. Nothing goes out, whoever has arrived meanwhile. */
static int lead_later(struct viz_ctl *c)
{
	struct viz_lead_request *req = viz_core_alloc(sizeof *req);
	struct viz_lead *lead = viz_core_alloc(sizeof *lead);
	struct texts *texts = viz_core_alloc(sizeof *texts);
	int err;

	memset(req, 0, sizeof *req);
	err = read_offer(c, req, texts);
	if (err == VIZ_OK)
		err = viz_ctl_lead_same_text(c, "text", texts->later);
	if (err == VIZ_OK) {
		viz_consent_hash(&req->text_hash, texts->later);
		err = viz_ctl_error(c, viz_lead_later(c->node, lead, req), "later");
	}
	if (err == VIZ_OK)
		json_object_set_new(c->result, "lead", viz_ctl_lead_json(c->node, lead));
	viz_wipe(req, sizeof *req);
	free(req);
	free(lead);
	free(texts);
	return err;
}

/* {protocol, cancelled_at_ms, place} -> {lead}: the customer is served by us at the new address too
 */
static int lead_keep(struct viz_ctl *c)
{
	struct viz_lead_request *req = viz_core_alloc(sizeof *req);
	struct viz_lead *lead = viz_core_alloc(sizeof *lead);
	int err;

	memset(req, 0, sizeof *req);
	err = read_request(c, req);
	if (err == VIZ_OK)
		err = viz_ctl_error(c,
				    viz_lead_keep(c->node, lead, req->protocol, req->cancelled_at,
						  req->location.municipality),
				    "keep");
	if (err == VIZ_OK)
		json_object_set_new(c->result, "lead", viz_ctl_lead_json(c->node, lead));
	free(req);
	free(lead);
	return err;
}

int viz_ctl_lead_get(struct viz_ctl *c, struct viz_lead *lead)
{
	char text[VIZ_SLOT_TEXT_MAX];
	uint64_t slot;
	int err = viz_ctl_text(c, text, sizeof text - 1, "lead", 1, NULL);

	if (err != VIZ_OK)
		return err;
	if (viz_slot_parse(&slot, text) != VIZ_OK)
		return viz_ctl_fail(c, VIZ_ERR_INPUT, "bad-lead", "a lead is like 20261123-1");
	if (!viz_lead_get(c->node, lead, slot))
		return viz_ctl_fail(c, VIZ_ERR_ABSENT, "no-such-lead", "there is no lead %s", text);
	return VIZ_OK;
}

/* {} -> {leads: [...]} */
static int lead_list(struct viz_ctl *c)
{
	struct viz_lead *lead = viz_core_alloc(sizeof *lead);
	json_t *list = json_array();
	struct viz_slice key, value;
	struct viz_walk walk;

	viz_walk_init(&walk, c->node->store, VIZ_TABLE_LEAD, NULL, 0);
	while (viz_walk_next(&walk, &key, &value))
		if (viz_lead_get(c->node, lead, viz_get_u64be(key.p)))
			json_array_append_new(list, viz_ctl_lead_json(c->node, lead));
	json_object_set_new(c->result, "leads", list);
	free(lead);
	return VIZ_OK;
}

/* {lead, personal: bool} -> {lead, contact: only with personal, for a reader, logged} */
static int lead_show(struct viz_ctl *c)
{
	struct viz_lead *lead = viz_core_alloc(sizeof *lead);
	int err = viz_ctl_lead_get(c, lead);

	if (err == VIZ_OK && viz_ctl_flag(c, "personal")) {
		struct viz_contact contact;

		err = viz_ctl_reader(c);
		if (err == VIZ_OK && viz_lead_contact(c->node, &contact, lead) == VIZ_OK) {
			viz_access_log(c->node, c->who, "lead", &c->node->self.author, lead->slot);
			json_object_set_new(c->result, "contact", viz_ctl_contact_json(&contact));
			viz_wipe(&contact, sizeof contact);
		}
	}
	if (err == VIZ_OK)
		json_object_set_new(c->result, "lead", viz_ctl_lead_json(c->node, lead));
	free(lead);
	return err;
}

const struct viz_ctl_op viz_ctl_lead_ops[] = {
    {"lead.lookup", lead_lookup},
    {"lead.offer", lead_offer},
    {"lead.later", lead_later},
    {"lead.keep", lead_keep},
    {"lead.list", lead_list},
    {"lead.show", lead_show},
    {"lead.proposals", viz_ctl_lead_proposals},
    {"lead.choose", viz_ctl_lead_choose},
    {"lead.revoke", viz_ctl_lead_revoke},
    {NULL, NULL},
};
