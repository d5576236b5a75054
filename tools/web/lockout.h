/* Failed attempts, and how long the next one has to wait. In memory: a restart, for which one must
 * be root, forgets them. */
#ifndef VIZ_TOOLS_WEB_LOCKOUT_H
#define VIZ_TOOLS_WEB_LOCKOUT_H

#include "proto/base.h"

#define VIZ_WEB_LOCKOUT_PLACES 4096
#define VIZ_WEB_LOCKOUT_FORGET 3600000 /* ms without a failure */

struct viz_web_lockout_place {
	struct viz_id key;
	uint64_t last_ms;
	uint64_t until_ms;
	uint32_t failures; /* 0: a free place */
};

/* Zeroed at first. */
struct viz_web_lockout {
	struct viz_web_lockout_place place[VIZ_WEB_LOCKOUT_PLACES];
};

/* The milliseconds before an attempt of this key may be made. */
uint64_t viz_web_lockout_wait(const struct viz_web_lockout *l, const char *key, uint64_t now_ms);
/* One failed. After `free` failures each next one doubles the wait, from a second to `most_ms`.
 * When all places are taken, the oldest failure is forgotten. */
void viz_web_lockout_fail(struct viz_web_lockout *l, const char *key, uint64_t now_ms,
			  uint32_t free, uint64_t most_ms);
void viz_web_lockout_clear(struct viz_web_lockout *l, const char *key);

#endif
