#include "tools/web/totp.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>

#include "crypto/secret.h"

#define DIGITS 6
#define MAC    20

uint32_t viz_web_totp_code(const uint8_t *secret, size_t len, uint64_t step, unsigned digits)
{
	static const uint32_t power[] = {1000000, 10000000, 100000000};
	uint8_t mac[MAC], message[8];
	uint32_t code;

	VIZ_REQUIRE(digits >= 6 && digits <= 8);
	viz_be_put_u64(message, step);
	VIZ_REQUIRE(gnutls_hmac_fast(GNUTLS_MAC_SHA1, secret, len, message, sizeof message, mac) ==
		    0);
	/* RFC 4226, section 5.3: the last four bits say where the code begins. */
	code = viz_be_get_u32(mac + (mac[MAC - 1] & 15)) & 0x7fffffff;
	viz_secret_wipe(mac, sizeof mac);
	return code % power[digits - 6];
}

uint64_t viz_web_totp_check(const uint8_t secret[VIZ_WEB_TOTP_SECRET], const char *code,
			    int64_t now_s, uint64_t used)
{
	uint64_t now = (uint64_t)now_s / VIZ_WEB_TOTP_STEP_S, found = 0;
	char given[DIGITS + 1] = "", right[DIGITS + 1];
	size_t n = 0;

	for (; *code != '\0'; code++) {
		if (*code == ' ')
			continue;
		if (*code < '0' || *code > '9' || n == DIGITS)
			return 0;
		given[n++] = *code;
	}
	if (n != DIGITS)
		return 0;
	for (uint64_t step = now - 1; step <= now + 1; step++) {
		snprintf(right, sizeof right, "%06u",
			 viz_web_totp_code(secret, VIZ_WEB_TOTP_SECRET, step, DIGITS));
		if (viz_secret_eq((const uint8_t *)given, (const uint8_t *)right, DIGITS) &&
		    step > used && found == 0)
			found = step;
	}
	viz_secret_wipe(right, sizeof right);
	return found;
}
