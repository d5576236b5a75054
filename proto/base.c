#include "proto/base.h"

const char *viz_err_name(int err)
{
	switch ((enum viz_err)err) {
	case VIZ_OK:
		return "ok";
	case VIZ_ERR_FORM:
		return "form";
	case VIZ_ERR_LIMIT:
		return "limit";
	case VIZ_ERR_AUTH:
		return "auth";
	case VIZ_ERR_MEANING:
		return "meaning";
	case VIZ_ERR_ABSENT:
		return "absent";
	case VIZ_ERR_EXISTS:
		return "exists";
	case VIZ_ERR_STATE:
		return "state";
	case VIZ_ERR_STORE:
		return "store";
	case VIZ_ERR_NOMEM:
		return "memory";
	case VIZ_ERR_INPUT:
		return "input";
	}
	return "unknown";
}

void viz_put_u16be(uint8_t *out, uint16_t v)
{
	out[0] = (uint8_t)(v >> 8);
	out[1] = (uint8_t)v;
}

void viz_put_u32be(uint8_t *out, uint32_t v)
{
	viz_put_u16be(out, (uint16_t)(v >> 16));
	viz_put_u16be(out + 2, (uint16_t)v);
}

void viz_put_u64be(uint8_t *out, uint64_t v)
{
	viz_put_u32be(out, (uint32_t)(v >> 32));
	viz_put_u32be(out + 4, (uint32_t)v);
}

uint16_t viz_get_u16be(const uint8_t *in)
{
	return (uint16_t)((in[0] << 8) | in[1]);
}

uint32_t viz_get_u32be(const uint8_t *in)
{
	return ((uint32_t)viz_get_u16be(in) << 16) | viz_get_u16be(in + 2);
}

uint64_t viz_get_u64be(const uint8_t *in)
{
	return ((uint64_t)viz_get_u32be(in) << 32) | viz_get_u32be(in + 4);
}

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

int viz_unhex(uint8_t *out, size_t len, const char *in)
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
