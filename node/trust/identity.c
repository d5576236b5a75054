#include "node/trust/identity.h"

#include "crypto/identity.h"
#include "crypto/sign.h"
#include "node/core/core.h"
#include "node/core/event.h"
#include "node/core/ids.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/federation.h"
#include "proto/limits.h"
#include "proto/reader.h"
#include "proto/record.h"
#include "proto/writer.h"
#include "store/store.h"
#include "store/tables.h"

#define META(name) (const uint8_t *)(name), (sizeof(name) - 1)

void viz_identity_keys_changed(struct viz_trust *trust)
{
	struct viz_effect *fx = viz_effects_add(trust->core->fx, VIZ_EFFECT_KEYS, NULL, 0);

	fx->transport = trust->self.transport;
	fx->transport_old = trust->self.transport_old;
	fx->has_old = trust->self.transport_old_until.ms > trust->core->now.ms;
}

int viz_identity_load(struct viz_trust *trust)
{
	struct viz_self *self = &trust->self;
	struct viz_secret seed;
	struct viz_slice v;
	struct viz_reader r;
	int err;

	if (viz_store_get(trust->core->store, &v, VIZ_TABLE_META, META("federation")) != VIZ_OK)
		return VIZ_ERR_ABSENT;
	viz_reader_init(&r, v.p, v.len);
	viz_federation_read(&r, &trust->core->federation);
	if (viz_reader_finish(&r) != VIZ_OK)
		return VIZ_ERR_STORE;
	viz_core_federation_id(&trust->core->federation_id, &trust->core->federation);
	if (viz_store_get(trust->core->store, &v, VIZ_TABLE_META, META("identity")) != VIZ_OK)
		return VIZ_ERR_ABSENT;
	viz_reader_init(&r, v.p, v.len);
	viz_reader_tuple(&r, 10);
	viz_reader_fixed(&r, self->birth.first_key.b, sizeof self->birth.first_key.b);
	self->birth.next_hash = viz_reader_id(&r);
	viz_reader_fixed(&r, self->birth.nonce, sizeof self->birth.nonce);
	self->key_number = (uint32_t)viz_reader_uint(&r, VIZ_KEYS_MAX - 1);
	viz_reader_fixed(&r, seed.b, sizeof seed.b);
	self->next_hash = viz_reader_id(&r);
	viz_reader_fixed(&r, self->transport.b, sizeof self->transport.b);
	viz_reader_fixed(&r, self->transport_old.b, sizeof self->transport_old.b);
	self->transport_old_until = viz_reader_time(&r);
	self->revoked = viz_reader_bool(&r);
	err = viz_reader_finish(&r) == VIZ_OK ? VIZ_OK : VIZ_ERR_STORE;
	viz_signer_from_seed(&self->signer, &seed);
	viz_wipe(&seed, sizeof seed);
	viz_author_id(&self->author, &trust->core->federation_id, &self->birth);
	return err;
}

void viz_identity_save(struct viz_trust *trust)
{
	const struct viz_self *self = &trust->self;
	uint8_t value[512];
	struct viz_writer w;
	size_t len = 0;

	viz_writer_init(&w, value, sizeof value);
	viz_writer_array(&w, 10);
	viz_writer_bin(&w, self->birth.first_key.b, sizeof self->birth.first_key.b);
	viz_writer_id(&w, &self->birth.next_hash);
	viz_writer_bin(&w, self->birth.nonce, sizeof self->birth.nonce);
	viz_writer_uint(&w, self->key_number);
	viz_writer_bin(&w, self->signer.secret, 32); /* the seed: libsodium's first half */
	viz_writer_id(&w, &self->next_hash);
	viz_writer_bin(&w, self->transport.b, sizeof self->transport.b);
	viz_writer_bin(&w, self->transport_old.b, sizeof self->transport_old.b);
	viz_writer_time(&w, self->transport_old_until);
	viz_writer_bool(&w, self->revoked);
	VIZ_REQUIRE(viz_writer_finish(&w, &len) == VIZ_OK);
	viz_core_put(trust->core, VIZ_TABLE_META, META("identity"), value, len);
	viz_wipe(value, sizeof value);
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
	viz_core_record_id(&rid, federation_id, &r);
	viz_sign(&sig, signer, &rid);
	memcpy(out, sig.b, sizeof sig.b);
	*out_len = len + sizeof sig.b;
	if (id)
		*id = rid;
	return VIZ_OK;
}
