#include "tests/unit/unit.h"

#include "tools/analyze/columns.h"

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
		fail_msg("%s is column %u, not %u", viz_role_name(role), c->at[role], want);
}

/* Headers in the style of the ERPs that are met most. */
static void styles(void **state)
{
	struct viz_columns c;

	(void)state;
	/* web service fields: table.field */
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
	/* a spreadsheet's titles */
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
	assert_int_equal(c.unknown, 2);
	/* abbreviations, Windows-1252, quotes and a trailing blank */
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

/* Two columns for one thing: the better name is taken, in whatever order they stand. */
static void rank(void **state)
{
	struct viz_columns c;

	(void)state;
	viz_columns_read(&c, header("data;data_cancelamento;motivo;obs"));
	at(&c, VIZ_ROLE_DATE, 1);
	viz_columns_read(&c, header("data_cancelamento;data;motivo;obs"));
	at(&c, VIZ_ROLE_DATE, 0);
	assert_int_equal(viz_columns_needed(&c), 4);
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
	assert_true(viz_role_of(&role, "motivo", 6));
	assert_int_equal(role, VIZ_ROLE_REASON);
	assert_false(viz_role_of(&role, "motiv", 5));
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

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(styles),
	    cmocka_unit_test(rank),
	    cmocka_unit_test(unknown_names_are_not_kept),
	    cmocka_unit_test(maps),
	    cmocka_unit_test(usable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
