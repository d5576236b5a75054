#include "node/self/reach.h"

#include "node/core/core.h"
#include "node/link/link.h"
#include "node/link/net.h"
#include "node/trust/live.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"

struct viz_reach viz_reach_look(struct viz_net *net)
{
	const struct viz_member *self = viz_member_self(net->trust);
	int64_t start_ms = net->core->federation.start_ms;
	struct viz_reach r = {false, false, false};

	for (size_t i = 0; self->partners && i < self->partners->count && !r.any; i++)
		r.any = viz_live_partner(net->trust, &self->partners->entry[i].id);
	for (size_t i = 0; r.any && i < net->links.count; i++) {
		const struct viz_link *link = &net->links.list[i];

		if (link->closing || link->guest || !viz_live_partner(net->trust, &link->peer))
			continue;
		r.heard |= link->last;
		r.awaited |= !link->last && net->core->now.ms < link->full_at.ms + 2 * start_ms;
	}
	return r;
}
