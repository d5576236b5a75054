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

/* Looks at the slots of OFFERs that can contradict the one in this slot, until one does: true. The
 * order is that of viz_turns_judge, which may have looked when fewer were here: so of those before
 * it some thousands are looked at. */
typedef bool (*viz_turns_look)(void *arg, uint64_t slot);
bool viz_turns_find(struct viz_trust *trust, const struct viz_id *origin, uint64_t slot,
		    viz_turns_look look, void *arg);

/* Removes the rows of an OFFER that is still here, before it is dropped. */
void viz_turns_drop(struct viz_core *core, const struct viz_inbox *in);

/* The slot of the OFFER of a row of VIZ_TABLE_DRAWN. */
uint64_t viz_turns_slot(const struct viz_slice *key);

#endif
