/* The texts themselves are in texts.TAG.tsv, a file for each language. */
#include "node/control/consent_text.h"

#include "crypto/hash.h"
#include "node/control/localize.h"
#include "proto/base.h"
#include "proto/coverage.h"
#include "proto/limits.h"
#include "proto/offer.h"
#include "proto/statement.h"

/* A point within so many metres is a house. */
#define EXACT_M 100
#define KM_M    10000 /* from here on in kilometres */

/* A text that is made of sentences. */
struct speech {
	char *out;
	size_t max, len;
	const char *language;
	int err; /* the first one */
};

static void say(struct speech *s, enum viz_control_texts sentence, const char *first,
		const char *second)
{
	if (s->err == VIZ_OK && s->len > 0 && s->len + 1 < s->max)
		s->out[s->len++] = ' ';
	if (s->err == VIZ_OK)
		s->err = viz_control_localize(s->out + s->len, s->max - s->len, sentence,
					      s->language, first, second);
	if (s->err == VIZ_OK)
		s->len += strlen(s->out + s->len);
}

/* "4 dias": rounded up, so that nothing is kept longer. */
static void say_days(char out[64], struct speech *s, int64_t ms)
{
	int64_t days = (ms + VIZ_DAY_MS - 1) / VIZ_DAY_MS;
	char number[24];
	int err;

	snprintf(number, sizeof number, "%lld", (long long)days);
	err = viz_control_localize(out, 64,
				   days == 1 ? VIZ_CONTROL_TEXTS_DAY : VIZ_CONTROL_TEXTS_DAYS,
				   s->language, number, NULL);
	if (s->err == VIZ_OK)
		s->err = err;
}

/* Who gets it, with who answers for the data there. */
static void name_recipient(char *out, size_t max, struct speech *s,
			   const struct viz_consent_recipient *r)
{
	int err = r->privacy[0] != '\0'
		      ? viz_control_localize(out, max, VIZ_CONTROL_TEXTS_RECIPIENT, s->language,
					     r->label, r->privacy)
		      : viz_control_localize(out, max, VIZ_CONTROL_TEXTS_RECIPIENT_WITHOUT,
					     s->language, r->label, NULL);

	if (s->err == VIZ_OK)
		s->err = err;
}

/* What of a place is sent. The figure is never larger than the precision, to which the point is
 * rounded. */
static void name_place(char out[512], struct speech *s, const struct viz_location *l)
{
	uint32_t m = l->precision_m > 0 ? l->precision_m : 1;
	char point[256] = "", figure[24];
	int err = VIZ_OK;

	if (l->has_point) {
		snprintf(figure, sizeof figure, m < KM_M ? "%u m" : "%u km",
			 m < KM_M ? m : m / 1000);
		err = viz_control_localize(point, sizeof point,
					   m <= EXACT_M ? VIZ_CONTROL_TEXTS_POINT_EXACT
							: VIZ_CONTROL_TEXTS_POINT_ROUGH,
					   s->language, figure, NULL);
	}
	if (err == VIZ_OK)
		err = viz_control_localize(out, 512,
					   l->has_point && l->cep ? VIZ_CONTROL_TEXTS_PLACE_WHOLE
					   : l->has_point         ? VIZ_CONTROL_TEXTS_PLACE_POINT
					   : l->cep               ? VIZ_CONTROL_TEXTS_PLACE_CEP
								  : VIZ_CONTROL_TEXTS_PLACE_TOWN,
					   s->language, point, NULL);
	if (s->err == VIZ_OK)
		s->err = err;
}

static void begin(struct speech *s, char *out, size_t max, const struct viz_consent_asker *asker)
{
	*s = (struct speech){.out = out, .max = max, .language = asker->language};
	out[0] = '\0';
}

/* What each text ends with. The question is the last that the customer hears. */
static int end(struct speech *s, const struct viz_consent_asker *asker, bool contact)
{
	say(s, VIZ_CONTROL_TEXTS_REFUSE, NULL, NULL);
	say(s, contact ? VIZ_CONTROL_TEXTS_WITHDRAW_CONTACT : VIZ_CONTROL_TEXTS_WITHDRAW,
	    asker->withdrawal, NULL);
	say(s, VIZ_CONTROL_TEXTS_CONTROLLER, asker->name, asker->privacy);
	say(s, VIZ_CONTROL_TEXTS_QUESTION, NULL, NULL);
	return s->err;
}

int viz_consent_text_location(char *out, size_t max, const struct viz_consent_asker *asker,
			      enum viz_answer own, const struct viz_location *location,
			      const struct viz_consent_recipient *recipients, size_t count,
			      int64_t kept_ms)
{
	char list[VIZ_ASKED_MAX * (VIZ_CONTROL_LABEL_MAX + VIZ_PRIVACY_MAX + 64) + 1] = "";
	char place[512], days[64];
	struct speech s;
	size_t len = 0;

	begin(&s, out, max, asker);
	for (size_t i = 0; i < count; i++) {
		len += (size_t)snprintf(list + len, sizeof list - len, "%s", i ? ", " : "");
		name_recipient(list + len, sizeof list - len, &s, &recipients[i]);
		len += strlen(list + len);
	}
	if (own < VIZ_ANSWER_YES || own > VIZ_ANSWER_NO)
		own = VIZ_ANSWER_NO;
	say(&s, VIZ_CONTROL_TEXTS_OWN_YES + (own - VIZ_ANSWER_YES), asker->name, NULL);
	say(&s, count == 1 ? VIZ_CONTROL_TEXTS_SERVES_ONE : VIZ_CONTROL_TEXTS_SERVES_SEVERAL, list,
	    NULL);
	name_place(place, &s, location);
	say(&s, count == 1 ? VIZ_CONTROL_TEXTS_LOCATION_ONE : VIZ_CONTROL_TEXTS_LOCATION_SEVERAL,
	    place, NULL);
	say_days(days, &s, kept_ms);
	say(&s, count == 1 ? VIZ_CONTROL_TEXTS_ERASE_ONE : VIZ_CONTROL_TEXTS_ERASE_SEVERAL, days,
	    NULL);
	return end(&s, asker, false);
}

int viz_consent_text_contact(char *out, size_t max, const struct viz_consent_asker *asker,
			     const struct viz_consent_recipient *recipient, int64_t there_ms,
			     int64_t here_ms)
{
	char name[VIZ_CONTROL_LABEL_MAX + VIZ_PRIVACY_MAX + 64], there[64], here[64];
	struct speech s;

	begin(&s, out, max, asker);
	name_recipient(name, sizeof name, &s, recipient);
	say(&s, VIZ_CONTROL_TEXTS_CONTACT, asker->name, name);
	say_days(there, &s, there_ms);
	say_days(here, &s, here_ms);
	say(&s, VIZ_CONTROL_TEXTS_ERASE_CONTACT, there, here);
	return end(&s, asker, true);
}

int viz_consent_text_waiting(char *out, size_t max, const struct viz_consent_asker *asker,
			     const struct viz_location *location, int64_t kept_ms)
{
	char place[512], days[64];
	struct speech s;

	begin(&s, out, max, asker);
	say(&s, VIZ_CONTROL_TEXTS_WAITING, asker->name, NULL);
	say_days(days, &s, kept_ms);
	name_place(place, &s, location);
	say(&s, VIZ_CONTROL_TEXTS_WAITING_KEEP, days, place);
	return end(&s, asker, false);
}

void viz_consent_text_hash(struct viz_id *out, const char *text)
{
	viz_consent_text_hash_of(out, (const uint8_t *)text, strlen(text));
}

void viz_consent_text_hash_of(struct viz_id *out, const uint8_t *text, size_t len)
{
	struct viz_hash h;

	viz_hash_init(&h, "vizinho/consent-text");
	viz_hash_part(&h, text, len);
	viz_hash_final(&h, out);
}
