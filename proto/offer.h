/* The bodies of OFFER, PLEDGE, CLOSE and RESULT, and what is sealed inside. PROTOCOL.md section 9.
 */
#ifndef VIZ_PROTO_OFFER_H
#define VIZ_PROTO_OFFER_H

#include "proto/coverage.h"

struct viz_offer {
	struct viz_time closes;        /* no CLOSE before this time, unless all have answered */
	uint64_t epoch;                /* of the origin's circle key */
	struct viz_id key_hash;        /* H("vizinho/offer-key-hash", offer key) */
	struct viz_id order_commit;    /* H("vizinho/order-salt", salt, ""): an empty second part */
	struct viz_id location_commit; /* H("vizinho/location", blinding, location bytes) */
	struct viz_id receipt_commit;  /* H("vizinho/receipt", blinding, receipt's record id) */
	struct viz_id view;            /* digest of the origin's view */
	struct viz_id partners;        /* record id of the origin's PARTNERS, whose entries are the
					  authors of the view */
	const uint8_t *sealed;         /* borrowed */
	size_t sealed_len;
};

enum viz_exclusion {
	VIZ_EXCLUDED_BLOCKED = 1, /* removed from PARTNERS, but the entry is still effective */
	VIZ_EXCLUDED_STRUCK = 2,  /* the customer struck it; the receipt does not name it */
	VIZ_EXCLUDED_SILENT = 3,  /* the origin has no heartbeat of it, or it is no member */
};

struct viz_excluded {
	struct viz_id id;
	enum viz_exclusion reason;
};

/* The plaintext of OFFER.sealed. */
struct viz_offer_secret {
	struct viz_area area;
	struct viz_id eligible[VIZ_ELIGIBLE_MAX]; /* ascending */
	size_t eligible_count;
	struct viz_excluded excluded[VIZ_EXCLUDED_MAX]; /* ascending by id */
	size_t excluded_count;
	uint64_t previous; /* slot of the previous offer for the same customer; 0: none */
};

enum viz_answer {
	VIZ_ANSWER_YES = 1,
	VIZ_ANSWER_ANALYSIS = 2,
	VIZ_ANSWER_NO = 3,
	VIZ_ANSWER_NO_CONTENT = 4, /* the origin refused or delayed the location */
};

enum viz_no_reason {
	VIZ_NO_NONE = 0,     /* with yes, analysis and no-content */
	VIZ_NO_PLANT = 1,    /* outside the plant */
	VIZ_NO_CAPACITY = 2, /* no free port */
	VIZ_NO_POLICY = 3,   /* policy of the provider */
};

struct viz_pledge {
	struct viz_id origin;
	uint64_t offer_slot;
	struct viz_id offer;   /* the OFFER's record id */
	const uint8_t *sealed; /* exactly VIZ_PLEDGE_SEALED bytes; borrowed */
	size_t sealed_len;
};

#define VIZ_PLEDGE_SEALED (VIZ_PLEDGE_PLAIN + 40)

/* The plaintext of PLEDGE.sealed. */
struct viz_pledge_secret {
	enum viz_answer answer;
	enum viz_no_reason reason;
	struct viz_id commitment; /* zero for no and no-content */
};

struct viz_close {
	struct viz_id offer;
	struct viz_id pledge[VIZ_ELIGIBLE_MAX]; /* record ids, ascending */
	size_t count;
};

enum viz_result_outcome {
	VIZ_RESULT_CHOSEN = 1,
	VIZ_RESULT_NONE = 2,      /* the customer chose nobody */
	VIZ_RESULT_EXPIRED = 3,   /* no choice was made in time */
	VIZ_RESULT_WITHDRAWN = 4, /* the consent was revoked before a choice */
};

struct viz_reveal_entry {
	struct viz_id pledge;
	bool revealed;
	struct viz_id nonce;   /* zero unless revealed */
	struct viz_id blinded; /* H("vizinho/proposal", blinding, proposal); zero unless revealed */
};

struct viz_result {
	struct viz_id offer;
	struct viz_id close;
	struct viz_secret salt;                          /* public from RESULT on */
	struct viz_reveal_entry entry[VIZ_ELIGIBLE_MAX]; /* one per pledge of CLOSE, in its order */
	size_t count;
	struct viz_id order[VIZ_ELIGIBLE_MAX]; /* record ids of revealed pledges, as shown */
	size_t order_count;
	enum viz_result_outcome outcome;
	struct viz_id choice; /* H("vizinho/choice", blinding, pledge id); zero unless chosen */
};

/* A sealed plaintext is u16be length || array || zeros. The length says where the padding begins,
 * so that the padding can be checked. */
#define VIZ_OFFER_PAD 512 /* an offer's plaintext is padded to a multiple of this */

VIZ_BODY(offer);
void viz_offer_secret_write(struct viz_writer *w, const struct viz_offer_secret *s);
void viz_offer_secret_read(struct viz_reader *r, struct viz_offer_secret *s);
VIZ_BODY(pledge);
void viz_pledge_secret_write(struct viz_writer *w, const struct viz_pledge_secret *s);
void viz_pledge_secret_read(struct viz_reader *r, struct viz_pledge_secret *s);
VIZ_BODY(close);
VIZ_BODY(result);

/* Pads the `len` bytes that stand in `buffer` from offset 2 on, to `size` bytes. */
void viz_offer_pad(uint8_t *buffer, size_t len, size_t size);
/* The number of bytes before the padding. VIZ_ERR_FORM when the length or the zeros are wrong. */
int viz_offer_unpad(size_t *len, const uint8_t *buffer, size_t size);

#endif
