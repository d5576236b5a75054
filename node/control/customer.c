/* customer.*: what a customer does by a link. What changes something are the operations of the
 * agent's desk, with the customer's words in them: nothing is decided here that they do not
 * decide. */
#include "node/control/customer.h"

#include "node/control/consent_text.h"
#include "node/control/lead.h"
#include "node/core/core.h"
#include "node/lead/draw.h"
#include "node/link/net.h"
#include "node/trust/trust.h"
#include "proto/base.h"

#include <jansson.h>

static struct viz_customer_visit *visit_new(void)
{
	return viz_core_alloc(sizeof(struct viz_customer_visit));
}

/* Sets the page of the stage that there is now, unless `err`; ends and frees the visit. */
static int visit_end(struct viz_request *req, struct viz_customer_visit *v, int err, bool changed)
{
	if (err == VIZ_OK && changed)
		err = viz_customer_stage_refresh(req, v);
	if (err == VIZ_OK)
		err = viz_customer_page(req, v);
	viz_customer_stage_leave(v);
	free(v);
	return err;
}

static json_t *lead_args(const struct viz_customer_visit *v)
{
	char text[VIZ_SLOT_TEXT_MAX];

	viz_request_slot_text(text, v->link.slot);
	return json_pack("{s:s}", "lead", text);
}

/* An operation of which only the outcome counts. Takes `args`. */
static int ask(struct viz_request *req, const char *op, json_t *args)
{
	json_t *result;
	int err = viz_control_call(req, &result, op, args);

	if (err == VIZ_OK)
		json_decref(result);
	return err;
}

/* The customer has acted: the link goes on as long as the lead. */
static void acted(struct viz_request *req, struct viz_customer_visit *v)
{
	v->link.used = true;
	viz_lead_customer_put(req->net->core, &v->link);
}

static int customer_show(struct viz_request *req)
{
	struct viz_customer_visit *v = visit_new();

	return visit_end(req, v, viz_customer_stage_enter(req, v), false);
}

/* Makes the draw whose names are shown. */
static int open_link(struct viz_request *req, struct viz_customer_visit *v)
{
	json_t *result;
	int err = viz_control_lead_request_withdrawal(req);

	if (err != VIZ_OK)
		return err;
	if (v->link.draws == VIZ_CUSTOMER_DRAWS_MAX)
		return viz_request_fail(req, VIZ_ERR_LIMIT, VIZ_CODE_TOO_MANY,
					"%d draws were made by this link: make another one",
					VIZ_CUSTOMER_DRAWS_MAX);
	err = viz_control_call(req, &result, "lead.draw", viz_customer_stage_place(v));
	if (err != VIZ_OK)
		return err;
	v->link.opened = true;
	v->link.draw = (uint32_t)viz_field_number(result, "draw", 0);
	v->link.draws += v->link.draw != 0;
	json_decref(result);
	viz_lead_customer_put(req->net->core, &v->link);
	return VIZ_OK;
}

static int customer_open(struct viz_request *req)
{
	struct viz_customer_visit *v = visit_new();
	int err = viz_customer_stage_enter(req, v);

	if (err == VIZ_OK && v->link.slot != 0)
		err = viz_customer_stage_wrong(req, v);
	if (err == VIZ_OK && v->stage == VIZ_CUSTOMER_BEGIN)
		err = open_link(req, v);
	return visit_end(req, v, err, true);
}

/* Whether the hash that the page sends back is that of the text that holds now. */
static int same_text(struct viz_request *req, const char *field, const char *text)
{
	const char *shown = viz_field_text(req->args, field);
	char hex[2 * sizeof(struct viz_id) + 1];
	struct viz_id hash;

	if (shown[0] == '\0')
		return viz_request_wrong(req, VIZ_CODE_MISSING, field,
					 "%s is missing: of the text that the customer has read",
					 field);
	viz_consent_text_hash(&hash, text);
	viz_hex(hex, hash.b, sizeof hash.b);
	if (strcasecmp(hex, shown) == 0)
		return VIZ_OK;
	return viz_request_wrong(req, VIZ_CODE_TEXT_CHANGED, field,
				 "%s is not of the text that holds now: show the page again",
				 field);
}

/* The customer's yes, given on the page. */
static json_t *consent_json(const struct viz_customer_visit *v, const char *text)
{
	char id[VIZ_CUSTOMER_ID_CHARS + 1], evidence[VIZ_CUSTOMER_ID_CHARS + 8];

	viz_lead_customer_id(id, &v->link);
	snprintf(evidence, sizeof evidence, "link-%s", id);
	return json_pack("{s:b,s:s,s:s,s:s,s:s}", "given", 1, "channel", "web", "evidence",
			 evidence, "agent", v->link.who, "text", text);
}

/* Makes the lead, which has the place from now on. Takes `args`. */
static int begin_lead(struct viz_request *req, struct viz_customer_visit *v, const char *op,
		      json_t *args)
{
	json_t *result;
	uint64_t slot = 0;
	int err = viz_control_call(req, &result, op, args);

	if (err != VIZ_OK)
		return err;
	VIZ_REQUIRE(viz_request_slot_parse(
			&slot, viz_field_text(json_object_get(result, "lead"), "id")) == VIZ_OK);
	json_decref(result);
	viz_lead_customer_became(req->net->core, &v->link, slot);
	return VIZ_OK;
}

static int agree_later(struct viz_request *req, struct viz_customer_visit *v)
{
	const char *text = viz_field_text(json_object_get(v->look, "consent"), "later_text");
	json_t *args;
	int err = viz_control_lead_request_withdrawal(req);

	if (err == VIZ_OK)
		err = same_text(req, "text_hash", text);
	if (err != VIZ_OK)
		return err;
	args = viz_customer_stage_args(v);
	json_object_set_new(args, "consent", consent_json(v, text));
	return begin_lead(req, v, "lead.later", args);
}

static int agree_offer(struct viz_request *req, struct viz_customer_visit *v)
{
	const json_t *texts = json_object_get(v->look, "consent");
	const char *text = viz_field_text(texts, "text");
	const char *second = viz_field_text(texts, "contact_text");
	bool given = viz_field_flag(req->args, "contact_given", false);
	json_t *args, *consent;
	int err = viz_control_lead_request_withdrawal(req);

	if (err == VIZ_OK)
		err = same_text(req, "text_hash", text);
	if (err == VIZ_OK && given && !json_object_get(req->args, "contact"))
		err = viz_request_wrong(req, VIZ_CODE_MISSING, "contact", "contact is missing");
	if (err == VIZ_OK && given && v->stage == VIZ_CUSTOMER_SINGLE)
		err = same_text(req, "contact_text_hash", second);
	if (err != VIZ_OK)
		return err;
	consent = consent_json(v, text);
	json_object_set_new(consent, "contact_given", json_boolean(given));
	if (given && v->stage == VIZ_CUSTOMER_SINGLE)
		json_object_set_new(consent, "contact_text", json_string(second));
	args = viz_customer_stage_args(v);
	json_object_set_new(args, "draw", json_integer(v->link.draw));
	json_object_set(args, "strike", json_object_get(req->args, "strike"));
	json_object_set(args, "contact", json_object_get(req->args, "contact"));
	json_object_set_new(args, "consent", consent);
	return begin_lead(req, v, "lead.offer", args);
}

static int customer_agree(struct viz_request *req)
{
	struct viz_customer_visit *v = visit_new();
	int err = viz_customer_stage_enter(req, v);

	if (err == VIZ_OK && v->stage == VIZ_CUSTOMER_NO_NEIGHBOUR)
		err = agree_later(req, v);
	else if (err == VIZ_OK &&
		 (v->stage == VIZ_CUSTOMER_CONSENT || v->stage == VIZ_CUSTOMER_SINGLE))
		err = agree_offer(req, v);
	else if (err == VIZ_OK)
		err = viz_customer_stage_wrong(req, v);
	return visit_end(req, v, err, true);
}

/* Nothing of the person stays. */
static int customer_refuse(struct viz_request *req)
{
	struct viz_customer_visit *v = visit_new();
	int err = viz_customer_stage_refuse(req, v);

	if (err == VIZ_OK && v->link.slot != 0)
		err = viz_customer_stage_wrong(req, v);
	if (err == VIZ_OK) {
		viz_lead_customer_end(req->net->core, &v->link);
		json_object_set_new(req->result, "stage", json_string("refused"));
		viz_customer_stage_leave(v);
	}
	free(v);
	return err;
}

/* The proposal of the partner whose id is `peer`, in `list`. */
static const json_t *proposal_of(const json_t *list, const char *peer)
{
	const json_t *p;
	size_t i;

	json_array_foreach(list, i, p) if (strcmp(viz_field_text(p, "id"), peer) == 0) return p;
	return NULL;
}

static int choose_one(struct viz_request *req, struct viz_customer_visit *v, json_t *args)
{
	const char *peer = viz_field_text(req->args, "peer"), *text;
	const json_t *proposal;
	json_t *result;
	int err = viz_control_call(req, &result, "lead.proposals", lead_args(v));

	if (err != VIZ_OK)
		return err;
	proposal = proposal_of(json_object_get(result, "proposals"), peer);
	text = viz_field_text(proposal, "consent_text");
	if (peer[0] == '\0')
		err = viz_request_wrong(req, VIZ_CODE_MISSING, "peer", "peer is missing");
	else if (!proposal)
		err = viz_request_wrong(req, VIZ_CODE_NO_SUCH_PROPOSAL, "peer",
					"no proposal for this lead is from \"%s\"", peer);
	else
		err = same_text(req, "text_hash", text);
	if (err == VIZ_OK) {
		json_object_set_new(args, "peer", json_string(peer));
		json_object_set(args, "contact", json_object_get(req->args, "contact"));
		json_object_set_new(args, "consent", consent_json(v, text));
	}
	json_decref(result);
	return err;
}

static int customer_choose(struct viz_request *req)
{
	struct viz_customer_visit *v = visit_new();
	int err = viz_customer_stage_enter(req, v);
	json_t *args = json_object();

	if (err == VIZ_OK && v->stage != VIZ_CUSTOMER_PROPOSALS)
		err = viz_customer_stage_wrong(req, v);
	if (err == VIZ_OK) {
		json_decref(args);
		args = lead_args(v);
		if (viz_field_flag(req->args, "none", false))
			json_object_set_new(args, "none", json_true());
		else
			err = choose_one(req, v, args);
	}
	if (err == VIZ_OK)
		err = ask(req, "lead.choose", json_incref(args));
	if (err == VIZ_OK)
		acted(req, v);
	json_decref(args);
	return visit_end(req, v, err, true);
}

static int customer_call_again(struct viz_request *req)
{
	struct viz_customer_visit *v = visit_new();
	int err = viz_customer_stage_enter(req, v);

	if (err == VIZ_OK && !viz_customer_stage_may_call_again(req, v))
		err = viz_customer_stage_wrong(req, v);
	if (err == VIZ_OK)
		err = ask(req, "lead.recall", lead_args(v));
	if (err == VIZ_OK)
		acted(req, v);
	return visit_end(req, v, err, true);
}

static int customer_withdraw(struct viz_request *req)
{
	struct viz_customer_visit *v = visit_new();
	int err = viz_customer_stage_enter(req, v);

	if (err == VIZ_OK && (v->link.slot == 0 || v->stage == VIZ_CUSTOMER_KEPT))
		err = viz_customer_stage_wrong(req, v);
	if (err == VIZ_OK)
		err = ask(req, "lead.revoke", lead_args(v));
	if (err == VIZ_OK)
		acted(req, v);
	return visit_end(req, v, err, true);
}

/* Without what is not the customer's: who of us has looked is a number. */
static int held_of_lead(struct viz_request *req, const struct viz_customer_visit *v)
{
	static const char *const fields[] = {"held", "consents", "holders", "history"};
	json_t *result, *consent;
	size_t k;
	int err = viz_control_call(req, &result, "consent.dossier", lead_args(v));

	if (err != VIZ_OK)
		return err;
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
		json_object_set(req->result, fields[i], json_object_get(result, fields[i]));
	json_array_foreach(json_object_get(req->result, "consents"), k, consent)
	    json_object_del(consent, "agent");
	json_object_set_new(
	    req->result, "view_count",
	    json_integer((json_int_t)json_array_size(json_object_get(result, "views"))));
	json_decref(result);
	return VIZ_OK;
}

static int customer_held(struct viz_request *req)
{
	struct viz_customer_visit *v = visit_new();
	int err = viz_customer_stage_enter(req, v);

	if (err == VIZ_OK && v->link.slot != 0) {
		err = held_of_lead(req, v);
	} else if (err == VIZ_OK) {
		json_object_set_new(req->result, "held",
				    json_pack("{s:o,s:b}", "location",
					      viz_control_access_location_json(&v->person.location),
					      "holds_contact", 0));
		viz_request_set_text(req->result, "first_name", v->person.first_name);
		json_object_set_new(req->result, "consents", json_array());
		json_object_set_new(req->result, "holders", json_array());
		json_object_set_new(req->result, "history", json_array());
		json_object_set_new(req->result, "view_count", json_integer(0));
	}
	if (err == VIZ_OK)
		viz_customer_stage_leave(v);
	free(v);
	return err;
}

static int customer_proof(struct viz_request *req)
{
	struct viz_customer_visit *v = visit_new();
	int err = viz_customer_stage_enter(req, v);
	json_t *result;

	if (err == VIZ_OK && v->link.slot == 0)
		err = viz_request_fail(req, VIZ_ERR_STATE, VIZ_CODE_NO_PROOF,
				       "there is no proof before the order is set");
	if (err == VIZ_OK)
		err = viz_control_call(req, &result, "lead.proof", lead_args(v));
	if (err == VIZ_OK) {
		json_object_update(req->result, result);
		json_decref(result);
	}
	viz_customer_stage_leave(v);
	free(v);
	return err;
}

/* "I call them myself": what the partners call the lead, and how they are reached. */
static int customer_code(struct viz_request *req)
{
	struct viz_customer_visit *v = visit_new();
	char inbox_id[VIZ_INBOX_TEXT_MAX];
	int err = viz_customer_stage_enter(req, v);

	if (err == VIZ_OK && (v->lead.number == 0 || v->stage == VIZ_CUSTOMER_WITHDRAWN ||
			      v->stage == VIZ_CUSTOMER_OVER))
		err = viz_customer_stage_wrong(req, v);
	if (err == VIZ_OK) {
		viz_request_inbox_text(inbox_id, &req->net->trust->self.author, v->lead.slot);
		json_object_set_new(req->result, "inbox_id", json_string(inbox_id));
		json_object_set_new(req->result, "partners",
				    viz_customer_page_asked(req, &v->lead));
	}
	viz_customer_stage_leave(v);
	free(v);
	return err;
}

const struct viz_control_op viz_control_customer_ops[] = {
    {"customer.show", customer_show, VIZ_SPACE_NONE, VIZ_PRIVACY_GIVES, VIZ_ROLE_CUSTOMER,
     viz_control_lead_fields_page},
    {"customer.open", customer_open, VIZ_SPACE_MUCH, VIZ_PRIVACY_GIVES, VIZ_ROLE_CUSTOMER,
     viz_control_lead_fields_token},
    {"customer.agree", customer_agree, VIZ_SPACE_MUCH, VIZ_PRIVACY_GIVES, VIZ_ROLE_CUSTOMER,
     viz_control_lead_fields_agree},
    {"customer.refuse", customer_refuse, VIZ_SPACE_NONE, VIZ_PRIVACY_GIVES, VIZ_ROLE_CUSTOMER,
     viz_control_lead_fields_token},
    {"customer.choose", customer_choose, VIZ_SPACE_NONE, VIZ_PRIVACY_GIVES, VIZ_ROLE_CUSTOMER,
     viz_control_lead_fields_pick},
    {"customer.call-again", customer_call_again, VIZ_SPACE_NONE, VIZ_PRIVACY_GIVES,
     VIZ_ROLE_CUSTOMER, viz_control_lead_fields_token},
    {"customer.withdraw", customer_withdraw, VIZ_SPACE_NONE, VIZ_PRIVACY_GIVES, VIZ_ROLE_CUSTOMER,
     viz_control_lead_fields_token},
    {"customer.held", customer_held, VIZ_SPACE_SOME, VIZ_PRIVACY_GIVES, VIZ_ROLE_CUSTOMER,
     viz_control_lead_fields_token},
    {"customer.proof", customer_proof, VIZ_SPACE_NONE, VIZ_PRIVACY_GIVES, VIZ_ROLE_CUSTOMER,
     viz_control_lead_fields_token},
    {"customer.code", customer_code, VIZ_SPACE_NONE, VIZ_PRIVACY_GIVES, VIZ_ROLE_CUSTOMER,
     viz_control_lead_fields_token},
    {0},
};
