#include "tools/analyze/date_order.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tools/analyze/value.h"

#define COPY_BYTES 65536u

/* Rows that tell the order, and those that do not. */
struct seen {
	uint64_t day, month, open;
	uint64_t odd; /* open, and hardly with the day first: with AM or PM, or in the future */
	uint64_t day_line, month_line, odd_line;
};

static bool has_meridiem(const char *text, size_t len)
{
	return len > 2 && (text[len - 1] == 'M' || text[len - 1] == 'm') &&
	       strchr("APap", text[len - 2]) != NULL;
}

/* With the day first it would be in the future, and with the month first it would not. */
static bool is_ahead(const char *text, size_t len, int32_t today)
{
	int32_t by_day, by_month;

	return viz_value_date_in(&by_day, VIZ_DATE_DAY_FIRST, text, len) == 0 &&
	       viz_value_date_in(&by_month, VIZ_DATE_MONTH_FIRST, text, len) == 0 &&
	       by_day > today + 1 && by_month <= today + 1;
}

static void look(struct seen *s, const struct viz_field *f, uint64_t line, int32_t today)
{
	switch (viz_value_date_hint(f->text, f->len)) {
	case VIZ_DATE_HINT_NONE:
		return;
	case VIZ_DATE_HINT_DAY:
		s->day_line = s->day++ ? s->day_line : line;
		return;
	case VIZ_DATE_HINT_MONTH:
		s->month_line = s->month++ ? s->month_line : line;
		return;
	case VIZ_DATE_HINT_OPEN:
		s->open++;
		if (has_meridiem(f->text, f->len) || is_ahead(f->text, f->len, today))
			s->odd_line = s->odd++ ? s->odd_line : line;
		return;
	}
}

static int decide(struct viz_analysis *a, struct viz_file_read *file, const struct seen *s)
{
	uint64_t less = s->day < s->month ? s->day : s->month;
	uint64_t more = s->day + s->month - less;

	file->dates = s->month > s->day ? VIZ_DATE_MONTH_FIRST : VIZ_DATE_DAY_FIRST;
	file->dates_open = more == 0 ? s->open : 0;
	a->fault_line = s->day_line;
	a->fault_line_other = s->month_line;
	if (less * VIZ_DATE_ORDER_ERRORS > more)
		a->fault = VIZ_FILE_DATES_MIXED;
	if (more == 0 && s->odd > 0) {
		a->fault = VIZ_FILE_DATES_OPEN;
		a->fault_line = s->odd_line;
	}
	return a->fault == VIZ_FILE_SOUND ? 0 : VIZ_ERR_INPUT;
}

int viz_date_order_find(struct viz_analysis *a, struct viz_rows *rows, struct viz_row *row,
			struct viz_file_read *file)
{
	struct viz_row_view v = {row, file};
	struct viz_rows_mark mark = viz_rows_here(rows);
	struct seen s = {0};
	int err;

	file->dates = a->dates;
	if (a->dates_given || !viz_row_has(&v, VIZ_ROLE_DATE))
		return 0;
	while ((err = viz_rows_next(rows, row)) == 1) {
		struct viz_field f = viz_row_value(&v, VIZ_ROLE_DATE);

		if (row->problem == VIZ_ROW_OK)
			look(&s, &f, row->line, a->today);
	}
	if (err < 0 || viz_rows_rewind(rows, &mark) < 0) {
		a->fault = VIZ_FILE_UNREADABLE;
		return VIZ_ERR_INPUT;
	}
	return decide(a, file, &s);
}

static int write_all(int to, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t n = write(to, bytes, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return VIZ_ERR_INPUT;
		bytes += n;
		len -= (size_t)n;
	}
	return 0;
}

static int copy(struct viz_analysis *a, int to, int from)
{
	char bytes[COPY_BYTES];
	uint64_t all = 0;
	ssize_t n;

	while ((n = read(from, bytes, sizeof bytes)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		a->fault = VIZ_FILE_UNREADABLE;
		if (n < 0 || write_all(to, bytes, (size_t)n) < 0)
			return VIZ_ERR_INPUT;
		all += (uint64_t)n;
		a->fault = VIZ_FILE_PIPE_TOO_LONG;
		if (all > VIZ_ANALYZE_PIPE_BYTES_MAX)
			return VIZ_ERR_INPUT;
	}
	a->fault = VIZ_FILE_SOUND;
	return lseek(to, 0, SEEK_SET) < 0 ? VIZ_ERR_INPUT : 0;
}

int viz_date_order_seekable(struct viz_analysis *a, int fd)
{
	int memory;

	if (lseek(fd, 0, SEEK_CUR) >= 0)
		return fd;
	a->fault = VIZ_FILE_UNREADABLE;
	memory = memfd_create("vizinho", MFD_CLOEXEC);
	if (memory >= 0 && copy(a, memory, fd) < 0) {
		close(memory);
		return -1;
	}
	return memory;
}
