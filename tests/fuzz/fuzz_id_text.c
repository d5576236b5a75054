/* A text that parses is the text of its result. Any 32 bytes come back from their text. */
#include "tests/fuzz/fuzz.h"

#include "crypto/crypto.h"
#include "crypto/id.h"

static void lower(char *s)
{
	for (; *s != '\0'; s++)
		if (*s >= 'A' && *s <= 'Z')
			*s = (char)(*s - 'A' + 'a');
}

static void parse(const char *prefix, const char *text)
{
	uint8_t id[32];
	char again[VIZ_TEXT_ID_MAX];
	char lowered[VIZ_TEXT_ID_MAX];

	if (viz_id_parse(id, prefix, text) != VIZ_OK)
		return;
	viz_id_text(again, prefix, id);
	VIZ_REQUIRE(strlen(text) < sizeof lowered);
	memcpy(lowered, text, strlen(text) + 1);
	lower(lowered);
	VIZ_REQUIRE(strcmp(again, lowered) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char *text = malloc(len + 1);

	VIZ_REQUIRE(viz_crypto_init() == VIZ_OK && text != NULL);
	if (len > 0)
		memcpy(text, data, len);
	text[len] = '\0';
	parse("viz", text);
	parse("vizkey", text);
	free(text);
	if (len >= 32) {
		uint8_t back[32];
		char out[VIZ_TEXT_ID_MAX];

		viz_id_text(out, "viz", data);
		VIZ_REQUIRE(viz_id_parse(back, "viz", out) == VIZ_OK);
		VIZ_REQUIRE(memcmp(back, data, sizeof back) == 0);
	}
	return 0;
}
