/* The heads that origins have opened to us: what each of their NODEs commits to. PROTOCOL.md
 * sections 8 and 9. VIZ_TABLE_OPENING: (origin, log, number, seq of the NODE) -> [id of the NODE,
 * its key, its time, value]. The NODE itself is kept as evidence (trust/named.h). A row goes
 * write_once_ms after the day of the NODE. */
#ifndef VIZ_NODE_GOSSIP_OPENING_H
#define VIZ_NODE_GOSSIP_OPENING_H

#include "proto/base.h"
#include "store/store.h"

struct viz_core;

struct viz_opening {
	uint64_t log;
	uint32_t number;
	uint64_t seq;         /* of the NODE */
	struct viz_id node;   /* its record id */
	uint32_t key;         /* that signed it */
	struct viz_time time; /* its time */
	struct viz_id value;  /* of the log at that number */
};

/* Keeps a head. Of one origin VIZ_OPENINGS_PER_AUTHOR stay: of more the one with the oldest NODE
 * goes, and the result is false. */
bool viz_opening_put(struct viz_core *core, const struct viz_id *origin,
		     const struct viz_opening *opening);

/* Gives the last one before this, of its number and value, when there is another before that: it
 * shows nothing that the first and this one do not. False: there is none. */
bool viz_opening_between(struct viz_core *core, struct viz_opening *out,
			 const struct viz_id *origin, const struct viz_opening *opening);
void viz_opening_drop(struct viz_core *core, const struct viz_id *origin,
		      const struct viz_opening *opening);

/* Whether this very head is kept. */
bool viz_opening_has(struct viz_core *core, const struct viz_id *origin,
		     const struct viz_opening *opening);

/* The value of the log at this number, as the first NODE commits to it that opens to it. False:
 * none does. */
bool viz_opening_value(struct viz_core *core, struct viz_id *out, const struct viz_id *origin,
		       uint64_t log, uint32_t number);

/* Walks over the openings of one log, by number and by the seq of the NODE. */
struct viz_opening_walk {
	struct viz_walk rows;
	uint8_t prefix[40]; /* origin, log */
};

void viz_opening_walk_init(struct viz_opening_walk *walk, struct viz_core *core,
			   const struct viz_id *origin, uint64_t log);
bool viz_opening_walk_next(struct viz_opening_walk *walk, struct viz_opening *out);

/* Whether the row with this value may go. */
bool viz_opening_over(struct viz_core *core, const struct viz_slice *value);

#endif
