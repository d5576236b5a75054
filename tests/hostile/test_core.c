/* What one false member or partner can make the core do, and what not: the core alone, with the
 * clock in the test's hand, and records forged in process. */
#include "tests/hostile/forge.h"

#include "node/audit.h"
#include "node/invite.h"
#include "node/mail.h"
#include "node/place.h"
#include "proto/offer.h"
#include "proto/statement.h"
#include "tests/unit/scratch.h"
#include "tests/unit/unit.h"

#define LINK_EVIL 7
#define START_MS  INT64_C(1790000000000)

struct bench {
	char dir[SCRATCH_PATH];
	struct viz_store *store;
	struct viz_vault *vault;
	struct viz_node *node;
	struct viz_federation federation;
	struct viz_time now;
	struct viz_rng rng;
	struct forge evil;
	struct forged scratch;
	/* of the last run */
	size_t sent_bytes, sent, closed;
	char reason[64];
	char reply[4096];
	size_t mails; /* sent since the start, by their frames */
	uint64_t vouch_time;
};

static void open_node(struct bench *b)
{
	struct viz_store_config config = {
	    .dir = b->dir, .map_bytes = UINT64_C(64) << 20, .volatile_commit = true};
	struct viz_node_config nc = {
	    .profile = {.name = "Provedor A", .privacy = "dpo@example.com"}};
	char error[256];

	assert_int_equal(viz_store_open(&b->store, error, &config), VIZ_OK);
	assert_int_equal(viz_vault_open(&b->vault, error, b->store, b->dir), VIZ_OK);
	if (viz_store_count(b->store, VIZ_TABLE_META) == 0 || b->node == NULL) {
		struct viz_secret entropy = {{42}};
		struct viz_offline offline;

		int err = viz_node_init(b->store, &offline, &b->federation, &entropy, b->now);
		assert_true(err == VIZ_OK || err == VIZ_ERR_EXISTS);
	}
	nc.seed.b[0] = 1;
	assert_int_equal(viz_node_open(&b->node, b->store, b->vault, &nc, b->now), VIZ_OK);
}

static void close_node(struct bench *b)
{
	viz_node_close(b->node);
	viz_vault_close(b->vault);
	viz_store_close(b->store);
}

static void take_effects(struct bench *b, const struct viz_effects *fx, struct viz_event *next,
			 size_t *count, size_t max)
{
	for (size_t i = 0; i < fx->count; i++) {
		const struct viz_effect *e = &fx->list[i];

		if (e->kind == VIZ_EFFECT_SEND) {
			b->sent++;
			b->sent_bytes += e->len;
			b->mails +=
			    e->len > 4 && e->bytes[2] == 0x94 && e->bytes[3] == VIZ_MESSAGE_MAIL;
		} else if (e->kind == VIZ_EFFECT_CLOSE) {
			b->closed++;
			snprintf(b->reason, sizeof b->reason, "%s", e->text);
			assert_true(*count < max);
			next[(*count)++] =
			    (struct viz_event){.kind = VIZ_EVENT_CLOSED, .link = e->link};
		} else if (e->kind == VIZ_EFFECT_VERIFY) {
			assert_true(*count < max);
			next[(*count)++] = (struct viz_event){
			    .kind = VIZ_EVENT_VERIFIED,
			    .job = e->job,
			    .ok = viz_verify(&e->sig, &e->id, &e->remote) == VIZ_OK};
		} else if (e->kind == VIZ_EFFECT_REPLY) {
			snprintf(b->reply, sizeof b->reply, "%.*s", (int)e->len,
				 (const char *)e->bytes);
		} else if (e->kind == VIZ_EFFECT_LOG && getenv("VIZ_TRACE")) {
			fprintf(stderr, "# %s\n", e->text);
		}
	}
}

/* Runs the events, and the signature checks and closings that follow from them. */
static void run(struct bench *b, const struct viz_event *events, size_t count)
{
	struct viz_event next[512];
	struct viz_effects fx;
	size_t n = 0;

	b->sent = b->sent_bytes = b->closed = 0;
	viz_effects_init(&fx);
	assert_int_equal(viz_node_run(b->node, &fx, b->now, events, count), VIZ_OK);
	take_effects(b, &fx, next, &n, 512);
	viz_effects_clear(&fx);
	while (n > 0) {
		struct viz_event now[512];
		size_t k = n;

		memcpy(now, next, n * sizeof *now);
		n = 0;
		assert_int_equal(viz_node_run(b->node, &fx, b->now, now, k), VIZ_OK);
		take_effects(b, &fx, next, &n, 512);
		viz_effects_clear(&fx);
	}
}

static void tick(struct bench *b, int64_t ms)
{
	struct viz_event ev = {.kind = VIZ_EVENT_TICK};

	b->now.ms += ms;
	run(b, &ev, 1);
}

static const char *request(struct bench *b, const char *json)
{
	struct viz_event ev = {.kind = VIZ_EVENT_REQUEST,
			       .client = 1,
			       .bytes = (const uint8_t *)json,
			       .len = strlen(json),
			       .who = "root"};

	run(b, &ev, 1);
	return b->reply;
}

static void message(struct bench *b, const struct viz_writer *w)
{
	struct viz_event ev = {.kind = VIZ_EVENT_MESSAGE, .link = LINK_EVIL, .bytes = w->start};

	assert_int_equal(viz_writer_finish(w, &ev.len), VIZ_OK);
	run(b, &ev, 1);
}

static void give(struct bench *b, const struct forged *rec)
{
	static uint8_t body[VIZ_BODY_MAX];
	struct viz_writer w;

	viz_writer_init(&w, body, sizeof body);
	viz_writer_array(&w, 2);
	viz_writer_uint(&w, VIZ_MESSAGE_RECORD);
	viz_writer_bin(&w, rec->bytes, rec->len);
	message(b, &w);
}

static void mail_statement(struct bench *b, uint64_t number, const struct forged *st)
{
	static uint8_t body[VIZ_BODY_MAX];
	struct viz_writer w;

	viz_writer_init(&w, body, sizeof body);
	viz_writer_array(&w, 4);
	viz_writer_uint(&w, VIZ_MESSAGE_MAIL);
	viz_writer_uint(&w, number);
	viz_writer_uint(&w, VIZ_MAIL_STATEMENT);
	viz_writer_array(&w, 1);
	viz_writer_bin(&w, st->bytes, st->len);
	message(b, &w);
}

static void come_in(struct bench *b, const uint8_t *token)
{
	static uint8_t hello[VIZ_HELLO_MAX];
	struct viz_event ev = {.kind = VIZ_EVENT_HELLO,
			       .link = LINK_EVIL,
			       .bytes = hello,
			       .remote = b->evil.transport_pub};

	forge_node(&b->scratch, &b->evil, b->now);
	ev.len = forge_hello(hello, sizeof hello, &b->evil, &b->scratch, token);
	run(b, &ev, 1);
	assert_int_equal(b->closed, 0);
}

/* A node, and one that its operator invited and trusts: a member and mutual partner on link 7. */
static int setup(void **state)
{
	struct bench *b = calloc(1, sizeof *b);
	struct viz_secret seed = {{9}};
	char line[VIZ_INVITE_TEXT_MAX], json[2048], id[65];
	struct viz_invite invite;
	char *at;

	assert_non_null(b);
	*state = b;
	scratch_make(b->dir);
	viz_federation_default(&b->federation, "teste");
	b->federation.partner_delay_ms = 100;
	b->now.ms = START_MS;
	viz_rng_seed(&b->rng, &seed);
	open_node(b);
	tick(b, 0);
	forge_author(&b->evil, &b->federation, &b->rng);
	at = strstr(request(b, "{\"op\": \"peer.invite\"}"), "vizinvite1.");
	assert_non_null(at);
	snprintf(line, sizeof line, "%.*s", (int)strcspn(at, "\""), at);
	assert_int_equal(viz_invite_parse(&invite, line), VIZ_OK);
	come_in(b, invite.token);
	viz_hex(id, b->evil.author.b, 32);
	snprintf(json, sizeof json, "{\"op\": \"peer.trust\", \"args\": {\"peer\": \"%s\"}}", id);
	assert_non_null(strstr(request(b, json), "\"ok\":true"));
	b->now.ms++;
	forge_vouch(&b->scratch, &b->evil, 0, b->now, viz_node_author(b->node), false);
	give(b, &b->scratch);
	forge_partners(&b->scratch, &b->evil, b->now, viz_node_author(b->node), b->now);
	give(b, &b->scratch);
	tick(b, 1000);
	assert_true(viz_partner_now(b->node, &b->evil.author));
	return 0;
}

static int teardown(void **state)
{
	struct bench *b = *state;

	close_node(b);
	scratch_remove(b->dir);
	free(b);
	return 0;
}

static struct viz_member *evil(struct bench *b)
{
	return viz_member_find(b->node, &b->evil.author);
}

/* A later NODE with other inputs of the id would be refused by all who come later, at the hands of
 * those who took it. */
static void node_repeats_its_birth(void **state)
{
	struct bench *b = *state;
	struct forge f = b->evil;
	uint64_t accepted = b->node->intake.accepted;

	f.birth.nonce[0] ^= 1;
	tick(b, 5);
	forge_node(&b->scratch, &f, b->now);
	give(b, &b->scratch);
	assert_int_equal(b->node->intake.accepted, accepted);
	assert_int_equal(b->closed, 1);
	assert_string_equal(b->reason, "bad-record");
}

/* Fills the store with `n` records of 16 KB. */
static void fill(struct bench *b, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		b->now.ms += 600;
		forge_coverage(&b->scratch, &b->evil, i, b->now, 1024, (uint32_t)i);
		give(b, &b->scratch);
		assert_int_equal(b->closed, 0);
	}
}

/* "I hold nothing", said in six bytes, must not bring all that we hold at once. */
static void empty_items_bring_little(void **state)
{
	struct bench *b = *state;
	struct viz_link *link;
	uint8_t body[64];
	struct viz_writer w;

	fill(b, 64 * 3 / 3);
	for (unsigned round = 0; round < 8; round++) {
		struct forge puppet;

		forge_author(&puppet, &b->federation, &b->rng);
		b->now.ms += 600;
		forge_vouch(&b->scratch, &b->evil, 1 + round, b->now, &puppet.author, false);
		give(b, &b->scratch);
		forge_node(&b->scratch, &puppet, b->now);
		give(b, &b->scratch);
		for (size_t i = 0; i < 16; i++) {
			forge_coverage(&b->scratch, &puppet, i, b->now, 1024, (uint32_t)i);
			give(b, &b->scratch);
		}
	}
	tick(b, 700000);
	link = viz_link_find(b->node, LINK_EVIL);
	assert_non_null(link);
	assert_true(link->compare_at.ms != 0);
	viz_writer_init(&w, body, sizeof body);
	viz_writer_array(&w, 4);
	viz_writer_uint(&w, VIZ_MESSAGE_ITEMS);
	viz_writer_time(&w, link->compare_at);
	viz_writer_bool(&w, true);
	viz_writer_array(&w, 0);
	message(b, &w);
	assert_true(b->sent > 10);
	assert_true(b->sent_bytes <= VIZ_REPAIR_BURST_BYTES);
	assert_true(link->behind); /* and yet an honest one gets the rest */
}

/* 64 WANTs of one place each 128 times. */
static void want_much(struct bench *b)
{
	static uint8_t body[VIZ_BODY_MAX];
	struct viz_event events[64];
	struct viz_item item;
	struct viz_writer w;
	size_t len = 0;

	item = (struct viz_item){.author = b->evil.author, .type = VIZ_TYPE_COVERAGE, .slot = 1};
	viz_writer_init(&w, body, sizeof body);
	viz_writer_array(&w, 2);
	viz_writer_uint(&w, VIZ_MESSAGE_WANT);
	viz_writer_array(&w, VIZ_WANT_PER_MESSAGE);
	for (size_t i = 0; i < VIZ_WANT_PER_MESSAGE; i++)
		viz_place_write(&w, &item);
	assert_int_equal(viz_writer_finish(&w, &len), VIZ_OK);
	for (size_t i = 0; i < 64; i++)
		events[i] = (struct viz_event){
		    .kind = VIZ_EVENT_MESSAGE, .link = LINK_EVIL, .bytes = body, .len = len};
	run(b, events, 64);
}

/* One WANT may name one place 128 times; a new link does not bring a new budget. */
static void wants_bring_little(void **state)
{
	struct bench *b = *state;
	struct viz_event closed = {.kind = VIZ_EVENT_CLOSED, .link = LINK_EVIL};

	fill(b, 2);
	tick(b, 10000);
	want_much(b);
	assert_true(b->sent > 10);
	assert_true(b->sent_bytes <= VIZ_REPAIR_BURST_BYTES);
	run(b, &closed, 1);
	come_in(b, NULL);
	want_much(b);
	assert_true(b->sent < 3);
}

/* A sponsor that names others in turn leaves no trace of those that it no longer names. */
static void vouches_in_turn_leave_nothing(void **state)
{
	struct bench *b = *state;
	size_t before = b->node->directory.count;

	for (unsigned i = 0; i < 300; i++) {
		struct viz_id stranger;

		b->now.ms += 600;
		viz_rng_bytes(&b->rng, stranger.b, sizeof stranger.b);
		forge_vouch(&b->scratch, &b->evil, 1, b->now, &stranger, false);
		give(b, &b->scratch);
	}
	assert_true(b->node->directory.count <= before + 1);
}

/* Records that replace one another are stored and flooded so many times, then only now and then. */
static void updates_are_bounded(void **state)
{
	struct bench *b = *state;
	uint64_t before = b->node->intake.accepted;

	for (unsigned i = 0; i < 2000; i++) {
		b->now.ms += 1;
		forge_coverage(&b->scratch, &b->evil, 0, b->now, 1, i);
		give(b, &b->scratch);
		assert_int_equal(b->closed, 0);
	}
	assert_true(b->node->intake.accepted - before <= VIZ_UPDATES_BURST + 8);
	tick(b, 3000);
	forge_coverage(&b->scratch, &b->evil, 0, b->now, 1, 7);
	before = b->node->intake.accepted;
	give(b, &b->scratch);
	assert_int_equal(b->node->intake.accepted, before + 1);
}

static uint64_t statements(struct bench *b)
{
	return viz_store_count(b->store, VIZ_TABLE_STATEMENT);
}

static void withdrawal(struct bench *b, uint64_t number, uint64_t slot)
{
	struct viz_withdrawal wd = {.scope = VIZ_WITHDRAW_ALL};
	uint8_t body[64];
	struct viz_writer w;

	viz_writer_init(&w, body, sizeof body);
	viz_withdrawal_write(&w, &wd);
	forge_statement(&b->scratch, &b->evil, VIZ_TYPE_WITHDRAWAL, slot, 1, b->now, &w);
	mail_statement(b, number, &b->scratch);
}

/* A tombstone ahead of its offer: of offers that can still come, and once. */
static void tombstones_are_bounded(void **state)
{
	struct bench *b = *state;
	uint64_t slot = viz_slot_make(b->now, 3), kept, journal;

	for (uint64_t day = 0; day < 400; day++)
		withdrawal(b, 1 + day, slot + (day << 16));
	assert_int_equal(viz_store_count(b->store, VIZ_TABLE_INBOX), 1);
	kept = statements(b);
	journal = b->node->journal_number;
	for (uint64_t i = 0; i < 100; i++)
		withdrawal(b, 500 + i, slot);
	assert_int_equal(statements(b), kept);
	assert_int_equal(b->node->journal_number, journal);
	assert_true(viz_mail_waiting(b->node, &b->evil.author) < 64);
}

/* Its NODE names the transport key and the address of another: whom we reach is not the one whose mail
 * we have. */
static void who_answers_is_who_was_dialled(void **state)
{
	struct bench *b = *state;
	struct viz_event closed = {.kind = VIZ_EVENT_CLOSED, .link = LINK_EVIL};
	struct viz_event opened = {.kind = VIZ_EVENT_OPENED, .link = LINK_EVIL};
	struct forge other;

	withdrawal(b, 1, viz_slot_make(b->now, 3)); /* ERASED waits for it */
	run(b, &closed, 1);
	snprintf(b->evil.address, sizeof b->evil.address, "127.0.0.1:9");
	come_in(b, NULL);
	forge_node(&b->scratch, &b->evil, viz_after(b->now, 5));
	b->now.ms += 5;
	give(b, &b->scratch);
	run(b, &closed, 1);
	forge_author(&other, &b->federation, &b->rng);
	tick(b, 60000);
	opened.attempt = evil(b)->attempt;
	assert_int_not_equal(opened.attempt, 0);
	b->mails = 0;
	run(b, &opened, 1);
	assert_int_equal(b->mails, 0);
	forge_node(&b->scratch, &other, b->now);
	give(b, &b->scratch);
	assert_int_equal(b->closed, 1);
	assert_string_equal(b->reason, "not-the-one-dialled");
	assert_int_equal(b->mails, 0);
	/* and when it is the right one, the mail goes */
	tick(b, 60000);
	opened.attempt = evil(b)->attempt;
	run(b, &opened, 1);
	forge_node(&b->scratch, &b->evil, b->now);
	give(b, &b->scratch);
	assert_int_equal(b->closed, 0);
	assert_true(b->mails > 0);
}

/* Two SUCCESSIONs of one author, and a third that follows one of them: whoever relays it is not to
 * blame, and no two nodes come to hold different chains. */
static void chain_ends_in_equivocation(void **state)
{
	struct bench *b = *state;
	struct forged *one = calloc(3, sizeof *one), *other = one + 1, *third = one + 2;
	struct viz_id next, stray = {{1}};

	assert_non_null(one);
	viz_next_hash(&next, &b->evil.signer[2].pub);
	forge_succession(one, &b->evil, 1, b->now, &stray);
	forge_succession(other, &b->evil, 1, b->now, &next);
	forge_succession(third, &b->evil, 2, b->now, &stray);
	give(b, one);
	assert_int_equal(evil(b)->key_count, 2);
	give(b, third); /* of the other chain: its relay cannot know better */
	assert_int_equal(b->closed, 0);
	give(b, other);
	give(b, third);
	assert_int_equal(b->closed, 0);
	assert_int_equal(evil(b)->key_count, 2);
	assert_true(viz_member_revoked(evil(b)));
	close_node(b);
	open_node(b);
	assert_int_equal(evil(b)->key_count, 2);
	assert_true(viz_member_revoked(evil(b)));
	tick(b, 0);
	free(one);
}

/* Of one who was removed nothing stays for ever, its VOUCHes and SUCCESSIONs neither. */
static void who_left_is_forgotten(void **state)
{
	struct bench *b = *state;
	char json[256], id[65];
	struct viz_id next;

	viz_next_hash(&next, &b->evil.signer[2].pub);
	forge_succession(&b->scratch, &b->evil, 1, b->now, &next);
	give(b, &b->scratch);
	viz_hex(id, b->evil.author.b, 32);
	snprintf(json, sizeof json, "{\"op\": \"peer.remove\", \"args\": {\"peer\": \"%s\"}}", id);
	assert_non_null(strstr(request(b, json), "\"ok\":true"));
	for (int i = 0; i < 40; i++)
		tick(b, VIZ_DAY_MS);
	assert_null(evil(b));
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	struct viz_walk walk;
	struct viz_slice key, value;
	viz_walk_init(&walk, b->store, VIZ_TABLE_RECORD, b->evil.author.b, 32);
	assert_false(viz_walk_next(&walk, &key, &value));
	viz_store_abort(b->store);
}

static uint64_t listed_items(struct bench *b)
{
	uint8_t body[80];
	struct viz_writer w;
	struct viz_id zero = {{0}};

	tick(b, 1000);
	viz_writer_init(&w, body, sizeof body);
	viz_writer_array(&w, 4);
	viz_writer_uint(&w, VIZ_MESSAGE_DIGEST);
	viz_writer_time(&w, b->now);
	viz_writer_uint(&w, 0);
	viz_writer_id(&w, &zero);
	message(b, &w);
	return b->sent_bytes;
}

/* One who was invited and is vouched for by nobody yet is not compared with others: they would not
 * take it, and the difference would never end. */
static void who_is_not_shared_is_not_compared(void **state)
{
	struct bench *b = *state;
	struct forge puppet;
	uint64_t before;

	forge_author(&puppet, &b->federation, &b->rng);
	b->now.ms += 600;
	forge_vouch(&b->scratch, &b->evil, 1, b->now, &puppet.author, false);
	give(b, &b->scratch);
	before = listed_items(b);
	forge_node(&b->scratch, &puppet, b->now);
	give(b, &b->scratch);
	forge_vouch(&b->scratch, &puppet, 0, b->now, &b->evil.author, false);
	give(b, &b->scratch);
	assert_true(listed_items(b) > before);
	b->now.ms += 600;
	forge_vouch(&b->scratch, &b->evil, 1, b->now, &puppet.author, true);
	give(b, &b->scratch);
	tick(b, 61000);
	assert_int_equal(listed_items(b), before);
}

/* CLOSE, OFFER, RESULT in this order, as repair may bring them: no finding against an honest
 * origin. */
static void late_offer_frames_nobody(void **state)
{
	struct bench *b = *state;
	struct forged *offer = calloc(3, sizeof *offer), *close = offer + 1, *result = offer + 2;
	uint64_t slot = viz_slot_make(b->now, 0);
	struct viz_secret salt = {{5}};
	struct viz_id salt_id, empty;
	struct viz_hash h;
	uint8_t body[1024], sealed[VIZ_OFFER_PAD + 40] = {0};
	struct viz_writer w;

	memcpy(salt_id.b, salt.b, 32);
	viz_hash_init(&h, "vizinho/order-salt");
	viz_hash_id(&h, &salt_id);
	viz_hash_part(&h, NULL, 0);
	viz_hash_final(&h, &empty);
	viz_writer_init(&w, body, sizeof body);
	viz_offer_write(&w, &(struct viz_offer){.closes = viz_after(b->now, 30000),
						.epoch = 1,
						.order_commit = empty,
						.sealed = sealed,
						.sealed_len = sizeof sealed});
	forge_record(offer, &b->evil, VIZ_TYPE_OFFER, slot, b->now, &w);
	viz_writer_init(&w, body, sizeof body);
	viz_close_write(&w, &(struct viz_close){.offer = offer->id});
	forge_record(close, &b->evil, VIZ_TYPE_CLOSE, slot, b->now, &w);
	viz_writer_init(&w, body, sizeof body);
	viz_result_write(&w, &(struct viz_result){.offer = offer->id,
						  .close = close->id,
						  .salt = salt,
						  .outcome = VIZ_RESULT_NONE});
	forge_record(result, &b->evil, VIZ_TYPE_RESULT, slot, b->now, &w);
	give(b, close);
	give(b, offer);
	give(b, result);
	assert_int_equal(b->closed, 0);
	assert_int_equal(viz_store_count(b->store, VIZ_TABLE_INBOX), 1);
	assert_int_equal(viz_store_count(b->store, VIZ_TABLE_FINDING), 0);
	free(offer);
}

/* A window of years would keep locations for years. */
static void windows_end(void **state)
{
	struct bench *b = *state;
	uint8_t body[1024], sealed[VIZ_OFFER_PAD + 40] = {0};
	struct viz_writer w;

	viz_writer_init(&w, body, sizeof body);
	viz_offer_write(&w, &(struct viz_offer){.closes = viz_after(b->now, 400 * VIZ_DAY_MS),
						.epoch = 1,
						.sealed = sealed,
						.sealed_len = sizeof sealed});
	forge_record(&b->scratch, &b->evil, VIZ_TYPE_OFFER, viz_slot_make(b->now, 0), b->now, &w);
	give(b, &b->scratch);
	assert_int_equal(b->closed, 1);
	assert_string_equal(b->reason, "bad-body");
	assert_int_equal(viz_store_count(b->store, VIZ_TABLE_INBOX), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	    T(node_repeats_its_birth),
	    T(empty_items_bring_little),
	    T(wants_bring_little),
	    T(vouches_in_turn_leave_nothing),
	    T(updates_are_bounded),
	    T(tombstones_are_bounded),
	    T(who_answers_is_who_was_dialled),
	    T(chain_ends_in_equivocation),
	    T(who_left_is_forgotten),
	    T(who_is_not_shared_is_not_compared),
	    T(late_offer_frames_nobody),
	    T(windows_end),
	};

	VIZ_REQUIRE(viz_crypto_init() == VIZ_OK);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
