#include "node/gossip/check.h"

#include "node/core/core.h"
#include "node/core/ids.h"
#include "node/core/place.h"
#include "node/gossip/protest.h"
#include "node/gossip/strata.h"
#include "node/gossip/wanted.h"
#include "node/link/net.h"
#include "node/trust/author.h"
#include "node/trust/circle.h"
#include "node/trust/member.h"
#include "node/trust/prune.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/record.h"

/* Ignores a record that is ahead of our clock or expired. Refuses a write-once record whose end is
 * not the one that its time prescribes. */
static enum viz_check check_times(struct viz_core *core, const struct viz_record *rec)
{
	int64_t horizon = core->now.ms + core->federation.skew_ms;

	if (rec->time.ms > horizon ||
	    (!viz_record_is_write_once(rec->type) && rec->seq > 1 && rec->seq > (uint64_t)horizon))
		return VIZ_CHECK_DROP;
	if (viz_record_is_write_once(rec->type) &&
	    rec->expires.ms !=
		viz_record_write_once_expires(rec->time, core->federation.write_once_ms).ms)
		return VIZ_CHECK_REFUSE;
	return rec->expires.ms != 0 && rec->expires.ms <= core->now.ms ? VIZ_CHECK_DROP
								       : VIZ_CHECK_TAKE;
}

static bool same_bytes(const uint8_t *a, size_t a_len, const struct viz_record *rec)
{
	/* Without the signatures: another signature over the same bytes is the same record. */
	return a_len == rec->len + sizeof rec->sig.b &&
	       memcmp(a + sizeof rec->sig.b, rec->bytes, rec->len) == 0;
}

/* Compares the record with the one that is held at its place. */
static enum viz_check check_place(struct viz_core *core, const struct viz_record *rec)
{
	struct viz_held held;
	struct viz_record old;

	if (!viz_place_get(core, &held, &old, &rec->author, rec->type, rec->slot))
		return VIZ_CHECK_TAKE;
	if (held.dead)
		return rec->seq > old.seq ? VIZ_CHECK_TAKE : VIZ_CHECK_DROP;
	if (same_bytes(held.a, held.a_len, rec) || rec->seq < old.seq)
		return VIZ_CHECK_DROP;
	return VIZ_CHECK_TAKE;
}

/* Finds the key that must have signed the record, and checks that the record still counts. */
static enum viz_check check_key(struct viz_trust *trust, struct viz_pub *pub,
				const struct viz_record *rec)
{
	const struct viz_member *m;

	if (!viz_member_known(trust, &rec->author))
		return VIZ_CHECK_UNKNOWN;
	m = viz_member_find(trust, &rec->author);
	if (rec->type > VIZ_TYPE_VOUCH && (!m || !viz_member_accepted(trust, m, rec->type)))
		return VIZ_CHECK_UNKNOWN;
	switch (viz_author_key(trust, pub, rec)) {
	case VIZ_OK:
		break;
	case VIZ_ERR_ABSENT:
	case VIZ_ERR_LIMIT:
		return VIZ_CHECK_UNKNOWN;
	default:
		return VIZ_CHECK_REFUSE;
	}
	m = viz_member_find(trust, &rec->author);
	/* What was not heard is no part of a log. A thief of the old key could say it too. */
	if (m && rec->type == VIZ_TYPE_PROTEST && viz_author_key_ended(m, rec->key))
		return VIZ_CHECK_DROP;
	/* Others need NODE to verify the author's records. So the NODE of a revoked key counts
	 * until the next key signs one. */
	if (m && rec->type == VIZ_TYPE_NODE && rec->key + 1 == m->key_count)
		return VIZ_CHECK_TAKE;
	if (m && !viz_author_type_outlasts_key(rec->type) && viz_author_key_ended(m, rec->key))
		return VIZ_CHECK_DROP;
	return VIZ_CHECK_TAKE;
}

static bool holds(struct viz_core *core, const struct viz_record *rec, uint8_t type)
{
	struct viz_held held;

	return viz_place_get(core, &held, NULL, &rec->author, type,
			     viz_record_slot_offer(rec->slot));
}

static enum viz_check check_protest(struct viz_trust *trust, const struct viz_record *rec)
{
	switch (viz_gossip_protest_takes(trust, rec)) {
	case VIZ_CIRCLE_IN:
		return VIZ_CHECK_TAKE;
	case VIZ_CIRCLE_OUT:
		return VIZ_CHECK_DROP;
	case VIZ_CIRCLE_UNKNOWN: /* an origin may lack a PARTNERS of its own, after a loss */
		return VIZ_CHECK_NO_PARTNERS;
	}
	return VIZ_CHECK_DROP;
}

/* Checks that we are in the circle of a circle record, and hold what comes before it. */
static enum viz_check check_circle(struct viz_net *net, const struct viz_record *rec)
{
	struct viz_trust *trust = net->trust;
	struct viz_circle circle;
	struct viz_id offer, id;

	if (!viz_record_is_write_once(rec->type))
		return VIZ_CHECK_TAKE;
	if (viz_wanted_was_refused(net, rec))
		return VIZ_CHECK_DROP;
	switch (viz_strata_circle(net->core, &circle, &offer, rec)) {
	case VIZ_OK:
		break;
	case VIZ_ERR_ABSENT:
		return VIZ_CHECK_NO_OFFER;
	default:
		return VIZ_CHECK_TAKE; /* the check of the body refuses it */
	}
	switch (viz_circle_has(trust, &circle, &trust->self.author)) {
	case VIZ_CIRCLE_IN:
		break;
	case VIZ_CIRCLE_OUT:
		return VIZ_CHECK_OUTSIDE;
	case VIZ_CIRCLE_UNKNOWN:
		return VIZ_CHECK_NO_PARTNERS;
	}
	if (rec->type == VIZ_TYPE_PROTEST)
		return check_protest(trust, rec);
	viz_ids_record(&id, &net->core->federation_id, rec);
	if (rec->type == VIZ_TYPE_OFFER && viz_strata_is_late(net->core, rec->slot) &&
	    !viz_id_eq(&rec->author, &trust->self.author) && !viz_wanted_was(net, &id))
		return VIZ_CHECK_DROP;
	if ((rec->type == VIZ_TYPE_RESULT && !holds(net->core, rec, VIZ_TYPE_CLOSE)) ||
	    (rec->type == VIZ_TYPE_CHOICE && !holds(net->core, rec, VIZ_TYPE_RESULT)))
		return VIZ_CHECK_NO_OFFER;
	return VIZ_CHECK_TAKE;
}

/* Nothing but circle records is taken of an author that we leave out, and no PARTNERS and COVERAGE
 * of one that is pruned. All others hold those: that we lack them is no reason to compare. */
static enum viz_check check_left_out(struct viz_trust *trust, const struct viz_record *rec)
{
	const struct viz_member *m = viz_member_find(trust, &rec->author);

	if (!m || viz_record_is_write_once(rec->type))
		return VIZ_CHECK_TAKE;
	return m->items.left_out || viz_prune_refuses(m, rec->type) ? VIZ_CHECK_DROP
								    : VIZ_CHECK_TAKE;
}

enum viz_check viz_check_record(struct viz_net *net, struct viz_pub *pub,
				const struct viz_record *rec)
{
	enum viz_check v = check_times(net->core, rec);

	if (v == VIZ_CHECK_TAKE)
		v = check_left_out(net->trust, rec);
	if (v == VIZ_CHECK_TAKE)
		v = check_place(net->core, rec);
	if (v == VIZ_CHECK_TAKE)
		v = check_key(net->trust, pub, rec);
	if (v == VIZ_CHECK_TAKE)
		v = check_circle(net, rec);
	return v;
}
