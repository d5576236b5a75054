#include "crypto/crypto.h"

#include <sodium.h>

int viz_crypto_init(void)
{
	return sodium_init() < 0 ? VIZ_ERR_STATE : VIZ_OK;
}
