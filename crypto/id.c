#include "crypto/id.h"

#include "crypto/base32.h"
#include "crypto/hash.h"

#define PREFIX_MAX  8
#define ID_CHARS    52 /* 260 bits: 256 and four of zero */
#define CHECK_CHARS VIZ_BASE32_CHECK

void viz_id_author(struct viz_id *out, const struct viz_id *federation,
		   const struct viz_birth *birth)
{
	struct viz_hash h;

	viz_hash_init(&h, "vizinho/author");
	viz_hash_id(&h, federation);
	viz_hash_part(&h, birth->first_key.b, sizeof birth->first_key.b);
	viz_hash_id(&h, &birth->next_hash);
	viz_hash_part(&h, birth->nonce, sizeof birth->nonce);
	viz_hash_final(&h, out);
}

void viz_id_next_hash(struct viz_id *out, const struct viz_pub *key)
{
	struct viz_hash h;

	viz_hash_init(&h, "vizinho/next-key");
	viz_hash_part(&h, key->b, sizeof key->b);
	viz_hash_final(&h, out);
}

/* ASCII only: a locale must not change what an identifier means. */
static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static size_t prefix_len(const char *prefix)
{
	size_t len = strlen(prefix);

	VIZ_REQUIRE(len >= 1 && len <= PREFIX_MAX);
	for (size_t i = 0; i < len; i++)
		VIZ_REQUIRE(prefix[i] >= 'a' && prefix[i] <= 'z');
	return len;
}

void viz_id_text(char out[VIZ_TEXT_ID_MAX], const char *prefix, const uint8_t bytes[32])
{
	size_t len = prefix_len(prefix);

	memcpy(out, prefix, len);
	out[len++] = '1';
	viz_base32_write(out + len, ID_CHARS, bytes, 32);
	len += ID_CHARS;
	viz_base32_checksum(out + len, prefix, bytes, 32);
	out[len + CHECK_CHARS] = '\0';
}

int viz_id_parse(uint8_t out[32], const char *prefix, const char *text)
{
	size_t len = prefix_len(prefix);
	uint8_t bytes[32];
	char sum[CHECK_CHARS];

	if (strnlen(text, VIZ_TEXT_ID_MAX) != len + 1 + ID_CHARS + CHECK_CHARS)
		return VIZ_ERR_FORM;
	for (size_t i = 0; i < len; i++)
		if (lower(text[i]) != prefix[i])
			return VIZ_ERR_FORM;
	if (text[len] != '1')
		return VIZ_ERR_FORM;
	text += len + 1;
	if (viz_base32_read(bytes, text, ID_CHARS) != VIZ_OK)
		return VIZ_ERR_FORM;
	viz_base32_checksum(sum, prefix, bytes, 32);
	for (size_t i = 0; i < CHECK_CHARS; i++)
		if (lower(text[ID_CHARS + i]) != sum[i])
			return VIZ_ERR_FORM;
	memcpy(out, bytes, sizeof bytes);
	return VIZ_OK;
}

void viz_id_fingerprint(char out[VIZ_FINGERPRINT_MAX], const struct viz_id *author,
			const struct viz_pub *key)
{
	struct viz_hash h;
	struct viz_id sum;

	viz_hash_init(&h, "vizinho/fingerprint");
	viz_hash_id(&h, author);
	viz_hash_part(&h, key->b, sizeof key->b);
	viz_hash_final(&h, &sum);
	for (size_t group = 0; group < 6; group++) {
		uint64_t v = 0;

		for (size_t i = 0; i < 5; i++)
			v = v << 8 | sum.b[5 * group + i];
		v %= 100000;
		for (size_t i = 5; i-- > 0; v /= 10)
			out[6 * group + i] = (char)('0' + v % 10);
		out[6 * group + 5] = group < 5 ? ' ' : '\0';
	}
}
