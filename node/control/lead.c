#include "crypto/sign.h"
#include "node/control/control.h"
#include "node/core/core.h"
#include "node/core/ids.h"
#include "node/core/journal.h"
#include "node/coverage/plant.h"
#include "node/coverage/who.h"
#include "node/lead/begin.h"
#include "node/lead/offer.h"
#include "node/lead/row.h"
#include "node/lead/sealed.h"
#include "node/lead/waiting.h"
#include "node/link/net.h"
#include "node/self/publish.h"
#include "node/trust/live.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/offer.h"
#include "proto/statement.h"
#include "store/store.h"
#include "store/tables.h"

#include <jansson.h>

#include "node/control/lead.h"

/* {place, strike, language} -> {own: {answer, reason}, partners: [{id, name, label, answers,
 * blocked, struck, found: by "cell", by "postcode", or only by "municipality"}], members: [...],
 * consent: {version, language, text: null with nobody to ask, contact_text: for one eligible
 * partner, else
 * "", later_text: for nobody, else ""}}, each of partners and members with its standing: our own
 * coverage first, then the partners', no data leaves */
static int lead_lookup(struct viz_request *req)
{
	struct viz_lead_request *lead_req = viz_core_alloc(sizeof *lead_req);
	json_t *partners = json_array(), *others = json_array(), *own = json_object();
	enum viz_no_reason reason;
	enum viz_answer answer;
	struct viz_coverage_near near = {.by_cell = NULL};
	struct viz_id *who = NULL;
	size_t who_n;
	struct viz_control_texts *texts = viz_core_alloc(sizeof *texts);
	int err;

	memset(lead_req, 0, sizeof *lead_req);
	err = viz_control_lead_place(req, &lead_req->location);
	if (err == VIZ_OK)
		err = viz_control_lead_struck(req, lead_req);
	if (err == VIZ_OK)
		err = viz_control_text(req, lead_req->language, 5, "language", 2, "pt-BR");
	if (err != VIZ_OK)
		goto done;
	lead_req->area = viz_control_lead_area(&lead_req->location);
	answer = viz_plant_answer(req->net->core, &reason, &lead_req->location);
	json_object_set_new(own, "answer", json_string(viz_control_lead_answer_name(answer)));
	/* No coverage of our own at all: a no that says nothing about the place. */
	json_object_set_new(
	    own, "none",
	    json_boolean(viz_store_count(req->net->core->store, VIZ_TABLE_PLANT) == 0));
	who_n = viz_coverage_who(req->net, &who, &lead_req->area);
	viz_coverage_near(req->net, &near, &lead_req->location);
	for (size_t i = 0; i < who_n; i++) {
		const struct viz_member *m = viz_member_find(req->net->trust, &who[i]);
		enum viz_coverage_found found = viz_coverage_found(&near, &who[i]);
		char label[VIZ_CONTROL_LABEL_MAX];
		json_t *o;

		if (!m || viz_id_eq(&m->id, &req->net->trust->self.author) || !m->member)
			continue;
		o = json_object();
		viz_control_set_id(o, "id", &m->id);
		json_object_set_new(o, "name", json_string(viz_member_name(m)));
		viz_control_label(req, label, m);
		json_object_set_new(o, "label", json_string(label));
		json_object_set_new(o, "answers",
				    json_string(m->node.by_hand ? "hand" : "machine"));
		json_object_set_new(o, "blocked",
				    json_boolean(viz_lead_removed(req->net->trust, &m->id)));
		json_object_set_new(o, "struck",
				    json_boolean(viz_core_ids_contain(
					lead_req->struck, lead_req->struck_count, &m->id)));
		json_object_set_new(o, "found", json_string(viz_coverage_found_name(found)));
		viz_control_standing(o, req->net->trust, m);
		json_array_append_new(viz_live_partner(req->net->trust, &m->id) ? partners : others,
				      o);
	}
	err = viz_control_lead_make_texts(req, texts, lead_req);
	if (err != VIZ_OK)
		goto done;
	json_object_set(req->result, "own", own);
	json_object_set(req->result, "partners", partners);
	json_object_set(req->result, "members", others);
	json_object_set_new(req->result, "consent",
			    json_pack("{s:s,s:s,s:s?,s:s,s:s}", "version", VIZ_CONSENT_TEXT_VERSION,
				      "language", lead_req->language, "text",
				      texts->first[0] ? texts->first : NULL, "contact_text",
				      texts->contact, "later_text", texts->later));
done:
	viz_coverage_near_free(&near);
	free(who);
	json_decref(own);
	json_decref(partners);
	json_decref(others);
	free(texts);
	viz_wipe(lead_req, sizeof *lead_req);
	free(lead_req);
	return err;
}

/* The request's own fields, and the text that the customer heard; the viz_control_texts that hold
 * now.
 */
static int read_offer(struct viz_request *req, struct viz_lead_request *lead_req,
		      struct viz_control_texts *texts)
{
	int err = viz_control_lead_consent(req, lead_req->language, lead_req->channel,
					   lead_req->evidence, lead_req->agent);

	if (err == VIZ_OK)
		err = viz_control_lead_request(req, lead_req);
	if (err == VIZ_OK)
		err = viz_control_lead_struck(req, lead_req);
	if (err == VIZ_OK)
		err = viz_control_lead_make_texts(req, texts, lead_req);
	snprintf(lead_req->text_version, sizeof lead_req->text_version, "%s",
		 VIZ_CONSENT_TEXT_VERSION);
	return err;
}

static int offer_failed(struct viz_request *req, int err)
{
	if (err == VIZ_ERR_INPUT)
		return viz_control_fail(
		    req, err, "not-single",
		    "contact data goes along only when exactly one partner is eligible");
	if (err == VIZ_ERR_ABSENT)
		return viz_control_fail(
		    req, err, "no-neighbour",
		    "there is nobody to ask, and nothing was kept: lead.later keeps the "
		    "location, when the customer agrees to be asked again");
	return viz_control_error(req, err, "offer");
}

/* {protocol, cancelled_at_ms, place, service, month, previous, strike, consent: {given, language,
 * channel, evidence, agent, text, contact_text: as lead.lookup gave them}, contact (and
 * contact_text): only for one eligible partner} -> {lead} */
static int lead_offer(struct viz_request *req)
{
	struct viz_lead_request *lead_req = viz_core_alloc(sizeof *lead_req);
	struct viz_lead *lead = viz_core_alloc(sizeof *lead);
	struct viz_control_texts *texts = viz_core_alloc(sizeof *texts);
	int err;

	memset(lead_req, 0, sizeof *lead_req);
	lead_req->single = json_object_get(req->args, "contact") != NULL;
	/* said before anything is read to the customer */
	err = viz_self_may_begin(req->net->trust) ? VIZ_OK : offer_failed(req, VIZ_ERR_STATE);
	if (err == VIZ_OK)
		err = read_offer(req, lead_req, texts);
	if (err == VIZ_OK && lead_req->single)
		err = viz_control_lead_contact(req, &lead_req->contact);
	if (err == VIZ_OK)
		err = viz_control_lead_same_text(req, "text", texts->first);
	if (err == VIZ_OK && lead_req->single)
		err = viz_control_lead_same_text(req, "contact_text", texts->contact);
	if (err == VIZ_OK) {
		viz_consent_text_hash(&lead_req->text_hash, texts->first);
		if (lead_req->single)
			viz_consent_text_hash(&lead_req->contact_text_hash, texts->contact);
		err = viz_lead_offer(req->net, lead, lead_req);
		if (err != VIZ_OK)
			offer_failed(req, err);
		else
			json_object_set_new(req->result, "lead",
					    viz_control_lead_json(req->net, lead));
	}
	viz_wipe(lead_req, sizeof *lead_req);
	free(lead_req);
	free(lead);
	free(texts);
	return err;
}

/* {protocol, cancelled_at_ms, place, service, month, previous, consent: {given, ..., text:
 * lead.lookup's later_text}} -> {lead}: nobody serves the place, and the customer agrees to be
 * asked again. Nothing goes out, whoever has arrived meanwhile. */
static int lead_later(struct viz_request *req)
{
	struct viz_lead_request *lead_req = viz_core_alloc(sizeof *lead_req);
	struct viz_lead *lead = viz_core_alloc(sizeof *lead);
	struct viz_control_texts *texts = viz_core_alloc(sizeof *texts);
	int err;

	memset(lead_req, 0, sizeof *lead_req);
	err = read_offer(req, lead_req, texts);
	if (err == VIZ_OK)
		err = viz_control_lead_same_text(req, "text", texts->later);
	if (err == VIZ_OK) {
		viz_consent_text_hash(&lead_req->text_hash, texts->later);
		err =
		    viz_control_error(req, viz_lead_wait(req->net->trust, lead, lead_req), "later");
	}
	if (err == VIZ_OK)
		json_object_set_new(req->result, "lead", viz_control_lead_json(req->net, lead));
	viz_wipe(lead_req, sizeof *lead_req);
	free(lead_req);
	free(lead);
	free(texts);
	return err;
}

/* {protocol, cancelled_at_ms, place} -> {lead}: the customer is served by us at the new address too
 */
static int lead_keep(struct viz_request *req)
{
	struct viz_lead_request *lead_req = viz_core_alloc(sizeof *lead_req);
	struct viz_lead *lead = viz_core_alloc(sizeof *lead);
	int err;

	memset(lead_req, 0, sizeof *lead_req);
	err = viz_control_lead_request(req, lead_req);
	if (err == VIZ_OK)
		err = viz_control_error(req,
					viz_lead_keep(req->net->trust, lead, lead_req->protocol,
						      lead_req->cancelled_at,
						      lead_req->location.municipality),
					"keep");
	if (err == VIZ_OK)
		json_object_set_new(req->result, "lead", viz_control_lead_json(req->net, lead));
	free(lead_req);
	free(lead);
	return err;
}

/* {} -> {leads: [...]} */
static int lead_list(struct viz_request *req)
{
	struct viz_lead *lead = viz_core_alloc(sizeof *lead);
	json_t *list = json_array();
	struct viz_slice key, value;
	struct viz_walk walk;

	viz_walk_init(&walk, req->net->core->store, VIZ_TABLE_LEAD, NULL, 0);
	while (viz_walk_next(&walk, &key, &value))
		if (viz_lead_get(req->net->core, lead, viz_get_u64be(key.p)))
			json_array_append_new(list, viz_control_lead_json(req->net, lead));
	json_object_set_new(req->result, "leads", list);
	free(lead);
	return VIZ_OK;
}

/* {lead, personal: bool} -> {lead, contact: only with personal, for a reader, logged} */
static int lead_show(struct viz_request *req)
{
	struct viz_lead *lead = viz_core_alloc(sizeof *lead);
	int err = viz_control_lead_get(req, lead);

	if (err == VIZ_OK && viz_control_flag(req, "personal")) {
		struct viz_contact contact;

		err = viz_control_reader(req);
		if (err == VIZ_OK && viz_lead_contact(req->net->core, &contact, lead) == VIZ_OK) {
			viz_journal_access(req->net->core, req->who, "lead",
					   &req->net->trust->self.author, lead->slot);
			json_object_set_new(req->result, "contact",
					    viz_control_contact_json(&contact));
			viz_wipe(&contact, sizeof contact);
		}
	}
	if (err == VIZ_OK)
		json_object_set_new(req->result, "lead", viz_control_lead_json(req->net, lead));
	free(lead);
	return err;
}

const struct viz_control_op viz_control_lead_ops[] = {
    {"lead.lookup", lead_lookup},
    {"lead.offer", lead_offer},
    {"lead.later", lead_later},
    {"lead.keep", lead_keep},
    {"lead.list", lead_list},
    {"lead.show", lead_show},
    {"lead.proposals", viz_control_lead_proposals},
    {"lead.choose", viz_control_lead_choose},
    {"lead.revoke", viz_control_lead_revoke},
    {NULL, NULL},
};
