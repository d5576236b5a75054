/* WANT: records are asked for by their places, and sent. PROTOCOL.md section 12.2. */
#ifndef VIZ_NODE_GOSSIP_WANT_H
#define VIZ_NODE_GOSSIP_WANT_H

#include "proto/base.h"

struct viz_id;
struct viz_item;
struct viz_link;
struct viz_net;
struct viz_reader;
struct viz_trust;

/* Asks for `n` of them. Of an author that we know, and whose id begins like no other one's, only
 * the beginning is sent. */
void viz_want_send(struct viz_trust *trust, struct viz_link *link, const struct viz_item *place,
		   size_t n);

/* Message WANT: sends the records that the peer asks for, up to its budget. */
void viz_want_received(struct viz_net *net, struct viz_link *link, struct viz_reader *r);

/* Sends what is held of an author (enum viz_want), but for the first *done records, and adds to
 * *done how many it has sent. False: the peer's budget is used up. */
bool viz_want_answer_all(struct viz_net *net, struct viz_link *link, const struct viz_id *author,
			 uint64_t what, size_t *done);

#endif
