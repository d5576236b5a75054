#include "tools/bench/members.h"

#include "tools/bench/bench.h"

#include "crypto/id.h"
#include "crypto/sign.h"
#include "crypto/x25519.h"
#include "node/core/event.h"
#include "node/core/ids.h"
#include "node/core/place.h"
#include "node/core/weight.h"
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
#include "store/store.h"

#define NEAR       100 /* how far before it they came, at most */
#define MAP_BYTES  (UINT64_C(16) << 30)
#define FILL_BATCH 5000 /* authors */

/* ---- records ---- */

/* The keys of author `n`; its id too. */
struct keys members_keys(const struct members *b, size_t n, struct viz_id *id)
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

/* Only what the bench itself has to prove is signed: the core leaves the check to the host. */
static void make(const struct members *b, struct signed_record *out, const struct keys *k,
		 const struct viz_id *author, uint8_t type, uint64_t slot,
		 const struct viz_writer *body)
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

void members_node(const struct members *b, struct signed_record *out, const struct keys *k,
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

void members_vouch(const struct members *b, struct signed_record *out, const struct keys *k,
		   size_t n, uint64_t slot, const struct viz_id *sponsee, bool withdrawn)
{
	struct viz_vouch v = {.sponsee = *sponsee, .withdrawn = withdrawn};
	VIZ_WRITER(w, 64);

	viz_vouch_write(&w, &v);
	make(b, out, k, &b->author[n].id, VIZ_TYPE_VOUCH, slot, &w);
}

/* The members that member n vouches for when it comes. */
size_t members_near(const struct members *b, size_t n, size_t out[MEMBERS_NEAR])
{
	struct bench_random r = {n};
	size_t count = 0;

	for (size_t i = 0; i < MEMBERS_NEAR && n >= MEMBERS_PARTNERS; i++) {
		size_t near = n < NEAR ? n : NEAR;
		size_t m = n - 1 - bench_below(&r, (uint32_t)near);

		bool chosen = b->author[m].vouches + 1 >= VIZ_VOUCH_SLOTS;

		for (size_t k = 0; k < count; k++)
			chosen |= out[k] == m;
		if (!chosen)
			out[count++] = m;
	}
	return count;
}

static void make_partners(const struct members *b, struct signed_record *out, const struct keys *k,
			  size_t n, const struct viz_id *more)
{
	struct viz_partners *p = calloc(1, sizeof *p);
	size_t near[MEMBERS_NEAR], count = members_near(b, n, near);
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
		p->entry[i].added.ms = MEMBERS_START_MS;
	viz_partners_write(&w, p);
	make(b, out, k, &b->author[n].id, VIZ_TYPE_PARTNERS, 0, &w);
	free(p);
}

/* Members are spread over the country: one of 5,000. */
static uint32_t municipality(size_t n)
{
	uint32_t code = 3000000 + (uint32_t)(n % 5000) * 10;

	while (!viz_coverage_municipality_valid(code))
		code++;
	return code;
}

void members_coverage(const struct members *b, struct signed_record *out, const struct keys *k,
		      size_t n, uint64_t slot)
{
	struct viz_coverage *c = calloc(1, sizeof *c);
	static const uint8_t region[3000] = {1};
	VIZ_WRITER(w, 4096);

	VIZ_REQUIRE(c);
	c->technology = 1;
	c->down_mbps = 500;
	c->municipality[c->municipality_count++] = municipality(n);
	for (c->cep_count = 0; c->cep_count < 16; c->cep_count++)
		c->cep[c->cep_count] = (struct viz_cep_range){
		    .from = (uint32_t)(10000000 + n % 1000 * 50000 + c->cep_count * 2000 + slot),
		    .to = (uint32_t)(10000500 + n % 1000 * 50000 + c->cep_count * 2000 + slot)};
	c->region = region;
	c->region_len = b->region;
	viz_coverage_write(&w, c);
	make(b, out, k, &b->author[n].id, VIZ_TYPE_COVERAGE, slot, &w);
	free(c);
}

/* ---- the node ---- */

void members_open(struct members *b)
{
	struct viz_store_config config = {
	    .dir = b->dir, .map_bytes = MAP_BYTES, .volatile_commit = true};
	static const char *const readers[] = {"root"};
	struct viz_node_config nc = {.profile = {.name = "Provedor A",
						 .privacy = "dpo@a.example",
						 .withdrawal = "0800 123 4567"},
				     .seed = {{(uint8_t)(1 + b->seed)}},
				     .readers = readers,
				     .reader_count = 1};
	struct viz_secret entropy = {{(uint8_t)(42 + b->seed)}};
	struct viz_offline offline;
	int err;

	VIZ_REQUIRE(viz_store_open(&b->store, NULL, &config) == VIZ_OK &&
		    viz_vault_file_open(&b->vault, NULL, b->store, b->dir) == VIZ_OK);
	err = viz_node_init(b->store, &offline, &b->federation, &entropy, b->now);
	VIZ_REQUIRE(err == VIZ_OK || err == VIZ_ERR_EXISTS);
	VIZ_REQUIRE(viz_node_open(&b->node, b->store, b->vault, &nc, b->now) == VIZ_OK);
}

void members_close(struct members *b)
{
	viz_node_close(b->node);
	viz_vault_file_close(b->vault);
	viz_store_close(b->store);
}

/* Runs the events, and says yes to each signature that is to be checked. */
static void run(struct members *b, const struct viz_event *events, size_t count, char *reply)
{
	struct viz_event verified[VIZ_VERIFY_IN_FLIGHT + VIZ_VERIFY_ASKED];
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
				repaired |= e->bytes[3] == VIZ_MESSAGE_TREE;
			if (e->kind == VIZ_EFFECT_SEND && b->sent)
				b->sent(b, e);
		}
		if (repaired)
			b->repair_cpu += at;
		viz_effects_clear(&fx);
		events = verified;
		count = n;
	} while (n > 0);
}

void members_tick(struct members *b, int64_t ms)
{
	struct viz_event ev = {.kind = VIZ_EVENT_TICK};

	b->now.ms += ms;
	run(b, &ev, 1, NULL);
}

void members_event(struct members *b, const struct viz_event *ev)
{
	run(b, ev, 1, NULL);
}

void members_message(struct members *b, uint64_t link, const struct viz_writer *w)
{
	struct viz_event ev = {.kind = VIZ_EVENT_MESSAGE, .link = link, .bytes = w->start};

	VIZ_REQUIRE(viz_writer_finish(w, &ev.len) == VIZ_OK);
	run(b, &ev, 1, NULL);
}

void members_give(struct members *b, uint64_t link, const struct signed_record *rec)
{
	VIZ_WRITER(w, 4200);

	viz_message_record_write(&w, &(struct viz_message_record){rec->bytes, rec->len});
	members_message(b, link, &w);
}

const char *members_request(struct members *b, char reply[16384], const char *json)
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
static void come_in(struct members *b, size_t n, const uint8_t *token)
{
	static uint8_t bytes[VIZ_HELLO_MAX];
	struct viz_event ev = {.kind = VIZ_EVENT_HELLO, .link = n + 1, .bytes = bytes};
	struct viz_hello hello = {.has_token = token != NULL, .record_count = 1};
	struct signed_record node;
	struct viz_writer w;
	struct keys k = members_keys(b, n, &hello.author);
	VIZ_WRITER(member, 16);

	b->now.ms++;
	members_node(b, &node, &k, n);
	hello.record[0] = (struct viz_slice){node.bytes, node.len};
	if (token)
		memcpy(hello.token, token, sizeof hello.token);
	ev.remote = k.transport;
	viz_writer_init(&w, bytes, sizeof bytes);
	viz_hello_write(&w, &hello);
	VIZ_REQUIRE(viz_writer_finish(&w, &ev.len) == VIZ_OK);
	run(b, &ev, 1, NULL);
	viz_message_member_write(&member, &(struct viz_message_member){b->now});
	members_message(b, n + 1, &member);
}

/* Author n becomes a partner of our node, by invitation. */
void members_befriend(struct members *b, size_t n)
{
	char *reply = malloc(16384), line[VIZ_INVITE_TEXT_MAX], json[512], id[65];
	struct viz_invite invite;
	struct signed_record rec;
	struct keys k = members_keys(b, n, &b->author[n].id);
	const char *at;

	VIZ_REQUIRE(reply);
	at = strstr(members_request(b, reply, "{\"op\": \"peer.invite\"}"), "vizinvite1.");
	VIZ_REQUIRE(at);
	snprintf(line, sizeof line, "%.*s", (int)strcspn(at, "\""), at);
	VIZ_REQUIRE(viz_invite_parse(&invite, line) == VIZ_OK);
	come_in(b, n, invite.token);
	viz_hex(id, b->author[n].id.b, 32);
	snprintf(json, sizeof json, "{\"op\": \"peer.trust\", \"args\": {\"peer\": \"%s\"}}", id);
	VIZ_REQUIRE(strstr(members_request(b, reply, json), "\"ok\":true"));
	b->now.ms++;
	members_vouch(b, &rec, &k, n, b->author[n].vouches++, viz_node_author(b->node), false);
	members_give(b, n + 1, &rec);
	make_partners(b, &rec, &k, n, viz_node_author(b->node));
	members_give(b, n + 1, &rec);
	free(reply);
}

/* ---- filling ---- */

typedef void (*taker)(struct members *b, const struct signed_record *rec);

static void put(struct members *b, const struct signed_record *s)
{
	struct viz_core core = {.store = b->store, .now = b->now};
	struct viz_record rec;

	VIZ_REQUIRE(viz_record_parse(&rec, s->bytes, s->len) == VIZ_OK);
	viz_place_put(&core, NULL, &rec, &s->id);
	viz_weight_flush(&core);
	free(core.touched.list);
}

static void learn(struct members *b, const struct signed_record *rec)
{
	if (b->next_event++ % 1000 == 0)
		members_tick(b, 1000); /* the budgets of one link */
	members_give(b, b->next_event % MEMBERS_PARTNERS + 1, rec);
}

/* All records of member n, in the order in which they can be judged. */
static void add(struct members *b, size_t n, taker take)
{
	struct signed_record rec;
	struct keys k = members_keys(b, n, &b->author[n].id);
	size_t near[MEMBERS_NEAR], count = members_near(b, n, near);

	for (size_t i = 0; i < count; i++) {
		struct viz_id id;
		struct keys other = members_keys(b, near[i], &id);

		members_vouch(b, &rec, &other, near[i], b->author[near[i]].vouches++,
			      &b->author[n].id, false);
		take(b, &rec);
	}
	if (n >= MEMBERS_PARTNERS) {
		members_node(b, &rec, &k, n);
		take(b, &rec);
	}
	for (size_t i = 0; i < count; i++) {
		members_vouch(b, &rec, &k, n, b->author[n].vouches++, &b->author[near[i]].id,
			      false);
		take(b, &rec);
	}
	if (n >= MEMBERS_PARTNERS) {
		make_partners(b, &rec, &k, n, NULL);
		take(b, &rec);
	}
	for (uint64_t slot = 0; slot < b->coverages; slot++) {
		members_coverage(b, &rec, &k, n, slot);
		take(b, &rec);
	}
}

void members_add(struct members *b, size_t n)
{
	add(b, n, learn);
}

/* The first ones after the partners are known by a VOUCH of a partner. */
void members_fill(struct members *b, bool by_link)
{
	if (!by_link)
		members_close(b);
	for (size_t n = 0; n < b->count; n += FILL_BATCH) {
		struct viz_store_config config = {
		    .dir = b->dir, .map_bytes = MAP_BYTES, .volatile_commit = true};

		if (!by_link)
			VIZ_REQUIRE(viz_store_open(&b->store, NULL, &config) == VIZ_OK &&
				    viz_store_begin(b->store) == VIZ_OK);
		for (size_t i = n; i < n + FILL_BATCH && i < b->count; i++)
			add(b, i, by_link ? learn : put);
		if (!by_link) {
			VIZ_REQUIRE(viz_store_commit(b->store) == VIZ_OK);
			viz_store_close(b->store);
		}
	}
	if (!by_link) {
		members_open(b);
		members_tick(b, 1);
		for (size_t i = 0; i < MEMBERS_PARTNERS; i++)
			come_in(b, i, NULL);
	}
}
