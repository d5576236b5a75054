/* The column of the status: which rows are no cancellations by it. */
#include "tests/unit/tools/analysed.h"

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
	    TEST(status_of_the_contract),
	    TEST(status_codes),
	    TEST(status_not_used),
	};

	return cmocka_run_group_tests(tests, analysed_open, analysed_close);
}
