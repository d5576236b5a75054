/* The sealed part of an OFFER. */
#ifndef VIZ_NODE_OFFER_SEAL_H
#define VIZ_NODE_OFFER_SEAL_H

#include "proto/base.h"

struct viz_id;
struct viz_offer;
struct viz_offer_secret;
struct viz_secret;
struct viz_trust;

/* Opens an OFFER's sealed part (inbox.c). */
int viz_offer_open(struct viz_offer_secret *out, const struct viz_offer *o,
		   const struct viz_secret *key, const struct viz_id *origin, uint64_t slot);

int viz_offer_seal(struct viz_trust *trust, uint8_t *out, size_t *out_len,
		   const struct viz_secret *key, const struct viz_offer_secret *secret,
		   uint64_t slot);

#endif
