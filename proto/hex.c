#include "proto/base.h"

void viz_hex(char *out, const uint8_t *in, size_t len)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < len; i++) {
		out[2 * i] = digits[in[i] >> 4];
		out[2 * i + 1] = digits[in[i] & 15];
	}
	out[2 * len] = '\0';
}

static int nibble(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

int viz_hex_parse(uint8_t *out, size_t len, const char *in)
{
	if (strlen(in) != 2 * len)
		return VIZ_ERR_FORM;
	for (size_t i = 0; i < 2 * len; i++)
		if (nibble(in[i]) < 0)
			return VIZ_ERR_FORM;
	for (size_t i = 0; i < len; i++)
		out[i] = (uint8_t)((nibble(in[2 * i]) << 4) | nibble(in[2 * i + 1]));
	return VIZ_OK;
}
