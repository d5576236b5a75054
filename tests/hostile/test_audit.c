/* How much an author can make the audits of others keep. */
#include "tests/hostile/one_node.h"

#include "proto/trust.h"
#include "crypto/rng.h"
#include "crypto/sign.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/record.h"
#include "proto/writer.h"
#include "store/store.h"
#include "store/tables.h"

/* Sends a PARTNERS record with 256 new partners that were added long ago. So each of these records
 * contradicts the one before. */
static void give_false_partners(struct one_node *b)
{
	struct viz_partners *p = calloc(1, sizeof *p);
	uint8_t *body = malloc(VIZ_RECORD_MAX);
	struct viz_writer w;

	VIZ_REQUIRE(p && body);
	p->count = VIZ_PARTNERS_MAX;
	for (size_t i = 0; i < p->count; i++) {
		viz_rng_bytes(&b->rng, p->entry[i].id.b, sizeof p->entry[i].id.b);
		p->entry[i].id.b[0] = (uint8_t)i;
		p->entry[i].added.ms = 1000;
	}
	b->now.ms++;
	viz_writer_init(&w, body, VIZ_RECORD_MAX);
	viz_partners_write(&w, p);
	forge_record(&b->scratch, &b->evil, VIZ_TYPE_PARTNERS, 0, b->now, &w);
	give(b, &b->scratch);
	assert_int_equal(b->closed, 0);
	free(body);
	free(p);
}

static void a_thousand_lies_are_kept_as_a_few(void **state)
{
	struct one_node *b = *state;

	give_false_partners(b);
	assert_int_equal(viz_store_count(b->store, VIZ_TABLE_FINDING), 1);
	give_false_partners(b);
	assert_int_equal(viz_store_count(b->store, VIZ_TABLE_FINDING), 2);
	for (unsigned i = 0; i < 2 * VIZ_FINDINGS_PER_RULE; i++)
		give_false_partners(b);
	assert_int_equal(viz_store_count(b->store, VIZ_TABLE_FINDING), VIZ_FINDINGS_PER_RULE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(a_thousand_lies_are_kept_as_a_few, setup, teardown),
	};

	VIZ_REQUIRE(viz_crypto_init() == VIZ_OK);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
