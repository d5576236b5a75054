/* The audit: what this node holds, checked against the rules of PROTOCOL.md section 13. Findings
 * name a contradiction (provable to anybody) or a suspicion; nothing found is "in order".
 * VIZ_TABLE_FINDING: (origin, slot, rule, about) -> [verdict, time]. */
#ifndef VIZ_NODE_AUDIT_H
#define VIZ_NODE_AUDIT_H

#include "proto/record.h"
#include "proto/statement.h"

struct viz_node;
struct viz_inbox;
struct viz_offer;
struct viz_offer_secret;

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

const char *viz_rule_name(enum viz_rule rule);
const char *viz_verdict_name(enum viz_verdict verdict);

/* The first finding of its kind stays, and of one rule and origin the first VIZ_FINDINGS_PER_RULE.
 */
void viz_audit_find(struct viz_node *node, const struct viz_id *origin, uint64_t slot,
		    enum viz_rule rule, enum viz_verdict verdict, const struct viz_id *about);

/* Events. */
void viz_audit_equivocation(struct viz_node *node, const struct viz_record *rec);
void viz_audit_before_put(struct viz_node *node, const struct viz_record *rec);
void viz_audit_pledge(struct viz_node *node, const struct viz_record *rec, const struct viz_id *id);
void viz_audit_acknowledge_coverage(struct viz_node *node, const struct viz_record *rec,
				    const struct viz_id *id);
void viz_audit_acknowledge_all(struct viz_node *node);
void viz_audit_coverage_ack(struct viz_node *node, const struct viz_record *rec,
			    struct viz_reader *body);
/* Whether `by` has acknowledged this COVERAGE of `publisher`; *when (may be NULL) by its own clock.
 */
bool viz_audit_acknowledged(struct viz_node *node, struct viz_time *when,
			    const struct viz_id *publisher, uint64_t slot,
			    const struct viz_id *coverage, const struct viz_id *by);
void viz_audit_view_part(struct viz_node *node, struct viz_inbox *in, const uint8_t *part,
			 size_t len, size_t total);
void viz_audit_evidence(struct viz_node *node, struct viz_inbox *in, const uint8_t *bytes,
			size_t len);
/* The lists of an offer, by the `n` records of the view (32 bytes of id each), which are all here.
 */
void viz_audit_lists(struct viz_node *node, struct viz_inbox *in, const uint8_t *view, size_t n);
/* CLOSE and RESULT, as far as they are here. */
void viz_audit_offer(struct viz_node *node, struct viz_inbox *in);

/* The record id and place of the pledge by `author` for the offer, as first seen. */
bool viz_audit_pledge_of(struct viz_node *node, struct viz_id *id, uint64_t *pledge_slot,
			 const struct viz_id *origin, uint64_t slot, const struct viz_id *author);

/* Opens an OFFER's sealed part (inbox.c). */
int viz_offer_open(struct viz_offer_secret *out, const struct viz_offer *o,
		   const struct viz_secret *key, const struct viz_id *origin, uint64_t slot);

#endif
