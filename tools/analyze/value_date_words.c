/* Dates in words: JavaScript ("Mon Mar 11 2024 17:24:25 GMT-0300 (...)"), RFC 5322, ctime, long
 * forms in English and Portuguese ("March 11, 2024, 5:24 PM", "segunda-feira, 11 de março de
 * 2024"), and short ones ("11-mar-24"). */
#include "tools/analyze/value.h"

#include "tools/analyze/value_date.h"
#include "tools/text/fold.h"

#define WORD_BYTES 16u

struct words {
	unsigned month;
	unsigned number[2]; /* the day and the year, in the order of the text */
	size_t digits[2];
	size_t n;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

/* Whether the word is one of those in `list`, or the first three letters of one at least. *which
 * counts from 1. */
static bool begins(unsigned *which, const char *word, size_t len, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (len >= 3 && strncmp(list[i], word, len) == 0) {
			*which = (unsigned)i + 1;
			return true;
		}
	return false;
}

static bool is_month(unsigned *month, const char *word, size_t len)
{
	static const char *const pt[] = {"janeiro",  "fevereiro", "marco",    "abril",
					 "maio",     "junho",     "julho",    "agosto",
					 "setembro", "outubro",   "novembro", "dezembro"};
	static const char *const en[] = {"january",   "february", "march",    "april",
					 "may",       "june",     "july",     "august",
					 "september", "october",  "november", "december"};

	return begins(month, word, len, pt, 12) || begins(month, word, len, en, 12);
}

static bool is_weekday(const char *word, size_t len)
{
	static const char *const days[] = {
	    "segunda", "terca",     "quarta",   "quinta", "sexta",    "sabado", "domingo", "monday",
	    "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "feira"};
	unsigned which;

	return begins(&which, word, len, days, sizeof days / sizeof *days);
}

/* Small words between the parts, and names of time zones. */
static bool is_filler(const char *word)
{
	static const char fillers[] = "|de|do|of|the|as|at|em|a|o|th|st|nd|rd|dia|am|pm|gmt|utc|"
				      "brt|brst|amt|act|z|h|t|";
	char barred[WORD_BYTES + 3];

	snprintf(barred, sizeof barred, "|%s|", word);
	return strstr(fillers, barred) != NULL;
}

static size_t read_word(struct words *w, const char *p, size_t len)
{
	char word[WORD_BYTES + 1];
	size_t n = 0, folded;

	while (n < len && is_letter(p[n]))
		n++;
	folded = viz_fold_text(word, WORD_BYTES, p, n);
	word[folded] = 0;
	if (w->month == 0 && is_month(&w->month, word, folded))
		return n;
	/* an ordinal sign is no letter that stays */
	if (folded > 0 && !is_weekday(word, folded) && !is_filler(word))
		return 0;
	/* the offset of a time zone is no year */
	if (n + 1 < len && (p[n] == '+' || p[n] == '-') && is_digit(p[n + 1]) &&
	    (strcmp(word, "gmt") == 0 || strcmp(word, "utc") == 0))
		for (n++; n < len && (is_digit(p[n]) || p[n] == ':');)
			n++;
	return n;
}

/* 0 for a number that is no part of a date. */
static size_t read_number(struct words *w, const char *p, size_t len)
{
	unsigned v = 0;
	size_t n = 0;

	while (n < len && is_digit(p[n])) {
		v = n < 5 ? v * 10 + (unsigned)(p[n] - '0') : v;
		n++;
	}
	if (n < len && (p[n] == ':' || ((p[n] == 'h' || p[n] == 'H') && n <= 2))) {
		while (n < len &&
		       (is_digit(p[n]) || p[n] == ':' || p[n] == 'h' || p[n] == 'H' || p[n] == '.'))
			n++;
		return n; /* a time of day */
	}
	if (n > 4 || n == 3 || w->n == 2)
		return 0;
	w->number[w->n] = v;
	w->digits[w->n++] = n;
	return n;
}

int viz_value_date_words(int32_t *days, const char *text, size_t len)
{
	struct words w = {0};
	size_t used;

	for (size_t i = 0; i < len && (w.month == 0 || w.n < 2); i += used) {
		used = 1;
		if (is_digit(text[i]))
			used = read_number(&w, text + i, len - i);
		else if (is_letter(text[i]))
			used = read_word(&w, text + i, len - i);
		else if (text[i] == 0 || strchr(" ,.-/'\t", text[i]) == NULL)
			return VIZ_ERR_INPUT;
		if (used == 0)
			return VIZ_ERR_INPUT;
	}
	if (w.month == 0 || w.n < 2)
		return VIZ_ERR_INPUT;
	if (w.digits[0] == 4)
		return w.digits[1] <= 2
			   ? viz_value_date_civil(days, w.number[0], w.month, w.number[1])
			   : VIZ_ERR_INPUT;
	return viz_value_date_civil(days, viz_value_date_civil_year(w.number[1], w.digits[1]),
				    w.month, w.number[0]);
}
