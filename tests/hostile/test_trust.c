/* Names, keys, vouches: what a false peer can make of the trust that the operator and the members
 * give, and what a mistake of the operator's leaves behind. */
#include "tests/hostile/bench.h"

/* A second member, of the same trade name as the evil one: the text of its id in `id`. */
static void namesake(struct bench *b, struct forge *out)
{
	forge_author(out, &b->federation, &b->rng);
	b->now.ms += 600;
	forge_vouch(&b->scratch, &b->evil, 1, b->now, &out->author, false);
	give(b, &b->scratch);
	forge_node(&b->scratch, out, b->now);
	give(b, &b->scratch);
	forge_vouch(&b->scratch, out, 0, b->now, &b->evil.author, false);
	give(b, &b->scratch);
	assert_true(viz_member_find(b->node, &out->author)->member);
}

/* Of two that have one name neither is taken, whichever id is smaller; each has its own way to be
 * named, and is shown with it. */
static void namesakes_are_told_apart(void **state)
{
	struct bench *b = *state;
	struct forge other;
	char short_id[2][17], json[256];
	const char *reply;

	namesake(b, &other);
	viz_hex(short_id[0], b->evil.author.b, 4);
	viz_hex(short_id[1], other.author.b, 4);
	reply = request(b, "{\"op\":\"peer.trust\",\"args\":{\"peer\":\"provedor hostil\"}}");
	assert_non_null(strstr(reply, "\"ambiguous\""));
	assert_non_null(strstr(reply, short_id[0]));
	assert_non_null(strstr(reply, short_id[1]));
	for (int i = 0; i < 2; i++) {
		snprintf(json, sizeof json, "{\"op\":\"peer.show\",\"args\":{\"peer\":\"%s\"}}",
			 short_id[i]);
		reply = request(b, json);
		assert_non_null(strstr(reply, "\"ok\":true"));
		snprintf(json, sizeof json, "\"label\":\"Provedor Hostil (%s)\"", short_id[i]);
		assert_non_null(strstr(reply, json));
	}
}

/* Neither does a name win that is another one's short id. */
static void a_name_is_no_id(void **state)
{
	struct bench *b = *state;
	struct forge other;
	char json[256];

	namesake(b, &other);
	viz_hex(other.name, b->evil.author.b, 4);
	b->now.ms += 600;
	forge_node(&b->scratch, &other, b->now);
	give(b, &b->scratch);
	snprintf(json, sizeof json, "{\"op\":\"peer.show\",\"args\":{\"peer\":\"%s\"}}",
		 other.name);
	assert_non_null(strstr(request(b, json), "\"ambiguous\""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	    T(namesakes_are_told_apart),
	    T(a_name_is_no_id),
	};

	VIZ_REQUIRE(viz_crypto_init() == VIZ_OK);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
