#include "node/inbox/handoff.h"

#include "crypto/seal.h"
#include "crypto/secret.h"
#include "node/core/core.h"
#include "node/core/due.h"
#include "node/core/ids.h"
#include "node/core/journal.h"
#include "node/core/place.h"
#include "node/core/policy.h"
#include "node/core/secrets.h"
#include "node/gossip/intake.h"
#include "node/inbox/erase.h"
#include "node/inbox/holding.h"
#include "node/inbox/inbox.h"
#include "node/inbox/offer.h"
#include "node/inbox/result.h"
#include "node/inbox/tombstone.h"
#include "node/inbox/wish.h"
#include "node/link/mail.h"
#include "node/link/net.h"
#include "node/offer/commitment.h"
#include "node/offer/probing.h"
#include "node/self/statement.h"
#include "node/trust/live.h"
#include "node/trust/member.h"
#include "node/trust/notice.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/mail.h"
#include "proto/offer.h"
#include "proto/reader.h"
#include "proto/receipt.h"
#include "proto/record.h"
#include "proto/statement.h"

/* We refuse anew each time that the hand-off comes, unless our outbox for the origin is full
 * because it does not take our mail. */
static void refuse(struct viz_net *net, const struct viz_inbox *in, const struct viz_id *award,
		   uint32_t n, enum viz_refusal reason)
{
	if (!viz_mail_full(net->trust, &in->origin))
		viz_inbox_holding_acknowledge(net, in, award, n, reason);
}

/* Whether this is the origin's receipt of a consent to give the contact to us alone, for this
 * award. Keeps it then; *erase gets what it promises. */
static bool receipt_good(struct viz_trust *trust, struct viz_time *erase,
			 const struct viz_inbox *in, const uint8_t *bytes, size_t len,
			 const struct viz_award *award)
{
	struct viz_receipt *c = viz_core_alloc(sizeof *c);
	struct viz_record rec;
	struct viz_id id;
	bool good = false;

	if (viz_statement_check(trust, &rec, &id, bytes, len, VIZ_TYPE_RECEIPT, &in->origin) ==
	    VIZ_OK) {
		good = viz_receipt_parse(c, &rec) == VIZ_OK && viz_id_eq(&id, &award->receipt) &&
		       rec.slot == in->slot && rec.seq == VIZ_RECEIPT_AWARD + (uint64_t)award->n &&
		       c->offer_slot == in->slot && c->purpose == VIZ_PURPOSE_CONTACT &&
		       viz_receipt_holds(c, rec.time, trust->core->now,
					 trust->core->federation.undelivered_ms) &&
		       viz_receipt_names(c, &trust->self.author);
		*erase = c->erase;
		if (good)
			viz_statement_keep(trust->core, &in->origin, &rec, rec.seq);
	}
	free(c);
	return good;
}

/* Whether the CHOICE of this award, which is held, is the one that the award names, and the award
 * opens it for us. */
static bool choice_good(struct viz_trust *trust, const struct viz_inbox *in,
			const struct viz_record *rec, const struct viz_award *award)
{
	struct viz_id id, commit;
	struct viz_choice c;

	viz_ids_record(&id, &trust->core->federation_id, rec);
	viz_commitment_choice(&commit, &award->blinding, &in->offer, award->n, &trust->self.author);
	return viz_choice_parse(&c, rec) == VIZ_OK && viz_id_eq(&id, &award->choice) &&
	       viz_id_eq(&c.offer, &in->offer) && viz_id_eq(&commit, &c.commitment);
}

/* Whether the award is for us, for the pledge that RESULT shows as revealed. */
static bool award_good(struct viz_trust *trust, const struct viz_inbox *in,
		       const struct viz_award *award)
{
	return viz_id_eq(&award->recipient, &trust->self.author) &&
	       viz_pledge_promises(in->answer) && viz_id_eq(&award->pledge, &in->pledge) &&
	       viz_inbox_result_shows_us(trust, in);
}

/* Seals the contact under a new key. The location goes: it is nothing that the contact does not say
 * better, and its time may end sooner. The wish stays: whoever calls asks for it. */
static void keep_contact(struct viz_core *core, struct viz_inbox *in, const uint8_t *contact,
			 size_t len)
{
	struct viz_lead_secrets s;
	struct viz_wish wish;
	bool wished = viz_inbox_wish_open(core, &wish, in) == VIZ_OK;

	viz_secrets_erase(core, &in->vault);
	viz_secret_wipe(in->location, sizeof in->location);
	in->location_len = 0;
	viz_secrets_create(core, &s, &in->vault);
	if (viz_secrets_seal(core, in->contact, &in->contact_len, sizeof in->contact, &s, contact,
			     len) != VIZ_OK)
		in->contact_len = 0;
	if (wished)
		viz_inbox_wish_keep(core, in, &s, &wish);
	viz_secret_wipe(&s, sizeof s);
}

/* Keeps contact and AWARD, and sets the timers that erase the contact. */
static void take_award(struct viz_trust *trust, struct viz_inbox *in, const struct viz_record *rec,
		       const struct viz_id *id, const struct viz_award *award,
		       const uint8_t *contact, size_t len)
{
	struct viz_core *core = trust->core;

	keep_contact(core, in, contact, len);
	viz_statement_keep(core, &in->origin, rec, award->n);
	in->award = *id;
	in->award_n = award->n;
	in->award_latest = award->latest;
	in->awarded_at = core->now;
	in->lease_asked = in->lease_until = in->contacted_at = (struct viz_time){0};
	in->lease_answered = in->has_release = false;
	in->settled = false; /* from now on the origin owes us leases */
	viz_secret_wipe(in->release, sizeof in->release);
	in->state = VIZ_INBOX_AWARDED;
	viz_policy_count(core, &trust->profile.work);
	viz_due_set(core, award->latest, VIZ_DUE_INBOX, &in->origin, in->slot);
	viz_due_set(core, viz_after(core->now, core->federation.contact_holder_ms), VIZ_DUE_INBOX,
		    &in->origin, in->slot);
	viz_due_set(core, in->erase, VIZ_DUE_INBOX, &in->origin, in->slot);
	viz_notice_add(trust, VIZ_NOTICE_HANDOFF, id, &in->origin, in->slot);
}

/* Reads the signed parts of the mail. An error in `r`: see viz_inbox_handoff. */
static bool read_mail(struct viz_trust *trust, const struct viz_id *from, struct viz_reader *r,
		      struct viz_mail_handoff *mail, struct viz_record *rec, struct viz_id *id,
		      struct viz_award *award)
{
	struct viz_contact contact;
	int err;

	viz_mail_handoff_read(r, mail);
	if (viz_reader_finish(r) != VIZ_OK)
		return false;
	err = viz_statement_check(trust, rec, id, mail->receipt, mail->receipt_len,
				  VIZ_TYPE_RECEIPT, from);
	if (err != VIZ_ERR_ABSENT)
		err = viz_statement_check(trust, rec, id, mail->award, mail->award_len,
					  VIZ_TYPE_AWARD, from);
	if (err == VIZ_OK &&
	    (viz_award_parse(award, rec) != VIZ_OK || rec->seq != award->n ||
	     VIZ_PARSE(contact, &contact, mail->contact, mail->contact_len) != VIZ_OK))
		err = VIZ_ERR_FORM;
	viz_secret_wipe(&contact, sizeof contact);
	if (err != VIZ_OK)
		viz_reader_fail(r, err);
	return err == VIZ_OK;
}

/* Takes in the CHOICE that came with the award, as if it had come by gossip. *out is the one that
 * is held then. False: none is held, or the origin has signed two. That we lack what it follows, or
 * have no room for it, is no fault of the origin: the hand-off comes again. */
static bool take_choice(struct viz_net *net, struct viz_reader *r, struct viz_record *out,
			const struct viz_mail_handoff *mail, const struct viz_inbox *in, uint32_t n)
{
	uint64_t slot = viz_record_slot_choice(in->slot, n);
	struct viz_record choice;
	struct viz_held held;
	int err = viz_record_parse(&choice, mail->choice, mail->choice_len);

	if (err == VIZ_OK && (choice.type != VIZ_TYPE_CHOICE || choice.slot != slot ||
			      !viz_id_eq(&choice.author, &in->origin)))
		err = VIZ_ERR_MEANING;
	if (err == VIZ_OK)
		err = viz_intake_sync(net, mail->choice, mail->choice_len);
	if (err != VIZ_OK && err != VIZ_ERR_ABSENT && err != VIZ_ERR_LIMIT) {
		viz_reader_fail(r, err);
		return false;
	}
	return viz_place_get(net->core, &held, out, &in->origin, VIZ_TYPE_CHOICE, slot) &&
	       !held.dead;
}

/* Why the award is refused before it is compared with its records. */
static enum viz_refusal refusal(const struct viz_core *core, const struct viz_inbox *in,
				const struct viz_record *rec, const struct viz_award *award)
{
	if (in->withdrawn || award->n <= in->tombstone_n)
		return VIZ_REFUSAL_WITHDRAWN;
	if (award->n <= in->award_n)
		return VIZ_REFUSAL_NUMBER;
	if (award->latest.ms <= core->now.ms ||
	    award->latest.ms - rec->time.ms > core->federation.undelivered_ms)
		return VIZ_REFUSAL_OVER;
	return VIZ_REFUSAL_NONE;
}

/* Accepts or refuses an award that we do not hold. */
static void answer(struct viz_net *net, struct viz_reader *r, struct viz_inbox *in,
		   const struct viz_mail_handoff *mail, const struct viz_record *rec,
		   const struct viz_id *id, const struct viz_award *award)
{
	const struct viz_id *origin = &rec->author;
	enum viz_refusal reason = refusal(net->core, in, rec, award);
	struct viz_record choice;
	struct viz_time erase = {0};

	if (reason != VIZ_REFUSAL_NONE) {
		refuse(net, in, id, award->n, reason);
		return;
	}
	/* without OFFER and RESULT we cannot judge the award: it comes again */
	if (viz_id_is_zero(&in->result) || !take_choice(net, r, &choice, mail, in, award->n))
		return;
	/* the CHOICE may have changed the row */
	VIZ_REQUIRE(viz_inbox_get(net->core, in, origin, rec->slot));
	/* ERASED of an older award goes out first, or it would name this one */
	if (in->erased_owed != 0)
		return;
	if (!award_good(net->trust, in, award))
		reason = VIZ_REFUSAL_PLEDGE;
	else if (!choice_good(net->trust, in, &choice, award))
		reason = VIZ_REFUSAL_CHOICE;
	else if (!receipt_good(net->trust, &erase, in, mail->receipt, mail->receipt_len, award))
		reason = VIZ_REFUSAL_RECEIPT;
	if (reason != VIZ_REFUSAL_NONE) {
		viz_core_log(net->core, 4, "a hand-off from %s contradicts its offer",
			     viz_member_name(viz_member_find(net->trust, origin)));
		refuse(net, in, id, award->n, reason);
		return;
	}
	in->erase = erase;
	in->show_after = choice.time;
	if (in->award_n == 0)
		viz_probing_count(net->trust, VIZ_PROBE_TAKER, origin, VIZ_PROBE_AWARD, in->came);
	take_award(net->trust, in, rec, id, award, mail->contact, mail->contact_len);
	viz_inbox_holding_acknowledge(net, in, id, award->n, VIZ_REFUSAL_NONE);
	viz_inbox_put(net->core, in);
}

void viz_inbox_handoff(struct viz_net *net, const struct viz_id *from, struct viz_reader *r)
{
	struct viz_mail_handoff mail;
	struct viz_award award;
	struct viz_inbox *in;
	struct viz_record rec;
	struct viz_id id;

	if (!read_mail(net->trust, from, r, &mail, &rec, &id, &award))
		return;
	in = viz_inbox_fetch(net->core, from, rec.slot);
	/* of another offer: no answer */
	if (in && viz_id_eq(&award.offer, &in->offer)) {
		if (in->award_n != 0 && viz_id_eq(&in->award, &id)) {
			if (!viz_mail_full(net->trust, from)) /* a repetition */
				viz_inbox_holding_acknowledge(net, in, &id, award.n,
							      VIZ_REFUSAL_NONE);
		} else {
			answer(net, r, in, &mail, &rec, &id, &award);
		}
	}
	free(in);
}

/* Whether an offer in this slot can be live: its write-once records have not expired, and its day
 * is not in the future. */
static bool slot_plausible(const struct viz_core *core, uint64_t slot)
{
	struct viz_time begins = viz_record_slot_begins(slot);

	return viz_record_slot_number(slot) < VIZ_OFFERS_PER_DAY && viz_record_slot_k(slot) == 0 &&
	       begins.ms <= core->now.ms + core->federation.skew_ms &&
	       viz_record_write_once_expires(begins, core->federation.write_once_ms).ms >
		   core->now.ms;
}

/* The row of an offer that had none: of one in which we had no part, or a tombstone, which refuses
 * what comes after it. NULL: there is no use for it. The caller frees it. */
static struct viz_inbox *begin_withdrawn(struct viz_trust *trust, const struct viz_record *rec,
					 const struct viz_withdrawal *wd)
{
	struct viz_inbox *in;

	if (!viz_live_partner(trust, &rec->author) || !slot_plausible(trust->core, rec->slot) ||
	    viz_core_nearly_full(trust->core))
		return NULL;
	if (viz_inbox_offer_held(trust->core, &rec->author, rec->slot))
		return viz_inbox_fetch(trust->core, &rec->author, rec->slot);
	in = viz_core_alloc(sizeof *in);
	memset(in, 0, sizeof *in);
	in->origin = rec->author;
	in->slot = rec->slot;
	in->offer = wd->offer;
	in->came = trust->core->now;
	in->state = VIZ_INBOX_UNKNOWN;
	viz_inbox_tombstone_add(trust, &rec->author, rec->slot);
	return in;
}

void viz_inbox_handoff_withdrawn(struct viz_net *net, const struct viz_record *rec,
				 struct viz_reader *body)
{
	struct viz_withdrawal wd;
	struct viz_inbox *in;
	bool chosen;

	viz_withdrawal_read(body, &wd);
	if (viz_reader_finish(body) != VIZ_OK)
		return;
	in = viz_inbox_fetch(net->core, &rec->author, rec->slot);
	if (!in)
		in = begin_withdrawn(net->trust, rec, &wd);
	if (!in)
		return;
	if (wd.scope == VIZ_WITHDRAW_ALL ? in->withdrawn : wd.award_n <= in->tombstone_n) {
		free(in);
		return; /* a repetition: we have erased and reported */
	}
	chosen = in->award_n != 0;
	if (in->time.ms != 0)
		viz_statement_keep(net->core, &rec->author, rec,
				   (uint64_t)wd.scope << 32 | wd.award_n);
	if (wd.scope == VIZ_WITHDRAW_ALL) {
		viz_inbox_holding_end(net, in, VIZ_AWARDS_MAX, true);
		in->withdrawn = true;
		in->state = VIZ_INBOX_WITHDRAWN;
		/* of what has not come there is nothing, and a full outbox is not taken */
		if (in->time.ms != 0 || !viz_mail_full(net->trust, &rec->author))
			viz_inbox_erase(net->core, in, VIZ_ERASED_ALL);
	} else {
		viz_inbox_holding_end(net, in, wd.award_n, true);
	}
	viz_inbox_put(net->core, in);
	if (chosen) /* somebody may be about to call */
		viz_notice_add(net->trust, VIZ_NOTICE_WITHDRAWN, NULL, &in->origin, in->slot);
	free(in);
}
