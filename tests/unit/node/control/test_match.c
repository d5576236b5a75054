/* How what is typed of a person finds what is held. */
#include "tests/unit/unit.h"

#include "node/control/match.h"

static void folds(void **state)
{
	static const char *const cases[][2] = {
	    {"João da Silva", "joao da silva"},
	    {"JOÃO  DA-SILVA.", "joao da silva"},
	    {"Joa\xcc\x83o", "joao"},
	    {"  Ángela d'Ávila ", "angela d avila"},
	    {"Łukasz Żółć", "lukasz zolc"},
	    {"François Œuvre", "francois ouvre"},
	    {"Иван", "Иван"},
	    {"×÷", ""},
	};
	char out[VIZ_MATCH_MAX];
	char longest[2 * VIZ_MATCH_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		viz_match_fold(out, cases[i][0]);
		assert_string_equal(out, cases[i][1]);
	}
	memset(longest, 'x', sizeof longest);
	longest[sizeof longest - 1] = '\0';
	viz_match_fold(out, longest);
	assert_true(strlen(out) < VIZ_MATCH_MAX && strlen(out) > VIZ_MATCH_MAX - 8);
}

static bool matches(const char *text, const char *name, bool whole)
{
	struct viz_match m;

	return viz_match_init(&m, text) && viz_match_name(&m, name, whole);
}

static bool names(const char *text, const char *name)
{
	return matches(text, name, false);
}

static void name(void **state)
{
	(void)state;
	assert_true(names("joao silva", "João Carlos da Silva"));
	assert_true(names("SILVA, João", "João Carlos da Silva"));
	assert_true(names("joa sil", "João Carlos da Silva"));
	assert_true(names("João", "joao"));
	assert_false(names("oao", "João Carlos da Silva"));
	assert_false(names("joao souza", "João Carlos da Silva"));
	assert_false(names("joaozinho", "João"));
	assert_false(names("jo", "João"));
	assert_false(names("- - -", "João"));
	assert_false(names("joao", ""));
	assert_true(matches("silva joao", "João Carlos da Silva", true));
	assert_false(matches("joa silva", "João Carlos da Silva", true));
	assert_false(matches("silv", "João Carlos da Silva", true));
}

static bool phones(const char *text, const char *phone)
{
	struct viz_match m;

	return viz_match_init(&m, text) && viz_match_phone(&m, phone);
}

static void phone(void **state)
{
	static const char *const forms[] = {"+55 27 99999-0000", "27 99999-0000", "(27) 9999-0000",
					    "027 99999 0000",    "99999-0000",    "9999.0000",
					    "5527999990000",     "552799990000"};

	(void)state;
	for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
		assert_true(phones(forms[i], "+5527999990000"));
		assert_true(phones(forms[i], "+552799990000"));
	}
	assert_false(phones("28 99999-0000", "+5527999990000"));
	assert_false(phones("27 99999-0001", "+5527999990000"));
	assert_false(phones("999-0000", "+5527999990000"));
	assert_false(phones("0000", "+5527999990000"));
	assert_false(phones("joao", "+5527999990000"));
	assert_true(phones("+351 912 345 678", "+351912345678"));
	/* a landline of area 55 is no number with the country */
	assert_true(phones("55 3222-1000", "+555532221000"));
	assert_false(phones("27 3222-1000", "+555532221000"));
}

static bool codes(const char *text, const char *code)
{
	struct viz_match m;

	return viz_match_init(&m, text) && viz_match_code(&m, code);
}

static void code(void **state)
{
	(void)state;
	assert_true(codes("2026-000123", "2026/000123"));
	assert_true(codes("prot. 7a", "PROT-7A"));
	assert_true(codes("20261123-1", "20261123-1"));
	assert_false(codes("2026000123", "202600012"));
	assert_false(codes("202600012", "2026000123"));
	assert_false(codes("...", ""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(folds),
	    cmocka_unit_test(name),
	    cmocka_unit_test(phone),
	    cmocka_unit_test(code),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
