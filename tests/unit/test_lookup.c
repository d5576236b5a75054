#include "tests/unit/unit.h"
#include "tests/unit/scratch.h"

#include "proto/region.h"
#include "store/check.h"
#include "store/lookup.h"
#include "store/postings.h"

#define MEMBERS    60
#define CELLS      200
#define RANGES     30
#define PLACES     20
#define RESULT_MAX 256

struct random {
	uint64_t x;
};

static uint32_t draw(struct random *r, uint32_t below)
{
	uint64_t z = (r->x += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (uint32_t)((z ^ (z >> 31)) >> 32) % below;
}

/* What each member serves, as plain lists: the oracle reads these and nothing else. */
struct member {
	uint32_t ordinal;
	uint64_t cells[CELLS];
	size_t cell_count;
	struct viz_cep_range ranges[RANGES];
	size_t range_count;
	uint32_t places[PLACES];
	size_t place_count;
};

struct bench {
	char dir[SCRATCH_PATH];
	struct viz_store *s;
	struct viz_lookup *l;
	struct random r;
	struct member member[MEMBERS];
};

static int open_both(struct bench *b)
{
	const struct viz_store_config config = {
	    .dir = b->dir, .map_bytes = UINT64_C(64) << 20, .volatile_commit = true};
	int err = viz_store_open(&b->s, NULL, &config);

	return err ? err : viz_lookup_open(&b->l, b->s);
}

static int setup(void **state)
{
	struct bench *b = calloc(1, sizeof *b);

	scratch_make(b->dir);
	b->r.x = 42;
	for (uint32_t i = 0; i < MEMBERS; i++)
		b->member[i].ordinal = i == 0 ? 0 : i == 1 ? VIZ_LOOKUP_ORDINALS - 1 : i * 977;
	*state = b;
	return open_both(b);
}

static int teardown(void **state)
{
	struct bench *b = *state;

	viz_lookup_close(b->l);
	viz_store_close(b->s);
	scratch_remove(b->dir);
	free(b);
	return 0;
}

static void begin(struct bench *b)
{
	assert_int_equal(viz_store_begin(b->s), 0);
}

static void commit(struct bench *b)
{
	assert_int_equal(viz_store_commit(b->s), 0);
}

/* A few spots where members crowd: two towns, both sides of the antimeridian, the poles, 0/0. */
static struct viz_point near_spot(struct random *r, int32_t spread_udeg)
{
	static const struct viz_point spots[] = {{-19391000, -40072000},
						 {-23550000, -46633000},
						 {-17000000, 180000000},
						 {-17000000, -180000000},
						 {89900000, 10000000},
						 {-90000000, 0},
						 {0, 0}};
	struct viz_point p = spots[draw(r, 7)];
	int64_t lat = p.lat_udeg + (int64_t)draw(r, (uint32_t)spread_udeg) - spread_udeg / 2;
	int64_t lon = p.lon_udeg + (int64_t)draw(r, (uint32_t)spread_udeg) - spread_udeg / 2;

	lat = lat > 90000000 ? 90000000 : lat < -90000000 ? -90000000 : lat;
	lon = lon > 180000000 ? 180000000 : lon < -180000000 ? -180000000 : lon;
	return (struct viz_point){(int32_t)lat, (int32_t)lon};
}

static void draw_cells(struct bench *b, struct member *m)
{
	size_t n = draw(&b->r, CELLS + 1);

	for (size_t i = 0; i < n; i++)
		m->cells[i] =
		    viz_cell_from_point(near_spot(&b->r, 60000),
					draw(&b->r, 8) ? 13 + draw(&b->r, 8) : 6 + draw(&b->r, 7));
	assert_int_equal(viz_region_normalise(m->cells, &n), 0);
	m->cell_count = n;
}

/* Ranges as directories print them, single codes, and any. */
static void draw_ranges(struct bench *b, struct member *m)
{
	static const uint32_t unit[] = {1, 1, 10, 100, 100, 500, 1000, 10000};
	size_t n = draw(&b->r, RANGES + 1);

	for (size_t i = 0; i < n; i++) {
		uint32_t u = unit[draw(&b->r, 8)];
		uint32_t base = draw(&b->r, 4) ? 29900000 : 0;
		uint32_t from = (base + draw(&b->r, 1000000)) / u * u;
		uint32_t len = u * (1 + draw(&b->r, 30)) - (draw(&b->r, 3) ? 1 : 0);

		from = draw(&b->r, 10) ? from : VIZ_CEP_MAX - len;
		from += draw(&b->r, 3) == 0 && from < VIZ_CEP_MAX;
		m->ranges[i].from = from;
		m->ranges[i].to = from + len > VIZ_CEP_MAX ? VIZ_CEP_MAX : from + len;
	}
	if (n > 0 && draw(&b->r, 40) == 0)
		m->ranges[0] = (struct viz_cep_range){0, VIZ_CEP_MAX};
	assert_int_equal(viz_cep_normalise(m->ranges, &n), 0);
	m->range_count = n;
}

static void draw_places(struct bench *b, struct member *m)
{
	m->place_count = 0;
	for (uint32_t code = 3200000; code < 3200060 && m->place_count < PLACES; code++)
		if (draw(&b->r, 5) == 0)
			m->places[m->place_count++] = code;
}

static void redraw(struct bench *b, struct member *m)
{
	draw_cells(b, m);
	draw_ranges(b, m);
	draw_places(b, m);
	assert_int_equal(viz_lookup_set_cells(b->l, m->ordinal, m->cells, m->cell_count), 0);
	assert_int_equal(viz_lookup_set_ceps(b->l, m->ordinal, m->ranges, m->range_count), 0);
	assert_int_equal(viz_lookup_set_places(b->l, m->ordinal, m->places, m->place_count), 0);
}

static int compare_ordinals(const void *a, const void *b)
{
	const uint32_t *x = a;
	const uint32_t *y = b;

	return (*x > *y) - (*x < *y);
}

/* Each once, in any order. */
static void assert_same(uint32_t *got, size_t got_n, uint32_t *want, size_t want_n)
{
	qsort(got, got_n, sizeof *got, compare_ordinals);
	qsort(want, want_n, sizeof *want, compare_ordinals);
	assert_int_equal(got_n, want_n);
	if (want_n)
		assert_memory_equal(got, want, want_n * sizeof *want);
}

/* Overlap by ranges of ids, cell by cell. */
static bool meets(const struct member *m, uint64_t cell)
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

static size_t ask_point(struct bench *b, struct viz_point p)
{
	uint32_t got[RESULT_MAX];
	uint32_t want[RESULT_MAX];
	uint64_t cell = viz_cell_from_point(p, 20);
	size_t got_n = 0;
	size_t want_n = 0;

	for (size_t i = 0; i < MEMBERS; i++)
		if (meets(&b->member[i], cell))
			want[want_n++] = b->member[i].ordinal;
	assert_int_equal(viz_lookup_point(b->l, got, &got_n, RESULT_MAX, p), 0);
	assert_same(got, got_n, want, want_n);
	return want_n;
}

static void ask_cell(struct bench *b, uint64_t cell)
{
	uint32_t got[RESULT_MAX];
	uint32_t want[RESULT_MAX];
	size_t got_n = 0;
	size_t want_n = 0;

	for (size_t i = 0; i < MEMBERS; i++)
		if (meets(&b->member[i], cell))
			want[want_n++] = b->member[i].ordinal;
	assert_int_equal(viz_lookup_cell(b->l, got, &got_n, RESULT_MAX, cell), 0);
	assert_same(got, got_n, want, want_n);
}

static size_t ask_cep(struct bench *b, uint32_t cep)
{
	uint32_t got[RESULT_MAX];
	uint32_t want[RESULT_MAX];
	size_t got_n = 0;
	size_t want_n = 0;

	for (size_t i = 0; i < MEMBERS; i++) {
		const struct member *m = &b->member[i];

		for (size_t k = 0; k < m->range_count; k++)
			if (m->ranges[k].from <= cep && cep <= m->ranges[k].to)
				want[want_n++] = m->ordinal;
	}
	assert_int_equal(viz_lookup_cep(b->l, got, &got_n, RESULT_MAX, cep), 0);
	assert_same(got, got_n, want, want_n);
	return want_n;
}

static void ask_ceps(struct bench *b, struct viz_cep_range range)
{
	uint32_t got[RESULT_MAX];
	uint32_t want[RESULT_MAX];
	size_t got_n = 0;
	size_t want_n = 0;

	for (size_t i = 0; i < MEMBERS; i++) {
		const struct member *m = &b->member[i];
		bool meets_range = false;

		for (size_t k = 0; k < m->range_count; k++)
			meets_range |=
			    m->ranges[k].from <= range.to && range.from <= m->ranges[k].to;
		if (meets_range)
			want[want_n++] = m->ordinal;
	}
	assert_int_equal(viz_lookup_ceps(b->l, got, &got_n, RESULT_MAX, range), 0);
	assert_same(got, got_n, want, want_n);
}

static void ask_some_ceps(struct bench *b)
{
	static const uint32_t width[] = {1, 3, 100, 999, 1000, 10000, 123456, 30000000};
	uint32_t base = draw(&b->r, 2) ? 29900000 + draw(&b->r, 1000000) : draw(&b->r, 90000000);
	uint32_t len = draw(&b->r, width[draw(&b->r, 8)]);

	ask_ceps(b,
		 (struct viz_cep_range){base, base + len > VIZ_CEP_MAX ? VIZ_CEP_MAX : base + len});
}

static void ask_place(struct bench *b, uint32_t code)
{
	uint32_t got[RESULT_MAX];
	uint32_t want[RESULT_MAX];
	size_t got_n = 0;
	size_t want_n = 0;

	for (size_t i = 0; i < MEMBERS; i++)
		for (size_t k = 0; k < b->member[i].place_count; k++)
			if (b->member[i].places[k] == code)
				want[want_n++] = b->member[i].ordinal;
	assert_int_equal(viz_lookup_place(b->l, got, &got_n, RESULT_MAX, code), 0);
	assert_same(got, got_n, want, want_n);
}

static void ask_everything(struct bench *b, unsigned times)
{
	size_t hits = 0;

	for (unsigned i = 0; i < times; i++) {
		const struct member *m = &b->member[draw(&b->r, MEMBERS)];

		hits += ask_point(b, near_spot(&b->r, 80000));
		ask_cell(b, viz_cell_from_point(near_spot(&b->r, 80000), draw(&b->r, 21)));
		if (m->cell_count > 0) { /* corners of a cell that is there */
			struct viz_box x =
			    viz_cell_bounds(m->cells[draw(&b->r, (uint32_t)m->cell_count)]);

			hits += ask_point(b, (struct viz_point){x.south_udeg, x.west_udeg});
			hits += ask_point(b, (struct viz_point){x.north_udeg, x.east_udeg});
		}
		ask_cep(b, draw(&b->r, VIZ_CEP_MAX + 1));
		if (m->range_count > 0) { /* ends of a range, and one past them */
			struct viz_cep_range g = m->ranges[draw(&b->r, (uint32_t)m->range_count)];

			hits += ask_cep(b, g.from) + ask_cep(b, g.to);
			ask_cep(b, g.from ? g.from - 1 : 0);
			ask_cep(b, g.to < VIZ_CEP_MAX ? g.to + 1 : 0);
			ask_cep(b, g.from + draw(&b->r, g.to - g.from + 1));
		}
		ask_place(b, 3200000 + draw(&b->r, 61));
		ask_some_ceps(b);
	}
	assert_true(hits > times);
}

static void it_answers_as_a_search_of_everything(void **state)
{
	struct bench *b = *state;

	begin(b);
	for (size_t i = 0; i < MEMBERS; i++)
		redraw(b, &b->member[i]);
	ask_everything(b, 1000);
	commit(b);
	begin(b);
	ask_everything(b, 1000);
	viz_store_abort(b->s);
	assert_int_equal(viz_store_check(b->s, NULL, NULL), 0);
}

/* Ads come, change and leave; transactions abort; the process starts again. */
static void it_follows_changes(void **state)
{
	struct bench *b = *state;

	begin(b);
	for (size_t i = 0; i < MEMBERS; i++)
		redraw(b, &b->member[i]);
	commit(b);
	for (unsigned round = 0; round < 60; round++) {
		struct member *m = &b->member[draw(&b->r, MEMBERS)];
		struct member before = *m;

		begin(b);
		ask_everything(b, 5); /* and nothing of these answers may stay */
		switch (draw(&b->r, 5)) {
		case 0:
			assert_int_equal(viz_lookup_remove(b->l, m->ordinal), 0);
			m->cell_count = 0;
			m->range_count = 0;
			m->place_count = 0;
			commit(b);
			break;
		case 1:
			redraw(b, m);
			ask_everything(b, 5);
			viz_store_abort(b->s);
			*m = before;
			break;
		case 2:
			redraw(b, m);
			commit(b);
			viz_lookup_close(b->l);
			viz_store_close(b->s);
			assert_int_equal(open_both(b), 0);
			break;
		default:
			redraw(b, m);
			redraw(b, &b->member[draw(&b->r, MEMBERS)]);
			commit(b);
		}
		begin(b);
		ask_everything(b, 20);
		viz_store_abort(b->s);
	}
	assert_int_equal(viz_store_check(b->s, NULL, NULL), 0);
}

static void nothing_stays_of_those_who_left(void **state)
{
	struct bench *b = *state;

	begin(b);
	for (size_t i = 0; i < MEMBERS; i++)
		redraw(b, &b->member[i]);
	for (size_t i = 0; i < MEMBERS; i++)
		redraw(b, &b->member[i]);
	assert_true(viz_store_count(b->s, VIZ_TABLE_LOOKUP) > 30);
	assert_true(viz_store_count(b->s, VIZ_TABLE_LOOKUP_CEP) > 30);
	commit(b);
	begin(b);
	for (size_t i = 0; i < MEMBERS; i++)
		assert_int_equal(viz_lookup_remove(b->l, b->member[i].ordinal), 0);
	assert_int_equal(viz_lookup_remove(b->l, 12345), 0);
	commit(b);
	assert_int_equal(viz_store_count(b->s, VIZ_TABLE_LOOKUP), 0);
	assert_int_equal(viz_store_count(b->s, VIZ_TABLE_LOOKUP_CEP), 0);
	assert_int_equal(viz_store_count(b->s, VIZ_TABLE_LOOKUP_PLACE), 0);
	assert_int_equal(viz_store_count(b->s, VIZ_TABLE_LOOKUP_OWN), 1); /* the counts, all 0 */
}

/* Known answers, by hand. */
static void cells_postcodes_and_places(void **state)
{
	static const struct viz_point linhares = {-19391000, -40072000};
	static const struct viz_cep_range ranges[] = {{29900000, 29919999}, {29930500, 29930500}};
	static const uint32_t places[] = {3203205, 3204906};
	struct bench *b = *state;
	uint64_t cell = viz_cell_from_point(linhares, 16);
	uint64_t parent = viz_cell_parent(cell, 12);
	uint32_t got[4] = {9, 9, 9, 9};
	size_t n = 7;

	begin(b);
	assert_int_equal(viz_lookup_point(b->l, got, &n, 4, linhares), 0);
	assert_int_equal(n, 0);
	assert_int_equal(viz_lookup_set_cells(b->l, 500, &cell, 1), 0);
	assert_int_equal(viz_lookup_set_cells(b->l, 20, &parent, 1), 0);
	assert_int_equal(viz_lookup_point(b->l, got, &n, 4, linhares), 0);
	assert_int_equal(n, 2);
	qsort(got, n, sizeof *got, compare_ordinals);
	assert_int_equal(got[0], 20);
	assert_int_equal(got[1], 500);
	n = 7;
	assert_int_equal(viz_lookup_point(b->l, got, &n, 1, linhares), VIZ_ERR_LIMIT);
	assert_int_equal(n, 7);
	assert_int_equal(viz_lookup_cell(b->l, got, &n, 4, viz_cell_parent(cell, 0)), 0);
	assert_int_equal(n, 2);
	assert_int_equal(viz_lookup_cell(b->l, got, &n, 4, viz_cell_from_point(linhares, 20)), 0);
	assert_int_equal(n, 2);

	assert_int_equal(viz_lookup_set_ceps(b->l, 7, ranges, 2), 0);
	assert_int_equal(viz_store_count(b->s, VIZ_TABLE_LOOKUP_CEP), 2);
	assert_int_equal(viz_lookup_cep(b->l, got, &n, 4, 29900000), 0);
	assert_int_equal(n, 1);
	assert_int_equal(got[0], 7);
	assert_int_equal(viz_lookup_cep(b->l, got, &n, 4, 29920000), 0);
	assert_int_equal(n, 0);
	assert_int_equal(viz_lookup_cep(b->l, got, &n, 4, 29930500), 0);
	assert_int_equal(n, 1);

	assert_int_equal(viz_lookup_set_places(b->l, 7, places, 2), 0);
	assert_int_equal(viz_lookup_set_places(b->l, 7, places, 1), 0);
	assert_int_equal(viz_lookup_place(b->l, got, &n, 4, 3203205), 0);
	assert_int_equal(n, 1);
	assert_int_equal(viz_lookup_place(b->l, got, &n, 4, 3204906), 0);
	assert_int_equal(n, 0);
	commit(b);
}

/* The only cell of its level goes, and the transaction does not happen. */
static void an_abort_brings_a_level_back(void **state)
{
	static const struct viz_point p = {-19391000, -40072000};
	struct bench *b = *state;
	uint64_t cell = viz_cell_from_point(p, 9);
	uint32_t got[4];
	size_t n = 0;

	begin(b);
	assert_int_equal(viz_lookup_set_cells(b->l, 5, &cell, 1), 0);
	commit(b);
	begin(b);
	assert_int_equal(viz_lookup_remove(b->l, 5), 0);
	viz_store_abort(b->s);
	begin(b);
	assert_int_equal(viz_lookup_point(b->l, got, &n, 4, p), 0);
	assert_int_equal(n, 1);
	viz_store_abort(b->s);
}

static void a_crowd_in_one_cell(void **state)
{
	static uint32_t got[VIZ_LOOKUP_ORDINALS];
	static const struct viz_point p = {-1, 180000000};
	struct bench *b = *state;
	uint64_t fine = viz_cell_from_point(p, 18);
	uint64_t coarse = viz_cell_from_point(p, 3);
	size_t n = 0;

	begin(b);
	for (uint32_t i = 0; i < VIZ_LOOKUP_ORDINALS; i += 20) {
		assert_int_equal(viz_lookup_set_cells(b->l, VIZ_LOOKUP_ORDINALS - 1 - i, &fine, 1),
				 0);
		assert_int_equal(viz_lookup_set_cells(b->l, i + 7, &coarse, 1), 0);
	}
	assert_int_equal(viz_lookup_point(b->l, got, &n, VIZ_LOOKUP_ORDINALS, p), 0);
	assert_int_equal(n, 2 * ((VIZ_LOOKUP_ORDINALS + 19) / 20));
	qsort(got, n, sizeof *got, compare_ordinals);
	for (size_t i = 1; i < n; i++)
		assert_true(got[i] > got[i - 1]);
	for (uint32_t i = 0; i < VIZ_LOOKUP_ORDINALS; i += 20)
		if (i % 60)
			assert_int_equal(viz_lookup_remove(b->l, i + 7), 0);
	assert_int_equal(viz_lookup_point(b->l, got, &n, VIZ_LOOKUP_ORDINALS, p), 0);
	assert_int_equal(n, (VIZ_LOOKUP_ORDINALS + 19) / 20 + (VIZ_LOOKUP_ORDINALS + 59) / 60);
	for (uint32_t i = 0; i < VIZ_LOOKUP_ORDINALS; i++)
		assert_int_equal(viz_lookup_remove(b->l, i), 0);
	assert_int_equal(viz_store_count(b->s, VIZ_TABLE_LOOKUP), 0);
	commit(b);
}

/* More nested ranges around one code than views are kept of; asked twice, changed, asked again. */
static void a_crowd_of_ranges_around_one_code(void **state)
{
	struct bench *b = *state;
	uint32_t got[64];
	size_t n = 0;

	for (uint32_t count = 10; count <= 45; count += 35) {
		begin(b);
		for (uint32_t i = 0; i < count; i++) {
			const struct viz_cep_range range = {29900001 + i, 29900098 - i};

			assert_int_equal(viz_lookup_set_ceps(b->l, i, &range, 1), 0);
		}
		for (unsigned again = 0; again < 2; again++) {
			assert_int_equal(viz_lookup_cep(b->l, got, &n, 64, 29900050), 0);
			assert_int_equal(n, count);
		}
		assert_int_equal(viz_lookup_remove(b->l, 4), 0);
		assert_int_equal(viz_lookup_cep(b->l, got, &n, 64, 29900050), 0);
		assert_int_equal(n, count - 1);
		commit(b);
		begin(b);
		assert_int_equal(viz_lookup_remove(b->l, 5), 0);
		assert_int_equal(viz_lookup_cep(b->l, got, &n, 64, 29900050), 0);
		assert_int_equal(n, count - 2);
		viz_store_abort(b->s);
		begin(b);
		assert_int_equal(viz_lookup_cep(b->l, got, &n, 64, 29900050), 0);
		assert_int_equal(n, count - 1);
		viz_store_abort(b->s);
	}
}

static void what_is_not_normalised_is_refused(void **state)
{
	struct bench *b = *state;
	uint64_t cell = viz_cell_from_point((struct viz_point){0, 0}, 10);
	const uint64_t nested[] = {cell, viz_cell_parent(cell, 9)};
	const uint64_t none[] = {0};
	const struct viz_cep_range touching[] = {{1, 2}, {3, 4}};
	const struct viz_cep_range reversed[] = {{4, 3}};
	const uint32_t twice[] = {3, 3};
	uint32_t got[4];
	size_t n = 0;

	begin(b);
	assert_int_equal(viz_lookup_set_cells(b->l, 0, nested, 2), VIZ_ERR_MEANING);
	assert_int_equal(viz_lookup_set_cells(b->l, 0, none, 1), VIZ_ERR_MEANING);
	assert_int_equal(viz_lookup_set_cells(b->l, VIZ_LOOKUP_ORDINALS, &cell, 1), VIZ_ERR_LIMIT);
	assert_int_equal(viz_lookup_set_cells(b->l, 0, &cell, VIZ_LOOKUP_CELLS_MAX + 1),
			 VIZ_ERR_LIMIT);
	assert_int_equal(viz_lookup_set_ceps(b->l, 0, touching, 2), VIZ_ERR_MEANING);
	assert_int_equal(viz_lookup_set_ceps(b->l, 0, reversed, 1), VIZ_ERR_MEANING);
	assert_int_equal(viz_lookup_set_ceps(b->l, 0, touching, VIZ_CEP_RANGES_MAX + 1),
			 VIZ_ERR_LIMIT);
	assert_int_equal(viz_lookup_set_places(b->l, 0, twice, 2), VIZ_ERR_MEANING);
	assert_int_equal(viz_lookup_point(b->l, got, &n, 4, (struct viz_point){90000001, 0}),
			 VIZ_ERR_MEANING);
	assert_int_equal(viz_lookup_cell(b->l, got, &n, 4, 0), VIZ_ERR_MEANING);
	assert_int_equal(viz_lookup_cep(b->l, got, &n, 4, VIZ_CEP_MAX + 1), VIZ_ERR_MEANING);
	assert_int_equal(viz_lookup_ceps(b->l, got, &n, 4, reversed[0]), VIZ_ERR_MEANING);
	commit(b);
	for (unsigned t = VIZ_TABLE_LOOKUP; t <= VIZ_TABLE_LOOKUP_OWN; t++)
		assert_int_equal(viz_store_count(b->s, (enum viz_table)t), 0);
}

static void a_damaged_row_is_an_error(void **state)
{
	static const struct {
		uint8_t bytes[16];
		size_t len;
	} bad[] = {
	    {{0}, 1},                                /* no head */
	    {{1, 0}, 2},                             /* an entry that is not there */
	    {{1, 0, 4, 0, 0, 0, 2, 0, 9, 0}, 10},    /* a list that is cut off */
	    {{1, 0, 4, 0, 0, 0, 0, 0}, 8},           /* a list of nobody */
	    {{1, 0x80, 4, 0, 0, 0, 1, 0, 3, 0}, 10}, /* another row, which is not there */
	    {{1, 0, 0, 0, 0, 1, 1, 0, 3, 0}, 10},    /* too deep */
	    {{0xff, 0x7f, 1, 0, 0, 0}, 6},
	};
	struct bench *b = *state;
	uint64_t cell = viz_cell_from_point((struct viz_point){0, 0}, 10);
	struct viz_slice row;
	struct viz_slice value;
	struct viz_walk w;
	uint8_t key[8];
	uint32_t got[4];
	size_t n = 0;

	begin(b);
	assert_int_equal(viz_lookup_set_cells(b->l, 3, &cell, 1), 0);
	viz_walk_init(&w, b->s, VIZ_TABLE_LOOKUP, NULL, 0);
	assert_true(viz_walk_next(&w, &row, &value));
	assert_int_equal(row.len, 8);
	memcpy(key, row.p, 8);
	commit(b);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		int err = 0;

		begin(b);
		assert_int_equal(
		    viz_store_put(b->s, VIZ_TABLE_LOOKUP, key, 8, bad[i].bytes, bad[i].len), 0);
		err = viz_lookup_point(b->l, got, &n, 4, (struct viz_point){0, 0});
		if (err == 0) /* an entry that this point does not ask for */
			err = viz_lookup_cell(b->l, got, &n, 4, viz_cell_parent(cell, 0));
		assert_int_equal(err, VIZ_ERR_STORE);
		assert_non_null(viz_store_cause(b->s));
		viz_store_abort(b->s);
		viz_lookup_close(b->l);
		viz_store_close(b->s);
		assert_int_equal(open_both(b), 0);
	}
}

static void lists_of_numbers(void **state)
{
	uint64_t values[64] = {0};
	struct random r = {9};
	size_t n = 0;

	(void)state;
	for (unsigned round = 0; round < 3000; round++) {
		uint64_t v =
		    draw(&r, 4) ? draw(&r, 90) : UINT64_MAX - draw(&r, 3) * UINT64_C(1234567890123);
		uint8_t bytes[64 * VIZ_POSTINGS_VARINT_MAX];
		uint8_t out[sizeof bytes + 2 * VIZ_POSTINGS_VARINT_MAX];
		uint64_t back[65];
		size_t len = viz_postings_pack(bytes, values, n);
		size_t out_len = 0;
		size_t back_n = 0;
		size_t i = 0;
		bool there = false;
		int err = 0;

		while (i < n && values[i] < v)
			i++;
		there = i < n && values[i] == v;
		if (draw(&r, 2) && n < 60) {
			err = viz_postings_add(out, &out_len, bytes, len, v);
			assert_int_equal(err, there ? VIZ_ERR_EXISTS : 0);
			if (!there) {
				memmove(values + i + 1, values + i, (n - i) * sizeof *values);
				values[i] = v;
				n++;
			}
		} else {
			err = viz_postings_remove(out, &out_len, bytes, len, v);
			assert_int_equal(err, there ? 0 : VIZ_ERR_ABSENT);
			if (there) {
				n--;
				memmove(values + i, values + i + 1, (n - i) * sizeof *values);
			}
		}
		if (err)
			continue;
		assert_int_equal(viz_postings_unpack(back, &back_n, 64, out, out_len), 0);
		assert_int_equal(back_n, n);
		assert_memory_equal(back, values, n * sizeof *values);
		if (n > 0)
			assert_int_equal(viz_postings_unpack(back, &back_n, n - 1, out, out_len),
					 VIZ_ERR_STORE);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(lists_of_numbers),
	    cmocka_unit_test_setup_teardown(cells_postcodes_and_places, setup, teardown),
	    cmocka_unit_test_setup_teardown(it_answers_as_a_search_of_everything, setup, teardown),
	    cmocka_unit_test_setup_teardown(it_follows_changes, setup, teardown),
	    cmocka_unit_test_setup_teardown(nothing_stays_of_those_who_left, setup, teardown),
	    cmocka_unit_test_setup_teardown(an_abort_brings_a_level_back, setup, teardown),
	    cmocka_unit_test_setup_teardown(a_crowd_in_one_cell, setup, teardown),
	    cmocka_unit_test_setup_teardown(a_crowd_of_ranges_around_one_code, setup, teardown),
	    cmocka_unit_test_setup_teardown(what_is_not_normalised_is_refused, setup, teardown),
	    cmocka_unit_test_setup_teardown(a_damaged_row_is_an_error, setup, teardown),
	};

	return cmocka_run_group_tests_name("lookup", tests, NULL, NULL);
}
