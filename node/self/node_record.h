/* Our own NODE record, made from the profile. It is also our heartbeat. */
#ifndef VIZ_NODE_SELF_NODE_RECORD_H
#define VIZ_NODE_SELF_NODE_RECORD_H

#include "proto/base.h"

struct viz_net;
struct viz_trust;

/* Signs and publishes NODE, and sets when the next heartbeat is due. Errors of viz_self_publish. */
int viz_self_node_record_publish(struct viz_net *net);

/* Whether our NODE in the store is signed with our current key and says what the profile and this
 * version of the program say. */
bool viz_self_node_record_is_current(struct viz_trust *trust);

#endif
