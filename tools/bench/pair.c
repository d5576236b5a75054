#include "tools/bench/pair.h"

#include "tools/bench/bench.h"

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

#define QUIET_MS 6000

struct flight {
	int64_t at;
	unsigned to;
	size_t len;
	uint8_t *bytes;
};

struct pair pair;

/* ---- the link ---- */

static void sent(struct members *b, const struct viz_effect *e)
{
	unsigned from = b == pair.node[1];
	bool record = e->len > 4 && e->bytes[3] == VIZ_MESSAGE_RECORD;
	struct flight *f;

	if (e->link != PAIR_LINK || pair.lost)
		return;
	if (pair.head + pair.count == pair.capacity) {
		pair.capacity = pair.capacity ? pair.capacity * 2 : 1024;
		pair.list = realloc(pair.list, pair.capacity * sizeof *pair.list);
		VIZ_REQUIRE(pair.list);
	}
	f = &pair.list[pair.head + pair.count++];
	*f = (struct flight){
	    .at = b->now.ms + PAIR_LATENCY_MS, .to = !from, .len = viz_be_get_u16(e->bytes)};
	f->bytes = malloc(f->len);
	VIZ_REQUIRE(f->bytes);
	memcpy(f->bytes, e->bytes + 2, f->len);
	pair.bytes[from] += e->len + PAIR_FRAME;
	pair.messages++;
	pair.of_kind[e->bytes[3]] += e->len + PAIR_FRAME;
	if (record) {
		pair.record_bytes += e->len + PAIR_FRAME;
		pair.records++;
	}
}

static void deliver(void)
{
	struct flight f = pair.list[pair.head++];
	struct viz_event ev = {
	    .kind = VIZ_EVENT_MESSAGE, .link = PAIR_LINK, .bytes = f.bytes, .len = f.len};

	if (--pair.count == 0)
		pair.head = 0;
	if (f.bytes[1] == VIZ_MESSAGE_RECORD) {
		pair.last_record = f.at;
		if (pair.first_record == 0)
			pair.first_record = f.at;
	}
	members_event(pair.node[f.to], &ev);
	free(f.bytes);
}

void pair_set_time(int64_t ms)
{
	for (size_t i = 0; i < 2; i++)
		if (pair.node[i]->now.ms < ms)
			pair.node[i]->now.ms = ms;
}

/* The next frame, or the next timer of a node. */
static void go_on(void)
{
	int64_t at = pair.count > 0 ? pair.list[pair.head].at : INT64_MAX;
	unsigned who = 2;

	for (unsigned i = 0; i < 2; i++)
		if (viz_node_deadline(pair.node[i]->node).ms < at) {
			at = viz_node_deadline(pair.node[i]->node).ms;
			who = i;
		}
	pair_set_time(at);
	if (who == 2)
		deliver();
	else
		members_tick(pair.node[who], 0);
}

void pair_wait_ms(int64_t ms)
{
	int64_t until = pair.node[0]->now.ms + ms;

	while (pair.node[0]->now.ms < until)
		go_on();
}

void pair_reset(void)
{
	pair.bytes[0] = pair.bytes[1] = pair.record_bytes = pair.records = pair.messages = 0;
	pair.first_record = pair.last_record = 0;
	memset(pair.of_kind, 0, sizeof pair.of_kind);
	pair.node[0]->cpu = pair.node[1]->cpu = 0;
}

/* ---- the nodes ---- */

struct viz_link *pair_link_of(struct members *b)
{
	return viz_link_find(&b->node->net, PAIR_LINK);
}

/* One dials the other, by its invitation. Each takes itself for the one that was dialled. */
static void hello(struct members *to, struct members *from, uint8_t *token)
{
	static uint8_t bytes[VIZ_HELLO_MAX];
	struct viz_event ev = {.kind = VIZ_EVENT_HELLO, .link = PAIR_LINK, .bytes = bytes};
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

void pair_link_them(void)
{
	uint8_t token[2][16];

	for (size_t i = 0; i < 2; i++)
		invite(pair.node[i], token[i]);
	pair.lost = true; /* until both are up */
	hello(pair.node[0], pair.node[1], token[0]);
	pair.lost = false;
	hello(pair.node[1], pair.node[0], token[1]);
	pair_wait_ms(1000);
	trust(pair.node[0], pair.node[1]);
	trust(pair.node[1], pair.node[0]);
	pair_wait_ms(1000);
	for (size_t i = 0; i < 2; i++)
		VIZ_REQUIRE(pair_link_of(pair.node[i]) && !pair_link_of(pair.node[i])->guest);
}

/* A node with its partners. Their VOUCHes for it have a slot of their own, so that nobody
 * contradicts itself. */
struct members *pair_make(unsigned seed, size_t members, size_t coverages, size_t region,
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
	b->sent = sent;
	for (size_t i = 0; i < MEMBERS_PARTNERS; i++) {
		b->author[i].vouches = (uint8_t)seed;
		members_befriend(b, i);
		b->author[i].vouches = 2;
	}
	b->now.ms = MEMBERS_START_MS + b->federation.partner_delay_ms + 600000;
	members_tick(b, 0);
	return b;
}

void pair_wait_until_quiet(void)
{
	do {
		pair_wait_ms(QUIET_MS);
	} while (pair.last_record + QUIET_MS > pair.node[0]->now.ms || pair.count > 0 ||
		 pair.node[0]->node->gossip.repair.task[0].link != 0 ||
		 pair.node[1]->node->gossip.repair.task[0].link != 0);
}

/* They begin none themselves for a while. */
static void rest(void)
{
	for (size_t i = 0; i < 2; i++)
		pair_link_of(pair.node[i])->repair_at.ms = pair.node[i]->now.ms + 3600000;
}

void pair_rest(void)
{
	rest();
	pair_wait_until_quiet(); /* one that they have begun */
}

/* Begins a repair, and waits until nothing more comes. */
int64_t pair_repair(void)
{
	int64_t began;

	rest();
	pair_reset();
	began = pair.node[0]->now.ms;
	pair_link_of(pair.node[0])->repair_at.ms = began;
	members_tick(pair.node[0], 0);
	pair_wait_until_quiet();
	return began;
}

bool pair_equal(void)
{
	struct viz_id root[2];

	for (size_t i = 0; i < 2; i++) {
		struct viz_trust *t = &pair.node[i]->node->trust;

		root[i] = viz_tree_at(t, viz_tree_hour_of(t->core, pair.node[0]->now))->root;
	}
	return viz_id_eq(&root[0], &root[1]);
}
