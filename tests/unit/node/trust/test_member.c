#include "tests/unit/unit.h"

#include "node/trust/member.h"
#include "node/trust/trust.h"

#define COUNT 1000
#define LOOKS 3000

static int compare(const void *a, const void *b)
{
	return viz_id_cmp(&(*(struct viz_member *const *)a)->id,
			  &(*(struct viz_member *const *)b)->id);
}

/* The same for each run. */
static struct viz_id draw(uint64_t *state, bool ground)
{
	struct viz_id id;

	for (size_t i = 0; i < sizeof id.b; i++) {
		*state = *state * UINT64_C(6364136223846793005) + 1442695040888963407;
		id.b[i] = (uint8_t)(*state >> 56);
	}
	if (ground)
		memset(id.b, id.b[31] & 1 ? 0xff : 0, 5);
	return id;
}

/* The first that is not below the id, also where somebody has ground ids into one place. */
static void the_position_is_found(void **state)
{
	struct viz_member *list = calloc(COUNT, sizeof *list), **sorted;
	uint64_t seed = 1;

	(void)state;
	sorted = calloc(COUNT, sizeof(void *));
	assert_true(list && sorted);
	for (size_t part = 1; part <= 4; part++) {
		struct viz_directory d = {.list = sorted};

		for (size_t i = 0; i < COUNT; i++) {
			list[i].id = draw(&seed, i % part > 0);
			sorted[i] = &list[i];
		}
		qsort(sorted, COUNT, sizeof *sorted, compare);
		for (size_t k = 0; k < LOOKS; k++) {
			struct viz_id id = draw(&seed, k % 2);
			size_t at;

			d.count = k % 7 ? COUNT : k % COUNT;
			if (k % 3 == 0 && d.count > 0)
				id = sorted[k % d.count]->id;
			at = viz_member_position(&d, &id);
			assert_in_range(at, 0, d.count);
			assert_true(at == 0 || viz_id_cmp(&sorted[at - 1]->id, &id) < 0);
			assert_true(at == d.count || viz_id_cmp(&sorted[at]->id, &id) >= 0);
		}
	}
	free(list);
	free(sorted);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(the_position_is_found)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
