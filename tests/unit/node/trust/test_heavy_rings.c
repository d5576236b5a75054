/* Whom we leave out when federation records fill their share, when rings of puppets have come in by
 * members who were misled: these go, and honest authors stay. */
#include "tests/unit/node/trust/vouching.h"

#include "node/core/core.h"
#include "node/trust/closure.h"
#include "node/trust/fill.h"
#include "node/trust/heavy.h"
#include "node/trust/trust.h"
#include "proto/base.h"

#define HONEST  120 /* in the mesh */
#define PUPPETS 1000

/* Honest authors who vouch for each other, six of them for us; and puppets whom some of these have
 * let in. */
struct ring {
	struct viz_member *honest[HONEST + 40], *puppet[PUPPETS], *out[PUPPETS + HONEST];
	size_t honest_count, puppet_count, out_count;
	uint64_t honest_weight, puppet_weight;
};

static struct viz_member *add_honest(struct bed *b, struct ring *r, uint64_t weight)
{
	struct viz_id id = {{(uint8_t)(r->honest_count * 37), 1, (uint8_t)r->honest_count}};

	r->honest_weight += weight;
	return r->honest[r->honest_count++] = author_of(b, &id, weight);
}

static struct viz_member *add_puppet(struct bed *b, struct ring *r, uint64_t weight)
{
	struct viz_id id = {{(uint8_t)(r->puppet_count * 41), 2, (uint8_t)(r->puppet_count >> 8),
			     (uint8_t)r->puppet_count}};

	r->puppet_weight += weight;
	return r->puppet[r->puppet_count++] = author_of(b, &id, weight);
}

/* From the third one on each has two or three vouchers. Their weights are alike, or from a quarter
 * to four. */
static struct ring *begin_mesh(struct bed *b, bool alike)
{
	static const uint64_t quarters[] = {1, 2, 4, 4, 4, 8, 16};
	struct viz_member *self = begin(b);
	struct ring *r = viz_core_alloc(sizeof *r);

	*r = (struct ring){.honest_count = 0};
	for (size_t i = 0; i < HONEST; i++) {
		struct viz_member *m = add_honest(b, r, UNIT / 4 * (alike ? 4 : quarters[i % 7]));

		if (i < 6)
			join(b, self, m);
		if (i > 1)
			join(b, r->honest[i / 2], m);
		if (i > 8)
			join(b, r->honest[i * i % (i - 4)], m);
	}
	return r;
}

/* Each in a ring and with another one in it. */
static void add_ring(struct bed *b, struct ring *r, size_t count, uint64_t weight)
{
	for (size_t i = 0; i < count; i++) {
		add_puppet(b, r, weight);
		if (i > 0)
			join(b, r->puppet[i - 1], r->puppet[i]);
		if (i > 8)
			join(b, r->puppet[i * 7 % (i - 4)], r->puppet[i]);
	}
	join(b, r->puppet[0], r->puppet[count - 1]);
}

/* What is honest fits with a tenth to spare, and a 16th is freed, in as many steps as it takes. */
static void leave_out(struct bed *b, struct ring *r)
{
	uint64_t share = r->honest_weight / 10 * 11;
	size_t n;

	viz_closure_extend(trust_of(b));
	do {
		n = viz_heavy_choose(trust_of(b), r->out + r->out_count, 100, share,
				     share - share / 16);
		for (size_t i = 0; i < n; i++)
			r->out[r->out_count++]->items.left_out = true;
	} while (n > 0);
	assert_true(r->out_count > 0);
}

static size_t honest_out(const struct ring *r)
{
	size_t n = 0;

	for (size_t i = 0; i < r->out_count; i++)
		n += r->out[i]->id.b[1] == 1;
	return n;
}

/* What is left of the puppets. */
static uint64_t puppets_left(const struct ring *r)
{
	uint64_t left = r->puppet_weight;

	for (size_t i = 0; i < r->out_count; i++)
		if (r->out[i]->id.b[1] == 2)
			left -= r->out[i]->weight;
	return left;
}

static void end_ring(struct bed *b, struct ring *r, const char *what, size_t honest_max,
		     uint64_t left_max)
{
	leave_out(b, r);
	print_message(
	    "# %s: honest ones out: %zu of %zu; puppets left: %u of a thousand of what is "
	    "honest\n",
	    what, honest_out(r), r->honest_count,
	    (unsigned)(puppets_left(r) * 1000 / r->honest_weight));
	assert_true(honest_out(r) <= honest_max);
	assert_true(puppets_left(r) <= left_max);
	free(r);
	bed_end(b);
}

/* The ring hangs on two who do not hang on each other, so on nobody. Its members are lighter than
 * the honest ones. */
static void light_puppets_with_two_entries_go(void **state)
{
	struct bed *b = *state;
	struct viz_member *self = begin(b);
	struct ring *r = viz_core_alloc(sizeof *r);

	*r = (struct ring){.honest_count = 0};
	for (unsigned i = 0; i < 10; i++)
		join(b, self, add_honest(b, r, UNIT));
	add_ring(b, r, 40, UNIT / 2);
	join(b, r->honest[0], r->puppet[0]);
	join(b, r->honest[1], r->puppet[20]);
	viz_closure_extend(trust_of(b));
	r->out_count = viz_heavy_choose(trust_of(b), r->out, 64, 20 * UNIT, 20 * UNIT);
	assert_int_equal(r->out_count, 20);
	assert_int_equal(honest_out(r), 0);
	r->out_count = viz_heavy_choose(trust_of(b), r->out, 64, 10 * UNIT, 10 * UNIT);
	assert_int_equal(r->out_count, 40);
	assert_int_equal(honest_out(r), 0);
	free(r);
	bed_end(b);
}

static void a_ring_in_a_mesh_goes(void **state)
{
	struct bed *b = *state;
	struct ring *r = begin_mesh(b, false);

	add_ring(b, r, 400, UNIT / 2);
	join(b, r->honest[70], r->puppet[0]);
	join(b, r->honest[111], r->puppet[200]);
	end_ring(b, r, "two entries", 0, r->honest_weight / 10);
}

static void tiny_puppets_go(void **state)
{
	struct bed *b = *state;
	struct ring *r = begin_mesh(b, false);

	add_ring(b, r, PUPPETS, UNIT / 8);
	join(b, r->honest[70], r->puppet[0]);
	join(b, r->honest[111], r->puppet[200]);
	end_ring(b, r, "tiny ones", 1, r->honest_weight / 10);
}

static void weights_alike(void **state)
{
	struct bed *b = *state;
	struct ring *r = begin_mesh(b, true);

	add_ring(b, r, 200, UNIT);
	join(b, r->honest[70], r->puppet[0]);
	join(b, r->honest[111], r->puppet[100]);
	end_ring(b, r, "weights alike", 0, r->honest_weight / 10);
}

static void one_heavy_branch_goes(void **state)
{
	struct bed *b = *state;
	struct ring *r = begin_mesh(b, false);

	add_ring(b, r, 400, UNIT / 2);
	join(b, r->honest[70], r->puppet[0]);
	end_ring(b, r, "one entry", 0, r->honest_weight / 10);
}

static void four_entries(void **state)
{
	struct bed *b = *state;
	struct ring *r = begin_mesh(b, false);

	add_ring(b, r, 400, UNIT / 2);
	for (size_t i = 0; i < 4; i++)
		join(b, r->honest[60 + i * 17], r->puppet[i * 100]);
	end_ring(b, r, "four entries", 4, r->honest_weight / 8);
}

/* Two rows of puppets, one behind the other, so that the last ones are far. */
static void a_deep_ring_goes(void **state)
{
	struct bed *b = *state;
	struct ring *r = begin_mesh(b, false);

	for (size_t i = 0; i < 400; i++) {
		add_puppet(b, r, UNIT / 2);
		if (i > 1)
			join(b, r->puppet[i - 2], r->puppet[i]);
		if (i > 2)
			join(b, r->puppet[i - 3], r->puppet[i]);
	}
	join(b, r->honest[70], r->puppet[0]);
	join(b, r->honest[111], r->puppet[1]);
	end_ring(b, r, "a deep one", 1, r->honest_weight / 10);
}

/* The misled ones are two of the six for whom we vouch: the ring gets what flows through these two,
 * beside what they let in that is honest. */
static void a_ring_near_us_gets_a_part(void **state)
{
	struct bed *b = *state;
	struct ring *r = begin_mesh(b, false);

	add_ring(b, r, 400, UNIT / 2);
	join(b, r->honest[2], r->puppet[0]);
	join(b, r->honest[5], r->puppet[200]);
	end_ring(b, r, "near us", HONEST / 8, r->honest_weight / 5);
}

/* Those who are left out are followed by others, again and again. */
static void waves_of_puppets(void **state)
{
	struct bed *b = *state;
	struct ring *r = begin_mesh(b, false);

	for (size_t wave = 0; wave < 10; wave++) {
		size_t first = r->puppet_count;

		for (size_t i = 0; i < 100; i++) {
			add_puppet(b, r, UNIT / 2);
			if (i > 0)
				join(b, r->puppet[first + i / 2], r->puppet[first + i]);
			if (i > 1)
				join(b, r->puppet[first + i - 2], r->puppet[first + i]);
		}
		join(b, r->honest[70], r->puppet[first]);
		join(b, r->honest[111], r->puppet[first + 50]);
		leave_out(b, r);
	}
	end_ring(b, r, "ten waves", 2, r->honest_weight / 10);
}

/* An honest author has let in many who have no other voucher. They have one entry, the ring has
 * two: so much more may stay of the ring. */
static void half_of_an_honest_star_stays(void **state)
{
	struct bed *b = *state;
	struct ring *r = begin_mesh(b, false);

	for (unsigned i = 0; i < 40; i++)
		join(b, r->honest[50], add_honest(b, r, UNIT));
	add_ring(b, r, 400, UNIT / 2);
	join(b, r->honest[70], r->puppet[0]);
	join(b, r->honest[111], r->puppet[200]);
	end_ring(b, r, "a star", 20, r->honest_weight / 8);
}

/* Honest ones who have let in one another, one by one. */
static void most_of_an_honest_chain_stays(void **state)
{
	struct bed *b = *state;
	struct ring *r = begin_mesh(b, false);
	struct viz_member *end = r->honest[50];

	for (unsigned i = 0; i < 12; i++) {
		join(b, end, add_honest(b, r, UNIT));
		end = r->honest[r->honest_count - 1];
	}
	add_ring(b, r, 400, UNIT / 2);
	join(b, r->honest[70], r->puppet[0]);
	join(b, r->honest[111], r->puppet[200]);
	end_ring(b, r, "a chain", 3, r->honest_weight / 10);
}

/* One has vouched for many that do not vouch for it, and weigh little. What they do not need comes
 * to the others: little more than all need makes all full. */
static void who_passes_on_nothing_takes_no_more_than_it_needs(void **state)
{
	struct bed *b = *state;
	struct viz_member *self = begin(b), *voucher = author(b, 1, UNIT);
	uint64_t all = 0;
	struct viz_fill f;

	join(b, self, voucher);
	join(b, voucher, author(b, 2, 8 * UNIT));
	join(b, self, author(b, 3, 8 * UNIT));
	for (uint8_t i = 0; i < 32; i++)
		vouch(b, voucher, &author(b, (uint8_t)(10 + i), UNIT / 16)->id);
	viz_closure_extend(trust_of(b));
	viz_fill_init(&f, trust_of(b), false);
	for (uint32_t i = 0; i < f.size; i++)
		all += f.p[i].needs = trust_of(b)->directory.list[i]->weight;
	viz_fill_pour(&f, all + UNIT / 2);
	assert_int_equal(f.count, 36);
	for (uint32_t i = 0; i < f.size; i++)
		assert_true(f.p[i].full);
	viz_fill_free(&f);
	bed_end(b);
}

/* One puppet is heavy, and all others are behind it: they do not keep it in. */
static void light_ones_do_not_hold_a_heavy_one(void **state)
{
	struct bed *b = *state;
	struct ring *r = begin_mesh(b, false);

	add_ring(b, r, 20, UNIT / 16);
	r->puppet[0]->weight += r->honest_weight;
	r->puppet_weight += r->honest_weight;
	join(b, r->honest[70], r->puppet[0]);
	end_ring(b, r, "a heavy one before light ones", 0, 0);
}

/* ---- who is chosen ---- */

static void reach(const struct viz_member *m, bool *seen)
{
	seen[m->at] = true;
	for (size_t i = 0; i < m->vouch_count; i++) {
		const struct viz_member *to = m->vouch[i].to->member;
		bool back = false;

		for (size_t k = 0; k < to->vouch_count; k++)
			back |= to->vouch[k].to->member == m;
		if (seen[to->at])
			continue;
		if (back)
			reach(to, seen);
		else
			seen[to->at] = true;
	}
}

/* However many of the chosen ones have left: nobody else leaves the closure, or loses its last
 * sponsor. With some who are kept, and some who vouch for nobody. */
static void nobody_else_leaves(void **state)
{
	struct bed *b = *state;
	struct ring *r = begin_mesh(b, false);
	struct viz_directory *d = &trust_of(b)->directory;
	bool *seen;

	add_ring(b, r, 100, UNIT / 2);
	join(b, r->honest[70], r->puppet[0]);
	join(b, r->honest[111], r->puppet[50]);
	r->puppet[30]->peer.partner = r->honest[90]->peer.partner = true;
	for (unsigned i = 0; i < 20; i++)
		vouch(b, r->honest[i * 6], &add_honest(b, r, UNIT)->id);
	viz_closure_extend(trust_of(b));
	r->out_count = viz_heavy_choose(trust_of(b), r->out, PUPPETS, 10 * UNIT, 0);
	assert_true(r->out_count > 200);
	seen = viz_core_alloc(d->count * sizeof *seen);
	for (size_t n = 0; n <= r->out_count; n++) {
		memset(seen, 0, d->count * sizeof *seen);
		for (size_t i = 0; i < n; i++)
			seen[r->out[i]->at] = true;
		reach(viz_member_self(trust_of(b)), seen);
		for (size_t i = 0; i < d->count; i++)
			assert_true(seen[i]);
		assert_true(n == r->out_count || !viz_heavy_keeps(trust_of(b), r->out[n]));
	}
	free(seen);
	free(r);
	bed_end(b);
}

/* A third of them weigh a little more: nearly the same are chosen. */
static void weights_that_change_a_little_change_little(void **state)
{
	struct bed *b = *state;
	struct ring *r = begin_mesh(b, false);
	struct viz_member **before = viz_core_alloc(sizeof r->out);
	size_t count, same = 0;

	add_ring(b, r, 400, UNIT / 2);
	join(b, r->honest[70], r->puppet[0]);
	join(b, r->honest[111], r->puppet[200]);
	leave_out(b, r);
	memcpy(before, r->out, sizeof r->out);
	count = r->out_count;
	for (size_t i = 0; i < count; i++)
		before[i]->items.left_out = false;
	r->out_count = 0;
	for (size_t i = 0; i < trust_of(b)->directory.count; i++) {
		struct viz_member *m = trust_of(b)->directory.list[i];

		m->weight += i % 3 == 0 ? m->weight / 64 : 0;
	}
	leave_out(b, r);
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < r->out_count; k++)
			same += before[i] == r->out[k];
	assert_true(same >= count - 8 && r->out_count <= count + 8);
	free(before);
	free(r);
	bed_end(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, bed_setup, bed_teardown)
	    T(light_puppets_with_two_entries_go),
	    T(a_ring_in_a_mesh_goes),
	    T(tiny_puppets_go),
	    T(weights_alike),
	    T(one_heavy_branch_goes),
	    T(four_entries),
	    T(a_deep_ring_goes),
	    T(a_ring_near_us_gets_a_part),
	    T(waves_of_puppets),
	    T(half_of_an_honest_star_stays),
	    T(most_of_an_honest_chain_stays),
	    T(light_ones_do_not_hold_a_heavy_one),
	    T(who_passes_on_nothing_takes_no_more_than_it_needs),
	    T(nobody_else_leaves),
	    T(weights_that_change_a_little_change_little),
	};

	return cmocka_run_group_tests_name("heavy_rings", tests, NULL, NULL);
}
