/* What a node accepts from other authors, whatever they sign: births, successions, silence. The
 * core has a real store and no links. */
#include "tests/unit/unit.h"

#include "crypto/id.h"
#include "crypto/sign.h"
#include "node/core/core.h"
#include "node/core/place.h"
#include "node/gossip/intake.h"
#include "node/node.h"
#include "node/self/partners.h"
#include "node/state.h"
#include "node/trust/author.h"
#include "node/trust/identity.h"
#include "node/trust/items.h"
#include "node/trust/live.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/record.h"
#include "proto/trust.h"
#include "proto/writer.h"
#include "tests/unit/node/bed.h"

#define KEYS 4

/* An author that may sign anything. */
struct author {
	struct viz_signer key[KEYS];
	struct viz_birth birth;
	struct viz_id id;
	uint64_t seq;
};

static int setup(void **state)
{
	bed_setup(state);
	bed_run(*state);
	return 0;
}

static void author_make(struct author *a, struct bed *b, uint8_t fill)
{
	for (uint8_t i = 0; i < KEYS; i++) {
		struct viz_secret s = {{fill, i}};

		viz_sign_seed_keypair(&a->key[i], &s);
	}
	a->birth = (struct viz_birth){.first_key = a->key[0].pub, .nonce = {fill}};
	viz_id_next_hash(&a->birth.next_hash, &a->key[1].pub);
	viz_id_author(&a->id, &b->node->core.federation_id, &a->birth);
	a->seq = (uint64_t)b->now.ms;
}

/* Signs a body as a record and gives it to the node. */
static int take(struct bed *b, struct author *a, uint8_t type, uint64_t slot, uint32_t key,
		const struct viz_writer *body)
{
	bool once = type == VIZ_TYPE_SUCCESSION || type == VIZ_TYPE_REVOCATION;
	struct viz_record rec = {.type = type,
				 .author = a->id,
				 .slot = slot,
				 .key = key,
				 .time = b->now,
				 .body = body->start,
				 .body_len = body->len};
	uint8_t bytes[4096];
	size_t len = 0;
	int err;

	a->seq = a->seq < (uint64_t)b->now.ms ? (uint64_t)b->now.ms : a->seq + 1;
	rec.seq = once ? 1 : a->seq;
	assert_int_equal(viz_identity_sign(bytes, &len, sizeof bytes, NULL, &rec, &a->key[key],
					   &b->node->core.federation_id),
			 VIZ_OK);
	bed_begin(b);
	err = viz_intake_sync(&b->node->net, bytes, len);
	bed_end(b);
	return err;
}

static int take_node(struct bed *b, struct author *a, const struct viz_birth *birth)
{
	struct viz_node_body n = {.log = 1,
				  .first_key = birth->first_key,
				  .next_hash = birth->next_hash,
				  .transport = {{9}},
				  .name = "Vizinho",
				  .version = "1"};
	uint8_t buffer[1024];
	struct viz_writer w;

	memcpy(n.nonce, birth->nonce, sizeof n.nonce);
	viz_writer_init(&w, buffer, sizeof buffer);
	viz_node_body_write(&w, &n);
	return take(b, a, VIZ_TYPE_NODE, 0, 0, &w);
}

static int take_succession(struct bed *b, struct author *a, uint32_t n, const struct viz_pub *next)
{
	struct viz_succession s = {.key = a->key[n].pub};
	uint8_t buffer[128];
	struct viz_writer w;

	viz_id_next_hash(&s.next_hash, next);
	viz_writer_init(&w, buffer, sizeof buffer);
	viz_succession_write(&w, &s);
	return take(b, a, VIZ_TYPE_SUCCESSION, n, n, &w);
}

static int take_vouch(struct bed *b, struct author *a, const struct viz_id *sponsee)
{
	struct viz_vouch v = {.sponsee = *sponsee};
	uint8_t buffer[64];
	struct viz_writer w;

	viz_writer_init(&w, buffer, sizeof buffer);
	viz_vouch_write(&w, &v);
	return take(b, a, VIZ_TYPE_VOUCH, 0, 0, &w);
}

/* Each vouches for the other. */
static struct viz_member *join(struct bed *b, struct author *a)
{
	struct viz_member *m;

	bed_begin(b);
	m = viz_member_ensure(&b->node->trust, &a->id);
	assert_non_null(m);
	assert_int_equal(viz_self_partners_publish_vouch(&b->node->net, m, false), VIZ_OK);
	bed_end(b);
	assert_int_equal(take_node(b, a, &a->birth), VIZ_OK);
	assert_int_equal(take_vouch(b, a, &b->node->trust.self.author), VIZ_OK);
	m = viz_member_find(&b->node->trust, &a->id);
	assert_true(m->member);
	return m;
}

static struct viz_member *restart(struct bed *b, const struct author *a)
{
	bed_close(b);
	bed_open(b);
	bed_run(b);
	return viz_member_find(&b->node->trust, &a->id);
}

/* A newcomer learns key 0 from the NODE that it gets. So every NODE must have the same birth,
 * even with a valid signature. */
static void births(void **state)
{
	struct bed *b = *state;
	struct viz_birth other;
	struct author a;

	author_make(&a, b, 1);
	join(b, &a);
	other = a.birth;
	other.nonce[5] ^= 1;
	assert_int_equal(take_node(b, &a, &other), VIZ_ERR_AUTH);
	assert_int_equal(take_node(b, &a, &a.birth), VIZ_OK);
}

/* An author signs two successors. Its chain ends with that key for every node, after every
 * start, and whichever successor the node saw first. */
static void dead_succession(void **state)
{
	struct bed *b = *state;
	struct viz_member *m;
	struct author a;

	author_make(&a, b, 2);
	m = join(b, &a);
	assert_int_equal(take_succession(b, &a, 1, &a.key[2].pub), VIZ_OK);
	assert_int_equal(take_succession(b, &a, 2, &a.key[3].pub), VIZ_OK);
	assert_false(viz_author_revoked(m));
	assert_int_equal(take_succession(b, &a, 1, &a.key[3].pub), VIZ_OK);
	assert_true(viz_author_revoked(m));
	assert_int_equal(m->key_count, 2);
	m = restart(b, &a);
	assert_true(viz_author_revoked(m));
	assert_int_equal(m->key_count, 2);
	/* a SUCCESSION that follows either half comes too late; its relay is not to blame */
	assert_int_equal(take_succession(b, &a, 2, &a.key[0].pub), VIZ_ERR_ABSENT);
	assert_true(viz_author_revoked(m));
}

/* A relay that has the other half sends its successor in good faith. The node drops it and does
 * not refuse it. */
static void other_half(void **state)
{
	struct bed *b = *state;
	struct author a;

	author_make(&a, b, 3);
	join(b, &a);
	assert_int_equal(take_succession(b, &a, 1, &a.key[3].pub), VIZ_OK);
	assert_int_equal(take_succession(b, &a, 2, &a.key[3].pub), VIZ_ERR_ABSENT);
	/* the first commitment is part of the author id */
	a.key[1] = a.key[2];
	assert_int_equal(take_succession(b, &a, 1, &a.key[3].pub), VIZ_ERR_AUTH);
}

/* How many places of the author repair compares. */
static size_t compared(struct bed *b, const struct viz_member *m)
{
	struct viz_items_place place[VIZ_TREE_ITEMS_MAX];

	return viz_items_places(&b->node->trust, place, m, 3, b->now);
}

/* Silence ends records that need a heartbeat, but not a VOUCH, also after a start. NODE still
 * goes to newcomers. */
static void silence(void **state)
{
	struct bed *b = *state;
	const struct viz_federation *f = viz_node_federation(b->node);
	struct viz_member *m;
	struct viz_record rec;
	struct viz_held held;
	struct author a;

	author_make(&a, b, 4);
	m = join(b, &a);
	b->now.ms += f->silence_ms + f->grace_ms + VIZ_DAY_MS;
	for (int i = 0; i < 3; i++, b->now.ms += 2000)
		bed_run(b);
	assert_false(viz_live_member(&b->node->core, m, b->now));
	m = restart(b, &a);
	assert_int_equal(m->key_count, 1);
	assert_true(m->member);
	bed_begin(b);
	assert_true(viz_place_get(&b->node->core, &held, &rec, &a.id, VIZ_TYPE_NODE, 0));
	assert_false(viz_live_record(&b->node->trust, &held, &rec, b->now));
	assert_int_equal(compared(b, m), 2); /* NODE and VOUCH */
	bed_end(b);
	assert_int_equal(take_node(b, &a, &a.birth), VIZ_OK);
	assert_true(
	    viz_live_member(&b->node->core, viz_member_find(&b->node->trust, &a.id), b->now));
}

/* Records of an author outside the closure are not compared, because newcomers would not take
 * them. */
static void left(void **state)
{
	struct bed *b = *state;
	struct viz_member *m;
	struct viz_record rec;
	struct viz_held held;
	struct author a;

	author_make(&a, b, 5);
	m = join(b, &a);
	bed_begin(b);
	assert_int_equal(viz_self_partners_publish_vouch(&b->node->net, m, true), VIZ_OK);
	bed_end(b);
	b->now.ms += 1000;
	bed_run(b);
	b->now.ms += 3600000;
	bed_run(b);
	assert_false(m->member);
	bed_begin(b);
	assert_true(viz_place_get(&b->node->core, &held, &rec, &a.id, VIZ_TYPE_VOUCH, 0));
	assert_int_equal(compared(b, m), 0);
	bed_end(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(births, setup, bed_teardown),
	    cmocka_unit_test_setup_teardown(dead_succession, setup, bed_teardown),
	    cmocka_unit_test_setup_teardown(other_half, setup, bed_teardown),
	    cmocka_unit_test_setup_teardown(silence, setup, bed_teardown),
	    cmocka_unit_test_setup_teardown(left, setup, bed_teardown),
	};

	return cmocka_run_group_tests_name("author", tests, NULL, NULL);
}
