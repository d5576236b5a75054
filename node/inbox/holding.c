#include "node/inbox/holding.h"

#include "crypto/rng.h"
#include "node/core/core.h"
#include "node/core/secrets.h"
#include "node/inbox/erase.h"
#include "node/inbox/inbox.h"
#include "node/inbox/price.h"
#include "node/link/mail.h"
#include "node/link/net.h"
#include "node/offer/commitment.h"
#include "node/self/statement.h"
#include "node/trust/identity.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/federation.h"
#include "proto/mail.h"
#include "proto/reader.h"
#include "proto/record.h"
#include "proto/statement.h"
#include "proto/writer.h"

#define LEASE_ASK_MS 1000 /* least time between two questions for a lease */

void viz_inbox_holding_acknowledge(struct viz_net *net, const struct viz_inbox *in,
				   const struct viz_id *award, uint32_t n, enum viz_refusal reason)
{
	struct viz_handoff_ack ack = {
	    .award = *award, .accepted = reason == VIZ_REFUSAL_NONE, .reason = reason};
	VIZ_WRITER(w, 64);

	viz_handoff_ack_write(&w, &ack);
	viz_statement_issue(net, NULL, VIZ_TYPE_HANDOFF_ACK, &in->origin, in->slot, n, &w,
			    &in->origin);
}

/* Signs and mails RELEASE of the award that we hold, with the secret that opens its release hash.
 */
static void release_award(struct viz_net *net, const struct viz_inbox *in)
{
	struct viz_release said = {.award = in->award, .has_secret = in->has_release};
	VIZ_WRITER(w, 128);

	memcpy(said.secret, in->release, sizeof said.secret);
	viz_release_write(&w, &said);
	viz_statement_issue(net, NULL, VIZ_TYPE_RELEASE, &in->origin, in->slot, in->award_n, &w,
			    &in->origin);
}

void viz_inbox_holding_end(struct viz_net *net, struct viz_inbox *in, uint32_t n, bool release)
{
	if (n > in->tombstone_n)
		in->tombstone_n = n;
	else
		return;
	if (in->award_n == 0 || in->award_n > n)
		return;
	if (release && (in->state == VIZ_INBOX_AWARDED || in->state == VIZ_INBOX_CONTACTED)) {
		in->state = VIZ_INBOX_RELEASED;
		release_award(net, in);
	}
	/* after a call OUTCOME may still follow */
	if (in->state == VIZ_INBOX_AWARDED)
		in->state = VIZ_INBOX_RELEASED;
	in->lease_until = (struct viz_time){0};
	if (release || in->vault != 0)
		viz_inbox_erase(net->core, in, VIZ_ERASED_ALL);
}

static void ask_lease(struct viz_net *net, struct viz_inbox *in)
{
	/* after lease_ms without an answer we ask again: that lease would be over */
	int64_t wait = in->lease_answered ? LEASE_ASK_MS : net->core->federation.lease_ms;
	struct viz_mail_lease_ask mail = {.award = in->award, .asked = net->core->now};
	VIZ_WRITER(w, 128);

	if (in->lease_asked.ms + wait > net->core->now.ms)
		return;
	if (!in->has_release)
		viz_rng_bytes(&net->core->rng, in->release, sizeof in->release);
	in->has_release = true;
	in->lease_asked = net->core->now;
	in->lease_answered = false;
	viz_commitment_release(&mail.hash, in->release);
	viz_mail_lease_ask_write(&w, &mail);
	viz_mail_send(net, &in->origin, VIZ_MAIL_LEASE_ASK, &w);
	viz_inbox_put(net->core, in);
}

/* Whether the lease is signed by the origin's newest key. One of a key that has ended proves
 * nothing any more, so it is over for us. */
static bool lease_proves(struct viz_trust *trust, const struct viz_inbox *in)
{
	const struct viz_member *m = viz_member_find(trust, &in->origin);

	return m && m->key_count == in->lease_key + 1 && !m->key[in->lease_key].revoked;
}

/* Whether a lease is all that may be lacking. */
static bool may_be_leased(const struct viz_core *core, const struct viz_inbox *in)
{
	int64_t now = core->now.ms;

	if (in->contact_len == 0 || in->vault == 0 || in->withdrawn ||
	    viz_inbox_holding_over(core, in).ms <= now)
		return false;
	/* after our call the lease is still needed, until the origin has taken CONTACTED and
	 * extends the lease */
	if (in->state != VIZ_INBOX_AWARDED && in->state != VIZ_INBOX_CONTACTED)
		return false;
	/* By our clock the holder before us may show until the time of our CHOICE. */
	return now >= in->show_after.ms;
}

bool viz_inbox_holding_leased(struct viz_trust *trust, const struct viz_inbox *in)
{
	return may_be_leased(trust->core, in) && trust->core->now.ms < in->lease_until.ms &&
	       lease_proves(trust, in);
}

bool viz_inbox_holding_may_show(struct viz_net *net, struct viz_inbox *in)
{
	if (viz_inbox_holding_leased(net->trust, in))
		return true;
	if (may_be_leased(net->core, in))
		ask_lease(net, in);
	return false;
}

struct viz_time viz_inbox_holding_over(const struct viz_core *core, const struct viz_inbox *in)
{
	struct viz_time at = viz_after(in->awarded_at, core->federation.contact_holder_ms);

	if (in->state != VIZ_INBOX_CONTACTED && in->award_latest.ms < at.ms)
		at = in->award_latest;
	if (in->erase.ms != 0 && in->erase.ms < at.ms)
		at = in->erase;
	return at;
}

/* Whether the lease that we have kept of this award proves more than `lease`: the contact may have
 * been shown by it, and a later one may end before, or be of an older key. */
static bool keeps_longer(struct viz_core *core, const struct viz_inbox *in,
			 const struct viz_record *rec, const struct viz_lease *lease)
{
	struct viz_record kept;
	struct viz_lease last;
	struct viz_slice v;

	return viz_statement_get(core, &v, &in->origin, in->slot, VIZ_TYPE_LEASE, &in->origin,
				 in->award_n) &&
	       viz_record_parse(&kept, v.p, v.len) == VIZ_OK &&
	       viz_lease_parse(&last, &kept) == VIZ_OK &&
	       (kept.key > rec->key || (kept.key == rec->key && last.until.ms > lease->until.ms));
}

/* Whether the origin has answered as it must, though the lease is over: it ran for lease_ms, by a
 * clock that may differ from ours, and came late because a link failed. Or it rightly refuses, as
 * we have another secret than the one of its first lease: our store was lost. */
static bool is_answer(struct viz_net *net, const struct viz_inbox *in,
		      const struct viz_lease *lease, bool ours)
{
	const struct viz_federation *f = &net->core->federation;
	const struct viz_link *link = viz_link_of(net, &in->origin);
	int64_t asked = in->lease_asked.ms;
	int64_t slow = link && link->peer_ahead_ms < 0 ? -link->peer_ahead_ms : 0;

	if (!ours)
		return !viz_id_is_zero(&lease->hash);
	if (!lease->granted || lease->extended)
		return lease->granted;
	return (int64_t)lease->left_ms >= f->lease_ms &&
	       lease->until.ms >= asked + f->lease_ms - f->skew_ms - slow &&
	       (asked + f->lease_ms > net->core->now.ms || !link || link->full_at.ms > asked);
}

/* A lease counts from the time at which we asked, by our clock. We take only the answer to our last
 * question of this run of the process: the clock may have been set since an older one. It never
 * counts past its `until`, by our clock: from then on the origin may award to somebody else, and
 * the lease would prove nothing. With what is no answer lease_until stays 0, by which
 * audit/suspect_offer.c knows that. */
static void take_lease(struct viz_net *net, struct viz_inbox *in, const struct viz_record *rec,
		       const struct viz_lease *lease)
{
	int64_t most =
	    lease->extended ? net->core->federation.contacted_ms : net->core->federation.lease_ms;
	struct viz_id hash;
	bool ours;

	if (lease->asked.ms == 0 || in->lease_answered || lease->asked.ms != in->lease_asked.ms)
		return;
	in->lease_answered = true;
	in->lease_until = (struct viz_time){0};
	viz_commitment_release(&hash, in->release);
	ours = in->has_release && viz_id_eq(&hash, &lease->hash);
	if (lease->granted && ours) {
		if (lease->left_ms < (uint64_t)most)
			most = (int64_t)lease->left_ms;
		in->lease_until = viz_after(lease->asked, most);
		if (lease->until.ms < in->lease_until.ms)
			in->lease_until = lease->until;
		in->lease_key = rec->key;
		if (!keeps_longer(net->core, in, rec, lease))
			viz_statement_keep(net->core, &rec->author, rec, in->award_n);
	}
	if (in->lease_until.ms <= net->core->now.ms)
		in->lease_until =
		    is_answer(net, in, lease, ours) ? in->lease_asked : (struct viz_time){0};
	viz_inbox_put(net->core, in);
}

void viz_inbox_holding_lease_received(struct viz_net *net, const struct viz_record *rec,
				      struct viz_reader *body)
{
	struct viz_lease lease;
	struct viz_inbox *in;

	viz_lease_read(body, &lease);
	if (viz_reader_finish(body) != VIZ_OK)
		return;
	in = viz_inbox_fetch(net->core, &rec->author, rec->slot);
	if (in && rec->seq == in->award_n && viz_id_eq(&lease.award, &in->award) &&
	    (in->state == VIZ_INBOX_AWARDED || in->state == VIZ_INBOX_CONTACTED))
		take_lease(net, in, rec, &lease);
	free(in);
}

int viz_inbox_holding_open_contact(struct viz_core *core, struct viz_contact *out,
				   const struct viz_inbox *in)
{
	return viz_secrets_unseal_contact(core, out, in->vault, in->contact, in->contact_len);
}

int viz_inbox_holding_open_location(struct viz_core *core, struct viz_location *out,
				    const struct viz_inbox *in)
{
	return viz_secrets_unseal_location(core, out, in->vault, in->location, in->location_len);
}

int viz_inbox_holding_contacted(struct viz_net *net, struct viz_inbox *in)
{
	VIZ_WRITER(w, 64);

	/* what we cannot sign to the origin does not count either */
	if (in->state != VIZ_INBOX_AWARDED || net->core->now.ms >= in->lease_until.ms ||
	    !viz_identity_may_sign(net->trust))
		return VIZ_ERR_STATE;
	in->state = VIZ_INBOX_CONTACTED;
	in->contacted_at = net->core->now;
	/* its answer is a lease that counts from now */
	in->lease_asked = net->core->now;
	in->lease_answered = false;
	viz_contacted_write(&w, &(struct viz_contacted){in->award});
	viz_statement_issue(net, NULL, VIZ_TYPE_CONTACTED, &in->origin, in->slot, in->award_n, &w,
			    &in->origin);
	viz_inbox_put(net->core, in);
	return VIZ_OK;
}

int viz_inbox_holding_release(struct viz_net *net, struct viz_inbox *in)
{
	if ((in->state != VIZ_INBOX_AWARDED && in->state != VIZ_INBOX_CONTACTED) ||
	    net->trust->self.revoked)
		return VIZ_ERR_STATE;
	in->state = VIZ_INBOX_RELEASED;
	in->lease_until = (struct viz_time){0};
	release_award(net, in);
	viz_inbox_erase(net->core, in, VIZ_ERASED_ALL);
	viz_inbox_put(net->core, in);
	return VIZ_OK;
}

/* Whether this report fits: a customer who was not called may be lost too. An end that was reported
 * may be corrected, but for a loss that brought the secret: the origin may have awarded again. */
static bool outcome_fits(const struct viz_inbox *in, enum viz_outcome_kind kind)
{
	switch (in->state) {
	case VIZ_INBOX_AWARDED:
		return kind == VIZ_OUTCOME_LOST;
	case VIZ_INBOX_CONTACTED:
	case VIZ_INBOX_INSTALLED:
		return true;
	case VIZ_INBOX_LOST:
		return kind == VIZ_OUTCOME_LOST || !in->has_release;
	case VIZ_INBOX_UNKNOWN:
	case VIZ_INBOX_LISTED:
	case VIZ_INBOX_LOCATED:
	case VIZ_INBOX_PLEDGED:
	case VIZ_INBOX_REVEALED:
	case VIZ_INBOX_OVER:
	case VIZ_INBOX_RELEASED:
	case VIZ_INBOX_WITHDRAWN:
	case VIZ_INBOX_BYSTANDER:
		return false;
	}
	return false;
}

int viz_inbox_holding_outcome(struct viz_net *net, struct viz_inbox *in, enum viz_outcome_kind kind,
			      const uint32_t *days_or_null, enum viz_lost why)
{
	struct viz_outcome o = {.award = in->award,
				.kind = kind,
				.has_days = days_or_null != NULL,
				.days_offline = days_or_null ? *days_or_null : 0,
				.has_secret = in->has_release};
	VIZ_WRITER(w, 128);

	if (!outcome_fits(in, kind) || !viz_identity_may_sign(net->trust))
		return VIZ_ERR_STATE;
	in->state = kind == VIZ_OUTCOME_INSTALLED ? VIZ_INBOX_INSTALLED : VIZ_INBOX_LOST;
	in->has_days = o.has_days;
	in->days_offline = o.days_offline;
	in->lost_why = why;
	in->lease_until = (struct viz_time){0};
	memcpy(o.secret, in->release, sizeof o.secret);
	viz_outcome_write(&w, &o);
	viz_statement_issue(net, NULL, VIZ_TYPE_OUTCOME, &in->origin, in->slot, in->award_n, &w,
			    &in->origin);
	if (kind == VIZ_OUTCOME_INSTALLED)
		viz_inbox_price_note(net->trust, in);
	/* a customer of ours is in the ERP from here on */
	if (in->vault != 0)
		viz_inbox_erase(net->core, in, VIZ_ERASED_ALL);
	viz_inbox_put(net->core, in);
	return VIZ_OK;
}
