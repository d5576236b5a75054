/* The invalid encodings of tests/vectors/protocol.json: each is refused with its class of error. */
#include "tests/unit/unit.h"

#include "crypto/crypto.h"
#include "node/gossip/body.h"
#include "node/trust/invite.h"
#include "proto/base.h"
#include "proto/federation.h"
#include "proto/geo/region.h"
#include "proto/limits.h"
#include "proto/offer.h"
#include "proto/reader.h"
#include "proto/record.h"
#include "tests/unit/proto/codec.h"
#include "tests/unit/vectors.h"

#define BUFFER_BYTES 131072 /* more than any encoding here */

static json_t *root;
static struct viz_federation federation;

/* Hexadecimal with runs, for example "00(ff*32)". */
static uint8_t *expand(size_t *len, const char *text)
{
	uint8_t *out = calloc(1, BUFFER_BYTES);
	size_t n = 0;

	assert_non_null(out);
	while (*text != '\0') {
		bool run = *text == '(';
		char pair[3] = {text[run], text[run + 1], '\0'}, *end = NULL;
		unsigned long times = run ? strtoul(text + 4, &end, 10) : 1;
		uint8_t byte;

		assert_int_equal(viz_hex_parse(&byte, 1, pair), VIZ_OK);
		assert_true(n + times <= BUFFER_BYTES);
		memset(out + n, byte, times);
		n += times;
		text = run ? end + 1 : text + 2;
	}
	*len = n;
	return out;
}

/* Checks the envelope, the exact expiry of write-once types, and the body. */
static int whole_check(const uint8_t *bytes, size_t len)
{
	struct viz_record rec;
	int err = viz_record_parse(&rec, bytes, len);

	assert_int_equal(err, VIZ_OK);
	if (viz_record_is_write_once(rec.type) &&
	    rec.expires.ms != viz_record_write_once_expires(rec.time, federation.write_once_ms).ms)
		return VIZ_ERR_MEANING;
	return viz_body_check(&rec, &federation);
}

static int region_check(const uint8_t *bytes, size_t len)
{
	uint64_t cells[64];
	size_t n;

	return viz_region_decode(cells, &n, 64, bytes, len);
}

static int decode(const char *what, const uint8_t *bytes, size_t len)
{
	static uint8_t out[BUFFER_BYTES];
	struct viz_record rec;
	struct viz_reader r;
	size_t n;

	if (strcmp(what, "value") == 0) {
		viz_reader_init(&r, bytes, len);
		viz_reader_skip(&r, &n, VIZ_BODY_DEPTH);
		return viz_reader_finish(&r);
	}
	if (strcmp(what, "record") == 0)
		return viz_record_parse(&rec, bytes, len);
	if (strcmp(what, "check") == 0)
		return whole_check(bytes, len);
	if (strcmp(what, "region") == 0)
		return region_check(bytes, len);
	return viz_codec_again(out, &n, sizeof out,
			       strncmp(what, "body ", 5) == 0 ? what + 5 : what, bytes, len);
}

static void invalid_vectors(void **state)
{
	const json_t *list = viz_vectors_get(root, "invalid");
	size_t failures = 0, i;
	json_t *v;

	(void)state;
	assert_true(json_array_size(list) >= 450);
	json_array_foreach(list, i, v)
	{
		const char *what = viz_vectors_text(v, "what"),
			   *text = viz_vectors_text(v, "bytes");
		const char *got;

		if (strcmp(what, "invite") == 0) {
			struct viz_invite in;

			got = viz_err_name(viz_invite_parse(&in, text));
		} else {
			size_t len;
			uint8_t *bytes = expand(&len, text), *exact = malloc(len ? len : 1);

			assert_non_null(exact);
			memcpy(exact, bytes, len);
			got = viz_err_name(decode(what, exact, len));
			free(exact);
			free(bytes);
		}
		if (strcmp(got, viz_vectors_text(v, "error")) != 0) {
			print_error("%s: %s: %s, not %s\n", what, viz_vectors_text(v, "name"), got,
				    viz_vectors_text(v, "error"));
			failures++;
		}
	}
	assert_int_equal(failures, 0);
}

static int setup(void **state)
{
	(void)state;
	assert_int_equal(viz_crypto_init(), VIZ_OK);
	root = viz_vectors_load("protocol.json");
	viz_federation_default(&federation, "vizinho-br");
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	json_decref(root);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(invalid_vectors),
	};

	return cmocka_run_group_tests_name("invalid", tests, setup, teardown);
}
