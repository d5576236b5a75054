/* Packed lists of numbers, compared with plain lists. */
#include "tests/unit/unit.h"

#include "store/postings.h"
#include "tests/unit/store/lookup_bench.h"

static void lists_of_numbers(void **state)
{
	uint64_t values[64] = {0};
	struct viz_draws r = {9};
	size_t n = 0;

	(void)state;
	for (unsigned round = 0; round < 3000; round++) {
		uint64_t v = viz_draw(&r, 4)
				 ? viz_draw(&r, 90)
				 : UINT64_MAX - viz_draw(&r, 3) * UINT64_C(1234567890123);
		uint8_t bytes[64 * VIZ_POSTINGS_VARINT_MAX];
		uint8_t out[sizeof bytes + 2 * VIZ_POSTINGS_VARINT_MAX];
		uint64_t back[65];
		size_t len = viz_postings_pack(bytes, values, n);
		size_t out_len = 0;
		size_t back_n = 0;
		size_t i = 0;
		bool there = false;
		int err = 0;

		while (i < n && values[i] < v)
			i++;
		there = i < n && values[i] == v;
		if (viz_draw(&r, 2) && n < 60) {
			err = viz_postings_add(out, &out_len, bytes, len, v);
			assert_int_equal(err, there ? VIZ_ERR_EXISTS : 0);
			if (!there) {
				memmove(values + i + 1, values + i, (n - i) * sizeof *values);
				values[i] = v;
				n++;
			}
		} else {
			err = viz_postings_remove(out, &out_len, bytes, len, v);
			assert_int_equal(err, there ? 0 : VIZ_ERR_ABSENT);
			if (there) {
				n--;
				memmove(values + i, values + i + 1, (n - i) * sizeof *values);
			}
		}
		if (err)
			continue;
		assert_int_equal(viz_postings_unpack(back, &back_n, 64, out, out_len), 0);
		assert_int_equal(back_n, n);
		assert_memory_equal(back, values, n * sizeof *values);
		if (n > 0)
			assert_int_equal(viz_postings_unpack(back, &back_n, n - 1, out, out_len),
					 VIZ_ERR_STORE);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(lists_of_numbers),
	};

	return cmocka_run_group_tests_name("postings", tests, NULL, NULL);
}
