/* The items of an author: one hash for each place that is held of it. A view and repair compare
 * authors by one hash over them. PROTOCOL.md sections 7 and 9. */
#ifndef VIZ_NODE_TRUST_ITEMS_H
#define VIZ_NODE_TRUST_ITEMS_H

#include "proto/base.h"

struct viz_core;
struct viz_member;
struct viz_trust;
struct viz_view_items;

enum viz_items_set {
	VIZ_ITEMS_VIEW = 1,  /* SUCCESSION, REVOCATION, PARTNERS, COVERAGE */
	VIZ_ITEMS_OTHER = 2, /* NODE, VOUCH */
};

bool viz_items_in_set(enum viz_items_set set, unsigned type);

/* Whether a record that is held of `m` (NULL: unknown), of this type and signed with this key, is
 * in its set at `at`. The NODE of the newest key is, whatever has become of the key: others verify
 * by it. */
bool viz_items_count(struct viz_core *core, const struct viz_member *m, uint8_t type, uint32_t key,
		     struct viz_time at);

/* The hash of a set of the author, as it is held, at `at`. */
void viz_items_hash(struct viz_trust *trust, struct viz_id *out, const struct viz_id *author,
		    enum viz_items_set set, struct viz_time at);

/* Likewise the places with their record ids. */
void viz_items_list(struct viz_trust *trust, struct viz_view_items *out,
		    const struct viz_id *author, enum viz_items_set set, struct viz_time at);

/* An item of repair. */
struct viz_items_place {
	uint8_t type, slot;
	uint64_t seq;
	struct viz_id item;
};

/* What repair compares of `m` at `at`: the places of the sets (bit 0: set 1, bit 1: set 2) that all
 * members accept, ascending. `out` has room for VIZ_TREE_ITEMS_MAX; returns their number. */
size_t viz_items_places(struct viz_trust *trust, struct viz_items_place *out,
			const struct viz_member *m, unsigned sets, struct viz_time at);

/* H("vizinho/item", ...) of each place; `out` has room for all. */
void viz_items_of_list(struct viz_id *out, const struct viz_id *author,
		       const struct viz_view_items *list);

#endif
