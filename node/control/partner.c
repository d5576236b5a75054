#include "node/control/partner.h"

#include "node/control/request.h"
#include "node/core/core.h"
#include "node/core/event.h"
#include "node/link/link.h"
#include "node/link/net.h"
#include "node/link/remote.h"
#include "node/trust/author.h"
#include "node/trust/live.h"
#include "node/trust/member.h"
#include "node/trust/peer.h"
#include "node/trust/trust.h"
#include "proto/base.h"

/* NULL: there is none. */
static const struct viz_link *link_of(const struct viz_net *net, const struct viz_member *m)
{
	for (size_t i = 0; viz_remote_linked(m) && i < net->links.count; i++)
		if (net->links.list[i].number == m->remote->link)
			return &net->links.list[i];
	return NULL;
}

struct viz_time viz_control_partner_unlinked_from(const struct viz_net *net,
						  const struct viz_member *m)
{
	const struct viz_link *link = link_of(net, m);

	if (link && link->proven)
		return (struct viz_time){0};
	return m->remote && m->remote->lost_at.ms != 0 ? m->remote->lost_at : net->core->started;
}

bool viz_control_partner_is_silent(struct viz_trust *trust, const struct viz_member *m)
{
	const struct viz_partners *p = viz_member_self(trust)->partners;
	const struct viz_partner_entry *ours = p ? viz_partners_find(p, &m->id) : NULL;

	return ours && ours->removed.ms == 0 && m->us_count > 0 &&
	       m->us[m->us_count - 1].removed.ms == 0 && m->has_node &&
	       !viz_live_member(trust->core, m, trust->core->now);
}

/* NULL: nothing has come of anything yet. */
static const char *end_word(enum viz_link_end end)
{
	switch (end) {
	case VIZ_LINK_END_NONE:
		return NULL;
	case VIZ_LINK_END_TIMEOUT:
		return "no-answer";
	case VIZ_LINK_END_REFUSED:
		return "nothing-listens";
	case VIZ_LINK_END_UNREACHABLE:
		return "no-route";
	case VIZ_LINK_END_OTHER:
		return "another";
	case VIZ_LINK_END_BUSY:
		return "busy";
	case VIZ_LINK_END_TURNED_AWAY:
		return "turned-away";
	case VIZ_LINK_END_LOST:
		return "lost";
	case VIZ_LINK_END_CLOSED:
		return "closed";
	case VIZ_LINK_END_REFUSED_HERE:
		return "refused-here";
	}
	return NULL;
}

static size_t address_count(struct viz_core *core, const struct viz_member *m)
{
	struct viz_node_body *b = viz_core_alloc(sizeof *b);
	size_t n = viz_member_node(core, b, m) ? b->address_count : 0;

	free(b);
	return viz_peer_said_later(m) || n == 0 ? n + m->peer.address_count : n;
}

/* Why there is no link. */
static const char *reason(const struct viz_net *net, const struct viz_member *m, size_t addresses)
{
	const char *end = m->remote ? end_word(m->remote->end) : NULL;

	if (net->trust->self.revoked)
		return "own-revoked";
	if (viz_author_revoked(m))
		return "revoked";
	if (m->pruned || m->pruned_at.ms != 0)
		return "pruned";
	if (addresses == 0)
		return viz_member_self(net->trust)->node.has_address ? "it-must-dial"
								     : "no-addresses";
	return end ? end : "dialling";
}

void viz_control_partner_set_link(json_t *o, const struct viz_net *net, const struct viz_member *m)
{
	const struct viz_remote *r = m->remote;
	const struct viz_link *link = link_of(net, m);
	struct viz_time unlinked = viz_control_partner_unlinked_from(net, m);

	if (unlinked.ms == 0)
		viz_request_set_time(o, "link_from", link->since);
	viz_request_set_time(o, "unlinked_from", unlinked);
	viz_request_set_time(o, "heard_at",
			     link && link->heard_at.ms != 0 ? link->heard_at
			     : r                            ? r->heard_at
							    : (struct viz_time){0});
	if (unlinked.ms != 0) {
		size_t n = address_count(net->core, m), failed = r ? r->failed : 0;

		json_object_set_new(o, "unlinked_reason", json_string(reason(net, m, n)));
		json_object_set_new(o, "tried_count",
				    json_integer((json_int_t)(failed < n ? failed : n)));
	}
	if (r && r->end != VIZ_LINK_END_NONE) {
		json_object_set_new(o, "last_error", json_string(end_word(r->end)));
		viz_request_set_time(o, "last_error_at", r->end_at);
	}
}
