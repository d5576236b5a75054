#include <unistd.h>

#include "tests/unit/unit.h"

#include "tools/text/rows.h"

/* Opens a reader of these bytes, through a pipe or, when they are too many, a file. */
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

/* A quote that never closes costs its line and no other. */
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

/* The same when a quote in a lower line seems to close it. */
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

/* An endless line is one rejected row. The rows after it are read. */
static void endless_line(void **state)
{
	static struct viz_row row;
	size_t len = 3 * VIZ_ROWS_BUFFER_BYTES;
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

/* The end of the buffer falls on every offset of a row. No row is lost or doubled. */
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
		   {"PK\3\4zip", 7, "table"},
		   {"\xd0\xcf\x11\xe0", 4, "xls"},
		   {"\x09\x04\x06\0\0\0\x10\0", 8, "xls"}, /* of Excel 4, and of 2 */
		   {"\x09\0\x04\0\2\0\x10\0", 8, "xls"},
		   {" [\n {\"motivo\":1}]", 17, "json"},
		   {"\xff\xfe"
		    "a",
		    3, "table"},
		   {"<html><table><tr><td>a", 22, "table"},
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

static struct viz_rows *open_memory(const char *text)
{
	struct viz_rows *r = calloc(1, sizeof *r);

	assert_non_null(r);
	r->fd = -1;
	assert_int_equal(viz_rows_open_bytes(r, text, strlen(text), NULL), 0);
	return r;
}

static void done_memory(struct viz_rows *r)
{
	viz_rows_close(r);
	free(r);
}

static void strings_are(struct viz_rows *r, struct viz_row *row, uint64_t line,
			const char *const *want)
{
	size_t n = 0;

	assert_int_equal(viz_rows_next(r, row), 1);
	assert_int_equal(row->problem, VIZ_ROW_OK);
	assert_int_equal(row->line, line);
	viz_rows_strings(r, row);
	for (; want[n]; n++) {
		assert_true(n < row->n);
		assert_string_equal(row->field[n].text, want[n]);
		assert_int_equal(row->field[n].len, strlen(want[n]));
	}
	assert_int_equal(row->n, n);
}
#define STRINGS(r, row, line, ...)                                                                 \
	strings_are(r, row, line, (const char *const[]){__VA_ARGS__, NULL})

/* Windows-1252, line ends of three kinds, blanks, doubled quotes, the last line without an end. */
static void memory_and_strings(void **state)
{
	static struct viz_row row;
	struct viz_rows *r = open_memory("a;b\rJo\xe3o; x\t \r\n\"y \"\"z\"\" \" ; \"q\"\n\n"
					 "\"two\nlines\";a\"\"b\n;\"\"\"\"");

	(void)state;
	viz_rows_guess_delimiter(r);
	STRINGS(r, &row, 1, "a", "b");
	STRINGS(r, &row, 2, "Jo\xc3\xa3o", "x");
	STRINGS(r, &row, 3, "y \"z\"", "\"q\"");
	STRINGS(r, &row, 5, "two\nlines", "a\"\"b");
	STRINGS(r, &row, 7, "", "\"");
	assert_int_equal(viz_rows_next(r, &row), 0);
	done_memory(r);
}

static void no_limit_in_memory(void **state)
{
	static struct viz_row row;
	size_t len = 3 * VIZ_ROWS_ROW_BYTES_MAX;
	char *text = malloc(len + 16);
	struct viz_rows *r;

	(void)state;
	assert_non_null(text);
	memset(text, 'x', len);
	strcpy(text + len, ",\"y\"\nz");
	r = open_memory(text);
	viz_rows_guess_delimiter(r);
	assert_int_equal(viz_rows_next(r, &row), 1);
	assert_int_equal(row.problem, VIZ_ROW_OK);
	assert_int_equal(row.field[0].len, len);
	field_is(&row, 1, "y");
	next_is(r, &row, 2, 1, "z");
	done_memory(r);
	free(text);
}

static void delimiters(void **state)
{
	static const struct {
		const char *text;
		char delimiter;
	} cases[] = {{"a;b,c\td\n", ';'},
		     {"a,b\tc\n", '\t'},
		     {"a,b\nc;d", ','},
		     {"a\n,", ';'},
		     {"a,b", ','}};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct viz_rows *r = open_memory(cases[i].text);

		viz_rows_guess_delimiter(r);
		assert_int_equal(r->delimiter, cases[i].delimiter);
		done_memory(r);
	}
}

/* The reader names the field with the wrong quote. */
static void stray_quotes(void **state)
{
	static struct viz_row row;
	struct viz_rows *r = open_memory("a;\"b\"c\";\"d\"\nx\"y;z\ne;\"never closed\nf\n");

	(void)state;
	next_is(r, &row, 1, 3, "a");
	assert_int_equal(row.stray_quote, 2);
	field_is(&row, 1, "b\"c");
	next_is(r, &row, 2, 2, "x\"y");
	assert_int_equal(row.stray_quote, 0);
	assert_int_equal(viz_rows_next(r, &row), 1);
	assert_int_equal(row.problem, VIZ_ROW_TOO_LONG);
	assert_int_equal(row.n, 1);
	assert_int_equal(row.field[1].text - row.start, 3);
	next_is(r, &row, 4, 1, "f");
	done_memory(r);
}

static void no_memory_tables(void **state)
{
	struct viz_rows r;

	(void)state;
	assert_int_equal(viz_rows_open_bytes(&r, "", 0, NULL), VIZ_ERR_INPUT);
	assert_string_equal(r.what, "empty");
	assert_int_equal(viz_rows_open_bytes(&r, "a;b\0", 4, NULL), VIZ_ERR_INPUT);
	assert_string_equal(r.what, "binary");
}

static void encodings(void **state)
{
	static const struct {
		const char *text;
		bool utf8, ascii;
	} cases[] = {{"abc", true, true},
		     {"Jo\xc3\xa3o", true, false},
		     {"Jo\xe3o;x;y", false, false},
		     {"cut \xe2\x82", true, false}};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		bool ascii;
		int err;
		struct viz_rows *r = open_bytes(cases[i].text, strlen(cases[i].text), &err);

		assert_int_equal(err, 0);
		assert_int_equal(viz_rows_is_utf8(r, &ascii), cases[i].utf8);
		assert_int_equal(ascii, cases[i].ascii);
		done(r);
	}
}

/* A row can be read again, also one that begins with a quote, and with another delimiter. */
static void again(void **state)
{
	static struct viz_row row;
	int err;
	struct viz_rows *r = OPEN("x\n\"a;b\";c\nd,e\n", &err);

	(void)state;
	next_is(r, &row, 1, 1, "x");
	next_is(r, &row, 2, 2, "a;b");
	viz_rows_again(r, &row);
	next_is(r, &row, 2, 2, "a;b");
	next_is(r, &row, 3, 1, "d,e");
	r->delimiter = ',';
	viz_rows_again(r, &row);
	next_is(r, &row, 3, 2, "d");
	assert_int_equal(viz_rows_next(r, &row), 0);
	done(r);
}

/* Random bytes cause neither a crash nor an endless loop, and line numbers only grow. */
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

/* Lines that end in CR alone, from a file as from memory. */
static void lines_of_the_mac(void **state)
{
	struct viz_row *row = malloc(sizeof *row);
	struct viz_rows *r;
	int err;

	(void)state;
	assert_non_null(row);
	r = OPEN("a;b\r1;2\r\r3;4", &err);
	assert_int_equal(err, 0);
	next_is(r, row, 1, 2, "a");
	next_is(r, row, 2, 2, "1");
	next_is(r, row, 4, 2, "3");
	assert_int_equal(viz_rows_next(r, row), 0);
	done(r);
	/* a CR within a file that has LF ends nothing */
	r = OPEN("a\rb;c\n", &err);
	next_is(r, row, 1, 2, "a\rb");
	done(r);
	free(row);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(lines_of_the_mac),
	    cmocka_unit_test(plain_and_quoted),
	    cmocka_unit_test(open_quote),
	    cmocka_unit_test(quote_over_lines),
	    cmocka_unit_test(columns_that_do_not_add_up),
	    cmocka_unit_test(endless_line),
	    cmocka_unit_test(over_the_buffers_end),
	    cmocka_unit_test(no_tables),
	    cmocka_unit_test(memory_and_strings),
	    cmocka_unit_test(no_limit_in_memory),
	    cmocka_unit_test(delimiters),
	    cmocka_unit_test(stray_quotes),
	    cmocka_unit_test(no_memory_tables),
	    cmocka_unit_test(encodings),
	    cmocka_unit_test(again),
	    cmocka_unit_test(noise),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
