/* The table: each kind of cheat at each rate, in worlds of one seed after the other, until enough
 * lies got out. A lie counts as found when somebody else has one of the rules of its kind about the
 * offer. PROTOCOL.md section 13 says until when: a contradiction when the records are held, a
 * suspicion after suspicion_ms. Not in it is a false PROOF, which a person must bring to somebody.
 */
#include "node/audit/rules.h"
#include "node/audit/suspicion.h"
#include "tests/sim/play.h"

#define RULES_MAX 3

static const struct kind {
	const char *name;
	enum sim_lie lie;
	unsigned rule[RULES_MAX]; /* any of them */
} kinds[] = {
    {"omit", SIM_LIE_OMIT, {VIZ_RULE_OMITTED, VIZ_RULE_OMITTED_ACKNOWLEDGED}},
    {"blocked", SIM_LIE_BLOCKED, {VIZ_RULE_FALSE_REASON}},
    {"favour", SIM_LIE_FAVOUR, {VIZ_RULE_DRAW_TURN}},
    {"turn", SIM_LIE_TURN, {VIZ_RULE_TURN_FALSE}},
    {"newcomer", SIM_LIE_NEWCOMER, {VIZ_RULE_NEWCOMER_FALSE}},
    {"node", SIM_LIE_NODE, {VIZ_RULE_NODE_FALSE}},
    {"view", SIM_LIE_VIEW, {VIZ_SUSPICION_VIEW_UNSERVED}},
    {"deaf", SIM_LIE_DEAF, {VIZ_SUSPICION_UNHEARD, VIZ_RULE_CLOSED_EARLY}},
    {"early", SIM_LIE_CLOSES_EARLY, {VIZ_RULE_CLOSED_EARLY}},
    {"forged", SIM_LIE_FORGED, {VIZ_RULE_PLEDGE_FORGED}},
    {"drop", SIM_LIE_DROP, {VIZ_RULE_PLEDGE_DROPPED}},
    {"entries", SIM_LIE_ENTRIES, {VIZ_RULE_CLOSE_ENTRIES}},
    {"withhold", SIM_LIE_WITHHOLD, {VIZ_SUSPICION_WITHHELD, VIZ_SUSPICION_UNENDED}},
    {"result", SIM_LIE_RESULT_EARLY, {VIZ_RULE_RESULT_EARLY}},
    {"salt", SIM_LIE_SALT, {VIZ_RULE_SALT}},
    {"reveal", SIM_LIE_REVEAL, {VIZ_RULE_REVEAL_FALSE}},
    {"reorder", SIM_LIE_REORDER, {VIZ_RULE_ORDER}},
    {"twice", SIM_LIE_TWICE, {VIZ_RULE_LEASE_OUTLASTED}},
    {"equivocate", SIM_LIE_EQUIVOCATE, {VIZ_RULE_EQUIVOCATION}},
    {"fork", SIM_LIE_FORK, {VIZ_RULE_LOG_FORK}},
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
	unsigned planted, found, by[SIM_FINDERS], wrong;
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

	r->row->wrong += f->wrong;
	for (size_t i = 0; i < r->count; i++) {
		struct lie *l = &r->lie[i];

		if (!f->of_last || f->by_last || f->slot != l->told.slot ||
		    !shows(r->row->kind, f->rule))
			continue;
		l->by[f->role] = true;
		if (f->at < l->found_at)
			l->found_at = f->at;
	}
}

static void count_lies(struct row *row, const struct run *r, const struct sim_world *w)
{
	for (size_t i = 0; i < r->count; i++) {
		const struct lie *l = &r->lie[i];

		row->planted++;
		if (l->found_at == INT64_MAX) {
			fprintf(stderr,
				"sim: seed %llu: nobody finds the lie \"%s\" about slot %llx at "
				"+%lld ms\nreplay: sim --table --kinds %s --rates %g --seed %llu\n",
				(unsigned long long)w->options.seed, row->kind->name,
				(unsigned long long)l->told.slot,
				(long long)(l->told.at - w->began), row->kind->name,
				row->rate / (double)SIM_RATE_ALL,
				(unsigned long long)w->options.seed);
			continue;
		}
		for (unsigned k = 0; k < SIM_FINDERS; k++)
			row->by[k] += l->by[k];
		row->took = sim_more(row->took, row->found, &row->capacity, sizeof *row->took);
		row->took[row->found++] = l->found_at - l->told.at;
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
	printf("%6g %7llu %7u %7u %6.1f%% %6u %7u %6u %5u %8.2f %8.2f %9s %6u\n",
	       row->rate / (double)SIM_RATE_ALL, (unsigned long long)row->offers, row->planted, n,
	       row->planted ? 100.0 * n / row->planted : 0.0, row->by[SIM_FINDER_CIRCLE],
	       row->by[SIM_FINDER_PLEDGER], row->by[SIM_FINDER_HOLDER], row->by[SIM_FINDER_OTHER],
	       n ? (double)row->took[n / 2] / 1000 : 0.0, n ? (double)row->took[n - 1] / 1000 : 0.0,
	       row->kind->rule[0] >= VIZ_SUSPICION_FIRST ? "suspicion" : "held", row->wrong);
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
	struct row row = {.kind = k, .rate = rate};
	int bad;

	for (uint64_t seed = o->from; seed <= o->to && row.planted < o->wanted; seed++) {
		struct sim_options world = o->world;

		world.seed = seed;
		world.cheat = k->lie;
		world.rate = rate;
		run_world(&row, &world);
	}
	print_row(&row);
	if (row.planted == 0)
		fprintf(stderr, "sim: no lie \"%s\" got out in these seeds\n", k->name);
	bad = row.planted == 0 || row.found < row.planted || row.wrong > 0;
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
	printf("%llu honest offers in %llu worlds: 0 contradictions, %u of clocks that were set\n",
	       (unsigned long long)offers, (unsigned long long)(seed - o->from), contradictions);
	for (size_t i = 0; i < counts.count; i++)
		printf("  %2u %-24s %6u %s\n", (unsigned)counts.of[i].rule,
		       viz_rules_name(counts.of[i].rule), counts.of[i].n,
		       counts.of[i].why ? counts.of[i].why : "a clock was set");
	print_faults(&faults);
	return 0;
}

int sim_table_run(const struct sim_table_options *o)
{
	int bad = 0;

	if (o->honest > 0)
		return run_honest(o);
	printf("%-11s %-7s%6s %7s %7s %7s %7s %6s %7s %6s %5s %8s %8s %9s %6s\n", "kind", "rules",
	       "rate", "offers", "planted", "found", "", "circle", "pledger", "holder", "other",
	       "median s", "max s", "deadline", "false");
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		const char *p = o->rates ? o->rates : "0.001,0.01,0.1,0.5";

		if (!listed(o->kinds, kinds[i].name))
			continue;
		for (; p; p = strchr(p, ',') ? strchr(p, ',') + 1 : NULL)
			bad |= fill_row(o, &kinds[i],
					(unsigned)(strtod(p, NULL) * SIM_RATE_ALL + 0.5));
	}
	return bad;
}
