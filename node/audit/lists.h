/* Rules about the lists of an OFFER: who had to be asked, and why others were not. */
#ifndef VIZ_NODE_AUDIT_LISTS_H
#define VIZ_NODE_AUDIT_LISTS_H

#include "proto/base.h"

struct viz_inbox;
struct viz_net;

/* The lists of an offer, by the `n` records of the view (32 bytes of id each), which are all here.
 */
void viz_audit_lists(struct viz_net *net, struct viz_inbox *in, const uint8_t *view, size_t n);

#endif
