/* PROOF: what the customer keeps of an offer, and the array of its line. PROTOCOL.md section 10.
 * The line's text, and what can be checked of it: node/offer/proof.h. */
#ifndef VIZ_PROTO_PROOF_H
#define VIZ_PROTO_PROOF_H

#include "proto/record.h"

#define VIZ_PROOF_RECORD_MAX  1024 /* bytes, without the signature */
#define VIZ_PROOF_SUCCESSIONS 4    /* SUCCESSIONs in a line; of more there are none */

/* seq = k. */
struct viz_proof {
	struct viz_id offer;   /* record id of OFFER */
	char text_version[17]; /* of the text of the first consent, */
	struct viz_id text_hash;
	struct viz_id asked[VIZ_ASKED_MAX]; /* who was named and not struck, as in OFFER */
	size_t asked_count;
	uint8_t order[VIZ_ASKED_MAX]; /* as in RESULT */
	size_t order_len;
	uint32_t k;                 /* 0: before the first choice */
	struct viz_id chosen;       /* zero: none, or not yet */
	bool has_blinding;          /* exactly when somebody was chosen */
	struct viz_secret blinding; /* opens CHOICE k */
};

/* A signed SUCCESSION, borrowed. */
struct viz_proof_key {
	const uint8_t *bytes;
	size_t bytes_len;
};

/* All that is needed to check the PROOF of an unknown author. What it points to is borrowed. */
struct viz_proof_line {
	struct viz_id federation;
	const uint8_t *proof; /* signed */
	size_t proof_len;
	struct viz_pub first_key;
	struct viz_id next_hash;
	uint8_t nonce[16];
	struct viz_proof_key succession[VIZ_PROOF_SUCCESSIONS]; /* from key 1 on */
	size_t succession_count;
};

VIZ_BODY(proof);

void viz_proof_line_write(struct viz_writer *w, const struct viz_proof_line *line);
void viz_proof_line_read(struct viz_reader *r, struct viz_proof_line *line);

#endif
