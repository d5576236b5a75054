/* The body of RECEIPT: the record of a person's consent (fields of ISO/IEC TS 27560; LGPD art. 7
 * par. 5, art. 8). PROTOCOL.md section 10. It is a statement, and travels only on links to those
 * whom it names. It holds no personal data: the person is a salted hash, and the salt is in the
 * origin's vault. */
#ifndef VIZ_PROTO_RECEIPT_H
#define VIZ_PROTO_RECEIPT_H

#include "proto/record.h"

enum viz_purpose {
	VIZ_PURPOSE_LOCATION = 1, /* the location without the person, to ask who can serve it */
	VIZ_PURPOSE_CONTACT = 2,  /* contact data, so that the chosen provider can call */
};

enum viz_consent_state {
	VIZ_CONSENT_REQUESTED = 1,
	VIZ_CONSENT_GIVEN = 2,
	VIZ_CONSENT_REFUSED = 3,
	VIZ_CONSENT_WITHDRAWN = 4,
	VIZ_CONSENT_EXPIRED = 5,
	VIZ_CONSENT_TERMINATED = 6,
};

/* `seq` of the receipts of an offer, where n is the number of an award (0: none yet):
 *   1       the first consent, to send the location
 *   34 + n  its end, after award n
 *   1 + n   the consent of award n, to send the contact
 *   80 + n  the end of that consent
 *   32      a second consent of a single screen that ended without an award */
enum {
	VIZ_RECEIPT_FIRST = 1,
	VIZ_RECEIPT_FIRST_ENDED = 34,
	VIZ_RECEIPT_AWARD = 1,
	VIZ_RECEIPT_AWARD_ENDED = 80,
	VIZ_RECEIPT_SECOND_ENDED = 32,
};

/* Fields of data that a consent covers, as bits. With VIZ_PURPOSE_LOCATION the first and no other;
 * with VIZ_PURPOSE_CONTACT name, phone and address, and not the first. */
enum viz_consent_field {
	VIZ_FIELD_LOCATION = 1, /* point or CEP, municipality; no street, no number */
	VIZ_FIELD_NAME = 2,
	VIZ_FIELD_PHONE = 4,
	VIZ_FIELD_ADDRESS = 8,
	VIZ_FIELD_DATE = 16,
	VIZ_FIELD_PLAN = 32,
};

struct viz_recipient {
	struct viz_id id;
	char cnpj[VIZ_CNPJ_LEN + 1]; /* "" when the recipient publishes none */
};

struct viz_receipt {
	uint8_t receipt_id[16];
	uint64_t offer_slot;
	enum viz_purpose purpose;
	char language[6];      /* "pt-BR", "en" */
	struct viz_id subject; /* H("vizinho/subject", salt, receipt id) */
	char controller_cnpj[VIZ_CNPJ_LEN + 1];
	struct viz_recipient recipient[VIZ_ASKED_MAX]; /* ascending by id; one of a contact */
	size_t recipient_count;
	unsigned fields;         /* bits of enum viz_consent_field */
	char text_version[17];   /* of the template that was shown */
	struct viz_id text_hash; /* of the exact text shown */
	char channel[17];        /* "phone", "desk", "whatsapp", "web" */
	struct viz_id reference; /* viz_commitment_reference: what shows the consent stays at the
				    origin */
	struct viz_time given;
	struct viz_time expires; /* after given */
	struct viz_time erase;   /* the latest at which a recipient erases, as the text promised */
	char withdrawal[VIZ_PRIVACY_MAX + 1]; /* where consent is withdrawn; never "" */
	enum viz_consent_state state;
	struct viz_id previous; /* record id of the previous state; zero: none */
};

VIZ_BODY(receipt);

/* Whether the receipt allows a recipient to take the data at `now`: it is given, by a statement of
 * this `time`, and neither over nor longer than `most_ms` allows. */
bool viz_receipt_holds(const struct viz_receipt *c, struct viz_time time, struct viz_time now,
		       int64_t most_ms);
/* "phone", "desk", "whatsapp", "web". */
bool viz_receipt_channel_valid(const char *channel);

bool viz_receipt_names(const struct viz_receipt *c, const struct viz_id *id);

#endif
