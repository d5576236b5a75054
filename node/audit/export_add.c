#include "node/audit/export_add.h"

#include "node/core/core.h"
#include "node/core/ids.h"
#include "node/core/place.h"
#include "node/gossip/protest.h"
#include "node/offer/view.h"
#include "node/self/statement.h"
#include "node/trust/member.h"
#include "node/trust/named.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/offer.h"
#include "proto/limits.h"
#include "proto/record.h"
#include "proto/statement.h"
#include "proto/trust.h"

void viz_export_add(struct viz_export *x, const struct viz_record *rec)
{
	for (size_t i = 0; i < x->record_count; i++)
		if (x->record[i].len == rec->len &&
		    memcmp(x->record[i].bytes, rec->bytes, rec->len) == 0)
			return;
	if (x->record_count < VIZ_EXPORT_RECORDS)
		x->record[x->record_count++] = *rec;
}

bool viz_export_add_read(struct viz_export_collection *c, struct viz_record *out,
			 const struct viz_id *author, uint8_t type, uint64_t slot)
{
	struct viz_held held;

	if (!viz_place_get(c->core, &held, out, author, type, slot))
		return false;
	if (!held.dead || !viz_id_eq(author, &c->x->accused))
		return true;
	c->dead = true;
	return (c->halves & (type == VIZ_TYPE_OFFER ? 1 : 2)) == 0 ||
	       viz_record_parse(out, held.b, held.b_len) == VIZ_OK;
}

void viz_export_add_place(struct viz_export_collection *c, const struct viz_id *author,
			  uint8_t type, uint64_t slot)
{
	struct viz_record rec;

	if (viz_export_add_read(c, &rec, author, type, slot))
		viz_export_add(c->x, &rec);
}

void viz_export_add_statement(struct viz_export_collection *c, const struct viz_id *origin,
			      uint64_t slot, uint8_t type, const struct viz_id *author,
			      uint64_t number)
{
	struct viz_record rec;
	struct viz_slice v;

	if (viz_statement_get(c->core, &v, origin, slot, type, author, number) &&
	    viz_record_parse(&rec, v.p, v.len) == VIZ_OK)
		viz_export_add(c->x, &rec);
}

void viz_export_add_named(struct viz_export_collection *c, const struct viz_id *id)
{
	struct viz_record rec;
	struct viz_slice v;

	if (viz_named_get(c->core, &rec, &c->x->accused, id) ||
	    (viz_view_evidence_get(c->core, &v, id) &&
	     viz_record_parse(&rec, v.p, v.len) == VIZ_OK))
		viz_export_add(c->x, &rec);
}

void viz_export_add_acknowledged(struct viz_export_collection *c)
{
	struct viz_coverage_ack body;
	struct viz_record ack;
	struct viz_slice v;

	for (uint64_t slot = 0; slot < VIZ_COVERAGE_SLOTS; slot++) {
		if (!viz_statement_get(c->core, &v, &c->x->accused, c->x->slot, VIZ_OFFER_ROW_ACKED,
				       &c->x->accused, slot) ||
		    viz_record_parse(&ack, v.p, v.len) != VIZ_OK ||
		    viz_coverage_ack_parse(&body, &ack) != VIZ_OK)
			continue;
		viz_export_add(c->x, &ack);
		viz_export_add_named(c, &body.coverage);
	}
}

bool viz_export_add_offer(struct viz_export_collection *c, uint64_t slot, struct viz_offer *out)
{
	struct viz_offer *o = viz_core_alloc(sizeof *o);
	struct viz_record rec;
	bool there = viz_export_add_read(c, &rec, &c->x->accused, VIZ_TYPE_OFFER, slot) &&
		     viz_offer_parse(o, &rec) == VIZ_OK;

	if (there) {
		viz_export_add(c->x, &rec);
		viz_export_add_named(c, &o->partners);
		if (out)
			*out = *o;
	}
	free(o);
	return there;
}

void viz_export_add_offering_node(struct viz_export_collection *c)
{
	struct viz_offer *o = viz_core_alloc(sizeof *o);
	size_t i = 0;

	while (i < c->x->record_count && (c->x->record[i].type != VIZ_TYPE_OFFER ||
					  !viz_id_eq(&c->x->record[i].author, &c->x->accused)))
		i++;
	if (i < c->x->record_count && viz_offer_parse(o, &c->x->record[i]) == VIZ_OK)
		viz_export_add_named(c, &o->node);
	free(o);
}

void viz_export_add_dead(struct viz_export_collection *c, uint8_t type, uint64_t slot)
{
	struct viz_held held;
	struct viz_record rec;

	if (!viz_place_get(c->core, &held, &rec, &c->x->accused, type, slot))
		return;
	viz_export_add(c->x, &rec);
	if (held.dead && viz_record_parse(&rec, held.b, held.b_len) == VIZ_OK)
		viz_export_add(c->x, &rec);
}

bool viz_export_add_author(struct viz_trust *trust, struct viz_export *x,
			   const struct viz_id *author)
{
	const struct viz_member *m = viz_member_find(trust, author);
	struct viz_node_body *body;
	struct viz_record node;
	struct viz_held held;
	bool there = false;

	for (size_t i = 0; i < x->author_count; i++)
		if (viz_id_eq(&x->author[i], author))
			return true;
	if (!m || x->author_count == VIZ_EXPORT_AUTHORS ||
	    !viz_place_get(trust->core, &held, &node, author, VIZ_TYPE_NODE, 0))
		return false;
	body = viz_core_alloc(sizeof *body);
	if (viz_node_body_parse(body, &node) == VIZ_OK) {
		struct viz_birth *b = &x->birth[x->author_count];

		b->first_key = body->first_key;
		b->next_hash = body->next_hash;
		memcpy(b->nonce, body->nonce, sizeof b->nonce);
		x->author[x->author_count++] = *author;
		there = true;
	}
	free(body);
	for (uint64_t n = 1; there && n < m->key_count; n++)
		if (viz_place_get(trust->core, &held, &node, author, VIZ_TYPE_SUCCESSION, n) &&
		    !held.dead)
			viz_export_add(x, &node);
	return there;
}

static void add_reply(struct viz_trust *trust, struct viz_export *x, const struct viz_record *rec)
{
	if (x->reply_count < VIZ_EXPORT_REPLIES && viz_export_add_author(trust, x, &rec->author))
		x->reply[x->reply_count++] = *rec;
}

/* Whether the record answers a PROTEST that is attached. */
static bool answers(const struct viz_id *federation, const struct viz_export *x,
		    const struct viz_protest *p)
{
	for (size_t i = 0; i < x->reply_count; i++) {
		struct viz_id id;

		viz_ids_record(&id, federation, &x->reply[i]);
		for (size_t k = 0; k < p->reply_count; k++)
			if (viz_id_eq(&p->reply[k].protest, &id))
				return true;
	}
	return false;
}

void viz_export_add_replies(struct viz_trust *trust, struct viz_export *x, uint64_t offer_slot)
{
	struct viz_gossip_protest_found *f = viz_core_alloc(sizeof *f);
	const struct viz_id *accused = &x->accused;
	struct viz_gossip_protest_walk walk;

	for (unsigned turn = 0; turn < 2 && x->has_offer; turn++) {
		viz_gossip_protest_walk_init(&walk, trust->core, accused,
					     viz_record_slot_day(offer_slot));
		while (viz_gossip_protest_walk_next(&walk, f)) {
			struct viz_id offer = viz_protest_offer(&f->body);

			if (f->dead ||
			    (turn == 0 ? !f->body.has_offer || !viz_id_eq(&offer, &x->offer)
				       : !viz_id_eq(&f->rec.author, accused) ||
					     !answers(&trust->core->federation_id, x, &f->body)))
				continue;
			add_reply(trust, x, &f->rec);
		}
	}
	free(f);
}
