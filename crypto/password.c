#include "crypto/password.h"

#include <sodium.h>

#define MEMORY_MAX_KIB 65536
#define PASSES_MAX     16

int viz_password_derive(uint8_t out[VIZ_PASSWORD_BYTES], const char *password, size_t len,
			const uint8_t salt[VIZ_PASSWORD_SALT], const struct viz_password_cost *cost)
{
	_Static_assert(VIZ_PASSWORD_SALT == crypto_pwhash_argon2id_SALTBYTES, "the salt's length");
	if (cost->memory_kib < 8 || cost->memory_kib > MEMORY_MAX_KIB || cost->passes < 1 ||
	    cost->passes > PASSES_MAX)
		return VIZ_ERR_LIMIT;
	if (crypto_pwhash(out, VIZ_PASSWORD_BYTES, password, len, salt, cost->passes,
			  (size_t)cost->memory_kib * 1024, crypto_pwhash_ALG_ARGON2ID13) != 0)
		return VIZ_ERR_NOMEM;
	return VIZ_OK;
}
