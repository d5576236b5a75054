/* The ways of vouching to an author, its single points and the branches, on random graphs: against
 * what comes of taking out each author, each pair of VOUCHes, and up to three of them together. */
#include "tests/unit/unit.h"

#include <time.h>

#include "node/core/core.h"
#include "node/node.h"
#include "node/state.h"
#include "node/trust/closure.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "node/trust/why.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "tests/unit/node/bed.h"

#define AUTHORS 11 /* 0: the node itself */
#define GRAPHS  400
#define MANY    20000 /* members of the large graph */

struct world {
	struct bed *b;
	struct viz_member *m[AUTHORS];
	bool edge[AUTHORS][AUTHORS];
	uint64_t x; /* of the random source */
	unsigned single, by_one, ways[VIZ_WHY_WAYS + 1];
};

/* splitmix64 (Steele, Lea, Flood 2014). */
static unsigned below(uint64_t *x, unsigned n)
{
	uint64_t z = (*x += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (unsigned)((z ^ (z >> 31)) % n);
}

static struct viz_member *learn(struct viz_trust *trust, const struct viz_id *id)
{
	struct viz_member *m = viz_member_ensure(trust, id);

	assert_non_null(m);
	if (m->key_count == 0) {
		m->key = viz_core_grow(NULL, 1, sizeof *m->key);
		m->key[0] = (struct viz_author_key){.revoked = false};
		m->key_count = 1;
	}
	m->has_node = true;
	return m;
}

static void vouch(struct viz_trust *trust, struct viz_member *a, struct viz_member *b)
{
	viz_member_put_vouch(trust, a, (uint8_t)a->vouch_count, 0, &b->id, false);
	viz_member_put_vouch(trust, b, (uint8_t)b->vouch_count, 0, &a->id, false);
	viz_member_changed(trust, a);
	viz_member_changed(trust, b);
}

static void make(struct world *w)
{
	struct viz_trust *trust = &w->b->node->trust;
	unsigned pairs = AUTHORS - 2 + below(&w->x, AUTHORS);

	memset(w->edge, 0, sizeof w->edge);
	for (unsigned i = 0; i < AUTHORS; i++)
		while (w->m[i]->vouch_count > 0)
			viz_member_drop_vouch(trust, w->m[i], w->m[i]->vouch[0].slot);
	for (unsigned n = 0; n < pairs; n++) {
		unsigned a = below(&w->x, AUTHORS), b = below(&w->x, AUTHORS);

		if (a == b || w->edge[a][b])
			continue;
		w->edge[a][b] = w->edge[b][a] = true;
		vouch(trust, w->m[a], w->m[b]);
		if (below(&w->x, 8) == 0) /* in a second slot too, which changes nothing */
			viz_member_put_vouch(trust, w->m[a], (uint8_t)w->m[a]->vouch_count, 0,
					     &w->m[b]->id, false);
	}
	trust->directory.dirty = true;
	viz_closure_refresh(trust);
}

/* Whether there is a way from 0 to `goal` without these authors (a set of bits) and pairs. */
static bool reaches(const struct world *w, unsigned goal, unsigned without,
		    const bool cut[AUTHORS][AUTHORS])
{
	unsigned seen = 1, before = 0;

	while (seen != before) {
		before = seen;
		for (unsigned a = 0; a < AUTHORS; a++)
			for (unsigned b = 0; b < AUTHORS; b++)
				if (seen & 1u << a && w->edge[a][b] && !(without & 1u << b) &&
				    !(cut && cut[a][b]))
					seen |= 1u << b;
	}
	return seen & 1u << goal;
}

static unsigned number(const struct world *w, const struct viz_member *m)
{
	unsigned i = 0;

	while (w->m[i] != m)
		i++;
	return i;
}

static size_t count_behind(const struct world *w, unsigned x)
{
	size_t n = 0;

	for (unsigned i = 1; i < AUTHORS; i++)
		n += i != x && reaches(w, i, 0, NULL) && !reaches(w, i, 1u << x, NULL);
	return n;
}

/* The points are those without whom the goal is out, and whether a pair before one stands alone is
 * whether it is out without that pair. Gives the set of them, with ourselves and the goal. */
static unsigned check_points(struct world *w, const struct viz_why *why, unsigned goal, bool *lone)
{
	unsigned set = 1, last = 0;

	*lone = true;
	for (size_t i = 0; i < why->point_count; i++) {
		const struct viz_why_point *p = &why->point[i];
		unsigned x = number(w, p->member);
		bool cut[AUTHORS][AUTHORS] = {{false}};

		cut[last][x] = cut[x][last] = true;
		assert_int_equal(p->by_one, w->edge[last][x] && !reaches(w, goal, 0, cut));
		assert_int_equal(p->behind, count_behind(w, x));
		*lone &= p->by_one;
		w->by_one += p->by_one;
		set |= 1u << x;
		last = x;
	}
	assert_int_equal(last, goal);
	for (unsigned x = 1; x < AUTHORS; x++)
		assert_int_equal(set & 1u << x,
				 x == goal || !reaches(w, goal, 1u << x, NULL) ? 1u << x : 0u);
	w->single += why->point_count > 1;
	return set;
}

/* What the ways may not share: authors that are no points, and pairs of points that do not stand
 * alone. */
struct part {
	unsigned a, b; /* one author: twice the same */
};

static size_t list_parts(const struct world *w, struct part *out, unsigned points, unsigned goal)
{
	size_t n = 0;

	for (unsigned a = 0; a < AUTHORS; a++) {
		if (!(points & 1u << a))
			out[n++] = (struct part){a, a};
		for (unsigned b = a + 1; b < AUTHORS; b++) {
			bool cut[AUTHORS][AUTHORS] = {{false}};

			cut[a][b] = cut[b][a] = true;
			if (w->edge[a][b] && points & 1u << a && points & 1u << b &&
			    reaches(w, goal, 0, cut))
				out[n++] = (struct part){a, b};
		}
	}
	return n;
}

/* Whether the goal is out without some `k` of the parts, from the one at `from` on. */
static bool falls(const struct world *w, const struct part *part, size_t n, size_t from, unsigned k,
		  unsigned goal, unsigned without, bool cut[AUTHORS][AUTHORS])
{
	if (!reaches(w, goal, without, cut))
		return true;
	for (size_t i = from; i < n && k > 0; i++) {
		const struct part *p = &part[i];
		bool fallen;

		cut[p->a][p->b] = cut[p->b][p->a] = p->a != p->b;
		fallen = falls(w, part, n, i + 1, k - 1, goal,
			       without | (p->a == p->b ? 1u << p->a : 0), cut);
		cut[p->a][p->b] = cut[p->b][p->a] = false;
		if (fallen)
			return true;
	}
	return false;
}

/* By Menger's theorem there are as many ways that share nothing as parts that hold the goal. */
static void check_count(struct world *w, const struct viz_why *why, unsigned points, unsigned goal,
			bool lone)
{
	bool cut[AUTHORS][AUTHORS] = {{false}};
	struct part part[AUTHORS * AUTHORS];
	size_t n = list_parts(w, part, points, goal);
	unsigned k = 1;

	while (!lone && k < VIZ_WHY_WAYS && !falls(w, part, n, 0, k, goal, 0, cut))
		k++;
	assert_int_equal(why->way_count, k);
	assert_int_equal(why->more, k == VIZ_WHY_WAYS);
	w->ways[k]++;
}

static void check_ways(const struct world *w, const struct viz_why *why, unsigned points,
		       unsigned goal)
{
	unsigned used = 0;
	bool over[AUTHORS][AUTHORS] = {{false}};

	for (size_t i = 0; i < why->way_count; i++) {
		const struct viz_why_way *way = &why->way[i];
		unsigned here = 0;

		assert_true(i == 0 || way->count >= why->way[i - 1].count);
		for (size_t k = 0; k < way->count; k++) {
			unsigned x = number(w, way->step[k]), from;

			assert_false(here & 1u << x);
			here |= 1u << x;
			if (k == 0)
				continue;
			from = number(w, way->step[k - 1]);
			assert_true(w->edge[from][x]);
			if (over[from][x]) { /* shared: it stands alone */
				bool cut[AUTHORS][AUTHORS] = {{false}};

				cut[from][x] = cut[x][from] = true;
				assert_false(reaches(w, goal, 0, cut));
			}
			over[from][x] = true;
		}
		assert_ptr_equal(way->step[0], w->m[0]);
		assert_ptr_equal(way->step[way->count - 1], w->m[goal]);
		assert_int_equal(here & points, points);
		assert_int_equal(here & used & ~points, 0);
		used |= here;
	}
}

static void it_is_what_taking_out_shows(void **state)
{
	struct world w = {.b = *state};
	struct viz_trust *trust = &w.b->node->trust;

	bed_begin(w.b);
	for (unsigned i = 1; i < AUTHORS; i++)
		w.m[i] = learn(trust, &(struct viz_id){{(uint8_t)(i * 37 + 1), (uint8_t)i}});
	w.m[0] = learn(trust, &trust->self.author);
	for (unsigned g = 0; g < GRAPHS; g++) {
		make(&w);
		for (unsigned i = 1; i < AUTHORS; i++) {
			struct viz_why why;
			unsigned points;
			bool lone;

			viz_why_find(&why, trust, w.m[i]);
			assert_int_equal(why.way_count > 0, reaches(&w, i, 0, NULL));
			if (why.way_count > 0) {
				points = check_points(&w, &why, i, &lone);
				check_ways(&w, &why, points, i);
				check_count(&w, &why, points, i, lone);
			}
			viz_why_free(&why);
		}
	}
	print_message("# %u with a single point, %u pairs alone; with 1 to 4 ways: %u %u %u %u\n",
		      w.single, w.by_one, w.ways[1], w.ways[2], w.ways[3], w.ways[4]);
	for (unsigned k = 1; k <= VIZ_WHY_WAYS; k++)
		assert_true(w.ways[k] > 10);
	bed_end(w.b);
}

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* A country: each comes in by one, and two thirds have others besides. Processor time is shown, and
 * a thousand times what it takes would fail. */
static void many_cost_little(void **state)
{
	struct bed *b = *state;
	struct viz_trust *trust = &b->node->trust;
	struct viz_member **m = calloc(MANY, sizeof *m), **out = calloc(MANY + 8, sizeof *out);
	size_t pairs = 0, gone = 0;
	double why_s = 0, prune_s = 0;
	uint64_t x = 1;

	assert_true(m && out);
	bed_begin(b);
	m[0] = learn(trust, &trust->self.author);
	for (unsigned i = 1; i < MANY; i++) {
		struct viz_id id = {{(uint8_t)(i >> 8), (uint8_t)i, 7}};

		m[i] = learn(trust, &id);
	}
	for (unsigned i = 1; i < MANY; i++) {
		for (unsigned n = 0; n < 1 + below(&x, 3); n++) {
			struct viz_member *by = m[below(&x, i)];

			if (by->vouch_count >= VIZ_VOUCH_SLOTS ||
			    m[i]->vouch_count >= VIZ_VOUCH_SLOTS)
				continue;
			vouch(trust, by, m[i]);
			pairs++;
		}
	}
	trust->directory.dirty = true;
	viz_closure_refresh(trust);
	for (unsigned n = 0; n < 20; n++) {
		struct viz_member *who = m[1 + below(&x, MANY - 1)];
		double t = seconds();
		struct viz_why why;

		viz_why_find(&why, trust, who);
		why_s += seconds() - t;
		assert_int_equal(why.way_count > 0, who->in);
		viz_why_free(&why);
		t = seconds();
		gone += viz_closure_pruned_with(trust, out, who);
		prune_s += seconds() - t;
	}
	print_message("# %d members, %zu pairs: why %.1f ms, who would be pruned %.1f ms (%zu)\n",
		      MANY, pairs, why_s * 1000 / 20, prune_s * 1000 / 20, gone);
	assert_true(why_s / 20 < 10 && prune_s / 20 < 10);
	bed_end(b);
	free(m);
	free(out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(it_is_what_taking_out_shows, bed_setup, bed_teardown),
	    cmocka_unit_test_setup_teardown(many_cost_little, bed_setup, bed_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
