#include "node/offer/seal.h"

#include "crypto/rng.h"
#include "crypto/seal.h"
#include "node/core/ids.h"
#include "proto/base.h"
#include "proto/federation.h"
#include "proto/limits.h"
#include "proto/offer.h"
#include "proto/reader.h"
#include "proto/writer.h"

int viz_offer_seal_open(struct viz_offer_secret *out, const struct viz_offer *o,
			const struct viz_secret *key, const struct viz_id *origin, uint64_t slot)
{
	uint8_t plain[VIZ_OFFER_SEALED_MAX], aad[VIZ_ID_SLOT_LEN];
	size_t len = 0;
	int err;

	viz_id_slot_key(aad, origin, slot);
	err = viz_seal_open(plain, key, aad, sizeof aad, o->sealed, o->sealed_len);
	if (err == VIZ_OK)
		err = viz_offer_unpad(&len, plain, o->sealed_len - VIZ_SEAL_OVERHEAD);
	return err == VIZ_OK ? VIZ_PARSE(offer_secret, out, plain + 2, len) : err;
}

int viz_offer_seal(struct viz_rng *rng, uint8_t *out, size_t *out_len, const struct viz_secret *key,
		   const struct viz_offer_secret *secret, const struct viz_id *origin,
		   uint64_t slot)
{
	uint8_t plain[VIZ_OFFER_SEALED_MAX], aad[VIZ_ID_SLOT_LEN], nonce[24];
	struct viz_writer w;
	size_t len = 0, size;
	int err;

	viz_writer_init(&w, plain + 2, VIZ_OFFER_SEALED_MAX - 2 - VIZ_SEAL_OVERHEAD);
	viz_offer_secret_write(&w, secret);
	err = viz_writer_finish(&w, &len);
	size = (len + 2 + VIZ_OFFER_PAD - 1) / VIZ_OFFER_PAD * VIZ_OFFER_PAD;
	if (err == VIZ_OK && size + VIZ_SEAL_OVERHEAD > VIZ_OFFER_SEALED_MAX)
		err = VIZ_ERR_LIMIT;
	if (err != VIZ_OK)
		return err;
	viz_id_slot_key(aad, origin, slot);
	viz_offer_pad(plain, len, size);
	viz_rng_bytes(rng, nonce, sizeof nonce);
	viz_seal(out, key, nonce, aad, sizeof aad, plain, size);
	*out_len = size + VIZ_SEAL_OVERHEAD;
	return VIZ_OK;
}

bool viz_offer_seal_fits(const struct viz_offer_secret *s, struct viz_time time,
			 const struct viz_federation *f)
{
	return viz_offer_drawn(s) <= (uint64_t)f->ask_max && s->drawn.ms <= time.ms &&
	       s->drawn.ms + f->draw_ms >= time.ms;
}
