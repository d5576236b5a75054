#include "tests/unit/unit.h"

#include "tools/analyze/calendar.h"
#include "tools/analyze/status.h"
#include "tools/analyze/value.h"

static void date_is(const char *text, int y, unsigned m, unsigned d)
{
	int32_t days = -1;

	if (viz_value_date(&days, text, strlen(text)) != 0 || days != viz_calendar_days(y, m, d))
		fail_msg("%s gives %d", text, days);
}

static void date_fails(const char *text, int err)
{
	int32_t days = 12345;

	assert_int_equal(viz_value_date(&days, text, strlen(text)), err);
	assert_int_equal(days, 12345);
}

static void date_hints(void **state)
{
	static const struct {
		const char *text;
		enum viz_date_hint hint;
	} hints[] = {
	    {"03/25/2024", VIZ_DATE_HINT_MONTH},      {"25/03/2024", VIZ_DATE_HINT_DAY},
	    {"03/11/2024", VIZ_DATE_HINT_OPEN},       {"3-11-24 5:24 PM", VIZ_DATE_HINT_OPEN},
	    {"05/05/2024", VIZ_DATE_HINT_NONE},       {"2024-03-11", VIZ_DATE_HINT_NONE},
	    {"2024-03-11 10:00", VIZ_DATE_HINT_NONE}, {"March 11, 2024", VIZ_DATE_HINT_NONE},
	    {"99/99/2024", VIZ_DATE_HINT_NONE},       {"", VIZ_DATE_HINT_NONE}};
	int32_t day;

	(void)state;
	for (size_t i = 0; i < sizeof hints / sizeof *hints; i++)
		assert_int_equal(viz_value_date_hint(hints[i].text, strlen(hints[i].text)),
				 hints[i].hint);
	assert_int_equal(viz_value_date_in(&day, VIZ_DATE_MONTH_FIRST, "03/11/2024", 10), 0);
	assert_int_equal(day, viz_calendar_days(2024, 3, 11));
	assert_int_equal(viz_value_date_in(&day, VIZ_DATE_MONTH_FIRST, "3/9/24 1:02 AM", 14), 0);
	assert_int_equal(day, viz_calendar_days(2024, 3, 9));
	assert_int_equal(viz_value_date_in(&day, VIZ_DATE_MONTH_FIRST, "25/03/2024", 10),
			 VIZ_ERR_INPUT);
}

static void dates(void **state)
{
	(void)state;
	date_is("15/03/2025", 2025, 3, 15);
	date_is("5/3/2025", 2025, 3, 5);
	date_is("15/03/25", 2025, 3, 15);
	date_is("15-03-2025", 2025, 3, 15);
	date_is("15.03.2025", 2025, 3, 15);
	date_is("2025-03-15", 2025, 3, 15);
	date_is("2025/03/15", 2025, 3, 15);
	date_is("2025-03-15 23:59:59", 2025, 3, 15);
	date_is("2025-03-15T23:59:59-03:00", 2025, 3, 15);
	date_is("15/03/2025 08:30", 2025, 3, 15);
	date_is(" 15/03/2025 ", 2025, 3, 15);
	date_is("\"15/03/2025\"", 2025, 3, 15);
	date_is("=\"15/03/2025\"", 2025, 3, 15);
	date_is("20250315", 2025, 3, 15);
	date_is("20250315083000", 2025, 3, 15);
	date_is("45731", 2025, 3, 15);
	date_is("45731,5", 2025, 3, 15);
	date_is("15-mar-25", 2025, 3, 15);
	date_is("15/fev/2024", 2024, 2, 15);
	date_is("29/02/2024", 2024, 2, 29);
	date_is("01/01/1999", 1999, 1, 1);
	/* JavaScript, RFC 5322, ctime, and what people and Office write */
	date_is("Mon Mar 11 2024 17:24:25 GMT-0300 (Horário Padrão de Brasília)", 2024, 3, 11);
	date_is("Tue Apr 16 2024 09:00:00 GMT-0300", 2024, 4, 16);
	date_is("Mon, 11 Mar 2024 20:24:25 GMT", 2024, 3, 11);
	date_is("Mon Mar 11 17:24:25 2024", 2024, 3, 11);
	date_is("Mon Mar 11 17:24:25 BRT 2024", 2024, 3, 11);
	date_is("March 11, 2024, 5:24 PM", 2024, 3, 11);
	date_is("Mar 11, 2024", 2024, 3, 11);
	date_is("11th of March 2024", 2024, 3, 11);
	date_is("Monday, March 11, 2024 at 5:24 PM", 2024, 3, 11);
	date_is("11 de março de 2024", 2024, 3, 11);
	date_is("11 de mar\xe7o de 2024", 2024, 3, 11);
	date_is("11 de mar. de 2024", 2024, 3, 11);
	date_is("11 de mar. de 2024, 17:24", 2024, 3, 11);
	date_is("segunda-feira, 11 de março de 2024 às 17h24", 2024, 3, 11);
	date_is("1º de Maio de 2024", 2024, 5, 1);
	date_is("sáb., 4 de maio de 2024", 2024, 5, 4);
	date_is("TERÇA 12 SETEMBRO 2023", 2023, 9, 12);
	date_is("2024-mar-11", 2024, 3, 11);
	date_is("11 dez 23", 2023, 12, 11);
	/* an instant has the day of Brasília; without a time of day it is a day */
	date_is("1710188665", 2024, 3, 11);
	date_is("1710188665000", 2024, 3, 11);
	date_is("1710188665.123", 2024, 3, 11);
	date_is("1710188665123456", 2024, 3, 11);
	date_is("1710126000", 2024, 3, 11); /* midnight in Brasília */
	date_is("1710115200", 2024, 3, 11); /* midnight in UTC */
	date_is("1710124000", 2024, 3, 10); /* half past eleven in the evening */
	date_is("202403111724", 2024, 3, 11);
	date_is("/Date(1710188665000-0300)/", 2024, 3, 11);
	date_is("11/03/2024, 17:24:25", 2024, 3, 11);
	date_fails("\\N", VIZ_ERR_ABSENT);
	date_fails("NaT", VIZ_ERR_ABSENT);
	date_fails("0", VIZ_ERR_ABSENT);
	date_fails("1899-11-30", VIZ_ERR_ABSENT);
	date_fails("30/12/1899", VIZ_ERR_ABSENT);
	date_fails("01/01/0001 00:00:00", VIZ_ERR_ABSENT);
	date_fails("1970-01-01", VIZ_ERR_ABSENT);
	date_fails("31 de fevereiro de 2024", VIZ_ERR_INPUT);
	date_fails("março de 2024", VIZ_ERR_INPUT);
	date_fails("11 de marmelada de 2024", VIZ_ERR_INPUT);
	date_fails("mudou 11 mar 2024", VIZ_ERR_INPUT);
	date_fails("12345678901234567890", VIZ_ERR_INPUT);
	date_fails("27999887766", VIZ_ERR_INPUT);
	date_fails("", VIZ_ERR_ABSENT);
	date_fails("0000-00-00", VIZ_ERR_ABSENT);
	date_fails("0000-00-00 00:00:00", VIZ_ERR_ABSENT);
	date_fails("00/00/0000", VIZ_ERR_ABSENT);
	date_fails("NULL", VIZ_ERR_ABSENT);
	date_fails("31/02/2025", VIZ_ERR_INPUT);
	date_fails("29/02/2025", VIZ_ERR_INPUT);
	date_fails("29/02/1900", VIZ_ERR_INPUT);
	date_fails("03/15/2025", VIZ_ERR_INPUT);
	date_fails("2025-13-01", VIZ_ERR_INPUT);
	date_fails("ontem", VIZ_ERR_INPUT);
	date_fails("15/03", VIZ_ERR_INPUT);
	date_fails("15/03/2025x", VIZ_ERR_INPUT);
	date_fails("1234", VIZ_ERR_INPUT);
	date_fails("99999999999999999999", VIZ_ERR_INPUT);
	date_fails("////", VIZ_ERR_ABSENT); /* a form that nobody filled in */
}

static void days_and_back(void **state)
{
	(void)state;
	assert_int_equal(viz_calendar_days(1970, 1, 1), 0);
	assert_int_equal(viz_calendar_days(2000, 3, 1), 11017);
	for (int32_t d = -200000; d < 200000; d += 17) {
		int y;
		unsigned m, day;

		viz_calendar_date(&y, &m, &day, d);
		assert_int_equal(viz_calendar_days(y, m, day), d);
	}
}

static void money_is(const char *text, int64_t want)
{
	int64_t cents = -1;

	if (viz_value_money(&cents, text, strlen(text)) != 0 || cents != want)
		fail_msg("%s gives %lld", text, (long long)cents);
}

static void money(void **state)
{
	int64_t cents = 7;

	(void)state;
	money_is("99,90", 9990);
	money_is("99.90", 9990);
	money_is("R$ 1.234,56", 123456);
	money_is("R$1.234,56", 123456);
	money_is("R$\xc2\xa0"
		 "1.234,56",
		 123456);
	money_is("1,234.56", 123456);
	money_is("1.234", 123400);
	money_is("1.234.567", 123456700);
	money_is("0.123", 12);
	money_is("89,9", 8990);
	money_is("89", 8900);
	money_is("89.9000", 8990);
	money_is("-10,00", -1000);
	money_is(",50", 50);
	money_is("  99,90 ", 9990);
	money_is("BRL 1.234,56", 123456);
	money_is("99,90/mês", 9990);
	money_is("1.234,56 reais", 123456);
	money_is("R$ 99,90 (c/ desc.)", 9990);
	money_is("99,90-", -9990);
	money_is("(99,90)", -9990);
	assert_int_equal(viz_value_money(&cents, "10%", 3), VIZ_ERR_INPUT);
	assert_int_equal(viz_value_money(&cents, "12 meses", 8), VIZ_ERR_INPUT);
	assert_int_equal(viz_value_money(&cents, "99,90 (era 120)", 15), VIZ_ERR_INPUT);
	assert_int_equal(viz_value_money(&cents, "300 Mega", 8), VIZ_ERR_INPUT);
	assert_int_equal(viz_value_money(&cents, "", 0), VIZ_ERR_ABSENT);
	assert_int_equal(viz_value_money(&cents, "-", 1), VIZ_ERR_ABSENT);
	assert_int_equal(viz_value_money(&cents, "a combinar", 10), VIZ_ERR_INPUT);
	assert_int_equal(viz_value_money(&cents, "12/03/2025", 10), VIZ_ERR_INPUT);
	assert_int_equal(viz_value_money(&cents, ",.", 2), VIZ_ERR_INPUT);
	assert_int_equal(viz_value_money(&cents, "999999999999999999999", 21), VIZ_ERR_INPUT);
	assert_int_equal(cents, 7);
}

static int cep(uint32_t *v, const char *s)
{
	return viz_value_cep(v, s, strlen(s));
}

static void ceps(void **state)
{
	uint32_t v = 0;

	(void)state;
	assert_int_equal(cep(&v, "29900-123"), 0);
	assert_int_equal(v, 29900123);
	assert_int_equal(cep(&v, "29.900-123"), 0);
	assert_int_equal(v, 29900123);
	assert_int_equal(cep(&v, "1310100"), 0); /* Excel drops the zero of 01310-100 */
	assert_int_equal(v, 1310100);
	assert_int_equal(cep(&v, "01310-100"), 0);
	assert_int_equal(v, 1310100);
	assert_int_equal(cep(&v, "29900123.0"), 0);
	assert_int_equal(v, 29900123);
	assert_int_equal(cep(&v, "=\"01310100\""), 0);
	assert_int_equal(v, 1310100);
	assert_int_equal(cep(&v, ""), VIZ_ERR_ABSENT);
	assert_int_equal(cep(&v, "00000-000"), VIZ_ERR_ABSENT);
	assert_int_equal(cep(&v, "2990"), VIZ_ERR_INPUT);
	assert_int_equal(cep(&v, "299001234"), VIZ_ERR_INPUT);
	assert_int_equal(cep(&v, "29900-12a"), VIZ_ERR_INPUT);
	assert_int_equal(v, 1310100);
}

static void states(void **state)
{
	static const struct {
		const char *text;
		unsigned code;
	} good[] = {{"ES", 32},
		    {"es", 32},
		    {"Espírito Santo", 32},
		    {"ESPIRITO SANTO", 32},
		    {"32", 32},
		    {"Esp\xedrito Santo", 32},
		    {"SP", 35},
		    {"Rio Grande do Sul", 43},
		    {"DF", 53},
		    {"Pará", 15}};
	unsigned code = 0;

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		assert_int_equal(viz_value_identity_uf(&code, good[i].text, strlen(good[i].text)),
				 0);
		assert_int_equal(code, good[i].code);
	}
	assert_int_equal(viz_value_identity_uf(&code, "XX", 2), VIZ_ERR_INPUT);
	assert_int_equal(viz_value_identity_uf(&code, "34", 2), VIZ_ERR_INPUT);
	assert_int_equal(viz_value_identity_uf(&code, "Acri", 4), VIZ_ERR_INPUT);
	assert_int_equal(viz_value_identity_uf(&code, "", 0), VIZ_ERR_ABSENT);
	assert_string_equal(viz_value_identity_uf_name(32), "ES");
	assert_string_equal(viz_value_identity_uf_name(99), "??");
}

static void coordinate_is(const char *text, int32_t want)
{
	int32_t v = 1;

	if (viz_value_coordinate(&v, text, strlen(text)) != 0 || v != want)
		fail_msg("%s gives %d", text, v);
}

static void coordinates(void **state)
{
	int32_t v = 1;

	(void)state;
	coordinate_is("-19.391123", -19391123);
	coordinate_is("-19,391123", -19391123);
	coordinate_is("-19.391.123", -19391123); /* as Excel damages it */
	coordinate_is("-40.06789012345", -40067890);
	coordinate_is("-19", -19000000);
	coordinate_is("180", 180000000);
	assert_int_equal(viz_value_coordinate(&v, "0", 1), VIZ_ERR_ABSENT);
	assert_int_equal(viz_value_coordinate(&v, "0.000000", 8), VIZ_ERR_ABSENT);
	assert_int_equal(viz_value_coordinate(&v, "", 0), VIZ_ERR_ABSENT);
	assert_int_equal(viz_value_coordinate(&v, "181", 3), VIZ_ERR_INPUT);
	assert_int_equal(viz_value_coordinate(&v, "180.000001", 10), VIZ_ERR_INPUT);
	assert_int_equal(viz_value_coordinate(&v, "19 S", 4), VIZ_ERR_INPUT);
	assert_int_equal(viz_value_coordinate(&v, "-1999999999", 11), VIZ_ERR_INPUT);
	assert_int_equal(v, 1);
}

static int document(enum viz_document *kind, const char *s)
{
	return viz_value_identity_document(kind, s, strlen(s));
}

static void documents(void **state)
{
	enum viz_document kind = VIZ_DOCUMENT_CNPJ;

	(void)state;
	assert_int_equal(document(&kind, "529.982.247-25"), 0);
	assert_int_equal(kind, VIZ_DOCUMENT_CPF);
	assert_int_equal(document(&kind, "52998224725"), 0);
	assert_int_equal(document(&kind, "52998224724"), VIZ_ERR_INPUT);
	assert_int_equal(document(&kind, "11111111111"), VIZ_ERR_INPUT);
	assert_int_equal(document(&kind, "191"), VIZ_ERR_INPUT);
	assert_int_equal(document(&kind, "11.222.333/0001-81"), 0);
	assert_int_equal(kind, VIZ_DOCUMENT_CNPJ);
	assert_int_equal(document(&kind, "11222333000180"), VIZ_ERR_INPUT);
	/* the example of the Receita Federal for a CNPJ with letters */
	assert_int_equal(document(&kind, "12.ABC.345/01DE-35"), 0);
	assert_int_equal(kind, VIZ_DOCUMENT_CNPJ);
	assert_int_equal(document(&kind, "12abc34501de35"), 0);
	assert_int_equal(document(&kind, "12.ABC.345/01DE-36"), VIZ_ERR_INPUT);
	assert_int_equal(document(&kind, "12.ABC.345/01DE-3A"), VIZ_ERR_INPUT);
	/* a spreadsheet drops the zeros of 00.000.000/0001-91 */
	assert_int_equal(document(&kind, "191000000000"), VIZ_ERR_INPUT);
	assert_int_equal(document(&kind, "00000000000191"), 0);
	assert_int_equal(kind, VIZ_DOCUMENT_CNPJ);
	assert_int_equal(document(&kind, ""), VIZ_ERR_ABSENT);
	assert_int_equal(document(&kind, "123456789012345678"), VIZ_ERR_INPUT);
}

static void masked_documents(void **state)
{
	static const char *const masked[] = {
	    "***.456.789-**",     "123.***.***-09",
	    "XXX.456.789-XX",     "***********",
	    "**.***.333/0001-**", "\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2.456.789-09"};
	static const char *const wrong[] = {"123.456.789-0*", "***", "x", "12.ABC.345/01DE-3X"};
	enum viz_document kind = VIZ_DOCUMENT_CPF;

	(void)state;
	for (size_t i = 0; i < sizeof masked / sizeof *masked; i++) {
		assert_int_equal(viz_value_identity_document(&kind, masked[i], strlen(masked[i])),
				 0);
		assert_int_equal(kind, VIZ_DOCUMENT_MASKED);
	}
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_int_equal(viz_value_identity_document(&kind, wrong[i], strlen(wrong[i])),
				 VIZ_ERR_INPUT);
}

static void house_numbers(void **state)
{
	static const char *const none[] = {"S/N",  "SN", "s/n",        "0",  "",
					   "S/Nº", "-",  "sem numero", "000"};
	uint32_t n = 0;

	(void)state;
	for (size_t i = 0; i < sizeof none / sizeof *none; i++)
		assert_int_equal(viz_value_number(&n, none[i], strlen(none[i])), VIZ_ERR_ABSENT);
	assert_int_equal(viz_value_number(&n, "123", 3), 0);
	assert_int_equal(n, 123);
	assert_int_equal(viz_value_number(&n, "123 A", 5), 0);
	assert_int_equal(viz_value_number(&n, "casa 2", 6), VIZ_ERR_INPUT);
}

/* Values are not taken for titles, nor titles for values. */
static void looks(void **state)
{
	static const char *const values[] = {"529.982.247-25", "52998224725", "***.456.789-**",
					     "31/06/2026",     "1/jan/25",    "99,90",
					     "R$ 99,90",       "a@b.br",      "(27) 99988-7766",
					     "29900-155",      "7",           "2026-06-01T10:00"};
	static const char *const titles[] = {"Data",          "telefone1", "Saídas de 2024",
					     "Mudou em 90 d", "Valor R$",  "",
					     "Maria da Silva"};

	(void)state;
	for (size_t i = 0; i < sizeof values / sizeof *values; i++)
		if (!viz_value_like(values[i], strlen(values[i])))
			fail_msg("%s", values[i]);
	for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
		if (viz_value_like(titles[i], strlen(titles[i])))
			fail_msg("%s", titles[i]);
}

static void status_is(const char *text, enum viz_status want)
{
	if (viz_status_of(text, strlen(text)) != want)
		fail_msg("%s", text);
}

static void statuses(void **state)
{
	static const char *const gone[] = {"Cancelado",  "INATIVO",
					   "Desistiu",   "Cancelado por desistência",
					   "I",          "D",
					   "N",          "Contrato rescindido",
					   "Desativado", "Inativo (bloqueado)"};
	static const char *const there[] = {"Ativo",
					    "ativo v. reduzida",
					    "A",
					    "CM",
					    "CA",
					    "FA",
					    "AA",
					    "P",
					    "Serviço habilitado",
					    "Bloqueado",
					    "Suspenso por débito"};
	static const char *const undone[] = {"Cancelamento estornado", "Retido",
					     "Cancelado e reativado", "Desistiu do cancelamento"};
	static const char *const unknown[] = {"", "3", "4", "a retirar", "Não ativo", "Em análise"};

	(void)state;
	for (size_t i = 0; i < sizeof gone / sizeof *gone; i++)
		status_is(gone[i], VIZ_STATUS_CANCELLED);
	for (size_t i = 0; i < sizeof there / sizeof *there; i++)
		status_is(there[i], VIZ_STATUS_IN_FORCE);
	for (size_t i = 0; i < sizeof undone / sizeof *undone; i++)
		status_is(undone[i], VIZ_STATUS_UNDONE);
	for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++)
		status_is(unknown[i], VIZ_STATUS_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(statuses),  cmocka_unit_test(date_hints),
	    cmocka_unit_test(dates),     cmocka_unit_test(days_and_back),
	    cmocka_unit_test(money),     cmocka_unit_test(ceps),
	    cmocka_unit_test(states),    cmocka_unit_test(coordinates),
	    cmocka_unit_test(documents), cmocka_unit_test(house_numbers),
	    cmocka_unit_test(looks),     cmocka_unit_test(masked_documents),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
