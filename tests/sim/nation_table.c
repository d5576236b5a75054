/* The figures of a nation, each with its goal, if it has one. They are printed as they come. */
#include "tests/sim/nation.h"

#include <math.h>
#include <stdarg.h>
#include "node/core/core.h"

#define NO_GOAL -1.0

static void print_json(const struct nation *w, const struct nation_figure *f)
{
	printf("{\"seed\":%llu,\"nodes\":%u,\"phase\":\"%s\",\"what\":\"%s\",\"unit\":\"%s\","
	       "\"value\":",
	       (unsigned long long)w->options.seed, w->count, f->phase, f->what, f->unit);
	printf(isfinite(f->value) ? "%.3f" : "null", f->value);
	if (f->most >= 0)
		printf(",\"goal\":%.3f,\"reached\":%s", f->most,
		       f->value <= f->most ? "true" : "false");
	printf("}\n");
}

static void print_text(const struct nation_figure *f)
{
	char goal[48] = "";

	if (f->most >= 0)
		snprintf(goal, sizeof goal, "<= %-10.6g %s", f->most,
			 f->value <= f->most ? "reached" : "MISSED");
	printf("  %-9s %-48s %12.6g %-7s %s\n", f->phase, f->what, f->value, f->unit, goal);
}

static void add(struct nation *w, const char *phase, double value, double most, const char *unit,
		const char *format, va_list args)
{
	struct nation_figure *f;

	if (w->figure_count == w->figure_capacity) {
		w->figure_capacity = w->figure_capacity ? w->figure_capacity * 2 : 64;
		w->figure = viz_core_grow(w->figure, w->figure_capacity, sizeof *w->figure);
	}
	f = &w->figure[w->figure_count++];
	*f = (struct nation_figure){.phase = phase, .unit = unit, .value = value, .most = most};
	vsnprintf(f->what, sizeof f->what, format, args);
	if (w->options.json)
		print_json(w, f);
	else
		print_text(f);
	fflush(stdout);
}

void nation_figure(struct nation *w, const char *phase, double value, const char *unit,
		   const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(w, phase, value, NO_GOAL, unit, format, args);
	va_end(args);
}

void nation_goal(struct nation *w, const char *phase, double value, double most, const char *unit,
		 const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(w, phase, value, most, unit, format, args);
	va_end(args);
	w->missed += value > most;
}

void nation_table_missed(const struct nation *w)
{
	for (size_t i = 0; i < w->figure_count; i++) {
		const struct nation_figure *f = &w->figure[i];

		if (f->most >= 0 && f->value > f->most)
			fprintf(stderr,
				"sim: nation, seed %llu, %u nodes: %s: %s: %g %s, and the goal is "
				"%g\n",
				(unsigned long long)w->options.seed, w->count, f->phase, f->what,
				f->value, f->unit, f->most);
	}
}
