/* A partner's OFFER arrives; its lists say whether we are asked. */
#ifndef VIZ_NODE_INBOX_OFFER_H
#define VIZ_NODE_INBOX_OFFER_H

#include "proto/base.h"

struct viz_core;
struct viz_id;
struct viz_net;
struct viz_record;
struct viz_trust;

/* Takes the OFFER `rec` with record id `id`. */
void viz_inbox_offer(struct viz_net *net, const struct viz_record *rec, const struct viz_id *id);

/* Likewise of an OFFER whose key has ended: nobody acts on it, but its lists are checked. */
void viz_inbox_offer_ended(struct viz_trust *trust, const struct viz_record *rec,
			   const struct viz_id *id);

/* Makes the row of an OFFER that is held and has none, as we had no part in it. False: it is not
 * held. */
bool viz_inbox_offer_held(struct viz_core *core, const struct viz_id *origin, uint64_t slot);

/* The slot of the OFFER of `log` that names this one as previous: the lowest, when a liar has made
 * several. False: none has come. */
bool viz_inbox_offer_next(struct viz_core *core, uint64_t *slot, const struct viz_id *origin,
			  const struct viz_id *offer, uint64_t log);

#endif
