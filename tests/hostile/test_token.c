/* The token of an invitation: it is used up when its bearer is in, and not before. */
#include "tests/hostile/one_node.h"

#include "crypto/crypto.h"
#include "crypto/rng.h"
#include "node/core/event.h"
#include "node/link/link.h"
#include "node/link/net.h"
#include "node/trust/invite.h"
#include "node/trust/member.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/message.h"
#include "proto/writer.h"
#include "store/stat.h"
#include "store/store.h"
#include "store/tables.h"

static struct viz_invite invite(struct one_node *b)
{
	char line[VIZ_INVITE_TEXT_MAX];
	struct viz_invite invite;
	char *at = strstr(request(b, "{\"op\": \"peer.invite\"}"), "vizinvite1.");

	assert_non_null(at);
	snprintf(line, sizeof line, "%.*s", (int)strcspn(at, "\""), at);
	assert_int_equal(viz_invite_parse(&invite, line), VIZ_OK);
	return invite;
}

/* A hello whose NODE is `b->scratch`. */
static void try(struct one_node *b, const struct forge *f, uint64_t link, const uint8_t *token,
		bool old_key)
{
	static uint8_t bytes[VIZ_HELLO_MAX];
	struct viz_event ev = {.kind = VIZ_EVENT_HELLO,
			       .link = link,
			       .bytes = bytes,
			       .remote = f->transport_pub,
			       .old_key = old_key};

	ev.len = forge_hello(bytes, sizeof bytes, f, &b->scratch, token);
	run(b, &ev, 1);
}

static size_t entries(struct one_node *b, enum viz_table table)
{
	size_t n;

	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	n = (size_t)viz_store_stat_entries(b->store, table);
	viz_store_abort(b->store);
	return n;
}

/* Who shows a token with a hello that is refused leaves nothing behind, and the bearer still gets
 * in. */
static void a_refused_hello_uses_no_token_up(void **state)
{
	struct one_node *b = *state;
	struct viz_invite line = invite(b);
	struct forge bearer, other;
	size_t known = b->node->trust.directory.count, records = entries(b, VIZ_TABLE_RECORD);
	size_t remotes = b->node->net.links.remote_count;

	forge_author(&bearer, &b->federation, &b->rng);
	for (int i = 0; i < 50; i++) {
		forge_author(&other, &b->federation, &b->rng);
		forge_node(&b->scratch, i % 2 == 0 ? &other : &bearer, b->now);
		if (i % 2 == 0)
			b->scratch.bytes[b->scratch.len - 1] ^= 1; /* the signature */
		else
			bearer.transport_pub.b[0] ^= 1; /* it is not the NODE's author who dials */
		try(b, i % 2 == 0 ? &other : &bearer, 8, line.token, false);
		assert_int_equal(b->closed, 1);
		assert_string_equal(b->reason, "transport-key");
		bearer.transport_pub.b[0] ^= (uint8_t)(i % 2);
	}
	assert_int_equal(entries(b, VIZ_TABLE_INVITE), 1);
	assert_int_equal(entries(b, VIZ_TABLE_RECORD), records);
	tick(b, 1000);
	assert_int_equal(b->node->trust.directory.count, known);
	assert_int_equal(b->node->net.links.remote_count, remotes);
	forge_node(&b->scratch, &bearer, b->now);
	try(b, &bearer, 8, line.token, true); /* to the previous transport key */
	assert_string_equal(b->reason, "rotated");
	assert_int_equal(entries(b, VIZ_TABLE_INVITE), 1);
	try(b, &bearer, 8, line.token, false);
	assert_int_equal(b->closed, 0);
	assert_non_null(viz_link_of(&b->node->net, &bearer.author));
	assert_true(viz_member_find(&b->node->trust, &bearer.author)->peer.pending);
	assert_int_equal(entries(b, VIZ_TABLE_INVITE), 0);
	/* once */
	forge_author(&other, &b->federation, &b->rng);
	forge_node(&b->scratch, &other, b->now);
	try(b, &other, 9, line.token, false);
	assert_string_equal(b->reason, "unknown");
	/* the bearer comes back without it, also after a start */
	restart(b, 1000);
	forge_node(&b->scratch, &bearer, b->now);
	try(b, &bearer, 8, NULL, false);
	assert_non_null(viz_link_of(&b->node->net, &bearer.author));
}

/* Whose NODE is dated ahead gets our clock before the link ends, and keeps its token: the operators
 * of both sides learn whose clock to look at. */
static void a_bearer_with_a_fast_clock_hears_ours(void **state)
{
	struct one_node *b = *state;
	struct viz_invite line = invite(b);
	struct viz_time fast = viz_after(b->now, b->federation.skew_ms + 60000);
	size_t records = b->records, clocks = b->clocks;
	struct forge bearer;

	forge_author(&bearer, &b->federation, &b->rng);
	for (int i = 0; i < 2; i++) {
		forge_node(&b->scratch, &bearer, fast);
		try(b, &bearer, 8, line.token, false);
		assert_int_equal(b->closed, 1);
		assert_non_null(strstr(b->reason, "clock is ahead"));
		assert_int_equal(b->clocks, clocks + (size_t)i + 1);
		assert_int_equal(b->records, records + (size_t)i + 1);
		assert_int_equal(entries(b, VIZ_TABLE_INVITE), 1);
		tick(b, 1000);
	}
	assert_non_null(strstr(b->logs, "the clock of"));
	assert_null(strstr(strstr(b->logs, "the clock of") + 1, "the clock of"));
	forge_node(&b->scratch, &bearer, b->now);
	try(b, &bearer, 8, line.token, false);
	assert_int_equal(b->closed, 0);
	assert_int_equal(b->clocks, clocks + 3); /* who is no member yet hears it in any case */
	assert_non_null(viz_link_of(&b->node->net, &bearer.author));
}

/* A guest says its clock too, before anything that it signed counts. */
static void a_guests_clock_is_told(void **state)
{
	struct one_node *b = *state;
	struct viz_invite line = invite(b);
	uint8_t body[16];
	struct viz_event ev = {.kind = VIZ_EVENT_MESSAGE, .link = 8, .bytes = body};
	struct viz_writer w;
	struct forge bearer;

	forge_author(&bearer, &b->federation, &b->rng);
	forge_node(&b->scratch, &bearer, b->now);
	try(b, &bearer, 8, line.token, false);
	for (int i = 0; i < 2; i++) {
		viz_writer_init(&w, body, sizeof body);
		viz_message_clock_write(&w,
					&(struct viz_message_clock){viz_after(b->now, -180000)});
		ev.len = viz_writer_done(&w).len;
		run(b, &ev, 1);
	}
	assert_non_null(strstr(b->logs, "is 180 s behind ours"));
	assert_null(strstr(strstr(b->logs, "is 180 s behind") + 1, "is 180 s behind"));
	assert_non_null(
	    strstr(request(b, "{\"op\":\"status\"}"), "\"clock_other_ahead_ms\":-180000"));
	assert_non_null(strstr(b->reply, "\"clock_behind_count\":0"));
	assert_int_equal(b->closed, 0);
}

/* A token that is over brings nobody. */
static void a_token_ends(void **state)
{
	struct one_node *b = *state;
	struct viz_invite line = invite(b);
	struct forge bearer;

	forge_author(&bearer, &b->federation, &b->rng);
	b->now = line.expires;
	forge_node(&b->scratch, &bearer, b->now);
	try(b, &bearer, 8, line.token, false);
	assert_string_equal(b->reason, "unknown");
	assert_null(viz_link_of(&b->node->net, &bearer.author));
}

/* Two who are members already, by another one: the one shows the other's token on the link that is
 * up, or with the next hello. It waits for the operator either way, and is told that it is in. */
static void members_become_pending(void **state)
{
	for (int by_hello = 0; by_hello < 2; by_hello++) {
		struct one_node *b = *state;
		struct viz_invite line = invite(b);
		struct forge f;
		const struct viz_member *m;
		VIZ_WRITER(w, 32);

		forge_author(&f, &b->federation, &b->rng);
		b->now.ms += 1000;
		forge_vouch(&b->scratch, &b->evil, 1 + (unsigned)by_hello, b->now, &f.author,
			    false);
		give(b, &b->scratch);
		forge_node(&b->scratch, &f, b->now);
		give(b, &b->scratch);
		forge_vouch(&b->scratch, &f, 0, b->now, &b->evil.author, false);
		give(b, &b->scratch);
		m = viz_member_find(&b->node->trust, &f.author);
		assert_true(m->member && !m->peer.present);
		b->now.ms += 1000;
		if (by_hello) {
			come_in_as(b, &f, 9, line.token);
		} else {
			struct viz_message_token t;

			come_in_as(b, &f, 8, NULL);
			memcpy(t.token, line.token, sizeof t.token);
			viz_message_token_write(&w, &t);
			message_on(b, 8, &w);
		}
		assert_true(m->peer.pending && m->peer.present);
		assert_int_equal(b->closed, 0);
		restart(b, 1000);
		m = viz_member_find(&b->node->trust, &f.author);
		assert_true(m->peer.pending);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	    T(a_refused_hello_uses_no_token_up), T(a_bearer_with_a_fast_clock_hears_ours),
	    T(a_guests_clock_is_told),           T(a_token_ends),
	    T(members_become_pending),
	};

	VIZ_REQUIRE(viz_crypto_init() == VIZ_OK);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
