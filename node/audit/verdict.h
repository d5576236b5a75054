/* The one verdict that each OFFER of a partner has for its origin. PROTOCOL.md section 13. */
#ifndef VIZ_NODE_AUDIT_VERDICT_H
#define VIZ_NODE_AUDIT_VERDICT_H

#include "node/gossip/chain.h"
#include "proto/base.h"

struct viz_inbox;
struct viz_net;

/* The lowest that applies counts; a contradiction above all. */
enum viz_standing {
	VIZ_STANDING_IN_ORDER = 0,
	VIZ_STANDING_UNCHECKED = 1,
	VIZ_STANDING_SUSPICION = 2,
	VIZ_STANDING_CONTRADICTION = 3,
};
#define VIZ_STANDING_COUNT 4

/* Why an offer is unchecked: bits of viz_offer_verdict.reasons. */
enum viz_reason {
	VIZ_REASON_NO_LINK, /* made while there was no full link with the origin (51) */
	VIZ_REASON_SHARE,   /* the origin's share of the store was full, then or since */
	VIZ_REASON_VIEW,    /* its view is not, or no more, served */
	VIZ_REASON_KEY,     /* the key of a PLEDGE in CLOSE is not held, or has not verified it */
	VIZ_REASON_CHAIN,   /* numbers of the log before it are missing */
	VIZ_REASON_RECORDS, /* CLOSE, RESULT, CHOICE, NODE or PARTNERS is missing, or not yet due */
	VIZ_REASON_RESTORED, /* its log is over, and it had not ended */
	VIZ_REASON_FIRST,    /* older than the first head that was opened to us */
};
#define VIZ_REASON_COUNT 8

struct viz_offer_verdict {
	enum viz_standing standing;
	unsigned reasons; /* also when the standing is worse than unchecked */
};

/* Up to which number of each log none is missing, as verdicts on other offers of the origin have
 * found. So a list of offers is not read anew for each, in whatever order their logs come. Zeros:
 * nothing was looked at. */
struct viz_verdict_seen {
	struct {
		uint64_t log;
		uint32_t number;
	} of[VIZ_CHAIN_OLD_MAX + 1]; /* all of which a chain knows */
};

void viz_verdict_read(struct viz_net *net, struct viz_offer_verdict *out,
		      struct viz_verdict_seen *seen, const struct viz_inbox *in);

/* "in-order", "unchecked", "suspicion", "contradiction". */
const char *viz_verdict_name(enum viz_standing standing);
/* "no-link", ... */
const char *viz_verdict_reason_name(enum viz_reason reason);

#endif
