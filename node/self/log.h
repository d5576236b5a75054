/* Our log: the chain of our OFFER, CLOSE, RESULT and CHOICE records. Its number and value stand in
 * the row "signed" (trust/identity.h). PROTOCOL.md section 9. */
#ifndef VIZ_NODE_SELF_LOG_H
#define VIZ_NODE_SELF_LOG_H

#include "proto/offer.h"

struct viz_id;
struct viz_net;
struct viz_record;
struct viz_trust;

/* Whether we may sign a record of it now: viz_identity_has_started, and we are not alone. We are
 * alone while a partner is in force, and none has sent LAST on a full link that is up. A copy of us
 * may have come in to them meanwhile, and what we sign now would contradict it. */
bool viz_self_log_is_free(struct viz_net *net);

/* Whether the next heartbeat waits, as we are alone and not silent for long: a NODE opens the log
 * to a number, and a copy may have signed a higher one. */
bool viz_self_log_holds_node(struct viz_net *net);

/* When to look again, after that was false. LAST of a partner wakes leads before (node.c). */
struct viz_time viz_self_log_retry_at(const struct viz_trust *trust);

/* The position of the record that we sign next, for the offer whose OFFER has the number `offer`;
 * 0: it is an OFFER. */
void viz_self_log_next(struct viz_position *at, const struct viz_trust *trust, uint32_t offer);

/* Adds a record of ours whose body begins with that position. The caller writes the record in the
 * same transaction. */
void viz_self_log_add(struct viz_trust *trust, const struct viz_record *rec,
		      const struct viz_id *id);

#endif
