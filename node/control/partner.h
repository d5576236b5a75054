/* How we are linked with a peer of our operator, and why not. */
#ifndef VIZ_NODE_CONTROL_PARTNER_H
#define VIZ_NODE_CONTROL_PARTNER_H

#include <jansson.h>

#include "proto/base.h"

struct viz_member;
struct viz_net;
struct viz_trust;

/* Since when there is no link, by what this process has seen; 0: there is one. */
struct viz_time viz_control_partner_unlinked_from(const struct viz_net *net,
						  const struct viz_member *m);

/* Whether each lists the other, and it has signed no NODE for silence_ms. */
bool viz_control_partner_is_silent(struct viz_trust *trust, const struct viz_member *m);

/* The fields of object `link` in CONTROL.md: since when, when it was heard, and why not. */
void viz_control_partner_set_link(json_t *o, const struct viz_net *net, const struct viz_member *m);

#endif
