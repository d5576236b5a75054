#include "node/gossip/intake.h"

#include "crypto/sign.h"
#include "node/core/core.h"
#include "node/core/event.h"
#include "node/core/ids.h"
#include "node/core/place.h"
#include "node/gossip/body.h"
#include "node/gossip/check.h"
#include "node/gossip/fetch.h"
#include "node/gossip/gossip.h"
#include "node/gossip/pending.h"
#include "node/gossip/protest.h"
#include "node/gossip/repair.h"
#include "node/gossip/room.h"
#include "node/gossip/spread.h"
#include "node/gossip/strata.h"
#include "node/gossip/wanted.h"
#include "node/link/budget.h"
#include "node/link/link.h"
#include "node/link/net.h"
#include "node/trust/author.h"
#include "node/trust/heavy.h"
#include "node/trust/live.h"
#include "node/trust/member.h"
#include "node/trust/part.h"
#include "node/trust/named.h"
#include "node/trust/own.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/message.h"
#include "proto/offer.h"
#include "proto/reader.h"
#include "proto/record.h"

#define CHECKS_HERE 16                     /* in one moment; the pool does the others */
#define ASKED_KEPT  (VIZ_VERIFY_ASKED / 4) /* of these for a repair that has fewer under way */

/* Asks the sender for what is needed to judge a circle record. */
static void ask_for_circle(struct viz_net *net, struct viz_link *link, const struct viz_record *rec,
			   enum viz_check v)
{
	struct viz_circle circle;
	struct viz_id offer, id;
	int err = viz_strata_circle(net->core, &circle, &offer, rec);

	net->gossip->intake.unknown++;
	if (v == VIZ_CHECK_NO_OFFER && (err == VIZ_OK || err == VIZ_ERR_ABSENT)) {
		viz_wanted_offer(net, link, &offer);
	} else if (v == VIZ_CHECK_NO_PARTNERS && err == VIZ_OK) {
		viz_ids_record(&id, &net->core->federation_id, rec);
		viz_wanted_named(net, link, &circle.origin, &circle.partners,
				 rec->type == VIZ_TYPE_OFFER ? &id : &offer);
	}
}

/* Whether a held record no longer counts because its key has ended. Such a record is no proof of
 * equivocation beside one of a later key: newcomers never see it, and all nodes must come to the
 * same result. */
static bool outlived(struct viz_trust *trust, const struct viz_record *old)
{
	const struct viz_member *m = viz_member_find(trust, &old->author);

	return !viz_author_type_outlasts_key(old->type) &&
	       (!m || viz_author_key_ended(m, old->key));
}

void viz_intake_learn(struct viz_net *net, const struct viz_record *rec)
{
	viz_author_apply(net->trust, rec);
}

void viz_intake_forget(struct viz_net *net, const struct viz_record *rec)
{
	viz_author_forget(net->trust, rec);
}

/* Calls the handlers that act on a record that is held, unless its key has ended, and the one that
 * judges it. */
static void act(struct viz_net *net, const struct viz_record *rec, const struct viz_id *id)
{
	const struct viz_record_handler *h = &net->handlers->record[rec->type];
	const struct viz_member *m = viz_member_find(net->trust, &rec->author);
	bool ended = !m || viz_author_key_ended(m, rec->key);

	/* Write-once records of an ended key are held, but nobody acts on them. */
	for (size_t i = 0; i < sizeof h->act / sizeof *h->act && !ended; i++)
		if (h->act[i])
			h->act[i](net, rec, id);
	if (m && h->judge)
		h->judge(net, rec, id);
}

/* Keeps what an OFFER names, and asks its sender for the NODE when that is not held. */
static void hold_offer(struct viz_net *net, const struct viz_record *rec, const struct viz_id *id,
		       uint64_t from)
{
	struct viz_link *link = from != 0 ? viz_link_find(net, from) : NULL;
	struct viz_record node;
	struct viz_offer o;

	viz_strata_held(net->core, rec, id);
	VIZ_REQUIRE(viz_offer_parse(&o, rec) == VIZ_OK);
	if (link && !viz_named_get(net->core, &node, &rec->author, &o.node))
		viz_wanted_named(net, link, &rec->author, &o.node, id);
}

/* Once for each type: whoever signs twice can go on with it. */
static void tell_twice(struct viz_trust *trust, const struct viz_record *rec)
{
	struct viz_member *m = viz_member_ensure(trust, &rec->author);

	if (!m || m->told.twice & UINT32_C(1) << rec->type)
		return;
	m->told.twice |= UINT32_C(1) << rec->type;
	viz_core_log(trust->core, 4, "equivocation of %s: two %s records at slot %llu",
		     viz_member_name(m), viz_record_type_name(rec->type),
		     (unsigned long long)rec->slot);
}

/* A copy of us has signed another one for our log. Ours may have come to nobody: then we spread no
 * proof against ourselves. Who holds both spreads them. */
static bool is_own_of_log(const struct viz_trust *trust, const struct viz_record *rec)
{
	return viz_record_is_of_log(rec->type) && viz_id_eq(&rec->author, &trust->self.author);
}

void viz_intake_apply(struct viz_net *net, const struct viz_record *rec, const struct viz_id *id,
		      uint64_t from)
{
	const struct viz_record_handler *h = &net->handlers->record[rec->type];
	struct viz_link *link = from != 0 ? viz_link_find(net, from) : NULL;
	struct viz_held held;
	struct viz_record old;
	struct viz_id item;

	net->gossip->intake.accepted++;
	if (link && !viz_record_is_write_once(rec->type))
		link->taken++;
	if (viz_place_get(net->core, &held, &old, &rec->author, rec->type, rec->slot) &&
	    old.seq == rec->seq && !outlived(net->trust, &old)) {
		tell_twice(net->trust, rec);
		viz_place_mark_dead(net->core, rec);
		if (rec->type == VIZ_TYPE_OFFER)
			hold_offer(net, rec, id, from);
		if (h->gone)
			h->gone(net, rec);
		if (is_own_of_log(net->trust, rec))
			return;
		net->handlers->equivocation(net, rec);
		/* Both records are spread, so that every node holds the same proof. */
		viz_place_get(net->core, &held, &old, &rec->author, rec->type, rec->slot);
		VIZ_REQUIRE(viz_record_parse(&old, held.a, held.a_len) == VIZ_OK);
		viz_spread_new(net, held.a, held.a_len, &old, &held.item, 0);
		viz_spread_new(net, rec->bytes - sizeof rec->sig.b, rec->len + sizeof rec->sig.b,
			       rec, &held.item, 0);
		viz_fetch_held(net, rec, &held.item);
		return;
	}
	if (h->before)
		h->before(net, rec);
	viz_place_put(net->core, &item, rec, id);
	if (rec->type == VIZ_TYPE_OFFER)
		hold_offer(net, rec, id, from);
	if (h->held)
		h->held(net, rec);
	viz_spread_new(net, rec->bytes - sizeof rec->sig.b, rec->len + sizeof rec->sig.b, rec,
		       &item, from);
	viz_fetch_held(net, rec, &item);
	if (h->learn)
		h->learn(net, rec);
	viz_repair_learned(net, rec);
	act(net, rec, id);
}

/* Looks at a record of our own that came from outside: one that we never signed begins quarantine.
 * It is taken in like any other, so that we go on from its seq. */
static void look_at_own(struct viz_trust *trust, const struct viz_record *rec)
{
	if (viz_id_eq(&rec->author, &trust->self.author))
		viz_own_judge(trust, rec);
}

/* Checks signature, body and budget of a record that viz_check_record has passed, and takes it in.
 */
static int take_now(struct viz_net *net, const struct viz_record *rec, const struct viz_pub *pub,
		    uint64_t from)
{
	struct viz_id id;
	int err;

	viz_ids_record(&id, &net->core->federation_id, rec);
	net->gossip->intake.checked++;
	err = viz_sign_verify(&rec->sig, &id, pub);
	if (err == VIZ_OK)
		err = viz_body_check(rec, &net->core->federation);
	if (err == VIZ_OK && viz_budget_update(net->trust, rec) == VIZ_UPDATE_OVER)
		err = VIZ_ERR_LIMIT;
	if (err != VIZ_OK)
		return err;
	look_at_own(net->trust, rec);
	if (!viz_room_make(net, rec))
		return VIZ_ERR_LIMIT;
	viz_intake_apply(net, rec, &id, from);
	return VIZ_OK;
}

static int from_verdict(enum viz_check v)
{
	switch (v) {
	case VIZ_CHECK_TAKE:
	case VIZ_CHECK_DROP:
	case VIZ_CHECK_OUTSIDE:
		return VIZ_OK;
	case VIZ_CHECK_UNKNOWN:
	case VIZ_CHECK_NO_OFFER:
	case VIZ_CHECK_NO_PARTNERS:
		return VIZ_ERR_ABSENT;
	case VIZ_CHECK_REFUSE:
		return VIZ_ERR_AUTH;
	}
	return VIZ_ERR_AUTH;
}

int viz_intake_sync(struct viz_net *net, const uint8_t *bytes, size_t len)
{
	struct viz_record rec;
	struct viz_pub pub;
	enum viz_check v;
	int err = viz_record_parse(&rec, bytes, len);

	if (err != VIZ_OK)
		return err;
	v = viz_check_record(net, &pub, &rec);
	return v == VIZ_CHECK_TAKE ? take_now(net, &rec, &pub, 0) : from_verdict(v);
}

int viz_intake_hello(struct viz_net *net, const struct viz_record *rec)
{
	struct viz_member *m;
	struct viz_pub pub;
	enum viz_check v = viz_check_record(net, &pub, rec);
	int err;

	if (v != VIZ_CHECK_TAKE)
		return from_verdict(v);
	m = viz_member_find(net->trust, &rec->author);
	if (!m || !viz_budget_has_signature(net, m))
		return VIZ_ERR_LIMIT;
	err = take_now(net, rec, &pub, 0);
	m = viz_member_find(net->trust, &rec->author);
	if (err == VIZ_OK && m)
		viz_budget_signature(net, m);
	return err;
}

/* Closes the link that relayed a bad record. */
static void refuse(struct viz_net *net, uint64_t link, const char *reason)
{
	net->gossip->intake.refused++;
	viz_link_close(net, link, reason);
}

/* How many checks may be under way so that one more for a record of others may begin. Those whom we
 * have chosen have a part of the queue: four links fill what is left. An author behind whose
 * voucher there was more that is new than its part leaves half to the others. */
static size_t places(struct viz_trust *trust, const struct viz_link *link, struct viz_member *m)
{
	size_t most = viz_link_is_chosen(trust, link) ? VIZ_VERIFY_OTHERS : VIZ_VERIFY_INBOUND;

	return m && !viz_part_may(trust, VIZ_PART_NEWS, m) ? most / 2 : most;
}

/* Whether there is a place in the queue for this record, and the peer's budget has a check for it.
 * Circle records, and those of our own and of whom our operator deals with, have a part of both for
 * themselves: no flood of others' records stops a lead. What a repair of ours has asked for has
 * places of its own and costs the peer nothing: our questions set the pace. */
static bool has_place(struct viz_net *net, struct viz_link *link, const struct viz_record *rec,
		      bool asked)
{
	struct viz_member *m = viz_member_find(net->trust, &rec->author);
	const struct viz_intake *in = &net->gossip->intake;

	if (in->last_job + 1 - in->first_job >= VIZ_INTAKE_SLOTS_MAX)
		return false;
	if (asked)
		return in->asked <
		       VIZ_VERIFY_ASKED - (link->expected >= ASKED_KEPT ? ASKED_KEPT : 0);
	if (viz_record_is_write_once(rec->type) || (m && viz_heavy_keeps(net->trust, m)))
		return in->count < VIZ_VERIFY_IN_FLIGHT && link->verifying < VIZ_VERIFY_PER_LINK &&
		       viz_budget_signature_link(net, link);
	return in->count < places(net->trust, link, m) &&
	       link->verifying < VIZ_VERIFY_OTHERS_LINK && viz_budget_signature_others(net, link);
}

/* Notes a record and asks the host to check its signature with `pub`. */
static void start_check(struct viz_net *net, struct viz_link *link, const struct viz_record *rec,
			const struct viz_pub *pub, bool asked)
{
	struct viz_intake *in = &net->gossip->intake;
	struct viz_pending *p;
	struct viz_effect *fx;

	p = viz_pending_add(in, link, rec,
			    viz_record_is_write_once(rec->type) ||
				viz_member_is_near(net->trust, &rec->author),
			    asked);
	p->pub = *pub;
	p->update = viz_budget_update(net->trust, rec);
	link->verifying += !asked;
	link->expected += asked;
	in->checked++;
	net->core->fx->ours |= p->near;
	fx = viz_effects_add(net->core->fx, VIZ_EFFECT_VERIFY, NULL, 0);
	fx->job = p->job;
	fx->link = p->link;
	fx->near = p->near;
	fx->asked = p->asked;
	fx->sig = rec->sig;
	fx->remote = *pub;
	viz_ids_record(&p->id, &net->core->federation_id, rec);
	fx->id = p->id;
}

/* Takes in or refuses a record whose signature check is done. */
static void finish(struct viz_net *net, const struct viz_pending *p)
{
	struct viz_link *link = viz_link_find(net, p->link);
	enum viz_update update = p->update;
	const struct viz_record *rec = &p->rec;
	struct viz_pub pub;
	enum viz_check v;

	if (link)
		*(p->asked ? &link->expected : &link->verifying) -= 1;
	if (!p->ok)
		viz_budget_update_undo(net->trust, rec, p->update);
	/* Another copy, or a newer record, may have arrived meanwhile. */
	v = viz_check_record(net, &pub, rec);
	if (!p->ok &&
	    (rec->key > 1 || v != VIZ_CHECK_TAKE || memcmp(&pub, &p->pub, sizeof pub) != 0)) {
		/* The sender may be honest. The author's key may have changed since the check
		 * began. Where an author has signed two SUCCESSIONs, honest nodes may hold
		 * different keys. */
		if (link)
			link->behind = true;
		return;
	}
	if (!p->ok) {
		refuse(net, p->link, "bad-signature");
		return;
	}
	if (update == VIZ_UPDATE_FREE) /* there may be one at its place by now */
		update = viz_budget_update(net->trust, rec);
	if (link && (v == VIZ_CHECK_NO_OFFER || v == VIZ_CHECK_NO_PARTNERS))
		ask_for_circle(net, link, rec, v);
	if (v != VIZ_CHECK_TAKE)
		return;
	if (viz_body_check(rec, &net->core->federation) != VIZ_OK) {
		refuse(net, p->link, "bad-body");
		return;
	}
	look_at_own(net->trust, rec);
	if (update == VIZ_UPDATE_OVER) {
		if (link)
			link->behind = true;
		return;
	}
	if (viz_room_make(net, rec))
		viz_intake_apply(net, rec, &p->id, p->link);
}

/* Whether a record is checked here and now: one of a circle that its author sends us, of which few
 * come. A mail that needs it comes right behind it. Others of the link are in the pool: it waits
 * for them, so that the order stays. */
static bool is_checked_here(struct viz_net *net, const struct viz_link *link,
			    const struct viz_record *rec)
{
	struct viz_intake *in = &net->gossip->intake;

	if (!viz_record_is_write_once(rec->type) || !viz_id_eq(&rec->author, &link->peer) ||
	    viz_pending_find(in, link->checking[true]))
		return false;
	in->here = in->here_at.ms == net->core->now.ms ? in->here : 0;
	in->here_at = net->core->now;
	return in->here++ < CHECKS_HERE;
}

static void check_here(struct viz_net *net, struct viz_link *link, const struct viz_record *rec,
		       const struct viz_pub *pub)
{
	struct viz_pending p = {.link = link->number,
				.near = true,
				.pub = *pub,
				.rec = *rec,
				.update = VIZ_UPDATE_FREE};

	viz_ids_record(&p.id, &net->core->federation_id, rec);
	p.ok = viz_sign_verify(&rec->sig, &p.id, pub) == VIZ_OK;
	link->verifying++;
	net->gossip->intake.checked++;
	net->core->fx->ours = true;
	finish(net, &p);
}

/* What a record that is not checked costs its sender, in places that we look for. */
static size_t looks(enum viz_check v)
{
	switch (v) {
	case VIZ_CHECK_TAKE: /* it costs a check */
	case VIZ_CHECK_REFUSE:
		return 0;
	case VIZ_CHECK_DROP:
	case VIZ_CHECK_UNKNOWN:
		return 1;
	case VIZ_CHECK_OUTSIDE: /* its circle is read */
	case VIZ_CHECK_NO_OFFER:
	case VIZ_CHECK_NO_PARTNERS:
		return VIZ_LOOKS_PER_CHECK;
	}
	return 0;
}

static void take_record(struct viz_net *net, struct viz_link *link, const uint8_t *bytes,
			size_t len)
{
	struct viz_intake *in = &net->gossip->intake;
	uint64_t number = link->number;
	struct viz_record rec;
	struct viz_pub pub;
	enum viz_check v;
	int err = viz_record_parse(&rec, bytes, len);
	bool asked;

	if (err == VIZ_ERR_ABSENT)
		return; /* a type of a later version */
	if (err != VIZ_OK || rec.type >= VIZ_TYPE_STATEMENT_MIN) {
		refuse(net, number, "bad-record");
		return;
	}
	v = viz_check_record(net, &pub, &rec);
	viz_fetch_record(net, link, &rec, v == VIZ_CHECK_TAKE);
	asked = viz_repair_expects(net, link, &rec, v == VIZ_CHECK_TAKE);
	/* What is lacking may be under way: it is judged when the signature is checked. */
	if ((v == VIZ_CHECK_NO_OFFER || v == VIZ_CHECK_NO_PARTNERS) &&
	    viz_pending_has_of(in, &rec.author))
		v = VIZ_CHECK_TAKE;
	if (!viz_budget_looks(net, link, looks(v))) {
		refuse(net, number, "too-many");
		return;
	}
	switch (v) {
	case VIZ_CHECK_TAKE:
		break;
	case VIZ_CHECK_DROP:
		in->duplicate++;
		return;
	case VIZ_CHECK_UNKNOWN:
		in->unknown++;
		link->behind = true;
		return;
	case VIZ_CHECK_REFUSE:
		refuse(net, number, "bad-record");
		return;
	case VIZ_CHECK_OUTSIDE:
		in->outside++;
		return;
	case VIZ_CHECK_NO_OFFER:
	case VIZ_CHECK_NO_PARTNERS:
		ask_for_circle(net, link, &rec, v);
		return;
	}
	/* Who brings a circle record is asked for what it lacks: so each copy of one counts. */
	if (!viz_record_is_write_once(rec.type) && viz_pending_has(in, bytes, len)) {
		in->duplicate++;
		return;
	}
	if (!viz_room_accepts(net->trust, &rec) || !viz_budget_may_update(net->trust, &rec) ||
	    !has_place(net, link, &rec, asked)) {
		link->behind = true; /* repair brings the record later */
		return;
	}
	/* The peer sends its own SUCCESSIONs one after the other, and each needs the key of the one
	 * before. A check in the pool would be too late for the next, and links with guests are not
	 * repaired. So the peer's own SUCCESSION is checked here. */
	if (rec.type == VIZ_TYPE_SUCCESSION && viz_id_eq(&rec.author, &link->peer)) {
		err = take_now(net, &rec, &pub, number);
		if (err == VIZ_ERR_LIMIT)
			link->behind = true;
		else if (err != VIZ_OK)
			refuse(net, number, "bad-record");
		return;
	}
	if (is_checked_here(net, link, &rec))
		check_here(net, link, &rec, &pub);
	else
		start_check(net, link, &rec, &pub, asked);
}

/* Whether a guest may send this record: only its own NODE, SUCCESSION, REVOCATION and VOUCH. */
static bool guest_may_send(const struct viz_id *peer, const uint8_t *bytes, size_t len)
{
	struct viz_record rec;

	/* A malformed record is not ignored: take_record closes the link for it. */
	return viz_record_parse(&rec, bytes, len) != VIZ_OK ||
	       (viz_id_eq(&rec.author, peer) && rec.type <= VIZ_TYPE_VOUCH);
}

void viz_intake_message(struct viz_net *net, struct viz_link *link, struct viz_reader *r)
{
	struct viz_message_record m;

	viz_message_record_read(r, &m);
	if (viz_reader_finish(r) == VIZ_OK &&
	    (!link->guest || guest_may_send(&link->peer, m.record, m.record_len))) {
		link->got++;
		link->got_at = net->core->now;
		take_record(net, link, m.record, m.record_len);
	}
}

void viz_intake_verified(struct viz_net *net, uint64_t job, bool ok)
{
	struct viz_intake *in = &net->gossip->intake;
	struct viz_pending *p = viz_pending_find(in, job), out;

	if (!p)
		return;
	p->done = true;
	p->ok = ok;
	while (p && p->done && !p->waits) {
		out = viz_pending_take_out(in, p);
		finish(net, &out);
		free(out.bytes);
		p = viz_pending_find(in, out.next);
	}
}
