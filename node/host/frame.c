#include "node/host/frame.h"

bool viz_host_frame_whole(const uint8_t *bytes, size_t have, size_t *len)
{
	*len = 0;
	if (have < VIZ_FRAME_HEADER)
		return false;
	*len = viz_be_get_u16(bytes);
	return have - VIZ_FRAME_HEADER >= *len;
}

int viz_host_frame_unpad(enum viz_frame_kind *kind, size_t *body_len, const uint8_t *plain,
			 size_t len)
{
	enum viz_frame_kind what = VIZ_FRAME_BODY;
	size_t body;

	if (len < VIZ_FRAME_HEADER)
		return VIZ_ERR_FORM;
	body = viz_be_get_u16(plain);
	if (body == 0) {
		what = VIZ_FRAME_KEEPALIVE;
	} else if (body == 0xffff) {
		what = VIZ_FRAME_REKEY;
		body = 0;
	}
	if (body > len - VIZ_FRAME_HEADER)
		return VIZ_ERR_FORM;
	for (size_t i = VIZ_FRAME_HEADER + body; i < len; i++)
		if (plain[i] != 0)
			return VIZ_ERR_FORM;
	*kind = what;
	*body_len = body;
	return VIZ_OK;
}
