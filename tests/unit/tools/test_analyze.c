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

/* What a partner covers is money too; and a year is twelve months. */
static void money_of_the_covered(void **state)
{
	const uint32_t whole[] = {3201506};
	const struct viz_coverage_ad ad = {.name = "B", .whole = whole, .whole_n = 1};
	struct viz_summary s;
	char *text;

	(void)state;
	assert_int_equal(viz_coverage_add(&coverage, false, &ad), 0);
	assert_int_equal(viz_coverage_build(&coverage), 0);
	assert_int_equal(ANALYSE("data;motivo;valor;cidade_novo;uf_novo\n"
				 "01/06/2025;mudou;100,00;Colatina;ES\n"
				 "02/06/2025;mudou;50,00;Colatina;ES\n"
				 "03/07/2025;mudou;80,00;Linhares;ES\n"
				 "03/07/2025;mudou;70,00;;\n"),
			 0);
	assert_int_equal(viz_summary_make(&s, a), 0);
	assert_int_equal(s.revenue.covered_cents, 15000 / 2);
	viz_summary_free(&s);
	text = report(viz_report_text, VIZ_LANG_PT);
	/* lines may break at any blank */
	assert_non_null(strstr(text, "900."));
	assert_non_null(strstr(text, "preenchido."));
	free(text);
}

/* Plans, neighbourhoods and time as a customer, with the base from the rows in force. */
static void churn(void **state)
{
	char text[4096] = "situacao;data_cancelamento;motivo;plano;data_ativacao;bairro\n", *out;
	struct viz_report_lines lines;
	struct viz_summary s;
	struct viz_report r = {.s = &s, .lang = VIZ_LANG_EN};

	(void)state;
	for (int i = 0; i < 6; i++)
		strcat(text, "Cancelado;10/06/2025;mudou;500 Mega;01/05/2025;Centro\n"
			     "Ativo;;;500 MEGA;01/05/2023;CENTRO\n");
	strcat(text, "Ativo;;;Outro;01/05/2023;Norte\n");
	strcat(text, "Cancelado;10/06/2025;preço;Raro;01/05/2020;Longe\n");
	assert_int_equal(ANALYSE(text), 0);
	assert_int_equal(viz_summary_make(&s, a), 0);
	assert_int_equal(s.base, 14);
	viz_report_groups_lines(&lines, &r, VIZ_REPORT_BY_PLAN);
	assert_int_equal(lines.n, 1); /* one customer is not told */
	assert_string_equal(lines.line[0].name, "500 Mega");
	assert_int_equal(lines.line[0].cancelled, 6);
	assert_int_equal(lines.line[0].movers, 6);
	assert_int_equal(lines.line[0].whole, 12);
	viz_report_groups_lines(&lines, &r, VIZ_REPORT_BY_TENURE);
	assert_int_equal(lines.n, 2);
	assert_string_equal(lines.line[0].name, "under 3 months");
	viz_summary_free(&s);
	a->base = 700;
	out = report(viz_report_text, VIZ_LANG_EN);
	assert_non_null(strstr(out, "Of 700 customers 1 % leave each month"));
	assert_null(strstr(out, "Raro"));
	free(out);
}

#define ANATEL_HEAD                                                                                \
	"Ano;Mês;Grupo Econômico;Empresa;CNPJ;Porte da Prestadora;UF;Município;Código IBGE "   \
	"Município;Faixa de Velocidade;Velocidade;Tecnologia;Meio de Acesso;Tipo de Pessoa;Tipo " \
	"de Produto;Acessos\n"
#define ANATEL_ROW(month, name, ibge, n)                                                           \
	"2025;" month ";OUTROS;" name ";0;PPP;ES;Colatina;" ibge ";> 34;;FTTH;Fibra;F;I;" n "\n"

static int anatel(const char *text)
{
	bool *wanted = calloc(viz_towns_count(towns), sizeof *wanted);
	FILE *f = tmpfile();
	int err;

	assert_non_null(wanted);
	assert_non_null(f);
	fputs(text, f);
	fflush(f);
	assert_int_equal(lseek(fileno(f), 0, SEEK_SET), 0);
	wanted[viz_towns_by_code(towns, 3201506)] = true;
	err = viz_anatel_read(&a->anatel, towns, wanted, fileno(f));
	fclose(f);
	free(wanted);
	return err;
}

/* Only the latest month counts, rows of one provider add up, and no number of a person is shown. */
static void providers_of_a_town(void **state)
{
	char text[1024] = "data;motivo;cidade_novo;uf_novo\n", *html;
	const struct viz_anatel_entry *top[VIZ_ANATEL_TOP];
	uint16_t colatina = viz_towns_by_code(towns, 3201506);

	(void)state;
	for (int i = 0; i < 6; i++)
		strcat(text, "01/06/2025;mudou;Colatina;ES\n");
	assert_int_equal(ANALYSE(text), 0);
	assert_int_equal(anatel(ANATEL_HEAD ANATEL_ROW("5", "ANTIGA", "3201506", "900")
				    ANATEL_ROW("06", "B NET LTDA", "3201506", "10")
					ANATEL_ROW("06", "JOAO SILVA 52998224725", "3201506", "15")
					    ANATEL_ROW("06", "B Net Ltda", "3201506", "10")
						ANATEL_ROW("06", "OUTRA", "3205309", "99")
						    ANATEL_ROW("06", "C", "3201506", "x")),
			 0);
	assert_int_equal(viz_anatel_top(top, &a->anatel, colatina), 2);
	assert_string_equal(top[0]->name, "B NET LTDA");
	assert_int_equal(top[0]->accesses, 20);
	assert_string_equal(top[1]->name, "JOAO SILVA");
	html = report(viz_report_html, VIZ_LANG_PT);
	assert_non_null(strstr(html, "Colatina/ES: B NET LTDA, JOAO SILVA"));
	free(html);
	viz_anatel_free(&a->anatel);
	assert_int_equal(anatel("data;motivo\n1;2\n"), VIZ_ERR_INPUT);
	viz_anatel_free(&a->anatel);
}

static void groups_have_a_limit(void **state)
{
	struct viz_groups *g = calloc(1, sizeof *g);
	char name[32];

	(void)state;
	assert_non_null(g);
	for (int i = 0; i < VIZ_GROUPS_MAX + 10; i++) {
		snprintf(name, sizeof name, "Plano n%d", i);
		viz_groups_of(g, name, strlen(name))->cancelled++;
	}
	assert_int_equal(g->n, VIZ_GROUPS_MAX);
	assert_int_equal(g->others.cancelled, 10);
	assert_ptr_equal(viz_groups_of(g, "PLANO N0", 8), &g->group[0].count);
	assert_null(viz_groups_of(g, "", 0));
	assert_null(viz_groups_of(g, "529.982.247-25", 14));
	assert_int_equal(viz_groups_tenure(0, 90), 0);
	assert_int_equal(viz_groups_tenure(0, 92), 1);
	assert_int_equal(viz_groups_tenure(0, 4000), VIZ_TENURES - 1);
	assert_int_equal(viz_groups_tenure(10, 9), -1);
	free(g);
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
		assert_int_equal(t->rows,
				 t->rejected + t->active + t->in_force + t->undone + t->cancelled);
		assert_int_equal(t->movers, t->located + t->asked_not + t->unresolved);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, analysed_set_up, analysed_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(no_person_in_the_output),
	    TEST(counts),
	    TEST(money_of_the_covered),
	    TEST(churn),
	    TEST(providers_of_a_town),
	    TEST(groups_have_a_limit),
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
	};

	return cmocka_run_group_tests(tests, analysed_open, analysed_close);
}
