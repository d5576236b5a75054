/* Records from peers: the checks of PROTOCOL.md section 7 in their order, signature checks
 * on the pool, results applied in the order of arrival. */
#ifndef VIZ_NODE_GOSSIP_INTAKE_H
#define VIZ_NODE_GOSSIP_INTAKE_H

#include "proto/base.h"
#include "proto/limits.h"

struct viz_link;
struct viz_net;
struct viz_reader;
struct viz_record;

struct viz_pending {
	uint64_t job;
	uint64_t link;
	bool done, ok;
	struct viz_pub pub; /* with which the signature was checked */
	uint8_t *bytes;
	size_t len;
};

struct viz_intake {
	struct viz_pending queue[VIZ_VERIFY_IN_FLIGHT]; /* a ring, in order of arrival */
	size_t head, count;
	uint64_t last_job;
	uint64_t accepted, duplicate, unknown, refused; /* counters for status */
};

/* A row of the table: who is told of a record. */
struct viz_record_handler {
	/* It is about to take the place of another one. */
	void (*before)(struct viz_net *net, const struct viz_record *rec);
	/* It stands at its place now, whatever has become of its key. */
	void (*held)(struct viz_net *net, const struct viz_record *rec);
	/* Its place is dead, or is swept. */
	void (*gone)(struct viz_net *net, const struct viz_record *rec);
	/* It has been sent on, and tells who somebody is, whatever has become of its key. */
	void (*learn)(struct viz_net *net, const struct viz_record *rec);
	/* It has been sent on, and its key lasts: who acts on it, in this order. */
	void (*act[2])(struct viz_net *net, const struct viz_record *rec, const struct viz_id *id);
};

/* The takers of NODE, SUCCESSION, REVOCATION, VOUCH and PARTNERS: what they say of their author
 * counts, or no longer does. */
void viz_intake_learn(struct viz_net *net, const struct viz_record *rec);
void viz_intake_forget(struct viz_net *net, const struct viz_record *rec);

/* Calls who acts on a record that is held. */
void viz_intake_act(struct viz_net *net, const struct viz_record *rec, const struct viz_id *id);

/* Message RECORD: a gossiped record from a link. May close the link; may ask for a signature check.
 */
void viz_intake_message(struct viz_net *net, struct viz_link *link, struct viz_reader *r);

void viz_intake_verified(struct viz_net *net, uint64_t job, bool ok);

void viz_intake_free(struct viz_net *net);

/* The same checks with the signature checked at once. 0 also when we have it already. */
int viz_intake_now(struct viz_net *net, const uint8_t *bytes, size_t len);

/* Likewise for a record of a hello, which its author pays for. VIZ_ERR_LIMIT: it has nothing left.
 */
int viz_intake_hello(struct viz_net *net, const struct viz_record *rec);

/* A record whose signature is known to be good: stores it, applies its meaning, floods it to all
 * links but `from` (0: to all). */
void viz_intake_apply(struct viz_net *net, const struct viz_record *rec, uint64_t from);

#endif
