/* What a node costs that knows many members: memory, a start, and each thing that it does for one
 * of them.
 *
 *   bench_members [--members N] [--records N] [--learn] [--json] [DIRECTORY]
 *
 * The members vouch for each other as a growing federation does: each one for a few that came a
 * little before it, and they for it. Each has a NODE, a PARTNERS and as many COVERAGEs as make up the
 * records. They are written into the store as verified records; with --learn the node takes all of
 * them in through a link, as it would from a peer. What is measured then goes the way of any frame:
 * an event with a record, the effect that asks for the check of its signature, and the event with
 * the result. The check itself is the host's, and is measured by itself.
 *
 * Times are processor time of the core. A start is a process of its own. */
#include "tools/bench/bench.h"

#include "crypto/crypto.h"
#include "crypto/id.h"
#include "crypto/sign.h"
#include "crypto/x25519.h"
#include "node/core/event.h"
#include "node/core/ids.h"
#include "node/core/place.h"
#include "node/init.h"
#include "node/node.h"
#include "node/state.h"
#include "node/trust/identity.h"
#include "node/trust/invite.h"
#include "proto/coverage.h"
#include "proto/limits.h"
#include "proto/message.h"
#include "proto/record.h"
#include "proto/trust.h"
#include "store/stat.h"
#include "store/store.h"

#include <getopt.h>

#define PARTNERS   16                     /* of our node, each with a link */
#define EDGES      4                      /* members that a new one vouches for, and they for it */
#define NEAR       100                    /* how far before it they came, at most */
#define MAP_BYTES  (UINT64_C(16) << 30)
#define START_MS   INT64_C(1790000000000) /* when the node was made */
#define FILL_BATCH 5000                   /* authors */

struct author {
	struct viz_id id;
	uint8_t vouches; /* slots in use */
};

struct bench {
	char dir[512];
	size_t members, coverages; /* coverages of each */
	struct viz_store *store;
	struct viz_vault *vault;
	struct viz_node *node;
	struct viz_federation federation;
	struct viz_id federation_id;
	struct viz_time now;
	struct author *author;
	uint64_t next_event;
	double cpu;        /* of the core, in the last calls */
	double repair_cpu; /* of this, in batches that sent a DIGEST */
};

/* ---- records ---- */

struct keys {
	struct viz_signer signer;
	struct viz_birth birth;
	struct viz_pub transport;
};

/* The keys of author `n`; its id too. */
static struct keys keys_of(const struct bench *b, size_t n, struct viz_id *id)
{
	struct viz_secret seed = {{1}};
	struct viz_signer next;
	struct keys k = {.birth.nonce = {0}};

	viz_be_put_u64(seed.b + 8, n);
	viz_sign_seed_keypair(&k.signer, &seed);
	k.birth.first_key = k.signer.pub;
	viz_x25519_pub(&k.transport, &seed);
	seed.b[0] = 2;
	viz_sign_seed_keypair(&next, &seed);
	viz_id_next_hash(&k.birth.next_hash, &next.pub);
	viz_id_author(id, &b->federation_id, &k.birth);
	return k;
}

struct signed_record {
	uint8_t bytes[4096];
	size_t len;
	struct viz_id id;
};

/* Only what the bench itself has to prove is signed: the core leaves the check to the host. */
static void make(const struct bench *b, struct signed_record *out, const struct keys *k,
		 const struct viz_id *author, uint8_t type, uint64_t slot, const struct viz_writer *body)
{
	struct viz_record rec = {.type = type,
				 .author = *author,
				 .slot = slot,
				 .seq = (uint64_t)b->now.ms,
				 .time = b->now,
				 .body = body->start};

	VIZ_REQUIRE(viz_writer_finish(body, &rec.body_len) == VIZ_OK);
	VIZ_REQUIRE(viz_identity_sign(out->bytes, &out->len, sizeof out->bytes, &out->id, &rec,
				      &k->signer, &b->federation_id) == VIZ_OK);
}

static void make_node(const struct bench *b, struct signed_record *out, const struct keys *k,
		      size_t n)
{
	struct viz_node_body body = {.first_key = k->birth.first_key,
				     .next_hash = k->birth.next_hash,
				     .transport = k->transport,
				     .version = "1.0",
				     .whatsapp = "5511912345678",
				     .hours = "seg-sex 8-18",
				     .privacy = "dpo@provedor.example",
				     .address_count = 1,
				     .log = 1};
	VIZ_WRITER(w, 1024);

	snprintf(body.name, sizeof body.name, "Provedor Numero %zu Telecom", n);
	snprintf(body.address[0], sizeof body.address[0], "192.0.2.1:%zu", 1 + n % 65535);
	viz_node_body_write(&w, &body);
	make(b, out, k, &b->author[n].id, VIZ_TYPE_NODE, 0, &w);
}

static void make_vouch(const struct bench *b, struct signed_record *out, const struct keys *k,
		       size_t n, uint64_t slot, const struct viz_id *sponsee, bool withdrawn)
{
	struct viz_vouch v = {.sponsee = *sponsee, .withdrawn = withdrawn};
	VIZ_WRITER(w, 64);

	viz_vouch_write(&w, &v);
	make(b, out, k, &b->author[n].id, VIZ_TYPE_VOUCH, slot, &w);
}

/* The members that member n vouches for when it comes. */
static size_t neighbours(const struct bench *b, size_t n, size_t out[EDGES])
{
	struct bench_random r = {n};
	size_t count = 0;

	for (size_t i = 0; i < EDGES && n >= PARTNERS; i++) {
		size_t near = n < NEAR ? n : NEAR;
		size_t m = n - 1 - bench_below(&r, (uint32_t)near);

		if (b->author[m].vouches + 1 >= VIZ_VOUCH_SLOTS ||
		    (count > 0 && (out[0] == m || out[count - 1] == m)))
			continue;
		out[count++] = m;
	}
	return count;
}

static void make_partners(const struct bench *b, struct signed_record *out, const struct keys *k,
			  size_t n, const struct viz_id *more)
{
	struct viz_partners *p = calloc(1, sizeof *p);
	size_t near[EDGES], count = neighbours(b, n, near);
	VIZ_WRITER(w, 2048);

	VIZ_REQUIRE(p);
	p->log = 1;
	p->previous.b[0] = 1;
	for (size_t i = 0; i < count; i++)
		p->entry[p->count++].id = b->author[near[i]].id;
	if (more)
		p->entry[p->count++].id = *more;
	qsort(p->entry, p->count, sizeof *p->entry, viz_ids_compare);
	for (size_t i = 0; i < p->count; i++)
		p->entry[i].added.ms = START_MS;
	viz_partners_write(&w, p);
	make(b, out, k, &b->author[n].id, VIZ_TYPE_PARTNERS, 0, &w);
	free(p);
}

static void make_coverage(const struct bench *b, struct signed_record *out, const struct keys *k,
			  size_t n, uint64_t slot)
{
	struct viz_coverage *c = calloc(1, sizeof *c);
	VIZ_WRITER(w, 2048);

	VIZ_REQUIRE(c);
	c->technology = 1;
	c->down_mbps = 500;
	for (c->cep_count = 0; c->cep_count < 16; c->cep_count++)
		c->cep[c->cep_count] =
		    (struct viz_cep_range){.from = (uint32_t)(10000000 + n % 1000 * 50000 +
							      c->cep_count * 2000 + slot),
					   .to = (uint32_t)(10000500 + n % 1000 * 50000 +
							    c->cep_count * 2000 + slot)};
	viz_coverage_write(&w, c);
	make(b, out, k, &b->author[n].id, VIZ_TYPE_COVERAGE, slot, &w);
	free(c);
}

/* ---- the node ---- */

static void open_node(struct bench *b)
{
	struct viz_store_config config = {
	    .dir = b->dir, .map_bytes = MAP_BYTES, .volatile_commit = true};
	static const char *const readers[] = {"root"};
	struct viz_node_config nc = {.profile = {.name = "Provedor A", .privacy = "dpo@a.example"},
				     .seed = {{1}},
				     .readers = readers,
				     .reader_count = 1};
	struct viz_secret entropy = {{42}};
	struct viz_offline offline;
	int err;

	VIZ_REQUIRE(viz_store_open(&b->store, NULL, &config) == VIZ_OK &&
		    viz_vault_file_open(&b->vault, NULL, b->store, b->dir) == VIZ_OK);
	err = viz_node_init(b->store, &offline, &b->federation, &entropy, b->now);
	VIZ_REQUIRE(err == VIZ_OK || err == VIZ_ERR_EXISTS);
	VIZ_REQUIRE(viz_node_open(&b->node, b->store, b->vault, &nc, b->now) == VIZ_OK);
}

static void close_node(struct bench *b)
{
	viz_node_close(b->node);
	viz_vault_file_close(b->vault);
	viz_store_close(b->store);
}

/* Runs the events, and says yes to each signature that is to be checked. */
static void run(struct bench *b, const struct viz_event *events, size_t count, char *reply)
{
	struct viz_event verified[VIZ_VERIFY_IN_FLIGHT];
	size_t n = 0;

	do {
		struct viz_effects fx;
		double at = bench_cpu_s();
		bool repaired = false;

		viz_effects_init(&fx);
		VIZ_REQUIRE(viz_node_run(b->node, &fx, b->now, events, count) == VIZ_OK);
		at = bench_cpu_s() - at;
		b->cpu += at;
		n = 0;
		for (size_t i = 0; i < fx.count; i++) {
			const struct viz_effect *e = &fx.list[i];

			if (e->kind == VIZ_EFFECT_VERIFY)
				verified[n++] = (struct viz_event){
				    .kind = VIZ_EVENT_VERIFIED, .job = e->job, .ok = true};
			else if (e->kind == VIZ_EFFECT_REPLY && reply)
				snprintf(reply, 16384, "%.*s", (int)e->len, (const char *)e->bytes);
			else if (e->kind == VIZ_EFFECT_CLOSE)
				fprintf(stderr, "a link was closed: %s\n", e->text);
			else if (e->kind == VIZ_EFFECT_SEND && e->len > 4)
				repaired |= e->bytes[3] == VIZ_MESSAGE_DIGEST;
		}
		if (repaired)
			b->repair_cpu += at;
		viz_effects_clear(&fx);
		events = verified;
		count = n;
	} while (n > 0);
}

static void tick(struct bench *b, int64_t ms)
{
	struct viz_event ev = {.kind = VIZ_EVENT_TICK};

	b->now.ms += ms;
	run(b, &ev, 1, NULL);
}

static void message(struct bench *b, uint64_t link, const struct viz_writer *w)
{
	struct viz_event ev = {.kind = VIZ_EVENT_MESSAGE, .link = link, .bytes = w->start};

	VIZ_REQUIRE(viz_writer_finish(w, &ev.len) == VIZ_OK);
	run(b, &ev, 1, NULL);
}

static void give(struct bench *b, uint64_t link, const struct signed_record *rec)
{
	VIZ_WRITER(w, 4200);

	viz_message_record_write(&w, &(struct viz_message_record){rec->bytes, rec->len});
	message(b, link, &w);
}

static const char *request(struct bench *b, char reply[16384], const char *json)
{
	struct viz_event ev = {.kind = VIZ_EVENT_REQUEST,
			       .client = 1,
			       .bytes = (const uint8_t *)json,
			       .len = strlen(json),
			       .who = "root"};

	reply[0] = '\0';
	run(b, &ev, 1, reply);
	return reply;
}

/* Author n dials our node, and says MEMBER. */
static void come_in(struct bench *b, size_t n, const uint8_t *token)
{
	static uint8_t bytes[VIZ_HELLO_MAX];
	struct viz_event ev = {.kind = VIZ_EVENT_HELLO, .link = n + 1, .bytes = bytes};
	struct viz_hello hello = {.has_token = token != NULL, .record_count = 1};
	struct signed_record node;
	struct viz_writer w;
	struct keys k = keys_of(b, n, &hello.author);
	VIZ_WRITER(member, 16);

	b->now.ms++;
	make_node(b, &node, &k, n);
	hello.record[0] = (struct viz_slice){node.bytes, node.len};
	if (token)
		memcpy(hello.token, token, sizeof hello.token);
	ev.remote = k.transport;
	viz_writer_init(&w, bytes, sizeof bytes);
	viz_hello_write(&w, &hello);
	VIZ_REQUIRE(viz_writer_finish(&w, &ev.len) == VIZ_OK);
	run(b, &ev, 1, NULL);
	viz_message_member_write(&member, &(struct viz_message_member){b->now});
	message(b, n + 1, &member);
}

/* Author n becomes a partner of our node, by invitation. */
static void befriend(struct bench *b, size_t n)
{
	char *reply = malloc(16384), line[VIZ_INVITE_TEXT_MAX], json[512], id[65];
	struct viz_invite invite;
	struct signed_record rec;
	struct keys k = keys_of(b, n, &b->author[n].id);
	const char *at;

	VIZ_REQUIRE(reply);
	at = strstr(request(b, reply, "{\"op\": \"peer.invite\"}"), "vizinvite1.");
	VIZ_REQUIRE(at);
	snprintf(line, sizeof line, "%.*s", (int)strcspn(at, "\""), at);
	VIZ_REQUIRE(viz_invite_parse(&invite, line) == VIZ_OK);
	come_in(b, n, invite.token);
	viz_hex(id, b->author[n].id.b, 32);
	snprintf(json, sizeof json, "{\"op\": \"peer.trust\", \"args\": {\"peer\": \"%s\"}}", id);
	VIZ_REQUIRE(strstr(request(b, reply, json), "\"ok\":true"));
	b->now.ms++;
	make_vouch(b, &rec, &k, n, b->author[n].vouches++, viz_node_author(b->node), false);
	give(b, n + 1, &rec);
	make_partners(b, &rec, &k, n, viz_node_author(b->node));
	give(b, n + 1, &rec);
	free(reply);
}

/* ---- filling ---- */

typedef void (*taker)(struct bench *b, const struct signed_record *rec);

static void put(struct bench *b, const struct signed_record *s)
{
	struct viz_core core = {.store = b->store, .now = b->now};
	struct viz_record rec;

	VIZ_REQUIRE(viz_record_parse(&rec, s->bytes, s->len) == VIZ_OK);
	viz_place_put(&core, &rec, &s->id);
}

static void learn(struct bench *b, const struct signed_record *rec)
{
	if (b->next_event++ % 1000 == 0)
		tick(b, 1000); /* the budgets of one link */
	give(b, b->next_event % PARTNERS + 1, rec);
}

/* All records of member n, in the order in which they can be judged. */
static void add_member(struct bench *b, size_t n, taker take)
{
	struct signed_record rec;
	struct keys k = keys_of(b, n, &b->author[n].id);
	size_t near[EDGES], count = neighbours(b, n, near);

	for (size_t i = 0; i < count; i++) {
		struct viz_id id;
		struct keys other = keys_of(b, near[i], &id);

		make_vouch(b, &rec, &other, near[i], b->author[near[i]].vouches++, &b->author[n].id,
			   false);
		take(b, &rec);
	}
	if (n >= PARTNERS) {
		make_node(b, &rec, &k, n);
		take(b, &rec);
	}
	for (size_t i = 0; i < count; i++) {
		make_vouch(b, &rec, &k, n, b->author[n].vouches++, &b->author[near[i]].id, false);
		take(b, &rec);
	}
	if (n >= PARTNERS) {
		make_partners(b, &rec, &k, n, NULL);
		take(b, &rec);
	}
	for (uint64_t slot = 0; slot < b->coverages; slot++) {
		make_coverage(b, &rec, &k, n, slot);
		take(b, &rec);
	}
}

/* The first ones after the partners are known by a VOUCH of a partner. */
static void fill(struct bench *b, bool by_link)
{
	if (!by_link)
		close_node(b);
	for (size_t n = 0; n < b->members; n += FILL_BATCH) {
		struct viz_store_config config = {
		    .dir = b->dir, .map_bytes = MAP_BYTES, .volatile_commit = true};

		if (!by_link)
			VIZ_REQUIRE(viz_store_open(&b->store, NULL, &config) == VIZ_OK &&
				    viz_store_begin(b->store) == VIZ_OK);
		for (size_t i = n; i < n + FILL_BATCH && i < b->members; i++)
			add_member(b, i, by_link ? learn : put);
		if (!by_link) {
			VIZ_REQUIRE(viz_store_commit(b->store) == VIZ_OK);
			viz_store_close(b->store);
		}
	}
	if (!by_link) {
		open_node(b);
		tick(b, 1);
		for (size_t i = 0; i < PARTNERS; i++)
			come_in(b, i, NULL);
	}
}

/* ---- figures ---- */

struct figure {
	const char *name, *unit;
	double value, goal; /* goal 0: none */
};

static struct figure figures[24];
static size_t figure_count;

static void note(const char *name, const char *unit, double value, double goal)
{
	figures[figure_count++] = (struct figure){name, unit, value, goal};
}

static void reset(struct bench *b)
{
	b->cpu = b->repair_cpu = 0;
}

static size_t count_members(const struct bench *b)
{
	const struct viz_directory *d = &b->node->trust.directory;
	size_t n = 0;

	for (size_t i = 0; i < d->count; i++)
		n += d->list[i]->member;
	return n;
}

static double signature_ms(const struct bench *b)
{
	struct signed_record rec;
	struct viz_record r;
	struct viz_id id;
	struct keys k = keys_of(b, 0, &id);
	double at;

	make_node(b, &rec, &k, 0);
	VIZ_REQUIRE(viz_record_parse(&r, rec.bytes, rec.len) == VIZ_OK);
	at = bench_cpu_s();
	for (int i = 0; i < 500; i++)
		VIZ_REQUIRE(viz_sign_verify(&r.sig, &rec.id, &k.signer.pub) == VIZ_OK);
	return (bench_cpu_s() - at) * 1000 / 500;
}

static void measure_heartbeats(struct bench *b, size_t count)
{
	struct bench_random r = {7};
	struct signed_record rec;

	reset(b);
	for (size_t i = 0; i < count; i++) {
		size_t n = PARTNERS + bench_below(&r, (uint32_t)(b->members - PARTNERS));
		struct viz_id id;
		struct keys k = keys_of(b, n, &id);

		b->now.ms += 20;
		make_node(b, &rec, &k, n);
		give(b, 1 + i % PARTNERS, &rec);
	}
	note("a heartbeat taken in", "ms", b->cpu * 1000 / (double)count, 0.2);
}

/* A VOUCH that comes and goes, between members that have others. */
static void measure_vouches(struct bench *b, size_t count)
{
	struct bench_random r = {8};
	double came = 0, gone = 0;

	for (size_t i = 0; i < count; i++) {
		struct signed_record rec;
		struct viz_id id;
		size_t n = PARTNERS + bench_below(&r, (uint32_t)(b->members - PARTNERS));
		size_t m = PARTNERS + bench_below(&r, (uint32_t)(b->members - PARTNERS));
		struct keys k = keys_of(b, n, &id);

		if (n == m)
			continue;
		b->now.ms += 20;
		reset(b);
		make_vouch(b, &rec, &k, n, VIZ_VOUCH_SLOTS - 1, &b->author[m].id, false);
		give(b, 1 + i % PARTNERS, &rec);
		came += b->cpu;
		b->now.ms += 20;
		reset(b);
		make_vouch(b, &rec, &k, n, VIZ_VOUCH_SLOTS - 1, &b->author[m].id, true);
		give(b, 1 + i % PARTNERS, &rec);
		gone += b->cpu;
	}
	note("a VOUCH taken in", "ms", came * 1000 / (double)count, 1);
	note("a VOUCH withdrawn", "ms", gone * 1000 / (double)count, 1);
}

/* A member leaves the closure, and comes back: its VOUCHes are withdrawn and signed again. */
static void measure_leaving(struct bench *b, size_t count)
{
	double gone = 0, back = 0;

	for (size_t i = 0; i < count; i++) {
		size_t n = b->members - 1 - i * 7;
		struct signed_record rec;
		struct viz_id id;
		struct keys k = keys_of(b, n, &id);
		size_t near[EDGES], near_count = neighbours(b, n, near);

		for (int withdrawn = 1; withdrawn >= 0; withdrawn--) {
			b->now.ms += 20;
			reset(b);
			for (uint64_t slot = 0; slot < near_count; slot++) {
				make_vouch(b, &rec, &k, n, slot, &b->author[near[slot]].id,
					   withdrawn);
				give(b, 1 + i % PARTNERS, &rec);
			}
			*(withdrawn ? &gone : &back) += b->cpu / (double)near_count;
		}
	}
	note("a VOUCH that ends a membership", "ms", gone * 1000 / (double)count, 0);
	note("a VOUCH that begins one", "ms", back * 1000 / (double)count, 1);
}

static void measure_new_members(struct bench *b, size_t count)
{
	size_t before = count_members(b), coverages = b->coverages;

	b->coverages = 0;
	b->author = realloc(b->author, (b->members + count) * sizeof *b->author);
	VIZ_REQUIRE(b->author);
	memset(&b->author[b->members], 0, count * sizeof *b->author);
	reset(b);
	for (size_t i = 0; i < count; i++) {
		b->now.ms += 20;
		add_member(b, b->members + i, learn);
	}
	note("a new member: its records but COVERAGE", "ms", b->cpu * 1000 / (double)count, 0);
	b->coverages = coverages;
	if (count_members(b) != before + count)
		fprintf(stderr, "only %zu of %zu new members\n", count_members(b) - before, count);
	b->members += count;
}

static void measure_rest(struct bench *b)
{
	struct signed_record rec;
	struct viz_id id;
	struct keys k;
	VIZ_WRITER(w, 80);

	tick(b, 1000);
	reset(b);
	for (int i = 0; i < 200; i++)
		tick(b, 0);
	note("a batch with nothing to do", "us", b->cpu * 1e6 / 200, 20);
	reset(b);
	for (int i = 0; i < 120; i++)
		tick(b, 1000);
	note("an idle second, without repair", "ms", (b->cpu - b->repair_cpu) * 1000 / 120, 1);
	note("repair in it", "ms", b->repair_cpu * 1000 / 120, 0);
	k = keys_of(b, PARTNERS, &id);
	make_node(b, &rec, &k, PARTNERS);
	give(b, 1, &rec);
	reset(b);
	viz_message_digest_write(&w, &(struct viz_message_digest){b->now, 1, {{0}}});
	message(b, 1, &w);
	note("repair: a DIGEST after a change", "ms", b->cpu * 1000, 0);
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

/* Opens the node and runs its first batch. Writes how long it took, and the memory then. */
static int start(struct bench *b, const char *dir, int64_t now)
{
	double at = bench_now_s(), cpu = bench_cpu_s();

	snprintf(b->dir, sizeof b->dir, "%s", dir);
	b->now.ms = now;
	open_node(b);
	tick(b, 1);
	at = bench_now_s() - at;
	cpu = bench_cpu_s() - cpu;
	printf("%f %f %f %zu\n", at, cpu, anonymous_mib(), count_members(b));
	close_node(b);
	return 0;
}

static void measure_start(struct bench *b, const char *program)
{
	double wall, cpu, mib;
	char command[2048];
	size_t members;
	FILE *f;

	close_node(b);
	snprintf(command, sizeof command, "'%s' --start %lld '%s'", program,
		 (long long)b->now.ms + 1000, b->dir);
	f = popen(command, "r");
	VIZ_REQUIRE(f && fscanf(f, "%lf %lf %lf %zu", &wall, &cpu, &mib, &members) == 4);
	VIZ_REQUIRE(pclose(f) == 0);
	note("members after a start", "", (double)members, 0);
	note("a start, to the end of its first batch", "s", wall, 1);
	note("of that, processor time", "s", cpu, 1);
	note("resident anonymous memory then", "MiB", mib,
	     (b->members - 1) * (8 + b->coverages) > 400000 ? 128 : 64);
}

static void show(const struct bench *b, bool json, double records)
{
	if (json)
		printf("{\"members\": %zu, \"records\": %.0f, \"figures\": [", b->members, records);
	else
		printf("%zu members, %.0f records\n", b->members, records);
	for (size_t i = 0; i < figure_count; i++) {
		const struct figure *f = &figures[i];

		if (json) {
			printf("%s\n  {\"name\": \"%s\", \"unit\": \"%s\", \"value\": %.4f",
			       i ? "," : "", f->name, f->unit, f->value);
			if (f->goal > 0)
				printf(", \"goal\": %g", f->goal);
			printf("}");
		} else {
			printf("%-42s %12.3f %-4s", f->name, f->value, f->unit);
			if (f->goal > 0)
				printf(" goal %g%s", f->goal, f->value <= f->goal ? "" : "  MISSED");
			printf("\n");
		}
	}
	if (json)
		printf("\n]}\n");
}

int main(int argc, char **argv)
{
	static const struct option options[] = {{"members", required_argument, NULL, 'm'},
						{"records", required_argument, NULL, 'r'},
						{"learn", no_argument, NULL, 'l'},
						{"json", no_argument, NULL, 'j'},
						{"start", required_argument, NULL, 's'},
						{NULL, 0, NULL, 0}};
	struct bench *b = calloc(1, sizeof *b);
	size_t records = 300000;
	bool json = false, by_link = false;
	int64_t start_at = 0;
	const char *parent;
	int c;

	VIZ_REQUIRE(b && viz_crypto_init() == VIZ_OK);
	b->members = 20000;
	b->now.ms = START_MS;
	viz_federation_default(&b->federation, "teste");
	viz_ids_federation(&b->federation_id, &b->federation);
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'm') {
			b->members = strtoul(optarg, NULL, 10);
		} else if (c == 'r') {
			records = strtoul(optarg, NULL, 10);
		} else if (c == 's') {
			start_at = strtoll(optarg, NULL, 10);
		} else if (c == 'j') {
			json = true;
		} else if (c == 'l') {
			by_link = true;
		} else {
			fprintf(stderr, "usage: bench_members [--members N] [--records N] [--learn] "
					"[--json] [DIRECTORY]\n");
			return 2;
		}
	}
	parent = optind < argc ? argv[optind] : "/tmp";
	if (start_at != 0)
		return start(b, parent, start_at);
	VIZ_REQUIRE(b->members >= 1000 && b->members <= VIZ_MEMBERS_MAX - 1000);
	if (records / b->members > 2 + 2 * EDGES)
		b->coverages = records / b->members - 2 - 2 * EDGES;
	VIZ_REQUIRE(b->coverages <= VIZ_COVERAGE_SLOTS);
	b->author = calloc(b->members, sizeof *b->author);
	VIZ_REQUIRE(b->author);
	bench_dir_make(b->dir, parent);
	open_node(b);
	tick(b, 0);
	for (size_t i = 0; i < PARTNERS; i++)
		befriend(b, i);
	tick(b, b->federation.partner_delay_ms);
	reset(b);
	fill(b, by_link);
	if (by_link)
		note("learning all", "s", b->cpu, 0);
	note("members", "", (double)count_members(b), (double)0);
	note("to compare: the check of a signature", "ms", signature_ms(b), 0);
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
