/* What one offer of a partner still lacks, and what it shows of us. */
#include "node/audit/lists.h"
#include "node/audit/log.h"
#include "node/audit/pledge_keys.h"
#include "node/audit/suspect.h"
#include "node/core/core.h"
#include "node/core/due.h"
#include "node/core/place.h"
#include "node/gossip/chain.h"
#include "node/gossip/wanted.h"
#include "node/inbox/inbox.h"
#include "node/inbox/protest.h"
#include "node/link/net.h"
#include "node/link/linked.h"
#include "node/offer/view.h"
#include "node/trust/circle.h"
#include "node/trust/live.h"
#include "node/trust/member.h"
#include "node/trust/named.h"
#include "node/trust/trust.h"
#include "proto/federation.h"
#include "proto/limits.h"
#include "proto/offer.h"
#include "proto/record.h"

/* An offer while it is looked at. */
struct look {
	const struct viz_suspect *s;
	const struct viz_member *m;
	const struct viz_inbox *in;
	uint64_t log;     /* in which it was made */
	bool lacks;       /* something is missing, or may yet be */
	uint32_t pledges; /* of `in`, as it is now */
};

/* Gives whether the suspicion is raised now. */
static bool missing(struct look *l, enum viz_suspicion rule, const struct viz_id *about)
{
	/* an offer of an old log is over: nothing more is signed for it; and an origin serves its
	 * views to partners alone */
	bool owes =
	    l->log == l->m->node.log && (rule != VIZ_SUSPICION_VIEW_UNSERVED ||
					 viz_live_partner(l->s->net->trust, &l->in->origin));
	int64_t ms = owes ? viz_linked_ms(l->m) : 0;

	l->lacks = true;
	return viz_suspect_missing(l->s, l->m, rule, l->in->slot, about, ms);
}

/* The offer's record of this type. False: it is not here. A dead one is here: nothing more is done
 * in the offer. */
static bool get(const struct look *l, struct viz_record *rec, uint8_t type, uint64_t slot)
{
	struct viz_held held;

	return viz_place_get(l->s->net->core, &held, rec, &l->in->origin, type, slot);
}

/* named-unserved and view-unserved: the view, and the PARTNERS by which it is read. */
static void look_at_view(struct look *l)
{
	const struct viz_inbox *in = l->in;
	struct viz_partners *named;
	struct viz_owed_what what = {in->origin, VIZ_SUSPICION_VIEW_UNSERVED, in->slot, in->view};
	struct viz_owed o;

	if (in->view_judged) {
		/* what was not served in time is asked for no more: the suspicion stays */
		if (in->unchecked == VIZ_UNCHECKED_VIEW &&
		    viz_owed_get(l->s->net->core, &o, &what) && o.raised)
			viz_suspect_missing(l->s, l->m, VIZ_SUSPICION_VIEW_UNSERVED, in->slot,
					    &in->view, 0);
		return;
	}
	if (in->view_since.ms == 0) {
		l->lacks = true;
		return;
	}
	named = viz_core_alloc(sizeof *named);
	if (viz_view_partners(l->s->net->core, named, &in->origin, &in->partners)) {
		if (missing(l, VIZ_SUSPICION_VIEW_UNSERVED, &in->view))
			viz_inbox_protest_unserved(l->s->net, in);
	} else {
		missing(l, VIZ_SUSPICION_NAMED_UNSERVED, &in->partners);
	}
	free(named);
}

/* What was judged without the NODE is judged again: the OFFER beside it, and the lists. */
static void judge_again(struct look *l, const struct viz_record *offer)
{
	struct viz_core *core = l->s->net->core;
	struct viz_inbox *in;

	viz_audit_log_record(l->s->net->trust, offer);
	if (!l->in->view_judged || l->in->unchecked != VIZ_UNCHECKED_NOT)
		return;
	l->lacks = true;
	in = viz_core_alloc(sizeof *in);
	*in = *l->in;
	in->view_judged = false;
	viz_inbox_put(core, in);
	viz_due_set(core, core->now, VIZ_DUE_VIEW, &in->origin, in->slot);
	free(in);
}

/* named-unserved: the NODE, without which nobody sees whether the OFFER says of it what is true. */
static void look_at_node(struct look *l, const struct viz_record *offer)
{
	struct viz_net *net = l->s->net;
	struct viz_link *link = viz_link_of(net, &l->in->origin);
	struct viz_owed_what what = {
	    .debtor = l->in->origin, .rule = VIZ_SUSPICION_NAMED_UNSERVED, .slot = l->in->slot};
	struct viz_record node;
	struct viz_owed owed;
	struct viz_offer o;

	VIZ_REQUIRE(viz_offer_parse(&o, offer) == VIZ_OK);
	what.about = o.node;
	if (viz_named_get(net->core, &node, &l->in->origin, &o.node)) {
		if (viz_owed_get(net->core, &owed, &what))
			judge_again(l, offer);
		return;
	}
	if (link)
		viz_wanted_named(net, link, &l->in->origin, &o.node, &l->in->offer);
	missing(l, VIZ_SUSPICION_NAMED_UNSERVED, &o.node);
}

/* unended: CLOSE, RESULT or CHOICE 1 is due since `due`, and not here. */
static void not_ended(struct look *l, uint8_t type, int64_t due)
{
	struct viz_id about = {{type}};

	l->lacks = true;
	if (due + l->s->net->core->federation.skew_ms <= l->s->net->core->now.ms)
		missing(l, VIZ_SUSPICION_UNENDED, &about);
}

static void look_at_end(struct look *l)
{
	const struct viz_federation *f = &l->s->net->core->federation;
	struct viz_record close, result, choice;
	struct viz_result *r;

	if (!get(l, &close, VIZ_TYPE_CLOSE, l->in->slot)) {
		not_ended(l, VIZ_TYPE_CLOSE, l->in->closes.ms);
		return;
	}
	if (!get(l, &result, VIZ_TYPE_RESULT, l->in->slot)) {
		not_ended(l, VIZ_TYPE_RESULT, close.time.ms + f->reveal_ms);
		return;
	}
	r = viz_core_alloc(sizeof *r);
	if (viz_result_parse(r, &result) == VIZ_OK && r->kind == VIZ_RESULT_ORDER &&
	    !get(l, &choice, VIZ_TYPE_CHOICE, viz_record_slot_choice(l->in->slot, 1)))
		not_ended(l, VIZ_TYPE_CHOICE, result.time.ms + f->choice_ms);
	free(r);
}

/* pledge-key: a PLEDGE in CLOSE is signed by a key whose SUCCESSION is not here, or that does not
 * verify it. Signatures are verified once, and few in one pass. */
static void look_at_keys(struct look *l)
{
	struct viz_trust *trust = l->s->net->trust;
	struct viz_inbox *in;
	struct viz_record close;
	enum viz_pledge_keys keys;
	struct viz_id who;

	if (!get(l, &close, VIZ_TYPE_CLOSE, l->in->slot))
		return;
	keys = viz_pledge_keys_look(trust, &who, l->in, &close);
	if (keys == VIZ_PLEDGE_KEYS_OPEN) {
		in = viz_core_alloc(sizeof *in);
		*in = *l->in;
		in->pledges = l->pledges = viz_pledge_keys_verify(trust, l->s->checks, in, &close);
		keys = viz_pledge_keys_look(trust, &who, in, &close);
		free(in);
	}
	if (keys == VIZ_PLEDGE_KEYS_LACKING)
		missing(l, VIZ_SUSPICION_PLEDGE_KEY, &who);
	l->lacks |= keys == VIZ_PLEDGE_KEYS_OPEN;
}

/* Whether our index stands in the list. */
static bool stands_in(const uint8_t *list, size_t n, uint8_t index)
{
	return memchr(list, index, n) != NULL;
}

/* silent-false: we stand in silent, though the origin had a NODE from us that still counted at the
 * draw: the one that we had when a link was up was not older than a heartbeat. */
static void look_at_silent(struct look *l)
{
	struct viz_net *net = l->s->net;
	const struct viz_federation *f = &net->core->federation;
	struct viz_circle circle = {l->in->origin, l->in->drawn, l->in->partners};
	struct viz_time from = {l->in->drawn.ms - f->silence_ms + f->heartbeat_ms};
	struct viz_lists *lists;
	uint8_t index;

	if (l->in->drawn.ms == 0 || !viz_linked_within(net, l->m, from, l->in->drawn))
		return;
	lists = viz_core_alloc(sizeof *lists);
	if (viz_lists_read(net->core, lists, l->in) &&
	    viz_circle_index(net->core, &index, &circle, &net->trust->self.author, l->in->drawn) &&
	    stands_in(lists->is.silent, lists->is.silent_len, index))
		viz_suspect_found(net->trust, &l->in->origin, VIZ_SUSPICION_SILENT_FALSE,
				  l->in->slot, &net->trust->self.author);
	free(lists);
}

/* The time of the NODE that the OFFER names. */
static struct viz_time named_time(const struct look *l)
{
	struct viz_offer *o = viz_core_alloc(sizeof *o);
	struct viz_time at = {INT64_MAX};
	struct viz_record rec;

	if (get(l, &rec, VIZ_TYPE_OFFER, l->in->slot) && viz_offer_parse(o, &rec) == VIZ_OK)
		at = o->node_time;
	free(o);
	return at;
}

/* old-log: a record of another log than the newest opened one, dated after the NODE that opened
 * that one. The log of the newest NODE is not old, though it is not opened yet, nor is that of an
 * OFFER that names a NODE which has not come. */
static void look_at_log(struct look *l)
{
	static const uint8_t types[] = {VIZ_TYPE_OFFER, VIZ_TYPE_CLOSE, VIZ_TYPE_RESULT};
	struct viz_chain c;
	struct viz_record rec;
	struct viz_id id;

	if (!viz_chain_get(l->s->net->core, &c, &l->in->origin) || c.log == l->log ||
	    l->log == l->m->node.log || named_time(l).ms > l->m->node_time.ms)
		return;
	for (size_t i = 0; i < sizeof types; i++)
		if (get(l, &rec, types[i], l->in->slot) && rec.time.ms > (int64_t)c.first_seq) {
			viz_ids_record(&id, &l->s->net->core->federation_id, &rec);
			viz_suspect_found(l->s->net->trust, &l->in->origin, VIZ_SUSPICION_OLD_LOG,
					  l->in->slot, &id);
		}
}

/* unleased: our question for a lease is not answered, or by none, and the award is not over. */
static void look_at_lease(struct look *l)
{
	const struct viz_inbox *in = l->in;

	if (in->award_n == 0 || in->award_latest.ms <= l->s->net->core->now.ms)
		return;
	l->lacks = true;
	if (in->state == VIZ_INBOX_AWARDED && in->lease_asked.ms != 0 &&
	    (!in->lease_answered || in->lease_until.ms == 0))
		missing(l, VIZ_SUSPICION_UNLEASED, &in->award);
}

void viz_suspect_offer(const struct viz_suspect *s, const struct viz_member *m,
		       const struct viz_inbox *in)
{
	struct look l = {.s = s, .m = m, .in = in, .pledges = in->pledges};
	struct viz_position at;
	struct viz_record offer;
	bool settled;

	/* a thief of an old key may have signed what no log reaches: nothing of it is owed */
	if (in->settled || !get(&l, &offer, VIZ_TYPE_OFFER, in->slot) ||
	    viz_position_parse(&at, &offer) != VIZ_OK ||
	    !viz_audit_log_counts(s->net->trust, &offer))
		return;
	l.log = at.log;
	look_at_silent(&l);
	look_at_log(&l);
	if (in->unchecked == VIZ_UNCHECKED_SHARE)
		viz_suspect_found(s->net->trust, &m->id, VIZ_SUSPICION_SHARE_FULL, in->slot,
				  &in->view);
	look_at_view(&l);
	look_at_end(&l);
	look_at_lease(&l);
	look_at_keys(&l);
	/* last, as it may write: the OFFER is borrowed from the store */
	if (get(&l, &offer, VIZ_TYPE_OFFER, in->slot))
		look_at_node(&l, &offer);
	settled = !l.lacks && in->unchecked != VIZ_UNCHECKED_VIEW;
	if (settled || l.pledges != in->pledges) {
		struct viz_inbox *now = viz_core_alloc(sizeof *now);

		*now = *in;
		now->settled = settled;
		now->pledges = l.pledges;
		viz_inbox_put(s->net->core, now);
		free(now);
	}
}
