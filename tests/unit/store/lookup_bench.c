#include "tests/unit/unit.h"

#include "tests/unit/store/lookup_bench.h"

#include "proto/geo/region.h"

#define RESULT_MAX 256

uint32_t viz_draw(struct viz_draws *r, uint32_t below)
{
	uint64_t z = (r->x += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (uint32_t)((z ^ (z >> 31)) >> 32) % below;
}

int viz_bench_open(struct viz_bench *b)
{
	const struct viz_store_config config = {
	    .dir = b->dir, .map_bytes = UINT64_C(64) << 20, .volatile_commit = true};
	int err = viz_store_open(&b->s, NULL, &config);

	return err ? err : viz_lookup_open(&b->l, b->s);
}

int viz_bench_setup(void **state)
{
	struct viz_bench *b = calloc(1, sizeof *b);

	scratch_make(b->dir);
	b->r.x = 42;
	for (uint32_t i = 0; i < VIZ_BENCH_MEMBERS; i++)
		b->member[i].ordinal = i == 0 ? 0 : i == 1 ? VIZ_LOOKUP_ORDINALS - 1 : i * 977;
	*state = b;
	return viz_bench_open(b);
}

int viz_bench_teardown(void **state)
{
	struct viz_bench *b = *state;

	viz_lookup_close(b->l);
	viz_store_close(b->s);
	scratch_remove(b->dir);
	free(b);
	return 0;
}

void viz_bench_begin(struct viz_bench *b)
{
	assert_int_equal(viz_store_begin(b->s), 0);
}

void viz_bench_commit(struct viz_bench *b)
{
	assert_int_equal(viz_store_commit(b->s), 0);
}

/* Points around a few spots where many members are: two towns, both sides of the antimeridian,
 * the poles, 0/0. */
static struct viz_point near_spot(struct viz_draws *r, int32_t spread_udeg)
{
	static const struct viz_point spots[] = {{-19391000, -40072000},
						 {-23550000, -46633000},
						 {-17000000, 180000000},
						 {-17000000, -180000000},
						 {89900000, 10000000},
						 {-90000000, 0},
						 {0, 0}};
	struct viz_point p = spots[viz_draw(r, 7)];
	int64_t lat = p.lat_udeg + (int64_t)viz_draw(r, (uint32_t)spread_udeg) - spread_udeg / 2;
	int64_t lon = p.lon_udeg + (int64_t)viz_draw(r, (uint32_t)spread_udeg) - spread_udeg / 2;

	lat = lat > 90000000 ? 90000000 : lat < -90000000 ? -90000000 : lat;
	lon = lon > 180000000 ? 180000000 : lon < -180000000 ? -180000000 : lon;
	return (struct viz_point){(int32_t)lat, (int32_t)lon};
}

static void draw_cells(struct viz_bench *b, struct viz_bench_member *m)
{
	size_t n = viz_draw(&b->r, VIZ_BENCH_CELLS + 1);

	for (size_t i = 0; i < n; i++)
		m->cells[i] = viz_cell_from_point(near_spot(&b->r, 60000),
						  viz_draw(&b->r, 8) ? 13 + viz_draw(&b->r, 8)
								     : 6 + viz_draw(&b->r, 7));
	assert_int_equal(viz_region_normalise(m->cells, &n), 0);
	m->cell_count = n;
}

/* Draws ranges as directories print them, single codes, and arbitrary ranges. */
static void draw_ranges(struct viz_bench *b, struct viz_bench_member *m)
{
	static const uint32_t unit[] = {1, 1, 10, 100, 100, 500, 1000, 10000};
	size_t n = viz_draw(&b->r, VIZ_BENCH_RANGES + 1);

	for (size_t i = 0; i < n; i++) {
		uint32_t u = unit[viz_draw(&b->r, 8)];
		uint32_t base = viz_draw(&b->r, 4) ? 29900000 : 0;
		uint32_t from = (base + viz_draw(&b->r, 1000000)) / u * u;
		uint32_t len = u * (1 + viz_draw(&b->r, 30)) - (viz_draw(&b->r, 3) ? 1 : 0);

		from = viz_draw(&b->r, 10) ? from : VIZ_CEP_MAX - len;
		from += viz_draw(&b->r, 3) == 0 && from < VIZ_CEP_MAX;
		m->ranges[i].from = from;
		m->ranges[i].to = from + len > VIZ_CEP_MAX ? VIZ_CEP_MAX : from + len;
	}
	if (n > 0 && viz_draw(&b->r, 40) == 0)
		m->ranges[0] = (struct viz_cep_range){0, VIZ_CEP_MAX};
	assert_int_equal(viz_cep_normalise(m->ranges, &n), 0);
	m->range_count = n;
}

static void draw_places(struct viz_bench *b, struct viz_bench_member *m)
{
	m->place_count = 0;
	for (uint32_t code = 3200000; code < 3200060 && m->place_count < VIZ_BENCH_PLACES; code++)
		if (viz_draw(&b->r, 5) == 0)
			m->places[m->place_count++] = code;
}

void viz_bench_redraw(struct viz_bench *b, struct viz_bench_member *m)
{
	draw_cells(b, m);
	draw_ranges(b, m);
	draw_places(b, m);
	assert_int_equal(viz_lookup_set_cells(b->l, m->ordinal, m->cells, m->cell_count), 0);
	assert_int_equal(viz_lookup_set_ceps(b->l, m->ordinal, m->ranges, m->range_count), 0);
	assert_int_equal(viz_lookup_set_places(b->l, m->ordinal, m->places, m->place_count), 0);
}

int viz_bench_by_ordinal(const void *a, const void *b)
{
	const uint32_t *x = a;
	const uint32_t *y = b;

	return (*x > *y) - (*x < *y);
}

/* Each member once, in any order. */
static void assert_same(uint32_t *got, size_t got_n, uint32_t *want, size_t want_n)
{
	qsort(got, got_n, sizeof *got, viz_bench_by_ordinal);
	qsort(want, want_n, sizeof *want, viz_bench_by_ordinal);
	assert_int_equal(got_n, want_n);
	if (want_n)
		assert_memory_equal(got, want, want_n * sizeof *want);
}

/* Whether the member covers the cell. Compares the ranges of ids cell by cell. */
static bool meets(const struct viz_bench_member *m, uint64_t cell)
{
	uint64_t lo = 0;
	uint64_t hi = 0;
	uint64_t a = 0;
	uint64_t z = 0;

	viz_cell_range(cell, &lo, &hi);
	for (size_t i = 0; i < m->cell_count; i++) {
		viz_cell_range(m->cells[i], &a, &z);
		if (a <= hi && z >= lo)
			return true;
	}
	return false;
}

static size_t ask_point(struct viz_bench *b, struct viz_point p)
{
	uint32_t got[RESULT_MAX];
	uint32_t want[RESULT_MAX];
	uint64_t cell = viz_cell_from_point(p, 20);
	size_t got_n = 0;
	size_t want_n = 0;

	for (size_t i = 0; i < VIZ_BENCH_MEMBERS; i++)
		if (meets(&b->member[i], cell))
			want[want_n++] = b->member[i].ordinal;
	assert_int_equal(viz_lookup_point(b->l, got, &got_n, RESULT_MAX, p), 0);
	assert_same(got, got_n, want, want_n);
	return want_n;
}

static void ask_cell(struct viz_bench *b, uint64_t cell)
{
	uint32_t got[RESULT_MAX];
	uint32_t want[RESULT_MAX];
	size_t got_n = 0;
	size_t want_n = 0;

	for (size_t i = 0; i < VIZ_BENCH_MEMBERS; i++)
		if (meets(&b->member[i], cell))
			want[want_n++] = b->member[i].ordinal;
	assert_int_equal(viz_lookup_cell(b->l, got, &got_n, RESULT_MAX, cell), 0);
	assert_same(got, got_n, want, want_n);
}

static size_t ask_cep(struct viz_bench *b, uint32_t cep)
{
	uint32_t got[RESULT_MAX];
	uint32_t want[RESULT_MAX];
	size_t got_n = 0;
	size_t want_n = 0;

	for (size_t i = 0; i < VIZ_BENCH_MEMBERS; i++) {
		const struct viz_bench_member *m = &b->member[i];

		for (size_t k = 0; k < m->range_count; k++)
			if (m->ranges[k].from <= cep && cep <= m->ranges[k].to)
				want[want_n++] = m->ordinal;
	}
	assert_int_equal(viz_lookup_cep(b->l, got, &got_n, RESULT_MAX, cep), 0);
	assert_same(got, got_n, want, want_n);
	return want_n;
}

static void ask_place(struct viz_bench *b, uint32_t code)
{
	uint32_t got[RESULT_MAX];
	uint32_t want[RESULT_MAX];
	size_t got_n = 0;
	size_t want_n = 0;

	for (size_t i = 0; i < VIZ_BENCH_MEMBERS; i++)
		for (size_t k = 0; k < b->member[i].place_count; k++)
			if (b->member[i].places[k] == code)
				want[want_n++] = b->member[i].ordinal;
	assert_int_equal(viz_lookup_place(b->l, got, &got_n, RESULT_MAX, code), 0);
	assert_same(got, got_n, want, want_n);
}

void viz_bench_ask(struct viz_bench *b, unsigned times)
{
	size_t hits = 0;

	for (unsigned i = 0; i < times; i++) {
		const struct viz_bench_member *m = &b->member[viz_draw(&b->r, VIZ_BENCH_MEMBERS)];

		hits += ask_point(b, near_spot(&b->r, 80000));
		ask_cell(b, viz_cell_from_point(near_spot(&b->r, 80000), viz_draw(&b->r, 21)));
		if (m->cell_count > 0) { /* corners of one of its cells */
			struct viz_box x =
			    viz_cell_bounds(m->cells[viz_draw(&b->r, (uint32_t)m->cell_count)]);

			hits += ask_point(b, (struct viz_point){x.south_udeg, x.west_udeg});
			hits += ask_point(b, (struct viz_point){x.north_udeg, x.east_udeg});
		}
		ask_cep(b, viz_draw(&b->r, VIZ_CEP_MAX + 1));
		if (m->range_count >
		    0) { /* the ends of one of its ranges, and the codes next to them */
			struct viz_cep_range g =
			    m->ranges[viz_draw(&b->r, (uint32_t)m->range_count)];

			hits += ask_cep(b, g.from) + ask_cep(b, g.to);
			ask_cep(b, g.from ? g.from - 1 : 0);
			ask_cep(b, g.to < VIZ_CEP_MAX ? g.to + 1 : 0);
			ask_cep(b, g.from + viz_draw(&b->r, g.to - g.from + 1));
		}
		ask_place(b, 3200000 + viz_draw(&b->r, 61));
	}
	assert_true(hits > times);
}
