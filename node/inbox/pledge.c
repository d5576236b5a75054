#include "node/inbox/pledge.h"

#include "crypto/rng.h"
#include "node/core/core.h"
#include "node/core/place.h"
#include "node/coverage/plan.h"
#include "node/inbox/inbox.h"
#include "node/inbox/protest.h"
#include "node/link/mail.h"
#include "node/link/net.h"
#include "node/offer/commitment.h"
#include "node/offer/probing.h"
#include "node/self/quarantine.h"
#include "node/self/start.h"
#include "node/self/statement.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/mail.h"
#include "proto/offer.h"
#include "proto/record.h"
#include "proto/writer.h"
#include "store/store.h"
#include "store/tables.h"

static void proposal_key(uint8_t key[VIZ_STATEMENT_KEY_LEN], struct viz_trust *trust,
			 const struct viz_inbox *in)
{
	viz_place_statement_key(key, &in->origin, in->slot, VIZ_OFFER_ROW_PROPOSAL,
				&trust->self.author, 0);
}

static void put_proposal(struct viz_trust *trust, const struct viz_inbox *in,
			 const uint8_t *proposal, size_t len)
{
	uint8_t key[VIZ_STATEMENT_KEY_LEN];

	proposal_key(key, trust, in);
	viz_core_put(trust->core, VIZ_TABLE_STATEMENT, key, sizeof key, proposal, len);
}

/* Draws what opens the pledge, and commits to the plans that we offer now. */
static void commit(struct viz_net *net, struct viz_inbox *in, struct viz_id *commitment)
{
	uint8_t *proposal = viz_core_alloc(VIZ_PROPOSAL_MAX);
	struct viz_id blinded;
	size_t len = 0;

	viz_rng_bytes(&net->core->rng, in->nonce.b, sizeof in->nonce.b);
	viz_rng_bytes(&net->core->rng, in->blinding.b, sizeof in->blinding.b);
	viz_plan_proposal(net->core, proposal, &len);
	put_proposal(net->trust, in, proposal, len);
	viz_commitment(&blinded, "vizinho/proposal", &in->blinding, proposal, len);
	viz_commitment_pledge(commitment, &in->offer, &net->trust->self.author, &blinded,
			      in->nonce.b);
	free(proposal);
}

/* Mails the PLEDGE that is kept, with the reason, which is not signed. */
static void send(struct viz_net *net, const struct viz_inbox *in)
{
	struct viz_mail_pledge mail = {.reason = in->reason};
	VIZ_WRITER(w, VIZ_PLEDGE_SIGNED + 16);
	struct viz_slice v;

	VIZ_REQUIRE(viz_statement_get(net->core, &v, &in->origin, in->slot, VIZ_TYPE_PLEDGE,
				      &net->trust->self.author, 1) &&
		    v.len == sizeof mail.pledge);
	memcpy(mail.pledge, v.p, v.len);
	viz_mail_pledge_write(&w, &mail);
	viz_mail_send(net, &in->origin, VIZ_MAIL_PLEDGE, &w);
	viz_inbox_protest_sent(net, in);
}

int viz_inbox_pledge(struct viz_net *net, struct viz_inbox *in, enum viz_answer answer,
		     enum viz_no_reason reason)
{
	struct viz_pledge p = {.offer = in->offer};
	VIZ_WRITER(w, 128);
	int err;

	if (!viz_inbox_pledge_wanted(in) || !viz_inbox_pledge_may_sign(net->trust, in))
		return VIZ_ERR_STATE;
	if (answer == VIZ_ANSWER_NO && viz_probing_reported(net->core, &in->origin)) {
		answer = VIZ_ANSWER_ANALYSIS;
		reason = VIZ_NO_NONE;
	}
	p.answer = answer;
	if (viz_pledge_promises(answer))
		commit(net, in, &p.commitment);
	viz_pledge_write(&w, &p);
	err = viz_statement_issue(net, &in->pledge, VIZ_TYPE_PLEDGE, &in->origin, in->slot, 1, &w,
				  NULL);
	if (err != VIZ_OK)
		return err;
	if (in->state == VIZ_INBOX_LOCATED)
		viz_probing_count(net->trust, VIZ_PROBE_TAKER, &in->origin,
				  viz_probe_answer(answer), in->came);
	in->answer = answer;
	in->reason = reason;
	in->state = VIZ_INBOX_PLEDGED;
	send(net, in);
	return VIZ_OK;
}

bool viz_inbox_pledge_may_sign(struct viz_trust *trust, const struct viz_inbox *in)
{
	struct viz_time began = trust->core->started;
	/* what came later than now came before our clock was set back */
	bool before = in->came.ms < began.ms || in->came.ms > trust->core->now.ms;

	return !viz_quarantine_covers(trust, in->time) &&
	       (!before || viz_start_shown(trust, &in->origin));
}

bool viz_inbox_pledge_wanted(const struct viz_inbox *in)
{
	return (in->state == VIZ_INBOX_LISTED || in->state == VIZ_INBOX_LOCATED) &&
	       viz_id_is_zero(&in->close) && !in->withdrawn;
}

int viz_inbox_pledge_by_hand(struct viz_net *net, struct viz_inbox *in, enum viz_answer answer,
			     enum viz_no_reason reason)
{
	int err;

	if (in->state != VIZ_INBOX_LOCATED)
		return VIZ_ERR_STATE;
	err = viz_inbox_pledge(net, in, answer, reason);
	if (err == VIZ_OK)
		viz_inbox_put(net->core, in);
	return err;
}

bool viz_inbox_pledge_get_proposal(struct viz_trust *trust, const struct viz_inbox *in,
				   uint8_t *out, size_t *len)
{
	uint8_t key[VIZ_STATEMENT_KEY_LEN];
	struct viz_slice v;

	proposal_key(key, trust, in);
	if (!viz_core_get(trust->core, &v, VIZ_TABLE_STATEMENT, key, sizeof key) ||
	    v.len > VIZ_PROPOSAL_MAX)
		return false;
	memcpy(out, v.p, v.len);
	*len = v.len;
	return true;
}
