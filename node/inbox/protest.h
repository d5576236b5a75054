/* What we did not hear of an origin, said in PROTESTs. PROTOCOL.md section 9. Under
 * VIZ_OFFER_ROW_HEARD stands on which link we sent what last: whether a link stayed up, this
 * process alone can tell. */
#ifndef VIZ_NODE_INBOX_PROTEST_H
#define VIZ_NODE_INBOX_PROTEST_H

#include "proto/protest.h"

struct viz_close;
struct viz_inbox;
struct viz_link;
struct viz_net;
struct viz_trust;

/* The OFFER has come. */
void viz_inbox_protest_came(struct viz_trust *trust, const struct viz_inbox *in);

/* A mail about the offer has just been put into the outbox: LOCATION_ASK, PLEDGE or REVEAL. */
void viz_inbox_protest_sent(struct viz_net *net, const struct viz_inbox *in);

/* A link has become full: what still waits for its peer is sent on it now. */
void viz_inbox_protest_linked(struct viz_net *net, struct viz_link *link);

/* CLOSE has come; `in` is as it was before, and `has_ours` says whether our PLEDGE is in it. Says
 * kind 1 or 6 where that holds. */
void viz_inbox_protest_closed(struct viz_net *net, const struct viz_inbox *in,
			      const struct viz_close *close, bool has_ours);

/* RESULT of kind 1 has come, which does not show our reveal. Says kind 2 where that holds. */
void viz_inbox_protest_unrevealed(struct viz_net *net, const struct viz_inbox *in);

/* Three quarters of the window are over without an answer to LOCATION_ASK. Says kind 3 where that
 * holds. */
void viz_inbox_protest_unlocated(struct viz_net *net, const struct viz_inbox *in);

/* A false location has come. Says kind 7. */
void viz_inbox_protest_false(struct viz_net *net, const struct viz_inbox *in);

/* The view of the offer was not served for suspicion_ms of a full link. Says kind 4. */
void viz_inbox_protest_unserved(struct viz_net *net, const struct viz_inbox *in);

/* A number of the log of the origin's newest NODE was not served (kind 5), or this NODE was not
 * opened (kind 8; number 0), for suspicion_ms of a full link. */
void viz_inbox_protest_log(struct viz_net *net, const struct viz_id *origin, uint32_t number);

/* The timer of the offer: says what could not be signed while our clock was behind. */
void viz_inbox_protest_again(struct viz_net *net, const struct viz_inbox *in);

#endif
