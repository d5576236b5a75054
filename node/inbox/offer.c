#include "node/inbox/offer.h"

#include "crypto/secret.h"
#include "node/core/core.h"
#include "node/core/due.h"
#include "node/core/ids.h"
#include "node/core/place.h"
#include "node/gossip/intake.h"
#include "node/inbox/inbox.h"
#include "node/inbox/pledge.h"
#include "node/link/mail.h"
#include "node/link/net.h"
#include "node/offer/circle.h"
#include "node/offer/commitment.h"
#include "node/offer/seal.h"
#include "node/trust/circle.h"
#include "node/trust/live.h"
#include "node/trust/member.h"
#include "node/trust/named.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/mail.h"
#include "proto/offer.h"
#include "proto/reader.h"
#include "proto/record.h"
#include "store/store.h"
#include "store/tables.h"

#define KEY_DAYS 2 /* how long an offer waits for its key */

/* Whether we are asked: our entry of the origin's PARTNERS stands in the list. */
static bool asks_us(struct viz_trust *trust, const struct viz_inbox *in,
		    const struct viz_offer_secret *s)
{
	struct viz_circle circle = {in->origin, in->drawn, in->partners};
	uint8_t index;

	if (!viz_circle_index(trust->core, &index, &circle, &trust->self.author, in->drawn))
		return false;
	for (size_t i = 0; i < s->asked_count; i++)
		if (s->asked[i].index == index)
			return true;
	return false;
}

/* Opens the OFFER with its key, if that fits. Asks for its view, and for the location when we are
 * asked. Writes the row. */
static void open_offer(struct viz_net *net, struct viz_inbox *in, const struct viz_secret *key)
{
	struct viz_offer_secret *s = viz_core_alloc(sizeof *s);
	struct viz_held held;
	struct viz_record rec;
	struct viz_offer o;
	struct viz_id hash;

	if (!viz_place_get(net->core, &held, &rec, &in->origin, VIZ_TYPE_OFFER, in->slot))
		goto done;
	viz_commitment_offer_key(&hash, key);
	if (viz_offer_parse(&o, &rec) != VIZ_OK || !viz_id_eq(&hash, &o.key_hash) ||
	    viz_offer_seal_open(s, &o, key, &in->origin, in->slot) != VIZ_OK ||
	    !viz_offer_seal_fits(s, in->time, &net->core->federation))
		goto done;
	in->has_key = true;
	in->key = *key;
	in->area = s->area;
	in->asked_count = s->asked_count;
	in->drawn = s->drawn;
	in->state = asks_us(net->trust, in, s) ? VIZ_INBOX_LISTED : VIZ_INBOX_BYSTANDER;
	/* an older offer has closed, and its CLOSE comes with the same repair */
	if (in->state == VIZ_INBOX_LISTED && viz_inbox_pledge_wanted(in) &&
	    in->closes.ms + VIZ_DAY_MS > net->core->now.ms) {
		viz_mail_slot(net, &in->origin, VIZ_MAIL_LOCATION_ASK, in->slot);
		viz_due_set(net->core, viz_inbox_answer_by(in), VIZ_DUE_INBOX, &in->origin,
			    in->slot);
	}
	viz_due_set(net->core, net->core->now, VIZ_DUE_VIEW, &in->origin, in->slot);
done:
	viz_inbox_put(net->core, in);
	free(s);
}

/* CLOSE, RESULT and CHOICEs may have come before their OFFER, over another link or by repair. This
 * acts on the one that we hold. */
static void act_on_held(struct viz_net *net, const struct viz_id *origin, uint64_t slot,
			uint8_t type)
{
	struct viz_record rec;
	struct viz_held held;
	struct viz_id id;
	uint8_t *copy;

	if (!viz_place_get(net->core, &held, NULL, origin, type, slot) || held.dead)
		return;
	copy = viz_core_alloc(held.a_len);
	memcpy(copy, held.a, held.a_len);
	VIZ_REQUIRE(viz_record_parse(&rec, copy, held.a_len) == VIZ_OK);
	viz_ids_record(&id, &net->core->federation_id, &rec);
	viz_intake_act(net, &rec, &id);
	free(copy);
}

void viz_inbox_offer(struct viz_net *net, const struct viz_record *rec, const struct viz_id *id)
{
	struct viz_inbox *in;
	struct viz_secret key;
	struct viz_offer o;
	const struct viz_member *m = viz_member_find(net->trust, &rec->author);

	/* the origin has judged at the OFFER's time whether we are partners, so we do too */
	if (viz_id_eq(&rec->author, &net->trust->self.author) || !m || !m->member ||
	    !viz_live_mutual(net->core, viz_member_self(net->trust), m, rec->time))
		return;
	VIZ_REQUIRE(viz_offer_parse(&o, rec) == VIZ_OK);
	in = viz_core_alloc(sizeof *in);
	/* a WITHDRAWAL may have come before the OFFER: its row stays */
	if (!viz_inbox_get(net->core, in, &rec->author, rec->slot)) {
		memset(in, 0, sizeof *in);
		in->origin = rec->author;
		in->slot = rec->slot;
		in->state = VIZ_INBOX_SEALED;
	}
	in->offer = *id;
	in->time = rec->time;
	in->closes = o.closes;
	in->came = net->core->now;
	in->view = o.view;
	in->partners = o.partners;
	/* its indices count in the PARTNERS that it names, also when that is replaced */
	viz_named_keep(net->core, &rec->author, VIZ_TYPE_PARTNERS);
	viz_named_keep(net->core, &rec->author, VIZ_TYPE_NODE);
	if (in->withdrawn) {
		viz_inbox_put(net->core, in);
	} else if (viz_circle_offer_key(net->core, &key, &rec->author, o.epoch, rec->slot)) {
		open_offer(net, in, &key);
		viz_secret_wipe(&key, sizeof key);
	} else {
		viz_mail_slot(net, &rec->author, VIZ_MAIL_OFFER_KEY_ASK, rec->slot);
		viz_inbox_put(net->core, in);
	}
	free(in);
	act_on_held(net, &rec->author, rec->slot, VIZ_TYPE_CLOSE);
	act_on_held(net, &rec->author, rec->slot, VIZ_TYPE_RESULT);
	for (unsigned k = 1; k <= VIZ_CHOICES_MAX; k++)
		act_on_held(net, &rec->author, viz_record_slot_choice(rec->slot, k),
			    VIZ_TYPE_CHOICE);
}

/* Opens the offers of this origin that wait for a circle key. */
static void open_waiting(struct viz_net *net, const struct viz_id *origin)
{
	struct viz_inbox *in = viz_core_alloc(sizeof *in);
	int64_t since = net->core->now.ms - KEY_DAYS * VIZ_DAY_MS;
	uint8_t from[VIZ_ID_SLOT_LEN];
	struct viz_slice key, value;
	struct viz_walk walk;

	/* an older offer has closed long ago */
	viz_id_slot_key(from, origin,
			viz_record_slot_make((struct viz_time){since > 0 ? since : 0}, 0));
	viz_walk_init(&walk, net->core->store, VIZ_TABLE_INBOX, origin->b, 32);
	viz_walk_from(&walk, from, sizeof from);
	while (viz_walk_next(&walk, &key, &value)) {
		struct viz_secret offer_key;
		struct viz_record rec;
		struct viz_held held;
		struct viz_offer o;
		uint64_t slot = viz_be_get_u64(key.p + 32);

		if (!viz_inbox_get(net->core, in, origin, slot) || in->has_key || in->withdrawn ||
		    !viz_place_get(net->core, &held, &rec, origin, VIZ_TYPE_OFFER, slot))
			continue;
		if (viz_offer_parse(&o, &rec) == VIZ_OK &&
		    viz_circle_offer_key(net->core, &offer_key, origin, o.epoch, slot))
			open_offer(net, in, &offer_key);
	}
	free(in);
}

void viz_inbox_offer_circle_key(struct viz_net *net, const struct viz_id *from,
				struct viz_reader *r)
{
	const struct viz_member *m = viz_member_find(net->trust, from);
	uint8_t row[VIZ_ID_SLOT_LEN];
	struct viz_mail_circle_key mail;
	struct viz_slice v;

	viz_mail_circle_key_read(r, &mail);
	if (viz_reader_finish(r) != VIZ_OK || !m || !viz_member_counts(net->trust, m))
		return;
	viz_id_slot_key(row, from, mail.epoch);
	/* an epoch's key never changes, so the first one counts */
	if (!viz_core_get(net->core, &v, VIZ_TABLE_CIRCLE, row, sizeof row)) {
		viz_core_put(net->core, VIZ_TABLE_CIRCLE, row, sizeof row, mail.key.b,
			     sizeof mail.key.b);
		viz_circle_prune(net->core, from);
		open_waiting(net, from);
	}
	viz_secret_wipe(&mail, sizeof mail);
}

void viz_inbox_offer_key(struct viz_net *net, const struct viz_id *from, struct viz_reader *r)
{
	struct viz_mail_offer_key mail;
	struct viz_inbox *in;

	viz_mail_offer_key_read(r, &mail);
	if (viz_reader_finish(r) != VIZ_OK)
		return;
	in = viz_inbox_fetch(net->core, from, mail.slot);
	if (in && !in->has_key && !in->withdrawn)
		open_offer(net, in, &mail.key);
	viz_secret_wipe(&mail, sizeof mail);
	free(in);
}
