#include "crypto/x25519.h"
#include "tests/unit/vectors.h"

#include "crypto/crypto.h"
#include "crypto/secret.h"
#include "crypto/sign_internal.h"

/* Wycheproof's Ed25519 file has 88 valid and 63 invalid cases, and no "acceptable" ones. In 12
 * of the invalid ones the length is not 64 bytes, which struct viz_sig cannot hold. All verdicts
 * must agree. */
static void wycheproof_ed25519(void **state)
{
	json_t *root = viz_vectors_load("wycheproof_ed25519_test.json");
	unsigned valid = 0, refused = 0, other_length = 0;
	json_t *group, *test;
	size_t g, t;

	(void)state;
	json_array_foreach(viz_vectors_get(root, "testGroups"), g, group)
	{
		struct viz_pub pub;

		viz_vectors_fixed(pub.b, 32, viz_vectors_get(group, "publicKey"), "pk");
		json_array_foreach(viz_vectors_get(group, "tests"), t, test)
		{
			bool good = strcmp(viz_vectors_text(test, "result"), "valid") == 0;
			struct viz_sig sig;
			size_t len;
			uint8_t *msg;

			if (strlen(viz_vectors_text(test, "sig")) != 2 * sizeof sig.b) {
				assert_false(good);
				other_length++;
				continue;
			}
			viz_vectors_fixed(sig.b, sizeof sig.b, test, "sig");
			msg = viz_vectors_hex(&len, test, "msg");
			assert_int_equal(viz_sign_verify_bytes(&sig, msg, len, &pub),
					 good ? VIZ_OK : VIZ_ERR_AUTH);
			free(msg);
			valid += good;
			refused += !good;
		}
	}
	assert_int_equal(valid, 88);
	assert_int_equal(refused, 51);
	assert_int_equal(other_length, 12);
	json_decref(root);
}

/* The twelve cases of "Taming the many EdDSAs" (ePrint 2020/1244, table 6c), with a verdict on
 * the signature and one on the key. Only one signature verifies, and its key is not admitted. So
 * no admitted key has one signature for two messages. */
static void speccheck(void **state)
{
	static const struct {
		const char *what;
		int verify;
		int admit;
	} cases[] = {
	    {"S = 0, A and R of small order", VIZ_ERR_AUTH, VIZ_ERR_AUTH},
	    {"A of small order", VIZ_ERR_AUTH, VIZ_ERR_AUTH},
	    {"R of small order, A of mixed order", VIZ_ERR_AUTH, VIZ_ERR_AUTH},
	    {"A and R of mixed order, holds without the cofactor", VIZ_OK, VIZ_ERR_AUTH},
	    {"A and R of mixed order, holds with the cofactor only", VIZ_ERR_AUTH, VIZ_ERR_AUTH},
	    {"A of mixed order, holds with the cofactor only", VIZ_ERR_AUTH, VIZ_ERR_AUTH},
	    {"S > L", VIZ_ERR_AUTH, VIZ_OK},
	    {"S >> L", VIZ_ERR_AUTH, VIZ_OK},
	    {"R not canonical, hashed reduced", VIZ_ERR_AUTH, VIZ_ERR_AUTH},
	    {"R not canonical, hashed as it is", VIZ_ERR_AUTH, VIZ_ERR_AUTH},
	    {"A not canonical, hashed reduced", VIZ_ERR_AUTH, VIZ_ERR_AUTH},
	    {"A not canonical, hashed as it is", VIZ_ERR_AUTH, VIZ_ERR_AUTH},
	};
	json_t *root = viz_vectors_load("ed25519_speccheck_cases.json");
	json_t *v;
	size_t i;

	(void)state;
	assert_int_equal(json_array_size(root), sizeof cases / sizeof *cases);
	json_array_foreach(root, i, v)
	{
		struct viz_pub pub;
		struct viz_sig sig;
		struct viz_id msg;

		viz_vectors_fixed(pub.b, sizeof pub.b, v, "pub_key");
		viz_vectors_fixed(sig.b, sizeof sig.b, v, "signature");
		viz_vectors_fixed(msg.b, sizeof msg.b, v, "message");
		if (viz_sign_verify(&sig, &msg, &pub) != cases[i].verify)
			fail_msg("case %zu, %s: the signature", i, cases[i].what);
		if (viz_sign_pub_check(&pub) != cases[i].admit)
			fail_msg("case %zu, %s: the key", i, cases[i].what);
	}
	json_decref(root);
}

/* Wycheproof's X25519 file has 264 valid and 254 "acceptable" cases. 31 of these have a result
 * of all zeros, because the public key has small order: refused. The other 223, on the twist or
 * not canonical, give the value of RFC 7748. */
static void wycheproof_x25519(void **state)
{
	json_t *root = viz_vectors_load("wycheproof_x25519_test.json");
	unsigned valid = 0, acceptable = 0, zero = 0;
	json_t *group, *test;
	size_t g, t;

	(void)state;
	json_array_foreach(viz_vectors_get(root, "testGroups"), g, group)
	{
		json_array_foreach(viz_vectors_get(group, "tests"), t, test)
		{
			struct viz_secret secret, expected, shared;
			struct viz_pub pub;

			viz_vectors_fixed(secret.b, 32, test, "private");
			viz_vectors_fixed(pub.b, 32, test, "public");
			viz_vectors_fixed(expected.b, 32, test, "shared");
			memset(shared.b, 0x55, 32);
			if (viz_vectors_flag(test, "ZeroSharedSecret")) {
				struct viz_secret untouched = shared;

				assert_int_equal(viz_x25519_dh(&shared, &secret, &pub),
						 VIZ_ERR_AUTH);
				assert_memory_equal(shared.b, untouched.b, 32);
				assert_int_equal(viz_x25519_pub_check(&pub), VIZ_ERR_AUTH);
				zero++;
				continue;
			}
			assert_int_equal(viz_x25519_dh(&shared, &secret, &pub), VIZ_OK);
			assert_memory_equal(shared.b, expected.b, 32);
			assert_int_equal(viz_x25519_pub_check(&pub), VIZ_OK);
			if (strcmp(viz_vectors_text(test, "result"), "valid") == 0)
				valid++;
			else
				acceptable++;
		}
	}
	assert_int_equal(valid, 264);
	assert_int_equal(acceptable, 223);
	assert_int_equal(zero, 31);
	json_decref(root);
}

/* The list of small-order keys agrees with the multiplication: all encodings near 0 and near p,
 * with either top bit. */
static void small_order_list_is_the_whole_list(void **state)
{
	struct viz_secret secret = {{9, 8, 7}};
	struct viz_secret shared;
	unsigned refused = 0;

	(void)state;
	for (unsigned i = 0; i < 1024; i++) {
		struct viz_pub pub;

		memset(pub.b, i & 256 ? 0xff : 0, 32);
		pub.b[0] = (uint8_t)i;
		pub.b[31] = (uint8_t)((i & 256 ? 0x7f : 0) | (i & 512 ? 0x80 : 0));
		assert_int_equal(viz_x25519_pub_check(&pub), viz_x25519_dh(&shared, &secret, &pub));
		refused += viz_x25519_pub_check(&pub) != VIZ_OK;
	}
	assert_int_equal(refused, 10);
}

/* The public key is the product with the base point 9 (RFC 7748, section 6.1). libsodium
 * computes it on another curve. Both sides of an exchange agree. */
static void transport_pub(void **state)
{
	static const struct viz_pub base = {{9}};
	struct viz_secret previous = {{1}};

	(void)state;
	for (unsigned i = 0; i < 64; i++) {
		struct viz_secret secret = {{(uint8_t)i, 1, 2, 3}};
		struct viz_secret product, ab, ba;
		struct viz_pub pub, previous_pub;

		secret.b[31] = (uint8_t)(37 * i);
		viz_x25519_pub(&pub, &secret);
		assert_int_equal(viz_x25519_dh(&product, &secret, &base), VIZ_OK);
		assert_memory_equal(pub.b, product.b, 32);
		assert_int_equal(viz_x25519_pub_check(&pub), VIZ_OK);
		viz_x25519_pub(&previous_pub, &previous);
		assert_int_equal(viz_x25519_dh(&ab, &secret, &previous_pub), VIZ_OK);
		assert_int_equal(viz_x25519_dh(&ba, &previous, &pub), VIZ_OK);
		assert_memory_equal(ab.b, ba.b, 32);
		previous = secret;
	}
}

/* Every flipped bit of the signature, the id and the key counts. */
static void flipped_bits_are_refused(void **state)
{
	struct viz_secret seed = {{1, 2, 3}};
	struct viz_signer signer;
	struct viz_id id = {{4, 5, 6}};
	struct viz_sig sig;

	(void)state;
	viz_sign_seed_keypair(&signer, &seed);
	assert_int_equal(viz_sign_pub_check(&signer.pub), VIZ_OK);
	viz_sign(&sig, &signer, &id);
	assert_int_equal(viz_sign_verify(&sig, &id, &signer.pub), VIZ_OK);
	for (size_t bit = 0; bit < 512; bit++) {
		struct viz_sig bad = sig;

		bad.b[bit / 8] ^= (uint8_t)(1u << (bit % 8));
		assert_int_equal(viz_sign_verify(&bad, &id, &signer.pub), VIZ_ERR_AUTH);
	}
	for (size_t bit = 0; bit < 256; bit++) {
		struct viz_id bad_id = id;
		struct viz_pub bad_pub = signer.pub;

		bad_id.b[bit / 8] ^= (uint8_t)(1u << (bit % 8));
		bad_pub.b[bit / 8] ^= (uint8_t)(1u << (bit % 8));
		assert_int_equal(viz_sign_verify(&sig, &bad_id, &signer.pub), VIZ_ERR_AUTH);
		assert_int_equal(viz_sign_verify(&sig, &id, &bad_pub), VIZ_ERR_AUTH);
	}
	viz_sign_wipe(&signer);
	for (size_t i = 0; i < sizeof signer.secret; i++)
		assert_int_equal(signer.secret[i], 0);
}

static void comparing_and_wiping(void **state)
{
	uint8_t a[32] = {0}, b[32] = {0};

	(void)state;
	assert_true(viz_secret_eq(a, b, sizeof a));
	assert_true(viz_secret_eq(a, b, 0));
	for (size_t i = 0; i < sizeof a; i++) {
		b[i] = 1;
		assert_false(viz_secret_eq(a, b, sizeof a));
		assert_true(viz_secret_eq(a, b, i));
		viz_secret_wipe(b, sizeof b);
		assert_memory_equal(a, b, sizeof a);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(wycheproof_ed25519),
	    cmocka_unit_test(speccheck),
	    cmocka_unit_test(wycheproof_x25519),
	    cmocka_unit_test(small_order_list_is_the_whole_list),
	    cmocka_unit_test(transport_pub),
	    cmocka_unit_test(flipped_bits_are_refused),
	    cmocka_unit_test(comparing_and_wiping),
	};

	if (viz_crypto_init() != VIZ_OK)
		return 1;
	return cmocka_run_group_tests_name("sign", tests, NULL, NULL);
}
