#include "tests/unit/vectors.h"

#include "crypto/crypto.h"
#include "crypto/hash.h"

static void known_hashes(void **state)
{
	json_t *root = viz_vectors_load("crypto.json");
	json_t *v, *part;
	size_t i, j;

	(void)state;
	json_array_foreach(viz_vectors_get(root, "hash"), i, v)
	{
		struct viz_id expected, out;
		struct viz_hash h;

		viz_hash_init(&h, viz_vectors_text(v, "domain"));
		json_array_foreach(viz_vectors_get(v, "parts"), j, part)
		{
			size_t len;
			uint8_t *bytes = viz_vectors_bytes(&len, part);

			viz_hash_part(&h, bytes, len);
			free(bytes);
		}
		viz_hash_final(&h, &out);
		viz_vectors_fixed(expected.b, sizeof expected.b, v, "hash");
		assert_memory_equal(out.b, expected.b, sizeof out.b);
	}
	assert_int_equal(i, 12);
	json_decref(root);
}

static struct viz_id hash_of(const char *domain, const char *const *parts, size_t n)
{
	struct viz_hash h;
	struct viz_id out;

	viz_hash_init(&h, domain);
	for (size_t i = 0; i < n; i++)
		viz_hash_part(&h, (const uint8_t *)parts[i], strlen(parts[i]));
	viz_hash_final(&h, &out);
	return out;
}

/* The same bytes, split in different ways, never give the same hash. */
static void lists_have_different_hashes(void **state)
{
	const struct viz_id all[] = {
	    hash_of("d", (const char *[]){"ab"}, 1),
	    hash_of("d", (const char *[]){"a", "b"}, 2),
	    hash_of("d", (const char *[]){"", "ab"}, 2),
	    hash_of("d", (const char *[]){"ab", ""}, 2),
	    hash_of("da", (const char *[]){"b"}, 1),
	    hash_of("dab", NULL, 0),
	    hash_of("d", NULL, 0),
	    hash_of("d", (const char *[]){""}, 1),
	};

	(void)state;
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		for (size_t j = 0; j < i; j++)
			assert_false(viz_id_eq(&all[i], &all[j]));
}

static void integers_are_eight_bytes_big_endian(void **state)
{
	static const uint8_t be[8] = {1, 2, 3, 4, 5, 6, 7, 8};
	struct viz_id a, b, id = {{9}};
	struct viz_hash h;

	(void)state;
	viz_hash_init(&h, "d");
	viz_hash_u64(&h, UINT64_C(0x0102030405060708));
	viz_hash_id(&h, &id);
	viz_hash_final(&h, &a);
	viz_hash_init(&h, "d");
	viz_hash_part(&h, be, sizeof be);
	viz_hash_part(&h, id.b, sizeof id.b);
	viz_hash_final(&h, &b);
	assert_true(viz_id_eq(&a, &b));
	/* The state is wiped. */
	for (size_t i = 0; i < sizeof h.state; i++)
		assert_int_equal(h.state[i], 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(known_hashes),
	    cmocka_unit_test(lists_have_different_hashes),
	    cmocka_unit_test(integers_are_eight_bytes_big_endian),
	};

	if (viz_crypto_init() != VIZ_OK)
		return 1;
	return cmocka_run_group_tests_name("hash", tests, NULL, NULL);
}
