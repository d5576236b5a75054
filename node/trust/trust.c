#include "node/trust/trust.h"

#include "node/core/core.h"
#include "node/core/place.h"
#include "node/trust/author.h"
#include "node/trust/circle.h"
#include "node/trust/closure.h"
#include "node/trust/member.h"
#include "node/trust/peer.h"
#include "node/trust/prune.h"
#include "proto/base.h"
#include "proto/record.h"
#include "store/store.h"
#include "store/tables.h"

/* Goes on behind the last place of the author of this one. */
static void skip_author(struct viz_walk *walk, const struct viz_slice *place)
{
	uint8_t behind[33];

	memcpy(behind, place->p, 32);
	behind[32] = UINT8_MAX;
	viz_walk_from(walk, behind, sizeof behind);
}

/* Inserts all authors, in their order. VOUCHes then find whom they name. */
static void load_authors(struct viz_trust *trust)
{
	struct viz_slice key, value;
	struct viz_walk walk;
	struct viz_id id;

	viz_walk_init(&walk, trust->core->store, VIZ_TABLE_RECORD, NULL, 0);
	while (viz_walk_next(&walk, &key, &value)) {
		memcpy(id.b, key.p, sizeof id.b);
		viz_member_ensure(trust, &id);
		skip_author(&walk, &key);
	}
}

int viz_trust_load(struct viz_trust *trust)
{
	struct viz_slice key, value;
	struct viz_walk walk;

	viz_member_self(trust);
	load_authors(trust);
	viz_walk_init(&walk, trust->core->store, VIZ_TABLE_RECORD, NULL, 0);
	while (viz_walk_next(&walk, &key, &value)) {
		struct viz_held held;
		struct viz_record rec;

		/* COVERAGE and all behind it say nothing about their author */
		if (key.p[32] > VIZ_TYPE_PARTNERS) {
			skip_author(&walk, &key);
			continue;
		}
		if (viz_place_row_read(&held, value.p, value.len) != VIZ_OK ||
		    viz_record_parse(&rec, held.a, held.a_len) != VIZ_OK)
			return VIZ_ERR_STORE;
		viz_author_apply(trust, &rec);
		if (held.dead)
			viz_author_forget(trust, &rec);
	}
	if (viz_peer_load(trust) != VIZ_OK)
		return VIZ_ERR_STORE;
	viz_leave_load(trust);
	viz_prune_load(trust);
	trust->directory.dirty = true;
	viz_closure_refresh(trust);
	return VIZ_OK;
}

void viz_trust_free(struct viz_trust *trust)
{
	for (size_t i = 0; i < trust->directory.count; i++) {
		free(trust->directory.list[i]->as);
		viz_member_free(trust->directory.list[i]);
	}
	viz_circle_forget(trust);
	viz_leave_free(trust);
	viz_sponsee_free_all(&trust->directory.strangers);
	viz_dialable_free(&trust->directory.dialable);
	free(trust->directory.changed);
	free(trust->directory.stale);
	free(trust->directory.doubted);
	free(trust->directory.lost);
	free(trust->directory.peer);
	free(trust->directory.list);
	trust->directory = (struct viz_directory){0};
}
