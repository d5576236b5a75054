/* The state of the net of a nation: links, and how many hold the same. */
#include "tests/sim/nation.h"

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

double nation_cpu_seconds(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
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
	    equal;     /* nodes; with a tree; of these with the most frequent root */
	unsigned away; /* they are to come back */
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

		s.away += !c && !w->node[i].gone;
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
		printf(
		    "  +%lld s: %u run, links %u (least %u, %u with 8), equal roots %u of %u, "
		    "longest queue %zu; %llu frames, %llu batches of %.0f us; %.0f s of CPU, %.2f "
		    "GiB, "
		    "%.0f KiB a store, %.0f KiB a view\n",
		    (long long)(w->now - w->began) / 1000, w->running, s.middle, s.least, s.enough,
		    s.equal, s.honest, w->longest_queue, (unsigned long long)w->frames,
		    (unsigned long long)w->batches,
		    w->cpu_core * 1e6 / (double)(w->batches + !w->batches), nation_cpu_seconds(),
		    (double)nation_resident_bytes() / (1 << 30), (double)own / w->count / 1024,
		    (double)view / w->count / 1024);
	fflush(stdout);
}

void nation_title(const struct nation *w, const char *phase, const char *what)
{
	if (!w->options.json)
		printf("%s: %s\n", phase, what);
	fflush(stdout);
}

void nation_settle(struct nation *w, const char *phase, int64_t from, bool links)
{
	int64_t every = 5000;
	struct state s;

	do {
		nation_run_until(w, w->now + every);
		s = look(w);
		if ((w->now - from) % 60000 == 0)
			nation_print_state(w, phase);
	} while ((s.away > 0 || s.equal < s.honest || (links && s.enough < s.honest)) &&
		 w->now < from + 2 * NATION_SETTLED_MS);
	nation_print_state(w, phase);
	nation_goal(w, phase, s.away, 0, "", "nodes that have not come back");
	nation_goal(w, phase, s.honest - s.equal, 0, "", "nodes with another root");
	if (links)
		nation_goal(w, phase, s.honest - s.enough, 0, "", "nodes with fewer than 8 links");
	nation_goal(w, phase, (double)(w->now - from) / 1000, NATION_SETTLED_MS / 1000, "s",
		    links ? "until roots are equal and all have links" : "until roots are equal");
}

/* ---- who is connected ---- */

static unsigned walk(struct nation *w, bool *seen, unsigned first, unsigned *queue)
{
	unsigned count = 0;

	seen[first] = true;
	queue[count++] = first;
	for (unsigned head = 0; head < count; head++) {
		const struct nation_node *n = &w->node[queue[head]];
		const struct viz_links *l = &n->core->net.links;

		nation_enter(&w->node[queue[head]]);
		for (size_t i = 0; i < l->count; i++) {
			unsigned k = nation_peer(w, l->list[i].number);

			if (l->list[i].guest || l->list[i].closing || seen[k] || !w->node[k].core ||
			    w->node[k].lie != NATION_HONEST)
				continue;
			seen[k] = true;
			queue[count++] = k;
		}
	}
	return count;
}

unsigned nation_apart(struct nation *w)
{
	bool *seen = calloc(w->count, sizeof *seen);
	unsigned *queue = viz_core_alloc(w->count * sizeof *queue), all = 0, most = 0;

	VIZ_REQUIRE(seen);
	for (unsigned i = 0; i < w->count; i++) {
		unsigned part = 0;

		if (!w->node[i].core || w->node[i].lie != NATION_HONEST)
			continue;
		all++;
		if (!seen[i])
			part = walk(w, seen, i, queue);
		most = part > most ? part : most;
	}
	free(seen);
	free(queue);
	return all - most;
}
