/* The signed bytes that prove a finding to an outsider, as far as this node holds them. PROTOCOL.md
 * section 13. */
#ifndef VIZ_NODE_AUDIT_EXPORT_H
#define VIZ_NODE_AUDIT_EXPORT_H

#include "crypto/id.h"
#include "node/audit/contradiction.h"
#include "node/audit/next.h"
#include "proto/limits.h"

struct viz_trust;

#define VIZ_EXPORT_RECORDS 512
#define VIZ_EXPORT_AUTHORS 64
#define VIZ_EXPORT_HEADS   2
#define VIZ_EXPORT_REPLIES 64

/* Large: allocate it, with zeros. All of it is borrowed from the store until the next write. */
struct viz_export {
	/* what to prove; the caller sets it */
	enum viz_rule rule;
	struct viz_id accused, about;
	uint64_t slot;
	const struct viz_record
	    *proof; /* the customer's, which is about; NULL: it was not brought */
	/* the proof */
	bool has_offer;
	struct viz_id offer;
	struct viz_record record[VIZ_EXPORT_RECORDS];
	size_t record_count;
	struct viz_id author[VIZ_EXPORT_AUTHORS]; /* of the records */
	struct viz_birth birth[VIZ_EXPORT_AUTHORS];
	size_t author_count;
	struct viz_contradiction_head head[VIZ_EXPORT_HEADS];
	size_t head_count;
	struct viz_id view[VIZ_PARTNERS_MAX];
	size_t view_count;
	struct viz_contradiction_items items; /* of one author, when there is a view */
	struct viz_audit_next next; /* its stubs, when the OFFER among the records is that one */
	/* beside the proof: PROTESTs about the offer, and the replies of the accused */
	struct viz_record reply[VIZ_EXPORT_REPLIES];
	size_t reply_count;
};

/* Collects the proof. VIZ_ERR_ABSENT: what is held does not show the finding; VIZ_ERR_INPUT: the
 * customer's proof is missing. The caller frees x->next.stub. */
int viz_export_collect(struct viz_trust *trust, struct viz_export *x);

#endif
