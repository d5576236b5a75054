#include <unistd.h>

#include "tests/unit/unit.h"

#include "tools/analyze/rows.h"

/* A reader over these bytes, through a pipe or (when they are too many for one) a file. */
static struct viz_rows *open_bytes(const char *bytes, size_t len, int *err)
{
	struct viz_rows *r = calloc(1, sizeof *r);
	FILE *f = tmpfile();

	assert_non_null(r);
	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, len, f), len);
	fflush(f);
	lseek(fileno(f), 0, SEEK_SET);
	*err = viz_rows_open(r, dup(fileno(f)));
	fclose(f);
	return r;
}

static void done(struct viz_rows *r)
{
	close(r->fd);
	viz_rows_close(r);
	free(r);
}

#define OPEN(text, err) open_bytes(text, sizeof(text) - 1, err)

static void field_is(const struct viz_row *row, size_t i, const char *want)
{
	assert_true(i < row->n);
	assert_int_equal(row->field[i].len, strlen(want));
	assert_memory_equal(row->field[i].text, want, strlen(want));
}

static void next_is(struct viz_rows *r, struct viz_row *row, uint64_t line, size_t n,
		    const char *first)
{
	assert_int_equal(viz_rows_next(r, row), 1);
	assert_int_equal(row->problem, VIZ_ROW_OK);
	assert_int_equal(row->line, line);
	assert_int_equal(row->n, n);
	field_is(row, 0, first);
}

static void plain_and_quoted(void **state)
{
	static struct viz_row row;
	int err;
	struct viz_rows *r =
	    OPEN("\xef\xbb\xbfsep=;\r\na;b;c\r\n1;\"x;y\";\"two\nlines\"\r\n\r\n;;\r\n"
		 "2;\"say \"\"hi\"\"\";a\"b\"c\r\n3;\"\";last",
		 &err);

	(void)state;
	assert_int_equal(err, 0);
	next_is(r, &row, 2, 3, "a");
	next_is(r, &row, 3, 3, "1");
	field_is(&row, 1, "x;y");
	field_is(&row, 2, "two\nlines");
	next_is(r, &row, 7, 3, "2");
	field_is(&row, 1, "say \"\"hi\"\"");
	field_is(&row, 2, "a\"b\"c");
	next_is(r, &row, 8, 3, "3");
	field_is(&row, 1, "");
	field_is(&row, 2, "last");
	assert_int_equal(viz_rows_next(r, &row), 0);
	assert_int_equal(viz_rows_next(r, &row), 0);
	done(r);
}

/* A quote that never closes costs its line, not the file. */
static void open_quote(void **state)
{
	static struct viz_row row;
	int err;
	struct viz_rows *r = OPEN("1;\"never closed;x\n2;b;c\n3;d;e\n", &err);

	(void)state;
	r->columns_max = 3;
	r->columns_min = r->columns_min_lines = 3;
	assert_int_equal(viz_rows_next(r, &row), 1);
	assert_int_equal(row.problem, VIZ_ROW_TOO_LONG);
	assert_int_equal(row.line, 1);
	next_is(r, &row, 2, 3, "2");
	next_is(r, &row, 3, 3, "3");
	assert_int_equal(viz_rows_next(r, &row), 0);
	done(r);
}

/* ... also when a quote further down seems to close it. */
static void quote_over_lines(void **state)
{
	static struct viz_row row;
	int err;
	struct viz_rows *r = OPEN("1;\"open;x\n2;b;c\n3;d;\"e\"\n4;f;g\n", &err);

	(void)state;
	r->columns_max = 3;
	r->columns_min = r->columns_min_lines = 3;
	assert_int_equal(viz_rows_next(r, &row), 1);
	assert_int_equal(row.problem, VIZ_ROW_TOO_FEW);
	next_is(r, &row, 2, 3, "2");
	next_is(r, &row, 3, 3, "3");
	next_is(r, &row, 4, 3, "4");
	done(r);
}

static void columns_that_do_not_add_up(void **state)
{
	static struct viz_row row;
	int err;
	struct viz_rows *r = OPEN("1,2,3\n1,2,3,4\n1,2,3,,\n1\n", &err);

	(void)state;
	r->delimiter = ',';
	r->columns_max = 3;
	r->columns_min = r->columns_min_lines = 2;
	next_is(r, &row, 1, 3, "1");
	assert_int_equal(viz_rows_next(r, &row), 1);
	assert_int_equal(row.problem, VIZ_ROW_TOO_MANY);
	next_is(r, &row, 3, 5, "1");
	assert_int_equal(viz_rows_next(r, &row), 1);
	assert_int_equal(row.problem, VIZ_ROW_TOO_FEW);
	done(r);
}

/* An endless line is one rejected row, however long; what follows is read. */
static void endless_line(void **state)
{
	static struct viz_row row;
	size_t len = 3 * VIZ_ANALYZE_BUFFER_BYTES;
	char *bytes = malloc(len + 64);
	struct viz_rows *r;
	int err;

	(void)state;
	assert_non_null(bytes);
	memcpy(bytes, "a;b\n", 4);
	memset(bytes + 4, 'x', len);
	memcpy(bytes + 4 + len, "\nc;d\n", 5);
	r = open_bytes(bytes, 4 + len + 5, &err);
	next_is(r, &row, 1, 2, "a");
	assert_int_equal(viz_rows_next(r, &row), 1);
	assert_int_equal(row.problem, VIZ_ROW_TOO_LONG);
	next_is(r, &row, 3, 2, "c");
	assert_int_equal(viz_rows_next(r, &row), 0);
	done(r);
	free(bytes);
}

/* Rows fall on every offset of the buffer's end; none is lost or doubled. */
static void over_the_buffers_end(void **state)
{
	static struct viz_row row;
	size_t rows = 120000, len = 0;
	char *bytes = malloc(rows * 40);
	struct viz_rows *r;
	int err;

	(void)state;
	assert_non_null(bytes);
	for (size_t i = 0; i < rows; i++)
		len += (size_t)sprintf(
		    bytes + len, i % 3 ? "%zu;abc;%zu\r\n" : "%zu;\"a\nc\";%zu\r\n", i, i * 7);
	r = open_bytes(bytes, len, &err);
	for (size_t i = 0; i < rows; i++) {
		char want[24];

		sprintf(want, "%zu", i);
		next_is(r, &row, 1 + i + (i + 2) / 3, 3, want);
		sprintf(want, "%zu", i * 7);
		field_is(&row, 2, want);
	}
	assert_int_equal(viz_rows_next(r, &row), 0);
	assert_int_equal(r->bytes, len);
	done(r);
	free(bytes);
}

static void no_tables(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
		const char *what;
	} bad[] = {{"", 0, "empty"},
		   {"PK\3\4zip", 7, "xlsx"},
		   {"\xd0\xcf\x11\xe0", 4, "xls"},
		   {"\xff\xfe"
		    "a\0",
		    4, "utf16"},
		   {"a;b\0c", 5, "binary"}};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		int err;
		struct viz_rows *r = open_bytes(bad[i].bytes, bad[i].len, &err);

		assert_int_equal(err, VIZ_ERR_INPUT);
		assert_string_equal(r->what, bad[i].what);
		done(r);
	}
}

/* Any bytes at all: no crash, no loop, and lines that only grow. */
static void noise(void **state)
{
	static struct viz_row row;
	static const char alphabet[] = "a;\"\n\r,\xc3\xa7 ";
	uint64_t seed = 1;

	(void)state;
	for (int round = 0; round < 300; round++) {
		char bytes[512];
		uint64_t line = 0;
		struct viz_rows *r;
		int err, n = 0;

		for (size_t i = 0; i < sizeof bytes; i++) {
			seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
			bytes[i] = alphabet[(seed >> 33) % (sizeof alphabet - 1)];
		}
		r = open_bytes(bytes, sizeof bytes, &err);
		assert_int_equal(err, 0);
		r->columns_max = 3;
		r->columns_min = r->columns_min_lines = 2;
		while (viz_rows_next(r, &row) == 1) {
			assert_true(row.line > line);
			line = row.line;
			assert_true(++n <= 512);
			for (size_t i = 0; i < row.n; i++)
				assert_true(row.field[i].len <= sizeof bytes);
		}
		done(r);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(plain_and_quoted), cmocka_unit_test(open_quote),
	    cmocka_unit_test(quote_over_lines), cmocka_unit_test(columns_that_do_not_add_up),
	    cmocka_unit_test(endless_line),     cmocka_unit_test(over_the_buffers_end),
	    cmocka_unit_test(no_tables),        cmocka_unit_test(noise),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
