#include "tests/unit/vectors.h"

#include "crypto/crypto.h"
#include "crypto/noise.h"
#include "crypto/x25519.h"

#define BUF 65535

struct keys {
	struct viz_secret local_static;
	struct viz_pub local_static_pub;
	struct viz_pub remote_static;
	struct viz_secret ephemeral;
	struct viz_secret psk;
};

/* "Noise_XKpsk3_25519_ChaChaPoly_SHA256" */
static void parse_name(struct viz_handshake_config *config, const char *name)
{
	static const struct {
		const char *name;
		enum viz_noise_pattern pattern;
	} patterns[] = {{"NN", VIZ_NOISE_NN}, {"NX", VIZ_NOISE_NX}, {"NK", VIZ_NOISE_NK},
			{"KK", VIZ_NOISE_KK}, {"XK", VIZ_NOISE_XK}, {"IK", VIZ_NOISE_IK},
			{"XX", VIZ_NOISE_XX}};
	bool found = false;

	for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++)
		if (strncmp(name + 6, patterns[i].name, 2) == 0) {
			config->pattern = patterns[i].pattern;
			found = true;
		}
	assert_true(found);
	config->hash = strstr(name, "SHA256") != NULL ? VIZ_NOISE_SHA256 : VIZ_NOISE_BLAKE2B;
	if (strncmp(name + 8, "psk", 3) == 0)
		config->psk_at = (unsigned)(name[11] - '0');
}

static bool optional(uint8_t out[32], const json_t *v, const char *side, const char *what)
{
	char key[64];

	snprintf(key, sizeof key, "%s_%s", side, what);
	if (json_object_get(v, key) == NULL)
		return false;
	viz_vectors_fixed(out, 32, v, key);
	return true;
}

/* With `give_pub`, the caller gives its own public key too. */
static struct viz_handshake *open_side(const json_t *v, bool initiator, bool give_pub)
{
	const char *side = initiator ? "init" : "resp";
	struct viz_handshake_config config = {.initiator = initiator};
	struct viz_handshake *hs = NULL;
	struct keys keys;
	char key[64];
	json_t *psks;
	uint8_t *prologue;

	parse_name(&config, viz_vectors_text(v, "protocol_name"));
	if (optional(keys.local_static.b, v, side, "static"))
		config.local_static = &keys.local_static;
	if (config.local_static != NULL && give_pub) {
		viz_x25519_pub(&keys.local_static_pub, &keys.local_static);
		config.local_static_pub = &keys.local_static_pub;
	}
	if (optional(keys.remote_static.b, v, side, "remote_static"))
		config.remote_static = &keys.remote_static;
	assert_true(optional(keys.ephemeral.b, v, side, "ephemeral"));
	config.ephemeral = &keys.ephemeral;
	snprintf(key, sizeof key, "%s_psks", side);
	psks = json_object_get(v, key);
	if (psks != NULL) {
		size_t len;
		uint8_t *psk = viz_vectors_bytes(&len, json_array_get(psks, 0));

		assert_int_equal(len, 32);
		memcpy(keys.psk.b, psk, len);
		free(psk);
		config.psk = &keys.psk;
	}
	snprintf(key, sizeof key, "%s_prologue", side);
	prologue = viz_vectors_hex(&config.prologue_len, v, key);
	config.prologue = prologue;
	assert_int_equal(viz_handshake_new(&hs, &config), VIZ_OK);
	/* The handshake has copied everything that config points to. */
	memset(&keys, 0xee, sizeof keys);
	memset(prologue, 0xee, config.prologue_len);
	free(prologue);
	return hs;
}

/* Plays one message of the vector in the handshake and compares its bytes and payload. */
static void handshake_message(struct viz_handshake *from, struct viz_handshake *to, const json_t *m)
{
	static uint8_t out[BUF];
	size_t payload_len, expected_len, out_len = 0;
	uint8_t *payload = viz_vectors_hex(&payload_len, m, "payload");
	uint8_t *expected = viz_vectors_hex(&expected_len, m, "ciphertext");

	assert_true(viz_handshake_must_write(from));
	assert_false(viz_handshake_must_write(to));
	/* A buffer that is a byte too small changes nothing. */
	assert_int_equal(
	    viz_handshake_write(from, out, &out_len, expected_len - 1, payload, payload_len),
	    VIZ_ERR_LIMIT);
	assert_int_equal(viz_handshake_write(to, out, &out_len, BUF, payload, payload_len),
			 VIZ_ERR_STATE);
	assert_int_equal(out_len, 0);
	assert_int_equal(
	    viz_handshake_write(from, out, &out_len, expected_len, payload, payload_len), VIZ_OK);
	assert_int_equal(out_len, expected_len);
	assert_memory_equal(out, expected, expected_len);
	assert_int_equal(viz_handshake_read(to, out, &out_len, expected, expected_len), VIZ_OK);
	assert_int_equal(out_len, payload_len);
	assert_memory_equal(out, payload, payload_len);
	free(payload);
	free(expected);
}

static void transport_message(struct viz_session *from, struct viz_session *to, const json_t *m)
{
	size_t payload_len, expected_len;
	uint8_t *payload = viz_vectors_hex(&payload_len, m, "payload");
	uint8_t *expected = viz_vectors_hex(&expected_len, m, "ciphertext");
	uint8_t out[256];

	assert_int_equal(expected_len, payload_len + VIZ_SESSION_TAG);
	assert_int_equal(viz_session_seal(from, out, payload, payload_len), VIZ_OK);
	assert_memory_equal(out, expected, expected_len);
	assert_int_equal(viz_session_open(to, out, expected, expected_len), VIZ_OK);
	assert_memory_equal(out, payload, payload_len);
	free(payload);
	free(expected);
}

static void run_vector(const json_t *v, bool give_pub)
{
	struct viz_handshake *side[2] = {open_side(v, true, give_pub),
					 open_side(v, false, give_pub)};
	struct viz_session session[2];
	json_t *messages = viz_vectors_get(v, "messages");
	size_t count = json_array_size(messages);
	size_t hash_len, h_len;
	uint8_t *hash = viz_vectors_hex(&hash_len, v, "handshake_hash");
	size_t i = 0;

	for (; i < count && !viz_handshake_done(side[0]); i++) {
		assert_int_equal(viz_handshake_split(side[0], &session[0]), VIZ_ERR_STATE);
		handshake_message(side[i % 2], side[1 - i % 2], json_array_get(messages, i));
	}
	assert_true(viz_handshake_done(side[1]));
	for (size_t s = 0; s < 2; s++) {
		const uint8_t *h = viz_handshake_hash(side[s], &h_len);

		assert_int_equal(h_len, hash_len);
		assert_memory_equal(h, hash, hash_len);
		assert_int_equal(viz_handshake_split(side[s], &session[s]), VIZ_OK);
		assert_memory_equal(session[s].handshake_hash.b, hash, 32);
		assert_int_equal(viz_handshake_split(side[s], &session[s]), VIZ_ERR_STATE);
	}
	assert_true(i < count);
	for (; i < count; i++)
		transport_message(&session[i % 2], &session[1 - i % 2],
				  json_array_get(messages, i));
	free(hash);
	viz_handshake_free(side[0]);
	viz_handshake_free(side[1]);
}

static void cacophony(void **state)
{
	json_t *root = viz_vectors_load("noise_cacophony_25519_ChaChaPoly.json");
	json_t *v;
	size_t i;

	(void)state;
	json_array_foreach(viz_vectors_get(root, "vectors"), i, v)
	{
		run_vector(v, false);
		run_vector(v, true);
	}
	assert_int_equal(i, 28);
	json_decref(root);
}

/* HMAC with BLAKE2b-512, from Python's hmac and hashlib. A keyed BLAKE2b gives another value. */
static void hmac_is_not_the_keyed_mode(void **state)
{
	uint8_t out[VIZ_NOISE_HASH_MAX];
	char hex[2 * sizeof out + 1];

	(void)state;
	viz_noise_symmetric_hmac(out, VIZ_NOISE_BLAKE2B, (const uint8_t *)"key", 3,
				 (const uint8_t *)"vizinho", 7);
	viz_hex(hex, out, 64);
	assert_string_equal(hex, "7fbe7714ad6830a7398ccedff0fe956fd7bb22a1d2b6d20fe0d2fe76d390c6c98"
				 "2eda69d3c39ade8787a5b3800a48aa4b901d8c4d24a42d52a6fece28872b108");
	viz_noise_symmetric_hmac(out, VIZ_NOISE_SHA256, (const uint8_t *)"key", 3,
				 (const uint8_t *)"vizinho", 7);
	viz_hex(hex, out, 32);
	assert_string_equal(hex,
			    "740ef07c5c593f7ec6662b4d3f9eaf84be0d4e734ea46a491eaf6108bc72e823");
}

static void protocol_names(void **state)
{
	const struct viz_noise_script *xk = viz_noise_pattern_script(VIZ_NOISE_XK);
	struct viz_noise_symmetric s;
	char name[VIZ_NOISE_NAME_MAX];

	(void)state;
	viz_noise_pattern_name(name, xk, VIZ_NOISE_SHA256, false, 0);
	assert_string_equal(name, "Noise_XK_25519_ChaChaPoly_SHA256");
	/* A name of exactly HASHLEN bytes is copied, not hashed. */
	assert_int_equal(strlen(name), 32);
	viz_noise_symmetric_init(&s, VIZ_NOISE_SHA256, name);
	assert_memory_equal(s.h, name, 32);
	assert_memory_equal(s.ck, name, 32);
	viz_noise_symmetric_init(&s, VIZ_NOISE_SHA256, "short");
	assert_memory_equal(s.h, "short\0\0\0", 8);
	viz_noise_pattern_name(name, xk, VIZ_NOISE_SHA256, true, 3);
	assert_string_equal(name, "Noise_XKpsk3_25519_ChaChaPoly_SHA256");
	viz_noise_symmetric_init(&s, VIZ_NOISE_SHA256, name);
	assert_memory_not_equal(s.h, name, 32);
}

/* Opens XK between two fixed key pairs. Each side has its own `prologue`, and the initiator
 * expects the responder's key `believed`. */
static void open_xk(struct viz_handshake *side[2], const char *prologue[2], uint8_t believed)
{
	struct viz_secret s[2], e[2], other;
	struct viz_pub responder;

	memset(s[0].b, 1, 32);
	memset(s[1].b, 2, 32);
	memset(e[0].b, 3, 32);
	memset(e[1].b, 4, 32);
	memset(other.b, believed, 32);
	viz_x25519_pub(&responder, &other);
	for (size_t i = 0; i < 2; i++) {
		struct viz_handshake_config config = {
		    .pattern = VIZ_NOISE_XK,
		    .hash = VIZ_NOISE_SHA256,
		    .initiator = i == 0,
		    .prologue = (const uint8_t *)prologue[i],
		    .prologue_len = prologue[i] != NULL ? strlen(prologue[i]) : 0,
		    .local_static = &s[i],
		    .remote_static = i == 0 ? &responder : NULL,
		    .ephemeral = &e[i],
		};

		assert_int_equal(viz_handshake_new(&side[i], &config), VIZ_OK);
	}
}

static void close_both(struct viz_handshake *side[2])
{
	viz_handshake_free(side[0]);
	viz_handshake_free(side[1]);
}

static size_t write_ok(struct viz_handshake *hs, uint8_t *out)
{
	size_t len = 0;

	assert_int_equal(viz_handshake_write(hs, out, &len, BUF, NULL, 0), VIZ_OK);
	return len;
}

static void assert_unusable(struct viz_handshake *hs)
{
	struct viz_session session;
	uint8_t buf[256];
	size_t len = 77;

	assert_false(viz_handshake_must_write(hs));
	assert_false(viz_handshake_done(hs));
	assert_null(viz_handshake_remote_static(hs));
	assert_int_equal(viz_handshake_write(hs, buf, &len, sizeof buf, NULL, 0), VIZ_ERR_STATE);
	assert_int_equal(viz_handshake_read(hs, buf, &len, buf, 48), VIZ_ERR_STATE);
	assert_int_equal(viz_handshake_split(hs, &session), VIZ_ERR_STATE);
	assert_int_equal(len, 77);
}

/* Every bit of every message of XK counts. The reader refuses a flipped bit at once, since even
 * the first message of XK ends in a tag. */
static void every_flipped_bit_is_refused(void **state)
{
	static uint8_t buf[BUF], payload[BUF];
	size_t total = 0;

	(void)state;
	for (unsigned message = 0; message < 3; message++) {
		size_t bits = 8;

		for (size_t bit = 0; bit < bits; bit++) {
			struct viz_handshake *side[2];
			size_t len = 0, payload_len = 77;
			unsigned m = 0;

			open_xk(side, (const char *[2]){NULL, NULL}, 2);
			for (; m < message; m++) {
				len = write_ok(side[m % 2], buf);
				assert_int_equal(viz_handshake_read(side[1 - m % 2], payload,
								    &payload_len, buf, len),
						 VIZ_OK);
			}
			len = write_ok(side[m % 2], buf);
			bits = 8 * len;
			buf[bit / 8] ^= (uint8_t)(1u << (bit % 8));
			payload_len = 77;
			assert_int_equal(
			    viz_handshake_read(side[1 - m % 2], payload, &payload_len, buf, len),
			    VIZ_ERR_AUTH);
			assert_int_equal(payload_len, 77);
			assert_unusable(side[1 - m % 2]);
			close_both(side);
			total++;
		}
	}
	assert_int_equal(total, 8 * (48 + 48 + 64));
}

static void lengths(void **state)
{
	static uint8_t buf[BUF + 1], payload[BUF + 1];
	struct viz_handshake *side[2];
	size_t len, payload_len = 0;

	(void)state;
	/* Every shorter message is refused, and so is one that is too long. */
	for (size_t cut = 0; cut < 48; cut++) {
		open_xk(side, (const char *[2]){"p", "p"}, 2);
		assert_int_equal(write_ok(side[0], buf), 48);
		assert_int_equal(viz_handshake_read(side[1], payload, &payload_len, buf, cut),
				 VIZ_ERR_FORM);
		assert_unusable(side[1]);
		close_both(side);
	}
	open_xk(side, (const char *[2]){"p", "p"}, 2);
	assert_int_equal(viz_handshake_read(side[1], payload, &payload_len, buf, BUF + 1),
			 VIZ_ERR_LIMIT);
	assert_unusable(side[1]);
	close_both(side);

	open_xk(side, (const char *[2]){"p", "p"}, 2);
	assert_int_equal(viz_handshake_write(side[0], buf, &len, sizeof buf, payload, BUF - 48 + 1),
			 VIZ_ERR_LIMIT);
	assert_int_equal(viz_handshake_write(side[0], buf, &len, sizeof buf, payload, SIZE_MAX),
			 VIZ_ERR_LIMIT);
	assert_int_equal(viz_handshake_write(side[0], buf, &len, 10, payload, 0), VIZ_ERR_LIMIT);
	assert_int_equal(viz_handshake_write(side[0], buf, &len, sizeof buf, payload, BUF - 48),
			 VIZ_OK);
	assert_int_equal(len, BUF);
	assert_int_equal(viz_handshake_read(side[1], payload, &payload_len, buf, len), VIZ_OK);
	assert_int_equal(payload_len, BUF - 48);
	close_both(side);
}

/* Another prologue (another federation or version) or another key gets no answer. */
static void strangers_get_nothing(void **state)
{
	static uint8_t buf[BUF], payload[BUF];
	static const struct {
		const char *prologue[2];
		uint8_t believed;
	} cases[] = {
	    {{"vizinho/1 real", "vizinho/1 test"}, 2}, {{"", "x"}, 2}, {{"same", "same"}, 9}};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct viz_handshake *side[2];
		size_t len, payload_len;

		open_xk(side, (const char *[2]){cases[i].prologue[0], cases[i].prologue[1]},
			cases[i].believed);
		len = write_ok(side[0], buf);
		assert_int_equal(viz_handshake_read(side[1], payload, &payload_len, buf, len),
				 VIZ_ERR_AUTH);
		assert_unusable(side[1]);
		close_both(side);
	}
}

static void remote_static_is_reported(void **state)
{
	static uint8_t buf[BUF], payload[BUF];
	struct viz_handshake *side[2];
	struct viz_secret s;
	struct viz_pub expected;
	size_t payload_len;

	(void)state;
	memset(s.b, 1, 32);
	viz_x25519_pub(&expected, &s);
	open_xk(side, (const char *[2]){NULL, ""}, 2);
	assert_non_null(viz_handshake_remote_static(side[0]));
	for (unsigned m = 0; m < 3; m++) {
		assert_null(viz_handshake_remote_static(side[1]));
		size_t len = write_ok(side[m % 2], buf);

		assert_int_equal(
		    viz_handshake_read(side[1 - m % 2], payload, &payload_len, buf, len), VIZ_OK);
	}
	assert_memory_equal(viz_handshake_remote_static(side[1])->b, expected.b, 32);
	/* After the handshake neither side writes nor reads. */
	assert_int_equal(viz_handshake_write(side[1], buf, &payload_len, BUF, NULL, 0),
			 VIZ_ERR_STATE);
	assert_int_equal(viz_handshake_read(side[0], buf, &payload_len, buf, 64), VIZ_ERR_STATE);
	close_both(side);
	viz_handshake_free(NULL);
}

/* A point of small order is refused as remote static key, as ephemeral and as encrypted static. */
static void small_order_is_refused(void **state)
{
	struct viz_secret key = {{1}};
	struct viz_pub zero = {{0}};
	struct viz_handshake_config config = {
	    .pattern = VIZ_NOISE_NK, .initiator = true, .remote_static = &zero, .ephemeral = &key};
	struct viz_handshake *hs = NULL;
	uint8_t buf[256] = {0};
	size_t len = 77;

	(void)state;
	assert_int_equal(viz_handshake_new(&hs, &config), VIZ_ERR_AUTH);
	assert_null(hs);
	config = (struct viz_handshake_config){
	    .pattern = VIZ_NOISE_XX, .initiator = false, .local_static = &key, .ephemeral = &key};
	assert_int_equal(viz_handshake_new(&hs, &config), VIZ_OK);
	assert_int_equal(viz_handshake_read(hs, buf, &len, buf, 32), VIZ_OK);
	assert_int_equal(viz_handshake_write(hs, buf, &len, sizeof buf, NULL, 0), VIZ_ERR_AUTH);
	assert_unusable(hs);
	viz_handshake_free(hs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(cacophony),
	    cmocka_unit_test(hmac_is_not_the_keyed_mode),
	    cmocka_unit_test(protocol_names),
	    cmocka_unit_test(every_flipped_bit_is_refused),
	    cmocka_unit_test(lengths),
	    cmocka_unit_test(strangers_get_nothing),
	    cmocka_unit_test(remote_static_is_reported),
	    cmocka_unit_test(small_order_is_refused),
	};

	if (viz_crypto_init() != VIZ_OK)
		return 1;
	return cmocka_run_group_tests_name("noise", tests, NULL, NULL);
}
