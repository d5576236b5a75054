#include "node/lead/lease.h"

#include "node/core/core.h"
#include "node/core/due.h"
#include "node/lead/lead.h"
#include "node/link/mail.h"
#include "node/link/net.h"
#include "node/offer/commitment.h"
#include "node/self/statement.h"
#include "node/trust/identity.h"
#include "node/trust/notice.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/mail.h"
#include "proto/reader.h"
#include "proto/record.h"
#include "proto/statement.h"
#include "proto/writer.h"

/* When all leases from before our start are over. Somebody may have set the clock since we granted
 * them. So we take it that each of them began when we started. */
static struct viz_time old_leases_end(const struct viz_core *core)
{
	return viz_after(core->started,
			 core->federation.lease_ms + core->federation.lease_margin_ms);
}

bool viz_lead_lease_over(const struct viz_trust *trust, const struct viz_lead *lead)
{
	return lead->lease_until.ms == 0 || (lead->lease_until.ms <= viz_identity_time(trust).ms &&
					     old_leases_end(trust->core).ms <= trust->core->now.ms);
}

/* A lease that ends while we run is cleared, so a lease that we find at a start may still run. */
void viz_lead_lease_end(struct viz_trust *trust, struct viz_lead *lead)
{
	struct viz_time at = lead->lease_until;

	if (at.ms == 0)
		return;
	if (viz_lead_lease_over(trust, lead)) {
		/* what we sign from now on is dated after it, although our clock is set back */
		viz_identity_signed(trust, at);
		lead->lease_until = (struct viz_time){0};
		return;
	}
	if (at.ms <= trust->core->now.ms)
		at = old_leases_end(trust->core);
	viz_due_set(trust->core, at, VIZ_DUE_LEAD, &trust->self.author, lead->slot);
}

static void issue(struct viz_net *net, const struct viz_lead *lead, const struct viz_lease *lease)
{
	VIZ_WRITER(w, 256);

	viz_lease_write(&w, lease);
	viz_statement_issue(net, NULL, VIZ_TYPE_LEASE, &net->trust->self.author, lead->slot,
			    lead->award_n, &w, &lead->award_to);
}

/* Notes that the lease runs until then. The timer of one that still runs sets the next timer
 * itself. */
static void run_until(struct viz_trust *trust, struct viz_lead *lead, struct viz_time until)
{
	bool has_timer = lead->lease_until.ms > trust->core->now.ms;

	lead->lease_until = until;
	if (!has_timer)
		viz_lead_lease_end(trust, lead);
}

/* Whether the holder of the current award may get a lease, when it keeps `hash`. */
static bool may_grant(const struct viz_core *core, const struct viz_lead *lead,
		      const struct viz_id *hash)
{
	if (lead->released || lead->recalled || viz_id_is_zero(hash) ||
	    (!viz_id_is_zero(&lead->release_hash) && !viz_id_eq(&lead->release_hash, hash)))
		return false;
	if (lead->state == VIZ_LEAD_CONTACTED)
		return true;
	return (lead->state == VIZ_LEAD_AWARDED || lead->state == VIZ_LEAD_DELIVERED) &&
	       lead->award_latest.ms > core->now.ms;
}

/* The holder's store may be an older one, in which the award goes on. */
static void withdraw_again(struct viz_net *net, const struct viz_lead *lead,
			   enum viz_withdrawal_scope scope, uint32_t award_n)
{
	viz_statement_mail(net, &lead->award_to, &net->trust->self.author, lead->slot,
			   VIZ_TYPE_WITHDRAWAL, (uint64_t)scope << 32 | award_n);
}

/* Answers the holder, who asked at its own time `asked`. */
static void answer(struct viz_net *net, struct viz_lead *lead, struct viz_time asked,
		   const struct viz_id *hash)
{
	const struct viz_federation *f = &net->core->federation;
	struct viz_time now = viz_identity_time(net->trust);
	struct viz_lease lease = {.award = lead->award, .asked = asked};
	int64_t left = 0;

	if (viz_mail_full(net->trust, &lead->award_to)) /* it does not take our mail */
		return;
	if (may_grant(net->core, lead, hash)) {
		if (lead->state != VIZ_LEAD_CONTACTED)
			run_until(net->trust, lead,
				  viz_after(now, f->lease_ms + f->lease_margin_ms));
		left = lead->lease_until.ms - f->lease_margin_ms - now.ms;
	}
	if (left > 0) {
		lead->release_hash = *hash;
		lease.granted = true;
		lease.extended = lead->state == VIZ_LEAD_CONTACTED;
		lease.left_ms = (uint64_t)left;
		lease.until = lead->lease_until;
	}
	lease.hash = lead->release_hash;
	issue(net, lead, &lease);
	if (lead->revoked)
		withdraw_again(net, lead, VIZ_WITHDRAW_ALL, 0);
	else if (lead->recalled)
		withdraw_again(net, lead, VIZ_WITHDRAW_AWARD, lead->award_n);
}

void viz_lead_lease_asked(struct viz_net *net, const struct viz_id *from, struct viz_reader *r)
{
	struct viz_mail_lease_ask ask;
	struct viz_lead *lead;

	viz_mail_lease_ask_read(r, &ask);
	/* what we cannot sign is not granted */
	if (viz_reader_finish(r) != VIZ_OK || !viz_identity_may_sign(net->trust))
		return;
	lead = viz_lead_of_award(net->core, &ask.award);
	if (lead && viz_id_eq(&lead->award_to, from)) {
		answer(net, lead, ask.asked, &ask.hash);
		viz_lead_put(net->core, lead);
	}
	free(lead);
}

void viz_lead_lease_contacted(struct viz_net *net, struct viz_lead *lead,
			      const struct viz_record *rec)
{
	const struct viz_federation *f = &net->core->federation;
	struct viz_time now = viz_identity_time(net->trust);

	if (!viz_identity_may_sign(net->trust))
		return;
	/* only who was granted a lease may have called */
	if (lead->state == VIZ_LEAD_DELIVERED && !viz_id_is_zero(&lead->release_hash) &&
	    !lead->recalled && !lead->released) {
		lead->state = VIZ_LEAD_CONTACTED;
		lead->contacted_at = net->core->now;
		viz_notice_add(net->trust, VIZ_NOTICE_CONTACTED, &lead->award, &lead->award_to,
			       lead->slot);
		run_until(net->trust, lead, viz_after(now, f->contacted_ms + f->lease_margin_ms));
	}
	if (lead->state == VIZ_LEAD_CONTACTED)
		answer(net, lead, rec->time, &lead->release_hash);
	else
		answer(net, lead, rec->time, &(struct viz_id){{0}});
}

void viz_lead_lease_released(struct viz_trust *trust, struct viz_lead *lead,
			     const uint8_t secret[32])
{
	struct viz_id hash;

	lead->released = true;
	if (secret) {
		viz_commitment_release(&hash, secret);
		if (viz_id_eq(&hash, &lead->release_hash)) {
			lead->opened = true;
			memcpy(lead->release, secret, sizeof lead->release);
			lead->lease_until = (struct viz_time){0};
		}
	}
	/* a lead that has ended may have waited for this, to sign its last CHOICE */
	viz_due_set(trust->core, trust->core->now, VIZ_DUE_LEAD, &trust->self.author, lead->slot);
}
