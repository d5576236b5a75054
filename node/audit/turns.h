/* Judges the turns in an OFFER by the others of the same log that are held, however old they are
 * (rules 9, 12 and 13 of PROTOCOL.md section 13). VIZ_TABLE_DRAWN finds those that can contradict
 * it: by the number of a draw, and by a partner that was drawn while somebody was not. */
#ifndef VIZ_NODE_AUDIT_TURNS_H
#define VIZ_NODE_AUDIT_TURNS_H

#include "proto/base.h"

struct viz_core;
struct viz_inbox;
struct viz_slice;
struct viz_trust;

/* The OFFER is here, and the PARTNERS that it names. Does nothing when it was judged before. The
 * findings name the origin. */
void viz_turns_judge(struct viz_trust *trust, const struct viz_inbox *in);

/* Removes the rows of an OFFER that is still here, before it is dropped. */
void viz_turns_drop(struct viz_core *core, const struct viz_inbox *in);

/* The slot of the OFFER of a row of VIZ_TABLE_DRAWN. */
uint64_t viz_turns_slot(const struct viz_slice *key);

#endif
