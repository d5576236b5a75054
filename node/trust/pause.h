/* When no process of this node ran, as far as its store knows: from the latest time that it had
 * signed when a process began, to that beginning. What is dated in between was signed by somebody
 * with another store, so ours is an older one. PROTOCOL.md section 9.1.
 *
 * They are kept over starts: a process that ended before the right peer showed what it holds must
 * not hide that. VIZ_META_PAUSES has them. */
#ifndef VIZ_NODE_TRUST_PAUSE_H
#define VIZ_NODE_TRUST_PAUSE_H

#include "proto/base.h"
#include "proto/limits.h"

struct viz_trust;

/* Both ends were signed at, or may have been. */
struct viz_pause {
	struct viz_time from, until;
};

struct viz_pauses {
	struct viz_pause at[VIZ_PAUSES_MAX];
	size_t count; /* the newest is the last */
};

/* Reads the row. False: it is damaged. */
bool viz_pause_load(struct viz_trust *trust);

/* A process begins. */
void viz_pause_note(struct viz_trust *trust);

/* It signs with this time: a clock that was set back a little does not make that a pause. */
void viz_pause_signed(struct viz_trust *trust, struct viz_time at);

/* A quarantine has ended: what the older store lacked is known. */
void viz_pause_forget(struct viz_trust *trust);

bool viz_pause_has(const struct viz_trust *trust, struct viz_time time);

#endif
