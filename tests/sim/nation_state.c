/* The state of the net of a nation: links, and how many hold the same. */
#include "tests/sim/nation.h"

#include <stdarg.h>
#include <time.h>
#include "node/core/core.h"
#include "node/state.h"
#include "proto/base.h"

double nation_seconds(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

uint64_t nation_resident_bytes(void)
{
	unsigned long long pages = 0;
	FILE *f = fopen("/proc/self/statm", "r");

	if (f && fscanf(f, "%*u %llu", &pages) != 1)
		pages = 0;
	if (f)
		fclose(f);
	return pages * 4096;
}

/* ---- the state of the net ---- */

struct state {
	unsigned least, middle, enough; /* links, nodes with 8 of them */
	unsigned honest, ready,
	    equal; /* nodes; with a tree; of these with the most frequent root */
};

static int by_root(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct viz_id));
}

static int by_number(const void *a, const void *b)
{
	unsigned x = *(const unsigned *)a, y = *(const unsigned *)b;

	return (x > y) - (x < y);
}

static unsigned links_of(const struct nation_node *n)
{
	const struct viz_links *l = &n->core->net.links;
	unsigned full = 0;

	for (size_t i = 0; i < l->count; i++)
		full += !l->list[i].guest && !l->list[i].closing;
	return full;
}

static struct state look(struct nation *w)
{
	struct viz_id *root = viz_core_alloc(w->count * sizeof *root);
	unsigned *links = viz_core_alloc(w->count * sizeof *links), n = 0, row = 0;
	struct state s = {.least = 0};

	for (unsigned i = 0; i < w->count; i++) {
		struct viz_node *c = w->node[i].core;
		const struct viz_tree_hour *t;

		if (!c || w->node[i].lie != NATION_HONEST)
			continue;
		s.honest++;
		nation_enter(&w->node[i]);
		links[n++] = links_of(&w->node[i]);
		s.enough += links[n - 1] >= 8;
		if (!viz_tree_ready(&c->trust))
			continue;
		t = viz_tree_at(&c->trust, viz_tree_hour_of(&c->core, (struct viz_time){w->now}));
		if (t && t->root_known)
			root[s.ready++] = t->root;
	}
	qsort(links, n, sizeof *links, by_number);
	qsort(root, s.ready, sizeof *root, by_root);
	for (unsigned i = 0; i < s.ready; i++) {
		row = i > 0 && viz_id_eq(&root[i], &root[i - 1]) ? row + 1 : 1;
		s.equal = row > s.equal ? row : s.equal;
	}
	s.least = n ? links[0] : 0;
	s.middle = n ? links[n / 2] : 0;
	free(root);
	free(links);
	return s;
}

void nation_print_state(struct nation *w, const char *phase)
{
	struct state s = look(w);
	uint64_t own = 0, view = 0;

	for (unsigned i = 0; i < w->count; i++) {
		own += sim_memory_bytes(w->node[i].memory);
		view += w->node[i].view ? sim_view_bytes(w->node[i].view) : 0;
	}
	if (w->options.json)
		printf("{\"phase\":\"%s\",\"at_s\":%lld,\"running\":%u,\"links_least\":%u,"
		       "\"links\":%u,\"equal\":%u,\"of\":%u,\"longest_queue\":%zu,"
		       "\"resident\":%llu}\n",
		       phase, (long long)(w->now - w->began) / 1000, w->running, s.least, s.middle,
		       s.equal, s.honest, w->longest_queue,
		       (unsigned long long)nation_resident_bytes());
	else
		printf("  +%lld s: %u run, links %u (least %u, %u with 8), equal roots %u of %u, "
		       "longest queue %zu; %llu frames, %llu batches of %.0f us; %.0f s, %.2f GiB, "
		       "%.0f KiB a store, %.0f KiB a view\n",
		       (long long)(w->now - w->began) / 1000, w->running, s.middle, s.least,
		       s.enough, s.equal, s.honest, w->longest_queue, (unsigned long long)w->frames,
		       (unsigned long long)w->batches,
		       w->cpu_core * 1e6 / (double)(w->batches + !w->batches),
		       nation_seconds() - w->begun_s, (double)nation_resident_bytes() / (1 << 30),
		       (double)own / w->count / 1024, (double)view / w->count / 1024);
	fflush(stdout);
}

void nation_title(const struct nation *w, const char *phase, const char *what)
{
	if (!w->options.json)
		printf("%s: %s\n", phase, what);
	fflush(stdout);
}

int64_t nation_settle(struct nation *w, const char *phase, int64_t most_ms)
{
	int64_t from = w->now, every = 5000;

	while (w->now < from + most_ms) {
		struct state s;

		nation_run_until(w, w->now + every);
		s = look(w);
		if (s.equal == s.honest) {
			nation_print_state(w, phase);
			return w->now - from;
		}
		if ((w->now - from) % 60000 == 0)
			nation_print_state(w, phase);
	}
	nation_print_state(w, phase);
	return -1;
}

void nation_goal(struct nation *w, const char *phase, bool reached, const char *format, ...)
{
	va_list args;

	if (reached)
		return;
	w->missed++;
	fflush(stdout);
	fprintf(stderr,
		"sim: nation, seed %llu, %u nodes: %s: ", (unsigned long long)w->options.seed,
		w->count, phase);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, "\n");
}
