#include "node/gossip/strata.h"

#include "node/core/core.h"
#include "node/core/ids.h"
#include "node/core/place.h"
#include "node/link/link.h"
#include "node/trust/author.h"
#include "node/trust/member.h"
#include "node/trust/named.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/federation.h"
#include "proto/fields.h"
#include "proto/limits.h"
#include "proto/offer.h"
#include "proto/protest.h"
#include "proto/reader.h"
#include "proto/record.h"
#include "proto/writer.h"
#include "store/store.h"
#include "store/tables.h"

/* A row of VIZ_TABLE_OFFER. */
struct offer_row {
	struct viz_id origin;
	uint64_t slot;
};

#define OFFER_ROW(F)                                                                               \
	F(ID, origin)                                                                              \
	F(UINT, slot, 0, UINT64_MAX >> 16)

static int circle_of_offer(struct viz_circle *circle, const struct viz_record *rec)
{
	struct viz_offer o;
	int err = viz_offer_parse(&o, rec);

	if (err == VIZ_OK)
		*circle = (struct viz_circle){rec->author, o.node_time, o.partners};
	return err;
}

static int circle_of_protest(struct viz_circle *circle, const struct viz_record *rec)
{
	struct viz_protest p;
	int err = viz_protest_parse(&p, rec);

	if (err == VIZ_OK)
		*circle = (struct viz_circle){p.origin, p.node_time, p.partners};
	return err;
}

int viz_strata_circle(struct viz_core *core, struct viz_circle *circle, struct viz_id *offer,
		      const struct viz_record *rec)
{
	struct viz_record of;
	struct viz_held held;
	struct viz_id id;
	int err;

	*offer = (struct viz_id){{0}};
	if (rec->type == VIZ_TYPE_OFFER)
		return circle_of_offer(circle, rec);
	if (rec->type == VIZ_TYPE_PROTEST)
		return circle_of_protest(circle, rec);
	err = viz_offer_named(offer, rec);
	if (err != VIZ_OK)
		return err;
	if (!viz_place_get(core, &held, &of, &rec->author, VIZ_TYPE_OFFER,
			   viz_record_slot_offer(rec->slot)))
		return VIZ_ERR_ABSENT;
	/* the two halves of a dead place may have different circles: the named one's counts */
	if (held.dead) {
		viz_ids_record(&id, &core->federation_id, &of);
		if (!viz_id_eq(&id, offer))
			VIZ_REQUIRE(viz_record_parse(&of, held.b, held.b_len) == VIZ_OK);
	}
	return circle_of_offer(circle, &of);
}

/* Whether we have the PARTNERS that the newest NODE of `m` names, or a newer one. */
static bool has_partners(const struct viz_member *m)
{
	return m->has_node && m->has_partners &&
	       (viz_id_eq(&m->partners_id, &m->node.partners) ||
		m->partners_time.ms > m->node_time.ms);
}

bool viz_strata_may_send(struct viz_trust *trust, const struct viz_link *link,
			 const struct viz_record *rec)
{
	const struct viz_member *m;
	struct viz_circle circle;
	struct viz_id offer;

	if (!viz_record_is_write_once(rec->type))
		return true;
	m = viz_member_find(trust, &link->peer);
	if (link->guest || !m || !m->member || viz_author_revoked(m) ||
	    viz_strata_circle(trust->core, &circle, &offer, rec) != VIZ_OK)
		return false;
	if (viz_id_eq(&link->peer, &circle.origin))
		return true;
	return has_partners(m) && viz_circle_has(trust, &circle, &link->peer) == VIZ_CIRCLE_IN;
}

bool viz_strata_in_newest(struct viz_trust *trust, const struct viz_id *origin,
			  const struct viz_id *who)
{
	const struct viz_member *m = viz_member_find(trust, origin);
	struct viz_circle circle = {.origin = *origin};

	if (!m || !m->has_node || viz_author_revoked(m))
		return false;
	circle.at = m->node_time;
	circle.partners = m->node.partners;
	return viz_circle_has(trust, &circle, who) == VIZ_CIRCLE_IN;
}

bool viz_strata_shared(struct viz_trust *trust, const struct viz_id *origin,
		       const struct viz_link *link)
{
	return !link->guest && viz_strata_in_newest(trust, origin, &trust->self.author) &&
	       viz_strata_in_newest(trust, origin, &link->peer);
}

bool viz_strata_is_late(struct viz_core *core, uint64_t slot)
{
	return (int64_t)(slot >> 32) + VIZ_OFFER_DAYS_LATE < core->now.ms / VIZ_DAY_MS;
}

void viz_strata_held(struct viz_core *core, const struct viz_record *rec, const struct viz_id *id)
{
	struct offer_row row = {rec->author, rec->slot};
	struct viz_offer o;
	VIZ_WRITER(w, 64);

	VIZ_REQUIRE(viz_offer_parse(&o, rec) == VIZ_OK);
	VIZ_FIELDS_WRITE(&w, &row, OFFER_ROW);
	viz_core_put_row(core, VIZ_TABLE_OFFER, id->b, sizeof id->b, &w);
	viz_named_renew(core, &rec->author, &o.node);
	viz_named_renew(core, &rec->author, &o.partners);
	/* when that is an old one, the one in its place shows it */
	viz_named_keep(core, &rec->author, VIZ_TYPE_PARTNERS);
}

static struct offer_row read_row(const struct viz_slice *value)
{
	struct offer_row row;

	VIZ_REQUIRE(VIZ_FIELDS_PARSE(&row, value->p, value->len, OFFER_ROW) == VIZ_OK);
	return row;
}

bool viz_strata_find(struct viz_core *core, struct viz_id *origin, uint64_t *slot,
		     const struct viz_id *offer)
{
	struct offer_row row;
	struct viz_slice v;

	if (!viz_core_get(core, &v, VIZ_TABLE_OFFER, offer->b, sizeof offer->b))
		return false;
	row = read_row(&v);
	*origin = row.origin;
	*slot = row.slot;
	return true;
}

void viz_strata_gone(struct viz_core *core, const struct viz_id *offer)
{
	viz_core_del(core, VIZ_TABLE_OFFER, offer->b, sizeof offer->b);
}

bool viz_strata_over(struct viz_core *core, const struct viz_slice *value)
{
	uint64_t slot = read_row(value).slot;

	return viz_record_write_once_expires(viz_record_slot_begins(slot),
					     core->federation.write_once_ms)
		   .ms <= core->now.ms;
}
