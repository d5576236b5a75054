#include "proto/personal.h"

#include <ctype.h>

#define GROUPS_MAX 128

/* A row of digits, and what stands between it and the one before: "" only after a letter. */
struct group {
	const char *at;
	size_t len;
	char joint;  /* ' ', '-', '.', '/', ')', '+': how it hangs on the one before; 0: it does not
		      */
	bool spaced; /* a space stands before it */
	bool plus;   /* a '+' does */
};

struct groups {
	struct group g[GROUPS_MAX];
	size_t count;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* One or two of " .-/()+" may join two groups: "(27) 99999-0000", "27 - 3371". */
static char joint_of(const char *from, const char *to)
{
	char joint = 0;
	size_t len = (size_t)(to - from);

	if (len == 0 || len > 3 || strspn(from, " .-/()+") < len)
		return 0;
	for (size_t i = 0; i < len; i++)
		if (from[i] != ' ' || joint == 0)
			joint = from[i];
	return joint;
}

static void split(struct groups *out, const char *text)
{
	const char *end = NULL;

	out->count = 0;
	for (const char *at = text; *at != '\0' && out->count < GROUPS_MAX;) {
		struct group *g = &out->g[out->count];

		if (!is_digit(*at)) {
			at++;
			continue;
		}
		g->at = at;
		g->len = strspn(at, "0123456789");
		g->joint = end ? joint_of(end, at) : 0;
		g->spaced = at > text && at[-1] == ' ';
		g->plus = at > text && at[-1] == '+';
		at += g->len;
		end = at;
		out->count++;
	}
}

/* Whether the groups from `i` to `last` have these lengths and joints: "3.3.3-2". */
static bool has_form(const struct groups *gs, size_t i, size_t last, const char *form)
{
	for (size_t k = i; k <= last; k++, form += 2) {
		if (gs->g[k].len != (size_t)(form[0] - '0') || (form[1] == '\0') != (k == last))
			return false;
		if (k < last && gs->g[k + 1].joint != form[1])
			return false;
	}
	return true;
}

static int check_digit(const char *text, size_t len, unsigned weight_max)
{
	unsigned sum = 0, weight = 2;

	for (size_t i = len; i-- > 0;) {
		sum += (unsigned)(text[i] - '0') * weight;
		weight = weight == weight_max ? 2 : weight + 1;
	}
	sum %= 11;
	return sum < 2 ? '0' : '0' + (int)(11 - sum);
}

static bool is_cpf(const char *digits)
{
	return check_digit(digits, 9, 11) == digits[9] && check_digit(digits, 10, 11) == digits[10];
}

/* 12 digits or capital letters, and 2 check digits. */
static bool is_cnpj(const char *text)
{
	for (size_t i = 0; i < 12; i++)
		if (!is_digit(text[i]) && !(text[i] >= 'A' && text[i] <= 'Z'))
			return false;
	return check_digit(text, 12, 9) == text[12] && check_digit(text, 13, 9) == text[13];
}

/* Anatel's area codes. */
static bool is_area(const char *two)
{
	static const char codes[] =
	    "11 12 13 14 15 16 17 18 19 21 22 24 27 28 31 32 33 34 35 37 38 "
	    "41 42 43 44 45 46 47 48 49 51 53 54 55 61 62 63 64 65 66 67 68 69 "
	    "71 73 74 75 77 79 81 82 83 84 85 86 87 88 89 91 92 93 94 95 96 97 98 99 ";
	const char key[] = {two[0], two[1], ' ', '\0'};

	return strstr(codes, key) != NULL;
}

/* Whether `len` digits are a number of an area: nine that begin with 9, or eight of a fixed line.
 */
static bool is_number(const char *digits, size_t len)
{
	return len == 9 ? digits[0] == '9' : len == 8 && digits[0] >= '2' && digits[0] <= '5';
}

/* Whether these digits are a number with its area code; before it 55, or 0 and the code of a
 * carrier. */
static bool is_area_number(const char *d, size_t len)
{
	if (len == 10 || len == 11)
		if (is_area(d) && is_number(d + 2, len - 2))
			return true;
	if ((len == 12 || len == 13) && d[0] == '5' && d[1] == '5')
		return is_area_number(d + 2, len - 2);
	if ((len == 11 || len == 12) && d[0] == '0')
		return is_area_number(d + 1, len - 1);
	return (len == 13 || len == 14) && d[0] == '0' && is_area_number(d + 3, len - 3);
}

/* 0800, 0300, 0500 and 0900 with 6 or 7 digits. */
static bool is_special(const char *d, size_t len)
{
	return (len == 10 || len == 11) && d[0] == '0' && strchr("3589", d[1]) && d[2] == '0' &&
	       d[3] == '0';
}

/* Nine digits, or two groups of them with a hyphen, that begin with 9; or two groups of four with a
 * hyphen, whose first is no year. */
static bool is_local_number(const struct groups *gs, size_t i, size_t last, const char *d,
			    size_t len)
{
	if (len == 9)
		return d[0] == '9' &&
		       (last == i || has_form(gs, i, last, "5-4") || has_form(gs, i, last, "5 4") ||
			has_form(gs, i, last, "1 4-4"));
	return len == 8 && has_form(gs, i, last, "4-4") && is_number(d, len) &&
	       strncmp(d, "20", 2) != 0;
}

/* What the groups from `i` to `last` are when they are read as one row. A row begins where a text
 * does, or behind a space: 11 of 23-11-2026 is no area code. */
static enum viz_personal judge(const struct groups *gs, size_t i, size_t last, const char *d,
			       size_t len)
{
	bool begins = gs->g[i].joint == 0 || strchr(" (+", gs->g[i].joint) || gs->g[i].spaced;
	bool ends = last + 1 == gs->count || gs->g[last + 1].joint == 0 ||
		    strchr(" /(+)", gs->g[last + 1].joint) != NULL;
	bool slash = false;

	for (size_t k = i + 1; k <= last; k++)
		slash |= gs->g[k].joint == '/';
	if (!begins || !ends)
		return VIZ_PERSONAL_NONE;
	if (has_form(gs, i, last, "2.3.3/4-2") || (len == 14 && is_cnpj(d)))
		return VIZ_PERSONAL_CNPJ;
	if (has_form(gs, i, last, "3.3.3-2"))
		return VIZ_PERSONAL_CPF;
	if (!slash && ((gs->g[i].plus && len >= 8 && len <= 15) || is_area_number(d, len) ||
		       is_special(d, len) || is_local_number(gs, i, last, d, len)))
		return VIZ_PERSONAL_PHONE;
	return len == 11 && is_cpf(d) ? VIZ_PERSONAL_CPF : VIZ_PERSONAL_NONE;
}

static enum viz_personal find_number(const char *text)
{
	struct groups gs;
	enum viz_personal what = VIZ_PERSONAL_NONE;

	split(&gs, text);
	for (size_t i = 0; i < gs.count && what == VIZ_PERSONAL_NONE; i++) {
		char digits[16] = "";
		size_t len = 0;

		for (size_t k = i; k < gs.count && what == VIZ_PERSONAL_NONE; k++) {
			if ((k > i && gs.g[k].joint == 0) || len + gs.g[k].len >= sizeof digits)
				break;
			memcpy(digits + len, gs.g[k].at, gs.g[k].len);
			len += gs.g[k].len;
			digits[len] = '\0';
			what = judge(&gs, i, k, digits, len);
		}
	}
	return what;
}

/* A CNPJ with letters, as it is printed or without its marks. */
static bool has_lettered_cnpj(const char *text)
{
	for (const char *at = text; *at != '\0'; at++) {
		char cnpj[15] = "";
		size_t len = 0, used = 0;

		if (at > text && isalnum((unsigned char)at[-1]))
			continue;
		while (len < 14 && (isalnum((unsigned char)at[used]) ||
				    (len > 0 && at[used] != '\0' && strchr("./-", at[used])))) {
			if (isalnum((unsigned char)at[used]))
				cnpj[len++] = (char)toupper((unsigned char)at[used]);
			used++;
		}
		if (len == 14 && !isalnum((unsigned char)at[used]) && is_cnpj(cnpj))
			return true;
	}
	return false;
}

/* Something, "@", and a name with a dot: other characters than a space, a mark or "@". */
static bool has_email(const char *text)
{
	static const char stops[] = " \t@,;:<>()[]\"'";

	for (const char *at = strchr(text, '@'); at; at = strchr(at + 1, '@')) {
		size_t len = strcspn(at + 1, stops);
		const char *dot = memchr(at + 1, '.', len);

		if (at > text && !strchr(stops, at[-1]) && dot && dot > at + 1 && dot < at + len)
			return true;
	}
	return false;
}

enum viz_personal viz_personal_find(const char *text)
{
	if (has_email(text))
		return VIZ_PERSONAL_EMAIL;
	if (has_lettered_cnpj(text))
		return VIZ_PERSONAL_CNPJ;
	return find_number(text);
}

const char *viz_personal_name(enum viz_personal what)
{
	static const char *const names[] = {NULL, "email", "phone", "cpf", "cnpj"};

	return names[what];
}
