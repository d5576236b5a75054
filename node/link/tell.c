#include "node/link/tell.h"

#include "node/core/core.h"
#include "node/link/link.h"
#include "node/link/remote.h"
#include "node/trust/member.h"
#include "node/trust/peer.h"
#include "node/trust/trust.h"
#include "proto/base.h"

static const char unreached[] = "unreached";

static int priority(const struct viz_member *m)
{
	return viz_peer_is_kept(m) ? 5 : 6;
}

void viz_link_tell_up(struct viz_trust *trust, const struct viz_link *link)
{
	const struct viz_member *m = viz_member_find(trust, &link->peer);

	if (!m)
		return;
	if (m->remote) {
		m->remote->told = NULL;
		m->remote->failed = 0;
	}
	viz_core_log(trust->core, priority(m), "link with %s is up (%s%s)", viz_member_name(m),
		     link->outbound ? "outbound" : "inbound", m->member ? "" : ", guest");
}

void viz_link_tell_down(struct viz_trust *trust, const struct viz_link *link, const char *reason)
{
	const struct viz_member *m = viz_member_find(trust, &link->peer);

	if (m && link->proven)
		viz_core_log(trust->core, priority(m), "link with %s is down (%s)",
			     viz_member_name(m), reason ? reason : "the other side or the network");
}

void viz_link_tell_refused(struct viz_trust *trust, const struct viz_id *author, const char *reason)
{
	const struct viz_member *m = viz_member_find(trust, author);

	if (m && m->remote && m->remote->link == 0)
		viz_remote_ended(trust->core, m->remote, VIZ_LINK_END_REFUSED_HERE);
	/* Whom nobody knows is the host's to count. */
	if (!m || !(m->remote || viz_peer_is_kept(m)) ||
	    (m->remote && (m->remote->told == reason || m->remote->link != 0)))
		return;
	if (m->remote)
		m->remote->told = reason;
	viz_core_log(trust->core, viz_peer_is_kept(m) ? 4 : 6, "%s is refused: %s",
		     viz_member_name(m), reason);
}

void viz_link_tell_unreached(struct viz_core *core, struct viz_member *m)
{
	if (!m->remote || m->remote->told == unreached || !viz_peer_is_kept(m))
		return;
	m->remote->told = unreached;
	viz_core_log(
	    core, 4,
	    "%s cannot be reached: it does not answer at its address, or is another. It is "
	    "tried again at least every 90 seconds",
	    viz_member_name(m));
}
