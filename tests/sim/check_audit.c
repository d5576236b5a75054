/* I3: nobody finds a node that keeps the rules in contradiction. A lie is found as what it is.
 * The check sees each finding when the audit writes it. */
#include "node/audit/finding.h"
#include "node/audit/suspicion.h"
#include "proto/base.h"
#include "store/store.h"
#include "store/tables.h"

#include "tests/sim/check.h"

struct finding {
	unsigned by;
	struct viz_id origin;
	uint64_t slot;
	enum viz_rule rule;
};

struct lie {
	unsigned liar;
	uint64_t slot;
	enum sim_lie lie;
};

struct sim_audit {
	struct finding *found;
	size_t count, capacity;
	struct lie *lies;
	size_t lie_count, lie_capacity;
};

void __real_viz_finding_keep(struct viz_trust *trust, const struct viz_id *origin, uint64_t slot,
			     enum viz_rule rule, enum viz_verdict verdict,
			     const struct viz_id *about);
void __wrap_viz_finding_keep(struct viz_trust *trust, const struct viz_id *origin, uint64_t slot,
			     enum viz_rule rule, enum viz_verdict verdict,
			     const struct viz_id *about);

struct sim_audit *sim_audit_new(void)
{
	struct sim_audit *a = calloc(1, sizeof *a);

	VIZ_REQUIRE(a);
	return a;
}

void sim_audit_free(struct sim_audit *a)
{
	free(a->found);
	free(a->lies);
	free(a);
}

void sim_audit_lie(struct sim_world *w, const struct sim_machine *liar, uint64_t slot,
		   enum sim_lie lie)
{
	struct sim_audit *a = w->checks->audit;

	for (size_t i = 0; i < a->lie_count; i++)
		if (a->lies[i].liar == liar->index && a->lies[i].slot == slot &&
		    a->lies[i].lie == lie)
			return;
	a->lies = sim_more(a->lies, a->lie_count, &a->lie_capacity, sizeof *a->lies);
	a->lies[a->lie_count++] = (struct lie){liar->index, slot, lie};
}

/* Whether this node's lies may break `rule`. An origin that drops pledges has no answer from their
 * authors, so that it also closes before the window is over. */
static bool fits(const struct sim_machine *accused, enum viz_rule rule)
{
	switch (rule) {
	case VIZ_RULE_OMITTED:
	case VIZ_RULE_OMITTED_ACKNOWLEDGED:
		return accused->lies & SIM_LIE_OMIT;
	case VIZ_RULE_PLEDGE_DROPPED:
		return accused->lies & SIM_LIE_DROP;
	case VIZ_RULE_CLOSED_EARLY:
		return accused->lies & (SIM_LIE_DROP | SIM_LIE_DEAF);
	case VIZ_RULE_ORDER:
		return accused->lies & SIM_LIE_REORDER;
	case VIZ_RULE_EQUIVOCATION:
		return accused->lies & SIM_LIE_EQUIVOCATE;
	case VIZ_RULE_LEASE_OUTLASTED:
		return accused->lies & SIM_LIE_TWICE;
	case VIZ_RULE_DRAW_TURN:
		return accused->lies & SIM_LIE_FAVOUR;
	case VIZ_RULE_DRAW_SHORT:
	case VIZ_RULE_TURN_FALSE: /* the one left out has a new turn all the same */
		return accused->lies & SIM_LIE_OMIT;
	case VIZ_RULE_DRAW_DOUBLE:
	case VIZ_RULE_NEWCOMER_FALSE:
	case VIZ_RULE_ASKED_OUTSIDE:
	case VIZ_RULE_PARTNER_DATES:
	case VIZ_RULE_PARTNER_BACKDATED:
	case VIZ_RULE_UNFOUNDED:
	case VIZ_RULE_FALSE_REASON:
	case VIZ_RULE_NODE_FALSE:
	case VIZ_RULE_NODE_STALE:
	case VIZ_RULE_LOG_FORK:
	case VIZ_RULE_LOG_ORDER:
	case VIZ_RULE_LOG_MIXED:
	case VIZ_RULE_SALT:
	case VIZ_RULE_TWO_PLEDGES:
	case VIZ_RULE_PLEDGE_FORGED:
	case VIZ_RULE_CLOSE_ENTRIES:
	case VIZ_RULE_RESULT_FALSE:
	case VIZ_RULE_RESULT_EARLY:
	case VIZ_RULE_CHOICE_ORDER:
	case VIZ_RULE_PROOF_FALSE:
	case VIZ_RULE_REVEAL_FALSE:
	case VIZ_RULE_REVEAL_DROPPED:
		return false;
	case VIZ_RULE_UNSEEN: /* a suspicion; a partition can raise it too */
		return true;
	}
	return false;
}

/* Whether the rule compares times. A node whose clock was set back contradicts itself (PROTOCOL
 * section 15). */
static bool by_time(enum viz_rule rule)
{
	return rule == VIZ_RULE_NODE_STALE || rule == VIZ_RULE_LOG_ORDER ||
	       rule == VIZ_RULE_OMITTED || rule == VIZ_RULE_OMITTED_ACKNOWLEDGED ||
	       rule == VIZ_RULE_UNFOUNDED || rule == VIZ_RULE_FALSE_REASON ||
	       rule == VIZ_RULE_ASKED_OUTSIDE || rule == VIZ_RULE_CLOSED_EARLY ||
	       rule == VIZ_RULE_RESULT_EARLY;
}

/* Whether the rule compares two draws. */
static bool of_two_draws(enum viz_rule rule)
{
	return rule == VIZ_RULE_DRAW_DOUBLE || rule == VIZ_RULE_TURN_FALSE ||
	       rule == VIZ_RULE_NEWCOMER_FALSE;
}

/* Nobody suspects an honest node, but of what really did not come: a link while the network was
 * cut, the end of an offer whose origin waits for somebody's LAST after a start, ten starts, and
 * what a clock that was set makes of dates. */
static void note_suspicion(struct sim_world *w, const struct sim_machine *by,
			   const struct sim_machine *accused, enum viz_suspicion rule)
{
	if (!accused || accused->lies || by->lies || accused->was_set || by->was_set ||
	    rule == VIZ_SUSPICION_UNSEEN ||
	    rule == VIZ_SUSPICION_UNHEARD || /* check_protest.c looks at what was not heard */
	    (rule == VIZ_SUSPICION_UNENDED && accused->incarnation > 1) ||
	    (rule == VIZ_SUSPICION_START_OFTEN && accused->incarnation >= 10) ||
	    (rule == VIZ_SUSPICION_NO_LINK && w->options.profile != SIM_CALM))
		return;
	sim_fail(w, "I3", by, "suspects %s, who is honest: %s", accused->name,
		 viz_rules_name((enum viz_rule)rule));
}

static void note(struct sim_world *w, const struct sim_machine *by, const struct viz_id *origin,
		 uint64_t slot, enum viz_rule rule, const struct viz_id *about)
{
	const struct sim_machine *accused = sim_machine_of(w, origin);
	struct sim_audit *a = w->checks->audit;

	if ((unsigned)rule >= VIZ_SUSPICION_FIRST) {
		note_suspicion(w, by, accused, (enum viz_suspicion)rule);
		return;
	}
	if (accused && !fits(accused, rule) &&
	    !(by_time(rule) && (accused->was_set || by->was_set)) &&
	    /* the OFFER that the equivocator signs twice breaks other rules too, also with others
	     */
	    !(accused->lies & SIM_LIE_EQUIVOCATE &&
	      (viz_record_slot_number(slot) == VIZ_OFFERS_PER_DAY - 1 || of_two_draws(rule))) &&
	    /* a node whose NODE is dead by its own equivocation is rightly left out */
	    !((rule == VIZ_RULE_OMITTED || rule == VIZ_RULE_OMITTED_ACKNOWLEDGED) &&
	      by->lies & SIM_LIE_EQUIVOCATE && viz_id_eq(about, &by->author)))
		sim_fail(w, "I3", by, "finds %s of %s (slot %llx), who %s", viz_rules_name(rule),
			 accused->name, (unsigned long long)slot,
			 accused->lies ? "did not do that" : "is honest");
	a->found = sim_more(a->found, a->count, &a->capacity, sizeof *a->found);
	a->found[a->count++] = (struct finding){by->index, *origin, slot, rule};
}

/* Sees a finding at once, except those of node/audit/finding.c itself: the linker wraps no call
 * within the file that defines the function. read_table reads the rest at the end. */
void __wrap_viz_finding_keep(struct viz_trust *trust, const struct viz_id *origin, uint64_t slot,
			     enum viz_rule rule, enum viz_verdict verdict,
			     const struct viz_id *about)
{
	struct sim_world *w = sim_check_world();

	if (w && w->stepping)
		note(w, w->stepping, origin, slot, rule, about);
	__real_viz_finding_keep(trust, origin, slot, rule, verdict, about);
}

bool sim_audit_found(const struct sim_world *w, const struct sim_machine *by,
		     const struct viz_id *origin, uint64_t slot, enum viz_rule rule)
{
	const struct sim_audit *a = w->checks->audit;

	for (size_t i = 0; i < a->count; i++)
		if (a->found[i].by == by->index && a->found[i].slot == slot &&
		    a->found[i].rule == rule && viz_id_eq(&a->found[i].origin, origin))
			return true;
	return false;
}

static enum viz_rule rule_of(enum sim_lie lie)
{
	switch (lie) {
	case SIM_LIE_OMIT:
		return VIZ_RULE_OMITTED;
	case SIM_LIE_DROP:
		return VIZ_RULE_PLEDGE_DROPPED;
	case SIM_LIE_REORDER:
		return VIZ_RULE_ORDER;
	case SIM_LIE_FAVOUR:
		return VIZ_RULE_DRAW_TURN;
	case SIM_LIE_TWICE:
		return VIZ_RULE_LEASE_OUTLASTED;
	case SIM_LIE_EQUIVOCATE:
	case SIM_LIE_MALFORMED:
	case SIM_LIE_REPLAY:
	case SIM_LIE_FLOOD:
	case SIM_LIE_DEAF: /* no lie in what it signs: check_protest.c */
		break;
	}
	return VIZ_RULE_EQUIVOCATION;
}

/* Reads the findings that a node has kept. */
static void read_table(struct sim_world *w, struct sim_machine *m)
{
	struct viz_slice key, value;
	struct viz_walk walk;

	VIZ_REQUIRE(viz_store_begin(m->store) == VIZ_OK);
	viz_walk_init(&walk, m->store, VIZ_TABLE_FINDING, NULL, 0);
	while (viz_walk_next(&walk, &key, &value)) {
		struct viz_id origin, about;

		memcpy(origin.b, key.p, sizeof origin.b);
		memcpy(about.b, key.p + 41, sizeof about.b);
		note(w, m, &origin, viz_be_get_u64(key.p + 32), (enum viz_rule)key.p[40], &about);
	}
	viz_store_abort(m->store);
}

void sim_audit_end(struct sim_world *w)
{
	const struct sim_audit *a = w->checks->audit;

	for (unsigned i = 0; i < w->count; i++)
		if (w->machine[i].node)
			read_table(w, &w->machine[i]);
	for (size_t i = 0; i < a->lie_count; i++) {
		const struct lie *t = &a->lies[i];
		const struct sim_machine *liar = &w->machine[t->liar];
		bool found = false;

		for (size_t k = 0; k < a->count; k++)
			found |= a->found[k].by != t->liar && a->found[k].slot == t->slot &&
				 a->found[k].rule == rule_of(t->lie) &&
				 viz_id_eq(&a->found[k].origin, &liar->author);
		if (!found)
			sim_fail(w, "I3", liar, "a lie about slot %llx is found by nobody: %s",
				 (unsigned long long)t->slot, viz_rules_name(rule_of(t->lie)));
	}
}
