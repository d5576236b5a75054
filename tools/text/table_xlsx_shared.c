/* What the cells of all sheets refer to: shared strings, and which styles show a date. */
#include "tools/text/table_xlsx.h"

#include <strings.h>

#define STRINGS_MAX 4000000u
#define FORMATS_MAX 4096u

static void add_text(struct xlsx_part *p, const char *text, size_t len)
{
	struct xlsx *x = p->x;
	size_t max = x->strings_max ? x->strings_max : 65536;
	char *more;

	/* a text, or its pieces in several fonts; not how it is read in Japanese */
	if (strcmp(p->name[p->depth - 1], "t") != 0 || viz_table_xlsx_part_in(p, "rPh"))
		return;
	if (x->strings_n + len > VIZ_TABLE_STRINGS_MAX) {
		viz_table_xlsx_part_fail(p, VIZ_TABLE_TOO_LARGE, NULL);
		return;
	}
	while (max < x->strings_n + len)
		max *= 2;
	if (max > x->strings_max) {
		more = realloc(x->strings, max);
		if (!more) {
			p->err = VIZ_ERR_NOMEM;
			return;
		}
		x->strings = more;
		x->strings_max = max;
	}
	memcpy(x->strings + x->strings_n, text, len);
	x->strings_n += len;
}

static void end_string(struct xlsx_part *p, const char *name)
{
	struct xlsx *x = p->x;

	if (strcmp(name, "si") != 0)
		return;
	if (x->string_n == x->string_max) {
		size_t max = x->string_max ? x->string_max * 2 : 1024;
		uint32_t *more;

		if (max > STRINGS_MAX * 2) {
			viz_table_xlsx_part_fail(p, VIZ_TABLE_TOO_LARGE, NULL);
			return;
		}
		more = realloc(x->string_end, max * sizeof *more);
		if (!more) {
			p->err = VIZ_ERR_NOMEM;
			return;
		}
		x->string_end = more;
		x->string_max = max;
	}
	x->string_end[x->string_n++] = (uint32_t)x->strings_n;
}

int viz_table_xlsx_shared_strings(struct xlsx *x, const char *path)
{
	struct xlsx_part p = {.text = add_text, .end = end_string};

	return viz_table_xlsx_part(x, &p, path);
}

/* Whether a format shows a date: it has a day or a year outside of quotes and brackets (ECMA-376
 * part 1, section 18.8.31). Times of day alone are none. */
static bool shows_date(const char *code)
{
	for (const char *c = code; *c; c++) {
		if (*c == '"' || *c == '[') {
			const char *close = strchr(c + 1, *c == '"' ? '"' : ']');

			if (!close)
				return false;
			c = close;
		} else if ((*c == '\\' || *c == '_' || *c == '*') && c[1]) {
			c++;
		} else if (strncasecmp(c, "general", 7) == 0 ||
			   strncasecmp(c, "standard", 8) == 0) {
			return false;
		} else if (strchr("dDyY", *c)) {
			return true;
		}
	}
	return false;
}

struct styles {
	uint32_t formats[FORMATS_MAX]; /* numbers of own formats that show a date */
	size_t formats_n;
};

/* The formats that have a number and no code (section 18.8.30), those of East Asia too. */
static bool is_date_number(const struct styles *s, uint32_t number)
{
	if ((number >= 14 && number <= 17) || number == 22 || (number >= 27 && number <= 36) ||
	    (number >= 50 && number <= 58))
		return true;
	for (size_t i = 0; i < s->formats_n; i++)
		if (s->formats[i] == number)
			return true;
	return false;
}

static void start_style(struct xlsx_part *p, const char *name, const XML_Char **attributes)
{
	struct styles *s = p->to;
	struct xlsx *x = p->x;
	const char *id = viz_table_xlsx_part_attribute(attributes, "numFmtId");
	const char *code = viz_table_xlsx_part_attribute(attributes, "formatCode");
	uint32_t number = id ? (uint32_t)strtoul(id, NULL, 10) : 0;

	if (strcmp(name, "numFmt") == 0 && code && shows_date(code) && s->formats_n < FORMATS_MAX)
		s->formats[s->formats_n++] = number;
	if (strcmp(name, "xf") != 0 || p->depth < 2 ||
	    strcmp(p->name[p->depth - 2], "cellXfs") != 0)
		return;
	if (x->styles_n == XLSX_STYLES_MAX) {
		viz_table_xlsx_part_fail(p, VIZ_TABLE_TOO_LARGE, NULL);
		return;
	}
	x->is_date[x->styles_n++] = is_date_number(s, number);
}

int viz_table_xlsx_shared_styles(struct xlsx *x, const char *path)
{
	struct styles *s = calloc(1, sizeof *s);
	struct xlsx_part p = {.start = start_style, .to = s};
	int err;

	x->is_date = calloc(XLSX_STYLES_MAX, 1);
	err = s && x->is_date ? viz_table_xlsx_part(x, &p, path) : VIZ_ERR_NOMEM;
	free(s);
	return err;
}
