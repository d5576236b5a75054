#include "node/gossip/compare.h"

#include "node/core/core.h"
#include "node/gossip/spread.h"
#include "node/link/budget.h"
#include "node/link/link.h"
#include "node/link/net.h"
#include "node/link/remote.h"
#include "node/trust/items.h"
#include "node/trust/member.h"
#include "node/trust/prune.h"
#include "node/trust/tree.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/message.h"
#include "proto/reader.h"
#include "proto/record.h"
#include "proto/writer.h"

#define TREE_EVERY_MS 300   /* between a peer's TREEs, or we ignore them */
#define TREE_COST     256   /* bytes of its budget, beside the answer's; */
#define HASHED_MAX    65536 /* likewise for buckets that it makes us hash, at most */
#define SKETCH_COST   4096  /* of BUCKETS, beside its sketch */
#define ENTRY_COST    8     /* of an author that it lists, or that we look at for it */
#define LOOKED        64    /* of these at a time */
#define GROUP_MAX     64
#define MESSAGE_BYTES 60000 /* a message is sent when it has so many */

/* ---- forms ---- */

void viz_compare_entry(uint8_t out[VIZ_TREE_ENTRY], const struct viz_id *author,
		       const struct viz_id sets[2], uint8_t cut)
{
	viz_be_put_u16(out, (uint16_t)viz_tree_tail(author));
	memcpy(out + 2, sets[0].b + (size_t)2 * cut, 2);
	memcpy(out + 4, sets[1].b + (size_t)2 * cut, 2);
}

void viz_compare_item(uint8_t out[VIZ_TREE_ITEM], const struct viz_items_place *place, uint8_t cut)
{
	out[0] = place->type;
	out[1] = place->slot;
	viz_be_put_u16(out + 2, (uint16_t)(place->seq >> 24));
	memcpy(out + 4, place->item.b + (size_t)3 * cut, 3);
}

/* ---- TREE ---- */

static void send_buckets(struct viz_trust *trust, struct viz_link *link,
			 const struct viz_tree_hour *tree, const struct viz_message_tree *t)
{
	struct viz_message_buckets *m = viz_core_alloc(sizeof *m);
	size_t max = sizeof *m + VIZ_SKETCH_BYTES(t->cells) + 32;
	uint8_t *buffer = viz_core_alloc(max);
	uint8_t *sketch = viz_core_alloc(VIZ_SKETCH_BYTES(t->cells) + 1);
	struct viz_writer w;

	m->hour = tree->hour;
	m->cut = t->cut;
	m->whole = trust->directory.prune_count == 0 && trust->leave.left_count == 0;
	for (size_t i = 0; i < VIZ_TREE_BUCKETS; i++)
		m->piece[i] = tree->hash[i][t->cut];
	m->sketch = sketch;
	m->sketch_len = VIZ_SKETCH_BYTES(t->cells);
	viz_tree_sketch(trust, tree->hour, t->cells, sketch, m->parities);
	viz_writer_init(&w, buffer, max);
	viz_message_buckets_write(&w, m);
	viz_spread_send_bulk(trust->core, link, &w);
	free(m);
	free(sketch);
	free(buffer);
}

/* One that asks for a larger sketch follows the one that was answered. */
static bool is_too_soon(const struct viz_core *core, struct viz_remote *peer, uint16_t cells)
{
	bool more = peer->tree_more && cells > VIZ_SKETCH_FIRST;

	if (!more && core->now.ms < peer->tree_after.ms)
		return true;
	peer->tree_after = viz_after(core->now, TREE_EVERY_MS);
	peer->tree_more = !more;
	return false;
}

void viz_compare_tree(struct viz_net *net, struct viz_link *link, struct viz_reader *r)
{
	struct viz_member *m = viz_member_find(net->trust, &link->peer);
	uint64_t hashed = net->trust->tree.hashed;
	const struct viz_tree_hour *tree;
	struct viz_message_tree t;

	viz_message_tree_read(r, &t);
	if (!viz_tree_ready(net->trust))
		link->behind = true; /* we begin ourselves when it is */
	if (viz_reader_finish(r) != VIZ_OK || !m || !viz_tree_ready(net->trust) ||
	    is_too_soon(net->core, viz_remote_ensure(net, m), t.cells) ||
	    !viz_budget_repair(net, link, TREE_COST))
		return;
	tree = viz_tree_at(net->trust, t.hour);
	hashed = (net->trust->tree.hashed - hashed) * ENTRY_COST;
	if (!tree || !viz_budget_repair(net, link, hashed < HASHED_MAX ? hashed : HASHED_MAX))
		return;
	if (viz_id_eq(&tree->root, &t.root))
		link->told = true;
	else if (viz_budget_repair(net, link, SKETCH_COST + VIZ_SKETCH_BYTES(t.cells)))
		send_buckets(net->trust, link, tree, &t);
}

/* ---- BUCKET ---- */

/* Authors with one tail, on both sides: mostly one, but ids can begin alike. Those that a side
 * leaves out are only counted. */
struct group {
	unsigned bucket, tail;
	const struct viz_member *member[GROUP_MAX];
	uint8_t ours[GROUP_MAX][VIZ_TREE_ENTRY], theirs[GROUP_MAX][VIZ_TREE_ENTRY];
	size_t our_count, their_count, left_out;
};

/* The answer to a BUCKET, as far as it is written. */
struct answer {
	struct viz_net *net;
	struct viz_link *link;
	struct viz_message_author *m;
	uint8_t *items; /* what m->author borrows */
	size_t bytes;
	uint8_t prefix[VIZ_REPAIR_LACKED_MAX][VIZ_TREE_PREFIX]; /* likewise */
	struct group group;
	size_t lacked; /* authors that we have asked for, or would have */
	size_t looked; /* authors that we have looked at, and not charged for */
	bool over;     /* the peer's budget is used up */
};

static void flush(struct answer *a, bool last)
{
	uint8_t *buffer;
	struct viz_writer w;

	if (a->m->count == 0 && !last)
		return;
	buffer = viz_core_alloc(VIZ_BODY_MAX);
	a->m->last = last;
	viz_writer_init(&w, buffer, VIZ_BODY_MAX);
	viz_message_author_write(&w, a->m);
	viz_spread_send_bulk(a->net->core, a->link, &w);
	free(buffer);
	a->m->count = 0;
	a->bytes = 0;
}

static struct viz_tree_author *next_author(struct answer *a, const uint8_t *id, size_t len)
{
	struct viz_tree_author *x;

	if (a->m->count == VIZ_TREE_AUTHORS_MAX ||
	    a->bytes + VIZ_TREE_ITEMS_MAX * VIZ_TREE_ITEM + 48 > MESSAGE_BYTES)
		flush(a, false);
	x = &a->m->author[a->m->count++];
	*x = (struct viz_tree_author){.author = id, .author_len = len};
	a->bytes += 48;
	return x;
}

static bool charge(struct answer *a, size_t cost)
{
	if (!a->over && !viz_budget_repair(a->net, a->link, cost))
		a->over = true;
	return !a->over;
}

/* Now and then. */
static bool charge_looked(struct answer *a)
{
	size_t n = a->looked;

	if (n < LOOKED)
		return !a->over;
	a->looked = 0;
	return charge(a, n * ENTRY_COST);
}

/* We lack an author that is listed. Of many we ask for some, and for none while we ask by a repair
 * of our own: by that we get the others in an order in which we can take them. */
static void lack(struct answer *a, unsigned bucket, unsigned tail)
{
	uint8_t *prefix;

	if (a->link->repairing)
		return;
	if (a->lacked++ >= VIZ_REPAIR_LACKED_MAX) {
		a->link->behind = true;
		return;
	}
	prefix = a->prefix[a->lacked - 1];
	prefix[0] = (uint8_t)(bucket >> 3);
	prefix[1] = (uint8_t)((bucket & 7) << 5 | tail >> 8);
	prefix[2] = (uint8_t)tail;
	next_author(a, prefix, VIZ_TREE_PREFIX);
}

/* The peer lacks it. */
static void offer(struct answer *a, const struct viz_member *m)
{
	if (charge(a, VIZ_COMPARE_AUTHOR_COST))
		next_author(a, m->id.b, sizeof m->id.b);
}

/* Our items of the sets that differ. Of one that is pruned we lack PARTNERS and COVERAGE, and do
 * not say so, or the peer would send them each time. By our own repairs we get what we want of it.
 */
static void show(struct answer *a, const struct viz_member *m, uint8_t sets, size_t len)
{
	struct viz_items_place place[VIZ_TREE_ITEMS_MAX];
	struct viz_time at = viz_tree_begins(a->net->core, a->m->hour);
	struct viz_tree_author *x;
	size_t n;

	if (viz_prune_refuses(m, VIZ_TYPE_PARTNERS))
		sets &= (uint8_t)~1u;
	if (sets == 0)
		return;
	if (!charge(a, VIZ_COMPARE_AUTHOR_COST))
		return;
	n = viz_items_places(a->net->trust, place, m, sets, at);
	charge(a, n * VIZ_COMPARE_ITEM_COST);
	x = next_author(a, m->id.b, len);
	x->sets = sets;
	x->items = a->items + a->bytes;
	x->items_len = n * VIZ_TREE_ITEM;
	for (size_t i = 0; i < n; i++)
		viz_compare_item(a->items + a->bytes + i * VIZ_TREE_ITEM, &place[i], a->m->cut);
	a->bytes += x->items_len;
}

static bool is_left_out(const uint8_t *entry)
{
	static const uint8_t zeros[4];

	return memcmp(entry + 2, zeros, sizeof zeros) == 0;
}

/* Our next authors of the group, from the position `*at` of the directory on. */
static void gather_ours(struct answer *a, struct group *g, size_t *at)
{
	const struct viz_directory *d = &a->net->trust->directory;

	for (; *at < d->count; ++*at) {
		const struct viz_member *m = d->list[*at];
		struct viz_id sets[2];

		if (viz_tree_bucket(&m->id) != g->bucket || viz_tree_tail(&m->id) != g->tail)
			return;
		if (!viz_tree_author(a->net->trust, sets, m, a->m->hour))
			continue;
		if (m->items.left_out) {
			g->left_out++;
		} else if (g->our_count < GROUP_MAX) {
			g->member[g->our_count] = m;
			viz_compare_entry(g->ours[g->our_count++], &m->id, sets, a->m->cut);
		}
	}
}

static void gather_theirs(struct group *g, const struct viz_tree_list *l, size_t *used)
{
	for (; *used < l->entries_len; *used += VIZ_TREE_ENTRY) {
		const uint8_t *entry = l->entries + *used;

		if (viz_be_get_u16(entry) != g->tail)
			return;
		if (is_left_out(entry))
			g->left_out++;
		else if (g->their_count < GROUP_MAX)
			memcpy(g->theirs[g->their_count++], entry, VIZ_TREE_ENTRY);
	}
}

static void answer_group(struct answer *a, const struct group *g)
{
	uint8_t sets = 3;

	if (g->our_count == g->their_count &&
	    memcmp(g->ours, g->theirs, g->our_count * VIZ_TREE_ENTRY) == 0)
		return;
	if (g->left_out > 0 && (g->our_count == 0 || g->their_count == 0))
		return;
	if (g->our_count == 1 && g->their_count == 1) {
		sets = (uint8_t)((memcmp(g->ours[0] + 2, g->theirs[0] + 2, 2) != 0) |
				 (memcmp(g->ours[0] + 4, g->theirs[0] + 4, 2) != 0) << 1);
		show(a, g->member[0], sets, VIZ_TREE_PREFIX);
		return;
	}
	/* Nobody can tell which ones are lacking: all are named. */
	for (size_t i = 0; i < g->our_count && !a->over; i++) {
		if (g->their_count == 0)
			offer(a, g->member[i]);
		else
			show(a, g->member[i], sets, sizeof g->member[i]->id.b);
	}
	if (g->their_count > g->our_count && g->left_out == 0)
		lack(a, g->bucket, g->tail);
}

/* The tail of the next author of ours in the range, or a larger one. */
static unsigned our_tail(const struct answer *a, const struct viz_tree_list *l, size_t at)
{
	const struct viz_directory *d = &a->net->trust->directory;

	if (at == d->count || viz_tree_bucket(&d->list[at]->id) != l->bucket)
		return VIZ_TREE_TAIL_MAX + 1;
	return viz_tree_tail(&d->list[at]->id);
}

/* Compares a list with our authors of the same range. */
static void answer_list(struct answer *a, const struct viz_tree_list *l)
{
	size_t at = viz_tree_position(a->net->trust, l->bucket, l->from), used = 0;

	charge(a, VIZ_COMPARE_AUTHOR_COST + l->entries_len / VIZ_TREE_ENTRY * ENTRY_COST);
	while (charge_looked(a)) {
		struct group *g = &a->group;
		size_t before = at;
		unsigned ours = our_tail(a, l, at), theirs = VIZ_TREE_TAIL_MAX + 1;

		if (used < l->entries_len)
			theirs = viz_be_get_u16(l->entries + used);
		g->bucket = l->bucket;
		g->tail = ours < theirs ? ours : theirs;
		g->our_count = g->their_count = g->left_out = 0;
		if (g->tail > l->to)
			return;
		gather_ours(a, g, &at);
		a->looked += at - before;
		gather_theirs(g, l, &used);
		answer_group(a, g);
	}
}

void viz_compare_bucket(struct viz_net *net, struct viz_link *link, struct viz_reader *r)
{
	struct viz_message_bucket *b = viz_core_alloc(sizeof *b);
	struct answer a = {.net = net, .link = link};

	viz_message_bucket_read(r, b);
	if (viz_reader_finish(r) != VIZ_OK || !viz_tree_ready(net->trust) ||
	    !viz_tree_at(net->trust, b->hour)) {
		free(b);
		return;
	}
	a.m = viz_core_alloc(sizeof *a.m);
	a.items = viz_core_alloc(VIZ_BODY_MAX);
	a.m->hour = b->hour;
	a.m->cut = b->cut;
	a.m->count = 0;
	for (size_t i = 0; i < b->count && !a.over; i++)
		answer_list(&a, &b->list[i]);
	flush(&a, true);
	link->told = true;
	free(a.items);
	free(a.m);
	free(b);
}
