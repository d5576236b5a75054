/* Names, keys and vouches: what a false peer can do with the trust that it gets, and what a
 * mistake of the operator leaves behind. */
#include "tests/hostile/one_node.h"

#include "crypto/crypto.h"
#include "crypto/id.h"
#include "node/core/core.h"
#include "node/core/event.h"
#include "node/core/place.h"
#include "node/gossip/gossip.h"
#include "node/node.h"
#include "node/trust/invite.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/message.h"
#include "proto/record.h"
#include "proto/writer.h"
#include "store/stat.h"
#include "store/store.h"
#include "store/tables.h"

/* Makes a second member with the trade name of the evil one. */
static void namesake(struct one_node *b, struct forge *out)
{
	forge_author(out, &b->federation, &b->rng);
	b->now.ms += 600;
	forge_vouch(&b->scratch, &b->evil, 1, b->now, &out->author, false);
	give(b, &b->scratch);
	forge_node(&b->scratch, out, b->now);
	give(b, &b->scratch);
	forge_vouch(&b->scratch, out, 0, b->now, &b->evil.author, false);
	give(b, &b->scratch);
	assert_true(viz_member_find(&b->node->trust, &out->author)->member);
}

/* Two members have one name. The name alone selects neither, and each is shown and selected with
 * its short id. */
static void namesakes_have_labels(void **state)
{
	struct one_node *b = *state;
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

/* Names that differ only in spaces or case are equal, as readers see no difference. A name
 * with an invisible character is refused. */
static void near_namesakes(void **state)
{
	struct one_node *b = *state;
	struct forge other;

	namesake(b, &other);
	snprintf(other.name, sizeof other.name, "Provedor\u00a0\u2003 HOSTIL");
	b->now.ms += 600;
	forge_node(&b->scratch, &other, b->now);
	give(b, &b->scratch);
	assert_non_null(strstr(request(b, "{\"op\":\"peer.list\"}"), "Provedor Hostil ("));
	snprintf(other.name, sizeof other.name, "Sem\u200bLargura");
	b->now.ms += 600;
	forge_node(&b->scratch, &other, b->now);
	give(b, &b->scratch);
	assert_null(strstr(request(b, "{\"op\":\"peer.list\"}"), "Largura"));
	assert_non_null(strstr(
	    request(b, "{\"op\":\"peer.show\",\"args\":{\"peer\":\"a\u202eb\"}}"), "invisible"));
}

/* A name that equals another member's short id selects neither of the two. */
static void a_name_is_no_id(void **state)
{
	struct one_node *b = *state;
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

static uint64_t accepted(struct one_node *b)
{
	return b->node->gossip.intake.accepted;
}

/* Sends as many NODE records of one author as a hello can carry, over a link that none of their
 * keys fits. */
static void hello_of_many(struct one_node *b, uint64_t link)
{
	static uint8_t hello[VIZ_HELLO_MAX];
	struct viz_event ev = {.kind = VIZ_EVENT_HELLO, .link = link, .bytes = hello};
	struct viz_writer w;

	viz_writer_init(&w, hello, sizeof hello);
	viz_writer_array(&w, 3);
	viz_writer_id(&w, &b->evil.author);
	viz_writer_nil(&w);
	viz_writer_array(&w, VIZ_HELLO_RECORDS_MAX);
	for (size_t i = 0; i < VIZ_HELLO_RECORDS_MAX; i++) {
		b->now.ms++;
		forge_node(&b->scratch, &b->evil, b->now);
		viz_writer_bin(&w, b->scratch.bytes, b->scratch.len);
	}
	assert_int_equal(viz_writer_finish(&w, &ev.len), VIZ_OK);
	ev.remote.b[0] = 1;
	run(b, &ev, 1);
}

/* A hello carries SUCCESSIONs in order and then one NODE. It does not get around the budgets. */
static void hellos_bring_little(void **state)
{
	struct one_node *b = *state;
	uint64_t before = accepted(b);

	hello_of_many(b, 900);
	assert_int_equal(accepted(b), before);
	assert_string_equal(b->reason, "bad-hello");
	for (unsigned i = 0; i < 600; i++) {
		b->now.ms++;
		forge_node(&b->scratch, &b->evil, b->now);
		give(b, &b->scratch);
	}
	before = accepted(b);
	for (uint64_t i = 0; i < 20; i++) {
		static uint8_t hello[VIZ_HELLO_MAX];
		struct viz_event ev = {.kind = VIZ_EVENT_HELLO, .link = 901 + i, .bytes = hello};

		b->now.ms++;
		forge_node(&b->scratch, &b->evil, b->now);
		ev.len = forge_hello(hello, sizeof hello, &b->evil, &b->scratch, NULL);
		ev.remote.b[0] = 1;
		run(b, &ev, 1);
		assert_int_equal(b->closed, 1);
	}
	assert_true(accepted(b) - before <= 1);
}

/* An honest peer with many changes of keys still comes in by its hello. */
static void hello_with_chain_gets_in(void **state)
{
	struct one_node *b = *state;
	struct viz_hello hello = {.author = b->evil.author, .record_count = 4};
	struct forged *rec = calloc(4, sizeof *rec);
	static uint8_t bytes[VIZ_HELLO_MAX];
	struct viz_event ev = {.kind = VIZ_EVENT_HELLO, .link = 900, .bytes = bytes};
	struct viz_writer w;

	assert_non_null(rec);
	cut(b, LINK_EVIL);
	for (unsigned n = 1; n <= 3; n++) {
		struct viz_id next = {{1}};

		if (n < 3)
			viz_id_next_hash(&next, &b->evil.signer[n + 1].pub);
		forge_succession(&rec[n - 1], &b->evil, n, b->now, &next);
	}
	b->evil.key = 3;
	b->evil.transport_pub.b[0] ^= 1;
	forge_node(&rec[3], &b->evil, b->now);
	for (size_t i = 0; i < 4; i++)
		hello.record[i] = (struct viz_slice){rec[i].bytes, rec[i].len};
	viz_writer_init(&w, bytes, sizeof bytes);
	viz_hello_write(&w, &hello);
	assert_int_equal(viz_writer_finish(&w, &ev.len), VIZ_OK);
	ev.remote = b->evil.transport_pub;
	run(b, &ev, 1);
	assert_int_equal(b->closed, 0);
	assert_int_equal(evil(b)->key_count, 4);
	free(rec);
}

/* A peer with our invitation that nobody has confirmed may send only records about its identity. */
static void guests_fill_nothing(void **state)
{
	struct one_node *b = *state;
	struct forge member = b->evil, guest;
	char line[VIZ_INVITE_TEXT_MAX];
	struct viz_invite invite;
	uint64_t before;
	char *at;

	cut(b, LINK_EVIL);
	forge_author(&guest, &b->federation, &b->rng);
	at = strstr(request(b, "{\"op\": \"peer.invite\"}"), "vizinvite1.");
	snprintf(line, sizeof line, "%.*s", (int)strcspn(at, "\""), at);
	assert_int_equal(viz_invite_parse(&invite, line), VIZ_OK);
	b->evil = guest;
	come_in(b, invite.token);
	forge_vouch(&b->scratch, &guest, 0, b->now, viz_node_author(b->node), false);
	before = accepted(b);
	give(b, &b->scratch);
	assert_int_equal(accepted(b), before + 1);
	before = accepted(b);
	for (unsigned i = 0; i < 4; i++) {
		b->now.ms += 600;
		forge_coverage(&b->scratch, &guest, i, b->now, 1024, i);
		give(b, &b->scratch);
	}
	assert_int_equal(accepted(b), before);
	/* it does not relay records of others either */
	b->now.ms += 600;
	forge_node(&b->scratch, &member, b->now);
	give(b, &b->scratch);
	assert_int_equal(accepted(b), before);
	assert_int_equal(b->closed, 0);
}

static size_t sent_in(struct one_node *b, int64_t ms)
{
	tick(b, ms);
	return b->sent_on[LINK_EVIL];
}

/* A peer that has not said MEMBER still counts us as a guest. Its clock may be slow, so that it
 * ignored our NODE and VOUCH. It gets both again, and the start's VOUCH, until it says MEMBER.
 * With a SUCCESSION it gets NODE, SUCCESSION, VOUCH twice and NODE. */
static void who_is_still_a_guest_is_greeted_again(void **state)
{
	struct one_node *b = *state;
	int64_t ms = b->federation.repair_ms;

	close_node(b);
	open_node(b);
	hello(b, &b->evil, LINK_EVIL, NULL);
	sent_in(b, 0);
	assert_true(sent_in(b, ms - 1) < 2); /* a heartbeat */
	assert_int_equal(sent_in(b, 1), 3);
	assert_true(sent_in(b, ms) >= 2);
	rotate_own_key(b);
	sent_in(b, ms);
	assert_true(sent_in(b, ms - 1) < 2);
	assert_int_equal(sent_in(b, 1), 5);
	say_member(b, LINK_EVIL);
	sent_in(b, ms); /* what a full link begins with, and a comparison */
	assert_true(sent_in(b, ms) < 3);
}

/* An author for whom a single member vouches can vouch back, and no more. Otherwise a member
 * could fill the store by naming one author after another. */
static void sponsored_ones_fill_nothing(void **state)
{
	struct one_node *b = *state;
	struct forge puppet;
	uint64_t before;

	forge_author(&puppet, &b->federation, &b->rng);
	b->now.ms += 600;
	forge_vouch(&b->scratch, &b->evil, 1, b->now, &puppet.author, false);
	give(b, &b->scratch);
	forge_node(&b->scratch, &puppet, b->now);
	give(b, &b->scratch);
	before = accepted(b);
	forge_coverage(&b->scratch, &puppet, 0, b->now, 1024, 0);
	give(b, &b->scratch);
	assert_int_equal(accepted(b), before);
	assert_int_equal(b->closed, 0);
	forge_vouch(&b->scratch, &puppet, 0, b->now, &b->evil.author, false);
	give(b, &b->scratch);
	forge_coverage(&b->scratch, &puppet, 0, b->now, 1024, 0);
	give(b, &b->scratch);
	assert_int_equal(accepted(b), before + 2);
}

static int64_t ahead(struct one_node *b, uint8_t type)
{
	struct viz_record rec;
	struct viz_held held;
	int64_t at;

	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	assert_true(viz_place_get(&b->node->core, &held, &rec, viz_node_author(b->node), type, 0));
	at = (int64_t)rec.seq > rec.time.ms ? (int64_t)rec.seq : rec.time.ms;
	viz_store_abort(b->store);
	return at - b->now.ms;
}

static void start_at(struct one_node *b, int64_t ms)
{
	close_node(b);
	b->now.ms = ms;
	open_node(b);
	tick(b, 0);
}

/* After the clock was wrong for a moment, a node must not stay silent until that time comes. */
static void clock_was_fast(void **state)
{
	struct one_node *b = *state;
	int64_t good = b->now.ms;
	char json[256], id[65];

	tick(b, INT64_C(300) * VIZ_DAY_MS);
	viz_hex(id, b->evil.author.b, 32);
	snprintf(json, sizeof json, "{\"op\":\"peer.block\",\"args\":{\"peer\":\"%s\"}}", id);
	assert_non_null(strstr(request(b, json), "\"ok\":true"));
	assert_true(ahead(b, VIZ_TYPE_PARTNERS) == 0);
	start_at(b, good + 60000);
	/* no member says what it holds of us: the store may be an old one */
	assert_true(ahead(b, VIZ_TYPE_NODE) > 0);
	tick(b, 3 * b->federation.heartbeat_ms);
	tick(b, b->federation.start_ms);
	assert_int_equal(ahead(b, VIZ_TYPE_NODE), 0);
	assert_int_equal(ahead(b, VIZ_TYPE_PARTNERS), 0);
	assert_non_null(strstr(request(b, "{\"op\":\"status\"}"), "\"clock_ahead_ms\":0,"));
	tick(b, VIZ_DAY_MS * 2);
	assert_true(ahead(b, VIZ_TYPE_NODE) >= -VIZ_DAY_MS);
	/* what was signed with the wrong time can be changed again */
	snprintf(json, sizeof json, "{\"op\":\"peer.trust\",\"args\":{\"peer\":\"%s\"}}", id);
	assert_non_null(strstr(request(b, json), "\"ok\":true"));
	snprintf(json, sizeof json, "{\"op\":\"peer.block\",\"args\":{\"peer\":\"%s\"}}", id);
	assert_non_null(strstr(request(b, json), "\"ok\":true"));
}

/* A slow clock looks the same to the node itself, but records of others are ahead too. The node
 * signs nothing again, and starts nothing that the federation would refuse. */
static void clock_is_slow(void **state)
{
	struct one_node *b = *state;
	int64_t good = b->now.ms + INT64_C(30) * VIZ_DAY_MS;
	const char *reply;

	tick(b, INT64_C(30) * VIZ_DAY_MS);
	forge_node(&b->scratch, &b->evil, b->now);
	give(b, &b->scratch);
	start_at(b, START_MS + 60000);
	assert_true(ahead(b, VIZ_TYPE_NODE) > VIZ_DAY_MS * 29);
	assert_null(strstr(request(b, "{\"op\":\"status\"}"), "\"clock_ahead_ms\":0,"));
	reply = request(b, "{\"op\":\"lead.offer\",\"args\":{\"protocol\":\"1\",\"place\":"
			   "{\"municipality\":{\"code\":3205309}},\"consent\":{\"given\":true}}}");
	assert_non_null(strstr(reply, "\"clock\""));
	start_at(b, good + 60000);
	assert_non_null(strstr(request(b, "{\"op\":\"status\"}"), "\"clock_ahead_ms\":0,"));
}

/* Accepts the invitation of the n-th of many inviters by "peer.accept". */
static const char *accept_one(struct one_node *b, unsigned n, bool partner)
{
	struct viz_invite v = {.federation = b->evil.federation_id,
			       .expires = viz_after(b->now, VIZ_DAY_MS),
			       .address_count = 1};
	static char json[VIZ_INVITE_TEXT_MAX + 128];
	char line[VIZ_INVITE_TEXT_MAX];

	memset(v.author.b, (int)(n & 0xff), sizeof v.author.b);
	v.author.b[0] = (uint8_t)(n >> 8);
	snprintf(v.name, sizeof v.name, "Convidado %u", n);
	snprintf(v.address[0], sizeof v.address[0], "127.0.0.1:9");
	viz_invite_text(line, &v);
	snprintf(json, sizeof json,
		 "{\"op\":\"peer.accept\",\"args\":{\"line\":\"%s\",\"partner\":%s}}", line,
		 partner ? "true" : "false");
	return request(b, json);
}

static uint64_t settings(struct one_node *b)
{
	return viz_store_stat_entries(b->store, VIZ_TABLE_PEER);
}

/* The 64th vouch is refused with a message and leaves nothing behind: a slot is the start's. */
static void vouches_have_an_end(void **state)
{
	struct one_node *b = *state;
	unsigned n = 0;
	uint64_t rows;

	for (n = 0; n + 2 < VIZ_VOUCH_SLOTS; n++)
		assert_non_null(strstr(accept_one(b, n, false), "\"ok\":true"));
	rows = settings(b);
	assert_non_null(strstr(accept_one(b, n, false), "\"too-many-vouches\""));
	assert_int_equal(settings(b), rows);
	tick(b, 1000);
	assert_int_equal(viz_member_self(&b->node->trust)->vouch_count, VIZ_VOUCH_SLOTS - 1);
}

/* The same for the 257th partner, among members for whom we do not vouch. */
static void partners_have_an_end(void **state)
{
	struct one_node *b = *state;
	char json[256], hex[65];
	uint64_t rows;

	for (unsigned n = 0; n < VIZ_PARTNERS_MAX; n++) {
		struct viz_id id;

		memset(id.b, (int)(n & 0xff), sizeof id.b);
		id.b[1] = 77;
		assert_non_null(viz_member_ensure(&b->node->trust, &id));
		viz_member_find(&b->node->trust, &id)->peer.present =
		    true; /* known, as if it were linked */
		viz_hex(hex, id.b, sizeof id.b);
		snprintf(json, sizeof json, "{\"op\":\"peer.trust\",\"args\":{\"peer\":\"%s\"}}",
			 hex);
		rows = settings(b);
		if (n + 1 < VIZ_PARTNERS_MAX)
			assert_non_null(strstr(request(b, json), "\"ok\":true"));
		else
			assert_non_null(strstr(request(b, json), "\"too-many-partners\""));
	}
	assert_int_equal(settings(b), rows);
	tick(b, 1); /* one PARTNERS in a millisecond */
	assert_int_equal(viz_member_self(&b->node->trust)->partners->count, VIZ_PARTNERS_MAX);
}

/* While our own key is revoked nothing can be published. A setting that needs a new record is
 * refused. */
static void revoked_ones_change_nothing(void **state)
{
	static const char *const ops[] = {"trust", "block", "remove"};
	struct one_node *b = *state;
	char json[256], hex[65];

	b->node->trust.self.revoked = true;
	viz_hex(hex, b->evil.author.b, sizeof b->evil.author.b);
	for (size_t i = 0; i < 3; i++) {
		snprintf(json, sizeof json, "{\"op\":\"peer.%s\",\"args\":{\"peer\":\"%s\"}}",
			 ops[i], hex);
		assert_non_null(strstr(request(b, json), "\"own-key-revoked\""));
		assert_true(evil(b)->peer.partner && evil(b)->peer.vouched);
		assert_false(evil(b)->peer.blocked);
	}
	assert_non_null(strstr(accept_one(b, 1, true), "\"own-key-revoked\""));
}

/* peer.show counts the members that belong only through a peer. Another voucher lowers the count.
 */
static void who_answers_for_whom(void **state)
{
	struct one_node *b = *state;
	struct forge first, second;
	char json[256], hex[65];

	namesake(b, &first);
	forge_author(&second, &b->federation, &b->rng);
	b->now.ms += 600;
	forge_vouch(&b->scratch, &first, 1, b->now, &second.author, false);
	give(b, &b->scratch);
	forge_node(&b->scratch, &second, b->now);
	give(b, &b->scratch);
	forge_vouch(&b->scratch, &second, 0, b->now, &first.author, false);
	give(b, &b->scratch);
	viz_hex(hex, b->evil.author.b, sizeof b->evil.author.b);
	snprintf(json, sizeof json, "{\"op\":\"peer.show\",\"args\":{\"peer\":\"%s\"}}", hex);
	assert_non_null(strstr(request(b, json), "\"only_through_count\":2"));
	viz_hex(hex, first.author.b, sizeof first.author.b);
	snprintf(json, sizeof json, "{\"op\":\"peer.show\",\"args\":{\"peer\":\"%s\"}}", hex);
	assert_non_null(strstr(request(b, json), "\"only_through_count\":1"));
	forge_vouch(&b->scratch, &b->evil, 2, b->now, &second.author, false);
	give(b, &b->scratch);
	forge_vouch(&b->scratch, &second, 1, b->now, &b->evil.author, false);
	give(b, &b->scratch);
	assert_non_null(strstr(request(b, json), "\"only_through_count\":0"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	    /* clang-format off */
	    T(namesakes_have_labels),
	    T(near_namesakes),
	    T(a_name_is_no_id),
	    T(hellos_bring_little),
	    T(hello_with_chain_gets_in),
	    T(guests_fill_nothing),
	    T(who_is_still_a_guest_is_greeted_again),
	    T(sponsored_ones_fill_nothing),
	    T(clock_was_fast),
	    T(clock_is_slow),
	    T(vouches_have_an_end),
	    T(partners_have_an_end),
	    T(revoked_ones_change_nothing),
	    T(who_answers_for_whom),
	    /* clang-format on */
	};

	VIZ_REQUIRE(viz_crypto_init() == VIZ_OK);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
