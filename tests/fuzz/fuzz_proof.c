/* The line of a customer's proof, as a stranger may write it. What is read is written as the same
 * line. */
#include <stdint.h>

#include "crypto/crypto.h"
#include "node/offer/proof.h"
#include "proto/base.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct viz_offer_proof proof;
	char text[VIZ_PROOF_LINE_MAX + 2], again[VIZ_PROOF_LINE_MAX + 1];

	VIZ_REQUIRE(viz_crypto_init() == VIZ_OK);
	if (size >= sizeof text)
		size = sizeof text - 1;
	memcpy(text, data, size);
	text[size] = '\0';
	if (viz_offer_proof_read(&proof, text) == VIZ_OK) {
		VIZ_REQUIRE(viz_offer_proof_text(again, &proof.line) == VIZ_OK);
		VIZ_REQUIRE(strcmp(again, text) == 0);
	}
	return 0;
}
