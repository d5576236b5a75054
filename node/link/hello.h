/* May this peer in? The hello of a handshake is judged, and a link begins. */
#ifndef VIZ_NODE_LINK_HELLO_H
#define VIZ_NODE_LINK_HELLO_H

#include "proto/reader.h"

struct viz_event;
struct viz_id;
struct viz_link;
struct viz_member;
struct viz_net;
struct viz_pub;
struct viz_trust;

void viz_link_hello(struct viz_net *net, const struct viz_event *ev);

/* Message 3's payload: own SUCCESSIONs and NODE, and the token of an invitation (may be NULL).
 * `out` holds VIZ_HELLO_MAX bytes. */
int viz_link_own_hello(struct viz_trust *trust, uint8_t *out, size_t *len, const uint8_t *token);

/* One link per pair: of two, the one dialled by the smaller author id survives. Returns whether the
 * new one may stay; the other one is closed then. */
bool viz_link_one_per_pair(struct viz_net *net, const struct viz_id *peer, bool outbound);

void viz_link_attach(struct viz_net *net, struct viz_member *m, uint64_t number, bool outbound,
		     const struct viz_pub *transport);

bool viz_link_transport_matches(const struct viz_member *m, const struct viz_pub *remote);

/* A NODE record may carry another one's transport key and address: whoever dials its author then
 * reaches that other one. What answers greets with its own records, and no mail goes before. */
bool viz_link_prove(struct viz_net *net, struct viz_link *link, struct viz_reader r);

#endif
