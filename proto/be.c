#include "proto/base.h"

void viz_be_put_u16(uint8_t *out, uint16_t v)
{
	out[0] = (uint8_t)(v >> 8);
	out[1] = (uint8_t)v;
}

void viz_be_put_u32(uint8_t *out, uint32_t v)
{
	viz_be_put_u16(out, (uint16_t)(v >> 16));
	viz_be_put_u16(out + 2, (uint16_t)v);
}

void viz_be_put_u64(uint8_t *out, uint64_t v)
{
	viz_be_put_u32(out, (uint32_t)(v >> 32));
	viz_be_put_u32(out + 4, (uint32_t)v);
}

uint16_t viz_be_get_u16(const uint8_t *in)
{
	return (uint16_t)((in[0] << 8) | in[1]);
}

uint32_t viz_be_get_u32(const uint8_t *in)
{
	return ((uint32_t)viz_be_get_u16(in) << 16) | viz_be_get_u16(in + 2);
}

uint64_t viz_be_get_u64(const uint8_t *in)
{
	return ((uint64_t)viz_be_get_u32(in) << 32) | viz_be_get_u32(in + 4);
}
