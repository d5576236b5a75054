#include "node/self/quarantine.h"

#include "node/core/core.h"
#include "node/core/ids.h"
#include "node/core/place.h"
#include "node/link/link.h"
#include "node/link/net.h"
#include "node/self/rotate.h"
#include "node/trust/identity.h"
#include "node/trust/live.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/offer.h"
#include "proto/record.h"
#include "store/store.h"
#include "store/tables.h"

#define MEMBERS  3  /* so many must have shown what they hold of ours, or all */
#define PATIENCE 12 /* times start_ms: a full link is not waited for any longer */

/* How far the peers are. */
struct peers {
	size_t full;  /* links */
	size_t shown; /* of these, how many have sent LAST, and HEAD or what a comparison found */
	size_t day;   /* and how many are past the day on which the quarantine began */
	bool awaited; /* a partner has not shown it, and still has time */
};

static struct viz_time patience(const struct viz_core *core, const struct viz_link *link)
{
	return viz_after(link->full_at, PATIENCE * core->federation.start_ms);
}

static struct peers look(struct viz_net *net)
{
	int64_t day = net->trust->self.quarantine.ms / VIZ_DAY_MS;
	struct peers p = {0};

	for (size_t i = 0; i < net->links.count; i++) {
		const struct viz_link *link = &net->links.list[i];
		bool shown = link->last && link->told;

		if (link->closing || link->guest)
			continue;
		p.full++;
		p.shown += shown;
		p.day += link->peer_day > day;
		p.awaited |= !shown && viz_live_partner(net->trust, &link->peer) &&
			     net->core->now.ms < patience(net->core, link).ms;
	}
	return p;
}

/* How many members there are beside us, at most MEMBERS. */
static size_t members(struct viz_trust *trust)
{
	size_t n = 0;

	for (size_t i = 0; i < trust->directory.count && n < MEMBERS; i++)
		n += trust->directory.list[i]->member &&
		     !viz_id_eq(&trust->directory.list[i]->id, &trust->self.author);
	return n;
}

bool viz_quarantine_is_over(struct viz_net *net)
{
	struct viz_time began = net->trust->self.quarantine;
	struct peers p;

	if (began.ms == 0 || net->trust->self.revoked ||
	    net->core->now.ms / VIZ_DAY_MS <= began.ms / VIZ_DAY_MS)
		return false;
	p = look(net);
	return !p.awaited && p.shown >= members(net->trust) && (p.full == 0 || 2 * p.day > p.full);
}

/* The newest head of our log that our store or a peer has: peers bring our records back. */
static struct viz_log_head newest_head(struct viz_trust *trust)
{
	struct viz_log_head head = {trust->self.log, trust->self.log_number, trust->self.log_value};
	struct viz_slice key, value;
	struct viz_walk walk;

	viz_walk_init(&walk, trust->core->store, VIZ_TABLE_RECORD, trust->self.author.b,
		      sizeof trust->self.author.b);
	while (viz_walk_next(&walk, &key, &value)) {
		struct viz_held held;
		struct viz_record rec;
		struct viz_position at;
		struct viz_id id;

		VIZ_REQUIRE(viz_place_row_read(&held, value.p, value.len) == VIZ_OK &&
			    viz_record_parse(&rec, held.a, held.a_len) == VIZ_OK);
		if (!viz_record_is_write_once(rec.type) ||
		    viz_position_parse(&at, &rec) != VIZ_OK || at.log != head.log ||
		    at.number <= head.number)
			continue;
		viz_ids_record(&id, &trust->core->federation_id, &rec);
		head.number = at.number;
		viz_ids_log(&head.value, &at, rec.type, rec.slot, &id);
	}
	return head;
}

void viz_quarantine_end(struct viz_net *net)
{
	struct viz_log_head newest = newest_head(net->trust);

	viz_core_log(net->core, 4,
		     "quarantine ends: a new log goes on from number %u of the old one",
		     newest.number);
	viz_identity_quarantine_end(net->trust, &newest);
	/* Its operator may end it before anybody was heard. */
	net->trust->self.start.node_waits = false;
	viz_self_rotate_heartbeat(net);
	/* a copy that still runs hears of this NODE, and stops */
	net->trust->self.start.log_from = viz_after(net->core->now, net->core->federation.start_ms);
}

bool viz_quarantine_covers(const struct viz_trust *trust, struct viz_time offered)
{
	return trust->self.resumed.ms != 0 &&
	       offered.ms <= trust->self.resumed.ms + trust->core->federation.skew_ms;
}

struct viz_time viz_quarantine_deadline(const struct viz_net *net)
{
	struct viz_time at = {INT64_MAX}, began = net->trust->self.quarantine;
	int64_t next_day = (began.ms / VIZ_DAY_MS + 1) * VIZ_DAY_MS;

	if (began.ms == 0)
		return at;
	if (net->core->now.ms < next_day)
		return (struct viz_time){next_day};
	for (size_t i = 0; i < net->links.count; i++) {
		const struct viz_link *link = &net->links.list[i];
		struct viz_time end = patience(net->core, link);

		if (!link->closing && !link->guest && end.ms > net->core->now.ms && end.ms < at.ms)
			at = end;
	}
	return at;
}
