/* The checks of a gossiped record before its signature, in the order of PROTOCOL.md section 7. */
#ifndef VIZ_NODE_GOSSIP_CHECK_H
#define VIZ_NODE_GOSSIP_CHECK_H

struct viz_net;
struct viz_pub;
struct viz_record;

/* The result of the checks before the signature. */
enum viz_check {
	VIZ_CHECK_TAKE,     /* new: check the signature */
	VIZ_CHECK_DROP,     /* held already, replaced, expired, or ahead of our clock: ignore it */
	VIZ_CHECK_UNKNOWN,  /* the author or its key is not known (yet): repair brings the missing
			       records */
	VIZ_CHECK_REFUSE,   /* the sender should not have relayed this: close its link */
	VIZ_CHECK_OUTSIDE,  /* we are not in its circle: ignore it without a word */
	VIZ_CHECK_NO_OFFER, /* the OFFER is not held, or what stands between it and the record */
	VIZ_CHECK_NO_PARTNERS, /* the PARTNERS that OFFER or PROTEST names is not held */
};

/* Reads the store alone. `pub` gets the key that must have signed the record, when it is to be
 * taken. */
enum viz_check viz_check_record(struct viz_net *net, struct viz_pub *pub,
				const struct viz_record *rec);

#endif
