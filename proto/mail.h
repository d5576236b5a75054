/* The payloads of mail. PROTOCOL.md section 11. A kind that is not here has the payload [slot]
 * (viz_mail_slot_write). Pointers are borrowed: from the caller, or from the input. */
#ifndef VIZ_PROTO_MAIL_H
#define VIZ_PROTO_MAIL_H

#include "proto/message.h"
#include "proto/offer.h"

/* VIZ_MAIL_VIEW: the author-items hashes, ascending by author, 32 bytes each. */
struct viz_mail_view {
	uint64_t slot;
	const uint8_t *hashes; /* NULL: not served */
	size_t hashes_len;
};

/* One place of an author in a view. */
struct viz_view_item {
	uint8_t type;
	uint64_t slot, seq;
	bool has_id; /* false: the place is dead */
	struct viz_id id;
};

/* All places of an author in a view, ascending. */
struct viz_view_items {
	size_t count;
	struct viz_view_item item[VIZ_VIEW_ITEMS_MAX];
};

void viz_view_items_write(struct viz_writer *w, const struct viz_view_items *list);
void viz_view_items_read(struct viz_reader *r, struct viz_view_items *list);

/* VIZ_MAIL_VIEW_ITEMS_ASK */
struct viz_mail_view_items_ask {
	uint64_t slot;
	struct viz_id author;
};

/* VIZ_MAIL_VIEW_ITEMS */
struct viz_mail_view_items {
	uint64_t slot;
	struct viz_id author;
	bool served;
	struct viz_view_items list;
};

/* VIZ_MAIL_EVIDENCE_ASK */
struct viz_mail_evidence_ask {
	uint64_t slot;
	struct viz_id id[VIZ_EVIDENCE_IDS_MAX]; /* of records; of dead places the item hash */
	size_t count;
	bool named; /* of no view: NODEs and PARTNERS that a circle record names; no slot */
};

/* VIZ_MAIL_EVIDENCE */
struct viz_mail_evidence {
	uint64_t slot;
	struct viz_id id;      /* as asked */
	const uint8_t *record; /* signed; NULL: not served */
	size_t record_len;
	bool named; /* as asked */
};

/* VIZ_MAIL_LOCATION: what OFFER committed to, and the blindings that open it. */
struct viz_mail_location {
	uint64_t slot;
	const uint8_t *location; /* viz_location_write */
	size_t location_len;
	struct viz_secret blinding;
	const uint8_t *receipt; /* signed */
	size_t receipt_len;
	struct viz_secret receipt_blinding;
};

/* VIZ_MAIL_PLEDGE: the reason of a `no` stays with the origin. */
struct viz_mail_pledge {
	uint8_t pledge[VIZ_PLEDGE_SIGNED];
	enum viz_no_reason reason;
};

/* VIZ_MAIL_HANDOFF */
struct viz_mail_handoff {
	const uint8_t *choice; /* signed */
	size_t choice_len;
	const uint8_t *award; /* signed */
	size_t award_len;
	const uint8_t *receipt; /* signed */
	size_t receipt_len;
	const uint8_t *contact; /* viz_contact_write */
	size_t contact_len;
};

/* VIZ_MAIL_LEASE_ASK */
struct viz_mail_lease_ask {
	struct viz_id award;
	struct viz_time asked; /* by the clock of who asks */
	struct viz_id hash;    /* viz_commitment_release of the holder's secret for this award */
};

/* What has become of the last award of an offer, as its holder knows. */
enum viz_award_state {
	VIZ_AWARD_UNKNOWN = 0, /* it has none */
	VIZ_AWARD_HELD = 1,
	VIZ_AWARD_LEASED = 2,
	VIZ_AWARD_CONTACTED = 3,
	VIZ_AWARD_INSTALLED = 4,
	VIZ_AWARD_ENDED = 5, /* released or lost */
	VIZ_AWARD_ERASED = 6,
	VIZ_AWARD_ASKED = 7, /* the question */
};

/* VIZ_MAIL_STATE */
struct viz_mail_state {
	struct viz_id offer;
	uint32_t k; /* 0, and no award, with unknown and in the question */
	enum viz_award_state state;
	struct viz_id award;
};

#define VIZ_MAIL_PAYLOAD(X)                                                                        \
	void viz_mail_##X##_write(struct viz_writer *w, const struct viz_mail_##X *m);             \
	void viz_mail_##X##_read(struct viz_reader *r, struct viz_mail_##X *m);                    \
	struct viz_mail_##X

VIZ_MAIL_PAYLOAD(view);
VIZ_MAIL_PAYLOAD(view_items_ask);
VIZ_MAIL_PAYLOAD(view_items);
VIZ_MAIL_PAYLOAD(evidence_ask);
VIZ_MAIL_PAYLOAD(evidence);
VIZ_MAIL_PAYLOAD(location);
VIZ_MAIL_PAYLOAD(handoff);
VIZ_MAIL_PAYLOAD(pledge);
VIZ_MAIL_PAYLOAD(lease_ask);
VIZ_MAIL_PAYLOAD(state);

/* [slot] */
void viz_mail_slot_write(struct viz_writer *w, uint64_t slot);
uint64_t viz_mail_slot_read(struct viz_reader *r);

/* [signed statement]: VIZ_MAIL_STATEMENT */
void viz_mail_signed_write(struct viz_writer *w, const uint8_t *bytes, size_t len);
const uint8_t *viz_mail_signed_read(struct viz_reader *r, size_t *len);

#endif
