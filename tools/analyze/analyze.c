#include "tools/analyze/analyze.h"

#include <unistd.h>

#include "tools/analyze/date_order.h"
#include "tools/analyze/row_beside.h"
#include "tools/analyze/status.h"
#include "tools/analyze/value.h"
#include "tools/text/heading.h"

static void reject(struct viz_analysis *a, const struct viz_row_view *v, enum viz_reject kind,
		   const char *column)
{
	a->totals.rejected++;
	viz_rejects_add(&a->rejects, kind, v->file->name, v->row->line, column);
}

/* Reads the day of a row into *day, INT32_MIN for none. False when the row is rejected because of
 * it. */
static bool read_day(struct viz_analysis *a, int32_t *day, const struct viz_row_view *v)
{
	struct viz_field f = viz_row_value(v, VIZ_ROLE_DATE);
	enum viz_reject kind = VIZ_REJECT_DATE;
	char buf[16];
	int err;

	*day = INT32_MIN;
	if (!viz_row_has(v, VIZ_ROLE_DATE))
		return true;
	err = viz_value_date_in(day, v->file->dates, f.text, f.len);
	if (err == VIZ_ERR_ABSENT ||
	    (err == VIZ_ERR_INPUT && viz_value_empty_placeholder(f.text, f.len)))
		return true;
	if (err == 0 && *day > a->today + 1)
		kind = VIZ_REJECT_DATE_FUTURE;
	else if (err == 0 && viz_totals_month(&a->totals, *day) < 0)
		kind = VIZ_REJECT_DATE_OLD;
	else if (err == 0)
		return true;
	reject(a, v, kind, viz_analyze_defect_column(buf, &v->file->columns, VIZ_ROLE_DATE));
	return false;
}

static bool all_digits(const struct viz_field *f)
{
	for (uint32_t i = 0; i < f->len; i++)
		if (f->text[i] < '0' || f->text[i] > '9')
			return false;
	return f->len > 0;
}

/* By the reason column and the free text. */
static enum viz_reason read_reason(struct viz_analysis *a, const struct viz_row_view *v)
{
	struct viz_field f = viz_row_value(v, VIZ_ROLE_REASON);
	struct viz_field note = viz_row_value(v, VIZ_ROLE_DETAIL);
	enum viz_reason reason = viz_reason_of(a->reasons, f.text, f.len);

	if ((reason == VIZ_REASON_NONE || reason == VIZ_REASON_OTHER) && all_digits(&f))
		a->totals.coded_reasons++;
	return viz_reason_of_row(a->reasons, f.text, f.len, note.text, note.len);
}

/* Cents of a month, or -1. */
static int64_t read_value(struct viz_analysis *a, const struct viz_row_view *v)
{
	struct viz_field f = viz_row_value(v, VIZ_ROLE_VALUE);
	int64_t cents;
	int err;

	if (f.len == 0)
		return -1;
	err = viz_value_money(&cents, f.text, f.len);
	if (err == VIZ_ERR_ABSENT)
		return -1;
	if (err < 0 || cents < 0 || cents > VIZ_ANALYZE_AMOUNT_CENTS_MAX) {
		viz_analyze_defect(a, v, err < 0 ? VIZ_REJECT_MONEY : VIZ_REJECT_MONEY_RANGE,
				   VIZ_ROLE_VALUE);
		return -1;
	}
	return cents;
}

static void read_document(struct viz_analysis *a, const struct viz_row_view *v)
{
	struct viz_field f = viz_row_value(v, VIZ_ROLE_DOCUMENT);
	enum viz_document kind;
	int err = viz_value_identity_document(&kind, f.text, f.len);

	if (err == VIZ_ERR_INPUT)
		viz_analyze_defect(a, v, VIZ_REJECT_DOCUMENT, VIZ_ROLE_DOCUMENT);
	if (err < 0)
		return;
	a->totals.persons += kind == VIZ_DOCUMENT_CPF;
	a->totals.companies += kind == VIZ_DOCUMENT_CNPJ;
	a->totals.masked += kind == VIZ_DOCUMENT_MASKED;
}

static void count_coverage(struct viz_analysis *a, const struct viz_destination *d, int32_t day,
			   int64_t cents)
{
	struct viz_totals *t = &a->totals;
	struct viz_town_total *town = &t->town[d->town];
	struct viz_answer answer;

	viz_coverage_ask(a->coverage, &answer, d);
	if (answer.self != VIZ_HOW_NOT) {
		t->kept[answer.self]++;
		t->kept_cents[answer.self] += cents > 0 ? cents : 0;
		t->kept_valued[answer.self] += cents >= 0;
		town->kept++;
		return;
	}
	if (answer.best == VIZ_HOW_NOT) {
		t->uncovered++;
		town->uncovered++;
		if (day != INT32_MIN)
			viz_totals_uncovered(t, d->town, day);
		return;
	}
	t->covered_cents += cents > 0 ? cents : 0;
	t->covered_valued += cents >= 0;
	t->covered[answer.best]++;
	town->covered++;
	for (unsigned how = VIZ_HOW_MUNICIPALITY; how < VIZ_HOWS; how++)
		for (unsigned p = 1; p < a->coverage->parties; p++)
			t->partner[p][how] += viz_party_in(&answer.by[how], p);
}

static void count_destination(struct viz_analysis *a, const struct viz_row_view *v,
			      const struct viz_destination *d, uint16_t origin, int32_t day,
			      int64_t cents)
{
	struct viz_totals *t = &a->totals;
	struct viz_field number = viz_row_value(v, VIZ_ROLE_DEST_NUMBER);
	uint32_t n;

	t->located++;
	t->town[d->town].movers++;
	t->town[d->town].cents += cents > 0 ? cents : 0;
	t->precision[d->has_point        ? VIZ_HOW_CELL
		     : d->has_street_cep ? VIZ_HOW_POSTCODE
					 : VIZ_HOW_MUNICIPALITY]++;
	if (d->cep)
		t->cep_area[d->cep / 1000]++;
	if (viz_row_has(v, VIZ_ROLE_DEST_NUMBER) &&
	    viz_value_number(&n, number.text, number.len) == VIZ_ERR_ABSENT)
		t->no_number++;
	if (origin == d->town)
		t->same_town++;
	count_coverage(a, d, day, cents);
}

static void count_mover(struct viz_analysis *a, const struct viz_row_view *v, int32_t day,
			int64_t cents)
{
	struct viz_totals *t = &a->totals;
	struct viz_destination d = {.town = VIZ_TOWN_NONE};
	enum viz_destination_found found = viz_destination_of(a, &d, v);
	uint16_t origin = viz_destination_origin(a, v);

	t->movers++;
	if (origin < VIZ_TOWN_AMBIGUOUS)
		t->town[origin].left++;
	if (cents >= 0) {
		t->mover_cents += cents;
		t->mover_valued++;
	}
	if (found == VIZ_DESTINATION_NONE && !a->all_movers) {
		static const enum viz_role texts[] = {VIZ_ROLE_REASON, VIZ_ROLE_DETAIL};

		for (size_t i = 0; i < 2 && d.town == VIZ_TOWN_NONE; i++) {
			struct viz_field f = viz_row_value(v, texts[i]);

			/* "Mudança de endereço" names no place; the shortest text that does is
			 * longer */
			if (f.len < 12)
				continue;
			d.town = viz_mention_of(a, f.text, f.len, origin);
		}
		if (d.town != VIZ_TOWN_NONE) {
			found = VIZ_DESTINATION_FOUND;
			t->by_mention++;
		}
	}
	if (found == VIZ_DESTINATION_FOUND) {
		count_destination(a, v, &d, origin, day, cents);
		return;
	}
	t->asked_not += found == VIZ_DESTINATION_NONE;
	t->unresolved += found == VIZ_DESTINATION_UNRESOLVED;
	t->blind_cents += cents > 0 ? cents : 0;
	t->blind_valued += cents >= 0;
}

/* No reason was given, but somebody asked where to. */
static bool destination_given(const struct viz_row_view *v)
{
	static const enum viz_role roles[] = {VIZ_ROLE_DEST_CEP,   VIZ_ROLE_DEST_CITY,
					      VIZ_ROLE_DEST_IBGE,  VIZ_ROLE_DEST_LAT,
					      VIZ_ROLE_DEST_POINT, VIZ_ROLE_DEST_TEXT};

	for (size_t i = 0; i < sizeof roles / sizeof *roles; i++) {
		struct viz_field f = viz_row_value(v, roles[i]);
		const char *text = f.text;
		size_t len = f.len;

		viz_value_empty_trim(&text, &len);
		if (!viz_value_empty(text, len) && !viz_value_empty_placeholder(text, len))
			return true;
	}
	return false;
}

/* The counts of the groups of a row, and of its tenure on `day`; each may be NULL. */
#define GROUPS 3
static void groups_of(struct viz_analysis *a, struct viz_group_count *count[GROUPS],
		      const struct viz_row_view *v, int32_t day)
{
	struct viz_field plan = viz_row_value(v, VIZ_ROLE_PLAN);
	struct viz_field quarter = viz_row_value(v, VIZ_ROLE_QUARTER);
	struct viz_field since = viz_row_value(v, VIZ_ROLE_SINCE);
	int32_t begun;
	int tenure = -1;

	count[0] = viz_groups_of(&a->totals.plan, plan.text, plan.len);
	count[1] = viz_groups_of(&a->totals.quarter, quarter.text, quarter.len);
	if (day != INT32_MIN && since.len > 0 && viz_value_date(&begun, since.text, since.len) == 0)
		tenure = viz_groups_tenure(begun, day);
	count[2] = tenure < 0 ? NULL : &a->totals.tenure[tenure];
}

static void count_groups(struct viz_analysis *a, const struct viz_row_view *v, int32_t day,
			 bool moved)
{
	struct viz_group_count *count[GROUPS];

	groups_of(a, count, v, day);
	for (size_t i = 0; i < GROUPS; i++) {
		if (!count[i])
			continue;
		count[i]->cancelled++;
		count[i]->movers += moved;
	}
}

static void count_in_force(struct viz_analysis *a, const struct viz_row_view *v)
{
	struct viz_group_count *count[GROUPS];

	groups_of(a, count, v, a->today);
	for (size_t i = 0; i < GROUPS; i++)
		if (count[i])
			count[i]->in_force++;
}

/* Whether the status of the contract says that this is no cancellation. */
static bool still_there(struct viz_analysis *a, const struct viz_row_view *v)
{
	struct viz_field f = viz_row_value(v, VIZ_ROLE_STATUS);
	enum viz_status status =
	    v->file->sgp ? viz_status_of_sgp(f.text, f.len) : viz_status_of(f.text, f.len);

	if (a->all_movers)
		return false;
	a->totals.in_force += status == VIZ_STATUS_IN_FORCE;
	a->totals.undone += status == VIZ_STATUS_UNDONE;
	if (status == VIZ_STATUS_IN_FORCE || status == VIZ_STATUS_UNDONE)
		count_in_force(a, v);
	return status == VIZ_STATUS_IN_FORCE || status == VIZ_STATUS_UNDONE;
}

static void count_row(struct viz_analysis *a, const struct viz_row_view *v)
{
	struct viz_totals *t = &a->totals;
	enum viz_reason reason;
	int64_t cents;
	int32_t day;
	int month;

	if (still_there(a, v) || !read_day(a, &day, v))
		return;
	if (day == INT32_MIN && viz_row_has(v, VIZ_ROLE_DATE) &&
	    viz_row_value(v, VIZ_ROLE_REASON).len == 0 &&
	    viz_row_value(v, VIZ_ROLE_DETAIL).len == 0) {
		t->active++;
		return;
	}
	reason = a->all_movers ? VIZ_REASON_MOVE : read_reason(a, v);
	if (reason == VIZ_REASON_NONE && destination_given(v))
		reason = VIZ_REASON_MOVE;
	cents = read_value(a, v);
	if (viz_row_has(v, VIZ_ROLE_DOCUMENT))
		read_document(a, v);
	t->cancelled++;
	t->by_reason[reason]++;
	count_groups(a, v, day, reason == VIZ_REASON_MOVE);
	month = day == INT32_MIN ? -1 : viz_totals_month(t, day);
	if (month >= 0) {
		t->by_month[month][reason]++;
		t->day_min = day < t->day_min ? day : t->day_min;
		t->day_max = day > t->day_max ? day : t->day_max;
	} else {
		t->undated++;
	}
	if (cents >= 0) {
		t->valued++;
		t->cents += cents;
		if (month >= 0)
			t->month_cents[month] += cents;
	}
	if (reason == VIZ_REASON_MOVE)
		count_mover(a, v, day, cents);
}

static void count_any_row(struct viz_analysis *a, const struct viz_row_view *v)
{
	a->totals.rows++;
	switch (v->row->problem) {
	case VIZ_ROW_OK:
		count_row(a, v);
		return;
	case VIZ_ROW_TOO_LONG:
		reject(a, v, VIZ_REJECT_TOO_LONG, "");
		return;
	case VIZ_ROW_TOO_MANY:
		reject(a, v, VIZ_REJECT_TOO_MANY_COLUMNS, "");
		return;
	case VIZ_ROW_TOO_FEW:
		reject(a, v, VIZ_REJECT_TOO_FEW_COLUMNS, "");
		return;
	}
}

static enum viz_file_fault fault_of(const char *what)
{
	static const struct {
		const char *what;
		enum viz_file_fault fault;
	} table[] = {{"empty", VIZ_FILE_EMPTY}, {"xls", VIZ_FILE_XLS},
		     {"pdf", VIZ_FILE_PDF},     {"json", VIZ_FILE_JSON},
		     {"table", VIZ_FILE_TABLE}, {"binary", VIZ_FILE_BINARY}};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (what && strcmp(table[i].what, what) == 0)
			return table[i].fault;
	return VIZ_FILE_UNREADABLE;
}

/* The delimiter with which this line has the most known columns. */
static size_t try_header(struct viz_rows *rows, struct viz_row *row, struct viz_columns *columns)
{
	static const char delimiters[] = {';', ',', '\t', '|'};
	size_t best = 0, from = rows->pos, most = 0;
	uint64_t line = rows->line;
	char delimiter = rows->delimiter_known ? '\t' : ';';

	for (size_t i = 0; i < sizeof delimiters; i++) {
		size_t found;

		if (rows->delimiter_known && delimiters[i] != '\t')
			continue;

		rows->pos = from;
		rows->line = line;
		rows->delimiter = delimiters[i];
		if (viz_rows_next(rows, row) != 1)
			continue;
		found = viz_columns_read(columns, row);
		found = found + columns->never;
		if (found > best || (found == best && row->n > most)) {
			best = found;
			most = row->n;
			delimiter = delimiters[i];
		}
	}
	rows->pos = from;
	rows->line = line;
	rows->delimiter = delimiter;
	return best;
}

/* Keeps the first line that may be a header of unknown words: the fault proposes a --map from it.
 */
static void keep_likely_header(struct viz_rows *rows, struct viz_row *row,
			       struct viz_file_read *file)
{
	char proposal[VIZ_COLUMNS_PROPOSAL_BYTES];

	for (unsigned i = 0; i < VIZ_ANALYZE_HEADER_LINES_MAX; i++) {
		try_header(rows, row, &file->columns);
		if (viz_rows_next(rows, row) != 1)
			break;
		if (row->n < 2 || viz_columns_data(row))
			continue;
		viz_columns_read(&file->columns, row);
		viz_columns_ignored(&file->ignored, &file->columns, row);
		if (*viz_columns_ignored_proposal(proposal, &file->ignored, &file->columns, NULL))
			return;
	}
	file->ignored.n = 0;
}

/* Finds the header within the first lines. Without one the first row is data, and --map names
 * columns by number. */
static int find_header(struct viz_analysis *a, struct viz_rows *rows, struct viz_row *row,
		       struct viz_file_read *file)
{
	size_t from = rows->pos;
	uint64_t line = rows->line;
	char delimiter = 0;

	for (unsigned i = 0; i < VIZ_ANALYZE_HEADER_LINES_MAX; i++) {
		size_t found = try_header(rows, row, &file->columns);

		delimiter = delimiter ? delimiter : rows->delimiter;
		if (viz_rows_next(rows, row) != 1)
			break;
		if (found >= 2 || (found == 1 && row->n == 1)) {
			viz_columns_read(&file->columns, row);
			file->header_line = row->line;
			return 0;
		}
	}
	/* The header lies in the first block, which has not been overwritten yet. */
	rows->pos = from;
	rows->line = line;
	rows->delimiter = delimiter ? delimiter : ';';
	if (a->maps == 0 || viz_rows_next(rows, row) != 1) {
		if (a->maps == 0)
			keep_likely_header(rows, row, file);
		a->fault = VIZ_FILE_NO_HEADER;
		return VIZ_ERR_INPUT;
	}
	viz_columns_read(&file->columns, row);
	file->columns.headless = true;
	file->header_line = 0;
	return 0;
}

/* Is this an unknown header, or a row of data? Values show it, and so does a text that gives a
 * reason. */
static bool is_data(struct viz_analysis *a, const struct viz_columns *c, const struct viz_row *row)
{
	struct viz_field reason = {"", 0};

	if (viz_columns_data(row))
		return true;
	if (c->mapped[VIZ_ROLE_REASON] && c->at[VIZ_ROLE_REASON] < row->n)
		reason = row->field[c->at[VIZ_ROLE_REASON]];
	return viz_reason_by_rule(a->reasons, reason.text, reason.len);
}

/* SGP alone calls its column "contratoStatus". */
static bool is_of_sgp(const struct viz_columns *c)
{
	const char *name = c->name[VIZ_ROLE_STATUS];
	char bare[VIZ_HEADING_BYTES];
	size_t n = viz_heading_bare(bare, sizeof bare, name, strlen(name));

	return n == 14 && memcmp(bare, "contratostatus", n) == 0;
}

static int learn_columns(struct viz_analysis *a, struct viz_rows *rows, struct viz_row *row,
			 struct viz_file_read *file)
{
	if (find_header(a, rows, row, file) < 0)
		return VIZ_ERR_INPUT;
	if (viz_columns_map(&file->columns, &a->fault_map, row, a->map, a->maps) < 0) {
		a->fault = VIZ_FILE_BAD_MAP;
		return VIZ_ERR_INPUT;
	}
	if (file->columns.headless && is_data(a, &file->columns, row)) {
		viz_columns_forget(&file->columns);
		viz_rows_again(rows, row);
	} else {
		viz_columns_ignored(&file->ignored, &file->columns, row);
		if (file->columns.headless)
			file->header_line = row->line;
	}
	if (a->all_movers)
		viz_columns_as_destinations(&file->columns);
	if (!viz_columns_usable(&file->columns)) {
		a->fault = VIZ_FILE_NO_COLUMNS;
		return VIZ_ERR_INPUT;
	}
	file->sgp = is_of_sgp(&file->columns);
	rows->columns_max = file->columns.n;
	rows->columns_min = viz_columns_needed(&file->columns);
	rows->columns_min_lines = viz_columns_used(&file->columns);
	return 0;
}

static int read_rows(struct viz_analysis *a, struct viz_rows *rows, struct viz_row *row,
		     struct viz_file_read *file)
{
	uint64_t before = a->totals.rejected;
	struct viz_row_view v = {row, file};
	int err;

	while ((err = viz_rows_next(rows, row)) == 1) {
		if (viz_row_beside(&v)) {
			file->beside++;
			continue;
		}
		file->rows++;
		count_any_row(a, &v);
		if (a->progress && file->rows % 65536 == 0)
			a->progress(a->progress_to, rows->bytes, a->totals.rows);
	}
	file->rejected = a->totals.rejected - before;
	file->bytes = rows->bytes;
	if (err < 0)
		a->fault = VIZ_FILE_UNREADABLE;
	else if (file->rows == 0)
		a->fault = VIZ_FILE_NO_ROWS;
	return a->fault == VIZ_FILE_SOUND ? 0 : VIZ_ERR_INPUT;
}

static int analyze_fd(struct viz_analysis *a, const char *name, int fd)
{
	struct viz_rows rows;
	struct viz_row *row;
	struct viz_file_read *file;
	bool ascii;
	int err;

	file = &a->file[a->files];
	*file = (struct viz_file_read){.name = name};
	err = viz_rows_open_sheet(&rows, fd, a->sheet);
	if (err < 0) {
		a->fault = fault_of(rows.what);
		a->fault_table = rows.table;
		return err;
	}
	row = malloc(sizeof *row);
	if (!row) {
		viz_rows_close(&rows);
		return VIZ_ERR_NOMEM;
	}
	file->encoding = rows.kind != VIZ_TABLE_NONE        ? viz_table_kind_name(rows.kind)
			 : !viz_rows_is_utf8(&rows, &ascii) ? "windows-1252"
			 : ascii                            ? "ascii"
							    : "utf-8";
	err = learn_columns(a, &rows, row, file);
	file->delimiter = rows.delimiter;
	file->is_table = rows.delimiter_known;
	snprintf(file->sheet, sizeof file->sheet, "%s", rows.sheet.name);
	file->sheets = rows.sheet.of;
	if (err == 0)
		err = viz_date_order_find(a, &rows, row, file);
	if (err == 0) {
		a->files++;
		err = read_rows(a, &rows, row, file);
	}
	free(row);
	viz_rows_close(&rows);
	return err;
}

int viz_analyze_file(struct viz_analysis *a, const char *name, int fd)
{
	int from, err;

	if (a->files == VIZ_ANALYZE_FILES_MAX)
		return VIZ_ERR_LIMIT;
	from = viz_date_order_seekable(a, fd);
	if (from < 0)
		return VIZ_ERR_INPUT;
	a->fault = VIZ_FILE_SOUND;
	err = analyze_fd(a, name, from);
	if (from != fd)
		close(from);
	return err;
}
