#include "tests/unit/unit.h"

#include <time.h>
#include <unistd.h>

#include "proto/coverage.h"
#include "tools/vizinho/args.h"
#include "tools/vizinho/person.h"
#include "tools/vizinho/format.h"
#include "tools/vizinho/input.h"
#include "tools/vizinho/wrap.h"

static const struct viz_command command = {"status", NULL, VIZ_MSG_LINE_STATUS,
					   VIZ_MSG_HELP_STATUS};
static const struct viz_cli cli = {.command = &command, .lang = VIZ_LANG_EN};

static void money(void **state)
{
	static const char *const bad[] = {"",    "x",        "9,9",      "9,999", "1e3", "-1,00",
					  ",50", "99999999", "1.000,00", " 1",    "1 "};
	int64_t cents = 0;

	(void)state;
	assert_int_equal(viz_args_money(&cents, &cli, "--price", "99,90"), VIZ_EXIT_OK);
	assert_int_equal(cents, 9990);
	assert_int_equal(viz_args_money(&cents, &cli, "--price", "0.05"), VIZ_EXIT_OK);
	assert_int_equal(cents, 5);
	assert_int_equal(viz_args_money(&cents, &cli, "--price", "9999999"), VIZ_EXIT_OK);
	assert_int_equal(cents, 999999900);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_int_equal(viz_args_money(&cents, &cli, "--price", bad[i]), VIZ_EXIT_USAGE);
	assert_int_equal(cents, 999999900);
}

static void numbers(void **state)
{
	static const char *const bad[] = {"", "0", "11", "x", "1x", "99999999999999999999", "1.5"};
	const char *word = "";
	int64_t n = 0;

	(void)state;
	assert_int_equal(viz_args_number(&n, &cli, "--n", "10", 1, 10), VIZ_EXIT_OK);
	assert_int_equal(n, 10);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_int_equal(viz_args_number(&n, &cli, "--n", bad[i], 1, 10), VIZ_EXIT_USAGE);
	assert_int_equal(viz_args_technology(&word, &cli, "--t", "FIBRA"), VIZ_EXIT_OK);
	assert_string_equal(word, "fiber");
	assert_int_equal(viz_args_technology(&word, &cli, "--t", "satellite"), VIZ_EXIT_OK);
	assert_string_equal(word, "satellite");
	assert_int_equal(viz_args_technology(&word, &cli, "--t", NULL), VIZ_EXIT_OK);
	assert_string_equal(word, "fiber");
	assert_int_equal(viz_args_technology(&word, &cli, "--t", ""), VIZ_EXIT_USAGE);
	assert_int_equal(viz_args_technology(&word, &cli, "--t", "dial-up"), VIZ_EXIT_USAGE);
}

static bool read_line(struct viz_args *w, int *status, const char **value, bool *flag,
		      const char *const *line)
{
	struct viz_arg options[] = {
	    {"value", value, NULL}, {"flag", NULL, flag}, {NULL, NULL, NULL}};
	char *argv[16];
	int argc = 0;

	*value = NULL;
	*flag = false;
	for (; line[argc] != NULL; argc++)
		argv[argc] = (char *)(uintptr_t)line[argc];
	return viz_args_read(w, status, &cli, options, argc, argv, 1, 2);
}

#define LINE(...) ((const char *const[]){"status", __VA_ARGS__, NULL})

static void command_lines(void **state)
{
	struct viz_args w;
	const char *value;
	int status = -1;
	bool flag;

	(void)state;
	assert_true(
	    read_line(&w, &status, &value, &flag, LINE("--flag", "a", "--value", "v", "b")));
	assert_int_equal(w.count, 2);
	assert_string_equal(w.word[1], "b");
	assert_string_equal(value, "v");
	assert_true(flag);
	assert_true(read_line(&w, &status, &value, &flag, LINE("-20.3,-40.3", "--value=")));
	assert_string_equal(w.word[0], "-20.3,-40.3");
	assert_string_equal(value, "");
	assert_true(read_line(&w, &status, &value, &flag, LINE("-", "--", "--flag")));
	assert_string_equal(w.word[1], "--flag");
	assert_false(flag);
	assert_false(read_line(&w, &status, &value, &flag, LINE("--flag")));
	assert_int_equal(status, VIZ_EXIT_USAGE);
	assert_false(read_line(&w, &status, &value, &flag, LINE("a", "b", "c")));
	assert_false(read_line(&w, &status, &value, &flag, LINE("a", "--value")));
	assert_false(read_line(&w, &status, &value, &flag, LINE("a", "--flag=1")));
	assert_false(read_line(&w, &status, &value, &flag, LINE("a", "--valu", "v")));
	assert_false(read_line(&w, &status, &value, &flag, LINE("a", "-x")));
	assert_int_equal(status, VIZ_EXIT_USAGE);
}

static void times(void **state)
{
	static const char *const bad[] = {"",
					  "amanhã",
					  "31/02/2026 10:00",
					  "2026-13-01 10:00",
					  "2026-01-01 25:00",
					  "2026-01-01",
					  "2026-01-01 10:00 x",
					  "2026-01-01T10:00:00+3:00"};
	char month[8] = "";
	int64_t ms = 0;

	(void)state;
	setenv("TZ", "America/Sao_Paulo", 1);
	assert_int_equal(viz_person_time(&ms, "2026-11-23T14:05:00Z"), VIZ_OK);
	assert_true(ms == INT64_C(1795442700000));
	assert_int_equal(viz_person_time(&ms, "2026-11-23T11:05:00-03:00"), VIZ_OK);
	assert_true(ms == INT64_C(1795442700000));
	assert_int_equal(viz_person_time(&ms, "2026-11-23 11:05"), VIZ_OK);
	assert_true(ms == INT64_C(1795442700000) || access("/usr/share/zoneinfo", F_OK) != 0);
	assert_int_equal(viz_person_time(&ms, "23/11/2026 11:05"), VIZ_OK);
	assert_int_equal(viz_person_time(&ms, "11:05"), VIZ_OK);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_int_equal(viz_person_time(&ms, bad[i]), VIZ_ERR_FORM);
	assert_int_equal(viz_person_month(month, "2026-12"), VIZ_OK);
	assert_string_equal(month, "2026-12");
	assert_int_equal(viz_person_month(month, "01/2027"), VIZ_OK);
	assert_string_equal(month, "2027-01");
	assert_int_equal(viz_person_month(month, "2026-13"), VIZ_ERR_FORM);
	assert_int_equal(viz_person_month(month, "2026"), VIZ_ERR_FORM);
}

static void formats(void **state)
{
	const struct viz_cli pt = {.lang = VIZ_LANG_PT};
	json_t *t = json_string("2026-11-23T14:05:00.123Z"), *bad = json_string("soon");
	char out[VIZ_FORMAT_MAX];

	(void)state;
	setenv("TZ", "UTC", 1);
	tzset();
	viz_format_time(out, &pt, t);
	assert_string_equal(out, "23/11/2026 14:05");
	viz_format_time(out, &cli, t);
	assert_string_equal(out, "2026-11-23 14:05");
	viz_format_time(out, &cli, bad);
	assert_string_equal(out, "-");
	viz_format_time(out, &cli, NULL);
	assert_string_equal(out, "-");
	viz_format_money(out, &pt, 9905);
	assert_string_equal(out, "R$ 99,05");
	viz_format_tenths(out, &pt, 1449);
	assert_string_equal(out, "1,4");
	viz_format_tenths(out, &cli, 60050);
	assert_string_equal(out, "60.1");
	assert_string_equal(viz_format_word(&pt, "contradiction"), "divergência provada");
	assert_string_equal(viz_format_word(&pt, "never-heard-of"), "never-heard-of");
	assert_string_equal(viz_format_word(&pt, "radio"), "rádio");
	json_decref(t);
	json_decref(bad);
}

static int from_bytes(struct viz_input *in, const char *bytes, size_t len)
{
	static char path[32]; /* the input refers to it after the function has returned */
	int fd, status;

	strcpy(path, "/tmp/viz-input-XXXXXX");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), (ssize_t)len);
	close(fd);
	status = viz_input_json(in, &cli, path);
	unlink(path);
	return status;
}

static void files(void **state)
{
	static const struct viz_input_key keys[] = {{"a", VIZ_INPUT_TEXT, true},
						    {"n", VIZ_INPUT_NUMBER, false},
						    {"l", VIZ_INPUT_TEXTS, false},
						    {NULL, VIZ_INPUT_TEXT, false}};
	static const char *const good[] = {"{\"a\":\"x\"}", "{\"a\":\"x\",\"n\":1,\"l\":[\"y\"]}"};
	static const char *const wrong[] = {"{}",
					    "{\"a\":1}",
					    "{\"a\":\"x\",\"b\":1}",
					    "{\"a\":\"x\",\"n\":1.5}",
					    "{\"a\":\"x\",\"l\":[1]}",
					    "{\"a\":\"x\",\"l\":\"y\"}"};
	static const char *const broken[] = {
	    "", "[]", "{\"a\":}", "{\"a\":\"x\",\"a\":\"y\"}", "{\"a\":\"\xff\"}", "{} {}"};
	static char large[VIZ_INPUT_MAX + 2];
	struct viz_input in;

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
		assert_int_equal(from_bytes(&in, good[i], strlen(good[i])), VIZ_EXIT_OK);
		assert_int_equal(viz_input_check(&in, in.root, "", keys), VIZ_EXIT_OK);
		viz_input_free(&in);
	}
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		assert_int_equal(from_bytes(&in, wrong[i], strlen(wrong[i])), VIZ_EXIT_OK);
		assert_int_equal(viz_input_check(&in, in.root, "", keys), VIZ_EXIT_FAILED);
		viz_input_free(&in);
	}
	for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++)
		assert_int_equal(from_bytes(&in, broken[i], strlen(broken[i])), VIZ_EXIT_FAILED);
	memset(large, ' ', sizeof large);
	memcpy(large, "{}", 2);
	assert_int_equal(from_bytes(&in, large, VIZ_INPUT_MAX), VIZ_EXIT_OK);
	viz_input_free(&in);
	assert_int_equal(from_bytes(&in, large, VIZ_INPUT_MAX + 1), VIZ_EXIT_FAILED);
	assert_int_equal(viz_input_json(&in, &cli, "/nonexistent"), VIZ_EXIT_FAILED);
}

/* A line that can be pasted stays whole, and so does what follows its backslash. */
static void examples(void **state)
{
	static const char text[] = "Examples:\n"
				   "  vizinho peer block \"Fibra do Vale\" --reason \"no calls\"\n"
				   "  vizinho init --offline ./away --state ./node1 \\\n"
				   "               --set partner_delay_ms=1000 --set more=1\n"
				   "  an explanation that is longer than forty columns\n";
	static const char wanted[] =
	    "Examples:\n"
	    "  vizinho peer block \"Fibra do Vale\" --reason \"no calls\"\n"
	    "  vizinho init --offline ./away --state ./node1 \\\n"
	    "               --set partner_delay_ms=1000 --set more=1\n"
	    "  an explanation that is longer than\n"
	    "  forty columns\n";
	char *got = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&got, &size);

	(void)state;
	assert_non_null(out);
	viz_wrap(out, text, 40);
	assert_int_equal(fclose(out), 0);
	assert_string_equal(got, wanted);
	free(got);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(money),    cmocka_unit_test(numbers), cmocka_unit_test(command_lines),
	    cmocka_unit_test(times),    cmocka_unit_test(formats), cmocka_unit_test(files),
	    cmocka_unit_test(examples),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
