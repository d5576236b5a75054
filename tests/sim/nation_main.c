/* A nation: what is asked for, what of it is real, and whether all goals were reached. */
#include "tests/sim/nation.h"

#include <getopt.h>
#include "node/core/core.h"
#include "node/host/limits.h"
#include "proto/base.h"

#define FEW 1000 /* nodes: of so many each publishes, and each has a directory of its own */

static int usage(void)
{
	fprintf(stderr,
		"usage: sim --profile nation [--seed N] [--nodes 20-20000] [--origins N]\n"
		"           [--publishers N] [--records N] [--upgrade MINUTES] [--split MINUTES]\n"
		"           [--days N]\n"
		"           [--share] [--check] [--twice] [--json]\n"
		"           [--play "
		"power,calm,keys,offers,day,upgrade,stallers,droppers,split,year]\n");
	return 2;
}

static bool parse(struct nation_options *o, int argc, char **argv)
{
	static const struct option options[] = {
	    {"profile", 1, NULL, 'p'}, {"seed", 1, NULL, 's'},       {"nodes", 1, NULL, 'n'},
	    {"origins", 1, NULL, 'o'}, {"records", 1, NULL, 'r'},    {"upgrade", 1, NULL, 'u'},
	    {"split", 1, NULL, 't'},   {"json", 0, NULL, 'j'},       {"play", 1, NULL, 'P'},
	    {"share", 0, NULL, 'S'},   {"publishers", 1, NULL, 'b'}, {"twice", 0, NULL, '2'},
	    {"check", 0, NULL, 'c'},   {"days", 1, NULL, 'd'},       {NULL, 0, NULL, 0}};
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		unsigned long long n = optarg ? strtoull(optarg, NULL, 10) : 0;

		if (c == 's')
			o->seed = n;
		else if (c == 'n')
			o->nodes = (unsigned)n;
		else if (c == 'o')
			o->origins = (unsigned)n;
		else if (c == 'r')
			o->records = (unsigned)n;
		else if (c == 'u')
			o->upgrade_minutes = (unsigned)n;
		else if (c == 't')
			o->split_minutes = (unsigned)n;
		else if (c == 'd')
			o->days = (unsigned)n;
		else if (c == 'j')
			o->json = true;
		else if (c == 'c')
			o->check = true;
		else if (c == '2')
			o->twice = true;
		else if (c == 'b')
			o->publishers = (unsigned)n;
		else if (c == 'S')
			o->share = true;
		else if (c == 'P')
			o->play = optarg;
		else if (c != 'p')
			return false;
	}
	if (o->origins == 0)
		o->origins = o->nodes <= FEW ? o->nodes / 60 + 1 : FEW / 60 + 1;
	o->share |= o->nodes > FEW;
	if (o->publishers == 0 || o->publishers > o->nodes)
		o->publishers = o->nodes <= FEW ? o->nodes : 50;
	return optind == argc && o->nodes >= 20 && o->nodes <= 20000 && o->origins <= o->nodes &&
	       o->publishers >= o->origins && o->records > 0 && o->upgrade_minutes > 0 &&
	       o->split_minutes > 0 && o->days >= 4;
}

static void print_what(const struct nation *w)
{
	printf(
	    "nation: seed %llu, %u nodes, %u origins, made in %.1f s, %.1f MiB in the base, %.2f "
	    "GiB\n",
	    (unsigned long long)w->options.seed, w->count, w->options.origins,
	    nation_seconds() - w->begun_s, (double)sim_memory_base_bytes(w->base) / (1 << 20),
	    (double)nation_resident_bytes() / (1 << 30));
	printf("real: each core, its store above LMDB, its vault above the file, each message; "
	       "signatures, checked "
	       "once a process\n");
	if (w->common)
		printf(
		    "shared: the directory that all begin with (%.1f MiB); each keeps what it has "
		    "changed of it, and its start does not load it\n",
		    (double)sim_image_bytes() / (1 << 20));
	if (w->publishers < w->count)
		printf("sampled: %u of %u publish, by lot (1 in %.0f): only these sign NODE when "
		       "they start, and heartbeats\n",
		       w->publishers, w->count, (double)w->count / w->publishers);
	printf("not real: LMDB (rows in memory, with a base that all share)%s, the handshake, the "
	       "time that a batch takes (125 us an event), clocks (right, but in a year)\n",
	       w->common ? ", the sweep of what is over" : "");
}

static struct nation *make(const struct nation_options *options)
{
	struct nation *w = calloc(1, sizeof *w);

	VIZ_REQUIRE(w);
	w->options = *options;
	w->begun_s = nation_seconds();
	w->rng.state = w->options.seed ^ UINT64_C(0x6e6174696f6e);
	w->count = w->options.nodes;
	w->node = calloc(w->count, sizeof *w->node);
	VIZ_REQUIRE(w->node);
	nation_make(w);
	return w;
}

/* Returns how many goals were missed. */
static unsigned run(const struct nation_options *options, uint64_t *hash)
{
	struct nation *w = make(options);
	unsigned missed;

	nation_world = w;
	if (!w->options.json)
		print_what(w);
	nation_play(w);
	nation_goal(w, "all", (double)w->outside, 0, "", "circle records outside of their circles");
	nation_goal(w, "all", (double)w->sent_outside, 0, "",
		    "circle records sent out of their circles");
	nation_goal(w, "all", (double)w->longest_queue, VIZ_HOST_QUEUE_MESSAGES, "",
		    "longest queue of a node");
	nation_table_missed(w);
	missed = w->missed;
	*hash = w->hash;
	if (!w->options.json)
		printf("nation: hash %016llx\n", (unsigned long long)w->hash);
	nation_world = NULL;
	nation_free(w);
	return missed;
}

int sim_nation_main(int argc, char **argv)
{
	struct nation_options options = {
	    .seed = 1,
	    .nodes = 1000,
	    .records = 30,
	    .upgrade_minutes = 60,
	    .split_minutes = 60,
	    .days = 365,
	    .play = "power,calm,keys,offers,day,upgrade,stallers,droppers,split"};
	uint64_t hash = 0, again = 0;
	unsigned missed;

	if (!parse(&options, argc, argv))
		return usage();
	if (options.nodes > FEW && !sim_image_has_writes()) {
		fprintf(stderr,
			"sim: more than %d nodes are for tests/sim/sim_nation, which is told of "
			"writes\n",
			FEW);
		return 2;
	}
	if (options.check)
		sim_image_check_writes();
	missed = run(&options, &hash);
	if (options.twice) {
		missed += run(&options, &again);
		if (hash != again)
			fprintf(stderr, "sim: nation, seed %llu: the second run was another\n",
				(unsigned long long)options.seed);
		missed += hash != again;
	}
	return missed > 0;
}
