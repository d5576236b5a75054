/* Commitments and the order that nobody chose. PROTOCOL.md section 9. */
#ifndef VIZ_NODE_OFFER_COMMITMENT_H
#define VIZ_NODE_OFFER_COMMITMENT_H

#include "proto/base.h"

struct viz_id;
struct viz_reveal_entry;
struct viz_secret;

/* H("vizinho/offer-key-hash", key). */
void viz_commitment_offer_key(struct viz_id *out, const struct viz_secret *key);

/* The order that nobody chose: sorts `pledge` (count of them, with their nonces) by
 * H("vizinho/order-item", seed, pledge), seed = H("vizinho/order", offer, close, salt, pledge and
 * nonce of each, ascending by pledge). */
void viz_commitment_order(struct viz_id *out, const struct viz_id *offer,
			  const struct viz_id *close, const struct viz_secret *salt,
			  const struct viz_reveal_entry *entry, size_t count);

/* H(domain, blinding, bytes): "vizinho/location", "vizinho/receipt", "vizinho/order-salt" (no
 * bytes), "vizinho/choice" (the chosen pledge), "vizinho/proposal". */
void viz_commitment(struct viz_id *out, const char *domain, const struct viz_secret *blinding,
		    const uint8_t *bytes, size_t len);

/* What a PLEDGE commits to: H("vizinho/pledge", blinded, nonce); `blinded` is the commitment
 * "vizinho/proposal". */
void viz_commitment_pledge(struct viz_id *out, const struct viz_id *blinded,
			   const uint8_t nonce[32]);

#endif
