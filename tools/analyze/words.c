#include "tools/analyze/words.h"
#include "tools/analyze/limits_analyze.h"
#include "tools/analyze/values.h"

#include <inttypes.h>

extern const char *const viz_texts[VIZ_TEXTS][2];

enum viz_lang viz_lang_of(const char *option)
{
	static const char *const variables[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
	const char *tag = option;

	for (size_t i = 0; i < 3 && (!tag || !*tag); i++)
		tag = getenv(variables[i]);
	return tag && (tag[0] | 32) == 'p' && (tag[1] | 32) == 't' ? VIZ_LANG_PT : VIZ_LANG_EN;
}

const char *viz_lang_tag(enum viz_lang lang)
{
	return lang == VIZ_LANG_PT ? "pt-BR" : "en";
}

const char *viz_text(enum viz_lang lang, enum viz_text text)
{
	return viz_texts[text][lang];
}

static void put(struct viz_words *w, size_t *n, const char *text, size_t len)
{
	for (size_t i = 0; i < len && *n + 1 < VIZ_WORDS_MAX; i++)
		w->s[(*n)++] = text[i];
}

/* What stands between braces at `p`: its length with them, or 0 when it is nothing to fill in. */
static size_t fill(struct viz_words *w, size_t *n, const char *p, const char *const *args,
		   size_t count)
{
	size_t which = p[0] == '{' && p[1] >= '1' && p[1] <= '9' ? (size_t)(p[1] - '1') : SIZE_MAX;
	const char *colon, *end;

	if (which >= count)
		return 0;
	if (p[2] == '}') {
		put(w, n, args[which], strlen(args[which]));
		return 3;
	}
	colon = p[2] == '?' ? strchr(p, ':') : NULL;
	end = colon ? strchr(colon, '}') : NULL;
	if (!end)
		return 0;
	if (strcmp(args[which], "1") == 0)
		put(w, n, p + 3, (size_t)(colon - p - 3));
	else
		put(w, n, colon + 1, (size_t)(end - colon - 1));
	return (size_t)(end - p) + 1;
}

const char *viz_words(struct viz_words *w, enum viz_lang lang, enum viz_text text,
		      const char *const *args)
{
	const char *p = viz_texts[text][lang];
	size_t count = 0, n = 0;

	while (args && args[count])
		count++;
	while (*p) {
		size_t used = fill(w, &n, p, args, count);

		if (!used)
			put(w, &n, p, 1);
		p += used ? used : 1;
	}
	w->s[n] = 0;
	return w->s;
}

struct viz_number viz_count(enum viz_lang lang, uint64_t n)
{
	struct viz_number out;
	char digits[24];
	int len = snprintf(digits, sizeof digits, "%" PRIu64, n);
	size_t at = 0;

	for (int i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0)
			out.s[at++] = lang == VIZ_LANG_PT ? '.' : ',';
		out.s[at++] = digits[i];
	}
	out.s[at] = 0;
	return out;
}

struct viz_number viz_money(enum viz_lang lang, int64_t cents)
{
	struct viz_number out, whole;
	uint64_t v = cents < 0 ? 0 - (uint64_t)cents : (uint64_t)cents;

	whole = viz_count(lang, v / 100);
	snprintf(out.s, sizeof out.s, "R$\u00a0%s%.30s%c%02u", cents < 0 ? "-" : "", whole.s,
		 lang == VIZ_LANG_PT ? ',' : '.', (unsigned)(v % 100));
	return out;
}

struct viz_number viz_money_whole(enum viz_lang lang, int64_t cents)
{
	struct viz_number out,
	    whole = viz_count(lang, (uint64_t)(cents < 0 ? 0 : cents + 50) / 100);

	snprintf(out.s, sizeof out.s, "R$\u00a0%.30s", whole.s);
	return out;
}

struct viz_number viz_share(enum viz_lang lang, uint64_t part, uint64_t whole)
{
	struct viz_number out;
	uint64_t tenths = whole ? (part * 1000 + whole / 2) / whole : 0;

	if (tenths % 10 == 0)
		snprintf(out.s, sizeof out.s, "%u %%", (unsigned)(tenths / 10));
	else
		snprintf(out.s, sizeof out.s, "%u%c%u %%", (unsigned)(tenths / 10),
			 lang == VIZ_LANG_PT ? ',' : '.', (unsigned)(tenths % 10));
	return out;
}

struct viz_number viz_month_name(enum viz_lang lang, int month)
{
	struct viz_number out;
	int year = VIZ_ANALYZE_YEAR_MIN + month / 12, m = month % 12 + 1;

	if (lang == VIZ_LANG_PT)
		snprintf(out.s, sizeof out.s, "%02d/%04d", m, year);
	else
		snprintf(out.s, sizeof out.s, "%04d-%02d", year, m);
	return out;
}

struct viz_number viz_day_name(enum viz_lang lang, int32_t day)
{
	struct viz_number out;
	int year;
	unsigned month, d;

	viz_civil_from_days(&year, &month, &d, day);
	if (lang == VIZ_LANG_PT)
		snprintf(out.s, sizeof out.s, "%02u/%02u/%04d", d, month, year);
	else
		snprintf(out.s, sizeof out.s, "%04d-%02u-%02u", year, month, d);
	return out;
}
