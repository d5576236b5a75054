/* Whom we dial, when, and at which address. */
#ifndef VIZ_NODE_LINK_DIAL_H
#define VIZ_NODE_LINK_DIAL_H

#include "proto/base.h"

struct viz_event;
struct viz_member;
struct viz_net;

void viz_link_opened(struct viz_net *net, const struct viz_event *ev);

void viz_link_dial_failed(struct viz_net *net, uint64_t attempt);

bool viz_link_should_dial(struct viz_net *net, const struct viz_member *m, size_t linked);

void viz_link_dial(struct viz_net *net, struct viz_member *m);

#endif
