#include "node/offer/commitment.h"

#include "crypto/hash.h"
#include "proto/base.h"
#include "proto/limits.h"

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

void viz_commitment_pledge(struct viz_id *out, const struct viz_id *offer,
			   const struct viz_id *pledger, const struct viz_id *blinded,
			   const uint8_t nonce[32])
{
	struct viz_hash h;

	viz_hash_init(&h, "vizinho/pledge");
	viz_hash_id(&h, offer);
	viz_hash_id(&h, pledger);
	viz_hash_id(&h, blinded);
	viz_hash_part(&h, nonce, 32);
	viz_hash_final(&h, out);
}

void viz_commitment_choice(struct viz_id *out, const struct viz_secret *blinding,
			   const struct viz_id *offer, uint64_t k, const struct viz_id *recipient)
{
	struct viz_hash h;

	viz_hash_init(&h, "vizinho/choice");
	viz_hash_part(&h, blinding->b, sizeof blinding->b);
	viz_hash_id(&h, offer);
	viz_hash_u64(&h, k);
	viz_hash_id(&h, recipient);
	viz_hash_final(&h, out);
}

size_t viz_commitment_order(uint8_t *out, const struct viz_id *offer, const struct viz_id *close,
			    const struct viz_secret *salt, const struct viz_commitment_item *item,
			    size_t count)
{
	struct viz_id seed, rank[VIZ_ASKED_MAX];
	struct viz_hash h;
	size_t n = 0;

	VIZ_REQUIRE(count <= VIZ_ASKED_MAX);
	viz_hash_init(&h, "vizinho/order");
	viz_hash_id(&h, offer);
	viz_hash_id(&h, close);
	viz_hash_part(&h, salt->b, sizeof salt->b);
	for (size_t i = 0; i < count; i++) {
		if (!item[i].revealed)
			continue;
		viz_hash_id(&h, &item[i].pledge);
		viz_hash_id(&h, &item[i].nonce);
	}
	viz_hash_final(&h, &seed);
	for (size_t i = 0; i < count; i++) {
		struct viz_id own;
		size_t at = n;

		if (!item[i].revealed)
			continue;
		hash(&own, "vizinho/order-item", seed.b, item[i].pledge.b, 32);
		for (; at > 0 && viz_id_cmp(&rank[at - 1], &own) > 0; at--) {
			rank[at] = rank[at - 1];
			out[at] = out[at - 1];
		}
		rank[at] = own;
		out[at] = (uint8_t)i;
		n++;
	}
	return n;
}
