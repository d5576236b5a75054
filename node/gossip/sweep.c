#include "node/gossip/sweep.h"

#include "node/core/core.h"
#include "node/core/place.h"
#include "node/coverage/index.h"
#include "node/gossip/repair.h"
#include "node/state.h"
#include "node/trust/author.h"
#include "node/trust/directory.h"
#include "proto/base.h"
#include "proto/record.h"
#include "store/store.h"
#include "store/tables.h"
#define SWEEP_STEP 2000 /* places a step */

/* Past its end, and past the grace for a return: by the author's last heartbeat and our last sight
 * of it, whatever has become of its keys. */
static bool is_over(struct viz_node *node, const struct viz_record *rec,
		    const struct viz_held *held)
{
	int64_t keep = node->federation.silence_ms + node->federation.grace_ms;
	const struct viz_member *m;

	if (rec->expires.ms != 0)
		return rec->expires.ms + node->federation.skew_ms <= node->now.ms;
	/* of one who has left, or never came in, nothing stays for longer than a return may take */
	if (!viz_type_needs_heartbeat(rec->type) && viz_author_known(node, &rec->author))
		return false;
	m = viz_member_find(node, &rec->author);
	if (m && rec->type == VIZ_TYPE_NODE && viz_author_counts(node, m))
		return false;
	if (m && m->has_node && m->node_time.ms + keep > node->now.ms)
		return false;
	return held->received.ms + keep <= node->now.ms;
}

static void drop_from_index(struct viz_node *node, const uint8_t place[VIZ_PLACE_LEN])
{
	struct viz_id author;

	if (place[32] != VIZ_TYPE_COVERAGE)
		return;
	memcpy(author.b, place, sizeof author.b);
	viz_coverage_index_drop(node, &author, viz_get_u64be(place + 33));
}

void viz_place_sweep(struct viz_node *node)
{
	static const char cursor_key[] = "sweep";
	struct viz_walk walk;
	struct viz_slice from, key, value;
	uint8_t last[VIZ_PLACE_LEN];
	size_t n = 0;

	viz_walk_init(&walk, node->store, VIZ_TABLE_RECORD, NULL, 0);
	if (viz_core_get(node, &from, VIZ_TABLE_META, (const uint8_t *)cursor_key,
			 sizeof cursor_key - 1))
		viz_walk_from(&walk, from.p, from.len);
	while (n < SWEEP_STEP && viz_walk_next(&walk, &key, &value)) {
		struct viz_held held;
		struct viz_record rec;

		n++;
		VIZ_REQUIRE(key.len == sizeof last);
		memcpy(last, key.p, sizeof last);
		if (viz_held_read(&held, value.p, value.len) == VIZ_OK &&
		    viz_record_parse(&rec, held.a, held.a_len) == VIZ_OK &&
		    is_over(node, &rec, &held)) {
			viz_directory_forget(node, &rec);
			viz_core_del(node, VIZ_TABLE_RECORD, last, sizeof last);
			viz_gossip_changed(node);
			drop_from_index(node, last);
		}
	}
	if (n == SWEEP_STEP)
		viz_core_put(node, VIZ_TABLE_META, (const uint8_t *)cursor_key,
			     sizeof cursor_key - 1, last, sizeof last);
	else if (viz_core_get(node, &from, VIZ_TABLE_META, (const uint8_t *)cursor_key,
			      sizeof cursor_key - 1))
		viz_core_del(node, VIZ_TABLE_META, (const uint8_t *)cursor_key,
			     sizeof cursor_key - 1);
}
