/* I2: what a node has acknowledged to a peer or to its operator is on disk. The check looks for
 * it after every start and at the end. */
#include "node/core/core.h"
#include "node/core/event.h"
#include "node/core/ids.h"
#include "node/core/place.h"
#include "node/inbox/inbox.h"
#include "node/lead/lead.h"
#include "node/self/statement.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/mail.h"
#include "proto/message.h"
#include "proto/reader.h"
#include "proto/record.h"
#include "proto/statement.h"
#include "store/store.h"
#include "tests/sim/check.h"

enum promise_kind {
	KEPT_LEAD,      /* a lead whose award is at least `n`; it may be revoked */
	KEPT_PLEDGE,    /* the origin's PLEDGE_ACK: the pledge is in its list */
	KEPT_REVEAL,    /* the origin's REVEAL_ACK */
	KEPT_HANDOFF,   /* the holder's HANDOFF_ACK of award n: the holder accepted and keeps it */
	KEPT_CONTACTED, /* the holder's CONTACTED */
	KEPT_ERASED,    /* the holder's ERASED */
	KEPT_PLEDGED,   /* the PLEDGE that was sent; there is one, also after a crash */
};

struct promise {
	enum promise_kind kind;
	unsigned node;
	uint64_t slot;
	struct viz_id origin; /* at the origin: the partner */
	struct viz_id about;
	uint64_t n;
	bool revoked;
};

struct sim_promises {
	struct promise *list;
	size_t count, capacity;
};

struct sim_promises *sim_promises_new(void)
{
	struct sim_promises *p = calloc(1, sizeof *p);

	VIZ_REQUIRE(p);
	return p;
}

void sim_promises_free(struct sim_promises *p)
{
	free(p->list);
	free(p);
}

static void add(struct sim_world *w, const struct promise *p)
{
	struct sim_promises *all = w->checks->promises;

	all->list = sim_more(all->list, all->count, &all->capacity, sizeof *all->list);
	all->list[all->count++] = *p;
}

void sim_promise_lead(struct sim_world *w, struct sim_machine *m, uint64_t slot, unsigned award_n,
		      bool revoked)
{
	add(w, &(struct promise){.kind = KEPT_LEAD,
				 .node = m->index,
				 .slot = slot,
				 .n = award_n,
				 .revoked = revoked});
}

void sim_promise_contacted(struct sim_world *w, struct sim_machine *m, const struct viz_id *origin,
			   uint64_t slot)
{
	add(w, &(struct promise){
		   .kind = KEPT_CONTACTED, .node = m->index, .slot = slot, .origin = *origin});
}

static void statement(struct sim_world *w, struct sim_machine *m, const struct sim_machine *to,
		      const struct viz_record *rec)
{
	struct promise p = {.node = m->index, .slot = rec->slot, .origin = to->author};
	struct viz_offer_ack ack;
	struct viz_handoff_ack note;
	struct viz_reader r;

	viz_reader_init(&r, rec->body, rec->body_len);
	switch (rec->type) {
	case VIZ_TYPE_PLEDGE_ACK:
	case VIZ_TYPE_REVEAL_ACK:
		viz_offer_ack_read(&r, &ack);
		p.kind = rec->type == VIZ_TYPE_PLEDGE_ACK ? KEPT_PLEDGE : KEPT_REVEAL;
		p.about = ack.pledge;
		add(w, &p);
		break;
	case VIZ_TYPE_HANDOFF_ACK:
		viz_handoff_ack_read(&r, &note);
		p.kind = KEPT_HANDOFF;
		p.n = rec->seq;
		if (note.accepted)
			add(w, &p);
		break;
	case VIZ_TYPE_ERASED:
		p.kind = KEPT_ERASED;
		p.n = rec->seq;
		add(w, &p);
		sim_secrets_reported(w, m);
		break;
	default:
		break;
	}
}

static void pledged(struct sim_world *w, struct sim_machine *m, const struct sim_machine *to,
		    struct viz_reader *r)
{
	struct promise p = {.kind = KEPT_PLEDGED, .node = m->index, .origin = to->author};
	struct viz_mail_pledge mail;
	struct viz_record rec;

	viz_mail_pledge_read(r, &mail);
	if (viz_record_parse(&rec, mail.pledge, sizeof mail.pledge) != VIZ_OK)
		return;
	p.slot = rec.slot;
	viz_ids_record(&p.about, &m->node->core.federation_id, &rec);
	add(w, &p);
}

void sim_promises_effect(struct sim_world *w, struct sim_machine *m, const struct viz_effect *fx)
{
	struct viz_record rec;
	struct viz_reader r;
	const uint8_t *bytes;
	uint64_t kind;
	size_t len;

	if (fx->kind != VIZ_EFFECT_SEND)
		return;
	viz_reader_init(&r, fx->bytes + 2, viz_be_get_u16(fx->bytes));
	viz_reader_array(&r, 1, 8);
	if (viz_reader_uint(&r, UINT8_MAX) != VIZ_MESSAGE_MAIL)
		return;
	viz_reader_uint(&r, INT64_MAX);
	kind = viz_reader_uint(&r, UINT8_MAX);
	if (kind == VIZ_MAIL_PLEDGE)
		pledged(w, m, sim_net_peer(w, fx->link), &r);
	if (kind != VIZ_MAIL_STATEMENT)
		return;
	viz_reader_tuple(&r, 1);
	bytes = viz_reader_bin(&r, &len, 65, VIZ_SIGNED_RECORD_MAX);
	if (bytes && viz_record_parse(&rec, bytes, len) == VIZ_OK)
		statement(w, m, sim_net_peer(w, fx->link), &rec);
}

static bool lead_kept(struct sim_machine *m, const struct promise *p, struct viz_lead *lead)
{
	const struct viz_lead_peer *peer;

	if (!viz_lead_get(&m->node->core, lead, p->slot))
		return false;
	peer = viz_lead_find_peer(lead, &p->origin);
	switch (p->kind) {
	case KEPT_LEAD:
		return lead->award_n >= p->n && (!p->revoked || lead->revoked);
	case KEPT_PLEDGE:
		return peer && peer->answered && viz_id_eq(&peer->pledge, &p->about);
	case KEPT_REVEAL:
		return peer && peer->revealed;
	case KEPT_HANDOFF:
	case KEPT_CONTACTED:
	case KEPT_ERASED:
	case KEPT_PLEDGED:
		break;
	}
	return false;
}

/* Whether the promise needs no row: the WITHDRAWAL that it answered came before its OFFER, which
 * never came, and such a row ends after undelivered_ms (node/inbox/tombstone.h). The statement
 * stays. */
static bool was_tombstone(struct sim_machine *m, const struct promise *p)
{
	struct viz_held held;

	return p->kind == KEPT_ERASED &&
	       !viz_place_get(&m->node->core, &held, NULL, &p->origin, VIZ_TYPE_OFFER, p->slot);
}

static bool inbox_kept(struct sim_machine *m, const struct promise *p, struct viz_inbox *in)
{
	struct viz_slice v;

	if (!viz_inbox_get(&m->node->core, in, &p->origin, p->slot) && !was_tombstone(m, p))
		return false;
	if (p->kind == KEPT_PLEDGED)
		return viz_id_eq(&in->pledge, &p->about);
	if (p->kind == KEPT_HANDOFF)
		return in->award_n >= p->n;
	if (p->kind == KEPT_CONTACTED)
		return viz_statement_get(&m->node->core, &v, &p->origin, p->slot,
					 VIZ_TYPE_CONTACTED, &m->author, in->award_n) ||
		       in->contacted_at.ms == 0; /* a newer award has started from the beginning */
	return viz_statement_get(&m->node->core, &v, &p->origin, p->slot, VIZ_TYPE_ERASED,
				 &m->author, p->n);
}

void sim_promises_check(struct sim_world *w, struct sim_machine *m)
{
	static const char *const names[] = {
	    "a lead", "a pledge in the list", "a reveal", "a hand-off",
	    "a call", "an erasure",           "a pledge"};
	const struct sim_promises *all = w->checks->promises;
	struct viz_inbox *in = viz_core_alloc(sizeof *in);
	struct viz_lead *lead = viz_core_alloc(sizeof *lead);

	VIZ_REQUIRE(viz_store_begin(m->store) == VIZ_OK);
	for (size_t i = 0; i < all->count; i++) {
		const struct promise *p = &all->list[i];

		if (p->node != m->index || m->rolled)
			continue;
		if (!(p->kind <= KEPT_REVEAL ? lead_kept(m, p, lead) : inbox_kept(m, p, in)))
			sim_fail(w, "I2", m, "%s was acknowledged, and is not there (slot %llx)",
				 names[p->kind], (unsigned long long)p->slot);
	}
	viz_store_abort(m->store);
	free(in);
	free(lead);
}
