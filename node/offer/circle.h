/* Circle keys. The circle is the set of our effective mutual partners; when it changes a new epoch
 * begins, and each of them gets the epoch's key by mail. The key of an offer follows from that of
 * its epoch, and opens the sealed part of the OFFER. VIZ_TABLE_CIRCLE: (origin, epoch) -> key.
 * PROTOCOL.md section 9. */
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

/* Begins a new epoch and mails its key when the circle has changed; returns whether it did. It
 * waits while our key is revoked and while the store has no headroom. */
bool viz_circle_refresh(struct viz_net *net);

/* Our current epoch; 0 when there is none. */
uint64_t viz_circle_epoch(struct viz_trust *trust);

/* KDF(circle key, "vizinho/offer-key", origin || slot). False: we do not hold that epoch's key. The
 * caller wipes `out`. */
bool viz_circle_offer_key(struct viz_core *core, struct viz_secret *out,
			  const struct viz_id *origin, uint64_t epoch, uint64_t slot);

/* Whether `row`, a key of VIZ_TABLE_CIRCLE, is an epoch of ours that no live offer uses. */
bool viz_circle_over(struct viz_trust *trust, const struct viz_slice *row);

/* Deletes the oldest epoch of this origin when more than VIZ_CIRCLE_EPOCHS_MAX are kept. */
void viz_circle_prune(struct viz_core *core, const struct viz_id *origin);

#endif
