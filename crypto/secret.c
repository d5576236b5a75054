#include "crypto/secret.h"

#include <sodium.h>

bool viz_secret_eq(const uint8_t *a, const uint8_t *b, size_t len)
{
	return sodium_memcmp(a, b, len) == 0;
}

void viz_secret_wipe(void *p, size_t len)
{
	sodium_memzero(p, len);
}
