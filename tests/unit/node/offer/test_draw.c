/* The draw: who is asked, in which order, and what becomes of the turns. */
#include "tests/unit/unit.h"

#include "node/offer/draw.h"

#include <string.h>

#define MAX 40

static struct viz_draw_partner partner(uint8_t id, uint32_t turn, bool newcomer)
{
	return (struct viz_draw_partner){.id = {{id}}, .turn = turn, .newcomer = newcomer};
}

struct row {
	const char *name;
	size_t count, ask_max, drawn;
	struct viz_draw_partner before[6], after[6]; /* after the draw, in its order */
};

#define NUMBER 9 /* of the draw */

#define P(id, turn, newcomer)                                                                      \
	{                                                                                          \
		{{id}}, turn, newcomer                                                             \
	}

static const struct row rows[] = {
    {"nobody", 0, 3, 0, {P(0, 0, false)}, {P(0, 0, false)}},
    {"all are drawn: turns and marks stay",
     3,
     3,
     3,
     {P(3, 7, false), P(1, 8, true), P(2, 7, false)},
     {P(2, 7, false), P(3, 7, false), P(1, 8, true)}},
    {"one is not drawn: the drawn get this draw's number, marks go",
     3,
     2,
     2,
     {P(1, 8, false), P(2, 0, true), P(3, 4, false)},
     {P(2, NUMBER, false), P(3, NUMBER, false), P(1, 8, false)}},
    {"equal turns: the smaller id first",
     4,
     1,
     1,
     {P(4, 5, false), P(2, 5, false), P(3, 5, true), P(1, 6, false)},
     {P(2, NUMBER, false), P(3, 5, true), P(4, 5, false), P(1, 6, false)}},
    {"a newcomer waits for all who have waited longer",
     4,
     2,
     2,
     {P(1, 8, true), P(2, 7, false), P(3, 6, false), P(4, 8, false)},
     {P(3, NUMBER, false), P(2, NUMBER, false), P(1, 8, true), P(4, 8, false)}},
    {"the highest turn is no sign",
     2,
     1,
     1,
     {P(1, 0x7ffffffe, false), P(2, 8, false)},
     {P(2, NUMBER, false), P(1, 0x7ffffffe, false)}},
};

static void tables(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct row *r = &rows[i];
		struct viz_draw_partner p[6];

		memcpy(p, r->before, sizeof p);
		if (viz_draw(p, r->count, r->ask_max) != r->drawn)
			fail_msg("%s: another number was drawn", r->name);
		viz_draw_turns(p, r->count, r->drawn, NUMBER);
		for (size_t k = 0; k < r->count; k++)
			if (!viz_id_eq(&p[k].id, &r->after[k].id) ||
			    p[k].turn != r->after[k].turn || p[k].newcomer != r->after[k].newcomer)
				fail_msg("%s: position %zu is another", r->name, k);
	}
}

/* xorshift: the test is the same each time. */
static uint32_t next_random(uint32_t *s)
{
	*s ^= *s << 13;
	*s ^= *s >> 17;
	*s ^= *s << 5;
	return *s;
}

/* How many draws each partner has waited. */
static void nobody_waits_long(struct viz_draw_partner *p, size_t count, size_t ask_max,
			      uint32_t first)
{
	size_t waited[MAX + 1] = {0}; /* by id */

	for (uint32_t number = first; number < first + 60; number++) {
		size_t drawn = viz_draw(p, count, ask_max);

		assert_int_equal(drawn, count < ask_max ? count : ask_max);
		for (size_t i = 0; i < count; i++) {
			size_t *w = &waited[p[i].id.b[0]];

			*w = i < drawn ? 0 : *w + 1;
			assert_true(*w < (count + ask_max - 1) / ask_max);
		}
		viz_draw_turns(p, count, drawn, number);
	}
}

/* Whatever the turns are, each partner is drawn within ceil(count / ask_max) draws. */
static void each_is_drawn_in_time(void **state)
{
	uint32_t seed = 20261128;

	(void)state;
	for (int round = 0; round < 500; round++) {
		size_t count = 1 + next_random(&seed) % MAX, ask_max = 1 + next_random(&seed) % 16;
		uint32_t first = 1 + next_random(&seed) % 50;
		struct viz_draw_partner p[MAX];

		for (size_t i = 0; i < count; i++)
			p[i] = partner((uint8_t)(i + 1), next_random(&seed) % first,
				       next_random(&seed) % 2);
		nobody_waits_long(p, count, ask_max, first);
	}
}

/* One that comes while others are drawn is drawn in time too, and does not push in: its turn is the
 * number of the last draw. */
static void newcomer_is_drawn_in_time(void **state)
{
	uint32_t seed = 7;

	(void)state;
	for (int round = 0; round < 200; round++) {
		size_t count = 1 + next_random(&seed) % (MAX - 1),
		       ask_max = 1 + next_random(&seed) % 8;
		struct viz_draw_partner p[MAX];
		size_t waited = 0, position = MAX;

		for (size_t i = 0; i < count; i++)
			p[i] = partner((uint8_t)(2 * i), 0, true);
		for (uint32_t number = 1; number < 20; number++)
			viz_draw_turns(p, count, viz_draw(p, count, ask_max), number);
		p[count] = partner((uint8_t)(2 * (next_random(&seed) % count) + 1), 19, true);
		count++;
		for (uint32_t number = 20; position >= ask_max; number++) {
			size_t drawn = viz_draw(p, count, ask_max);

			for (position = 0; p[position].id.b[0] % 2 == 0; position++)
				;
			viz_draw_turns(p, count, drawn, number);
			assert_true(++waited <= (count + ask_max - 1) / ask_max);
		}
		if (count > ask_max)
			assert_false(p[position].newcomer);
		else
			assert_true(p[position].newcomer);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(tables),
	    cmocka_unit_test(each_is_drawn_in_time),
	    cmocka_unit_test(newcomer_is_drawn_in_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
