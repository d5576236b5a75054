/* What the audit says when an origin's share of the store has no room (gossip/room.h). */
#ifndef VIZ_NODE_AUDIT_ROOM_H
#define VIZ_NODE_AUDIT_ROOM_H

#include "proto/base.h"

struct viz_id;
struct viz_net;
struct viz_record;

/* Whether the records of this ended offer may go: nothing was found about it, and nothing depends
 * on it. Forgets the offer then. */
bool viz_audit_room_release(struct viz_net *net, const struct viz_id *origin, uint64_t slot);

/* Suspicion 58, about the origin: what it sends does not fit beside what it has sent. */
void viz_audit_room_full(struct viz_net *net, const struct viz_record *rec);

#endif
