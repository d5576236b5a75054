#include "node/gossip/differ.h"

#include "node/core/core.h"
#include "node/gossip/compare.h"
#include "node/gossip/gossip.h"
#include "node/link/budget.h"
#include "node/link/link.h"
#include "node/link/net.h"
#include "node/trust/member.h"
#include "node/trust/sketch.h"
#include "node/trust/tree.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/message.h"
#include "proto/record.h"

/* The marks that one of both has, ascending. */
struct marks {
	const struct viz_message_buckets *theirs;
	uint64_t *list;
	size_t count;
};

/* The marks of one author: those from `i` on. */
struct group {
	const struct viz_member *m; /* NULL: we know none, or more than one */
	unsigned bucket;
	size_t i, end;
};

/* ---- authors ---- */

/* The next author of whom something differs. */
static bool next_group(const struct viz_trust *trust, const struct marks *x, struct group *g)
{
	struct viz_id author = {{0}};

	g->i = g->end;
	if (g->i == x->count)
		return false;
	viz_sketch_author(author.b, x->list[g->i]);
	while (g->end < x->count && x->list[g->end] >> 40 == x->list[g->i] >> 40)
		g->end++;
	g->bucket = viz_tree_bucket(&author);
	g->m = viz_tree_only(trust, author.b, x->theirs->hour);
	return true;
}

static bool is_ours(const struct viz_core *core, const struct marks *x, const struct group *g,
		    size_t i)
{
	return viz_tree_has_mark(core, g->m, x->list[i], x->theirs->hour);
}

/* Whether the next two marks stand at one place. */
static bool is_pair(const struct marks *x, const struct group *g, size_t i)
{
	return i + 1 < g->end && viz_sketch_same_place(x->list[i], x->list[i + 1]);
}

/* Whether the peer lacks the author: it has no NODE of it. */
static bool is_lacking(const struct viz_core *core, const struct marks *x, const struct group *g)
{
	return viz_sketch_type(x->list[g->i]) == VIZ_TYPE_NODE && !is_pair(x, g, g->i) &&
	       is_ours(core, x, g, g->i);
}

/* ---- places ---- */

static void note(struct viz_item *list, size_t *count, const struct viz_member *m, uint64_t mark)
{
	list[(*count)++] = (struct viz_item){
	    .author = m->id, .type = viz_sketch_type(mark), .slot = viz_sketch_slot(mark)};
}

static void want(struct viz_trust *trust, struct viz_differ *out, const struct viz_member *m,
		 uint64_t mark)
{
	if (viz_member_accepted(trust, m, viz_sketch_type(mark)) &&
	    viz_budget_may_renew(trust, m, viz_sketch_type(mark), viz_sketch_slot(mark)))
		note(out->want, &out->want_count, m, mark);
}

/* Both hold something else at a place: the ages say which is newer, if they can. */
static void note_pair(struct viz_trust *trust, struct viz_differ *out, const struct viz_member *m,
		      uint64_t theirs, uint64_t ours)
{
	int age = viz_sketch_age(theirs, ours);

	if (age >= 0)
		want(trust, out, m, theirs);
	if (age <= 0)
		note(out->push, &out->push_count, m, ours);
}

/* What we lack, and what the peer lacks. One that leaves out or has pruned somebody finds by itself
 * what it lacks and takes. */
static void note_group(struct viz_trust *trust, struct viz_differ *out, const struct marks *x,
		       const struct group *g)
{
	for (size_t i = g->i; i < g->end; i++) {
		uint64_t mark = x->list[i];
		bool ours = is_ours(trust->core, x, g, i);

		if (is_pair(x, g, i) && ours != is_ours(trust->core, x, g, i + 1)) {
			uint64_t other = x->list[++i];

			note_pair(trust, out, g->m, ours ? other : mark, ours ? mark : other);
		} else if (!ours) {
			want(trust, out, g->m, mark);
		} else if (x->theirs->whole) {
			note(out->push, &out->push_count, g->m, mark);
		}
	}
}

/* ---- buckets ---- */

static void list_bucket(struct viz_differ *out, unsigned bucket)
{
	out->lists += !out->list[bucket];
	out->list[bucket] = true;
}

static void list_all(struct viz_differ *out, const struct viz_message_buckets *theirs,
		     const struct viz_tree_hour *tree)
{
	for (unsigned b = 0; b < VIZ_TREE_BUCKETS; b++)
		if (theirs->piece[b] != tree->hash[b][theirs->cut])
			list_bucket(out, b);
}

/* Whom one of both lacks is found by the lists of its bucket. Then these show the others in it,
 * too. */
static void find_by_marks(struct viz_differ *out, struct viz_trust *trust, const struct marks *x)
{
	struct group g = {.end = 0};

	while (next_group(trust, x, &g))
		if (!g.m || (x->theirs->whole && is_lacking(trust->core, x, &g)))
			list_bucket(out, g.bucket);
	out->capacity = x->count;
	out->want = viz_core_alloc(x->count * sizeof *out->want + 1);
	out->push = viz_core_alloc(x->count * sizeof *out->push + 1);
	g.end = 0;
	while (next_group(trust, x, &g))
		if (g.m && !g.m->items.left_out && !out->list[g.bucket])
			note_group(trust, out, x, &g);
}

/* ---- the sketch ---- */

/* What both sketches show. False: not all of it can be read, and *differing is about how many marks
 * there are. */
static bool read_marks(const struct viz_trust *trust, struct marks *x, size_t *differing)
{
	const struct viz_message_buckets *t = x->theirs;
	unsigned cells = (unsigned)(t->sketch_len / VIZ_SKETCH_BYTES(1));
	uint8_t *sketch = viz_core_alloc(t->sketch_len + 1), parities[VIZ_SKETCH_PARITIES];
	bool whole;

	viz_tree_sketch(trust, t->hour, cells, sketch, parities);
	for (size_t i = 0; i < t->sketch_len; i++)
		sketch[i] ^= t->sketch[i];
	for (size_t i = 0; i < sizeof parities; i++)
		parities[i] ^= t->parities[i];
	x->list = viz_core_alloc((size_t)cells * VIZ_SKETCH_ROWS * sizeof *x->list + 1);
	whole = viz_sketch_read(x->list, &x->count, sketch, cells);
	*differing = viz_sketch_count(parities);
	free(sketch);
	return whole;
}

/* How many cells to ask for instead; 0: no sketch helps. One that was as large as its parities
 * asked for and shows nothing was made so, and there is none for an hour. */
static uint16_t more_cells(const struct viz_core *core, struct viz_link *link, size_t differing)
{
	size_t cells = viz_sketch_cells(differing);

	if (link->tree_cells != VIZ_SKETCH_FIRST) {
		link->sketch_after = viz_after(core->now, viz_tree_hour_ms(core));
		return 0;
	}
	if (cells < 2 * VIZ_SKETCH_FIRST)
		cells = 2 * VIZ_SKETCH_FIRST;
	return cells <= VIZ_SKETCH_MOST ? (uint16_t)cells : 0;
}

/* Whether the lists are due though the sketch shows nothing to do: two records of an author can
 * have one mark, when it has sought for that. */
static bool are_lists_due(const struct viz_core *core, struct viz_link *link)
{
	if (core->now.ms < link->listed_at.ms + viz_tree_hour_ms(core))
		return false;
	link->listed_at = core->now;
	return true;
}

void viz_differ_find(struct viz_differ *out, struct viz_net *net, struct viz_link *link,
		     const struct viz_message_buckets *theirs, const struct viz_tree_hour *tree)
{
	struct marks x = {.theirs = theirs};
	size_t differing;

	memset(out, 0, sizeof *out);
	if (theirs->sketch_len == 0) {
		list_all(out, theirs, tree);
	} else if (!read_marks(net->trust, &x, &differing)) {
		net->gossip->repair.unread++;
		out->more = more_cells(net->core, link, differing);
		if (out->more == 0)
			list_all(out, theirs, tree);
	} else if (!viz_budget_repair(net, link, x.count * VIZ_COMPARE_ITEM_COST)) {
		link->behind = true;
	} else {
		net->gossip->repair.read++;
		find_by_marks(out, net->trust, &x);
		if (out->want_count + out->push_count + out->lists == 0 &&
		    are_lists_due(net->core, link))
			list_all(out, theirs, tree);
	}
	free(x.list);
}
