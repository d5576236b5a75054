/* The tree of repair: two nodes that hold the same have the same tree, in whatever order it came to
 * them, at each hour, while time ends what silent authors have signed. */
#include "tests/unit/unit.h"

#include "crypto/id.h"
#include "crypto/sign.h"
#include "node/core/core.h"
#include "node/core/ids.h"
#include "node/gossip/intake.h"
#include "node/node.h"
#include "node/self/partners.h"
#include "node/state.h"
#include "node/trust/identity.h"
#include "node/trust/items.h"
#include "node/trust/member.h"
#include "node/trust/sketch.h"
#include "node/trust/tree.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/coverage.h"
#include "proto/record.h"
#include "proto/trust.h"
#include "proto/writer.h"
#include "tests/unit/node/bed.h"

#define HOUR INT64_C(3600000)

struct author {
	struct viz_signer key;
	struct viz_birth birth;
	struct viz_id id;
};

/* What an author has signed, to be given to several nodes. */
struct signed_records {
	uint8_t bytes[8][1024];
	size_t len[8], count;
};

struct beds {
	struct bed *one, *other;
};

static int setup(void **state)
{
	struct beds *b = calloc(1, sizeof *b);

	assert_non_null(b);
	bed_setup((void **)&b->one);
	bed_setup((void **)&b->other);
	bed_run(b->one);
	bed_run(b->other);
	*state = b;
	return 0;
}

static int teardown(void **state)
{
	struct beds *b = *state;

	bed_teardown((void **)&b->one);
	bed_teardown((void **)&b->other);
	free(b);
	return 0;
}

static void author_make(struct author *a, const struct bed *b, uint8_t n)
{
	struct viz_secret seed = {{n}};

	viz_sign_seed_keypair(&a->key, &seed);
	a->birth = (struct viz_birth){.first_key = a->key.pub, .nonce = {n}};
	viz_id_next_hash(&a->birth.next_hash, &a->key.pub);
	viz_id_author(&a->id, &b->node->core.federation_id, &a->birth);
}

static void sign(struct signed_records *out, const struct bed *b, const struct author *a,
		 uint8_t type, uint64_t slot, const struct viz_writer *body)
{
	struct viz_record rec = {.type = type,
				 .author = a->id,
				 .slot = slot,
				 .seq = type == VIZ_TYPE_REVOCATION ? 1 : (uint64_t)b->now.ms,
				 .time = b->now,
				 .body = body->start,
				 .body_len = body->len};

	assert_int_equal(viz_identity_sign(out->bytes[out->count], &out->len[out->count],
					   sizeof *out->bytes, NULL, &rec, &a->key,
					   &b->node->core.federation_id),
			 VIZ_OK);
	out->count++;
}

static void sign_node(struct signed_records *out, const struct bed *b, const struct author *a)
{
	struct viz_node_body n = {.log = 1,
				  .first_key = a->birth.first_key,
				  .next_hash = a->birth.next_hash,
				  .transport = {{9}},
				  .name = "Vizinho",
				  .version = "1"};
	VIZ_WRITER(w, 1024);

	memcpy(n.nonce, a->birth.nonce, sizeof n.nonce);
	viz_node_body_write(&w, &n);
	sign(out, b, a, VIZ_TYPE_NODE, 0, &w);
}

static void sign_vouch_for(struct signed_records *out, const struct bed *b, const struct author *a,
			   uint64_t slot, const struct viz_id *sponsee)
{
	struct viz_vouch v = {.sponsee = *sponsee};
	VIZ_WRITER(w, 64);

	viz_vouch_write(&w, &v);
	sign(out, b, a, VIZ_TYPE_VOUCH, slot, &w);
}

static void sign_vouch(struct signed_records *out, const struct bed *b, const struct author *a)
{
	sign_vouch_for(out, b, a, 0, &b->node->trust.self.author);
}

static void sign_coverage(struct signed_records *out, const struct bed *b, const struct author *a,
			  uint64_t slot)
{
	struct viz_coverage *c = calloc(1, sizeof *c);
	VIZ_WRITER(w, 256);

	assert_non_null(c);
	c->technology = 1;
	c->municipality[c->municipality_count++] = 3550308;
	viz_coverage_write(&w, c);
	sign(out, b, a, VIZ_TYPE_COVERAGE, slot, &w);
	free(c);
}

static void take(struct bed *b, const struct signed_records *s, size_t i)
{
	bed_begin(b);
	assert_int_equal(viz_intake_sync(&b->node->net, s->bytes[i], s->len[i]), VIZ_OK);
	bed_end(b);
}

/* Our node vouches for the author. */
static struct viz_member *vouch(struct bed *b, const struct author *a)
{
	struct viz_member *m;

	bed_begin(b);
	m = viz_member_ensure(&b->node->trust, &a->id);
	assert_int_equal(viz_self_partners_publish_vouch(&b->node->net, m, false), VIZ_OK);
	bed_end(b);
	return m;
}

static bool sets_at(struct bed *b, const struct author *a, uint64_t hour, struct viz_id out[2])
{
	struct viz_member *m = viz_member_find(&b->node->trust, &a->id);

	assert_true(viz_tree_ready(&b->node->trust));
	return m && viz_tree_author(&b->node->trust, out, m, hour);
}

static void assert_same(struct beds *b, const struct author *a, uint64_t hour)
{
	struct viz_id one[2], other[2];
	bool in = sets_at(b->one, a, hour, one);

	assert_int_equal(in, sets_at(b->other, a, hour, other));
	assert_true(in);
	assert_memory_equal(one, other, sizeof one);
}

/* The sketch of that hour has the marks of what is held, and no others. */
static void assert_sketch(struct bed *b, uint64_t hour)
{
	struct viz_trust *trust = &b->node->trust;
	struct viz_sketch *again = calloc(1, sizeof *again), *kept = calloc(1, sizeof *kept);
	uint8_t parities[VIZ_SKETCH_PARITIES];

	assert_true(again && kept);
	bed_begin(b);
	for (size_t i = 0; i < trust->directory.count; i++) {
		const struct viz_member *m = trust->directory.list[i];
		struct viz_items_place place[VIZ_TREE_ITEMS_MAX];
		size_t n = 0;

		if (viz_member_counts(trust, m))
			n = viz_items_places(trust, place, m, 3,
					     viz_tree_begins(&b->node->core, hour));
		for (size_t k = 0; k < n; k++) {
			uint64_t mark = viz_sketch_mark(&m->id, &place[k]);

			viz_sketch_toggle(again, mark);
			assert_true(viz_tree_has_mark(&b->node->core, m, mark, hour));
		}
	}
	bed_end(b);
	viz_tree_sketch(trust, hour, VIZ_SKETCH_CELLS, kept->cell[0], parities);
	assert_memory_equal(again, kept, sizeof *kept);
	free(again);
	free(kept);
}

/* The bucket of the author is what it would be if it were hashed now. */
static void assert_bucket(struct bed *b, const struct author *a, uint64_t hour)
{
	struct viz_trust *trust = &b->node->trust;
	struct viz_tree_hour *t =
	    trust->tree.now.hour == hour ? &trust->tree.now : &trust->tree.last;
	unsigned bucket = viz_tree_bucket(&a->id);
	uint8_t before[VIZ_TREE_HASH];

	assert_non_null(viz_tree_at(trust, hour));
	memcpy(before, t->hash[bucket], sizeof before);
	t->dirty[bucket] = 1;
	viz_tree_at(trust, hour);
	assert_memory_equal(before, t->hash[bucket], sizeof before);
}

static uint64_t hour_of(const struct bed *b)
{
	return viz_tree_hour_of(&b->node->core, b->now);
}

/* A batch, and one for each second of a sweep. */
static void rest(struct bed *b, unsigned seconds)
{
	for (unsigned i = 0; i < seconds; i++, b->now.ms += 1000)
		bed_run(b);
	bed_run(b);
}

/* The buckets and the root follow what is held at once, and are what a start computes. */
static void follows(void **state)
{
	struct beds *both = *state;
	struct bed *b = both->one;
	struct signed_records s = {.count = 0};
	struct viz_id root[6];
	struct author a;

	author_make(&a, b, 5);
	vouch(b, &a);
	bed_run(b);
	root[0] = viz_tree_at(&b->node->trust, hour_of(b))->root;
	sign_node(&s, b, &a);
	sign_vouch(&s, b, &a);
	sign_coverage(&s, b, &a, 0);
	b->now.ms++;
	sign_coverage(&s, b, &a, 0);
	for (size_t i = 0; i < s.count; i++) {
		take(b, &s, i);
		bed_run(b);
		root[i + 1] = viz_tree_at(&b->node->trust, hour_of(b))->root;
		assert_false(viz_id_eq(&root[i], &root[i + 1]));
		assert_sketch(b, hour_of(b));
		assert_sketch(b, hour_of(b) - 1);
	}
	bed_close(b);
	bed_open(b);
	bed_run(b);
	assert_true(viz_tree_ready(&b->node->trust));
	root[5] = viz_tree_at(&b->node->trust, hour_of(b))->root;
	/* our own NODE was signed at the start */
	assert_memory_equal(
	    viz_tree_at(&b->node->trust, hour_of(b))->hash[viz_tree_bucket(&a.id)],
	    viz_tree_at(&b->node->trust, hour_of(b) - 1)->hash[viz_tree_bucket(&a.id)],
	    VIZ_TREE_HASH);
	assert_false(viz_id_eq(&root[5], &root[0]));
}

/* The author is silent. Its COVERAGE ends at an instant within an hour: at the next one's beginning
 * for all, whenever they got it, and whether they have swept it or not. */
static void silence_ends_at_an_hour(void **state)
{
	struct beds *b = *state;
	const struct viz_federation *f = viz_node_federation(b->one->node);
	struct signed_records s = {.count = 0};
	struct viz_id before[2], after[2];
	struct author a;
	int64_t end;
	uint64_t last;

	b->one->now.ms += HOUR / 2; /* so that it ends within an hour */
	author_make(&a, b->one, 5);
	vouch(b->one, &a);
	vouch(b->other, &a);
	sign_node(&s, b->one, &a);
	sign_vouch(&s, b->one, &a);
	sign_coverage(&s, b->one, &a, 0);
	sign_coverage(&s, b->one, &a, 1);
	end = b->one->now.ms + f->silence_ms + f->grace_ms;
	last = viz_tree_hour_of(&b->one->node->core, (struct viz_time){end - 1});
	for (size_t i = 0; i < s.count; i++)
		take(b->one, &s, i);
	rest(b->one, 1);
	b->other->now.ms = end - 3 * HOUR / 2; /* it gets them shortly before they end */
	rest(b->other, 1);
	for (size_t i = s.count; i-- > 0;)
		if (i < 2)
			take(b->other, &s, 1 - i);
	for (size_t i = s.count; i-- > 2;)
		take(b->other, &s, i);
	for (uint64_t hour = last - 1; hour <= last + 4; hour++) {
		int64_t begins = viz_tree_begins(&b->one->node->core, hour).ms;

		/* one has just begun the hour, one is at its end */
		b->one->now.ms = b->one->now.ms > begins ? b->one->now.ms : begins;
		rest(b->one, 3);
		b->other->now.ms = begins + HOUR - 10000;
		rest(b->other, 3);
		assert_same(b, &a, hour);
		assert_same(b, &a, hour - 1);
		assert_bucket(b->one, &a, hour);
		assert_bucket(b->one, &a, hour - 1);
		assert_sketch(b->one, hour);
		assert_sketch(b->one, hour - 1);
		assert_sketch(b->other, hour - 1);
		if (hour == last)
			assert_true(sets_at(b->one, &a, hour, before));
	}
	assert_true(sets_at(b->one, &a, last + 4, after));
	assert_false(viz_id_eq(&before[0], &after[0]));
	assert_true(viz_id_eq(&before[1], &after[1])); /* NODE stays */
}

/* Whoever does not count is in no tree. */
static void who_leaves_is_in_no_tree(void **state)
{
	struct beds *both = *state;
	struct bed *b = both->one;
	struct signed_records s = {.count = 0};
	struct viz_member *m;
	struct viz_id sets[2];
	struct author a;

	author_make(&a, b, 5);
	m = vouch(b, &a);
	rest(b, 1);
	assert_false(sets_at(b, &a, hour_of(b), sets)); /* nothing of it is held */
	sign_node(&s, b, &a);
	sign_vouch(&s, b, &a);
	take(b, &s, 0);
	rest(b, 1);
	assert_true(sets_at(b, &a, hour_of(b), sets)); /* sponsored */
	take(b, &s, 1);
	bed_begin(b);
	assert_int_equal(viz_self_partners_publish_vouch(&b->node->net, m, true), VIZ_OK);
	bed_end(b);
	b->now.ms += HOUR;
	rest(b, 1);
	assert_false(sets_at(b, &a, hour_of(b), sets));
	assert_sketch(b, hour_of(b));
	m->items.left_out = true;
	assert_true(sets_at(b, &a, hour_of(b), sets)); /* by zeros */
	assert_int_equal(sets[0].b[0] | sets[1].b[31], 0);
	m->items.left_out = false;
}

/* A sponsored author becomes a member by a record that is not its own: from then on its COVERAGE
 * is compared too. */
static void who_becomes_a_member_is_compared_whole(void **state)
{
	struct beds *both = *state;
	struct bed *b = both->one;
	struct signed_records s = {.count = 0};
	struct author a, sponsor;
	struct viz_id sets[2], whole[2];
	struct viz_member *m;

	author_make(&a, b, 5);
	author_make(&sponsor, b, 6);
	vouch(b, &sponsor);
	sign_node(&s, b, &sponsor);
	sign_vouch(&s, b, &sponsor);
	sign_vouch_for(&s, b, &sponsor, 1, &a.id);
	sign_node(&s, b, &a);
	sign_vouch(&s, b, &a);
	sign_coverage(&s, b, &a, 0);
	m = vouch(b, &a);
	m->peer.present = m->peer.partner = true; /* else its COVERAGE would be dropped */
	for (size_t i = 0; i < s.count; i++)
		take(b, &s, i);
	rest(b, 1);
	assert_true(sets_at(b, &a, hour_of(b), whole));
	bed_begin(b);
	assert_int_equal(viz_self_partners_publish_vouch(&b->node->net, m, true), VIZ_OK);
	bed_end(b);
	b->now.ms += HOUR;
	rest(b, 1);
	assert_false(m->member);
	assert_true(sets_at(b, &a, hour_of(b), sets)); /* sponsored */
	assert_sketch(b, hour_of(b));
	assert_false(viz_id_eq(&sets[0], &whole[0]));
	vouch(b, &a);
	rest(b, 1);
	assert_true(m->member);
	assert_true(sets_at(b, &a, hour_of(b), sets));
	assert_memory_equal(sets, whole, sizeof sets);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(follows, setup, teardown),
	    cmocka_unit_test_setup_teardown(silence_ends_at_an_hour, setup, teardown),
	    cmocka_unit_test_setup_teardown(who_becomes_a_member_is_compared_whole, setup,
					    teardown),
	    cmocka_unit_test_setup_teardown(who_leaves_is_in_no_tree, setup, teardown),
	};

	return cmocka_run_group_tests_name("tree", tests, NULL, NULL);
}
