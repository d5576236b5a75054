/* What stays at the origin of a consent, beside its RECEIPT and as long as that: the exact text
 * that the customer heard, and how the yes was recorded. Both are rows of VIZ_TABLE_STATEMENT
 * (core/place.h). Neither has personal data. */
#ifndef VIZ_NODE_LEAD_CONSENT_H
#define VIZ_NODE_LEAD_CONSENT_H

#include "proto/base.h"
#include "proto/limits.h"

struct viz_core;
struct viz_slice;
struct viz_trust;

/* Opens the reference of a RECEIPT: viz_commitment_reference. */
struct viz_lead_reference {
	struct viz_secret blinding;
	char evidence[VIZ_REF_MAX + 1], agent[VIZ_REF_MAX + 1];
};

/* Keeps the text under its hash. */
void viz_lead_consent_keep_text(struct viz_trust *trust, uint64_t slot, const struct viz_id *hash,
				const char *text);

/* The text of this hash, borrowed until the next write. False: it is not here. */
bool viz_lead_consent_text(struct viz_trust *trust, struct viz_slice *out, uint64_t slot,
			   const struct viz_id *hash);

/* Keeps what opens the reference of our RECEIPT of this number. */
void viz_lead_consent_keep_reference(struct viz_trust *trust, uint64_t slot, uint64_t number,
				     const struct viz_lead_reference *ref);

/* False: it is not here. */
bool viz_lead_consent_reference(struct viz_trust *trust, struct viz_lead_reference *out,
				uint64_t slot, uint64_t number);

#endif
