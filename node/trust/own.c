#include "node/trust/own.h"

#include "crypto/sign.h"
#include "node/core/core.h"
#include "node/core/ids.h"
#include "node/core/place.h"
#include "node/trust/author.h"
#include "node/trust/identity.h"
#include "node/trust/pause.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/offer.h"
#include "proto/record.h"
#include "store/store.h"
#include "store/tables.h"

/* Whether the store that this process began with, and a fast clock, do not explain this date. */
static bool is_unknown(const struct viz_self *self, struct viz_time time)
{
	return time.ms > self->known_to.ms && time.ms > self->fast_until.ms;
}

static bool same(const uint8_t *signed_record, size_t len, const struct viz_record *rec)
{
	return signed_record && len == rec->len + sizeof rec->sig.b &&
	       memcmp(signed_record + sizeof rec->sig.b, rec->bytes, rec->len) == 0;
}

/* Whether we hold a record of the same place and seq with other bytes, or one of a lower seq where
 * this one is not from before the store's last. An old record that the store has dropped is no such
 * one; a VOUCH is never dropped. */
static bool contradicts(struct viz_trust *trust, const struct viz_record *rec)
{
	struct viz_held held;
	struct viz_record ours;

	if (rec->type >= VIZ_TYPE_STATEMENT_MIN)
		return false;
	if (!viz_place_get(trust->core, &held, &ours, &rec->author, rec->type, rec->slot))
		return rec->type == VIZ_TYPE_VOUCH && is_unknown(&trust->self, rec->time);
	if (rec->seq > ours.seq)
		return is_unknown(&trust->self, rec->time);
	return ours.seq == rec->seq && !same(held.a, held.a_len, rec) &&
	       !same(held.b, held.b_len, rec);
}

/* The record of our log with this number, if we hold it. */
static bool find_number(struct viz_trust *trust, struct viz_record *out, uint32_t number)
{
	struct viz_slice key, value;
	struct viz_walk walk;

	viz_walk_init(&walk, trust->core->store, VIZ_TABLE_RECORD, trust->self.author.b,
		      sizeof trust->self.author.b);
	while (viz_walk_next(&walk, &key, &value)) {
		struct viz_position at;
		struct viz_held held;

		VIZ_REQUIRE(viz_place_row_read(&held, value.p, value.len) == VIZ_OK &&
			    viz_record_parse(out, held.a, held.a_len) == VIZ_OK);
		if (viz_record_is_write_once(out->type) && viz_position_parse(&at, out) == VIZ_OK &&
		    at.log == trust->self.log && at.number == number)
			return true;
	}
	return false;
}

/* Whether the record has a number of our log that we never gave, or gave to another one. */
static bool forks_log(struct viz_trust *trust, const struct viz_record *rec)
{
	struct viz_position at;
	struct viz_record ours;

	if (!viz_record_is_write_once(rec->type) || viz_position_parse(&at, rec) != VIZ_OK ||
	    at.log != trust->self.log)
		return false;
	return at.number > trust->self.log_number ||
	       (find_number(trust, &ours, at.number) &&
		(ours.len != rec->len || memcmp(ours.bytes, rec->bytes, rec->len) != 0));
}

/* Whether the record is dated when, by our store, we did not run: later than all that we have
 * signed, or in a pause. What we sign meanwhile must not hide what an older store lacks. */
static bool is_of_another(const struct viz_trust *trust, struct viz_time time)
{
	const struct viz_self *self = &trust->self;

	return time.ms > self->fast_until.ms &&
	       (time.ms > self->signed_at.ms || viz_pause_has(trust, time));
}

int viz_own_judge(struct viz_trust *trust, const struct viz_record *rec)
{
	struct viz_pub pub;
	struct viz_id id;
	int err = viz_author_key(trust, &pub, rec);

	if (err != VIZ_OK)
		return err == VIZ_ERR_ABSENT ? VIZ_ERR_ABSENT : VIZ_ERR_AUTH;
	viz_ids_record(&id, &trust->core->federation_id, rec);
	if (viz_sign_verify(&rec->sig, &id, &pub) != VIZ_OK)
		return VIZ_ERR_AUTH;
	if (is_of_another(trust, rec->time) || contradicts(trust, rec) || forks_log(trust, rec))
		viz_identity_quarantine(trust, rec->time);
	return VIZ_OK;
}
