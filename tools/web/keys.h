/* Idempotency keys: what a program has asked to make within the last 24 hours, so that a request
 * that is sent again makes nothing twice. Held of each are hashes of key and body, and the id of
 * what was made: no answer, and nothing of a person.
 *
 * On disk, in the state directory, each step is a line of `keys`:
 *     begin KEY BODY TIME   before the node is asked
 *     end KEY ID            it has been made
 *     drop KEY              the node has refused
 * A key that has begun and not ended has an end that nobody knows: the process died in between, or
 * the node did not answer. When it comes again the node is asked again, whose own rules refuse a
 * second one: a lead of the same protocol number is open, a choice is made. Only where a second one
 * is asked for by name (`again`) the key stays unknown. Loop thread only. */
#ifndef VIZ_TOOLS_WEB_KEYS_H
#define VIZ_TOOLS_WEB_KEYS_H

#include <jansson.h>

#include "proto/base.h"

#define VIZ_WEB_KEYS_MAX      8192 /* of all programs, within */
#define VIZ_WEB_KEYS_OF_ONE   4096 /* and of one */
#define VIZ_WEB_KEYS_MS       86400000
#define VIZ_WEB_KEY_UNDER_WAY 30000 /* ms: a page never takes longer */
#define VIZ_WEB_KEY_MIN       8     /* characters of a key */
#define VIZ_WEB_KEY_MAX       128
#define VIZ_WEB_KEY_ID        24 /* of the id of what was made, with the final NUL */

struct viz_web_keys; /* opaque */

struct viz_web_key_hash {
	uint8_t b[32];
};

enum viz_web_key_state {
	VIZ_WEB_KEY_NEW,     /* now under way: whoever asks goes on, and tells the end */
	VIZ_WEB_KEY_ENDED,   /* with the id of what was made */
	VIZ_WEB_KEY_UNKNOWN, /* it began, and nobody knows how it ended; now under way again */
	VIZ_WEB_KEY_REUSED,  /* with another body */
	VIZ_WEB_KEY_BUSY,    /* it is under way */
	VIZ_WEB_KEY_TOO_MANY,
	VIZ_WEB_KEY_FAILED, /* the disk; logged */
};

/* Reads the file of the directory, or begins one. An error is logged. VIZ_ERR_INPUT. */
int viz_web_keys_open(struct viz_web_keys **out, const char *dir, int64_t now_ms);
void viz_web_keys_free(struct viz_web_keys *k);

/* `owner` is a hash of whose key it is. `twice`: where the end is unknown, it is not tried again:
 * VIZ_WEB_KEY_UNKNOWN leaves the key as it is. `id` gets that of an ended one. */
enum viz_web_key_state viz_web_keys_begin(struct viz_web_keys *k, char id[VIZ_WEB_KEY_ID],
					  const struct viz_web_key_hash *key,
					  const struct viz_web_key_hash *body, uint32_t owner,
					  bool twice, int64_t now_ms);
void viz_web_keys_end(struct viz_web_keys *k, const struct viz_web_key_hash *key, const char *id);
void viz_web_keys_drop(struct viz_web_keys *k, const struct viz_web_key_hash *key);

#endif
