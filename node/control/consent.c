/* What this node can say about the person of one lead: the consents, who got what and when, what is
 * held here, and who looked at it. For an answer under LGPD, art. 18 and 19. */
#include <ctype.h>

#include "crypto/id.h"
#include "crypto/secret.h"
#include "node/control/lead.h"
#include "node/control/request.h"
#include "node/core/core.h"
#include "node/core/ids.h"
#include "node/core/journal.h"
#include "node/inbox/holding.h"
#include "node/inbox/inbox.h"
#include "node/inbox/wish.h"
#include "node/lead/consent.h"
#include "node/lead/lead.h"
#include "node/lead/personal.h"
#include "node/link/net.h"
#include "node/offer/commitment.h"
#include "node/control/consent_text.h"
#include "node/self/statement.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/reader.h"
#include "proto/receipt.h"
#include "proto/record.h"
#include "proto/statement.h"
#include "proto/trust.h"
#include "store/store.h"
#include "store/tables.h"

#include <jansson.h>

/* Whose person it is: of a lead of ours, or of an offer in the inbox. */
struct subject {
	struct viz_id origin;
	uint64_t slot;
	bool ours;
	struct viz_lead *lead; /* NULL: it is another's, or its row has gone */
	struct viz_inbox *in;  /* NULL: it is ours */
};

static void subject_end(struct subject *s)
{
	if (s->lead)
		viz_secret_wipe(s->lead, sizeof *s->lead);
	free(s->lead);
	free(s->in);
}

static void statements_init(struct viz_walk *walk, struct viz_core *core, const struct subject *s)
{
	uint8_t prefix[40];

	memcpy(prefix, s->origin.b, 32);
	viz_be_put_u64(prefix + 32, s->slot);
	viz_walk_init(walk, core->store, VIZ_TABLE_STATEMENT, prefix, sizeof prefix);
}

/* The next signed statement. False: there is none. */
static bool statements_next(struct viz_walk *walk, struct viz_record *rec)
{
	struct viz_slice key, value;

	while (viz_walk_next(walk, &key, &value))
		if (key.p[40] >= VIZ_TYPE_STATEMENT_MIN &&
		    viz_record_parse(rec, value.p, value.len) == VIZ_OK)
			return true;
	return false;
}

/* A lead whose row has gone still has its statements. */
static bool has_statements(struct viz_core *core, const struct subject *s)
{
	struct viz_record rec;
	struct viz_walk walk;

	statements_init(&walk, core, s);
	return statements_next(&walk, &rec);
}

/* `lead`: its id, the protocol number, or the id in the inbox. */
static int find_subject(struct viz_request *req, struct subject *s)
{
	const char *text = viz_field_text(req->args, "lead");
	int err;

	memset(s, 0, sizeof *s);
	if (viz_control_inbox_names(text)) {
		s->in = viz_core_alloc(sizeof *s->in);
		err = viz_control_inbox_get(req, s->in);
		s->origin = s->in->origin;
		s->slot = s->in->slot;
		return err;
	}
	s->ours = true;
	s->origin = req->net->trust->self.author;
	s->lead = viz_core_alloc(sizeof *s->lead);
	err = viz_control_lead_request_named(req, s->lead);
	s->slot = s->lead->slot;
	if (err != VIZ_ERR_ABSENT)
		return err;
	free(s->lead);
	s->lead = NULL;
	if (viz_request_slot_parse(&s->slot, text) != VIZ_OK || !has_statements(req->net->core, s))
		return err;
	req->code = VIZ_CODE_COUNT;
	return VIZ_OK;
}

static const char *state_name(enum viz_consent_state state)
{
	static const char *const names[] = {"?",         "requested", "given",     "refused",
					    "withdrawn", "expired",   "terminated"};

	return names[state];
}

static json_t *fields_json(unsigned fields)
{
	static const char *const names[] = {"location", "name", "phone", "address", "date", "plan"};
	json_t *list = json_array();

	for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
		if (fields & 1u << i)
			json_array_append_new(list, json_string(names[i]));
	return list;
}

static json_t *recipients_json(struct viz_trust *trust, const struct viz_receipt *c)
{
	json_t *list = json_array();

	for (size_t i = 0; i < c->recipient_count; i++) {
		json_t *o = json_object();

		viz_request_set_id(o, "id", &c->recipient[i].id);
		json_object_set_new(o, "name",
				    json_string(viz_control_name(trust, &c->recipient[i].id)));
		viz_request_set_text(o, "cnpj", c->recipient[i].cnpj);
		json_array_append_new(list, o);
	}
	return list;
}

/* Sets the text, and how the yes was recorded, where they are here. */
static void set_kept(json_t *o, struct viz_trust *trust, const struct subject *s,
		     const struct viz_record *rec, const struct viz_receipt *c)
{
	struct viz_lead_reference ref;
	struct viz_slice text;
	bool kept = s->ours && viz_lead_consent_text(trust, &text, s->slot, &c->text_hash);

	if (kept)
		json_object_set_new(o, "text", json_stringn((const char *)text.p, text.len));
	if (s->ours && viz_lead_consent_reference(trust, &ref, s->slot, rec->seq)) {
		viz_request_set_text(o, "evidence", ref.evidence);
		viz_request_set_text(o, "agent", ref.agent);
		viz_secret_wipe(&ref, sizeof ref);
	}
}

static json_t *consent_json(struct viz_trust *trust, const struct subject *s,
			    const struct viz_record *rec, const struct viz_receipt *c)
{
	json_t *o = json_object();

	json_object_set_new(o, "number", json_integer((json_int_t)rec->seq));
	json_object_set_new(
	    o, "purpose", json_string(c->purpose == VIZ_PURPOSE_LOCATION ? "location" : "contact"));
	json_object_set_new(o, "state", json_string(state_name(c->state)));
	viz_request_set_time(o, "time", rec->time);
	viz_request_set_time(o, "given_at", c->given);
	viz_request_set_time(o, "expires_at", c->expires);
	viz_request_set_time(o, "erase_at", c->erase);
	json_object_set_new(o, "recipients", recipients_json(trust, c));
	json_object_set_new(o, "fields", fields_json(c->fields));
	json_object_set_new(o, "channel", json_string(c->channel));
	viz_request_set_text(o, "withdrawal", c->withdrawal);
	json_object_set_new(o, "language", json_string(c->language));
	json_object_set_new(o, "text_version", json_string(c->text_version));
	viz_request_set_hash(o, "text_hash", &c->text_hash);
	set_kept(o, trust, s, rec, c);
	return o;
}

/* Calls `make` for each RECEIPT; the list of what it gives. */
static json_t *consents_json(struct viz_trust *trust, const struct subject *s,
			     json_t *(*make)(struct viz_trust *trust, const struct subject *s,
					     const struct viz_record *rec,
					     const struct viz_receipt *c))
{
	struct viz_receipt *c = viz_core_alloc(sizeof *c);
	json_t *list = json_array();
	struct viz_record rec;
	struct viz_walk walk;

	statements_init(&walk, trust->core, s);
	while (statements_next(&walk, &rec))
		if (rec.type == VIZ_TYPE_RECEIPT && viz_receipt_parse(c, &rec) == VIZ_OK)
			json_array_append_new(list, make(trust, s, &rec, c));
	free(c);
	return list;
}

/* The yes to be asked again when a neighbour comes: it concerns nobody else, so it is not signed.
 * NULL: there is none. */
static json_t *waiting_json(struct viz_trust *trust, const struct subject *s)
{
	const struct viz_lead *lead = s->lead;
	struct viz_slice text;
	json_t *o;

	if (!lead || !viz_lead_consent_text(trust, &text, s->slot, &lead->text_hash))
		return NULL;
	o = json_pack("{s:i,s:s,s:s}", "number", 0, "purpose", "waiting", "state",
		      lead->revoked          ? "withdrawn"
		      : viz_lead_waits(lead) ? "given"
					     : "expired");
	viz_request_set_time(o, "given_at", lead->given);
	viz_request_set_time(o, "expires_at", lead->award_latest);
	viz_request_set_time(o, "erase_at", lead->award_latest);
	viz_request_set_text(o, "channel", lead->channel);
	viz_request_set_text(o, "language", lead->language);
	viz_request_set_text(o, "text_version", lead->text_version);
	viz_request_set_hash(o, "text_hash", &lead->text_hash);
	json_object_set_new(o, "text", json_stringn((const char *)text.p, text.len));
	viz_request_set_text(o, "evidence", lead->evidence);
	viz_request_set_text(o, "agent", lead->agent);
	return o;
}

static void set_subject(struct viz_request *req, const struct subject *s)
{
	json_t *o = req->result, *list, *waiting;
	char id[VIZ_INBOX_TEXT_MAX];

	viz_request_inbox_text(id, &s->origin, s->slot);
	if (s->ours)
		viz_request_set_lead(o, "lead", s->slot);
	else
		json_object_set_new(o, "lead", json_pack("{s:s}", "id", id));
	viz_control_name_set_node(o, "origin", req->net->trust, &s->origin);
	json_object_set_new(o, "ours", json_boolean(s->ours));
	viz_request_set_text(o, "state",
			     s->lead ? viz_lead_state_name(s->lead->state)
			     : s->in ? viz_inbox_state_name(s->in->state)
				     : "");
	viz_request_set_text(o, "protocol", s->lead ? s->lead->protocol : "");
	list = consents_json(req->net->trust, s, consent_json);
	if (json_array_size(list) == 0 && (waiting = waiting_json(req->net->trust, s)) != NULL)
		json_array_append_new(list, waiting);
	json_object_set_new(o, "consents", list);
}

/* The consents. No personal data. */
static int consent_show(struct viz_request *req)
{
	struct subject s;
	int err = find_subject(req, &s);

	if (err == VIZ_OK)
		set_subject(req, &s);
	subject_end(&s);
	return err;
}

/* When the location went to each; the rest of what somebody got is in the history. */
static json_t *holders_json(struct viz_trust *trust, const struct subject *s)
{
	json_t *list = json_array();

	for (size_t i = 0; s->lead && i < s->lead->peer_count; i++) {
		const struct viz_lead_peer *p = &s->lead->peer[i];
		const struct viz_member *m = viz_member_find(trust, &p->id);
		struct viz_node_body *node = viz_core_alloc(sizeof *node);
		json_t *o = json_object();

		memset(node, 0, sizeof *node);
		if (m)
			viz_member_node(trust->core, node, m);
		viz_request_set_id(o, "id", &p->id);
		json_object_set_new(o, "name", json_string(viz_control_name(trust, &p->id)));
		viz_request_set_text(o, "privacy", node->privacy);
		viz_request_set_time(o, "located_at", p->located_at);
		json_object_set_new(o, "erased", json_boolean(p->erased));
		json_array_append_new(list, o);
		free(node);
	}
	return list;
}

/* "handoff_ack" */
static json_t *type_json(unsigned type)
{
	const char *name = viz_record_type_name(type);
	char text[32] = "";

	for (size_t i = 0; name[i] != '\0' && i + 1 < sizeof text; i++)
		text[i] = (char)tolower((unsigned char)name[i]);
	return json_string(text);
}

/* The signed statements, by their types: [{time, what, number, by}]. */
static json_t *history_json(struct viz_trust *trust, const struct subject *s)
{
	json_t *list = json_array();
	struct viz_record rec;
	struct viz_walk walk;

	statements_init(&walk, trust->core, s);
	while (statements_next(&walk, &rec)) {
		json_t *o = json_object();

		viz_request_set_time(o, "time", rec.time);
		json_object_set_new(o, "what", type_json(rec.type));
		json_object_set_new(o, "number", json_integer((json_int_t)rec.seq));
		viz_control_name_set_node(o, "by", trust, &rec.author);
		json_array_append_new(list, o);
	}
	return list;
}

/* The rows of the access log about this person: [{time, who, what}]. */
static json_t *views_json(struct viz_core *core, const struct subject *s)
{
	struct viz_journal_access a;
	json_t *list = json_array();
	struct viz_slice key, value;
	struct viz_walk walk;

	viz_walk_init(&walk, core->store, VIZ_TABLE_ACCESS, NULL, 0);
	while (viz_walk_next(&walk, &key, &value)) {
		json_t *o;

		if (VIZ_PARSE(journal_access, &a, value.p, value.len) != VIZ_OK ||
		    a.slot != s->slot || !viz_id_eq(&a.origin, &s->origin))
			continue;
		o = json_pack("{s:s,s:s}", "who", a.who, "what", a.what);
		viz_request_set_time(o, "time", a.time);
		json_array_append_new(list, o);
	}
	return list;
}

/* A holder shows the contact under a lease alone. */
static bool open_contact(struct viz_request *req, struct viz_contact *out, const struct subject *s)
{
	if (s->lead)
		return viz_lead_personal_open_contact(req->net->core, out, s->lead) == VIZ_OK;
	return s->in && viz_control_claim_opens(req, s->in) &&
	       viz_inbox_holding_may_show(req->net, s->in) &&
	       viz_inbox_holding_open_contact(req->net->core, out, s->in) == VIZ_OK;
}

static bool open_location(struct viz_core *core, struct viz_location *out, const struct subject *s)
{
	if (s->lead)
		return viz_lead_personal_open_location(core, out, s->lead) == VIZ_OK;
	return s->in && viz_inbox_holding_open_location(core, out, s->in) == VIZ_OK;
}

/* What is held, opened. */
static json_t *held_json(struct viz_request *req, const struct subject *s)
{
	bool contact_here = s->lead ? s->lead->contact_len > 0 : s->in && s->in->contact_len > 0;
	json_t *o = json_object();
	struct viz_location l;
	struct viz_contact c;
	struct viz_wish wish;

	if (open_location(req->net->core, &l, s)) {
		json_object_set_new(o, "location", viz_control_access_location_json(&l));
		viz_secret_wipe(&l, sizeof l);
	}
	if (s->in && viz_inbox_wish_open(req->net->core, &wish, s->in) == VIZ_OK)
		json_object_set_new(o, "wish", viz_control_access_wish_json(&wish));
	if (open_contact(req, &c, s)) {
		json_object_set_new(o, "contact", viz_control_access_contact_json(&c));
		viz_secret_wipe(&c, sizeof c);
	}
	json_object_set_new(o, "holds_contact", json_boolean(contact_here));
	return o;
}

/* What consent.show gives, what is held, who got it, what was signed, and who has looked, this time
 * among them. For a reader, logged. */
static int consent_dossier(struct viz_request *req)
{
	struct subject s = {0};
	int err = find_subject(req, &s);

	if (err == VIZ_OK) {
		viz_journal_accessed(req->net->core, req->who, "dossier", &s.origin, s.slot);
		set_subject(req, &s);
		json_object_set_new(req->result, "held", held_json(req, &s));
		json_object_set_new(req->result, "holders", holders_json(req->net->trust, &s));
		json_object_set_new(req->result, "history", history_json(req->net->trust, &s));
		json_object_set_new(req->result, "views", views_json(req->net->core, &s));
	}
	subject_end(&s);
	return err;
}

static const char *word(bool known, bool right)
{
	return !known ? "unknown" : right ? "right" : "wrong";
}

/* Whether the state before is the one that this receipt names. */
static const char *check_previous(struct viz_core *core, const struct subject *s,
				  const struct viz_receipt *c)
{
	struct viz_record rec;
	struct viz_walk walk;
	struct viz_id id;

	if (viz_id_is_zero(&c->previous))
		return "right";
	statements_init(&walk, core, s);
	while (statements_next(&walk, &rec)) {
		viz_ids_record(&id, &core->federation_id, &rec);
		if (viz_id_eq(&id, &c->previous))
			return "right";
	}
	return "wrong";
}

static json_t *check_json(struct viz_trust *trust, const struct subject *s,
			  const struct viz_record *rec, const struct viz_receipt *c)
{
	struct viz_lead_reference ref;
	struct viz_id hash, reference, id;
	struct viz_record checked;
	struct viz_slice text;
	bool has_text = s->ours && viz_lead_consent_text(trust, &text, s->slot, &c->text_hash);
	bool has_ref = s->ours && viz_lead_consent_reference(trust, &ref, s->slot, rec->seq);
	bool first = viz_id_is_zero(&c->previous);
	int signature =
	    viz_statement_check(trust, &checked, &id, rec->bytes - sizeof rec->sig,
				rec->len + sizeof rec->sig, VIZ_TYPE_RECEIPT, &s->origin);

	if (has_text)
		viz_consent_text_hash_of(&hash, text.p, text.len);
	if (has_ref)
		viz_commitment_reference(&reference, &ref.blinding, ref.evidence, ref.agent);
	return json_pack("{s:I,s:s,s:{s:s,s:s,s:s,s:s}}", "number", (json_int_t)rec->seq, "state",
			 state_name(c->state), "checks", "signature",
			 word(signature != VIZ_ERR_ABSENT, signature == VIZ_OK), "text",
			 word(s->ours, has_text && viz_id_eq(&hash, &c->text_hash)), "reference",
			 word(s->ours && first, has_ref && viz_id_eq(&reference, &c->reference)),
			 "previous", check_previous(trust->core, s, c));
}

/* Of a yes that is not signed only the text can be checked. */
static json_t *check_waiting_json(struct viz_trust *trust, const struct subject *s)
{
	json_t *kept = waiting_json(trust, s), *o;
	const char *text = json_string_value(json_object_get(kept, "text"));
	struct viz_id hash;

	if (kept == NULL)
		return NULL;
	viz_consent_text_hash(&hash, text);
	o = json_pack("{s:i,s:O,s:{s:s,s:s,s:s,s:s}}", "number", 0, "state",
		      json_object_get(kept, "state"), "checks", "signature", "unknown", "text",
		      word(true, viz_id_eq(&hash, &s->lead->text_hash)), "reference", "unknown",
		      "previous", "unknown");
	json_decref(kept);
	return o;
}

/* Whether the kept text has the hash of the signed one, whether what is kept opens the reference,
 * and so on. "unknown": only the origin keeps it, with the first state. */
static int consent_check(struct viz_request *req)
{
	json_t *list, *waiting;
	struct subject s;
	int err = find_subject(req, &s);

	if (err == VIZ_OK) {
		set_subject(req, &s);
		list = consents_json(req->net->trust, &s, check_json);
		if (json_array_size(list) == 0 &&
		    (waiting = check_waiting_json(req->net->trust, &s)) != NULL)
			json_array_append_new(list, waiting);
		json_object_set_new(req->result, "consents", list);
	}
	subject_end(&s);
	return err;
}

const struct viz_control_op viz_control_consent_ops[] = {
    {"consent.show", consent_show, VIZ_SPACE_NONE, VIZ_PRIVACY_NONE, VIZ_ROLES_READ,
     viz_request_lead_only},
    {"consent.dossier", consent_dossier, VIZ_SPACE_SOME, VIZ_PRIVACY_GIVES, VIZ_ROLES_WORK,
     viz_request_lead_only},
    {"consent.check", consent_check, VIZ_SPACE_NONE, VIZ_PRIVACY_NONE, VIZ_ROLES_READ,
     viz_request_lead_only},
    {0},
};
