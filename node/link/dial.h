/* Dialling: which member, when, and at which address. */
#ifndef VIZ_NODE_LINK_DIAL_H
#define VIZ_NODE_LINK_DIAL_H

#include "node/core/event.h"
#include "proto/base.h"

struct viz_event;
struct viz_id;
struct viz_member;
struct viz_net;
struct viz_record;

/* Whether `m` can be dialled now: it has an address, no link and no dial under way, and its
 * back-off is over. */
bool viz_link_dial_possible(struct viz_net *net, const struct viz_member *m);

/* How many dials to it have failed: the next one takes the address of this turn. */
unsigned viz_link_dial_turn(const struct viz_member *m);

/* Adds an effect DIAL to `m` (viz_link_dial_possible). Its number is in the member's remote; 0
 * there: our hello does not fit. */
void viz_link_dial(struct viz_net *net, struct viz_member *m);

/* The operator has said something new about `m`, or it has: it is dialled at once, at the address
 * that was said last. A dial under way counts no longer. */
void viz_link_dial_afresh(struct viz_net *net, struct viz_member *m);

/* A NODE of its author has come: that ends the back-off, and the first of its addresses is next. */
void viz_link_dial_node(struct viz_net *net, const struct viz_record *rec, const struct viz_id *id);

/* Event OPENED: the dial reached somebody who proved the transport key that we expected. The link
 * is up, or is closed because another one to this peer stays. */
void viz_link_dial_opened(struct viz_net *net, const struct viz_event *ev);

/* Event DIAL_FAILED: the next dial comes later, to the next address. */
void viz_link_dial_failed(struct viz_net *net, uint64_t attempt, enum viz_link_end end);

#endif
