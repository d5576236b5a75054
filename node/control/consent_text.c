/* The texts themselves are in consent.TAG.tsv, a file for each language. */
#include "node/control/consent_text.h"

#include "crypto/hash.h"
#include "node/control/consent_texts.h"
#include "node/control/request.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/offer.h"

#define LANGUAGES (sizeof viz_consent_texts_tags / sizeof *viz_consent_texts_tags)

/* NULL: there is none in this language. */
static const char *text_of(enum viz_consent_texts text, const char *language)
{
	for (size_t i = 0; i < LANGUAGES; i++)
		if (strcmp(viz_consent_texts_tags[i], language) == 0)
			return viz_consent_texts_texts[text][i];
	return NULL;
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
/* Fills the text's %s with one or two strings. The build refuses a translation that has others. */
static int fill(char *out, size_t max, enum viz_consent_texts text, const char *language,
		const char *first, const char *second)
{
	const char *format = text_of(text, language);
	int n;

	if (!format)
		return VIZ_ERR_ABSENT;
	n = snprintf(out, max, format, first, second);
	return n > 0 && (size_t)n < max ? VIZ_OK : VIZ_ERR_LIMIT;
}
#pragma GCC diagnostic pop

int viz_consent_text_location(char *out, size_t max, enum viz_answer own, const char *language,
			      const char *controller, const char *const *names, size_t count)
{
	char list[VIZ_ELIGIBLE_MAX * (VIZ_CONTROL_LABEL_MAX + 2) + 1] = "";
	size_t len = 0;
	int err;

	for (size_t i = 0; i < count; i++)
		len += (size_t)snprintf(list + len, sizeof list - len, "%s%s", i ? ", " : "",
					names[i]);
	if (own < VIZ_ANSWER_YES || own > VIZ_ANSWER_NO)
		own = VIZ_ANSWER_NO;
	err = fill(out, max, VIZ_CONSENT_TEXTS_OWN_YES + (own - VIZ_ANSWER_YES), language,
		   controller, NULL);
	if (err != VIZ_OK)
		return err;
	len = strlen(out);
	out[len++] = ' '; /* in place of the final NUL */
	return fill(out + len, max - len,
		    count == 1 ? VIZ_CONSENT_TEXTS_LOCATION_ONE
			       : VIZ_CONSENT_TEXTS_LOCATION_SEVERAL,
		    language, list, NULL);
}

int viz_consent_text_contact(char *out, size_t max, const char *language, const char *controller,
			     const char *name)
{
	return fill(out, max, VIZ_CONSENT_TEXTS_CONTACT, language, controller, name);
}

int viz_consent_text_waiting(char *out, size_t max, const char *language, const char *controller,
			     int64_t days)
{
	char text[24];

	snprintf(text, sizeof text, "%lld", (long long)days);
	return fill(out, max, VIZ_CONSENT_TEXTS_LATER, language, controller, text);
}

void viz_consent_text_hash(struct viz_id *out, const char *text)
{
	struct viz_hash h;

	viz_hash_init(&h, "vizinho/consent-text");
	viz_hash_part(&h, (const uint8_t *)text, strlen(text));
	viz_hash_final(&h, out);
}
