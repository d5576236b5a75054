/* The rules of neutrality (PROTOCOL.md section 13). They run without a node: they judge the records
 * that are handed in, and report each finding by a callback. They need proto and crypto only.
 *
 * Before judging, the caller has checked the signature and the body of each record, and that the
 * the view's items and records give OFFER's digest. All pointers are borrowed for the call. */
#ifndef VIZ_NODE_AUDIT_RULES_H
#define VIZ_NODE_AUDIT_RULES_H

#include "proto/base.h"
#include "proto/record.h"

struct viz_federation;
struct viz_offer;
struct viz_partners;
struct viz_stub;

/* The numbers are those of PROTOCOL.md: contradictions from 1, suspicions from 40. */
enum viz_rule {
	VIZ_RULE_EQUIVOCATION = 1,  /* two records at one place and seq */
	VIZ_RULE_PARTNER_DATES = 2, /* PARTNERS contradicts the one that it replaces */
	VIZ_RULE_PARTNER_BACKDATED =
	    3,                    /* it, or a date, is before a NODE that names the one before */
	VIZ_RULE_NODE_FALSE = 4,  /* OFFER says of its NODE what this does not, or of its log */
	VIZ_RULE_NODE_STALE = 5,  /* OFFER names an old NODE */
	VIZ_RULE_LOG_FORK = 6,    /* a log has two values at one number */
	VIZ_RULE_LOG_ORDER = 7,   /* a higher number in a log has an earlier time */
	VIZ_RULE_LOG_MIXED = 8,   /* a record has another log or number than its OFFER */
	VIZ_RULE_DRAW_DOUBLE = 9, /* two OFFERs of one draw; a later draw, an earlier date */
	VIZ_RULE_DRAW_SHORT = 10, /* fewer than ask_max were drawn, and somebody was not */
	VIZ_RULE_DRAW_TURN = 11,  /* one drawn had its turn after one that was not */
	VIZ_RULE_TURN_FALSE = 12, /* a turn is not the one that an earlier draw gave */
	VIZ_RULE_NEWCOMER_FALSE = 13,       /* marked as a newcomer and is none, or its turn is */
	VIZ_RULE_OMITTED = 14,              /* a partner that serves the place is in no list */
	VIZ_RULE_OMITTED_ACKNOWLEDGED = 15, /* likewise, by coverage that the origin acknowledged */
	VIZ_RULE_UNFOUNDED = 16,       /* a listed one is no partner, or covers nothing there */
	VIZ_RULE_FALSE_REASON = 17,    /* listed as blocked, and not removed; or the reverse */
	VIZ_RULE_ASKED_OUTSIDE = 18,   /* somebody asked is not in the circle of the named NODE */
	VIZ_RULE_CLOSED_EARLY = 19,    /* before `closes`, and not all had answered */
	VIZ_RULE_PLEDGE_FORGED = 20,   /* an entry of CLOSE was not signed by the one asked */
	VIZ_RULE_PLEDGE_DROPPED = 21,  /* an acknowledged pledge is not in CLOSE */
	VIZ_RULE_CLOSE_ENTRIES = 22,   /* of another offer, or other entries than were asked */
	VIZ_RULE_TWO_PLEDGES = 23,     /* one author, one offer */
	VIZ_RULE_SALT = 24,            /* RESULT's salt does not open the commitment */
	VIZ_RULE_RESULT_FALSE = 25,    /* RESULT does not have what CLOSE allows */
	VIZ_RULE_REVEAL_FALSE = 26,    /* a reveal in RESULT does not open its pledge */
	VIZ_RULE_REVEAL_DROPPED = 27,  /* an acknowledged reveal is shown as unrevealed */
	VIZ_RULE_RESULT_EARLY = 28,    /* a promise was not revealed, and reveal_ms was not over */
	VIZ_RULE_ORDER = 29,           /* the order is not the one that follows */
	VIZ_RULE_CHOICE_ORDER = 30,    /* a CHOICE after none or a withdrawal, or out of order */
	VIZ_RULE_LEASE_OUTLASTED = 31, /* a CHOICE, or another OFFER, while a lease ran */
	VIZ_RULE_PROOF_FALSE = 32, /* the customer's proof is other than OFFER, RESULT, CHOICE */
	VIZ_RULE_UNSEEN = 44,      /* coverage that the origin may not have seen */
};

/* A contradiction can be proved to anybody, a suspicion cannot. */
enum viz_verdict {
	VIZ_VERDICT_CONTRADICTION = 1,
	VIZ_VERDICT_SUSPICION = 2,
};

/* "omitted", ...; "?" for an unknown rule. */
const char *viz_rules_name(enum viz_rule rule);

/* `about` is the author, the record or the digest that shows the breach; borrowed for the call. */
typedef void (*viz_rules_found)(void *arg, enum viz_rule rule, enum viz_verdict verdict,
				const struct viz_id *about);

/* A place in a view, with its record. */
struct viz_rules_item {
	struct viz_id author;
	uint8_t type;
	uint64_t slot;
	bool dead;
	struct viz_record rec; /* not when it is dead */
};

/* A key of an author by which its PLEDGE counts: key 0, whose hash the author id is, or one that
 * the SUCCESSIONs of OFFER's view give. */
struct viz_rules_key {
	struct viz_id author;
	uint32_t number;
	struct viz_pub pub;
};

/* One offer. What is unknown is NULL or has the count 0; the rules that need it are left out. */
struct viz_case {
	const struct viz_federation *federation;
	const struct viz_record *offer, *close, *result;
	const struct viz_record *choice; /* the CHOICEs */
	size_t choice_count;
	const struct viz_record *next; /* the OFFER that names this one as previous, */
	const struct viz_stub *stub;   /* and the stubs of the log right before it */
	size_t stub_count;
	const struct viz_record *node;     /* the origin's NODE that OFFER names */
	const struct viz_partners *named;  /* the origin's PARTNERS that OFFER names */
	const struct viz_rules_item *view; /* the items of OFFER's view, ascending by place */
	size_t view_count;
	const struct viz_rules_key *pledge_key; /* of those who pledged */
	size_t pledge_key_count;
	/* What one partner of the origin adds, who asks for the judgement: */
	struct viz_id self;
	const struct viz_partners *partners; /* its newest PARTNERS */
	const struct viz_record *coverage;   /* its live COVERAGE */
	size_t coverage_count;
	const struct viz_record *statement; /* the origin's COVERAGE_ACKs, PLEDGE_ACK, REVEAL_ACK
					     * and LEASEs to it */
	size_t statement_count;
};

/* Who had to be asked, and why others were not: judges OFFER's lists by the view. Needs `offer`,
 * `named` and `view`. The findings are about the origin. */
void viz_rules_lists(const struct viz_case *c, viz_rules_found found, void *arg);

/* The lists of an OFFER, with the PARTNERS that it names. */
struct viz_rules_draw {
	struct viz_id offer; /* its record id */
	struct viz_time time;
	const struct viz_offer *lists;
	const struct viz_partners *named;
};

/* Judges the turns in two OFFERs of one origin. Says nothing when they are of two logs. */
void viz_rules_turns(const struct viz_federation *f, const struct viz_rules_draw *x,
		     const struct viz_rules_draw *y, viz_rules_found found, void *arg);

/* Judges CLOSE, and RESULT if it is there: pledges, reveals and the order. Needs `offer` and
 * `close`; who signed the pledges is judged by `pledge_key` and `view`, who was asked by `named`.
 * The findings are about the origin. */
void viz_rules_result(const struct viz_case *c, viz_rules_found found, void *arg);

/* Judges the CHOICEs, with RESULT and LEASEs as far as they are there, and the OFFER that names
 * this one as previous. The findings are about the origin. */
void viz_rules_choice(const struct viz_case *c, viz_rules_found found, void *arg);

/* A head of a log that a NODE opens to: what its commitment is the hash of. */
struct viz_rules_head {
	struct viz_id node;   /* the NODE's record id */
	uint32_t key;         /* that signed it; no rule looks at it */
	struct viz_time time; /* its time */
	uint64_t log;
	uint32_t number;
	struct viz_id value; /* of the log at that number */
};

/* Judges two records of one log (OFFER, CLOSE, RESULT, CHOICE), in any order. Says nothing of
 * records of two logs. The finding is about the later one. */
void viz_rules_log_records(const struct viz_federation *f, const struct viz_record *x,
			   const struct viz_record *y, viz_rules_found found, void *arg);

/* Judges a record by a head of its origin. The finding is about the record. */
void viz_rules_log_head(const struct viz_federation *f, const struct viz_record *rec,
			const struct viz_rules_head *head, viz_rules_found found, void *arg);

/* Judges two heads of one origin. The finding is about the later NODE. */
void viz_rules_log_heads(const struct viz_rules_head *x, const struct viz_rules_head *y,
			 viz_rules_found found, void *arg);

/* Judges a CLOSE, RESULT or CHOICE by the OFFER that it names. The finding is about it. */
void viz_rules_log_mixed(const struct viz_federation *f, const struct viz_record *offer,
			 const struct viz_record *rec, viz_rules_found found, void *arg);

/* Judges what an OFFER says about its NODE, when `node` is that one. The finding is about the NODE.
 */
void viz_rules_log_node(const struct viz_federation *f, const struct viz_record *offer,
			const struct viz_record *node, viz_rules_found found, void *arg);

/* Judges the log of an OFFER by that of the PARTNERS that it names. The finding is about the
 * PARTNERS. */
void viz_rules_log_partners(const struct viz_record *offer, const struct viz_partners *named,
			    viz_rules_found found, void *arg);

/* Judges a PARTNERS record by `older`, when that is the one that it names as previous. The finding
 * is about the author. */
void viz_rules_records_partners(const struct viz_federation *f, const struct viz_record *older,
				const struct viz_record *newer, viz_rules_found found, void *arg);

/* Judges a PARTNERS record by a NODE of its author: one that is dated later, in the same log, and
 * names the PARTNERS before, shows that this PARTNERS was signed after it and dated back. */
void viz_rules_records_node(const struct viz_record *partners, const struct viz_record *node,
			    viz_rules_found found, void *arg);

/* Likewise, when `named` is the PARTNERS that the NODE names: it was signed before this one, so the
 * NODE must not be dated later than this one, or than a date that only this one has. Such a date is
 * that of a PARTNERS between the two, which nobody may have seen. */
void viz_rules_records_named(const struct viz_federation *f, const struct viz_record *named,
			     const struct viz_record *partners, const struct viz_record *node,
			     viz_rules_found found, void *arg);

/* Judges two PLEDGEs by one author. The finding is about the author. */
void viz_rules_records_pledges(const struct viz_record *first, const struct viz_record *second,
			       viz_rules_found found, void *arg);

/* A PROOF of the origin, which somebody has brought, beside what is held of its offer. */
struct viz_rules_proof {
	const struct viz_record *proof;
	const struct viz_id *asked;      /* whom OFFER asks, by the PARTNERS that it names */
	size_t asked_count;              /* 0: not known */
	const struct viz_record *result; /* NULL: not held */
	const struct viz_record *choice; /* CHOICE k of the proof; NULL: not held */
};

enum viz_rules_match {
	VIZ_RULES_UNKNOWN = 0, /* what it is compared with is not held; choice: none was made */
	VIZ_RULES_RIGHT = 1,
	VIZ_RULES_WRONG = 2,
};

struct viz_rules_proof_result {
	enum viz_rules_match asked, order, choice;
};

/* Compares each part of the proof. */
void viz_rules_proof_match(struct viz_rules_proof_result *out, const struct viz_rules_proof *c);

/* Judges the proof, whose id is `proof`. The finding is about the origin. */
void viz_rules_proof(const struct viz_rules_proof *c, const struct viz_id *proof,
		     viz_rules_found found, void *arg);

#endif
