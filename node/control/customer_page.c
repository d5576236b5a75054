/* What a customer's page shows in each stage (`page` of CONTROL.md). */
#include "crypto/id.h"
#include "node/control/consent_text.h"
#include "node/control/customer.h"
#include "node/control/lead.h"
#include "node/core/core.h"
#include "node/coverage/plant.h"
#include "node/link/net.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/offer.h"
#include "store/stat.h"
#include "store/tables.h"

static json_t *asker_json(struct viz_request *req, const char *language)
{
	struct viz_consent_asker asker = viz_control_lead_request_asker(req, language);
	json_t *o = json_object();

	viz_request_set_id(o, "id", &req->net->trust->self.author);
	json_object_set_new(o, "name", json_string(asker.name));
	viz_request_set_text(o, "privacy", asker.privacy);
	viz_request_set_text(o, "withdrawal", asker.withdrawal);
	return o;
}

static json_t *where_json(const struct viz_location *location)
{
	struct viz_location coarse = *location;
	json_t *o;

	coarse.has_point = false; /* whoever the link was shown to sees no more than the area */
	o = viz_control_access_location_json(&coarse);
	json_object_del(o, "precision_m");
	return o;
}

static json_t *own_json(struct viz_request *req, const struct viz_location *location)
{
	enum viz_no_reason reason;
	enum viz_answer answer = viz_plant_answer(req->net->core, &reason, location);

	return json_pack("{s:s,s:b}", "answer", viz_offer_answer_name(answer), "none",
			 viz_store_stat_entries(req->net->core->store, VIZ_TABLE_PLANT) == 0);
}

/* Those drawn, as they are named; with how they are reached, for who would rather call them. */
static json_t *named_json(struct viz_request *req, const json_t *look)
{
	static const char *const fields[] = {"id", "name", "label", "answers", "struck"};
	json_t *list = json_array(), *p;
	size_t i;

	json_array_foreach(json_object_get(look, "partners"), i, p)
	{
		const struct viz_member *m;
		struct viz_id id;
		json_t *o;

		if (!json_is_true(json_object_get(p, "drawn")))
			continue;
		o = json_object();
		for (size_t f = 0; f < sizeof fields / sizeof *fields; f++)
			json_object_set(o, fields[f], json_object_get(p, fields[f]));
		m = viz_id_parse(id.b, "viz", json_string_value(json_object_get(p, "id"))) == VIZ_OK
			? viz_member_find(req->net->trust, &id)
			: NULL;
		if (m)
			viz_control_member_set_reach(o, req->net->core, m);
		json_array_append_new(list, o);
	}
	return list;
}

static void set_before(struct viz_request *req, json_t *o, const struct viz_customer_visit *v)
{
	viz_request_set_text(o, "first_name", v->person.first_name);
	json_object_set_new(o, "where", where_json(&v->person.location));
	json_object_set_new(o, "own", own_json(req, &v->person.location));
	if (v->stage == VIZ_CUSTOMER_BEGIN)
		return; /* what would be drawn now is not what will be */
	json_object_set(o, "consent", json_object_get(v->look, "consent"));
	if (v->stage != VIZ_CUSTOMER_NO_NEIGHBOUR)
		json_object_set_new(o, "partners", named_json(req, v->look));
}

static json_t *partner_json(struct viz_request *req, const struct viz_id *id)
{
	const struct viz_member *m = viz_member_find(req->net->trust, id);
	json_t *o = json_object();

	viz_request_set_id(o, "id", id);
	json_object_set_new(o, "name", json_string(viz_control_name(req->net->trust, id)));
	json_object_set_new(o, "label",
			    m ? viz_control_name_label_json(req, m)
			      : json_string(viz_control_name(req->net->trust, id)));
	if (m)
		viz_control_member_set_reach(o, req->net->core, m);
	return o;
}

json_t *viz_customer_page_asked(struct viz_request *req, const struct viz_lead *lead)
{
	json_t *list = json_array(), *o;
	size_t count = lead->order_len > 0 ? lead->order_len : lead->peer_count;

	for (size_t i = 0; i < count; i++) {
		size_t at =
		    lead->order_len > 0 ? lead->order[i] : (lead->draw + i) % lead->peer_count;

		o = partner_json(req, &lead->peer[at].id);
		json_object_set_new(o, "struck", json_false());
		json_array_append_new(list, o);
	}
	return list;
}

/* Who got something, and has erased it since. */
static json_t *holders_json(struct viz_request *req, const struct viz_lead *lead)
{
	json_t *list = json_array();

	for (size_t i = 0; i < lead->peer_count; i++) {
		const struct viz_lead_peer *p = &lead->peer[i];
		json_t *o;

		if (p->located_at.ms == 0 && p->award_n == 0)
			continue;
		o = json_object();
		viz_request_set_id(o, "id", &p->id);
		json_object_set_new(o, "name",
				    json_string(viz_control_name(req->net->trust, &p->id)));
		viz_request_set_time(o, "located_at", p->located_at);
		json_object_set_new(o, "erased", json_boolean(p->erased));
		json_array_append_new(list, o);
	}
	return list;
}

static void set_caller(struct viz_request *req, json_t *o, const struct viz_lead *lead)
{
	json_object_set_new(o, "caller", partner_json(req, &lead->award_to));
	viz_request_set_time(o, "awarded_at", lead->award_at);
	viz_request_set_time(o, "contacted_at", lead->contacted_at);
	if (lead->state != VIZ_LEAD_INSTALLED && lead->state != VIZ_LEAD_LOST)
		viz_request_set_time(o, "call_until", viz_customer_stage_call_until(req, lead));
	if (lead->has_days)
		json_object_set_new(o, "days_offline", json_integer(lead->days_offline));
}

static json_t *lead_args(const struct viz_customer_visit *v)
{
	char text[VIZ_SLOT_TEXT_MAX];

	viz_request_slot_text(text, v->link.slot);
	return json_pack("{s:s}", "lead", text);
}

/* A part of the result of an operation on the lead. */
static int set_of(struct viz_request *req, json_t *o, const char *name, const char *op,
		  const struct viz_customer_visit *v)
{
	json_t *result;
	int err = viz_control_call(req, &result, op, lead_args(v));

	if (err != VIZ_OK)
		return err;
	json_object_set(o, name, json_object_get(result, name));
	json_decref(result);
	return VIZ_OK;
}

static int set_lead(struct viz_request *req, json_t *o, const struct viz_customer_visit *v)
{
	const struct viz_lead *lead = &v->lead;
	char inbox_id[VIZ_INBOX_TEXT_MAX];
	int err = VIZ_OK;

	viz_request_inbox_text(inbox_id, &req->net->trust->self.author, lead->slot);
	if (lead->number != 0)
		json_object_set_new(o, "inbox_id", json_string(inbox_id));
	if (v->stage == VIZ_CUSTOMER_WAITING)
		viz_request_set_time(o, "closes_at",
				     lead->state == VIZ_LEAD_CLOSED ? lead->reveal_until
								    : lead->closes);
	if (v->stage == VIZ_CUSTOMER_PROPOSALS) {
		if (lead->state == VIZ_LEAD_CHOOSING)
			viz_request_set_time(o, "choose_until", lead->choose_until);
		err = set_of(req, o, "proposals", "lead.proposals", v);
	}
	if (err == VIZ_OK && v->stage == VIZ_CUSTOMER_RECALLED)
		err = set_of(req, o, "choice", "lead.choice", v);
	if (lead->award_n > 0 && v->stage != VIZ_CUSTOMER_PROPOSALS)
		set_caller(req, o, lead);
	if (v->stage == VIZ_CUSTOMER_WITHDRAWN)
		json_object_set_new(o, "holders", holders_json(req, lead));
	return err;
}

int viz_customer_page(struct viz_request *req, const struct viz_customer_visit *v)
{
	const char *language = v->link.slot != 0 && v->lead.language[0] != '\0'
				   ? v->lead.language
				   : viz_control_lead_request_language(req);
	json_t *o = json_object();
	int err = VIZ_OK;

	json_object_set_new(o, "stage", json_string(viz_customer_stage_name(v->stage)));
	json_object_set_new(o, "language", json_string(language));
	json_object_set_new(o, "asker", asker_json(req, language));
	if (!v->link.used)
		viz_request_set_time(o, "expires_at", v->link.expires);
	json_object_set_new(o, "call_again",
			    json_boolean(viz_customer_stage_may_call_again(req, v)));
	json_object_set_new(o, "holds_contact", json_boolean(v->lead.contact_len > 0));
	json_object_set_new(o, "has_proof", json_boolean(v->lead.result_kind == VIZ_RESULT_ORDER));
	if (v->link.slot == 0)
		set_before(req, o, v);
	else
		err = set_lead(req, o, v);
	json_object_set_new(req->result, "page", o);
	return err;
}
