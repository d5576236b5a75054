/* The counts against probing (node/offer/probe.h) in the store: a row of VIZ_TABLE_META for each
 * peer and side. They are told to nobody but the operator. */
#ifndef VIZ_NODE_OFFER_PROBING_H
#define VIZ_NODE_OFFER_PROBING_H

#include "node/offer/probe.h"

struct viz_core;
struct viz_trust;

/* Counts one of `what` for a lead of the day of `lead`. When the counts say something new, the log
 * says it. */
void viz_probing_count(struct viz_trust *trust, enum viz_probe_side side, const struct viz_id *peer,
		       enum viz_probe_what what, struct viz_time lead);

/* Whether a report about this origin runs: it gets `analysis` where we would answer `no`, so that
 * our answers draw no map of our plant. */
bool viz_probing_reported(struct viz_core *core, const struct viz_id *origin);

/* The operator's choice: from now on we take no location of this origin, or do so again. */
void viz_probing_stop(struct viz_core *core, const struct viz_id *origin, bool stop);

bool viz_probing_stopped(struct viz_core *core, const struct viz_id *origin);

/* Calls `found` for each peer and side of which something is kept; *p and the id are borrowed for
 * the call. */
typedef void (*viz_probing_found)(void *arg, enum viz_probe_side side, const struct viz_id *peer,
				  const struct viz_probe *p);
void viz_probing_each(struct viz_core *core, viz_probing_found found, void *arg);

/* Deletes what is older than 30 days. */
void viz_probing_sweep(struct viz_core *core);

#endif
