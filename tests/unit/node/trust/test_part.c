/* How records that replace others are shared out by the vouching. Small graphs, without records. */
#include "tests/unit/node/trust/vouching.h"

#include "node/state.h"
#include "node/trust/closure.h"
#include "node/trust/part.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"

#define PUPPETS 60

/* We vouch for four. The first has brought in a voucher of puppets, and the second an honest one.
 */
struct graph {
	struct viz_member *self, *near[4], *voucher, *honest, *puppet[PUPPETS];
};

static struct graph make(struct bed *b)
{
	struct graph g = {.self = begin(b)};

	for (uint8_t i = 0; i < 4; i++) {
		g.near[i] = author(b, (uint8_t)(1 + i), UNIT);
		join(b, g.self, g.near[i]);
	}
	g.voucher = author(b, 10, UNIT);
	join(b, g.near[0], g.voucher);
	g.honest = author(b, 11, UNIT);
	join(b, g.near[1], g.honest);
	for (uint8_t i = 0; i < PUPPETS; i++) {
		g.puppet[i] = author(b, (uint8_t)(100 + i), UNIT);
		join(b, g.voucher, g.puppet[i]);
	}
	viz_closure_extend(trust_of(b));
	return g;
}

/* All that these get when each takes all that it can. */
static size_t drain(struct bed *b, struct viz_member *const *m, size_t n)
{
	size_t sum = 0, before;

	do {
		before = sum;
		for (size_t i = 0; i < n; i++)
			sum += viz_part_take(trust_of(b), VIZ_PART_RENEWALS, m[i]);
	} while (sum > before);
	return sum;
}

static void puppets_share_what_their_voucher_has(void **state)
{
	struct bed *b = *state;
	struct graph g = make(b);
	size_t alone, all;

	alone = drain(b, g.puppet, 1);
	b->node->core.now.ms += INT64_C(64) * VIZ_PART_HALF_MS;
	all = drain(b, g.puppet, PUPPETS);
	print_message("# one %zu, all %zu of %u\n", alone, all, VIZ_RENEWALS);
	assert_true(alone > 100 && all > alone && all <= VIZ_RENEWALS / 2);
	/* they do not hold up others, whose part it never was */
	assert_false(viz_part_may(trust_of(b), VIZ_PART_RENEWALS, g.puppet[0]));
	for (unsigned i = 0; i < 500; i++)
		assert_true(viz_part_take(trust_of(b), VIZ_PART_RENEWALS, g.honest));
	assert_true(viz_part_may(trust_of(b), VIZ_PART_RENEWALS, g.near[0]));
	assert_true(viz_part_may(trust_of(b), VIZ_PART_RENEWALS, g.near[3]));
	/* as much comes again with time, and no more */
	b->node->core.now.ms += VIZ_PART_HALF_MS;
	assert_in_range(drain(b, g.puppet, PUPPETS), 1, all / 2 + 1000);
	bed_end(b);
}

/* The honest one that is drained has its part, though the puppets were first. */
static void who_comes_later_has_its_part(void **state)
{
	struct bed *b = *state;
	struct graph g = make(b);

	drain(b, g.puppet, PUPPETS);
	assert_true(drain(b, &g.honest, 1) >= VIZ_RENEWALS / 6 / 2);
	assert_true(drain(b, &g.near[3], 1) >= VIZ_RENEWALS / 6);
	bed_end(b);
}

/* The voucher of puppets has brought in an honest one too. Another one vouches for it. */
static void another_voucher_lets_through(void **state)
{
	struct bed *b = *state;
	struct graph g = make(b);
	struct viz_member *caught = author(b, 12, UNIT);

	join(b, g.voucher, caught);
	viz_closure_extend(trust_of(b));
	assert_ptr_equal(caught->by, g.voucher);
	drain(b, g.puppet, PUPPETS);
	drain(b, &g.voucher, 1);
	assert_false(viz_part_may(trust_of(b), VIZ_PART_RENEWALS, caught));
	join(b, g.near[2], caught);
	viz_closure_extend(trust_of(b));
	assert_true(viz_part_take(trust_of(b), VIZ_PART_RENEWALS, caught));
	assert_true(g.near[2]->part[VIZ_PART_RENEWALS].count == 1);
	/* a puppet that vouches is no help */
	join(b, g.puppet[1], g.puppet[0]);
	viz_closure_extend(trust_of(b));
	assert_false(viz_part_may(trust_of(b), VIZ_PART_RENEWALS, g.puppet[0]));
	bed_end(b);
}

/* Who is named by a VOUCH, and has not come in yet. */
static void those_outside_share_a_part(void **state)
{
	struct bed *b = *state;
	struct graph g = make(b);
	struct viz_member *out[2] = {author(b, 20, UNIT), author(b, 21, UNIT)};

	vouch(b, g.voucher, &out[0]->id);
	vouch(b, g.near[1], &out[1]->id);
	viz_closure_extend(trust_of(b));
	assert_true(drain(b, &out[0], 1) <= VIZ_RENEWALS / 2);
	assert_true(viz_part_take(trust_of(b), VIZ_PART_RENEWALS, out[1]));
	assert_true(viz_part_take(trust_of(b), VIZ_PART_RENEWALS, g.puppet[0]));
	assert_true(viz_part_take(trust_of(b), VIZ_PART_RENEWALS, g.honest));
	bed_end(b);
}

/* Puppets in a row do not make a check dear. When the closure is computed anew, all have their
 * ways again. */
static void a_long_row(void **state)
{
	struct bed *b = *state;
	struct graph g = make(b);
	struct viz_member *row[100], *last = g.voucher;

	for (uint8_t i = 0; i < 100; i++) {
		row[i] = author_of(b, &(struct viz_id){{200, i}}, UNIT);
		join(b, last, row[i]);
		last = row[i];
	}
	for (int round = 0; round < 2; round++) {
		viz_closure_refresh(trust_of(b));
		for (unsigned i = 0; i < 100; i++)
			assert_true(row[i]->distance <= VIZ_PART_DEPTH);
		assert_true(viz_part_take(trust_of(b), VIZ_PART_RENEWALS, last));
		assert_int_equal(g.voucher->part[VIZ_PART_RENEWALS].count, 1 + round);
		assert_int_equal(g.near[0]->brought, 1);
		assert_int_equal(g.voucher->brought, PUPPETS + 1);
		trust_of(b)->directory.dirty = trust_of(b)->directory.at_once = true;
	}
	bed_end(b);
}

/* Who loses by whom it came in goes to another one, with all behind it, however far. */
static void a_row_goes_to_another(void **state)
{
	struct bed *b = *state;
	struct graph g = make(b);
	struct viz_member *row[40], *last = g.voucher;

	for (uint8_t i = 0; i < 40; i++) {
		row[i] = author_of(b, &(struct viz_id){{200, i}}, UNIT);
		join(b, last, row[i]);
		last = row[i];
	}
	viz_closure_refresh(trust_of(b));
	assert_int_equal(row[5]->distance, 8);
	join(b, g.near[2], row[0]);
	viz_closure_extend(trust_of(b));
	assert_ptr_equal(row[0]->by, g.voucher);
	for (size_t i = 0; i < row[0]->vouch_count; i++)
		if (row[0]->vouch[i].to == g.voucher->as)
			viz_member_put_vouch(trust_of(b), row[0], row[0]->vouch[i].slot, 0,
					     &g.voucher->id, true);
	viz_member_changed(trust_of(b), row[0]);
	b->node->core.now.ms += 500;
	viz_closure_refresh(trust_of(b));
	assert_ptr_equal(row[0]->by, g.near[2]);
	assert_int_equal(g.voucher->brought, PUPPETS);
	for (uint32_t i = 0; i < 40; i++) {
		uint32_t at = i + 2 < VIZ_PART_DEPTH ? i + 2 : VIZ_PART_DEPTH;

		assert_int_equal(row[i]->distance, at);
		assert_ptr_equal(row[i]->by, i == 0 ? g.near[2] : row[at - 3]);
	}
	bed_end(b);
}

/* What an author has not signed is given back. */
static void what_is_given_back(void **state)
{
	struct bed *b = *state;
	struct graph g = make(b);

	for (unsigned i = 0; i < 3 * VIZ_RENEWALS; i++) {
		assert_true(viz_part_take(trust_of(b), VIZ_PART_RENEWALS, g.honest));
		viz_part_give_back(trust_of(b), VIZ_PART_RENEWALS, g.honest);
	}
	assert_int_equal(g.self->part[VIZ_PART_RENEWALS].count, 0);
	bed_end(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, bed_setup, bed_teardown)
	    T(puppets_share_what_their_voucher_has),
	    T(who_comes_later_has_its_part),
	    T(another_voucher_lets_through),
	    T(those_outside_share_a_part),
	    T(a_long_row),
	    T(a_row_goes_to_another),
	    T(what_is_given_back),
	};

	return cmocka_run_group_tests_name("part", tests, NULL, NULL);
}
