#include <unistd.h>

#include "tests/unit/tools/analysed.h"
#include "tools/analyze/calendar.h"

#include <jansson.h>

/* Names, documents, telephones and addresses of a file appear in no output, in whatever column
 * they are. */
static void no_person_in_the_output(void **state)
{
	static const char *const canaries[] = {"CANARIO",    "529.982.247-25", "52998224725",
					       "99988-7766", "Rua do Segredo", "canario@",
					       "Segredo"};
	char path[] = "/tmp/viz-test-XXXXXX", line[512];
	char *texts[6];
	int fd = mkstemp(path);
	FILE *f;

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(viz_rejects_open(&a->rejects, path), 0);
	assert_int_equal(
	    ANALYSE(
		"nome;cpf;telefone;email;data_cancelamento;motivo;obs;valor;cidade_novo;"
		"cep_novo;endereco_novo;CANARIO da Silva\n"
		"CANARIO;529.982.247-25;(27) 99988-7766;canario@x.br;01/02/2025;mudou, CANARIO "
		"529.982.247-25;CANARIO vai para CANARIO;CANARIO;CANARIO;CANARIO;Rua do Segredo;x\n"
		"CANARIO;111;1;x;CANARIO;CANARIO;CANARIO;1;1;1;1;x\n"
		"CANARIO;52998224725\n"),
	    0);
	viz_rejects_close(&a->rejects);
	texts[0] = report(viz_report_text, VIZ_LANG_PT);
	texts[1] = report(viz_report_text, VIZ_LANG_EN);
	texts[2] = report(viz_report_json, VIZ_LANG_EN);
	texts[3] = report(viz_report_csv, VIZ_LANG_EN);
	texts[4] = report(viz_report_html, VIZ_LANG_PT);
	texts[5] = report(viz_report_html, VIZ_LANG_EN);
	for (size_t i = 0; i < sizeof canaries / sizeof *canaries; i++) {
		for (size_t k = 0; k < 6; k++)
			assert_null(strstr(texts[k], canaries[i]));
		f = fopen(path, "r");
		assert_non_null(f);
		while (fgets(line, sizeof line, f))
			assert_null(strstr(line, canaries[i]));
		fclose(f);
	}
	for (size_t k = 0; k < 6; k++)
		free(texts[k]);
	assert_int_equal(a->totals.rejected, 2);
	unlink(path);
}

static void counts(void **state)
{
	const struct viz_totals *t = &a->totals;

	(void)state;
	assert_int_equal(
	    ANALYSE("Relatório de cancelamentos;;;;;;\r\n"
		    "Data Cancelamento;Motivo;Valor Mensalidade;UF;CEP Novo;Cidade Novo;UF Novo\r\n"
		    "15/03/2025;Mudança de endereço;R$ 99,90;ES;29930-000;São Mateus;ES\r\n"
		    "2025-04-01;preço;100.10;ES;;;\r\n"
		    "0000-00-00;Inadimplência;;ES;;;\r\n"
		    "0000-00-00;;;ES;;;\r\n"
		    "31/02/2025;preço;1;ES;;;\r\n"
		    "01/01/2027;preço;1;ES;;;\r\n"
		    "01/05/2025;Mudança;89,90;ES;;;\r\n"
		    "01/05/2025;Mudança;abc;ES;;Xyzópolis;ES\r\n"
		    "01/05/2025;;89,90;ES;29700-123;;\r\n"),
	    0);
	assert_int_equal(t->rows, 9);
	assert_int_equal(t->rejected, 2);
	assert_int_equal(t->active, 1);
	assert_int_equal(t->cancelled, 6);
	assert_int_equal(t->undated, 1);
	assert_int_equal(t->by_reason[VIZ_REASON_MOVE], 4);
	assert_int_equal(t->by_reason[VIZ_REASON_PRICE], 1);
	assert_int_equal(t->by_reason[VIZ_REASON_NONPAYMENT], 1);
	assert_int_equal(t->movers, 4);
	assert_int_equal(t->located, 2); /* the last row says only where the customer went */
	assert_int_equal(t->asked_not, 1);
	assert_int_equal(t->unresolved, 1);
	assert_int_equal(t->cents, 9990 + 10010 + 8990 + 8990);
	assert_int_equal(t->valued, 4);
	assert_int_equal(town(3204906)->movers, 1);
	assert_int_equal(town(3201506)->movers, 1);
	assert_int_equal(t->cep_area[29700], 1);
	assert_int_equal(a->rejects.count[VIZ_REJECT_DATE], 1);
	assert_int_equal(a->rejects.count[VIZ_REJECT_DATE_FUTURE], 1);
	assert_int_equal(a->rejects.count[VIZ_REJECT_MONEY], 1);
	assert_int_equal(a->rejects.count[VIZ_REJECT_CITY], 1);
	assert_string_equal(a->file[0].columns.name[VIZ_ROLE_DEST_CEP], "CEP Novo");
	assert_int_equal(a->file[0].header_line, 2);
}

/* A spreadsheet may leave out empty cells at the end of a row. */
static void trimmed_rows(void **state)
{
	(void)state;
	assert_int_equal(ANALYSE("data;motivo;valor;cep_novo\n"
				 "01/06/2025;preço;99,90\n02/06/2025;mudou;99,90;29900-155\n"
				 "03/06/2025\n03/06/2025;\"mudou\nde casa\"\n"),
			 0);
	assert_int_equal(a->totals.cancelled, 3);
	assert_int_equal(a->totals.active, 0);
	assert_int_equal(a->rejects.count[VIZ_REJECT_TOO_FEW_COLUMNS], 1);
}

static void delimiters_and_encodings(void **state)
{
	static const char *const texts[] = {
	    "data,motivo\n01/02/2025,\"mudou, de casa\"\n",
	    "data\tmotivo\n01/02/2025\tmudou de casa\n",
	    "data|motivo\r\n01/02/2025|mudou de casa\r\n",
	    "\xef\xbb\xbf"
	    "data;motivo\n01/02/2025;mudou\n",
	    "\xef\xbb\xbf\"data\";\"motivo\"\n\"01/02/2025\";\"mudou\"",
	    "sep=,\ndata,motivo\n01/02/2025,mudou\n",
	    "data;motivo\n01/02/2025;Mudan\xe7"
	    "a de endere\xe7o\n",
	    "data;motivo\n01/02/2025;\"mudou\nde casa\"\n",
	};
	static const char delimiter[] = {',', '\t', '|', ';', ';', ',', ';', ';'};

	(void)state;
	for (size_t i = 0; i < sizeof delimiter; i++) {
		a->files = 0;
		if (ANALYSE(texts[i]) != 0 || a->file[0].delimiter != delimiter[i] ||
		    a->totals.movers != i + 1)
			fail_msg("%s", texts[i]);
	}
	assert_string_equal(a->file[0].encoding, "ascii");
}

static void map_overrides(void **state)
{
	(void)state;
	a->map[0] = (struct viz_column_map){VIZ_ROLE_DATE, "quando"};
	a->map[1] = (struct viz_column_map){VIZ_ROLE_REASON, "3"};
	a->maps = 2;
	assert_int_equal(ANALYSE("motivo;quando;texto\nx;01/02/2025;mudou\n"), 0);
	assert_int_equal(a->totals.movers, 1);
	assert_int_equal(a->file[0].columns.at[VIZ_ROLE_REASON], 2);
	a->map[0].column = "nao_ha";
	assert_int_equal(ANALYSE("motivo;quando;texto\nx;01/02/2025;mudou\n"), VIZ_ERR_INPUT);
	assert_int_equal(a->fault, VIZ_FILE_BAD_MAP);
	assert_int_equal(a->fault_map, 0);
}

/* Without a header the map names columns by number. The first row counts, and no output shows
 * it. */
static void headless(void **state)
{
	char *text;

	(void)state;
	a->map[0] = (struct viz_column_map){VIZ_ROLE_DATE, "2"};
	a->map[1] = (struct viz_column_map){VIZ_ROLE_REASON, "3"};
	a->maps = 2;
	assert_int_equal(ANALYSE("Fulano CANARIO;01/02/2025;mudou\nBeltrano;02/02/2025;preço\n"),
			 0);
	assert_int_equal(a->totals.cancelled, 2);
	text = report(viz_report_json, VIZ_LANG_EN);
	assert_null(strstr(text, "CANARIO"));
	assert_null(strstr(text, "mudou"));
	free(text);
}

/* A first row with a wrong date is still data, and no output shows it. */
static void headless_with_a_wrong_date(void **state)
{
	static const char *const texts[] = {
	    ("1;CANARIO;123.456.789-09;31/06/2025;mudou;99,90\n"
	     "2;CANARIO;123.456.789-09;32/06/2025;mudou;9a\n"),
	    "4;CANARIO;123.456.789-09;;mudou;99,90\n2;CANARIO;123.456.789-09;02/06/2025;mudou;1\n",
	    "Quando;CANARIO;quem;dia;porque;quanto\n1;CANARIO;x;01/06/2025;mudou;99,90\n",
	    "a;CANARIO;b;;mudou;\na;CANARIO;b;;mudou;\n"};
	static const uint64_t cancelled[] = {0, 2, 1, 2};
	static const enum viz_role roles[] = {VIZ_ROLE_DATE, VIZ_ROLE_REASON, VIZ_ROLE_VALUE,
					      VIZ_ROLE_DEST_CITY, VIZ_ROLE_DOCUMENT};
	static const char *const columns[] = {"4", "5", "6", "2", "3"};
	uint64_t before = 0;

	(void)state;
	for (size_t i = 0; i < 5; i++)
		a->map[a->maps++] = (struct viz_column_map){roles[i], columns[i]};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		char path[] = "/tmp/viz-test-XXXXXX", line[256], *text;
		int fd = mkstemp(path);
		FILE *f;

		assert_true(fd >= 0);
		close(fd);
		viz_rejects_close(&a->rejects);
		assert_int_equal(viz_rejects_open(&a->rejects, path), 0);
		a->files = 0;
		assert_int_equal(ANALYSE(texts[i]), 0);
		assert_int_equal(a->totals.cancelled - before, cancelled[i]);
		before = a->totals.cancelled;
		assert_int_equal(a->file[0].columns.unknown, 1);
		text = report(viz_report_json, VIZ_LANG_EN);
		assert_null(strstr(text, "CANARIO"));
		assert_null(strstr(text, "456"));
		free(text);
		text = report(viz_report_text, VIZ_LANG_PT);
		assert_null(strstr(text, "CANARIO"));
		assert_null(strstr(text, "31/06"));
		assert_null(strstr(text, "456"));
		assert_non_null(strstr(text, "coluna 4"));
		free(text);
		viz_rejects_close(&a->rejects);
		f = fopen(path, "r");
		while (f && fgets(line, sizeof line, f))
			assert_true(!strstr(line, "CANARIO") && !strstr(line, "31/06"));
		if (f)
			fclose(f);
		unlink(path);
	}
}

static void unusable_files(void **state)
{
	static const struct {
		const char *text;
		enum viz_file_fault fault;
	} bad[] = {{"", VIZ_FILE_EMPTY},
		   {"PK\3\4....", VIZ_FILE_TABLE},
		   {"%PDF-1.4\nx;y\n", VIZ_FILE_PDF},
		   {"foo;bar\n1;2\n", VIZ_FILE_NO_HEADER},
		   {"cidade;uf;nome\nLinhares;ES;x\n", VIZ_FILE_NO_COLUMNS},
		   {"data;motivo\n", VIZ_FILE_NO_ROWS},
		   {"\n\n\n", VIZ_FILE_NO_HEADER},
		   {"data", VIZ_FILE_NO_ROWS}};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		a->files = 0;
		assert_int_equal(ANALYSE(bad[i].text), VIZ_ERR_INPUT);
		assert_int_equal(a->fault, bad[i].fault);
	}
	assert_int_equal(a->totals.rows, 0);
}

static json_t *parsed(void)
{
	char *text = report(viz_report_json, VIZ_LANG_EN);
	json_t *o = json_loads(text, 0, NULL);

	assert_non_null(o);
	free(text);
	return o;
}

/* Seven recent movers make an invitation and four do not. The sums are right. */
static void invitations_and_sums(void **state)
{
	char text[4096] = "data;motivo;valor;cidade_novo;uf_novo\n";
	json_t *o, *invites, *movers, *range;

	(void)state;
	for (int i = 0; i < 11; i++)
		snprintf(text + strlen(text), sizeof text - strlen(text),
			 "%02d/06/2025;mudou;100,00;%s;ES\n", i + 1,
			 i < 7 ? "Colatina" : "Linhares");
	for (int i = 0; i < 9; i++) /* too old to count for the invitation */
		strcat(text, "01/02/2025;mudou;100,00;Colatina;ES\n");
	assert_int_equal(ANALYSE(text), 0);
	o = parsed();
	invites = json_object_get(o, "invites");
	assert_int_equal(json_array_size(invites), 1);
	assert_int_equal(
	    json_integer_value(json_object_get(json_array_get(invites, 0), "movers_90_days")), 7);
	assert_int_equal(json_integer_value(json_object_get(json_array_get(invites, 0), "ibge")),
			 3201506);
	movers = json_object_get(o, "movers");
	assert_int_equal(json_integer_value(json_object_get(movers, "total")), 20);
	assert_int_equal(json_integer_value(json_object_get(movers, "with_destination")), 20);
	assert_int_equal(json_integer_value(json_object_get(o, "could_have_kept")) +
			     json_integer_value(json_object_get(o, "covered")) +
			     json_integer_value(json_object_get(o, "uncovered")),
			 20);
	range = json_object_get(o, "revenue_month_brl_cents");
	/* 20 x R$ 100 in the five months from February to June */
	assert_int_equal(json_integer_value(json_object_get(range, "lost")), 40000);
	assert_true(json_integer_value(json_object_get(range, "low")) <=
		    json_integer_value(json_object_get(range, "high")));
	assert_int_equal(json_array_size(json_object_get(o, "by_month")), 5);
	assert_true(json_is_object(json_object_get(o, "columns")));
	assert_true(json_is_object(json_object_get(o, "by_reason")));
	json_decref(o);
}

/* Customers who stay pay what the file says, and not the average of the movers. */
static void revenue_of_those_who_stay(void **state)
{
	static const struct viz_cep_range ceps[] = {{29900000, 29905999}};
	const struct viz_coverage_ad ad = {.ceps = ceps, .ceps_n = 1};
	struct viz_summary s;

	(void)state;
	assert_int_equal(viz_coverage_add(&coverage, true, &ad), 0);
	assert_int_equal(viz_coverage_build(&coverage), 0);
	assert_int_equal(ANALYSE("data;motivo;valor;cep_novo\n"
				 "01/06/2025;mudou;50,00;29900-155\n"
				 "01/06/2025;mudou;;29900-155\n"
				 "01/06/2025;mudou;900,00;29700-123\n"
				 "01/06/2025;mudou;250,00;\n"),
			 0);
	assert_int_equal(viz_summary_make(&s, a), 0);
	assert_int_equal(s.revenue.low_cents, 5000 * 30 / 100);
	/* The second fee is unknown: the movers' mean of R$ 400. Two of three stay of the fourth
	 * row. */
	assert_int_equal(s.revenue.high_cents, (5000 + 40000 + 25000 * 2 / 3) * 57 / 100);
	viz_summary_free(&s);
}

/* The page for others shows no municipality with fewer than five movers, and loads nothing from
 * the network. */
static void page_suppresses(void **state)
{
	char text[4096] = "data;motivo;cep_novo;cidade_novo;uf_novo\n";
	char *html;

	(void)state;
	for (int i = 0; i < 6; i++)
		strcat(text, "01/06/2025;mudou;29700-123;Colatina;ES\n");
	for (int i = 0; i < 4; i++)
		strcat(text, "01/06/2025;mudou;29190-123;Aracruz;ES\n");
	strcat(text, "01/05/2025;caro;;;\n"); /* a month with few movers says so, on a phone too */
	assert_int_equal(ANALYSE(text), 0);
	html = report(viz_report_html, VIZ_LANG_EN);
	assert_non_null(strstr(html, "Colatina"));
	assert_null(strstr(html, "Aracruz"));
	assert_null(strstr(html, "29190"));
	assert_non_null(strstr(html, "fewer than 5"));
	assert_non_null(strstr(html, "<span>&lt;5</span>"));
	assert_non_null(strstr(html, "<div class=\"v\">10</div>"));
	assert_null(strstr(html, "http:"));
	assert_null(strstr(html, "https:"));
	assert_null(strstr(html, "src="));
	assert_null(strstr(html, "@import"));
	assert_null(strstr(html, "url("));
	assert_non_null(strstr(html, "</html>"));
	free(html);
}

/* People type the names of partners. Any name is plain text in the page. */
static void names_are_escaped(void **state)
{
	const uint32_t whole[] = {3201506};
	const struct viz_coverage_ad ad = {.name = "<script>\"&'", .whole = whole, .whole_n = 1};
	char text[1024] = "data;motivo;cidade_novo;uf_novo\n", *html;

	(void)state;
	assert_int_equal(viz_coverage_add(&coverage, false, &ad), 0);
	assert_int_equal(viz_coverage_build(&coverage), 0);
	for (int i = 0; i < 6; i++)
		strcat(text, "01/06/2025;mudou;Colatina;ES\n");
	assert_int_equal(ANALYSE(text), 0);
	assert_int_equal(a->totals.partner[1][VIZ_HOW_MUNICIPALITY], 6);
	html = report(viz_report_html, VIZ_LANG_PT);
	assert_null(strstr(html, "<script"));
	assert_non_null(strstr(html, "&lt;script&gt;"));
	free(html);
}

/* Random bytes cause neither a crash nor an endless loop, and every row is counted once. */
static void noise(void **state)
{
	static const char alphabet[] = "0123456789/-;\"\n\r,.ABCxyz \xc3\xa7\xe7";
	uint64_t seed = 7;

	(void)state;
	for (int round = 0; round < 200; round++) {
		char text[2048] =
		    "data;motivo;valor;cep_novo;cidade_novo;uf_novo;ibge_novo;latitude_novo;"
		    "longitude_novo;endereco_novo;cpf\n";
		size_t n = strlen(text);
		const struct viz_totals *t = &a->totals;

		for (; n < sizeof text; n++) {
			seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
			text[n] = alphabet[(seed >> 33) % (sizeof alphabet - 1)];
		}
		a->files = 0;
		analyse(text, sizeof text);
		assert_int_equal(t->rows, t->rejected + t->active + t->cancelled);
		assert_int_equal(t->movers, t->located + t->asked_not + t->unresolved);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, analysed_set_up, analysed_tear_down)

#define MOVES "data_cancelamento;motivo_cancelamento\n"

static uint32_t in_month(int y, unsigned m)
{
	return a->totals
	    .by_month[viz_totals_month(&a->totals, viz_calendar_days(y, m, 1))][VIZ_REASON_MOVE];
}

/* The rows of a column tell whether its dates have the month first. */
static void dates_with_the_month_first(void **state)
{
	(void)state;
	a->today = viz_calendar_days(2025, 12, 31);
	assert_int_equal(ANALYSE(MOVES
				 "03/25/2024;Mudança\n03/11/2024;Mudança\n04/30/2024;Mudança\n"
				 "02/05/2024;Mudança\n"),
			 0);
	assert_int_equal(a->totals.rejected, 0);
	assert_int_equal(in_month(2024, 3), 2);
	assert_int_equal(in_month(2024, 4), 1);
	assert_int_equal(in_month(2024, 2), 1);
	assert_int_equal(a->file[0].dates, VIZ_DATE_MONTH_FIRST);
}

static void dates_with_the_day_first(void **state)
{
	(void)state;
	assert_int_equal(ANALYSE(MOVES "03/11/2024;Mudança\n25/03/2024;Mudança\n"), 0);
	assert_int_equal(in_month(2024, 11) + in_month(2024, 3), 2);
	assert_int_equal(a->file[0].dates_open, 0);
	/* nothing tells: as everybody in Brazil writes, and the report says so */
	assert_int_equal(ANALYSE(MOVES "03/11/2024;Mudança\n"), 0);
	assert_int_equal(in_month(2024, 11), 2);
	assert_int_equal(a->file[1].dates_open, 1);
}

/* The last row tells, far behind what one block of the file holds. */
static void dates_of_a_long_file(void **state)
{
	size_t n = 100000, at = 0;
	char *text = malloc(n * 32 + 100);

	(void)state;
	assert_non_null(text);
	at += (size_t)sprintf(text, MOVES);
	for (size_t i = 0; i < n; i++)
		at += (size_t)sprintf(text + at, "03/11/2024;Mudança\n");
	sprintf(text + at, "03/25/2024;Mudança\n");
	assert_int_equal(ANALYSE(text), 0);
	assert_int_equal(in_month(2024, 3), n + 1);
	/* one typing error in so many is one; two kinds of rows are a question */
	sprintf(text + at, "13/05/2024;Mudança\n");
	memcpy(text + sizeof MOVES - 1, "03/25", 5);
	assert_int_equal(ANALYSE(text), VIZ_ERR_INPUT);
	assert_int_equal(a->fault, VIZ_FILE_DATES_MIXED);
	assert_int_equal(a->fault_line, n + 2);
	assert_int_equal(a->fault_line_other, 2);
	free(text);
}

static void dates_are_asked_for(void **state)
{
	const char *mixed = MOVES "03/25/2024;Mudança\n25/03/2024;Mudança\n03/11/2024;Mudança\n";

	(void)state;
	assert_int_equal(ANALYSE(mixed), VIZ_ERR_INPUT);
	assert_int_equal(a->fault, VIZ_FILE_DATES_MIXED);
	assert_int_equal(a->totals.cancelled, 0);
	a->dates_given = true;
	a->dates = VIZ_DATE_MONTH_FIRST;
	assert_int_equal(ANALYSE(mixed), 0);
	assert_int_equal(in_month(2024, 3), 2);
	assert_int_equal(a->totals.rejected, 1);
	a->dates_given = false;
	assert_int_equal(ANALYSE(MOVES "3/11/2024 5:24 PM;Mudança\n"), VIZ_ERR_INPUT);
	assert_int_equal(a->fault, VIZ_FILE_DATES_OPEN);
	assert_int_equal(a->fault_line, 2);
	a->today = viz_calendar_days(2024, 6, 1);
	assert_int_equal(ANALYSE(MOVES "03/11/2024;Mudança\n"), VIZ_ERR_INPUT);
	assert_int_equal(a->fault, VIZ_FILE_DATES_OPEN);
}

static void dates_through_a_pipe(void **state)
{
	int fd[2];
	const char *text = MOVES "03/11/2024;Mudança\n03/25/2024;Mudança\n\\N;Mudança\n";

	(void)state;
	assert_int_equal(pipe(fd), 0);
	assert_int_equal(write(fd[1], text, strlen(text)), (ssize_t)strlen(text));
	close(fd[1]);
	assert_int_equal(viz_analyze_file(a, "stdin", fd[0]), 0);
	close(fd[0]);
	assert_int_equal(in_month(2024, 3), 2);
	assert_int_equal(a->totals.undated, 1);
	assert_int_equal(a->totals.rejected, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(no_person_in_the_output),
	    TEST(counts),
	    TEST(trimmed_rows),
	    TEST(delimiters_and_encodings),
	    TEST(map_overrides),
	    TEST(headless),
	    TEST(headless_with_a_wrong_date),
	    TEST(unusable_files),
	    TEST(invitations_and_sums),
	    TEST(revenue_of_those_who_stay),
	    TEST(page_suppresses),
	    TEST(names_are_escaped),
	    TEST(noise),
	    TEST(dates_with_the_month_first),
	    TEST(dates_with_the_day_first),
	    TEST(dates_of_a_long_file),
	    TEST(dates_are_asked_for),
	    TEST(dates_through_a_pipe),
	};

	return cmocka_run_group_tests(tests, analysed_open, analysed_close);
}
