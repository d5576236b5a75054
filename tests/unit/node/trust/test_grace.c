/* Who is waited for when a key has ended. Small graphs, without records. */
#include "tests/unit/node/trust/vouching.h"

#include "node/core/core.h"
#include "node/state.h"
#include "node/trust/closure.h"
#include "node/trust/trust.h"
#include "proto/base.h"

/* We vouch for the first, and each for the next one. */
struct row {
	struct viz_member *self, *m[3];
};

static struct row make(struct bed *b)
{
	struct row r = {.self = begin(b)};
	struct viz_member *last = r.self;

	for (uint8_t i = 0; i < 3; i++) {
		r.m[i] = author(b, (uint8_t)(1 + i), UNIT);
		join(b, last, r.m[i]);
		last = r.m[i];
	}
	viz_closure_refresh(trust_of(b));
	return r;
}

static void half_a_second(struct bed *b)
{
	b->node->core.now.ms += 500;
	viz_closure_refresh(trust_of(b));
}

/* A SUCCESSION: the VOUCHes of the key before it end. */
static void change_key(struct bed *b, struct viz_member *m)
{
	m->key = viz_core_grow(m->key, 2, sizeof *m->key);
	m->key[1] = m->key[0];
	m->key_count = 2;
	viz_member_changed(trust_of(b), m);
}

/* The VOUCH of `m` for `other`. */
static void withdraw(struct bed *b, struct viz_member *m, const struct viz_member *other)
{
	for (size_t i = 0; i < m->vouch_count; i++)
		if (m->vouch[i].to == other->as)
			viz_member_put_vouch(trust_of(b), m, m->vouch[i].slot, m->vouch[i].key,
					     &other->id, true);
	viz_member_changed(trust_of(b), m);
}

static bool is_awaited(const struct viz_member *m)
{
	return !m->in && m->member;
}

/* Who changes its key is waited for, and so are all behind it, a minute long. */
static void a_key_is_awaited(void **state)
{
	struct bed *b = *state;
	struct row r = make(b);

	change_key(b, r.m[0]);
	half_a_second(b);
	for (unsigned i = 0; i < 3; i++)
		assert_true(is_awaited(r.m[i]));
	b->node->core.now.ms += 58000;
	half_a_second(b);
	assert_true(is_awaited(r.m[2]));
	b->node->core.now.ms += 2000;
	half_a_second(b);
	for (unsigned i = 0; i < 3; i++)
		assert_false(r.m[i]->member);
	bed_end(b);
}

/* A VOUCH that is withdrawn is not: be it before a key ends, or while it is awaited, and be it the
 * VOUCH of one that is in the closure, or of one that is not. */
static void a_withdrawn_vouch_is_not(void **state)
{
	struct bed *b = *state;
	struct row r = make(b);

	withdraw(b, r.m[1], r.m[2]);
	half_a_second(b);
	assert_true(r.m[1]->in && !r.m[2]->member);
	change_key(b, r.m[0]);
	half_a_second(b);
	assert_true(is_awaited(r.m[0]) && is_awaited(r.m[1]));
	withdraw(b, r.m[1], r.m[0]);
	half_a_second(b);
	assert_true(is_awaited(r.m[0]) && !r.m[1]->member);
	withdraw(b, r.self, r.m[0]);
	half_a_second(b);
	assert_false(r.m[0]->member);
	bed_end(b);
}

/* Likewise when somebody else vouches for it, who hears nothing of it in turn. */
static void whom_a_stranger_names_is_not(void **state)
{
	struct bed *b = *state;
	struct row r = make(b);
	struct viz_member *other = author(b, 9, UNIT);

	join(b, r.self, other);
	vouch(b, other, &r.m[0]->id);
	change_key(b, r.m[0]);
	half_a_second(b);
	assert_true(other->in && is_awaited(r.m[0]) && is_awaited(r.m[2]));
	withdraw(b, r.self, r.m[0]);
	half_a_second(b);
	for (unsigned i = 0; i < 3; i++)
		assert_false(r.m[i]->member);
	bed_end(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, bed_setup, bed_teardown)
	    T(a_key_is_awaited),
	    T(a_withdrawn_vouch_is_not),
	    T(whom_a_stranger_names_is_not),
	};

	return cmocka_run_group_tests_name("grace", tests, NULL, NULL);
}
