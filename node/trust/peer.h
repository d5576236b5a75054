/* The operator's settings for a peer: VIZ_TABLE_PEER. */
#ifndef VIZ_NODE_TRUST_PEER_H
#define VIZ_NODE_TRUST_PEER_H

#include "proto/base.h"
#include "proto/limits.h"

struct viz_member;
struct viz_trust;

/* The operator's settings for a peer: VIZ_TABLE_PEER. */
struct viz_peer_row {
	bool present; /* there is a row */
	bool pending; /* came with our invitation; not confirmed yet */
	bool vouched; /* the operator accepted it: we vouch */
	bool partner; /* we want to deal with it */
	bool blocked;
	char reason[VIZ_REASON_MAX + 1];   /* of the block */
	char name[VIZ_NAME_MAX + 1];       /* as the invitation said, until its NODE is known */
	char address[VIZ_ADDRESS_MAX + 1]; /* from an invitation, until its NODE is known */
	struct viz_pub transport;          /* likewise */
	bool has_token;
	uint8_t token[16]; /* the invitation that we accepted, until it is used */
};

int viz_trust_load(struct viz_trust *trust);

void viz_peer_save(struct viz_trust *trust, const struct viz_member *m);

#endif
