#include "node/inbox/offer.h"

#include "node/core/core.h"
#include "node/core/due.h"
#include "node/core/ids.h"
#include "node/core/place.h"
#include "node/gossip/strata.h"
#include "node/inbox/holding.h"
#include "node/inbox/inbox.h"
#include "node/inbox/location.h"
#include "node/inbox/pledge.h"
#include "node/inbox/protest.h"
#include "node/inbox/tombstone.h"
#include "node/link/mail.h"
#include "node/link/net.h"
#include "node/trust/circle.h"
#include "node/trust/live.h"
#include "node/trust/member.h"
#include "node/trust/named.h"
#include "node/trust/notice.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/offer.h"
#include "proto/limits.h"
#include "proto/record.h"
#include "store/store.h"
#include "store/tables.h"

/* Whether we are asked: our entry of the origin's PARTNERS stands in the list. */
static bool asks_us(struct viz_trust *trust, const struct viz_inbox *in, const struct viz_offer *o)
{
	struct viz_circle circle = {in->origin, o->drawn, o->partners};
	uint8_t index;

	return viz_circle_index(trust->core, &index, &circle, &trust->self.author, o->drawn) &&
	       viz_offer_asks(o, index);
}

/* Asks for the view, and for the location when we are asked. Writes the row. */
static void begin(struct viz_net *net, struct viz_inbox *in, const struct viz_offer *o)
{
	in->state = asks_us(net->trust, in, o) ? VIZ_INBOX_LISTED : VIZ_INBOX_BYSTANDER;
	/* an older offer has closed, and its CLOSE comes with the same repair */
	if (in->state == VIZ_INBOX_LISTED && viz_inbox_pledge_wanted(in) &&
	    in->closes.ms + VIZ_DAY_MS > net->core->now.ms) {
		viz_inbox_location_ask(net, in);
		viz_notice_add(net->trust, VIZ_NOTICE_ASKED, NULL, &in->origin, in->slot);
		viz_due_set(net->core, viz_inbox_answer_by(in), VIZ_DUE_INBOX, &in->origin,
			    in->slot);
	}
	viz_due_set(net->core, net->core->now, VIZ_DUE_VIEW, &in->origin, in->slot);
	viz_inbox_put(net->core, in);
}

static void next_key(uint8_t out[VIZ_STATEMENT_KEY_LEN], const struct viz_id *origin,
		     const struct viz_id *offer, uint64_t log)
{
	viz_place_statement_key(out, origin, 0, VIZ_OFFER_ROW_NEXT, offer, log);
}

bool viz_inbox_offer_next(struct viz_core *core, uint64_t *slot, const struct viz_id *origin,
			  const struct viz_id *offer, uint64_t log)
{
	uint8_t key[VIZ_STATEMENT_KEY_LEN];
	struct viz_slice v;

	next_key(key, origin, offer, log);
	if (!viz_core_get(core, &v, VIZ_TABLE_STATEMENT, key, sizeof key) || v.len != 8)
		return false;
	*slot = viz_be_get_u64(v.p);
	return true;
}

/* Which OFFER names another one as previous, whichever of the two comes first. */
static void note_previous(struct viz_core *core, const struct viz_record *rec,
			  const struct viz_offer *o)
{
	uint8_t key[VIZ_STATEMENT_KEY_LEN], next[8];
	uint64_t slot;

	if (viz_inbox_offer_next(core, &slot, &rec->author, &o->previous, o->at.log) &&
	    slot <= rec->slot)
		return;
	next_key(key, &rec->author, &o->previous, o->at.log);
	viz_be_put_u64(next, rec->slot);
	viz_core_put(core, VIZ_TABLE_STATEMENT, key, sizeof key, next, sizeof next);
}

/* The slot of the OFFER that this one names as previous. False: it names none of its own log that
 * is held. */
static bool find_previous(struct viz_core *core, uint64_t *slot, const struct viz_record *rec,
			  const struct viz_offer *o)
{
	struct viz_position at;
	struct viz_record before;
	struct viz_held held;
	struct viz_id origin;

	return viz_strata_find(core, &origin, slot, &o->previous) &&
	       viz_id_eq(&origin, &rec->author) &&
	       viz_place_get(core, &held, &before, &origin, VIZ_TYPE_OFFER, *slot) &&
	       viz_position_parse(&at, &before) == VIZ_OK && at.log == o->at.log;
}

/* The customer has a new offer: the one before it is over, and we show its contact no more. */
static void end_previous(struct viz_net *net, const struct viz_record *rec,
			 const struct viz_offer *o)
{
	struct viz_inbox *in;
	uint64_t slot;

	if (!o->has_previous)
		return;
	note_previous(net->core, rec, o);
	if (!find_previous(net->core, &slot, rec, o))
		return;
	in = viz_inbox_fetch(net->core, &rec->author, slot);
	if (in && viz_id_eq(&in->offer, &o->previous)) {
		viz_inbox_holding_end(net, in, VIZ_AWARDS_MAX, false);
		viz_inbox_put(net->core, in);
	}
	free(in);
}

/* The row of the OFFER, not written yet; the caller frees it. */
static struct viz_inbox *make_row(struct viz_core *core, const struct viz_record *rec,
				  const struct viz_id *id, const struct viz_offer *o)
{
	struct viz_inbox *in = viz_core_alloc(sizeof *in);

	/* a WITHDRAWAL may have come before the OFFER: its row stays */
	if (!viz_inbox_get(core, in, &rec->author, rec->slot)) {
		memset(in, 0, sizeof *in);
		in->origin = rec->author;
		in->slot = rec->slot;
		in->state = VIZ_INBOX_UNKNOWN;
	} else if (in->time.ms == 0) {
		viz_inbox_tombstone_end(core, &rec->author, rec->slot);
	}
	in->offer = *id;
	in->time = rec->time;
	in->closes = o->closes;
	in->drawn = o->drawn;
	in->came = core->now;
	in->view = o->view;
	in->partners = o->partners;
	/* when it names an older NODE, the one in its place shows it */
	viz_named_keep(core, &rec->author, VIZ_TYPE_NODE);
	return in;
}

/* An OFFER that is nothing to us but has a row. */
static void put_bystander(struct viz_core *core, const struct viz_record *rec,
			  const struct viz_id *id, const struct viz_offer *o)
{
	struct viz_inbox *in = make_row(core, rec, id, o);

	if (in->state == VIZ_INBOX_UNKNOWN)
		in->state = VIZ_INBOX_BYSTANDER;
	viz_inbox_put(core, in);
	free(in);
}

static bool is_tombstone(struct viz_core *core, const struct viz_record *rec)
{
	struct viz_inbox *in = viz_inbox_fetch(core, &rec->author, rec->slot);
	bool is = in && in->time.ms == 0;

	free(in);
	return is;
}

bool viz_inbox_offer_held(struct viz_core *core, const struct viz_id *origin, uint64_t slot)
{
	struct viz_held held;
	struct viz_record rec;
	struct viz_offer o;
	struct viz_id id;

	if (!viz_place_get(core, &held, &rec, origin, VIZ_TYPE_OFFER, slot))
		return false;
	VIZ_REQUIRE(viz_offer_parse(&o, &rec) == VIZ_OK);
	viz_ids_record(&id, &core->federation_id, &rec);
	put_bystander(core, &rec, &id, &o);
	return true;
}

void viz_inbox_offer(struct viz_net *net, const struct viz_record *rec, const struct viz_id *id)
{
	const struct viz_member *m = viz_member_find(net->trust, &rec->author);
	struct viz_inbox *in;
	struct viz_offer o;
	uint64_t next;

	if (viz_id_eq(&rec->author, &net->trust->self.author))
		return;
	VIZ_REQUIRE(viz_offer_parse(&o, rec) == VIZ_OK);
	end_previous(net, rec, &o);
	/* the origin has judged at the OFFER's time whether we are partners, so we do too */
	if (!m || !m->member || !viz_live_mutual(net->trust, m, rec->time)) {
		if (is_tombstone(net->core, rec))
			put_bystander(net->core, rec, id, &o);
		return;
	}
	in = make_row(net->core, rec, id, &o);
	viz_inbox_protest_came(net->trust, in);
	if (viz_inbox_offer_next(net->core, &next, &rec->author, id, o.at.log))
		viz_inbox_holding_end(net, in, VIZ_AWARDS_MAX, false);
	if (in->withdrawn)
		viz_inbox_put(net->core, in);
	else
		begin(net, in, &o);
	free(in);
}

void viz_inbox_offer_ended(struct viz_trust *trust, const struct viz_record *rec,
			   const struct viz_id *id)
{
	struct viz_offer o;
	uint64_t slot;

	if (viz_id_eq(&rec->author, &trust->self.author))
		return;
	VIZ_REQUIRE(viz_offer_parse(&o, rec) == VIZ_OK);
	/* one that is not held yet is not ended by what a thief may have signed */
	if (o.has_previous && find_previous(trust->core, &slot, rec, &o))
		note_previous(trust->core, rec, &o);
	put_bystander(trust->core, rec, id, &o);
	viz_due_set(trust->core, trust->core->now, VIZ_DUE_VIEW, &rec->author, rec->slot);
}
