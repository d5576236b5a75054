/* A member who fills the stores of all: with puppets for whom it vouches, each with as much as an
 * author may sign. It crowds out nobody. */
#include "crypto/crypto.h"
#include "node/core/core.h"
#include "node/core/event.h"
#include "node/core/place.h"
#include "node/core/weight.h"
#include "node/link/remote.h"
#include "node/node.h"
#include "node/state.h"
#include "node/trust/member.h"
#include "node/trust/share.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/message.h"
#include "proto/record.h"
#include "proto/writer.h"
#include "store/stat.h"
#include "store/store.h"
#include "store/tables.h"
#include "tests/hostile/one_lead.h"
#include "tests/hostile/one_node.h"
#include "tests/hostile/one_offer.h"

#define PUPPETS  16
#define HONEST   6
#define ITS_CEPS 32 /* ranges of the COVERAGE of an honest one */

/* Members beside the false peer: all have come in by it or by each other. */
struct crowd {
	struct forge voucher; /* an honest partner */
	struct forge honest[HONEST + 1], puppet[PUPPETS];
	size_t honest_count;
};

#define LINK_VOUCHER 8

static struct crowd *crowd_make(struct one_node *b)
{
	struct crowd *c = calloc(1, sizeof *c);

	assert_non_null(c);
	befriend(b, &c->voucher, LINK_VOUCHER);
	return c;
}

/* `by` brings `f` in. */
static void come(struct one_node *b, struct forge *by, uint64_t slot, struct forge *f,
		 uint64_t link)
{
	forge_author(f, &b->federation, &b->rng);
	b->now.ms += 1000;
	forge_vouch(&b->scratch, by, slot, b->now, &f->author, false);
	give_on(b, link, &b->scratch);
	forge_node(&b->scratch, f, b->now);
	give_on(b, link, &b->scratch);
	forge_vouch(&b->scratch, f, 0, b->now, &by->author, false);
	give_on(b, link, &b->scratch);
	assert_true(viz_member_find(&b->node->trust, &f->author)->member);
}

static void honest_comes(struct one_node *b, struct crowd *c)
{
	struct forge *f = &c->honest[c->honest_count++];

	come(b, &c->voucher, c->honest_count, f, LINK_VOUCHER);
	for (unsigned slot = 0; slot < 2; slot++) {
		forge_coverage(&b->scratch, f, slot, b->now, ITS_CEPS, 0);
		give_on(b, LINK_VOUCHER, &b->scratch);
	}
}

static bool holds(struct one_node *b, const struct viz_id *author, uint8_t type, uint64_t slot)
{
	struct viz_held held;
	bool there;

	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	there = viz_place_get(&b->node->core, &held, NULL, author, type, slot);
	viz_store_abort(b->store);
	return there;
}

static void honest_are_held(struct one_node *b, const struct crowd *c)
{
	for (size_t i = 0; i < c->honest_count; i++) {
		const struct viz_id *id = &c->honest[i].author;

		assert_true(viz_member_find(&b->node->trust, id)->member);
		assert_true(holds(b, id, VIZ_TYPE_NODE, 0));
		assert_true(holds(b, id, VIZ_TYPE_VOUCH, 0));
		assert_true(holds(b, id, VIZ_TYPE_COVERAGE, 0));
		assert_true(holds(b, id, VIZ_TYPE_COVERAGE, 1));
	}
	assert_true(holds(b, &c->voucher.author, VIZ_TYPE_NODE, 0));
	assert_true(holds(b, viz_node_author(b->node), VIZ_TYPE_NODE, 0));
}

/* What is held of the author weighs what its row says. */
static uint64_t weight_of(struct one_node *b, const struct viz_id *author)
{
	struct viz_slice key, value;
	struct viz_walk walk;
	struct viz_weight w;
	uint64_t sum = 0;

	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	viz_walk_init(&walk, b->store, VIZ_TABLE_RECORD, author->b, sizeof author->b);
	while (viz_walk_next(&walk, &key, &value) && key.p[32] <= VIZ_TYPE_COVERAGE) {
		struct viz_held held;

		assert_int_equal(viz_place_row_read(&held, value.p, value.len), VIZ_OK);
		sum += viz_weight_cost(key.p[32], held.a, held.a_len);
		if (held.dead)
			sum += viz_weight_cost(key.p[32], held.b, held.b_len);
	}
	viz_weight_get(&b->node->core, &w, author);
	viz_store_abort(b->store);
	assert_int_equal(w.bytes, sum);
	return sum;
}

static void rest(struct one_node *b, int n)
{
	for (int i = 0; i < n; i++)
		tick(b, 1000);
}

/* The false peer and its puppets sign all that they can. Every second COVERAGE is signed twice. */
static void flood(struct one_node *b, struct crowd *c, unsigned from, unsigned to)
{
	for (unsigned slot = from; slot < to; slot++) {
		for (unsigned i = 0; i <= PUPPETS; i++) {
			struct forge *f = i == PUPPETS ? &b->evil : &c->puppet[i];

			b->now.ms += 5;
			for (unsigned half = 0; half <= slot % 2; half++) {
				forge_coverage(&b->scratch, f, slot, b->now, VIZ_COVERAGE_CEPS_MAX,
					       half);
				give(b, &b->scratch);
			}
		}
	}
}

static size_t left_out(struct one_node *b, const struct crowd *c)
{
	size_t n = 0;

	for (unsigned i = 0; i < PUPPETS; i++) {
		const struct viz_member *m = viz_member_find(&b->node->trust, &c->puppet[i].author);

		n += m && m->items.left_out;
	}
	assert_int_equal(n, b->node->trust.leave.left_count);
	return n;
}

static const struct viz_member *puppet(struct one_node *b, const struct crowd *c, unsigned i)
{
	return viz_member_find(&b->node->trust, &c->puppet[i].author);
}

static void come_and_flood(struct one_node *b, struct crowd *c)
{
	while (c->honest_count < HONEST)
		honest_comes(b, c);
	for (unsigned i = 0; i < PUPPETS; i++)
		come(b, &b->evil, i + 1, &c->puppet[i], LINK_EVIL);
	flood(b, c, 0, VIZ_COVERAGE_SLOTS);
	rest(b, 10);
}

/* 16 puppets, as much as they can sign: their own branch is left out, and nobody else. */
static void puppets_crowd_out_nobody(void **state)
{
	struct one_node *b = *state;
	struct crowd *c = crowd_make(b);
	uint64_t share = viz_share_federation(&b->node->core), used = 0, map = 0, empty = 0;

	viz_store_stat_usage(b->store, &empty, &map);
	come_and_flood(b, c);
	assert_int_equal(b->closed, 0);
	assert_true(left_out(b, c) > 0);
	assert_non_null(strstr(b->logs, "fill their share of the store"));
	assert_true(b->node->trust.leave.total <= share + weight_of(b, &b->evil.author) +
						      weight_of(b, &c->voucher.author) +
						      weight_of(b, viz_node_author(b->node)));
	viz_store_stat_usage(b->store, &used, &map);
	print_message("# %zu of %u left out; %llu of %llu KiB, %llu of the map\n", left_out(b, c),
		      PUPPETS, (unsigned long long)(b->node->trust.leave.total >> 10),
		      (unsigned long long)(share >> 10), (unsigned long long)(used - empty) >> 10);
	/* partners' shares are half of the map, and a store that is three quarters full takes no
	 * COVERAGE */
	assert_true(used < map / 4);
	honest_are_held(b, c);
	honest_comes(b, c);
	honest_are_held(b, c);
	for (unsigned i = 0; i < PUPPETS; i++) {
		const struct viz_member *m = viz_member_find(&b->node->trust, &c->puppet[i].author);

		/* its keys judge what it signed twice */
		assert_true(weight_of(b, &m->id) < 1024 || !m->items.left_out);
	}
	free(c);
}

/* After a start the same are left out, and what they send is refused. */
static void a_start_changes_nothing(void **state)
{
	struct one_node *b = *state;
	struct crowd *c = crowd_make(b);
	bool out[PUPPETS];
	uint64_t total;

	come_and_flood(b, c);
	total = b->node->trust.leave.total;
	for (unsigned i = 0; i < PUPPETS; i++)
		out[i] = puppet(b, c, i)->items.left_out;
	restart(b, 1000);
	assert_int_equal(b->node->trust.leave.total, total);
	for (unsigned i = 0; i < PUPPETS; i++)
		assert_int_equal(puppet(b, c, i)->items.left_out, out[i]);
	flood(b, c, 0, 4);
	for (unsigned i = 0; i < PUPPETS; i++)
		if (out[i])
			assert_false(holds(b, &c->puppet[i].author, VIZ_TYPE_COVERAGE, 0));
	honest_are_held(b, c);
	free(c);
}

static void withdraw(struct one_node *b, const struct crowd *c, unsigned i)
{
	b->now.ms += 1000;
	forge_vouch(&b->scratch, &b->evil, i + 1, b->now, &c->puppet[i].author, true);
	give(b, &b->scratch);
}

/* Whoever is expelled is gone within minutes, and then there is room for those who were left out.
 */
static void expelled_ones_are_gone(void **state)
{
	struct one_node *b = *state;
	struct crowd *c = crowd_make(b);
	size_t before, in = 0;

	come_and_flood(b, c);
	before = left_out(b, c);
	for (unsigned i = 0; i < PUPPETS; i++) {
		if (puppet(b, c, i)->items.left_out)
			continue;
		assert_true(holds(b, &c->puppet[i].author, VIZ_TYPE_COVERAGE, 0));
		withdraw(b, c, i);
		in++;
	}
	assert_true(in > 0 && in < PUPPETS);
	for (unsigned i = 0; i < PUPPETS; i++)
		if (puppet(b, c, i)->items.left_out)
			withdraw(b, c, i);
	rest(b, 300);
	for (unsigned i = 0; i < PUPPETS; i++)
		assert_true(weight_of(b, &c->puppet[i].author) < 1024);
	assert_true(before > 0 && b->node->trust.leave.left_count == 0);
	honest_are_held(b, c);
	free(c);
}

/* The batches that drop what they had signed are short: leads go on meanwhile. */
static void they_go_in_short_steps(void **state)
{
	struct one_node *b = *state;
	struct crowd *c = crowd_make(b);
	uint64_t weighed, left, most = 0;

	come(b, &b->evil, 1, &c->puppet[0], LINK_EVIL);
	for (unsigned slot = 0; slot < VIZ_COVERAGE_SLOTS; slot++) {
		forge_coverage(&b->scratch, &c->puppet[0], slot, b->now, VIZ_COVERAGE_CEPS_MAX, 0);
		give(b, &b->scratch);
	}
	weighed = weight_of(b, &c->puppet[0].author);
	assert_true(weighed > VIZ_COVERAGE_SLOTS * UINT64_C(8192));
	withdraw(b, c, 0);
	for (int i = 0; i < 1000 && weighed >= 1024; i++) {
		tick(b, 1000);
		left = weight_of(b, &c->puppet[0].author);
		most = weighed - left > most ? weighed - left : most;
		weighed = left;
	}
	print_message("# %llu KiB in one batch at most\n", (unsigned long long)(most >> 10));
	assert_true(weighed < 1024 && most <= 640 << 10);
	free(c);
}

/* One who is named by a VOUCH, and is no member, goes with that VOUCH, though it was looked at
 * before. */
static void who_was_only_sponsored_goes_too(void **state)
{
	struct one_node *b = *state;
	struct crowd *c = crowd_make(b);

	forge_author(&c->puppet[0], &b->federation, &b->rng);
	forge_vouch(&b->scratch, &b->evil, 1, b->now, &c->puppet[0].author, false);
	give(b, &b->scratch);
	forge_node(&b->scratch, &c->puppet[0], b->now);
	give(b, &b->scratch);
	come(b, &b->evil, 2, &c->puppet[1], LINK_EVIL);
	withdraw(b, c, 1);
	rest(b, 300);
	assert_false(holds(b, &c->puppet[1].author, VIZ_TYPE_NODE, 0));
	assert_true(holds(b, &c->puppet[0].author, VIZ_TYPE_NODE, 0));
	withdraw(b, c, 0);
	rest(b, 300);
	assert_false(holds(b, &c->puppet[0].author, VIZ_TYPE_NODE, 0));
	free(c);
}

/* One who was left out comes back when there is room for it. */
static void there_is_room_again(void **state)
{
	struct one_node *b = *state;
	struct crowd *c = crowd_make(b);
	size_t before;
	unsigned i = 0;

	come_and_flood(b, c);
	before = left_out(b, c);
	while (i < PUPPETS && puppet(b, c, i)->items.left_out)
		i++;
	assert_true(i < PUPPETS);
	/* the heaviest one is heavier than those that were left out before they had signed all */
	withdraw(b, c, i);
	rest(b, 300);
	assert_true(b->node->trust.leave.left_count < before);
	honest_are_held(b, c);
	free(c);
}

/* A flood of puppets' records that a partner relays: link and checks are full of them. */
static struct crowd *flooded(struct one_node *b)
{
	struct crowd *c = crowd_make(b);

	for (unsigned i = 0; i < PUPPETS; i++) /* in slots of their own: the honest ones stay in */
		come(b, &c->voucher, HONEST + 2 + i, &c->puppet[i], LINK_VOUCHER);
	return c;
}

/* A lead goes out though the budget of the link is used up by the flood. */
static void a_lead_passes_the_flood(void **state)
{
	struct one_node *b = *state;
	struct crowd *c = flooded(b);
	char consent[4096];
	unsigned round = 0;

	cover(b);
	snprintf(consent, sizeof consent, "%s", heard(b, "text"));
	do {
		b->now.ms++;
		for (unsigned i = 0; i < PUPPETS; i++) {
			forge_node(&b->scratch, &c->puppet[i], b->now);
			give_on(b, LINK_VOUCHER, &b->scratch);
		}
		assert_true(++round < 512);
	} while (b->records_on[LINK_EVIL] > 0);
	/* in the same moment */
	assert_true(ok(ask_offer(b, "lead.offer", consent)));
	assert_true(b->records_on[LINK_EVIL] > 0);
	free(c);
}

/* A partner's offer is checked though the same link has brought more of others' records in the
 * same moment than are checked at once. */
static void an_offer_passes_the_flood(void **state)
{
	struct one_node *b = *state;
	struct crowd *c = flooded(b);
	struct false_offer *o = calloc(1, sizeof *o);
	struct viz_event *ev = calloc(VIZ_VERIFY_PER_LINK + 2, sizeof *ev);
	size_t n = 0;

	assert_true(o && ev);
	for (unsigned i = 0; i < VIZ_VERIFY_PER_LINK + 1; i++) {
		forge_coverage(&b->scratch, &c->puppet[i % PUPPETS], i / PUPPETS, b->now, 1, 0);
		add_event(ev, &n, LINK_EVIL, &b->scratch);
	}
	false_offer_to_us(b, o, 0);
	false_offer_sign(b, o);
	add_event(ev, &n, LINK_EVIL, &o->offer);
	run(b, ev, n);
	assert_true(holds(b, &b->evil.author, VIZ_TYPE_OFFER, o->slot));
	free_events(ev, n);
	free(o);
	free(c);
}

/* Puppets on links of their own bring more new records at once than are checked: what comes from a
 * partner is checked all the same, whoever has signed it. */
static void other_records_pass_the_flood(void **state)
{
	struct one_node *b = *state;
	struct crowd *c = flooded(b);
	struct viz_event *ev = calloc(8 * VIZ_VERIFY_OTHERS_LINK + 1, sizeof *ev);
	size_t n = 0;

	assert_non_null(ev);
	honest_comes(b, c);
	for (unsigned i = 0; i < 8; i++)
		come_in_as(b, &c->puppet[i], 20 + i, NULL);
	for (unsigned i = 0; i < 8; i++)
		for (unsigned k = 0; k < VIZ_VERIFY_OTHERS_LINK; k++) {
			forge_coverage(&b->scratch, &c->puppet[i], k, b->now, 1, 0);
			add_event(ev, &n, 20 + i, &b->scratch);
		}
	forge_coverage(&b->scratch, &c->honest[0], 7, b->now, 1, 0);
	add_event(ev, &n, LINK_VOUCHER, &b->scratch);
	run(b, ev, n);
	assert_true(holds(b, &c->honest[0].author, VIZ_TYPE_COVERAGE, 7));
	assert_int_equal(b->closed, 0);
	free_events(ev, n);
	free(c);
}

/* The same new record from all links at once is checked once. */
static void copies_take_one_place(void **state)
{
	struct one_node *b = *state;
	struct crowd *c = flooded(b);
	struct viz_event *ev = calloc(VIZ_VERIFY_PER_LINK + 1, sizeof *ev);
	int64_t tokens;
	size_t n = 0;

	assert_non_null(ev);
	tick(b, 10000);
	forge_coverage(&b->scratch, &c->puppet[0], 0, b->now, 1, 0);
	while (n < VIZ_VERIFY_OTHERS_LINK)
		add_event(ev, &n, LINK_EVIL, &b->scratch);
	tokens = evil(b)->remote->tokens;
	run(b, ev, n);
	assert_true(holds(b, &c->puppet[0].author, VIZ_TYPE_COVERAGE, 0));
	assert_true(evil(b)->remote->tokens >= tokens - 1000);
	free_events(ev, n);
	free(c);
}

/* Puppets that vouch for each other hang on nobody alone, but on the false peer together. With two
 * of them an honest one has come in, whose other voucher is honest: it stays. */
static void puppets_that_vouch_for_each_other(void **state)
{
	struct one_node *b = *state;
	struct crowd *c = crowd_make(b);
	const struct viz_member *m;

	while (c->honest_count < HONEST)
		honest_comes(b, c);
	for (unsigned i = 0; i < PUPPETS; i++)
		come(b, &b->evil, i + 1, &c->puppet[i], LINK_EVIL);
	for (unsigned i = 0; i < PUPPETS; i++) {
		const struct viz_id *next = &c->puppet[(i + 1) % PUPPETS].author,
				    *last = &c->puppet[(i + PUPPETS - 1) % PUPPETS].author;

		b->now.ms += 10;
		forge_vouch(&b->scratch, &c->puppet[i], 1, b->now, next, false);
		give(b, &b->scratch);
		forge_vouch(&b->scratch, &c->puppet[i], 2, b->now, last, false);
		give(b, &b->scratch);
	}
	forge_vouch(&b->scratch, &c->puppet[3], 3, b->now, &c->honest[0].author, false);
	give(b, &b->scratch);
	forge_vouch(&b->scratch, &c->honest[0], 1, b->now, &c->puppet[3].author, false);
	give(b, &b->scratch);
	flood(b, c, 0, VIZ_COVERAGE_SLOTS);
	rest(b, 30);
	assert_true(left_out(b, c) > 0);
	honest_are_held(b, c);
	m = viz_member_find(&b->node->trust, &c->honest[0].author);
	assert_true(m->in && !m->items.left_out);
	for (unsigned i = 0; i < PUPPETS; i++)
		assert_true(puppet(b, c, i)->in || puppet(b, c, i)->items.left_out);
	free(c);
}

/* People are told. */
static void people_are_told(void **state)
{
	struct one_node *b = *state;
	struct crowd *c = crowd_make(b);
	char json[256], id[65];
	unsigned i = 0;

	come_and_flood(b, c);
	assert_non_null(strstr(request(b, "{\"op\":\"status\"}"), "\"left_out_count\":15"));
	assert_non_null(strstr(request(b, "{\"op\":\"doctor\"}"), "\"left_out_count\":15"));
	while (!puppet(b, c, i)->items.left_out)
		i++;
	viz_hex(id, c->puppet[i].author.b, 32);
	snprintf(json, sizeof json, "{\"op\":\"peer.show\",\"args\":{\"peer\":\"%s\"}}", id);
	assert_non_null(strstr(request(b, json), "\"left_out\":true"));
	free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	    T(puppets_crowd_out_nobody),
	    T(a_start_changes_nothing),
	    T(they_go_in_short_steps),
	    T(expelled_ones_are_gone),
	    T(who_was_only_sponsored_goes_too),
	    T(there_is_room_again),
	    T(puppets_that_vouch_for_each_other),
	    T(people_are_told),
	    T(a_lead_passes_the_flood),
	    T(an_offer_passes_the_flood),
	    T(other_records_pass_the_flood),
	    T(copies_take_one_place),
	};

	VIZ_REQUIRE(viz_crypto_init() == VIZ_OK);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
