/* Records from peers: the checks of PROTOCOL.md section 7 in their order, signature checks
 * on the pool, results applied in the order of arrival. */
#ifndef VIZ_NODE_GOSSIP_INTAKE_H
#define VIZ_NODE_GOSSIP_INTAKE_H

#include "proto/base.h"
#include "proto/limits.h"

struct viz_node;
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

/* A gossiped record from a link. May close the link; may ask for a signature check. */
void viz_intake_record(struct viz_node *node, uint64_t link, const uint8_t *bytes, size_t len);

void viz_intake_verified(struct viz_node *node, uint64_t job, bool ok);

void viz_intake_free(struct viz_node *node);

/* The same checks with the signature checked at once. 0 also when we have it already. */
int viz_intake_now(struct viz_node *node, const uint8_t *bytes, size_t len);

/* Likewise for a record of a hello, which its author pays for. VIZ_ERR_LIMIT: it has nothing left.
 */
int viz_intake_hello(struct viz_node *node, const struct viz_record *rec);

/* A record whose signature is known to be good: stores it, applies its meaning, floods it to all
 * links but `from` (0: to all). */
void viz_intake_apply(struct viz_node *node, const struct viz_record *rec, uint64_t from);

#endif
