#include "node/gossip/protests.h"

#include "node/core/core.h"
#include "node/core/place.h"
#include "node/gossip/protest.h"
#include "node/gossip/spread.h"
#include "node/gossip/strata.h"
#include "node/link/budget.h"
#include "node/link/link.h"
#include "node/link/net.h"
#include "node/trust/circle.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/message.h"
#include "proto/reader.h"
#include "proto/writer.h"

#define DAYS       3   /* today and the two days before are compared each time */
#define ID_BYTES   64  /* what we charge for the search for one, */
#define HELD_BYTES 128 /* and for one that is held: it is read and judged */

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* The first 8 bytes of the ids of what we hold about the origin, of that day, and may send on the
 * link: ascending, each once, and not cut off. The caller frees it. */
static uint64_t *collect(struct viz_trust *trust, size_t *count, const struct viz_link *link,
			 const struct viz_id *origin, uint64_t day)
{
	struct viz_gossip_protest_found *found = viz_core_alloc(sizeof *found);
	struct viz_gossip_protest_walk walk;
	size_t n = 0, capacity = 0, kept = 0;
	uint64_t *id = NULL;

	viz_gossip_protest_walk_day(&walk, trust->core, origin, day);
	while (viz_gossip_protest_walk_next(&walk, found)) {
		if (!viz_strata_may_send(trust, link, &found->rec))
			continue;
		if (n == capacity) {
			capacity = capacity ? capacity * 2 : 64;
			id = viz_core_grow(id, capacity, sizeof *id);
		}
		id[n++] = viz_be_get_u64(found->id.b);
	}
	free(found);
	if (n > 0)
		qsort(id, n, sizeof *id, by_value);
	for (size_t i = 0; i < n; i++)
		if (kept == 0 || id[i] != id[kept - 1])
			id[kept++] = id[i];
	*count = kept;
	return id;
}

static void send(struct viz_core *core, struct viz_link *link, const struct viz_id *origin,
		 uint64_t day, bool ask, const uint64_t *id, size_t n)
{
	struct viz_message_protests *m = viz_core_alloc(sizeof *m);
	size_t max = VIZ_PROTEST_IDS_MAX * 8 + 64;
	uint8_t *buffer = viz_core_alloc(max);
	struct viz_writer w;

	m->origin = *origin;
	m->day = (uint32_t)day;
	m->ask = ask;
	m->count = n < VIZ_PROTEST_IDS_MAX ? n : VIZ_PROTEST_IDS_MAX;
	if (n > 0)
		memcpy(m->id, id, m->count * sizeof *id);
	viz_writer_init(&w, buffer, max);
	viz_message_protests_write(&w, m);
	viz_spread_send(core, link, &w);
	free(buffer);
	free(m);
}

/* Shows a day of which we hold any. Of another the peer shows what it holds, and we ask for it. */
static void show_day(struct viz_trust *trust, struct viz_link *link, const struct viz_id *origin,
		     uint64_t day)
{
	size_t n;
	uint64_t *id = collect(trust, &n, link, origin, day);

	if (n > 0)
		send(trust->core, link, origin, day, true, id, n);
	free(id);
}

/* Shows each day before `until` of which we hold any. */
static void show_older(struct viz_trust *trust, struct viz_link *link, const struct viz_id *origin,
		       uint64_t until)
{
	struct viz_gossip_protest_found *found = viz_core_alloc(sizeof *found);
	struct viz_gossip_protest_walk walk;
	uint64_t day = 0;

	for (;;) {
		viz_gossip_protest_walk_init(&walk, trust->core, origin, day);
		if (!viz_gossip_protest_walk_next(&walk, found))
			break;
		day = viz_record_slot_day(found->rec.slot);
		if (day >= until)
			break;
		show_day(trust, link, origin, day++);
	}
	free(found);
}

void viz_gossip_protests_show(struct viz_net *net, struct viz_link *link)
{
	int64_t today = net->core->now.ms / VIZ_DAY_MS;
	uint64_t first = today >= DAYS ? (uint64_t)(today - DAYS + 1) : 0;
	bool older = link->protests_day != today;
	struct viz_id *near;
	size_t count;

	if (link->guest)
		return;
	link->protests_day = today;
	near = viz_core_alloc(VIZ_CIRCLE_NEAR_MAX * sizeof *near);
	count = viz_circle_near(net->trust, near);
	for (size_t i = 0; i < count; i++) {
		for (uint64_t day = first; day <= (uint64_t)today; day++)
			show_day(net->trust, link, &near[i], day);
		if (older)
			show_older(net->trust, link, &near[i], first);
	}
	free(near);
}

static bool has(const uint64_t *id, size_t n, uint64_t wanted)
{
	return n > 0 && bsearch(&wanted, id, n, sizeof *id, by_value) != NULL;
}

/* Sends what the peer did not list. A list of VIZ_PROTEST_IDS_MAX says nothing about larger ids. */
static void send_missing(struct viz_net *net, struct viz_link *link,
			 const struct viz_message_protests *m)
{
	struct viz_gossip_protest_found *found = viz_core_alloc(sizeof *found);
	struct viz_gossip_protest_walk walk;
	bool within_budget = true;
	struct viz_held half;

	viz_gossip_protest_walk_day(&walk, net->core, &m->origin, m->day);
	while (within_budget && viz_gossip_protest_walk_next(&walk, found)) {
		uint64_t id = viz_be_get_u64(found->id.b);

		if (has(m->id, m->count, id) ||
		    (m->count == VIZ_PROTEST_IDS_MAX && id > m->id[m->count - 1]) ||
		    !viz_strata_may_send(net->trust, link, &found->rec))
			continue;
		half = (struct viz_held){.a = found->bytes, .a_len = found->len};
		within_budget = viz_spread_answer(net, link, &half);
	}
	free(found);
}

void viz_gossip_protests_received(struct viz_net *net, struct viz_link *link, struct viz_reader *r)
{
	struct viz_message_protests *m = viz_core_alloc(sizeof *m);
	bool lacks = false;
	uint64_t *own;
	size_t n;

	viz_message_protests_read(r, m);
	if (viz_reader_finish(r) == VIZ_OK && !link->guest &&
	    viz_budget_repair(net, link,
			      (m->count + 1) * ID_BYTES +
				  viz_gossip_protest_count(net->core, &m->origin, m->day) *
				      HELD_BYTES)) {
		own = collect(net->trust, &n, link, &m->origin, m->day);
		for (size_t i = 0; i < m->count; i++)
			lacks |= !has(own, n, m->id[i]);
		if (m->ask && lacks)
			send(net->core, link, &m->origin, m->day, false, own, n);
		free(own);
		send_missing(net, link, m);
	}
	free(m);
}
