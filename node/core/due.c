#include "node/core/due.h"

#include "node/core/core.h"
#include "proto/base.h"
#include "store/store.h"
#include "store/tables.h"

enum { KEY_LEN = 8 + 1 + VIZ_ID_SLOT_LEN };

void viz_due_set(struct viz_core *core, struct viz_time at, enum viz_due_kind kind,
		 const struct viz_id *origin, uint64_t slot)
{
	uint8_t key[KEY_LEN];

	viz_be_put_u64(key, (uint64_t)at.ms);
	key[8] = (uint8_t)kind;
	viz_id_slot_key(key + 9, origin, slot);
	viz_core_put(core, VIZ_TABLE_DUE, key, sizeof key, (const uint8_t *)"", 0);
}

static bool first_key(struct viz_core *core, uint8_t key[KEY_LEN])
{
	struct viz_walk walk;
	struct viz_slice k, v;

	viz_walk_init(&walk, core->store, VIZ_TABLE_DUE, NULL, 0);
	if (!viz_walk_next(&walk, &k, &v))
		return false;
	VIZ_REQUIRE(k.len == KEY_LEN);
	memcpy(key, k.p, KEY_LEN);
	return true;
}

struct viz_time viz_due_next(struct viz_core *core)
{
	uint8_t key[KEY_LEN];

	if (!first_key(core, key))
		return (struct viz_time){INT64_MAX};
	return (struct viz_time){(int64_t)viz_be_get_u64(key)};
}

bool viz_due_take(struct viz_core *core, struct viz_due *out)
{
	uint8_t key[KEY_LEN];

	if (!first_key(core, key) || (int64_t)viz_be_get_u64(key) > core->now.ms)
		return false;
	viz_core_del(core, VIZ_TABLE_DUE, key, sizeof key);
	/* a row of another kind is a damaged store */
	VIZ_REQUIRE(key[8] >= 1 && key[8] <= VIZ_DUE_KIND_MAX);
	out->kind = (enum viz_due_kind)key[8];
	memcpy(out->origin.b, key + 9, sizeof out->origin.b);
	out->slot = viz_be_get_u64(key + 41);
	return true;
}
