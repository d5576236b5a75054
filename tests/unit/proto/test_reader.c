#include "tests/unit/unit.h"

#include "proto/reader.h"
#include "proto/text.h"
#include "proto/writer.h"

/* Each value is written in its shortest form and read back. */
static void integers_round_trip(void **state)
{
	static const int64_t values[] = {0,
					 1,
					 127,
					 128,
					 255,
					 256,
					 65535,
					 65536,
					 INT64_C(4294967295),
					 INT64_C(4294967296),
					 INT64_MAX,
					 -1,
					 -32,
					 -33,
					 -128,
					 -129,
					 -32768,
					 -32769,
					 -INT64_C(2147483648),
					 -INT64_C(2147483649),
					 INT64_MIN};
	static const size_t lengths[] = {1, 1, 1, 2, 2, 3, 3, 5, 5, 9, 9,
					 1, 1, 2, 2, 3, 3, 5, 5, 9, 9};

	(void)state;
	for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
		uint8_t buf[16];
		struct viz_writer w;
		struct viz_reader r;
		size_t len = 0;

		viz_writer_init(&w, buf, sizeof buf);
		viz_writer_int(&w, values[i]);
		assert_int_equal(viz_writer_finish(&w, &len), 0);
		assert_int_equal(len, lengths[i]);
		viz_reader_init(&r, buf, len);
		assert_true(viz_reader_int(&r, INT64_MIN, INT64_MAX) == values[i]);
		assert_int_equal(viz_reader_finish(&r), 0);
	}
}

static int read_int(const uint8_t *bytes, size_t len)
{
	struct viz_reader r;

	viz_reader_init(&r, bytes, len);
	viz_reader_int(&r, INT64_MIN, INT64_MAX);
	return viz_reader_finish(&r);
}

static void longer_forms_are_refused(void **state)
{
	(void)state;
	assert_int_equal(read_int((const uint8_t[]){0xcc, 0x7f}, 2), VIZ_ERR_FORM);
	assert_int_equal(read_int((const uint8_t[]){0xcd, 0x00, 0xff}, 3), VIZ_ERR_FORM);
	assert_int_equal(read_int((const uint8_t[]){0xce, 0, 0, 0xff, 0xff}, 5), VIZ_ERR_FORM);
	assert_int_equal(read_int((const uint8_t[]){0xd0, 0x05}, 2), VIZ_ERR_FORM);
	assert_int_equal(read_int((const uint8_t[]){0xd0, 0xe0}, 2), VIZ_ERR_FORM);
	assert_int_equal(read_int((const uint8_t[]){0xd1, 0xff, 0x80}, 3), VIZ_ERR_FORM);
	assert_int_equal(read_int((const uint8_t[]){0xd2, 0xff, 0xff, 0x80, 0}, 5), VIZ_ERR_FORM);
	assert_int_equal(read_int((const uint8_t[]){0xd1, 0xff}, 2), VIZ_ERR_FORM);
	assert_int_equal(read_int((const uint8_t[]){0x05, 0x05}, 2), VIZ_ERR_FORM);
	assert_int_equal(read_int((const uint8_t[]){0xca, 0, 0, 0, 0}, 5), VIZ_ERR_FORM);
}

static void hostile_counts_cost_nothing(void **state)
{
	static const uint8_t huge[] = {0xdd, 0xff, 0xff, 0xff, 0xff};
	static const uint8_t bin[] = {0xc6, 0xff, 0xff, 0xff, 0xff, 1};
	struct viz_reader r;
	size_t len = 1;

	(void)state;
	viz_reader_init(&r, huge, sizeof huge);
	assert_int_equal(viz_reader_array(&r, 0, SIZE_MAX), 0);
	assert_int_equal(r.err, VIZ_ERR_FORM);
	viz_reader_init(&r, bin, sizeof bin);
	assert_null(viz_reader_bin(&r, &len, 0, SIZE_MAX));
	assert_int_equal(len, 0);
	assert_int_equal(viz_reader_finish(&r), VIZ_ERR_FORM);
}

static void depth_is_bounded(void **state)
{
	uint8_t deep[64];
	struct viz_reader r;
	size_t len;

	(void)state;
	memset(deep, 0x91, sizeof deep);
	deep[sizeof deep - 1] = 0xc0;
	viz_reader_init(&r, deep, sizeof deep);
	assert_null(viz_reader_skip(&r, &len, 8));
	assert_int_equal(r.err, VIZ_ERR_LIMIT);
	viz_reader_init(&r, deep + sizeof deep - 9, 9);
	assert_non_null(viz_reader_skip(&r, &len, 8));
	assert_int_equal(len, 9);
}

static void text_is_checked(void **state)
{
	(void)state;
	assert_true(viz_text_valid("São João d'Aliança", strlen("São João d'Aliança")));
	assert_true(viz_text_valid("\xf0\x9f\x98\x80", 4));
	assert_false(viz_text_valid("a\nb", 3));
	assert_false(viz_text_valid("\xc2\x85", 2));
	assert_false(viz_text_valid("\xc0\xaf", 2));
	assert_false(viz_text_valid("\xed\xa0\x80", 3));
	assert_false(viz_text_valid("\xf4\x90\x80\x80", 4));
	assert_false(viz_text_valid("\xe3\x81", 2));
	assert_false(viz_text_valid("a\0b", 3));
}

static bool valid(const char *text)
{
	/* Each is still valid UTF-8: a file may hold it. */
	assert_true(viz_text_utf8(text, strlen(text)));
	return viz_text_valid(text, strlen(text));
}

/* The limits of each range, and their neighbours. */
static void nothing_invisible(void **state)
{
	static const char *const bad[] = {
	    "\u00ad", "\u061c", "\u200b", "\u200f", "\u2028",     "\u202e",     "\u2060",
	    "\u206f", "\ufeff", "\ufff9", "\ufffb", "\U000e0000", "\U000e007f", "a\u200db",
	};
	static const char *const good[] = {
	    "\u00ac", "\u00ae", "\u061b", "\u061d", "\u200a", "\u2010", "\u2027",     "\u202f",
	    "\u205f", "\u2070", "\ufefe", "\uff00", "\ufff8", "\ufffc", "\U000dffff", "\U000e0080",
	};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(valid(bad[i]));
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		assert_true(valid(good[i]));
}

static void names(void **state)
{
	(void)state;
	assert_true(viz_text_is_name("Vizinha"));
	assert_true(viz_text_is_name("Vizinha e Filhos"));
	assert_true(viz_text_is_name("é"));
	assert_false(viz_text_is_name(""));
	assert_false(viz_text_is_name("  "));
	assert_false(viz_text_is_name("\u3000"));
	assert_false(viz_text_is_name(" Vizinha"));
	assert_false(viz_text_is_name("\u00a0Vizinha"));
	assert_false(viz_text_is_name("Vizinha\u2003"));
}

static void errors_stick(void **state)
{
	static const uint8_t bytes[] = {0x93, 0x01, 0xc0, 0x02};
	struct viz_reader r;

	(void)state;
	viz_reader_init(&r, bytes, sizeof bytes);
	viz_reader_tuple(&r, 3);
	assert_int_equal(viz_reader_uint(&r, 10), 1);
	assert_int_equal(viz_reader_uint(&r, 10), 0); /* nil is no integer */
	assert_int_equal(viz_reader_uint(&r, 10),
			 0); /* 2 is there, but the reader has already failed */
	assert_int_equal(viz_reader_finish(&r), VIZ_ERR_FORM);
}

static void writer_stops_at_its_limit(void **state)
{
	uint8_t buf[4];
	struct viz_writer w;
	size_t len = 77;

	(void)state;
	viz_writer_init(&w, buf, sizeof buf);
	viz_writer_text(&w, "abcd");
	assert_int_equal(viz_writer_finish(&w, &len), VIZ_ERR_LIMIT);
	assert_int_equal(len, 77);
}

/* The kinds with which lists of fields are read (proto/fields.h). */
static void kinds_of_fields(void **state)
{
	uint8_t buf[64], copy[3];
	char text[4];
	struct viz_writer w;
	struct viz_reader r;
	struct viz_slice all;
	size_t len = 77;

	(void)state;
	viz_writer_init(&w, buf, sizeof buf);
	viz_writer_uint(&w, 5);
	viz_writer_bin(&w, (const uint8_t *)"xyz", 3);
	viz_writer_optional(&w, "");
	viz_writer_optional(&w, "abc");
	viz_writer_text(&w, "BR");
	all = viz_writer_done(&w);
	assert_ptr_equal(all.p, buf);
	assert_int_equal(all.len, 1 + 5 + 1 + 4 + 3);

	viz_reader_init(&r, all.p, all.len);
	assert_int_equal(viz_reader_between(&r, 5, 5), 5);
	viz_reader_buffer(&r, copy, &len, sizeof copy);
	assert_int_equal(len, 3);
	assert_memory_equal(copy, "xyz", 3);
	viz_reader_optional(&r, text, 3);
	assert_string_equal(text, "");
	viz_reader_optional(&r, text, 3);
	assert_string_equal(text, "abc");
	viz_reader_word(&r, "BR");
	assert_int_equal(viz_reader_finish(&r), VIZ_OK);

	viz_reader_init(&r, all.p, 1);
	assert_int_equal(viz_reader_between(&r, 6, 9), 0);
	assert_int_equal(viz_reader_finish(&r), VIZ_ERR_LIMIT);
	viz_reader_init(&r, all.p + 1, 5);
	viz_reader_buffer(&r, copy, &len, 2);
	assert_int_equal(viz_reader_finish(&r), VIZ_ERR_LIMIT);
	assert_int_equal(len, 0);
	viz_reader_init(&r, all.p + 11, 3);
	viz_reader_word(&r, "PT");
	assert_int_equal(viz_reader_finish(&r), VIZ_ERR_MEANING);
	viz_reader_init(&r, all.p + 11, 3);
	viz_reader_word(&r, "BRA");
	assert_int_equal(viz_reader_finish(&r), VIZ_ERR_LIMIT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(integers_round_trip),
	    cmocka_unit_test(longer_forms_are_refused),
	    cmocka_unit_test(hostile_counts_cost_nothing),
	    cmocka_unit_test(depth_is_bounded),
	    cmocka_unit_test(text_is_checked),
	    cmocka_unit_test(nothing_invisible),
	    cmocka_unit_test(names),
	    cmocka_unit_test(errors_stick),
	    cmocka_unit_test(writer_stops_at_its_limit),
	    cmocka_unit_test(kinds_of_fields),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
