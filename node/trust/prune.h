/* Whom our operator has pruned: no way of vouching leads through it any more for us, so it and who
 * has come in through it alone are no members (trust/closure.h). But who is set up by our operator
 * itself, or listed in our PARTNERS, stays, with whom it has brought in. Nobody else's closure
 * changes.
 *
 * Of who is pruned we hold what sponsored authors have: keys, NODE and VOUCHes, so that we know who
 * belongs to the branch. Its PARTNERS and COVERAGE are dropped and not taken. Repair does not send
 * them (gossip/compare.c). PROTOCOL.md sections 8 and 12.2. */
#ifndef VIZ_NODE_TRUST_PRUNE_H
#define VIZ_NODE_TRUST_PRUNE_H

#include "proto/base.h"

struct viz_member;
struct viz_trust;

/* Reads whom the operator has pruned. After the records and the operator's peers are loaded. */
void viz_prune_load(struct viz_trust *trust);

/* From now on `m` is pruned, or no more. It takes effect with the batch; who has come in through it
 * leaves within a minute. */
void viz_prune_set(struct viz_trust *trust, struct viz_member *m, bool pruned);

/* Whether we take no record of this type of `m`, because it is pruned. */
bool viz_prune_refuses(const struct viz_member *m, unsigned type);

/* Whether `m` may be pruned: it is not this node, and our PARTNERS has no entry for it that counts
 * or will count. Else the view of our offers would lack a partner. *until: when the last one ends;
 * 0: none ends yet. */
bool viz_prune_may(struct viz_trust *trust, const struct viz_member *m, struct viz_time *until);

#endif
