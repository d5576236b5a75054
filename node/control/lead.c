#include "crypto/sign.h"
#include "node/control/control.h"
#include "node/core/core.h"
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
static int lead_lookup(struct viz_request *c)
{
	struct viz_lead_request *req = viz_core_alloc(sizeof *req);
	json_t *partners = json_array(), *others = json_array(), *own = json_object();
	enum viz_no_reason reason;
	enum viz_answer answer;
	struct viz_coverage_near near = {.by_cell = NULL};
	struct viz_id *who = NULL;
	size_t who_n;
	struct viz_control_texts *viz_control_texts = viz_core_alloc(sizeof *viz_control_texts);
	int err;

	memset(req, 0, sizeof *req);
	err = viz_control_lead_place(c, &req->location);
	if (err == VIZ_OK)
		err = viz_control_lead_struck(c, req);
	if (err == VIZ_OK)
		err = viz_control_text(c, req->language, 5, "language", 2, "pt-BR");
	if (err != VIZ_OK)
		goto done;
	req->area = viz_control_lead_area(&req->location);
	answer = viz_plant_answer(c->net->core, &reason, &req->location);
	json_object_set_new(own, "answer", json_string(viz_control_lead_answer_name(answer)));
	/* No coverage of our own at all: a no that says nothing about the place. */
	json_object_set_new(
	    own, "none", json_boolean(viz_store_count(c->net->core->store, VIZ_TABLE_PLANT) == 0));
	who_n = viz_coverage_who(c->net, &who, &req->area);
	viz_coverage_near(c->net, &near, &req->location);
	for (size_t i = 0; i < who_n; i++) {
		const struct viz_member *m = viz_member_find(c->net->trust, &who[i]);
		enum viz_coverage_found found = viz_coverage_found(&near, &who[i]);
		char label[VIZ_CONTROL_LABEL_MAX];
		json_t *o;

		if (!m || viz_id_eq(&m->id, &c->net->trust->self.author) || !m->member)
			continue;
		o = json_object();
		viz_control_set_id(o, "id", &m->id);
		json_object_set_new(o, "name", json_string(viz_member_name(m)));
		viz_control_label(c, label, m);
		json_object_set_new(o, "label", json_string(label));
		json_object_set_new(o, "answers",
				    json_string(m->node.by_hand ? "hand" : "machine"));
		json_object_set_new(o, "blocked",
				    json_boolean(viz_lead_removed(c->net->trust, &m->id)));
		json_object_set_new(o, "struck",
				    json_boolean(viz_control_lead_is_struck(req, &m->id)));
		json_object_set_new(o, "found", json_string(viz_coverage_found_name(found)));
		viz_control_standing(o, c->net->trust, m);
		json_array_append_new(viz_live_partner(c->net->trust, &m->id) ? partners : others,
				      o);
	}
	err = viz_control_lead_make_texts(c, viz_control_texts, req);
	if (err != VIZ_OK)
		goto done;
	json_object_set(c->result, "own", own);
	json_object_set(c->result, "partners", partners);
	json_object_set(c->result, "members", others);
	json_object_set_new(c->result, "consent",
			    json_pack("{s:s,s:s,s:s?,s:s,s:s}", "version", VIZ_CONSENT_TEXT_VERSION,
				      "language", req->language, "text",
				      viz_control_texts->first[0] ? viz_control_texts->first : NULL,
				      "contact_text", viz_control_texts->contact, "later_text",
				      viz_control_texts->later));
done:
	viz_coverage_near_free(&near);
	free(who);
	json_decref(own);
	json_decref(partners);
	json_decref(others);
	free(viz_control_texts);
	viz_wipe(req, sizeof *req);
	free(req);
	return err;
}

/* The request's own fields, and the text that the customer heard; the viz_control_texts that hold
 * now.
 */
static int read_offer(struct viz_request *c, struct viz_lead_request *req,
		      struct viz_control_texts *viz_control_texts)
{
	int err =
	    viz_control_lead_consent(c, req->language, req->channel, req->evidence, req->agent);

	if (err == VIZ_OK)
		err = viz_control_lead_request(c, req);
	if (err == VIZ_OK)
		err = viz_control_lead_struck(c, req);
	if (err == VIZ_OK)
		err = viz_control_lead_make_texts(c, viz_control_texts, req);
	snprintf(req->text_version, sizeof req->text_version, "%s", VIZ_CONSENT_TEXT_VERSION);
	return err;
}

static int offer_failed(struct viz_request *c, int err)
{
	if (err == VIZ_ERR_INPUT)
		return viz_control_fail(
		    c, err, "not-single",
		    "contact data goes along only when exactly one partner is eligible");
	if (err == VIZ_ERR_ABSENT)
		return viz_control_fail(
		    c, err, "no-neighbour",
		    "there is nobody to ask, and nothing was kept: lead.later keeps the "
		    "location, when the customer agrees to be asked again");
	return viz_control_error(c, err, "offer");
}

/* {protocol, cancelled_at_ms, place, service, month, previous, strike, consent: {given, language,
 * channel, evidence, agent, text, contact_text: as lead.lookup gave them}, contact (and
 * contact_text): only for one eligible partner} -> {lead} */
static int lead_offer(struct viz_request *c)
{
	struct viz_lead_request *req = viz_core_alloc(sizeof *req);
	struct viz_lead *lead = viz_core_alloc(sizeof *lead);
	struct viz_control_texts *viz_control_texts = viz_core_alloc(sizeof *viz_control_texts);
	int err;

	memset(req, 0, sizeof *req);
	req->single = json_object_get(c->args, "contact") != NULL;
	/* said before anything is read to the customer */
	err = viz_self_may_begin(c->net->trust) ? VIZ_OK : offer_failed(c, VIZ_ERR_STATE);
	if (err == VIZ_OK)
		err = read_offer(c, req, viz_control_texts);
	if (err == VIZ_OK && req->single)
		err = viz_control_lead_contact(c, &req->contact);
	if (err == VIZ_OK)
		err = viz_control_lead_same_text(c, "text", viz_control_texts->first);
	if (err == VIZ_OK && req->single)
		err = viz_control_lead_same_text(c, "contact_text", viz_control_texts->contact);
	if (err == VIZ_OK) {
		viz_consent_text_hash(&req->text_hash, viz_control_texts->first);
		if (req->single)
			viz_consent_text_hash(&req->contact_text_hash, viz_control_texts->contact);
		err = viz_lead_offer(c->net, lead, req);
		if (err != VIZ_OK)
			offer_failed(c, err);
		else
			json_object_set_new(c->result, "lead", viz_control_lead_json(c->net, lead));
	}
	viz_wipe(req, sizeof *req);
	free(req);
	free(lead);
	free(viz_control_texts);
	return err;
}

/* {protocol, cancelled_at_ms, place, service, month, previous, consent: {given, ..., text:
 * lead.lookup's later_text}} -> {lead}: nobody serves the place, and the customer agrees to be
 * asked again. Nothing goes out, whoever has arrived meanwhile. */
static int lead_later(struct viz_request *c)
{
	struct viz_lead_request *req = viz_core_alloc(sizeof *req);
	struct viz_lead *lead = viz_core_alloc(sizeof *lead);
	struct viz_control_texts *viz_control_texts = viz_core_alloc(sizeof *viz_control_texts);
	int err;

	memset(req, 0, sizeof *req);
	err = read_offer(c, req, viz_control_texts);
	if (err == VIZ_OK)
		err = viz_control_lead_same_text(c, "text", viz_control_texts->later);
	if (err == VIZ_OK) {
		viz_consent_text_hash(&req->text_hash, viz_control_texts->later);
		err = viz_control_error(c, viz_lead_wait(c->net->trust, lead, req), "later");
	}
	if (err == VIZ_OK)
		json_object_set_new(c->result, "lead", viz_control_lead_json(c->net, lead));
	viz_wipe(req, sizeof *req);
	free(req);
	free(lead);
	free(viz_control_texts);
	return err;
}

/* {protocol, cancelled_at_ms, place} -> {lead}: the customer is served by us at the new address too
 */
static int lead_keep(struct viz_request *c)
{
	struct viz_lead_request *req = viz_core_alloc(sizeof *req);
	struct viz_lead *lead = viz_core_alloc(sizeof *lead);
	int err;

	memset(req, 0, sizeof *req);
	err = viz_control_lead_request(c, req);
	if (err == VIZ_OK)
		err =
		    viz_control_error(c,
				      viz_lead_keep(c->net->trust, lead, req->protocol,
						    req->cancelled_at, req->location.municipality),
				      "keep");
	if (err == VIZ_OK)
		json_object_set_new(c->result, "lead", viz_control_lead_json(c->net, lead));
	free(req);
	free(lead);
	return err;
}

/* {} -> {leads: [...]} */
static int lead_list(struct viz_request *c)
{
	struct viz_lead *lead = viz_core_alloc(sizeof *lead);
	json_t *list = json_array();
	struct viz_slice key, value;
	struct viz_walk walk;

	viz_walk_init(&walk, c->net->core->store, VIZ_TABLE_LEAD, NULL, 0);
	while (viz_walk_next(&walk, &key, &value))
		if (viz_lead_get(c->net->core, lead, viz_get_u64be(key.p)))
			json_array_append_new(list, viz_control_lead_json(c->net, lead));
	json_object_set_new(c->result, "leads", list);
	free(lead);
	return VIZ_OK;
}

/* {lead, personal: bool} -> {lead, contact: only with personal, for a reader, logged} */
static int lead_show(struct viz_request *c)
{
	struct viz_lead *lead = viz_core_alloc(sizeof *lead);
	int err = viz_control_lead_get(c, lead);

	if (err == VIZ_OK && viz_control_flag(c, "personal")) {
		struct viz_contact contact;

		err = viz_control_reader(c);
		if (err == VIZ_OK && viz_lead_contact(c->net->core, &contact, lead) == VIZ_OK) {
			viz_journal_access(c->net->core, c->who, "lead",
					   &c->net->trust->self.author, lead->slot);
			json_object_set_new(c->result, "contact",
					    viz_control_contact_json(&contact));
			viz_wipe(&contact, sizeof contact);
		}
	}
	if (err == VIZ_OK)
		json_object_set_new(c->result, "lead", viz_control_lead_json(c->net, lead));
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
