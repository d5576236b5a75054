#include "node/audit/rules.h"

const char *viz_rules_name(enum viz_rule rule)
{
	static const char *const names[] = {
	    [VIZ_RULE_EQUIVOCATION] = "equivocation",
	    [VIZ_RULE_PARTNER_DATES] = "partner-dates",
	    [VIZ_RULE_PARTNER_BACKDATED] = "partner-backdated",
	    [VIZ_RULE_NODE_FALSE] = "node-false",
	    [VIZ_RULE_NODE_STALE] = "node-stale",
	    [VIZ_RULE_LOG_FORK] = "log-fork",
	    [VIZ_RULE_LOG_ORDER] = "log-order",
	    [VIZ_RULE_LOG_MIXED] = "log-mixed",
	    [VIZ_RULE_DRAW_DOUBLE] = "draw-double",
	    [VIZ_RULE_DRAW_SHORT] = "draw-short",
	    [VIZ_RULE_DRAW_TURN] = "draw-turn",
	    [VIZ_RULE_TURN_FALSE] = "turn-false",
	    [VIZ_RULE_NEWCOMER_FALSE] = "newcomer-false",
	    [VIZ_RULE_OMITTED] = "omitted",
	    [VIZ_RULE_OMITTED_ACKNOWLEDGED] = "omitted-acknowledged",
	    [VIZ_RULE_UNFOUNDED] = "unfounded",
	    [VIZ_RULE_FALSE_REASON] = "false-reason",
	    [VIZ_RULE_ASKED_OUTSIDE] = "asked-outside",
	    [VIZ_RULE_CLOSED_EARLY] = "closed-early",
	    [VIZ_RULE_PLEDGE_FORGED] = "pledge-forged",
	    [VIZ_RULE_PLEDGE_DROPPED] = "pledge-dropped",
	    [VIZ_RULE_CLOSE_ENTRIES] = "close-entries",
	    [VIZ_RULE_TWO_PLEDGES] = "two-pledges",
	    [VIZ_RULE_SALT] = "salt",
	    [VIZ_RULE_RESULT_FALSE] = "result-false",
	    [VIZ_RULE_REVEAL_FALSE] = "reveal-false",
	    [VIZ_RULE_REVEAL_DROPPED] = "reveal-dropped",
	    [VIZ_RULE_RESULT_EARLY] = "result-early",
	    [VIZ_RULE_ORDER] = "order",
	    [VIZ_RULE_CHOICE_ORDER] = "choice-order",
	    [VIZ_RULE_PROOF_FALSE] = "proof-false",
	    [VIZ_RULE_UNSEEN] = "unseen",
	};

	return (size_t)rule < sizeof names / sizeof *names && names[rule] ? names[rule] : "?";
}
