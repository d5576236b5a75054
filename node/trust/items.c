#include "node/trust/items.h"

#include "node/core/core.h"
#include "node/core/ids.h"
#include "node/core/place.h"
#include "node/trust/author.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/mail.h"
#include "proto/record.h"
#include "store/store.h"
#include "store/tables.h"

bool viz_items_in_set(enum viz_items_set set, unsigned type)
{
	switch (type) {
	case VIZ_TYPE_SUCCESSION:
	case VIZ_TYPE_REVOCATION:
	case VIZ_TYPE_PARTNERS:
	case VIZ_TYPE_COVERAGE:
		return set == VIZ_ITEMS_VIEW;
	case VIZ_TYPE_NODE:
	case VIZ_TYPE_VOUCH:
		return set == VIZ_ITEMS_OTHER;
	default:
		return false;
	}
}

/* Others may never have taken a record whose key has ended, and drop what silence has ended. */
bool viz_items_count(struct viz_core *core, const struct viz_member *m, uint8_t type, uint32_t key,
		     struct viz_time at)
{
	const struct viz_federation *f = &core->federation;

	/* Nothing counts after a dead SUCCESSION: who held the other half has never taken it. */
	if (!m || key >= m->key_count)
		return false;
	if (viz_author_type_outlasts_key(type))
		return true;
	if (viz_author_key_ended(m, key))
		return false;
	return !viz_record_needs_heartbeat(type) ||
	       (m->has_node && m->node_time.ms + f->silence_ms + f->grace_ms > at.ms);
}

/* Gives the item hashes of the set, ascending by place, and their number; `list` may be NULL. */
static size_t walk_set(struct viz_trust *trust, struct viz_id *item, struct viz_view_items *list,
		       const struct viz_id *author, enum viz_items_set set, struct viz_time at)
{
	const struct viz_member *m = viz_member_find(trust, author);
	struct viz_slice key, value;
	struct viz_walk walk;
	size_t n = 0;

	viz_walk_init(&walk, trust->core->store, VIZ_TABLE_RECORD, author->b, sizeof author->b);
	while (n < VIZ_VIEW_ITEMS_MAX && viz_walk_next(&walk, &key, &value)) {
		struct viz_record rec;
		struct viz_held held;

		if (key.p[32] > VIZ_TYPE_COVERAGE)
			break;
		if (!viz_items_in_set(set, key.p[32]))
			continue;
		VIZ_REQUIRE(viz_place_row_read(&held, value.p, value.len) == VIZ_OK &&
			    viz_record_parse(&rec, held.a, held.a_len) == VIZ_OK);
		if (!viz_items_count(trust->core, m, rec.type, rec.key, at))
			continue;
		if (list) {
			struct viz_view_item *x = &list->item[n];

			*x = (struct viz_view_item){rec.type, rec.slot, rec.seq, !held.dead, {{0}}};
			if (x->has_id)
				viz_ids_record(&x->id, &trust->core->federation_id, &rec);
		}
		item[n++] = held.item;
	}
	return n;
}

void viz_items_hash(struct viz_trust *trust, struct viz_id *out, const struct viz_id *author,
		    enum viz_items_set set, struct viz_time at)
{
	struct viz_id item[VIZ_VIEW_ITEMS_MAX];
	size_t n = walk_set(trust, item, NULL, author, set, at);

	viz_ids_author_items(out, author, set, item, n);
}

void viz_items_list(struct viz_trust *trust, struct viz_view_items *out,
		    const struct viz_id *author, enum viz_items_set set, struct viz_time at)
{
	struct viz_id item[VIZ_VIEW_ITEMS_MAX];

	out->count = walk_set(trust, item, out, author, set, at);
}

void viz_items_of_list(struct viz_id *out, const struct viz_id *author,
		       const struct viz_view_items *list)
{
	struct viz_record rec = {.author = *author};

	for (size_t i = 0; i < list->count; i++) {
		const struct viz_view_item *x = &list->item[i];

		rec.type = x->type;
		rec.slot = x->slot;
		rec.seq = x->seq;
		viz_ids_item(&out[i], &rec, &x->id, !x->has_id);
	}
}
