/* Spread: a new record is flooded to all other links, and a new link is greeted with our own
 * records. */
#ifndef VIZ_NODE_GOSSIP_SPREAD_H
#define VIZ_NODE_GOSSIP_SPREAD_H

#include "proto/base.h"

struct viz_core;
struct viz_held;
struct viz_link;
struct viz_net;
struct viz_record;
struct viz_writer;

/* Sends a record to all links except the number `except` (0: to all). `signed_record` is
 * signature || record, `rec` the same parsed. A guest gets only our own NODE, SUCCESSION,
 * REVOCATION and VOUCH. A link over its budget becomes `behind`. */
void viz_spread_flood(struct viz_net *net, const uint8_t *signed_record, size_t len,
		      const struct viz_record *rec, uint64_t except);

/* Sends our own NODE, SUCCESSIONs, REVOCATIONs and VOUCHes on a new link. */
void viz_spread_greet(struct viz_net *net, struct viz_link *link);

/* Sends our PARTNERS, if there is one, on a link that has become full. */
void viz_spread_partners(struct viz_net *net, struct viz_link *link);

/* Sends the message that `w` has written, from its start. */
void viz_spread_send(struct viz_core *core, struct viz_link *link, const struct viz_writer *w);

/* Sends a RECORD message; `bytes` is signature || record. */
void viz_spread_send_record(struct viz_core *core, struct viz_link *link, const uint8_t *bytes,
			    size_t len);

/* Sends what is held at a place, in answer to a question. False: nothing is sent, because the
 * peer's budget is used up. */
bool viz_spread_answer(struct viz_net *net, struct viz_link *link, const struct viz_held *held);

#endif
