/* The view: the records by which the lists of an OFFER are judged. It is the list of their record
 * ids, ascending, 32 bytes each, and its digest is H("vizinho/view", list).
 *
 * VIZ_TABLE_EVIDENCE keeps the lists (key: digest) and the records (key: record id): [last needed,
 * origin, bytes]. `origin` is whose offer needed them first. What we keep for another origin is
 * bounded (VIZ_EVIDENCE_PER_ORIGIN); VIZ_TABLE_META counts its bytes. PROTOCOL.md section 9. */
#ifndef VIZ_NODE_OFFER_VIEW_H
#define VIZ_NODE_OFFER_VIEW_H

#include "proto/base.h"

struct viz_core;
struct viz_id;
struct viz_slice;
struct viz_trust;

/* What each row counts beside its bytes: its keys, and its 32 bytes in the list of a view. */
#define VIZ_EVIDENCE_ROW 256

/* Whether records of this type belong into a view. */
bool viz_view_type(uint8_t type);

void viz_view_digest(struct viz_id *out, const uint8_t *bytes, size_t len);

/* At the origin: keeps our present view and its records as evidence, and gives its digest.
 * VIZ_ERR_LIMIT: more than VIZ_VIEW_IDS_MAX records. */
int viz_view_build(struct viz_trust *trust, struct viz_id *digest);

/* At a partner: keeps as evidence those records of the view that we hold. *n gets how many others
 * are missing, and `missing` the first `max` of them. VIZ_ERR_LIMIT: the origin's share is full. */
int viz_view_resolve(struct viz_trust *trust, struct viz_id *missing, size_t *n, size_t max,
		     const struct viz_id *origin, const uint8_t *view, size_t len);

/* The bytes kept under `id`, borrowed until the next write. False: there are none. */
bool viz_view_evidence_get(struct viz_core *core, struct viz_slice *out, const struct viz_id *id);

/* Keeps the bytes under `id` for an origin. Bytes that are there already are kept longer. False:
 * the origin's share is used up. */
bool viz_view_evidence_put(struct viz_trust *trust, const struct viz_id *id,
			   const struct viz_id *origin, const uint8_t *bytes, size_t len);

/* When an offer last needed what this row of VIZ_TABLE_EVIDENCE keeps. */
struct viz_time viz_view_evidence_needed(const struct viz_slice *value);

/* Gives the row's bytes back to its origin's share. The caller deletes the row next. */
void viz_view_evidence_forget(struct viz_core *core, const struct viz_slice *value);

#endif
