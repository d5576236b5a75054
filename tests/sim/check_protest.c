/* check_strata.c looks at who holds and gets a PROTEST. An honest node says nothing of an honest
 * origin that the origin's records show otherwise, and nothing at all when nothing fails. Who was
 * not heard says so, and an honest origin replies (I8). */
#include "node/audit/protest.h"
#include "node/audit/suspicion.h"
#include "node/audit/verdict.h"
#include "node/core/place.h"
#include "node/inbox/inbox.h"
#include "node/link/link.h"
#include "node/trust/author.h"
#include "node/trust/circle.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/offer.h"
#include "proto/protest.h"
#include "proto/record.h"
#include "store/store.h"
#include "store/tables.h"
#include "tests/sim/cheat.h"
#include "tests/sim/check.h"

/* So many times must somebody be unheard in one way before one of them must have said so: a link
 * may have died each time. */
#define OFTEN 4

#define FALSE_MAX 64

struct false_protest {
	struct viz_id origin;
	uint64_t slot;
};

struct sim_protests {
	struct false_protest lied[FALSE_MAX];
	size_t lied_count;
	unsigned deaf[VIZ_PROTEST_KIND_MAX + 1]; /* how often an origin was, by the kind owed */
	unsigned said[VIZ_PROTEST_KIND_MAX + 1]; /* of such origins, at the end */
};

struct sim_protests *sim_protests_new(void)
{
	struct sim_protests *p = calloc(1, sizeof *p);

	VIZ_REQUIRE(p);
	return p;
}

void sim_protests_free(struct sim_protests *p)
{
	free(p);
}

void sim_protests_deaf(struct sim_world *w, const struct viz_id *from, uint64_t slot, unsigned kind)
{
	w->checks->protests->deaf[kind]++;
	/* an accomplice does not say that it was not heard; but whoever holds CLOSE sees its time
	 */
	if (w->options.cheat != 0 && w->stepping->lies & SIM_LIE_DEAF &&
	    (kind == VIZ_PROTEST_LATE || sim_cheat_harms(w, from)))
		sim_audit_lie(w, w->stepping, slot, SIM_LIE_DEAF);
}

void sim_protests_false(struct sim_world *w, const struct viz_id *origin, uint64_t slot)
{
	struct sim_protests *p = w->checks->protests;

	if (p->lied_count < FALSE_MAX)
		p->lied[p->lied_count++] = (struct false_protest){*origin, slot};
}

bool sim_protests_were_false(const struct sim_world *w, const struct viz_id *origin, uint64_t slot)
{
	const struct sim_protests *p = w->checks->protests;

	for (size_t i = 0; i < p->lied_count; i++)
		if (p->lied[i].slot == slot && viz_id_eq(&p->lied[i].origin, origin))
			return true;
	return false;
}

/* Whether the machine itself suspects the origin of what check_audit.c lets it suspect: it was not
 * heard, or something did not come. */
static bool suspects(const struct sim_world *w, const struct sim_machine *m,
		     const struct false_protest *f)
{
	static const enum viz_suspicion may[] = {VIZ_SUSPICION_UNHEARD, VIZ_SUSPICION_UNSEEN,
						 VIZ_SUSPICION_UNENDED};
	bool any = false;

	for (size_t i = 0; i < sizeof may / sizeof *may; i++)
		any |= sim_audit_found(w, m, &f->origin, f->slot, (enum viz_rule)may[i]);
	return any;
}

/* What a partner says of an honest origin changes nothing in another one's verdict. */
static void check_false(struct sim_world *w)
{
	const struct sim_protests *p = w->checks->protests;
	unsigned in_order = 0, judged = 0;

	for (size_t i = 0; i < p->lied_count; i++)
		for (unsigned k = 0; k < w->count; k++) {
			struct sim_machine *m = &w->machine[k];
			struct viz_offer_verdict v;
			struct viz_inbox *in;

			if (!m->node || m->lies != 0)
				continue;
			VIZ_REQUIRE(viz_store_begin(m->store) == VIZ_OK);
			in = viz_inbox_fetch(&m->node->core, &p->lied[i].origin, p->lied[i].slot);
			if (in && in->state != VIZ_INBOX_UNKNOWN) {
				viz_verdict_read(&m->node->net, &v, &(struct viz_verdict_seen){0},
						 in);
				judged++;
				in_order += v.standing == VIZ_STANDING_IN_ORDER;
				if (v.standing > VIZ_STANDING_UNCHECKED &&
				    !suspects(w, m, &p->lied[i]))
					sim_fail(
					    w, "I8", m,
					    "has another verdict (%s) of slot %llx of %s since a "
					    "partner lied about it",
					    viz_verdict_name(v.standing),
					    (unsigned long long)p->lied[i].slot,
					    sim_machine_of(w, &p->lied[i].origin)->name);
			}
			free(in);
			viz_store_abort(m->store);
		}
	if (judged >= OFTEN && in_order == 0)
		sim_fail(w, "I8", NULL, "partners lied about %zu offers, and none is in order",
			 p->lied_count);
	if (w->options.trace)
		printf("lied about %zu offers: %u verdicts, %u in order\n", p->lied_count, judged,
		       in_order);
}

static enum viz_circle_answer in_circle(struct sim_machine *m, const struct viz_protest *p,
					const struct viz_id *who)
{
	struct viz_circle circle = {p->origin, p->node_time, p->partners};

	return viz_circle_has(&m->node->trust, &circle, who);
}

/* Whether the origin's CLOSE has this PLEDGE. */
static bool close_has(struct sim_machine *origin, const struct viz_record *pledge,
		      const struct viz_protest *p)
{
	static struct viz_close c;
	struct viz_record rec;
	struct viz_held held;

	if (!viz_place_get(&origin->node->core, &held, &rec, &p->origin, VIZ_TYPE_CLOSE,
			   pledge->slot) ||
	    viz_close_parse(&c, &rec) != VIZ_OK)
		return false;
	for (size_t i = 0; i < c.count; i++)
		if (c.entry[i].answered &&
		    memcmp(c.entry[i].pledge, p->pledge, sizeof p->pledge) == 0)
			return true;
	return false;
}

/* Whether the origin's RESULT shows the reveal of this PLEDGE. */
static bool result_shows(struct sim_machine *origin, const struct viz_record *pledge,
			 const struct viz_protest *p)
{
	static struct viz_result res;
	static struct viz_close c;
	struct viz_record rec;
	struct viz_held held;

	if (!viz_place_get(&origin->node->core, &held, &rec, &p->origin, VIZ_TYPE_CLOSE,
			   pledge->slot) ||
	    viz_close_parse(&c, &rec) != VIZ_OK ||
	    !viz_place_get(&origin->node->core, &held, &rec, &p->origin, VIZ_TYPE_RESULT,
			   pledge->slot) ||
	    viz_result_parse(&res, &rec) != VIZ_OK)
		return false;
	for (size_t i = 0; i < c.count && i < res.count; i++)
		if (c.entry[i].answered &&
		    memcmp(c.entry[i].pledge, p->pledge, sizeof p->pledge) == 0)
			return res.entry[i].revealed;
	return false;
}

/* Whether an honest node may say this of an honest origin at `at`. */
static bool may_say(struct sim_world *w, struct sim_machine *origin, const struct viz_protest *p)
{
	struct viz_record pledge;
	bool heard = false;

	if (w->options.profile == SIM_CALM)
		return false;
	if (p->has_pledge && origin->node) {
		VIZ_REQUIRE(viz_protest_pledge(&pledge, p) == VIZ_OK &&
			    viz_store_begin(origin->store) == VIZ_OK);
		heard = p->kind == VIZ_PROTEST_PLEDGE ? close_has(origin, &pledge, p)
						      : result_shows(origin, &pledge, p);
		viz_store_abort(origin->store);
	}
	switch (p->kind) {
	case VIZ_PROTEST_PLEDGE:
	case VIZ_PROTEST_REVEAL:
		return !heard;
	case VIZ_PROTEST_LATE:
		/* a copy of it may close what it has given the location for (PROTOCOL section 15)
		 */
		return w->options.profile == SIM_CLONES && origin->rolled;
	case VIZ_PROTEST_FALSE:
		return false;
	case VIZ_PROTEST_REPLY:
	case VIZ_PROTEST_LOCATION:
	case VIZ_PROTEST_VIEW:
	case VIZ_PROTEST_NUMBER:
	case VIZ_PROTEST_HEAD:
		return true;
	}
	return false;
}

static bool holds(struct sim_machine *m, const struct viz_record *rec)
{
	struct viz_held held;
	bool there;

	VIZ_REQUIRE(viz_store_begin(m->store) == VIZ_OK);
	there = viz_place_get(&m->node->core, &held, NULL, &rec->author, rec->type, rec->slot);
	viz_store_abort(m->store);
	return there;
}

/* Whether the machine takes records of this key of the author. */
static bool takes(struct sim_machine *m, const struct viz_record *rec)
{
	const struct viz_member *author = viz_member_find(&m->node->trust, &rec->author);

	return author && author->member && !viz_author_key_ended(author, rec->key);
}

/* Whoever is linked with a holder and is in the circle holds it too. */
static void check_spread(struct sim_world *w, struct sim_machine *m, const struct viz_record *rec,
			 const struct viz_protest *p)
{
	for (size_t i = 0; i < m->node->net.links.count; i++) {
		const struct viz_link *link = &m->node->net.links.list[i];
		struct sim_machine *peer = sim_net_peer(w, link->number);
		enum viz_circle_answer in;

		if (link->guest || link->closing || !peer || !peer->node || peer->lies != 0 ||
		    peer->rolled || /* it may have lost the OFFER that this is about */
		    !takes(peer, rec) || link->full_at.ms + 120000 > m->node->core.now.ms)
			continue;
		VIZ_REQUIRE(viz_store_begin(peer->store) == VIZ_OK);
		in = in_circle(peer, p, &peer->author);
		viz_store_abort(peer->store);
		if (in == VIZ_CIRCLE_IN && !holds(peer, rec))
			sim_fail(w, "I8", peer, "lacks a PROTEST (%s) about %s that %s holds",
				 viz_protest_kind_name(p->kind),
				 sim_machine_of(w, &p->origin)->name, m->name);
	}
}

/* What the machine holds, copied: the checks read other stores. */
struct copy {
	uint8_t bytes[1024 + 64];
	size_t len;
};

static struct copy *read_held(struct sim_machine *m, size_t *count)
{
	struct copy *list = NULL;
	size_t capacity = 0;
	struct viz_slice key, value;
	struct viz_walk walk;

	*count = 0;
	VIZ_REQUIRE(viz_store_begin(m->store) == VIZ_OK);
	viz_walk_init(&walk, m->store, VIZ_TABLE_RECORD, NULL, 0);
	while (viz_walk_next(&walk, &key, &value)) {
		struct viz_held held;
		struct viz_record rec;
		struct viz_protest p;
		struct copy *c;

		if (key.p[32] != VIZ_TYPE_PROTEST)
			continue;
		VIZ_REQUIRE(viz_place_row_read(&held, value.p, value.len) == VIZ_OK &&
			    viz_record_parse(&rec, held.a, held.a_len) == VIZ_OK &&
			    viz_protest_parse(&p, &rec) == VIZ_OK);
		list = sim_more(list, *count, &capacity, sizeof *list);
		c = &list[(*count)++];
		memcpy(c->bytes, held.a, held.a_len);
		c->len = held.a_len;
	}
	viz_store_abort(m->store);
	return list;
}

static void check_one(struct sim_world *w, struct sim_machine *m, const struct copy *c, bool end)
{
	struct sim_machine *origin, *author;
	struct viz_protest p;
	struct viz_record rec;

	VIZ_REQUIRE(viz_record_parse(&rec, c->bytes, c->len) == VIZ_OK &&
		    viz_protest_parse(&p, &rec) == VIZ_OK);
	origin = sim_machine_of(w, &p.origin);
	author = sim_machine_of(w, &rec.author);
	if (!origin || !author || author != m || p.kind == VIZ_PROTEST_REPLY)
		goto spread;
	if (end && origin->lies & SIM_LIE_DEAF)
		w->checks->protests->said[p.kind]++;
	if (author->lies == 0 && origin->lies == 0 && !may_say(w, origin, &p))
		sim_fail(w, "I8", m, "says \"%s\" of %s (its slot %llx), which is not so",
			 viz_protest_kind_name(p.kind), origin->name, (unsigned long long)rec.slot);
spread:
	if (end && m->lies == 0)
		check_spread(w, m, &rec, &p);
}

static void check(struct sim_world *w, struct sim_machine *m, bool end)
{
	size_t n;
	struct copy *list = read_held(m, &n);

	for (size_t i = 0; i < n; i++)
		check_one(w, m, &list[i], end);
	free(list);
}

void sim_protests_check(struct sim_world *w, struct sim_machine *m)
{
	check(w, m, false);
}

/* An honest origin has replied to whatever it holds. */
static void check_replies(struct sim_world *w, struct sim_machine *m)
{
	struct viz_audit_protester *list;
	size_t n;

	if (m->lies != 0 || m->revoked || m->node->trust.self.revoked)
		return;
	VIZ_REQUIRE(viz_store_begin(m->store) == VIZ_OK);
	list = viz_audit_protest_count(&m->node->core, &n, &m->author);
	viz_store_abort(m->store);
	for (size_t i = 0; i < n; i++)
		if (list[i].answered[0] != 0)
			sim_fail(w, "I8", m, "has not replied to %u PROTESTs", list[i].answered[0]);
	free(list);
}

void sim_protests_end(struct sim_world *w)
{
	const struct sim_protests *p = w->checks->protests;

	for (unsigned i = 0; i < w->count; i++) {
		if (!w->machine[i].node)
			continue;
		check(w, &w->machine[i], true);
		check_replies(w, &w->machine[i]);
	}
	check_false(w);
	for (unsigned kind = 1; kind <= VIZ_PROTEST_KIND_MAX; kind++)
		if (p->deaf[kind] >= OFTEN && p->said[kind] == 0)
			sim_fail(w, "I8", NULL, "%u partners were not heard (%s), and none says so",
				 p->deaf[kind], viz_protest_kind_name((enum viz_protest_kind)kind));
}
