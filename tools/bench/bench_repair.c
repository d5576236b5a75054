/* What a repair between two nodes sends, and costs: with equal sets, with one difference, with a
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
#include "node/trust/tree.h"
#include "proto/limits.h"
#include "proto/message.h"
#include "proto/record.h"
#include "store/store.h"
#include "tools/bench/members.h"

#include <getopt.h>

#define LINK       5000 /* of the two nodes */
#define LATENCY_MS 25
#define FRAME      18 /* beside a plaintext: its length and its tag */
#define QUIET_MS   6000

/* Bytes per difference of negentropy v1 (C++, 1,000,000 records, differences scattered in time),
 * and of a rateless IBLT (Yang, Gilad, Alizadeh, SIGCOMM 2024) with 8-byte symbols; measured on a
 * machine of 2 cores, records not counted: ids that differ are known, and the records are yet to be
 * asked for. */
static const struct {
	size_t differences;
	double negentropy, iblt;
} others[] = {{10, 1968, 20.8}, {100, 1634, 19.9}, {1000, 1342, 17.3}, {10000, 1053, 17.6}};

#define NEGENTROPY_ROUND_TRIPS 3
#define NEGENTROPY_CPU_MS      140 /* a side, in memory */

struct flight {
	int64_t at;
	unsigned to;
	size_t len;
	uint8_t *bytes;
};

static struct {
	struct members *node[2];
	struct flight *list;
	size_t head, count, capacity;
	bool lost; /* what is sent now is lost */
	/* since the last reset */
	size_t bytes[2], record_bytes, records, messages;
	int64_t first_record, last_record; /* when it came; 0: none */
} net;

static struct bench_table table;

static void note(const char *name, const char *unit, double value, double goal)
{
	bench_note(&table, name, unit, value, goal);
}

/* ---- the link ---- */

static void sent(struct members *b, const struct viz_effect *e)
{
	unsigned from = b == net.node[1];
	bool record = e->len > 4 && e->bytes[3] == VIZ_MESSAGE_RECORD;
	struct flight *f;

	if (e->link != LINK || net.lost)
		return;
	if (net.head + net.count == net.capacity) {
		net.capacity = net.capacity ? net.capacity * 2 : 1024;
		net.list = realloc(net.list, net.capacity * sizeof *net.list);
		VIZ_REQUIRE(net.list);
	}
	f = &net.list[net.head + net.count++];
	*f = (struct flight){
	    .at = b->now.ms + LATENCY_MS, .to = !from, .len = viz_be_get_u16(e->bytes)};
	f->bytes = malloc(f->len);
	VIZ_REQUIRE(f->bytes);
	memcpy(f->bytes, e->bytes + 2, f->len);
	net.bytes[from] += e->len + FRAME;
	net.messages++;
	if (record) {
		net.record_bytes += e->len + FRAME;
		net.records++;
	}
}

static void deliver(void)
{
	struct flight f = net.list[net.head++];
	struct viz_event ev = {
	    .kind = VIZ_EVENT_MESSAGE, .link = LINK, .bytes = f.bytes, .len = f.len};

	if (--net.count == 0)
		net.head = 0;
	if (f.bytes[1] == VIZ_MESSAGE_RECORD) {
		net.last_record = f.at;
		if (net.first_record == 0)
			net.first_record = f.at;
	}
	members_event(net.node[f.to], &ev);
	free(f.bytes);
}

static void set_time(int64_t ms)
{
	for (size_t i = 0; i < 2; i++)
		if (net.node[i]->now.ms < ms)
			net.node[i]->now.ms = ms;
}

/* The next frame, or the next timer of a node. */
static void go_on(void)
{
	int64_t at = net.count > 0 ? net.list[net.head].at : INT64_MAX;
	unsigned who = 2;

	for (unsigned i = 0; i < 2; i++)
		if (viz_node_deadline(net.node[i]->node).ms < at) {
			at = viz_node_deadline(net.node[i]->node).ms;
			who = i;
		}
	set_time(at);
	if (who == 2)
		deliver();
	else
		members_tick(net.node[who], 0);
}

static void wait_ms(int64_t ms)
{
	int64_t until = net.node[0]->now.ms + ms;

	while (net.node[0]->now.ms < until)
		go_on();
}

static void reset(void)
{
	net.bytes[0] = net.bytes[1] = net.record_bytes = net.records = net.messages = 0;
	net.first_record = net.last_record = 0;
	net.node[0]->cpu = net.node[1]->cpu = 0;
}

/* ---- the nodes ---- */

static struct viz_link *link_of(struct members *b)
{
	return viz_link_find(&b->node->net, LINK);
}

/* One dials the other, by its invitation. Each takes itself for the one that was dialled. */
static void hello(struct members *to, struct members *from, uint8_t *token)
{
	static uint8_t bytes[VIZ_HELLO_MAX];
	struct viz_event ev = {.kind = VIZ_EVENT_HELLO, .link = LINK, .bytes = bytes};
	struct viz_hello h = {.author = from->node->trust.self.author, .record_count = 1};
	struct viz_held held;
	struct viz_writer w;

	h.has_token = token != NULL;
	if (token)
		memcpy(h.token, token, sizeof h.token);
	VIZ_REQUIRE(viz_store_begin(from->store) == VIZ_OK &&
		    viz_place_get(&from->node->core, &held, NULL, &h.author, VIZ_TYPE_NODE, 0));
	h.record[0] = (struct viz_slice){held.a, held.a_len};
	viz_writer_init(&w, bytes, sizeof bytes);
	viz_hello_write(&w, &h);
	viz_store_abort(from->store);
	VIZ_REQUIRE(viz_writer_finish(&w, &ev.len) == VIZ_OK);
	ev.remote = viz_member_self(&from->node->trust)->node.transport;
	members_event(to, &ev);
}

static void invite(struct members *b, uint8_t token[16])
{
	char reply[16384], line[VIZ_INVITE_TEXT_MAX];
	struct viz_invite i;
	const char *at =
	    strstr(members_request(b, reply, "{\"op\": \"peer.invite\"}"), "vizinvite1.");

	VIZ_REQUIRE(at);
	snprintf(line, sizeof line, "%.*s", (int)strcspn(at, "\""), at);
	VIZ_REQUIRE(viz_invite_parse(&i, line) == VIZ_OK);
	memcpy(token, i.token, sizeof i.token);
}

static void trust(struct members *b, struct members *whom)
{
	char reply[16384], json[256], id[65];

	viz_hex(id, whom->node->trust.self.author.b, 32);
	snprintf(json, sizeof json, "{\"op\": \"peer.trust\", \"args\": {\"peer\": \"%s\"}}", id);
	VIZ_REQUIRE(strstr(members_request(b, reply, json), "\"ok\":true"));
}

static void link_them(void)
{
	uint8_t token[2][16];

	for (size_t i = 0; i < 2; i++)
		invite(net.node[i], token[i]);
	net.lost = true; /* until both are up */
	hello(net.node[0], net.node[1], token[0]);
	net.lost = false;
	hello(net.node[1], net.node[0], token[1]);
	wait_ms(1000);
	trust(net.node[0], net.node[1]);
	trust(net.node[1], net.node[0]);
	wait_ms(1000);
	for (size_t i = 0; i < 2; i++)
		VIZ_REQUIRE(link_of(net.node[i]) && !link_of(net.node[i])->guest);
}

/* A node with its partners. Their VOUCHes for it have a slot of their own, so that nobody
 * contradicts itself. */
static struct members *make(unsigned seed, size_t members, size_t coverages, size_t region,
			    const char *parent)
{
	struct members *b = calloc(1, sizeof *b);

	VIZ_REQUIRE(b);
	b->count = members;
	b->coverages = coverages;
	b->region = region;
	b->seed = (uint8_t)seed;
	b->now.ms = MEMBERS_START_MS + seed * 60000;
	viz_federation_default(&b->federation, "teste");
	viz_ids_federation(&b->federation_id, &b->federation);
	b->author = calloc(b->count, sizeof *b->author);
	VIZ_REQUIRE(b->author);
	bench_dir_make(b->dir, parent);
	members_open(b);
	members_tick(b, 0);
	for (size_t i = 0; i < MEMBERS_PARTNERS; i++) {
		b->author[i].vouches = (uint8_t)seed;
		members_befriend(b, i);
		b->author[i].vouches = 2;
	}
	b->now.ms = MEMBERS_START_MS + b->federation.partner_delay_ms + 600000;
	members_tick(b, 0);
	return b;
}

static bool equal(void)
{
	struct viz_id root[2];

	for (size_t i = 0; i < 2; i++) {
		struct viz_trust *t = &net.node[i]->node->trust;

		root[i] = viz_tree_at(t, viz_tree_hour_of(t->core, net.node[0]->now))->root;
	}
	return viz_id_eq(&root[0], &root[1]);
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

	net.lost = true;
	for (size_t i = 0; i < differences; i++) {
		set_time(net.node[0]->now.ms + 3);
		differ(net.node[i % 2], &r);
	}
	net.lost = false;
}

static void wait_until_quiet(void)
{
	do {
		wait_ms(QUIET_MS);
	} while (net.last_record + QUIET_MS > net.node[0]->now.ms || net.count > 0 ||
		 net.node[0]->node->gossip.repair.task[0].link != 0 ||
		 net.node[1]->node->gossip.repair.task[0].link != 0);
}

/* Begins a repair, and waits until nothing more comes. */
static int64_t repair(void)
{
	int64_t began;

	for (size_t i = 0; i < 2; i++)
		link_of(net.node[i])->repair_at.ms = net.node[i]->now.ms + 3600000;
	reset();
	began = net.node[0]->now.ms;
	link_of(net.node[0])->repair_at.ms = began;
	members_tick(net.node[0], 0);
	wait_until_quiet();
	return began;
}

static char names[16][6][80];
static size_t name_count;

static const char *name(const char *of, const char *what)
{
	char *s = names[name_count / 6][name_count % 6];

	name_count++;
	snprintf(s, sizeof names[0][0], "%s: %s", of, what);
	return s;
}

static void measure(const char *of, size_t differences)
{
	double all, overhead;
	int64_t began;

	make_differ(differences);
	wait_ms(1000);
	began = repair();
	all = (double)(net.bytes[0] + net.bytes[1]);
	overhead = all - (double)net.record_bytes;
	note(name(of, "bytes but records"), "B", overhead, differences == 1 ? 8192 : 0);
	note(name(of, "bytes of records"), "B", (double)net.record_bytes, 0);
	if (differences > 0) {
		note(name(of, "overhead a difference"), "B", overhead / (double)differences, 0);
		note(name(of, "overhead over records"), "%",
		     100 * overhead / (double)net.record_bytes, differences >= 1000 ? 10 : 0);
		note(name(of, "round trips before records"), "",
		     (double)(net.first_record - began) / (2 * LATENCY_MS), 2.5);
		note(name(of, "until the last one"), "s", (double)(net.last_record - began) / 1000,
		     0);
	}
	if (!equal())
		fprintf(stderr, "%s: the nodes still differ\n", of);
}

/* The second node holds nothing yet. */
static void measure_bulk(void)
{
	int64_t began = net.node[0]->now.ms;
	double overhead;

	reset();
	link_them();
	wait_until_quiet();
	overhead = (double)(net.bytes[0] + net.bytes[1] - net.record_bytes);
	note("all to a newcomer: records sent", "", (double)net.records, 0);
	note("all to a newcomer: bytes of records", "B", (double)net.record_bytes, 0);
	note("all to a newcomer: bytes but records", "B", overhead, 0);
	note("all to a newcomer: overhead over records", "%",
	     100 * overhead / (double)net.record_bytes, 10);
	note("all to a newcomer: until the last one", "s", (double)(net.last_record - began) / 1000,
	     0);
	if (!equal())
		fprintf(stderr, "the nodes still differ\n");
}

/* A TREE that is answered by nothing: at who is asked. */
static void measure_equal(void)
{
	struct members *b = net.node[1];
	struct viz_trust *t = &b->node->trust;
	const struct viz_tree_hour *tree;
	VIZ_WRITER(w, 64);
	double idle;

	b->cpu = 0;
	for (int i = 0; i < 200; i++) {
		members_tick(b, 0);
		members_tick(b, 301);
		set_time(b->now.ms);
	}
	idle = b->cpu / 200;
	tree = viz_tree_at(t, viz_tree_hour_of(t->core, b->now));
	viz_message_tree_write(&w, &(struct viz_message_tree){tree->hour, 0, tree->root});
	note("equal: a TREE on the wire", "B", (double)(viz_writer_done(&w).len + 2 + FRAME), 64);
	b->cpu = 0;
	for (int i = 0; i < 200; i++) {
		members_message(b, LINK, &w);
		members_tick(b, 301); /* sooner ones are ignored */
		set_time(b->now.ms);
	}
	note("equal: CPU of one side", "us", (b->cpu / 200 - idle) * 1e6, 50);
	wait_ms(1000);
}

/* Likewise when one record has changed since. */
static void measure_after_change(void)
{
	struct members *b = net.node[1];
	struct viz_trust *t = &b->node->trust;
	struct bench_random r = {99};
	double cpu = 0;

	net.lost = true;
	for (int i = 0; i < 50; i++) {
		double at;

		set_time(b->now.ms + 3);
		differ(b, &r);
		at = bench_cpu_s();
		viz_tree_at(t, viz_tree_hour_of(t->core, b->now));
		cpu += bench_cpu_s() - at;
	}
	net.lost = false;
	note("equal: bucket and root after a change", "us", cpu / 50 * 1e6, 50);
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
		net.node[i] = make(i, members, coverages, region, parent);
		if (i == 0 || !bulk)
			members_fill(net.node[i], false);
		net.node[i]->sent = sent;
	}
	set_time(net.node[0]->now.ms > net.node[1]->now.ms ? net.node[0]->now.ms
							   : net.node[1]->now.ms);
	if (bulk) {
		measure_bulk();
	} else {
		link_them();
		repair();
		measure_equal();
		measure("one", 1);
		measure("100", 100);
		measure("1,000", 1000);
		measure_after_change();
	}
	show(json, members, records);
	for (size_t i = 0; i < 2; i++) {
		members_close(net.node[i]);
		bench_dir_remove(net.node[i]->dir);
	}
	return 0;
}
