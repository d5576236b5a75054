/* How far our partners are. PROTOCOL.md section 9. */
#ifndef VIZ_NODE_SELF_REACH_H
#define VIZ_NODE_SELF_REACH_H

#include "proto/base.h"

struct viz_net;

struct viz_reach {
	bool any;     /* there is a partner in force */
	bool heard;   /* one has sent LAST on the full link that we have with it */
	bool awaited; /* another one with a full link has not, and still has time */
};

struct viz_reach viz_reach_look(struct viz_net *net);

#endif
