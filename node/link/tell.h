/* Lines of the log about links: the name of the peer, and one line for each change of state,
 * however often something is tried. Of the operator's peers they are notices, of others
 * information. */
#ifndef VIZ_NODE_LINK_TELL_H
#define VIZ_NODE_LINK_TELL_H

#include "proto/base.h"

struct viz_core;
struct viz_id;
struct viz_link;
struct viz_member;
struct viz_trust;

/* The link is up, and proven. */
void viz_link_tell_up(struct viz_trust *trust, const struct viz_link *link);

/* A link that was proven has ended. `reason` NULL: the peer or the network ended it. */
void viz_link_tell_down(struct viz_trust *trust, const struct viz_link *link, const char *reason);

/* A hello was refused; `reason` is a constant. */
void viz_link_tell_refused(struct viz_trust *trust, const struct viz_id *author,
			   const char *reason);

/* A dial did not come to a link. */
void viz_link_tell_unreached(struct viz_core *core, struct viz_member *m);

#endif
