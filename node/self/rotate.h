/* A change of our keys, and what we do when our clock was wrong. */
#ifndef VIZ_NODE_SELF_ROTATE_H
#define VIZ_NODE_SELF_ROTATE_H

#include "proto/base.h"

struct viz_id;
struct viz_net;
struct viz_secret;

/* Call it at the start. When our clock is behind what we have signed by more than a heartbeat, it
 * was fast then: we begin a new log and sign again what is ahead. When the difference is smaller,
 * or records of others are ahead too, our clock may be slow: then it only logs, and we publish
 * nothing until the clock has caught up. PROTOCOL.md section 1. */
void viz_self_rotate_check_clock(struct viz_net *net);

/* Signs NODE, which is due, and with it what has to be signed again: PARTNERS when the settings,
 * our key or our log are other ones, VOUCHes and COVERAGEs that a fast clock dated. While our clock
 * is behind what we have signed, it puts the heartbeat off. */
void viz_self_rotate_heartbeat(struct viz_net *net);

/* Changes to the next key, whose seed is `next_seed`: publishes SUCCESSION, draws a new transport
 * key, and signs all replaceable records again. `following_hash` is the commitment to the key after
 * it. `revocation` receives the pre-signed REVOCATION of the new key; it holds 512 bytes. If the
 * last change is asked for again, its REVOCATION is returned again, with the same bytes.
 * VIZ_ERR_AUTH: the seed is not the committed one, or VIZ_KEYS_MAX is reached. VIZ_ERR_STATE: our
 * clock is slow. */
int viz_self_rotate(struct viz_net *net, uint8_t *revocation, size_t *revocation_len,
		    const struct viz_secret *next_seed, const struct viz_id *following_hash);

#endif
