/* Commitments and the order that nobody chose. PROTOCOL.md section 9. */
#ifndef VIZ_NODE_OFFER_COMMITMENT_H
#define VIZ_NODE_OFFER_COMMITMENT_H

#include "proto/base.h"

struct viz_id;
struct viz_reveal_entry;
struct viz_secret;

/* H("vizinho/offer-key-hash", key). */
void viz_offer_key_hash(struct viz_id *out, const struct viz_secret *key);

/* The order that nobody chose: sorts `pledge` (count of them, with their nonces) by
 * H("vizinho/order-item", seed, pledge), seed = H("vizinho/order", offer, close, salt, pledge and
 * nonce of each, ascending by pledge). */
void viz_offer_order(struct viz_id *out, const struct viz_id *offer, const struct viz_id *close,
		     const struct viz_secret *salt, const struct viz_reveal_entry *entry,
		     size_t count);

void viz_commitment(struct viz_id *out, const char *domain, const struct viz_id *a,
		    const uint8_t *b, size_t len);

#endif
