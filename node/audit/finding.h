/* Findings: a contradiction is provable to anybody, a suspicion is not. VIZ_TABLE_FINDING:
 * (origin, slot, rule, about) -> [verdict, time]. The rules are those of PROTOCOL.md section
 * 13. */
#ifndef VIZ_NODE_AUDIT_FINDING_H
#define VIZ_NODE_AUDIT_FINDING_H

#include "proto/base.h"

struct viz_id;
struct viz_trust;

enum viz_rule {
	VIZ_RULE_EQUIVOCATION = 1,  /* two records at one place and seq */
	VIZ_RULE_PARTNER_DATES = 2, /* PARTNERS contradicts an older one */
	VIZ_RULE_TWO_PLEDGES = 3,   /* one author, one offer */
	VIZ_RULE_VIEW_BYTES = 4,    /* the view that was served is not the one committed to */
	VIZ_RULE_OMITTED = 5,       /* an eligible partner is in no list */
	VIZ_RULE_UNFOUNDED = 6, /* somebody is listed who is no partner, or covers nothing there */
	VIZ_RULE_FALSE_REASON = 7,    /* excluded as blocked, and not removed */
	VIZ_RULE_CLOSED_EARLY = 8,    /* before `closes`, and not all had answered */
	VIZ_RULE_PLEDGE_DROPPED = 9,  /* an acknowledged pledge is not in CLOSE */
	VIZ_RULE_SALT = 10,           /* RESULT's salt does not open the commitment */
	VIZ_RULE_RESULT_LIST = 11,    /* RESULT's pledges are not those of CLOSE */
	VIZ_RULE_REVEAL_FALSE = 12,   /* a reveal in RESULT does not open its pledge */
	VIZ_RULE_REVEAL_DROPPED = 13, /* an acknowledged reveal is shown as unrevealed */
	VIZ_RULE_ORDER = 14,          /* the order is not the one that follows */
	VIZ_RULE_UNSEEN = 15,         /* coverage that the origin may not have seen */
	VIZ_RULE_VIEW_FALSE =
	    16, /* a place twice in the view, or not the origin's newest PARTNERS */
};

enum viz_verdict {
	VIZ_VERDICT_CONTRADICTION = 1,
	VIZ_VERDICT_SUSPICION = 2,
};

const char *viz_finding_rule_name(enum viz_rule rule);

const char *viz_finding_verdict_name(enum viz_verdict verdict);

/* The first finding of its kind stays, and of one rule and origin the first VIZ_FINDINGS_PER_RULE.
 */
void viz_audit_find(struct viz_trust *trust, const struct viz_id *origin, uint64_t slot,
		    enum viz_rule rule, enum viz_verdict verdict, const struct viz_id *about);

#endif
