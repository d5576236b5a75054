#include "crypto/base32.h"

#include "crypto/hash.h"

static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz234567";

void viz_base32_write(char *out, size_t chars, const uint8_t *in, size_t len)
{
	for (size_t i = 0; i < chars; i++) {
		size_t bit = 5 * i;
		unsigned pair = (unsigned)in[bit / 8] << 8;

		if (bit / 8 + 1 < len)
			pair |= in[bit / 8 + 1];
		out[i] = alphabet[(pair >> (11 - bit % 8)) & 31];
	}
}

static int value_of(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a';
	if (c >= '2' && c <= '7')
		return c - '2' + 26;
	return -1;
}

int viz_base32_read(uint8_t *out, const char *in, size_t chars)
{
	unsigned held = 0;
	unsigned bits = 0;
	size_t n = 0;

	for (size_t i = 0; i < chars; i++) {
		int v = value_of(in[i]);

		if (v < 0)
			return VIZ_ERR_FORM;
		held = (held << 5 | (unsigned)v) & 0xfff;
		bits += 5;
		if (bits >= 8) {
			bits -= 8;
			out[n++] = (uint8_t)(held >> bits);
		}
	}
	return bits < 5 && (held & ((1U << bits) - 1)) == 0 ? VIZ_OK : VIZ_ERR_FORM;
}

void viz_base32_checksum(char out[VIZ_BASE32_CHECK], const char *prefix, const uint8_t *bytes,
			 size_t len)
{
	struct viz_hash h;
	struct viz_id sum;

	viz_hash_init(&h, "vizinho/text");
	viz_hash_part(&h, (const uint8_t *)prefix, strlen(prefix));
	viz_hash_part(&h, bytes, len);
	viz_hash_final(&h, &sum);
	viz_base32_write(out, VIZ_BASE32_CHECK, sum.b, sizeof sum.b);
}

/* ASCII only: a locale must not change what an identifier means. */
static void raise_case(char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (text[i] >= 'a' && text[i] <= 'z')
			text[i] = (char)(text[i] - 'a' + 'A');
}

int viz_base32_line(char *out, size_t max, const char *prefix, const uint8_t *bytes, size_t len)
{
	size_t at = strlen(prefix) + 2, chars = VIZ_BASE32_CHARS(len);

	if (at + chars + VIZ_BASE32_CHECK >= max)
		return VIZ_ERR_LIMIT;
	memcpy(out, prefix, at - 2);
	memcpy(out + at - 2, "1.", 2);
	viz_base32_write(out + at, chars, bytes, len);
	viz_base32_checksum(out + at + chars, prefix, bytes, len);
	raise_case(out + at, chars + VIZ_BASE32_CHECK);
	out[at + chars + VIZ_BASE32_CHECK] = '\0';
	return VIZ_OK;
}

int viz_base32_line_read(uint8_t *out, size_t *len, size_t max, const char *prefix,
			 const char *text)
{
	size_t at = strlen(prefix), total = strlen(text), chars, n;
	char sum[VIZ_BASE32_CHECK];

	if (total < at + 2 + VIZ_BASE32_CHECK || strncmp(text, prefix, at) != 0 ||
	    strncmp(text + at, "1.", 2) != 0)
		return VIZ_ERR_FORM;
	text += at + 2;
	chars = total - at - 2 - VIZ_BASE32_CHECK;
	n = chars * 5 / 8;
	if (n > max)
		return VIZ_ERR_LIMIT;
	if (VIZ_BASE32_CHARS(n) != chars || strpbrk(text, "abcdefghijklmnopqrstuvwxyz") != NULL ||
	    viz_base32_read(out, text, chars) != VIZ_OK)
		return VIZ_ERR_FORM;
	viz_base32_checksum(sum, prefix, out, n);
	raise_case(sum, sizeof sum);
	if (memcmp(sum, text + chars, sizeof sum) != 0)
		return VIZ_ERR_FORM;
	*len = n;
	return VIZ_OK;
}
