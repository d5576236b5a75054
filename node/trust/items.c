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
	if (viz_author_type_outlasts_key(type) ||
	    (type == VIZ_TYPE_NODE && key + 1 == m->key_count))
		return true;
	if (viz_author_key_ended(m, key))
		return false;
	/* By the seq of NODE, which its place has when it is dead, too, and which never goes back:
	 * views do not show NODE. */
	return !viz_record_needs_heartbeat(type) ||
	       (m->node_seq.ms != 0 && m->node_seq.ms + f->silence_ms + f->grace_ms > at.ms);
}

/* A walk over the items of an author. */
struct item_walk {
	struct viz_trust *trust;
	const struct viz_member *m;
	struct viz_walk walk;
	struct viz_time at;
	unsigned sets; /* bit 0: set 1, bit 1: set 2 */
};

static void walk_init(struct item_walk *w, struct viz_trust *trust, const struct viz_id *author,
		      unsigned sets, struct viz_time at)
{
	*w = (struct item_walk){.trust = trust, .at = at, .sets = sets};
	w->m = viz_member_find(trust, author);
	viz_walk_init(&w->walk, trust->core->store, VIZ_TABLE_RECORD, author->b, sizeof author->b);
}

static bool walk_next(struct item_walk *w, struct viz_held *held, struct viz_record *rec)
{
	struct viz_slice key, value;

	while (viz_walk_next(&w->walk, &key, &value)) {
		uint8_t type = key.p[32];

		if (type > VIZ_TYPE_COVERAGE)
			return false;
		if (!((w->sets & 1 && viz_items_in_set(VIZ_ITEMS_VIEW, type)) ||
		      (w->sets & 2 && viz_items_in_set(VIZ_ITEMS_OTHER, type))))
			continue;
		VIZ_REQUIRE(viz_place_row_read(held, value.p, value.len) == VIZ_OK &&
			    viz_record_envelope(rec, held->a, held->a_len) == VIZ_OK);
		if (viz_items_count(w->trust->core, w->m, rec->type, rec->key, w->at))
			return true;
	}
	return false;
}

/* Gives the item hashes of the set, ascending by place, and their number; `list` may be NULL. */
static size_t walk_set(struct viz_trust *trust, struct viz_id *item, struct viz_view_items *list,
		       const struct viz_id *author, enum viz_items_set set, struct viz_time at)
{
	struct viz_record rec;
	struct viz_held held;
	struct item_walk walk;
	size_t n = 0;

	walk_init(&walk, trust, author, set == VIZ_ITEMS_VIEW ? 1 : 2, at);
	while (n < VIZ_VIEW_ITEMS_MAX && walk_next(&walk, &held, &rec)) {
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

size_t viz_items_places(struct viz_trust *trust, struct viz_items_place *out,
			const struct viz_member *m, unsigned sets, struct viz_time at)
{
	struct viz_record rec;
	struct viz_held held;
	struct item_walk walk;
	size_t n = 0;

	walk_init(&walk, trust, &m->id, sets, at);
	while (n < VIZ_TREE_ITEMS_MAX && walk_next(&walk, &held, &rec))
		if (viz_member_accepted(trust, m, rec.type))
			out[n++] = (struct viz_items_place){rec.type, (uint8_t)rec.slot, rec.seq,
							    held.item};
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
