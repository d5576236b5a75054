/* The sealed part of OFFER, under the offer key. PROTOCOL.md section 9. */
#ifndef VIZ_NODE_OFFER_SEAL_H
#define VIZ_NODE_OFFER_SEAL_H

#include "proto/offer.h"

struct viz_federation;
struct viz_rng;

/* Opens the sealed part with the offer key. VIZ_ERR_AUTH: another key, origin or slot;
 * VIZ_ERR_FORM, VIZ_ERR_LIMIT, VIZ_ERR_MEANING: the origin sealed no valid body. */
int viz_offer_seal_open(struct viz_offer_secret *out, const struct viz_offer *o,
			const struct viz_secret *key, const struct viz_id *origin, uint64_t slot);

/* Seals `secret` with a random nonce. `out` holds VIZ_OFFER_SEALED_MAX bytes; *out_len are used.
 * VIZ_ERR_LIMIT: it does not fit. */
int viz_offer_seal(struct viz_rng *rng, uint8_t *out, size_t *out_len, const struct viz_secret *key,
		   const struct viz_offer_secret *secret, const struct viz_id *origin,
		   uint64_t slot);

/* Whether the lists can be those of an OFFER of this time: not more than ask_max were drawn, not
 * later and at most draw_ms before. */
bool viz_offer_seal_fits(const struct viz_offer_secret *s, struct viz_time time,
			 const struct viz_federation *f);

#endif
