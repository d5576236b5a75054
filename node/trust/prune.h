/* Whom our operator has pruned: no way of vouching leads through it any more for us, so it and who
 * has come in through it alone are no members (trust/closure.h). But who is set up by our operator
 * itself, or listed in our PARTNERS, stays: offers are judged by that, and it may hold what a
 * customer takes back. It stays with whom it has brought in, and alone when it is pruned itself.
 * Nobody else's closure changes.
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

/* Whether our PARTNERS has an entry for `m` that is in force, or will be. */
bool viz_prune_is_partner(struct viz_trust *trust, const struct viz_member *m);

#endif
