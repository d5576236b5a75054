/* Room for what an author sends, within its share of the store (trust/share.h). The oldest offers
 * of the same author that have ended make room. PROTOCOL.md section 14. */
#ifndef VIZ_NODE_GOSSIP_ROOM_H
#define VIZ_NODE_GOSSIP_ROOM_H

#include "proto/base.h"

struct viz_net;
struct viz_record;
struct viz_trust;

/* Whether the store has space for a record of this kind. Past half of the map we accept no OFFERs
 * of nodes that are not our partners, nor what follows them. Past three quarters we accept only
 * NODE, SUCCESSION, REVOCATION and VOUCH, as long as anything can be written. */
bool viz_room_accepts(struct viz_trust *trust, const struct viz_record *rec);

/* Makes room for a record that is checked and about to be held. False: there is none, and the
 * record is not taken; where the log has told its stub, it is not lacking. */
bool viz_room_make(struct viz_net *net, const struct viz_record *rec);

#endif
