#include "node/self/reach.h"

#include "node/core/core.h"
#include "node/link/dial.h"
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

	for (size_t i = 0; self->partners && i < self->partners->count; i++) {
		const struct viz_id *id = &self->partners->entry[i].id;
		const struct viz_member *m = viz_member_find(net->trust, id);

		if (!m || !viz_live_partner(net->trust, id))
			continue;
		r.any = true;
		r.awaited |= viz_link_dial_awaited(net->core, m);
	}
	for (size_t i = 0; r.any && i < net->links.count; i++) {
		const struct viz_link *link = &net->links.list[i];

		if (link->closing || !viz_live_partner(net->trust, &link->peer))
			continue;
		if (link->guest) {
			r.awaited |= net->core->now.ms < link->since.ms + 2 * start_ms;
			continue;
		}
		r.heard |= link->last;
		r.awaited |= !link->last && net->core->now.ms < link->full_at.ms + 2 * start_ms;
	}
	return r;
}
