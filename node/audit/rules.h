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

enum viz_rule {
	VIZ_RULE_EQUIVOCATION = 1,        /* two records at one place and seq */
	VIZ_RULE_PARTNER_DATES = 2,       /* PARTNERS contradicts the one that it replaces */
	VIZ_RULE_TWO_PLEDGES = 3,         /* one author, one offer */
	VIZ_RULE_OMITTED = 5,             /* a partner that serves the place is in no list */
	VIZ_RULE_UNFOUNDED = 6,           /* a listed one is no partner, or covers nothing there */
	VIZ_RULE_FALSE_REASON = 7,        /* listed as blocked, and not removed; or the reverse */
	VIZ_RULE_CLOSED_EARLY = 8,        /* before `closes`, and not all had answered */
	VIZ_RULE_PLEDGE_DROPPED = 9,      /* an acknowledged pledge is not in CLOSE */
	VIZ_RULE_SALT = 10,               /* RESULT's salt does not open the commitment */
	VIZ_RULE_RESULT_FALSE = 11,       /* RESULT does not have what CLOSE allows */
	VIZ_RULE_REVEAL_FALSE = 12,       /* a reveal in RESULT does not open its pledge */
	VIZ_RULE_REVEAL_DROPPED = 13,     /* an acknowledged reveal is shown as unrevealed */
	VIZ_RULE_ORDER = 14,              /* the order is not the one that follows */
	VIZ_RULE_UNSEEN = 15,             /* coverage that the origin may not have seen */
	VIZ_RULE_VIEW_FALSE = 16,         /* OFFER names an old PARTNERS of the origin */
	VIZ_RULE_PARTNERS_BACKDATED = 17, /* dated before a NODE that names the one before */
	VIZ_RULE_PLEDGE_FORGED = 18,      /* an entry of CLOSE was not signed by the one asked */
	VIZ_RULE_CLOSE_ENTRIES = 19,      /* of another offer, or other entries than were asked */
	VIZ_RULE_RESULT_EARLY = 20, /* a promise was not revealed, and reveal_ms was not over */
	VIZ_RULE_CHOICE_ORDER = 21, /* a CHOICE after none, or after a withdrawal */
	VIZ_RULE_CHOICE_FALSE = 22, /* an award does not open its CHOICE */
	VIZ_RULE_DRAW_DOUBLE = 23,  /* two OFFERs of one draw; a later draw with an earlier date */
	VIZ_RULE_DRAW_SHORT = 24,   /* fewer than ask_max were drawn, and somebody was not */
	VIZ_RULE_DRAW_TURN = 25,    /* one drawn had its turn after one that was not */
	VIZ_RULE_TURN_FALSE = 26,   /* a turn is not the one that an earlier draw gave */
	VIZ_RULE_NEWCOMER_FALSE = 27, /* one is marked as a newcomer and is none, or its turn is */
	VIZ_RULE_ASKED_OUTSIDE = 28,  /* somebody asked is not in the circle of the named NODE */
	VIZ_RULE_PROOF_FALSE = 32,    /* the customer's proof is other than OFFER, RESULT, CHOICE */
};

/* A contradiction can be proved to anybody, a suspicion cannot. */
enum viz_verdict {
	VIZ_VERDICT_CONTRADICTION = 1,
	VIZ_VERDICT_SUSPICION = 2,
};

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

/* Key 0 of an author, whose id is a hash over it. */
struct viz_rules_key {
	struct viz_id author;
	struct viz_pub pub;
};

/* One offer. What is unknown is NULL or has the count 0; the rules that need it are left out. */
struct viz_case {
	const struct viz_federation *federation;
	const struct viz_record *offer, *close, *result;
	const struct viz_record *choice; /* the CHOICEs */
	size_t choice_count;
	const struct viz_record *partners; /* the origin's newest PARTNERS that is known */
	const struct viz_partners *named;  /* the origin's PARTNERS that OFFER names */
	const struct viz_rules_item *view; /* the items of OFFER's view, ascending by place */
	size_t view_count;
	const struct viz_rules_key *first_key; /* of those who pledged */
	size_t first_key_count;
	/* What one partner of the origin adds, who asks for the judgement: */
	struct viz_id self;
	const struct viz_record *coverage; /* its live COVERAGE */
	size_t coverage_count;
	const struct viz_record *statement; /* the origin's COVERAGE_ACKs, PLEDGE_ACK, REVEAL_ACK
					     * and AWARD to it */
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
 * `close`; who signed the pledges is judged by `first_key` and `view`, who was asked by `named`.
 * The findings are about the origin. */
void viz_rules_result(const struct viz_case *c, viz_rules_found found, void *arg);

/* Judges the CHOICEs, with RESULT and AWARD as far as they are there. The findings are about the
 * origin. */
void viz_rules_choice(const struct viz_case *c, viz_rules_found found, void *arg);

/* Judges a PARTNERS record by `older`, when that is the one that it names as previous. The finding
 * is about the author. */
void viz_rules_records_partners(const struct viz_federation *f, const struct viz_record *older,
				const struct viz_record *newer, viz_rules_found found, void *arg);

/* Judges a PARTNERS record by a NODE of its author: one that is dated later, in the same log, and
 * names the PARTNERS before, shows that this PARTNERS was signed after it and dated back. */
void viz_rules_records_node(const struct viz_record *partners, const struct viz_record *node,
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
