/* The texts themselves are in texts.TAG.tsv, a file for each language. */
#include "node/control/consent_text.h"

#include "crypto/hash.h"
#include "node/control/localize.h"
#include "node/control/request.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/offer.h"

int viz_consent_text_location(char *out, size_t max, enum viz_answer own, const char *language,
			      const char *controller, const char *const *names, size_t count)
{
	char list[VIZ_ASKED_MAX * (VIZ_CONTROL_LABEL_MAX + 2) + 1] = "";
	size_t len = 0;
	int err;

	for (size_t i = 0; i < count; i++)
		len += (size_t)snprintf(list + len, sizeof list - len, "%s%s", i ? ", " : "",
					names[i]);
	if (own < VIZ_ANSWER_YES || own > VIZ_ANSWER_NO)
		own = VIZ_ANSWER_NO;
	err = viz_control_localize(out, max, VIZ_CONTROL_TEXTS_OWN_YES + (own - VIZ_ANSWER_YES),
				   language, controller, NULL);
	if (err != VIZ_OK)
		return err;
	len = strlen(out);
	out[len++] = ' '; /* in place of the final NUL */
	return viz_control_localize(out + len, max - len,
				    count == 1 ? VIZ_CONTROL_TEXTS_LOCATION_ONE
					       : VIZ_CONTROL_TEXTS_LOCATION_SEVERAL,
				    language, list, NULL);
}

int viz_consent_text_contact(char *out, size_t max, const char *language, const char *controller,
			     const char *name)
{
	return viz_control_localize(out, max, VIZ_CONTROL_TEXTS_CONTACT, language, controller,
				    name);
}

int viz_consent_text_waiting(char *out, size_t max, const char *language, const char *controller,
			     int64_t days)
{
	char text[24];

	snprintf(text, sizeof text, "%lld", (long long)days);
	return viz_control_localize(out, max, VIZ_CONTROL_TEXTS_WAITING, language, controller,
				    text);
}

void viz_consent_text_hash(struct viz_id *out, const char *text)
{
	struct viz_hash h;

	viz_hash_init(&h, "vizinho/consent-text");
	viz_hash_part(&h, (const uint8_t *)text, strlen(text));
	viz_hash_final(&h, out);
}
