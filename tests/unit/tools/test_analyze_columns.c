#include "tests/unit/unit.h"

#include "tools/analyze/columns_ignored.h"
#include "tools/analyze/text.h"

static struct viz_row row;

static const struct viz_row *header(const char *text)
{
	memset(&row, 0, sizeof row);
	while (*text) {
		size_t len = strcspn(text, ";");

		row.field[row.n++] = (struct viz_field){text, (uint32_t)len};
		text += len + (text[len] == ';');
	}
	return &row;
}

static void at(const struct viz_columns *c, enum viz_role role, uint16_t want)
{
	if (c->at[role] != want)
		fail_msg("%s is column %u, not %u", viz_columns_role_name(role), c->at[role], want);
}

/* Headers in the style of the most common ERPs. */
static void styles(void **state)
{
	struct viz_columns c;

	(void)state;
	/* fields of a web service: table.field */
	viz_columns_read(
	    &c, header("cliente_contrato.id;cliente_contrato.data_cancelamento;cliente_contrato."
		       "motivo_cancelamento;cliente_contrato.obs_cancelamento;cliente_contrato.cep;"
		       "cliente_contrato.cep_novo;cliente_contrato.endereco_novo;cliente_contrato."
		       "cidade_novo;latitude_novo;longitude_novo;razao_social"));
	at(&c, VIZ_ROLE_DATE, 1);
	at(&c, VIZ_ROLE_REASON, 2);
	at(&c, VIZ_ROLE_DETAIL, 3);
	at(&c, VIZ_ROLE_CEP, 4);
	at(&c, VIZ_ROLE_DEST_CEP, 5);
	at(&c, VIZ_ROLE_DEST_TEXT, 6);
	at(&c, VIZ_ROLE_DEST_CITY, 7);
	at(&c, VIZ_ROLE_DEST_LAT, 8);
	at(&c, VIZ_ROLE_DEST_LON, 9);
	assert_int_equal(c.never, 1);
	/* titles of a spreadsheet */
	viz_columns_read(
	    &c,
	    header("Código;Nome;CPF/CNPJ;Data de Cancelamento;Motivo do Cancelamento;Observação;"
		   "Valor da Mensalidade;Cidade;UF;Telefone;Plano"));
	at(&c, VIZ_ROLE_DOCUMENT, 2);
	at(&c, VIZ_ROLE_DATE, 3);
	at(&c, VIZ_ROLE_REASON, 4);
	at(&c, VIZ_ROLE_DETAIL, 5);
	at(&c, VIZ_ROLE_VALUE, 6);
	at(&c, VIZ_ROLE_CITY, 7);
	at(&c, VIZ_ROLE_UF, 8);
	assert_int_equal(c.never, 2);
	at(&c, VIZ_ROLE_PLAN, 10);
	assert_int_equal(c.unknown, 1);
	/* abbreviations, Windows-1252, quotes and a blank at the end */
	viz_columns_read(
	    &c, header("dt_cancelamento;\"MOTIVO CANC.\" ;vlr_plano;Munic\xedpio;DT_RESCISAO"));
	at(&c, VIZ_ROLE_DATE, 0);
	at(&c, VIZ_ROLE_REASON, 1);
	at(&c, VIZ_ROLE_VALUE, 2);
	at(&c, VIZ_ROLE_CITY, 3);
	assert_string_equal(c.name[VIZ_ROLE_CITY], "Município");
	/* English fields */
	viz_columns_read(
	    &c, header("id;cancellation_date;cancellation_motive;amount;city;state;customer_name"));
	at(&c, VIZ_ROLE_DATE, 1);
	at(&c, VIZ_ROLE_REASON, 2);
	at(&c, VIZ_ROLE_VALUE, 3);
	assert_int_equal(c.never, 1);
}

/* Two columns for one role: the better name wins in any order. */
static void rank(void **state)
{
	struct viz_columns c;

	(void)state;
	viz_columns_read(&c, header("data;data_cancelamento;motivo;obs"));
	at(&c, VIZ_ROLE_DATE, 1);
	viz_columns_read(&c, header("data_cancelamento;data;motivo;obs"));
	at(&c, VIZ_ROLE_DATE, 0);
	assert_int_equal(viz_columns_needed(&c), 1);
	assert_int_equal(viz_columns_used(&c), 4);
}

/* Real names, each beside two known ones. */
static void names(void **state)
{
	static const struct {
		enum viz_role role;
		const char *names;
	} table[] = {
	    {VIZ_ROLE_DATE, "data_fim;Data final;Data de Saída;Data baixa;Dt. Desinstalação;"
			    "data_inativacao;Cancelado em;dataCancelamento"},
	    {VIZ_ROLE_REASON, "id_motivo_cancelamento;Mot. Cancelamento;Justificativa;Razão do "
			      "cancelamento;Motivo da rescisão;motivo_inativacao;Motivo "
			      "desligamento;Classificação"},
	    {VIZ_ROLE_DETAIL, "Complemento do motivo;Relato"},
	    {VIZ_ROLE_VALUE, "Valor (R$);Valor Contrato (R$);preco_plano;Faturamento"},
	    {VIZ_ROLE_DEST_CEP, "CEP do novo endereço;new_postal_code;new_zipcode;"
				"novo_endereco_cep;cep_nova_instalacao;CEP (novo);CEP de destino;"
				"CEP p/ onde vai"},
	    {VIZ_ROLE_DEST_CITY, "Cidade do novo endereço;Cidade/UF destino;Nova cidade/UF;Mudou "
				 "para;Cidade/UF de destino;Cidade (destino);Cidade p/ onde mudou"},
	    {VIZ_ROLE_DEST_UF, "Nova UF;UF do novo endereço;UF de destino"},
	    {VIZ_ROLE_DEST_IBGE, "Cod. IBGE nova cidade"},
	    {VIZ_ROLE_CEP, "CEP do cliente;endereco_cep"},
	    {VIZ_ROLE_NUMBER, "Nº;N\xba;Numero da casa;endereco_numero"},
	    {VIZ_ROLE_DOCUMENT, "tx_id;Documento Cliente"},
	};
	char text[256];

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		for (const char *p = table[i].names; *p;) {
			size_t len = strcspn(p, ";");
			struct viz_columns c;

			snprintf(text, sizeof text, "%.*s;xyz", (int)len, p);
			viz_columns_read(&c, header(text));
			if (c.at[table[i].role] != 0)
				fail_msg("%s", text);
			p += len + (p[len] == ';');
		}
	}
}

/* The report recommends certain column names. They are known, in both languages. */
static void recipe(void **state)
{
	(void)state;
	for (unsigned lang = 0; lang < 2; lang++) {
		const char *p = viz_text((enum viz_lang)lang, VIZ_TEXT_ASK_RECIPE);
		unsigned quoted = 0;

		while ((p = strchr(p, '"')) != NULL) {
			size_t len = strcspn(p + 1, "\"");
			struct viz_columns c;
			char text[64];

			snprintf(text, sizeof text, "%.*s", (int)len, p + 1);
			viz_columns_read(&c, header(text));
			if (!viz_columns_destination(&c))
				fail_msg("%s", text);
			quoted++;
			p += len + 2;
		}
		assert_int_equal(quoted, 2);
	}
}

static void unknown_names_are_not_kept(void **state)
{
	struct viz_columns c;

	(void)state;
	viz_columns_read(&c, header("data;motivo;FULANO DE TAL;<b>"));
	for (unsigned i = 0; i < VIZ_ROLES; i++)
		assert_null(strstr(c.name[i], "FULANO"));
	assert_int_equal(c.unknown, 2);
}

static void maps(void **state)
{
	const struct viz_column_map map[] = {{VIZ_ROLE_DATE, "Quando Saiu"},
					     {VIZ_ROLE_REASON, "3"}};
	const struct viz_column_map bad[] = {{VIZ_ROLE_DATE, "9"}}, zero[] = {{VIZ_ROLE_DATE, "0"}};
	struct viz_columns c;
	enum viz_role role;
	size_t which = 7;

	(void)state;
	viz_columns_read(&c, header("quando_saiu;motivo;data"));
	at(&c, VIZ_ROLE_DATE, 2);
	assert_int_equal(viz_columns_map(&c, &which, &row, map, 2), 0);
	at(&c, VIZ_ROLE_DATE, 0);
	at(&c, VIZ_ROLE_REASON, 2);
	assert_int_equal(viz_columns_map(&c, &which, &row, bad, 1), VIZ_ERR_INPUT);
	assert_int_equal(which, 0);
	assert_int_equal(viz_columns_map(&c, &which, &row, zero, 1), VIZ_ERR_INPUT);
	assert_true(viz_columns_role(&role, "motivo", 6));
	assert_int_equal(role, VIZ_ROLE_REASON);
	assert_false(viz_columns_role(&role, "motiv", 5));
}

static void usable(void **state)
{
	struct viz_columns c;

	(void)state;
	viz_columns_read(&c, header("nome;cidade;uf;cep"));
	assert_false(viz_columns_usable(&c));
	viz_columns_as_destinations(&c);
	assert_true(viz_columns_usable(&c));
	assert_true(viz_columns_destination(&c));
	at(&c, VIZ_ROLE_DEST_CITY, 1);
	at(&c, VIZ_ROLE_CITY, VIZ_COLUMN_NONE);
	viz_columns_read(&c, header(""));
	assert_false(viz_columns_usable(&c));
}

/* What has no role is named, and the heading that may be what is missing is proposed. */
static void ignored_columns(void **state)
{
	const struct viz_row *h =
	    header("Dt Baixa X;Causa Churn;Nome;Maria da Silva;Vendedor;ID;Cep Novo");
	struct viz_columns c;
	struct viz_columns_ignored i;
	char text[VIZ_COLUMNS_PROPOSAL_BYTES];

	(void)state;
	viz_columns_read(&c, h);
	viz_columns_ignored(&i, &c, h);
	assert_int_equal(i.n, 6);
	assert_string_equal(i.column[1].name, "Causa Churn");
	assert_true(i.column[2].never);
	assert_string_equal(i.column[3].name, ""); /* perhaps a person */
	assert_int_equal(i.column[3].at, 3);
	assert_string_equal(i.column[4].name, "Vendedor");
	assert_string_equal(
	    viz_columns_ignored_proposal(text, &i, &c, viz_text(VIZ_LANG_PT, VIZ_TEXT_MAP_WORDS)),
	    "motivo=Causa Churn");
	assert_string_equal(viz_columns_ignored_proposal(text, &i, &c, NULL), "reason=Causa Churn");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(ignored_columns),
	    cmocka_unit_test(styles),
	    cmocka_unit_test(rank),
	    cmocka_unit_test(names),
	    cmocka_unit_test(recipe),
	    cmocka_unit_test(unknown_names_are_not_kept),
	    cmocka_unit_test(maps),
	    cmocka_unit_test(usable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
