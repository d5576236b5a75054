/* Removal of records that are over. */
#ifndef VIZ_NODE_GOSSIP_SWEEP_H
#define VIZ_NODE_GOSSIP_SWEEP_H

#include "proto/base.h"
#include "proto/record.h"

struct viz_net;

/* How far it is. A start begins anew. */
struct viz_sweep {
	bool under_way;
	uint8_t place[VIZ_PLACE_LEN];
};

/* Reads the next 500 held records, from where the last call ended, and removes those that are over.
 * These are expired records, and records of authors that have been silent, or unknown, for longer
 * than silence_ms + grace_ms. Of an author that lives it reads write-once records only. False: the
 * last one was among them. */
bool viz_gossip_sweep(struct viz_net *net);

#endif
