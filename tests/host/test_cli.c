#include "tests/unit/unit.h"

#include "tools/vizinho/command.h"
#include "tools/vizinho/grid.h"
#include "tools/vizinho/offline.h"
#include "proto/base.h"

/* "%s%u" of a format: what printf will take from its arguments. */
static void conversions(char out[64], const char *format)
{
	size_t n = 0;

	for (const char *p = format; *p != '\0'; p++) {
		if (*p != '%')
			continue;
		p++;
		if (*p == '%')
			continue;
		while (strchr("-+ #0123456789.hlzj", *p) != NULL) {
			assert_true(n < 60);
			out[n++] = *p++;
		}
		out[n++] = *p;
	}
	out[n] = '\0';
}

static void both_languages_take_the_same(void **state)
{
	(void)state;
	for (int i = 0; i < VIZ_SAY_COUNT; i++) {
		char pt[64], en[64];

		conversions(pt, viz_say_text(VIZ_CLI_PT, (enum viz_say_id)i));
		conversions(en, viz_say_text(VIZ_CLI_EN, (enum viz_say_id)i));
		assert_string_equal(pt, en);
		assert_true(strlen(viz_say_text(VIZ_CLI_PT, (enum viz_say_id)i)) > 0);
	}
}

static void languages(void **state)
{
	enum viz_cli_lang lang = VIZ_CLI_LANGS;

	(void)state;
	assert_true(viz_say_lang(&lang, "pt-BR"));
	assert_int_equal(lang, VIZ_CLI_PT);
	assert_true(viz_say_lang(&lang, "en_US.UTF-8"));
	assert_int_equal(lang, VIZ_CLI_EN);
	assert_true(viz_say_lang(&lang, "PT"));
	assert_false(viz_say_lang(&lang, "ptolemaic"));
	assert_false(viz_say_lang(&lang, "e"));
	assert_false(viz_say_lang(&lang, ""));
	setenv("LC_ALL", "", 1);
	setenv("LC_MESSAGES", "pt_BR.UTF-8", 1);
	setenv("LANG", "en_US.UTF-8", 1);
	assert_int_equal(viz_say_locale(), VIZ_CLI_PT);
	setenv("LC_ALL", "C", 1);
	assert_int_equal(viz_say_locale(), VIZ_CLI_EN);
}

static void commands_are_complete(void **state)
{
	(void)state;
	for (const struct viz_command *c = viz_commands; c->name != NULL; c++) {
		assert_non_null((void *)(uintptr_t)c->run);
		for (int lang = 0; lang < VIZ_CLI_LANGS; lang++) {
			assert_true(strlen(c->line[lang]) > 0);
			assert_non_null(strstr(c->help[lang], c->name));
			assert_int_equal(c->help[lang][strlen(c->help[lang]) - 1], '\n');
		}
	}
}

static void widths(void **state)
{
	(void)state;
	assert_int_equal(viz_grid_width(""), 0);
	assert_int_equal(viz_grid_width("abc"), 3);
	assert_int_equal(viz_grid_width("São João"), 8);
	assert_int_equal(viz_grid_width("a\xcc\x83o"), 2);       /* a and a combining tilde */
	assert_int_equal(viz_grid_width("\xe6\xbc\xa2"), 2);     /* a wide character */
	assert_int_equal(viz_grid_width("\xf0\x9f\x8c\x90"), 2); /* an emoji */
	assert_int_equal(viz_grid_width("a\xff"
					"b\xc3"),
			 4); /* broken bytes */
}

static void tables(void **state)
{
	char out[512] = "";
	struct viz_grid g;
	FILE *f;

	(void)state;
	viz_grid_init(&g, 3);
	viz_grid_add(&g, "Município");
	viz_grid_add(&g, "n");
	viz_grid_add(&g, "x");
	viz_grid_add(&g, "Vitória");
	viz_grid_number(&g, 12345);
	viz_grid_add(&g, "a\x1b[2J");
	f = fmemopen(out, sizeof out, "w");
	viz_grid_print(&g, f);
	fclose(f);
	viz_grid_free(&g);
	assert_string_equal(out, "Município      n  x\nVitória    12345  a?[2J\n");
}

static void offline_keys(void **state)
{
	char text[VIZ_OFFLINE_TEXT_MAX], bad[VIZ_OFFLINE_TEXT_MAX + 64];
	struct viz_secret seed, got;
	uint32_t number = 0;
	char *at;

	(void)state;
	for (size_t i = 0; i < 32; i++)
		seed.b[i] = (uint8_t)(i * 7);
	viz_offline_key_text(text, 4294967295u, &seed);
	assert_int_equal(viz_offline_key_parse(&number, &got, text), VIZ_OK);
	assert_int_equal(number, 4294967295u);
	assert_memory_equal(got.b, seed.b, 32);
	/* A wrong letter, two contents, no content, the other kind, a number too large. */
	snprintf(bad, sizeof bad, "%s", text);
	at = strstr(bad, "vizseed1") + 10;
	*at = *at == 'a' ? 'b' : 'a';
	assert_int_equal(viz_offline_key_parse(&number, &got, bad), VIZ_ERR_FORM);
	snprintf(bad, sizeof bad, "%svizkey 1 x\n", text);
	assert_int_equal(viz_offline_key_parse(&number, &got, bad), VIZ_ERR_FORM);
	assert_int_equal(viz_offline_key_parse(&number, &got, "# nothing\n"), VIZ_ERR_FORM);
	assert_int_equal(viz_offline_key_parse(&number, &got, "vizrev 0 00\n"), VIZ_ERR_FORM);
	at = strstr(text, "4294967295 vizseed");
	memcpy(at, "4294967296", 10);
	assert_int_equal(viz_offline_key_parse(&number, &got, text), VIZ_ERR_FORM);
}

static void offline_revocations(void **state)
{
	uint8_t record[VIZ_OFFLINE_RECORD_MAX], got[VIZ_OFFLINE_RECORD_MAX];
	char text[VIZ_OFFLINE_TEXT_MAX];
	uint32_t number = 9;
	size_t len = 0;

	(void)state;
	memset(record, 0xe7, sizeof record);
	assert_int_equal(viz_offline_revocation_text(text, 3, record, sizeof record), VIZ_OK);
	assert_int_equal(viz_offline_revocation_parse(&number, got, &len, text), VIZ_OK);
	assert_int_equal(number, 3);
	assert_int_equal(len, sizeof record);
	assert_memory_equal(got, record, len);
	assert_int_equal(viz_offline_revocation_text(text, 3, record, sizeof record + 1),
			 VIZ_ERR_LIMIT);
	assert_int_equal(viz_offline_revocation_parse(&number, got, &len, "vizrev 0 abc\n"),
			 VIZ_ERR_FORM);
	assert_int_equal(viz_offline_revocation_parse(&number, got, &len, "vizrev 0 zz\n"),
			 VIZ_ERR_FORM);
	assert_int_equal(viz_offline_revocation_parse(&number, got, &len, "vizrev  00\n"),
			 VIZ_ERR_FORM);
	/* As a Windows editor saves it. */
	assert_int_equal(
	    viz_offline_revocation_parse(&number, got, &len, "# x\r\n\r\nvizrev 1 00ff\r\n"),
	    VIZ_OK);
	assert_int_equal(len, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(both_languages_take_the_same),
	    cmocka_unit_test(languages),
	    cmocka_unit_test(commands_are_complete),
	    cmocka_unit_test(widths),
	    cmocka_unit_test(tables),
	    cmocka_unit_test(offline_keys),
	    cmocka_unit_test(offline_revocations),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
