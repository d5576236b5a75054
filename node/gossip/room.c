#include "node/gossip/room.h"

#include "node/core/account.h"
#include "node/core/core.h"
#include "node/core/ids.h"
#include "node/core/place.h"
#include "node/gossip/chain.h"
#include "node/gossip/strata.h"
#include "node/gossip/wanted.h"
#include "node/link/net.h"
#include "node/trust/live.h"
#include "node/trust/share.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/record.h"
#include "store/store.h"
#include "store/tables.h"

#define STEP  64 /* offers that one look into the store finds */
#define SLACK 64 /* a part in so many of the share is freed at once */

/* Drops a place of an offer. Its stubs stay, as dropped. */
static void drop_place(struct viz_core *core, const struct viz_id *origin, uint8_t type,
		       uint64_t slot)
{
	uint8_t *copy[2] = {NULL, NULL};
	size_t len[2] = {0, 0};
	struct viz_held held;

	if (!viz_place_get(core, &held, NULL, origin, type, slot))
		return;
	for (int i = 0; i < 1 + held.dead; i++) {
		len[i] = i ? held.b_len : held.a_len;
		copy[i] = viz_core_alloc(len[i]);
		memcpy(copy[i], i ? held.b : held.a, len[i]);
	}
	viz_place_drop(core, origin, type, slot);
	for (int i = 0; i < 2 && copy[i]; i++) {
		struct viz_record rec;
		struct viz_id id;

		VIZ_REQUIRE(viz_record_parse(&rec, copy[i], len[i]) == VIZ_OK);
		viz_chain_dropped(core, &rec);
		viz_ids_record(&id, &core->federation_id, &rec);
		if (type == VIZ_TYPE_OFFER)
			viz_strata_gone(core, &id);
		free(copy[i]);
	}
}

static void drop_offer(struct viz_core *core, const struct viz_id *origin, uint64_t slot)
{
	drop_place(core, origin, VIZ_TYPE_OFFER, slot);
	drop_place(core, origin, VIZ_TYPE_CLOSE, slot);
	drop_place(core, origin, VIZ_TYPE_RESULT, slot);
	for (unsigned k = 1; k <= VIZ_CHOICES_MAX; k++)
		drop_place(core, origin, VIZ_TYPE_CHOICE, viz_record_slot_choice(slot, k));
}

/* The slots of the origin's OFFERs, the oldest first: from `from` on, and below `below`. */
static size_t find_offers(struct viz_core *core, uint64_t slot[STEP], const struct viz_id *origin,
			  uint64_t from, uint64_t below)
{
	uint8_t key[VIZ_PLACE_LEN];
	struct viz_slice at, value;
	struct viz_walk walk;
	size_t n = 0;

	viz_record_place_key(key, origin, VIZ_TYPE_OFFER, from);
	viz_walk_init(&walk, core->store, VIZ_TABLE_RECORD, key, sizeof key - sizeof from);
	viz_walk_from(&walk, key, sizeof key);
	while (n < STEP && viz_walk_next(&walk, &at, &value)) {
		slot[n] = viz_be_get_u64(at.p + sizeof key - sizeof from);
		if (slot[n] >= below)
			break;
		n++;
	}
	return n;
}

/* Drops ended offers that are older than the record, until `bytes` more fit and some more. Looks at
 * each offer once a day, so that an author who sends what has no room costs little. */
static void drop_ended(struct viz_net *net, const struct viz_record *rec, uint64_t bytes)
{
	uint64_t below = viz_account_open_from(net->core), lost = 0, slot[STEP];
	uint64_t day = (uint64_t)(net->core->now.ms / VIZ_DAY_MS);
	uint64_t wanted = bytes + viz_share_bytes(net->trust) / SLACK;
	const struct viz_id origin = rec->author;
	struct viz_account a;
	uint64_t looked;
	size_t n = STEP;

	if (viz_record_slot_offer(rec->slot) < below)
		below = viz_record_slot_offer(rec->slot);
	viz_account_get(net->core, &a, &origin);
	looked = a.looked_day == day ? a.looked : 0;
	while (n == STEP && !viz_share_has(net->trust, &origin, wanted)) {
		n = find_offers(net->core, slot, &origin, looked, below);
		for (size_t i = 0; i < n && !viz_share_has(net->trust, &origin, wanted); i++) {
			looked = slot[i] + 1;
			if (!net->handlers->release(net, &origin, slot[i]))
				continue;
			drop_offer(net->core, &origin, slot[i]);
			lost = slot[i];
		}
	}
	viz_account_get(net->core, &a, &origin);
	a.looked_day = day;
	a.looked = looked;
	if (lost > a.last_lost)
		a.last_lost = lost;
	viz_account_put(net->core, &origin, &a);
}

/* The record is not taken: its offer is not whole here. */
static void note_lost(struct viz_net *net, const struct viz_record *rec)
{
	uint64_t slot = viz_record_slot_offer(rec->slot);
	struct viz_core *core = net->core;
	struct viz_account a;
	struct viz_id id;

	if (!viz_record_is_of_log(rec->type))
		return;
	viz_ids_record(&id, &core->federation_id, rec);
	viz_wanted_refuse(net, &id);
	viz_account_get(core, &a, &rec->author);
	if (slot > a.last_lost) {
		a.last_lost = slot;
		viz_account_put(core, &rec->author, &a);
	}
	viz_chain_dropped(core, rec);
}

bool viz_room_accepts(struct viz_trust *trust, const struct viz_record *rec)
{
	if (rec->type <= VIZ_TYPE_VOUCH)
		return viz_core_has_headroom(trust->core);
	if (viz_record_is_write_once(rec->type) && !viz_live_partner(trust, &rec->author))
		return viz_core_used_quarters(trust->core) < 2;
	return !viz_core_nearly_full(trust->core);
}

bool viz_room_make(struct viz_net *net, const struct viz_record *rec)
{
	struct viz_held held;
	uint64_t adds;
	bool fits;

	if (viz_account_cost(rec) == 0)
		return true;
	adds = viz_account_adds(
	    net->core, rec,
	    viz_place_get(net->core, &held, NULL, &rec->author, rec->type, rec->slot));
	if (adds == 0 || viz_share_has(net->trust, &rec->author, adds))
		return true;
	drop_ended(net, rec, adds);
	fits = viz_share_has(net->trust, &rec->author, adds);
	if (!fits)
		note_lost(net, rec);
	net->handlers->share_full(net, rec);
	return fits;
}
