/* Our NODE record, made of the profile. */
#ifndef VIZ_NODE_SELF_NODE_RECORD_H
#define VIZ_NODE_SELF_NODE_RECORD_H

#include "proto/base.h"

struct viz_net;
struct viz_trust;

/* The NODE record from the profile; published when it differs, or as the daily heartbeat. */
int viz_self_publish_node(struct viz_net *net);

/* Whether the NODE record that we hold says what the profile says. */
bool viz_self_profile_published(struct viz_trust *trust);

#endif
