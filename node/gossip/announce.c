#include "node/gossip/announce.h"

#include "node/core/core.h"
#include "node/gossip/gossip.h"
#include "node/link/budget.h"
#include "node/link/link.h"
#include "node/link/net.h"
#include "node/trust/heavy.h"
#include "node/trust/member.h"
#include "node/trust/part.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/message.h"
#include "proto/record.h"
#include "proto/writer.h"

#define BATCH_MS        100 /* between announcements on a link */
#define ANNOUNCED_BYTES 56  /* of one in its message, at most */

enum { NEAR, OTHERS, MANY };

static size_t ring_size(unsigned queue)
{
	return queue == NEAR ? VIZ_ANNOUNCE_NEAR : VIZ_ANNOUNCE_RING;
}

static struct viz_announce_entry *entry(struct viz_net *net, unsigned queue, uint64_t n)
{
	struct viz_announce *a = &net->gossip->announce;

	return &(queue == NEAR ? a->near : a->others[queue - OTHERS])[n % ring_size(queue)];
}

static bool is_same(const struct viz_announced *a, const struct viz_announced *b)
{
	return memcmp(a->item, b->item, sizeof a->item) == 0 && a->place.type == b->place.type &&
	       a->place.slot == b->place.slot && viz_id_eq(&a->place.author, &b->place.author);
}

/* What is over the part of those who have let its author in stands back behind others'. */
static unsigned queue_of(struct viz_trust *trust, const struct viz_id *author)
{
	struct viz_member *m = viz_member_find(trust, author);

	if (viz_member_is_near(trust, author))
		return NEAR;
	return !m || viz_heavy_keeps(trust, m) || viz_part_take(trust, VIZ_PART_NEWS, m) ? OTHERS
											 : MANY;
}

void viz_announce_note(struct viz_net *net, const struct viz_record *rec, const struct viz_id *item,
		       uint64_t from)
{
	struct viz_announced x = {
	    .place = {.author = rec->author, .type = rec->type, .slot = rec->slot}};
	unsigned queue = queue_of(net->trust, &rec->author);
	uint64_t *count = &net->gossip->announce.count[queue];

	memcpy(x.item, item->b, sizeof x.item);
	if (*count > 0 && is_same(&entry(net, queue, *count - 1)->what, &x))
		return; /* both halves of a dead place have the same item */
	*entry(net, queue, (*count)++) = (struct viz_announce_entry){x, from};
}

/* Others would not take the record of one who is no member. */
static bool is_for_all(struct viz_trust *trust, const struct viz_item *place)
{
	const struct viz_member *m = viz_member_find(trust, &place->author);

	return m && viz_member_accepted(trust, m, place->type);
}

/* Fills the message with what comes next for the link. Gives the number behind it. */
static uint64_t gather(struct viz_net *net, const struct viz_link *link, unsigned queue,
		       struct viz_message_announce *m)
{
	uint64_t n = link->announced[queue];

	m->count = 0;
	for (; n < net->gossip->announce.count[queue] && m->count < VIZ_ANNOUNCE_MAX; n++) {
		const struct viz_announce_entry *e = entry(net, queue, n);

		if (e->from != link->number && is_for_all(net->trust, &e->what.place))
			m->what[m->count++] = e->what;
	}
	return n;
}

static void announce(struct viz_net *net, struct viz_link *link, unsigned queue)
{
	static const int64_t reserve[VIZ_ANNOUNCE_QUEUES] = {
	    [NEAR] = -VIZ_FLOOD_BURST_BYTES, [OTHERS] = 0, [MANY] = VIZ_FLOOD_BURST_BYTES / 2};
	struct viz_message_announce *m = viz_core_alloc(sizeof *m);
	size_t max = 8 + VIZ_ANNOUNCE_MAX * ANNOUNCED_BYTES;
	uint8_t *buffer = viz_core_alloc(max);
	struct viz_writer w;

	while (link->announced[queue] < net->gossip->announce.count[queue]) {
		uint64_t next = gather(net, link, queue, m);

		if (m->count > 0) {
			viz_writer_init(&w, buffer, max);
			viz_message_announce_write(&w, m);
			link->announced_at[queue] = net->core->now;
			if (!viz_budget_announce(net->core, link, viz_writer_done(&w).len,
						 reserve[queue]))
				break; /* the others wait for the next batch */
			viz_link_send(net->core, link, w.start, viz_writer_done(&w).len, 0);
		}
		link->announced[queue] = next;
	}
	free(buffer);
	free(m);
}

static void step(struct viz_net *net, struct viz_link *link, unsigned queue)
{
	uint64_t count = net->gossip->announce.count[queue];

	if (link->closing || link->guest) {
		link->announced[queue] = count; /* the first comparison has it */
		return;
	}
	if (count - link->announced[queue] > ring_size(queue)) {
		link->announced[queue] = count - ring_size(queue);
		link->behind = true;
	}
	if (link->announced[queue] < count &&
	    link->announced_at[queue].ms + BATCH_MS <= net->core->now.ms)
		announce(net, link, queue);
}

void viz_announce_step(struct viz_net *net)
{
	for (size_t i = 0; i < net->links.count; i++)
		for (unsigned queue = 0; queue < VIZ_ANNOUNCE_QUEUES; queue++)
			step(net, &net->links.list[i], queue);
}

struct viz_time viz_announce_deadline(const struct viz_net *net)
{
	struct viz_time at = {INT64_MAX};

	for (size_t i = 0; i < net->links.count; i++) {
		const struct viz_link *link = &net->links.list[i];

		for (unsigned q = 0; q < VIZ_ANNOUNCE_QUEUES; q++)
			if (!link->closing && !link->guest &&
			    link->announced[q] < net->gossip->announce.count[q] &&
			    link->announced_at[q].ms + BATCH_MS < at.ms)
				at = viz_after(link->announced_at[q], BATCH_MS);
	}
	return at;
}
