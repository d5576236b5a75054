/* The column of the status: which rows are no cancellations by it. */
#include "tests/unit/tools/analysed.h"

#include "tools/analyze/status.h"

/* A contract that is in force, or whose cancellation was taken back, is no cancellation. */
static void status_of_the_contract(void **state)
{
	const struct viz_totals *t = &a->totals;

	(void)state;
	assert_int_equal(ANALYSE("Contrato;Situação;Data Cancelamento;Motivo\n"
				 "1;Ativo;;Mudança de endereço\n"
				 "2;Ativo;10/02/2024;Retido - ficou com a gente\n"
				 "3;Cancelado;12/02/2024;Mudança de endereço\n"
				 "4;Cancelamento estornado;12/02/2024;Mudança\n"
				 "5;Aguardando retirada;12/02/2024;Preço\n"),
			 0);
	assert_int_equal(t->in_force, 2);
	assert_int_equal(t->undone, 1);
	assert_int_equal(t->cancelled, 2);
	assert_int_equal(t->movers, 1);
}

/* IXC's cliente_contrato as its web service lists it. */
static void status_codes(void **state)
{
	(void)state;
	assert_int_equal(ANALYSE("id;status;status_internet;data_cancelamento;motivo_cancelamento\n"
				 "1;A;A;0000-00-00;0\n2;A;CM;0000-00-00;0\n3;I;D;2024-02-10;7\n"),
			 0);
	assert_int_equal(a->totals.in_force, 2);
	assert_int_equal(a->totals.cancelled, 1);
}

/* What the ERPs call the states of a contract. */
static void words_of_the_erps(void **state)
{
	static const struct {
		enum viz_status status;
		const char *words;
	} lists[] = {
	    {VIZ_STATUS_IN_FORCE,
	     "Ativo|A|P|Pré-contrato|CM|Bloqueio Manual|CA|Bloqueio Automático|FA|Financeiro em "
	     "atraso|"
	     "AA|Aguardando Assinatura|Bloqueio Financeiro|Bloqueado por débito|Suspenso a pedido|"
	     "Serviço Habilitado|servico_habilitado|suspenso_debito|suspenso_pedido_cliente|"
	     "aguardando_instalacao|Em instalação|Ativo V. Reduzida|Redução de "
	     "velocidade|Normal|Novo|"
	     "Demonstração|Cortesia|Em Aprovação|Aprovado|Em homologação|Em "
	     "dia|Liberado|Suspended"},
	    {VIZ_STATUS_CANCELLED,
	     "Inativo|I|D|N|Negativado|Desistiu|Cancelado|servico_cancelado|Cancelado por "
	     "inadimplência|"
	     "Encerrado|Contrato "
	     "encerrado|Excluído|Removido|Rescisão|Distrato|Retirado|Desinstalado|"
	     "Perdido|Cancelado/Retirado|Baixado|Finalizado"},
	    {VIZ_STATUS_UNDONE, "Retido|Revertido|Reativado|Cancelamento estornado"},
	    {VIZ_STATUS_UNKNOWN,
	     "Cancelamento solicitado|Aguardando cancelamento|Aguardando retirada|Não ativo|1|4|"
	     "Inviabilidade Técnica|Reprovado|Transferido|Retirada de equipamento"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
		for (const char *word = lists[i].words; *word;) {
			size_t len = strcspn(word, "|");

			if (viz_status_of(word, len) != lists[i].status)
				fail_msg("%.*s", (int)len, word);
			word += len + (word[len] == '|');
		}
}

/* SGP gives a number in a column of its own name, and often its word beside it. */
static void numbers_of_sgp(void **state)
{
	(void)state;
	assert_int_equal(ANALYSE("contrato;contratoStatus;data_cancelamento;motivo\n1;1;;\n"
				 "2;3;2024-02-10;Mudança\n3;4;2024-02-10;Bloqueio Financeiro\n"
				 "4;7;;\n5;2;2024-02-11;Preço\n"),
			 0);
	assert_int_equal(a->totals.in_force, 3);
	assert_int_equal(a->totals.cancelled, 2);
	assert_int_equal(ANALYSE("contrato;contratoStatus;contratoStatusDisplay;data_cancelamento\n"
				 "1;4;Suspenso;2024-02-10\n2;3;Cancelado;2024-02-10\n"),
			 0);
	assert_int_equal(a->totals.in_force, 4);
	assert_int_equal(a->totals.cancelled, 3);
	/* elsewhere a number says nothing */
	assert_int_equal(ANALYSE("contrato;status;data_cancelamento\n1;4;2024-02-10\n"), 0);
	assert_int_equal(a->totals.cancelled, 4);
}

static void status_not_used(void **state)
{
	(void)state;
	a->map[0] = (struct viz_column_map){VIZ_ROLE_STATUS, "-"};
	a->maps = 1;
	assert_int_equal(ANALYSE("situacao;data;motivo\nAtivo;12/02/2024;Mudança\n"), 0);
	assert_int_equal(a->totals.in_force, 0);
	assert_int_equal(a->totals.cancelled, 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, analysed_set_up, analysed_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(status_of_the_contract), TEST(status_codes),    TEST(words_of_the_erps),
	    TEST(numbers_of_sgp),         TEST(status_not_used),
	};

	return cmocka_run_group_tests(tests, analysed_open, analysed_close);
}
