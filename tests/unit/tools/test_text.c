#include "tests/unit/unit.h"

#include "tools/text/encoding.h"
#include "tools/text/fold.h"
#include "tools/text/heading.h"
#include "tools/text/width.h"

static void code_points(void **state)
{
	/* the limits of each range of table 3-7, and the values outside */
	static const struct {
		const char *bytes;
		size_t len;
		uint32_t cp; /* 0: not UTF-8 */
	} cases[] = {
	    {"A", 1, 'A'},
	    {"\x7f", 1, 0x7f},
	    {"\x80", 1, 0},
	    {"\xc1\xbf", 2, 0},
	    {"\xc2\x80", 2, 0x80},
	    {"\xdf\xbf", 2, 0x7ff},
	    {"\xc3", 1, 0},
	    {"\xc3(", 2, 0},
	    {"\xe0\x9f\xbf", 3, 0},
	    {"\xe0\xa0\x80", 3, 0x800},
	    {"\xed\x9f\xbf", 3, 0xd7ff},
	    {"\xed\xa0\x80", 3, 0},
	    {"\xee\x80\x80", 3, 0xe000},
	    {"\xef\xbf\xbf", 3, 0xffff},
	    {"\xe2\x82", 2, 0},
	    {"\xf0\x8f\xbf\xbf", 4, 0},
	    {"\xf0\x90\x80\x80", 4, 0x10000},
	    {"\xf4\x8f\xbf\xbf", 4, 0x10ffff},
	    {"\xf4\x90\x80\x80", 4, 0},
	    {"\xf5\x80\x80\x80", 4, 0},
	    {"\xff", 1, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		uint32_t cp = 1;
		char back[4];
		size_t n = viz_encoding_next(&cp, cases[i].bytes, cases[i].len);

		assert_int_equal(n, cases[i].cp ? cases[i].len : 0);
		assert_int_equal(cp, cases[i].cp ? cases[i].cp : 1); /* unchanged on failure */
		assert_int_equal(viz_encoding_is_utf8(NULL, cases[i].bytes, cases[i].len), n > 0);
		if (n == 0)
			continue;
		assert_int_equal(viz_encoding_put(back, cp), n);
		assert_memory_equal(back, cases[i].bytes, n);
	}
}

static void cleaned(void **state)
{
	/* what stays, no UTF-8, the end of a character, C0 and C1 controls, a turn of direction */
	char text[] = "Jo\xc3\xa3o \xe9.csv\xc3|\033[2J\x7f\xc2\x9b"
		      "2J|\xe2\x80\xae|\n";
	char lines[] = "a\nb\tc\r";

	(void)state;
	viz_encoding_clean(text, false);
	assert_string_equal(text, "Jo\xc3\xa3o ?.csv?| [2J   2J|   | ");
	viz_encoding_clean(lines, true);
	assert_string_equal(lines, "a\nb c ");
}

static void whole_texts(void **state)
{
	static const char windows[] = "\x80 Jo\xe3o \x81";
	char *text;
	size_t len;
	bool ascii;

	(void)state;
	assert_true(viz_encoding_is_utf8(&ascii, "abc", 3) && ascii);
	assert_true(viz_encoding_is_utf8(&ascii, "a\xc3\xa7", 3) && !ascii);
	assert_true(viz_encoding_is_utf8(&ascii, "", 0) && ascii);
	text = viz_encoding_to_utf8(&len, windows, sizeof windows - 1, 0);
	assert_non_null(text);
	assert_int_equal(len, 3 + 1 + 5 + 1 + 2);
	assert_memory_equal(text, "\xe2\x82\xac Jo\xc3\xa3o \xc2\x81", len);
	free(text);
	text = viz_encoding_to_utf8(&len, "a\xc3\xa7", 3, 8);
	assert_non_null(text);
	memset(text + len, 'x', 8); /* the slack is there to use */
	assert_int_equal(len, 3);
	assert_memory_equal(text, "a\xc3\xa7", 3);
	free(text);
}

static void folds_to(const char *text, size_t len, const char *want)
{
	char out[64];
	size_t n = viz_fold_text(out, sizeof out - 1, text, len);

	out[n] = 0;
	assert_string_equal(out, want);
}
#define FOLDS(text, want) folds_to(text, sizeof(text) - 1, want)

static void folds(void **state)
{
	char two[2];

	(void)state;
	FOLDS("Mudança de endereço", "mudanca de endereco");
	FOLDS("Mudan\xe7"
	      "a de endere\xe7o",
	      "mudanca de endereco"); /* Windows-1252 */
	FOLDS("Mudanc\xcc\xa7"
	      "a",
	      "mudanca"); /* decomposed */
	FOLDS("Mudan\xc3\x83\xc2\xa7"
	      "a",
	      "mudanca"); /* encoded twice */
	FOLDS("  S\xc3\xa3o--Mateus/ES  ", "sao mateus es");
	FOLDS("\xc3\x81GUA 2\xc2\xaa", "agua 2a");
	FOLDS("\xf0\x9f\x98\x80 ok", "ok");
	FOLDS("\xc3", "a");
	FOLDS("", "");
	FOLDS("Stra\xc3\x9f"
	      "e \xc3\x86R\xc3\x98",
	      "strasse aero");
	FOLDS("a\xc3\x97"
	      "b\xe2\x80\x93"
	      "c",
	      "a b c");
	FOLDS("\x80 \x93x\x94", "x");  /* punctuation of Windows-1252 */
	FOLDS("\xc0\xafx", "a x");     /* an overlong sequence is not UTF-8 */
	FOLDS("\xed\xa0\x80x", "i x"); /* nor is half a UTF-16 pair */
	assert_int_equal(viz_fold_text(two, 2, "abc", 3), 2);
	assert_int_equal(viz_fold_text(two, 2, "a b", 3), 1);
	assert_int_equal(viz_fold_text(two, 2, "a\xc3\xa6", 3),
			 1); /* two letters, and space for one */
}

static void folds_strings(void **state)
{
	char out[5];

	(void)state;
	assert_int_equal(viz_fold_string(out, sizeof out, "S\xc3\xa3o!"), 0);
	assert_string_equal(out, "sao");
	assert_int_equal(viz_fold_string(out, sizeof out, "Jo\xc3\xa3o--"), 0);
	assert_string_equal(out, "joao");
	assert_int_equal(viz_fold_string(out, sizeof out, "Maria"), VIZ_ERR_LIMIT);
	assert_int_equal(viz_fold_string(out, 0, ""), VIZ_ERR_LIMIT);
	assert_int_equal(viz_fold_string(out, 1, "?"), 0);
	assert_string_equal(out, "");
}

static size_t width(const char *text)
{
	return viz_width_of(text, strlen(text));
}

static void widths(void **state)
{
	(void)state;
	assert_int_equal(width(""), 0);
	assert_int_equal(width("abc"), 3);
	assert_int_equal(width("São João"), 8);
	assert_int_equal(width("a\xcc\x83o"), 2);       /* a and a combining tilde */
	assert_int_equal(width("\xe6\xbc\xa2"), 2);     /* a wide character */
	assert_int_equal(width("\xf0\x9f\x8c\x90"), 2); /* an emoji */
	assert_int_equal(width("a\xff"
			       "b\xc3"),
			 4); /* invalid bytes */
}

static void role_is(const char *heading, enum viz_heading_use use, const char *want)
{
	const char *role = "";
	uint16_t rank;

	if (!viz_heading_role(&role, &rank, heading, strlen(heading), use))
		role = "";
	if (strcmp(role, want) != 0)
		fail_msg("%s: %s, not %s", heading, role, want);
}

static void headings(void **state)
{
	(void)state;
	role_is("Data do Cancelamento", VIZ_HEADING_CANCELLATIONS, "date");
	role_is("contrato.data_cancelamento", VIZ_HEADING_CANCELLATIONS, "date");
	role_is("Valor (R$)", VIZ_HEADING_CANCELLATIONS, "value");
	role_is("CEP (novo)", VIZ_HEADING_CANCELLATIONS, "dest_cep");
	role_is("Munic\xedpio", VIZ_HEADING_COVERAGE, "city"); /* Windows-1252 */
	role_is("Latitude", VIZ_HEADING_POSTCODES, "lat");
	role_is("Lat e Long", VIZ_HEADING_COVERAGE, "point");
	role_is("CEP de", VIZ_HEADING_COVERAGE, "cep");
	role_is("CEP at\xc3\xa9", VIZ_HEADING_COVERAGE, "cep_to");
	role_is("Raio (m)", VIZ_HEADING_COVERAGE, "radius");
	role_is("", VIZ_HEADING_COVERAGE, "");
	role_is("()", VIZ_HEADING_COVERAGE, "");
	role_is("foo", VIZ_HEADING_COVERAGE, "");
}

/* A heading counts only for its own tables. */
static void headings_by_use(void **state)
{
	(void)state;
	role_is("nome", VIZ_HEADING_CANCELLATIONS, "never");
	role_is("nome", VIZ_HEADING_COVERAGE, "name");
	role_is("nome", VIZ_HEADING_POSTCODES, "");
	role_is("codigo", VIZ_HEADING_COVERAGE, "ibge");
	role_is("codigo", VIZ_HEADING_CANCELLATIONS, "");
	role_is("y", VIZ_HEADING_POSTCODES, "lat");
	role_is("y", VIZ_HEADING_CANCELLATIONS, "");
	role_is("municipio", VIZ_HEADING_POSTCODES, "");
}

/* The rank counts the names for this use over all lines of the role. */
static void ranks(void **state)
{
	static const struct {
		const char *name;
		enum viz_heading_use use;
		uint16_t rank;
	} cases[] = {{"cep", VIZ_HEADING_CANCELLATIONS, 0},
		     {"cep_instalacao", VIZ_HEADING_CANCELLATIONS, 1},
		     {"codigo postal", VIZ_HEADING_CANCELLATIONS, 4},
		     {"codigo postal", VIZ_HEADING_POSTCODES, 1},
		     {"postcode", VIZ_HEADING_POSTCODES, 2}};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *role;
		uint16_t rank = 99;

		assert_true(viz_heading_role(&role, &rank, cases[i].name, strlen(cases[i].name),
					     cases[i].use));
		assert_int_equal(rank, cases[i].rank);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(code_points),   cmocka_unit_test(cleaned),
	    cmocka_unit_test(whole_texts),   cmocka_unit_test(folds),
	    cmocka_unit_test(folds_strings), cmocka_unit_test(widths),
	    cmocka_unit_test(headings),      cmocka_unit_test(headings_by_use),
	    cmocka_unit_test(ranks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
