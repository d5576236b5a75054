/* Our own NODE record, made from the profile. It is also our heartbeat. */
#ifndef VIZ_NODE_SELF_NODE_RECORD_H
#define VIZ_NODE_SELF_NODE_RECORD_H

#include "proto/base.h"

struct viz_id;
struct viz_net;
struct viz_record;
struct viz_trust;

/* Signs and publishes NODE. When the heartbeat is due it shows the journal as it is now, and sets
 * when the next one is due. Errors of viz_self_publish. */
int viz_self_node_record_publish(struct viz_net *net);

/* Whether our NODE in the store is signed with our current key, names our log, and says what the
 * profile and this version of the program say. */
bool viz_self_node_record_is_current(struct viz_trust *trust);

/* Publishes NODE when an entry of our PARTNERS, or one for us in the PARTNERS of somebody we list,
 * has become effective or ended since the last one, or that one is heartbeat_ms old: who is in our
 * circle is judged at the time of a NODE. Sets a timer (viz_partners_due) for the next such
 * instant. Call it before an OFFER is made.
 */
void viz_node_record_refresh(struct viz_net *net);

/* Acts on a PARTNERS record: its dates may set an earlier timer. */
void viz_node_record_partners(struct viz_net *net, const struct viz_record *rec,
			      const struct viz_id *id);

#endif
