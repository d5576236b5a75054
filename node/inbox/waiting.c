#include "node/inbox/waiting.h"

#include "node/core/core.h"
#include "node/inbox/holding.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "store/store.h"

static struct viz_time earlier(struct viz_time a, struct viz_time b)
{
	return a.ms < b.ms ? a : b;
}

struct viz_time viz_inbox_waiting_until(const struct viz_trust *trust, const struct viz_inbox *in)
{
	const struct viz_federation *f = &trust->core->federation;

	switch (in->state) {
	case VIZ_INBOX_LISTED:
	case VIZ_INBOX_LOCATED:
	case VIZ_INBOX_PLEDGED:
		return in->closes;
	case VIZ_INBOX_REVEALED:
		return viz_after(in->result_at.ms != 0 ? in->result_at
						       : viz_after(in->closes, f->reveal_ms),
				 f->choice_ms);
	case VIZ_INBOX_AWARDED:
		return earlier(viz_hours_promised(&trust->profile.work, in->awarded_at),
			       viz_inbox_holding_over(trust->core, in));
	case VIZ_INBOX_CONTACTED:
		return viz_inbox_holding_over(trust->core, in);
	case VIZ_INBOX_UNKNOWN:
	case VIZ_INBOX_OVER:
	case VIZ_INBOX_INSTALLED:
	case VIZ_INBOX_LOST:
	case VIZ_INBOX_RELEASED:
	case VIZ_INBOX_WITHDRAWN:
	case VIZ_INBOX_BYSTANDER:
		return (struct viz_time){0};
	}
	return (struct viz_time){0};
}
