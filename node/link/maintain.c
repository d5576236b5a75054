#include "node/link/maintain.h"

#include "node/core/core.h"
#include "node/link/dial.h"
#include "node/link/link.h"
#include "node/link/mail.h"
#include "node/link/net.h"
#include "node/trust/author.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/base.h"

#define BEHIND_RETRY_MS 2000 /* comparing again after something had to be dropped */

#define NEWS_EVERY_MS 5000 /* comparing on all links because of who came or went */

/* One VOUCH makes every node compare on every link; a member can publish one after the other. */
static void spread_news(struct viz_net *net)
{
	struct viz_links *l = &net->links;
	int64_t every = NEWS_EVERY_MS < net->core->federation.repair_ms
			    ? NEWS_EVERY_MS
			    : net->core->federation.repair_ms;

	if (!net->trust->directory.news || l->news_at.ms > net->core->now.ms)
		return;
	net->trust->directory.news = false;
	l->news_at = viz_after(net->core->now, every);
	for (size_t i = 0; i < l->count; i++)
		if (!l->list[i].guest)
			l->list[i].behind = true;
}

/* A link whose peer came into or out of the closure. */
static void review(struct viz_net *net, struct viz_link *link)
{
	struct viz_member *m = viz_member_find(net->trust, &link->peer);

	if (!m || viz_author_revoked(m)) {
		viz_link_close(net, link->number, "revoked");
	} else if (!m->member && !m->peer.pending && !m->peer.vouched) {
		viz_link_close(net, link->number, "not-a-member");
	} else if (link->guest && m->member) {
		link->guest = false;
		net->handlers->link->compare(net, link);
		viz_mail_pump(net, link);
	} else if (!link->guest && !m->member) {
		link->guest = true;
	}
}

void viz_link_maintain(struct viz_net *net)
{
	size_t linked = 0;

	spread_news(net);
	for (size_t i = 0; i < net->links.count; i++) {
		struct viz_link *link = &net->links.list[i];

		if (link->closing)
			continue;
		linked++;
		review(net, link);
		/* its peer begins again with the first mail that was not acknowledged */
		if (link->mail_stopped && viz_core_has_headroom(net->core))
			viz_link_close(net, link->number, "store-has-room");
		if (link->closing || link->guest)
			continue;
		if (link->behind && link->repair_at.ms > net->core->now.ms + BEHIND_RETRY_MS)
			link->repair_at = viz_after(net->core->now, BEHIND_RETRY_MS);
		if (link->repair_at.ms <= net->core->now.ms)
			net->handlers->link->compare(net, link);
	}
	for (size_t i = 0; i < net->trust->directory.count; i++) {
		struct viz_member *m = net->trust->directory.list[i];

		if (viz_id_eq(&m->id, &net->trust->self.author) ||
		    !viz_link_should_dial(net, m, linked))
			continue;
		viz_link_dial(net, m);
		linked++;
	}
}

struct viz_time viz_link_deadline(const struct viz_net *net)
{
	struct viz_time at = {INT64_MAX};

	if (net->trust->directory.news)
		at = net->links.news_at;
	for (size_t i = 0; i < net->links.count; i++) {
		const struct viz_link *link = &net->links.list[i];

		if (!link->closing && !link->guest && link->repair_at.ms < at.ms)
			at = link->repair_at;
	}
	for (size_t i = 0; i < net->trust->directory.count; i++) {
		const struct viz_member *m = net->trust->directory.list[i];

		if (m->link == 0 && m->attempt == 0 && m->dial_at.ms > net->core->now.ms &&
		    (m->member || m->peer.vouched) && m->dial_at.ms < at.ms)
			at = m->dial_at;
	}
	return at;
}
