#include "node/gossip/sweep.h"

#include "node/core/core.h"
#include "node/core/place.h"
#include "node/gossip/intake.h"
#include "node/link/net.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/record.h"
#include "store/meta.h"
#include "store/store.h"
#include "store/tables.h"

#define SWEEP_STEP 2000 /* places per step */

#define CURSOR                                                                                     \
	VIZ_META(VIZ_META_SWEEP_RECORD) /* row of VIZ_TABLE_META: the last place looked at         \
					 */

/* Whether a record may be removed. A record without an end stays while its author may return: for
 * silence_ms + grace_ms after the author's last heartbeat and after we received the record. The
 * state of its key does not matter. */
static bool is_over(struct viz_trust *trust, const struct viz_record *rec,
		    const struct viz_held *held)
{
	int64_t keep = trust->core->federation.silence_ms + trust->core->federation.grace_ms;
	const struct viz_member *m;

	if (rec->expires.ms != 0)
		return rec->expires.ms + trust->core->federation.skew_ms <= trust->core->now.ms;
	/* These types have no end while their author is known. */
	if (!viz_record_needs_heartbeat(rec->type) && viz_member_known(trust, &rec->author))
		return false;
	m = viz_member_find(trust, &rec->author);
	if (m && rec->type == VIZ_TYPE_NODE && viz_member_counts(trust, m))
		return false;
	if (m && m->has_node && m->node_time.ms + keep > trust->core->now.ms)
		return false;
	return held->received.ms + keep <= trust->core->now.ms;
}

bool viz_gossip_sweep(struct viz_net *net)
{
	struct viz_walk walk;
	struct viz_slice from, key, value;
	uint8_t last[VIZ_PLACE_LEN];
	size_t n = 0;

	viz_walk_init(&walk, net->core->store, VIZ_TABLE_RECORD, NULL, 0);
	if (viz_core_get(net->core, &from, VIZ_TABLE_META, CURSOR))
		viz_walk_from(&walk, from.p, from.len);
	while (n < SWEEP_STEP && viz_walk_next(&walk, &key, &value)) {
		struct viz_held held;
		struct viz_record rec;

		n++;
		VIZ_REQUIRE(key.len == sizeof last);
		memcpy(last, key.p, sizeof last);
		if (viz_place_row_read(&held, value.p, value.len) == VIZ_OK &&
		    viz_record_parse(&rec, held.a, held.a_len) == VIZ_OK &&
		    is_over(net->trust, &rec, &held)) {
			const struct viz_record_handler *h = &net->handlers->record[rec.type];

			struct viz_id author = rec.author;
			uint64_t slot = rec.slot;
			uint8_t type = rec.type;

			if (h->gone)
				h->gone(net, &rec);
			viz_place_drop(net->core, &author, type, slot);
		}
	}
	if (n == SWEEP_STEP)
		viz_core_put(net->core, VIZ_TABLE_META, CURSOR, last, sizeof last);
	else
		viz_core_del(net->core, VIZ_TABLE_META, CURSOR);
	return n == SWEEP_STEP;
}
