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

/* Room for what names one recipient. */
#define RECIPIENT_MAX (VIZ_CONTROL_LABEL_MAX + VIZ_PRIVACY_MAX + 64)
#define LIST_MAX      (VIZ_ASKED_MAX * RECIPIENT_MAX)

/* A text that is made of sentences. */
struct speech {
	char *out;
	size_t max, len;
	const char *language;
	int err; /* the first one */
};

/* A part of a sentence. */
static void word(struct speech *s, char *out, size_t max, enum viz_control_texts text,
		 const char *first, const char *second)
{
	int err = viz_control_localize(out, max, text, s->language, first, second);

	if (s->err == VIZ_OK)
		s->err = err;
}

static void say(struct speech *s, enum viz_control_texts sentence, const char *first,
		const char *second)
{
	bool apart = s->len > 0 && s->out[s->len - 1] != '\n';

	if (s->err == VIZ_OK && apart && s->len + 1 < s->max)
		s->out[s->len++] = ' ';
	if (s->err == VIZ_OK)
		word(s, s->out + s->len, s->max - s->len, sentence, first, second);
	if (s->err == VIZ_OK)
		s->len += strlen(s->out + s->len);
}

/* "4 dias": rounded up, so that nothing is kept longer. */
static void say_days(char out[64], struct speech *s, int64_t ms)
{
	int64_t days = (ms + VIZ_DAY_MS - 1) / VIZ_DAY_MS;
	char number[24];

	snprintf(number, sizeof number, "%lld", (long long)days);
	word(s, out, 64, days == 1 ? VIZ_CONTROL_TEXTS_DAY : VIZ_CONTROL_TEXTS_DAYS, number, NULL);
}

/* Adds the i-th of n to "a, b and c" in `out`, which holds LIST_MAX. */
static void list(struct speech *s, char *out, size_t i, size_t n, const char *what)
{
	char before[LIST_MAX];

	if (i == 0) {
		snprintf(out, LIST_MAX, "%s", what);
		return;
	}
	snprintf(before, sizeof before, "%s", out);
	word(s, out, LIST_MAX,
	     i + 1 < n ? VIZ_CONTROL_TEXTS_LIST_MORE : VIZ_CONTROL_TEXTS_LIST_LAST, before, what);
}

/* Who gets it, with who answers for the data there. */
static void name_recipient(struct speech *s, char out[RECIPIENT_MAX],
			   const struct viz_consent_recipient *r)
{
	if (r->privacy[0] != '\0')
		word(s, out, RECIPIENT_MAX, VIZ_CONTROL_TEXTS_RECIPIENT, r->label, r->privacy);
	else
		word(s, out, RECIPIENT_MAX, VIZ_CONTROL_TEXTS_RECIPIENT_WITHOUT, r->label, NULL);
}

/* "10 m": never larger than the precision, to which the point is rounded. */
static void figure(char out[24], const struct viz_location *l)
{
	uint32_t m = l->precision_m > 0 ? l->precision_m : 1;

	snprintf(out, 24, m < KM_M ? "%u m" : "%u km", m < KM_M ? m : m / 1000);
}

/* What of a place is sent, and of the wish. That it is about internet, the text says itself. */
static void name_place(char out[LIST_MAX], struct speech *s, const struct viz_location *l)
{
	enum viz_control_texts what[5];
	char metres[24], piece[256], point[LIST_MAX];
	size_t n = 0;

	figure(metres, l);
	what[n++] = VIZ_CONTROL_TEXTS_TOWN;
	if (l->cep)
		what[n++] = VIZ_CONTROL_TEXTS_POSTCODE;
	if (l->service != VIZ_SERVICE_INTERNET)
		what[n++] = VIZ_CONTROL_TEXTS_SERVICE;
	if (l->month)
		what[n++] = VIZ_CONTROL_TEXTS_MONTH;
	/* last: a comma may stand in it */
	if (l->has_point)
		what[n++] = l->precision_m <= EXACT_M ? VIZ_CONTROL_TEXTS_POINT_EXACT
						      : VIZ_CONTROL_TEXTS_POINT_ROUGH;
	out[0] = '\0';
	for (size_t i = 0; i < n; i++) {
		word(s, piece, sizeof piece, what[i], metres, NULL);
		list(s, out, i, n, piece);
	}
	if (l->has_point)
		return;
	snprintf(point, sizeof point, "%s", out);
	word(s, out, LIST_MAX, VIZ_CONTROL_TEXTS_WITHOUT_POINT, point, NULL);
}

static void begin(struct speech *s, char *out, size_t max, const struct viz_consent_asker *asker)
{
	*s = (struct speech){.out = out, .max = max, .language = asker->language};
	out[0] = '\0';
}

/* What is read ends with the question: the answer is to what was heard. Then begin the details. */
static void end_speech(struct speech *s, const struct viz_consent_asker *asker)
{
	say(s, VIZ_CONTROL_TEXTS_MORE, NULL, NULL);
	say(s, VIZ_CONTROL_TEXTS_QUESTION, NULL, NULL);
	if (s->len + 2 < s->max) {
		memcpy(s->out + s->len, "\n\n", 3);
		s->len += 2;
	}
	say(s, VIZ_CONTROL_TEXTS_DETAILS, NULL, NULL);
	say(s, VIZ_CONTROL_TEXTS_CONTROLLER, asker->name, asker->privacy);
}

static void say_receivers(struct speech *s, const struct viz_consent_recipient *r, size_t count)
{
	char names[LIST_MAX] = "", one[RECIPIENT_MAX];

	for (size_t i = 0; i < count; i++) {
		name_recipient(s, one, &r[i]);
		list(s, names, i, count, one);
	}
	say(s, VIZ_CONTROL_TEXTS_RECEIVES, names, NULL);
}

/* Of a point that is not exact what is read says it already. */
static void say_point(struct speech *s, const struct viz_location *l)
{
	char metres[24];

	figure(metres, l);
	if (l->has_point)
		say(s, VIZ_CONTROL_TEXTS_DETAIL_POINT, metres, NULL);
}

int viz_consent_text_location(char *out, size_t max, const struct viz_consent_asker *asker,
			      enum viz_answer own, const struct viz_location *location,
			      const struct viz_consent_recipient *recipients, size_t count,
			      bool struck, int64_t kept_ms)
{
	char names[LIST_MAX] = "", place[LIST_MAX], days[64];
	bool one = count == 1;
	struct speech s;
	enum viz_control_texts first = one      ? VIZ_CONTROL_TEXTS_SERVES_ONE
				       : struck ? VIZ_CONTROL_TEXTS_SERVES_LEFT
						: VIZ_CONTROL_TEXTS_SERVES_SEVERAL;

	begin(&s, out, max, asker);
	for (size_t i = 0; i < count; i++)
		list(&s, names, i, count, recipients[i].label);
	if (own < VIZ_ANSWER_YES || own > VIZ_ANSWER_NO)
		own = VIZ_ANSWER_NO;
	name_place(place, &s, location);
	say_days(days, &s, kept_ms);
	say(&s, VIZ_CONTROL_TEXTS_OWN_YES + (own - VIZ_ANSWER_YES), NULL, NULL);
	say(&s, first, names, NULL);
	say(&s, one ? VIZ_CONTROL_TEXTS_LOCATION_ONE : VIZ_CONTROL_TEXTS_LOCATION_SEVERAL, place,
	    NULL);
	say(&s, one ? VIZ_CONTROL_TEXTS_ERASE_ONE : VIZ_CONTROL_TEXTS_ERASE_SEVERAL, days, NULL);
	say(&s, VIZ_CONTROL_TEXTS_REFUSE, NULL, NULL);
	say(&s, VIZ_CONTROL_TEXTS_WITHDRAW, asker->withdrawal, NULL);
	end_speech(&s, asker);
	say_receivers(&s, recipients, count);
	say_point(&s, location);
	say(&s, VIZ_CONTROL_TEXTS_DETAIL_LOCATION, NULL, NULL);
	say(&s, one ? VIZ_CONTROL_TEXTS_DETAIL_UNTIL : VIZ_CONTROL_TEXTS_DETAIL_UNTIL_SEVERAL, NULL,
	    NULL);
	if (!one)
		say(&s, VIZ_CONTROL_TEXTS_DETAIL_ORDER, NULL, NULL);
	say(&s, VIZ_CONTROL_TEXTS_DETAIL_RECORD, NULL, NULL);
	say(&s, VIZ_CONTROL_TEXTS_DETAIL_PROOF, NULL, NULL);
	say(&s, VIZ_CONTROL_TEXTS_DETAIL_WITHDRAW, asker->withdrawal, NULL);
	say(&s, VIZ_CONTROL_TEXTS_DETAIL_RIGHTS, asker->privacy, NULL);
	return s.err;
}

int viz_consent_text_contact(char *out, size_t max, const struct viz_consent_asker *asker,
			     const struct viz_consent_recipient *recipient, int64_t there_ms,
			     int64_t here_ms)
{
	char there[64], here[64];
	struct speech s;

	begin(&s, out, max, asker);
	say(&s, VIZ_CONTROL_TEXTS_CONTACT, recipient->label, NULL);
	say_days(there, &s, there_ms);
	say_days(here, &s, here_ms);
	say(&s, VIZ_CONTROL_TEXTS_ERASE_CONTACT, there, here);
	say(&s, VIZ_CONTROL_TEXTS_REFUSE, NULL, NULL);
	end_speech(&s, asker);
	say_receivers(&s, recipient, 1);
	say(&s, VIZ_CONTROL_TEXTS_DETAIL_CONTACT, NULL, NULL);
	say(&s, VIZ_CONTROL_TEXTS_DETAIL_BACK, NULL, NULL);
	say(&s, VIZ_CONTROL_TEXTS_DETAIL_UNTIL_CONTACT, NULL, NULL);
	say(&s, VIZ_CONTROL_TEXTS_DETAIL_PROOF, NULL, NULL);
	say(&s, VIZ_CONTROL_TEXTS_DETAIL_WITHDRAW, asker->withdrawal, NULL);
	say(&s, VIZ_CONTROL_TEXTS_DETAIL_RIGHTS, asker->privacy, NULL);
	return s.err;
}

int viz_consent_text_waiting(char *out, size_t max, const struct viz_consent_asker *asker,
			     const struct viz_location *location, int64_t kept_ms)
{
	char place[LIST_MAX], days[64];
	struct speech s;

	begin(&s, out, max, asker);
	say(&s, VIZ_CONTROL_TEXTS_WAITING, NULL, NULL);
	say_days(days, &s, kept_ms);
	name_place(place, &s, location);
	say(&s, VIZ_CONTROL_TEXTS_WAITING_KEEP, days, place);
	say(&s, VIZ_CONTROL_TEXTS_REFUSE, NULL, NULL);
	say(&s, VIZ_CONTROL_TEXTS_WITHDRAW, asker->withdrawal, NULL);
	end_speech(&s, asker);
	say_point(&s, location);
	say(&s, VIZ_CONTROL_TEXTS_DETAIL_UNTIL, NULL, NULL);
	say(&s, VIZ_CONTROL_TEXTS_DETAIL_WITHDRAW_WAITING, asker->withdrawal, NULL);
	say(&s, VIZ_CONTROL_TEXTS_DETAIL_RIGHTS_WAITING, asker->privacy, NULL);
	return s.err;
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
