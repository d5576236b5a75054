#include "crypto/hash.h"

#include <sodium.h>

_Static_assert(sizeof(struct viz_hash) >= sizeof(crypto_generichash_state),
	       "struct viz_hash holds libsodium's state");
_Static_assert(_Alignof(struct viz_hash) >= _Alignof(crypto_generichash_state),
	       "struct viz_hash is aligned as libsodium's state");

#define DOMAIN_MAX 64

static crypto_generichash_state *inner(struct viz_hash *h)
{
	return (crypto_generichash_state *)(void *)h->state;
}

void viz_hash_init(struct viz_hash *h, const char *domain)
{
	size_t len = strlen(domain);
	uint8_t prefix = (uint8_t)len;

	VIZ_REQUIRE(len >= 1 && len <= DOMAIN_MAX);
	crypto_generichash_init(inner(h), NULL, 0, sizeof(struct viz_id));
	crypto_generichash_update(inner(h), &prefix, 1);
	crypto_generichash_update(inner(h), (const uint8_t *)domain, len);
}

void viz_hash_part(struct viz_hash *h, const uint8_t *bytes, size_t len)
{
	uint8_t prefix[8];

	for (size_t i = 0; i < sizeof prefix; i++)
		prefix[i] = (uint8_t)((uint64_t)len >> (8 * i));
	crypto_generichash_update(inner(h), prefix, sizeof prefix);
	if (len > 0)
		crypto_generichash_update(inner(h), bytes, len);
}

void viz_hash_id(struct viz_hash *h, const struct viz_id *id)
{
	viz_hash_part(h, id->b, sizeof id->b);
}

void viz_hash_u64(struct viz_hash *h, uint64_t v)
{
	uint8_t be[8];

	viz_be_put_u64(be, v);
	viz_hash_part(h, be, sizeof be);
}

void viz_hash_final(struct viz_hash *h, struct viz_id *out)
{
	crypto_generichash_final(inner(h), out->b, sizeof out->b);
	/* Blindings and salts pass through here: the state is as secret as they are. */
	sodium_memzero(h, sizeof *h);
}

void viz_hash_plain(struct viz_id *out, const uint8_t *bytes, size_t len)
{
	crypto_generichash(out->b, sizeof out->b, bytes, len, NULL, 0);
}
