#include "node/lead/restart.h"

#include "node/core/core.h"
#include "node/lead/lead.h"
#include "node/self/start.h"
#include "node/trust/identity.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/offer.h"

/* What this process made itself, it knows whole. */
static bool is_ours(const struct viz_trust *trust, const struct viz_lead *lead)
{
	return lead->log == trust->self.log && lead->number > trust->self.start.log_number;
}

/* How long those asked had since our log is free again: while we were away nobody could answer. */
static bool had_time(const struct viz_trust *trust, int64_t ms)
{
	return trust->self.start.log_from.ms <= trust->core->now.ms - ms;
}

bool viz_lead_restart_may_close(struct viz_trust *trust, const struct viz_lead *lead)
{
	bool timely = had_time(trust, trust->core->federation.window_min_ms), may = true;

	for (size_t i = 0; i < lead->peer_count && !is_ours(trust, lead); i++)
		may &=
		    lead->peer[i].answered || (timely && viz_start_shown(trust, &lead->peer[i].id));
	return may;
}

bool viz_lead_restart_may_result(struct viz_trust *trust, const struct viz_lead *lead)
{
	bool timely = had_time(trust, trust->core->federation.reveal_ms), may = true;

	for (size_t i = 0; i < lead->peer_count && !is_ours(trust, lead); i++)
		may &= !lead->peer[i].answered || !viz_pledge_promises(lead->peer[i].answer) ||
		       lead->peer[i].revealed ||
		       (timely && viz_start_shown(trust, &lead->peer[i].id));
	return may;
}

struct viz_time viz_lead_restart_timely_at(const struct viz_trust *trust)
{
	const struct viz_federation *f = &trust->core->federation;

	return viz_after(trust->self.start.log_from,
			 f->window_min_ms > f->reveal_ms ? f->window_min_ms : f->reveal_ms);
}

bool viz_lead_restart_may_choose(struct viz_trust *trust, const struct viz_lead *lead)
{
	return lead->award_n == 0 || is_ours(trust, lead) ||
	       viz_start_shown(trust, &lead->award_to);
}
