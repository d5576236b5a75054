/* Who sees data of many people in an hour, and when the operator hears of it. */
#include "tests/unit/unit.h"

#include "tests/unit/node/bed.h"

#include "node/core/core.h"
#include "node/core/journal.h"
#include "node/core/views.h"
#include "node/state.h"
#include "store/stat.h"
#include "store/store.h"
#include "store/tables.h"

#define MINUTE INT64_C(60000)

static const struct viz_id origin = {{1}};

static void see(struct bed *b, const char *who, uint64_t from, uint64_t count)
{
	bed_begin(b);
	b->node->core.now = b->now;
	for (uint64_t i = 0; i < count; i++)
		viz_journal_accessed(&b->node->core, who, "inbox", &origin, from + i);
	bed_end(b);
}

/* How many warnings there are: in the journal without a name, in the access log with it. */
static void check_warned(struct bed *b, size_t views, size_t warnings)
{
	struct viz_journal_entry e;
	struct viz_id hash;
	size_t said = 0;

	bed_begin(b);
	for (uint64_t n = 1; viz_journal_get(&b->node->core, &e, &hash, n) == VIZ_OK; n++)
		said += strcmp(e.event, "many-views") == 0;
	bed_end(b);
	assert_int_equal(said, warnings);
	assert_int_equal(viz_store_stat_entries(b->store, VIZ_TABLE_ACCESS), views + warnings);
}

static void many_people_in_an_hour(void **state)
{
	struct bed *b = *state;

	see(b, "web:maria", 1, VIZ_VIEWS_MAX);
	check_warned(b, VIZ_VIEWS_MAX, 0);
	see(b, "web:maria", 1, VIZ_VIEWS_MAX); /* the same people again */
	see(b, "web:rita", 1000, 2);           /* another account */
	check_warned(b, 2 * VIZ_VIEWS_MAX + 2, 0);
	see(b, "web:maria", 2000, 1);
	check_warned(b, 2 * VIZ_VIEWS_MAX + 3, 1);
	see(b, "web:maria", 3000, 1); /* said already in this hour */
	check_warned(b, 2 * VIZ_VIEWS_MAX + 4, 1);
	b->now.ms += 61 * MINUTE;
	see(b, "web:maria", 4000, VIZ_VIEWS_MAX);
	check_warned(b, 3 * VIZ_VIEWS_MAX + 4, 1);
	see(b, "web:maria", 5000, 1);
	check_warned(b, 3 * VIZ_VIEWS_MAX + 5, 2);
}

/* The hour slides: half before the end of one, half after it are as many. */
static void an_hour_that_slides(void **state)
{
	struct bed *b = *state;

	see(b, "web:maria", 1, 1);
	b->now.ms += 50 * MINUTE;
	see(b, "web:maria", 100, VIZ_VIEWS_MAX - 10);
	check_warned(b, VIZ_VIEWS_MAX - 9, 0);
	b->now.ms += 20 * MINUTE;
	see(b, "web:maria", 1000, 10);
	check_warned(b, VIZ_VIEWS_MAX + 1, 0); /* the first one is longer ago */
	see(b, "web:maria", 2000, 1);
	check_warned(b, VIZ_VIEWS_MAX + 2, 1);
}

/* More accounts than are watched: whoever has seen nothing for longest is forgotten. */
static void many_accounts(void **state)
{
	struct bed *b = *state;
	char who[32];

	see(b, "web:maria", 1, VIZ_VIEWS_MAX);
	for (int i = 0; i < 2 * VIZ_VIEWS_ACCOUNTS; i++) {
		b->now.ms += 1000;
		snprintf(who, sizeof who, "web:agent%d", i);
		see(b, who, 1, 1);
		see(b, "web:maria", 1000, 1);
	}
	check_warned(b, VIZ_VIEWS_MAX + 4 * VIZ_VIEWS_ACCOUNTS, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(many_people_in_an_hour, bed_setup, bed_teardown),
	    cmocka_unit_test_setup_teardown(an_hour_that_slides, bed_setup, bed_teardown),
	    cmocka_unit_test_setup_teardown(many_accounts, bed_setup, bed_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
