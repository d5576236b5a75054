/* For whom of those who have left the closure there is a grace period: who would be in it if no key
 * had ended. Each such one, by VOUCHes of both that are not withdrawn, hangs on somebody in the
 * closure, or on another such one. The search begins at those who have left, and looks at nobody
 * behind the first one that is in the closure. */
#ifndef VIZ_NODE_TRUST_GRACE_H
#define VIZ_NODE_TRUST_GRACE_H

#include "proto/base.h"

struct viz_member;
struct viz_trust;

/* Sets `reached` of these, who have left, and of those in directory.lost. */
void viz_grace_find(struct viz_trust *trust, struct viz_member *const *gone, size_t count);

#endif
