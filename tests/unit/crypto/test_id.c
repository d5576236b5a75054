#include "tests/unit/vectors.h"

#include "crypto/crypto.h"
#include "crypto/id.h"
#include "crypto/rng.h"

static void known_authors(void **state)
{
	json_t *root = viz_vectors_load("crypto.json");
	json_t *v;
	size_t i;

	(void)state;
	json_array_foreach(viz_vectors_get(root, "author"), i, v)
	{
		struct viz_id federation, author, next_hash, expected;
		struct viz_birth birth;
		struct viz_pub next;
		char text[VIZ_TEXT_ID_MAX];
		char fingerprint[VIZ_FINGERPRINT_MAX];

		viz_vectors_fixed(federation.b, 32, v, "federation");
		viz_vectors_fixed(birth.first_key.b, 32, v, "first_key");
		viz_vectors_fixed(next.b, 32, v, "next_key");
		viz_vectors_fixed(birth.nonce, 16, v, "nonce");
		viz_id_next_hash(&next_hash, &next);
		viz_vectors_fixed(expected.b, 32, v, "next_hash");
		assert_memory_equal(next_hash.b, expected.b, 32);
		birth.next_hash = next_hash;
		viz_id_author(&author, &federation, &birth);
		viz_vectors_fixed(expected.b, 32, v, "author");
		assert_memory_equal(author.b, expected.b, 32);
		viz_id_text(text, "viz", author.b);
		assert_string_equal(text, viz_vectors_text(v, "author_text"));
		viz_id_text(text, "vizkey", birth.first_key.b);
		assert_string_equal(text, viz_vectors_text(v, "key_text"));
		viz_id_fingerprint(fingerprint, &author, &birth.first_key);
		assert_string_equal(fingerprint, viz_vectors_text(v, "fingerprint"));
		assert_int_equal(strlen(fingerprint), VIZ_FINGERPRINT_MAX - 1);
	}
	assert_int_equal(i, 8);
	json_decref(root);
}

static void known_texts(void **state)
{
	json_t *root = viz_vectors_load("crypto.json");
	json_t *v;
	size_t i;

	(void)state;
	json_array_foreach(viz_vectors_get(root, "text"), i, v)
	{
		uint8_t bytes[32], back[32];
		char text[VIZ_TEXT_ID_MAX];

		viz_vectors_fixed(bytes, sizeof bytes, v, "bytes");
		viz_id_text(text, viz_vectors_text(v, "prefix"), bytes);
		assert_string_equal(text, viz_vectors_text(v, "text"));
		assert_int_equal(viz_id_parse(back, viz_vectors_text(v, "prefix"), text), VIZ_OK);
		assert_memory_equal(back, bytes, sizeof bytes);
	}
	assert_int_equal(i, 12);
	json_decref(root);
}

static void upper(char *s)
{
	for (; *s != '\0'; s++)
		if (*s >= 'a' && *s <= 'z')
			*s = (char)(*s - 'a' + 'A');
}

static void round_trip(void **state)
{
	struct viz_secret seed = {{5}};
	struct viz_rng rng;

	(void)state;
	viz_rng_seed(&rng, &seed);
	for (unsigned i = 0; i < 2000; i++) {
		uint8_t bytes[32], back[32];
		char text[VIZ_TEXT_ID_MAX];

		viz_rng_bytes(&rng, bytes, sizeof bytes);
		viz_id_text(text, "viz", bytes);
		assert_int_equal(strlen(text), 3 + 1 + 52 + 7);
		assert_int_equal(viz_id_parse(back, "viz", text), VIZ_OK);
		assert_memory_equal(back, bytes, sizeof bytes);
		upper(text);
		assert_int_equal(viz_id_parse(back, "viz", text), VIZ_OK);
		assert_memory_equal(back, bytes, sizeof bytes);
	}
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Every other byte is tried at every position, also NUL and those outside the alphabet. */
static void every_other_character_is_refused(void **state)
{
	struct viz_id id = {{0xc0, 0xff, 0xee}};
	char text[VIZ_TEXT_ID_MAX];
	uint8_t back[32];
	uint8_t untouched[32];

	(void)state;
	memset(back, 0x77, sizeof back);
	memcpy(untouched, back, sizeof back);
	viz_id_text(text, "viz", id.b);
	for (size_t at = 0; text[at] != '\0'; at++) {
		char right = text[at];

		for (unsigned c = 0; c < 256; c++) {
			if (lower((char)c) == right)
				continue;
			text[at] = (char)c;
			assert_int_equal(viz_id_parse(back, "viz", text), VIZ_ERR_FORM);
		}
		text[at] = right;
	}
	assert_memory_equal(back, untouched, sizeof back);
	assert_int_equal(viz_id_parse(back, "viz", text), VIZ_OK);
}

/* Swapped neighbours, a missing and a doubled character: common typing errors. */
static void slips_are_refused(void **state)
{
	struct viz_id id = {{1, 2, 3, 4, 5, 6, 7, 8, 9}};
	char text[VIZ_TEXT_ID_MAX];
	char bad[VIZ_TEXT_ID_MAX + 1];
	uint8_t back[32];
	size_t len;

	(void)state;
	viz_id_text(text, "viz", id.b);
	len = strlen(text);
	for (size_t i = 0; i < len; i++) {
		memcpy(bad, text, len + 1);
		memmove(bad + i, text + i + 1, len - i);
		assert_int_equal(viz_id_parse(back, "viz", bad), VIZ_ERR_FORM);
		memcpy(bad, text, i + 1);
		memcpy(bad + i + 1, text + i, len - i + 1);
		assert_int_equal(viz_id_parse(back, "viz", bad), VIZ_ERR_FORM);
		if (i + 1 < len && text[i] != text[i + 1]) {
			memcpy(bad, text, len + 1);
			bad[i] = text[i + 1];
			bad[i + 1] = text[i];
			assert_int_equal(viz_id_parse(back, "viz", bad), VIZ_ERR_FORM);
		}
	}
	assert_int_equal(viz_id_parse(back, "viz", ""), VIZ_ERR_FORM);
	assert_int_equal(viz_id_parse(back, "vizkey", text), VIZ_ERR_FORM);
	assert_int_equal(viz_id_parse(back, "vi", text), VIZ_ERR_FORM);
}

/* The checksum covers the prefix. The text of an author with the prefix of a key is no key. */
static void prefixes_do_not_mix(void **state)
{
	struct viz_id id = {{1}};
	char text[VIZ_TEXT_ID_MAX];
	uint8_t back[32];

	(void)state;
	viz_id_text(text, "viz", id.b);
	memcpy(text, "wiz", 3);
	assert_int_equal(viz_id_parse(back, "wiz", text), VIZ_ERR_FORM);
}

static void fingerprints_differ(void **state)
{
	struct viz_id author = {{1}}, author2 = {{2}};
	struct viz_pub key = {{3}}, key2 = {{4}};
	char a[VIZ_FINGERPRINT_MAX], b[VIZ_FINGERPRINT_MAX], c[VIZ_FINGERPRINT_MAX];

	(void)state;
	viz_id_fingerprint(a, &author, &key);
	viz_id_fingerprint(b, &author2, &key);
	viz_id_fingerprint(c, &author, &key2);
	assert_string_not_equal(a, b);
	assert_string_not_equal(a, c);
	for (size_t i = 0; a[i] != '\0'; i++)
		assert_true(i % 6 == 5 ? a[i] == ' ' : a[i] >= '0' && a[i] <= '9');
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(known_authors),
	    cmocka_unit_test(known_texts),
	    cmocka_unit_test(round_trip),
	    cmocka_unit_test(every_other_character_is_refused),
	    cmocka_unit_test(slips_are_refused),
	    cmocka_unit_test(prefixes_do_not_mix),
	    cmocka_unit_test(fingerprints_differ),
	};

	if (viz_crypto_init() != VIZ_OK)
		return 1;
	return cmocka_run_group_tests_name("identity", tests, NULL, NULL);
}
