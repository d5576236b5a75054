#include "node/inbox/protest.h"

#include "crypto/rng.h"
#include "node/core/core.h"
#include "node/core/due.h"
#include "node/core/ids.h"
#include "node/core/journal.h"
#include "node/core/place.h"
#include "node/gossip/protest.h"
#include "node/inbox/inbox.h"
#include "node/link/dial.h"
#include "node/link/link.h"
#include "node/link/net.h"
#include "node/self/publish.h"
#include "node/self/statement.h"
#include "node/trust/circle.h"
#include "node/trust/identity.h"
#include "node/trust/member.h"
#include "node/trust/notice.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/federation.h"
#include "proto/fields.h"
#include "proto/limits.h"
#include "proto/offer.h"
#include "proto/reader.h"
#include "proto/record.h"
#include "proto/trust.h"
#include "proto/writer.h"
#include "store/store.h"
#include "store/tables.h"

#define AGAIN_MS 1000  /* between two attempts to say it */
#define SAY_MS   60000 /* what cannot be said by then is not said */
#define TELL     3     /* members of the circle that shall hear of it at once */

/* The row under VIZ_OFFER_ROW_HEARD. */
struct heard {
	struct viz_time started; /* of the process for which link and sent hold */
	uint64_t mail;           /* number of our last mail about the offer */
	uint64_t link;           /* on which it was sent; 0: on none */
	struct viz_time sent;
	struct viz_time closed; /* when CLOSE came; 0: not yet */
	uint32_t said;          /* kinds, as bits */
	uint32_t owed;          /* likewise: our clock was behind */
	struct viz_time owed_until;
};

#define HEARD(F)                                                                                   \
	F(TIME, started)                                                                           \
	F(UINT, mail, 0, UINT64_MAX)                                                               \
	F(UINT, link, 0, UINT64_MAX)                                                               \
	F(TIME, sent)                                                                              \
	F(TIME, closed)                                                                            \
	F(UINT, said, 0, UINT32_MAX)                                                               \
	F(UINT, owed, 0, UINT32_MAX)                                                               \
	F(TIME, owed_until)

static void row_key(uint8_t key[VIZ_STATEMENT_KEY_LEN], const struct viz_trust *trust,
		    const struct viz_inbox *in)
{
	viz_place_statement_key(key, &in->origin, in->slot, VIZ_OFFER_ROW_HEARD,
				&trust->self.author, 0);
}

/* What another process noted about links is over. */
static struct heard get(struct viz_trust *trust, const struct viz_inbox *in)
{
	uint8_t key[VIZ_STATEMENT_KEY_LEN];
	struct heard heard = {0};
	struct viz_slice v;

	row_key(key, trust, in);
	if (viz_core_get(trust->core, &v, VIZ_TABLE_STATEMENT, key, sizeof key))
		VIZ_REQUIRE(VIZ_FIELDS_PARSE(&heard, v.p, v.len, HEARD) == VIZ_OK);
	if (heard.started.ms != trust->core->started.ms)
		heard = (struct heard){.mail = heard.mail, .said = heard.said};
	return heard;
}

static void put(struct viz_trust *trust, const struct viz_inbox *in, const struct heard *heard)
{
	uint8_t key[VIZ_STATEMENT_KEY_LEN];
	VIZ_WRITER(w, 96);

	VIZ_FIELDS_WRITE(&w, heard, HEARD);
	row_key(key, trust, in);
	viz_core_put_row(trust->core, VIZ_TABLE_STATEMENT, key, sizeof key, &w);
}

void viz_inbox_protest_came(struct viz_trust *trust, const struct viz_inbox *in)
{
	struct heard heard = {.started = trust->core->started};

	put(trust, in, &heard);
}

static struct viz_link *full_link(struct viz_net *net, const struct viz_id *origin)
{
	struct viz_link *link = viz_link_of(net, origin);

	return link && !link->guest ? link : NULL;
}

void viz_inbox_protest_sent(struct viz_net *net, const struct viz_inbox *in)
{
	struct heard heard = get(net->trust, in);
	const struct viz_link *link = full_link(net, &in->origin);

	heard.started = net->core->started;
	heard.mail = net->links.mail_number;
	heard.link = link ? link->number : 0;
	heard.sent = net->core->now;
	put(net->trust, in, &heard);
}

/* Whether the mail still waits for its acknowledgement. */
static bool waits(struct viz_core *core, const struct viz_id *to, uint64_t number)
{
	uint8_t key[VIZ_ID_SLOT_LEN];
	struct viz_slice v;

	viz_id_slot_key(key, to, number);
	return viz_core_get(core, &v, VIZ_TABLE_OUTBOX, key, sizeof key);
}

void viz_inbox_protest_linked(struct viz_net *net, struct viz_link *link)
{
	struct viz_inbox *in = viz_core_alloc(sizeof *in);
	struct viz_walk walk;

	/* an older offer has ended */
	viz_inbox_walk_since(&walk, net->core, &link->peer, viz_after(net->core->now, -VIZ_DAY_MS));
	while (viz_inbox_walk_next(&walk, in)) {
		struct heard heard;

		if (in->state > VIZ_INBOX_REVEALED || !viz_id_is_zero(&in->result))
			continue;
		heard = get(net->trust, in);
		if (heard.mail == 0 || !waits(net->core, &link->peer, heard.mail))
			continue;
		heard.started = net->core->started;
		heard.link = link->number;
		heard.sent = net->core->now;
		put(net->trust, in, &heard);
	}
	free(in);
}

/* Whether the link on which we sent last is still up, and has carried it. */
static bool stayed(struct viz_net *net, const struct viz_inbox *in, const struct heard *heard)
{
	const struct viz_link *link = full_link(net, &in->origin);

	return link && link->number == heard->link && link->mail_sent >= heard->mail;
}

/* Whether the key that signed our statement of this type has not ended. */
static bool key_stands(struct viz_trust *trust, const struct viz_inbox *in, uint8_t type)
{
	struct viz_record rec;
	struct viz_slice v;

	return viz_statement_get(trust->core, &v, &in->origin, in->slot, type, &trust->self.author,
				 1) &&
	       viz_record_parse(&rec, v.p, v.len) == VIZ_OK && rec.key == trust->self.key_number &&
	       !trust->self.revoked;
}

/* Dials members of the circle until enough of them are linked, or dialled. */
static void tell(struct viz_net *net, const struct viz_circle *circle)
{
	struct viz_id listed[VIZ_CIRCLE_LISTED_MAX];
	size_t count = viz_circle_listed(net->trust, listed, circle), linked = 0;
	size_t from = (size_t)viz_rng_below(&net->core->rng, count);

	for (size_t i = 0; i < net->links.count; i++) {
		const struct viz_link *link = &net->links.list[i];

		linked += !link->closing && !link->guest &&
			  viz_circle_has(net->trust, circle, &link->peer) == VIZ_CIRCLE_IN;
	}
	for (size_t i = 0; i < count && linked < TELL; i++) {
		struct viz_member *m = viz_member_find(net->trust, &listed[(from + i) % count]);

		if (m && m->member && !viz_id_eq(&m->id, &net->trust->self.author) &&
		    viz_link_dial_possible(net, m) &&
		    viz_circle_has(net->trust, circle, &m->id) == VIZ_CIRCLE_IN) {
			viz_link_dial(net, m);
			linked++;
		}
	}
}

static int publish(struct viz_net *net, const struct viz_protest *p)
{
	struct viz_circle circle = {p->origin, p->node_time, p->partners};
	VIZ_WRITER(w, 1024);
	struct viz_id id;
	uint64_t slot;
	int err;

	if (!viz_identity_may_sign(net->trust))
		return VIZ_ERR_STATE;
	if (viz_circle_has(net->trust, &circle, &net->trust->self.author) != VIZ_CIRCLE_IN)
		return VIZ_ERR_ABSENT;
	err = viz_self_publish_free_slot(net->trust, &slot, VIZ_TYPE_PROTEST, 0,
					 VIZ_PROTESTS_PER_DAY);
	if (err != VIZ_OK) {
		viz_core_log(
		    net->core, 4,
		    "%s was not heard, and has no PROTEST left today: no more is published",
		    net->trust->profile.name);
		return err;
	}
	viz_protest_write(&w, p);
	err = viz_self_publish_body(net, &id, VIZ_TYPE_PROTEST, slot, &w);
	if (err != VIZ_OK)
		return err;
	viz_notice_add(net->trust, VIZ_NOTICE_PROTEST, &id, &p->origin, 0);
	viz_core_log(net->core, 5, "not heard by %s: %s",
		     viz_member_name(viz_member_ensure(net->trust, &p->origin)),
		     viz_protest_kind_name(p->kind));
	tell(net, &circle);
	return VIZ_OK;
}

/* Publishes a protest about the offer, with its own pledge where the kind shows it. */
static int publish_about(struct viz_net *net, const struct viz_inbox *in,
			 enum viz_protest_kind kind)
{
	struct viz_protest p = {.origin = in->origin, .kind = kind, .has_offer = true};
	struct viz_record rec;
	struct viz_held held;
	struct viz_offer o;
	struct viz_slice v;

	if (!viz_place_get(net->core, &held, &rec, &in->origin, VIZ_TYPE_OFFER, in->slot) ||
	    held.dead || viz_offer_parse(&o, &rec) != VIZ_OK)
		return VIZ_ERR_ABSENT;
	p.node = o.node;
	p.node_time = o.node_time;
	p.partners = o.partners;
	memcpy(p.offer, in->offer.b, sizeof p.offer);
	p.has_pledge = kind == VIZ_PROTEST_PLEDGE || kind == VIZ_PROTEST_REVEAL;
	if (p.has_pledge) {
		if (!viz_statement_get(net->core, &v, &in->origin, in->slot, VIZ_TYPE_PLEDGE,
				       &net->trust->self.author, 1) ||
		    v.len != sizeof p.pledge)
			return VIZ_ERR_ABSENT;
		memcpy(p.pledge, v.p, v.len);
	}
	return publish(net, &p);
}

/* Says it, once, and notes that. It waits while our clock is behind what we have signed, and after
 * a start. */
static void say(struct viz_net *net, const struct viz_inbox *in, struct heard *heard,
		enum viz_protest_kind kind)
{
	uint32_t bit = UINT32_C(1) << kind;
	int err;

	if (heard->said & bit)
		return;
	err = publish_about(net, in, kind);
	/* others can provoke so many that none is left: the offer is not in order for that */
	if (err == VIZ_ERR_LIMIT && kind != VIZ_PROTEST_VIEW)
		net->handlers->unheard(net, &in->origin, in->slot, &in->offer);
	if (err != VIZ_ERR_STATE) {
		heard->said |= bit;
		heard->owed &= ~bit;
	} else if (!net->trust->self.revoked) {
		if (!(heard->owed & bit))
			heard->owed_until = viz_after(net->core->now, SAY_MS);
		heard->owed |= bit;
		viz_due_set(net->core, viz_after(viz_identity_time(net->trust), AGAIN_MS),
			    VIZ_DUE_INBOX, &in->origin, in->slot);
	}
	put(net->trust, in, heard);
}

void viz_inbox_protest_again(struct viz_net *net, const struct viz_inbox *in)
{
	struct heard heard = get(net->trust, in);

	if (heard.owed == 0)
		return;
	for (unsigned kind = 1; kind <= VIZ_PROTEST_KIND_MAX; kind++)
		if (heard.owed >> kind & 1 && net->core->now.ms <= heard.owed_until.ms)
			say(net, in, &heard, (enum viz_protest_kind)kind);
	if (viz_identity_has_started(net->trust)) {
		heard.owed = 0;
		put(net->trust, in, &heard);
	}
}

/* Whether one of the entries is a PLEDGE of ours. */
static bool has_entry(struct viz_trust *trust, const struct viz_close *close)
{
	struct viz_record rec;
	struct viz_pledge p;

	for (size_t i = 0; i < close->count; i++)
		if (viz_close_pledge(close, i, &rec, &p) &&
		    viz_id_eq(&rec.author, &trust->self.author))
			return true;
	return false;
}

/* Whether CLOSE came sooner than an honest origin can have sent it: it gave us the location after
 * we had asked for it, so after OFFER had come, and waits window_min_ms from then. However slow a
 * link was, that only makes it later. One half is for clocks that are set meanwhile. What came to a
 * process before ours, in a store that was set back, may have been asked for long before. */
static bool closed_on_us(const struct viz_core *core, const struct viz_inbox *in)
{
	return in->located_at.ms != 0 &&
	       in->time.ms > core->started.ms + core->federation.skew_ms &&
	       core->now.ms >= in->came.ms &&
	       core->now.ms - in->came.ms < core->federation.window_min_ms / 2;
}

void viz_inbox_protest_closed(struct viz_net *net, const struct viz_inbox *in,
			      const struct viz_close *close, bool has_ours)
{
	struct heard heard = get(net->trust, in);
	int64_t window = in->closes.ms - in->time.ms;
	bool in_process = heard.started.ms == net->core->started.ms;

	if (!in_process || in->withdrawn || in->state < VIZ_INBOX_LISTED ||
	    in->state > VIZ_INBOX_PLEDGED)
		return;
	heard.closed = net->core->now;
	put(net->trust, in, &heard);
	if (in->state == VIZ_INBOX_PLEDGED && !in->pledge_acked && !has_ours &&
	    heard.sent.ms < in->came.ms + window && stayed(net, in, &heard) &&
	    key_stands(net->trust, in, VIZ_TYPE_PLEDGE))
		say(net, in, &heard, VIZ_PROTEST_PLEDGE);
	if (closed_on_us(net->core, in) && !has_entry(net->trust, close))
		say(net, in, &heard, VIZ_PROTEST_LATE);
}

void viz_inbox_protest_unrevealed(struct viz_net *net, const struct viz_inbox *in)
{
	struct heard heard = get(net->trust, in);

	if (in->state == VIZ_INBOX_REVEALED && !in->reveal_acked && heard.closed.ms != 0 &&
	    heard.sent.ms <= heard.closed.ms + net->core->federation.reveal_ms &&
	    stayed(net, in, &heard) && key_stands(net->trust, in, VIZ_TYPE_REVEAL))
		say(net, in, &heard, VIZ_PROTEST_REVEAL);
}

void viz_inbox_protest_unlocated(struct viz_net *net, const struct viz_inbox *in)
{
	struct heard heard = get(net->trust, in);

	if (in->state == VIZ_INBOX_LISTED && !in->withdrawn && stayed(net, in, &heard))
		say(net, in, &heard, VIZ_PROTEST_LOCATION);
}

void viz_inbox_protest_false(struct viz_net *net, const struct viz_inbox *in)
{
	struct heard heard = get(net->trust, in);

	say(net, in, &heard, VIZ_PROTEST_FALSE);
}

void viz_inbox_protest_unserved(struct viz_net *net, const struct viz_inbox *in)
{
	struct heard heard = get(net->trust, in);

	say(net, in, &heard, VIZ_PROTEST_VIEW);
}

/* Whether we have said this about the NODE already. */
static bool said(struct viz_trust *trust, const struct viz_protest *p)
{
	struct viz_gossip_protest_found *found = viz_core_alloc(sizeof *found);
	struct viz_gossip_protest_walk walk;
	bool any = false;

	viz_gossip_protest_walk_init(&walk, trust->core, &p->origin, 0);
	while (!any && viz_gossip_protest_walk_next(&walk, found))
		any = viz_id_eq(&found->rec.author, &trust->self.author) &&
		      found->body.kind == p->kind && viz_id_eq(&found->body.node, &p->node);
	free(found);
	return any;
}

void viz_inbox_protest_log(struct viz_net *net, const struct viz_id *origin, uint32_t number)
{
	struct viz_protest p = {.origin = *origin,
				.kind = number != 0 ? VIZ_PROTEST_NUMBER : VIZ_PROTEST_HEAD,
				.number = number};
	struct viz_node_body b;
	struct viz_record rec;
	struct viz_held held;

	if (!viz_place_get(net->core, &held, &rec, origin, VIZ_TYPE_NODE, 0) || held.dead ||
	    viz_node_body_parse(&b, &rec) != VIZ_OK)
		return;
	viz_ids_record(&p.node, &net->core->federation_id, &rec);
	p.node_time = rec.time;
	p.partners = b.partners;
	if (!said(net->trust, &p))
		publish(net, &p);
}
