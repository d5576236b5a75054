#include "tests/unit/unit.h"

#include "proto/base.h"
#include "node/host/line.h"

static void feed(struct viz_line *l, const char *text, size_t len)
{
	while (len > 0) {
		uint8_t *at;
		size_t space;

		assert_int_equal(viz_host_line_space(l, &at, &space), VIZ_OK);
		assert_true(space > 0);
		if (space > len)
			space = len;
		memcpy(at, text, space);
		viz_host_line_added(l, space);
		text += space;
		len -= space;
	}
}

static void expect(struct viz_line *l, const char *text)
{
	uint8_t *line = NULL;
	size_t len = 0;

	assert_int_equal(viz_host_line_take(l, &line, &len), VIZ_OK);
	assert_int_equal(len, strlen(text));
	assert_string_equal((const char *)line, text);
	free(line);
}

static void expect_err(struct viz_line *l, int err)
{
	uint8_t *line = NULL;
	size_t len = 0;

	assert_int_equal(viz_host_line_take(l, &line, &len), err);
	assert_null(line);
}

static void lines_in_any_pieces(void **state)
{
	static const char text[] = "{\"a\":1}\n\r\n{\"b\":2}\r\n{\"c\"";
	struct viz_line l;

	(void)state;
	for (size_t piece = 1; piece <= sizeof text; piece++) {
		size_t lines = 0;
		uint8_t *line;
		size_t len;

		viz_host_line_init(&l, 100);
		for (size_t at = 0; at < sizeof text - 1; at += piece) {
			size_t n = sizeof text - 1 - at < piece ? sizeof text - 1 - at : piece;

			feed(&l, text + at, n);
			while (viz_host_line_take(&l, &line, &len) == VIZ_OK) {
				static const char *const want[] = {"{\"a\":1}", "", "{\"b\":2}"};

				assert_true(lines < 3);
				assert_string_equal((const char *)line, want[lines]);
				lines++;
				free(line);
			}
		}
		assert_int_equal(lines, 3);
		expect_err(&l, VIZ_ERR_ABSENT);
		feed(&l, ":3}\n", 4);
		expect(&l, "{\"c\":3}");
		viz_host_line_clear(&l);
	}
}

static void the_limit(void **state)
{
	struct viz_line l;

	(void)state;
	viz_host_line_init(&l, 10);
	feed(&l, "0123456789\n", 11);
	expect(&l, "0123456789");
	feed(&l, "0123456789\r\n", 12);
	expect(&l, "0123456789");
	feed(&l, "0123456789a\n", 12);
	expect_err(&l, VIZ_ERR_LIMIT);
	viz_host_line_clear(&l);
}

static void a_line_without_end(void **state)
{
	uint8_t *at;
	size_t space;
	struct viz_line l;

	(void)state;
	viz_host_line_init(&l, 10);
	feed(&l, "0123456789ab", 12);
	expect_err(&l, VIZ_ERR_LIMIT);
	assert_int_equal(viz_host_line_space(&l, &at, &space), VIZ_ERR_LIMIT);
	viz_host_line_clear(&l);
	assert_null(l.bytes);
}

/* The buffer grows to what `max` needs, and no further. */
static void large_lines(void **state)
{
	const size_t max = 100000;
	char *text = malloc(max + 1);
	struct viz_line l;
	uint8_t *line;
	size_t len;

	(void)state;
	memset(text, 'x', max);
	text[max] = '\n';
	viz_host_line_init(&l, max);
	feed(&l, text, max + 1);
	assert_true(l.capacity <= max + 2);
	assert_int_equal(viz_host_line_take(&l, &line, &len), VIZ_OK);
	assert_int_equal(len, max);
	assert_null(l.bytes); /* the buffer is freed */
	free(line);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(lines_in_any_pieces),
	    cmocka_unit_test(the_limit),
	    cmocka_unit_test(a_line_without_end),
	    cmocka_unit_test(large_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
