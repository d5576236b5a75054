#include "node/link/full.h"

#include "node/core/core.h"
#include "node/link/budget.h"
#include "node/link/link.h"
#include "node/link/mail.h"
#include "node/link/net.h"
#include "node/link/remote.h"
#include "node/trust/member.h"
#include "node/trust/notice.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/message.h"
#include "proto/reader.h"
#include "proto/writer.h"

#define REPLACED_MS  60000 /* full links that are replaced within this time, */
#define REPLACED_MAX 3     /* so many: the peer answers at two places */
#define AGREE        3     /* so many peers whose clocks differ likewise from ours are right */

void viz_link_full_replaced(struct viz_net *net, const struct viz_link *old, struct viz_member *m)
{
	struct viz_remote *r = viz_remote_ensure(net, m);

	if (old->guest)
		return;
	if (net->core->now.ms - r->replaced_at.ms > REPLACED_MS) {
		r->replaced = 0;
		r->replaced_at = net->core->now;
	}
	if (++r->replaced < REPLACED_MAX)
		return;
	r->replaced = 0;
	r->clone = true;
	viz_notice_add(net->trust, VIZ_NOTICE_PEER_CLONE, NULL, &m->id, 0);
}

void viz_link_full_clone(struct viz_net *net, struct viz_link *link, struct viz_reader *r)
{
	viz_message_clone_read(r);
	if (viz_reader_finish(r) != VIZ_OK || link->clone)
		return;
	link->clone = true;
	viz_notice_add(net->trust, VIZ_NOTICE_CLONE, NULL, &link->peer, 0);
}

static void tell_clone(struct viz_trust *trust, struct viz_link *link)
{
	const struct viz_member *m = viz_member_find(trust, &link->peer);
	VIZ_WRITER(w, 8);

	if (!m || !m->remote || !m->remote->clone)
		return;
	m->remote->clone = false;
	viz_message_clone_write(&w);
	viz_link_send(trust->core, link, w.start, viz_writer_done(&w).len, 0);
}

/* The link carries everything from now on. Both sides do the same at the same moment of its life,
 * so only the one that dialled compares. */
static void become_full(struct viz_net *net, struct viz_link *link)
{
	const struct viz_link_ops *ops = net->handlers->link;
	struct viz_member *m = viz_member_find(net->trust, &link->peer);

	if (!link->guest || !link->said || !link->heard || link->closing)
		return;
	if (m && !viz_budget_full_link(net, m)) {
		viz_link_close(net, link->number, "too-often");
		return;
	}
	link->guest = false;
	link->full_at = net->core->now;
	for (size_t i = 0; i < sizeof ops->full / sizeof *ops->full; i++)
		if (ops->full[i])
			ops->full[i](net, link);
	tell_clone(net->trust, link);
	viz_mail_pump(net, link);
	if (link->outbound) {
		link->first_at = net->core->now;
		ops->compare(net, link);
	}
}

void viz_link_full_say(struct viz_net *net, struct viz_link *link, const struct viz_member *m)
{
	int64_t day = net->core->now.ms / VIZ_DAY_MS;
	VIZ_WRITER(w, 16);

	if (!m->member || link->closing || (link->said && link->said_day == day))
		return;
	viz_message_member_write(&w, &(struct viz_message_member){net->core->now});
	viz_link_send(net->core, link, w.start, viz_writer_done(&w).len, 0);
	link->said = true;
	link->said_day = day;
	become_full(net, link);
}

struct viz_link_clocks viz_link_full_clocks(const struct viz_net *net)
{
	struct viz_link_clocks c = {0};
	int64_t skew = net->core->federation.skew_ms;

	for (size_t i = 0; i < net->links.count; i++) {
		const struct viz_link *link = &net->links.list[i];

		if (link->closing || link->guest)
			continue;
		c.ahead += link->peer_ahead_ms > skew;
		c.behind += link->peer_ahead_ms < -skew;
	}
	for (size_t i = 0; i < net->links.remote_count; i++) {
		const struct viz_remote *r = net->links.remote[i];

		if (llabs(r->ahead_ms) > skew && llabs(r->ahead_ms) > llabs(c.other_ahead_ms)) {
			c.other = r->member;
			c.other_ahead_ms = r->ahead_ms;
		}
	}
	c.own_wrong = c.ahead >= AGREE || c.behind >= AGREE;
	return c;
}

/* Tells the operator which clock is wrong. */
static void report_clock(struct viz_net *net, const struct viz_link *link)
{
	long long s = (long long)(link->peer_ahead_ms / 1000);
	struct viz_member *m = viz_member_ensure(net->trust, &link->peer);
	uint32_t day = (uint32_t)(net->core->now.ms / VIZ_DAY_MS);

	if (llabs(link->peer_ahead_ms) <= net->core->federation.skew_ms || m->told.clock_day == day)
		return;
	m->told.clock_day = day;
	if (viz_link_full_clocks(net).own_wrong)
		viz_core_log(net->core, 3,
			     "our clock is wrong: those of several peers differ from it likewise, "
			     "that of %s by %lld s",
			     viz_member_name(m), s);
	else
		viz_core_log(net->core, 4,
			     "the clock of %s is %lld s %s ours: one of the two is wrong, and both "
			     "are told",
			     viz_member_name(m), s < 0 ? -s : s, s < 0 ? "behind" : "ahead of");
	viz_notice_add(net->trust,
		       viz_link_full_clocks(net).own_wrong ? VIZ_NOTICE_CLOCK
							   : VIZ_NOTICE_PEER_CLOCK,
		       NULL, &m->id, 0);
}

void viz_link_full_say_clock(struct viz_core *core, struct viz_link *link)
{
	VIZ_WRITER(w, 16);

	viz_message_clock_write(&w, &(struct viz_message_clock){core->now});
	viz_link_send(core, link, w.start, viz_writer_done(&w).len, 0);
}

void viz_link_full_refused_clock(struct viz_net *net, const struct viz_id *author)
{
	uint32_t day = (uint32_t)(net->core->now.ms / VIZ_DAY_MS);

	if (net->links.refused_clock_day == day)
		return;
	net->links.refused_clock_day = day;
	viz_notice_add(net->trust, VIZ_NOTICE_PEER_CLOCK, NULL, author, 0);
}

/* Notes the peer's clock, and tells the operator. */
static void read_clock(struct viz_net *net, struct viz_link *link, struct viz_time theirs)
{
	struct viz_remote *r = viz_remote_ensure(net, viz_member_ensure(net->trust, &link->peer));

	link->peer_ahead_ms = theirs.ms - net->core->now.ms;
	r->ahead_ms = link->peer_ahead_ms;
	if (llabs(r->ahead_ms) <= net->core->federation.skew_ms)
		r->ahead_from = (struct viz_time){0};
	else if (r->ahead_from.ms == 0)
		r->ahead_from = net->core->now;
	report_clock(net, link);
}

void viz_link_full_clock(struct viz_net *net, struct viz_link *link, struct viz_reader *r)
{
	struct viz_message_clock m;

	viz_message_clock_read(r, &m);
	if (viz_reader_finish(r) == VIZ_OK)
		read_clock(net, link, m.time);
}

void viz_link_full_heard(struct viz_net *net, struct viz_link *link, struct viz_reader *r)
{
	struct viz_message_member m;

	viz_message_member_read(r, &m);
	if (viz_reader_finish(r) != VIZ_OK)
		return;
	link->peer_day = m.time.ms / VIZ_DAY_MS;
	link->heard = true;
	become_full(net, link);
	read_clock(net, link, m.time);
}
