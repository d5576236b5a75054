#include "node/gossip/announce.h"

#include "node/core/core.h"
#include "node/gossip/gossip.h"
#include "node/link/budget.h"
#include "node/link/link.h"
#include "node/link/net.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/message.h"
#include "proto/record.h"
#include "proto/writer.h"

#define BATCH_MS        100 /* between announcements on a link */
#define ANNOUNCED_BYTES 56  /* of one in its message, at most */

static bool is_same(const struct viz_announced *a, const struct viz_announced *b)
{
	return memcmp(a->item, b->item, sizeof a->item) == 0 && a->place.type == b->place.type &&
	       a->place.slot == b->place.slot && viz_id_eq(&a->place.author, &b->place.author);
}

void viz_announce_note(struct viz_net *net, const struct viz_record *rec, const struct viz_id *item,
		       uint64_t from)
{
	struct viz_announce *a = &net->gossip->announce;
	const struct viz_announced *last = &a->ring[(a->count - 1) % VIZ_ANNOUNCE_RING].what;
	struct viz_announced x = {{rec->author, rec->type, rec->slot}, {0}};

	memcpy(x.item, item->b, sizeof x.item);
	if (a->count > 0 && is_same(last, &x))
		return; /* both halves of a dead place have the same item */
	a->ring[a->count % VIZ_ANNOUNCE_RING].what = x;
	a->ring[a->count++ % VIZ_ANNOUNCE_RING].from = from;
}

/* Others would not take the record of one who is no member. */
static bool is_for_all(struct viz_trust *trust, const struct viz_item *place)
{
	const struct viz_member *m = viz_member_find(trust, &place->author);

	return m && viz_member_accepted(trust, m, place->type);
}

/* Fills the message with what comes next for the link. Gives the number behind it. */
static uint64_t gather(struct viz_net *net, const struct viz_link *link,
		       struct viz_message_announce *m)
{
	const struct viz_announce *a = &net->gossip->announce;
	uint64_t n = link->announced;

	m->count = 0;
	for (; n < a->count && m->count < VIZ_ANNOUNCE_MAX; n++)
		if (a->ring[n % VIZ_ANNOUNCE_RING].from != link->number &&
		    is_for_all(net->trust, &a->ring[n % VIZ_ANNOUNCE_RING].what.place))
			m->what[m->count++] = a->ring[n % VIZ_ANNOUNCE_RING].what;
	return n;
}

static void announce(struct viz_net *net, struct viz_link *link)
{
	struct viz_message_announce *m = viz_core_alloc(sizeof *m);
	size_t max = 8 + VIZ_ANNOUNCE_MAX * ANNOUNCED_BYTES;
	uint8_t *buffer = viz_core_alloc(max);
	struct viz_writer w;

	while (link->announced < net->gossip->announce.count) {
		uint64_t next = gather(net, link, m);

		if (m->count > 0) {
			viz_writer_init(&w, buffer, max);
			viz_message_announce_write(&w, m);
			link->announced_at = net->core->now;
			if (!viz_budget_announce(net->core, link, viz_writer_done(&w).len))
				break; /* the others wait for the next batch */
			viz_link_send(net->core, link, w.start, viz_writer_done(&w).len, 0);
		}
		link->announced = next;
	}
	free(buffer);
	free(m);
}

void viz_announce_step(struct viz_net *net)
{
	uint64_t count = net->gossip->announce.count;

	for (size_t i = 0; i < net->links.count; i++) {
		struct viz_link *link = &net->links.list[i];

		if (link->closing || link->guest) {
			link->announced = count; /* the first comparison has it */
			continue;
		}
		if (count - link->announced > VIZ_ANNOUNCE_RING) {
			link->announced = count - VIZ_ANNOUNCE_RING;
			link->behind = true;
		}
		if (link->announced < count &&
		    link->announced_at.ms + BATCH_MS <= net->core->now.ms)
			announce(net, link);
	}
}

struct viz_time viz_announce_deadline(const struct viz_net *net)
{
	struct viz_time at = {INT64_MAX};

	for (size_t i = 0; i < net->links.count; i++) {
		const struct viz_link *link = &net->links.list[i];

		if (!link->closing && !link->guest &&
		    link->announced < net->gossip->announce.count &&
		    link->announced_at.ms + BATCH_MS < at.ms)
			at = viz_after(link->announced_at, BATCH_MS);
	}
	return at;
}
