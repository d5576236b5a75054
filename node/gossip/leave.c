#include "node/gossip/leave.h"

#include "node/core/account.h"
#include "node/core/core.h"
#include "node/core/place.h"
#include "node/core/weight.h"
#include "node/gossip/intake.h"
#include "node/link/net.h"
#include "node/trust/heavy.h"
#include "node/trust/leave.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/record.h"
#include "store/store.h"
#include "store/tables.h"

#define STEP 256  /* places that a batch looks at, large ones counted as several */
#define PART 2048 /* what a place weighs and counts as one more: 7 of the heaviest make a step */

/* Whether we hold something else of the author that is judged by its keys and PARTNERS: records of
 * its offers, or evidence. */
static bool has_account(struct viz_core *core, const struct viz_member *m)
{
	struct viz_account a;

	viz_account_get(core, &a, &m->id);
	return a.bytes != 0;
}

static bool is_to_go(struct viz_trust *trust, const struct viz_member *m, uint8_t type, bool proof)
{
	if (proof && type != VIZ_TYPE_VOUCH && type != VIZ_TYPE_COVERAGE)
		return false;
	return m->items.left_out || !viz_member_accepted(trust, m, type);
}

/* Keys that we have learned stay in memory: they are the author's, whatever we hold. Gives what the
 * place counts as. */
static size_t drop(struct viz_net *net, const struct viz_slice *row)
{
	uint8_t *copy = viz_core_alloc(row->len);
	struct viz_record rec;
	struct viz_held held;
	uint64_t weight;

	memcpy(copy, row->p, row->len);
	VIZ_REQUIRE(viz_place_row_read(&held, copy, row->len) == VIZ_OK &&
		    viz_record_parse(&rec, held.a, held.a_len) == VIZ_OK);
	if (rec.type != VIZ_TYPE_SUCCESSION && rec.type != VIZ_TYPE_REVOCATION &&
	    net->handlers->record[rec.type].gone)
		net->handlers->record[rec.type].gone(net, &rec);
	weight = viz_weight_cost(rec.type, held.a, held.a_len);
	if (held.dead)
		weight += viz_weight_cost(rec.type, held.b, held.b_len);
	viz_place_drop(net->core, &rec.author, rec.type, rec.slot);
	free(copy);
	return 1 + (size_t)(weight / PART);
}

/* Drops what is to go of `m`. Gives whether all has been looked at, and takes from *left. */
static bool drop_some(struct viz_net *net, const struct viz_member *m, size_t *left)
{
	bool proof = has_account(net->core, m);
	struct viz_slice key, value;
	struct viz_walk walk;

	viz_walk_init(&walk, net->core->store, VIZ_TABLE_RECORD, m->id.b, sizeof m->id.b);
	while (viz_walk_next(&walk, &key, &value) && key.p[32] <= VIZ_TYPE_COVERAGE) {
		size_t cost = 1;

		if (*left == 0)
			return false;
		if (is_to_go(net->trust, m, key.p[32], proof))
			cost = drop(net, &value);
		*left -= cost < *left ? cost : *left;
	}
	return true;
}

void viz_gossip_leave_step(struct viz_net *net)
{
	size_t left = STEP;
	struct viz_member *m;

	while (left > 0 && (m = viz_leave_next(net->trust))) {
		left--;
		if (m->items.left_out || !viz_heavy_keeps(net->trust, m)) {
			if (!drop_some(net, m, &left))
				return;
		}
		viz_leave_done(net->trust, m);
	}
}
