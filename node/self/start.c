#include "node/self/start.h"

#include "node/core/core.h"
#include "node/link/link.h"
#include "node/link/net.h"
#include "node/self/reach.h"
#include "node/self/rotate.h"
#include "node/trust/identity.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/base.h"

#define ALONE_HEARTBEATS 3 /* without any partner in reach, NODE is signed after so many */

/* The first instant at which a partner's time to send LAST is over. */
static int64_t patience_ends(const struct viz_net *net)
{
	int64_t at = INT64_MAX;

	for (size_t i = 0; i < net->links.count; i++) {
		const struct viz_link *link = &net->links.list[i];
		int64_t end = link->full_at.ms + 2 * net->core->federation.start_ms;

		if (!link->closing && !link->guest && !link->last && end > net->core->now.ms &&
		    end < at)
			at = end;
	}
	return at;
}

static struct viz_time alone_until(const struct viz_core *core)
{
	return viz_after(core->started, ALONE_HEARTBEATS * core->federation.heartbeat_ms);
}

/* Signs NODE, which shows this start. */
static void sign_node(struct viz_net *net)
{
	net->trust->self.start.node_waits = false;
	if (viz_member_self(net->trust)->has_node && !net->trust->self.revoked)
		viz_self_rotate_heartbeat(net); /* or later, when it may not sign now */
}

void viz_start_begin(struct viz_trust *trust)
{
	trust->self.start.node_waits = true;
	trust->self.start.log_number = trust->self.log_number;
	trust->self.start.log_from = (struct viz_time){INT64_MAX};
}

void viz_start_note_last(struct viz_net *net, struct viz_link *link)
{
	struct viz_member *m = viz_member_find(net->trust, &link->peer);
	struct viz_reach before = viz_reach_look(net);

	link->last = true;
	if (!m || (m->shown && before.heard == viz_reach_look(net).heard))
		return;
	m->shown = true;
	net->trust->self.start.shown++;
}

bool viz_start_shown(struct viz_trust *trust, const struct viz_id *peer)
{
	const struct viz_member *m = viz_member_find(trust, peer);

	return m && m->shown;
}

void viz_start_step(struct viz_net *net)
{
	struct viz_start *start = &net->trust->self.start;
	const struct viz_member *self = viz_member_self(net->trust);
	struct viz_reach r;

	if (start->log_from.ms != INT64_MAX)
		return;
	r = viz_reach_look(net);
	if (start->node_waits && (r.nobody || net->trust->self.revoked || (r.heard && !r.awaited) ||
				  alone_until(net->core).ms <= net->core->now.ms))
		sign_node(net);
	if (start->node_waits)
		return;
	if (r.heard && !r.awaited && self->node.start.ms == net->core->started.ms)
		start->log_from = viz_after(self->node_time, net->core->federation.start_ms);
	else if (!r.any)
		start->log_from = net->core->now;
}

struct viz_time viz_start_deadline(const struct viz_net *net)
{
	struct viz_time at = {INT64_MAX};

	if (net->trust->self.start.log_from.ms != INT64_MAX)
		return at;
	at.ms = patience_ends(net);
	if (net->trust->self.start.node_waits && alone_until(net->core).ms < at.ms)
		at = alone_until(net->core);
	return at;
}
