#include "node/self/reach.h"

#include "node/core/core.h"
#include "node/link/link.h"
#include "node/link/net.h"
#include "node/trust/live.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"

/* Whether there is somebody who may hold what we have signed. */
static bool knows_another(struct viz_trust *trust)
{
	const struct viz_directory *d = &trust->directory;

	for (size_t i = 0; i < d->count; i++)
		if (d->list[i]->has_node && d->list[i] != viz_member_self(trust))
			return true;
	return false;
}

struct viz_reach viz_reach_look(struct viz_net *net)
{
	const struct viz_partners *p = viz_member_self(net->trust)->partners;
	int64_t start_ms = net->core->federation.start_ms;
	struct viz_reach r = {0};

	for (size_t i = 0; p && i < p->count && !r.any; i++)
		r.any = viz_live_partner(net->trust, &p->entry[i].id);
	r.nobody = !r.any && !knows_another(net->trust);
	for (size_t i = 0; i < net->links.count; i++) {
		const struct viz_link *link = &net->links.list[i];

		if (link->closing || link->guest ||
		    (r.any && !viz_live_partner(net->trust, &link->peer)))
			continue;
		r.heard |= link->last;
		r.awaited |= !link->last && net->core->now.ms < link->full_at.ms + 2 * start_ms;
	}
	return r;
}
