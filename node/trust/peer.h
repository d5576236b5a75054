/* Peers: what our operator has decided about a node. Kept in VIZ_TABLE_PEER, by author id. */
#ifndef VIZ_NODE_TRUST_PEER_H
#define VIZ_NODE_TRUST_PEER_H

#include "proto/base.h"
#include "proto/limits.h"

struct viz_member;
struct viz_trust;

/* A row of VIZ_TABLE_PEER. */
struct viz_peer_row {
	bool present; /* the row exists */
	bool pending; /* it redeemed our invitation, and the operator has not confirmed it yet */
	bool vouched; /* the operator accepted it: we publish a VOUCH */
	bool partner; /* the operator wants it as a partner: we list it in PARTNERS */
	bool blocked; /* not listed in PARTNERS */
	char reason[VIZ_REASON_MAX + 1]; /* of the block */
	/* From its last invitation that the operator has accepted. */
	char name[VIZ_NAME_MAX + 1];
	char address[VIZ_ADDRESSES_MAX][VIZ_ADDRESS_MAX + 1];
	size_t address_count;
	struct viz_pub transport;
	struct viz_time said; /* when it was made, by the clock of that peer; 0: none */
	uint8_t token[16];    /* shown until the peer has answered (link/token.h) */
	size_t token_len;     /* 0: none */
	bool token_dead;      /* its answer: it was used up, cancelled or over */
};

/* Whether the operator has set up this peer: it has invited it, vouches for it, or lists it as a
 * partner. Links and dials of those are kept. */
bool viz_peer_is_kept(const struct viz_member *m);

/* Whether the operator trusts it as a partner, or will be asked to: an invitation has nothing to
 * add.
 */
bool viz_peer_is_welcome(const struct viz_member *m);

/* Whether its last invitation was made after its NODE: then the addresses and the key that the
 * invitation names are what was said last. */
bool viz_peer_said_later(const struct viz_member *m);

/* Reads the rows of VIZ_TABLE_PEER into the directory. VIZ_ERR_STORE: one is damaged. */
int viz_peer_load(struct viz_trust *trust);

/* Writes m->peer, or deletes the row when it is not present. */
void viz_peer_save(struct viz_trust *trust, struct viz_member *m);

#endif
