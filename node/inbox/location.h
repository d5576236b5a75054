/* The location of an offer arrives, and decides our answer. */
#ifndef VIZ_NODE_INBOX_LOCATION_H
#define VIZ_NODE_INBOX_LOCATION_H

struct viz_id;
struct viz_inbox;
struct viz_net;
struct viz_reader;

/* Asks the origin for the location. When the operator has stopped this origin, answers `no-content`
 * instead. The caller writes the row. */
void viz_inbox_location_ask(struct viz_net *net, struct viz_inbox *in);

/* Takes the mail [slot, location, blinding, receipt, blinding] of the origin. It must match what
 * the OFFER commits to, and lie in its area; else it is false, nothing of it is kept, and we pledge
 * `no-content`, as for an origin that the operator has stopped. We pledge at once, or wait for a
 * person when we answer by hand. An error in `r`: the form. VIZ_ERR_ABSENT there: we do not know
 * the origin's key yet, and the mail must come again. */
void viz_inbox_location(struct viz_net *net, const struct viz_id *from, struct viz_reader *r);

/* Takes the mail [slot]: the origin does not send the location. We pledge `no-content`. */
void viz_inbox_location_refused(struct viz_net *net, const struct viz_id *from,
				struct viz_reader *r);

#endif
