/* Our answer to an offer: PLEDGE, and the proposal to which it commits. */
#ifndef VIZ_NODE_INBOX_PLEDGE_H
#define VIZ_NODE_INBOX_PLEDGE_H

#include "proto/offer.h"

struct viz_id;
struct viz_inbox;
struct viz_net;
struct viz_trust;

/* Whether one more pledge may go to this origin, of a day on which `done` are made, by origin. A
 * part of a day's pledges is shared out evenly among the partners, the rest goes to whoever comes
 * first: no two origins use up what a third one asks for. */
bool viz_pledge_share(const struct viz_id *origin, const struct viz_id *done, size_t n,
		      size_t partners);

/* Publishes our answer; the row is the caller's to write. VIZ_ERR_LIMIT: the day's pledges, or this
 * origin's part of them, are used up. */
int viz_inbox_pledge(struct viz_net *net, struct viz_inbox *in, enum viz_answer answer,
		     enum viz_no_reason reason);

/* A person's answer, for nodes that answer by hand. VIZ_ERR_STATE. */
int viz_inbox_pledge_by_hand(struct viz_net *net, struct viz_inbox *in, enum viz_answer answer,
			     enum viz_no_reason reason);

/* The proposal to which our pledge for this offer committed. */
void viz_inbox_pledge_put_proposal(struct viz_trust *trust, const struct viz_inbox *in,
				   const uint8_t *proposal, size_t len);

bool viz_inbox_pledge_get_proposal(struct viz_trust *trust, const struct viz_inbox *in,
				   uint8_t *out, size_t *len);

#endif
