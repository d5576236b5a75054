/* Spread: a new record is announced or sent to the other links, and a new link is greeted with our
 * own records. PROTOCOL.md section 12. */
#ifndef VIZ_NODE_GOSSIP_SPREAD_H
#define VIZ_NODE_GOSSIP_SPREAD_H

#include "proto/base.h"

struct viz_core;
struct viz_held;
struct viz_id;
struct viz_link;
struct viz_net;
struct viz_record;
struct viz_writer;

/* Spreads a record that is new to us, whose place has this item now, to all links except the number
 * `except` (0: to all). A circle record is sent to those in its circle; SUCCESSION, REVOCATION and
 * a withdrawn VOUCH to everybody; what else is for all members is announced (announce.h). A guest
 * gets our own NODE, SUCCESSION, REVOCATION and VOUCH, and nothing else. A link over its budget
 * becomes `behind`. `signed_record` is signature || record, `rec` the same parsed. */
void viz_spread_new(struct viz_net *net, const uint8_t *signed_record, size_t len,
		    const struct viz_record *rec, const struct viz_id *item, uint64_t except);

/* Sends our own NODE, SUCCESSIONs, REVOCATIONs and VOUCHes on a new link. */
void viz_spread_greet(struct viz_net *net, struct viz_link *link);

/* Sends our PARTNERS, if there is one, on a link that has become full. */
void viz_spread_partners(struct viz_net *net, struct viz_link *link);

/* Sends the message that `w` has written, from its start. */
void viz_spread_send(struct viz_core *core, struct viz_link *link, const struct viz_writer *w);

/* Likewise, and what is not bulk may overtake it. */
void viz_spread_send_bulk(struct viz_core *core, struct viz_link *link, const struct viz_writer *w);

/* Sends a RECORD message; `bytes` is signature || record. */
void viz_spread_send_record(struct viz_core *core, struct viz_link *link, const uint8_t *bytes,
			    size_t len);

/* Sends what is held at a place and may be sent on the link, in answer to a question. False:
 * nothing is sent, because the peer's budget is used up. */
bool viz_spread_answer(struct viz_net *net, struct viz_link *link, const struct viz_held *held);

#endif
