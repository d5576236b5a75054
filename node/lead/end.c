#include "node/lead/end.h"

#include "node/core/core.h"
#include "node/core/due.h"
#include "node/lead/answers.h"
#include "node/lead/award.h"
#include "node/lead/records.h"
#include "node/lead/row.h"
#include "node/lead/sealed.h"
#include "node/state.h"
#include "proto/base.h"
#include "proto/offer.h"
#include "proto/receipt.h"
#include "proto/statement.h"
#include "store/store.h"
#include "store/tables.h"
static void expire(struct viz_node *node, struct viz_lead *lead)
{
	lead->state = VIZ_LEAD_EXPIRED;
	viz_lead_erase(node, lead);
}

/* The next step of an offer that is under way. */
static void advance(struct viz_node *node, struct viz_lead *lead)
{
	int64_t now = node->now.ms;

	if (lead->state == VIZ_LEAD_OPEN && lead->closes.ms <= now)
		viz_lead_close_list(node, lead);
	else if (lead->state == VIZ_LEAD_CLOSED && lead->reveal_until.ms <= now)
		viz_lead_begin_choice(node, lead);
	else if (lead->state == VIZ_LEAD_CHOOSING && lead->choose_until.ms <= now)
		expire(node, lead);
}

/* Our key is revoked: an offer under way waits for the next key, but not for ever. */
static void stall(struct viz_node *node, struct viz_lead *lead)
{
	struct viz_time end = lead->state == VIZ_LEAD_CHOOSING
				  ? lead->choose_until
				  : viz_after(lead->closes, node->federation.choice_ms);

	if (lead->state != VIZ_LEAD_OPEN && lead->state != VIZ_LEAD_CLOSED &&
	    lead->state != VIZ_LEAD_CHOOSING)
		return;
	if (end.ms <= node->now.ms)
		expire(node, lead);
	else
		viz_due_set(node, end, VIZ_DUE_LEAD, &node->self.author, lead->slot);
}

/* What is held here ends by its dates. */
static void run_out(struct viz_node *node, struct viz_lead *lead)
{
	int64_t now = node->now.ms;

	if (lead->state == VIZ_LEAD_NO_NEIGHBOUR && lead->award_latest.ms <= now) {
		viz_lead_erase(node, lead);
	} else if (lead->award_n > 0 && lead->award_latest.ms <= now) {
		if (lead->state == VIZ_LEAD_AWARDED || lead->state == VIZ_LEAD_DELIVERED ||
		    lead->state == VIZ_LEAD_CONTACTED)
			lead->state = VIZ_LEAD_EXPIRED;
		viz_lead_erase(node, lead);
	} else if (lead->delivered_at.ms != 0 &&
		   lead->delivered_at.ms + node->federation.contact_origin_ms <= now) {
		viz_lead_erase(node, lead);
	}
}

void viz_lead_due(struct viz_node *node, uint64_t slot)
{
	struct viz_lead *lead = viz_lead_fetch(node, slot);

	if (!lead)
		return;
	if (node->self.revoked)
		stall(node, lead);
	else
		advance(node, lead);
	run_out(node, lead);
	viz_lead_lapse(node, lead);
	viz_lead_settle(node, lead);
	viz_lead_put(node, lead);
	free(lead);
}

static void tell_holders(struct viz_node *node, struct viz_lead *lead)
{
	uint64_t n = lead->award_n;

	/* all eligible ones are told: what was sent and not acknowledged may still arrive */
	for (size_t i = 0; i < lead->peer_count; i++)
		viz_lead_withdraw(node, lead, VIZ_WITHDRAW_ALL, 0, &lead->peer[i]);
	viz_lead_end_consent(node, lead, VIZ_RECEIPT_FIRST, VIZ_RECEIPT_FIRST_ENDED + n,
			     VIZ_CONSENT_WITHDRAWN);
	if (n > 0)
		viz_lead_end_consent(node, lead, VIZ_RECEIPT_AWARD + n, VIZ_RECEIPT_AWARD_ENDED + n,
				     VIZ_CONSENT_WITHDRAWN);
	else if (lead->single)
		viz_lead_end_second(node, lead, VIZ_CONSENT_WITHDRAWN);
	lead->withdrawal_owed = false;
}

/* Whether nothing more can come of the offer, whatever its records say. */
static bool ended(const struct viz_lead *lead)
{
	return lead->epoch != 0 &&
	       (lead->state == VIZ_LEAD_WITHDRAWN || lead->state == VIZ_LEAD_EXPIRED ||
		lead->state == VIZ_LEAD_NONE_CHOSEN || lead->state == VIZ_LEAD_NO_NEIGHBOUR);
}

static enum viz_result_outcome outcome(const struct viz_lead *lead)
{
	if (lead->state == VIZ_LEAD_WITHDRAWN)
		return VIZ_RESULT_WITHDRAWN;
	return lead->state == VIZ_LEAD_EXPIRED ? VIZ_RESULT_EXPIRED : VIZ_RESULT_NONE;
}

void viz_lead_settle(struct viz_node *node, struct viz_lead *lead)
{
	if (node->self.revoked || !ended(lead))
		return;
	if (lead->withdrawal_owed)
		tell_holders(node, lead);
	/* revoked while the window was open: the records of it end in order */
	if (viz_id_is_zero(&lead->close) && lead->closes.ms <= node->now.ms)
		viz_lead_publish_close(node, lead);
	if (viz_id_is_zero(&lead->close) || !viz_id_is_zero(&lead->result))
		return;
	if (lead->state != VIZ_LEAD_WITHDRAWN)
		viz_lead_set_order(lead);
	viz_lead_publish_result(node, lead, outcome(lead), NULL, NULL);
}

int viz_lead_revoke(struct viz_node *node, struct viz_lead *lead)
{
	if (lead->state == VIZ_LEAD_WITHDRAWN)
		return VIZ_ERR_STATE;
	lead->state = VIZ_LEAD_WITHDRAWN;
	lead->withdrawal_owed = lead->peer_count > 0;
	for (size_t i = 0; i < lead->peer_count; i++)
		lead->peer[i].erased = false; /* it has to say so anew */
	viz_lead_settle(node, lead);
	viz_lead_erase(node, lead);
	viz_lead_put(node, lead);
	return VIZ_OK;
}

void viz_lead_key_rotated(struct viz_node *node)
{
	struct viz_lead *lead = viz_core_alloc(sizeof *lead);
	struct viz_slice key, value;
	struct viz_walk walk;

	viz_walk_init(&walk, node->store, VIZ_TABLE_LEAD, NULL, 0);
	while (viz_walk_next(&walk, &key, &value))
		if (viz_lead_get(node, lead, viz_get_u64be(key.p)) && lead->epoch != 0 &&
		    (lead->withdrawal_owed || viz_id_is_zero(&lead->result)))
			viz_due_set(node, node->now, VIZ_DUE_LEAD, &node->self.author, lead->slot);
	free(lead);
}
