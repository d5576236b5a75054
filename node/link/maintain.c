#include "node/link/maintain.h"

#include "node/core/core.h"
#include "node/link/dial.h"
#include "node/link/full.h"
#include "node/link/hello.h"
#include "node/link/link.h"
#include "node/link/lot.h"
#include "node/link/mail.h"
#include "node/link/net.h"
#include "node/link/remote.h"
#include "node/trust/author.h"
#include "node/trust/member.h"
#include "node/trust/peer.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"

#define BEHIND_RETRY_MS      2000  /* between comparisons on a link that is behind */
#define COMPARE_ALL_EVERY_MS 60000 /* between comparisons on all links, at least */

/* When the closure has changed, compares on all links. That is limited in time: a member can
 * publish one VOUCH after the other, and each makes every node compare on every link. */
static void compare_all(struct viz_net *net)
{
	struct viz_links *l = &net->links;
	int64_t every = COMPARE_ALL_EVERY_MS < net->core->federation.repair_ms
			    ? COMPARE_ALL_EVERY_MS
			    : net->core->federation.repair_ms;

	if (!net->trust->directory.closure_changed || l->compare_all_at.ms > net->core->now.ms)
		return;
	net->trust->directory.closure_changed = false;
	l->compare_all_at = viz_after(net->core->now, every);
	for (size_t i = 0; i < l->count; i++)
		if (!l->list[i].guest)
			l->list[i].behind = true;
}

/* Closes the link if its peer is no longer welcome, or no longer a member as we have said, or has
 * other keys since: who holds the old ones may be a thief. Says MEMBER when the peer has become
 * one. */
static void review(struct viz_net *net, struct viz_link *link)
{
	struct viz_member *m = viz_member_find(net->trust, &link->peer);

	if (!m || viz_author_revoked(m)) {
		viz_link_close(net, link->number, "revoked");
	} else if (!m->member && (link->said || (!m->peer.pending && !m->peer.vouched))) {
		viz_link_close(net, link->number, "not-a-member");
	} else if (m->has_node && !viz_link_hello_transport_matches(m, &link->transport) &&
		   !(viz_peer_said_later(m) &&
		     memcmp(&m->peer.transport, &link->transport, sizeof link->transport) == 0)) {
		viz_link_close(net, link->number, "rotated");
	} else {
		viz_link_full_say(net, link, m);
	}
}

/* For the peer we are still a guest. When its clock is slow it ignored our greeting, and takes it
 * once its clock has reached those records. */
static void greet_again(struct viz_net *net, struct viz_link *link)
{
	if (!link->said || link->repair_at.ms > net->core->now.ms)
		return;
	link->repair_at = viz_after(net->core->now, net->core->federation.repair_ms);
	net->handlers->link->greet(net, link);
}

/* Dials the operator's peers that have no link. Each has a place of its own for that, whatever
 * happens to the dials by lot. After a start they are dialled at once: a node that may be a copy
 * signs nothing before partners have shown what it signed last, so it must reach many before the
 * original can sign for the others. */
static void dial_kept(struct viz_net *net)
{
	const struct viz_directory *d = &net->trust->directory;

	for (size_t i = 0; i < d->peer_count; i++) {
		struct viz_member *m = d->peer[i];

		if ((m->peer.vouched || m->peer.partner) &&
		    !viz_id_eq(&m->id, &net->trust->self.author) && viz_link_dial_possible(net, m))
			viz_link_dial(net, m);
	}
}

/* Dials the operator's peers. That is done only when links or the directory have changed, or when a
 * back-off is over. `changes` is what net->links.changes was before this round looked at the links.
 */
static void dial_missing(struct viz_net *net, uint64_t changes)
{
	struct viz_links *l = &net->links;
	const struct viz_directory *d = &net->trust->directory;

	if (l->dials.links == l->changes && l->dials.directory == d->changes &&
	    l->dials.again.ms > net->core->now.ms)
		return;
	l->dials.links = changes;
	l->dials.directory = d->changes;
	dial_kept(net);
	l->dials.again = (struct viz_time){INT64_MAX};
	for (size_t i = 0; i < l->remote_count; i++) {
		const struct viz_remote *r = l->remote[i];

		if (r->dial_at.ms > net->core->now.ms && r->dial_at.ms < l->dials.again.ms)
			l->dials.again = r->dial_at;
	}
}

/* Whether to compare again soon. What the last comparison asked for is a reason only when something
 * of it has come since: the peer may name what it does not give, or what we do not take. */
static bool is_behind(const struct viz_link *link)
{
	return link->behind || (link->compare_wants && link->compare_taken != link->taken);
}

void viz_link_maintain(struct viz_net *net)
{
	/* Read first: what changes below counts in the next batch. */
	uint64_t changes = net->links.changes;

	compare_all(net);
	for (size_t i = 0; i < net->links.count; i++) {
		struct viz_link *link = &net->links.list[i];
		const char *anew;

		if (link->closing)
			continue;
		review(net, link);
		anew = viz_mail_begins_anew(net->trust, link);
		if (anew)
			viz_link_close(net, link->number, anew);
		if (link->closing)
			continue;
		if (link->guest) {
			greet_again(net, link);
			continue;
		}
		if (is_behind(link) && link->repair_at.ms > net->core->now.ms + BEHIND_RETRY_MS)
			link->repair_at = viz_after(net->core->now, BEHIND_RETRY_MS);
		if (link->repair_at.ms <= net->core->now.ms)
			net->handlers->link->compare(net, link);
	}
	dial_missing(net, changes);
	viz_lot_step(net);
}

struct viz_time viz_link_maintain_deadline(const struct viz_net *net)
{
	struct viz_time at = net->links.dials.again;

	if (net->trust->directory.closure_changed && net->links.compare_all_at.ms < at.ms)
		at = net->links.compare_all_at;
	for (size_t i = 0; i < net->links.count; i++) {
		const struct viz_link *link = &net->links.list[i];

		if (!link->closing && (!link->guest || link->said) && link->repair_at.ms < at.ms)
			at = link->repair_at;
	}
	return at;
}
