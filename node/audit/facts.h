/* What the offers of one origin show in numbers: no verdict. PROTOCOL.md section 13. */
#ifndef VIZ_NODE_AUDIT_FACTS_H
#define VIZ_NODE_AUDIT_FACTS_H

#include "proto/base.h"

struct viz_trust;

/* What one partner of the origin met with. */
struct viz_facts_partner {
	struct viz_id id;
	uint32_t drawn, struck;               /* draws that had it; of these struck */
	uint32_t beside_drawn, beside_struck; /* likewise of the others in the same draws */
	uint32_t asked, nil_answers;     /* offers that asked it, and are closed; CLOSE has nil */
	uint32_t promised, nil_reveals;  /* pledges that promise, with RESULT; not revealed */
	uint32_t orders, first;          /* orders of two and more with it; it stood first */
	double first_by_chance;          /* how often it would have by chance */
	uint32_t new_turns, burnt_turns; /* turns that it got; those of draws without an OFFER */
	/* While counting: */
	struct viz_time added; /* of its entry */
	uint64_t log;
	uint32_t turn;
	bool newcomer, known;
};

/* Durations in ms. */
struct viz_facts_times {
	uint32_t count;
	int64_t least, median, most;
};

struct viz_facts {
	uint32_t offers, with_cell;
	uint32_t logs;         /* different ones in its offers */
	uint32_t draws, burnt; /* from the first OFFER of a log to its last; without an OFFER */
	uint32_t asked, nil_answers;
	uint32_t promised, nil_reveals;
	uint32_t withdrawn,
	    again; /* RESULT withdrawn; of these named as previous by another OFFER */
	struct viz_facts_times windows;    /* from an OFFER to its `closes` */
	struct viz_facts_times locations;  /* from an OFFER to the LOCATION that came to us */
	struct viz_facts_partner *partner; /* in the order of their first offer */
	size_t partner_count;
	/* The last partner whose turn went back with a new log, and in which offer; 0: none. */
	uint64_t turn_reset;
	struct viz_id turn_reset_of;
};

/* A count over all offers of the origin that are held and count (audit/log.h). It goes on over
 * batches; what comes meanwhile may be in it or not. */
struct viz_facts_count;

struct viz_facts_count *viz_facts_begin(struct viz_trust *trust, const struct viz_id *origin);
/* Looks at so many rows at most, and takes them from *rows. True: it is done. */
bool viz_facts_step(struct viz_facts_count *count, size_t *rows);
/* Frees the count. `out` gets the facts, and the caller frees them with viz_facts_free. */
void viz_facts_end(struct viz_facts_count *count, struct viz_facts *out);
/* Frees it without them; NULL is one that has not begun. */
void viz_facts_drop(struct viz_facts_count *count);
void viz_facts_free(struct viz_facts *facts);

#endif
