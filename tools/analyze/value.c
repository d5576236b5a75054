#include "tools/analyze/value.h"

#include <strings.h>

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool viz_value_like(const char *text, size_t len)
{
	size_t digits = 0, letters = 0;
	int32_t day;

	for (size_t i = 0; i < len; i++) {
		char c = text[i];
		bool currency = (c == 'R' || c == 'r') && i + 1 < len && text[i + 1] == '$';

		if (c == '@')
			return true;
		digits += is_digit(c);
		letters += !currency && ((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
					 (unsigned char)c >= 0x80);
	}
	if (digits >= 6 || (digits > 0 && letters == 0))
		return true;
	return digits > 0 && viz_value_date(&day, text, len) == 0;
}

/* Copies the digits of `text`, up to `max`, when there is nothing else but the characters in
 * `allowed`. Drops a final ".0", which a spreadsheet adds. Returns the count, or -1. */
static int only_digits(char *out, size_t max, const char *text, size_t len, const char *allowed)
{
	size_t n = 0;

	if (len > 2 && (text[len - 2] == '.' || text[len - 2] == ',') && text[len - 1] == '0')
		len -= 2;
	for (size_t i = 0; i < len; i++) {
		if (is_digit(text[i])) {
			if (n == max)
				return -1;
			out[n++] = text[i];
		} else if (text[i] == 0 || strchr(allowed, text[i]) == NULL) {
			return -1;
		}
	}
	return (int)n;
}

static uint32_t number_of(const char *digits, size_t n)
{
	uint32_t v = 0;

	for (size_t i = 0; i < n; i++)
		v = v * 10 + (uint32_t)(digits[i] - '0');
	return v;
}

/* What may stand behind an amount: "/mês", " reais", "(com desconto)". A share is no amount, nor
 * are twelve months; another number would be one too many. */
static bool is_behind_amount(const char *text, size_t len)
{
	static const char *const words[] = {"/",   "(",     "reais", "real",
					    "brl", "mensa", "por m", "p/m"};

	for (size_t i = 0; i < len; i++)
		if (is_digit(text[i]) || text[i] == '%')
			return false;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (len >= strlen(words[i]) && strncasecmp(text, words[i], strlen(words[i])) == 0)
			return true;
	return false;
}

/* Takes "R$" or "BRL" off, and a minus or brackets, which are one for bookkeepers. */
static bool strip_amount(const char **text, size_t *len)
{
	bool negative = *len > 2 && (*text)[0] == '(' && (*text)[*len - 1] == ')';

	if (negative) {
		(*text)++;
		*len -= 2;
	}
	if (*len > 3 && strncasecmp(*text, "BRL", 3) == 0) {
		*text += 3;
		*len -= 3;
	}
	if (*len > 1 && (*text)[*len - 1] == '-' && is_digit((*text)[*len - 2])) {
		(*len)--;
		negative = true;
	}
	return negative;
}

/* Copies sign, digits and separators of an amount. Returns the length, or -1. */
static int amount_digits(char *out, size_t max, const char *text, size_t len, bool *negative)
{
	size_t n = 0;

	*negative = strip_amount(&text, &len);
	for (size_t i = 0; i < len; i++) {
		char c = text[i];

		if (is_digit(c) || c == '.' || c == ',') {
			if (n == max)
				return -1;
			out[n++] = c;
		} else if (c == '-' && n == 0) {
			*negative = true;
		} else if (c == ' ' || (unsigned char)c == 0xa0 || (unsigned char)c == 0xc2) {
			continue;
		} else if (n == 0 && (c == 'R' || c == 'r' || c == '$' || c == '+')) {
			continue;
		} else {
			return n > 0 && is_behind_amount(text + i, len - i) ? (int)n : -1;
		}
	}
	return (int)n;
}

/* Where the decimals begin in digits and separators, or `n` when there are none. */
static size_t decimal_at(const char *s, size_t n)
{
	size_t commas = 0, points = 0, last = n;

	for (size_t i = 0; i < n; i++) {
		if (s[i] == ',')
			commas++;
		else if (s[i] == '.')
			points++;
		else
			continue;
		last = i;
	}
	if (commas + points == 0)
		return n;
	if (commas && points)
		return (s[last] == ',' ? commas : points) == 1 ? last : n;
	if (commas + points > 1)
		return n;
	if (points == 1 && n - last - 1 == 3 && last > 0 && !(last == 1 && s[0] == '0'))
		return n;
	return last;
}

/* "99,90" and "99.90", the form of nearly every row; false for anything else. */
static bool plain_money(int64_t *cents, const char *text, size_t len)
{
	int64_t v = 0;

	if (len < 4 || len > 9 || (text[len - 3] != ',' && text[len - 3] != '.'))
		return false;
	for (size_t i = 0; i < len; i++) {
		if (i == len - 3)
			continue;
		if (!is_digit(text[i]))
			return false;
		v = v * 10 + (text[i] - '0');
	}
	*cents = v;
	return true;
}

int viz_value_money(int64_t *cents, const char *text, size_t len)
{
	char s[32];
	bool negative, digit = false;
	int64_t v = 0;
	size_t point, decimals = 0;
	int n;

	if (plain_money(cents, text, len))
		return 0;
	viz_value_empty_trim(&text, &len);
	if (viz_value_empty(text, len))
		return VIZ_ERR_ABSENT;
	n = amount_digits(s, sizeof s, text, len, &negative);
	if (n <= 0)
		return VIZ_ERR_INPUT;
	point = decimal_at(s, (size_t)n);
	for (size_t i = 0; i < (size_t)n; i++) {
		if (!is_digit(s[i]))
			continue;
		digit = true;
		if (i > point && decimals == 2)
			continue;
		if (v > INT64_C(100000000000000))
			return VIZ_ERR_INPUT;
		v = v * 10 + (s[i] - '0');
		decimals += i > point;
	}
	if (!digit)
		return VIZ_ERR_INPUT;
	for (; decimals < 2; decimals++)
		v *= 10;
	*cents = negative ? -v : v;
	return 0;
}

int viz_value_cep(uint32_t *cep, const char *text, size_t len)
{
	char d[8];
	uint32_t v;
	int n;

	viz_value_empty_trim(&text, &len);
	if (viz_value_empty(text, len))
		return VIZ_ERR_ABSENT;
	n = only_digits(d, sizeof d, text, len, "-. ");
	if (n < 1)
		return VIZ_ERR_INPUT;
	v = number_of(d, (size_t)n);
	if (v == 0 || (n == 8 && v % 11111111 == 0)) /* 99999-999: a form that wanted a postcode */
		return VIZ_ERR_ABSENT;
	if (n < 7)
		return VIZ_ERR_INPUT;
	*cep = v;
	return 0;
}

int viz_value_ibge(uint32_t *code, const char *text, size_t len)
{
	char d[7];
	uint32_t v;
	int n;

	viz_value_empty_trim(&text, &len);
	if (viz_value_empty(text, len))
		return VIZ_ERR_ABSENT;
	n = only_digits(d, sizeof d, text, len, ". ");
	if (n < 1)
		return VIZ_ERR_INPUT;
	v = number_of(d, (size_t)n);
	if (v == 0)
		return VIZ_ERR_ABSENT;
	if (n < 6)
		return VIZ_ERR_INPUT;
	*code = v;
	return 0;
}

int viz_value_coordinate(int32_t *udeg, const char *text, size_t len)
{
	bool negative = false, point = false, digit = false;
	int64_t v = 0;
	unsigned decimals = 0;

	viz_value_empty_trim(&text, &len);
	if (viz_value_empty(text, len))
		return VIZ_ERR_ABSENT;
	for (size_t i = 0; i < len; i++) {
		char c = text[i];

		if (c == '.' || c == ',') {
			point = true;
		} else if (i == 0 && (c == '-' || c == '+')) {
			negative = c == '-';
		} else if (is_digit(c)) {
			digit = true;
			if (!point && v > 180)
				return VIZ_ERR_INPUT;
			if (point && decimals == 6)
				continue;
			v = v * 10 + (c - '0');
			decimals += point;
		} else {
			return VIZ_ERR_INPUT;
		}
	}
	if (!digit)
		return VIZ_ERR_INPUT;
	for (; decimals < 6; decimals++)
		v *= 10;
	if (v == 0)
		return VIZ_ERR_ABSENT;
	if (v > 180000000)
		return VIZ_ERR_INPUT;
	*udeg = (int32_t)(negative ? -v : v);
	return 0;
}

int viz_value_number(uint32_t *number, const char *text, size_t len)
{
	static const char *const none[] = {"s/n",        "sn",         "s/nº", "s/no",
					   "s n",        "s.n",        "s.n.", "s/num",
					   "sem numero", "sem número", "snº"};
	uint32_t v = 0;
	size_t i = 0;

	viz_value_empty_trim(&text, &len);
	if (viz_value_empty(text, len))
		return VIZ_ERR_ABSENT;
	for (size_t k = 0; k < sizeof none / sizeof *none; k++)
		if (strlen(none[k]) == len && strncasecmp(none[k], text, len) == 0)
			return VIZ_ERR_ABSENT;
	for (; i < len && is_digit(text[i]) && v < 10000000; i++)
		v = v * 10 + (uint32_t)(text[i] - '0');
	if (i == 0)
		return VIZ_ERR_INPUT;
	if (v == 0)
		return VIZ_ERR_ABSENT;
	*number = v;
	return 0;
}
