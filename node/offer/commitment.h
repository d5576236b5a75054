/* Commitments and the order that nobody chose. PROTOCOL.md section 9. */
#ifndef VIZ_NODE_OFFER_COMMITMENT_H
#define VIZ_NODE_OFFER_COMMITMENT_H

#include "proto/base.h"

/* A pledge that may have been revealed. */
struct viz_commitment_item {
	bool revealed;
	struct viz_id pledge, nonce;
};

/* The order that nobody chose: the positions of the revealed items, ascending by
 * H("vizinho/order-item", seed, pledge), seed = H("vizinho/order", offer, close, salt, pledge and
 * nonce of each that is revealed). Returns how many; `out` holds `count`. */
size_t viz_commitment_order(uint8_t *out, const struct viz_id *offer, const struct viz_id *close,
			    const struct viz_secret *salt, const struct viz_commitment_item *item,
			    size_t count);

/* H(domain, blinding, bytes): "vizinho/location", "vizinho/receipt", "vizinho/order-salt" (no
 * bytes), "vizinho/proposal". */
void viz_commitment(struct viz_id *out, const char *domain, const struct viz_secret *blinding,
		    const uint8_t *bytes, size_t len);

/* What a PLEDGE commits to: H("vizinho/pledge", offer, pledger, blinded, nonce); `blinded` is the
 * commitment "vizinho/proposal". */
void viz_commitment_pledge(struct viz_id *out, const struct viz_id *offer,
			   const struct viz_id *pledger, const struct viz_id *blinded,
			   const uint8_t nonce[32]);

/* What CHOICE k commits to: H("vizinho/choice", blinding, offer, u64 k, recipient). */
void viz_commitment_choice(struct viz_id *out, const struct viz_secret *blinding,
			   const struct viz_id *offer, uint64_t k, const struct viz_id *recipient);

#endif
