/* The texts that are read to the customer for a consent. They have a version, and the ISP's counsel
 * reviews them. Each says all that holds for it alone: what is sent, to whom, how exact the point
 * is, how long each keeps it from the customer's yes, how to withdraw, who answers for the data.
 *
 * `out` holds `max` bytes. VIZ_ERR_ABSENT: there is no text in this language. VIZ_ERR_LIMIT: `out`
 * is too small. */
#ifndef VIZ_NODE_CONTROL_CONSENT_TEXT_H
#define VIZ_NODE_CONTROL_CONSENT_TEXT_H

#include "node/control/request.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/offer.h"

struct viz_id;
struct viz_location;

#define VIZ_CONSENT_TEXT_VERSION "2026-12.6"

/* Who asks: we. */
struct viz_consent_asker {
	const char *language;
	const char *name;
	const char *privacy;    /* who answers for the data */
	const char *withdrawal; /* where consent is withdrawn */
};

/* A company that would get the data. */
struct viz_consent_recipient {
	char label[VIZ_CONTROL_LABEL_MAX];
	char privacy[VIZ_PRIVACY_MAX + 1]; /* who answers for data there; "": it publishes none */
};

/* The first consent: the location goes to these companies. `own` is our own answer for the new
 * address, and the text begins with it. `struck`: the customer has left some out already, so that
 * it is not asked again. */
int viz_consent_text_location(char *out, size_t max, const struct viz_consent_asker *asker,
			      enum viz_answer own, const struct viz_location *location,
			      const struct viz_consent_recipient *recipients, size_t count,
			      bool struck, int64_t kept_ms);

/* The second consent: the contact goes to one company, which keeps it `there_ms` at most, and we
 * `here_ms`. */
int viz_consent_text_contact(char *out, size_t max, const struct viz_consent_asker *asker,
			     const struct viz_consent_recipient *recipient, int64_t there_ms,
			     int64_t here_ms);

/* Nobody serves the place: we keep the location to ask the customer again. No receipt names this
 * text. */
int viz_consent_text_waiting(char *out, size_t max, const struct viz_consent_asker *asker,
			     const struct viz_location *location, int64_t kept_ms);

/* H("vizinho/consent-text", text): how a receipt names the exact text. */
void viz_consent_text_hash(struct viz_id *out, const char *text);
void viz_consent_text_hash_of(struct viz_id *out, const uint8_t *text, size_t len);

#endif
