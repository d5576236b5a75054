/* Rows that end by their date, and those that cannot be read any more. */
#include "tests/unit/unit.h"

#include "node/core/core.h"
#include "node/core/ids.h"
#include "node/core/journal.h"
#include "node/lead/consent.h"
#include "node/retention.h"
#include "node/state.h"
#include "proto/base.h"
#include "proto/record.h"
#include "proto/writer.h"
#include "store/stat.h"
#include "store/store.h"
#include "store/tables.h"
#include "tests/unit/node/bed.h"

#include <time.h>

/* Sweeps at `now`, and gives how many rows of the access log are left. */
static uint64_t sweep(struct bed *b, struct viz_time now)
{
	uint64_t left;

	b->now = now;
	bed_begin(b);
	viz_retention_sweep(&b->node->trust);
	left = viz_store_stat_entries(b->store, VIZ_TABLE_ACCESS);
	bed_end(b);
	return left;
}

/* An older version kept the name of a user that is no text, or that it had cut inside of a
 * character. */
static void an_access_that_cannot_be_read(void **state)
{
	struct bed *b = *state;
	struct viz_time start = b->now;
	struct viz_journal_access odd = {.who = "jos\xe9", .what = "lead"};
	struct viz_id origin = {{1}};
	VIZ_WRITER(w, 256);
	uint8_t key[8];

	bed_begin(b);
	viz_journal_accessed(&b->node->core, "agente", "lead", &origin, 1);
	odd.time = b->node->core.now;
	viz_journal_access_write(&w, &odd);
	viz_be_put_u64(key, 2);
	viz_core_put_row(&b->node->core, VIZ_TABLE_ACCESS, key, sizeof key, &w);
	assert_int_equal(viz_store_stat_entries(b->store, VIZ_TABLE_ACCESS), 2);
	bed_end(b);
	assert_int_equal(sweep(b, start), 1);
	assert_int_equal(sweep(b, viz_after(start, 364 * VIZ_DAY_MS)), 1);
	assert_int_equal(sweep(b, viz_after(start, 366 * VIZ_DAY_MS)), 0);
}

#define EXPIRED 100000
#define STEP    500 /* as retention.c has it */

/* All of two tables expires at once: each batch deletes a few, and costs as much as any other. */
static void much_expires_at_once(void **state)
{
	struct bed *b = *state;
	struct viz_time later = viz_after(b->now, 6 * 366 * VIZ_DAY_MS);
	uint64_t left = EXPIRED, before = EXPIRED;
	uint8_t key[32 + 8 + 1] = {0}, none[100] = {0};
	struct viz_id origin = {{1}};
	double longest = 0;
	unsigned batches = 0;

	bed_begin(b);
	for (uint32_t i = 0; i < EXPIRED; i++) {
		if (i % 1000 == 999) {
			bed_end(b);
			bed_begin(b);
		}
		viz_journal_accessed(&b->node->core, "agente", "lead", &origin, 1);
		viz_be_put_u32(key, i * 2654435761u);
		key[40] = VIZ_TYPE_STATEMENT_MIN;
		viz_core_put(&b->node->core, VIZ_TABLE_STATEMENT, key, sizeof key, none,
			     sizeof none);
	}
	bed_end(b);
	for (; left > 0; before = left, batches++) {
		clock_t from = clock();
		double ms;

		left = sweep(b, later);
		ms = (double)(clock() - from) * 1000 / CLOCKS_PER_SEC;
		longest = ms > longest ? ms : longest;
		assert_true(left < before && before - left <= STEP);
		assert_true(batches <= EXPIRED / STEP + 1);
	}
	assert_true(viz_store_stat_entries(b->store, VIZ_TABLE_STATEMENT) <= STEP);
	if (getenv("VIZ_VERBOSE"))
		printf("%u batches, the longest %.1f ms of processor time\n", batches, longest);
}

/* A row of INBOX whose key is none of an offer stays, and stops nothing. */
static void an_offer_that_is_not_there(void **state)
{
	struct bed *b = *state;
	uint8_t key[VIZ_ID_SLOT_LEN + 1] = {1};

	bed_begin(b);
	viz_core_put(&b->node->core, VIZ_TABLE_INBOX, key, sizeof key, key, 1);
	bed_end(b);
	sweep(b, b->now);
	assert_int_equal(viz_store_stat_entries(b->store, VIZ_TABLE_INBOX), 1);
}

/* What the customer heard, and what opens the reference, stay five years, as the receipts do. */
static void what_was_heard_stays_with_the_receipts(void **state)
{
	struct bed *b = *state;
	struct viz_lead_reference ref = {.evidence = "gravacao 1", .agent = "ana"};
	uint64_t slot = viz_record_slot_make(b->now, 0);
	struct viz_time start = b->now;
	struct viz_id hash = {{7}};

	bed_begin(b);
	viz_lead_consent_keep_text(&b->node->trust, slot, &hash, "o texto");
	viz_lead_consent_keep_reference(&b->node->trust, slot, 1, &ref);
	bed_end(b);
	sweep(b, viz_after(start, 5 * 365 * VIZ_DAY_MS));
	assert_int_equal(viz_store_stat_entries(b->store, VIZ_TABLE_STATEMENT), 2);
	sweep(b, viz_after(start, (5 * 365 + 2) * VIZ_DAY_MS));
	assert_int_equal(viz_store_stat_entries(b->store, VIZ_TABLE_STATEMENT), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(an_access_that_cannot_be_read, bed_setup, bed_teardown),
	    cmocka_unit_test_setup_teardown(an_offer_that_is_not_there, bed_setup, bed_teardown),
	    cmocka_unit_test_setup_teardown(much_expires_at_once, bed_setup, bed_teardown),
	    cmocka_unit_test_setup_teardown(what_was_heard_stays_with_the_receipts, bed_setup,
					    bed_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
