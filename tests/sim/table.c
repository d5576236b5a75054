/* The table: each kind of cheat at each rate, in worlds of one seed after the other, until enough
 * lies got out. A lie counts as found when somebody honest, who can see it, has one of the rules of
 * its kind about the offer. PROTOCOL.md section 13 says until when: a contradiction when the
 * records are held, a suspicion after suspicion_ms of links. In a calm world links do not fail, so
 * that this is time, and what is found later fails the table. */
#include "node/audit/rules.h"
#include "node/audit/suspicion.h"
#include "node/core/place.h"
#include "proto/record.h"
#include "store/store.h"
#include "tests/sim/play.h"

#define RULES_MAX 3

/* Who must find it. */
#define ANYBODY  0u
#define PLEDGER  (1u << SIM_FINDER_PLEDGER | 1u << SIM_FINDER_HOLDER)
#define HOLDER   (1u << SIM_FINDER_HOLDER)
#define NO_OFFER ~0u /* whoever made the offer: it is none of the liar */

/* Until when, in seconds from the lie, by the federation of world.c. */
enum deadline {
	NONE = 0,     /* with a later offer that shows it */
	HELD = 20,    /* the record has spread, by repair when it was lost, and a view is fetched */
	OPENED = 50,  /* a NODE comes (heartbeat_ms), is opened, and the log is asked for */
	COUNTED = 60, /* the offers grow by one part in 64, and a pass counts them (section 13) */
	MET = 60,     /* two dial each other again, compare, and ask for what differs */
	SUSPECT = 80, /* suspicion_ms, counted every eighth of it, and the record as above */
	LEFT = 90,    /* likewise, and the eighth in which a link has ended counts for nothing */
	LONG =
	    160, /* suspicion_ms after the location had to be erased, suspicion_ms after closes */
	TURNS = 300, /* suspicion_ms of each second NODE, of which a pass counts a part */
};

#define LIE(NAME) SIM_LIE_##NAME, SIM_WAY_NONE
#define WAY(NAME) SIM_LIE_WAY, SIM_WAY_##NAME

static const struct kind {
	const char *name;
	unsigned lie; /* enum sim_lie */
	enum sim_way way;
	unsigned rule[RULES_MAX]; /* any of them */
	unsigned by;              /* bits of enum sim_finder, or ANYBODY */
	enum deadline within;
	bool anywhere;    /* what is found is about another offer than the lie, or about none */
	unsigned minutes; /* a world is as long as this, or longer */
} kinds[] = {
    {"omit", LIE(OMIT), {VIZ_RULE_OMITTED, VIZ_RULE_OMITTED_ACKNOWLEDGED}, ANYBODY, HELD, false, 0},
    {"blocked", WAY(BLOCKED), {VIZ_RULE_FALSE_REASON}, ANYBODY, HELD, false, 0},
    {"favour", LIE(FAVOUR), {VIZ_RULE_DRAW_TURN}, ANYBODY, HELD, false, 0},
    {"short", WAY(SHORT), {VIZ_RULE_DRAW_SHORT}, ANYBODY, HELD, false, 0},
    {"double", WAY(DOUBLE), {VIZ_RULE_DRAW_DOUBLE}, ANYBODY, HELD, false, 0},
    {"turn", WAY(TURN), {VIZ_RULE_TURN_FALSE}, ANYBODY, HELD, false, 0},
    {"newcomer", WAY(NEWCOMER), {VIZ_RULE_NEWCOMER_FALSE}, ANYBODY, HELD, false, 0},
    {"unfounded", WAY(UNFOUNDED), {VIZ_RULE_UNFOUNDED}, ANYBODY, HELD, false, 0},
    {"outside", WAY(OUTSIDE), {VIZ_RULE_ASKED_OUTSIDE}, ANYBODY, HELD, false, 8},
    {"silent", WAY(SILENT), {VIZ_SUSPICION_SILENT_FALSE}, ANYBODY, SUSPECT, false, 0},
    {"unseen", WAY(UNSEEN), {VIZ_SUSPICION_UNSEEN}, ANYBODY, HELD, false, 7},
    {"hidden", WAY(HIDDEN), {VIZ_SUSPICION_VIEW_UNSERVED}, ANYBODY, SUSPECT, false, 0},
    {"node", WAY(NODE), {VIZ_RULE_NODE_FALSE}, ANYBODY, HELD, false, 0},
    {"stale", WAY(STALE), {VIZ_RULE_NODE_STALE}, ANYBODY, OPENED, false, 0},
    {"view", WAY(VIEW), {VIZ_SUSPICION_VIEW_UNSERVED}, ANYBODY, SUSPECT, false, 0},
    {"deaf", LIE(DEAF), {VIZ_SUSPICION_UNHEARD, VIZ_RULE_CLOSED_EARLY}, ANYBODY, SUSPECT, false, 0},
    {"location", WAY(LOCATION), {VIZ_SUSPICION_UNHEARD}, ANYBODY, HELD, false, 0},
    {"receipt", WAY(RECEIPT), {VIZ_SUSPICION_UNHEARD}, ANYBODY, HELD, false, 0},
    {"early", WAY(CLOSES_EARLY), {VIZ_RULE_CLOSED_EARLY}, ANYBODY, HELD, false, 0},
    {"forged", WAY(FORGED), {VIZ_RULE_PLEDGE_FORGED}, ANYBODY, HELD, false, 0},
    {"drop", LIE(DROP), {VIZ_RULE_PLEDGE_DROPPED}, PLEDGER, HELD, false, 0},
    {"entries", WAY(ENTRIES), {VIZ_RULE_CLOSE_ENTRIES}, ANYBODY, HELD, false, 0},
    {"mixed", WAY(MIXED), {VIZ_RULE_LOG_MIXED}, ANYBODY, HELD, false, 0},
    {"withhold", WAY(WITHHOLD), {VIZ_SUSPICION_WITHHELD}, ANYBODY, OPENED + SUSPECT, false, 0},
    {"unended", WAY(WITHHOLD), {VIZ_SUSPICION_UNENDED}, ANYBODY, OPENED + SUSPECT, false, 0},
    {"result", WAY(RESULT_EARLY), {VIZ_RULE_RESULT_EARLY}, ANYBODY, HELD, false, 0},
    {"order", WAY(RESULT_FALSE), {VIZ_RULE_RESULT_FALSE}, ANYBODY, HELD, false, 0},
    {"salt", WAY(SALT), {VIZ_RULE_SALT}, ANYBODY, HELD, false, 0},
    {"reveal", WAY(REVEAL), {VIZ_RULE_REVEAL_FALSE}, ANYBODY, HELD, false, 0},
    {"unrevealed", WAY(REVEAL_DROP), {VIZ_RULE_REVEAL_DROPPED}, PLEDGER, HELD, false, 0},
    {"reorder", LIE(REORDER), {VIZ_RULE_ORDER}, ANYBODY, HELD, false, 0},
    {"again", WAY(AGAIN), {VIZ_RULE_CHOICE_ORDER}, ANYBODY, HELD, false, 0},
    {"twice", LIE(TWICE), {VIZ_RULE_LEASE_OUTLASTED}, HOLDER, HELD, false, 0},
    {"unleased", WAY(UNLEASED), {VIZ_SUSPICION_UNLEASED}, HOLDER, SUSPECT, false, 0},
    {"proof", WAY(PROOF), {VIZ_RULE_PROOF_FALSE}, ANYBODY, HELD, false, 0},
    {"equivocate", LIE(EQUIVOCATE), {VIZ_RULE_EQUIVOCATION}, ANYBODY, HELD, false, 0},
    {"fork", WAY(FORK), {VIZ_RULE_LOG_FORK}, ANYBODY, HELD, false, 0},
    {"shown", WAY(SHOWN), {VIZ_RULE_LOG_FORK, VIZ_RULE_EQUIVOCATION}, ANYBODY, MET, false, 7},
    {"back", WAY(BACK), {VIZ_RULE_LOG_ORDER}, ANYBODY, HELD, false, 0},
    {"dates", WAY(DATES), {VIZ_RULE_PARTNER_DATES}, ANYBODY, HELD, false, 0},
    {"backdated", WAY(BACKDATED), {VIZ_RULE_PARTNER_BACKDATED}, ANYBODY, HELD, false, 0},
    {"between", WAY(BETWEEN), {VIZ_RULE_PARTNER_BACKDATED}, ANYBODY, HELD, false, 0},
    {"other-log", WAY(OTHER_LOG), {VIZ_RULE_NODE_FALSE}, ANYBODY, HELD, false, 0},
    {"unopened", WAY(UNOPENED), {VIZ_SUSPICION_HEAD_UNOPENED}, ANYBODY, SUSPECT, true, 0},
    {"unlinked", WAY(UNLINKED), {VIZ_SUSPICION_NO_LINK}, ANYBODY, LEFT, true, 6},
    {"logs", WAY(LOGS), {VIZ_SUSPICION_LOG_OFTEN}, ANYBODY, HELD, false, 6},
    {"old-log", WAY(OLD_LOG), {VIZ_SUSPICION_OLD_LOG}, ANYBODY, OPENED, false, 8},
    {"log-back", WAY(LOG_BACK), {VIZ_SUSPICION_LOG_BACKDATED}, ANYBODY, HELD, false, 0},
    {"reset", WAY(RESET), {VIZ_SUSPICION_TURN_RESET}, ANYBODY, NONE, true, 7},
    {"starts", WAY(STARTS), {VIZ_SUSPICION_START_OFTEN}, ANYBODY, HELD, false, 7},
    {"strikes", WAY(STRIKES), {VIZ_SUSPICION_STRUCK_OFTEN}, ANYBODY, COUNTED, true, 12},
    {"burns", WAY(BURNS), {VIZ_SUSPICION_BURNT_AIMED}, ANYBODY, COUNTED, true, 16},
    {"unacked", WAY(UNACKED), {VIZ_SUSPICION_UNACKNOWLEDGED}, ANYBODY, SUSPECT, false, 0},
    {"ack-draw", WAY(ACK_DRAW), {VIZ_RULE_OMITTED_ACKNOWLEDGED}, ANYBODY, HELD, false, 7},
    {"ack-start", WAY(ACK_START), {VIZ_SUSPICION_UNSEEN}, ANYBODY, HELD, false, 7},
    {"ack-key", WAY(ACK_KEY), {VIZ_RULE_OMITTED_ACKNOWLEDGED}, ANYBODY, HELD, false, 7},
    {"night", WAY(NIGHT), {VIZ_SUSPICION_SILENT_FALSE}, ANYBODY, SUSPECT, false, 8},
    {"heads", WAY(HEADS), {VIZ_SUSPICION_HEAD_UNOPENED}, ANYBODY, TURNS, true, 7},
    {"protests", WAY(PROTESTS), {VIZ_SUSPICION_UNHEARD}, ANYBODY, HELD, false, 6},
    {"short-lease", WAY(SHORT_LEASE), {VIZ_RULE_LEASE_OUTLASTED}, HOLDER, OPENED, false, 0},
    {"pledges", WAY(PLEDGES), {VIZ_RULE_TWO_PLEDGES}, NO_OFFER, HELD, false, 0},
    {"unerased", WAY(UNERASED), {VIZ_SUSPICION_UNERASED}, NO_OFFER, LONG, false, 0},
};

/* A lie of this world. */
struct lie {
	struct sim_told_lie told;
	int64_t found_at; /* INT64_MAX: it is not found */
	bool by[SIM_FINDERS];
};

/* A line of the table. */
struct row {
	const struct kind *kind;
	unsigned rate;
	uint64_t offers;
	unsigned planted, found, late, by[SIM_FINDERS], wrong;
	unsigned evidence, proved; /* contradictions that honest nodes hold, and those that they can
				      prove to an outsider */
	bool calm;
	int64_t *took; /* of each that was found, in ms */
	size_t capacity;
};

/* One world. */
struct run {
	struct row *row;
	struct lie *lie;
	size_t count, capacity;
};

static void hear_lie(void *arg, const struct sim_told_lie *told)
{
	struct run *r = arg;

	r->lie = sim_more(r->lie, r->count, &r->capacity, sizeof *r->lie);
	r->lie[r->count++] = (struct lie){.told = *told, .found_at = INT64_MAX};
}

static bool shows(const struct kind *k, unsigned rule)
{
	for (unsigned i = 0; i < RULES_MAX; i++)
		if (k->rule[i] != 0 && k->rule[i] == rule)
			return true;
	return false;
}

static void hear_finding(void *arg, const struct sim_told_finding *f)
{
	struct run *r = arg;
	const struct kind *k = r->row->kind;

	r->row->wrong += f->wrong;
	for (size_t i = 0; i < r->count; i++) {
		struct lie *l = &r->lie[i];

		if (!f->of_last || f->by_liar || !shows(k, f->rule) ||
		    (k->anywhere ? f->at < l->told.since : f->slot != l->told.slot) ||
		    (k->by != ANYBODY && !(k->by & 1u << f->role)))
			continue;
		l->by[f->role] = true;
		if (f->at < l->found_at)
			l->found_at = f->at;
	}
}

/* Says what is wrong with a lie, and how to see it again. */
static void complain(const struct row *row, const struct lie *l, const struct sim_world *w,
		     const char *what)
{
	fprintf(stderr,
		"sim: seed %llu: %s the lie \"%s\" about slot %llx at +%lld ms\n"
		"replay: sim --table --kinds %s --rates %g --seed %llu --nodes %u --minutes %u "
		"--accomplices %u\n",
		(unsigned long long)w->options.seed, what, row->kind->name,
		(unsigned long long)l->told.slot, (long long)(l->told.at - w->began),
		row->kind->name, row->rate / (double)SIM_RATE_ALL,
		(unsigned long long)w->options.seed, w->options.nodes, w->options.minutes,
		w->options.accomplice);
}

/* Whether somebody honest holds the offer, and so can see the lie: all others in its circle may be
 * accomplices. Of a lie about no offer: whether a record with it has come to somebody honest, to
 * whom it shows it. At first an accomplice may be the only one that has a link with the liar. */
static bool shown(struct sim_world *w, uint64_t slot)
{
	bool held = slot == 0 && sim_audit_shown(w);

	for (unsigned i = 0; i + 1 < w->count; i++) {
		struct sim_machine *m = &w->machine[i];
		struct viz_held h;

		if (!m->node || m->lies != 0)
			continue;
		VIZ_REQUIRE(viz_store_begin(m->store) == VIZ_OK);
		held |= viz_place_get(&m->node->core, &h, NULL, &w->machine[w->count - 1].author,
				      VIZ_TYPE_OFFER, slot);
		viz_store_abort(m->store);
	}
	return held;
}

static void count_lies(struct row *row, const struct run *r, struct sim_world *w)
{
	for (size_t i = 0; i < r->count; i++) {
		const struct lie *l = &r->lie[i];

		if (l->found_at == INT64_MAX && w->options.accomplice > 0 &&
		    row->kind->by != NO_OFFER && !shown(w, l->told.slot))
			continue;
		row->planted++;
		if (l->found_at == INT64_MAX) {
			complain(row, l, w, "nobody finds");
			continue;
		}
		if (row->calm && row->kind->within != NONE &&
		    l->found_at > l->told.at + 1000 * (int64_t)row->kind->within) {
			complain(row, l, w, "too late is found");
			row->late++;
		}
		for (unsigned k = 0; k < SIM_FINDERS; k++)
			row->by[k] += l->by[k];
		row->took = sim_more(row->took, row->found, &row->capacity, sizeof *row->took);
		row->took[row->found++] = l->found_at > l->told.at ? l->found_at - l->told.at : 0;
	}
}

static void run_world(struct row *row, const struct sim_options *o)
{
	struct sim_world *w = sim_world_new(o);
	struct run r = {.row = row};

	sim_world_run_until(w, w->end_at);
	sim_audit_end(w);
	sim_audit_tell(w, &r, hear_lie, hear_finding);
	count_lies(row, &r, w);
	row->offers += w->lied_offers;
	sim_export(w);
	row->evidence += w->exported.asked;
	row->proved += w->exported.proved;
	free(r.lie);
	sim_world_free(w);
}

static int ascending(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void print_rules(const struct kind *k)
{
	char text[32] = "";

	for (unsigned i = 0; i < RULES_MAX && k->rule[i] != 0; i++)
		snprintf(text + strlen(text), sizeof text - strlen(text), "%s%u", i ? "," : "",
			 k->rule[i]);
	printf("%-11s %-7s", k->name, text);
}

static void print_row(const struct row *row)
{
	unsigned n = row->found;

	if (n > 0)
		qsort(row->took, n, sizeof *row->took, ascending);
	print_rules(row->kind);
	printf("%6g %7llu %7u %7u %6.1f%% %6u %7u %6u %5u %8.2f %8.2f %8u %5u %6u %5u/%u\n",
	       row->rate / (double)SIM_RATE_ALL, (unsigned long long)row->offers, row->planted, n,
	       row->planted ? 100.0 * n / row->planted : 0.0, row->by[SIM_FINDER_CIRCLE],
	       row->by[SIM_FINDER_PLEDGER], row->by[SIM_FINDER_HOLDER], row->by[SIM_FINDER_OTHER],
	       n ? (double)row->took[n / 2] / 1000 : 0.0, n ? (double)row->took[n - 1] / 1000 : 0.0,
	       row->kind->within, row->late, row->wrong, row->proved, row->evidence);
	fflush(stdout);
}

/* Whether `name` is in the list by comma; NULL: of all. */
static bool listed(const char *list, const char *name)
{
	size_t n = strlen(name);

	for (const char *p = list; p; p = strchr(p, ',') ? strchr(p, ',') + 1 : NULL)
		if (strncmp(p, name, n) == 0 && (p[n] == ',' || p[n] == '\0'))
			return true;
	return !list;
}

static int fill_row(const struct sim_table_options *o, const struct kind *k, unsigned rate)
{
	struct row row = {.kind = k, .rate = rate, .calm = o->world.profile == SIM_CALM};
	int bad;

	for (uint64_t seed = o->from; seed <= o->to && row.planted < o->wanted; seed++) {
		struct sim_options world = o->world;

		world.seed = seed;
		if (world.minutes < k->minutes)
			world.minutes = k->minutes;
		world.cheat = k->lie;
		world.way = k->way;
		world.accomplice = o->accomplice;
		world.rate = rate;
		run_world(&row, &world);
	}
	print_row(&row);
	if (row.planted == 0)
		fprintf(stderr, "sim: no lie \"%s\" got out in these seeds\n", k->name);
	bad = row.planted == 0 || row.found < row.planted || row.late > 0 || row.wrong > 0 ||
	      row.proved < row.evidence;
	free(row.took);
	return bad;
}

#define REASONS_MAX 64

/* What was suspected of honest nodes, by rule and by what did not come. */
struct counts {
	struct {
		enum viz_rule rule;
		const char *why;
		unsigned n;
	} of[REASONS_MAX];
	size_t count;
};

static void count_suspicion(void *arg, const struct sim_told_finding *f)
{
	struct counts *c = arg;
	size_t i = 0;

	while (i < c->count && (c->of[i].rule != f->rule || c->of[i].why != f->why))
		i++;
	VIZ_REQUIRE(i < REASONS_MAX);
	if (i == c->count) {
		c->of[i].rule = f->rule;
		c->of[i].why = f->why;
		c->count++;
	}
	c->of[i].n++;
}

static void no_lie(void *arg, const struct sim_told_lie *lie)
{
	(void)arg;
	(void)lie;
}

/* What went wrong, by its name. */
static const struct {
	const char *name;
	size_t offset;
} fault_names[] = {
#define FAULT(field, name)                                                                         \
	{                                                                                          \
		name, offsetof(struct sim_faults, field)                                           \
	}
    FAULT(cut, "links that died"),
    FAULT(lost, "messages lost with a link"),
    FAULT(stalls, "messages that stalled"),
    FAULT(partitions, "partitions"),
    FAULT(crashes, "starts after a crash"),
    FAULT(outages, "long outages"),
    FAULT(restores, "older states restored"),
    FAULT(quarantines, "quarantines"),
    FAULT(rotations, "keys rotated"),
    FAULT(revocations, "keys revoked"),
    FAULT(forward, "clocks set forward"),
    FAULT(back, "clocks set back"),
    FAULT(ahead, "records from a clock ahead"),
    FAULT(late, "records that came late"),
#undef FAULT
};

static uint64_t *fault_at(struct sim_faults *f, size_t i)
{
	return (uint64_t *)(void *)((uint8_t *)f + fault_names[i].offset);
}

static void count_faults(struct sim_faults *sum, struct sim_world *w)
{
	w->faults.crashes = w->crashes;
	for (size_t i = 0; i < sizeof fault_names / sizeof *fault_names; i++)
		*fault_at(sum, i) += *fault_at(&w->faults, i);
}

static void print_faults(struct sim_faults *f)
{
	for (size_t i = 0; i < sizeof fault_names / sizeof *fault_names; i++)
		printf("  %-27s %llu\n", fault_names[i].name, (unsigned long long)*fault_at(f, i));
}

/* Runs worlds in which nobody lies. A contradiction of one whose clock was not set, and a suspicion
 * without a reason, end the process (check_audit.c). */
static int run_honest(const struct sim_table_options *o)
{
	struct counts counts = {0};
	unsigned contradictions = 0;
	uint64_t offers = 0, seed;
	struct sim_faults faults = {0};

	for (seed = o->from; seed <= o->to && offers < o->honest; seed++) {
		struct sim_options world = o->world;
		struct sim_world *w;

		world.seed = seed;
		world.busy = true;
		w = sim_world_new(&world);
		sim_world_run(w);
		sim_audit_tell(w, &counts, no_lie, count_suspicion);
		offers += w->play->offers;
		count_faults(&faults, w);
		sim_world_free(w);
	}
	for (size_t i = 0; i < counts.count; i++)
		if ((unsigned)counts.of[i].rule < VIZ_SUSPICION_FIRST)
			contradictions += counts.of[i].n;
	printf("%llu honest offers in %llu worlds: 0 contradictions, %u after a clock was set or "
	       "an older state restored\n",
	       (unsigned long long)offers, (unsigned long long)(seed - o->from), contradictions);
	for (size_t i = 0; i < counts.count; i++)
		printf("  %2u %-24s %6u %s\n", (unsigned)counts.of[i].rule,
		       viz_rules_name(counts.of[i].rule), counts.of[i].n,
		       counts.of[i].why ? counts.of[i].why : "");
	print_faults(&faults);
	return 0;
}

int sim_table_run(const struct sim_table_options *o)
{
	const size_t n = sizeof kinds / sizeof *kinds;
	int bad = 0;

	if (o->honest > 0)
		return run_honest(o);
	printf("%-11s %-7s%6s %7s %7s %7s %7s %6s %7s %6s %5s %8s %8s %8s %5s %6s %s\n", "kind",
	       "rules", "rate", "offers", "planted", "found", "", "circle", "pledger", "holder",
	       "other", "median s", "max s", "until s", "late", "false", "evidence");
	for (size_t i = 0; i < n; i++) {
		const char *p = o->rates ? o->rates : "0.001,0.01,0.1,0.5";

		/* some, from another one on with each commit */
		if (!listed(o->kinds, kinds[i].name) ||
		    (o->some != 0 && (i + n - o->fresh % n) % n >= o->some))
			continue;
		for (; p; p = strchr(p, ',') ? strchr(p, ',') + 1 : NULL)
			bad |= fill_row(o, &kinds[i],
					(unsigned)(strtod(p, NULL) * SIM_RATE_ALL + 0.5));
	}
	return bad;
}
