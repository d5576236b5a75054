#include "node/offer/seal.h"

#include "crypto/rng.h"
#include "crypto/seal.h"
#include "node/core/core.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/offer.h"
#include "proto/reader.h"
#include "proto/writer.h"

int viz_offer_open(struct viz_offer_secret *out, const struct viz_offer *o,
		   const struct viz_secret *key, const struct viz_id *origin, uint64_t slot)
{
	uint8_t *plain = viz_core_alloc(VIZ_OFFER_SEALED_MAX), aad[VIZ_ID_SLOT_LEN];
	struct viz_reader r;
	size_t len = 0;
	int err;

	viz_id_slot_key(aad, origin, slot);
	err = viz_open(plain, key, aad, sizeof aad, o->sealed, o->sealed_len);
	if (err == VIZ_OK)
		err = viz_unpad(&len, plain, o->sealed_len - VIZ_SEAL_OVERHEAD);
	if (err == VIZ_OK) {
		viz_reader_init(&r, plain + 2, len);
		viz_offer_secret_read(&r, out);
		err = viz_reader_finish(&r);
	}
	free(plain);
	return err;
}

int viz_offer_seal(struct viz_trust *trust, uint8_t *out, size_t *out_len,
		   const struct viz_secret *key, const struct viz_offer_secret *secret,
		   uint64_t slot)
{
	uint8_t *plain = viz_core_alloc(VIZ_OFFER_SEALED_MAX);
	uint8_t aad[VIZ_ID_SLOT_LEN], nonce[24];
	struct viz_writer w;
	size_t len = 0, size;
	int err;

	viz_writer_init(&w, plain + 2, VIZ_OFFER_SEALED_MAX - 2 - VIZ_SEAL_OVERHEAD);
	viz_offer_secret_write(&w, secret);
	err = viz_writer_finish(&w, &len);
	size = (len + 2 + VIZ_OFFER_PAD - 1) / VIZ_OFFER_PAD * VIZ_OFFER_PAD;
	if (err == VIZ_OK && size + VIZ_SEAL_OVERHEAD > VIZ_OFFER_SEALED_MAX)
		err = VIZ_ERR_LIMIT;
	if (err == VIZ_OK) {
		viz_pad(plain, len, size);
		viz_id_slot_key(aad, &trust->self.author, slot);
		viz_rng_bytes(&trust->core->rng, nonce, sizeof nonce);
		viz_seal(out, key, nonce, aad, sizeof aad, plain, size);
		*out_len = size + VIZ_SEAL_OVERHEAD;
	}
	free(plain);
	return err;
}
