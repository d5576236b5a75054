#include "node/core/due.h"

#include "node/core/core.h"
#include "node/state.h"
#include "proto/base.h"
#include "store/store.h"
#include "store/tables.h"
void viz_due_set(struct viz_node *node, struct viz_time at, enum viz_due_kind kind,
		 const struct viz_id *origin, uint64_t slot)
{
	uint8_t key[VIZ_DUE_KEY_LEN];

	viz_put_u64be(key, (uint64_t)at.ms);
	key[8] = (uint8_t)kind;
	viz_id_slot_key(key + 9, origin, slot);
	viz_core_put(node, VIZ_TABLE_DUE, key, sizeof key, (const uint8_t *)"", 0);
}

bool viz_due_first(struct viz_node *node, uint8_t key[VIZ_DUE_KEY_LEN])
{
	struct viz_walk walk;
	struct viz_slice k, v;

	viz_walk_init(&walk, node->store, VIZ_TABLE_DUE, NULL, 0);
	if (!viz_walk_next(&walk, &k, &v))
		return false;
	VIZ_REQUIRE(k.len == VIZ_DUE_KEY_LEN);
	memcpy(key, k.p, VIZ_DUE_KEY_LEN);
	return true;
}

struct viz_time viz_due_next(struct viz_node *node)
{
	uint8_t key[VIZ_DUE_KEY_LEN];

	if (!viz_due_first(node, key))
		return (struct viz_time){INT64_MAX};
	return (struct viz_time){(int64_t)viz_get_u64be(key)};
}
