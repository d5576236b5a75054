#include "crypto/id.h"

#include "crypto/hash.h"

#define PREFIX_MAX  8
#define ID_CHARS    52 /* 260 bits: 256 and four of zero */
#define CHECK_CHARS 7
#define CHECK_BYTES 5 /* of which the first 35 bits count */

static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz234567";

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

/* `chars` base32 characters of the bits of `in`, most significant first. Behind the end of `in` the
 * bits are zero. */
static void encode(char *out, size_t chars, const uint8_t *in, size_t len)
{
	for (size_t i = 0; i < chars; i++) {
		size_t bit = 5 * i;
		unsigned pair = (unsigned)in[bit / 8] << 8;

		if (bit / 8 + 1 < len)
			pair |= in[bit / 8 + 1];
		out[i] = alphabet[(pair >> (11 - bit % 8)) & 31];
	}
}

/* ASCII only: a locale must not change what an identifier means. */
static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static int value_of(char c)
{
	c = lower(c);
	if (c >= 'a' && c <= 'z')
		return c - 'a';
	if (c >= '2' && c <= '7')
		return c - '2' + 26;
	return -1;
}

/* The reverse of encode for ID_CHARS characters. */
static int decode(uint8_t out[32], const char *in)
{
	unsigned held = 0;
	unsigned bits = 0;
	size_t n = 0;

	for (size_t i = 0; i < ID_CHARS; i++) {
		int v = value_of(in[i]);

		if (v < 0)
			return VIZ_ERR_FORM;
		held = (held << 5 | (unsigned)v) & 0xfff;
		bits += 5;
		if (bits >= 8 && n < 32) {
			bits -= 8;
			out[n++] = (uint8_t)(held >> bits);
		}
	}
	return (held & 15) == 0 ? VIZ_OK : VIZ_ERR_FORM;
}

static void checksum(char out[CHECK_CHARS], const char *prefix, const uint8_t bytes[32])
{
	struct viz_hash h;
	struct viz_id sum;

	viz_hash_init(&h, "vizinho/text");
	viz_hash_part(&h, (const uint8_t *)prefix, strlen(prefix));
	viz_hash_part(&h, bytes, 32);
	viz_hash_final(&h, &sum);
	encode(out, CHECK_CHARS, sum.b, CHECK_BYTES);
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
	encode(out + len, ID_CHARS, bytes, 32);
	len += ID_CHARS;
	checksum(out + len, prefix, bytes);
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
	if (decode(bytes, text) != VIZ_OK)
		return VIZ_ERR_FORM;
	checksum(sum, prefix, bytes);
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
