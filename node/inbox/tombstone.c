#include "node/inbox/tombstone.h"

#include "node/core/account.h"
#include "node/core/core.h"
#include "node/core/place.h"
#include "node/inbox/inbox.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/federation.h"
#include "proto/limits.h"
#include "proto/record.h"
#include "proto/statement.h"
#include "store/meta.h"
#include "store/store.h"
#include "store/tables.h"

#define KEY_LEN (VIZ_META_ID_LEN + 8)

static void make_key(uint8_t key[KEY_LEN], const struct viz_id *origin, uint64_t slot)
{
	viz_meta_id_key(key, VIZ_META_TOMBSTONE, origin);
	viz_be_put_u64(key + VIZ_META_ID_LEN, slot);
}

/* Counts them in the account of the origin. */
static uint64_t count(struct viz_core *core, const struct viz_id *origin, int more)
{
	struct viz_account a;

	viz_account_get(core, &a, origin);
	if (more < 0)
		a.tombstones -= a.tombstones > 0; /* 0 if a store was damaged */
	else
		a.tombstones += (uint64_t)more;
	if (more != 0)
		viz_account_put(core, origin, &a);
	return a.tombstones;
}

void viz_inbox_tombstone_end(struct viz_core *core, const struct viz_id *origin, uint64_t slot)
{
	uint8_t key[KEY_LEN];
	struct viz_slice v;

	make_key(key, origin, slot);
	if (!viz_core_get(core, &v, VIZ_TABLE_META, key, sizeof key))
		return;
	viz_core_del(core, VIZ_TABLE_META, key, sizeof key);
	count(core, origin, -1);
}

/* It goes, and ERASED that we have signed for it: it is about nothing that we have held. */
static void drop(struct viz_trust *trust, const struct viz_id *origin, uint64_t slot)
{
	uint8_t said[VIZ_STATEMENT_KEY_LEN];

	viz_inbox_tombstone_end(trust->core, origin, slot);
	viz_place_statement_key(said, origin, slot, VIZ_TYPE_ERASED, &trust->self.author,
				(uint64_t)VIZ_ERASED_WITHDRAWN << 32);
	viz_core_del(trust->core, VIZ_TABLE_STATEMENT, said, sizeof said);
}

static void drop_lowest(struct viz_trust *trust, const struct viz_id *origin)
{
	uint8_t prefix[KEY_LEN];
	struct viz_slice key, value;
	struct viz_walk walk;
	uint64_t slot;

	make_key(prefix, origin, 0);
	viz_walk_init(&walk, trust->core->store, VIZ_TABLE_META, prefix, VIZ_META_ID_LEN);
	if (!viz_walk_next(&walk, &key, &value))
		return;
	slot = viz_be_get_u64(key.p + VIZ_META_ID_LEN);
	drop(trust, origin, slot);
	viz_inbox_del(trust->core, origin, slot);
}

void viz_inbox_tombstone_add(struct viz_trust *trust, const struct viz_id *origin, uint64_t slot)
{
	uint8_t key[KEY_LEN], nothing[1] = {0};

	if (count(trust->core, origin, 0) >= VIZ_TOMBSTONES_MAX)
		drop_lowest(trust, origin);
	make_key(key, origin, slot);
	viz_core_put(trust->core, VIZ_TABLE_META, key, sizeof key, nothing, 0);
	count(trust->core, origin, 1);
}

bool viz_inbox_tombstone_over(const struct viz_core *core, const struct viz_inbox *in)
{
	return in->time.ms == 0 && in->came.ms + core->federation.undelivered_ms <= core->now.ms;
}
