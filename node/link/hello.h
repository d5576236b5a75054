/* The hello of a handshake: whether the peer is admitted, and how a link begins. */
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

/* Event HELLO: admits the peer and starts the link, or closes it with a reason. May learn new keys
 * of the peer. An invitation is used up when its bearer is let in, and not before. */
void viz_link_hello(struct viz_net *net, const struct viz_event *ev);

/* Writes our own hello, the payload of handshake message 3: our SUCCESSIONs and NODE, and the token
 * of an invitation (16 bytes, may be NULL). `out` holds VIZ_HELLO_MAX bytes. VIZ_ERR_LIMIT: it does
 * not fit. */
int viz_link_hello_own(struct viz_trust *trust, uint8_t *out, size_t *len, const uint8_t *token);

/* Keeps one link per pair of nodes. Of two links, the one stays that the node with the smaller
 * author id dialled. Returns whether the new link to `peer` may stay; the old one is closed then.
 */
bool viz_link_hello_one_per_pair(struct viz_net *net, const struct viz_id *peer, bool outbound);

/* Starts a link with `m` and greets it. `transport` is the peer's key that the handshake proved. */
void viz_link_hello_attach(struct viz_net *net, struct viz_member *m, uint64_t number,
			   bool outbound, const struct viz_pub *transport);

/* Whether `remote` is the transport key in the member's NODE. */
bool viz_link_hello_transport_matches(const struct viz_member *m, const struct viz_pub *remote);

/* Checks the first message on a link that we dialled: it must be a RECORD (`r` stands at its
 * payload) of the author whom we dialled. A NODE can carry another node's transport key and
 * address, so the dial may have reached another node. That one greets us with its own records. Mail
 * starts only after this check. False: the link is closed. */
bool viz_link_hello_check_peer(struct viz_net *net, struct viz_link *link, struct viz_reader r);

#endif
