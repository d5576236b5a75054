#include "tests/unit/unit.h"

#include "crypto/cipher.h"
#include "crypto/crypto.h"
#include "crypto/secret.h"
#include "crypto/session.h"

static void open_pair(struct viz_session *a, struct viz_session *b)
{
	memset(a, 0, sizeof *a);
	memset(a->send.key.b, 1, 32);
	memset(a->receive.key.b, 2, 32);
	*b = *a;
	b->send = a->receive;
	b->receive = a->send;
}

static void pass(struct viz_session *from, struct viz_session *to, uint64_t v)
{
	uint8_t plain[8], sealed[8 + VIZ_SESSION_TAG], out[8];

	viz_be_put_u64(plain, v);
	assert_int_equal(viz_session_seal(from, sealed, plain, sizeof plain), VIZ_OK);
	assert_int_equal(viz_session_open(to, out, sealed, sizeof sealed), VIZ_OK);
	assert_memory_equal(out, plain, sizeof plain);
}

/* Noise, section 12.3: the nonce is four zeros and a little-endian 64. */
static void nonce_form(void **state)
{
	static const uint8_t nonce[12] = {0, 0, 0, 0, 0xef, 0xcd, 0xab, 0x89, 0x67, 0x45, 0x23, 1};
	struct viz_session a, b;
	uint8_t sealed[5 + VIZ_SESSION_TAG], expected[5 + VIZ_SESSION_TAG];

	(void)state;
	open_pair(&a, &b);
	a.send.n = UINT64_C(0x0123456789abcdef);
	assert_int_equal(viz_session_seal(&a, sealed, (const uint8_t *)"hello", 5), VIZ_OK);
	viz_cipher_encrypt(expected, &b.receive.key, nonce, NULL, 0, (const uint8_t *)"hello", 5);
	assert_memory_equal(sealed, expected, sizeof sealed);
}

/* Many messages in one direction, with two rekeys, and a few in the other. Both sides rekey by
 * count, the counter goes on, and the directions are independent. */
static void rekey_by_count(void **state)
{
	struct viz_session a, b;
	struct viz_secret first;

	(void)state;
	open_pair(&a, &b);
	first = a.send.key;
	for (uint64_t i = 0; i < 2 * VIZ_REKEY_MESSAGES + 2; i++) {
		struct viz_secret before = a.send.key;
		bool due = (i + 1) % VIZ_REKEY_MESSAGES == 0;

		pass(&a, &b, i);
		assert_true(a.send.n == i + 1 && b.receive.n == i + 1);
		assert_true(viz_secret_eq(before.b, a.send.key.b, 32) == !due);
		assert_memory_equal(a.send.key.b, b.receive.key.b, 32);
		if (i % 50000 == 0)
			pass(&b, &a, i);
	}
	assert_memory_not_equal(first.b, a.send.key.b, 32);
	assert_true(b.send.n == 3);
	assert_int_equal(b.send.key.b[0], 2);
}

/* Noise, section 4.2: the new key is the first 32 bytes of ENCRYPT(k, 2^64 - 1, "", zeros). */
static void rekey_is_that_of_noise(void **state)
{
	static const uint8_t zeros[32];
	uint8_t nonce[12] = {0}, expected[32 + VIZ_SESSION_TAG];
	struct viz_session a, b;

	(void)state;
	memset(nonce + 4, 0xff, 8);
	open_pair(&a, &b);
	viz_cipher_encrypt(expected, &a.send.key, nonce, NULL, 0, zeros, sizeof zeros);
	pass(&a, &b, 1);
	viz_session_rekey_send(&a);
	assert_memory_equal(a.send.key.b, expected, 32);
	assert_true(a.send.n == 1);
	viz_session_rekey_receive(&b);
	pass(&a, &b, 2);
	pass(&b, &a, 3);
	viz_session_rekey_send(&b);
	viz_session_rekey_receive(&a);
	pass(&b, &a, 4);
	pass(&a, &b, 5);
}

static void rekey_of_one_side_alone_is_noticed(void **state)
{
	struct viz_session a, b;
	uint8_t sealed[1 + VIZ_SESSION_TAG], out[1];

	(void)state;
	open_pair(&a, &b);
	viz_session_rekey_send(&a);
	assert_int_equal(viz_session_seal(&a, sealed, (const uint8_t *)"x", 1), VIZ_OK);
	assert_int_equal(viz_session_open(&b, out, sealed, sizeof sealed), VIZ_ERR_AUTH);
}

/* A failed open changes nothing: the true message still opens. Replay and reordering fail. */
static void failure_does_not_advance(void **state)
{
	struct viz_session a, b, before;
	uint8_t one[4 + VIZ_SESSION_TAG], two[4 + VIZ_SESSION_TAG], out[4];

	(void)state;
	open_pair(&a, &b);
	assert_int_equal(viz_session_seal(&a, one, (const uint8_t *)"one!", 4), VIZ_OK);
	assert_int_equal(viz_session_seal(&a, two, (const uint8_t *)"two!", 4), VIZ_OK);
	before = b;
	for (size_t bit = 0; bit < 8 * sizeof one; bit++) {
		one[bit / 8] ^= (uint8_t)(1u << (bit % 8));
		memset(out, 0xaa, sizeof out);
		assert_int_equal(viz_session_open(&b, out, one, sizeof one), VIZ_ERR_AUTH);
		assert_memory_equal(out, "\0\0\0\0", 4);
		one[bit / 8] ^= (uint8_t)(1u << (bit % 8));
	}
	for (size_t len = 0; len < sizeof one; len++)
		assert_int_equal(viz_session_open(&b, out, one, len), VIZ_ERR_AUTH);
	assert_int_equal(viz_session_open(&b, out, two, sizeof two), VIZ_ERR_AUTH);
	assert_memory_equal(&b, &before, sizeof b);
	assert_int_equal(viz_session_open(&b, out, one, sizeof one), VIZ_OK);
	assert_memory_equal(out, "one!", 4);
	assert_int_equal(viz_session_open(&b, out, one, sizeof one), VIZ_ERR_AUTH);
	assert_int_equal(viz_session_open(&b, out, two, sizeof two), VIZ_OK);
	/* A side cannot open its own message. */
	assert_int_equal(viz_session_open(&a, out, one, sizeof one), VIZ_ERR_AUTH);
}

static void sizes(void **state)
{
	static uint8_t plain[VIZ_SESSION_MSG_MAX + 1], sealed[VIZ_SESSION_MSG_MAX + 1];
	const size_t most = VIZ_SESSION_MSG_MAX - VIZ_SESSION_TAG;
	struct viz_session a, b;

	(void)state;
	open_pair(&a, &b);
	memset(plain, 0x5a, sizeof plain);
	assert_int_equal(viz_session_seal(&a, sealed, plain, most + 1), VIZ_ERR_LIMIT);
	assert_int_equal(viz_session_seal(&a, sealed, plain, SIZE_MAX), VIZ_ERR_LIMIT);
	assert_true(a.send.n == 0);
	assert_int_equal(viz_session_seal(&a, sealed, plain, most), VIZ_OK);
	assert_int_equal(viz_session_open(&b, sealed, sealed, VIZ_SESSION_MSG_MAX + 1),
			 VIZ_ERR_LIMIT);
	/* In place, at both sides. */
	assert_int_equal(viz_session_open(&b, sealed, sealed, VIZ_SESSION_MSG_MAX), VIZ_OK);
	assert_memory_equal(sealed, plain, most);
	assert_int_equal(viz_session_seal(&a, sealed, sealed, most), VIZ_OK);
	assert_int_equal(viz_session_open(&b, sealed, sealed, VIZ_SESSION_MSG_MAX), VIZ_OK);
	assert_memory_equal(sealed, plain, most);
	assert_int_equal(viz_session_seal(&a, sealed, NULL, 0), VIZ_OK);
	assert_int_equal(viz_session_open(&b, sealed, sealed, VIZ_SESSION_TAG), VIZ_OK);
}

/* The nonce 2^64 - 2 is the last one that a message may have. */
static void the_last_nonce(void **state)
{
	struct viz_session a, b, before;
	uint8_t sealed[1 + VIZ_SESSION_TAG], out[1];

	(void)state;
	open_pair(&a, &b);
	a.send.n = b.receive.n = UINT64_MAX - 1;
	pass(&a, &b, 1);
	before = a;
	assert_int_equal(viz_session_seal(&a, sealed, (const uint8_t *)"x", 1), VIZ_ERR_LIMIT);
	assert_int_equal(viz_session_open(&b, out, sealed, sizeof sealed), VIZ_ERR_LIMIT);
	assert_memory_equal(&a, &before, sizeof a);
	assert_true(b.receive.n == UINT64_MAX);
}

static void wipe(void **state)
{
	static const struct viz_session zero;
	struct viz_session a, b;

	(void)state;
	open_pair(&a, &b);
	viz_session_wipe(&a);
	assert_memory_equal(&a, &zero, sizeof a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(nonce_form),
	    cmocka_unit_test(rekey_by_count),
	    cmocka_unit_test(rekey_is_that_of_noise),
	    cmocka_unit_test(rekey_of_one_side_alone_is_noticed),
	    cmocka_unit_test(failure_does_not_advance),
	    cmocka_unit_test(sizes),
	    cmocka_unit_test(the_last_nonce),
	    cmocka_unit_test(wipe),
	};

	if (viz_crypto_init() != VIZ_OK)
		return 1;
	return cmocka_run_group_tests_name("session", tests, NULL, NULL);
}
