#include "node/gossip/sweep.h"

#include "node/core/core.h"
#include "node/core/place.h"
#include "node/gossip/gossip.h"
#include "node/gossip/intake.h"
#include "node/link/net.h"
#include "node/trust/member.h"
#include "node/trust/tree.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/record.h"
#include "store/store.h"
#include "store/tables.h"

#define SWEEP_STEP 500 /* places that a step reads */

/* The places of an author are ascending by type. */
_Static_assert(VIZ_TYPE_COVERAGE < VIZ_TYPE_OFFER && VIZ_TYPE_OFFER < VIZ_TYPE_CLOSE &&
		   VIZ_TYPE_OFFER < VIZ_TYPE_RESULT && VIZ_TYPE_OFFER < VIZ_TYPE_CHOICE &&
		   VIZ_TYPE_OFFER < VIZ_TYPE_PROTEST,
	       "write-once records come last");

/* How long a record without an end stays after its author's last heartbeat: while the author may
 * return, and until no peer has it in the tree of the last hour. */
static int64_t keep_ms(const struct viz_core *core)
{
	const struct viz_federation *f = &core->federation;

	return f->silence_ms + f->grace_ms + 2 * viz_tree_hour_ms(core) + 2 * f->skew_ms;
}

/* Whether a record may be removed. One without an end stays that long, and so long after we have
 * received it. The state of its key does not matter. */
static bool is_over(struct viz_trust *trust, const struct viz_record *rec,
		    const struct viz_held *held)
{
	int64_t keep = keep_ms(trust->core);
	const struct viz_member *m;

	if (rec->expires.ms != 0)
		return rec->expires.ms + trust->core->federation.skew_ms <= trust->core->now.ms;
	/* These types have no end while their author is known. */
	if (!viz_record_needs_heartbeat(rec->type) && viz_member_known(trust, &rec->author))
		return false;
	m = viz_member_find(trust, &rec->author);
	if (m && rec->type == VIZ_TYPE_NODE && viz_member_counts(trust, m))
		return false;
	if (m && m->node_seq.ms + keep > trust->core->now.ms)
		return false;
	return held->received.ms + keep <= trust->core->now.ms;
}

/* Whether nothing but the write-once records of this author can be over. */
static bool is_recent(struct viz_trust *trust, const struct viz_id *author)
{
	int64_t keep = keep_ms(trust->core);
	const struct viz_member *m = viz_member_find(trust, author);

	return m && m->node_seq.ms + keep > trust->core->now.ms;
}

static void look_at(struct viz_net *net, const struct viz_slice *row)
{
	struct viz_held held;
	struct viz_record rec;
	struct viz_id author;
	uint64_t slot;
	uint8_t type;

	if (viz_place_row_read(&held, row->p, row->len) != VIZ_OK ||
	    viz_record_parse(&rec, held.a, held.a_len) != VIZ_OK ||
	    !is_over(net->trust, &rec, &held))
		return;
	author = rec.author;
	slot = rec.slot;
	type = rec.type;
	if (net->handlers->record[type].gone)
		net->handlers->record[type].gone(net, &rec);
	viz_place_drop(net->core, &author, type, slot);
}

bool viz_gossip_sweep(struct viz_net *net)
{
	struct viz_sweep *s = &net->gossip->sweep;
	struct viz_walk walk;
	struct viz_slice key, value;
	struct viz_id author;
	size_t n = 0;

	viz_walk_init(&walk, net->core->store, VIZ_TABLE_RECORD, NULL, 0);
	if (s->under_way)
		viz_walk_from(&walk, s->place, sizeof s->place);
	for (; n < SWEEP_STEP && viz_walk_next(&walk, &key, &value); n++) {
		VIZ_REQUIRE(key.len == sizeof s->place);
		memcpy(s->place, key.p, sizeof s->place);
		memcpy(author.b, key.p, sizeof author.b);
		if (viz_record_is_write_once(key.p[32]) || !is_recent(net->trust, &author)) {
			look_at(net, &value);
		} else {
			viz_record_place_key(s->place, &author, VIZ_TYPE_OFFER, 0);
			viz_walk_from(&walk, s->place, sizeof s->place);
		}
	}
	s->under_way = n == SWEEP_STEP;
	return s->under_way;
}
