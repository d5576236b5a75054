#include "node/lead/eligible.h"

#include "node/core/core.h"
#include "node/lead/lead.h"
#include "node/trust/live.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/trust.h"

bool viz_lead_eligible_may_ask(struct viz_trust *trust, const struct viz_lead *lead,
			       const struct viz_id *id)
{
	const struct viz_member *m = viz_member_find(trust, id);

	return viz_live_partner(trust, id) && viz_live_mutual(trust, m, lead->created);
}

bool viz_lead_eligible_removed(struct viz_trust *trust, const struct viz_id *id)
{
	const struct viz_partners *own = viz_member_self(trust)->partners;
	const struct viz_partner_entry *e =
	    own ? viz_partners_effective(own, id, trust->core->now,
					 trust->core->federation.partner_delay_ms)
		: NULL;

	return e && e->removed.ms != 0;
}
