/* Tells our operator when something changes with a peer of its own: a partnership begins or ends, a
 * key changes, a key is revoked, the coverage changes. One notice for each change, none for what is
 * so when the process begins. */
#ifndef VIZ_NODE_SELF_WATCH_H
#define VIZ_NODE_SELF_WATCH_H

#include "proto/base.h"

struct viz_id;
struct viz_net;
struct viz_record;
struct viz_trust;

/* Looks at all peers of the operator. Once a second. */
void viz_watch_peers(struct viz_trust *trust);

/* A COVERAGE of another node has come. */
void viz_watch_coverage(struct viz_net *net, const struct viz_record *rec, const struct viz_id *id);

#endif
