/* No node holds a circle record outside of whose circle it is, and no honest node sends one, asks
 * for one, or tells of one, across (I9). The check has its own archive of all PARTNERS, NODEs and
 * OFFERs that any node has held; the circle of a PROTEST stands in it, and judges by it and by the
 * stores, without the nodes' own answers. It looks at each record when it is written, and at each
 * message when it is sent. */
#include "node/core/core.h"
#include "node/core/ids.h"
#include "node/core/place.h"
#include "node/gossip/chain.h"
#include "node/gossip/strata.h"
#include "node/link/link.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/federation.h"
#include "proto/message.h"
#include "proto/offer.h"
#include "proto/protest.h"
#include "proto/reader.h"
#include "proto/record.h"
#include "proto/trust.h"
#include "store/store.h"
#include "tests/sim/check.h"
#include "tests/sim/nation.h"

/* The circle of a NODE, an OFFER or a PROTEST. */
struct circle {
	struct viz_id id, origin;
	struct viz_time at;
	struct viz_id partners;
};

struct archive {
	struct circle *list; /* ascending by id */
	size_t count, capacity;
};

struct partners {
	struct viz_id id, author;
	struct viz_partners *p; /* owned */
};

/* Whom the node may send a record to, as it stood when it asked. */
struct allowed {
	struct viz_id peer, record;
};

struct sim_strata {
	struct archive nodes, offers, protests;
	struct allowed *allowed; /* in this batch */
	size_t allowed_count, allowed_capacity;
	struct partners *partners; /* not sorted */
	size_t partners_count, partners_capacity;
	uint64_t sent, held; /* circle records that were looked at */
};

void __real_viz_place_put(struct viz_core *core, struct viz_id *item, const struct viz_record *rec,
			  const struct viz_id *id);
void __wrap_viz_place_put(struct viz_core *core, struct viz_id *item, const struct viz_record *rec,
			  const struct viz_id *id);
bool __real_viz_strata_may_send(struct viz_trust *trust, const struct viz_link *link,
				const struct viz_record *rec);
bool __wrap_viz_strata_may_send(struct viz_trust *trust, const struct viz_link *link,
				const struct viz_record *rec);
void __real_viz_place_mark_dead(struct viz_core *core, const struct viz_record *rec);
void __wrap_viz_place_mark_dead(struct viz_core *core, const struct viz_record *rec);

struct sim_strata *sim_strata_new(void)
{
	struct sim_strata *s = calloc(1, sizeof *s);

	VIZ_REQUIRE(s);
	return s;
}

void sim_strata_free(struct sim_strata *s)
{
	for (size_t i = 0; i < s->partners_count; i++)
		free(s->partners[i].p);
	free(s->partners);
	free(s->allowed);
	free(s->nodes.list);
	free(s->offers.list);
	free(s->protests.list);
	free(s);
}

static size_t position(const struct archive *a, const struct viz_id *id)
{
	size_t low = 0, high = a->count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (viz_id_cmp(&a->list[middle].id, id) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static const struct circle *find(const struct archive *a, const struct viz_id *id)
{
	size_t at = position(a, id);

	return at < a->count && viz_id_eq(&a->list[at].id, id) ? &a->list[at] : NULL;
}

static void add(struct archive *a, const struct circle *c)
{
	size_t at = position(a, &c->id);

	if (at < a->count && viz_id_eq(&a->list[at].id, &c->id))
		return;
	a->list = sim_more(a->list, a->count, &a->capacity, sizeof *a->list);
	memmove(&a->list[at + 1], &a->list[at], (a->count - at) * sizeof *a->list);
	a->list[at] = *c;
	a->count++;
}

static const struct viz_partners *find_partners(const struct sim_strata *s, const struct viz_id *id,
						const struct viz_id *author)
{
	for (size_t i = s->partners_count; i-- > 0;)
		if (viz_id_eq(&s->partners[i].id, id) && viz_id_eq(&s->partners[i].author, author))
			return s->partners[i].p;
	return NULL;
}

/* Keeps what says who is in a circle. */
static void learn(struct sim_strata *s, const struct viz_record *rec, const struct viz_id *id)
{
	struct circle c = {.id = *id, .origin = rec->author};
	struct viz_node_body node;
	struct viz_protest protest;
	struct viz_offer offer;
	struct partners *p;

	if (rec->type == VIZ_TYPE_NODE && viz_node_body_parse(&node, rec) == VIZ_OK) {
		c.at = rec->time;
		c.partners = node.partners;
		add(&s->nodes, &c);
	} else if (rec->type == VIZ_TYPE_OFFER && viz_offer_parse(&offer, rec) == VIZ_OK) {
		c.at = offer.node_time;
		c.partners = offer.partners;
		add(&s->offers, &c);
	} else if (rec->type == VIZ_TYPE_PROTEST && viz_protest_parse(&protest, rec) == VIZ_OK) {
		c.origin = protest.origin;
		c.at = protest.node_time;
		c.partners = protest.partners;
		add(&s->protests, &c);
	} else if (rec->type == VIZ_TYPE_PARTNERS && !find_partners(s, id, &rec->author)) {
		s->partners = sim_more(s->partners, s->partners_count, &s->partners_capacity,
				       sizeof *s->partners);
		p = &s->partners[s->partners_count++];
		*p = (struct partners){*id, rec->author, viz_core_alloc(sizeof *p->p)};
		VIZ_REQUIRE(viz_partners_parse(p->p, rec) == VIZ_OK);
	}
}

/* Whether the origin's PARTNERS has `who` in the circle. */
static bool is_listed(const struct sim_world *w, const struct circle *c, const struct viz_id *who)
{
	const struct viz_partners *named =
	    find_partners(w->checks->strata, &c->partners, &c->origin);

	return named && viz_partners_effective(named, who, c->at, w->federation.partner_delay_ms);
}

/* Whether `who` is in the circle, by the newest PARTNERS of it in this store. */
static bool is_in(struct sim_world *w, struct viz_core *core, const struct circle *c,
		  const struct viz_id *who)
{
	int64_t delay = w->federation.partner_delay_ms;
	struct viz_partners *newest;
	struct viz_record rec;
	struct viz_held held;
	bool in;

	if (viz_id_eq(&c->origin, who))
		return true;
	if (!is_listed(w, c, who) || !viz_place_get(core, &held, &rec, who, VIZ_TYPE_PARTNERS, 0) ||
	    held.dead)
		return false;
	newest = viz_core_alloc(sizeof *newest);
	in = viz_partners_parse(newest, &rec) == VIZ_OK &&
	     viz_partners_effective(newest, &c->origin, c->at, delay) != NULL;
	free(newest);
	return in;
}

/* Likewise; when the store has no PARTNERS of it, by the one that was held last. A SUCCESSION later
 * in the batch takes it away. */
static bool was_in(struct sim_world *w, struct viz_core *core, const struct circle *c,
		   const struct viz_id *who)
{
	const struct sim_strata *s = w->checks->strata;
	struct viz_held held;

	if (viz_place_get(core, &held, NULL, who, VIZ_TYPE_PARTNERS, 0) ||
	    viz_id_eq(&c->origin, who) || !is_listed(w, c, who))
		return is_in(w, core, c, who);
	for (size_t i = s->partners_count; i > 0; i--)
		if (viz_id_eq(&s->partners[i - 1].author, who))
			return viz_partners_effective(s->partners[i - 1].p, &c->origin, c->at,
						      w->federation.partner_delay_ms);
	return false;
}

/* The id of the OFFER to which a circle record belongs, by its body. */
static bool offer_of(struct viz_core *core, struct viz_id *id, const struct viz_record *rec)
{
	union body {
		struct viz_close close;
		struct viz_result result;
		struct viz_choice choice;
	} *b = viz_core_alloc(sizeof *b);
	bool known = true;

	if (rec->type == VIZ_TYPE_OFFER)
		viz_ids_record(id, &core->federation_id, rec);
	else if (rec->type == VIZ_TYPE_CLOSE && viz_close_parse(&b->close, rec) == VIZ_OK)
		*id = b->close.offer;
	else if (rec->type == VIZ_TYPE_RESULT && viz_result_parse(&b->result, rec) == VIZ_OK)
		*id = b->result.offer;
	else if (rec->type == VIZ_TYPE_CHOICE && viz_choice_parse(&b->choice, rec) == VIZ_OK)
		*id = b->choice.offer;
	else
		known = false;
	free(b);
	return known;
}

/* The circle of a circle record that was held. NULL: no node has held its OFFER, or itself. */
static const struct circle *circle_of(const struct sim_strata *s, struct viz_core *core,
				      const struct viz_record *rec)
{
	struct viz_id id;

	viz_ids_record(&id, &core->federation_id, rec);
	if (rec->type == VIZ_TYPE_PROTEST)
		return find(&s->protests, &id);
	return offer_of(core, &id, rec) ? find(&s->offers, &id) : NULL;
}

static void held(struct viz_core *core, const struct viz_record *rec)
{
	struct sim_world *w = sim_check_world();
	struct sim_machine *m = w ? w->stepping : NULL;
	const struct circle *c;
	struct viz_id id;

	if (!m)
		return;
	viz_ids_record(&id, &core->federation_id, rec);
	learn(w->checks->strata, rec, &id);
	sim_audit_held(w, m, rec, &id);
	if (!viz_record_is_write_once(rec->type))
		return;
	w->checks->strata->held++;
	c = circle_of(w->checks->strata, core, rec);
	if (!c)
		sim_fail(w, "I9", m, "holds a %s whose OFFER nobody holds",
			 viz_record_type_name(rec->type));
	if (!is_in(w, core, c, &m->author))
		sim_fail(w, "I9", m, "holds a %s of slot %llx, and is outside of its circle",
			 viz_record_type_name(rec->type), (unsigned long long)rec->slot);
}

void __wrap_viz_place_put(struct viz_core *core, struct viz_id *item, const struct viz_record *rec,
			  const struct viz_id *id)
{
	held(core, rec);
	sim_nation_held(rec);
	__real_viz_place_put(core, item, rec, id);
}

void __wrap_viz_place_mark_dead(struct viz_core *core, const struct viz_record *rec)
{
	held(core, rec);
	__real_viz_place_mark_dead(core, rec);
}

/* Whether sender and peer are both in the circle of a NODE of the origin that is not old: a newer
 * one may have come later in the batch. */
static bool shared(struct sim_world *w, struct viz_core *core, const struct sim_machine *m,
		   const struct sim_machine *peer, const struct viz_id *origin)
{
	const struct archive *a = &w->checks->strata->nodes;

	for (size_t i = 0; i < a->count; i++)
		if (viz_id_eq(&a->list[i].origin, origin) &&
		    was_in(w, core, &a->list[i], &m->author) &&
		    was_in(w, core, &a->list[i], &peer->author))
			return true;
	return false;
}

void sim_strata_before(struct sim_world *w)
{
	w->checks->strata->allowed_count = 0;
}

/* The PARTNERS of the peer may be replaced later in the batch. */
bool __wrap_viz_strata_may_send(struct viz_trust *trust, const struct viz_link *link,
				const struct viz_record *rec)
{
	bool may = __real_viz_strata_may_send(trust, link, rec);
	struct sim_world *w = sim_check_world();
	const struct circle *c;
	struct sim_strata *s;

	if (!may || !w || !w->stepping || !viz_record_is_write_once(rec->type))
		return may;
	s = w->checks->strata;
	c = circle_of(s, trust->core, rec);
	if (c && is_in(w, trust->core, c, &link->peer)) {
		s->allowed = sim_more(s->allowed, s->allowed_count, &s->allowed_capacity,
				      sizeof *s->allowed);
		s->allowed[s->allowed_count].peer = link->peer;
		viz_ids_record(&s->allowed[s->allowed_count++].record, &trust->core->federation_id,
			       rec);
	}
	return may;
}

static bool was_allowed(const struct sim_strata *s, const struct viz_core *core,
			const struct viz_id *peer, const struct viz_record *rec)
{
	struct viz_id id;

	viz_ids_record(&id, &core->federation_id, rec);
	for (size_t i = 0; i < s->allowed_count; i++)
		if (viz_id_eq(&s->allowed[i].peer, peer) && viz_id_eq(&s->allowed[i].record, &id))
			return true;
	return false;
}

static void sends(struct sim_world *w, struct sim_machine *m, const struct sim_machine *peer,
		  const struct viz_record *rec)
{
	struct viz_core *core = &m->node->core;
	const struct circle *c;

	if (!viz_record_is_write_once(rec->type))
		return;
	w->checks->strata->sent++;
	c = circle_of(w->checks->strata, core, rec);
	if (!c || (!is_in(w, core, c, &peer->author) &&
		   !was_allowed(w->checks->strata, core, &peer->author, rec)))
		sim_fail(w, "I9", m, "sends %s a %s of slot %llx, whose circle it is outside of",
			 peer->name, viz_record_type_name(rec->type),
			 (unsigned long long)rec->slot);
}

/* Whether it is in the circle by what it holds itself. One that sends a RESULT is asked for the
 * OFFER, though its newest PARTNERS has not come from it. */
static bool is_in_itself(struct sim_world *w, const struct circle *c, const struct sim_machine *who)
{
	bool in;

	if (!who->node)
		return false;
	VIZ_REQUIRE(viz_store_begin(who->store) == VIZ_OK);
	in = is_in(w, &who->node->core, c, &who->author);
	viz_store_abort(who->store);
	return in;
}

static void asks_offers(struct sim_world *w, struct sim_machine *m, const struct sim_machine *peer,
			const struct viz_message_offer_ask *ask)
{
	for (size_t i = 0; i < ask->count; i++) {
		/* one that is not in the archive was named by a liar */
		const struct circle *c = find(&w->checks->strata->offers, &ask->offer[i]);

		if (c && !is_in(w, &m->node->core, c, &peer->author) && !is_in_itself(w, c, peer))
			sim_fail(w, "I9", m, "asks %s for an offer whose circle it is outside of",
				 peer->name);
	}
}

static void about_log(struct sim_world *w, struct sim_machine *m, const struct sim_machine *peer,
		      const struct viz_id *origin)
{
	if (!shared(w, &m->node->core, m, peer, origin))
		sim_fail(w, "I9", m, "deals with %s in a log in whose circle not both are",
			 peer->name);
}

/* Each PROTEST that the list shows is of the peer's circle too; an empty one answers a list that
 * the peer has shown. */
static void tells_protests(struct sim_world *w, struct sim_machine *m,
			   const struct sim_machine *peer, const struct viz_message_protests *t)
{
	const struct archive *a = &w->checks->strata->protests;

	if (t->count == 0 && t->ask)
		sim_fail(w, "I9", m, "shows %s an empty list of PROTESTs", peer->name);
	for (size_t i = 0; i < t->count; i++) {
		struct viz_id from = {{0}};
		const struct circle *c;
		bool any = false;
		size_t at;

		viz_be_put_u64(from.b, t->id[i]);
		for (at = position(a, &from); !any && at < a->count; at++) {
			c = &a->list[at];
			if (memcmp(c->id.b, from.b, 8) != 0)
				break;
			any = is_in(w, &m->node->core, c, &peer->author);
		}
		if (!any)
			sim_fail(w, "I9", m, "tells %s of a PROTEST whose circle it is outside of",
				 peer->name);
	}
}

void sim_strata_effect(struct sim_world *w, struct sim_machine *m, const struct viz_effect *fx)
{
	union body {
		struct viz_message_record record;
		struct viz_message_head head;
		struct viz_message_log_ask ask;
		struct viz_message_log_want want;
		struct viz_message_log log;
		struct viz_message_offer_ask offers;
		struct viz_message_protests protests;
	} * b;
	const struct sim_machine *peer;
	struct viz_record rec;
	struct viz_reader r, head;
	unsigned kind;

	if (fx->kind != VIZ_EFFECT_SEND || m->lies != 0)
		return;
	peer = sim_net_peer(w, fx->link);
	viz_reader_init(&r, fx->bytes + 2, viz_be_get_u16(fx->bytes));
	head = r;
	kind = viz_message_kind_read(&head);
	if (!peer || head.err != VIZ_OK)
		return;
	b = viz_core_alloc(sizeof *b);
	VIZ_REQUIRE(viz_store_begin(m->store) == VIZ_OK);
	if (kind == VIZ_MESSAGE_RECORD) {
		viz_message_record_read(&r, &b->record);
		VIZ_REQUIRE(viz_record_parse(&rec, b->record.record, b->record.record_len) ==
			    VIZ_OK);
		sends(w, m, peer, &rec);
	} else if (kind == VIZ_MESSAGE_HEAD) {
		viz_message_head_read(&r, &b->head);
		about_log(w, m, peer, &b->head.origin);
	} else if (kind == VIZ_MESSAGE_LOG_ASK) {
		viz_message_log_ask_read(&r, &b->ask);
		about_log(w, m, peer, &b->ask.origin);
	} else if (kind == VIZ_MESSAGE_LOG_WANT) {
		viz_message_log_want_read(&r, &b->want);
		about_log(w, m, peer, &b->want.origin);
	} else if (kind == VIZ_MESSAGE_LOG) {
		viz_message_log_read(&r, &b->log);
		about_log(w, m, peer, &b->log.origin);
	} else if (kind == VIZ_MESSAGE_OFFER_ASK) {
		viz_message_offer_ask_read(&r, &b->offers);
		asks_offers(w, m, peer, &b->offers);
	} else if (kind == VIZ_MESSAGE_PROTESTS) {
		viz_message_protests_read(&r, &b->protests);
		tells_protests(w, m, peer, &b->protests);
	}
	viz_store_abort(m->store);
	free(b);
}

static bool holds(const struct sim_machine *m, const struct viz_id *origin,
		  const struct viz_stub *stub)
{
	struct viz_held place;

	return viz_chain_record(&m->node->core, &place, origin, stub);
}

/* What nobody holds any more cannot be had: the origin is restored from an older copy, and who
 * had the record from it was restored too. */
static bool held_by_another(struct sim_world *w, const struct sim_machine *m,
			    const struct viz_id *origin, const struct viz_stub *stub)
{
	bool held = false;

	for (unsigned i = 0; i < w->count && !held; i++) {
		const struct sim_machine *o = &w->machine[i];

		if (o == m || !o->node)
			continue;
		VIZ_REQUIRE(viz_store_begin(o->store) == VIZ_OK);
		held = holds(o, origin, stub);
		viz_store_abort(o->store);
	}
	return held;
}

/* Of the log of an honest origin each member of a circle has the records of that circle. */
static void check_whole(struct sim_world *w, struct sim_machine *m,
			const struct sim_machine *origin)
{
	struct viz_core *core = &m->node->core;
	struct viz_stub stub, first;
	struct viz_chain c;

	if (!viz_chain_get(core, &c, &origin->author) ||
	    !shared(w, core, m, origin, &origin->author))
		return;
	for (uint32_t n = c.first + 1; n <= c.met; n++) {
		const struct circle *circle;

		if (!viz_chain_stub_get(core, &stub, &origin->author, c.log, n) ||
		    !viz_chain_stub_get(core, &first, &origin->author, c.log, stub.offer))
			continue;
		circle = find(&w->checks->strata->offers, &first.id);
		if (circle && is_in(w, core, circle, &m->author) &&
		    !holds(m, &origin->author, &stub) &&
		    held_by_another(w, m, &origin->author, &stub))
			sim_fail(w, "I6", m, "lacks number %u of the log of %s: a %s of slot %llx",
				 n, origin->name, viz_record_type_name(stub.type),
				 (unsigned long long)stub.slot);
	}
}

void sim_strata_end(struct sim_world *w, struct sim_machine *m)
{
	VIZ_REQUIRE(viz_store_begin(m->store) == VIZ_OK);
	for (unsigned i = 0; m->lies == 0 && !m->revoked && i < w->count; i++)
		if (&w->machine[i] != m && w->machine[i].node && w->machine[i].lies == 0 &&
		    !w->machine[i].revoked)
			check_whole(w, m, &w->machine[i]);
	viz_store_abort(m->store);
}
