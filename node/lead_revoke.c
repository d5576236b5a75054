/* The person revokes. The data goes at once; what tells the holders so is signed as soon as our key
 * can sign, and sent as soon as theirs may receive. */
#include "node/core.h"
#include "node/due.h"
#include "node/lead.h"
#include "node/statements.h"

void viz_lead_withdraw(struct viz_node *node, const struct viz_lead *lead,
		       enum viz_withdrawal_scope scope, uint32_t award_n,
		       const struct viz_lead_peer *peer)
{
	struct viz_withdrawal wd = {.offer = lead->offer, .scope = scope, .award_n = award_n};
	uint8_t body[128];
	struct viz_writer w;

	viz_writer_init(&w, body, sizeof body);
	viz_withdrawal_write(&w, &wd);
	viz_statement_issue(node, NULL, VIZ_TYPE_WITHDRAWAL, &node->self.author, lead->slot,
			    (uint64_t)scope << 32 | award_n, &w, &peer->id);
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
