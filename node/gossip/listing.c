#include "node/gossip/listing.h"

#include "node/core/core.h"
#include "node/gossip/compare.h"
#include "node/gossip/spread.h"
#include "node/link/budget.h"
#include "node/link/link.h"
#include "node/link/net.h"
#include "node/trust/member.h"
#include "node/trust/tree.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/message.h"
#include "proto/writer.h"

#define LIST_COST     16    /* bytes of the peer's budget for an author that we list */
#define MESSAGE_BYTES 32000 /* a BUCKET is sent when it has so many */

/* BUCKETs, as far as they are written. */
struct lists {
	struct viz_net *net;
	struct viz_link *link;
	struct viz_message_bucket *m;
	uint8_t *entries; /* what m->list borrows */
	size_t bytes;
	size_t sent; /* BUCKETs */
};

static void flush(struct lists *l)
{
	uint8_t *buffer;
	struct viz_writer w;

	if (l->m->count == 0)
		return;
	buffer = viz_core_alloc(VIZ_BODY_MAX);
	viz_writer_init(&w, buffer, VIZ_BODY_MAX);
	viz_message_bucket_write(&w, l->m);
	viz_spread_send_bulk(l->net->core, l->link, &w);
	free(buffer);
	l->sent++;
	l->m->count = 0;
	l->bytes = 0;
}

/* Lists the authors of the bucket from a tail on. Gives the tail from which the next list begins;
 * above VIZ_TREE_TAIL_MAX: none is needed. */
static unsigned add_list(struct lists *l, unsigned bucket, unsigned from)
{
	const struct viz_directory *d = &l->net->trust->directory;
	uint8_t *entries = l->entries + l->bytes;
	unsigned to = VIZ_TREE_TAIL_MAX, tail;
	size_t n = 0, fit = 0;

	for (size_t i = viz_tree_position(l->net->trust, bucket, from); i < d->count; i++) {
		const struct viz_member *m = d->list[i];
		struct viz_id sets[2];

		if (viz_tree_bucket(&m->id) != bucket)
			break;
		if (!viz_tree_author(l->net->trust, sets, m, l->m->hour))
			continue;
		tail = viz_tree_tail(&m->id);
		if (n > 0 && tail != viz_be_get_u16(entries + (n - 1) * VIZ_TREE_ENTRY))
			fit = n; /* up to here no tail is torn apart */
		if (n == VIZ_TREE_ENTRIES_MAX) {
			/* So many of one tail are no accident: the others are not compared. */
			n = fit > 0 ? fit : n;
			to = viz_be_get_u16(entries + (n - 1) * VIZ_TREE_ENTRY);
			break;
		}
		viz_compare_entry(entries + n++ * VIZ_TREE_ENTRY, &m->id, sets, l->m->cut);
	}
	l->m->list[l->m->count++] = (struct viz_tree_list){
	    (uint16_t)bucket, (uint16_t)from, (uint16_t)to, entries, n * VIZ_TREE_ENTRY};
	l->bytes += n * VIZ_TREE_ENTRY + 16;
	return to + 1;
}

/* Lists all authors of the bucket. False: the peer's budget is used up. */
static bool add_bucket(struct lists *l, unsigned bucket)
{
	for (unsigned from = 0; from <= VIZ_TREE_TAIL_MAX;) {
		size_t before = l->bytes;

		from = add_list(l, bucket, from);
		if (!viz_budget_repair(l->net, l->link,
				       (l->bytes - before) / VIZ_TREE_ENTRY * LIST_COST))
			return false;
		if (l->m->count == VIZ_TREE_LISTS_MAX || l->bytes > MESSAGE_BYTES)
			flush(l);
	}
	return true;
}

size_t viz_listing_send(struct viz_net *net, struct viz_link *link,
			const struct viz_message_buckets *theirs,
			const bool buckets[VIZ_TREE_BUCKETS])
{
	struct lists l = {.net = net, .link = link};

	l.m = viz_core_alloc(sizeof *l.m);
	l.m->hour = theirs->hour;
	l.m->cut = theirs->cut;
	l.m->count = 0;
	l.entries = viz_core_alloc(VIZ_BODY_MAX);
	for (unsigned b = 0; b < VIZ_TREE_BUCKETS; b++)
		if (buckets[b] && !add_bucket(&l, b)) {
			link->behind = true; /* the next repair has the other buckets */
			break;
		}
	flush(&l);
	free(l.entries);
	free(l.m);
	return l.sent;
}
