/* Dialling: which member, when, and at which address. */
#ifndef VIZ_NODE_LINK_DIAL_H
#define VIZ_NODE_LINK_DIAL_H

#include "proto/base.h"

struct viz_event;
struct viz_member;
struct viz_net;

/* Whether to dial `m` now. `linked` is the number of links that we have: beyond VIZ_LINKS_WANTED
 * only peers are dialled that the operator has accepted. */
bool viz_link_dial_wanted(struct viz_net *net, const struct viz_member *m, size_t linked);

/* Adds an effect DIAL to `m`, which has an address (viz_link_dial_wanted). */
void viz_link_dial(struct viz_net *net, struct viz_member *m);

/* Event OPENED: the dial reached somebody who proved the transport key that we expected. The link
 * is up, or is closed because another one to this peer stays. */
void viz_link_dial_opened(struct viz_net *net, const struct viz_event *ev);

/* Event DIAL_FAILED: the next dial comes later, to the next address. */
void viz_link_dial_failed(struct viz_net *net, uint64_t attempt);

#endif
