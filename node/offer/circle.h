/* Circle keys: the key of an epoch, given to the effective mutual partners, opens what an
 * OFFER says beyond its commitments. VIZ_TABLE_CIRCLE: (origin, epoch) -> key. PROTOCOL.md
 * section 9. */
#ifndef VIZ_NODE_OFFER_CIRCLE_H
#define VIZ_NODE_OFFER_CIRCLE_H

#include "proto/base.h"

struct viz_core;
struct viz_id;
struct viz_net;
struct viz_secret;
struct viz_slice;
struct viz_trust;

#define VIZ_CIRCLE_EPOCHS_MAX 64 /* kept per origin */

/* Starts a new epoch when the set of effective mutual partners has changed, and mails its key.
 * True: one has begun. */
bool viz_circle_refresh(struct viz_net *net);

/* The current epoch; 0 when there is none. */
uint64_t viz_circle_epoch(struct viz_trust *trust);

/* KDF(circle key, "vizinho/offer-key", origin || slot). False: we do not hold that epoch's key. */
bool viz_circle_offer_key(struct viz_core *core, struct viz_secret *out,
			  const struct viz_id *origin, uint64_t epoch, uint64_t slot);

/* Whether this row of VIZ_TABLE_CIRCLE is of an epoch of ours of which no offer can live. */
bool viz_circle_over(struct viz_trust *trust, const struct viz_slice *row);

/* Only so many epochs of one origin are kept. */
void viz_circle_prune(struct viz_core *core, const struct viz_id *origin);

#endif
