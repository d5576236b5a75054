/* The suspicions: what did not come, and what is not chance. PROTOCOL.md section 13.
 *
 * A pass looks at all that is held and names what is missing of whom (owed.h); what it does not
 * name any more has come. It also finds what shows at once, by counts over the offers of an origin.
 * A pass asks again for what it misses. It comes every eighth of suspicion_ms, at least every ten
 * minutes, and does nothing while the store is full or we are in quarantine. */
#ifndef VIZ_NODE_AUDIT_SUSPECT_H
#define VIZ_NODE_AUDIT_SUSPECT_H

#include "node/audit/owed.h"
#include "node/audit/suspicion.h"
#include "store/store.h"

struct viz_circle;
struct viz_core;
struct viz_facts_count;
struct viz_inbox;
struct viz_member;
struct viz_link;
struct viz_net;
struct viz_record;

/* So many rows a pass looks at in one batch. */
#define VIZ_AUDIT_ROWS 512

#define VIZ_SUSPECT_NUMBERS_MAX 256 /* missing numbers of a log that one pass names */

/* How far a pass has looked at the numbers of a log. */
struct viz_suspect_numbers {
	uint64_t log; /* 0: there is none to look at */
	uint32_t at;  /* the next one */
	uint32_t missing[VIZ_SUSPECT_NUMBERS_MAX];
	size_t count, unknown; /* of these; the latter of offers that nothing names */
};

/* A pass that goes on over batches: each looks at VIZ_AUDIT_ROWS rows. Zeros: none is under way. */
struct viz_suspect_run {
	bool on;
	struct viz_time began;
	int64_t elapsed_ms; /* since the last pass, or since the process began */
	size_t checks;      /* so many signatures it may still verify */
	enum { VIZ_SUSPECT_MEMBERS, VIZ_SUSPECT_LEADS, VIZ_SUSPECT_OWED } of;
	struct viz_walk walk; /* the offers of the member; our leads; what was missed */
	struct viz_id member;
	enum {
		VIZ_SUSPECT_MEMBER, /* it is done */
		VIZ_SUSPECT_NUMBERS,
		VIZ_SUSPECT_OFFERS,
		VIZ_SUSPECT_DRAWS
	} at;
	bool near; /* our PARTNERS lists it */
	struct viz_suspect_numbers numbers;
	size_t count;                  /* of its offers, so far */
	struct viz_facts_count *facts; /* NULL: none is under way */
};

/* Once a second: begins a pass when it is time. */
void viz_suspect_pass_due(struct viz_net *net, struct viz_suspect_run *run);
/* In each batch: goes on with the pass that has begun. While it is on, the next batch follows at
 * once. */
void viz_suspect_pass_step(struct viz_net *net, struct viz_suspect_run *run);
/* Frees what it needs; nothing counts that it has not ended. */
void viz_suspect_pass_stop(struct viz_suspect_run *run);

/* A NODE of another has come, and is held: what its log and its start show. */
void viz_suspect_node(struct viz_net *net, const struct viz_record *rec, const struct viz_id *id);

/* A PARTNERS is about to replace another: one of a new log, dated before the old one. */
void viz_suspect_node_partners(struct viz_net *net, const struct viz_record *rec);

/* A pass, for the files of this room. */
struct viz_suspect {
	struct viz_net *net;
	int64_t elapsed_ms; /* since the last pass, or since the process began */
	size_t *checks;     /* so many signatures the pass may still verify */
	size_t *rows;       /* so many rows this batch may still look at */
};

/* Takes `looked` off, as far as so many are left. */
void viz_suspect_looked(size_t *rows, size_t looked);

/* Misses this; `ms` counts, or `first_ms` where the pass before did not miss it. Gives whether the
 * suspicion is raised now. */
bool viz_suspect_missing_first(const struct viz_suspect *s, const struct viz_owed_what *what,
			       int64_t ms, int64_t first_ms);

/* Misses this of `m`; `ms` counts, and nothing of the time before the first pass that misses it: it
 * may have been missed only since. */
bool viz_suspect_missing(const struct viz_suspect *s, const struct viz_member *m,
			 enum viz_suspicion rule, uint64_t slot, const struct viz_id *about,
			 int64_t ms);

/* What shows at once, and stays. */
void viz_suspect_found(struct viz_trust *trust, const struct viz_id *who, enum viz_suspicion rule,
		       uint64_t slot, const struct viz_id *about);

/* Whether `who` is in the circle of the origin's newest NODE. */
bool viz_suspect_in_circle(struct viz_trust *trust, const struct viz_member *origin,
			   const struct viz_id *who);

/* The longest time of this pass in which a full link with the origin, or with somebody in the
 * circle of its newest NODE, was up. */
int64_t viz_suspect_circle_ms(const struct viz_suspect *s, const struct viz_member *origin);

/* suspect_log.c: the logs of others: 40, 41. The first begins; the second goes on, and gives
 * whether it has looked at all numbers that are to be here. */
void viz_suspect_log(const struct viz_suspect *s, struct viz_suspect_numbers *numbers,
		     const struct viz_member *m);
bool viz_suspect_log_numbers(const struct viz_suspect *s, struct viz_suspect_numbers *numbers,
			     const struct viz_member *m);
bool viz_suspect_log_stays(struct viz_core *core, const struct viz_owed_what *what,
			   const struct viz_owed *owed, bool suspected);

/* suspect_offer.c: one offer of a partner: 42, 43, 45, 46, 48, 50, 58, 59 */
void viz_suspect_offer(const struct viz_suspect *s, const struct viz_member *m,
		       const struct viz_inbox *in);

/* suspect_draw.c: the draws of an origin, which has `offers` here: 49, 53, 54. They are counted
 * again when so many new ones have come that counting costs little beside them. The count is freed.
 */
bool viz_suspect_draw_is_time(struct viz_core *core, const struct viz_id *origin, size_t offers);
void viz_suspect_draw(const struct viz_suspect *s, const struct viz_member *m,
		      struct viz_facts_count *count, size_t offers);

/* suspect_partner.c: a partner by itself: 51, 57; what it owes us as origin: 60. A full link ends
 * 51 at once, as a crash before the next pass would forget it. */
void viz_suspect_partner_linked(struct viz_net *net, struct viz_link *link);
void viz_suspect_partner(const struct viz_suspect *s, const struct viz_member *m);
/* Goes on with this walk over our leads. True: it has looked at all. */
bool viz_suspect_partner_erasures(const struct viz_suspect *s, struct viz_walk *leads);

#endif
