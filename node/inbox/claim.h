/* Who of us works on a lead of the inbox: the first who claims it. It stays here, and ends with the
 * data of the person. VIZ_TABLE_CLAIM: origin, slot -> [award, who, time]. */
#ifndef VIZ_NODE_INBOX_CLAIM_H
#define VIZ_NODE_INBOX_CLAIM_H

#include "node/core/journal.h"
#include "proto/base.h"

struct viz_core;
struct viz_inbox;

struct viz_claim {
	uint32_t award_n; /* of the award that is worked on; 0: an answer by hand */
	char who[VIZ_JOURNAL_WHO_MAX + 1];
	struct viz_time time;
};

/* False: nobody has claimed it, or only an earlier award of it. */
bool viz_inbox_claim_get(struct viz_core *core, struct viz_claim *out, const struct viz_inbox *in);

/* Whether this one has claimed it. */
bool viz_inbox_claim_is_of(struct viz_core *core, const struct viz_inbox *in, const char *who);

/* In the place of what was claimed before. */
void viz_inbox_claim_put(struct viz_core *core, const struct viz_inbox *in, const char *who);

/* Does nothing when there is none. */
void viz_inbox_claim_drop(struct viz_core *core, const struct viz_inbox *in);

#endif
