#include "tests/unit/unit.h"

#include "proto/federation.h"
#include "tools/health/words.h"
#include "tools/vizinho/command.h"
#include "tools/vizinho/grid.h"
#include "tools/vizinho/offline.h"
#include "proto/base.h"

static void languages(void **state)
{
	enum viz_lang lang = VIZ_LANGS;

	(void)state;
	assert_true(viz_host_lang_parse(&lang, "pt-BR"));
	assert_int_equal(lang, VIZ_LANG_PT);
	assert_true(viz_host_lang_parse(&lang, "en_US.UTF-8"));
	assert_int_equal(lang, VIZ_LANG_EN);
	assert_true(viz_host_lang_parse(&lang, "PT"));
	assert_false(viz_host_lang_parse(&lang, "ptolemaic"));
	assert_false(viz_host_lang_parse(&lang, "e"));
	assert_false(viz_host_lang_parse(&lang, ""));
	setenv("LC_ALL", "", 1);
	setenv("LC_MESSAGES", "pt_BR.UTF-8", 1);
	setenv("LANG", "en_US.UTF-8", 1);
	assert_int_equal(viz_host_lang_locale(), VIZ_LANG_PT);
	setenv("LC_ALL", "C", 1);
	assert_int_equal(viz_host_lang_locale(), VIZ_LANG_EN);
}

/* Times and standings are looked up by name: each name has its text. */
static void names_have_texts(void **state)
{
	static const char *const standings[] = {"own-revoked", "revoked",    "pending", "blocked",
						"partner",     "leaving",    "coming",  "waits",
						"asked",       "ended",      "known",   "member",
						"silent",      "own-silent", "outside"};
	enum viz_msg id;

	(void)state;
#define X(field, def, least, most) assert_true(viz_msg_find(&id, "time_", #field));
	VIZ_FEDERATION_PARAMETERS(X)
#undef X
	for (size_t i = 0; i < sizeof standings / sizeof standings[0]; i++)
		assert_true(viz_health_words_knows(standings[i]));
	assert_false(viz_msg_find(&id, "time_", "never"));
}

static void words_of_any_language(void **state)
{
	(void)state;
	assert_true(viz_msg_has_word(VIZ_MSG_INPUT_YES, "SIM"));
	assert_true(viz_msg_has_word(VIZ_MSG_INPUT_YES, "y"));
	assert_true(viz_msg_has_word(VIZ_MSG_INPUT_NO, "não"));
	assert_false(viz_msg_has_word(VIZ_MSG_INPUT_YES, "sim s"));
	assert_false(viz_msg_has_word(VIZ_MSG_INPUT_YES, "si"));
	assert_false(viz_msg_has_word(VIZ_MSG_INPUT_YES, ""));
}

static void commands_are_complete(void **state)
{
	(void)state;
	for (const struct viz_command *c = viz_commands; c->name != NULL; c++) {
		assert_non_null((void *)(uintptr_t)c->run);
		for (int lang = 0; lang < VIZ_LANGS; lang++)
			assert_non_null(strstr(viz_msg((enum viz_lang)lang, c->help), c->name));
	}
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
	viz_offline_key_text(text, VIZ_LANG_PT, 4294967295u, &seed);
	assert_int_equal(viz_offline_key_parse(&number, &got, text), VIZ_OK);
	assert_int_equal(number, 4294967295u);
	assert_memory_equal(got.b, seed.b, 32);
	/* A wrong letter, two contents, no content, another kind, a number that is too large. */
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
	assert_int_equal(viz_offline_revocation_text(text, VIZ_LANG_PT, 3, record, sizeof record),
			 VIZ_OK);
	assert_int_equal(viz_offline_revocation_parse(&number, got, &len, text), VIZ_OK);
	assert_int_equal(number, 3);
	assert_int_equal(len, sizeof record);
	assert_memory_equal(got, record, len);
	assert_int_equal(
	    viz_offline_revocation_text(text, VIZ_LANG_PT, 3, record, sizeof record + 1),
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
	    cmocka_unit_test(languages),
	    cmocka_unit_test(names_have_texts),
	    cmocka_unit_test(words_of_any_language),
	    cmocka_unit_test(commands_are_complete),
	    cmocka_unit_test(tables),
	    cmocka_unit_test(offline_keys),
	    cmocka_unit_test(offline_revocations),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
