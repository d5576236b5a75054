#include "node/offer/proof.h"

#include "crypto/id.h"
#include "node/audit/finding.h"
#include "node/audit/rules.h"
#include "node/control/lead.h"
#include "node/control/request.h"
#include "node/core/core.h"
#include "node/core/ids.h"
#include "node/core/place.h"
#include "node/lead/lead.h"
#include "node/lead/proof.h"
#include "node/link/net.h"
#include "node/offer/view.h"
#include "node/self/statement.h"
#include "node/trust/author.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/offer.h"
#include "proto/reader.h"
#include "proto/receipt.h"
#include "proto/record.h"
#include "proto/trust.h"
#include "store/store.h"
#include "store/tables.h"

#include <jansson.h>

/* ---- lead.proof ---- */

static json_t *id_json(const struct viz_id *id)
{
	char text[VIZ_TEXT_ID_MAX];

	viz_id_text(text, "viz", id->b);
	return json_string(text);
}

/* {id, name} of all of them. */
static json_t *nodes_json(struct viz_trust *trust, const struct viz_id *id, size_t count)
{
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, json_pack("{s:o,s:s}", "id", id_json(&id[i]), "name",
						      viz_control_name(trust, &id[i])));
	return list;
}

/* The object of PROTOCOL.md section 10, with the names of the ISPs beside. */
static void set_proof(struct viz_request *req, const struct viz_proof *p, const char *line)
{
	struct viz_trust *trust = req->net->trust;
	json_t *asked = json_array(), *order = json_array(), *o = req->result;

	for (size_t i = 0; i < p->asked_count; i++)
		json_array_append_new(asked, id_json(&p->asked[i]));
	for (size_t i = 0; i < p->order_len; i++)
		json_array_append_new(order, id_json(&p->asked[p->order[i]]));
	viz_request_set_hash(o, "federation", &trust->core->federation_id);
	viz_request_set_hash(o, "offer", &p->offer);
	viz_request_set_id(o, "author", &trust->self.author);
	json_object_set_new(o, "text_version", json_string(p->text_version));
	viz_request_set_hash(o, "text_hash", &p->text_hash);
	json_object_set_new(o, "asked", asked);
	json_object_set_new(o, "order", order);
	json_object_set_new(o, "k", json_integer(p->k));
	viz_request_set_id(o, "chosen", &p->chosen);
	json_object_set_new(o, "line", json_string(line));
	json_object_set_new(o, "nodes", nodes_json(trust, p->asked, p->asked_count));
}

/* The customer's proof. */
static int lead_proof(struct viz_request *req)
{
	struct viz_lead *lead = viz_core_alloc(sizeof *lead);
	char line[VIZ_PROOF_LINE_MAX + 1];
	struct viz_proof p;
	int err = viz_control_lead_request_named(req, lead);

	if (err == VIZ_OK) {
		err = viz_lead_proof(req->net->trust, line, &p, lead);
		if (err == VIZ_OK)
			set_proof(req, &p, line);
		else
			viz_request_fail(req, err, VIZ_CODE_NO_PROOF,
					 "there is a proof when the order of the proposals is set");
	}
	free(lead);
	return err;
}

/* ---- consent.verify ---- */

/* What is held of the offer that a proof names. */
struct offer {
	struct viz_record rec, result, choice;
	struct viz_id asked[VIZ_ASKED_MAX];
	struct viz_rules_proof c;
	enum viz_rules_match match; /* whether the OFFER that we hold is the one that it names */
};

static bool held(struct viz_core *core, struct viz_record *rec, const struct viz_offer_proof *p,
		 uint8_t type, uint64_t slot)
{
	struct viz_held h;

	return viz_place_get(core, &h, rec, &p->author, type, slot) && !h.dead;
}

/* Whom the OFFER asks, by the PARTNERS that it names. 0: that is not held. */
static size_t read_asked(struct viz_core *core, struct viz_id out[VIZ_ASKED_MAX],
			 const struct viz_record *rec)
{
	struct viz_partners *named = viz_core_alloc(sizeof *named);
	struct viz_offer *o = viz_core_alloc(sizeof *o);
	size_t n = 0;

	if (viz_offer_parse(o, rec) == VIZ_OK &&
	    viz_view_partners(core, named, &rec->author, &o->partners))
		while (n < o->asked_count && o->asked[n].index < named->count) {
			out[n] = named->entry[o->asked[n].index].id;
			n++;
		}
	if (n > 0 && n < o->asked_count)
		n = 0;
	free(o);
	free(named);
	return n;
}

static void read_offer(struct viz_core *core, struct offer *o, const struct viz_offer_proof *p)
{
	uint64_t slot = p->rec.slot;
	struct viz_id id;

	memset(o, 0, sizeof *o);
	o->c.proof = &p->rec;
	if (!held(core, &o->rec, p, VIZ_TYPE_OFFER, slot))
		return;
	viz_ids_record(&id, &core->federation_id, &o->rec);
	o->match = viz_id_eq(&id, &p->body.offer) ? VIZ_RULES_RIGHT : VIZ_RULES_WRONG;
	if (o->match != VIZ_RULES_RIGHT)
		return;
	o->c.asked = o->asked;
	o->c.asked_count = read_asked(core, o->asked, &o->rec);
	if (held(core, &o->result, p, VIZ_TYPE_RESULT, slot))
		o->c.result = &o->result;
	if (p->body.k > 0 &&
	    held(core, &o->choice, p, VIZ_TYPE_CHOICE, viz_record_slot_choice(slot, p->body.k)))
		o->c.choice = &o->choice;
}

/* Whether the RECEIPT of the first consent names the same text, if we got it. */
static enum viz_rules_match match_receipt(struct viz_core *core, const struct viz_offer_proof *p)
{
	struct viz_receipt *c = viz_core_alloc(sizeof *c);
	enum viz_rules_match match = VIZ_RULES_UNKNOWN;
	struct viz_record rec;
	struct viz_slice v;

	if (viz_statement_get(core, &v, &p->author, p->rec.slot, VIZ_TYPE_RECEIPT, &p->author, 1) &&
	    viz_record_parse(&rec, v.p, v.len) == VIZ_OK && viz_receipt_parse(c, &rec) == VIZ_OK)
		match = strcmp(c->text_version, p->body.text_version) == 0 &&
				viz_id_eq(&c->text_hash, &p->body.text_hash)
			    ? VIZ_RULES_RIGHT
			    : VIZ_RULES_WRONG;
	free(c);
	return match;
}

static void note(void *arg, enum viz_rule rule, enum viz_verdict verdict,
		 const struct viz_id *about)
{
	bool *false_proof = arg;

	(void)rule;
	(void)verdict;
	(void)about;
	*false_proof = true;
}

/* Keeps the finding, unless the origin's key has ended: a thief may have signed the proof. The
 * proof stays with the customer. */
static void keep_finding(struct viz_trust *trust, const struct viz_offer_proof *p,
			 const struct viz_rules_proof *c)
{
	const struct viz_member *m = viz_member_find(trust, &p->author);
	bool false_proof = false;

	viz_rules_proof(c, &p->id, note, &false_proof);
	if (!false_proof || !m || viz_id_eq(&p->author, &trust->self.author) ||
	    viz_author_key_ended(m, p->rec.key))
		return;
	viz_finding_keep(trust, &p->author, p->rec.slot, VIZ_RULE_PROOF_FALSE,
			 VIZ_VERDICT_CONTRADICTION, &p->id);
}

static void set(json_t *o, const char *name, enum viz_rules_match match)
{
	static const char *const words[] = {"unknown", "right", "wrong"};

	json_object_set_new(o, name, json_string(words[match]));
}

static enum viz_rules_match match_signature(struct viz_trust *trust,
					    const struct viz_offer_proof *p)
{
	struct viz_record rec;
	struct viz_id id;
	int err = viz_statement_check(trust, &rec, &id, p->line.proof, p->line.proof_len,
				      VIZ_TYPE_PROOF, &p->author);

	if (err == VIZ_ERR_ABSENT)
		return p->signature_known ? VIZ_RULES_RIGHT : VIZ_RULES_UNKNOWN;
	return err == VIZ_OK ? VIZ_RULES_RIGHT : VIZ_RULES_WRONG;
}

/* Each check is "right", "wrong", or "unknown": what it is compared with is not held here. */
static int consent_verify(struct viz_request *req)
{
	struct viz_offer_proof *p = viz_core_alloc(sizeof *p);
	struct viz_trust *trust = req->net->trust;
	struct viz_rules_proof_result r = {0};
	enum viz_rules_match receipt = VIZ_RULES_UNKNOWN, signature = VIZ_RULES_UNKNOWN;
	json_t *checks;
	struct offer o = {.match = VIZ_RULES_UNKNOWN};
	bool ours;

	if (viz_offer_proof_read(p, viz_field_text(req->args, "line")) != VIZ_OK) {
		free(p);
		return viz_request_wrong(req, VIZ_CODE_BAD_PROOF, "line",
					 "this is not a whole proof, or it was changed");
	}
	ours = viz_id_eq(&p->line.federation, &trust->core->federation_id);
	if (ours)
		signature = match_signature(trust, p);
	if (signature == VIZ_RULES_RIGHT) {
		read_offer(trust->core, &o, p);
		viz_rules_proof_match(&r, &o.c);
		receipt = match_receipt(trust->core, p);
	}
	checks = json_object();
	set(checks, "federation", ours ? VIZ_RULES_RIGHT : VIZ_RULES_WRONG);
	set(checks, "signature", signature);
	set(checks, "offer", o.match);
	set(checks, "asked", r.asked);
	set(checks, "order", r.order);
	set(checks, "choice", r.choice);
	set(checks, "receipt", receipt);
	json_object_set_new(req->result, "checks", checks);
	viz_control_name_set_node(req->result, "origin", trust, &p->author);
	json_object_set_new(req->result, "nodes",
			    nodes_json(trust, p->body.asked, p->body.asked_count));
	if (o.match == VIZ_RULES_RIGHT)
		keep_finding(trust, p, &o.c);
	free(p);
	return VIZ_OK;
}

static const struct viz_field line_fields[] = {
    {"line", VIZ_FIELD_TEXT, .needed = true, .min = 1, .max = VIZ_PROOF_LINE_MAX}, {0}};

const struct viz_control_op viz_control_proof_ops[] = {
    {"lead.proof", lead_proof, VIZ_SPACE_NONE, VIZ_PRIVACY_NONE, VIZ_ROLES_READ,
     viz_request_lead_only},
    {"consent.verify", consent_verify, VIZ_SPACE_SOME, VIZ_PRIVACY_NONE, VIZ_ROLES_READ,
     line_fields},
    {0},
};
