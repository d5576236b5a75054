/* The logs of origins: of each number the stub, and how far its values chain to what the origin's
 * NODE commits to. PROTOCOL.md section 12. VIZ_TABLE_LOG: (origin, log, number) -> [told,
 * dropped, stub], and (origin, 0, 0)
 * -> struct viz_chain. A stub goes write_once_ms after the day in which its last record may be
 * dated. */
#ifndef VIZ_NODE_GOSSIP_CHAIN_H
#define VIZ_NODE_GOSSIP_CHAIN_H

#include "proto/message.h"

struct viz_core;
struct viz_held;
struct viz_record;
struct viz_slice;

#define VIZ_CHAIN_OLD_MAX 8 /* logs of an origin, of more the last ones */

/* What was known of a log that is over: the number of the first head that was opened, and up to
 * which none is missing. */
struct viz_chain_old {
	uint64_t log;
	uint32_t first, whole;
};

/* What is known of an origin's present log. At oneself `last` is what the newest NODE opens to. */
struct viz_chain {
	uint64_t node_seq; /* of the NODE that was opened last */
	uint64_t log;
	uint32_t first, last; /* the numbers of the first and last opened heads */
	uint64_t first_seq;   /* of the NODE that opened the first */
	uint32_t whole; /* up to here the audit misses nothing; below `first` it says nothing */
	struct viz_id last_value;
	uint32_t held;            /* up to here each stub is held, */
	struct viz_id held_value; /* and this is the value of the log there */
	uint32_t met;             /* the highest opened number to which the values chained */
	struct viz_id met_value;
	uint32_t told; /* stubs of this origin, of any log, that came without their records */
	struct viz_chain_old old[VIZ_CHAIN_OLD_MAX]; /* the latest last */
	size_t old_count;
};

/* False: no head of this origin was opened to us. */
bool viz_chain_get(struct viz_core *core, struct viz_chain *out, const struct viz_id *origin);
void viz_chain_put(struct viz_core *core, const struct viz_id *origin,
		   const struct viz_chain *chain);

/* The first head of another log is opened. What was only told of the one before goes. The caller
 * writes the row. */
void viz_chain_begin(struct viz_core *core, const struct viz_id *origin, struct viz_chain *chain,
		     const struct viz_chain *first);

/* What is known of a log of the origin, be it over. False: nothing is, or no more. */
bool viz_chain_of_log(const struct viz_chain *chain, struct viz_chain_old *out, uint64_t log);

/* False: none is held. */
bool viz_chain_stub_get(struct viz_core *core, struct viz_stub *out, const struct viz_id *origin,
			uint64_t log, uint32_t number);

/* The first number from *number on, and up to `to`, at which a stub is held. False: there is none.
 */
bool viz_chain_stub_next(struct viz_core *core, uint32_t *number, const struct viz_id *origin,
			 uint64_t log, uint32_t to);

/* The next log of the origin after *log, of which a stub is held, and the highest number of one.
 * False: there is none. */
bool viz_chain_log_next(struct viz_core *core, uint64_t *log, uint32_t *number,
			const struct viz_id *origin);

/* Keeps a stub. False: another one stands at this number, and stays. */
bool viz_chain_stub_put(struct viz_core *core, const struct viz_id *origin, uint64_t log,
			uint32_t number, const struct viz_stub *stub);

/* Its origin's share had no room for this record, or has none any more: where its stub is held, the
 * record is not lacking, and not owed to us. The stub stays, as the chain needs it. */
void viz_chain_dropped(struct viz_core *core, const struct viz_record *rec);
bool viz_chain_is_dropped(struct viz_core *core, const struct viz_id *origin, uint64_t log,
			  uint32_t number);

/* Keeps a stub that a peer told us, and counts it. The caller writes the row of the chain. False as
 * above. */
bool viz_chain_tell(struct viz_core *core, struct viz_chain *chain, const struct viz_id *origin,
		    uint32_t number, const struct viz_stub *stub);

/* The record of this stub is held, and another stub stands at its number that a peer told: it takes
 * its place, and the chain goes on from `met` again. False: the other one is confirmed by its
 * record or by an opened head. The caller writes the row of the chain. */
bool viz_chain_replace(struct viz_core *core, struct viz_chain *chain, const struct viz_id *origin,
		       uint32_t number, const struct viz_stub *stub);

/* Drops the stubs without a record behind `met`; `held` is `met`. The caller writes the row. */
void viz_chain_restart(struct viz_core *core, const struct viz_id *origin, struct viz_chain *chain);

/* Whether the record of this stub is held, or its place is dead. `held` is borrowed until the next
 * write. */
bool viz_chain_record(struct viz_core *core, struct viz_held *held, const struct viz_id *origin,
		      const struct viz_stub *stub);

/* Gives the stub at this number of this log when it is not hearsay: an opened head confirms
 * it, or its record is held or was dropped. False: none is held, or it was only told. */
bool viz_chain_knows(struct viz_core *core, struct viz_stub *out, const struct viz_chain *chain,
		     const struct viz_id *origin, uint64_t log, uint32_t number);

/* Notes that the record of a stub is lacking, and that it has come. Of each log, VIZ_TABLE_LACKS:
 * (origin, log, number) -> [how often the origin was asked in vain]. */
void viz_chain_lacks(struct viz_core *core, const struct viz_id *origin, uint64_t log,
		     uint32_t number);
void viz_chain_found(struct viz_core *core, const struct viz_id *origin, uint64_t log,
		     uint32_t number);

/* The lowest numbers, at most `max` and none above `to`, whose records are lacking. `in_vain`: the
 * origin itself was asked for them, and could have answered. That is counted, and what it has not
 * sent after several questions is not for us, or withheld: it is lacking no more. */
size_t viz_chain_lacking(struct viz_core *core, uint32_t *number, size_t max,
			 const struct viz_id *origin, uint64_t log, uint32_t to, bool in_vain);

/* The next log of the origin after *log of which a record is lacking. False: there is none. */
bool viz_chain_lacking_next(struct viz_core *core, uint64_t *log, const struct viz_id *origin);

/* Goes on over the stubs that are held, up to the last opened head. False: the values do not meet
 * the opened one; the stubs without a record behind `met` are dropped then, and `held` is `met`.
 * The caller writes the row. */
bool viz_chain_advance(struct viz_core *core, const struct viz_id *origin, struct viz_chain *chain);

/* Whether the row of VIZ_TABLE_LOG may go; counts it no more then. */
bool viz_chain_over(struct viz_core *core, const struct viz_slice *key,
		    const struct viz_slice *value);

#endif
