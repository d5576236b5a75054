#include "node/inbox/location.h"

#include "crypto/secret.h"
#include "node/core/core.h"
#include "node/core/due.h"
#include "node/core/place.h"
#include "node/core/policy.h"
#include "node/core/secrets.h"
#include "node/coverage/plant.h"
#include "node/inbox/inbox.h"
#include "node/inbox/pledge.h"
#include "node/inbox/protest.h"
#include "node/link/mail.h"
#include "node/link/net.h"
#include "node/offer/commitment.h"
#include "node/offer/probing.h"
#include "node/self/statement.h"
#include "node/trust/author.h"
#include "node/trust/member.h"
#include "node/trust/named.h"
#include "node/trust/notice.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/mail.h"
#include "proto/offer.h"
#include "proto/reader.h"
#include "proto/receipt.h"
#include "proto/record.h"
#include "proto/statement.h"
#include "proto/trust.h"

void viz_inbox_location_ask(struct viz_net *net, struct viz_inbox *in)
{
	if (!viz_probing_stopped(net->core, &in->origin)) {
		viz_mail_slot(net, &in->origin, VIZ_MAIL_LOCATION_ASK, in->slot);
		viz_inbox_protest_sent(net, in);
	} else {
		viz_inbox_pledge(net, in, VIZ_ANSWER_NO_CONTENT, VIZ_NO_NONE);
	}
}

void viz_inbox_location_refused(struct viz_net *net, const struct viz_id *from,
				struct viz_reader *r)
{
	uint64_t slot = viz_mail_slot_read(r);
	struct viz_inbox *in;

	if (viz_reader_finish(r) != VIZ_OK)
		return;
	in = viz_inbox_fetch(net->core, from, slot);
	if (in && in->state == VIZ_INBOX_LISTED &&
	    viz_inbox_pledge(net, in, VIZ_ANSWER_NO_CONTENT, VIZ_NO_NONE) == VIZ_OK)
		viz_inbox_put(net->core, in);
	free(in);
}

/* Whether the receipt names those whom the OFFER asks, and nobody else: the customer has heard
 * these names. */
static bool names_asked(struct viz_core *core, const struct viz_receipt *c,
			const struct viz_id *origin, const struct viz_offer *o)
{
	struct viz_partners *p = viz_core_alloc(sizeof *p);
	struct viz_record rec;
	bool names = c->recipient_count == o->asked_count &&
		     viz_named_get(core, &rec, origin, &o->partners) &&
		     viz_partners_parse(p, &rec) == VIZ_OK;

	for (size_t i = 0; names && i < o->asked_count; i++)
		names = o->asked[i].index < p->count &&
			viz_receipt_names(c, &p->entry[o->asked[i].index].id);
	free(p);
	return names;
}

/* Whether this is the origin's receipt of a consent to send the location to those whom the OFFER
 * asks, and the one to which it commits. `rec` gets it, and in->erase what it promises. */
static bool receipt_good(struct viz_trust *trust, struct viz_record *rec, struct viz_inbox *in,
			 const struct viz_mail_location *mail, const struct viz_offer *o)
{
	struct viz_receipt *c = viz_core_alloc(sizeof *c);
	struct viz_id id, commit;
	bool good = false;

	if (viz_statement_check(trust, rec, &id, mail->receipt, mail->receipt_len, VIZ_TYPE_RECEIPT,
				&in->origin) == VIZ_OK) {
		viz_commitment(&commit, "vizinho/receipt", &mail->receipt_blinding, id.b, 32);
		good = viz_receipt_parse(c, rec) == VIZ_OK && c->offer_slot == in->slot &&
		       rec->slot == in->slot && rec->seq == VIZ_RECEIPT_FIRST &&
		       c->purpose == VIZ_PURPOSE_LOCATION &&
		       viz_receipt_holds(c, rec->time, trust->core->now,
					 trust->core->federation.undelivered_ms) &&
		       names_asked(trust->core, c, &in->origin, o) &&
		       viz_id_eq(&commit, &o->receipt_commit);
		in->erase = c->erase;
	}
	free(c);
	return good;
}

/* Whether the location is the one to which the OFFER commits, and lies in the OFFER's area. */
static bool location_good(struct viz_location *location, const struct viz_mail_location *mail,
			  const struct viz_offer *o)
{
	struct viz_id commit;

	viz_commitment(&commit, "vizinho/location", &mail->blinding, mail->location,
		       mail->location_len);
	return viz_id_eq(&commit, &o->location_commit) &&
	       VIZ_PARSE(location, location, mail->location, mail->location_len) == VIZ_OK &&
	       viz_location_fits(location, &o->area);
}

/* Answers from our plant, unless a person answers here. What the operator does not take now is a no
 * in both cases. */
static void answer(struct viz_net *net, struct viz_inbox *in, const struct viz_location *location)
{
	enum viz_no_reason refused =
	    viz_policy_refuses(net->core, &net->trust->profile.work, location->municipality);
	bool by_hand = net->trust->profile.by_hand;
	enum viz_no_reason reason = VIZ_NO_NONE;
	enum viz_answer says =
	    by_hand ? VIZ_ANSWER_ANALYSIS : viz_plant_answer(net->core, &reason, location);

	if (refused != VIZ_NO_NONE && says != VIZ_ANSWER_NO) {
		viz_inbox_pledge(net, in, VIZ_ANSWER_NO, refused);
	} else if (!by_hand) {
		viz_inbox_pledge(net, in, says, reason);
	} else {
		viz_due_set(net->core, in->closes, VIZ_DUE_INBOX, &in->origin, in->slot);
		viz_notice_add(net->trust, VIZ_NOTICE_ANSWER_BY_HAND, NULL, &in->origin, in->slot);
	}
}

/* Seals the location into the row, and answers. */
static void keep_location(struct viz_net *net, struct viz_inbox *in, const uint8_t *bytes,
			  size_t len, const struct viz_location *location)
{
	struct viz_lead_secrets s;

	viz_secrets_create(net->core, &s, &in->vault);
	viz_due_set(net->core, viz_inbox_location_over(net->core, in), VIZ_DUE_INBOX, &in->origin,
		    in->slot);
	if (viz_secrets_seal(net->core, in->location, &in->location_len, sizeof in->location, &s,
			     bytes, len) == VIZ_OK) {
		in->state = VIZ_INBOX_LOCATED;
		in->located_at = net->core->now;
		answer(net, in, location);
	}
	viz_secret_wipe(&s, sizeof s);
	viz_inbox_put(net->core, in);
}

/* Whether the key that signed the receipt has ended: then it is no fault of the origin that it does
 * not count. */
static bool key_ended(struct viz_trust *trust, const struct viz_id *origin,
		      const struct viz_mail_location *mail)
{
	const struct viz_member *m = viz_member_find(trust, origin);
	struct viz_record rec;

	return m && viz_record_parse(&rec, mail->receipt, mail->receipt_len) == VIZ_OK &&
	       viz_author_key_ended(m, rec.key);
}

static void take_location(struct viz_net *net, const struct viz_id *from,
			  const struct viz_mail_location *mail)
{
	struct viz_inbox *in = viz_inbox_fetch(net->core, from, mail->slot);
	struct viz_location location = {0};
	struct viz_record rec, receipt;
	struct viz_held held;
	struct viz_offer o;

	if (!in || in->state != VIZ_INBOX_LISTED || !viz_inbox_pledge_wanted(in) ||
	    !viz_place_get(net->core, &held, &rec, from, VIZ_TYPE_OFFER, mail->slot) ||
	    viz_offer_parse(&o, &rec) != VIZ_OK) {
		free(in);
		return;
	}
	if (viz_probing_stopped(net->core, from)) {
		if (viz_inbox_pledge(net, in, VIZ_ANSWER_NO_CONTENT, VIZ_NO_NONE) == VIZ_OK)
			viz_inbox_put(net->core, in);
	} else if (location_good(&location, mail, &o) &&
		   receipt_good(net->trust, &receipt, in, mail, &o)) {
		viz_statement_keep(net->trust->core, &in->origin, &receipt, receipt.seq);
		/* before the answer: this one may be the first to get another */
		viz_probing_count(net->trust, VIZ_PROBE_TAKER, from, VIZ_PROBE_LOCATION, in->came);
		keep_location(net, in, mail->location, mail->location_len, &location);
	} else {
		viz_core_log(net->core, 4, "a location from %s is false: it does not fit its offer",
			     viz_member_name(viz_member_find(net->trust, from)));
		if (!key_ended(net->trust, from, mail))
			viz_inbox_protest_false(net, in);
		if (viz_inbox_pledge(net, in, VIZ_ANSWER_NO_CONTENT, VIZ_NO_NONE) == VIZ_OK)
			viz_inbox_put(net->core, in);
	}
	viz_secret_wipe(&location, sizeof location);
	free(in);
}

void viz_inbox_location(struct viz_net *net, const struct viz_id *from, struct viz_reader *r)
{
	struct viz_mail_location mail;
	struct viz_record rec;
	struct viz_id id;

	viz_mail_location_read(r, &mail);
	if (viz_reader_finish(r) != VIZ_OK)
		return;
	/* The key of the receipt may still be on its way: then the mail must come again. */
	if (viz_mail_answer_waits(net->trust))
		viz_reader_fail(r, VIZ_ERR_STATE);
	else if (viz_statement_check(net->trust, &rec, &id, mail.receipt, mail.receipt_len,
				     VIZ_TYPE_RECEIPT, from) == VIZ_ERR_ABSENT)
		viz_reader_fail(r, VIZ_ERR_ABSENT);
	else
		take_location(net, from, &mail);
	viz_secret_wipe(&mail, sizeof mail);
}
