/* Reads an export of cancellations row by row into totals, without an allocation for a row, without
 * a clock. The column of dates is read once before, for the order of day and month. */
#ifndef VIZ_ANALYZE_ANALYZE_H
#define VIZ_ANALYZE_ANALYZE_H

#include "tools/analyze/anatel.h"
#include "tools/analyze/columns_ignored.h"
#include "tools/analyze/rejects.h"
#include "tools/analyze/totals.h"
#include "tools/analyze/value.h"
#include "tools/geo/cep_points.h"

/* What was found out about one file. */
struct viz_file_read {
	const char *name; /* for messages: the path's last part; borrowed from the caller */
	struct viz_columns columns;
	struct viz_columns_ignored ignored;
	char delimiter;
	bool is_table; /* a workbook or a page: the delimiter is ours */
	const char
	    *encoding; /* "utf-8", "ascii", "windows-1252", "utf-16", "xlsx", "ods", "html" */
	char sheet[VIZ_TABLE_SHEET_NAME_BYTES]; /* of a workbook, that was read */
	size_t sheets;                          /* how many the workbook has */
	uint64_t header_line, rows, rejected, bytes;
	bool sgp;        /* the numbers of the status are those of SGP */
	uint64_t beside; /* totals, feet of pages, repeated headers: no rows */
	enum viz_date_order dates;
	uint64_t dates_open; /* dates of either order, where no row tells which: read with the day
				first */
};

enum viz_file_fault {
	VIZ_FILE_SOUND,
	VIZ_FILE_EMPTY,
	VIZ_FILE_TABLE, /* a workbook, a page or UTF-16: fault_table says what is wrong */
	VIZ_FILE_XLS,   /* a workbook of before 2007, or one with a password */
	VIZ_FILE_PDF,
	VIZ_FILE_JSON,
	VIZ_FILE_BINARY,
	VIZ_FILE_UNREADABLE,
	VIZ_FILE_NO_HEADER,  /* no line looks like a header */
	VIZ_FILE_NO_COLUMNS, /* there is a header, but no column about a cancellation */
	VIZ_FILE_BAD_MAP,    /* --map names a column that is not there: fault_map */
	VIZ_FILE_NO_ROWS,
	VIZ_FILE_DATES_MIXED,   /* rows with the day first and rows with the month first */
	VIZ_FILE_DATES_OPEN,    /* no row tells, and AM, PM or the future speak against the day */
	VIZ_FILE_PIPE_TOO_LONG, /* VIZ_ANALYZE_PIPE_BYTES_MAX */
};

struct viz_analysis {
	/* set by the caller before the first file */
	const struct viz_gazetteer *gazetteer;
	struct viz_towns *towns;
	struct viz_reasons *reasons;
	struct viz_coverage *coverage;
	const struct viz_cep_points *points; /* NULL: none imported */
	struct viz_column_map map[VIZ_ROLES];
	size_t maps;
	const char *sheet; /* that is wanted of a workbook; NULL: the best one */
	int32_t today;     /* days since 1970: a later date than tomorrow is rejected */
	uint64_t base;     /* customers, 0: not told */
	bool all_movers;   /* every row counts as a move to its address */
	bool dates_given;  /* the order of day and month is `dates`, whatever the rows say */
	enum viz_date_order dates;
	void (*progress)(void *to, uint64_t bytes, uint64_t rows); /* NULL; every 65,536 rows */
	void *progress_to;

	/* filled in */
	struct viz_totals totals;
	struct viz_rejects rejects;
	struct viz_anatel anatel; /* filled after the files, where there is one */
	struct viz_file_read file[VIZ_ANALYZE_FILES_MAX];
	size_t files;
	enum viz_file_fault fault;
	size_t fault_map;
	struct viz_table_error fault_table;
	uint64_t fault_line, fault_line_other; /* DATES_MIXED, DATES_OPEN */
};

/* Reads one file into the totals. VIZ_ERR_INPUT with `fault`: nothing was counted, unless the file
 * became unreadable in the middle (VIZ_FILE_UNREADABLE). VIZ_ERR_LIMIT past VIZ_ANALYZE_FILES_MAX.
 */
int viz_analyze_file(struct viz_analysis *a, const char *name, int fd);

/* The destination of a row: internal to the folder, in destination.c. */
struct viz_row_view {
	const struct viz_row *row;
	const struct viz_file_read *file;
};
enum viz_destination_found {
	VIZ_DESTINATION_NONE,
	VIZ_DESTINATION_UNRESOLVED,
	VIZ_DESTINATION_FOUND
};
enum viz_destination_found viz_destination_of(struct viz_analysis *a, struct viz_destination *d,
					      const struct viz_row_view *v);
/* The town that was left, or VIZ_TOWN_NONE. */
uint16_t viz_destination_origin(struct viz_analysis *a, const struct viz_row_view *v);
/* The municipality that a free text names after "para"; VIZ_TOWN_NONE unless it is certain. In
 * mention.c. */
uint16_t viz_mention_of(struct viz_analysis *a, const char *text, size_t len, uint16_t origin);
/* Lists a value that could not be read. In analyze_defect.c. */
void viz_analyze_defect(struct viz_analysis *a, const struct viz_row_view *v, enum viz_reject kind,
			enum viz_role role);
/* A column's own name where it is known, else its number. */
const char *viz_analyze_defect_column(char buf[16], const struct viz_columns *c,
				      enum viz_role role);

/* The value of a role in a row; empty when the file has no such column. */
static inline struct viz_field viz_row_value(const struct viz_row_view *v, enum viz_role role)
{
	uint16_t at = v->file->columns.at[role];

	if (at >= v->row->n)
		return (struct viz_field){"", 0};
	return v->row->field[at];
}

static inline bool viz_row_has(const struct viz_row_view *v, enum viz_role role)
{
	return v->file->columns.at[role] != VIZ_COLUMN_NONE;
}

#endif
