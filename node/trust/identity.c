#include "node/trust/identity.h"

#include "crypto/id.h"
#include "crypto/secret.h"
#include "crypto/sign.h"
#include "node/core/core.h"
#include "node/core/event.h"
#include "node/core/ids.h"
#include "node/trust/notice.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/fields.h"
#include "proto/limits.h"
#include "proto/reader.h"
#include "proto/record.h"
#include "proto/trust.h"
#include "proto/writer.h"
#include "store/meta.h"
#include "store/store.h"
#include "store/tables.h"

#define RETRY_MS 60000 /* how often something that waits for the end of quarantine looks */

void viz_identity_keys_changed(struct viz_trust *trust)
{
	struct viz_effect *fx = viz_effects_add(trust->core->fx, VIZ_EFFECT_KEYS, NULL, 0);

	fx->transport = trust->self.transport;
	fx->transport_old = trust->self.transport_old;
	fx->has_old = trust->self.transport_old_until.ms > trust->core->now.ms;
}

/* The row has only the seed of the signing key. libsodium's secret key begins with it. */
static void viz_seed_write(struct viz_writer *w, const struct viz_signer *signer)
{
	viz_writer_bin(w, signer->secret, 32);
}

static void viz_seed_read(struct viz_reader *r, struct viz_signer *signer)
{
	struct viz_secret seed = {{0}};

	viz_reader_fixed(r, seed.b, sizeof seed.b);
	viz_sign_seed_keypair(signer, &seed);
	viz_secret_wipe(&seed, sizeof seed);
}

#define SELF(F)                                                                                    \
	F(KEY, birth.first_key)                                                                    \
	F(ID, birth.next_hash)                                                                     \
	F(BYTES, birth.nonce)                                                                      \
	F(UINT, key_number, 0, VIZ_KEYS_MAX - 1)                                                   \
	F(STRUCT, signer, seed)                                                                    \
	F(ID, next_hash)                                                                           \
	F(KEY, transport)                                                                          \
	F(KEY, transport_old)                                                                      \
	F(TIME, transport_old_until)                                                               \
	F(BOOL, revoked)

#define SIGNED(F)                                                                                  \
	F(TIME, signed_at)                                                                         \
	F(TIME, fast_until)                                                                        \
	F(TIME, quarantine)                                                                        \
	F(TIME, resumed)                                                                           \
	F(UINT, log, 1, UINT64_MAX)                                                                \
	F(UINT, log_number, 0, VIZ_LOG_NUMBER_MAX)                                                 \
	F(ID, log_value)                                                                           \
	F(UINT, log_old.log, 0, UINT64_MAX)                                                        \
	F(UINT, log_old.number, 0, VIZ_LOG_NUMBER_MAX)                                             \
	F(ID, log_old.value)

int viz_identity_load(struct viz_trust *trust)
{
	struct viz_self *self = &trust->self;
	struct viz_slice v;
	int err;

	if (viz_store_get(trust->core->store, &v, VIZ_TABLE_META, VIZ_META(VIZ_META_FEDERATION)) !=
	    VIZ_OK)
		return VIZ_ERR_ABSENT;
	if (VIZ_PARSE(federation, &trust->core->federation, v.p, v.len) != VIZ_OK)
		return VIZ_ERR_STORE;
	viz_ids_federation(&trust->core->federation_id, &trust->core->federation);
	if (viz_store_get(trust->core->store, &v, VIZ_TABLE_META, VIZ_META(VIZ_META_IDENTITY)) !=
	    VIZ_OK)
		return VIZ_ERR_ABSENT;
	err = VIZ_FIELDS_PARSE(self, v.p, v.len, SELF);
	if (err == VIZ_OK && viz_store_get(trust->core->store, &v, VIZ_TABLE_META,
					   VIZ_META(VIZ_META_SIGNED)) != VIZ_OK)
		return VIZ_ERR_STORE;
	if (err == VIZ_OK)
		err = VIZ_FIELDS_PARSE(self, v.p, v.len, SIGNED);
	if (err == VIZ_OK && !viz_pause_load(trust))
		return VIZ_ERR_STORE;
	self->known_to = self->signed_at;
	viz_id_author(&self->author, &trust->core->federation_id, &self->birth);
	return err == VIZ_OK ? VIZ_OK : VIZ_ERR_STORE;
}

void viz_identity_save(struct viz_trust *trust)
{
	VIZ_WRITER(w, 512);

	VIZ_FIELDS_WRITE(&w, &trust->self, SELF);
	viz_core_put_row(trust->core, VIZ_TABLE_META, VIZ_META(VIZ_META_IDENTITY), &w);
	viz_secret_wipe(w.start, w.max);
}

static void save_signed(struct viz_trust *trust)
{
	VIZ_WRITER(w, 160);

	VIZ_FIELDS_WRITE(&w, &trust->self, SIGNED);
	viz_core_put_row(trust->core, VIZ_TABLE_META, VIZ_META(VIZ_META_SIGNED), &w);
}

struct viz_time viz_identity_time(const struct viz_trust *trust)
{
	return trust->self.signed_at.ms > trust->core->now.ms ? trust->self.signed_at
							      : trust->core->now;
}

void viz_identity_signed(struct viz_trust *trust, struct viz_time at)
{
	if (at.ms <= trust->self.signed_at.ms)
		return;
	viz_pause_signed(trust, at);
	trust->self.signed_at = at;
	save_signed(trust);
}

void viz_identity_logged(struct viz_trust *trust, const struct viz_id *value)
{
	VIZ_REQUIRE(trust->self.log_number < VIZ_LOG_NUMBER_MAX);
	trust->self.log_number++;
	trust->self.log_value = *value;
	save_signed(trust);
}

int64_t viz_identity_ahead_ms(const struct viz_trust *trust)
{
	return viz_identity_time(trust).ms - trust->core->now.ms;
}

bool viz_identity_may_sign(const struct viz_trust *trust)
{
	return !trust->self.revoked && trust->self.quarantine.ms == 0 &&
	       viz_identity_ahead_ms(trust) == 0;
}

bool viz_identity_may_sign_node(const struct viz_trust *trust)
{
	return viz_identity_may_sign(trust) && !trust->self.start.node_waits;
}

bool viz_identity_has_started(const struct viz_trust *trust)
{
	return viz_identity_may_sign_node(trust) &&
	       trust->self.start.log_from.ms <= trust->core->now.ms;
}

struct viz_time viz_identity_retry_at(const struct viz_trust *trust)
{
	const struct viz_start *start = &trust->self.start;

	if (trust->self.quarantine.ms != 0)
		return viz_after(viz_identity_time(trust), RETRY_MS);
	if (viz_identity_ahead_ms(trust) > 0)
		return viz_identity_time(trust);
	if (start->node_waits || start->log_from.ms == INT64_MAX)
		return viz_after(trust->core->now, trust->core->federation.start_ms);
	return start->log_from.ms > trust->core->now.ms ? start->log_from : trust->core->now;
}

void viz_identity_quarantine(struct viz_trust *trust, struct viz_time at)
{
	viz_identity_signed(trust, at);
	if (trust->self.quarantine.ms != 0)
		return;
	trust->self.quarantine = trust->core->now;
	save_signed(trust);
	viz_notice_add(trust, VIZ_NOTICE_QUARANTINE, NULL, NULL, 0);
	viz_core_log(trust->core, 3,
		     "quarantine: a record or statement of ours has come that this node never "
		     "signed. A copy of it runs elsewhere, or its state is an old one. It signs "
		     "nothing more but what ends something");
}

void viz_identity_new_log(struct viz_trust *trust)
{
	struct viz_self *self = &trust->self;
	struct viz_log_head old = {self->log, self->log_number, self->log_value};
	uint8_t number[8];

	do {
		viz_rng_bytes(&trust->core->rng, number, sizeof number);
		self->log = viz_be_get_u64(number);
	} while (self->log == 0 || self->log == old.log);
	viz_ids_log_start(&self->log_value, self->log, old.log, old.number, &old.value);
	self->log_old = old;
	self->log_number = 0;
	if (self->signed_at.ms > self->fast_until.ms)
		self->fast_until = self->signed_at;
	self->signed_at = self->known_to = trust->core->now;
	save_signed(trust);
}

void viz_identity_quarantine_end(struct viz_trust *trust, const struct viz_log_head *newest)
{
	struct viz_self *self = &trust->self;
	struct viz_time last = self->signed_at, fast = self->fast_until;

	VIZ_REQUIRE(newest->log == self->log);
	self->log_number = newest->number;
	self->log_value = newest->value;
	self->quarantine = (struct viz_time){0};
	self->resumed = viz_identity_time(trust);
	viz_identity_new_log(trust);
	/* Our clock was not fast: what is dated later than it was signed by a copy of us. */
	self->signed_at = self->known_to = last;
	self->fast_until = fast;
	save_signed(trust);
	viz_pause_forget(trust);
}

int viz_identity_sign(uint8_t *out, size_t *out_len, size_t max, struct viz_id *id,
		      const struct viz_record *rec, const struct viz_signer *signer,
		      const struct viz_id *federation_id)
{
	struct viz_record r = *rec;
	struct viz_sig sig;
	struct viz_id rid;
	size_t len = 0;
	int err;

	if (max < sizeof sig.b)
		return VIZ_ERR_LIMIT;
	err = viz_record_write(out + sizeof sig.b, &len, max - sizeof sig.b, rec);
	if (err != VIZ_OK)
		return err;
	r.bytes = out + sizeof sig.b;
	r.len = len;
	viz_ids_record(&rid, federation_id, &r);
	viz_sign(&sig, signer, &rid);
	memcpy(out, sig.b, sizeof sig.b);
	*out_len = len + sizeof sig.b;
	if (id)
		*id = rid;
	return VIZ_OK;
}

int viz_identity_presign_revocation(struct viz_trust *trust, uint8_t *out, size_t *len,
				    struct viz_time at)
{
	struct viz_record rec = {.type = VIZ_TYPE_REVOCATION,
				 .author = trust->self.author,
				 .key = trust->self.key_number,
				 .slot = trust->self.key_number,
				 .seq = 1,
				 .time = at};
	struct viz_slice body;
	VIZ_WRITER(w, 8);

	viz_trust_revocation_write(&w);
	body = viz_writer_done(&w);
	rec.body = body.p;
	rec.body_len = body.len;
	return viz_identity_sign(out, len, 512, NULL, &rec, &trust->self.signer,
				 &trust->core->federation_id);
}
