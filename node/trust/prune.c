#include "node/trust/prune.h"

#include "node/core/core.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/record.h"
#include "proto/trust.h"
#include "store/meta.h"
#include "store/store.h"
#include "store/tables.h"

static void mark(struct viz_trust *trust, struct viz_member *m, struct viz_time at)
{
	struct viz_directory *d = &trust->directory;

	if (at.ms != 0)
		d->prune_count++;
	if (m->pruned_at.ms != 0)
		d->prune_count--;
	m->pruned_at = at;
	d->dirty = d->at_once = true;
	viz_member_changed(trust, m);
}

void viz_prune_load(struct viz_trust *trust)
{
	struct viz_slice key, value;
	struct viz_walk walk;

	viz_walk_init(&walk, trust->core->store, VIZ_TABLE_META, VIZ_META(VIZ_META_PRUNED));
	while (viz_walk_next(&walk, &key, &value)) {
		struct viz_member *m;
		struct viz_id id;

		VIZ_REQUIRE(key.len == VIZ_META_ID_LEN && value.len == 8);
		memcpy(id.b, key.p + key.len - sizeof id.b, sizeof id.b);
		m = viz_member_ensure(trust, &id);
		if (m)
			mark(trust, m, (struct viz_time){(int64_t)viz_be_get_u64(value.p)});
	}
}

void viz_prune_set(struct viz_trust *trust, struct viz_member *m, bool pruned)
{
	uint8_t key[VIZ_META_ID_LEN], value[8];

	if (pruned == (m->pruned_at.ms != 0))
		return;
	viz_meta_id_key(key, VIZ_META_PRUNED, &m->id);
	if (pruned) {
		viz_be_put_u64(value, (uint64_t)trust->core->now.ms);
		viz_core_put(trust->core, VIZ_TABLE_META, key, sizeof key, value, sizeof value);
	} else {
		viz_core_del(trust->core, VIZ_TABLE_META, key, sizeof key);
	}
	mark(trust, m, pruned ? trust->core->now : (struct viz_time){0});
}

bool viz_prune_refuses(const struct viz_member *m, unsigned type)
{
	return m->pruned && !m->member && (type == VIZ_TYPE_PARTNERS || type == VIZ_TYPE_COVERAGE);
}

bool viz_prune_is_partner(struct viz_trust *trust, const struct viz_member *m)
{
	const struct viz_member *self = viz_member_self(trust);
	const struct viz_partner_entry *e =
	    self->partners ? viz_partners_find(self->partners, &m->id) : NULL;

	return e && (e->removed.ms == 0 ||
		     viz_after(e->removed, trust->core->federation.partner_delay_ms).ms >
			 trust->core->now.ms);
}
