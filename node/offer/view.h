/* The view: the records by which an OFFER's lists are judged. Bytes: the record ids,
 * ascending, 32 bytes each; digest H("vizinho/view", bytes). Both the bytes (key: digest)
 * and the records (key: record id) are kept in VIZ_TABLE_EVIDENCE: value [kept since, for
 * whom, bytes]. What is kept for another origin is bounded (VIZ_EVIDENCE_PER_ORIGIN): its
 * bytes are counted in VIZ_TABLE_META. PROTOCOL.md section 9. */
#ifndef VIZ_NODE_OFFER_VIEW_H
#define VIZ_NODE_OFFER_VIEW_H

#include "proto/base.h"

struct viz_core;
struct viz_id;
struct viz_slice;
struct viz_trust;

/* Counted beside the bytes of each: keys, and the place that a record takes in a view. */
#define VIZ_EVIDENCE_ROW 256

/* This node's own view now; kept as evidence. VIZ_ERR_LIMIT: more than VIZ_VIEW_IDS_MAX records. */
int viz_view_build(struct viz_trust *trust, struct viz_id *digest);

bool viz_view_evidence_get(struct viz_core *core, struct viz_slice *out, const struct viz_id *id);

/* Keeps it for an origin, once. False: that origin has as much here as it may. */
bool viz_view_evidence_put(struct viz_trust *trust, const struct viz_id *id,
			   const struct viz_id *origin, const uint8_t *bytes, size_t len);

/* The row is about to be removed. */
void viz_view_evidence_gone(struct viz_core *core, const struct viz_slice *value);

bool viz_view_type(uint8_t type);

void viz_view_digest(struct viz_id *out, const uint8_t *bytes, size_t len);

/* At a partner: keeps as evidence those records of the view that this node holds. *n is how many
 * are missing; the first `max` of them in `missing`. VIZ_ERR_LIMIT: the origin's share is used up.
 */
int viz_view_resolve(struct viz_trust *trust, struct viz_id *missing, size_t *n, size_t max,
		     const struct viz_id *origin, const uint8_t *view, size_t len);

int viz_view_compare(const void *a, const void *b);

#endif
