#include "node/due.h"

#include "node/core.h"
#include "node/inbox.h"
#include "node/lead.h"

enum { DUE_LEN = 8 + 1 + 40 };

void viz_due_set(struct viz_node *node, struct viz_time at, enum viz_due_kind kind,
		 const struct viz_id *origin, uint64_t slot)
{
	uint8_t key[DUE_LEN];

	viz_put_u64be(key, (uint64_t)at.ms);
	key[8] = (uint8_t)kind;
	viz_id_slot_key(key + 9, origin, slot);
	viz_core_put(node, VIZ_TABLE_DUE, key, sizeof key, (const uint8_t *)"", 0);
}

static bool first(struct viz_node *node, uint8_t key[DUE_LEN])
{
	struct viz_walk walk;
	struct viz_slice k, v;

	viz_walk_init(&walk, node->store, VIZ_TABLE_DUE, NULL, 0);
	if (!viz_walk_next(&walk, &k, &v))
		return false;
	VIZ_REQUIRE(k.len == DUE_LEN);
	memcpy(key, k.p, DUE_LEN);
	return true;
}

void viz_due_run(struct viz_node *node)
{
	uint8_t key[DUE_LEN];

	for (int i = 0; i < 256 && first(node, key); i++) {
		struct viz_id origin;
		uint64_t slot = viz_get_u64be(key + 41);

		if ((int64_t)viz_get_u64be(key) > node->now.ms)
			return;
		viz_core_del(node, VIZ_TABLE_DUE, key, sizeof key);
		memcpy(origin.b, key + 9, sizeof origin.b);
		switch ((enum viz_due_kind)key[8]) {
		case VIZ_DUE_LEAD:
			viz_lead_due(node, slot);
			break;
		case VIZ_DUE_INBOX:
			viz_inbox_due(node, &origin, slot);
			break;
		}
	}
}

struct viz_time viz_due_next(struct viz_node *node)
{
	uint8_t key[DUE_LEN];

	if (!first(node, key))
		return (struct viz_time){INT64_MAX};
	return (struct viz_time){(int64_t)viz_get_u64be(key)};
}
