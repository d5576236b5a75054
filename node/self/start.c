#include "node/self/start.h"

#include "node/core/core.h"
#include "node/link/link.h"
#include "node/link/net.h"
#include "node/self/publish.h"
#include "node/self/reach.h"
#include "node/self/rotate.h"
#include "node/trust/identity.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/record.h"
#include "proto/trust.h"
#include "proto/writer.h"

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

/* Signs the VOUCH for nobody that tells of this start. A copy of us that hears of it stops. It is
 * in no log, names no PARTNERS, and no rule compares it: so nothing that a copy signs before it
 * hears contradicts it, as it may contradict a NODE. */
static bool tell(struct viz_net *net)
{
	const struct viz_vouch v = {.withdrawn = true};
	VIZ_WRITER(w, 64);

	viz_vouch_write(&w, &v);
	return viz_self_publish_body(net, NULL, VIZ_TYPE_VOUCH, VIZ_VOUCH_SLOT_START, &w) == VIZ_OK;
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
	trust->self.start.told_at = (struct viz_time){INT64_MAX};
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

/* Whether those who may know what a copy of us has signed have shown it, or nobody is in reach. */
static bool was_shown(const struct viz_core *core, const struct viz_reach *r)
{
	return (r->heard && !r->awaited) || alone_until(core).ms <= core->now.ms;
}

static void step_node(struct viz_net *net, const struct viz_reach *r)
{
	struct viz_self *self = &net->trust->self;
	struct viz_time now = net->core->now;

	if (r->nobody || self->revoked) {
		sign_node(net);
	} else if (self->quarantine.ms != 0) {
		if (was_shown(net->core, r))
			sign_node(net);
	} else if (self->start.told_at.ms == INT64_MAX) {
		if (was_shown(net->core, r) && tell(net))
			self->start.told_at = now;
	} else if (now.ms - self->start.told_at.ms >= net->core->federation.start_ms &&
		   was_shown(net->core, r)) {
		sign_node(net);
	}
}

/* Since when a copy of us can have heard of this process. */
static struct viz_time told_since(struct viz_trust *trust)
{
	const struct viz_start *start = &trust->self.start;

	return start->told_at.ms != INT64_MAX ? start->told_at : viz_member_self(trust)->node_time;
}

void viz_start_step(struct viz_net *net)
{
	struct viz_start *start = &net->trust->self.start;
	const struct viz_member *self = viz_member_self(net->trust);
	struct viz_reach r;

	if (start->log_from.ms != INT64_MAX)
		return;
	r = viz_reach_look(net);
	if (start->node_waits)
		step_node(net, &r);
	if (start->node_waits)
		return;
	if (r.heard && !r.awaited && self->node.start.ms == net->core->started.ms)
		start->log_from = viz_after(told_since(net->trust), net->core->federation.start_ms);
	else if (!r.any)
		start->log_from = net->core->now;
}

/* When it can go on by itself: it has told of itself, or may sign again, or has waited long. */
static int64_t goes_on(const struct viz_trust *trust)
{
	const struct viz_core *core = trust->core;
	int64_t alone = alone_until(core).ms;

	if (trust->self.start.told_at.ms != INT64_MAX)
		return viz_after(trust->self.start.told_at, core->federation.start_ms).ms;
	return alone > core->now.ms ? alone : viz_identity_time(trust).ms;
}

struct viz_time viz_start_deadline(const struct viz_net *net)
{
	struct viz_time at = {INT64_MAX};
	int64_t next;

	if (net->trust->self.start.log_from.ms != INT64_MAX)
		return at;
	at.ms = patience_ends(net);
	next = goes_on(net->trust);
	if (net->trust->self.start.node_waits && next > net->core->now.ms && next < at.ms)
		at.ms = next;
	return at;
}
