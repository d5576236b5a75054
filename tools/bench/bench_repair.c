/* What a repair between two nodes sends, and costs: with equal sets, with one difference, with ten
 * thousand, and with all.
 *
 *   bench_repair [--members N] [--records N] [--bulk] [--region BYTES] [--json] [DIRECTORY]
 *
 * Both nodes hold the records of the same members (members.h) and have a link that takes 25 ms each
 * way. Differences are records that one of them has got and the other has not, half on each side,
 * chosen among all; what it floods is lost. Then one begins a repair, and time goes on until
 * nothing more comes. A COVERAGE has 16 ranges of postcodes and, with --region, so many bytes of
 * cells. With --bulk the second node holds nothing but its partners' VOUCHes, and gets all.
 *
 * Bytes are those on the wire, with frame and tag, both ways; *overhead* is what is no RECORD.
 * Round trips are the time until the first record came. Times of the CPU are of both cores
 * together, but where it says one. */
#include "tools/bench/bench.h"

#include "crypto/crypto.h"
#include "crypto/sign.h"
#include "node/core/core.h"
#include "node/core/event.h"
#include "node/core/ids.h"
#include "node/core/place.h"
#include "node/gossip/gossip.h"
#include "node/node.h"
#include "node/state.h"
#include "node/trust/invite.h"
#include "node/trust/sketch.h"
#include "node/trust/tree.h"
#include "proto/limits.h"
#include "proto/message.h"
#include "proto/record.h"
#include "store/store.h"
#include "tools/bench/members.h"
#include "tools/bench/pair.h"

#include <getopt.h>

/* Bytes per difference of negentropy v1 (C++, 1,000,000 records, differences scattered in time),
 * and of a rateless IBLT (Yang, Gilad, Alizadeh, SIGCOMM 2024) with 8-byte symbols; measured on a
 * machine of 2 cores, records not counted: ids that differ are known, and the records are yet to be
 * asked for. */
static const struct {
	size_t differences;
	double negentropy, iblt;
} others[] = {{10, 1968, 20.8}, {100, 1634, 19.9}, {1000, 1342, 17.3}, {10000, 1053, 17.6}};

#define ROUNDS 201 /* of what is measured by its median */

#define NEGENTROPY_ROUND_TRIPS 3
#define NEGENTROPY_CPU_MS      140 /* a side, in memory */

static struct bench_table table;

static void note(const char *name, const char *unit, double value, double goal)
{
	bench_note(&table, name, unit, value, goal);
}

/* ---- cases ---- */

/* A record of a random member that only `b` gets. */
static void differ(struct members *b, struct bench_random *r)
{
	size_t n = MEMBERS_PARTNERS + bench_below(r, (uint32_t)(b->count - MEMBERS_PARTNERS));
	uint32_t which = bench_below(r, (uint32_t)(1 + 2 * MEMBERS_NEAR + b->coverages));
	struct signed_record rec;
	struct viz_id id;
	struct keys k = members_keys(b, n, &id);

	if (which == 0)
		members_node(b, &rec, &k, n);
	else if (which <= 2 * MEMBERS_NEAR)
		members_vouch(b, &rec, &k, n, VIZ_VOUCH_SLOTS - 1, &b->author[n - 1].id, false);
	else
		members_coverage(b, &rec, &k, n, which - 2 * MEMBERS_NEAR - 1);
	members_give(b, 1, &rec);
}

static void make_differ(size_t differences)
{
	struct bench_random r = {differences};

	pair.lost = true;
	for (size_t i = 0; i < differences; i++) {
		pair_set_time(pair.node[0]->now.ms + 3);
		differ(pair.node[i % 2], &r);
	}
	pair.lost = false;
}

static char names[160][80];
static size_t name_count;

static const char *name(const char *of, const char *what)
{
	char *s = names[name_count++];

	VIZ_REQUIRE(name_count <= sizeof names / sizeof names[0]);
	snprintf(s, sizeof names[0], "%s: %s", of, what);
	return s;
}

/* What each kind of message was of that. */
static void note_kinds(const char *of)
{
	static const unsigned kinds[] = {VIZ_MESSAGE_TREE, VIZ_MESSAGE_BUCKETS, VIZ_MESSAGE_BUCKET,
					 VIZ_MESSAGE_AUTHOR, VIZ_MESSAGE_WANT};

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (pair.of_kind[kinds[i]] > 0) {
			char what[32];

			snprintf(what, sizeof what, "of these %s", viz_message_name(kinds[i]));
			note(name(of, what), "B", (double)pair.of_kind[kinds[i]], 0);
		}
}

static void measure(const char *of, size_t differences)
{
	double all, overhead;
	int64_t began;

	pair_rest();
	make_differ(differences);
	pair_wait_ms(1000);
	began = pair_repair();
	all = (double)(pair.bytes[0] + pair.bytes[1]);
	overhead = all - (double)pair.record_bytes;
	note(name(of, "bytes but records"), "B", overhead, differences == 1 ? 8192 : 0);
	note_kinds(of);
	note(name(of, "bytes of records"), "B", (double)pair.record_bytes, 0);
	if (differences > 0) {
		note(name(of, "overhead a difference"), "B", overhead / (double)differences, 0);
		note(name(of, "overhead over records"), "%",
		     100 * overhead / (double)pair.record_bytes, differences == 1000 ? 10 : 0);
		note(name(of, "round trips before records"), "",
		     (double)(pair.first_record - began) / (2 * PAIR_LATENCY_MS), 2.5);
		note(name(of, "until the last one"), "s", (double)(pair.last_record - began) / 1000,
		     0);
		note(name(of, "CPU of both, with all checks but signatures"), "ms",
		     (pair.node[0]->cpu + pair.node[1]->cpu) * 1e3, 0);
	}
	if (!pair_equal())
		fprintf(stderr, "%s: the nodes still differ\n", of);
}

/* The second node holds nothing yet. */
static void measure_bulk(void)
{
	int64_t began = pair.node[0]->now.ms;
	double overhead;

	pair_reset();
	pair_link_them();
	pair_wait_until_quiet();
	overhead = (double)(pair.bytes[0] + pair.bytes[1] - pair.record_bytes);
	note("all to a newcomer: records sent", "", (double)pair.records, 0);
	note("all to a newcomer: bytes of records", "B", (double)pair.record_bytes, 0);
	note("all to a newcomer: bytes but records", "B", overhead, 0);
	note("all to a newcomer: overhead over records", "%",
	     100 * overhead / (double)pair.record_bytes, 10);
	note("all to a newcomer: until the last one", "s",
	     (double)(pair.last_record - began) / 1000, 0);
	if (!pair_equal())
		fprintf(stderr, "the nodes still differ\n");
}

/* The processor time of a batch with the message (NULL: with none), and of the one after it. */
static double take(struct members *b, const struct viz_writer *message)
{
	b->cpu = 0;
	if (message)
		members_message(b, PAIR_LINK, message);
	else
		members_tick(b, 0);
	members_tick(b, 301); /* sooner ones are ignored */
	pair_set_time(b->now.ms);
	return b->cpu;
}

/* A TREE that is answered by nothing: at who is asked. Its cost is what it adds, by medians: other
 * work on the machine makes some of the batches slower. */
static void measure_equal(void)
{
	struct members *b = pair.node[1];
	struct viz_trust *t = &b->node->trust;
	const struct viz_tree_hour *tree = viz_tree_at(t, viz_tree_hour_of(t->core, b->now));
	double with[ROUNDS], without[ROUNDS];
	VIZ_WRITER(w, 64);

	viz_message_tree_write(&w, &(struct viz_message_tree){.hour = tree->hour,
							      .root = tree->root,
							      .cells = VIZ_SKETCH_FIRST});
	note("equal: a TREE on the wire", "B", (double)(viz_writer_done(&w).len + 2 + PAIR_FRAME),
	     64);
	for (size_t i = 0; i < ROUNDS; i++) {
		without[i] = take(b, NULL);
		with[i] = take(b, &w);
	}
	note("equal: CPU of one side", "us",
	     (bench_median(with, ROUNDS) - bench_median(without, ROUNDS)) * 1e6, 50);
	pair_wait_ms(1000);
}

/* Likewise when one record has changed since. */
static void measure_after_change(void)
{
	struct members *b = pair.node[1];
	struct viz_trust *t = &b->node->trust;
	struct bench_random r = {99};
	double cpu = 0;

	pair.lost = true;
	for (int i = 0; i < 50; i++) {
		double at;

		pair_set_time(b->now.ms + 3);
		differ(b, &r);
		at = bench_cpu_s();
		viz_tree_at(t, viz_tree_hour_of(t->core, b->now));
		cpu += bench_cpu_s() - at;
	}
	pair.lost = false;
	note("equal: bucket and root after a change", "us", cpu / 50 * 1e6, 50);
}

/* A sketch of the largest size is made, and one that so many marks differ is read. */
static void measure_sketch(size_t marks)
{
	const struct viz_trust *t = &pair.node[0]->node->trust;
	unsigned cells = (unsigned)viz_sketch_cells(marks);
	struct viz_sketch *s = calloc(1, sizeof *s);
	uint8_t *sketch = calloc(1, VIZ_SKETCH_BYTES(cells)), parities[VIZ_SKETCH_PARITIES];
	uint64_t *found = calloc(cells, VIZ_SKETCH_ROWS * sizeof *found);
	struct bench_random r = {marks};
	size_t count;
	char of[32];
	double at;

	VIZ_REQUIRE(s && sketch && found);
	snprintf(of, sizeof of, "%zu marks", marks);
	at = bench_cpu_s();
	for (size_t i = 0; i < ROUNDS; i++)
		viz_tree_sketch(t, t->tree.now.hour, cells, sketch, parities);
	note(name(of, "CPU to make the sketch"), "us", (bench_cpu_s() - at) / ROUNDS * 1e6, 0);
	for (size_t i = 0; i < marks; i++)
		viz_sketch_toggle(s, (uint64_t)bench_below(&r, UINT32_MAX) << 32 |
					 bench_below(&r, UINT32_MAX));
	memset(sketch, 0, VIZ_SKETCH_BYTES(cells));
	viz_sketch_add(sketch, s, cells);
	at = bench_cpu_s();
	VIZ_REQUIRE(viz_sketch_read(found, &count, sketch, cells) && count == marks);
	note(name(of, "CPU to read them"), "us", (bench_cpu_s() - at) * 1e6, 0);
	free(s);
	free(sketch);
	free(found);
}

static void show(bool json, size_t members, size_t records)
{
	if (json)
		printf("{\"members\": %zu, \"records\": %zu, \"figures\": [", members, records);
	else
		printf("%zu members, %zu records\n", members, records);
	bench_show(&table, json);
	if (json)
		printf("\n], \"others\": {\"round_trips\": %d, \"cpu_ms\": %d, "
		       "\"bytes_a_difference\": [",
		       NEGENTROPY_ROUND_TRIPS, NEGENTROPY_CPU_MS);
	else
		printf(
		    "to compare, bytes a difference: negentropy v1 (%d round trips, %d ms a side), "
		    "rateless IBLT\n",
		    NEGENTROPY_ROUND_TRIPS, NEGENTROPY_CPU_MS);
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		printf(json ? "%s\n  {\"differences\": %zu, \"negentropy\": %g, \"iblt\": %g}"
			    : "%s  %6zu differences %12g %12g\n",
		       json && i ? "," : "", others[i].differences, others[i].negentropy,
		       others[i].iblt);
	if (json)
		printf("\n]}}\n");
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
	    {"members", required_argument, NULL, 'm'}, {"records", required_argument, NULL, 'r'},
	    {"bulk", no_argument, NULL, 'b'},          {"region", required_argument, NULL, 'g'},
	    {"json", no_argument, NULL, 'j'},          {NULL, 0, NULL, 0}};
	size_t members = 20000, records = 300000, coverages = 1, region = 0;
	bool json = false, bulk = false;
	const char *parent;
	int c;

	VIZ_REQUIRE(viz_crypto_init() == VIZ_OK);
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'm') {
			members = strtoul(optarg, NULL, 10);
		} else if (c == 'r') {
			records = strtoul(optarg, NULL, 10);
		} else if (c == 'g') {
			region = strtoul(optarg, NULL, 10);
		} else if (c == 'b') {
			bulk = true;
		} else if (c == 'j') {
			json = true;
		} else {
			fprintf(stderr, "usage: bench_repair [--members N] [--records N] [--bulk] "
					"[--region BYTES] "
					"[--json] [DIRECTORY]\n");
			return 2;
		}
	}
	parent = optind < argc ? argv[optind] : "/tmp";
	VIZ_REQUIRE(members >= 100 && members <= VIZ_MEMBERS_MAX - 1000);
	if (records / members > 3 + 2 * MEMBERS_NEAR)
		coverages = records / members - 2 - 2 * MEMBERS_NEAR;
	for (unsigned i = 0; i < 2; i++) {
		pair.node[i] = pair_make(i, members, coverages, region, parent);
		if (i == 0 || !bulk)
			members_fill(pair.node[i], false);
	}
	pair_set_time(pair.node[0]->now.ms > pair.node[1]->now.ms ? pair.node[0]->now.ms
								  : pair.node[1]->now.ms);
	if (bulk) {
		measure_bulk();
	} else {
		pair_link_them();
		pair_repair();
		measure_equal();
		measure("equal", 0);
		measure("one", 1);
		measure("10", 10);
		measure("100", 100);
		measure("1,000", 1000);
		measure("10,000", 10000);
		measure_after_change();
		measure_sketch(500);
		measure_sketch(3800);
	}
	show(json, members, records);
	for (size_t i = 0; i < 2; i++) {
		members_close(pair.node[i]);
		bench_dir_remove(pair.node[i]->dir);
	}
	return 0;
}
