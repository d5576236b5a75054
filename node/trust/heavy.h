/* Who is left out when federation records fill their share: who weighs more than what flows to it
 * by the vouching (trust/fill.h). So puppets go, however light each is, whoever let them in. */
#ifndef VIZ_NODE_TRUST_HEAVY_H
#define VIZ_NODE_TRUST_HEAVY_H

#include "proto/base.h"

struct viz_core;
struct viz_member;
struct viz_trust;

/* Whether we hold the federation records of `m` whatever they weigh: it is this node, or the
 * operator has set it up, or our PARTNERS lists it. */
bool viz_heavy_keeps(struct viz_trust *trust, const struct viz_member *m);

/* What a member counts for at least: so much that all together are no more than half of
 * VIZ_MEMBERS_MAX. An id that is named by VOUCHes and is no member counts for as much, at each
 * member that names it: otherwise one could fill the directory, or the list of strangers
 * (trust/sponsee.h), with ids that weigh nothing, or that are left out. */
uint64_t viz_heavy_least(const struct viz_core *core);

/* What `m` counts for: its weight, and at least that. 0: nothing of it is held, or it is left out.
 */
uint64_t viz_heavy_counts(const struct viz_core *core, const struct viz_member *m);

/* Chooses whom to leave out when those who may be left out weigh more than `share`, until what is
 * left weighs no more than `down_to`, or `max` are chosen. `share` is poured out. Each author hangs
 * on the one above it. From ourselves one goes into the branch in which those weigh most who are
 * not full, and on so, until nobody like that hangs on the author who is reached; of equal ones
 * into that of the lower id. When all are full, the one goes that was full last. Nobody else leaves
 * the closure with them, or with the first so many of them, as each is behind the one that it hangs
 * on. Returns how many; 0: none has to be, or can be. Costs some walks over all VOUCHes. */
size_t viz_heavy_choose(struct viz_trust *trust, struct viz_member **out, size_t max,
			uint64_t share, uint64_t down_to);

/* Those who are left out, in the order of the flow when `share` is poured out and comes to them
 * too: so they come back when there is room. Gives how many. Costs as much. */
size_t viz_heavy_back(struct viz_trust *trust, struct viz_member **out, size_t max, uint64_t share);

#endif
