/* The OFFER for a customer who had one before: it names that one as previous. PROTOCOL.md section
 * 9.3. */
#ifndef VIZ_NODE_AUDIT_NEXT_H
#define VIZ_NODE_AUDIT_NEXT_H

#include "proto/message.h"

struct viz_inbox;
struct viz_trust;

/* How much of the log we look at before it. */
#define VIZ_AUDIT_NEXT_STUBS 4096

/* By it the leases of the offer before are judged. */
struct viz_audit_next {
	struct viz_record offer; /* borrowed from the store until the next write */
	struct viz_stub *stub;   /* of the log right before it; owned */
	size_t stub_count;
};

/* Finds the OFFER that names the offer (in->origin, in->slot) as previous, and the stubs from the
 * first of these CHOICEs on. False: it is not held, or in another log. */
bool viz_audit_next_read(struct viz_trust *trust, struct viz_audit_next *out,
			 const struct viz_inbox *in, const struct viz_record *choice,
			 size_t choice_count);

#endif
