/* How fast the look-up index answers with as many members as the country has. A flat hash in memory
 * does the same and shows the limit.
 *
 *   bench_lookup [DIRECTORY [MEMBERS]]
 *
 * The towns and their postcodes are real (tools/data). The members are made up: each serves one to
 * three towns, and large towns are drawn more often. Its region is ragged, of level 16, normalised
 * to mixed levels; one member in twenty has a coarse one. It also has 10 postcode ranges in the
 * same towns. The sums of what index and hash answer must be equal. */
#include "tools/bench/bench.h"

#include "proto/geo/region.h"
#include "store/lookup.h"
#include "store/stat.h"
#include "tools/text/rows.h"

#include <math.h>

#define TOWNS_MAX  5600
#define QUERIES    1000000
#define RANGES     10
#define CELLS_MAX  40000
#define RESULT_MAX 20000
#define PER_COMMIT 100 /* members */
#define HOMES_MAX  3   /* towns of one member */

struct town {
	uint32_t code;
	double lat;
	double lon;
	uint32_t cep_from;
	uint32_t cep_to;
	double until; /* the sum of the weights of this town and those before it */
};

static struct town towns[TOWNS_MAX];
static unsigned town_count;

static double unit(struct bench_random *r)
{
	return (double)(bench_draw(r) >> 11) * 0x1p-53;
}

/* A table of tools/data. `row` is its heading after table_open, then each row in turn. */
struct table {
	int fd;
	size_t columns;
	struct viz_rows rows;
	struct viz_row row;
};

static bool table_next(struct table *t)
{
	int got = viz_rows_next(&t->rows, &t->row);

	if (got == 0)
		return false;
	VIZ_REQUIRE(got == 1 && t->row.problem == VIZ_ROW_OK);
	viz_rows_strings(&t->rows, &t->row);
	return true;
}

static void table_open(struct table *t, const char *name)
{
	char path[512];

	snprintf(path, sizeof path, VIZ_DATA "/%s", name);
	t->fd = open(path, O_RDONLY | O_CLOEXEC);
	VIZ_REQUIRE(t->fd >= 0 && viz_rows_open(&t->rows, t->fd) == 0);
	viz_rows_guess_delimiter(&t->rows);
	VIZ_REQUIRE(table_next(t));
	t->columns = t->row.n;
}

static void table_close(struct table *t)
{
	viz_rows_close(&t->rows);
	close(t->fd);
}

/* The column with this heading; `row` is still the heading. */
static size_t column(const struct table *t, const char *heading)
{
	size_t i = 0;

	while (i < t->columns && strcmp(t->row.field[i].text, heading) != 0)
		i++;
	VIZ_REQUIRE(i < t->columns);
	return i;
}

static const char *field(const struct table *t, size_t column)
{
	VIZ_REQUIRE(t->row.n == t->columns);
	return t->row.field[column].text;
}

static uint32_t number(const struct table *t, size_t column)
{
	return (uint32_t)strtoul(field(t, column), NULL, 10);
}

/* Gives each town the postcodes of its first row of kind T, which is the whole town. */
static void read_ranges(struct table *t)
{
	size_t from = 0;
	size_t to = 0;
	size_t kind = 0;
	size_t code = 0;

	table_open(t, "cep_faixas.csv");
	from = column(t, "cep_ini");
	to = column(t, "cep_fim");
	kind = column(t, "tipo_faixa");
	code = column(t, "codigo_ibge");
	while (table_next(t)) {
		if (strcmp(field(t, kind), "T") != 0)
			continue;
		for (unsigned i = 0; i < town_count; i++)
			if (towns[i].code == number(t, code) && towns[i].cep_to == 0) {
				towns[i].cep_from = number(t, from);
				towns[i].cep_to = number(t, to);
			}
	}
	table_close(t);
}

static void read_places(struct table *t)
{
	size_t code = 0;
	size_t lat = 0;
	size_t lon = 0;

	table_open(t, "municipios.csv");
	code = column(t, "codigo_ibge");
	lat = column(t, "latitude");
	lon = column(t, "longitude");
	while (table_next(t)) {
		VIZ_REQUIRE(town_count < TOWNS_MAX);
		towns[town_count].code = number(t, code);
		towns[town_count].lat = strtod(field(t, lat), NULL);
		towns[town_count].lon = strtod(field(t, lon), NULL);
		town_count++;
	}
	table_close(t);
}

static int by_width(const void *a, const void *b)
{
	const struct town *x = a;
	const struct town *y = b;
	uint32_t wx = x->cep_to - x->cep_from;
	uint32_t wy = y->cep_to - y->cep_from;

	if (wx != wy)
		return wx < wy ? 1 : -1;
	return (x->code > y->code) - (x->code < y->code);
}

/* Reads the towns and gives each a weight. A town's rank is its number of postcodes; the share of a
 * rank is made up. */
static void read_towns(void)
{
	static struct table t;
	double sum = 0;

	read_places(&t);
	read_ranges(&t);
	qsort(towns, town_count, sizeof *towns, by_width);
	while (towns[town_count - 1].cep_to == 0)
		town_count--;
	for (unsigned i = 0; i < town_count; i++) {
		sum += pow(i + 3, -0.75);
		towns[i].until = sum;
	}
	for (unsigned i = 0; i < town_count; i++)
		towns[i].until /= sum;
}

static unsigned some_town(struct bench_random *r)
{
	double x = unit(r);
	unsigned lo = 0;
	unsigned hi = town_count - 1;

	while (lo < hi) {
		unsigned mid = (lo + hi) / 2;

		if (towns[mid].until < x)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static unsigned draw_homes(unsigned homes[HOMES_MAX], uint32_t member)
{
	struct bench_random r = {1000 + member};
	unsigned n = 1 + bench_below(&r, HOMES_MAX);

	for (unsigned i = 0; i < n; i++)
		homes[i] = some_town(&r);
	return n;
}

static struct viz_point at(double lat, double lon)
{
	return (struct viz_point){(int32_t)(lat * 1e6), (int32_t)(lon * 1e6)};
}

/* A disc with a ragged edge and holes. */
static size_t draw_disc(uint64_t *cells, size_t n, struct bench_random *r, double lat, double lon,
			double radius, unsigned level)
{
	uint32_t x = 0;
	uint32_t y = 0;
	double width = 360.0 / (double)(1u << level);
	int reach = (int)(radius / width);

	viz_cell_xy(viz_cell_from_point(at(lat, lon), level), &x, &y);
	for (int dy = -reach; dy <= reach; dy++) {
		for (int dx = -reach; dx <= reach; dx++) {
			double d = sqrt(dx * dx + dy * dy) / (reach + 0.5);

			if (n < CELLS_MAX && unit(r) < (d < 0.5 ? 0.97 : 1.6 * (1.1 - d)))
				cells[n++] = viz_cell_from_xy((uint32_t)((int)x + dx),
							      (uint32_t)((int)y + dy), level);
		}
	}
	return n;
}

static size_t member_cells(uint64_t *cells, uint32_t member)
{
	struct bench_random r = {3000000 + member};
	bool coarse = bench_below(&r, 20) == 0;
	unsigned homes[HOMES_MAX];
	unsigned n_homes = draw_homes(homes, member);
	size_t n = 0;

	for (unsigned i = 0; i < n_homes; i++) {
		const struct town *t = &towns[homes[i]];
		double lat = t->lat + 0.06 * (unit(&r) - 0.5);
		double lon = t->lon + 0.06 * (unit(&r) - 0.5);

		n = draw_disc(cells, n, &r, lat, lon, (coarse ? 0.5 : 0.03) + 0.045 * unit(&r),
			      coarse ? 11 : 16);
	}
	VIZ_REQUIRE(viz_region_normalise(cells, &n) == 0);
	return n;
}

/* Parts of the member's towns: each range has at most a tenth of the town's codes. */
static size_t member_ranges(struct viz_cep_range ranges[RANGES], uint32_t member)
{
	struct bench_random r = {7000000 + member};
	unsigned homes[HOMES_MAX];
	unsigned n_homes = draw_homes(homes, member);
	size_t n = 0;

	for (; n < RANGES; n++) {
		const struct town *t = &towns[homes[n % n_homes]];
		uint32_t width = t->cep_to - t->cep_from + 1;

		ranges[n].from = t->cep_from + bench_below(&r, width);
		ranges[n].to = ranges[n].from + bench_below(&r, width / 10 + 1);
		if (ranges[n].to > t->cep_to)
			ranges[n].to = t->cep_to;
	}
	VIZ_REQUIRE(viz_cep_normalise(ranges, &n) == 0);
	return n;
}

/* ---- the limit: an open-addressing hash from cell to a list ---- */

struct flat {
	uint64_t *key;
	uint32_t *start; /* into `list`: a count, then ordinals */
	uint32_t *list;
	uint64_t mask;
	uint64_t levels; /* bits */
	size_t keys;
	size_t pairs;
};

static uint64_t slot_of(const struct flat *f, uint64_t cell)
{
	uint64_t i = (cell * UINT64_C(0x9e3779b97f4a7c15)) >> 20 & f->mask;

	while (f->key[i] && f->key[i] != cell)
		i = (i + 1) & f->mask;
	return i;
}

static void flat_build(struct flat *f, uint32_t members)
{
	uint64_t *cells = malloc(CELLS_MAX * sizeof *cells);
	uint32_t *count = NULL;
	uint32_t at_list = 0;

	f->mask = (UINT64_C(1) << 23) - 1;
	f->key = calloc(f->mask + 1, sizeof *f->key);
	f->start = calloc(f->mask + 1, sizeof *f->start);
	count = calloc(f->mask + 1, sizeof *count);
	VIZ_REQUIRE(cells && f->key && f->start && count);
	for (unsigned pass = 0; pass < 2; pass++) {
		for (uint32_t m = 0; m < members; m++) {
			size_t n = member_cells(cells, m);

			for (size_t i = 0; i < n; i++) {
				uint64_t s = slot_of(f, cells[i]);

				if (pass) {
					f->list[f->start[s] + 1 + f->list[f->start[s]]++] = m;
					continue;
				}
				f->keys += f->key[s] == 0;
				f->pairs++;
				f->key[s] = cells[i];
				f->levels |= UINT64_C(1) << viz_cell_level(cells[i]);
				count[s]++;
				VIZ_REQUIRE(f->keys < f->mask / 4 * 3);
			}
		}
		for (uint64_t s = 0; s <= f->mask && pass == 0; s++) {
			f->start[s] = at_list;
			at_list += f->key[s] ? count[s] + 1 : 0;
		}
		if (pass == 0)
			f->list = calloc(at_list, sizeof *f->list);
		VIZ_REQUIRE(f->list);
	}
	free(count);
	free(cells);
}

static size_t flat_point(const struct flat *f, uint32_t *out, struct viz_point p)
{
	uint64_t cell = viz_cell_from_point(p, VIZ_CELL_LEVEL_MAX);
	size_t n = 0;

	for (uint64_t left = f->levels; left; left &= left - 1) {
		uint64_t s = slot_of(f, viz_cell_parent(cell, (unsigned)__builtin_ctzll(left)));

		if (f->key[s]) {
			const uint32_t *list = f->list + f->start[s];

			memcpy(out + n, list + 1, list[0] * sizeof *out);
			n += list[0];
		}
	}
	return n;
}

/* ---- queries ---- */

struct query {
	uint64_t cell;
	struct viz_point p;
	uint32_t cep;
};

static int by_cell(const void *a, const void *b)
{
	const struct query *x = a;
	const struct query *y = b;

	return (x->cell > y->cell) - (x->cell < y->cell);
}

static int by_cep(const void *a, const void *b)
{
	const struct query *x = a;
	const struct query *y = b;

	return (x->cep > y->cep) - (x->cep < y->cep);
}

static void draw_queries(struct query *q)
{
	struct bench_random r = {99};

	for (unsigned i = 0; i < QUERIES; i++) {
		unsigned t = some_town(&r);
		double lat = towns[t].lat + 0.15 * (unit(&r) - 0.5) * unit(&r);
		double lon = towns[t].lon + 0.15 * (unit(&r) - 0.5) * unit(&r);

		if (bench_below(&r, 10) == 0) {
			lat = -32 + 34 * unit(&r);
			lon = -65 + 29 * unit(&r);
		}
		q[i].p = at(lat, lon);
		q[i].cell = viz_cell_from_point(q[i].p, VIZ_CELL_LEVEL_MAX);
		q[i].cep =
		    towns[t].cep_from + bench_below(&r, towns[t].cep_to - towns[t].cep_from + 1);
	}
}

/* Points in covered cells. Each cell is equally likely, so most of them have few members. */
static void draw_covered(struct query *q, const struct flat *f)
{
	struct bench_random r = {77};

	for (unsigned i = 0; i < QUERIES; i++) {
		uint64_t slot = bench_draw(&r) & f->mask;

		while (f->key[slot] == 0)
			slot = bench_draw(&r) & f->mask;
		q[i].p = viz_cell_center(f->key[slot]);
		q[i].cell = viz_cell_from_point(q[i].p, VIZ_CELL_LEVEL_MAX);
	}
}

static uint32_t result[RESULT_MAX];
static uint64_t hits[2]; /* members found in the last run, for points and for postcodes */

static double time_flat(const struct flat *f, const struct query *q, uint64_t *sum)
{
	double start = bench_cpu_s();

	*sum = 0;
	hits[0] = 0;
	for (unsigned i = 0; i < QUERIES; i++) {
		size_t n = flat_point(f, result, q[i].p);

		hits[0] += n;
		for (size_t k = 0; k < n; k++)
			*sum += result[k] + 1;
	}
	return QUERIES / (bench_cpu_s() - start);
}

static double time_index(struct viz_store *s, struct viz_lookup *l, const struct query *q,
			 uint64_t *sum, bool ceps)
{
	double start = bench_cpu_s();

	*sum = 0;
	hits[ceps] = 0;
	VIZ_REQUIRE(viz_store_begin(s) == 0);
	for (unsigned i = 0; i < QUERIES; i++) {
		size_t n = 0;
		int err = ceps ? viz_lookup_cep(l, result, &n, RESULT_MAX, q[i].cep)
			       : viz_lookup_point(l, result, &n, RESULT_MAX, q[i].p);

		VIZ_REQUIRE(err == 0);
		hits[ceps] += n;
		for (size_t k = 0; k < n; k++)
			*sum += result[k] + 1;
	}
	viz_store_abort(s);
	return QUERIES / (bench_cpu_s() - start);
}

/* ---- building and changing ---- */

static void build(struct viz_store *s, struct viz_lookup *l, uint32_t members)
{
	uint64_t *cells = malloc(CELLS_MAX * sizeof *cells);
	struct viz_cep_range ranges[RANGES];
	size_t range_count = 0;
	double start = bench_now_s();
	double took = 0;

	VIZ_REQUIRE(cells);
	for (uint32_t m = 0; m < members; m++) {
		size_t n = member_cells(cells, m);
		size_t ranges_n = member_ranges(ranges, m);

		if (m % PER_COMMIT == 0)
			VIZ_REQUIRE(viz_store_begin(s) == 0);
		VIZ_REQUIRE(viz_lookup_set_cells(l, m, cells, n) == 0);
		VIZ_REQUIRE(viz_lookup_set_ceps(l, m, ranges, ranges_n) == 0);
		range_count += ranges_n;
		if (m % PER_COMMIT == PER_COMMIT - 1 || m == members - 1)
			VIZ_REQUIRE(viz_store_commit(s) == 0);
	}
	took = bench_now_s() - start;
	printf("built from nothing in %.1f s (%u members a commit), %zu postcode ranges\n", took,
	       PER_COMMIT, range_count);
	start = bench_now_s();
	for (uint32_t i = 0; i < 200; i++) { /* one member's coverage changes in each commit */
		size_t n = member_cells(cells, members + i);

		VIZ_REQUIRE(viz_store_begin(s) == 0);
		VIZ_REQUIRE(viz_lookup_set_cells(l, i, cells, n) == 0);
		VIZ_REQUIRE(viz_store_commit(s) == 0);
	}
	printf("a member's region replaced, durable: %.1f ms\n", (bench_now_s() - start) * 5);
	for (uint32_t i = 0; i < 200; i++) {
		size_t n = member_cells(cells, i);

		VIZ_REQUIRE(viz_store_begin(s) == 0);
		VIZ_REQUIRE(viz_lookup_set_cells(l, i, cells, n) == 0);
		VIZ_REQUIRE(viz_store_commit(s) == 0);
	}
	free(cells);
}

static void compare_points(const char *what, struct viz_store *s, struct viz_lookup *l,
			   const struct flat *f, const struct query *q)
{
	uint64_t sum[2];
	double flat = time_flat(f, q, &sum[0]);
	double index = time_index(s, l, q, &sum[1], false);

	VIZ_REQUIRE(sum[0] == sum[1]);
	printf("%-32s %12.0f %12.0f %7.2f %9.1f\n", what, index, flat, index / flat,
	       (double)hits[0] / QUERIES);
}

static void time_ceps(const char *what, struct viz_store *s, struct viz_lookup *l,
		      const struct query *q)
{
	uint64_t sum;
	double index = time_index(s, l, q, &sum, true);

	printf("%-32s %12.0f %12s %7s %9.1f\n", what, index, "", "", (double)hits[1] / QUERIES);
}

static void report(struct viz_store *s, struct viz_lookup *l, const struct flat *f, struct query *q)
{
	double sorting = 0;

	printf("%-32s %12s %12s %7s %9s\n", "look-ups a second", "index", "flat hash", "ratio",
	       "found");
	draw_covered(q, f);
	compare_points("points anywhere covered", s, l, f, q);
	draw_queries(q);
	compare_points("points where people live", s, l, f, q);
	time_ceps("postcodes where people live", s, l, q);
	sorting = bench_now_s();
	qsort(q, QUERIES, sizeof *q, by_cell);
	sorting = bench_now_s() - sorting;
	compare_points("  the same points, in order", s, l, f, q);
	qsort(q, QUERIES, sizeof *q, by_cep);
	time_ceps("  the same postcodes, in order", s, l, q);
	printf("putting %u points in order: %.2f s\n", QUERIES, sorting);
}

int main(int argc, char **argv)
{
	const char *parent = argc > 1 ? argv[1] : "/tmp";
	uint32_t members = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10) : 20000;
	struct viz_store_config config = {.map_bytes = UINT64_C(1) << 30};
	struct query *q = malloc(QUERIES * sizeof *q);
	struct viz_lookup *l = NULL;
	struct viz_store *s = NULL;
	struct flat f = {0};
	uint64_t used = 0;
	uint64_t map = 0;
	struct viz_store_fault fault;
	char dir[512];

	VIZ_REQUIRE(q && members > 0 && members <= 60000);
	read_towns();
	flat_build(&f, members);
	printf("%u members, %zu (cell, member) pairs, %zu cells, %d levels\n", members, f.pairs,
	       f.keys, __builtin_popcountll(f.levels));
	bench_dir_make(dir, parent);
	config.dir = dir;
	if (viz_store_open(&s, &fault, &config)) {
		fprintf(stderr, "%s: %s\n", fault.what, strerror(fault.error));
		return 1;
	}
	VIZ_REQUIRE(viz_lookup_open(&l, s) == 0);
	build(s, l, members);
	viz_store_stat_usage(s, &used, &map);
	printf("index: %.1f MB on disk (live pages)\n", (double)used / 1e6);
	report(s, l, &f, q);
	viz_lookup_close(l);
	viz_store_close(s);
	bench_dir_remove(dir);
	return 0;
}
