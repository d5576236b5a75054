/* What a node costs that knows many members: memory, a start, and each thing that it does for one
 * of them.
 *
 *   bench_members [--members N] [--records N] [--learn] [--json] [DIRECTORY]
 *
 * The members vouch for each other as a growing federation does: each one for a few that came a
 * little before it, and they for it. Each has a NODE, a PARTNERS and as many COVERAGEs as make up
 * the records. They are written into the store as verified records; with --learn the node takes all
 * of them in through a link, as it would from a peer. What is measured then goes the way of any
 * frame: an event with a record, the effect that asks for the check of its signature, and the event
 * with the result. The check itself is the host's, and is measured by itself.
 *
 * Times are processor time of the core. A start is a process of its own. */
#include "tools/bench/bench.h"

#include "crypto/crypto.h"
#include "crypto/sign.h"
#include "node/core/ids.h"
#include "node/state.h"
#include "node/trust/tree.h"
#include "proto/limits.h"
#include "proto/message.h"
#include "proto/record.h"
#include "store/stat.h"
#include "store/store.h"
#include "tools/bench/members.h"

#include <getopt.h>

#define IDLE_S 600 /* one pass of the audit is among them */

static struct bench_table table;

static void note(const char *name, const char *unit, double value, double goal)
{
	bench_note(&table, name, unit, value, goal);
}

static void reset(struct members *b)
{
	b->cpu = b->repair_cpu = 0;
}

static size_t count_members(const struct members *b)
{
	const struct viz_directory *d = &b->node->trust.directory;
	size_t n = 0;

	for (size_t i = 0; i < d->count; i++)
		n += d->list[i]->member;
	return n;
}

static double signature_ms(const struct members *b)
{
	struct signed_record rec;
	struct viz_record r;
	struct viz_id id;
	struct keys k = members_keys(b, 0, &id);
	double at;

	members_node(b, &rec, &k, 0);
	VIZ_REQUIRE(viz_record_parse(&r, rec.bytes, rec.len) == VIZ_OK);
	at = bench_cpu_s();
	for (int i = 0; i < 500; i++)
		VIZ_REQUIRE(viz_sign_verify(&r.sig, &rec.id, &k.signer.pub) == VIZ_OK);
	return (bench_cpu_s() - at) * 1000 / 500;
}

/* After a start all authors are hashed, in steps. */
static void measure_hashing(struct members *b)
{
	reset(b);
	while (!viz_tree_ready(&b->node->trust))
		members_tick(b, 0);
	note("hashing all for repair, in steps after a start", "s", b->cpu, 1);
}

static void measure_heartbeats(struct members *b, size_t count)
{
	struct bench_random r = {7};
	struct signed_record rec;

	reset(b);
	for (size_t i = 0; i < count; i++) {
		size_t n =
		    MEMBERS_PARTNERS + bench_below(&r, (uint32_t)(b->count - MEMBERS_PARTNERS));
		struct viz_id id;
		struct keys k = members_keys(b, n, &id);

		b->now.ms += 20;
		members_node(b, &rec, &k, n);
		members_give(b, 1 + i % MEMBERS_PARTNERS, &rec);
	}
	note("a heartbeat taken in", "ms", (b->cpu - b->repair_cpu) * 1000 / (double)count, 0.2);
}

/* A VOUCH that comes and goes, between members that have others. */
static void measure_vouches(struct members *b, size_t count)
{
	struct bench_random r = {8};
	double came = 0, gone = 0;

	for (size_t i = 0; i < count; i++) {
		struct signed_record rec;
		struct viz_id id;
		size_t n =
		    MEMBERS_PARTNERS + bench_below(&r, (uint32_t)(b->count - MEMBERS_PARTNERS));
		size_t m =
		    MEMBERS_PARTNERS + bench_below(&r, (uint32_t)(b->count - MEMBERS_PARTNERS));
		struct keys k = members_keys(b, n, &id);

		if (n == m)
			continue;
		b->now.ms += 20;
		reset(b);
		members_vouch(b, &rec, &k, n, VIZ_VOUCH_SLOTS - 1, &b->author[m].id, false);
		members_give(b, 1 + i % MEMBERS_PARTNERS, &rec);
		came += b->cpu;
		b->now.ms += 20;
		reset(b);
		members_vouch(b, &rec, &k, n, VIZ_VOUCH_SLOTS - 1, &b->author[m].id, true);
		members_give(b, 1 + i % MEMBERS_PARTNERS, &rec);
		gone += b->cpu;
	}
	note("a VOUCH taken in", "ms", came * 1000 / (double)count, 1);
	note("a VOUCH withdrawn", "ms", gone * 1000 / (double)count, 1);
}

/* A member leaves the closure, and comes back: its VOUCHes are withdrawn and signed again. */
static void measure_leaving(struct members *b, size_t count)
{
	double gone = 0, back = 0;

	for (size_t i = 0; i < count; i++) {
		size_t n = b->count - 1 - i * 7;
		struct signed_record rec;
		struct viz_id id;
		struct keys k = members_keys(b, n, &id);
		size_t near[MEMBERS_NEAR], near_count = members_near(b, n, near);

		for (int withdrawn = 1; withdrawn >= 0; withdrawn--) {
			b->now.ms += 20;
			reset(b);
			for (uint64_t slot = 0; slot < near_count; slot++) {
				members_vouch(b, &rec, &k, n, slot, &b->author[near[slot]].id,
					      withdrawn);
				members_give(b, 1 + i % MEMBERS_PARTNERS, &rec);
			}
			*(withdrawn ? &gone : &back) += b->cpu / (double)near_count;
		}
	}
	note("a VOUCH that ends a membership", "ms", gone * 1000 / (double)count, 0);
	note("a VOUCH that begins one", "ms", back * 1000 / (double)count, 1);
}

static void measure_new_members(struct members *b, size_t count)
{
	size_t before = count_members(b), coverages = b->coverages;

	b->coverages = 0;
	b->author = realloc(b->author, (b->count + count) * sizeof *b->author);
	VIZ_REQUIRE(b->author);
	memset(&b->author[b->count], 0, count * sizeof *b->author);
	reset(b);
	for (size_t i = 0; i < count; i++) {
		b->now.ms += 20;
		members_add(b, b->count + i);
	}
	note("a new member: its records but COVERAGE", "ms", b->cpu * 1000 / (double)count, 0);
	b->coverages = coverages;
	if (count_members(b) != before + count)
		fprintf(stderr, "only %zu of %zu new members\n", count_members(b) - before, count);
	b->count += count;
}

static void measure_rest(struct members *b)
{
	struct signed_record rec;
	struct viz_id id;
	struct keys k;
	VIZ_WRITER(w, 80);

	members_tick(b, 1000);
	reset(b);
	for (int i = 0; i < 200; i++)
		members_tick(b, 0);
	note("a batch with nothing to do", "us", b->cpu * 1e6 / 200, 20);
	reset(b);
	for (int i = 0; i < IDLE_S; i++)
		members_tick(b, 1000);
	note("an idle second, without repair", "ms", (b->cpu - b->repair_cpu) * 1000 / IDLE_S, 1);
	note("repair in it", "ms", b->repair_cpu * 1000 / IDLE_S, 0);
	k = members_keys(b, MEMBERS_PARTNERS, &id);
	members_node(b, &rec, &k, MEMBERS_PARTNERS);
	members_give(b, 1, &rec);
	reset(b);
	viz_message_tree_write(
	    &w, &(struct viz_message_tree){.hour = viz_tree_hour_of(&b->node->core, b->now),
					   .cells = VIZ_SKETCH_MOST});
	members_message(b, 1, &w);
	note("repair: a TREE after a change", "ms", b->cpu * 1000, 0);
}

/* ---- a start, in a process of its own ---- */

static double anonymous_mib(void)
{
	FILE *f = fopen("/proc/self/status", "r");
	char line[256];
	double kib = 0;

	while (f && fgets(line, sizeof line, f))
		if (strncmp(line, "RssAnon:", 8) == 0)
			kib = strtod(line + 8, NULL);
	if (f)
		fclose(f);
	return kib / 1024;
}

/* How long this thread was ready to run, while others had the cores. */
static double waited_s(void)
{
	FILE *f = fopen("/proc/thread-self/schedstat", "r");
	double ran, waited = 0;

	if (f && fscanf(f, "%lf %lf", &ran, &waited) != 2)
		waited = 0;
	if (f)
		fclose(f);
	return waited * 1e-9;
}

/* Opens the node and runs its first batch. Writes how long it took, and the memory when all is
 * hashed for repair. */
static int start(struct members *b, const char *dir, int64_t now)
{
	double at = bench_now_s(), cpu = bench_cpu_s(), waited = waited_s();

	snprintf(b->dir, sizeof b->dir, "%s", dir);
	b->now.ms = now;
	members_open(b);
	members_tick(b, 1);
	at = bench_now_s() - at;
	cpu = bench_cpu_s() - cpu;
	waited = waited_s() - waited;
	while (!viz_tree_ready(&b->node->trust))
		members_tick(b, 10);
	printf("%f %f %f %f %zu\n", at, cpu, waited, anonymous_mib(), count_members(b));
	members_close(b);
	return 0;
}

static void measure_start(struct members *b, const char *program)
{
	double wall, cpu, waited, mib;
	char command[2048];
	size_t members;
	FILE *f;

	members_close(b);
	snprintf(command, sizeof command, "'%s' --start %lld '%s'", program,
		 (long long)b->now.ms + 1000, b->dir);
	f = popen(command, "r");
	VIZ_REQUIRE(f &&
		    fscanf(f, "%lf %lf %lf %lf %zu", &wall, &cpu, &waited, &mib, &members) == 5);
	VIZ_REQUIRE(pclose(f) == 0);
	note("members after a start", "", (double)members, 0);
	note("a start, to the end of its first batch", "s", wall, 0);
	note("of that, others had the cores", "s", waited, 0);
	note("of that, processor time", "s", cpu, 1);
	note("a start, but for what others had of the cores", "s", wall - waited, 1);
	note("resident anonymous memory, all hashed for repair", "MiB", mib,
	     (b->count - 1) * (8 + b->coverages) > 400000 ? 128 : 64);
}

static void show(const struct members *b, bool json, double records)
{
	if (json)
		printf("{\"members\": %zu, \"records\": %.0f, \"figures\": [", b->count, records);
	else
		printf("%zu members, %.0f records\n", b->count, records);
	bench_show(&table, json);
	if (json)
		printf("\n]}\n");
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
	    {"members", required_argument, NULL, 'm'}, {"records", required_argument, NULL, 'r'},
	    {"learn", no_argument, NULL, 'l'},         {"json", no_argument, NULL, 'j'},
	    {"start", required_argument, NULL, 's'},   {NULL, 0, NULL, 0}};
	struct members *b = calloc(1, sizeof *b);
	size_t records = 300000;
	bool json = false, by_link = false;
	int64_t start_at = 0;
	const char *parent;
	int c;

	VIZ_REQUIRE(b && viz_crypto_init() == VIZ_OK);
	b->count = 20000;
	b->now.ms = MEMBERS_START_MS;
	viz_federation_default(&b->federation, "teste");
	viz_ids_federation(&b->federation_id, &b->federation);
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'm') {
			b->count = strtoul(optarg, NULL, 10);
		} else if (c == 'r') {
			records = strtoul(optarg, NULL, 10);
		} else if (c == 's') {
			start_at = strtoll(optarg, NULL, 10);
		} else if (c == 'j') {
			json = true;
		} else if (c == 'l') {
			by_link = true;
		} else {
			fprintf(stderr,
				"usage: bench_members [--members N] [--records N] [--learn] "
				"[--json] [DIRECTORY]\n");
			return 2;
		}
	}
	parent = optind < argc ? argv[optind] : "/tmp";
	if (start_at != 0)
		return start(b, parent, start_at);
	VIZ_REQUIRE(b->count >= 1000 && b->count <= VIZ_MEMBERS_MAX - 1000);
	if (records / b->count > 2 + 2 * MEMBERS_NEAR)
		b->coverages = records / b->count - 2 - 2 * MEMBERS_NEAR;
	VIZ_REQUIRE(b->coverages <= VIZ_COVERAGE_SLOTS);
	b->author = calloc(b->count, sizeof *b->author);
	VIZ_REQUIRE(b->author);
	bench_dir_make(b->dir, parent);
	members_open(b);
	members_tick(b, 0);
	for (size_t i = 0; i < MEMBERS_PARTNERS; i++)
		members_befriend(b, i);
	members_tick(b, b->federation.partner_delay_ms);
	reset(b);
	members_fill(b, by_link);
	if (by_link)
		note("learning all", "s", b->cpu, 0);
	note("members", "", (double)count_members(b), (double)0);
	note("to compare: the check of a signature", "ms", signature_ms(b), 0);
	measure_hashing(b);
	measure_heartbeats(b, 200);
	measure_vouches(b, 50);
	measure_leaving(b, 10);
	measure_new_members(b, 20);
	measure_rest(b);
	VIZ_REQUIRE(viz_store_begin(b->store) == VIZ_OK);
	records = viz_store_stat_entries(b->store, VIZ_TABLE_RECORD);
	viz_store_abort(b->store);
	measure_start(b, argv[0]);
	show(b, json, (double)records);
	bench_dir_remove(b->dir);
	free(b->author);
	free(b);
	return 0;
}
