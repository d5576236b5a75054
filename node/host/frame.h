/* Frames and paddings (node/core/event.h, PROTOCOL.md section 6). Pure. */
#ifndef VIZ_NODE_HOST_FRAME_H
#define VIZ_NODE_HOST_FRAME_H

#include "proto/base.h"

#define VIZ_FRAME_HEADER    2     /* u16be length */
#define VIZ_FRAME_MAX       65535 /* bytes of a Noise message */
#define VIZ_FRAME_PLAIN_MAX 65519 /* bytes of plaintext: length, body, padding */
#define VIZ_FRAME_BODY_MAX  65517
#define VIZ_FRAME_TAG       16
#define VIZ_FRAME_BUFFER    (VIZ_FRAME_HEADER + VIZ_FRAME_MAX)

enum viz_frame_kind {
	VIZ_FRAME_BODY,
	VIZ_FRAME_KEEPALIVE,
	VIZ_FRAME_REKEY,
};

/* Whether `have` bytes hold a whole frame; *len gets the length of its message once the header is
 * there (0 before), so that a wrong one is refused before its bytes are waited for. */
bool viz_host_frame_whole(const uint8_t *bytes, size_t have, size_t *len);

/* Takes a plaintext apart: the body is at plain + 2. VIZ_ERR_FORM: shorter than its length field, a
 * body length past the end, a padding byte that is not zero. */
int viz_host_frame_unpad(enum viz_frame_kind *kind, size_t *body_len, const uint8_t *plain,
			 size_t len);

#endif
