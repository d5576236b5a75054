/* What the benchmarks share: a clock, a seeded random source, a directory, a table of figures. */
#ifndef VIZ_TOOLS_BENCH_H
#define VIZ_TOOLS_BENCH_H

#include "proto/base.h"

#include <dirent.h>
#include <fcntl.h>
#include <math.h>
#include <time.h>
#include <unistd.h>

static inline double bench_now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* The processor time of this thread. */
static inline double bench_cpu_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

struct bench_random {
	uint64_t x;
};

/* splitmix64 (Steele, Lea, Flood 2014). */
static inline uint64_t bench_draw(struct bench_random *r)
{
	uint64_t z = (r->x += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

static inline uint32_t bench_below(struct bench_random *r, uint32_t n)
{
	return (uint32_t)(((bench_draw(r) >> 32) * n) >> 32);
}

/* Makes a directory under `parent` and writes its path to `dir`, of 512 bytes. */
static inline void bench_dir_make(char *dir, const char *parent)
{
	snprintf(dir, 512, "%.480s/viz-bench-XXXXXX", parent);
	VIZ_REQUIRE(mkdtemp(dir));
}

static inline void bench_dir_remove(const char *dir)
{
	struct dirent *e = NULL;
	DIR *d = opendir(dir);

	while (d && (e = readdir(d)))
		unlinkat(dirfd(d), e->d_name, 0);
	if (d)
		closedir(d);
	rmdir(dir);
}

static inline int bench_compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Of n numbers, which it sorts. */
static inline double bench_median(double *list, size_t n)
{
	qsort(list, n, sizeof *list, bench_compare);
	return list[n / 2];
}

struct bench_figure {
	const char *name, *unit;
	double value, goal; /* goal 0: none */
};

struct bench_table {
	struct bench_figure list[160];
	size_t count;
};

static inline void bench_note(struct bench_table *t, const char *name, const char *unit,
			      double value, double goal)
{
	VIZ_REQUIRE(t->count < sizeof t->list / sizeof *t->list);
	t->list[t->count++] = (struct bench_figure){name, unit, value, goal};
}

/* Prints a line for each; with `json` the elements of a list. */
static inline void bench_show(const struct bench_table *t, bool json)
{
	for (size_t i = 0; i < t->count; i++) {
		const struct bench_figure *f = &t->list[i];

		if (json) {
			printf("%s\n  {\"name\": \"%s\", \"unit\": \"%s\", \"value\": ",
			       i ? "," : "", f->name, f->unit);
			printf(isfinite(f->value) ? "%.4f" : "null",
			       f->value); /* JSON has no other */
			if (f->goal > 0)
				printf(", \"goal\": %g", f->goal);
			printf("}");
		} else {
			printf("%-48s %14.3f %-4s", f->name, f->value, f->unit);
			if (f->goal > 0)
				printf(" goal %g%s", f->goal,
				       f->value <= f->goal ? "" : "  MISSED");
			printf("\n");
		}
	}
}

#endif
