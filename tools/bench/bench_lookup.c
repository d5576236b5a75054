/* The look-up index at the size of the country, and a flat hash in memory as the limit.
 *
 *   bench_lookup [DIRECTORY [MEMBERS]]
 *
 * Synthetic: 5,570 towns of very different size; members of a few towns each, with ragged regions
 * of level 16 normalised to mixed levels, one in twenty with coarse ones; 8 postcode ranges each.
 * The answers of index and hash are compared by their sums. */
#include "tools/bench/bench.h"

#include "proto/region.h"
#include "store/lookup.h"

#include <math.h>

#define TOWNS      5570
#define QUERIES    1000000
#define RANGES     8
#define CELLS_MAX  40000
#define RESULT_MAX 20000
#define PER_COMMIT 100 /* members */

struct town {
	double lat;
	double lon;
	double until; /* sum of the weights up to this one */
};

static struct town towns[TOWNS];

static double unit(struct bench_random *r)
{
	return (double)(bench_draw(r) >> 11) * 0x1p-53;
}

static void found_towns(void)
{
	struct bench_random r = {1};
	double sum = 0;

	for (unsigned i = 0; i < TOWNS; i++) {
		towns[i].lat = -32 + 34 * unit(&r);
		towns[i].lon = -65 + 29 * unit(&r);
		sum += pow(i + 3, -0.75);
		towns[i].until = sum;
	}
	for (unsigned i = 0; i < TOWNS; i++)
		towns[i].until /= sum;
}

static unsigned some_town(struct bench_random *r)
{
	double x = unit(r);
	unsigned lo = 0;
	unsigned hi = TOWNS - 1;

	while (lo < hi) {
		unsigned mid = (lo + hi) / 2;

		if (towns[mid].until < x)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
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
	struct bench_random r = {1000 + member};
	bool coarse = bench_below(&r, 20) == 0;
	unsigned discs = 1 + bench_below(&r, 3);
	size_t n = 0;

	for (unsigned i = 0; i < discs; i++) {
		const struct town *t = &towns[some_town(&r)];
		double lat = t->lat + 0.06 * (unit(&r) - 0.5);
		double lon = t->lon + 0.06 * (unit(&r) - 0.5);

		n = draw_disc(cells, n, &r, lat, lon, (coarse ? 0.5 : 0.03) + 0.045 * unit(&r),
			      coarse ? 11 : 16);
	}
	VIZ_REQUIRE(viz_region_normalise(cells, &n) == 0);
	return n;
}

/* Whole municipalities, as directories print them, and parts of them. */
static size_t member_ranges(struct viz_cep_range ranges[RANGES], uint32_t member)
{
	struct bench_random r = {7000000 + member};
	size_t n = 0;

	while (n < RANGES) {
		uint32_t base = 1000000 + some_town(&r) * 17000;

		ranges[n].from = base;
		ranges[n].to = base + 16999;
		if (bench_below(&r, 3) == 0) {
			ranges[n].from = base + bench_below(&r, 15000);
			ranges[n].to = ranges[n].from + bench_below(&r, 2000);
		}
		n++;
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
		q[i].cep = 1000000 + t * 17000 + bench_below(&r, 17000);
	}
}

static uint32_t result[RESULT_MAX];
static uint64_t hits; /* members found by the hash, over all its runs */

static double time_flat(const struct flat *f, const struct query *q, uint64_t *sum)
{
	double start = bench_cpu_s();

	*sum = 0;
	for (unsigned i = 0; i < QUERIES; i++) {
		size_t n = flat_point(f, result, q[i].p);

		hits += n;
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
	VIZ_REQUIRE(viz_store_begin(s) == 0);
	for (unsigned i = 0; i < QUERIES; i++) {
		size_t n = 0;
		int err = ceps ? viz_lookup_cep(l, result, &n, RESULT_MAX, q[i].cep)
			       : viz_lookup_point(l, result, &n, RESULT_MAX, q[i].p);

		VIZ_REQUIRE(err == 0);
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
	for (uint32_t i = 0; i < 200; i++) { /* one member's ad changes, each in a commit */
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

static void report(struct viz_store *s, struct viz_lookup *l, const struct flat *f, struct query *q)
{
	uint64_t sum[4];
	double flat[2];
	double index[2];
	double cep[2];
	double sorting = 0;

	flat[0] = time_flat(f, q, &sum[0]);
	index[0] = time_index(s, l, q, &sum[1], false);
	cep[0] = time_index(s, l, q, &sum[2], true);
	sorting = bench_now_s();
	qsort(q, QUERIES, sizeof *q, by_cell);
	sorting = bench_now_s() - sorting;
	flat[1] = time_flat(f, q, &sum[2]);
	index[1] = time_index(s, l, q, &sum[3], false);
	VIZ_REQUIRE(sum[0] == sum[1] && sum[0] == sum[2] && sum[0] == sum[3]);
	qsort(q, QUERIES, sizeof *q, by_cep);
	cep[1] = time_index(s, l, q, &sum[2], true);
	printf("%-24s %14s %14s %7s\n", "look-ups a second", "index", "flat hash", "ratio");
	printf("%-24s %14.0f %14.0f %7.2f\n", "points, random order", index[0], flat[0],
	       index[0] / flat[0]);
	printf("%-24s %14.0f %14.0f %7.2f\n", "points, in order", index[1], flat[1],
	       index[1] / flat[1]);
	printf("%-24s %14.0f\n", "postcodes, random order", cep[0]);
	printf("%-24s %14.0f\n", "postcodes, in order", cep[1]);
	printf("putting %u points in order: %.2f s; %.1f members found per point\n", QUERIES,
	       sorting, (double)hits / 2 / QUERIES);
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
	char error[256];
	char dir[512];

	VIZ_REQUIRE(q && members > 0 && members <= 60000);
	found_towns();
	draw_queries(q);
	flat_build(&f, members);
	printf("%u members, %zu (cell, member) pairs, %zu cells, %d levels\n", members, f.pairs,
	       f.keys, __builtin_popcountll(f.levels));
	bench_dir_make(dir, parent);
	config.dir = dir;
	if (viz_store_open(&s, error, &config)) {
		fprintf(stderr, "%s\n", error);
		return 1;
	}
	VIZ_REQUIRE(viz_lookup_open(&l, s) == 0);
	build(s, l, members);
	viz_store_usage(s, &used, &map);
	printf("index: %.1f MB on disk (live pages)\n", (double)used / 1e6);
	report(s, l, &f, q);
	viz_lookup_close(l);
	viz_store_close(s);
	bench_dir_remove(dir);
	return 0;
}
