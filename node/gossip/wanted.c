#include "node/gossip/wanted.h"

#include "crypto/sign.h"
#include "node/core/account.h"
#include "node/core/core.h"
#include "node/core/ids.h"
#include "node/core/place.h"
#include "node/gossip/body.h"
#include "node/gossip/chain.h"
#include "node/gossip/gossip.h"
#include "node/gossip/spread.h"
#include "node/gossip/strata.h"
#include "node/link/budget.h"
#include "node/link/link.h"
#include "node/link/mail.h"
#include "node/link/net.h"
#include "node/trust/author.h"
#include "node/trust/circle.h"
#include "node/trust/member.h"
#include "node/trust/named.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/federation.h"
#include "proto/limits.h"
#include "proto/mail.h"
#include "proto/message.h"
#include "proto/offer.h"
#include "proto/reader.h"
#include "proto/record.h"
#include "proto/writer.h"
#include "store/store.h"
#include "store/tables.h"

#define MINUTE_MS     60000
#define REMEMBER_MS   600000
#define OFFERS_A_LINK 64    /* offers that one peer can make us ask for in a minute */
#define NAMED_A_LINK  16    /* records that one peer can make us ask for in ten minutes */
#define ANSWER_MS     10000 /* an origin answers LOG_WANT or OFFER_ASK within this */
#define FIND_BYTES    64    /* what we charge for the search for an offer */

#define COUNT(list) (sizeof(list) / sizeof *(list))

static bool recent(const struct viz_core *core, struct viz_time at, int64_t ms)
{
	return at.ms != 0 && at.ms + ms > core->now.ms;
}

static void note(struct viz_net *net, const struct viz_id *offer, uint64_t link)
{
	struct viz_wanted *w = &net->gossip->wanted;

	w->offer[w->next_offer].id = *offer;
	w->offer[w->next_offer].link = link;
	w->offer[w->next_offer].at = net->core->now;
	w->next_offer = (w->next_offer + 1) % COUNT(w->offer);
}

void viz_wanted_note(struct viz_net *net, const struct viz_id *offer)
{
	note(net, offer, 0);
}

bool viz_wanted_was(const struct viz_net *net, const struct viz_id *offer)
{
	const struct viz_wanted *w = &net->gossip->wanted;

	for (size_t i = 0; i < COUNT(w->offer); i++)
		if (recent(net->core, w->offer[i].at, REMEMBER_MS) &&
		    viz_id_eq(&w->offer[i].id, offer))
			return true;
	return false;
}

static size_t refused_at(const struct viz_wanted *w, const struct viz_id *id)
{
	return viz_be_get_u32(id->b) % COUNT(w->refused);
}

void viz_wanted_refuse(struct viz_net *net, const struct viz_id *id)
{
	struct viz_wanted *w = &net->gossip->wanted;
	size_t at = refused_at(w, id);

	w->refused[at].id = *id;
	w->refused[at].at = net->core->now;
}

static bool is_refused(const struct viz_net *net, const struct viz_id *id)
{
	const struct viz_wanted *w = &net->gossip->wanted;
	size_t at = refused_at(w, id);

	return viz_id_eq(&w->refused[at].id, id) &&
	       recent(net->core, w->refused[at].at, REMEMBER_MS);
}

bool viz_wanted_was_refused(struct viz_net *net, const struct viz_record *rec)
{
	struct viz_position at;
	struct viz_id id;
	bool refused;

	if (!viz_record_is_of_log(rec->type))
		return false;
	viz_ids_record(&id, &net->core->federation_id, rec);
	refused =
	    is_refused(net, &id) || (rec->type != VIZ_TYPE_OFFER &&
				     viz_offer_named(&id, rec) == VIZ_OK && is_refused(net, &id));
	if (refused && viz_position_parse(&at, rec) == VIZ_OK)
		viz_chain_dropped(net->core, rec);
	return refused;
}

/* Whether the peer of this link may be asked for the offer now. */
static bool may_ask(const struct viz_net *net, const struct viz_link *link,
		    const struct viz_id *offer)
{
	const struct viz_wanted *w = &net->gossip->wanted;
	size_t n = 0;

	for (size_t i = 0; i < COUNT(w->offer); i++) {
		if (w->offer[i].link != link->number ||
		    !recent(net->core, w->offer[i].at, MINUTE_MS))
			continue;
		if (viz_id_eq(&w->offer[i].id, offer) || ++n == OFFERS_A_LINK)
			return false;
	}
	return true;
}

static void send_ask(struct viz_core *core, struct viz_link *link,
		     const struct viz_message_offer_ask *m)
{
	VIZ_WRITER(w, 16 + VIZ_OFFER_ASK_MAX * 34);

	viz_message_offer_ask_write(&w, m);
	viz_spread_send(core, link, &w);
}

void viz_wanted_offer(struct viz_net *net, struct viz_link *link, const struct viz_id *offer)
{
	struct viz_message_offer_ask m = {.offer = {*offer}, .count = 1};

	if (link->guest || link->closing || !may_ask(net, link, offer))
		return;
	note(net, offer, link->number);
	send_ask(net->core, link, &m);
}

bool viz_wanted_in_vain(const struct viz_core *core, struct viz_link *link)
{
	bool first = link->lacks_at.ms == 0;

	if (!first && link->lacks_at.ms + ANSWER_MS > core->now.ms)
		return false;
	link->lacks_at = core->now;
	return !first;
}

/* Whether an offer has ended: its last CHOICE is held, or it was withdrawn. */
static bool ended(struct viz_core *core, const struct viz_record *offer)
{
	struct viz_result *res = viz_core_alloc(sizeof *res);
	struct viz_choice choice = {.what = VIZ_CHOICE_AWARD};
	struct viz_record rec;
	struct viz_held held;
	bool over =
	    viz_place_get(core, &held, &rec, &offer->author, VIZ_TYPE_RESULT, offer->slot) &&
	    viz_result_parse(res, &rec) == VIZ_OK && res->kind == VIZ_RESULT_WITHDRAWN;

	free(res);
	for (unsigned k = 1; !over && k <= VIZ_CHOICES_MAX; k++) {
		if (!viz_place_get(core, &held, &rec, &offer->author, VIZ_TYPE_CHOICE,
				   viz_record_slot_choice(offer->slot, k)))
			return false;
		over = viz_choice_parse(&choice, &rec) == VIZ_OK && choice.what == VIZ_CHOICE_NONE;
	}
	return over;
}

/* Adds the ids of the origin's offers for which this peer may be asked. */
static void add_left(struct viz_trust *trust, const struct viz_link *link,
		     const struct viz_id *origin, struct viz_message_offer_ask *m)
{
	struct viz_core *core = trust->core;
	uint8_t from[VIZ_PLACE_LEN];
	struct viz_slice key, value;
	struct viz_walk walk;

	viz_record_place_key(from, origin, VIZ_TYPE_OFFER, viz_account_open_from(core));
	viz_walk_init(&walk, core->store, VIZ_TABLE_RECORD, from, 33);
	viz_walk_from(&walk, from, sizeof from);
	while (m->count < VIZ_OFFER_ASK_MAX && viz_walk_next(&walk, &key, &value)) {
		struct viz_held held;
		struct viz_record rec;

		VIZ_REQUIRE(viz_place_row_read(&held, value.p, value.len) == VIZ_OK &&
			    viz_record_parse(&rec, held.a, held.a_len) == VIZ_OK);
		if (held.dead || ended(core, &rec) || !viz_strata_may_send(trust, link, &rec))
			continue;
		viz_ids_record(&m->offer[m->count++], &core->federation_id, &rec);
	}
}

/* Adds the id of an OFFER to the question. */
static void add_offer(struct viz_net *net, struct viz_message_offer_ask *m,
		      const struct viz_stub *offer)
{
	for (size_t i = 0; i < m->count; i++)
		if (viz_id_eq(&m->offer[i], &offer->id))
			return;
	if (viz_strata_is_late(net->core, offer->slot))
		viz_wanted_note(net, &offer->id);
	m->offer[m->count++] = offer->id;
}

/* Whether the peer is in the circle of an OFFER that we know by its stub: it was in each that the
 * OFFER may name. That is the one of a draw of the day before the slot's, or later; its NODE was
 * the newest one then. */
static bool has_circle(struct viz_trust *trust, const struct viz_link *link,
		       const struct viz_circle *newest, uint64_t slot)
{
	int64_t before = VIZ_DAY_MS + trust->core->federation.heartbeat_ms;

	return viz_circle_has_since(trust, newest, &link->peer,
				    viz_after(viz_record_slot_begins(slot), -before));
}

/* The log of this origin is closed to us. The offers that it began before are not, and of those
 * that we lack we know the stub. The peer is asked for those in whose circle it is. */
static void ask_lacking(struct viz_net *net, struct viz_link *link, const struct viz_circle *newest)
{
	const struct viz_id *origin = &newest->origin;
	bool in_vain = viz_id_eq(origin, &link->peer) && viz_wanted_in_vain(net->core, link);
	struct viz_message_offer_ask m = {.count = 0};
	uint32_t number[VIZ_OFFER_ASK_MAX];

	for (uint64_t log = 0; viz_chain_lacking_next(net->core, &log, origin);) {
		size_t n = viz_chain_lacking(net->core, number, VIZ_OFFER_ASK_MAX - m.count, origin,
					     log, UINT32_MAX, in_vain);

		for (size_t i = 0; i < n; i++) {
			struct viz_stub stub;

			if (viz_chain_stub_get(net->core, &stub, origin, log, number[i]) &&
			    viz_chain_stub_get(net->core, &stub, origin, log, stub.offer) &&
			    stub.type == VIZ_TYPE_OFFER &&
			    has_circle(net->trust, link, newest, stub.slot))
				add_offer(net, &m, &stub);
		}
	}
	if (m.count == 0)
		return;
	qsort(m.offer, m.count, sizeof *m.offer, viz_ids_compare);
	send_ask(net->core, link, &m);
}

void viz_wanted_left(struct viz_net *net, struct viz_link *link)
{
	struct viz_trust *trust = net->trust;
	struct viz_id *near = viz_core_alloc(VIZ_CIRCLE_NEAR_MAX * sizeof *near);
	size_t count = viz_circle_near(trust, near);
	struct viz_message_offer_ask m = {.count = 0};

	for (size_t i = 0; i < count; i++) {
		const struct viz_member *o = viz_member_find(trust, &near[i]);
		struct viz_circle newest;

		if (!o || !o->has_node || viz_id_eq(&o->id, &trust->self.author))
			continue;
		newest = (struct viz_circle){o->id, o->node_time, o->node.partners};
		if (viz_circle_has(trust, &newest, &trust->self.author) == VIZ_CIRCLE_IN)
			continue;
		add_left(trust, link, &o->id, &m);
		if (!link->guest)
			ask_lacking(net, link, &newest);
	}
	free(near);
	if (m.count == 0)
		return;
	qsort(m.offer, m.count, sizeof *m.offer, viz_ids_compare);
	send_ask(trust->core, link, &m);
}

/* Sends what is held at a place. False: the budget is used up. */
static bool answer(struct viz_net *net, struct viz_link *link, const struct viz_id *origin,
		   uint8_t type, uint64_t slot)
{
	struct viz_held held;

	return !viz_place_get(net->core, &held, NULL, origin, type, slot) ||
	       viz_spread_answer(net, link, &held);
}

void viz_wanted_asked(struct viz_net *net, struct viz_link *link, struct viz_reader *r)
{
	struct viz_message_offer_ask m;
	bool go_on;

	viz_message_offer_ask_read(r, &m);
	go_on = viz_reader_finish(r) == VIZ_OK;
	for (size_t i = 0; go_on && i < m.count; i++) {
		struct viz_id origin;
		uint64_t slot;

		go_on = viz_budget_repair(net, link, FIND_BYTES);
		if (!go_on || !viz_strata_find(net->core, &origin, &slot, &m.offer[i]))
			continue;
		go_on = answer(net, link, &origin, VIZ_TYPE_OFFER, slot) &&
			answer(net, link, &origin, VIZ_TYPE_CLOSE, slot) &&
			answer(net, link, &origin, VIZ_TYPE_RESULT, slot);
		for (unsigned k = 1; go_on && k <= VIZ_CHOICES_MAX; k++)
			go_on = answer(net, link, &origin, VIZ_TYPE_CHOICE,
				       viz_record_slot_choice(slot, k));
	}
}

void viz_wanted_named(struct viz_net *net, struct viz_link *link, const struct viz_id *author,
		      const struct viz_id *id, const struct viz_id *offer)
{
	struct viz_mail_evidence_ask mail = {.id = {*id}, .count = 1, .named = true};
	struct viz_wanted *wanted = &net->gossip->wanted;
	VIZ_WRITER(w, 64);
	size_t n = 0;

	if (link->guest || link->closing)
		return;
	for (size_t i = 0; i < COUNT(wanted->named); i++) {
		if (!recent(net->core, wanted->named[i].at, REMEMBER_MS) ||
		    !viz_id_eq(&wanted->named[i].from, &link->peer))
			continue;
		if (viz_id_eq(&wanted->named[i].id, id) || ++n == NAMED_A_LINK)
			return;
	}
	wanted->named[wanted->next_named].id = *id;
	wanted->named[wanted->next_named].author = *author;
	wanted->named[wanted->next_named].offer = *offer;
	wanted->named[wanted->next_named].from = link->peer;
	wanted->named[wanted->next_named].at = net->core->now;
	wanted->next_named = (wanted->next_named + 1) % COUNT(wanted->named);
	viz_mail_evidence_ask_write(&w, &mail);
	viz_mail_send(net, &link->peer, VIZ_MAIL_EVIDENCE_ASK, &w);
}

/* Whether `from` was ever a partner of the author, so that records may name for it what this one
 * signed. */
static bool may_have(struct viz_trust *trust, const struct viz_id *from,
		     const struct viz_id *author)
{
	return viz_id_eq(from, author) ||
	       (viz_circle_had(trust, from, author) && viz_circle_had(trust, author, from));
}

/* Finds a NODE or PARTNERS of ours, or of a partner, that is kept. */
static bool find_named(struct viz_trust *trust, struct viz_record *rec, const struct viz_id *from,
		       const struct viz_id *id)
{
	const struct viz_member *self = viz_member_self(trust);

	if (may_have(trust, from, &self->id) && viz_named_kept(trust->core, rec, &self->id, id))
		return true;
	for (size_t i = 0; self->partners && i < self->partners->count; i++) {
		const struct viz_id *author = &self->partners->entry[i].id;

		if (may_have(trust, from, author) && viz_named_kept(trust->core, rec, author, id))
			return true;
	}
	return false;
}

void viz_wanted_named_asked(struct viz_net *net, const struct viz_id *from,
			    const struct viz_mail_evidence_ask *ask)
{
	uint8_t *payload = viz_core_alloc(VIZ_SIGNED_RECORD_MAX + 64);

	for (size_t i = 0; i < ask->count; i++) {
		struct viz_mail_evidence mail = {.id = ask->id[i], .named = true};
		struct viz_record rec;
		struct viz_writer w;

		if (find_named(net->trust, &rec, from, &ask->id[i])) {
			mail.record = rec.bytes - sizeof rec.sig.b;
			mail.record_len = rec.len + sizeof rec.sig.b;
		}
		viz_writer_init(&w, payload, VIZ_SIGNED_RECORD_MAX + 64);
		viz_mail_evidence_write(&w, &mail);
		viz_mail_send(net, from, VIZ_MAIL_EVIDENCE, &w);
	}
	free(payload);
}

/* Whether the bytes are a NODE or PARTNERS of this author with this id, and well signed. */
static bool verify(struct viz_trust *trust, struct viz_record *rec, const struct viz_id *author,
		   const struct viz_mail_evidence *mail)
{
	struct viz_pub pub;
	struct viz_id id;

	if (viz_record_parse(rec, mail->record, mail->record_len) != VIZ_OK ||
	    (rec->type != VIZ_TYPE_NODE && rec->type != VIZ_TYPE_PARTNERS) ||
	    !viz_id_eq(&rec->author, author))
		return false;
	viz_ids_record(&id, &trust->core->federation_id, rec);
	return viz_id_eq(&id, &mail->id) && viz_author_key(trust, &pub, rec) == VIZ_OK &&
	       viz_sign_verify(&rec->sig, &id, &pub) == VIZ_OK &&
	       viz_body_check(rec, &trust->core->federation) == VIZ_OK;
}

void viz_wanted_named_received(struct viz_net *net, const struct viz_id *from,
			       const struct viz_mail_evidence *mail)
{
	struct viz_wanted *wanted = &net->gossip->wanted;
	struct viz_link *link = viz_link_of(net, from);
	struct viz_record rec;
	size_t i = 0;

	while (i < COUNT(wanted->named) && !(recent(net->core, wanted->named[i].at, REMEMBER_MS) &&
					     viz_id_eq(&wanted->named[i].id, &mail->id) &&
					     viz_id_eq(&wanted->named[i].from, from)))
		i++;
	if (i == COUNT(wanted->named) || !mail->record || viz_core_nearly_full(net->core) ||
	    !verify(net->trust, &rec, &wanted->named[i].author, mail))
		return;
	if (!viz_named_put(net->core, &rec, &mail->id))
		return;
	if (rec.type != VIZ_TYPE_PARTNERS || !link)
		return;
	if (viz_id_is_zero(&wanted->named[i].offer))
		link->behind = true; /* the comparison brings the PROTESTs */
	else
		viz_wanted_offer(net, link, &wanted->named[i].offer);
}
