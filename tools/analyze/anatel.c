#include "tools/analyze/anatel.h"
#include "tools/analyze/columns.h"
#include "tools/analyze/hash64.h"
#include "tools/analyze/value.h"
#include "tools/text/fold.h"
#include "tools/text/heading.h"

enum column {
	COLUMN_YEAR,
	COLUMN_MONTH,
	COLUMN_NAME,
	COLUMN_TOWN,
	COLUMN_ACCESSES,
};
#define COLUMNS 5

static const char *const headings[COLUMNS] = {"ano", "mes", "empresa", "codigoibgemunicipio",
					      "acessos"};

static int read_header(size_t at[COLUMNS], const struct viz_row *row)
{
	for (size_t k = 0; k < COLUMNS; k++) {
		at[k] = row->n;
		for (size_t i = 0; i < row->n; i++) {
			char bare[VIZ_HEADING_BYTES];
			size_t n = viz_heading_bare(bare, sizeof bare, row->field[i].text,
						    row->field[i].len);

			if (n == strlen(headings[k]) && memcmp(bare, headings[k], n) == 0)
				at[k] = i;
		}
		if (at[k] == row->n)
			return VIZ_ERR_INPUT;
	}
	return 0;
}

/* Digits only; false for anything else. */
static bool number(uint64_t *out, const struct viz_field *f)
{
	uint64_t n = 0;

	if (f->len == 0 || f->len > 12)
		return false;
	for (uint32_t i = 0; i < f->len; i++) {
		if (f->text[i] < '0' || f->text[i] > '9')
			return false;
		n = n * 10 + (uint64_t)(f->text[i] - '0');
	}
	*out = n;
	return true;
}

/* The name of a sole trader ends with a CPF: numbers of so many digits are left out. */
static void put_name(char out[VIZ_ANATEL_NAME_BYTES], const struct viz_field *f)
{
	char bare[256];
	struct viz_field without = {bare, 0};

	for (uint32_t i = 0; i < f->len && without.len < sizeof bare;) {
		uint32_t digits = 0;

		while (i + digits < f->len && f->text[i + digits] &&
		       strchr("0123456789.-", f->text[i + digits]))
			digits++;
		if (digits >= 8)
			i += digits;
		else
			bare[without.len++] = f->text[i++];
	}
	viz_columns_name(out, &without);
}

static void add(struct viz_anatel *a, uint16_t town, const struct viz_field *name,
		uint64_t accesses)
{
	char folded[128];
	size_t len = viz_fold_text(folded, sizeof folded, name->text, name->len);
	uint64_t hash = viz_hash64(folded, len) ^ (town * UINT64_C(0x9e3779b97f4a7c15));
	size_t at = hash % VIZ_ANATEL_ENTRIES_MAX;

	while (a->entry[at].name[0] && (a->entry[at].hash != hash || a->entry[at].town != town))
		at = (at + 1) % VIZ_ANATEL_ENTRIES_MAX;
	if (!a->entry[at].name[0]) {
		/* some room stays free, or the search would not end */
		if (a->n >= VIZ_ANATEL_ENTRIES_MAX / 4 * 3) {
			a->left_out++;
			return;
		}
		put_name(a->entry[at].name, name);
		if (!a->entry[at].name[0])
			return;
		a->entry[at].hash = hash;
		a->entry[at].town = town;
		a->n++;
	}
	a->entry[at].accesses += accesses;
	a->rows++;
}

static void read_row(struct viz_anatel *a, const struct viz_towns *towns, const bool *wanted,
		     const size_t at[COLUMNS], const struct viz_row *row)
{
	uint64_t year, month, code, accesses;
	uint16_t town;
	int32_t when;

	for (size_t k = 0; k < COLUMNS; k++)
		if (at[k] >= row->n)
			return;
	if (!number(&year, &row->field[at[COLUMN_YEAR]]) || year < 1990 || year > 2999 ||
	    !number(&month, &row->field[at[COLUMN_MONTH]]) || month < 1 || month > 12 ||
	    !number(&code, &row->field[at[COLUMN_TOWN]]) || code > UINT32_MAX ||
	    !number(&accesses, &row->field[at[COLUMN_ACCESSES]]))
		return;
	town = viz_towns_by_code(towns, (uint32_t)code);
	when = (int32_t)(year * 12 + month);
	if (town >= VIZ_TOWN_AMBIGUOUS || !wanted[town] || when < a->month || accesses == 0)
		return;
	if (when > a->month) {
		memset(a->entry, 0, VIZ_ANATEL_ENTRIES_MAX * sizeof *a->entry);
		a->n = 0;
		a->rows = a->left_out = 0;
		a->month = when;
	}
	add(a, town, &row->field[at[COLUMN_NAME]], accesses);
}

int viz_anatel_read(struct viz_anatel *a, const struct viz_towns *towns, const bool *wanted, int fd)
{
	struct viz_row *row = malloc(sizeof *row);
	size_t at[COLUMNS];
	struct viz_rows rows;
	int err;

	*a = (struct viz_anatel){.entry = calloc(VIZ_ANATEL_ENTRIES_MAX, sizeof *a->entry)};
	if (!row || !a->entry) {
		free(row);
		return VIZ_ERR_NOMEM;
	}
	err = viz_rows_open(&rows, fd);
	if (err < 0) {
		a->what = rows.what;
		free(row);
		return err;
	}
	viz_rows_guess_delimiter(&rows);
	err = viz_rows_next(&rows, row) == 1 ? read_header(at, row) : VIZ_ERR_INPUT;
	while (err == 0 && (err = viz_rows_next(&rows, row)) == 1) {
		if (row->problem == VIZ_ROW_OK)
			read_row(a, towns, wanted, at, row);
		err = 0;
	}
	viz_rows_close(&rows);
	free(row);
	return err < 0 ? err : 0;
}

void viz_anatel_free(struct viz_anatel *a)
{
	free(a->entry);
	*a = (struct viz_anatel){0};
}

size_t viz_anatel_top(const struct viz_anatel_entry *top[VIZ_ANATEL_TOP],
		      const struct viz_anatel *a, uint16_t town)
{
	size_t n = 0;

	for (size_t i = 0; a->entry && i < VIZ_ANATEL_ENTRIES_MAX; i++) {
		const struct viz_anatel_entry *e = &a->entry[i];
		size_t at = n;

		if (!e->name[0] || e->town != town)
			continue;
		while (at > 0 && (top[at - 1]->accesses < e->accesses ||
				  (top[at - 1]->accesses == e->accesses &&
				   strcmp(top[at - 1]->name, e->name) > 0)))
			at--;
		if (at == VIZ_ANATEL_TOP)
			continue;
		n += n < VIZ_ANATEL_TOP;
		for (size_t k = n - 1; k > at; k--)
			top[k] = top[k - 1];
		top[at] = e;
	}
	return n;
}
