#include "node/inbox/pledge.h"

#include "crypto/rng.h"
#include "crypto/seal.h"
#include "node/core/core.h"
#include "node/core/place.h"
#include "node/coverage/plan.h"
#include "node/inbox/inbox.h"
#include "node/link/net.h"
#include "node/offer/commitment.h"
#include "node/offer/seal.h"
#include "node/self/publish.h"
#include "node/trust/live.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/offer.h"
#include "proto/record.h"
#include "proto/writer.h"
#include "store/store.h"
#include "store/tables.h"

bool viz_pledge_share(const struct viz_id *origin, const struct viz_id *done, size_t n,
		      size_t partners)
{
	size_t share = VIZ_PLEDGES_SHARED / (partners > 0 ? partners : 1), own = 0, common = 0;

	for (size_t k = 0; k < n; k++) {
		size_t before = 0;

		for (size_t i = 0; i < k; i++)
			before += viz_id_eq(&done[i], &done[k]);
		own += viz_id_eq(&done[k], origin);
		common += before >= share;
	}
	return own < share || common < VIZ_PLEDGES_PER_DAY - partners * share;
}

static bool has_share(struct viz_trust *trust, const struct viz_id *origin)
{
	struct viz_id *done = viz_core_alloc(VIZ_PLEDGES_PER_DAY * sizeof *done);
	uint8_t prefix[VIZ_PLACE_LEN];
	struct viz_slice key, value;
	struct viz_walk walk;
	size_t partners = 0, n = 0;
	bool has;

	for (size_t i = 0; i < trust->directory.count; i++)
		partners += viz_live_partner(trust, &trust->directory.list[i]->id);
	viz_record_place_key(prefix, &trust->self.author, VIZ_TYPE_PLEDGE,
			     viz_record_slot_make(trust->core->now, 0));
	viz_walk_init(&walk, trust->core->store, VIZ_TABLE_RECORD, prefix, VIZ_PLACE_LEN - 2);
	while (n < VIZ_PLEDGES_PER_DAY && viz_walk_next(&walk, &key, &value)) {
		struct viz_record rec;
		struct viz_held held;
		struct viz_pledge p;

		if (viz_place_row_read(&held, value.p, value.len) != VIZ_OK ||
		    viz_record_parse(&rec, held.a, held.a_len) != VIZ_OK)
			continue;
		viz_pledge_parse(&p, &rec);
		done[n++] = p.origin;
	}
	has = viz_pledge_share(origin, done, n, partners);
	free(done);
	return has;
}

/* Seals our answer and publishes the PLEDGE. */
int viz_inbox_pledge(struct viz_net *net, struct viz_inbox *in, enum viz_answer answer,
		     enum viz_no_reason reason)
{
	struct viz_pledge_secret secret = {.answer = answer, .reason = reason};
	uint8_t sealed[VIZ_PLEDGE_SEALED];
	struct viz_pledge p = {.origin = in->origin,
			       .offer_slot = in->slot,
			       .offer = in->offer,
			       .sealed = sealed,
			       .sealed_len = sizeof sealed};
	VIZ_WRITER(w, 256);
	uint64_t slot;
	int err;

	if (!has_share(net->trust, &in->origin))
		return VIZ_ERR_LIMIT;
	if (answer == VIZ_ANSWER_YES || answer == VIZ_ANSWER_ANALYSIS) {
		uint8_t *proposal = viz_core_alloc(VIZ_PROPOSAL_MAX);
		struct viz_id blinded;
		size_t len = 0;

		viz_rng_bytes(&net->core->rng, in->nonce.b, sizeof in->nonce.b);
		viz_rng_bytes(&net->core->rng, in->blinding.b, sizeof in->blinding.b);
		viz_plan_proposal(net->core, proposal, &len);
		viz_inbox_pledge_put_proposal(net->trust, in, proposal, len);
		viz_commitment(&blinded, "vizinho/proposal", &in->blinding, proposal, len);
		viz_commitment_pledge(&secret.commitment, &blinded, in->nonce.b);
		free(proposal);
	}
	viz_offer_seal_pledge(&net->core->rng, sealed, &in->key, &secret, &net->trust->self.author);
	err = viz_self_publish_next_slot(net->trust, &slot, VIZ_TYPE_PLEDGE);
	if (err != VIZ_OK)
		return err;
	viz_pledge_write(&w, &p);
	err = viz_self_publish_body(net, &in->pledge, VIZ_TYPE_PLEDGE, slot, &w);
	if (err == VIZ_OK) {
		in->answer = answer;
		in->reason = reason;
		in->state = VIZ_INBOX_PLEDGED;
	}
	return err;
}

int viz_inbox_pledge_by_hand(struct viz_net *net, struct viz_inbox *in, enum viz_answer answer,
			     enum viz_no_reason reason)
{
	int err;

	if (in->state != VIZ_INBOX_LOCATED || in->closes.ms <= net->core->now.ms)
		return VIZ_ERR_STATE;
	err = viz_inbox_pledge(net, in, answer, reason);
	if (err == VIZ_OK)
		viz_inbox_put(net->core, in);
	return err;
}

static void proposal_key(uint8_t key[VIZ_STATEMENT_KEY_LEN], struct viz_trust *trust,
			 const struct viz_inbox *in)
{
	viz_place_statement_key(key, &in->origin, in->slot, VIZ_OFFER_ROW_PROPOSAL,
				&trust->self.author, 0);
}

void viz_inbox_pledge_put_proposal(struct viz_trust *trust, const struct viz_inbox *in,
				   const uint8_t *proposal, size_t len)
{
	uint8_t key[VIZ_STATEMENT_KEY_LEN];

	proposal_key(key, trust, in);
	viz_core_put(trust->core, VIZ_TABLE_STATEMENT, key, sizeof key, proposal, len);
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
