/* Whether the dates of a file have the day first or the month first. All rows of the column are
 * looked at before any is counted: 03/04/2024 alone does not tell. */
#ifndef VIZ_ANALYZE_DATE_ORDER_H
#define VIZ_ANALYZE_DATE_ORDER_H

#include "tools/analyze/analyze.h"

/* A file whose other rows all have one order may have this share of typing errors in the other one:
 * those rows are rejected. */
#define VIZ_DATE_ORDER_ERRORS 500u /* one in so many */

/* Reads `rows` to the end and goes back, and sets file->dates. VIZ_ERR_INPUT with a->fault: the
 * rows contradict each other, or nothing in them decides and something is odd about both. */
int viz_date_order_find(struct viz_analysis *a, struct viz_rows *rows, struct viz_row *row,
			struct viz_file_read *file);

/* A file descriptor from which the same bytes can be read twice: `fd`, or for a pipe a copy in
 * memory, which the caller closes. -1 with a->fault. */
int viz_date_order_seekable(struct viz_analysis *a, int fd);

#endif
