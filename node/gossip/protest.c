#include "node/gossip/protest.h"

#include "node/core/core.h"
#include "node/core/ids.h"
#include "node/core/place.h"
#include "node/gossip/strata.h"
#include "node/link/net.h"
#include "node/trust/named.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/federation.h"
#include "proto/fields.h"
#include "proto/limits.h"
#include "proto/offer.h"
#include "proto/reader.h"
#include "proto/trust.h"
#include "proto/writer.h"
#include "store/meta.h"
#include "store/tables.h"

#define KEY_LEN 72

/* A row of VIZ_TABLE_PROTEST. */
struct row {
	struct viz_id id;
	bool has_other;
	uint8_t other[32];
};

#define ROW(F)                                                                                     \
	F(ID, id)                                                                                  \
	F(OPTIONAL_BYTES, has_other, other)

static void row_key(uint8_t key[KEY_LEN], const struct viz_id *origin, uint64_t slot,
		    const struct viz_id *author)
{
	viz_id_slot_key(key, origin, slot);
	memcpy(key + VIZ_ID_SLOT_LEN, author->b, sizeof author->b);
}

bool viz_gossip_protest_offer(struct viz_core *core, struct viz_record *offer,
			      const struct viz_protest *p)
{
	struct viz_id wanted = viz_protest_offer(p), origin, id;
	struct viz_record pledge;
	struct viz_held held;
	uint64_t slot;

	if (!p->has_offer || !viz_strata_find(core, &origin, &slot, &wanted) ||
	    !viz_id_eq(&origin, &p->origin) ||
	    (p->has_pledge && (viz_protest_pledge(&pledge, p) != VIZ_OK || pledge.slot != slot)) ||
	    !viz_place_get(core, &held, offer, &origin, VIZ_TYPE_OFFER, slot))
		return false;
	viz_ids_record(&id, &core->federation_id, offer);
	if (held.dead && !viz_id_eq(&id, &wanted)) {
		VIZ_REQUIRE(viz_record_parse(offer, held.b, held.b_len) == VIZ_OK);
		viz_ids_record(&id, &core->federation_id, offer);
	}
	return viz_id_eq(&id, &wanted);
}

static bool names(const struct viz_protest *p, const struct viz_id *node, struct viz_time time,
		  const struct viz_id *partners)
{
	return viz_id_eq(&p->node, node) && p->node_time.ms == time.ms &&
	       viz_id_eq(&p->partners, partners);
}

/* Whether it names a NODE of the origin as that says, as far as we hold it. */
static bool fits_node(struct viz_core *core, const struct viz_protest *p)
{
	struct viz_record rec;
	struct viz_node_body b;

	return !viz_named_get(core, &rec, &p->origin, &p->node) ||
	       (rec.type == VIZ_TYPE_NODE && viz_node_body_parse(&b, &rec) == VIZ_OK &&
		names(p, &p->node, rec.time, &b.partners));
}

/* Whether it names the same circle as its OFFER. An OFFER that is not held may still come, but the
 * origin holds each one that it has made. */
static bool fits_offer(struct viz_trust *trust, const struct viz_protest *p)
{
	struct viz_record rec;
	struct viz_offer o;

	if (!p->has_offer)
		return true;
	if (!viz_gossip_protest_offer(trust->core, &rec, p))
		return !viz_id_eq(&p->origin, &trust->self.author);
	return viz_offer_parse(&o, &rec) == VIZ_OK && names(p, &o.node, o.node_time, &o.partners);
}

static uint64_t charged(struct viz_core *core, const struct viz_id *author)
{
	uint8_t key[VIZ_META_ID_LEN];
	struct viz_slice v;

	viz_meta_id_key(key, VIZ_META_PROTESTS, author);
	return viz_core_get(core, &v, VIZ_TABLE_META, key, sizeof key) && v.len == 8
		   ? viz_be_get_u64(v.p)
		   : 0;
}

/* Replies are not charged here: they have their own slots, and are the origin's. */
static bool is_charged(const struct viz_record *rec)
{
	return viz_record_slot_number(rec->slot) < VIZ_PROTESTS_PER_DAY;
}

static void charge(struct viz_core *core, const struct viz_record *rec, bool more)
{
	uint8_t key[VIZ_META_ID_LEN], value[8];
	uint64_t bytes = charged(core, &rec->author), len = rec->len + sizeof rec->sig.b;

	if (!is_charged(rec))
		return;
	bytes = more ? bytes + len : bytes > len ? bytes - len : 0;
	viz_meta_id_key(key, VIZ_META_PROTESTS, &rec->author);
	viz_be_put_u64(value, bytes);
	if (bytes != 0)
		viz_core_put(core, VIZ_TABLE_META, key, sizeof key, value, sizeof value);
	else
		viz_core_del(core, VIZ_TABLE_META, key, sizeof key);
}

enum viz_circle_answer viz_gossip_protest_takes(struct viz_trust *trust,
						const struct viz_record *rec)
{
	struct viz_circle circle;
	struct viz_protest p;
	enum viz_circle_answer author;

	/* a body that is malformed is refused behind its signature */
	if (viz_protest_parse(&p, rec) != VIZ_OK)
		return VIZ_CIRCLE_IN;
	circle = (struct viz_circle){p.origin, p.node_time, p.partners};
	author = viz_circle_has(trust, &circle, &rec->author);
	if (author != VIZ_CIRCLE_IN)
		return author;
	if (!fits_node(trust->core, &p) || !fits_offer(trust, &p))
		return VIZ_CIRCLE_OUT;
	return !is_charged(rec) ||
		       charged(trust->core, &rec->author) + rec->len + sizeof rec->sig.b <=
			   VIZ_PROTEST_SHARE
		   ? VIZ_CIRCLE_IN
		   : VIZ_CIRCLE_OUT;
}

static bool get_row(struct viz_core *core, struct row *row, const uint8_t key[KEY_LEN])
{
	struct viz_slice v;

	if (!viz_core_get(core, &v, VIZ_TABLE_PROTEST, key, KEY_LEN))
		return false;
	VIZ_REQUIRE(VIZ_FIELDS_PARSE(row, v.p, v.len, ROW) == VIZ_OK);
	return true;
}

void viz_gossip_protest_held(struct viz_net *net, const struct viz_record *rec)
{
	uint8_t key[KEY_LEN];
	struct viz_protest p;
	struct row row = {0}, old;
	VIZ_WRITER(w, 96);

	VIZ_REQUIRE(viz_protest_parse(&p, rec) == VIZ_OK);
	viz_ids_record(&row.id, &net->core->federation_id, rec);
	row_key(key, &p.origin, rec->slot, &rec->author);
	if (get_row(net->core, &old, key)) {
		row.has_other = true;
		memcpy(row.other, old.id.b, sizeof row.other);
	}
	VIZ_FIELDS_WRITE(&w, &row, ROW);
	viz_core_put_row(net->core, VIZ_TABLE_PROTEST, key, sizeof key, &w);
	charge(net->core, rec, true);
	viz_named_renew(net->core, &p.origin, &p.node);
	viz_named_renew(net->core, &p.origin, &p.partners);
}

/* Takes one half, or all, of a place out of the index. */
static void drop(struct viz_core *core, const uint8_t *bytes, size_t len)
{
	uint8_t key[KEY_LEN];
	struct viz_protest p;
	struct viz_record rec;

	VIZ_REQUIRE(viz_record_parse(&rec, bytes, len) == VIZ_OK &&
		    viz_protest_parse(&p, &rec) == VIZ_OK);
	row_key(key, &p.origin, rec.slot, &rec.author);
	viz_core_del(core, VIZ_TABLE_PROTEST, key, sizeof key);
	charge(core, &rec, false);
}

void viz_gossip_protest_gone(struct viz_net *net, const struct viz_record *rec)
{
	uint8_t copy[2][1024 + 64];
	struct viz_held held;
	size_t a_len, b_len;

	if (rec->expires.ms > net->core->now.ms) {
		viz_gossip_protest_held(net, rec); /* the second half of a dead place */
		return;
	}
	if (!viz_place_get(net->core, &held, NULL, &rec->author, rec->type, rec->slot))
		return;
	a_len = held.a_len;
	b_len = held.b_len;
	memcpy(copy[0], held.a, a_len);
	if (held.b)
		memcpy(copy[1], held.b, b_len);
	drop(net->core, copy[0], a_len);
	if (b_len > 0)
		drop(net->core, copy[1], b_len);
}

size_t viz_gossip_protest_count(struct viz_core *core, const struct viz_id *origin, uint64_t day)
{
	uint8_t prefix[VIZ_ID_SLOT_LEN];
	struct viz_slice key, value;
	struct viz_walk walk;
	size_t n = 0;

	viz_id_slot_key(prefix, origin, day << 32);
	viz_walk_init(&walk, core->store, VIZ_TABLE_PROTEST, prefix,
		      sizeof prefix - VIZ_SLOT_IN_DAY_LEN);
	while (viz_walk_next(&walk, &key, &value))
		n++;
	return n;
}

void viz_gossip_protest_walk_init(struct viz_gossip_protest_walk *walk, struct viz_core *core,
				  const struct viz_id *origin, uint64_t day)
{
	uint8_t from[VIZ_ID_SLOT_LEN];

	*walk = (struct viz_gossip_protest_walk){.core = core};
	viz_id_slot_key(from, origin, day << 32);
	viz_walk_init(&walk->rows, core->store, VIZ_TABLE_PROTEST, origin->b, sizeof origin->b);
	viz_walk_from(&walk->rows, from, sizeof from);
}

void viz_gossip_protest_walk_day(struct viz_gossip_protest_walk *walk, struct viz_core *core,
				 const struct viz_id *origin, uint64_t day)
{
	uint8_t prefix[VIZ_ID_SLOT_LEN];

	*walk = (struct viz_gossip_protest_walk){.core = core};
	viz_id_slot_key(prefix, origin, day << 32);
	viz_walk_init(&walk->rows, core->store, VIZ_TABLE_PROTEST, prefix,
		      sizeof prefix - VIZ_SLOT_IN_DAY_LEN);
}

/* Reads the half of the place that has this id. */
static bool read_half(struct viz_core *core, struct viz_gossip_protest_found *out,
		      const struct viz_id *author, uint64_t slot, const struct viz_id *id)
{
	struct viz_held held;

	if (!viz_place_get(core, &held, NULL, author, VIZ_TYPE_PROTEST, slot))
		return false;
	for (int i = 0; i < 2; i++) {
		out->bytes = i == 0 ? held.a : held.b;
		out->len = i == 0 ? held.a_len : held.b_len;
		out->dead = held.dead;
		if (!out->bytes)
			return false;
		VIZ_REQUIRE(viz_record_parse(&out->rec, out->bytes, out->len) == VIZ_OK &&
			    viz_protest_parse(&out->body, &out->rec) == VIZ_OK);
		viz_ids_record(&out->id, &core->federation_id, &out->rec);
		if (viz_id_eq(&out->id, id))
			return true;
	}
	return false;
}

bool viz_gossip_protest_walk_next(struct viz_gossip_protest_walk *walk,
				  struct viz_gossip_protest_found *out)
{
	struct viz_slice key, value;
	struct viz_id id;
	struct row row;

	for (;;) {
		id = walk->other;
		walk->other = (struct viz_id){{0}};
		if (viz_id_is_zero(&id)) {
			if (!viz_walk_next(&walk->rows, &key, &value))
				return false;
			VIZ_REQUIRE(VIZ_FIELDS_PARSE(&row, value.p, value.len, ROW) == VIZ_OK);
			id = row.id;
			walk->slot = viz_be_get_u64(key.p + 32);
			memcpy(walk->author.b, key.p + VIZ_ID_SLOT_LEN, sizeof walk->author.b);
			if (row.has_other)
				memcpy(walk->other.b, row.other, sizeof row.other);
		}
		if (read_half(walk->core, out, &walk->author, walk->slot, &id))
			return true;
	}
}
