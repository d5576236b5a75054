/* The view: what the lists of an OFFER are judged by. For each author for whom the origin's
 * PARTNERS has an entry that is effective at the OFFER's time, ascending, it has the hash of the
 * author's items (trust/items.h). OFFER has its digest H("vizinho/view", u64 time, hash, ...). Who
 * holds the same records computes the same digest, and needs nothing from the origin.
 *
 * VIZ_TABLE_EVIDENCE keeps, under its hash, what was not the same: [last needed, origin, bytes].
 *   digest of a view   -> its hashes
 *   author-items hash  -> the author's items (viz_view_items_write)
 *   record id          -> the signed record
 *   item of a dead place -> the record ids of its two halves; of one, while the other is not here
 * An origin keeps all four of its own views. `origin` is whose offer needed the row first: the row
 * is charged to its account, and is a part of its share (trust/share.h).
 * PROTOCOL.md section 9. */
#ifndef VIZ_NODE_OFFER_VIEW_H
#define VIZ_NODE_OFFER_VIEW_H

#include "proto/base.h"

struct viz_core;
struct viz_id;
struct viz_partners;
struct viz_slice;
struct viz_trust;

/* At the origin: keeps our present view, of the instant `at`, as evidence, and gives its digest.
 * VIZ_ERR_STATE: we have no PARTNERS. */
int viz_view_build(struct viz_trust *trust, struct viz_id *digest, struct viz_time at);

/* Keeps our PARTNERS as evidence, and gives its id. VIZ_ERR_STATE as above. */
int viz_view_keep_partners(struct viz_trust *trust, struct viz_id *partners);

/* Reads the PARTNERS that an OFFER names: it stands at its place, was kept, or was served. False:
 * it is not here. */
bool viz_view_partners(struct viz_core *core, struct viz_partners *out, const struct viz_id *origin,
		       const struct viz_id *id);

/* Keeps as evidence the items of one author and their records, as we hold them. False: the origin's
 * share is used up. */
bool viz_view_keep_author(struct viz_trust *trust, const struct viz_id *origin,
			  const struct viz_id *author, struct viz_time at);

/* The bytes kept under `id`, borrowed until the next write. False: there are none. */
bool viz_view_evidence_get(struct viz_core *core, struct viz_slice *out, const struct viz_id *id);

/* Keeps the bytes under `id` for an origin. Bytes that are there already are kept longer; more
 * bytes replace them, in the share of the origin that needed them first, even if it is used up:
 * another origin must not suffer. False: the origin's share is used up. */
bool viz_view_evidence_put(struct viz_trust *trust, const struct viz_id *id,
			   const struct viz_id *origin, const uint8_t *bytes, size_t len);

/* When an offer last needed what this row of VIZ_TABLE_EVIDENCE keeps. */
struct viz_time viz_view_evidence_needed(const struct viz_slice *value);

/* Gives the row's bytes back to its origin's share. The caller deletes the row next. */
void viz_view_evidence_forget(struct viz_core *core, const struct viz_slice *value);

#endif
