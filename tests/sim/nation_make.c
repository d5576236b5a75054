/* Who there is in a nation, and what was published before it begins: NODE, VOUCHes, PARTNERS and a
 * COVERAGE of each, signed with its own keys. They stand in the base that all stores share, each
 * node's settings for its peers in its own memory. */
#include "tests/sim/nation.h"
#include "tests/sim/play.h"

#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>
#include "crypto/x25519.h"
#include "node/core/core.h"
#include "node/core/ids.h"
#include "node/core/place.h"
#include "node/core/weight.h"
#include "node/init.h"
#include "node/node.h"
#include "node/state.h"
#include "node/trust/identity.h"
#include "node/trust/peer.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/coverage.h"
#include "proto/limits.h"
#include "proto/record.h"
#include "proto/trust.h"
#include "proto/writer.h"
#include "store/meta.h"
#include "store/store.h"

#define NOON         INT64_C(1795435200000) /* 2026-11-23T12:00:00Z */
#define DAY_MS       (24 * VIZ_HOUR_MS)
#define SPONSORS     2
#define SPONSEES_MAX 30  /* of one node, of VIZ_VOUCH_SLOTS */
#define REGION       250 /* nodes with one municipality */

/* How a node has settled with others. */
struct ties {
	unsigned vouch[VIZ_VOUCH_SLOTS];
	unsigned partner[NATION_PEERS_MAX];
	unsigned vouch_count, partner_count;
};

uint32_t nation_municipality(const struct nation *w, unsigned node)
{
	(void)w;
	return sim_municipality(node / REGION);
}

bool nation_is_partner(const struct nation_node *origin, unsigned node)
{
	size_t low = 0, high = origin->partner_count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (origin->partner[middle] < node)
			low = middle + 1;
		else
			high = middle;
	}
	return low < origin->partner_count && origin->partner[low] == node;
}

/* ---- ties ---- */

static bool has(const unsigned *list, unsigned count, unsigned n)
{
	for (unsigned i = 0; i < count; i++)
		if (list[i] == n)
			return true;
	return false;
}

/* Each is vouched for by some that came before, and vouches for them. */
static void draw_sponsors(struct nation *w, struct ties *ties)
{
	for (unsigned i = 1; i < w->count; i++)
		for (unsigned tries = 0, got = 0; got < SPONSORS && got < i && tries < 1000;
		     tries++) {
			unsigned k = (unsigned)sim_below(&w->rng, i);

			if (ties[k].vouch_count >= SPONSEES_MAX ||
			    has(ties[i].vouch, ties[i].vouch_count, k))
				continue;
			ties[i].vouch[ties[i].vouch_count++] = k;
			ties[k].vouch[ties[k].vouch_count++] = i;
			got++;
		}
}

static void add_partner(struct ties *a, struct ties *b, unsigned i, unsigned k)
{
	if (a->partner_count >= NATION_PEERS_MAX - 1 || b->partner_count >= NATION_PEERS_MAX - 1 ||
	    has(a->partner, a->partner_count, k))
		return;
	a->partner[a->partner_count++] = k;
	b->partner[b->partner_count++] = i;
}

/* Origins have 5 to 200 partners, most of them few, near them in the list. */
static void draw_partners(struct nation *w, struct ties *ties)
{
	unsigned origins = w->options.origins, most = w->count / 5 < 200 ? w->count / 5 : 200;

	for (unsigned o = 0; o < origins; o++) {
		unsigned i = o * (w->count / origins);
		uint64_t u = sim_below(&w->rng, 1000);
		unsigned want = 5 + (unsigned)((most > 5 ? most - 5 : 0) * u * u / 1000000);
		unsigned near;

		w->node[i].is_origin = true;
		if (o == 0)
			want =
			    most > 5 + origins / 2 ? most - origins / 2 : 5; /* one has the most */
		near = want * 3 < w->count ? want * 3 : w->count;
		for (unsigned tries = 0; tries < 4000 && ties[i].partner_count < want; tries++) {
			unsigned k = (i + 1 + (unsigned)sim_below(&w->rng, near * 2)) % w->count;

			if (k != i)
				add_partner(&ties[i], &ties[k], i, k);
		}
		if (o % 2 == 1) /* the one with the most is in every other circle */
			add_partner(&ties[0], &ties[i], 0, i);
	}
}

/* Origins publish, and others by lot. */
static void draw_publishers(struct nation *w)
{
	for (unsigned i = 0; i < w->count; i++) {
		w->node[i].publishes = w->node[i].is_origin;
		w->publishers += w->node[i].publishes;
	}
	while (w->publishers < w->options.publishers) {
		struct nation_node *n = &w->node[sim_below(&w->rng, w->count)];

		w->publishers += !n->publishes;
		n->publishes = true;
	}
}

static int by_number(const void *a, const void *b)
{
	unsigned x = *(const unsigned *)a, y = *(const unsigned *)b;

	return (x > y) - (x < y);
}

/* ---- records ---- */

struct author {
	struct nation *w;
	struct nation_node *n;
	struct viz_core *core;
	struct viz_trust *trust;
	struct viz_core *base; /* of the template, where the records go */
};

static void publish(struct author *a, struct viz_id *id, uint8_t type, uint64_t slot,
		    struct viz_time at, const struct viz_writer *body)
{
	static uint8_t bytes[VIZ_SIGNED_RECORD_MAX];
	struct viz_record rec = {.type = type,
				 .author = a->trust->self.author,
				 .slot = slot,
				 .seq = (uint64_t)at.ms,
				 .time = at,
				 .body = body->start};
	size_t len;

	VIZ_REQUIRE(viz_writer_finish(body, &rec.body_len) == VIZ_OK);
	VIZ_REQUIRE(viz_identity_sign(bytes, &len, sizeof bytes, id, &rec, &a->trust->self.signer,
				      &a->core->federation_id) == VIZ_OK);
	VIZ_REQUIRE(viz_record_parse(&rec, bytes, len) == VIZ_OK);
	a->base->now = at;
	viz_place_put(a->base, NULL, &rec, id);
	viz_weight_flush(a->base);
}

static void publish_partners(struct author *a, struct ties *t, struct viz_id *id,
			     struct viz_time at)
{
	struct viz_partners *p = calloc(1, sizeof *p);
	VIZ_WRITER(w, 16384);

	VIZ_REQUIRE(p);
	p->log = a->trust->self.log;
	for (unsigned i = 0; i < t->partner_count; i++) {
		p->entry[p->count].id = a->w->node[t->partner[i]].author;
		p->entry[p->count++].added = at;
	}
	qsort(p->entry, p->count, sizeof *p->entry, viz_ids_compare);
	viz_partners_write(&w, p);
	publish(a, id, VIZ_TYPE_PARTNERS, 0, at, &w);
	free(p);
}

static void publish_node(struct author *a, const struct viz_id *partners, struct viz_time at)
{
	const struct viz_self *self = &a->trust->self;
	const struct viz_profile *p = &a->n->profile;
	struct viz_node_body b = {.first_key = self->birth.first_key,
				  .next_hash = self->birth.next_hash,
				  .asn = p->asn,
				  .address_count = 1,
				  .partners = *partners,
				  .start = at,
				  .log = self->log};
	struct viz_id id;
	VIZ_WRITER(w, 2048);

	memcpy(b.nonce, self->birth.nonce, sizeof b.nonce);
	viz_x25519_pub(&b.transport, &self->transport);
	snprintf(b.name, sizeof b.name, "%s", p->name);
	snprintf(b.address[0], sizeof b.address[0], "%s", p->address[0]);
	snprintf(b.privacy, sizeof b.privacy, "%s", p->privacy);
	snprintf(b.version, sizeof b.version, "%s", VIZ_VERSION);
	viz_ids_head(&b.head, (uint64_t)at.ms, self->log, self->log_number, &self->log_value);
	viz_node_body_write(&w, &b);
	publish(a, &id, VIZ_TYPE_NODE, 0, at, &w);
}

static void publish_vouches(struct author *a, const struct ties *t, struct viz_time at)
{
	for (unsigned i = 0; i < t->vouch_count; i++) {
		struct viz_vouch v = {.sponsee = a->w->node[t->vouch[i]].author};
		struct viz_id id;
		VIZ_WRITER(w, 64);

		viz_vouch_write(&w, &v);
		publish(a, &id, VIZ_TYPE_VOUCH, i, at, &w);
	}
}

static void publish_coverage(struct author *a, struct viz_time at)
{
	struct viz_coverage *c = calloc(1, sizeof *c);
	struct viz_id id;
	VIZ_WRITER(w, 256);

	VIZ_REQUIRE(c);
	c->technology = 1;
	c->down_mbps = 500;
	c->municipality[c->municipality_count++] = nation_municipality(a->w, a->n->index);
	viz_coverage_write(&w, c);
	publish(a, &id, VIZ_TYPE_COVERAGE, 0, at, &w);
	free(c);
}

/* What the operator has settled: links with those are kept. */
static void settle(struct author *a, const struct ties *t)
{
	for (unsigned i = 0; i < t->vouch_count + t->partner_count; i++) {
		bool vouch = i < t->vouch_count;
		unsigned k = vouch ? t->vouch[i] : t->partner[i - t->vouch_count];
		struct viz_member *m = viz_member_ensure(a->trust, &a->w->node[k].author);

		m->peer.present = true;
		m->peer.vouched |= vouch;
		m->peer.partner |= !vouch;
		viz_peer_save(a->trust, m);
	}
}

static void publish_all(struct nation *w, struct nation_node *n, struct ties *t,
			struct viz_core *base)
{
	struct viz_core core = {.now = {w->began}};
	struct viz_trust trust = {.core = &core};
	struct author a = {w, n, &core, &trust, base};
	struct viz_time at = {w->began - 3 * DAY_MS + (int64_t)sim_below(&w->rng, VIZ_HOUR_MS)};
	struct viz_time node_at = {
	    w->began - 600000 -
	    (int64_t)sim_below(&w->rng, (uint64_t)w->federation.heartbeat_ms / 2)};
	struct viz_id partners = {{0}};

	nation_open_store(w, n);
	core.store = n->store;
	VIZ_REQUIRE(viz_store_begin(n->store) == VIZ_OK && viz_identity_load(&trust) == VIZ_OK);
	viz_member_self(&trust);
	if (t->partner_count > 0)
		publish_partners(&a, t, &partners, at);
	publish_vouches(&a, t, at);
	publish_coverage(&a, at);
	publish_node(&a, &partners, node_at);
	settle(&a, t);
	viz_identity_signed(&trust, node_at);
	VIZ_REQUIRE(viz_store_commit(n->store) == VIZ_OK);
	viz_store_close(n->store);
	n->store = NULL;
	viz_trust_free(&trust);
	free(core.touched.list);
}

/* ---- nodes ---- */

static void make_identity(struct nation *w, struct nation_node *n)
{
	struct viz_secret entropy;
	struct viz_offline offline;
	struct viz_core core = {.now = {w->began}};
	struct viz_trust trust = {.core = &core};

	snprintf(n->profile.name, sizeof n->profile.name, "Provedor %u", n->index);
	snprintf(n->profile.withdrawal, sizeof n->profile.withdrawal, "0800 123 4567");
	snprintf(n->profile.privacy, sizeof n->profile.privacy, "dpo@p%u.example", n->index);
	snprintf(n->profile.address[0], sizeof n->profile.address[0], "%u.%u.%u.1:%d",
		 11 + n->index % 160, n->index / 160 % 200, n->index / 32000, SIM_PORT);
	n->profile.asn = 262000 + n->index;
	n->memory = sim_memory_new(w->base);
	n->file = sim_file_new();
	nation_open_store(w, n);
	nation_seed(&entropy, w, "identity", n->index, 0);
	VIZ_REQUIRE(viz_node_init(n->store, &offline, &w->federation, &entropy,
				  (struct viz_time){w->began - 4 * DAY_MS}) == VIZ_OK);
	n->next_seed = offline.next_seed;
	n->revocation_len = offline.revocation_len;
	memcpy(n->revocation, offline.revocation, sizeof n->revocation);
	core.store = n->store;
	VIZ_REQUIRE(viz_store_begin(n->store) == VIZ_OK && viz_identity_load(&trust) == VIZ_OK);
	n->author = trust.self.author;
	viz_x25519_pub(&n->transport, &trust.self.transport);
	w->federation_id = core.federation_id;
	viz_store_abort(n->store);
	viz_store_close(n->store);
	n->store = NULL;
}

/* The first node opens its store over all of this, and indexes the COVERAGEs. All have that index.
 */
static void make_index(struct nation *w)
{
	static const enum viz_table tables[] = {VIZ_TABLE_LOOKUP, VIZ_TABLE_LOOKUP_CEP,
						VIZ_TABLE_LOOKUP_PLACE, VIZ_TABLE_LOOKUP_OWN,
						VIZ_TABLE_COVERAGE_INDEX};
	struct nation_node *n = &w->node[0];
	struct viz_event ev = {.kind = VIZ_EVENT_TICK};

	w->now = w->began - 100000000; /* not yet */
	nation_start(w, n);
	for (int64_t at = w->began - 300000; !n->core->coverage.built; at += 1000) {
		struct viz_effects fx;

		viz_effects_init(&fx);
		VIZ_REQUIRE(viz_node_run(n->core, &fx, (struct viz_time){at}, &ev, 1) == VIZ_OK &&
			    at < w->began);
		viz_effects_clear(&fx);
	}
	nation_stop(w, n);
	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
		sim_memory_give_base(w->base, n->memory, tables[i]);
	sim_memory_give_row(w->base, n->memory, VIZ_TABLE_META, VIZ_META(VIZ_META_COVERAGE_INDEX));
	for (size_t i = 0; i < w->task_count; i++)
		nation_input_free(&w->task[i].input);
	w->task_count = 0;
	n->run_planned = false;
	w->now = w->began;
}

static void make_records(struct nation *w, struct ties *ties)
{
	struct nation_node template = {.memory = sim_memory_new(w->base)};
	struct viz_core core = {.federation = w->federation};

	core.federation_id = w->federation_id;
	nation_open_store(w, &template);
	core.store = template.store;
	for (unsigned i = 0; i < w->count; i++) {
		/* one transaction at a time: that of the node is inside */
		VIZ_REQUIRE(viz_store_begin(template.store) == VIZ_OK);
		publish_all(w, &w->node[i], &ties[i], &core);
		VIZ_REQUIRE(viz_store_commit(template.store) == VIZ_OK);
	}
	viz_store_close(template.store);
	sim_memory_give_base(w->base, template.memory, VIZ_TABLE_RECORD);
	sim_memory_give_base(w->base, template.memory, VIZ_TABLE_META);
	sim_memory_free(template.memory);
	free(core.touched.list);
}

void nation_make(struct nation *w)
{
	struct ties *ties = calloc(w->count, sizeof *ties);

	VIZ_REQUIRE(ties);
	w->began = w->now = NOON;
	w->base = sim_memory_base_new();
	viz_federation_default(&w->federation, "simulated");
	if (strstr(w->options.play, "year"))
		VIZ_REQUIRE(viz_federation_set(&w->federation, "repair_ms",
					       NATION_YEAR_REPAIR_MS) == VIZ_OK);
	snprintf(w->dir, sizeof w->dir, "%s/vizinho-nation-XXXXXX",
		 access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	VIZ_REQUIRE(mkdtemp(w->dir));
	for (unsigned i = 0; i < w->count; i++) {
		w->node[i].index = i;
		make_identity(w, &w->node[i]);
	}
	draw_sponsors(w, ties);
	draw_partners(w, ties);
	draw_publishers(w);
	make_records(w, ties);
	for (unsigned i = 0; i < w->count; i++) {
		struct nation_node *n = &w->node[i];

		qsort(ties[i].partner, ties[i].partner_count, sizeof(unsigned), by_number);
		n->partner_count = ties[i].partner_count;
		n->partner = viz_core_alloc(n->partner_count * sizeof *n->partner + 1);
		for (size_t k = 0; k < n->partner_count; k++)
			n->partner[k] = (uint16_t)ties[i].partner[k];
	}
	free(ties);
	make_index(w);
	if (w->options.share)
		nation_share_make(w);
}

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	return remove(path);
}

void nation_free(struct nation *w)
{
	for (unsigned i = 0; i < w->count; i++)
		nation_stop(w, &w->node[i]);
	for (unsigned i = 0; i < w->count; i++) {
		sim_memory_free(w->node[i].memory);
		sim_file_free(w->node[i].file);
		free(w->node[i].partner);
		free(w->node[i].reply);
	}
	for (size_t i = 0; i < w->task_count; i++)
		nation_input_free(&w->task[i].input);
	for (size_t i = 0; i < w->link_count; i++)
		for (unsigned e = 0; e < 2; e++) {
			struct nation_end *end = &w->link[i].end[e];

			for (size_t k = 0; k < end->held_count; k++)
				nation_input_free(&end->held[k]);
			free(end->held);
		}
	nftw(w->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	sim_image_free();
	sim_memory_base_free(w->base);
	free(w->link);
	free(w->task);
	nation_watch_free(w);
	free(w->figure);
	free(w->node);
	free(w);
}
