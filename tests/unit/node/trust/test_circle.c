/* Who is in a circle, by PARTNERS records over removal, return, rotation and disagreement; and the
 * records that are kept for that. */
#include "tests/unit/unit.h"

#include "node/core/core.h"
#include "node/core/ids.h"
#include "node/core/place.h"
#include "node/node.h"
#include "node/state.h"
#include "node/trust/author.h"
#include "node/trust/circle.h"
#include "node/trust/member.h"
#include "node/trust/named.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/federation.h"
#include "proto/limits.h"
#include "proto/record.h"
#include "proto/trust.h"
#include "proto/writer.h"
#include "tests/unit/node/bed.h"

#define T     INT64_C(1764072000000) /* when the first records are signed */
#define DELAY INT64_C(86400000)      /* partner_delay_ms */
#define HOUR  INT64_C(3600000)

static const struct viz_id origin = {{0x50}}, x = {{0x60}}, y = {{0x40}}, z = {{0x70}};

/* An entry, with dates counted from T; a removal of 0 is none. */
struct dates {
	const struct viz_id *id;
	int64_t added, removed;
};

/* Makes a PARTNERS record; nobody asks for its signature. */
static void make(struct bed *b, struct viz_record *rec, struct viz_id *id,
		 uint8_t bytes[VIZ_SIGNED_RECORD_MAX], const struct viz_id *author, uint32_t key,
		 int64_t time, const struct dates *d, size_t count)
{
	struct viz_partners *p = calloc(1, sizeof *p);
	static uint8_t body[VIZ_RECORD_MAX];
	struct viz_writer w;
	size_t len = 0;

	assert_non_null(p);
	p->log = 1;
	p->previous.b[0] = 1;
	for (size_t i = 0; i < count; i++)
		p->entry[p->count++] = (struct viz_partner_entry){
		    *d[i].id, {T + d[i].added}, {d[i].removed ? T + d[i].removed : 0}};
	viz_writer_init(&w, body, sizeof body);
	viz_partners_write(&w, p);
	free(p);
	*rec = (struct viz_record){.type = VIZ_TYPE_PARTNERS,
				   .author = *author,
				   .key = key,
				   .seq = (uint64_t)(T + time),
				   .time = {T + time},
				   .body = body};
	assert_int_equal(viz_writer_finish(&w, &rec->body_len), VIZ_OK);
	memset(bytes, 0, 64);
	assert_int_equal(viz_record_write(bytes + 64, &len, VIZ_RECORD_MAX, rec), VIZ_OK);
	assert_int_equal(viz_record_parse(rec, bytes, len + 64), VIZ_OK);
	viz_ids_record(id, &b->node->core.federation_id, rec);
}

/* The node takes a PARTNERS record in. Returns its id. */
static struct viz_id give(struct bed *b, const struct viz_id *author, uint32_t key, int64_t time,
			  const struct dates *d, size_t count)
{
	static uint8_t bytes[VIZ_SIGNED_RECORD_MAX];
	struct viz_record rec;
	struct viz_id id;

	make(b, &rec, &id, bytes, author, key, time, d, count);
	viz_place_put(&b->node->core, NULL, &rec, &id);
	viz_author_apply(&b->node->trust, &rec);
	return id;
}

static int setup(void **state)
{
	bed_setup(state);
	bed_run(*state);
	bed_begin(*state);
	return 0;
}

static int teardown(void **state)
{
	bed_end(*state);
	return bed_teardown(state);
}

static enum viz_circle_answer has(struct bed *b, const struct viz_id *partners, int64_t at,
				  const struct viz_id *who)
{
	struct viz_circle c = {origin, {T + at}, *partners};

	return viz_circle_has(&b->node->trust, &c, who);
}

static void an_entry_of_each_side(void **state)
{
	static const struct {
		struct dates ours, theirs; /* no id: no entry */
		int64_t at;
		enum viz_circle_answer answer;
	} cases[] = {
	    {{&x, 0, 0}, {&origin, 0, 0}, DELAY - 1, VIZ_CIRCLE_OUT},
	    {{&x, 0, 0}, {&origin, 0, 0}, DELAY, VIZ_CIRCLE_IN},
	    {{&x, HOUR, 0}, {&origin, 0, 0}, DELAY, VIZ_CIRCLE_OUT},
	    {{&x, 0, 0}, {&origin, HOUR, 0}, DELAY, VIZ_CIRCLE_OUT},
	    {{&x, 0, 0}, {&origin, HOUR, 0}, DELAY + HOUR, VIZ_CIRCLE_IN},
	    {{&x, 0, 2 * DELAY}, {&origin, 0, 0}, 3 * DELAY - 1, VIZ_CIRCLE_IN},
	    {{&x, 0, 2 * DELAY}, {&origin, 0, 0}, 3 * DELAY, VIZ_CIRCLE_OUT},
	    {{&x, 0, 0}, {&origin, 0, 2 * DELAY}, 3 * DELAY - 1, VIZ_CIRCLE_IN},
	    {{&x, 0, 0}, {&origin, 0, 2 * DELAY}, 3 * DELAY, VIZ_CIRCLE_OUT},
	    {{&x, 0, HOUR}, {&origin, 0, 0}, DELAY, VIZ_CIRCLE_IN},
	    {{&x, 0, HOUR}, {&origin, 2 * HOUR, 0}, DELAY + 2 * HOUR, VIZ_CIRCLE_OUT},
	    {{&x, 0, 0}, {&y, 0, 0}, 2 * DELAY, VIZ_CIRCLE_OUT},
	    {{&y, 0, 0}, {&origin, 0, 0}, 2 * DELAY, VIZ_CIRCLE_OUT},
	};
	struct bed *b = *state;

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct viz_id named = give(b, &origin, 0, 3 * DELAY, &cases[i].ours, 1);

		give(b, &x, 0, 3 * DELAY, &cases[i].theirs, 1);
		if (has(b, &named, cases[i].at, &x) != cases[i].answer)
			fail_msg("case %zu", i);
		assert_int_equal(has(b, &named, cases[i].at, &origin), VIZ_CIRCLE_IN);
	}
}

/* What happens afterwards changes no circle of before. */
static void the_past_stays(void **state)
{
	static const struct dates first[] = {{&x, 0, 0}}, theirs[] = {{&origin, 0, 0}},
				  second[] = {{&y, 3 * DELAY, 0}, {&x, 0, 3 * DELAY}},
				  left[] = {{&origin, 0, 3 * DELAY}},
				  back[] = {{&y, 3 * DELAY, 0},
					    {&x, 0, 3 * DELAY},
					    {&x, 5 * DELAY, 0}},
				  returned[] = {{&origin, 0, 3 * DELAY}, {&origin, 5 * DELAY, 0}};
	struct bed *b = *state;
	struct viz_id one = give(b, &origin, 0, 0, first, 1), two, three;

	give(b, &x, 0, 0, theirs, 1);
	give(b, &y, 0, 0, theirs, 1);
	assert_true(viz_named_keep(&b->node->core, &origin, VIZ_TYPE_PARTNERS));
	two = give(b, &origin, 0, 3 * DELAY, second, 2);
	assert_true(viz_named_keep(&b->node->core, &origin, VIZ_TYPE_PARTNERS));
	assert_int_equal(has(b, &one, 2 * DELAY, &x), VIZ_CIRCLE_IN);
	assert_int_equal(has(b, &one, 2 * DELAY, &y), VIZ_CIRCLE_OUT);
	assert_int_equal(has(b, &two, 4 * DELAY, &x), VIZ_CIRCLE_OUT);
	assert_int_equal(has(b, &two, 4 * DELAY, &y), VIZ_CIRCLE_IN);
	give(b, &x, 0, 3 * DELAY, left, 1);
	assert_int_equal(has(b, &one, 2 * DELAY, &x), VIZ_CIRCLE_IN);
	/* x comes back on both sides */
	three = give(b, &origin, 0, 5 * DELAY, back, 3);
	assert_true(viz_named_keep(&b->node->core, &origin, VIZ_TYPE_PARTNERS));
	give(b, &x, 0, 5 * DELAY, returned, 2);
	assert_int_equal(has(b, &one, 2 * DELAY, &x), VIZ_CIRCLE_IN);
	assert_int_equal(has(b, &two, 4 * DELAY, &x), VIZ_CIRCLE_OUT);
	assert_int_equal(has(b, &three, 6 * DELAY - 1, &x), VIZ_CIRCLE_OUT);
	assert_int_equal(has(b, &three, 6 * DELAY, &x), VIZ_CIRCLE_IN);
	/* both sign with their next key */
	give(b, &origin, 1, 7 * DELAY, back, 3);
	give(b, &x, 1, 7 * DELAY, returned, 2);
	assert_int_equal(has(b, &one, 2 * DELAY, &x), VIZ_CIRCLE_IN);
	assert_int_equal(has(b, &two, 4 * DELAY, &x), VIZ_CIRCLE_OUT);
	assert_int_equal(has(b, &three, 6 * DELAY, &x), VIZ_CIRCLE_IN);
}

/* Nodes that hold other records than the sender answer so that nothing goes to who may not have it.
 */
static void not_all_is_held(void **state)
{
	static const struct dates none[] = {{&y, 0, 0}}, first[] = {{&x, DELAY, 0}},
				  theirs[] = {{&origin, 0, 0}};
	static uint8_t bytes[VIZ_SIGNED_RECORD_MAX];
	struct bed *b = *state;
	struct viz_record rec;
	struct viz_id named;

	make(b, &rec, &named, bytes, &origin, 0, DELAY, first, 1);
	assert_int_equal(has(b, &named, 3 * DELAY, &x), VIZ_CIRCLE_OUT); /* no PARTNERS of x */
	give(b, &x, 0, 0, theirs, 1);
	assert_int_equal(has(b, &named, 3 * DELAY, &x), VIZ_CIRCLE_UNKNOWN);
	give(b, &origin, 0, 2 * DELAY, none, 1); /* another one cannot say */
	assert_int_equal(has(b, &named, 3 * DELAY, &x), VIZ_CIRCLE_UNKNOWN);
	make(b, &rec, &named, bytes, &origin, 0, DELAY, first, 1);
	assert_true(viz_named_put(&b->node->core, &rec, &named));
	assert_int_equal(has(b, &named, 3 * DELAY, &x), VIZ_CIRCLE_IN);
	/* x has signed two at one place: its meaning no longer counts */
	make(b, &rec, &named, bytes, &x, 0, 0, theirs, 1);
	viz_author_forget(&b->node->trust, &rec);
	assert_int_equal(has(b, &named, 3 * DELAY, &x), VIZ_CIRCLE_OUT);
}

static void index_is_the_position(void **state)
{
	static const struct dates d[] = {
	    {&y, 0, 0}, {&x, 0, DELAY}, {&x, 3 * DELAY, 0}, {&z, 0, 0}};
	struct bed *b = *state;
	struct viz_circle c = {origin, {T + 4 * DELAY}, give(b, &origin, 0, 4 * DELAY, d, 4)};
	uint8_t index = 9;

	assert_true(viz_circle_index(&b->node->core, &index, &c, &y, c.at) && index == 0);
	assert_true(viz_circle_index(&b->node->core, &index, &c, &x, c.at) && index == 2);
	assert_true(viz_circle_index(&b->node->core, &index, &c, &x,
				     (struct viz_time){T + 2 * DELAY - 1}) &&
		    index == 1);
	assert_false(
	    viz_circle_index(&b->node->core, &index, &c, &x, (struct viz_time){T + 2 * DELAY}));
	c.partners.b[0] ^= 1;
	assert_false(viz_circle_index(&b->node->core, &index, &c, &y, c.at));
}

/* A record that is named outlives its replacement; another does not. An author has so many at most.
 */
static void what_is_named_is_kept(void **state)
{
	static const struct dates d[] = {{&x, 0, 0}};
	static uint8_t bytes[VIZ_SIGNED_RECORD_MAX];
	struct bed *b = *state;
	struct viz_core *core = &b->node->core;
	struct viz_id one = give(b, &origin, 0, 0, d, 1), two, any = {{1}};
	struct viz_record rec;

	assert_true(viz_named_get(core, &rec, &origin, &one));
	assert_true(viz_named_keep(core, &origin, VIZ_TYPE_PARTNERS));
	two = give(b, &origin, 0, 1, d, 1);
	assert_true(viz_named_get(core, &rec, &origin, &one) && rec.time.ms == T);
	assert_true(viz_named_get(core, &rec, &origin, &two) && rec.time.ms == T + 1);
	give(b, &origin, 0, 2, d, 1);
	assert_false(viz_named_get(core, &rec, &origin, &two));
	assert_false(viz_named_get(core, &rec, &x, &one)); /* it is not of x */
	make(b, &rec, &two, bytes, &origin, 0, 3, d, 1);
	for (unsigned i = 1; i < VIZ_NAMED_PER_AUTHOR; i++) {
		viz_be_put_u64(any.b + 8, i);
		assert_true(viz_named_put(core, &rec, &any));
	}
	assert_false(viz_named_put(core, &rec, &two));
	assert_true(viz_named_put(core, &rec, &any)); /* renewed */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(an_entry_of_each_side, setup, teardown),
	    cmocka_unit_test_setup_teardown(the_past_stays, setup, teardown),
	    cmocka_unit_test_setup_teardown(not_all_is_held, setup, teardown),
	    cmocka_unit_test_setup_teardown(index_is_the_position, setup, teardown),
	    cmocka_unit_test_setup_teardown(what_is_named_is_kept, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
