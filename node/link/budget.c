#include "node/link/budget.h"

#include "node/core/core.h"
#include "node/core/event.h"
#include "node/core/place.h"
#include "node/link/link.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/limits.h"
#include "proto/record.h"

bool viz_budget_flood(struct viz_core *core, struct viz_link *link, size_t bytes)
{
	int64_t cost = (int64_t)(bytes + sizeof(struct viz_effect));
	int64_t left = bytes > VIZ_FLOOD_SMALL ? VIZ_FLOOD_BURST_BYTES / 2 : 0;

	link->flood_bytes += (core->now.ms - link->flood_at.ms) * VIZ_FLOOD_BYTES_SEC / 1000;
	link->flood_at = core->now;
	if (link->flood_bytes > VIZ_FLOOD_BURST_BYTES)
		link->flood_bytes = VIZ_FLOOD_BURST_BYTES;
	if (link->flood_bytes < left + cost)
		return false;
	link->flood_bytes -= cost;
	return true;
}

bool viz_budget_repair(struct viz_trust *trust, const struct viz_link *link, size_t bytes)
{
	struct viz_member *m = viz_member_find(trust, &link->peer);

	if (!m)
		return false;
	m->repair_bytes +=
	    (trust->core->now.ms - m->repair_bytes_at.ms) * VIZ_REPAIR_BYTES_SEC / 1000;
	m->repair_bytes_at = trust->core->now;
	if (m->repair_bytes > VIZ_REPAIR_BURST_BYTES)
		m->repair_bytes = VIZ_REPAIR_BURST_BYTES;
	if (m->repair_bytes < (int64_t)bytes)
		return false;
	m->repair_bytes -= (int64_t)bytes;
	return true;
}

bool viz_budget_update(struct viz_trust *trust, const struct viz_record *rec)
{
	struct viz_member *m = viz_member_find(trust, &rec->author);
	const int64_t full = (int64_t)VIZ_UPDATES_BURST * 1000;
	struct viz_held held;

	if (!m || viz_type_write_once(rec->type) ||
	    !viz_place_get(trust->core, &held, NULL, &rec->author, rec->type, rec->slot))
		return true;
	if (m->updates_at.ms == 0)
		m->updates = full;
	else
		m->updates += (trust->core->now.ms - m->updates_at.ms) * VIZ_UPDATES_PER_SEC;
	m->updates_at = trust->core->now;
	if (m->updates > full)
		m->updates = full;
	if (m->updates < 1000)
		return false;
	m->updates -= 1000;
	return true;
}

bool viz_budget_charge(struct viz_core *core, struct viz_member *m)
{
	int64_t full = (int64_t)VIZ_SIGNATURES_BURST * 1000;

	m->tokens += (core->now.ms - m->tokens_at.ms) * VIZ_SIGNATURES_PER_SEC;
	m->tokens_at = core->now;
	if (m->tokens > full)
		m->tokens = full;
	if (m->tokens < 1000)
		return false;
	m->tokens -= 1000;
	return true;
}

bool viz_budget_charge_link(struct viz_trust *trust, const struct viz_link *link)
{
	struct viz_member *m = viz_member_find(trust, &link->peer);

	return m && viz_budget_charge(trust->core, m);
}
