/* The texts that are read to the customer for a consent. They have a version, and the ISP's counsel
 * reviews them. `out` holds `max` bytes. `controller` is our name. VIZ_ERR_ABSENT: there is no text
 * in this language. VIZ_ERR_LIMIT: `out` is too small. */
#ifndef VIZ_NODE_CONTROL_CONSENT_TEXT_H
#define VIZ_NODE_CONTROL_CONSENT_TEXT_H

#include "proto/base.h"
#include "proto/offer.h"

struct viz_id;

#define VIZ_CONSENT_TEXT_VERSION "2026-11.3"

/* The first consent: the location goes to the companies in `names`. `own` is our own answer for the
 * new address, and the text begins with it. */
int viz_consent_text_location(char *out, size_t max, enum viz_answer own, const char *language,
			      const char *controller, const char *const *names, size_t count);

/* The second consent: the contact goes to the company `name`. */
int viz_consent_text_contact(char *out, size_t max, const char *language, const char *controller,
			     const char *name);

/* Nobody serves the place: we keep the location for `days` to ask the customer again. No receipt
 * names this text. */
int viz_consent_text_waiting(char *out, size_t max, const char *language, const char *controller,
			     int64_t days);

/* H("vizinho/consent-text", text): how a receipt names the exact text. */
void viz_consent_text_hash(struct viz_id *out, const char *text);

#endif
