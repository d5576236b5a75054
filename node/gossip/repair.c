#include "node/gossip/repair.h"

#include "crypto/hash.h"
#include "crypto/rng.h"
#include "node/core/core.h"
#include "node/core/place.h"
#include "node/gossip/gossip.h"
#include "node/gossip/log.h"
#include "node/gossip/protests.h"
#include "node/gossip/spread.h"
#include "node/link/budget.h"
#include "node/link/link.h"
#include "node/link/net.h"
#include "node/link/overlay.h"
#include "node/link/remote.h"
#include "node/trust/live.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/message.h"
#include "proto/reader.h"
#include "proto/record.h"
#include "proto/writer.h"
#include "store/store.h"
#include "store/tables.h"

#define ITEM_BYTES      64  /* what we charge for an entry of ITEMS and the search for it */
#define DIGEST_EVERY_MS 300 /* between a peer's DIGESTs, or we ignore them */

/* A walk over the shared places at an instant. */
struct item_walk {
	struct viz_net *net;
	struct viz_walk walk;
	struct viz_time at;
};

static void read_held(struct viz_held *held, struct viz_record *rec, const struct viz_slice *row)
{
	VIZ_REQUIRE(viz_place_row_read(held, row->p, row->len) == VIZ_OK &&
		    viz_record_parse(rec, held->a, held->a_len) == VIZ_OK);
}

/* The next row that can be compared. Those of offers are most of an author's, and are passed over
 * by their key. */
static bool next_row(struct viz_walk *walk, struct viz_slice *key, struct viz_slice *value)
{
	uint8_t behind[VIZ_PLACE_LEN] = {0};

	while (viz_walk_next(walk, key, value)) {
		if (!viz_record_is_write_once(key->p[32]))
			return true;
		memcpy(behind, key->p, 33);
		behind[32]++;
		viz_walk_from(walk, behind, sizeof behind);
	}
	return false;
}

/* Starts after the place `from`; NULL: at the first place. */
static void items_init(struct item_walk *iw, struct viz_net *net, struct viz_time at,
		       const struct viz_item *from)
{
	iw->net = net;
	iw->at = at;
	viz_walk_init(&iw->walk, net->core->store, VIZ_TABLE_RECORD, NULL, 0);
	if (from) {
		uint8_t key[VIZ_PLACE_LEN + 1];

		viz_record_place_key(key, &from->author, from->type, from->slot);
		key[VIZ_PLACE_LEN] = 0; /* the smallest key after it */
		viz_walk_from(&iw->walk, key, sizeof key);
	}
}

static bool items_next(struct item_walk *iw, struct viz_item *item, struct viz_held *held)
{
	struct viz_slice key, value;

	while (next_row(&iw->walk, &key, &value)) {
		struct viz_record rec;

		read_held(held, &rec, &value);
		if (!viz_live_compared(iw->net->trust, held, &rec, iw->at))
			continue;
		*item = (struct viz_item){.author = rec.author,
					  .type = rec.type,
					  .slot = rec.slot,
					  .hash = viz_be_get_u64(held->item.b)};
		return true;
	}
	return false;
}

/* A record ends at `end`, so the digest changes there: limits the time for which the one at `at` is
 * valid. */
static void bound(struct viz_repair *d, int64_t end, struct viz_time at)
{
	if (end <= at.ms && end > d->from.ms)
		d->from.ms = end;
	if (end > at.ms && end < d->until.ms)
		d->until.ms = end;
}

/* The digest at `at`. It is kept, because each comparison on each link needs it and mostly nothing
 * has changed. */
static const struct viz_repair *digest(struct viz_net *net, struct viz_time at)
{
	struct viz_repair *d = &net->gossip->repair;
	struct viz_slice key, value;
	struct viz_walk walk;
	struct viz_hash h;
	uint64_t changes = net->core->changes + net->trust->directory.changes;

	if (d->computed && d->changes == changes && d->from.ms <= at.ms && at.ms < d->until.ms)
		return d;
	*d = (struct viz_repair){
	    .computed = true, .changes = changes, .from = {INT64_MIN}, .until = {INT64_MAX}};
	for (size_t i = 0; i < net->trust->directory.count; i++) {
		const struct viz_member *m = net->trust->directory.list[i];

		if (m->has_node)
			bound(d, m->node_time.ms + net->core->federation.silence_ms, at);
	}
	viz_hash_init(&h, "vizinho/digest");
	viz_walk_init(&walk, net->core->store, VIZ_TABLE_RECORD, NULL, 0);
	while (next_row(&walk, &key, &value)) {
		struct viz_record rec;
		struct viz_held held;

		read_held(&held, &rec, &value);
		if (!viz_live_compared(net->trust, &held, &rec, at))
			continue;
		viz_hash_id(&h, &held.item);
		d->count++;
	}
	viz_hash_final(&h, &d->digest);
	return d;
}

void viz_repair_compare(struct viz_net *net, struct viz_link *link)
{
	/* Both sides compare what is live at this instant: now, rounded down to a multiple of the
	 * repair period. */
	int64_t step = net->core->federation.repair_ms;
	struct viz_time at = {net->core->now.ms / step * step};
	VIZ_WRITER(w, 80);
	const struct viz_repair *own = digest(net, at);

	link->behind = false;
	link->repair_at = viz_after(
	    net->core->now, step / 2 + (int64_t)viz_rng_below(&net->core->rng, (uint64_t)step));
	link->compare_at = at;
	link->compare_started = link->compare_wants = false;
	link->compare_changes = net->core->changes;
	viz_message_digest_write(
	    &w, &(struct viz_message_digest){at, (uint32_t)own->count, own->digest});
	viz_spread_send(net->core, link, &w);
	viz_gossip_log_show(net, link);
	viz_gossip_protests_show(net, link);
}

/* Sends the items after the place `from` (NULL: from the first), as many as fit into a message. */
static void send_items(struct viz_net *net, struct viz_link *link, struct viz_time at,
		       const struct viz_item *from)
{
	struct viz_message_items *m = viz_core_alloc(sizeof *m);
	uint8_t *buffer = viz_core_alloc(VIZ_BODY_MAX);
	struct item_walk iw;
	struct viz_held held;
	struct viz_item item;
	struct viz_writer w;

	m->at = at;
	m->last = true;
	m->count = 0;
	items_init(&iw, net, at, from);
	while (items_next(&iw, &item, &held)) {
		if (m->count == VIZ_ITEMS_PER_MESSAGE) {
			m->last = false;
			break;
		}
		m->item[m->count++] = item;
	}
	viz_writer_init(&w, buffer, VIZ_BODY_MAX);
	viz_message_items_write(&w, m);
	viz_spread_send(net->core, link, &w);
	free(m);
	free(buffer);
}

/* Whether the instant of a comparison is near our time. */
static bool plausible(struct viz_core *core, struct viz_time at)
{
	int64_t slack = core->federation.repair_ms + 2 * core->federation.skew_ms;

	return at.ms <= core->now.ms + slack && at.ms >= core->now.ms - 2 * slack;
}

void viz_repair_digest(struct viz_net *net, struct viz_link *link, struct viz_reader *r)
{
	struct viz_member *m = viz_member_find(net->trust, &link->peer);
	const struct viz_repair *own;
	struct viz_message_digest d;

	viz_message_digest_read(r, &d);
	if (viz_reader_finish(r) != VIZ_OK || !m || !plausible(net->core, d.at) ||
	    net->core->now.ms < viz_remote_ensure(net, m)->digest_after.ms)
		return;
	m->remote->digest_after = viz_after(net->core->now, DIGEST_EVERY_MS);
	own = digest(net, d.at);
	if (own->count != d.count || !viz_id_eq(&own->digest, &d.digest))
		send_items(net, link, d.at, NULL);
	else
		link->told = true;
}

void viz_repair_more(struct viz_net *net, struct viz_link *link, struct viz_reader *r)
{
	struct viz_message_more m;

	viz_message_more_read(r, &m);
	if (viz_reader_finish(r) == VIZ_OK && plausible(net->core, m.at) &&
	    viz_budget_repair(net, link, VIZ_ITEMS_PER_MESSAGE * ITEM_BYTES))
		send_items(net, link, m.at, &m.from);
}

/* Sends WANT for the places in `want`, in messages of bounded size. */
static void send_want(struct viz_core *core, struct viz_link *link, const struct viz_item *want,
		      size_t n)
{
	struct viz_message_want *m = viz_core_alloc(sizeof *m);
	size_t max = 64 + VIZ_WANT_PER_MESSAGE * 50;
	uint8_t *buffer = viz_core_alloc(max);

	for (; n > 0; n -= m->count, want += m->count) {
		struct viz_writer w;

		m->count = n < VIZ_WANT_PER_MESSAGE ? n : VIZ_WANT_PER_MESSAGE;
		memcpy(m->place, want, m->count * sizeof *want);
		viz_writer_init(&w, buffer, max);
		viz_message_want_write(&w, m);
		viz_spread_send(core, link, &w);
	}
	free(m);
	free(buffer);
}

/* Whether we hold the same record at the item's place. */
static bool holds(struct viz_core *core, const struct viz_item *item)
{
	struct viz_held held;

	return viz_place_get(core, &held, NULL, &item->author, item->type, item->slot) &&
	       viz_be_get_u64(held.item.b) == item->hash;
}

/* Merges the peer's items with our own of the same range. We ask for records that we lack and send
 * those that the peer lacks. Where both hold different ones, we do both. When the peer's budget is
 * used up, the walk over our records ends, because their range may be all that we hold. The rest of
 * the peer's items are looked up one by one. */
static void merge(struct viz_net *net, struct viz_link *link, const struct viz_item *theirs,
		  size_t n, bool last)
{
	const struct viz_item *from = link->compare_started ? &link->compare_from : NULL;
	struct viz_item *want = viz_core_alloc((n + 1) * sizeof *want);
	struct item_walk iw;
	struct viz_item own;
	struct viz_held held;
	size_t i = 0, wants = 0;
	bool within_budget = true;

	items_init(&iw, net, link->compare_at, from);
	while (within_budget && items_next(&iw, &own, &held)) {
		while (i < n && viz_item_cmp(&theirs[i], &own) < 0)
			want[wants++] = theirs[i++];
		if (i < n && viz_item_cmp(&theirs[i], &own) == 0) {
			if (theirs[i].hash != own.hash) {
				want[wants++] = theirs[i];
				within_budget = viz_spread_answer(net, link, &held);
			}
			i++;
			continue;
		}
		if (i == n && !last)
			break; /* beyond their range: the next chunk has it, or not */
		within_budget = viz_spread_answer(net, link, &held);
	}
	for (; i < n; i++)
		if (within_budget || !holds(net->core, &theirs[i]))
			want[wants++] = theirs[i];
	/* The peer may send only a part of what we want. The next comparison shows what is missing.
	 */
	link->behind |= !within_budget;
	link->compare_wants |= wants > 0;
	send_want(net->core, link, want, wants);
	free(want);
}

/* Asks for the next ITEMS. */
static void send_more(struct viz_core *core, struct viz_link *link)
{
	VIZ_WRITER(w, 96);

	viz_message_more_write(&w,
			       &(struct viz_message_more){link->compare_at, link->compare_from});
	viz_spread_send(core, link, &w);
}

/* Each chunk starts in our records where the last one ended, so a comparison costs one walk,
 * whatever the peer sends. A chunk that goes back is ignored and the link stays: it can be an
 * answer to an earlier DIGEST. */
static void take_items(struct viz_net *net, struct viz_link *link, const struct viz_item *items,
		       size_t n, bool last)
{
	if (n > 0 && link->compare_started && viz_item_cmp(&items[0], &link->compare_from) <= 0)
		return;
	if (!viz_budget_repair(net, link, VIZ_ITEMS_PER_MESSAGE * ITEM_BYTES)) {
		link->behind = true;
		link->compare_at = (struct viz_time){0};
		return;
	}
	merge(net, link, items, n, last);
	if (n > 0) {
		link->compare_from = items[n - 1];
		link->compare_started = true;
	}
	if (last || n == 0) {
		link->compare_at = (struct viz_time){0};
		link->told = true;
	} else {
		send_more(net->core, link);
	}
}

void viz_repair_items(struct viz_net *net, struct viz_link *link, struct viz_reader *r)
{
	struct viz_message_items *m = viz_core_alloc(sizeof *m);

	viz_message_items_read(r, m);
	if (viz_reader_finish(r) == VIZ_OK && m->at.ms == link->compare_at.ms && m->at.ms != 0) {
		viz_overlay_differs(&net->links.overlay, link, net->core->now);
		take_items(net, link, m->item, m->count, m->last);
	}
	free(m);
}

void viz_repair_want(struct viz_net *net, struct viz_link *link, struct viz_reader *r)
{
	struct viz_message_want *m = viz_core_alloc(sizeof *m);
	bool within_budget = true;

	viz_message_want_read(r, m);
	if (viz_reader_finish(r) != VIZ_OK)
		m->count = 0;
	for (size_t i = 0; i < m->count && within_budget; i++) {
		const struct viz_item *p = &m->place[i];
		struct viz_held held;

		if (viz_place_get(net->core, &held, NULL, &p->author, p->type, p->slot))
			within_budget = viz_spread_answer(net, link, &held);
	}
	free(m);
}
