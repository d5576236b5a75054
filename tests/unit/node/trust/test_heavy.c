/* Whom we leave out when federation records fill their share: who must stay, and what counts as
 * weight. Small graphs, without records. */
#include "tests/unit/node/trust/vouching.h"

#include "node/state.h"
#include "node/trust/closure.h"
#include "node/trust/heavy.h"
#include "node/trust/leave.h"
#include "node/trust/trust.h"
#include "proto/base.h"

/* One with whom we deal has come in by one way. Whoever is on it stays, however heavy: others go,
 * though they are lighter. */
static void the_way_of_a_partner_stays(void **state)
{
	struct bed *b = *state;
	struct viz_member *self = begin(b), *out[64];
	struct viz_member *first = author(b, 1, 50 * UNIT), *second = author(b, 2, 40 * UNIT),
			  *partner = author(b, 3, UNIT), *beside = author(b, 4, 2 * UNIT),
			  *light = author(b, 5, UNIT);

	join(b, self, first);
	join(b, first, second);
	join(b, second, partner);
	join(b, second, beside);
	join(b, self, light);
	partner->peer.partner = true;
	assert_int_equal(choose(b, out, 2 * UNIT), 1);
	assert_ptr_equal(out[0], beside);
	assert_int_equal(choose(b, out, UNIT / 2), 2);
	assert_ptr_equal(out[1], light);
	partner->peer.partner = false;
	assert_int_equal(choose(b, out, 90 * UNIT), 3);
	assert_ptr_equal(out[0], beside);
	assert_ptr_equal(out[1], partner);
	assert_ptr_equal(out[2], second);
	bed_end(b);
}

/* Both vouchers of one are heavy. They do not go at once, as it would leave the closure with them;
 * and not one after the other either: the second one has a branch when the first one is out. */
static void who_hangs_on_two_does_not_lose_both(void **state)
{
	struct bed *b = *state;
	struct viz_member *self = begin(b), *out[64];
	struct viz_member *one = author(b, 1, 50 * UNIT), *two = author(b, 2, 50 * UNIT),
			  *theirs = author(b, 3, UNIT);

	join(b, self, one);
	join(b, self, two);
	join(b, one, theirs);
	join(b, two, theirs);
	theirs->peer.partner = true;
	assert_int_equal(choose(b, out, UNIT), 1);
	assert_ptr_equal(out[0], one);
	one->items.left_out = true; /* its VOUCHes are not dropped yet */
	assert_int_equal(choose(b, out, UNIT), 0);
	theirs->peer.partner = false;
	assert_int_equal(choose(b, out, 10 * UNIT), 2);
	assert_ptr_equal(out[0], theirs);
	assert_ptr_equal(out[1], two);
	bed_end(b);
}

/* Two that do not hang on each other, and on whom nobody hangs, go at once. */
static void several_go_at_once(void **state)
{
	struct bed *b = *state;
	struct viz_member *self = begin(b), *out[64];
	struct viz_member *voucher = author(b, 1, UNIT), *puppet[8];

	join(b, self, voucher);
	for (uint8_t i = 0; i < 8; i++) {
		puppet[i] = author(b, (uint8_t)(10 + i), (10 + i) * UNIT);
		join(b, voucher, puppet[i]);
	}
	assert_int_equal(choose(b, out, 11 * UNIT), 7);
	assert_ptr_equal(out[0], puppet[7]);
	assert_ptr_equal(out[6], puppet[1]);
	bed_end(b);
}

/* Puppets name ids of which nothing is held but a place in the directory, and others that have only
 * a place among the strangers; or whose records were dropped as they are left out. They weigh at
 * who names them: else one member could fill both for everybody. */
static void who_weighs_nothing_weighs_at_its_sponsor(void **state)
{
	struct bed *b = *state;
	struct viz_member *self = begin(b), *out[64];
	struct viz_member *evil = author(b, 1, UNIT), *puppet[8], *honest = author(b, 2, UNIT);
	uint64_t least = viz_heavy_least(&b->node->core);

	join(b, self, evil);
	join(b, self, honest);
	for (uint8_t i = 0; i < 8; i++) {
		puppet[i] = author(b, (uint8_t)(10 + i), 1);
		join(b, evil, puppet[i]);
		for (uint8_t k = 0; k < 63; k++) {
			struct viz_id id = {{(uint8_t)(10 + i), 2, k}};

			if (k < 40)
				viz_member_ensure(trust_of(b), &id)->items.left_out = k < 20;
			vouch(b, puppet[i], &id);
		}
	}
	assert_int_equal(choose(b, out, 2 * UNIT + 8 * 64 * least), 0);
	assert_int_equal(choose(b, out, 2 * UNIT + 8 * 64 * least - 1), 1);
	assert_true(out[0]->id.b[0] >= 10 && out[0]->id.b[1] == 1);
	assert_int_equal(choose(b, out, 2 * UNIT), 8);
	bed_end(b);
}

/* It is seen when they come, though all that is held is small. */
static void the_directory_does_not_fill(void **state)
{
	struct bed *b = *state;
	struct viz_trust *trust = trust_of(b);
	struct viz_member *self = begin(b), *evil = author(b, 1, 1), *m;

	join(b, self, evil);
	for (unsigned i = 0; i < 600; i++) {
		m = author_of(b, &(struct viz_id){{2, (uint8_t)(i >> 8), (uint8_t)i}}, 1);
		join(b,
		     i < 60 ? evil
			    : viz_member_find(trust, &(struct viz_id){{2, 0, (uint8_t)(i / 60)}}),
		     m);
		for (unsigned k = 0; k < 60 && i >= 60; k++) {
			struct viz_id ghost = {{3, (uint8_t)(i >> 8), (uint8_t)i, (uint8_t)k}};

			viz_member_ensure(trust, &ghost);
			vouch(b, m, &ghost);
		}
	}
	viz_closure_extend(trust);
	viz_leave_step(trust);
	assert_true(trust->leave.left_count > 16);
	bed_end(b);
}

/* There is room again. An honest one comes back before puppets that are lighter, as more flows to
 * it; and of the puppets the one that lacks least. */
static void who_comes_back_first(void **state)
{
	struct bed *b = *state;
	struct viz_member *self = begin(b), *out[64];
	struct viz_member *one = author(b, 1, UNIT), *misled = author(b, 2, UNIT),
			  *honest = author(b, 3, UNIT), *puppet[8];
	size_t n;

	join(b, self, one);
	join(b, self, misled);
	join(b, one, honest);
	for (uint8_t i = 0; i < 8; i++) {
		puppet[i] = author(b, (uint8_t)(10 + i), UNIT);
		join(b, misled, puppet[i]);
	}
	viz_closure_extend(trust_of(b));
	honest->items.left_out = true;
	honest->weighed = 3 * UNIT;
	for (uint8_t i = 0; i < 8; i++) {
		puppet[i]->items.left_out = true;
		puppet[i]->weighed = 2 * UNIT;
	}
	n = viz_heavy_back(trust_of(b), out, 64, 14 * UNIT);
	assert_int_equal(n, 9);
	assert_ptr_equal(out[0], honest);
	honest->items.left_out = false;
	puppet[7]->weighed = UNIT;
	assert_int_equal(viz_heavy_back(trust_of(b), out, 64, 12 * UNIT), 8);
	assert_ptr_equal(out[0], puppet[7]);
	bed_end(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, bed_setup, bed_teardown)
	    T(the_way_of_a_partner_stays),  T(who_hangs_on_two_does_not_lose_both),
	    T(several_go_at_once),          T(who_weighs_nothing_weighs_at_its_sponsor),
	    T(the_directory_does_not_fill), T(who_comes_back_first),
	};

	return cmocka_run_group_tests_name("heavy", tests, NULL, NULL);
}
