#include "crypto/webhook.h"

#include <sodium.h>

#define PREFIX "whsec_"

int viz_webhook_secret_read(struct viz_webhook_secret *out, const char *text)
{
	struct viz_webhook_secret s = {0};
	const char *end = NULL;
	int err = VIZ_ERR_INPUT;

	if (strncmp(text, PREFIX, strlen(PREFIX)) != 0)
		return err;
	text += strlen(PREFIX);
	if (sodium_base642bin(s.b, sizeof s.b, text, strlen(text), NULL, &s.len, &end,
			      sodium_base64_VARIANT_ORIGINAL) == 0 &&
	    *end == '\0' && s.len >= VIZ_WEBHOOK_SECRET_MIN) {
		*out = s;
		err = VIZ_OK;
	}
	sodium_memzero(&s, sizeof s);
	return err;
}

void viz_webhook_sign(char out[VIZ_WEBHOOK_SIGNED_MAX], const struct viz_webhook_secret *secret,
		      const char *id, int64_t timestamp, const char *body, size_t len)
{
	crypto_auth_hmacsha256_state state;
	uint8_t mac[crypto_auth_hmacsha256_BYTES];
	char at[32];

	snprintf(at, sizeof at, ".%lld.", (long long)timestamp);
	crypto_auth_hmacsha256_init(&state, secret->b, secret->len);
	crypto_auth_hmacsha256_update(&state, (const uint8_t *)id, strlen(id));
	crypto_auth_hmacsha256_update(&state, (const uint8_t *)at, strlen(at));
	crypto_auth_hmacsha256_update(&state, (const uint8_t *)body, len);
	crypto_auth_hmacsha256_final(&state, mac);
	memcpy(out, "v1,", 3);
	sodium_bin2base64(out + 3, VIZ_WEBHOOK_SIGNED_MAX - 3, mac, sizeof mac,
			  sodium_base64_VARIANT_ORIGINAL);
	sodium_memzero(&state, sizeof state);
}
