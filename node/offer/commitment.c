#include "node/offer/commitment.h"

#include "crypto/hash.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/offer.h"

void viz_commitment_offer_key(struct viz_id *out, const struct viz_secret *key)
{
	struct viz_hash h;

	viz_hash_init(&h, "vizinho/offer-key-hash");
	viz_hash_part(&h, key->b, sizeof key->b);
	viz_hash_final(&h, out);
}

static void hash(struct viz_id *out, const char *domain, const uint8_t first[32],
		 const uint8_t *bytes, size_t len)
{
	struct viz_hash h;

	viz_hash_init(&h, domain);
	viz_hash_part(&h, first, 32);
	viz_hash_part(&h, bytes, len);
	viz_hash_final(&h, out);
}

void viz_commitment(struct viz_id *out, const char *domain, const struct viz_secret *blinding,
		    const uint8_t *bytes, size_t len)
{
	hash(out, domain, blinding->b, bytes, len);
}

void viz_commitment_pledge(struct viz_id *out, const struct viz_id *blinded,
			   const uint8_t nonce[32])
{
	hash(out, "vizinho/pledge", blinded->b, nonce, 32);
}

void viz_commitment_order(struct viz_id *out, const struct viz_id *offer,
			  const struct viz_id *close, const struct viz_secret *salt,
			  const struct viz_reveal_entry *entry, size_t count)
{
	struct viz_id seed, rank[VIZ_ELIGIBLE_MAX];
	struct viz_hash h;
	size_t n = 0;

	viz_hash_init(&h, "vizinho/order");
	viz_hash_id(&h, offer);
	viz_hash_id(&h, close);
	viz_hash_part(&h, salt->b, sizeof salt->b);
	for (size_t i = 0; i < count; i++) {
		if (!entry[i].revealed)
			continue;
		viz_hash_id(&h, &entry[i].pledge);
		viz_hash_id(&h, &entry[i].nonce);
	}
	viz_hash_final(&h, &seed);
	for (size_t i = 0; i < count; i++) {
		struct viz_id own;
		size_t at = n;

		if (!entry[i].revealed)
			continue;
		hash(&own, "vizinho/order-item", seed.b, entry[i].pledge.b, 32);
		for (; at > 0 && viz_id_cmp(&rank[at - 1], &own) > 0; at--) {
			rank[at] = rank[at - 1];
			out[at] = out[at - 1];
		}
		rank[at] = own;
		out[at] = entry[i].pledge;
		n++;
	}
}
