/* A partner's OFFER arrives; its lists say whether we are asked. */
#ifndef VIZ_NODE_INBOX_OFFER_H
#define VIZ_NODE_INBOX_OFFER_H

#include "proto/base.h"

struct viz_core;
struct viz_net;
struct viz_record;

/* Takes the OFFER `rec` with record id `id`. */
void viz_inbox_offer(struct viz_net *net, const struct viz_record *rec, const struct viz_id *id);

/* The slot of the OFFER of `log` that names this one as previous: the lowest, when a liar has made
 * several. False: none has come. */
bool viz_inbox_offer_next(struct viz_core *core, uint64_t *slot, const struct viz_id *origin,
			  const struct viz_id *offer, uint64_t log);

#endif
