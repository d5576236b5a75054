#include "crypto/secret.h"
#include "node/control/consent_text.h"
#include "node/control/lead.h"
#include "node/control/request.h"
#include "node/core/core.h"
#include "node/lead/award.h"
#include "node/lead/consent.h"
#include "node/lead/lead.h"
#include "node/lead/personal.h"
#include "node/link/net.h"
#include "node/self/statement.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/reader.h"
#include "proto/record.h"
#include "proto/statement.h"

#include <jansson.h>

/* The plans that a partner has revealed. */
static json_t *plans_of(struct viz_trust *trust, const struct viz_lead *lead,
			const struct viz_lead_peer *p)
{
	struct viz_proposal *proposal = viz_core_alloc(sizeof *proposal);
	json_t *list = json_array();
	struct viz_record rec;
	struct viz_reveal rv;
	struct viz_slice v;

	if (viz_statement_get(trust->core, &v, &trust->self.author, lead->slot, VIZ_TYPE_REVEAL,
			      &p->id, 1) &&
	    viz_record_parse(&rec, v.p, v.len) == VIZ_OK && viz_reveal_parse(&rv, &rec) == VIZ_OK &&
	    VIZ_PARSE(proposal, proposal, rv.proposal, rv.proposal_len) == VIZ_OK)
		for (size_t i = 0; i < proposal->count; i++)
			json_array_append_new(list, viz_control_plan_json(&proposal->plan[i]));
	free(proposal);
	return list;
}

/* In the order of RESULT, each with its plans and the text of the second consent. */
int viz_control_lead_choose_proposals(struct viz_request *req)
{
	struct viz_lead *lead = viz_core_alloc(sizeof *lead);
	json_t *list = json_array();
	int err = viz_control_lead_request_lead(req, lead);

	for (size_t k = 0; err == VIZ_OK && k < lead->order_len; k++) {
		const struct viz_lead_peer *p = &lead->peer[lead->order[k]];
		const struct viz_member *m = viz_member_find(req->net->trust, &p->id);
		char label[VIZ_CONTROL_LABEL_MAX] = "?", text[VIZ_CONTROL_TEXT_MAX] = "";
		struct viz_id hash;
		json_t *o = viz_control_lead_json_peer(req->net->trust, p);

		if (m) {
			struct viz_consent_recipient r;

			viz_control_member_set_reach(o, req->net->core, m);
			viz_control_lead_request_recipient(req, &r, m);
			snprintf(label, sizeof label, "%s", r.label);
			viz_control_lead_request_contact_text(req, text, lead->language, &r);
		}
		json_object_set_new(o, "label", json_string(label));
		json_object_set_new(o, "position", json_integer((json_int_t)k + 1));
		json_object_set_new(o, "plans", plans_of(req->net->trust, lead, p));
		viz_request_set_text(o, "consent_text", text);
		viz_consent_text_hash(&hash, text);
		if (text[0] != '\0') {
			viz_request_set_hash(o, "consent_text_hash", &hash);
			viz_request_set_text(o, "consent_language", lead->language);
		}
		json_array_append_new(list, o);
	}
	json_object_set_new(req->result, "proposals", list);
	if (err == VIZ_OK)
		json_object_set_new(req->result, "lead", viz_control_lead_json(req->net, lead));
	free(lead);
	return err;
}

/* The partner that `peer` names, among those asked about this lead, or once the order is set
 * among those that made a proposal. */
static struct viz_member *chosen(struct viz_request *req, const struct viz_lead *lead)
{
	struct viz_id among[VIZ_ASKED_MAX];
	const char *text = viz_field_text(req->args, "peer");
	struct viz_member *m;
	size_t n = 0;

	if (text[0] == '\0') {
		viz_request_wrong(req, VIZ_CODE_MISSING, "peer", "peer is missing");
		return NULL;
	}
	for (size_t i = 0; i < lead->peer_count; i++)
		if (lead->order_len == 0 || lead->peer[i].revealed)
			among[n++] = lead->peer[i].id;
	m = viz_control_name_find_among(req, text, among, n);
	if (!m && req->code == VIZ_CODE_COUNT)
		viz_request_wrong(req, VIZ_CODE_NO_SUCH_PROPOSAL, "peer",
				  "no proposal for this lead is from \"%s\"", text);
	return m;
}

/* The contact of the request; or the one that the customer gave before. */
static int contact_of(struct viz_request *req, struct viz_contact *out, const struct viz_lead *lead)
{
	if (json_object_get(req->args, "contact") == NULL &&
	    viz_lead_personal_open_contact(req->net->core, out, lead) == VIZ_OK)
		return VIZ_OK;
	return viz_control_lead_request_contact(req, out);
}

static int choose_one(struct viz_request *req, struct viz_lead *lead)
{
	struct viz_member *m = chosen(req, lead);
	struct viz_contact contact = {0};
	char text[VIZ_CONTROL_TEXT_MAX];
	struct viz_consent_recipient recipient;
	int err;

	if (!m)
		return VIZ_ERR_ABSENT;
	err = viz_control_lead_request_withdrawal(req);
	if (err == VIZ_OK)
		err = viz_control_lead_request_consent(req, lead->language, lead->channel,
						       lead->evidence, lead->agent);
	if (err == VIZ_OK)
		err = contact_of(req, &contact, lead);
	if (err != VIZ_OK) {
		viz_secret_wipe(&contact, sizeof contact);
		return err;
	}
	viz_control_lead_request_recipient(req, &recipient, m);
	viz_control_lead_request_contact_text(req, text, lead->language, &recipient);
	viz_consent_text_hash(&lead->text_hash, text);
	err = viz_control_lead_request_same_text(req, "text", text);
	if (err != VIZ_OK) {
		viz_secret_wipe(&contact, sizeof contact);
		return err;
	}
	err = viz_lead_award_choose(req->net, lead, &m->id, &contact);
	viz_secret_wipe(&contact, sizeof contact);
	if (err == VIZ_OK)
		viz_lead_consent_keep_text(req->net->trust, lead->slot, &lead->text_hash, text);
	if (err == VIZ_ERR_ABSENT)
		return viz_request_fail(req, err, VIZ_CODE_NO_SUCH_PROPOSAL,
					"%s has made no proposal", recipient.label);
	if (err == VIZ_ERR_LIMIT && !viz_core_has_headroom(req->net->core))
		return viz_request_store_full(req);
	if (err == VIZ_ERR_STATE)
		req->state = viz_lead_state_name(lead->state);
	if (err == VIZ_ERR_STATE)
		return viz_request_fail(
		    req, err, VIZ_CODE_NOT_NOW,
		    lead->recalled ? "the chosen one may still show the contact: it was told to "
				     "let go; choose again in a while"
				   : "the choice is not open now");
	return viz_request_core_error(req, err, "choose");
}

static const char *choice_name(enum viz_lead_choice choice)
{
	static const char *const names[] = {
	    [VIZ_LEAD_CHOICE_PROPOSALS] = "proposals", [VIZ_LEAD_CHOICE_HOLDER] = "holder",
	    [VIZ_LEAD_CHOICE_UNHEARD] = "unheard",     [VIZ_LEAD_CHOICE_LINK] = "link",
	    [VIZ_LEAD_CHOICE_OVER] = "over",
	};

	return names[choice];
}

static void set_choice(struct viz_request *req, const struct viz_lead *lead)
{
	enum viz_lead_choice choice = viz_lead_award_choice(req->net, lead);
	json_t *o = json_object();

	json_object_set_new(o, "open", json_boolean(choice == VIZ_LEAD_CHOICE_OPEN));
	if (choice != VIZ_LEAD_CHOICE_OPEN)
		json_object_set_new(o, "waits_for", json_string(choice_name(choice)));
	viz_request_set_time(o, "until",
			     choice == VIZ_LEAD_CHOICE_HOLDER ? lead->lease_until
							      : (struct viz_time){0});
	json_object_set_new(req->result, "choice", o);
	json_object_set_new(req->result, "lead", viz_control_lead_json(req->net, lead));
}

/* Whether the choice is open, or what it waits for. Changes nothing: to ask before a customer is
 * asked for data. */
int viz_control_lead_choose_check(struct viz_request *req)
{
	struct viz_lead *lead = viz_core_alloc(sizeof *lead);
	int err = viz_control_lead_request_lead(req, lead);

	if (err == VIZ_OK)
		set_choice(req, lead);
	free(lead);
	return err;
}

/* Whether there is an award to take back: its holder may show the contact, or may do so yet. */
static bool has_holder(struct viz_request *req, const struct viz_lead *lead)
{
	enum viz_lead_choice choice = viz_lead_award_choice(req->net, lead);

	if (choice == VIZ_LEAD_CHOICE_OPEN)
		return (lead->state == VIZ_LEAD_AWARDED || lead->state == VIZ_LEAD_DELIVERED ||
			lead->state == VIZ_LEAD_CONTACTED) &&
		       !lead->released;
	return choice == VIZ_LEAD_CHOICE_HOLDER;
}

/* The holder of the last award is told to let go of the contact, as the customer wants to choose
 * again. */
int viz_control_lead_choose_recall(struct viz_request *req)
{
	struct viz_lead *lead = viz_core_alloc(sizeof *lead);
	int err = viz_control_lead_request_lead(req, lead);

	if (err == VIZ_OK && has_holder(req, lead))
		viz_lead_award_recall(req->net, lead);
	if (err == VIZ_OK)
		set_choice(req, lead);
	free(lead);
	return err;
}

/* The customer takes a proposal, with the contact or the one that is held; or none. While the
 * holder of an earlier award may show the contact, it is told to let go, and the choice is refused:
 * lead.choice says when it is open. */
int viz_control_lead_choose(struct viz_request *req)
{
	struct viz_lead *lead = viz_core_alloc(sizeof *lead);
	int err = viz_control_lead_request_lead(req, lead);

	if (err == VIZ_OK)
		err = viz_request_log_free(req, "choose");
	if (err == VIZ_OK && viz_field_flag(req->args, "none", false)) {
		err = viz_lead_award_choose(req->net, lead, NULL, NULL);
		req->state = err != VIZ_OK ? viz_lead_state_name(lead->state) : NULL;
		if (err != VIZ_OK)
			viz_request_fail(req, err, VIZ_CODE_NOT_NOW,
					 lead->recalled
					     ? "the chosen one may still show the contact: it "
					       "was told to let go"
					     : "the choice is not open");
	} else if (err == VIZ_OK) {
		err = choose_one(req, lead);
	}
	if (err == VIZ_OK)
		json_object_set_new(req->result, "lead", viz_control_lead_json(req->net, lead));
	viz_secret_wipe(lead, sizeof *lead);
	free(lead);
	return err;
}
