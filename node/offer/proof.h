/* The customer's proof as a line of text, and what it shows without any node. PROTOCOL.md section
 * 10. */
#ifndef VIZ_NODE_OFFER_PROOF_H
#define VIZ_NODE_OFFER_PROOF_H

#include "proto/limits.h"
#include "proto/proof.h"

#define VIZ_OFFER_PROOF_PREFIX "VIZPROOF" /* version 1 follows */

/* What a line says. `rec` borrows from `bytes`. */
struct viz_offer_proof {
	uint8_t bytes[VIZ_PROOF_LINE_MAX * 5 / 8];
	struct viz_proof_line line;
	struct viz_record rec; /* the signed PROOF */
	struct viz_proof body;
	struct viz_id id;     /* its statement id */
	struct viz_id author; /* by federation, first key, next hash and nonce */
	bool signature_known; /* it was checked, and is good; false: the line has not the key */
};

/* Writes the line; `text` holds VIZ_PROOF_LINE_MAX + 1 characters. VIZ_ERR_LIMIT. */
int viz_offer_proof_text(char *text, const struct viz_proof_line *line);

/* Reads a line, and checks all that it can by itself: form, checksum, author id, the SUCCESSIONs
 * and the signature. VIZ_ERR_FORM: it is no whole line. VIZ_ERR_MEANING: what it has does not fit
 * together. VIZ_ERR_AUTH: author id, a SUCCESSION or the signature is false. */
int viz_offer_proof_read(struct viz_offer_proof *out, const char *text);

#endif
