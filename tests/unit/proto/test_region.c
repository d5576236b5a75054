#include "tests/unit/unit.h"

#include <zlib.h>

#include "proto/geo/region.h"

static uint64_t random_next(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* A small world, level 8 within one cell of level 4, so that cells often overlap. */
#define BASE  4u
#define SIDE  16u
#define WORLD (SIDE * SIDE)

static uint64_t random_cell(uint64_t *seed)
{
	unsigned level = BASE + (unsigned)(random_next(seed) % 5);
	uint32_t side = 1u << (level - BASE);

	return viz_cell_from_xy(3 * side + (uint32_t)(random_next(seed) % side),
				5 * side + (uint32_t)(random_next(seed) % side), level);
}

/* The oracle: one flag for each of the finest cells. */
static void paint(bool *world, uint64_t cell)
{
	for (uint32_t i = 0; i < WORLD; i++) {
		uint64_t fine =
		    viz_cell_from_xy(3 * SIDE + i % SIDE, 5 * SIDE + i / SIDE, BASE + 4);

		if (viz_cell_contains(cell, fine))
			world[i] = true;
	}
}

static void normalising_keeps_the_set(void **state)
{
	uint64_t seed = 99;

	(void)state;
	for (int round = 0; round < 400; round++) {
		uint64_t cells[300];
		size_t n = random_next(&seed) % 300, before;
		bool world[WORLD] = {false}, after[WORLD] = {false};

		for (size_t i = 0; i < n; i++) {
			/* mostly fine cells, as one coarse cell would swallow the others */
			cells[i] = random_cell(&seed);
			while (viz_cell_level(cells[i]) < BASE + 3 && random_next(&seed) % 40)
				cells[i] = random_cell(&seed);
			paint(world, cells[i]);
		}
		assert_int_equal(viz_region_normalise(cells, &n), 0);
		assert_true(viz_region_is_normalised(cells, n));
		for (size_t i = 0; i < n; i++)
			paint(after, cells[i]);
		assert_memory_equal(world, after, sizeof world);
		before = n;
		assert_int_equal(viz_region_normalise(cells, &n), 0);
		assert_int_equal(n, before);
		for (int i = 0; i < 200; i++) {
			uint64_t probe = random_cell(&seed);
			bool mine[WORLD] = {false}, all = true, any = false;

			paint(mine, probe);
			for (uint32_t k = 0; k < WORLD; k++) {
				all = all && (!mine[k] || world[k]);
				any = any || (mine[k] && world[k]);
			}
			assert_int_equal(viz_region_contains(cells, n, probe), all);
			assert_int_equal(viz_region_meets(cells, n, probe), any);
			assert_int_equal(viz_region_meets_region(cells, n, &probe, 1), any);
		}
	}
}

static void four_children_become_the_parent(void **state)
{
	uint64_t all[1024];
	size_t n = 1024;

	(void)state;
	for (uint32_t i = 0; i < 1024; i++)
		all[i] = viz_cell_from_xy(i % 32, i / 32, 5);
	assert_int_equal(viz_region_normalise(all, &n), 0);
	assert_int_equal(n, 1);
	assert_true(all[0] == UINT64_C(1) << 40);
	assert_true(viz_region_size(all, 1) == UINT64_C(1) << 40);
	n = 1;
	assert_int_equal(viz_region_normalise(all, &n), 0);
	assert_int_equal(n, 1);
	all[1] = 2;
	n = 2;
	assert_int_equal(viz_region_normalise(all, &n), VIZ_ERR_MEANING);
	assert_int_equal(n, 2);
}

static void coarsening_covers(void **state)
{
	uint64_t cells[2] = {viz_cell_from_xy(1000, 1000, 16), viz_cell_from_xy(4, 4, 6)};
	size_t n = 2;

	(void)state;
	assert_int_equal(viz_region_coarsen(cells, &n, 12), 0);
	assert_int_equal(n, 2);
	assert_true(viz_region_contains(cells, n, viz_cell_from_xy(1000, 1000, 16)));
	assert_true(viz_region_contains(cells, n, viz_cell_from_xy(4, 4, 6)));
	assert_int_equal(viz_cell_level(cells[0]), 12);
	assert_int_equal(viz_region_coarsen(cells, &n, 21), VIZ_ERR_LIMIT);
}

static void encoding_round_trips(void **state)
{
	uint64_t seed = 5;
	static uint64_t cells[20000], back[20000];
	static uint8_t bytes[VIZ_REGION_BOUND(20000)];

	(void)state;
	for (int round = 0; round < 200; round++) {
		size_t n = random_next(&seed) % (round < 190 ? 40 : 20000), m = 0, len = 0;

		for (size_t i = 0; i < n; i++) {
			unsigned level = (unsigned)(random_next(&seed) % 21);

			if (level < 12 && n > 4)
				level = 20;
			cells[i] = viz_cell_from_xy(
			    (uint32_t)random_next(&seed) & ((1u << level) - 1),
			    (uint32_t)random_next(&seed) & ((1u << level) - 1), level);
		}
		assert_int_equal(viz_region_normalise(cells, &n), 0);
		assert_int_equal(viz_region_encode(bytes, &len, VIZ_REGION_BOUND(n), cells, n), 0);
		assert_int_equal(viz_region_decode(back, &m, 20000, bytes, len), 0);
		assert_int_equal(m, n);
		assert_memory_equal(cells, back, n * sizeof *cells);
		if (n > 0) {
			size_t unused = 77;

			assert_int_equal(viz_region_encode(bytes, &unused, len - 1, cells, n),
					 VIZ_ERR_LIMIT);
			assert_int_equal(unused, 77);
			assert_int_equal(viz_region_decode(back, &unused, n - 1, bytes, len),
					 VIZ_ERR_LIMIT);
			assert_int_equal(unused, 77);
		}
	}
}

/* 64 x 64 cells of zoom 16 with holes. The limits are the sizes of DESIGN with some slack. */
static void encoding_is_compact(void **state)
{
	static uint64_t cells[4096];
	static uint8_t bytes[VIZ_REGION_BOUND(4096)];
	size_t n = 4096, len = 0;

	(void)state;
	for (uint32_t i = 0; i < 4096; i++)
		cells[i] = viz_cell_from_xy(25001 + i % 64, 36003 + i / 64, 16);
	assert_int_equal(viz_region_normalise(cells, &n), 0);
	assert_int_equal(viz_region_encode(bytes, &len, sizeof bytes, cells, n), 0);
	assert_true(len <= 4096 * 6 / 100);
}

/* Packs raw varint bytes as a peer could send them. */
static int decode_raw(const uint8_t *plain, size_t plain_len, uint8_t level)
{
	uint8_t bytes[4096];
	uint64_t cells[64];
	uLongf len = sizeof bytes - 2;
	size_t n = 0;

	bytes[0] = 1;
	bytes[1] = level;
	assert_int_equal(compress(bytes + 2, &len, plain, plain_len), Z_OK);
	return viz_region_decode(cells, &n, 64, bytes, len + 2);
}

static void lies_are_refused(void **state)
{
	(void)state;
	/* at level 1 the four cells are 1, 3, 5, 7 */
	assert_int_equal(decode_raw((const uint8_t[]){1, 2, 2}, 3, 1), 0);
	assert_int_equal(decode_raw((const uint8_t[]){1, 2, 2, 2}, 4, 1), VIZ_ERR_MEANING);
	assert_int_equal(decode_raw((const uint8_t[]){1, 2, 0}, 3, 1), VIZ_ERR_FORM);
	assert_int_equal(decode_raw((const uint8_t[]){0x81, 0x00}, 2, 1), VIZ_ERR_FORM);
	assert_int_equal(decode_raw((const uint8_t[]){1, 2, 0x82}, 3, 1), VIZ_ERR_FORM);
	assert_int_equal(decode_raw((const uint8_t[]){2}, 1, 1), VIZ_ERR_FORM); /* not a cell */
	assert_int_equal(decode_raw((const uint8_t[]){9}, 1, 1), VIZ_ERR_FORM); /* outside */
	assert_int_equal(decode_raw((const uint8_t[]){4}, 1, 1),
			 VIZ_ERR_FORM); /* the finest level is 0 */
	assert_int_equal(decode_raw((const uint8_t[]){4}, 1, 2),
			 VIZ_ERR_FORM); /* the finest level is 1 */
	assert_int_equal(decode_raw((const uint8_t[]){1, 3}, 2, 2), VIZ_ERR_MEANING); /* nested */
	assert_int_equal(decode_raw((const uint8_t[]){0}, 1, 2), VIZ_ERR_FORM);
	assert_int_equal(decode_raw((const uint8_t[]){1}, 0, 2), VIZ_ERR_FORM); /* empty */
	assert_int_equal(decode_raw((const uint8_t[]){0xff, 0xff, 0xff, 0xff, 0xff, 0x40}, 6, 20),
			 VIZ_ERR_FORM);
	assert_int_equal(
	    decode_raw((const uint8_t[]){0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, 8, 20),
	    VIZ_ERR_FORM);
	assert_int_equal(decode_raw((const uint8_t[]){1}, 1, 20), 0);
	assert_int_equal(decode_raw((const uint8_t[]){1}, 1, 21), VIZ_ERR_FORM);
}

static void damaged_bytes_never_pass_silently(void **state)
{
	uint64_t cells[200], back[400];
	uint8_t bytes[VIZ_REGION_BOUND(200) + 1], copy[sizeof bytes];
	size_t n = 0, len = 0, m = 0;

	(void)state;
	for (uint32_t i = 0; i < 200; i++)
		cells[n++] = viz_cell_from_xy(25001 + i % 16 * 2, 36003 + i / 16, 16);
	assert_int_equal(viz_region_normalise(cells, &n), 0);
	assert_int_equal(viz_region_encode(bytes, &len, sizeof bytes - 1, cells, n), 0);
	for (size_t cut = 1; cut < len; cut++)
		assert_true(viz_region_decode(back, &m, 400, bytes, cut) < 0);
	bytes[len] = 0;
	assert_int_equal(viz_region_decode(back, &m, 400, bytes, len + 1), VIZ_ERR_FORM);
	for (size_t at = 0; at < len; at++) {
		memcpy(copy, bytes, len);
		copy[at] ^= 0x10;
		if (viz_region_decode(back, &m, 400, copy, len) == 0)
			assert_true(viz_region_is_normalised(back, m));
	}
	assert_int_equal(viz_region_decode(back, &m, 400, (const uint8_t *)"", 0), 0);
	assert_int_equal(m, 0);
}

/* A kilobyte that inflates to a megabyte of ids. Decoding stops at the limit. */
static void bombs_are_capped(void **state)
{
	static uint8_t plain[1 << 20], bytes[1 << 14];
	uint64_t cells[16];
	uLongf len = sizeof bytes - 2;
	size_t n = 0;

	(void)state;
	memset(plain, 4,
	       sizeof plain); /* every second cell, so that there are never four siblings */
	plain[0] = 1;
	bytes[0] = 1;
	bytes[1] = 20;
	assert_int_equal(compress2(bytes + 2, &len, plain, sizeof plain, 9), Z_OK);
	assert_true(len < 2048);
	assert_int_equal(viz_region_decode(cells, &n, 16, bytes, len + 2), VIZ_ERR_LIMIT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(normalising_keeps_the_set),
	    cmocka_unit_test(four_children_become_the_parent),
	    cmocka_unit_test(coarsening_covers),
	    cmocka_unit_test(encoding_round_trips),
	    cmocka_unit_test(encoding_is_compact),
	    cmocka_unit_test(lies_are_refused),
	    cmocka_unit_test(damaged_bytes_never_pass_silently),
	    cmocka_unit_test(bombs_are_capped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
