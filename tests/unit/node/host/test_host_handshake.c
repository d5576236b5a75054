/* Both sides of a connection's handshake, against each other and without a socket. */
#include "tests/unit/unit.h"

#include "crypto/crypto.h"
#include "crypto/x25519.h"
#include "node/host/handshake.h"

static const uint8_t prologue[] = "vizinho-test, one federation";
static const char hello[] = "a hello";

/* One side, and the message that it has to send. It may be initialised any number of times. */
struct side {
	struct viz_host_handshake h;
	struct viz_host_handshake_keys keys;
	uint8_t out[VIZ_FRAME_MAX];
	size_t out_len;
};

static struct side initiator, responder;

static struct viz_secret secret_of(uint8_t fill)
{
	struct viz_secret s;

	memset(s.b, fill, sizeof s.b);
	return s;
}

static struct viz_pub pub_of(uint8_t fill)
{
	struct viz_secret s = secret_of(fill);
	struct viz_pub p;

	viz_x25519_pub(&p, &s);
	return p;
}

static void init(struct side *s, uint8_t key, uint8_t ephemeral, const struct viz_pub *remote)
{
	struct viz_secret fresh = secret_of(ephemeral);
	struct viz_host_handshake_config config = {
	    .prologue = prologue,
	    .prologue_len = sizeof prologue,
	    .keys = &s->keys,
	    .ephemeral = &fresh,
	    .remote = remote,
	};

	if (remote != NULL) {
		config.hello = (const uint8_t *)hello;
		config.hello_len = sizeof hello;
	}
	viz_host_handshake_wipe(&s->h);
	memset(s, 0, sizeof *s);
	s->keys.current = secret_of(key);
	s->keys.has_current = true;
	viz_host_handshake_init(&s->h, &config);
}

/* The initiator has key 'i' and calls the key `called`. The responder has key 'r'. */
static void init_both(uint8_t called)
{
	struct viz_pub remote = pub_of(called);

	init(&initiator, 'i', 'a', &remote);
	init(&responder, 'r', 'b', NULL);
}

static enum viz_host_handshake_step take(struct side *s, const uint8_t *message, size_t len)
{
	return viz_host_handshake_take(&s->h, s->out, &s->out_len, message, len);
}

/* Gives `to` the message that `from` has to send. */
static enum viz_host_handshake_step pass(struct side *from, struct side *to)
{
	return take(to, from->out, from->out_len);
}

/* Plays the first `messages` messages: 0 to 3. */
static void play(unsigned messages)
{
	assert_int_equal(take(&initiator, NULL, 0), VIZ_HANDSHAKE_WAIT);
	if (messages > 0)
		assert_int_equal(pass(&initiator, &responder), VIZ_HANDSHAKE_WAIT);
	if (messages > 1)
		assert_int_equal(pass(&responder, &initiator), VIZ_HANDSHAKE_DONE);
	if (messages > 2)
		assert_int_equal(pass(&initiator, &responder), VIZ_HANDSHAKE_HELLO);
}

static void assert_zero(const void *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		assert_int_equal(((const uint8_t *)bytes)[i], 0);
}

/* The handshake is wiped, and every call fails. */
static void assert_over(struct side *s)
{
	struct viz_host_handshake_result result;

	assert_zero(&s->h, sizeof s->h);
	assert_int_equal(viz_host_handshake_finish(&s->h, &result), VIZ_ERR_STATE);
	for (size_t len = 0; len < 200; len++)
		assert_false(viz_host_handshake_length_ok(&s->h, len));
	assert_int_equal(take(s, s->out, 48), VIZ_HANDSHAKE_FAILED);
	assert_int_equal(take(s, NULL, 0), VIZ_HANDSHAKE_FAILED);
	assert_int_equal(s->out_len, 0);
}

static void assert_failed(struct side *s, enum viz_host_handshake_step step)
{
	assert_int_equal(step, VIZ_HANDSHAKE_FAILED);
	assert_int_equal(s->out_len, 0);
	assert_over(s);
}

static void end_both(void)
{
	viz_host_handshake_wipe(&initiator.h);
	viz_host_handshake_wipe(&responder.h);
	assert_over(&initiator);
	assert_over(&responder);
}

static void assert_talk(struct viz_session *from, struct viz_session *to)
{
	const uint8_t plain[4] = {'o', 'l', 'a', '!'};
	uint8_t sealed[sizeof plain + VIZ_SESSION_TAG], opened[sizeof plain];

	assert_int_equal(viz_session_seal(from, sealed, plain, sizeof plain), VIZ_OK);
	assert_int_equal(viz_session_open(to, opened, sealed, sizeof sealed), VIZ_OK);
	assert_memory_equal(opened, plain, sizeof plain);
}

static void both_sides_agree(void **state)
{
	struct viz_host_handshake_result i, r;
	struct viz_pub i_pub = pub_of('i'), r_pub = pub_of('r');

	(void)state;
	init_both('r');
	assert_int_equal(take(&initiator, NULL, 0), VIZ_HANDSHAKE_WAIT);
	assert_int_equal(initiator.out_len, 48);
	assert_int_equal(pass(&initiator, &responder), VIZ_HANDSHAKE_WAIT);
	assert_int_equal(responder.out_len, 48);
	assert_int_equal(viz_host_handshake_finish(&responder.h, &r), VIZ_ERR_STATE);
	assert_int_equal(viz_host_handshake_finish(&initiator.h, &i), VIZ_ERR_STATE);
	assert_int_equal(pass(&responder, &initiator), VIZ_HANDSHAKE_DONE);
	assert_int_equal(initiator.out_len, 64 + sizeof hello);
	assert_int_equal(pass(&initiator, &responder), VIZ_HANDSHAKE_HELLO);
	assert_int_equal(responder.out_len, 0);

	assert_int_equal(viz_host_handshake_finish(&initiator.h, &i), VIZ_OK);
	assert_int_equal(viz_host_handshake_finish(&responder.h, &r), VIZ_OK);
	assert_null(i.hello);
	assert_int_equal(r.hello_len, sizeof hello);
	assert_memory_equal(r.hello, hello, sizeof hello);
	assert_memory_equal(&r.remote, &i_pub, sizeof i_pub);
	assert_memory_equal(&i.remote, &r_pub, sizeof r_pub);
	assert_false(r.old_key);
	assert_true(viz_id_eq(&i.session.handshake_hash, &r.session.handshake_hash));
	assert_talk(&i.session, &r.session);
	assert_talk(&r.session, &i.session);
	free(r.hello);
	assert_over(&initiator);
	assert_over(&responder);
}

static void hellos_of_all_sizes(void **state)
{
	static const size_t sizes[] = {0, 1, 5000, VIZ_HOST_HANDSHAKE_HELLO_MAX};
	static uint8_t long_hello[VIZ_HOST_HANDSHAKE_HELLO_MAX];
	struct viz_pub remote = pub_of('r');
	struct viz_secret fresh = secret_of('a');

	(void)state;
	memset(long_hello, 'h', sizeof long_hello);
	for (size_t n = 0; n < sizeof sizes / sizeof sizes[0]; n++) {
		struct viz_host_handshake_config config = {
		    .prologue = prologue,
		    .prologue_len = sizeof prologue,
		    .keys = &initiator.keys,
		    .ephemeral = &fresh,
		    .remote = &remote,
		    .hello = sizes[n] > 0 ? long_hello : NULL,
		    .hello_len = sizes[n],
		};
		struct viz_host_handshake_result r;

		init_both('r');
		viz_host_handshake_wipe(&initiator.h);
		viz_host_handshake_init(&initiator.h, &config);
		play(3);
		assert_int_equal(initiator.out_len, 64 + sizes[n]);
		assert_int_equal(viz_host_handshake_finish(&responder.h, &r), VIZ_OK);
		assert_int_equal(r.hello_len, sizes[n]);
		assert_memory_equal(r.hello, long_hello, sizes[n]);
		free(r.hello);
		end_both();
	}
}

static void the_previous_key(void **state)
{
	struct viz_host_handshake_result i, r;

	(void)state;
	init_both('o');
	responder.keys.old = secret_of('o');
	responder.keys.has_old = true;
	play(3);
	assert_int_equal(viz_host_handshake_finish(&initiator.h, &i), VIZ_OK);
	assert_int_equal(viz_host_handshake_finish(&responder.h, &r), VIZ_OK);
	assert_true(r.old_key);
	assert_talk(&i.session, &r.session);
	assert_talk(&r.session, &i.session);
	free(r.hello);

	/* The current key fits, although there is an old one too. */
	init_both('r');
	responder.keys.old = secret_of('o');
	responder.keys.has_old = true;
	play(3);
	assert_int_equal(viz_host_handshake_finish(&responder.h, &r), VIZ_OK);
	assert_false(r.old_key);
	free(r.hello);
	end_both();
}

/* The keys are read when message 1 arrives. A rotation before that counts. */
static void a_rotation_while_it_waits(void **state)
{
	struct viz_host_handshake_result r;

	(void)state;
	init_both('n');
	responder.keys.old = responder.keys.current;
	responder.keys.has_old = true;
	responder.keys.current = secret_of('n');
	play(3);
	assert_int_equal(viz_host_handshake_finish(&responder.h, &r), VIZ_OK);
	assert_false(r.old_key);
	free(r.hello);
	end_both();
}

static void wrong_keys(void **state)
{
	struct viz_pub small_order = {{0}}, remote;
	static struct side other;

	(void)state;
	/* The responder has neither key that the initiator may call. */
	init_both('x');
	play(0);
	assert_failed(&responder, pass(&initiator, &responder));
	init_both('x');
	responder.keys.old = secret_of('o');
	responder.keys.has_old = true;
	play(0);
	assert_failed(&responder, pass(&initiator, &responder));
	viz_host_handshake_wipe(&initiator.h);

	/* Another node answers than the one that was called. */
	init_both('r');
	play(0);
	remote = pub_of('x');
	init(&other, 'i', 'a', &remote);
	init(&responder, 'x', 'b', NULL);
	assert_int_equal(take(&other, NULL, 0), VIZ_HANDSHAKE_WAIT);
	assert_int_equal(pass(&other, &responder), VIZ_HANDSHAKE_WAIT);
	viz_host_handshake_wipe(&other.h);
	assert_failed(&initiator, pass(&responder, &initiator));

	/* A remote key of small order makes a secret that everybody knows. */
	viz_host_handshake_wipe(&responder.h);
	init(&initiator, 'i', 'a', &small_order);
	assert_failed(&initiator, take(&initiator, NULL, 0));
}

static void wrong_prologue(void **state)
{
	(void)state;
	init_both('r');
	responder.h.prologue_len--;
	play(0);
	assert_failed(&responder, pass(&initiator, &responder));
	init_both('r');
	responder.h.prologue = (const uint8_t *)"vizinho-test, two federation";
	play(0);
	assert_failed(&responder, pass(&initiator, &responder));
	viz_host_handshake_wipe(&initiator.h);
}

/* The side that waits for message `n`. Its peer has that message to send. */
static struct side *waits_for(unsigned n, struct side **sender)
{
	init_both('r');
	play(n - 1);
	*sender = n == 2 ? &responder : &initiator;
	return n == 2 ? &initiator : &responder;
}

static void wrong_lengths(void **state)
{
	static const size_t smallest[] = {48, 48, 64}, largest[] = {48, 48, VIZ_FRAME_MAX};
	static uint8_t zeros[VIZ_FRAME_MAX + 1];
	struct side *sender;

	(void)state;
	for (unsigned n = 1; n <= 3; n++) {
		struct side *s = waits_for(n, &sender);

		for (size_t len = 0; len <= VIZ_FRAME_MAX + 1; len++)
			assert_true(viz_host_handshake_length_ok(&s->h, len) ==
				    (len >= smallest[n - 1] && len <= largest[n - 1]));
		end_both();
		s = waits_for(n, &sender);
		assert_failed(s, take(s, zeros, smallest[n - 1] - 1));
		end_both();
		s = waits_for(n, &sender);
		assert_failed(s, take(s, zeros, largest[n - 1] + 1));
		end_both();
		s = waits_for(n, &sender);
		assert_failed(s, take(s, NULL, 0));
		end_both();
	}
	/* The initiator has to send first. */
	init_both('r');
	assert_true(viz_host_handshake_length_ok(&initiator.h, 0));
	assert_false(viz_host_handshake_length_ok(&initiator.h, 48));
	assert_failed(&initiator, take(&initiator, zeros, 48));
	end_both();
}

/* Messages 1 and 2 have no payload. One with a payload decrypts, and is refused for its length. */
static void a_payload_too_early(void **state)
{
	struct viz_secret key = secret_of('i'), fresh = secret_of('a');
	struct viz_pub remote = pub_of('r');
	struct viz_handshake_config config = {
	    .pattern = VIZ_NOISE_XK,
	    .hash = VIZ_NOISE_SHA256,
	    .initiator = true,
	    .prologue = prologue,
	    .prologue_len = sizeof prologue,
	    .local_static = &key,
	    .remote_static = &remote,
	    .ephemeral = &fresh,
	};
	uint8_t message[128], payload[1] = {'p'};
	struct viz_handshake *noise;
	size_t len;

	(void)state;
	for (size_t payload_len = 0; payload_len <= 1; payload_len++) {
		init_both('r');
		assert_int_equal(viz_handshake_new(&noise, &config), VIZ_OK);
		assert_int_equal(
		    viz_handshake_write(noise, message, &len, sizeof message, payload, payload_len),
		    VIZ_OK);
		assert_int_equal(take(&responder, message, len),
				 payload_len == 0 ? VIZ_HANDSHAKE_WAIT : VIZ_HANDSHAKE_FAILED);
		viz_handshake_free(noise);
		end_both();
	}
}

static void truncated(void **state)
{
	struct side *sender;

	(void)state;
	for (unsigned n = 1; n <= 3; n++) {
		struct side *s = waits_for(n, &sender);

		assert_failed(s, take(s, sender->out, sender->out_len - 1));
		end_both();
	}
}

static void one_bit_changed(void **state)
{
	struct side *sender;

	(void)state;
	for (unsigned n = 1; n <= 3; n++) {
		struct side *s = waits_for(n, &sender);
		size_t len = sender->out_len;

		end_both();
		for (size_t at = 0; at < len; at++) {
			s = waits_for(n, &sender);
			sender->out[at] ^= 1;
			assert_failed(s, pass(sender, s));
			end_both();
		}
	}
}

static void replayed(void **state)
{
	uint8_t first[48], second[48], third[64 + sizeof hello];

	(void)state;
	init_both('r');
	play(0);
	memcpy(first, initiator.out, sizeof first);
	assert_int_equal(pass(&initiator, &responder), VIZ_HANDSHAKE_WAIT);
	memcpy(second, responder.out, sizeof second);
	assert_int_equal(pass(&responder, &initiator), VIZ_HANDSHAKE_DONE);
	memcpy(third, initiator.out, sizeof third);
	/* Neither side takes a message twice. */
	assert_failed(&initiator, take(&initiator, second, sizeof second));
	assert_int_equal(take(&responder, third, sizeof third), VIZ_HANDSHAKE_HELLO);
	assert_failed(&responder, take(&responder, third, sizeof third));

	/* Message 1 again, when message 3 is due. */
	init_both('r');
	play(1);
	assert_failed(&responder, take(&responder, first, sizeof first));
	/* A new handshake gets all messages of an old one. Its ephemeral key is another. */
	init(&responder, 'r', 'c', NULL);
	assert_int_equal(take(&responder, first, sizeof first), VIZ_HANDSHAKE_WAIT);
	assert_failed(&responder, take(&responder, third, sizeof third));
	viz_host_handshake_wipe(&initiator.h);
	init_both('r');
	initiator.h.ephemeral = secret_of('d');
	play(0);
	assert_failed(&initiator, take(&initiator, second, sizeof second));
	/* A side gets its own message. */
	init_both('r');
	play(0);
	assert_failed(&initiator, take(&initiator, initiator.out, initiator.out_len));
	end_both();
}

/* After a wipe nothing is left, at each step and before the first one. */
static void wiped_at_each_step(void **state)
{
	static struct side never;

	(void)state;
	for (unsigned n = 0; n <= 3; n++) {
		init_both('r');
		play(n);
		end_both();
		end_both();
	}
	init_both('r');
	end_both();
	viz_host_handshake_wipe(&never.h);
	assert_over(&never);
}

/* The ephemeral key is erased as soon as it is not needed. */
static void ephemeral_forgotten(void **state)
{
	(void)state;
	init_both('r');
	play(1);
	assert_zero(&initiator.h.ephemeral, sizeof initiator.h.ephemeral);
	assert_zero(&responder.h.ephemeral, sizeof responder.h.ephemeral);
	end_both();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(both_sides_agree),
	    cmocka_unit_test(hellos_of_all_sizes),
	    cmocka_unit_test(the_previous_key),
	    cmocka_unit_test(a_rotation_while_it_waits),
	    cmocka_unit_test(wrong_keys),
	    cmocka_unit_test(wrong_prologue),
	    cmocka_unit_test(wrong_lengths),
	    cmocka_unit_test(a_payload_too_early),
	    cmocka_unit_test(truncated),
	    cmocka_unit_test(one_bit_changed),
	    cmocka_unit_test(replayed),
	    cmocka_unit_test(wiped_at_each_step),
	    cmocka_unit_test(ephemeral_forgotten),
	};

	if (viz_crypto_init() != VIZ_OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
