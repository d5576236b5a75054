/* Our answer to an offer: PLEDGE, and the proposal to which it commits. */
#ifndef VIZ_NODE_INBOX_PLEDGE_H
#define VIZ_NODE_INBOX_PLEDGE_H

#include "proto/offer.h"

struct viz_id;
struct viz_inbox;
struct viz_net;
struct viz_trust;

/* Whether we may sign an answer or a reveal: an offer that came before our process began waits for
 * LAST of its origin, who alone may hold what we signed for it. None of an offer that began before
 * a quarantine is answered. */
bool viz_inbox_pledge_may_sign(struct viz_trust *trust, const struct viz_inbox *in);

/* Whether the offer still takes our answer: until CLOSE has come, whatever our clock says. */
bool viz_inbox_pledge_wanted(const struct viz_inbox *in);

/* Signs our answer, keeps it with what opens it, and mails it to the origin. The caller writes the
 * row. VIZ_ERR_STATE: no answer is wanted, or we may not sign. */
int viz_inbox_pledge(struct viz_net *net, struct viz_inbox *in, enum viz_answer answer,
		     enum viz_no_reason reason);

/* A person's answer, for nodes that answer by hand. VIZ_ERR_STATE. */
int viz_inbox_pledge_by_hand(struct viz_net *net, struct viz_inbox *in, enum viz_answer answer,
			     enum viz_no_reason reason);

/* The proposal to which our pledge for this offer committed. */
bool viz_inbox_pledge_get_proposal(struct viz_trust *trust, const struct viz_inbox *in,
				   uint8_t *out, size_t *len);

#endif
