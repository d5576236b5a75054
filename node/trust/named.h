/* Older NODE and PARTNERS records that something still names, and both records of a place that was
 * dead, as evidence: newer ones stand at their places. PROTOCOL.md section 7. VIZ_TABLE_NAMED:
 * (author, record id) -> [needed, proof, signed record]. A row ends write_once_ms after the day on
 * which it was needed last. */
#ifndef VIZ_NODE_TRUST_NAMED_H
#define VIZ_NODE_TRUST_NAMED_H

#include "proto/base.h"

#include "store/store.h"

struct viz_core;
struct viz_id;
struct viz_record;

/* Keeps the record that stands at the author's place of this type, NODE or PARTNERS, beyond its
 * replacement; or renews the row. Does nothing when there is none. False: VIZ_NAMED_PER_AUTHOR are
 * kept. */
bool viz_named_keep(struct viz_core *core, const struct viz_id *author, uint8_t type);

/* Keeps a signed record that stands at no place here, or not for long; its signature is checked.
 * False as above. */
bool viz_named_put(struct viz_core *core, const struct viz_record *rec, const struct viz_id *id);

/* Keeps a record that proves something, beyond that count: the caller bounds how many. */
void viz_named_put_proof(struct viz_core *core, const struct viz_record *rec,
			 const struct viz_id *id);

/* Keeps the NODE or PARTNERS with this id beyond its replacement, or renews the row, if it is held.
 */
void viz_named_renew(struct viz_core *core, const struct viz_id *author, const struct viz_id *id);

/* Keeps it no more. Does nothing when no row has it, or when it is kept as a proof. */
void viz_named_drop(struct viz_core *core, const struct viz_id *author, const struct viz_id *id);

/* Gives the row's bytes back to its author's account. The caller deletes the row next. */
void viz_named_forget(struct viz_core *core, const struct viz_slice *value);

/* When a record last named what this row of VIZ_TABLE_NAMED keeps. */
struct viz_time viz_named_needed(const struct viz_slice *value);

/* Looks up the NODE or PARTNERS with this id, at its place or among those kept. `rec` is borrowed
 * from the store until the next write. False: it is not held. */
bool viz_named_get(struct viz_core *core, struct viz_record *rec, const struct viz_id *author,
		   const struct viz_id *id);

/* Likewise, but only among those kept. */
bool viz_named_kept(struct viz_core *core, struct viz_record *rec, const struct viz_id *author,
		    const struct viz_id *id);

/* Walks over the records of one author that are kept. `rec` is borrowed until the next write. */
struct viz_named_walk {
	struct viz_walk rows;
	bool proof; /* the last one is kept as a proof */
};

void viz_named_walk_init(struct viz_named_walk *walk, struct viz_core *core,
			 const struct viz_id *author);
bool viz_named_walk_next(struct viz_named_walk *walk, struct viz_record *rec);

#endif
