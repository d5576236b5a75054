/* What others owe us: that it has not come raises a suspicion when our question stood unanswered
 * for suspicion_ms. PROTOCOL.md section 13. VIZ_TABLE_OWED: (debtor, rule u8, slot u64, about) ->
 * struct viz_owed.
 *
 * A pass over what we hold (suspect.h) names all that is missing now. So a start, a repetition and
 * a loss need nothing of their own: what a pass names no more has come, or is not owed any more. */
#ifndef VIZ_NODE_AUDIT_OWED_H
#define VIZ_NODE_AUDIT_OWED_H

#include "proto/base.h"

struct viz_core;
struct viz_reader;
struct viz_trust;
struct viz_walk;
struct viz_writer;

/* One thing that is missing. */
struct viz_owed {
	struct viz_time since; /* when a pass missed it first */
	uint64_t counted_ms; /* how long our question stood unanswered on a full link since then */
	bool raised;         /* the suspicion is among the findings */
	struct viz_time named; /* when a pass named it last; 0: not the last one */
};

void viz_owed_write(struct viz_writer *w, const struct viz_owed *o);
void viz_owed_read(struct viz_reader *r, struct viz_owed *o);

/* Counts `elapsed_ms` more; `patience_ms` is suspicion_ms. Gives whether the suspicion is due now,
 * which is true once. */
bool viz_owed_count(struct viz_owed *o, struct viz_time pass, int64_t elapsed_ms,
		    int64_t patience_ms);

/* Who owes what. `slot` is an offer's, or 0; `about` names the rest, and is the finding's. */
struct viz_owed_what {
	struct viz_id debtor;
	uint8_t rule; /* enum viz_suspicion */
	uint64_t slot;
	struct viz_id about;
};

/* False: it is not missed. */
bool viz_owed_get(struct viz_core *core, struct viz_owed *out, const struct viz_owed_what *what);

/* Finds what is missed first of this debtor by this rule. False: nothing is. */
bool viz_owed_first(struct viz_core *core, struct viz_owed_what *out, const struct viz_id *debtor,
		    uint8_t rule);

/* The pass of now misses this; `elapsed_ms` counts, or `first_ms` where the one before did not miss
 * it. Keeps the finding when it is due, and gives
 * whether it is. Of one rule and debtor only so many are counted: the first VIZ_FINDINGS_PER_RULE
 * about no offer, and VIZ_FINDINGS_PER_OFFER about each of the first VIZ_FINDINGS_PER_RULE offers.
 * `looked` gets how many rows of others that took. */
bool viz_owed_missing(struct viz_trust *trust, size_t *looked, const struct viz_owed_what *what,
		      int64_t elapsed_ms, int64_t first_ms);

/* It has come: its row goes, and its finding. */
void viz_owed_came(struct viz_trust *trust, const struct viz_owed_what *what);

/* What of this the last pass did not name goes on with its count under another `about`, which no
 * row has: what is counted stays. For the pass that names it next it is one that was not missed
 * before. */
void viz_owed_go_on(struct viz_core *core, const struct viz_owed_what *what,
		    const struct viz_owed *owed, const struct viz_id *about);

/* The pass that began then has looked at all: what it has not named has come, or is not owed any
 * more. Its row goes, and its finding, but not what `stays`; `suspected`: its finding is kept.
 * Looks at `rows` rows of the walk, over all that is missed, at most, and takes them off. True: at
 * all. */
bool viz_owed_end_pass(struct viz_trust *trust, struct viz_walk *walk, size_t *rows,
		       struct viz_time began,
		       bool (*stays)(struct viz_core *core, const struct viz_owed_what *what,
				     const struct viz_owed *owed, bool suspected));

#endif
