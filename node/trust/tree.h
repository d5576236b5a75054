/* The tree over the federation records that are held, by which two nodes find what differs:
 * PROTOCOL.md section 12.2. An author has the hashes of its two sets, a bucket the hash of its
 * authors, and the root is the hash of all buckets. Beside it stands the sketch (sketch.h) of the
 * same items.
 *
 * What changes marks its author as stale (viz_member_stale). viz_tree_step hashes stale authors
 * anew, some in each batch: after a start all are stale, and the tree is ready when none is left.
 * Buckets and root are computed when they are asked for. Ids can be ground into one bucket: a large
 * one is hashed anew only as often as there is time for, and has its old hash meanwhile.
 *
 * Time ends nothing but the PARTNERS and COVERAGEs of the silent. So an author has two hashes of
 * set 1, with them and without, and the time from which it is the other. There are two trees, for
 * this hour and for the last one, which differ where that time is in this hour. Of the sketch there
 * is the one for this hour, and one of what was in the last one besides. */
#ifndef VIZ_NODE_TRUST_TREE_H
#define VIZ_NODE_TRUST_TREE_H

#include "node/trust/sketch.h"
#include "proto/base.h"
#include "proto/limits.h"

struct viz_core;
struct viz_member;
struct viz_trust;

struct viz_tree_hour {
	uint64_t hour;
	struct viz_id root;
	bool root_known;
	uint8_t hash[VIZ_TREE_BUCKETS][VIZ_TREE_HASH];
	uint8_t dirty[VIZ_TREE_BUCKETS]; /* 1: the hash is not the bucket's any more */
};

struct viz_tree {
	bool begun;
	struct viz_tree_hour now, last;
	struct viz_sketch sketch, ended;
	int64_t left; /* so many authors of large buckets may be hashed, as of left_at, in */
	struct viz_time left_at; /* thousandths */
	uint64_t hashed;         /* authors in buckets that were hashed, since the start */
};

/* The length of an hour in ms: six times repair_ms, so an hour where that is ten minutes. */
int64_t viz_tree_hour_ms(const struct viz_core *core);

/* The hour of an instant, and the instant at which an hour begins. */
uint64_t viz_tree_hour_of(const struct viz_core *core, struct viz_time at);
struct viz_time viz_tree_begins(const struct viz_core *core, uint64_t hour);

/* Hashes the next stale authors, and goes on to a new hour. Once a batch. */
void viz_tree_step(struct viz_trust *trust);

/* Whether no author is stale. */
bool viz_tree_ready(const struct viz_trust *trust);

/* The tree of this hour or of the last one, with its buckets and its root. NULL: it is another
 * hour. Borrowed until the next batch. */
const struct viz_tree_hour *viz_tree_at(struct viz_trust *trust, uint64_t hour);

/* The two hashes of the author at that hour; of one that is left out, zeros. False: it is in no
 * bucket, because it does not count or nothing of it is held. */
bool viz_tree_author(const struct viz_trust *trust, struct viz_id out[2],
		     const struct viz_member *m, uint64_t hour);

/* The author in the tree of that hour whose id begins so; NULL: there is none, or more than one. */
const struct viz_member *viz_tree_only(const struct viz_trust *trust,
				       const uint8_t prefix[VIZ_TREE_PREFIX], uint64_t hour);

/* The sketch of that hour with so many cells in a row, and its parities. */
void viz_tree_sketch(const struct viz_trust *trust, uint64_t hour, unsigned cells, uint8_t *out,
		     uint8_t parities[VIZ_SKETCH_PARITIES]);

/* Whether the mark is one of the author's in the sketch of that hour. */
bool viz_tree_has_mark(const struct viz_core *core, const struct viz_member *m, uint64_t mark,
		       uint64_t hour);

/* The bucket of an author, and its tail in it. */
unsigned viz_tree_bucket(const struct viz_id *author);
unsigned viz_tree_tail(const struct viz_id *author);

/* The position in the directory from which the authors of the bucket stand whose tail is not below
 * this one. */
size_t viz_tree_position(const struct viz_trust *trust, unsigned bucket, unsigned tail);

/* From now on the author is left out, or no more (trust/leave.h). */
void viz_tree_leave_out(struct viz_trust *trust, struct viz_member *m, bool left_out);

/* The member leaves the directory. */
void viz_tree_drop(struct viz_trust *trust, struct viz_member *m);

#endif
