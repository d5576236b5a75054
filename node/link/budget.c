#include "node/link/budget.h"

#include "node/core/core.h"
#include "node/core/event.h"
#include "node/core/place.h"
#include "node/link/link.h"
#include "node/link/net.h"
#include "node/link/remote.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/record.h"

#define ANSWERED_MS 1000 /* who asked within this shares with others */

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

bool viz_budget_announce(struct viz_core *core, struct viz_link *link, size_t bytes, bool first)
{
	return take_flood(core, link, bytes, first ? -VIZ_FLOOD_BURST_BYTES : 0);
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

static bool take_update(struct viz_trust *trust, const struct viz_record *rec, int64_t cost)
{
	struct viz_member *m = viz_member_find(trust, &rec->author);
	int64_t full = VIZ_UPDATES_BURST * 1000, left;
	struct viz_held held;
	bool taken;

	if (!m || viz_record_is_write_once(rec->type) ||
	    !viz_place_get(trust->core, &held, NULL, &rec->author, rec->type, rec->slot))
		return true;
	left = full - m->updates;
	taken = take(&left, &m->updates_at, trust->core->now, VIZ_UPDATES_PER_SEC * 1000, full,
		     cost, 1000 - cost);
	m->updates = full - left;
	return taken;
}

bool viz_budget_may_update(struct viz_trust *trust, const struct viz_record *rec)
{
	/* what is signed by our key is looked at in any case (trust/own.h) */
	return viz_id_eq(&rec->author, &trust->self.author) || take_update(trust, rec, 0);
}

bool viz_budget_update(struct viz_trust *trust, const struct viz_record *rec)
{
	return take_update(trust, rec, 1000);
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
