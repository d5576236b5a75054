/* What PROTESTs say about an origin, as facts: who said what, and what it replied. They prove no
 * guilt of anybody. Who has said one itself has a suspicion, "unheard". PROTOCOL.md sections 9 and
 * 13. */
#ifndef VIZ_NODE_AUDIT_PROTEST_H
#define VIZ_NODE_AUDIT_PROTEST_H

#include "proto/protest.h"

struct viz_core;
struct viz_net;

/* A PROTEST is held now: one of our own becomes a suspicion. */
void viz_audit_protest_received(struct viz_net *net, const struct viz_record *rec,
				const struct viz_id *id);

/* One of our own could not be said, as there is none left: it is a suspicion all the same. */
void viz_audit_protest_unsaid(struct viz_net *net, const struct viz_id *origin, uint64_t slot,
			      const struct viz_id *offer);

/* What one author has said about an origin. */
struct viz_audit_protester {
	struct viz_id author;
	uint32_t asked;                            /* offers of the origin that ask it */
	uint32_t said[VIZ_PROTEST_KIND_MAX + 1];   /* by kind; of kind 0 nothing */
	uint32_t answered[VIZ_PROTEST_FAILED + 1]; /* by the origin's answer; of 0: no reply yet */
};

/* Whether this is said only by whom an offer asks: pledge, reveal, location, late, false. So it is
 * a share of the offers that ask it. */
bool viz_audit_protest_of_asked(enum viz_protest_kind kind);

/* Counts what is held about the origin, each (author, offer or NODE, kind) once, if its OFFER is
 * held, and asks the author where only that can say so. It goes on over batches. */
struct viz_audit_protests;

struct viz_audit_protests *viz_audit_protest_begin(struct viz_core *core,
						   const struct viz_id *origin);
/* Looks at so many rows at most, and takes them from *rows. True: it is done. */
bool viz_audit_protest_step(struct viz_audit_protests *count, size_t *rows);
/* Frees the count. Gives a list by author, ascending; the caller frees it. NULL: nothing. */
struct viz_audit_protester *viz_audit_protest_end(struct viz_audit_protests *a, size_t *count);
/* Frees it without that; NULL is one that has not begun. */
void viz_audit_protest_drop(struct viz_audit_protests *a);

/* All of it at once. */
struct viz_audit_protester *viz_audit_protest_count(struct viz_core *core, size_t *count,
						    const struct viz_id *origin);

#endif
