/* A change of our keys, and a repair of dates that a wrong clock gave to our records. */
#ifndef VIZ_NODE_SELF_ROTATE_H
#define VIZ_NODE_SELF_ROTATE_H

#include "proto/base.h"

struct viz_id;
struct viz_net;
struct viz_secret;

/* Call it at the start. If our clock was fast when we signed our records and is right now, signs
 * again those that are ahead of the clock. If the clock is slow now, our records are ahead as well,
 * but so are those of others: then it only logs. */
void viz_self_rotate_redate(struct viz_net *net);

/* Changes to the next key, whose seed is `next_seed`: publishes SUCCESSION, draws a new transport
 * key, and signs all replaceable records again. `following_hash` is the commitment to the key after
 * it. `revocation` receives the pre-signed REVOCATION of the new key; it holds 512 bytes. If the
 * last change is asked for again, its REVOCATION is returned again, with the same bytes.
 * VIZ_ERR_AUTH: the seed is not the committed one, or VIZ_KEYS_MAX is reached. VIZ_ERR_STATE: our
 * clock is slow. */
int viz_self_rotate(struct viz_net *net, uint8_t *revocation, size_t *revocation_len,
		    const struct viz_secret *next_seed, const struct viz_id *following_hash);

#endif
