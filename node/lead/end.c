#include "node/lead/end.h"

#include "node/core/core.h"
#include "node/core/due.h"
#include "node/lead/answers.h"
#include "node/lead/award.h"
#include "node/lead/lead.h"
#include "node/lead/lease.h"
#include "node/lead/personal.h"
#include "node/lead/records.h"
#include "node/lead/restart.h"
#include "node/link/net.h"
#include "node/self/log.h"
#include "node/trust/identity.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/offer.h"
#include "proto/receipt.h"
#include "proto/statement.h"
#include "store/store.h"
#include "store/tables.h"

/* The consent of an award ends when it was not delivered in time. */
static void expire_award_consent(struct viz_net *net, const struct viz_lead *lead)
{
	if (lead->state == VIZ_LEAD_AWARDED)
		viz_lead_records_end_consent(net, lead, VIZ_RECEIPT_AWARD + (uint64_t)lead->award_n,
					     VIZ_RECEIPT_AWARD_ENDED + (uint64_t)lead->award_n,
					     VIZ_CONSENT_EXPIRED);
}

/* The first consent ends when nobody has got the location until then. */
static void expire_first_consent(struct viz_net *net, const struct viz_lead *lead)
{
	bool used = false;

	for (size_t i = 0; i < lead->peer_count; i++)
		used |= lead->peer[i].located_at.ms != 0;
	if (!used && lead->peer_count > 0 && !lead->revoked &&
	    lead->created.ms + net->core->federation.undelivered_ms <= net->core->now.ms)
		viz_lead_records_end_consent(net, lead, VIZ_RECEIPT_FIRST, VIZ_RECEIPT_FIRST_ENDED,
					     VIZ_CONSENT_EXPIRED);
}

static void expire(struct viz_core *core, struct viz_lead *lead)
{
	lead->state = VIZ_LEAD_EXPIRED;
	viz_lead_personal_erase(core, lead);
}

/* The step of an open offer waits: for the next key while ours is revoked, until we may sign, or
 * for LAST of somebody.
 * It expires at the end of its choice, or if that has not begun, choice_ms after the list should
 * have closed. */
static void wait_for_step(struct viz_trust *trust, struct viz_lead *lead)
{
	struct viz_time end = lead->state == VIZ_LEAD_CHOOSING
				  ? lead->choose_until
				  : viz_after(lead->closes, trust->core->federation.choice_ms);

	if (lead->state != VIZ_LEAD_OPEN && lead->state != VIZ_LEAD_CLOSED &&
	    lead->state != VIZ_LEAD_CHOOSING)
		return;
	if (end.ms <= trust->core->now.ms)
		expire(trust->core, lead);
	else
		viz_due_set(trust->core, end, VIZ_DUE_LEAD, &trust->self.author, lead->slot);
}

/* Whether the time of CLOSE has come; else it is due then. */
static bool is_closing(struct viz_trust *trust, const struct viz_lead *lead)
{
	struct viz_time at = viz_lead_answers_close_at(trust->core, lead);

	if (at.ms <= trust->core->now.ms)
		return true;
	viz_due_set(trust->core, at, VIZ_DUE_LEAD, &trust->self.author, lead->slot);
	return false;
}

/* Does the step whose time has come. */
static void advance(struct viz_net *net, struct viz_lead *lead)
{
	int64_t now = net->core->now.ms;

	if (viz_lead_is_over(net->trust, lead) &&
	    (lead->state == VIZ_LEAD_OPEN || lead->state == VIZ_LEAD_CLOSED ||
	     lead->state == VIZ_LEAD_CHOOSING))
		expire(net->core, lead);
	else if ((lead->state == VIZ_LEAD_OPEN && !viz_lead_restart_may_close(net->trust, lead)) ||
		 (lead->state == VIZ_LEAD_CLOSED && !viz_lead_restart_may_result(net->trust, lead)))
		wait_for_step(net->trust, lead);
	else if (lead->state == VIZ_LEAD_OPEN && is_closing(net->trust, lead))
		viz_lead_answers_close(net, lead);
	else if (lead->state == VIZ_LEAD_CLOSED && lead->reveal_until.ms <= now)
		viz_lead_answers_begin_choice(net, lead);
	else if (lead->state == VIZ_LEAD_CHOOSING && lead->choose_until.ms <= now)
		expire(net->core, lead);
}

/* Whether the current award has ended by time. One whose holder has called goes on without a date
 * of its own, as long as a holder may keep the contact. */
static bool award_over(const struct viz_core *core, const struct viz_lead *lead)
{
	if (lead->state == VIZ_LEAD_CONTACTED)
		return lead->delivered_at.ms + core->federation.contact_holder_ms <= core->now.ms;
	return lead->award_latest.ms <= core->now.ms;
}

/* Erases the personal data whose time is over. */
static void erase_expired(struct viz_net *net, struct viz_lead *lead)
{
	struct viz_core *core = net->core;
	int64_t now = core->now.ms;

	if (lead->state == VIZ_LEAD_NO_NEIGHBOUR && lead->award_latest.ms <= now) {
		viz_lead_personal_erase(core, lead);
	} else if (lead->award_n == 0 && lead->vault != 0 && lead->location_over.ms != 0 &&
		   lead->location_over.ms <= now) {
		expire(core, lead); /* as the customer heard, however late CLOSE or RESULT were */
	} else if (lead->award_n > 0 && award_over(core, lead)) {
		expire_award_consent(net, lead);
		if (lead->state == VIZ_LEAD_AWARDED || lead->state == VIZ_LEAD_DELIVERED ||
		    lead->state == VIZ_LEAD_CONTACTED)
			lead->state = VIZ_LEAD_EXPIRED;
		viz_lead_personal_erase(core, lead);
	} else if (lead->delivered_at.ms != 0 &&
		   lead->delivered_at.ms + core->federation.contact_origin_ms <= now) {
		viz_lead_personal_erase(core, lead);
	}
}

/* Signs what a revocation needs: WITHDRAWALs, and the end of the consents. */
static void sign_withdrawal(struct viz_net *net, struct viz_lead *lead)
{
	uint64_t n = lead->award_n;

	/* to all that were asked: a mail that was sent and not acknowledged may still arrive */
	for (size_t i = 0; i < lead->peer_count; i++)
		viz_lead_records_sign_withdrawal(net, lead, VIZ_WITHDRAW_ALL, 0, &lead->peer[i]);
	viz_lead_records_end_consent(net, lead, VIZ_RECEIPT_FIRST, VIZ_RECEIPT_FIRST_ENDED + n,
				     VIZ_CONSENT_WITHDRAWN);
	if (n > 0)
		viz_lead_records_end_consent(net, lead, VIZ_RECEIPT_AWARD + n,
					     VIZ_RECEIPT_AWARD_ENDED + n, VIZ_CONSENT_WITHDRAWN);
	else if (lead->single)
		viz_lead_records_end_contact_consent(net, lead, VIZ_CONSENT_WITHDRAWN);
	lead->withdrawal_owed = false;
}

/* Whether an offer was made and has ended, although its last records may be missing. */
static bool ended(const struct viz_lead *lead)
{
	return lead->number != 0 &&
	       (lead->state == VIZ_LEAD_WITHDRAWN || lead->state == VIZ_LEAD_EXPIRED ||
		lead->state == VIZ_LEAD_NONE_CHOSEN || lead->state == VIZ_LEAD_NO_NEIGHBOUR);
}

/* Whether no partner can be chosen any more. CHOICE none says so, once nobody can show the contact
 * of the last award. */
static bool owes_none(const struct viz_lead *lead)
{
	bool lost = lead->state == VIZ_LEAD_LOST && lead->vault == 0;

	return lead->result_kind == VIZ_RESULT_ORDER && !lead->none_chosen &&
	       (ended(lead) || lost) && lead->lease_until.ms == 0;
}

/* CLOSE of an offer that has ended before it, and how long reveals would have had time. */
static void close_ended(struct viz_net *net, struct viz_lead *lead)
{
	viz_lead_records_publish_close(net, lead);
	lead->reveal_until = viz_after(net->core->now, net->core->federation.reveal_ms);
	viz_due_set(net->core, lead->reveal_until, VIZ_DUE_LEAD, &net->trust->self.author,
		    lead->slot);
}

/* Signs what an offer that has ended still needs: WITHDRAWALs, CLOSE, RESULT, CHOICE none. Nothing
 * while our key is revoked. */
static void sign_owed(struct viz_net *net, struct viz_lead *lead)
{
	bool withdrawn = lead->state == VIZ_LEAD_WITHDRAWN;

	if (net->trust->self.revoked)
		return;
	if (lead->withdrawal_owed)
		sign_withdrawal(net, lead);
	if (!viz_self_log_is_free(net) || viz_lead_is_over(net->trust, lead))
		return;
	/* the customer revoked while the list was open: CLOSE is due at its time all the same */
	if (ended(lead) && viz_id_is_zero(&lead->close) && is_closing(net->trust, lead) &&
	    viz_lead_restart_may_close(net->trust, lead))
		close_ended(net, lead);
	if (ended(lead) && !viz_id_is_zero(&lead->close) && lead->result_kind == 0 &&
	    (withdrawn || lead->reveal_until.ms <= net->core->now.ms) &&
	    viz_lead_restart_may_result(net->trust, lead))
		viz_lead_records_publish_result(
		    net, lead, withdrawn ? VIZ_RESULT_WITHDRAWN : VIZ_RESULT_ORDER);
	if (owes_none(lead) && viz_lead_restart_may_choose(net->trust, lead))
		viz_lead_records_publish_none(net, lead);
}

/* After a start CLOSE and RESULT wait for this, beside LAST. */
static void wake_when_timely(struct viz_trust *trust, const struct viz_lead *lead)
{
	struct viz_time at;

	if (lead->number == 0 || lead->result_kind != 0 || !viz_identity_has_started(trust))
		return;
	at = viz_lead_restart_timely_at(trust);
	if (at.ms > trust->core->now.ms)
		viz_due_set(trust->core, at, VIZ_DUE_LEAD, &trust->self.author, lead->slot);
}

void viz_lead_end_due(struct viz_net *net, const struct viz_id *origin, uint64_t slot)
{
	struct viz_lead *lead = viz_lead_fetch(net->core, slot);

	if (!lead)
		return;
	if (!net->trust->self.revoked && viz_self_log_is_free(net)) {
		advance(net, lead);
	} else {
		/* until our clock has caught up, the steps after a start are done, or a partner is
		 * linked */
		if (!net->trust->self.revoked)
			viz_due_set(net->core, viz_self_log_retry_at(net->trust), VIZ_DUE_LEAD,
				    origin, slot);
		wait_for_step(net->trust, lead);
	}
	expire_first_consent(net, lead);
	erase_expired(net, lead);
	viz_lead_lease_end(net->trust, lead);
	viz_lead_award_hand_off_again(net, lead);
	sign_owed(net, lead);
	wake_when_timely(net->trust, lead);
	viz_lead_put(net->core, lead);
	free(lead);
}

int viz_lead_end_revoke(struct viz_net *net, struct viz_lead *lead)
{
	if (lead->revoked)
		return VIZ_ERR_STATE;
	/* what was reached stays reached, and is counted: nobody acts on it any more */
	if (lead->state != VIZ_LEAD_KEPT && lead->state != VIZ_LEAD_INSTALLED)
		lead->state = VIZ_LEAD_WITHDRAWN;
	lead->revoked = true;
	lead->withdrawal_owed = lead->peer_count > 0;
	for (size_t i = 0; i < lead->peer_count; i++)
		lead->peer[i].erased = false; /* it must confirm anew */
	sign_owed(net, lead);
	viz_lead_personal_erase(net->core, lead);
	viz_lead_put(net->core, lead);
	return VIZ_OK;
}

void viz_lead_end_wake(struct viz_core *core)
{
	core->wakes.leads = true;
	memset(core->wakes.lead_from, 0, sizeof core->wakes.lead_from);
}

void viz_lead_end_wake_step(struct viz_trust *trust)
{
	struct viz_wakes *wakes = &trust->core->wakes;
	struct viz_lead *lead;
	struct viz_slice key, value;
	struct viz_walk walk;

	if (!wakes->leads)
		return;
	lead = viz_core_alloc(sizeof *lead);
	viz_walk_init(&walk, trust->core->store, VIZ_TABLE_LEAD, NULL, 0);
	viz_walk_from(&walk, wakes->lead_from, sizeof wakes->lead_from);
	for (size_t rows = VIZ_WAKE_ROWS; rows > 0 && wakes->leads; rows--) {
		wakes->leads = viz_walk_next(&walk, &key, &value);
		if (!wakes->leads)
			break;
		/* the next batch begins behind it */
		viz_be_put_u64(wakes->lead_from, viz_be_get_u64(key.p) + 1);
		if (viz_lead_get(trust->core, lead, viz_be_get_u64(key.p)) && lead->number != 0 &&
		    (viz_lead_is_over(trust, lead) || lead->withdrawal_owed ||
		     lead->result_kind == 0 || owes_none(lead)))
			viz_due_set(trust->core, trust->core->now, VIZ_DUE_LEAD,
				    &trust->self.author, lead->slot);
	}
	free(lead);
}
