#include "tests/unit/vectors.h"

#include "crypto/cipher.h"
#include "crypto/crypto.h"
#include "crypto/seal.h"

struct aead_case {
	struct viz_secret key;
	uint8_t nonce[24];
	uint8_t *aad, *msg, *sealed; /* sealed: ciphertext and tag */
	size_t aad_len, msg_len, sealed_len;
	bool valid;
};

static void load_case(struct aead_case *c, const json_t *test, size_t nonce_len)
{
	size_t tag_len;
	uint8_t *tag = viz_vectors_hex(&tag_len, test, "tag");

	viz_vectors_fixed(c->key.b, 32, test, "key");
	viz_vectors_fixed(c->nonce, nonce_len, test, "iv");
	c->aad = viz_vectors_hex(&c->aad_len, test, "aad");
	c->msg = viz_vectors_hex(&c->msg_len, test, "msg");
	c->sealed = viz_vectors_hex(&c->sealed_len, test, "ct");
	c->sealed = realloc(c->sealed, c->sealed_len + tag_len);
	assert_non_null(c->sealed);
	memcpy(c->sealed + c->sealed_len, tag, tag_len);
	c->sealed_len += tag_len;
	c->valid = strcmp(viz_vectors_text(test, "result"), "valid") == 0;
	free(tag);
}

static void free_case(struct aead_case *c)
{
	free(c->aad);
	free(c->msg);
	free(c->sealed);
}

/* Calls `check` for each test whose nonce has `nonce_len` bytes. The others are invalid only by
 * their nonce, which our type cannot hold. */
static void each_case(const char *file, size_t nonce_len, unsigned counts[2],
		      void (*check)(const struct aead_case *c))
{
	json_t *root = viz_vectors_load(file);
	json_t *group, *test;
	size_t g, t;

	json_array_foreach(viz_vectors_get(root, "testGroups"), g, group)
	{
		json_array_foreach(viz_vectors_get(group, "tests"), t, test)
		{
			struct aead_case c = {.valid = false};

			if (viz_vectors_flag(test, "InvalidNonceSize"))
				continue;
			load_case(&c, test, nonce_len);
			check(&c);
			counts[c.valid]++;
			free_case(&c);
		}
	}
	json_decref(root);
}

static void assert_zero(const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		assert_int_equal(bytes[i], 0);
}

static void check_cipher(const struct aead_case *c)
{
	uint8_t *out = malloc(c->sealed_len);

	assert_non_null(out);
	memset(out, 0xaa, c->sealed_len);
	if (c->valid) {
		viz_cipher_encrypt(out, &c->key, c->nonce, c->aad, c->aad_len, c->msg, c->msg_len);
		assert_memory_equal(out, c->sealed, c->sealed_len);
		/* In place. */
		assert_int_equal(viz_cipher_decrypt(out, &c->key, c->nonce, c->aad, c->aad_len, out,
						    c->sealed_len),
				 VIZ_OK);
		assert_memory_equal(out, c->msg, c->msg_len);
		memcpy(out, c->msg, c->msg_len);
		viz_cipher_encrypt(out, &c->key, c->nonce, c->aad, c->aad_len, out, c->msg_len);
		assert_memory_equal(out, c->sealed, c->sealed_len);
	} else {
		assert_int_equal(viz_cipher_decrypt(out, &c->key, c->nonce, c->aad, c->aad_len,
						    c->sealed, c->sealed_len),
				 VIZ_ERR_AUTH);
		assert_zero(out, c->msg_len);
	}
	free(out);
}

static void wycheproof_chacha20_poly1305(void **state)
{
	unsigned counts[2] = {0, 0};

	(void)state;
	each_case("wycheproof_chacha20_poly1305_test.json", 12, counts, check_cipher);
	assert_int_equal(counts[true], 256);
	assert_int_equal(counts[false], 60);
}

static void check_seal(const struct aead_case *c)
{
	size_t len = c->msg_len + VIZ_SEAL_OVERHEAD;
	uint8_t *sealed = malloc(len);
	uint8_t *out = malloc(c->msg_len + 1);

	assert_non_null(sealed);
	assert_non_null(out);
	if (c->valid) {
		viz_seal(sealed, &c->key, c->nonce, c->aad, c->aad_len, c->msg, c->msg_len);
		assert_memory_equal(sealed, c->nonce, 24);
		assert_memory_equal(sealed + 24, c->sealed, c->sealed_len);
	}
	memcpy(sealed, c->nonce, 24);
	memcpy(sealed + 24, c->sealed, c->sealed_len);
	memset(out, 0xaa, c->msg_len + 1);
	assert_int_equal(viz_seal_open(out, &c->key, c->aad, c->aad_len, sealed, len),
			 c->valid ? VIZ_OK : VIZ_ERR_AUTH);
	if (c->valid)
		assert_memory_equal(out, c->msg, c->msg_len);
	else
		assert_zero(out, c->msg_len);
	assert_int_equal(out[c->msg_len], 0xaa);
	free(sealed);
	free(out);
}

static void wycheproof_xchacha20_poly1305(void **state)
{
	unsigned counts[2] = {0, 0};

	(void)state;
	each_case("wycheproof_xchacha20_poly1305_test.json", 24, counts, check_seal);
	assert_int_equal(counts[true], 246);
	assert_int_equal(counts[false], 60);
}

static void every_change_is_refused(void **state)
{
	static const uint8_t plain[50] = "Rua sem nome, s/n, depois da ponte";
	const struct viz_secret key = {{1}};
	struct viz_secret other = {{2}};
	const uint8_t nonce[24] = {3};
	const uint8_t aad[] = {1, 2, 3};
	uint8_t sealed[sizeof plain + VIZ_SEAL_OVERHEAD];
	uint8_t out[sizeof plain];

	(void)state;
	viz_seal(sealed, &key, nonce, aad, sizeof aad, plain, sizeof plain);
	assert_int_equal(viz_seal_open(out, &key, aad, sizeof aad, sealed, sizeof sealed), VIZ_OK);
	assert_memory_equal(out, plain, sizeof plain);
	for (size_t bit = 0; bit < 8 * sizeof sealed; bit++) {
		sealed[bit / 8] ^= (uint8_t)(1u << (bit % 8));
		assert_int_equal(viz_seal_open(out, &key, aad, sizeof aad, sealed, sizeof sealed),
				 VIZ_ERR_AUTH);
		sealed[bit / 8] ^= (uint8_t)(1u << (bit % 8));
	}
	for (size_t len = 0; len < sizeof sealed; len++)
		assert_int_equal(viz_seal_open(out, &key, aad, sizeof aad, sealed, len),
				 VIZ_ERR_AUTH);
	assert_int_equal(viz_seal_open(out, &key, aad, 2, sealed, sizeof sealed), VIZ_ERR_AUTH);
	assert_int_equal(viz_seal_open(out, &key, NULL, 0, sealed, sizeof sealed), VIZ_ERR_AUTH);
	assert_int_equal(viz_seal_open(out, &other, aad, 3, sealed, sizeof sealed), VIZ_ERR_AUTH);
	/* An empty plaintext can be sealed. */
	viz_seal(sealed, &key, nonce, NULL, 0, NULL, 0);
	assert_int_equal(viz_seal_open(out, &key, NULL, 0, sealed, VIZ_SEAL_OVERHEAD), VIZ_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(wycheproof_chacha20_poly1305),
	    cmocka_unit_test(wycheproof_xchacha20_poly1305),
	    cmocka_unit_test(every_change_is_refused),
	};

	if (viz_crypto_init() != VIZ_OK)
		return 1;
	return cmocka_run_group_tests_name("seal", tests, NULL, NULL);
}
