/* Which of several sheets is the table. */
#include "tools/text/table_internal.h"

#include "tools/text/fold.h"
#include "tools/text/heading.h"

#define LINES_LOOKED 30u /* for a header, as the tools do */
#define ANY_USE                                                                                    \
	((enum viz_heading_use)(VIZ_HEADING_CANCELLATIONS | VIZ_HEADING_COVERAGE |                 \
				VIZ_HEADING_POSTCODES))

/* How many cells of a line are headings that some tool knows. */
static unsigned headings_in(const char *line, size_t len)
{
	unsigned known = 0;

	for (size_t at = 0, n; at <= len; at += n + 1) {
		const char *tab = memchr(line + at, '\t', len - at), *role;
		uint16_t rank;

		n = tab ? (size_t)(tab - line) - at : len - at;
		known += n > 0 && n < VIZ_HEADING_BYTES &&
			 viz_heading_role(&role, &rank, line + at, n, ANY_USE);
	}
	return known;
}

static unsigned headings_of(const struct table_out *out)
{
	unsigned best = 0, lines = 0;

	for (size_t at = 0, n; at < out->len && lines < LINES_LOOKED; at += n + 1) {
		const char *end = memchr(out->text + at, '\n', out->len - at);
		unsigned known;

		n = end ? (size_t)(end - out->text) - at : out->len - at;
		known = headings_in(out->text + at, n);
		lines += n > 0;
		best = known > best ? known : best;
	}
	return best;
}

/* Customers who left stand beside those who stayed, in sheets of one form. */
static bool is_of_leavers(const char *name)
{
	static const char *const words[] = {"cancel", "churn", "desist", "rescis", "distrat"};
	char folded[VIZ_TABLE_SHEET_NAME_BYTES];

	if (viz_fold_string(folded, sizeof folded, name) != 0)
		return false;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strstr(folded, words[i]))
			return true;
	return false;
}

/* By its name, or by its number among those that are shown. */
static bool is_wanted(const struct table_sheets *s, const char *name)
{
	char want[VIZ_TABLE_SHEET_NAME_BYTES], have[VIZ_TABLE_SHEET_NAME_BYTES], *end;
	unsigned long number = strtoul(s->choice->want, &end, 10);

	if (viz_fold_string(want, sizeof want, s->choice->want) == 0 &&
	    viz_fold_string(have, sizeof have, name) == 0 && strcmp(want, have) == 0)
		return true;
	return *end == '\0' && number == s->choice->of;
}

/* Of sheets with equally many known headings the one with the most cells: a cover or a summary has
 * fewer. */
static bool is_better(const struct table_sheets *s, unsigned headings, bool leavers, size_t cells)
{
	if (!s->any || headings != s->headings)
		return !s->any || headings > s->headings;
	if (leavers != s->leavers)
		return leavers;
	return cells > s->best.cells;
}

/* Names of all sheets, for the error. */
static void list(struct table_sheets *s, const char *name)
{
	size_t n = strlen(s->names);

	if (n + strlen(name) + 3 < sizeof s->names)
		snprintf(s->names + n, sizeof s->names - n, "%s%s", n ? ", " : "", name);
}

void viz_table_sheet_take(struct table_sheets *s, struct table_out *one, const char *name)
{
	unsigned headings = headings_of(one);
	bool leavers = is_of_leavers(name), better;

	s->choice->of++;
	list(s, name);
	better = s->choice->want ? !s->any && is_wanted(s, name)
				 : is_better(s, headings, leavers, one->cells);
	if (!better) {
		free(one->text);
		return;
	}
	free(s->best.text);
	s->best = *one;
	s->any = true;
	s->headings = headings;
	s->leavers = leavers;
	snprintf(s->choice->name, sizeof s->choice->name, "%s", name);
}

int viz_table_sheet_end(struct table_out *out, struct table_sheets *s,
			struct viz_table_error *error)
{
	if (!s->any) {
		error->fault = s->choice->of ? VIZ_TABLE_NO_SHEET : VIZ_TABLE_NO_WORKBOOK;
		snprintf(error->where, sizeof error->where, "%s", s->names);
		return VIZ_ERR_INPUT;
	}
	*out = s->best;
	return 0;
}
