/* I3: nobody finds a node that keeps the rules in contradiction. A lie is found as what it is.
 * The check sees each finding when the audit writes it. */
#include "node/audit/finding.h"
#include "node/audit/suspicion.h"
#include "node/core/place.h"
#include "node/inbox/inbox.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/record.h"
#include "store/store.h"
#include "store/tables.h"

#include "tests/sim/check.h"

struct finding {
	unsigned by;
	struct viz_id origin;
	uint64_t slot;
	enum viz_rule rule;
	int64_t at;
	enum sim_finder role;
	bool wrong; /* of an honest node, and not by a clock that was set */
	const char *why;
};

struct lie {
	unsigned liar;
	uint64_t slot;
	enum sim_lie lie;
	int64_t since, at;
};

struct sim_audit {
	struct finding *found;
	size_t count, capacity;
	struct lie *lies;
	size_t lie_count, lie_capacity;
	struct viz_id *records; /* federation records with a lie */
	size_t record_count, record_capacity;
	bool held; /* one of them by an honest node that can see the lie */
};

bool __real_viz_finding_keep(struct viz_trust *trust, const struct viz_id *origin, uint64_t slot,
			     enum viz_rule rule, enum viz_verdict verdict,
			     const struct viz_id *about);
bool __wrap_viz_finding_keep(struct viz_trust *trust, const struct viz_id *origin, uint64_t slot,
			     enum viz_rule rule, enum viz_verdict verdict,
			     const struct viz_id *about);

bool __real_viz_finding_list_keep(struct viz_trust *trust, struct viz_finding_list *f,
				  const struct viz_id *accused, uint64_t slot);
bool __wrap_viz_finding_list_keep(struct viz_trust *trust, struct viz_finding_list *f,
				  const struct viz_id *accused, uint64_t slot);

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
	free(a->records);
	free(a);
}

void sim_audit_lie(struct sim_world *w, const struct sim_machine *liar, uint64_t slot,
		   enum sim_lie lie)
{
	sim_audit_lie_since(w, liar, slot, lie, w->now);
}

void sim_audit_lie_since(struct sim_world *w, const struct sim_machine *liar, uint64_t slot,
			 enum sim_lie lie, int64_t since)
{
	struct sim_audit *a = w->checks->audit;

	for (size_t i = 0; i < a->lie_count; i++)
		if (a->lies[i].liar == liar->index && a->lies[i].slot == slot &&
		    a->lies[i].lie == lie)
			return;
	a->lies = sim_more(a->lies, a->lie_count, &a->lie_capacity, sizeof *a->lies);
	a->lies[a->lie_count++] = (struct lie){liar->index, slot, lie, since, w->now};
}

void sim_audit_lie_in(struct sim_world *w, enum sim_lie lie, uint8_t type, uint64_t slot,
		      const struct viz_id *record)
{
	struct sim_audit *a = w->checks->audit;

	sim_audit_lie(w, w->stepping, slot, lie);
	if (viz_record_is_write_once(type))
		return;
	a->records = sim_more(a->records, a->record_count, &a->record_capacity, sizeof *a->records);
	a->records[a->record_count++] = *record;
}

void sim_audit_held(struct sim_world *w, struct sim_machine *m, const struct viz_record *rec,
		    const struct viz_id *id)
{
	struct sim_audit *a = w->checks->audit;
	struct viz_held before;

	for (size_t i = 0; m->lies == 0 && i < a->record_count; i++)
		a->held |= viz_id_eq(&a->records[i], id) &&
			   (w->options.way != SIM_WAY_DATES ||
			    viz_place_get(&m->node->core, &before, NULL, &rec->author, rec->type,
					  rec->slot));
}

bool sim_audit_shown(const struct sim_world *w)
{
	const struct sim_audit *a = w->checks->audit;

	return a->record_count == 0 || a->held;
}

void sim_audit_unlie(struct sim_world *w, const struct sim_machine *liar, uint64_t slot)
{
	struct sim_audit *a = w->checks->audit;

	for (size_t i = 0; i < a->lie_count; i++)
		if (a->lies[i].liar == liar->index && a->lies[i].slot == slot) {
			a->lies[i] = a->lies[--a->lie_count];
			return;
		}
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

/* What two processes with one key may sign against each other before they find each other (PROTOCOL
 * section 15): records that stand in no log, and PLEDGEs. */
static bool of_two_processes(enum viz_rule rule, uint64_t slot)
{
	return rule == VIZ_RULE_TWO_PLEDGES ||
	       (rule == VIZ_RULE_EQUIVOCATION && slot < VIZ_VOUCH_SLOTS);
}

/* What one of them had signed in its log, and nobody had got, when the other one signed NODE: it
 * did not know yet that all of its links were dead (PROTOCOL section 15). */
static bool was_unheard(struct sim_world *w, const struct sim_machine *accused, enum viz_rule rule)
{
	const struct sim_machine *other = sim_clone_other(w, accused);

	return other && (accused->unheard || other->unheard) &&
	       (rule == VIZ_RULE_NODE_STALE || rule == VIZ_RULE_LOG_ORDER ||
		rule == VIZ_RULE_LOG_FORK || rule == VIZ_RULE_EQUIVOCATION);
}

/* Whether there was no full link with the other for so long. */
static bool apart_for(const struct sim_world *w, const struct sim_machine *by,
		      const struct sim_machine *other, int64_t ms)
{
	return w->now - w->linked_at[by->index][other->index] >= ms;
}

/* Whether the finder's store, which is open, has no record of this offer. */
static bool lacks(const struct sim_machine *by, const struct viz_id *origin, uint8_t type,
		  uint64_t slot)
{
	struct viz_held held;

	return !viz_place_get(&by->node->core, &held, NULL, origin, type,
			      type == VIZ_TYPE_CHOICE ? viz_record_slot_choice(slot, 1) : slot);
}

/* What really did not come; NULL: nothing. The end of an offer does not when its origin waits for
 * somebody's LAST after a start. An older state knows nothing of what it has lost. */
static const char *not_come(const struct sim_world *w, const struct sim_machine *by,
			    const struct sim_machine *accused, enum viz_suspicion rule,
			    uint64_t slot, const struct viz_id *about)
{
	if (rule == VIZ_SUSPICION_UNENDED && accused->incarnation > 1 &&
	    lacks(by, &accused->author, about->b[0], slot))
		return "the origin started, and waits for LAST";
	if (rule == VIZ_SUSPICION_UNHEARD) /* check_protest.c looks at what was not heard */
		return "a message of ours was lost";
	if (rule == VIZ_SUSPICION_START_OFTEN && accused->incarnation >= 10)
		return "it started ten times";
	if (rule == VIZ_SUSPICION_NO_LINK && w->options.profile != SIM_CALM &&
	    apart_for(w, by, accused, w->federation.suspicion_ms))
		return "no full link";
	if (rule == VIZ_SUSPICION_UNSEEN)
		return "our coverage had not come";
	if (accused->was_set || by->was_set)
		return "a clock was set";
	if (accused->rolled || by->rolled)
		return "an older state was restored";
	return NULL;
}

/* Nobody suspects an honest node, but of what really did not come. */
static const char *note_suspicion(struct sim_world *w, const struct sim_machine *by,
				  const struct sim_machine *accused, enum viz_suspicion rule,
				  uint64_t slot, const struct viz_id *about)
{
	const char *why;

	if (w->options.cheat != 0 || !accused || accused->lies || by->lies)
		return NULL;
	why = not_come(w, by, accused, rule, slot, about);
	if (!why)
		sim_fail(w, "I3", by, "suspects %s, who is honest: %s", accused->name,
			 viz_rules_name((enum viz_rule)rule));
	return why;
}

/* What the finder is for the offer. Its store is open. */
static enum sim_finder role(const struct sim_machine *by, const struct viz_id *origin,
			    uint64_t slot)
{
	struct viz_inbox *in = viz_inbox_fetch(&by->node->core, origin, slot);
	enum sim_finder r = SIM_FINDER_OTHER;

	if (in && in->award_n > 0)
		r = SIM_FINDER_HOLDER;
	else if (in && in->answer != 0)
		r = SIM_FINDER_PLEDGER;
	else if (in && in->state != VIZ_INBOX_UNKNOWN)
		r = SIM_FINDER_CIRCLE;
	free(in);
	return r;
}

/* Keeps a finding, once. */
static void add(struct sim_world *w, const struct sim_machine *by, const struct viz_id *origin,
		uint64_t slot, enum viz_rule rule, bool wrong, const char *why)
{
	struct sim_audit *a = w->checks->audit;

	if (sim_audit_found(w, by, origin, slot, rule))
		return;
	a->found = sim_more(a->found, a->count, &a->capacity, sizeof *a->found);
	a->found[a->count++] = (struct finding){
	    by->index, *origin, slot, rule, w->now, role(by, origin, slot), wrong, why};
}

/* Whether a NODE proves it: one that opens an older head, or names an older PARTNERS. */
static bool by_node(enum viz_rule rule)
{
	return rule == VIZ_RULE_LOG_ORDER || rule == VIZ_RULE_PARTNER_BACKDATED;
}

/* Whether an older state could sign this because none of the first peers that showed what they hold
 * had anything newer: its rollback was hidden (PROTOCOL section 15). Before that, and for start_ms
 * after it, it may sign nothing that contradicts what it has lost. */
static bool was_hidden(struct sim_world *w, const struct sim_machine *accused, enum viz_rule rule)
{
	int64_t until = accused->quarantined_at != 0 ? accused->quarantined_at : w->now;

	return accused->rolled && !sim_clone_other(w, accused) && accused->shown_at != 0 &&
	       accused->shown_at + w->federation.start_ms <= until &&
	       (by_node(rule) || rule == VIZ_RULE_EQUIVOCATION || rule == VIZ_RULE_LOG_FORK ||
		rule == VIZ_RULE_TWO_PLEDGES);
}

static void note(struct sim_world *w, const struct sim_machine *by, const struct viz_id *origin,
		 uint64_t slot, enum viz_rule rule, const struct viz_id *about)
{
	const struct sim_machine *accused = sim_machine_of(w, origin);
	bool wrong, hidden = accused && was_hidden(w, accused, rule);

	if ((unsigned)rule >= VIZ_SUSPICION_FIRST) {
		if (!sim_audit_found(w, by, origin, slot, rule))
			add(w, by, origin, slot, rule, false,
			    note_suspicion(w, by, accused, (enum viz_suspicion)rule, slot, about));
		return;
	}
	if (accused && ((sim_clone_other(w, accused) && of_two_processes(rule, slot)) ||
			was_unheard(w, accused, rule)))
		return;
	wrong =
	    accused && !(w->options.cheat != 0 && accused->lies) && !fits(accused, rule) &&
	    !hidden && !(by_time(rule) && (accused->was_set || by->was_set)) &&
	    /* the OFFER that the equivocator signs twice breaks other rules too, also with others
	     */
	    !(accused->lies & SIM_LIE_EQUIVOCATE &&
	      (viz_record_slot_number(slot) == VIZ_OFFERS_PER_DAY - 1 || of_two_draws(rule))) &&
	    /* a node whose NODE is dead by its own equivocation is rightly left out */
	    !((rule == VIZ_RULE_OMITTED || rule == VIZ_RULE_OMITTED_ACKNOWLEDGED) &&
	      by->lies & SIM_LIE_EQUIVOCATE && viz_id_eq(about, &by->author));
	if (wrong && w->options.cheat == 0)
		sim_fail(w, "I3", by, "finds %s of %s (slot %llx), who %s", viz_rules_name(rule),
			 accused->name, (unsigned long long)slot,
			 accused->lies ? "did not do that" : "is honest");
	add(w, by, origin, slot, rule, wrong, hidden ? "a rollback was hidden" : "a clock was set");
}

/* Sees a finding at once. read_table reads at the end what is kept. */
bool __wrap_viz_finding_keep(struct viz_trust *trust, const struct viz_id *origin, uint64_t slot,
			     enum viz_rule rule, enum viz_verdict verdict,
			     const struct viz_id *about)
{
	struct sim_world *w = sim_check_world();

	if (w && w->stepping)
		note(w, w->stepping, origin, slot, rule, about);
	return __real_viz_finding_keep(trust, origin, slot, rule, verdict, about);
}

/* The same of a list of findings. */
bool __wrap_viz_finding_list_keep(struct viz_trust *trust, struct viz_finding_list *f,
				  const struct viz_id *accused, uint64_t slot)
{
	struct sim_world *w = sim_check_world();

	for (size_t i = 0; w && w->stepping && i < f->count; i++)
		note(w, w->stepping, accused, slot, f->list[i].rule, &f->list[i].about);
	return __real_viz_finding_list_keep(trust, f, accused, slot);
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
	case SIM_LIE_PROTEST: /* what others did is not shown by it */
	case SIM_LIE_DEAF:    /* no lie in what it signs: check_protest.c */
	case SIM_LIE_WAY:     /* table.c has its rules */
	case SIM_LIE_ACCOMPLICE:
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

void sim_audit_tell(const struct sim_world *w, void *arg,
		    void (*lie)(void *arg, const struct sim_told_lie *lie),
		    void (*found)(void *arg, const struct sim_told_finding *found))
{
	const struct sim_audit *a = w->checks->audit;

	for (size_t i = 0; i < a->lie_count; i++)
		lie(arg, &(struct sim_told_lie){a->lies[i].slot, a->lies[i].lie, a->lies[i].since,
						a->lies[i].at});
	for (size_t i = 0; i < a->count; i++) {
		const struct finding *f = &a->found[i];
		const struct viz_id *last = &w->machine[w->count - 1].author;

		found(arg, &(struct sim_told_finding){f->slot, f->rule, f->at, f->role, f->wrong,
						      f->why, viz_id_eq(&f->origin, last),
						      w->machine[f->by].lies != 0});
	}
}

void sim_audit_end(struct sim_world *w)
{
	const struct sim_audit *a = w->checks->audit;

	for (unsigned i = 0; i < w->count; i++)
		if (w->machine[i].node)
			read_table(w, &w->machine[i]);
	if (w->options.cheat != 0)
		return; /* table.c looks at what was found */
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
