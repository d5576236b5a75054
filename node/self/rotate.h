/* A change of our keys, and records that a wrong clock has dated. */
#ifndef VIZ_NODE_SELF_ROTATE_H
#define VIZ_NODE_SELF_ROTATE_H

#include "proto/base.h"

struct viz_id;
struct viz_net;
struct viz_secret;

/* At the start: when the clock was fast and no longer is, signs what it dated ahead anew. A slow
 * clock looks the same, but for others' records, which are ahead too: then nothing is done, but
 * said. */
void viz_self_redate(struct viz_net *net);

/* Rotates to the revealed next key: SUCCESSION, all replaceable records signed anew, a new
 * transport key. `revocation` gets the pre-signed REVOCATION of the new key (room: 512 bytes);
 * asked again for the change that was done last, it gives the same bytes again. VIZ_ERR_AUTH when
 * the seed is not the committed one, VIZ_ERR_STATE when our own NODE is ahead of the clock. */
int viz_self_rotate(struct viz_net *net, uint8_t *revocation, size_t *revocation_len,
		    const struct viz_secret *next_seed, const struct viz_id *following_hash);

#endif
