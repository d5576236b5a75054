#include "node/link/budget.h"

#include "node/core/core.h"
#include "node/core/event.h"
#include "node/core/place.h"
#include "node/link/link.h"
#include "node/link/net.h"
#include "node/link/remote.h"
#include "node/trust/heavy.h"
#include "node/trust/member.h"
#include "node/trust/part.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/record.h"

#define ANSWERED_MS 1000 /* who asked within this shares with others */
#define HEARD_TIMES 4    /* what has waited on the way comes at once */

/* Refills the budget *left for the time since *at, up to `full`. Then takes `cost`, unless less
 * than `reserve` would be left. */
static bool take(int64_t *left, struct viz_time *at, struct viz_time now, int64_t per_sec,
		 int64_t full, int64_t cost, int64_t reserve)
{
	*left += (now.ms - at->ms) * per_sec / 1000;
	*at = now;
	if (*left > full)
		*left = full;
	if (*left < reserve + cost)
		return false;
	*left -= cost;
	return true;
}

static bool take_flood(struct viz_core *core, struct viz_link *link, size_t bytes, int64_t reserve)
{
	int64_t cost = (int64_t)(bytes + sizeof(struct viz_effect));

	return take(&link->flood_bytes, &link->flood_at, core->now, VIZ_FLOOD_BYTES_SEC,
		    VIZ_FLOOD_BURST_BYTES, cost, reserve);
}

bool viz_budget_flood(struct viz_core *core, struct viz_link *link, size_t bytes, bool first)
{
	int64_t reserve = bytes > VIZ_FLOOD_SMALL ? VIZ_FLOOD_BURST_BYTES / 2 : 0;

	return take_flood(core, link, bytes, first ? -VIZ_FLOOD_BURST_BYTES : reserve);
}

bool viz_budget_announce(struct viz_core *core, struct viz_link *link, size_t bytes,
			 int64_t reserve)
{
	return take_flood(core, link, bytes, reserve);
}

bool viz_budget_announced(struct viz_core *core, struct viz_link *link, size_t bytes)
{
	return take(&link->heard_bytes, &link->heard_bytes_at, core->now,
		    HEARD_TIMES * VIZ_FLOOD_BYTES_SEC, HEARD_TIMES * VIZ_FLOOD_BURST_BYTES,
		    (int64_t)(bytes + sizeof(struct viz_effect)), 0);
}

/* Into how many parts the rate of one peer is divided: so that all together who are not the
 * operator's peers get what VIZ_REPAIR_AT_ONCE would. */
static int64_t repair_parts(struct viz_net *net, const struct viz_remote *r)
{
	struct viz_links *l = &net->links;
	struct viz_time now = net->core->now;
	size_t n;

	if (l->answered_at.ms + ANSWERED_MS <= now.ms) {
		l->answered_before = l->answered_at.ms + 2 * ANSWERED_MS > now.ms ? l->answered : 0;
		l->answered = 0;
		l->answered_at = now;
	}
	if (viz_member_is_near(net->trust, &r->member->id))
		return 1;
	if (r->repair_bytes_at.ms < l->answered_at.ms || l->answered == 0)
		l->answered++;
	n = l->answered > l->answered_before ? l->answered : l->answered_before;
	return ((int64_t)n + VIZ_REPAIR_AT_ONCE - 1) / VIZ_REPAIR_AT_ONCE;
}

bool viz_budget_repair(struct viz_net *net, const struct viz_link *link, size_t bytes)
{
	struct viz_member *m = viz_member_find(net->trust, &link->peer);
	struct viz_remote *r = m ? viz_remote_ensure(net, m) : NULL;
	int64_t parts = r ? repair_parts(net, r) : 1;

	return r && take(&r->repair_bytes, &r->repair_bytes_at, net->core->now,
			 VIZ_REPAIR_BYTES_SEC / parts, VIZ_REPAIR_BURST_BYTES / parts,
			 (int64_t)bytes, 0);
}

/* Whose record this is, when it replaces one. NULL: it replaces none. */
static struct viz_member *renewed_by(struct viz_trust *trust, struct viz_held *held,
				     const struct viz_record *rec)
{
	struct viz_member *m = viz_member_find(trust, &rec->author);

	return m && !viz_record_is_write_once(rec->type) &&
		       viz_place_get(trust->core, held, NULL, &rec->author, rec->type, rec->slot)
		   ? m
		   : NULL;
}

/* Whether others are charged too: those by whom the author came in. A NODE that is signed when it
 * is time to costs them nothing, so that all heartbeats of a day can come at once. */
static bool is_shared(struct viz_trust *trust, const struct viz_member *m,
		      const struct viz_held *held, const struct viz_record *rec)
{
	int64_t least = trust->core->federation.heartbeat_ms / 2;

	return !viz_heavy_keeps(trust, m) &&
	       (rec->type != VIZ_TYPE_NODE || held->received.ms + least > trust->core->now.ms);
}

static bool take_update(struct viz_core *core, struct viz_member *m, int64_t cost)
{
	int64_t full = VIZ_UPDATES_BURST * 1000, left = full - m->updates;
	bool taken = take(&left, &m->updates_at, core->now, VIZ_UPDATES_PER_SEC * 1000, full, cost,
			  1000 - cost);

	m->updates = full - left;
	return taken;
}

static enum viz_update update(struct viz_trust *trust, const struct viz_record *rec, bool takes)
{
	struct viz_held held;
	struct viz_member *m = renewed_by(trust, &held, rec);
	bool shared;

	if (!m)
		return VIZ_UPDATE_FREE;
	shared = is_shared(trust, m, &held, rec);
	if (!take_update(trust->core, m, 0) ||
	    (shared && !viz_part_may(trust, VIZ_PART_RENEWALS, m)))
		return VIZ_UPDATE_OVER;
	if (takes && shared)
		viz_part_take(trust, VIZ_PART_RENEWALS, m);
	if (takes)
		take_update(trust->core, m, 1000);
	return shared ? VIZ_UPDATE_SHARED : VIZ_UPDATE_OWN;
}

bool viz_budget_may_update(struct viz_trust *trust, const struct viz_record *rec)
{
	/* what is signed by our key is looked at in any case (trust/own.h) */
	return viz_id_eq(&rec->author, &trust->self.author) ||
	       update(trust, rec, false) != VIZ_UPDATE_OVER;
}

bool viz_budget_may_renew(struct viz_trust *trust, const struct viz_member *m, uint8_t type,
			  uint64_t slot)
{
	struct viz_record rec = {.author = m->id, .type = type, .slot = slot};

	return viz_budget_may_update(trust, &rec);
}

enum viz_update viz_budget_update(struct viz_trust *trust, const struct viz_record *rec)
{
	return update(trust, rec, true);
}

void viz_budget_update_undo(struct viz_trust *trust, const struct viz_record *rec,
			    enum viz_update taken)
{
	struct viz_member *m = viz_member_find(trust, &rec->author);

	if (!m || taken < VIZ_UPDATE_OWN)
		return;
	m->updates -= m->updates < 1000 ? m->updates : 1000;
	if (taken == VIZ_UPDATE_SHARED)
		viz_part_give_back(trust, VIZ_PART_RENEWALS, m);
}

static bool take_signature(struct viz_net *net, struct viz_member *m, int64_t reserve)
{
	struct viz_remote *r = viz_remote_ensure(net, m);

	return take(&r->tokens, &r->tokens_at, net->core->now, VIZ_SIGNATURES_PER_SEC * 1000,
		    VIZ_SIGNATURES_BURST * 1000, 1000, reserve);
}

bool viz_budget_signature(struct viz_net *net, struct viz_member *m)
{
	return take_signature(net, m, 0);
}

bool viz_budget_full_link(struct viz_net *net, struct viz_member *m)
{
	struct viz_remote *r = viz_remote_ensure(net, m);

	return take(&r->full_links, &r->full_links_at, net->core->now,
		    VIZ_FULL_LINKS_MINUTE * 1000 / 60, VIZ_FULL_LINKS_BURST * 1000, 1000, 0);
}

bool viz_budget_signature_link(struct viz_net *net, const struct viz_link *link)
{
	struct viz_member *m = viz_member_find(net->trust, &link->peer);

	return m && viz_budget_signature(net, m);
}

bool viz_budget_signature_others(struct viz_net *net, const struct viz_link *link)
{
	struct viz_member *m = viz_member_find(net->trust, &link->peer);

	return m && take_signature(net, m, VIZ_SIGNATURES_BURST * 1000 / 2);
}

bool viz_budget_looks(struct viz_net *net, const struct viz_link *link, size_t count)
{
	struct viz_member *m = viz_member_find(net->trust, &link->peer);
	struct viz_remote *r = m ? viz_remote_ensure(net, m) : NULL;

	return r &&
	       take(&r->tokens, &r->tokens_at, net->core->now, VIZ_SIGNATURES_PER_SEC * 1000,
		    VIZ_SIGNATURES_BURST * 1000, (int64_t)count * 1000 / VIZ_LOOKS_PER_CHECK, 0);
}

bool viz_budget_has_signature(struct viz_net *net, struct viz_member *m)
{
	struct viz_remote *r = viz_remote_ensure(net, m);

	return take(&r->tokens, &r->tokens_at, net->core->now, VIZ_SIGNATURES_PER_SEC * 1000,
		    VIZ_SIGNATURES_BURST * 1000, 0, 1000);
}

void viz_budget_charge(struct viz_net *net, const struct viz_link *link, unsigned checks)
{
	struct viz_member *m = viz_member_find(net->trust, &link->peer);
	bool within = m != NULL;

	for (unsigned i = 0; within && i < checks; i++)
		within = viz_budget_signature(net, m);
}
