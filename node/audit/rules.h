/* The rules of neutrality (PROTOCOL.md section 13). They run without a node: they judge the records
 * that are handed in, and report each finding by a callback. They need proto and crypto only.
 *
 * Before judging, the caller has checked the signature and the body of each record, and that the
 * ids of the view's records give OFFER's digest. All pointers are borrowed for the call. */
#ifndef VIZ_NODE_AUDIT_RULES_H
#define VIZ_NODE_AUDIT_RULES_H

#include "proto/base.h"

struct viz_federation;
struct viz_record;

enum viz_rule {
	VIZ_RULE_EQUIVOCATION = 1,    /* two records at one place and seq */
	VIZ_RULE_PARTNER_DATES = 2,   /* PARTNERS contradicts an older one */
	VIZ_RULE_TWO_PLEDGES = 3,     /* one author, one offer */
	VIZ_RULE_VIEW_BYTES = 4,      /* the view that was served is not the one committed to */
	VIZ_RULE_OMITTED = 5,         /* an eligible partner is in no list */
	VIZ_RULE_UNFOUNDED = 6,       /* an eligible one is no partner, or covers nothing there */
	VIZ_RULE_FALSE_REASON = 7,    /* excluded as blocked, and not removed */
	VIZ_RULE_CLOSED_EARLY = 8,    /* before `closes`, and not all had answered */
	VIZ_RULE_PLEDGE_DROPPED = 9,  /* an acknowledged pledge is not in CLOSE */
	VIZ_RULE_SALT = 10,           /* RESULT's salt does not open the commitment */
	VIZ_RULE_RESULT_FALSE = 11,   /* RESULT does not have what CLOSE allows */
	VIZ_RULE_REVEAL_FALSE = 12,   /* a reveal in RESULT does not open its pledge */
	VIZ_RULE_REVEAL_DROPPED = 13, /* an acknowledged reveal is shown as unrevealed */
	VIZ_RULE_ORDER = 14,          /* the order is not the one that follows */
	VIZ_RULE_UNSEEN = 15,         /* coverage that the origin may not have seen */
	VIZ_RULE_VIEW_FALSE = 16, /* a place twice in the view, or an old PARTNERS of the origin */
	VIZ_RULE_PLEDGE_FORGED = 17, /* an entry of CLOSE was not signed by the one asked */
	VIZ_RULE_CLOSE_ENTRIES =
	    18,                     /* CLOSE is of another offer, or has other entries than asked */
	VIZ_RULE_RESULT_EARLY = 19, /* a promise was not revealed, and reveal_ms was not over */
	VIZ_RULE_CHOICE_ORDER = 20, /* a CHOICE after none, or after a withdrawal */
	VIZ_RULE_CHOICE_FALSE = 21, /* an award does not open its CHOICE */
};

/* A contradiction can be proved to anybody, a suspicion cannot. */
enum viz_verdict {
	VIZ_VERDICT_CONTRADICTION = 1,
	VIZ_VERDICT_SUSPICION = 2,
};

/* `about` is the author, the record or the digest that shows the breach; borrowed for the call. */
typedef void (*viz_rules_found)(void *arg, enum viz_rule rule, enum viz_verdict verdict,
				const struct viz_id *about);

/* One offer. What is unknown is NULL or has the count 0; the rules that need it are left out. */
struct viz_case {
	const struct viz_federation *federation;
	const struct viz_record *offer, *close, *result;
	const struct viz_record *choice; /* the CHOICEs */
	size_t choice_count;
	const struct viz_secret *key;      /* the offer key: opens OFFER */
	const struct viz_record *partners; /* the origin's newest PARTNERS that is known */
	struct viz_record *view; /* the records of OFFER's view; viz_rules_lists sorts them */
	size_t view_count;
	/* What one partner of the origin adds, who asks for the judgement: */
	struct viz_id self;
	const struct viz_record *coverage; /* its live COVERAGE */
	size_t coverage_count;
	const struct viz_record *statement; /* the origin's COVERAGE_ACKs, PLEDGE_ACK, REVEAL_ACK
					     * and AWARD to it */
	size_t statement_count;
};

/* Who had to be asked, and why others were not: judges the lists in OFFER's sealed part by the
 * view. Needs `offer`, `key` and `view`. The findings are about the origin. */
void viz_rules_lists(const struct viz_case *c, viz_rules_found found, void *arg);

/* Judges CLOSE, and RESULT if it is there: pledges, reveals and the order. Needs `offer` and
 * `close`; who signed the pledges is judged by `view`, and who was asked by `key`. The findings are
 * about the origin. */
void viz_rules_result(const struct viz_case *c, viz_rules_found found, void *arg);

/* Judges the CHOICEs, with RESULT and AWARD as far as they are there. The findings are about the
 * origin. */
void viz_rules_choice(const struct viz_case *c, viz_rules_found found, void *arg);

/* Judges a PARTNERS record by one that its author signed before. The finding is about the author.
 */
void viz_rules_records_partners(const struct viz_federation *f, const struct viz_record *older,
				const struct viz_record *newer, viz_rules_found found, void *arg);

/* Judges two PLEDGEs by one author. The finding is about the author. */
void viz_rules_records_pledges(const struct viz_record *first, const struct viz_record *second,
			       viz_rules_found found, void *arg);

#endif
