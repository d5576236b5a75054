/* A year of a nation: each day customers move, nodes go and come back, plants change, keys are
 * rotated, clocks are set wrong, older states are put back, and each quarter all take a new
 * version. */
#include "tests/sim/nation.h"

#include <jansson.h>
#include <malloc.h>
#include "node/core/core.h"
#include "node/state.h"
#include "proto/base.h"

#define OFFER_DAYS 2 /* of an origin: an offer each so many days */
/* how often in all days, whose number may be smaller than of a year */
#define DOWN_TIMES    12 /* a node goes */
#define PLANT_TIMES   18 /* its coverage changes */
#define CLOCK_TIMES   2  /* its clock is set wrong */
#define COPY_TIMES    2  /* a copy of its state is made */
#define BACK_TIMES    12 /* it is put back, if there is one */
#define KEY_TIMES     1
#define CLOCK_MOST_MS (2 * VIZ_DAY_MS) /* and an hour */
#define UPGRADES      4
#define WHOLE_DAYS                                                                                 \
	300 /* of so many and more the end is to be as the middle: old leads are gone by then */
#define HOUR_STEPS 24
#define ASKS_MAX   64 /* steps in which a long list comes */

/* What is open of one day, and what has been. */
struct year {
	unsigned day;
	char **lead; /* of each node: its last offer; owned */
	unsigned offers, refused, chosen, called, installed, restarts, plants, rotations, clocks,
	    copies, restores, upgrades;
	double store[4], heap[4]; /* the most of each quarter, bytes */
};

static bool often(struct nation *w, unsigned times)
{
	return sim_below(&w->rng, w->options.days) < times;
}

/* Some time of this day but its last two hours. */
static int64_t today(struct nation *w)
{
	return w->now + (int64_t)sim_below(&w->rng, VIZ_DAY_MS - 2 * VIZ_HOUR_MS);
}

static void plan(struct nation *w, int64_t at, enum nation_kind kind, const struct nation_node *n,
		 int64_t a)
{
	nation_plan(w, at, (struct nation_task){.kind = kind, .node = n->index, .a = (uint64_t)a});
}

/* ---- the staff ---- */

/* A list that comes in several batches is waited for. */
static json_t *ask(struct nation *w, struct nation_node *n, const char *json)
{
	const char *text = nation_ask(w, n, json);
	json_t *reply, *result;

	for (unsigned i = 0; i < ASKS_MAX && n->core && !n->reply; i++) {
		nation_run_until(w, w->now + 100);
		text = n->reply ? n->reply : "";
	}
	reply = json_loads(text, 0, NULL);
	result = json_incref(json_object_get(reply, "result"));
	json_decref(reply);
	return result;
}

static bool about(struct nation *w, struct nation_node *n, const char *op, const char *id,
		  const char *more)
{
	char json[512];
	json_t *result;
	bool ok;

	snprintf(json, sizeof json, "{\"op\":\"inbox.%s\",\"args\":{\"lead\":\"%s\"%s}}", op, id,
		 more);
	result = ask(w, n, json);
	ok = result != NULL;
	json_decref(result);
	return ok;
}

/* Customers who chose us are called, and are installed the next day. The first look at a contact
 * asks the origin. */
static void work(struct nation *w, struct year *y, struct nation_node *n)
{
	json_t *result = ask(w, n, "{\"op\":\"inbox.list\",\"args\":{}}"), *entry;
	size_t i;

	json_array_foreach(json_object_get(result, "entries"), i, entry)
	{
		const char *id = json_string_value(json_object_get(entry, "id"));
		const char *state = json_string_value(json_object_get(entry, "state"));

		if (strcmp(state, "contacted") == 0)
			y->installed += about(w, n, "outcome", id,
					      ",\"outcome\":\"installed\",\"days_offline\":2");
		if (strcmp(state, "awarded") != 0 || !about(w, n, "show", id, ""))
			continue;
		nation_run_until(w, w->now + 1000);
		y->called += about(w, n, "contacted", id, "");
	}
	json_decref(result);
}

static void choose_all(struct nation *w, struct year *y)
{
	for (unsigned i = 0; i < w->count; i++) {
		if (y->lead[i] && w->node[i].core)
			y->chosen += nation_choose(w, &w->node[i], y->lead[i]);
		free(y->lead[i]);
		y->lead[i] = NULL;
	}
}

static void offer_some(struct nation *w, struct year *y)
{
	for (unsigned i = 0; i < w->count; i++) {
		struct nation_node *n = &w->node[i];

		if (!n->is_origin || !n->core || sim_below(&w->rng, OFFER_DAYS) != 0)
			continue;
		y->lead[i] = nation_offer(w, n, y->day * w->count + i);
		y->offers += y->lead[i] != NULL;
		y->refused += y->lead[i] == NULL;
	}
}

/* ---- what happens to a node ---- */

/* A copy of the state, or the last copy comes back; older ones than the last key fit no machine. */
static void copy_or_restore(struct nation *w, struct year *y, struct nation_node *n)
{
	if (!n->copy) {
		n->copy = sim_memory_copy(n->memory);
		n->copy_file = sim_file_copy(n->file);
		y->copies++;
		return;
	}
	nation_stop(w, n);
	sim_memory_free(n->memory);
	sim_file_free(n->file);
	n->memory = n->copy;
	n->file = n->copy_file;
	n->copy = NULL;
	n->copy_file = NULL;
	y->restores++;
	plan(w, w->now + 60000, NATION_START, n, 0);
}

static void drop_copy(struct nation_node *n)
{
	if (!n->copy)
		return;
	sim_memory_free(n->copy);
	sim_file_free(n->copy_file);
	n->copy = NULL;
	n->copy_file = NULL;
}

/* Hours or days off, for some hours. A process ends when its clock is set, and starts again. */
static void set_clock(struct nation *w, struct year *y, struct nation_node *n)
{
	int64_t off = VIZ_HOUR_MS + (int64_t)sim_below(&w->rng, CLOCK_MOST_MS);

	nation_stop(w, n);
	n->skew_ms = n->skew_ms ? 0 : sim_below(&w->rng, 2) ? off : -off;
	y->clocks += n->skew_ms != 0;
	plan(w, w->now + 1000, NATION_START, n, 0);
}

static void happen(struct nation *w, struct year *y, struct nation_node *n)
{
	if (often(w, DOWN_TIMES)) {
		plan(w, today(w), NATION_STOP, n, 600000 + (int64_t)sim_below(&w->rng, VIZ_DAY_MS));
		y->restarts++;
	}
	if (!n->core)
		return;
	if (often(w, PLANT_TIMES)) {
		nation_cover(w, n);
		y->plants++;
	}
	if (n->skew_ms || often(w, CLOCK_TIMES)) {
		set_clock(w, y, n);
	} else if (n->copy ? often(w, BACK_TIMES) : often(w, COPY_TIMES)) {
		copy_or_restore(w, y, n);
	} else if (often(w, KEY_TIMES)) {
		nation_rotate(w, n);
		drop_copy(n);
		y->rotations++;
	}
}

/* All start again within an hour: a new version. */
static void upgrade(struct nation *w, struct year *y)
{
	y->upgrades++;
	for (unsigned i = 0; i < w->count; i++)
		plan(w, w->now + (int64_t)sim_below(&w->rng, VIZ_HOUR_MS), NATION_STOP, &w->node[i],
		     2000);
}

/* ---- a day ---- */

static void look(struct nation *w, struct year *y)
{
	unsigned quarter = y->day * 4 / w->options.days;
	double store = 0, heap = (double)mallinfo2().uordblks;

	for (unsigned i = 0; i < w->count; i++)
		store += (double)sim_memory_bytes(w->node[i].memory);
	if (store > y->store[quarter])
		y->store[quarter] = store;
	if (heap > y->heap[quarter])
		y->heap[quarter] = heap;
}

static void day(struct nation *w, struct year *y)
{
	int64_t began = w->now;

	if (y->day % (w->options.days / UPGRADES + 1) == w->options.days / UPGRADES)
		upgrade(w, y);
	for (unsigned hour = 0; hour < HOUR_STEPS; hour++) {
		unsigned from = w->count * hour / HOUR_STEPS,
			 to = w->count * (hour + 1) / HOUR_STEPS;

		for (unsigned i = from; i < to; i++)
			happen(w, y, &w->node[i]);
		if (hour == 9)
			offer_some(w, y);
		if (hour == 10)
			choose_all(w, y);
		for (unsigned i = 0; hour == 12 && i < w->count; i++)
			if (w->node[i].core)
				work(w, y, &w->node[i]);
		nation_run_until(w, began + (int64_t)(hour + 1) * VIZ_HOUR_MS);
	}
	look(w, y);
}

/* ---- the end ---- */

/* Contradictions that honest nodes hold: nobody has lied. */
static unsigned accused(struct nation *w)
{
	unsigned all = 0;

	for (unsigned i = 0; i < w->count; i++) {
		struct nation_node *n = &w->node[i];
		json_t *result, *origin;
		size_t k;

		if (!n->core)
			continue;
		result = ask(w, n, "{\"op\":\"audit.show\",\"args\":{}}");
		json_array_foreach(json_object_get(result, "origins"), k, origin) all +=
		    (unsigned)json_integer_value(json_object_get(origin, "contradiction_count"));
		json_decref(result);
	}
	return all;
}

static void tell(struct nation *w, const struct year *y)
{
	const struct {
		const char *what;
		unsigned count;
	} counts[] = {{"offers made", y->offers},          {"offers refused", y->refused},
		      {"customers who chose", y->chosen},  {"of them called", y->called},
		      {"of them installed", y->installed}, {"times that a node went", y->restarts},
		      {"plants changed", y->plants},       {"keys changed", y->rotations},
		      {"clocks set wrong", y->clocks},     {"copies of a state made", y->copies},
		      {"copies put back", y->restores},    {"upgrades of all", y->upgrades}};

	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
		nation_figure(w, "year", counts[i].count, "", "%s", counts[i].what);
	for (unsigned q = 0; q < 4; q++) {
		nation_figure(w, "year", y->store[q] / w->count / 1024, "KiB",
			      "a store, the most in quarter %u", q + 1);
		nation_figure(w, "year", y->heap[q] / w->count / 1024, "KiB",
			      "memory of a node, the most in quarter %u", q + 1);
	}
	if (w->options.days < WHOLE_DAYS)
		return;
	nation_goal(w, "year", 100 * y->store[3] / y->store[1], 110, "%",
		    "the last quarter's stores, of the second's");
	nation_goal(w, "year", 100 * y->heap[3] / y->heap[1], 110, "%",
		    "the last quarter's memory, of the second's");
}

void nation_year(struct nation *w)
{
	struct year y = {.lead = calloc(w->count, sizeof *y.lead)};
	char what[120];

	VIZ_REQUIRE(y.lead);
	snprintf(what, sizeof what,
		 "%u days of %u nodes, %u of them origins; links compare once an hour",
		 w->options.days, w->count, w->options.origins);
	nation_title(w, "year", what);
	nation_watch_free(w);
	w->watching = false;
	w->coarse = true;
	for (; y.day < w->options.days; y.day++) {
		day(w, &y);
		if ((y.day + 1) % 7 == 0)
			nation_print_state(w, "year");
	}
	for (unsigned i = 0; i < w->count; i++) {
		if (w->node[i].core && w->node[i].skew_ms)
			set_clock(w, &y, &w->node[i]);
		w->node[i].skew_ms = 0;
		drop_copy(&w->node[i]);
		free(y.lead[i]);
	}
	free(y.lead);
	/* who was put back begins again on the next day, who went comes back within one, and what a
	 * clock ahead has dated others take when it is time */
	nation_run_until(w, w->now + 2 * CLOCK_MOST_MS);
	w->coarse = false;
	nation_settle(w, "year", w->now, true);
	nation_goal(w, "year", accused(w), 0, "", "contradictions of honest nodes");
	tell(w, &y);
}
