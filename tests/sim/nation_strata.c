/* Strata in a nation: a circle record is held by its origin and the partners of that one alone, by
 * all of them, and sent to nobody else (I9). Each record is looked at when a node holds it and when
 * it comes over a link; whole stores are looked at after the offers. */
#include "tests/sim/nation.h"

#include "node/core/core.h"
#include "node/core/place.h"
#include "proto/base.h"
#include "proto/message.h"
#include "proto/protest.h"
#include "proto/reader.h"
#include "proto/record.h"
#include "store/store.h"

/* Whose circle the record is of. */
static struct viz_id origin_of(const struct viz_record *rec)
{
	struct viz_protest protest;

	if (rec->type == VIZ_TYPE_PROTEST && viz_protest_parse(&protest, rec) == VIZ_OK)
		return protest.origin;
	return rec->author;
}

static bool is_in(const struct nation *w, const struct nation_node *n, const struct viz_id *origin)
{
	if (viz_id_eq(origin, &n->author))
		return true;
	for (size_t i = 0; i < n->partner_count; i++)
		if (viz_id_eq(&w->node[n->partner[i]].author, origin))
			return true;
	return false;
}

void nation_strata_held(struct nation *w, const struct viz_record *rec)
{
	const struct nation_node *n = w->stepping;
	struct viz_id origin = origin_of(rec);

	w->circle_held++;
	if (is_in(w, n, &origin))
		return;
	fprintf(stderr, "sim: I9 is broken at +%lld ms: N%u holds a %s of a circle of others\n",
		(long long)(w->now - w->began), n->index, viz_record_type_name(rec->type));
	w->outside++;
}

void nation_strata_sent(struct nation *w, const struct nation_node *to,
			const struct viz_record *rec)
{
	struct viz_id origin = origin_of(rec);

	w->circle_sent++;
	if (is_in(w, to, &origin))
		return;
	fprintf(stderr, "sim: I9 is broken at +%lld ms: N%u is sent a %s of a circle of others\n",
		(long long)(w->now - w->began), to->index, viz_record_type_name(rec->type));
	w->sent_outside++;
}

/* ---- whole stores ---- */

struct counts {
	unsigned *signed_by; /* by node: records of its own circle that it has signed */
	unsigned outside, lacking;
};

/* Calls for each circle record that the node's store has. Nothing of them stands in the base. */
static void each(const struct nation_node *n,
		 void (*one)(void *, const struct nation_node *, const struct viz_record *),
		 void *x)
{
	struct viz_slice key, value;
	bool gone;

	for (size_t i = 0; sim_memory_own(n->memory, &key, &value, &gone, VIZ_TABLE_RECORD, i);
	     i++) {
		struct viz_record rec;
		struct viz_held held;

		if (gone || !viz_record_is_write_once(key.p[32]))
			continue;
		VIZ_REQUIRE(viz_place_row_read(&held, value.p, value.len) == VIZ_OK &&
			    viz_record_parse(&rec, held.a, held.a_len) == VIZ_OK);
		one(x, n, &rec);
	}
}

static void count_own(void *x, const struct nation_node *n, const struct viz_record *rec)
{
	struct counts *c = x;

	c->signed_by[n->index] +=
	    rec->type != VIZ_TYPE_PROTEST && viz_id_eq(&rec->author, &n->author);
}

struct circle {
	const struct nation *w;
	const struct nation_node *origin;
	unsigned held, outside;
};

static void count_circle(void *x, const struct nation_node *n, const struct viz_record *rec)
{
	struct circle *c = x;
	struct viz_id origin = origin_of(rec);

	c->held += rec->type != VIZ_TYPE_PROTEST && c->origin &&
		   viz_id_eq(&rec->author, &c->origin->author);
	c->outside += !is_in(c->w, n, &origin);
}

static void look(const struct nation *w, struct counts *c, const struct nation_node *n)
{
	struct circle all = {.w = w};

	each(n, count_circle, &all);
	c->outside += all.outside;
	for (size_t i = 0; n->core && i < n->partner_count; i++) {
		struct circle one = {.w = w, .origin = &w->node[n->partner[i]]};

		if (c->signed_by[n->partner[i]] == 0)
			continue;
		each(n, count_circle, &one);
		c->lacking += c->signed_by[n->partner[i]] - one.held;
	}
}

static void print_hub(struct nation *w, struct nation_node *n, const struct counts *c,
		      const char *phase)
{
	unsigned circles = c->signed_by[n->index] > 0, of_circles = 0, of_all = 0;
	struct viz_slice key, value;
	struct viz_walk walk;

	for (size_t i = 0; i < n->partner_count; i++)
		circles += c->signed_by[n->partner[i]] > 0;
	nation_enter(n);
	VIZ_REQUIRE(viz_store_begin(n->store) == VIZ_OK);
	viz_walk_init(&walk, n->store, VIZ_TABLE_RECORD, NULL, 0);
	while (viz_walk_next(&walk, &key, &value))
		*(viz_record_is_write_once(key.p[32]) ? &of_circles : &of_all) += 1;
	viz_store_abort(n->store);
	nation_figure(w, phase, (double)n->partner_count, "", "partners of the node with the most");
	nation_figure(w, phase, circles, "", "circles with offers that it is in");
	nation_figure(w, phase, of_circles, "", "circle records that it holds");
	nation_figure(w, phase, of_all, "", "federation records that it holds");
}

void nation_strata_look(struct nation *w, const char *phase)
{
	struct counts c = {.signed_by = calloc(w->count, sizeof *c.signed_by)};
	struct nation_node *most = NULL;
	unsigned circles = 0;

	VIZ_REQUIRE(c.signed_by);
	for (unsigned i = 0; i < w->count; i++) {
		struct nation_node *n = &w->node[i];

		if (n->is_origin)
			each(n, count_own, &c);
		circles += c.signed_by[i] > 0;
		if (n->core && (!most || n->partner_count > most->partner_count))
			most = n;
	}
	for (unsigned i = 0; i < w->count; i++)
		look(w, &c, &w->node[i]);
	nation_figure(w, phase, circles, "", "circles with offers");
	nation_goal(w, phase, c.outside, 0, "", "circle records in stores of others");
	nation_goal(w, phase, c.lacking, 0, "", "circle records that a partner lacks");
	print_hub(w, most, &c, phase);
	free(c.signed_by);
}
