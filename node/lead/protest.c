#include "node/lead/protest.h"

#include "node/core/core.h"
#include "node/core/due.h"
#include "node/core/ids.h"
#include "node/core/journal.h"
#include "node/core/place.h"
#include "node/gossip/chain.h"
#include "node/gossip/protest.h"
#include "node/lead/answers.h"
#include "node/lead/lead.h"
#include "node/link/link.h"
#include "node/link/net.h"
#include "node/offer/view.h"
#include "node/self/publish.h"
#include "node/trust/identity.h"
#include "node/trust/named.h"
#include "node/trust/notice.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/federation.h"
#include "proto/limits.h"
#include "proto/offer.h"
#include "proto/protest.h"
#include "proto/record.h"
#include "proto/trust.h"
#include "proto/writer.h"
#include "store/store.h"
#include "store/tables.h"

#define WAIT_MS 2000 /* for others, so that one reply answers several */
#define DAYS    7    /* what comes later has no reply */

/* A PROTEST about us without a reply. */
struct open {
	struct viz_id id;
	struct viz_id node, partners;
	struct viz_time node_time;
	enum viz_protest_answer answer;
};

/* All of them, and the ids of those that have a reply. */
struct list {
	struct open *open;
	size_t count, capacity;
	struct viz_id *done;
	size_t done_count, done_capacity;
};

/* Rounded, so that a flood sets few timers. */
void viz_lead_protest_wake(struct viz_core *core, const struct viz_id *self)
{
	viz_due_set(core, (struct viz_time){(core->now.ms / WAIT_MS + 2) * WAIT_MS},
		    VIZ_DUE_PROTEST, self, 0);
}

void viz_lead_protest_received(struct viz_net *net, const struct viz_record *rec,
			       const struct viz_id *id)
{
	const struct viz_id *self = &net->trust->self.author;
	struct viz_protest p;

	(void)id;
	if (viz_protest_parse(&p, rec) == VIZ_OK && p.kind != VIZ_PROTEST_REPLY &&
	    viz_id_eq(&p.origin, self))
		viz_lead_protest_wake(net->core, self);
}

/* Why something of the protester did not come: a link that came up after the offer had closed says
 * that there was none for a while. */
static enum viz_protest_answer missing(struct viz_net *net, const struct viz_lead *lead,
				       const struct viz_id *from)
{
	const struct viz_link *link = viz_link_of(net, from);

	return link && !link->guest && link->full_at.ms <= lead->closes.ms ? VIZ_PROTEST_TOO_LATE
									   : VIZ_PROTEST_NO_LINK;
}

static enum viz_protest_answer about_pledge(struct viz_net *net, const struct viz_lead *lead,
					    const struct viz_gossip_protest_found *f)
{
	struct viz_close *c = viz_core_alloc(sizeof *c);
	bool stands = false;
	struct viz_record rec;
	struct viz_held held;

	if (viz_place_get(net->core, &held, &rec, &net->trust->self.author, VIZ_TYPE_CLOSE,
			  lead->slot) &&
	    viz_close_parse(c, &rec) == VIZ_OK)
		for (size_t i = 0; i < c->count; i++)
			stands |= c->entry[i].answered && memcmp(c->entry[i].pledge, f->body.pledge,
								 sizeof f->body.pledge) == 0;
	free(c);
	return stands ? VIZ_PROTEST_STANDS : missing(net, lead, &f->rec.author);
}

static enum viz_protest_answer about_late(struct viz_core *core, const struct viz_id *self,
					  const struct viz_lead *lead)
{
	struct viz_record rec;
	struct viz_held held;

	return viz_place_get(core, &held, &rec, self, VIZ_TYPE_CLOSE, lead->slot) &&
		       rec.time.ms >= viz_lead_answers_close_at(core, lead).ms
		   ? VIZ_PROTEST_STANDS
		   : VIZ_PROTEST_FAILED;
}

/* The answer about one of our offers. */
static enum viz_protest_answer about_offer(struct viz_net *net, const struct viz_lead *lead,
					   const struct viz_gossip_protest_found *f)
{
	struct viz_lead *copy = viz_core_alloc(sizeof *copy);
	const struct viz_lead_peer *peer;
	struct viz_slice v;
	bool located, revealed, withdrawn = lead->state == VIZ_LEAD_WITHDRAWN;

	*copy = *lead;
	peer = viz_lead_find_peer(copy, &f->rec.author);
	located = peer && peer->located_at.ms != 0;
	revealed = peer && peer->revealed;
	free(copy);
	switch (f->body.kind) {
	case VIZ_PROTEST_PLEDGE:
		return about_pledge(net, lead, f);
	case VIZ_PROTEST_REVEAL:
		if (revealed)
			return VIZ_PROTEST_STANDS;
		return withdrawn ? VIZ_PROTEST_OVER : missing(net, lead, &f->rec.author);
	case VIZ_PROTEST_LOCATION:
		if (located)
			return VIZ_PROTEST_SERVED;
		return withdrawn ? VIZ_PROTEST_OVER : missing(net, lead, &f->rec.author);
	case VIZ_PROTEST_VIEW:
		return viz_view_evidence_get(net->core, &v, &lead->view) ? VIZ_PROTEST_SERVED
									 : VIZ_PROTEST_FAILED;
	case VIZ_PROTEST_LATE:
		return about_late(net->core, &net->trust->self.author, lead);
	case VIZ_PROTEST_FALSE:
		return VIZ_PROTEST_SERVED;
	case VIZ_PROTEST_REPLY:
	case VIZ_PROTEST_NUMBER:
	case VIZ_PROTEST_HEAD:
		break;
	}
	return VIZ_PROTEST_FAILED;
}

/* The answer about our log: of a NODE that we hold. */
static enum viz_protest_answer about_log(struct viz_net *net,
					 const struct viz_gossip_protest_found *f)
{
	const struct viz_id *self = &net->trust->self.author;
	struct viz_record rec;
	struct viz_node_body b;
	struct viz_stub stub;
	const struct viz_link *link = viz_link_of(net, &f->rec.author);

	if (!viz_named_get(net->core, &rec, self, &f->body.node) ||
	    viz_node_body_parse(&b, &rec) != VIZ_OK || b.log != net->trust->self.log)
		return VIZ_PROTEST_OVER;
	if (f->body.kind == VIZ_PROTEST_NUMBER &&
	    !viz_chain_stub_get(net->core, &stub, self, b.log, f->body.number))
		return VIZ_PROTEST_FAILED;
	return link && !link->guest ? VIZ_PROTEST_SERVED : VIZ_PROTEST_NO_LINK;
}

static enum viz_protest_answer answer_to(struct viz_net *net,
					 const struct viz_gossip_protest_found *f)
{
	enum viz_protest_answer answer = VIZ_PROTEST_FAILED;
	struct viz_record offer;
	struct viz_lead *lead;

	if (!f->body.has_offer)
		return about_log(net, f);
	if (!viz_gossip_protest_offer(net->core, &offer, &f->body))
		return VIZ_PROTEST_OVER; /* it has expired */
	lead = viz_lead_fetch(net->core, offer.slot);
	if (lead)
		answer = about_offer(net, lead, f);
	free(lead);
	return answer;
}

static void add_done(struct list *l, const struct viz_protest *reply)
{
	for (size_t i = 0; i < reply->reply_count; i++) {
		if (l->done_count == l->done_capacity) {
			l->done_capacity = l->done_capacity ? l->done_capacity * 2 : 64;
			l->done = viz_core_grow(l->done, l->done_capacity, sizeof *l->done);
		}
		l->done[l->done_count++] = reply->reply[i].protest;
	}
}

static void add_open(struct viz_net *net, struct list *l, const struct viz_gossip_protest_found *f)
{
	if (l->count == l->capacity) {
		l->capacity = l->capacity ? l->capacity * 2 : 64;
		l->open = viz_core_grow(l->open, l->capacity, sizeof *l->open);
	}
	l->open[l->count++] = (struct open){f->id, f->body.node, f->body.partners,
					    f->body.node_time, answer_to(net, f)};
}

static bool same_node(const struct open *a, const struct open *b)
{
	return viz_id_eq(&a->node, &b->node) && viz_id_eq(&a->partners, &b->partners) &&
	       a->node_time.ms == b->node_time.ms;
}

/* By what they name, then by id. */
static int compare(const void *a, const void *b)
{
	const struct open *x = a, *y = b;
	int by_node = viz_id_cmp(&x->node, &y->node);
	int by_partners = viz_id_cmp(&x->partners, &y->partners);

	if (by_node != 0)
		return by_node;
	if (by_partners != 0)
		return by_partners;
	if (x->node_time.ms != y->node_time.ms)
		return x->node_time.ms < y->node_time.ms ? -1 : 1;
	return viz_id_cmp(&x->id, &y->id);
}

static bool is_done(const struct list *l, const struct viz_id *id)
{
	return l->done_count > 0 &&
	       bsearch(id, l->done, l->done_count, sizeof *l->done, viz_ids_compare) != NULL;
}

/* Reads the replies first, then what has none. */
static void read_all(struct viz_net *net, struct list *l)
{
	struct viz_gossip_protest_found *f = viz_core_alloc(sizeof *f);
	const struct viz_id *self = &net->trust->self.author;
	int64_t first = net->core->now.ms / VIZ_DAY_MS - DAYS;
	struct viz_gossip_protest_walk walk;

	viz_gossip_protest_walk_init(&walk, net->core, self, first > 0 ? (uint64_t)first : 0);
	while (viz_gossip_protest_walk_next(&walk, f))
		if (f->body.kind == VIZ_PROTEST_REPLY)
			add_done(l, &f->body);
	if (l->done_count > 0)
		qsort(l->done, l->done_count, sizeof *l->done, viz_ids_compare);
	viz_gossip_protest_walk_init(&walk, net->core, self, first > 0 ? (uint64_t)first : 0);
	while (viz_gossip_protest_walk_next(&walk, f))
		if (f->body.kind != VIZ_PROTEST_REPLY && !f->dead && !is_done(l, &f->id))
			add_open(net, l, f);
	free(f);
	if (l->count > 0)
		qsort(l->open, l->count, sizeof *l->open, compare);
}

static int publish(struct viz_net *net, const struct viz_protest *p)
{
	VIZ_WRITER(w, 1024);
	struct viz_id id;
	uint64_t slot;
	int err =
	    viz_self_publish_free_slot(net->trust, &slot, VIZ_TYPE_PROTEST, VIZ_PROTESTS_PER_DAY,
				       VIZ_PROTESTS_PER_DAY + VIZ_REPLIES_PER_DAY);

	if (err != VIZ_OK)
		return err;
	viz_protest_write(&w, p);
	err = viz_self_publish_body(net, &id, VIZ_TYPE_PROTEST, slot, &w);
	if (err == VIZ_OK)
		viz_notice_add(net->trust, VIZ_NOTICE_REPLY, &id, &p->origin, 0);
	return err;
}

/* Replies to all of them; up to VIZ_PROTEST_REPLIES of one NODE in each. */
static int reply_all(struct viz_net *net, const struct list *l)
{
	struct viz_protest p = {.kind = VIZ_PROTEST_REPLY};
	int err = VIZ_OK;

	for (size_t i = 0; i < l->count && err == VIZ_OK; i++) {
		const struct open *o = &l->open[i];

		p.origin = net->trust->self.author;
		p.node = o->node;
		p.node_time = o->node_time;
		p.partners = o->partners;
		p.reply[p.reply_count++] = (struct viz_protest_reply){o->id, o->answer};
		if (p.reply_count == VIZ_PROTEST_REPLIES || i + 1 == l->count ||
		    !same_node(o, &l->open[i + 1])) {
			err = publish(net, &p);
			p.reply_count = 0;
		}
	}
	return err;
}

void viz_lead_protest_due(struct viz_net *net, const struct viz_id *origin, uint64_t slot)
{
	struct list l = {0};

	(void)slot;
	if (!viz_identity_has_started(net->trust)) {
		if (!net->trust->self.revoked)
			viz_due_set(net->core, viz_after(viz_identity_time(net->trust), WAIT_MS),
				    VIZ_DUE_PROTEST, origin, 0);
		return;
	}
	read_all(net, &l);
	reply_all(net, &l);
	free(l.open);
	free(l.done);
}
