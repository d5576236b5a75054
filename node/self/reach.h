/* How far those are who can show us what we have signed. PROTOCOL.md section 9.1. */
#ifndef VIZ_NODE_SELF_REACH_H
#define VIZ_NODE_SELF_REACH_H

#include "proto/base.h"

struct viz_net;

struct viz_reach {
	bool any;     /* there is a partner in force */
	bool nobody;  /* nobody else is known who has published anything */
	bool heard;   /* a partner has sent LAST on the full link that we have with it */
	bool awaited; /* another one with a full link has not, and still has time */
};

/* Where no partner is in force each member counts for `heard` and `awaited`: our store may be an
 * old one, in which the partners are silent, or not listed yet. */
struct viz_reach viz_reach_look(struct viz_net *net);

#endif
