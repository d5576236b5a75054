/* sim: runs seeds. A failure prints the command that replays it. */
#include "tests/sim/nation.h"
#include "tests/sim/play.h"
#include "tests/sim/search.h"

#include <getopt.h>
#include <time.h>
#include "crypto/crypto.h"
#include "proto/base.h"

struct plan {
	struct sim_options options;
	uint64_t from, to;
	unsigned fresh; /* how many seeds from fresh_seed to run */
	bool twice;
	struct sim_search_options search; /* with a story: no seeds are run */
	bool has_table;
	struct sim_table_options table;
};

static double seconds(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static void run(const struct sim_options *o, char hex[65])
{
	double begin = seconds();
	struct sim_world *w = sim_world_new(o);
	const struct sim_play *p = w->play;

	sim_world_run(w);
	sim_trace_hash(w, hex);
	printf(
	    "seed %llu %s: %u nodes, %u min in %.1f s: %llu batches, %llu crashes, %u offers, %u "
	    "awards (%u again), %u came back, %u calls, %u revoked, hash %.16s\n",
	    (unsigned long long)o->seed, sim_profile_name(o->profile), o->nodes, o->minutes,
	    seconds() - begin, (unsigned long long)w->batches, (unsigned long long)w->crashes,
	    p->offers, p->awards, p->second, p->returns, p->calls, p->revocations, hex);
	if (o->prune)
		printf("  pruned, or taken back: %llu\n", (unsigned long long)w->faults.prunes);
	fflush(stdout);
	sim_world_free(w);
}

static int run_seed(const struct plan *plan, uint64_t seed)
{
	struct sim_options o = plan->options;
	char hex[65], again[65];

	o.seed = seed;
	run(&o, hex);
	if (!plan->twice)
		return 0;
	run(&o, again);
	if (strcmp(hex, again) == 0)
		return 0;
	fprintf(stderr, "sim: seed %llu: I8 is broken: two runs differ\n",
		(unsigned long long)seed);
	return 1;
}

static bool parse_profile(enum sim_profile *out, const char *text)
{
	for (unsigned i = SIM_CALM; i <= SIM_CLONES; i++) {
		*out = (enum sim_profile)i;
		if (strcmp(text, sim_profile_name(*out)) == 0)
			return true;
	}
	return false;
}

static int usage(void)
{
	fprintf(stderr,
		"usage: sim [--seed N | --seeds A..B] [--fresh COUNT] [--nodes 2-2048] "
		"[--minutes 4-600]\n"
		"           [--profile calm|rough|liars|clones] [--prune] [--twice] [--trace]\n"
		"       sim --interleave plain|again|crash|rollback|rotation|clone|alone|all\n"
		"           [--depth 0-8] [--part K/N] [--whole] [--mutant own] [--trail "
		"STEP:CHOICE,...] [--trace]\n"
		"       sim --table [--kinds A,B] [--rates R,S] [--offers LIES] [--seeds A..B]\n"
		"           [--accomplices COUNT] [--some KINDS]\n"
		"       sim --honest OFFERS [--seeds A..B]\n"
		"       sim --profile nation ...\n");
	return 2;
}

static bool parse(struct plan *plan, int argc, char **argv)
{
	static const struct option options[] = {{"seed", 1, NULL, 's'},
						{"seeds", 1, NULL, 'S'},
						{"fresh", 1, NULL, 'f'},
						{"nodes", 1, NULL, 'n'},
						{"minutes", 1, NULL, 'm'},
						{"profile", 1, NULL, 'p'},
						{"twice", 0, NULL, '2'},
						{"interleave", 1, NULL, 'i'},
						{"depth", 1, NULL, 'd'},
						{"table", 0, NULL, 'T'},
						{"kinds", 1, NULL, 'k'},
						{"rates", 1, NULL, 'r'},
						{"offers", 1, NULL, 'o'},
						{"honest", 1, NULL, 'h'},
						{"mutant", 1, NULL, 'x'},
						{"whole", 0, NULL, 'w'},
						{"part", 1, NULL, 'P'},
						{"trail", 1, NULL, 'l'},
						{"accomplices", 1, NULL, 'a'},
						{"some", 1, NULL, 'K'},
						{"trace", 0, NULL, 't'},
						{"prune", 0, NULL, 'u'},
						{NULL, 0, NULL, 0}};
	unsigned long long a, b;
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 's')
			plan->from = plan->to = strtoull(optarg, NULL, 10);
		else if (c == 'S' && sscanf(optarg, "%llu..%llu", &a, &b) == 2 && a <= b)
			plan->from = a, plan->to = b;
		else if (c == 'f')
			plan->fresh = (unsigned)strtoul(optarg, NULL, 10);
		else if (c == 'n')
			plan->options.nodes = (unsigned)strtoul(optarg, NULL, 10);
		else if (c == 'm')
			plan->options.minutes = (unsigned)strtoul(optarg, NULL, 10);
		else if (c == 'p' && parse_profile(&plan->options.profile, optarg))
			continue;
		else if (c == 'i')
			plan->search.story = optarg;
		else if (c == 'd')
			plan->search.depth = (unsigned)strtoul(optarg, NULL, 10);
		else if (c == 'x' && sim_mutant_set(optarg))
			plan->search.mutant = optarg;
		else if (c == 'l')
			plan->search.trail = optarg;
		else if (c == 'P' &&
			 sscanf(optarg, "%u/%u", &plan->search.part, &plan->search.parts) == 2 &&
			 plan->search.part < plan->search.parts)
			continue;
		else if (c == 'w')
			plan->search.whole = true;
		else if (c == 'T')
			plan->has_table = true;
		else if (c == 'k')
			plan->table.kinds = optarg;
		else if (c == 'r')
			plan->table.rates = optarg;
		else if (c == 'o')
			plan->table.wanted = (unsigned)strtoul(optarg, NULL, 10);
		else if (c == 'h')
			plan->table.honest = (unsigned)strtoul(optarg, NULL, 10);
		else if (c == 'K')
			plan->table.some = (unsigned)strtoul(optarg, NULL, 10);
		else if (c == 'a')
			plan->table.accomplice = (unsigned)strtoul(optarg, NULL, 10);
		else if (c == '2')
			plan->twice = true;
		else if (c == 't')
			plan->options.trace = true;
		else if (c == 'u')
			plan->options.prune = true;
		else
			return false;
	}
	return optind == argc && plan->search.depth <= 8 && plan->options.nodes >= 2 &&
	       plan->options.nodes <= SIM_NODES_MAX && plan->options.minutes >= 4 &&
	       plan->options.minutes <= 600;
}

/* The first of the seeds that nobody has run before. tools/test sets VIZ_FRESH to the commit, so
 * that a second run of the same commit gets the same seeds. Without it the time of day decides. */
static uint64_t fresh_seed(void)
{
	const char *text = getenv("VIZ_FRESH");

	if (text && text[0] != '\0')
		return strtoull(text, NULL, 16) % 1000000000 * 10;
	return (uint64_t)time(NULL) % 1000000000 * 10;
}

/* Without --seeds there are as many as it takes, within a bound. */
static int run_table(struct plan *plan)
{
	plan->table.world = plan->options;
	plan->table.fresh = fresh_seed() / 10;
	plan->table.from = plan->from;
	plan->table.to = plan->to != 0 ? plan->to : plan->from + 100000;
	if (plan->has_table && plan->options.profile == SIM_ROUGH)
		plan->table.world.profile = SIM_CALM; /* the rough one breaks what would be found */
	return sim_table_run(&plan->table);
}

/* A world of another kind, with options of its own. */
static bool is_nation(int argc, char **argv)
{
	for (int i = 1; i + 1 < argc; i++)
		if (strcmp(argv[i], "--profile") == 0 && strcmp(argv[i + 1], "nation") == 0)
			return true;
	return false;
}

int main(int argc, char **argv)
{
	struct plan plan = {.options = {.nodes = 10, .minutes = 6, .profile = SIM_ROUGH},
			    .from = 1,
			    .search = {.parts = 1},
			    .table = {.wanted = 10}};
	uint64_t fresh = fresh_seed();
	int bad = 0;

	VIZ_REQUIRE(viz_crypto_init() == VIZ_OK);
	if (is_nation(argc, argv))
		return sim_nation_main(argc, argv);
	if (!parse(&plan, argc, argv))
		return usage();
	if (plan.search.story)
		return sim_search_run(&plan.search, plan.options.trace);
	if (plan.has_table || plan.table.honest > 0)
		return run_table(&plan);
	for (uint64_t seed = plan.from; seed <= plan.to && bad == 0; seed++)
		bad = run_seed(&plan, seed);
	for (unsigned i = 0; i < plan.fresh && bad == 0; i++)
		bad = run_seed(&plan, fresh + i);
	return bad;
}
