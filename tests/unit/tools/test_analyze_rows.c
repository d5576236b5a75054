/* Which rows of a file count, and which days their dates are. */
#include "tests/unit/tools/analysed.h"

#include "tools/analyze/calendar.h"

/* Rows of a report beside those of its table. */
static void totals_and_feet(void **state)
{
	static const char *const beside[] = {
	    "Total;;1.334,46\n",        "\nTotal de registros: 2\n",
	    "TOTAL GERAL;2;1.334,46\n", "Emitido em 01/03/2025 10:00 por admin;;\n",
	    "Página 1 de 1;;\n",        "Qtd: 2;;\n",
	    ";Subtotal;12\n",           "Data Cancelamento;Motivo;Valor\n",
	};
	static const char *const rows[] = {"10/02/2025;Total falta de respeito;10\n",
					   "32/02/2025;Preço;10\n", "Totalmente insatisfeito;;\n"};
	char text[256];

	(void)state;
	for (size_t i = 0; i < sizeof beside / sizeof *beside; i++) {
		snprintf(text, sizeof text,
			 "Data Cancelamento;Motivo;Valor\n10/02/2025;Mudou;10\n%s", beside[i]);
		a->files = 0;
		assert_int_equal(ANALYSE(text), 0);
		if (a->totals.rejected != 0 || a->file[0].rows != 1 || a->file[0].beside != 1)
			fail_msg("%s", beside[i]);
	}
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		snprintf(text, sizeof text, "Data Cancelamento;Motivo;Valor\n%s", rows[i]);
		a->files = 0;
		assert_int_equal(ANALYSE(text), 0);
		if (a->file[0].rows != 1 || a->file[0].beside != 0)
			fail_msg("%s", rows[i]);
	}
}

/* Dates as ERPs, databases, spreadsheets and people write them. */
static void dates_as_people_write_them(void **state)
{
	static const char *const dates[][2] = {
	    {"03/03/2026", "2026-03-03"},
	    {"3/3/26", "2026-03-03"},
	    {"3 de março de 2026", "2026-03-03"},
	    {"03 DE MARÇO DE 2026", "2026-03-03"},
	    {"3 de marco de 2026", "2026-03-03"},
	    {"03/mar/26", "2026-03-03"},
	    {"03/MAR/2026", "2026-03-03"},
	    {"03-mar-26", "2026-03-03"},
	    {"03.mar.2026", "2026-03-03"},
	    {"3 mar 2026", "2026-03-03"},
	    {"3 mar. 2026", "2026-03-03"},
	    {"1º de março de 2026", "2026-03-01"},
	    {"1° de março de 2026", "2026-03-01"},
	    {"terça-feira, 3 de março de 2026", "2026-03-03"},
	    {"ter, 03/03/2026", "2026-03-03"},
	    {"ter 03/03/2026", "2026-03-03"},
	    {"Ter, 3 de mar de 2026 às 14:30", "2026-03-03"},
	    {"Linhares, 3 de março de 2026", "none"},
	    {"março/2026", "none"},
	    {"03/2026", "none"},
	    {"mar/26", "none"},
	    {"2026-03-03", "2026-03-03"},
	    {"2026-03-03 14:00:00", "2026-03-03"},
	    {"2026-03-03T14:00:00Z", "2026-03-03"},
	    {"2026-03-03T23:30:00-03:00", "2026-03-03"},
	    {"2026-03-04T01:30:00Z", "2026-03-03"},
	    {"2026-03-04T01:30:00+00:00", "2026-03-03"},
	    {"2026-03-04T01:30:00.000Z", "2026-03-03"},
	    {"2026-03-04 01:30:00 UTC", "2026-03-03"},
	    {"2026-03-04 01:30:00+00", "2026-03-03"},
	    {"2026-03-03T23:30:00", "2026-03-03"},
	    {"2026-03-03T23:30:00.123456-03:00", "2026-03-03"},
	    {"2026-03-03 14:00:00.000", "2026-03-03"},
	    {"2026/03/03", "2026-03-03"},
	    {"2026.03.03", "2026-03-03"},
	    {"20260303", "2026-03-03"},
	    {"20260303140000", "2026-03-03"},
	    {"20260303T140000", "2026-03-03"},
	    {"202603031400", "2026-03-03"},
	    {"03/03/2026 14:00", "2026-03-03"},
	    {"03/03/2026 14:00:00", "2026-03-03"},
	    {"03/03/2026 às 14:00", "2026-03-03"},
	    {"03/03/2026 - 14:00", "2026-03-03"},
	    {"03/03/2026-14:00", "2026-03-03"},
	    {"03/03/2026 14h30", "2026-03-03"},
	    {"14:00 03/03/2026", "2026-03-03"},
	    {"14:00:00 03/03/2026", "2026-03-03"},
	    {"03-03-2026", "2026-03-03"},
	    {"03.03.2026", "2026-03-03"},
	    {"03 03 2026", "2026-03-03"},
	    {"03/03/26", "2026-03-03"},
	    {"3/3/2026", "2026-03-03"},
	    {"03032026", "2026-03-03"},
	    {"30122025", "2025-12-30"},
	    {"1772540400", "2026-03-03"},
	    {"1772540400000", "2026-03-03"},
	    {"1772540400000000", "2026-03-03"},
	    {"1772540400.123", "2026-03-03"},
	    {"1772540400,5", "2026-03-03"},
	    {"46084", "2026-03-03"},
	    {"46084.5", "2026-03-03"},
	    {"46084,583333", "2026-03-03"},
	    {"\\N", "empty"},
	    {"NULL", "empty"},
	    {"null", "empty"},
	    {"0000-00-00", "empty"},
	    {"0000-00-00 00:00:00", "empty"},
	    {"00/00/0000", "empty"},
	    {"0", "empty"},
	    {"-", "empty"},
	    {"--", "empty"},
	    {"  /  /    ", "empty"},
	    {"__/__/____", "empty"},
	    {"1899-12-30", "empty"},
	    {"1899-11-30", "empty"},
	    {"30/12/1899", "empty"},
	    {"01/01/1900", "empty"},
	    {"0001-01-01T00:00:00", "empty"},
	    {"01/01/0001", "empty"},
	    {"01/01/1970", "empty"},
	    {"31/12/1969", "empty"},
	    {"1969-12-31T21:00:00-03:00", "empty"},
	    {"NaT", "empty"},
	    {"nan", "empty"},
	    {"None", "empty"},
	    {"undefined", "none"},
	    {"N/A", "empty"},
	    {"#N/D", "empty"},
	    {"#N/A", "empty"},
	    {"#VALOR!", "none"},
	    {"Invalid Date", "none"},
	    {"Invalid date", "none"},
	    {"31/12/9999", "empty"},
	    {"9999-12-31", "empty"},
	    {"sem data", "none"},
	    {"não informado", "none"},
	    {"31/02/2026", "none"},
	    {"31/04/2026", "none"},
	    {"29/02/2026", "none"},
	    {"29/02/2024", "2024-02-29"},
	    {"32/01/2026", "none"},
	    {"13/13/2026", "none"},
	    {"03/03/206", "none"},
	    {"03/03/20266", "none"},
	    {"3/3/", "none"},
	    {"ontem", "none"},
	    {"Tue Mar 03 2026 17:24:25 GMT-0300 (Horário Padrão de Brasília)", "2026-03-03"},
	    {"Tue, 03 Mar 2026 17:24:25 GMT", "2026-03-03"},
	    {"Tue Mar  3 17:24:25 2026", "2026-03-03"},
	    {"Tue Mar 3 17:24:25 BRT 2026", "2026-03-03"},
	    {"March 3, 2026", "2026-03-03"},
	    {"Mar 3, 2026, 5:24 PM", "2026-03-03"},
	    {"3 March 2026", "2026-03-03"},
	    {"3rd March 2026", "2026-03-03"},
	    {"2026-Mar-03", "2026-03-03"},
	    {"/Date(1772540400000)/", "2026-03-03"},
	    {"/Date(1772540400000-0300)/", "2026-03-03"},
	    {"\"03/03/2026\"", "2026-03-03"},
	    {"'03/03/2026", "2026-03-03"},
	    {"=\"03/03/2026\"", "2026-03-03"},
	    {"03/03/2026.", "2026-03-03"},
	    {"03/03/2026;", "none"},
	    {" 03/03/2026 ", "2026-03-03"},
	    {"03 / 03 / 2026", "2026-03-03"},
	    {"03/03/2026T14:00:00", "2026-03-03"},
	    {"03\\03\\2026", "2026-03-03"},
	    {"2026-3-3", "2026-03-03"},
	    {"3-3-2026", "2026-03-03"},
	    {"03/03/2026 02:00 PM", "2026-03-03"},
	    {"03/Março/2026", "2026-03-03"},
	    {"03-Março-2026", "2026-03-03"},
	    {"03 Março 2026", "2026-03-03"},
	    {"Março 3, 2026", "2026-03-03"},
	    {"março 3 2026", "2026-03-03"},
	    {"03/set/2025", "2025-09-03"},
	    {"03/SET/25", "2025-09-03"},
	    {"03/fev/2026", "2026-02-03"},
	    {"03/abr/26", "2026-04-03"},
	    {"03/mai/26", "2026-05-03"},
	    {"03/ago/26", "2026-08-03"},
	    {"03/out/25", "2025-10-03"},
	    {"03/dez/25", "2025-12-03"},
	    {"03 de mar. de 2026", "2026-03-03"},
	    {"sáb., 28 de fev. de 2026", "2026-02-28"},
	    {"domingo, 1 de março de 2026 10:00:00", "2026-03-01"},
	    {"45.000", "none"},
	    {"12345", "none"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof dates / sizeof *dates; i++) {
		char got[40] = "none";
		unsigned month, day;
		int32_t days;
		int year, err = viz_value_date(&days, dates[i][0], strlen(dates[i][0]));

		if (err == VIZ_ERR_ABSENT)
			strcpy(got, "empty");
		if (err == 0) {
			viz_calendar_date(&year, &month, &day, days);
			snprintf(got, sizeof got, "%04d-%02u-%02u", year, month, day);
		}
		if (strcmp(got, dates[i][1]) != 0)
			fail_msg("\"%s\" is %s, not %s", dates[i][0], got, dates[i][1]);
	}
}

/* A day that the calendar does not have is named by its line; a word for "none" is none. */
static void days_that_are_none(void **state)
{
	(void)state;
	assert_int_equal(ANALYSE("Data Cancelamento;Motivo\n31/02/2025;Mudou\nsem data;Mudou\n"
				 "Invalid Date;Mudou\n#VALOR!;Mudou\n2025-02-10T01:30:00Z;Mudou\n"),
			 0);
	assert_int_equal(a->totals.rejected, 1);
	assert_int_equal(a->totals.undated, 3);
	assert_int_equal(a->totals.day_min, viz_calendar_days(2025, 2, 9));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, analysed_set_up, analysed_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(totals_and_feet),
	    TEST(dates_as_people_write_them),
	    TEST(days_that_are_none),
	};

	return cmocka_run_group_tests(tests, analysed_open, analysed_close);
}
