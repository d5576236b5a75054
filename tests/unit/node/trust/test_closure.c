/* The closure and who is pruned of it, which are extended and computed anew in turns, against what
 * is computed plainly each time; and what memory keeps of those whom VOUCHes name. */
#include "tests/unit/unit.h"

#include "node/core/core.h"
#include "node/node.h"
#include "node/state.h"
#include "node/trust/author.h"
#include "node/trust/closure.h"
#include "node/trust/member.h"
#include "node/trust/part.h"
#include "node/trust/prune.h"
#include "node/trust/sponsee.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "tests/unit/node/bed.h"

#define AUTHORS 24 /* the last third has no NODE at first */
#define SLOTS   5
#define STEPS   6000

/* What the test knows of the VOUCHes, beside the node. */
struct world {
	struct bed *b;
	struct viz_id id[AUTHORS]; /* 0: the node itself */
	struct {
		bool held, stands;
		unsigned to;
	} vouch[AUTHORS][SLOTS];
	bool known[AUTHORS];              /* it has a NODE */
	bool cut[AUTHORS], kept[AUTHORS]; /* the operator has pruned it; has set it up */
	bool in[AUTHORS], stays[AUTHORS]; /* in the closure; and not pruned */
	unsigned pruned;                  /* how often somebody was */
	bool prunes;                      /* the operator does so */
	uint64_t x;                       /* of the random source */
};

/* splitmix64 (Steele, Lea, Flood 2014). */
static unsigned below(struct world *w, unsigned n)
{
	uint64_t z = (w->x += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (unsigned)((z ^ (z >> 31)) % n);
}

static struct viz_member *member(struct world *w, unsigned i)
{
	return viz_member_find(&w->b->node->trust, &w->id[i]);
}

static void learn(struct world *w, unsigned i)
{
	struct viz_member *m = viz_member_ensure(&w->b->node->trust, &w->id[i]);

	assert_non_null(m);
	if (m->key_count == 0) {
		m->key = viz_core_grow(NULL, 1, sizeof *m->key);
		m->key[0] = (struct viz_author_key){.revoked = false};
		m->key_count = 1;
	}
	m->has_node = w->known[i] = true;
	viz_member_changed(&w->b->node->trust, m);
}

static bool vouches(const struct world *w, unsigned a, unsigned b)
{
	for (unsigned s = 0; s < SLOTS; s++)
		if (w->vouch[a][s].held && w->vouch[a][s].stands && w->vouch[a][s].to == b)
			return true;
	return false;
}

/* From those with whom the operator deals, never through who is cut. */
static void compute_stays(struct world *w)
{
	bool more = true;

	for (unsigned i = 0; i < AUTHORS; i++)
		w->stays[i] = w->in[i] && (i == 0 || w->kept[i]);
	while (more) {
		more = false;
		for (unsigned a = 0; a < AUTHORS; a++)
			for (unsigned b = 0; b < AUTHORS; b++)
				if (w->stays[a] && !w->cut[a] && w->in[b] && !w->cut[b] &&
				    !w->stays[b] && vouches(w, a, b) && vouches(w, b, a))
					more = w->stays[b] = true;
	}
}

static void compute(struct world *w)
{
	bool more = true;

	memset(w->in, 0, sizeof w->in);
	w->in[0] = true;
	while (more) {
		more = false;
		for (unsigned a = 0; a < AUTHORS; a++)
			for (unsigned b = 0; b < AUTHORS; b++)
				if (w->in[a] && !w->in[b] && vouches(w, a, b) && vouches(w, b, a))
					more = w->in[b] = true;
	}
	compute_stays(w);
}

/* The operator prunes one, or sets one up, or takes that back. */
static void decide(struct world *w)
{
	struct viz_trust *trust = &w->b->node->trust;
	unsigned a = 1 + below(w, AUTHORS - 1);
	struct viz_member *m = member(w, a);

	if (!w->known[a])
		return;
	if (below(w, 2) == 0) {
		w->cut[a] = !w->cut[a] && below(w, 2) == 0;
		viz_prune_set(trust, m, w->cut[a]);
	} else {
		m->peer.partner = w->kept[a] = !w->kept[a] && below(w, 4) == 0;
		trust->directory.dirty = true; /* as viz_peer_save does */
	}
}

/* One change to the VOUCHes of one author. */
static void change(struct world *w)
{
	unsigned a = below(w, AUTHORS), s = below(w, SLOTS);
	unsigned to =
	    (a + AUTHORS - 1 + 2 * below(w, 2)) % AUTHORS; /* a ring, so that many are mutual */
	struct viz_trust *trust = &w->b->node->trust;

	if (w->prunes && below(w, 32) == 0)
		decide(w);
	if (!w->known[a])
		return;
	switch (below(w, 8)) {
	case 0:
		viz_member_drop_vouch(trust, member(w, a), (uint8_t)s);
		w->vouch[a][s].held = false;
		break;
	case 1: /* withdrawn */
		if (!w->vouch[a][s].held)
			return;
		w->vouch[a][s].stands = false;
		viz_member_put_vouch(trust, member(w, a), (uint8_t)s, 0, &w->id[w->vouch[a][s].to],
				     true);
		break;
	case 2: /* all at once, by a REVOCATION, and back */
		member(w, a)->key[0].revoked = a != 0;
		viz_member_changed(trust, member(w, a));
		viz_closure_refresh(trust);
		member(w, a)->key[0].revoked = false;
		break;
	default:
		if (to == a)
			return;
		w->vouch[a][s].held = w->vouch[a][s].stands = true;
		w->vouch[a][s].to = to;
		viz_member_put_vouch(trust, member(w, a), (uint8_t)s, 0, &w->id[to], false);
		break;
	}
	viz_member_changed(trust, member(w, a));
}

/* Who would go with one that is pruned, and nobody goes yet. */
static void check_pruned_with(struct world *w)
{
	unsigned a = 1 + below(w, AUTHORS - 1);
	struct viz_member *m = w->known[a] ? member(w, a) : NULL, *out[AUTHORS];
	bool before[AUTHORS], was = w->cut[a];
	size_t n, expected = 0;

	if (!m)
		return;
	memcpy(before, w->stays, sizeof before);
	n = viz_closure_pruned_with(&w->b->node->trust, out, m);
	w->cut[a] = true;
	compute_stays(w);
	for (unsigned i = 0; i < AUTHORS; i++) {
		bool found = false;

		for (size_t k = 0; k < n; k++)
			found |= viz_id_eq(&out[k]->id, &w->id[i]);
		assert_int_equal(found, i != a && before[i] && !w->stays[i]);
		expected += found;
	}
	assert_int_equal(n, expected);
	w->cut[a] = was;
	memcpy(w->stays, before, sizeof before);
}

/* By whom `m` is counted (trust/part.h), and that these are as its holder says. */
static void check_place(const struct viz_member *m)
{
	const struct viz_member *by = m->held_by;

	assert_int_equal(m->in && m->level > 0, by != NULL);
	assert_int_equal(m->by != NULL, by != NULL);
	if (!by) {
		assert_int_equal(m->distance, 0);
		return;
	}
	assert_true(by->in && by->level < m->level);
	by = by->distance < VIZ_PART_DEPTH ? by : by->by;
	assert_ptr_equal(m->by, by);
	assert_int_equal(m->distance, by->distance + 1);
}

static void check_places(struct viz_trust *trust)
{
	const struct viz_directory *d = &trust->directory;

	for (size_t i = 0; i < d->count; i++) {
		uint32_t brought = 0;

		check_place(d->list[i]);
		for (size_t k = 0; k < d->count; k++)
			brought += d->list[k]->by == d->list[i];
		assert_int_equal(d->list[i]->brought, brought);
	}
}

static void check(struct world *w)
{
	struct viz_trust *trust = &w->b->node->trust;
	size_t strangers = 0;

	compute(w);
	for (unsigned i = 0; i < AUTHORS; i++) {
		const struct viz_member *m = member(w, i);
		const struct viz_sponsee *x =
		    viz_sponsee_find(&trust->directory.strangers, &w->id[i]);
		uint32_t named = 0, sponsors = 0;

		for (unsigned a = 0; a < AUTHORS; a++)
			for (unsigned s = 0; s < SLOTS; s++) {
				if (!w->vouch[a][s].held || w->vouch[a][s].to != i)
					continue;
				named++;
				sponsors += w->vouch[a][s].stands && w->in[a];
			}
		assert_false(m && x);
		if (m) {
			assert_int_equal(m->in, w->in[i]);
			assert_int_equal(m->pruned, w->in[i] && !w->stays[i]);
			assert_int_equal(m->pruned_at.ms != 0, w->cut[i]);
			assert_true(m->member || !w->stays[i] || i == 0);
			assert_false(m->member && w->cut[i] && !w->stays[i]);
			w->pruned += m->pruned;
			x = m->as;
		} else {
			assert_false(w->in[i]);
			assert_int_equal(x != NULL, named > 0);
			strangers += named > 0;
		}
		if (x) {
			assert_int_equal(x->named, named);
			assert_int_equal(x->sponsors, sponsors);
		}
		assert_int_equal(viz_member_known(trust, &w->id[i]),
				 i == 0 || (m && m->member) || sponsors > 0);
	}
	assert_int_equal(trust->directory.strangers.count, strangers);
	check_pruned_with(w);
	check_places(trust);
}

static void play(struct bed *b, bool prunes)
{
	struct world *w = calloc(1, sizeof *w);
	size_t most = 0;

	assert_non_null(w);
	w->b = b;
	w->prunes = prunes;
	bed_begin(w->b);
	for (unsigned i = 0; i < AUTHORS; i++)
		w->id[i] = (struct viz_id){{(uint8_t)(i * 37 + 1), (uint8_t)i}};
	w->id[0] = w->b->node->trust.self.author;
	for (unsigned i = 0; i < AUTHORS * 2 / 3; i++)
		learn(w, i);
	for (unsigned n = 0; n < STEPS; n++) {
		size_t in = 0;

		change(w);
		if (n == STEPS / 2)
			for (unsigned i = AUTHORS * 2 / 3; i < AUTHORS; i++)
				learn(w, i);
		w->b->now.ms += 500;
		w->b->node->core.now = w->b->now;
		if (below(w, 3) > 0) { /* some changes of one batch, some of them of one event */
			if (below(w, 4) > 0)
				viz_closure_extend(&w->b->node->trust);
			continue;
		}
		viz_closure_refresh(&w->b->node->trust);
		check(w);
		for (unsigned i = 0; i < AUTHORS; i++)
			in += w->in[i];
		most = in > most ? in : most;
	}
	assert_true(most > AUTHORS / 2);
	assert_true(!prunes || w->pruned > STEPS / 10);
	bed_end(w->b);
	free(w);
}

static void it_is_the_plain_one(void **state)
{
	play(*state, true);
}

/* Who has left is then found from those who are doubted. */
static void it_is_the_plain_one_without_pruning(void **state)
{
	play(*state, false);
}

/* Whoever is only named is not in the directory, so that a member cannot fill it. */
static void strangers_fill_nothing(void **state)
{
	struct bed *b = *state;
	struct viz_trust *trust = &b->node->trust;
	struct viz_member *self = viz_member_self(trust);
	size_t before = trust->directory.count;

	bed_begin(b);
	self->key = viz_core_grow(self->key, 1, sizeof *self->key);
	self->key[0] = (struct viz_author_key){.revoked = false};
	self->key_count = 1;
	for (uint8_t s = 0; s < VIZ_VOUCH_SLOTS; s++)
		viz_member_put_vouch(trust, self, s, 0, &(struct viz_id){{9, s}}, false);
	viz_member_changed(trust, self);
	viz_closure_extend(trust);
	assert_true(viz_member_known(trust, &(struct viz_id){{9, 7}}));
	assert_null(viz_member_find(trust, &(struct viz_id){{9, 7}}));
	assert_int_equal(trust->directory.count, before);
	for (uint8_t s = 0; s < VIZ_VOUCH_SLOTS; s++)
		viz_member_drop_vouch(trust, self, s);
	assert_false(viz_member_known(trust, &(struct viz_id){{9, 7}}));
	assert_int_equal(trust->directory.strangers.count, 0);
	bed_end(b);
}

/* VOUCHes that come and go without end: the walk over all is done twice a second. Who is revoked
 * does not wait. */
static void it_is_not_computed_at_each_wish(void **state)
{
	struct bed *b = *state;
	struct viz_trust *trust = &b->node->trust;
	struct viz_id id[2] = {{{7, 1}}, {{7, 2}}};
	struct viz_member *m[2], *self = viz_member_self(trust);
	size_t computed = 0;

	bed_begin(b);
	self->key = viz_core_grow(self->key, 1, sizeof *self->key);
	self->key[0] = (struct viz_author_key){.revoked = false};
	self->key_count = 1;
	for (size_t i = 0; i < 2; i++) {
		m[i] = viz_member_ensure(trust, &id[i]);
		m[i]->key = viz_core_grow(NULL, 1, sizeof *m[i]->key);
		m[i]->key[0] = (struct viz_author_key){.revoked = false};
		m[i]->key_count = 1;
		m[i]->has_node = true;
		viz_member_put_vouch(trust, m[i], 0, 0, &trust->self.author, false);
		viz_member_put_vouch(trust, self, (uint8_t)i, 0, &id[i], false);
		viz_member_changed(trust, m[i]);
	}
	viz_closure_refresh(trust);
	assert_true(m[0]->in && m[1]->in);
	for (unsigned n = 0; n < 1000; n++) {
		b->node->core.now.ms += 10;
		viz_member_put_vouch(trust, m[0], 0, 0, &trust->self.author, n % 2 == 0);
		viz_member_changed(trust, m[0]);
		viz_closure_refresh(trust);
		computed += trust->directory.computed_at.ms == b->node->core.now.ms;
		assert_true(m[0]->member);
	}
	assert_true(computed > 10 && computed <= 21);
	assert_true(viz_closure_deadline(trust).ms == 0 ||
		    viz_closure_deadline(trust).ms > b->node->core.now.ms - 500);
	m[1]->key[0].revoked = true;
	viz_member_changed(trust, m[1]);
	viz_closure_refresh(trust);
	assert_false(m[1]->member);
	bed_end(b);
}

/* Members that vouch for each other, each for a few that came before it. */
static void learn_many(struct viz_trust *trust, unsigned count)
{
	struct world r = {.x = 1};

	for (unsigned i = 0; i < count; i++) {
		struct viz_id id = {{(uint8_t)(i >> 8), (uint8_t)i}};
		struct viz_member *m =
		    i == 0 ? viz_member_self(trust) : viz_member_ensure(trust, &id);

		m->key = viz_core_grow(m->key, 1, sizeof *m->key);
		m->key[0] = (struct viz_author_key){.revoked = false};
		m->key_count = 1;
		m->has_node = true;
		for (unsigned k = 0; i > 0 && k < 3; k++) {
			unsigned n = below(&r, i);
			struct viz_id other = {{(uint8_t)(n >> 8), (uint8_t)n}};
			struct viz_member *o =
			    n == 0 ? viz_member_self(trust) : viz_member_find(trust, &other);

			if (o->vouch_count >= VIZ_VOUCH_SLOTS)
				continue;
			viz_member_put_vouch(trust, m, (uint8_t)m->vouch_count, 0, &o->id, false);
			viz_member_put_vouch(trust, o, (uint8_t)o->vouch_count, 0, &m->id, false);
			viz_member_changed(trust, o);
		}
		viz_member_changed(trust, m);
	}
}

static size_t looked; /* VOUCHes that were looked at for a pair */

struct viz_member *__real_viz_mutual_member(const struct viz_member *a,
					    const struct viz_vouch_row *row);
struct viz_member *__wrap_viz_mutual_member(const struct viz_member *a,
					    const struct viz_vouch_row *row);
struct viz_member *__wrap_viz_mutual_member(const struct viz_member *a,
					    const struct viz_vouch_row *row)
{
	looked++;
	return __real_viz_mutual_member(a, row);
}

/* A VOUCH that ends is not paid for by a look at all, nor is a key: of 5,000 members with 15,000
 * pairs few are looked at. */
static void what_ends_costs_little(void **state)
{
	struct bed *b = *state;
	struct viz_trust *trust = &b->node->trust;
	const unsigned members = 5000;
	size_t most = 0, all = 0;

	bed_begin(b);
	learn_many(trust, members);
	viz_closure_refresh(trust);
	for (unsigned i = 0; i < members; i++)
		assert_true(trust->directory.list[i]->in);
	trust->directory.refreshed = false;
	for (unsigned n = 0; n < 100; n++) {
		struct viz_id id = {{(uint8_t)(n % 16 + 1), (uint8_t)n}};
		struct viz_member *m = viz_member_find(trust, &id);
		struct viz_vouch_row row = m->vouch[0];
		struct viz_id other = row.to->id;

		looked = 0;
		b->node->core.now.ms += 500;
		if (n % 2 == 0) {
			viz_member_put_vouch(trust, m, row.slot, 0, &other, true);
		} else { /* a SUCCESSION: the VOUCHes of the key before it end */
			m->key = viz_core_grow(m->key, 2, sizeof *m->key);
			m->key[1] = m->key[0];
			m->key_count = 2;
		}
		viz_member_changed(trust, m);
		viz_closure_refresh(trust);
		assert_int_equal(m->in, n % 2 == 0);
		m->key_count = 1;
		viz_member_put_vouch(trust, m, row.slot, 0, &other, false);
		viz_member_changed(trust, m);
		viz_closure_refresh(trust);
		assert_true(m->in && m->member);
		most = looked > most ? looked : most;
		all += looked;
	}
	assert_true(most < members / 10 && all / 100 < members / 50);
	assert_false(trust->directory.refreshed); /* nor by a walk over the directory */
	bed_end(b);
}

/* Both withdraw in one event. */
static void both_withdraw_at_once(void **state)
{
	struct bed *b = *state;
	struct viz_trust *trust = &b->node->trust;
	struct viz_member *self = viz_member_self(trust), *a;

	bed_begin(b);
	learn_many(trust, 2);
	viz_closure_refresh(trust);
	a = viz_member_find(trust, &(struct viz_id){{0, 1}});
	assert_true(a->in);
	b->node->core.now.ms += 500;
	for (size_t i = 0; i < a->vouch_count; i++)
		a->vouch[i].withdrawn = true;
	for (size_t i = 0; i < self->vouch_count; i++)
		self->vouch[i].withdrawn = true;
	viz_member_changed(trust, a);
	viz_member_changed(trust, self);
	viz_closure_refresh(trust);
	assert_false(a->in);
	bed_end(b);
}

/* Of one that is pruned nothing may be known any more: the mark stays, and one that is taken back
 * does not keep it. */
static void a_mark_outlasts_all(void **state)
{
	const struct viz_id id = {{9, 1}};
	struct bed *b = *state;
	struct viz_trust *trust = &b->node->trust;

	bed_begin(b);
	viz_prune_set(trust, viz_member_ensure(trust, &id), true);
	viz_prune_set(trust, viz_member_find(trust, &id), true);
	bed_end(b);
	bed_run(b);
	assert_non_null(viz_member_find(trust, &id));
	bed_close(b);
	bed_open(b);
	trust = &b->node->trust;
	bed_run(b);
	assert_int_equal(trust->directory.prune_count, 1);
	assert_true(viz_member_find(trust, &id)->pruned_at.ms != 0);
	bed_begin(b);
	viz_prune_set(trust, viz_member_find(trust, &id), false);
	bed_end(b);
	bed_run(b);
	assert_null(viz_member_find(trust, &id));
	assert_int_equal(trust->directory.prune_count, 0);
	bed_close(b);
	bed_open(b);
	assert_null(viz_member_find(&b->node->trust, &id));
}

/* Who was found last is not found when it has gone. */
static void who_has_gone_is_not_found(void **state)
{
	const struct viz_id id = {{9, 1}};
	struct bed *b = *state;
	struct viz_trust *trust = &b->node->trust;
	const struct viz_member *m;

	bed_begin(b);
	m = viz_member_ensure(trust, &id);
	assert_ptr_equal(viz_member_find(trust, &id), m);
	assert_ptr_equal(trust->directory.found, m);
	viz_closure_drop_useless(trust);
	assert_null(trust->directory.found);
	assert_null(viz_member_find(trust, &id));
	bed_end(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(it_is_the_plain_one, bed_setup, bed_teardown),
	    cmocka_unit_test_setup_teardown(it_is_the_plain_one_without_pruning, bed_setup,
					    bed_teardown),
	    cmocka_unit_test_setup_teardown(what_ends_costs_little, bed_setup, bed_teardown),
	    cmocka_unit_test_setup_teardown(both_withdraw_at_once, bed_setup, bed_teardown),
	    cmocka_unit_test_setup_teardown(it_is_not_computed_at_each_wish, bed_setup,
					    bed_teardown),
	    cmocka_unit_test_setup_teardown(strangers_fill_nothing, bed_setup, bed_teardown),
	    cmocka_unit_test_setup_teardown(a_mark_outlasts_all, bed_setup, bed_teardown),
	    cmocka_unit_test_setup_teardown(who_has_gone_is_not_found, bed_setup, bed_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
