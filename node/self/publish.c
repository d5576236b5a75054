#include "node/self/publish.h"

#include "node/core/core.h"
#include "node/core/place.h"
#include "node/gossip/body.h"
#include "node/gossip/intake.h"
#include "node/link/net.h"
#include "node/self/log.h"
#include "node/trust/identity.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/record.h"
#include "store/store.h"
#include "store/tables.h"

bool viz_self_publish_is_ahead(const struct viz_trust *trust, const struct viz_record *rec)
{
	int64_t horizon = viz_identity_time(trust).ms + trust->core->federation.skew_ms;

	return rec->time.ms > horizon || rec->seq > (uint64_t)horizon;
}

uint64_t viz_publish_seq(struct viz_trust *trust, uint8_t type, uint64_t slot)
{
	struct viz_held held;
	struct viz_record last;
	uint64_t seq = (uint64_t)viz_identity_time(trust).ms;

	/* Records that we signed while our clock was fast were refused by everybody. We do not
	 * count on from their seq. */
	if (viz_place_get(trust->core, &held, &last, &trust->self.author, type, slot) &&
	    last.seq >= seq && !viz_self_publish_is_ahead(trust, &last))
		seq = last.seq + 1;
	return seq;
}

static bool may_sign(struct viz_net *net, uint8_t type)
{
	if (type == VIZ_TYPE_NODE || type == VIZ_TYPE_PARTNERS)
		return viz_identity_may_sign_node(net->trust);
	if (viz_record_is_of_log(type))
		return viz_self_log_is_free(net);
	if (viz_record_is_write_once(type))
		return viz_identity_has_started(net->trust);
	return viz_identity_may_sign(net->trust);
}

int viz_self_publish(struct viz_net *net, struct viz_id *id_or_null, uint8_t type, uint64_t slot,
		     const uint8_t *body, size_t body_len)
{
	struct viz_record rec = {.type = type,
				 .author = net->trust->self.author,
				 .slot = slot,
				 .key = net->trust->self.key_number,
				 .time = viz_identity_time(net->trust),
				 .body = body,
				 .body_len = body_len};
	struct viz_id id;
	uint8_t *bytes;
	size_t len = 0;
	int err;

	if (!may_sign(net, type))
		return VIZ_ERR_STATE;
	if (viz_record_is_write_once(type)) {
		rec.seq = 1;
		rec.expires =
		    viz_record_write_once_expires(rec.time, net->core->federation.write_once_ms);
	} else if (type == VIZ_TYPE_SUCCESSION || type == VIZ_TYPE_REVOCATION) {
		rec.seq = 1;
	} else {
		rec.seq = viz_publish_seq(net->trust, type, slot);
	}
	bytes = viz_core_alloc(VIZ_SIGNED_RECORD_MAX);
	err = viz_identity_sign(bytes, &len, VIZ_SIGNED_RECORD_MAX, &id, &rec,
				&net->trust->self.signer, &net->core->federation_id);
	if (err == VIZ_OK)
		err = viz_record_parse(&rec, bytes, len);
	if (err == VIZ_OK) {
		VIZ_REQUIRE(viz_body_check(&rec, &net->core->federation) == VIZ_OK);
		viz_identity_signed(net->trust, rec.time);
		if (viz_record_is_of_log(type))
			viz_self_log_add(net->trust, &rec, &id);
		if (id_or_null)
			*id_or_null = id;
		viz_intake_apply(net, &rec, &id, 0);
	}
	free(bytes);
	return err;
}

/* Whether the record that stands last, of which this is the row, is from before the quarantine that
 * has ended today. */
static bool is_before_quarantine(const struct viz_trust *trust, const struct viz_slice *row)
{
	struct viz_held held;
	struct viz_record rec;

	VIZ_REQUIRE(viz_place_row_read(&held, row->p, row->len) == VIZ_OK &&
		    viz_record_parse(&rec, held.a, held.a_len) == VIZ_OK);
	return rec.time.ms <= trust->self.resumed.ms;
}

int viz_self_publish_free_slot(struct viz_trust *trust, uint64_t *slot, uint8_t type, unsigned from,
			       unsigned to)
{
	struct viz_time resumed = trust->self.resumed, now = trust->core->now;
	struct viz_slice key, value, last = {NULL, 0};
	uint8_t place[VIZ_PLACE_LEN];
	struct viz_walk walk;
	unsigned n = from;

	viz_record_place_key(place, &trust->self.author, type, viz_record_slot_make(now, from));
	/* the prefix is author, type and day */
	viz_walk_init(&walk, trust->core->store, VIZ_TABLE_RECORD, place,
		      sizeof place - VIZ_SLOT_IN_DAY_LEN);
	viz_walk_from(&walk, place, sizeof place);
	while (viz_walk_next(&walk, &key, &value)) {
		unsigned used = viz_record_slot_number(viz_be_get_u64(key.p + 33));

		if (used >= to)
			break;
		last = value;
		n = used + 1;
	}
	if (n < to && resumed.ms / VIZ_DAY_MS == now.ms / VIZ_DAY_MS &&
	    (!last.p || is_before_quarantine(trust, &last)))
		n += (to - n) / 2;
	if (n >= to)
		return VIZ_ERR_LIMIT;
	*slot = viz_record_slot_make(now, n);
	return VIZ_OK;
}

int viz_self_publish_next_slot(struct viz_trust *trust, uint64_t *slot)
{
	if (!viz_identity_has_started(trust))
		return VIZ_ERR_STATE;
	return viz_self_publish_free_slot(trust, slot, VIZ_TYPE_OFFER, 0, VIZ_OFFERS_PER_DAY);
}

bool viz_self_publish_others_are_ahead(const struct viz_trust *trust)
{
	for (size_t i = 0; i < trust->directory.count; i++) {
		const struct viz_member *m = trust->directory.list[i];

		if (m->has_node && !viz_id_eq(&m->id, &trust->self.author) &&
		    m->node_time.ms > trust->core->now.ms + trust->core->federation.skew_ms)
			return true;
	}
	return false;
}
