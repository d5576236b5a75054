#include "crypto/secret.h"
#include "node/control/consent_text.h"
#include "node/control/lead.h"
#include "node/control/localize.h"
#include "node/control/request.h"
#include "node/core/core.h"
#include "node/core/ids.h"
#include "node/core/journal.h"
#include "node/coverage/plant.h"
#include "node/coverage/who.h"
#include "node/lead/begin.h"
#include "node/lead/consent.h"
#include "node/lead/draw.h"
#include "node/lead/eligible.h"
#include "node/lead/end.h"
#include "node/lead/lead.h"
#include "node/lead/offer.h"
#include "node/lead/personal.h"
#include "node/lead/previous.h"
#include "node/lead/waiting.h"
#include "node/link/net.h"
#include "node/self/publish.h"
#include "node/trust/live.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/offer.h"
#include "proto/statement.h"
#include "store/stat.h"
#include "store/store.h"
#include "store/tables.h"

#include <jansson.h>

static bool among(const struct viz_draw_partner *p, size_t n, const struct viz_id *id)
{
	for (size_t i = 0; i < n; i++)
		if (viz_id_eq(&p[i].id, id))
			return true;
	return false;
}

/* What a look-up, or a draw, works on. */
struct look {
	struct viz_lead_request lead_req;
	struct viz_consent_texts texts;
	struct viz_lead_draw draw; /* number 0: it was not made */
};

/* A member whose coverage meets the area, with its standing. */
static json_t *found_json(struct viz_request *req, const struct look *l, const struct viz_member *m,
			  enum viz_coverage_found found)
{
	const struct viz_lead_draw *d = &l->draw;
	json_t *o = viz_control_name_json(req, m);

	json_object_set_new(o, "answers", json_string(m->node.by_hand ? "hand" : "machine"));
	json_object_set_new(o, "blocked",
			    json_boolean(viz_lead_eligible_removed(req->net->trust, &m->id)));
	json_object_set_new(o, "drawn", json_boolean(among(d->drawn, d->drawn_count, &m->id)));
	json_object_set_new(
	    o, "struck",
	    json_boolean(viz_ids_contain(l->lead_req.struck, l->lead_req.struck_count, &m->id)));
	json_object_set_new(o, "found", json_string(viz_coverage_who_found_name(found)));
	viz_control_member_set_standing(o, req->net->trust, m);
	return o;
}

/* Sets "partners", the drawn ones first, as they are named, and "members": all but us whose
 * coverage meets the area. */
static void set_found(struct viz_request *req, const struct look *l)
{
	struct viz_trust *trust = req->net->trust;
	json_t *partners = json_array(), *others = json_array();
	const struct viz_lead_draw *d = &l->draw;
	struct viz_coverage_near near;
	const struct viz_member *m;
	struct viz_id *who;
	size_t count = viz_coverage_who(req->net, &who, &l->lead_req.area);

	viz_coverage_who_near(req->net, &near, &l->lead_req.location);
	for (size_t i = 0; i < d->drawn_count; i++) {
		m = viz_member_find(trust, viz_lead_draw_named(d, i));
		if (m)
			json_array_append_new(
			    partners, found_json(req, l, m, viz_coverage_who_found(&near, &m->id)));
	}
	for (size_t i = 0; i < count; i++) {
		m = viz_member_find(trust, &who[i]);
		if (!m || viz_id_eq(&m->id, &trust->self.author) || !m->member ||
		    among(d->drawn, d->drawn_count, &m->id))
			continue;
		json_array_append_new(viz_live_partner(trust, &m->id) ? partners : others,
				      found_json(req, l, m, viz_coverage_who_found(&near, &m->id)));
	}
	viz_coverage_who_near_free(&near);
	free(who);
	json_object_set_new(req->result, "partners", partners);
	json_object_set_new(req->result, "members", others);
}

/* A text that applies, and its hash. */
static void set_text(json_t *consent, const char *name, const char *text)
{
	char hash_name[32];
	struct viz_id hash;

	if (text[0] == '\0')
		return;
	snprintf(hash_name, sizeof hash_name, "%s_hash", name);
	viz_consent_text_hash(&hash, text);
	json_object_set_new(consent, name, json_string(text));
	viz_request_set_hash(consent, hash_name, &hash);
}

/* Sets what lead.lookup and lead.draw have in common. */
static int set_look(struct viz_request *req, struct look *l)
{
	enum viz_no_reason reason;
	enum viz_answer answer = viz_plant_answer(req->net->core, &reason, &l->lead_req.location);
	int err = viz_control_lead_request_make_texts(req, &l->texts, &l->lead_req, &l->draw);

	json_t *consent;

	if (err != VIZ_OK)
		return err;
	json_object_set_new(
	    req->result, "own",
	    json_pack("{s:s,s:b}", "answer", viz_offer_answer_name(answer), "none",
		      viz_store_stat_entries(req->net->core->store, VIZ_TABLE_PLANT) == 0));
	set_found(req, l);
	consent = json_pack("{s:s,s:s}", "text_version", VIZ_CONSENT_TEXT_VERSION, "language",
			    viz_control_lead_request_language(req));
	set_text(consent, "text", l->texts.first);
	set_text(consent, "contact_text", l->texts.contact);
	set_text(consent, "later_text", l->texts.waiting);
	json_object_set_new(req->result, "consent", consent);
	return VIZ_OK;
}

static struct look *look_new(void)
{
	struct look *l = viz_core_alloc(sizeof *l);

	memset(l, 0, sizeof *l);
	return l;
}

static int look_end(struct look *l, int err)
{
	viz_secret_wipe(l, sizeof *l);
	free(l);
	return err;
}

static int read_look(struct viz_request *req, struct look *l)
{
	struct viz_lead_request *lead_req = &l->lead_req;
	int err = viz_control_lead_request_where(req, &lead_req->location, &lead_req->area);

	if (err == VIZ_OK)
		err = viz_control_lead_request_struck(req, lead_req);
	return err;
}

/* Who serves the place, those that would be drawn now first, and the texts for them. Nothing leaves
 * this node, and no turn changes. */
static int lead_lookup(struct viz_request *req)
{
	struct look *l = look_new();
	int err = read_look(req, l);

	if (err == VIZ_OK) {
		viz_lead_draw_preview(req->net, &l->draw, &l->lead_req.area);
		err = set_look(req, l);
	}
	return look_end(l, err);
}

/* Fails when the draw was made for another place. */
static int same_area(struct viz_request *req, const struct viz_lead_draw *d,
		     const struct viz_area *area)
{
	if (d->area.municipality == area->municipality && d->area.cell == area->cell)
		return VIZ_OK;
	return viz_request_fail(req, VIZ_ERR_INPUT, VIZ_CODE_OTHER_PLACE,
				"draw %u was made for another place", d->number);
}

/* Makes a draw; or with "draw" reads the open one. */
static int draw(struct viz_request *req, struct look *l)
{
	const struct viz_area *area = &l->lead_req.area;
	int err;

	if (json_object_get(req->args, "draw") != NULL) {
		err = viz_control_lead_request_draw(req, &l->draw, &l->lead_req);
		return err == VIZ_OK ? same_area(req, &l->draw, area) : err;
	}
	err = viz_request_log_free(req, "draw");
	if (err != VIZ_OK)
		return err;
	err = viz_lead_draw_make(req->net, &l->draw, area);
	return err == VIZ_ERR_ABSENT ? VIZ_OK : viz_request_core_error(req, err, "draw");
}

/* The result of lead.lookup, and the number of the draw, when somebody serves the place. Before
 * names are read to a customer a draw is made; with `draw`, an open one is shown again, without
 * those struck. */
static int lead_draw(struct viz_request *req)
{
	struct look *l = look_new();
	int err = viz_control_lead_request_withdrawal(req);

	if (err == VIZ_OK)
		err = read_look(req, l);
	if (err == VIZ_OK)
		err = draw(req, l);
	if (err == VIZ_OK)
		err = viz_control_lead_request_strikes_drawn(req, &l->draw, &l->lead_req);
	if (err == VIZ_OK)
		err = set_look(req, l);
	if (err == VIZ_OK)
		viz_request_set_given(req->result, "draw", l->draw.number);
	return look_end(l, err);
}

/* The customer refuses: from this draw no offer is made. */
static int lead_refuse(struct viz_request *req)
{
	struct look *l = look_new();
	int err = viz_control_lead_request_draw(req, &l->draw, &l->lead_req);

	if (err == VIZ_OK) {
		viz_lead_draw_burn(req->net->core, l->draw.number);
		json_object_set_new(req->result, "draw", json_integer(l->draw.number));
		json_object_set_new(req->result, "burnt_draw_count",
				    json_integer((json_int_t)viz_lead_draw_burnt(req->net->core)));
	}
	return look_end(l, err);
}

/* What an operation that begins a lead works on. It has personal data. */
struct beginning {
	struct viz_lead_request lead_req;
	struct viz_consent_texts texts; /* those that hold now */
	struct viz_lead_draw draw;
	struct viz_lead lead;
};

static struct beginning *beginning_new(void)
{
	struct beginning *b = viz_core_alloc(sizeof *b);

	memset(b, 0, sizeof *b);
	return b;
}

/* Sets the result, wipes and frees `b`, and returns `err`. */
static int beginning_end(struct viz_request *req, struct beginning *b, int err)
{
	if (err == VIZ_OK)
		json_object_set_new(req->result, "lead", viz_control_lead_json(req->net, &b->lead));
	viz_secret_wipe(b, sizeof *b);
	free(b);
	return err;
}

/* Reads what lead.offer and lead.later have in common. */
static int read_beginning(struct viz_request *req, struct beginning *b)
{
	struct viz_lead_request *lead_req = &b->lead_req;
	int err = viz_control_lead_request_consent(req, lead_req->language, lead_req->channel,
						   lead_req->evidence, lead_req->agent);

	if (err == VIZ_OK)
		err = viz_control_lead_request(req, lead_req);
	snprintf(lead_req->text_version, sizeof lead_req->text_version, "%s",
		 VIZ_CONSENT_TEXT_VERSION);
	return err;
}

static int offer_failed(struct viz_request *req, int err)
{
	if (err == VIZ_ERR_INPUT)
		return viz_request_fail(
		    req, err, VIZ_CODE_NOT_SINGLE,
		    "contact data goes along only when exactly one partner is asked");
	if (err == VIZ_ERR_ABSENT)
		return viz_request_fail(req, err, VIZ_CODE_DRAW_OVER,
					"no offer can be made from this draw any more, and it is "
					"burnt: make another one with lead.draw");
	return viz_request_core_error(req, err, "offer");
}

/* Says what a new offer for the customer of an earlier lead waits for. */
static int previous_waits(struct viz_request *req, uint64_t slot)
{
	enum viz_lead_wait wait = viz_lead_previous_wait(req->net->trust, slot);

	if (wait == VIZ_LEAD_WAIT_CHOICE)
		return viz_request_fail(req, VIZ_ERR_STATE, VIZ_CODE_PREVIOUS_OPEN,
					"the earlier lead is still asked out: revoke it, or wait "
					"until its proposals are shown");
	if (wait == VIZ_LEAD_WAIT_LEASE)
		return viz_request_fail(req, VIZ_ERR_STATE, VIZ_CODE_PREVIOUS_HELD,
					"the partner chosen before may still show the contact: it "
					"was told to let go; offer again when it has confirmed, or "
					"its lease has ended");
	if (wait == VIZ_LEAD_WAIT_NEVER)
		return viz_request_fail(req, VIZ_ERR_STATE, VIZ_CODE_PREVIOUS_NAMED,
					"another offer has named this lead as previous: name that "
					"one");
	if (wait == VIZ_LEAD_WAIT_LAST)
		return viz_request_fail(req, VIZ_ERR_STATE, VIZ_CODE_PREVIOUS_UNHEARD,
					"this node has restarted and has not heard since from the "
					"partner chosen before: offer again when it is connected");
	return offer_failed(req, VIZ_ERR_STATE);
}

/* Makes the offer. A draw from which none can be made any more is burnt. */
static int offer(struct viz_request *req, struct beginning *b)
{
	int err = viz_lead_offer(req->net, &b->lead, &b->lead_req);

	if (err == VIZ_OK)
		return VIZ_OK;
	if (err == VIZ_ERR_STATE && b->lead_req.previous != 0)
		return previous_waits(req, b->lead_req.previous);
	if (err == VIZ_ERR_ABSENT)
		viz_lead_draw_burn(req->net->core, b->draw.number);
	return offer_failed(req, err);
}

/* Keeps a text that was read beside its hash. */
static void keep_text(struct viz_request *req, const struct beginning *b, const char *text)
{
	struct viz_id hash;

	viz_consent_text_hash(&hash, text);
	viz_lead_consent_keep_text(req->net->trust, b->lead.slot, &hash, text);
}

/* Reads the draw that the offer names, and makes the texts for it. */
static int read_draw(struct viz_request *req, struct beginning *b)
{
	int err;

	if (json_object_get(req->args, "draw") == NULL) {
		viz_lead_draw_preview(req->net, &b->draw, &b->lead_req.area);
		if (b->draw.drawn_count == 0)
			return viz_request_fail(
			    req, VIZ_ERR_ABSENT, VIZ_CODE_NO_NEIGHBOUR,
			    "there is nobody to ask, and nothing was kept: lead.later keeps the "
			    "location, when the customer agrees to be asked again");
	}
	err = viz_control_lead_request_draw(req, &b->draw, &b->lead_req);

	if (err == VIZ_OK)
		err = same_area(req, &b->draw, &b->lead_req.area);
	if (err == VIZ_OK)
		err = viz_control_lead_request_strikes_drawn(req, &b->draw, &b->lead_req);
	if (err == VIZ_OK)
		err = viz_control_lead_request_make_texts(req, &b->texts, &b->lead_req, &b->draw);
	return err;
}

/* The consent has the texts as lead.draw gave them. A contact goes along only if exactly one
 * partner is asked and contact_given is true. */
static int lead_offer(struct viz_request *req)
{
	struct beginning *b = beginning_new();
	struct viz_lead_request *lead_req = &b->lead_req;
	int err = viz_request_log_free(req, "offer");

	lead_req->single = json_object_get(req->args, "contact") != NULL;
	if (err == VIZ_OK)
		err = viz_control_lead_request_withdrawal(req);
	if (err == VIZ_OK)
		err = read_beginning(req, b);
	if (err == VIZ_OK)
		err = viz_control_lead_request_struck(req, lead_req);
	if (err == VIZ_OK)
		err = read_draw(req, b);
	if (err == VIZ_OK && lead_req->single)
		err = viz_control_lead_request_contact_given(req);
	if (err == VIZ_OK && lead_req->single)
		err = viz_control_lead_request_contact(req, &lead_req->contact);
	if (err == VIZ_OK)
		err = viz_control_lead_request_same_text(req, "text", b->texts.first);
	if (err == VIZ_OK && lead_req->single)
		err = viz_control_lead_request_same_text(req, "contact_text", b->texts.contact);
	if (err == VIZ_OK) {
		viz_consent_text_hash(&lead_req->text_hash, b->texts.first);
		if (lead_req->single)
			viz_consent_text_hash(&lead_req->contact_text_hash, b->texts.contact);
		err = offer(req, b);
	}
	if (err == VIZ_OK) {
		keep_text(req, b, b->texts.first);
		if (lead_req->single)
			keep_text(req, b, b->texts.contact);
	}
	return beginning_end(req, b, err);
}

/* The consent has the later_text of lead.draw. Nobody serves the place, and the customer agrees to
 * be asked again. Nothing is sent, even if a neighbour has arrived meanwhile. */
static int lead_later(struct viz_request *req)
{
	struct beginning *b = beginning_new();
	int err = viz_control_lead_request_withdrawal(req);

	if (err == VIZ_OK)
		err = read_beginning(req, b);
	if (err == VIZ_OK) {
		viz_lead_draw_preview(req->net, &b->draw, &b->lead_req.area);
		err = viz_control_lead_request_make_texts(req, &b->texts, &b->lead_req, &b->draw);
	}
	if (err == VIZ_OK)
		err = viz_control_lead_request_same_text(req, "text", b->texts.waiting);
	if (err == VIZ_OK) {
		viz_consent_text_hash(&b->lead_req.text_hash, b->texts.waiting);
		err = viz_request_core_error(
		    req, viz_lead_waiting_begin(req->net->trust, &b->lead, &b->lead_req), "later");
	}
	if (err == VIZ_OK)
		keep_text(req, b, b->texts.waiting);
	return beginning_end(req, b, err);
}

static int we_serve(struct viz_request *req, const struct viz_location *l)
{
	enum viz_no_reason reason;
	enum viz_answer answer = viz_plant_answer(req->net->core, &reason, l);

	if (answer == VIZ_ANSWER_YES)
		return VIZ_OK;
	if (answer == VIZ_ANSWER_ANALYSIS)
		return viz_request_fail(req, VIZ_ERR_STATE, VIZ_CODE_OWN_ANALYSIS,
					"a technician of ours must look first: nothing is kept");
	return viz_request_fail(req, VIZ_ERR_STATE, VIZ_CODE_OWN_NO,
				"our plant does not serve this place: nothing is kept");
}

/* We serve the customer at the new address too, as our own plant says. */
static int lead_keep(struct viz_request *req)
{
	struct beginning *b = beginning_new();
	struct viz_lead_request *lead_req = &b->lead_req;
	int err = viz_control_lead_request(req, lead_req);

	if (err == VIZ_OK)
		err = we_serve(req, &lead_req->location);
	if (err == VIZ_OK)
		err = viz_request_core_error(
		    req,
		    viz_lead_begin_kept(req->net->trust, &b->lead, lead_req->protocol,
					lead_req->cancelled_at, lead_req->location.municipality),
		    "keep");
	return beginning_end(req, b, err);
}

/* Whom the customer may call without giving any data, in lead.asked. */
static void set_reach(struct viz_request *req, const struct viz_lead *lead)
{
	json_t *asked = json_object_get(json_object_get(req->result, "lead"), "asked");

	for (size_t i = 0; i < lead->peer_count; i++) {
		const struct viz_member *m = viz_member_find(req->net->trust, &lead->peer[i].id);

		if (m)
			viz_control_member_set_reach(json_array_get(asked, i), req->net->core, m);
	}
}

/* With how to reach those asked. The contact only with `personal`, for a reader, logged. */
static int lead_show(struct viz_request *req)
{
	struct viz_lead *lead = viz_core_alloc(sizeof *lead);
	int err = viz_control_lead_request_lead(req, lead);

	if (err == VIZ_OK && viz_field_flag(req->args, "personal", false)) {
		struct viz_contact contact;

		if (viz_lead_personal_open_contact(req->net->core, &contact, lead) == VIZ_OK) {
			viz_journal_accessed(req->net->core, req->who, "lead",
					     &req->net->trust->self.author, lead->slot);
			json_object_set_new(req->result, "contact",
					    viz_control_access_contact_json(&contact));
			viz_secret_wipe(&contact, sizeof contact);
		}
	}
	if (err == VIZ_OK) {
		json_object_set_new(req->result, "lead", viz_control_lead_json(req->net, lead));
		set_reach(req, lead);
	}
	free(lead);
	return err;
}

/* The customer revokes the consent. */
static int lead_revoke(struct viz_request *req)
{
	struct viz_lead *lead = viz_core_alloc(sizeof *lead);
	int err = viz_control_lead_request_lead(req, lead);

	if (err == VIZ_OK) {
		err = viz_lead_end_revoke(req->net, lead);
		if (err == VIZ_ERR_STATE)
			viz_request_fail(req, err, VIZ_CODE_REVOKED_ALREADY,
					 "this consent is revoked already");
	}
	if (err == VIZ_OK)
		json_object_set_new(req->result, "lead", viz_control_lead_json(req->net, lead));
	free(lead);
	return err;
}

const struct viz_control_op viz_control_lead_ops[] = {
    {"lead.lookup", lead_lookup, VIZ_SPACE_NONE, VIZ_PRIVACY_TAKES, VIZ_ROLES_WORK,
     viz_control_lead_fields_lookup},
    {"lead.draw", lead_draw, VIZ_SPACE_MUCH, VIZ_PRIVACY_TAKES, VIZ_ROLES_WORK,
     viz_control_lead_fields_draw},
    {"lead.refuse", lead_refuse, VIZ_SPACE_NONE, VIZ_PRIVACY_NONE, VIZ_ROLES_WORK,
     viz_control_lead_fields_refuse},
    {"lead.offer", lead_offer, VIZ_SPACE_MUCH, VIZ_PRIVACY_TAKES, VIZ_ROLES_WORK,
     viz_control_lead_fields_offer},
    {"lead.later", lead_later, VIZ_SPACE_MUCH, VIZ_PRIVACY_TAKES, VIZ_ROLES_WORK,
     viz_control_lead_fields_later},
    {"lead.keep", lead_keep, VIZ_SPACE_SOME, VIZ_PRIVACY_TAKES, VIZ_ROLES_WORK,
     viz_control_lead_fields_keep},
    {"lead.list", viz_control_lead_list, VIZ_SPACE_NONE, VIZ_PRIVACY_NONE,
     VIZ_ROLES_READ | VIZ_ROLE_CONNECTOR, viz_control_lead_fields_list},
    {"lead.unserved", viz_control_lead_list_unserved, VIZ_SPACE_NONE, VIZ_PRIVACY_NONE,
     VIZ_ROLES_READ, viz_request_none},
    {"lead.show", lead_show, VIZ_SPACE_NONE, VIZ_PRIVACY_ASKED, VIZ_ROLES_READ | VIZ_ROLE_CONNECTOR,
     viz_control_lead_fields_show},
    {"lead.proposals", viz_control_lead_choose_proposals, VIZ_SPACE_NONE, VIZ_PRIVACY_NONE,
     VIZ_ROLES_READ, viz_request_lead_only},
    {"lead.choose", viz_control_lead_choose, VIZ_SPACE_NONE, VIZ_PRIVACY_TAKES, VIZ_ROLES_WORK,
     viz_control_lead_fields_choose},
    {"lead.choice", viz_control_lead_choose_check, VIZ_SPACE_NONE, VIZ_PRIVACY_NONE, VIZ_ROLES_READ,
     viz_request_lead_only},
    {"lead.recall", viz_control_lead_choose_recall, VIZ_SPACE_NONE, VIZ_PRIVACY_NONE,
     VIZ_ROLES_WORK, viz_request_lead_only},
    {"lead.revoke", lead_revoke, VIZ_SPACE_NONE, VIZ_PRIVACY_NONE, VIZ_ROLES_WORK,
     viz_request_lead_only},
    {0},
};
