/* Records and statements of our own author that others bring. One that we never signed shows that a
 * copy of this node runs, or that our store was rolled back. PROTOCOL.md sections 6 and 9. */
#ifndef VIZ_NODE_TRUST_OWN_H
#define VIZ_NODE_TRUST_OWN_H

#include "proto/base.h"

struct viz_record;
struct viz_trust;

/* Judges a record or statement whose author is this node. When it verifies and we never signed it,
 * quarantine begins (viz_identity_quarantine). VIZ_ERR_AUTH: it does not verify. VIZ_ERR_ABSENT:
 * its key is not known here; if it is ours, the store was rolled back behind a change of keys. */
int viz_own_judge(struct viz_trust *trust, const struct viz_record *rec);

#endif
