/* Values of XXH64 as its specification and its implementations give them. */
#include "tests/unit/store/open_store.h"

#include "store/checksum.h"

static void xxh64(void **state)
{
	static const struct {
		const char *text;
		uint64_t seed, sum;
	} known[] = {
	    {"", 0, UINT64_C(0xef46db3751d8e999)},
	    {"a", 0, UINT64_C(0xd24ec4f1a98c6e5b)},
	    {"abc", 0, UINT64_C(0x44bc2cf5ad770999)},
	    {"Nobody inspects the spammish repetition", 0, UINT64_C(0xfbcea83c8a378bf1)},
	};

	(void)state;
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		assert_true(viz_checksum_xxh64((const uint8_t *)known[i].text,
					       strlen(known[i].text),
					       known[i].seed) == known[i].sum);
}

/* Each bit of table, key and value, and the place of the border between key and value, count. */
static void a_row(void **state)
{
	uint8_t key[] = "key", stored[5 + VIZ_CHECKSUM_LEN] = "value";

	(void)state;
	viz_be_put_u64(stored + 5, viz_checksum_row(VIZ_TABLE_LEAD, key, 3, stored, 5));
	assert_true(viz_checksum_fits(VIZ_TABLE_LEAD, key, 3, stored, sizeof stored));
	assert_false(viz_checksum_fits(VIZ_TABLE_INBOX, key, 3, stored, sizeof stored));
	assert_false(viz_checksum_fits(VIZ_TABLE_LEAD, key, 2, stored, sizeof stored));
	assert_false(viz_checksum_fits(VIZ_TABLE_LEAD, key, 3, stored, VIZ_CHECKSUM_LEN - 1));
	for (size_t bit = 0; bit < 8 * sizeof stored; bit++) {
		stored[bit / 8] ^= (uint8_t)(1u << bit % 8);
		assert_false(viz_checksum_fits(VIZ_TABLE_LEAD, key, 3, stored, sizeof stored));
		stored[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	for (size_t bit = 0; bit < 8 * 3; bit++) {
		key[bit / 8] ^= (uint8_t)(1u << bit % 8);
		assert_false(viz_checksum_fits(VIZ_TABLE_LEAD, key, 3, stored, sizeof stored));
		key[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(xxh64),
	    cmocka_unit_test(a_row),
	};

	return cmocka_run_group_tests_name("checksum", tests, NULL, NULL);
}
