/* The records that this node holds: one row per place in VIZ_TABLE_RECORD.
 * Value: [dead, received, item, signed record, other signed record or nil]. */
#ifndef VIZ_NODE_PLACE_H
#define VIZ_NODE_PLACE_H

#include "proto/record.h"

struct viz_node;

struct viz_held {
	bool dead; /* two different records at one place and seq: a and b are the proof */
	struct viz_time received;
	struct viz_id item;
	const uint8_t *a; /* signed records; borrowed until the next write */
	size_t a_len;
	const uint8_t *b; /* NULL unless dead */
	size_t b_len;
};

/* What is held at the place; `rec` (may be NULL) gets a parsed. False: nothing. */
bool viz_place_get(struct viz_node *node, struct viz_held *held, struct viz_record *rec,
		   const struct viz_id *author, uint8_t type, uint64_t slot);
int viz_held_read(struct viz_held *held, const uint8_t *value, size_t len);

/* Stores `rec` as the live record of its place. */
void viz_place_put(struct viz_node *node, const struct viz_record *rec, const struct viz_id *id);
/* Marks the place dead, with `rec` beside the one that is held. */
void viz_place_kill(struct viz_node *node, const struct viz_record *rec);

/* Whether a held record counts at `at`: not dead, not expired, its author's heartbeat not silent
 * (where the type needs it), signed with a key that has not ended (replaceable types). */
bool viz_place_live(struct viz_node *node, const struct viz_held *held,
		    const struct viz_record *rec, struct viz_time at);

/* Whether the place belongs to the set that repair compares at `at`: live, dead, or the NODE by
 * which an author's other records are verified. PROTOCOL.md section 12. */
bool viz_place_shared(struct viz_node *node, const struct viz_held *held,
		      const struct viz_record *rec, struct viz_time at);

/* A live record of ours or of others, by place, parsed; false when absent or not live now. */
bool viz_place_live_get(struct viz_node *node, struct viz_record *rec, const struct viz_id *author,
			uint8_t type, uint64_t slot);

/* Removes what has been past its end for the federation's grace: a bounded step of a sweep. */
void viz_place_sweep(struct viz_node *node);

#endif
