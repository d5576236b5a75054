#include "node/offer/seal.h"

#include "crypto/rng.h"
#include "crypto/seal.h"
#include "node/core/ids.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/offer.h"
#include "proto/reader.h"
#include "proto/writer.h"

static int unseal(uint8_t *plain, struct viz_reader *r, const struct viz_secret *key,
		  const uint8_t *aad, size_t aad_len, const uint8_t *sealed, size_t sealed_len)
{
	size_t len = 0;
	int err = viz_seal_open(plain, key, aad, aad_len, sealed, sealed_len);

	if (err == VIZ_OK)
		err = viz_offer_unpad(&len, plain, sealed_len - VIZ_SEAL_OVERHEAD);
	if (err == VIZ_OK)
		viz_reader_init(r, plain + 2, len);
	return err;
}

int viz_offer_seal_open(struct viz_offer_secret *out, const struct viz_offer *o,
			const struct viz_secret *key, const struct viz_id *origin, uint64_t slot)
{
	uint8_t plain[VIZ_OFFER_SEALED_MAX], aad[VIZ_ID_SLOT_LEN];
	struct viz_reader r;
	int err;

	viz_id_slot_key(aad, origin, slot);
	err = unseal(plain, &r, key, aad, sizeof aad, o->sealed, o->sealed_len);
	if (err != VIZ_OK)
		return err;
	viz_offer_secret_read(&r, out);
	return viz_reader_finish(&r);
}

int viz_offer_seal_open_pledge(struct viz_pledge_secret *out, const struct viz_pledge *p,
			       const struct viz_secret *key, const struct viz_id *author)
{
	uint8_t plain[VIZ_PLEDGE_PLAIN];
	struct viz_reader r;
	int err = unseal(plain, &r, key, author->b, sizeof author->b, p->sealed, p->sealed_len);

	if (err != VIZ_OK)
		return err;
	viz_pledge_secret_read(&r, out);
	return viz_reader_finish(&r);
}

/* Seals the `len` bytes that stand in `plain` from offset 2 on, padded to `size` bytes in all. */
static void seal(struct viz_rng *rng, uint8_t *out, const struct viz_secret *key,
		 const uint8_t *aad, size_t aad_len, uint8_t *plain, size_t len, size_t size)
{
	uint8_t nonce[24];

	viz_offer_pad(plain, len, size);
	viz_rng_bytes(rng, nonce, sizeof nonce);
	viz_seal(out, key, nonce, aad, aad_len, plain, size);
}

int viz_offer_seal(struct viz_rng *rng, uint8_t *out, size_t *out_len, const struct viz_secret *key,
		   const struct viz_offer_secret *secret, const struct viz_id *origin,
		   uint64_t slot)
{
	uint8_t plain[VIZ_OFFER_SEALED_MAX], aad[VIZ_ID_SLOT_LEN];
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
	seal(rng, out, key, aad, sizeof aad, plain, len, size);
	*out_len = size + VIZ_SEAL_OVERHEAD;
	return VIZ_OK;
}

void viz_offer_seal_pledge(struct viz_rng *rng, uint8_t out[VIZ_PLEDGE_SEALED],
			   const struct viz_secret *key, const struct viz_pledge_secret *secret,
			   const struct viz_id *author)
{
	uint8_t plain[VIZ_PLEDGE_PLAIN];
	struct viz_writer w;

	viz_writer_init(&w, plain + 2, sizeof plain - 2);
	viz_pledge_secret_write(&w, secret);
	seal(rng, out, key, author->b, sizeof author->b, plain, viz_writer_done(&w).len,
	     sizeof plain);
}
