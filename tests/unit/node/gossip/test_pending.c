#include "tests/unit/unit.h"

#include "node/gossip/intake.h"
#include "node/gossip/pending.h"
#include "node/link/link.h"

#define LEN   100
#define COUNT 40 /* more than the first slots */

/* A record of author `n`; only its bytes count here. */
static struct viz_record make(uint8_t bytes[LEN], unsigned n)
{
	struct viz_record rec = {.author = {{(uint8_t)n}}};

	memset(bytes, (int)n, LEN);
	viz_be_put_u64(bytes, n);
	rec.bytes = bytes + sizeof rec.sig.b;
	rec.len = LEN - sizeof rec.sig.b;
	rec.body = rec.bytes + 10;
	rec.body_len = 5;
	return rec;
}

/* What waits is found by its bytes and by its author until it is taken out, and then no more. */
static void what_waits_is_found(void **state)
{
	struct viz_intake in = {.first_job = 1};
	struct viz_link link = {.number = 7};
	uint8_t bytes[LEN];

	(void)state;
	for (unsigned n = 0; n < COUNT; n++) {
		struct viz_record rec = make(bytes, n);
		struct viz_pending *p;

		assert_false(viz_pending_has(&in, bytes, LEN));
		assert_false(viz_pending_has_of(&in, &rec.author));
		p = viz_pending_add(&in, &link, &rec, false, true);
		assert_memory_equal(p->rec.bytes, rec.bytes, rec.len);
		assert_memory_equal(p->rec.body, rec.body, rec.body_len);
	}
	for (unsigned n = 0; n < COUNT; n++) {
		struct viz_record rec = make(bytes, n);
		struct viz_pending *p = viz_pending_find(&in, n + 1), out;

		assert_non_null(p);
		assert_true(viz_pending_has(&in, bytes, LEN));
		assert_true(viz_pending_has_of(&in, &rec.author));
		bytes[LEN - 1]++;
		assert_false(viz_pending_has(&in, bytes, LEN));
		bytes[LEN - 1]--;
		out = viz_pending_take_out(&in, p);
		assert_memory_equal(out.bytes, bytes, LEN);
		free(out.bytes);
		assert_false(viz_pending_has(&in, bytes, LEN));
		assert_false(viz_pending_has_of(&in, &rec.author));
	}
	assert_int_equal(in.asked, 0);
	viz_pending_free(&in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(what_waits_is_found)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
