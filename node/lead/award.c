#include "node/lead/award.h"

#include "crypto/rng.h"
#include "node/core/core.h"
#include "node/core/due.h"
#include "node/core/journal.h"
#include "node/lead/lead.h"
#include "node/lead/lease.h"
#include "node/lead/personal.h"
#include "node/lead/records.h"
#include "node/lead/restart.h"
#include "node/link/mail.h"
#include "node/link/net.h"
#include "node/offer/probing.h"
#include "node/self/log.h"
#include "node/self/statement.h"
#include "node/trust/live.h"
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
#include "proto/writer.h"

#define HAND_OFF_FIRST_MS 100
#define HAND_OFF_AGAIN_MS 1000

/* When the hand-off is sent again: after a tenth of a second, after 1, 2, 4 ... seconds, then each
 * hour. The first one may have overtaken RESULT, when the holder has so many to check that the pool
 * does it: then both are a few milliseconds apart. */
static void set_hand_off(struct viz_trust *trust, struct viz_lead *lead)
{
	int64_t pause = trust->core->now.ms - lead->award_at.ms;

	if (pause == 0)
		pause = HAND_OFF_FIRST_MS;
	else if (pause < HAND_OFF_AGAIN_MS)
		pause = HAND_OFF_AGAIN_MS;
	if (pause > VIZ_HOUR_MS)
		pause = VIZ_HOUR_MS;
	lead->handoff_at = viz_after(trust->core->now, pause);
	viz_due_set(trust->core, lead->handoff_at, VIZ_DUE_LEAD, &trust->self.author, lead->slot);
}

void viz_lead_award_hand_off_again(struct viz_net *net, struct viz_lead *lead)
{
	if (lead->state != VIZ_LEAD_AWARDED || lead->released || lead->recalled ||
	    lead->handoff_at.ms > net->core->now.ms || lead->award_latest.ms <= net->core->now.ms)
		return;
	/* while mail waits for the holder, the hand-off may be among it */
	if (viz_mail_waiting(net->trust, &lead->award_to) == 0)
		viz_mail_slot(net, &lead->award_to, VIZ_MAIL_HANDOFF, lead->slot);
	set_hand_off(net->trust, lead);
}

int viz_lead_award(struct viz_net *net, struct viz_lead *lead, struct viz_lead_peer *peer)
{
	struct viz_award award = {.offer = lead->offer,
				  .recipient = peer->id,
				  .pledge = peer->pledge,
				  .n = lead->award_n + 1,
				  .latest =
				      viz_after(lead->given, net->core->federation.undelivered_ms)};
	VIZ_WRITER(w, 512);
	int err;

	if (award.n > VIZ_AWARDS_MAX)
		return VIZ_ERR_LIMIT;
	err = viz_lead_records_sign_consent(net, &award.receipt, lead, VIZ_PURPOSE_CONTACT,
					    VIZ_RECEIPT_AWARD + (uint64_t)award.n, &peer->id, 1,
					    VIZ_CONSENT_GIVEN);
	if (err != VIZ_OK)
		return err;
	viz_rng_bytes(&net->core->rng, award.blinding.b, sizeof award.blinding.b);
	err = viz_lead_records_publish_choice(net, &award.choice, lead, &peer->id, &award.blinding);
	if (err != VIZ_OK)
		return err;
	if (award.n > 1) {
		viz_lead_records_end_consent(net, lead, VIZ_RECEIPT_AWARD + (uint64_t)lead->award_n,
					     VIZ_RECEIPT_AWARD_ENDED + (uint64_t)lead->award_n,
					     VIZ_CONSENT_TERMINATED);
		if (!lead->recalled)
			viz_lead_records_sign_withdrawal(net, lead, VIZ_WITHDRAW_AWARD,
							 lead->award_n,
							 viz_lead_find_peer(lead, &lead->award_to));
	}
	viz_award_write(&w, &award);
	err = viz_statement_issue(net, &lead->award, VIZ_TYPE_AWARD, &net->trust->self.author,
				  lead->slot, award.n, &w, NULL);
	if (err != VIZ_OK)
		return err;
	lead->award_n = award.n;
	lead->award_to = peer->id;
	lead->award_at = net->core->now;
	lead->award_latest = award.latest;
	lead->lease_until = lead->contacted_at = lead->delivered_at = (struct viz_time){0};
	lead->released = lead->recalled = false;
	lead->release_hash = (struct viz_id){{0}};
	lead->opened = false;
	lead->state = VIZ_LEAD_AWARDED;
	if (peer->award_n == 0)
		viz_probing_count(net->trust, VIZ_PROBE_GIVER, &peer->id, VIZ_PROBE_AWARD,
				  viz_record_slot_begins(lead->slot));
	peer->award_n = award.n;
	peer->erased = false;
	viz_mail_slot(net, &peer->id, VIZ_MAIL_HANDOFF, lead->slot);
	set_hand_off(net->trust, lead);
	viz_due_set(net->core, award.latest, VIZ_DUE_LEAD, &net->trust->self.author, lead->slot);
	viz_notice_add(net->trust, VIZ_NOTICE_AWARD, &lead->award, &lead->award_to, lead->slot);
	return VIZ_OK;
}

/* Whether an award was made and the customer may choose another partner after it. */
static bool may_choose_again(const struct viz_lead *lead)
{
	if (lead->vault == 0)
		return false;
	return lead->state == VIZ_LEAD_LOST || lead->state == VIZ_LEAD_AWARDED ||
	       lead->state == VIZ_LEAD_DELIVERED || lead->state == VIZ_LEAD_CONTACTED;
}

enum viz_lead_choice viz_lead_award_choice(struct viz_net *net, const struct viz_lead *lead)
{
	if (viz_lead_is_over(net->trust, lead))
		return VIZ_LEAD_CHOICE_OVER;
	if (lead->state == VIZ_LEAD_OPEN || lead->state == VIZ_LEAD_CLOSED)
		return VIZ_LEAD_CHOICE_PROPOSALS;
	if (lead->state != VIZ_LEAD_CHOOSING && !may_choose_again(lead))
		return VIZ_LEAD_CHOICE_OVER;
	if (!viz_self_log_is_free(net))
		return VIZ_LEAD_CHOICE_LINK;
	if (!viz_lead_restart_may_choose(net->trust, lead))
		return VIZ_LEAD_CHOICE_UNHEARD;
	if (lead->state != VIZ_LEAD_CHOOSING && !viz_lead_lease_over(net->trust, lead))
		return VIZ_LEAD_CHOICE_HOLDER;
	return VIZ_LEAD_CHOICE_OPEN;
}

void viz_lead_award_recall(struct viz_net *net, struct viz_lead *lead)
{
	if (lead->recalled)
		return;
	lead->recalled = true;
	viz_lead_records_sign_withdrawal(net, lead, VIZ_WITHDRAW_AWARD, lead->award_n,
					 viz_lead_find_peer(lead, &lead->award_to));
	viz_notice_add(net->trust, VIZ_NOTICE_RECALL, &lead->award, &lead->award_to, lead->slot);
	viz_lead_put(net->core, lead);
}

/* The customer wants nobody. A holder that has not given back is told to erase. */
static void choose_none(struct viz_net *net, struct viz_lead *lead)
{
	if (lead->state != VIZ_LEAD_CHOOSING && lead->state != VIZ_LEAD_LOST && !lead->released)
		viz_lead_award_recall(net, lead);
	viz_lead_records_publish_none(net, lead);
	lead->state = VIZ_LEAD_NONE_CHOSEN;
	viz_lead_personal_erase(net->core, lead);
	viz_lead_put(net->core, lead);
}

int viz_lead_award_choose(struct viz_net *net, struct viz_lead *lead, const struct viz_id *who,
			  const struct viz_contact *contact)
{
	struct viz_lead_peer *peer = who ? viz_lead_find_peer(lead, who) : NULL;
	enum viz_lead_choice choice = viz_lead_award_choice(net, lead);
	int err;

	if (choice != VIZ_LEAD_CHOICE_OPEN && choice != VIZ_LEAD_CHOICE_HOLDER)
		return VIZ_ERR_STATE;
	if (who && (!peer || !peer->revealed))
		return VIZ_ERR_ABSENT;
	if (who && (!viz_live_partner(net->trust, who) ||
		    (peer->award_n != 0 && viz_id_eq(who, &lead->award_to))))
		return VIZ_ERR_STATE;
	if (choice == VIZ_LEAD_CHOICE_HOLDER) {
		viz_lead_award_recall(net, lead);
		return VIZ_ERR_STATE;
	}
	if (!who) {
		choose_none(net, lead);
		return VIZ_OK;
	}
	if (!viz_core_has_headroom(net->core))
		return VIZ_ERR_LIMIT;
	lead->given = net->core->now;
	err = viz_lead_personal_seal_contact(net->core, lead, contact);
	if (err == VIZ_OK)
		err = viz_lead_award(net, lead, peer);
	if (err == VIZ_OK)
		viz_lead_put(net->core, lead);
	return err;
}
