/* Renewals: records that replace others. A node has so many of them checked for all authors with
 * whom its operator does not deal, and they are shared out by the VOUCHes: what comes from an
 * author counts for it and for those by whom it came into the closure, one after the other. Of what
 * a voucher may have, itself and each of those that came in by it have equal parts, or as much as
 * nobody uses, whichever is more. So all puppets behind one voucher have together what that one
 * has, however many they are; one that renews little is not held up by others that renew much. Who
 * was held up by one voucher is let through by another one.
 *
 * What nobody uses is no more than what everybody has of it. Source: A. Choudhury, E. Hahne,
 * Dynamic queue length thresholds for shared-memory packet switches, 1998 (alpha 1). */
#ifndef VIZ_NODE_TRUST_RENEWAL_H
#define VIZ_NODE_TRUST_RENEWAL_H

#include "proto/base.h"

struct viz_member;
struct viz_trust;

#define VIZ_RENEWAL_DEPTH 16 /* who is further away counts as one of those at this distance */

/* How many there were of late: each VIZ_RENEWALS_HALF_MS half of them is forgotten. */
struct viz_renewals {
	uint64_t half; /* number of such a time, since 1970 */
	uint32_t count;
};

/* Whether there is room for one of this author. Takes nothing. */
bool viz_renewal_may(struct viz_trust *trust, struct viz_member *m);

/* Takes it. False, and nothing is taken: there is none. */
bool viz_renewal_take(struct viz_trust *trust, struct viz_member *m);

/* Gives one back that was taken for something that the author has not signed. */
void viz_renewal_give_back(struct viz_trust *trust, struct viz_member *m);

/* `m` has come into the closure by `by`. */
void viz_renewal_enter(struct viz_member *m, struct viz_member *by);

/* Nobody is in the closure yet. */
void viz_renewal_begin(struct viz_trust *trust);

#endif
