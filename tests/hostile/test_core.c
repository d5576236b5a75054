/* What a false member or partner can make the core do. Its records are forged in this process. */
#include "tests/hostile/one_node.h"
#include "proto/mail.h"
#include "node/trust/items.h"
#include "tests/hostile/one_offer.h"

#include "crypto/crypto.h"
#include "crypto/hash.h"
#include "crypto/id.h"
#include "crypto/rng.h"
#include "node/core/core.h"
#include "node/handlers.h"
#include "node/core/event.h"
#include "node/gossip/gossip.h"
#include "node/link/link.h"
#include "node/link/mail.h"
#include "node/link/remote.h"
#include "node/link/remote.h"
#include "node/trust/author.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/message.h"
#include "proto/offer.h"
#include "proto/record.h"
#include "proto/statement.h"
#include "proto/writer.h"
#include "store/stat.h"
#include "store/store.h"
#include "store/tables.h"

/* A node refuses a NODE whose inputs of the id differ from the first one. If it took the record
 * and relayed it, newcomers would refuse it and blame the relay. */
static void node_repeats_its_birth(void **state)
{
	struct one_node *b = *state;
	struct forge f = b->evil;
	uint64_t accepted = b->node->gossip.intake.accepted;

	f.birth.nonce[0] ^= 1;
	tick(b, 5);
	forge_node(&b->scratch, &f, b->now);
	give(b, &b->scratch);
	assert_int_equal(b->node->gossip.intake.accepted, accepted);
	assert_int_equal(b->closed, 1);
	assert_string_equal(b->reason, "bad-record");
}

/* Fills the store with `n` records of 16 KB. */
static void fill(struct one_node *b, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		b->now.ms += 600;
		forge_coverage(&b->scratch, &b->evil, i, b->now, 1024, (uint32_t)i);
		give(b, &b->scratch);
		assert_int_equal(b->closed, 0);
	}
}

/* Sends 64 WANTs, each of which names one place 128 times. */
static void want_much(struct one_node *b)
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
		viz_message_place_write(&w, &item);
	assert_int_equal(viz_writer_finish(&w, &len), VIZ_OK);
	for (size_t i = 0; i < 64; i++)
		events[i] = (struct viz_event){
		    .kind = VIZ_EVENT_MESSAGE, .link = LINK_EVIL, .bytes = body, .len = len};
	run(b, events, 64);
}

/* One WANT may name one place 128 times. A new link does not bring a new budget. */
static void wants_bring_little(void **state)
{
	struct one_node *b = *state;

	fill(b, 2);
	tick(b, 10000);
	want_much(b);
	assert_true(b->sent > 10);
	assert_true(b->sent_bytes <= VIZ_REPAIR_BURST_BYTES);
	cut(b, LINK_EVIL);
	come_in(b, NULL);
	want_much(b);
	assert_true(b->sent < 3);
}

/* A sponsor vouches for one author after another. Nothing stays of the authors that it no longer
 * names. */
static void vouches_in_turn_leave_nothing(void **state)
{
	struct one_node *b = *state;
	size_t before = b->node->trust.directory.count;

	for (unsigned i = 0; i < 300; i++) {
		struct viz_id stranger;

		b->now.ms += 600;
		viz_rng_bytes(&b->rng, stranger.b, sizeof stranger.b);
		forge_vouch(&b->scratch, &b->evil, 1, b->now, &stranger, false);
		give(b, &b->scratch);
	}
	assert_true(b->node->trust.directory.count <= before + 1);
}

/* A place is stored and flooded a limited number of times, and after that only now and then. */
static void updates_are_bounded(void **state)
{
	struct one_node *b = *state;
	uint64_t before = b->node->gossip.intake.accepted;

	for (unsigned i = 0; i < 2000; i++) {
		b->now.ms += 1;
		forge_coverage(&b->scratch, &b->evil, 0, b->now, 1, i);
		give(b, &b->scratch);
		assert_int_equal(b->closed, 0);
	}
	assert_true(b->node->gossip.intake.accepted - before <= VIZ_UPDATES_BURST + 8);
	tick(b, 3000);
	forge_coverage(&b->scratch, &b->evil, 0, b->now, 1, 7);
	before = b->node->gossip.intake.accepted;
	give(b, &b->scratch);
	assert_int_equal(b->node->gossip.intake.accepted, before + 1);
}

/* Gives a record; its check is not done yet. Returns the job. */
static uint64_t give_unchecked(struct one_node *b, uint64_t link, const struct forge *author,
			       uint64_t slot)
{
	static uint8_t body[VIZ_BODY_MAX];
	struct viz_event ev = {.kind = VIZ_EVENT_MESSAGE, .link = link, .bytes = body};
	struct viz_effects fx;
	struct viz_writer w;
	uint64_t job = 0;

	b->now.ms++;
	forge_coverage(&b->scratch, author, slot, b->now, 1, 1);
	viz_writer_init(&w, body, sizeof body);
	viz_writer_array(&w, 2);
	viz_writer_uint(&w, VIZ_MESSAGE_RECORD);
	viz_writer_bin(&w, b->scratch.bytes, b->scratch.len);
	assert_int_equal(viz_writer_finish(&w, &ev.len), VIZ_OK);
	viz_effects_init(&fx);
	assert_int_equal(viz_node_run(b->node, &fx, b->now, &ev, 1), VIZ_OK);
	for (size_t i = 0; i < fx.count; i++) {
		if (fx.list[i].kind != VIZ_EFFECT_VERIFY)
			continue;
		assert_int_equal(fx.list[i].link, link);
		assert_int_equal(fx.list[i].near,
				 viz_member_is_near(&b->node->trust, &author->author));
		job = fx.list[i].job;
	}
	viz_effects_clear(&fx);
	assert_true(job != 0);
	return job;
}

/* Says that a signature is good. Returns how many records are taken in by that. */
static uint64_t check(struct one_node *b, uint64_t job)
{
	struct viz_event ev = {.kind = VIZ_EVENT_VERIFIED, .job = job, .ok = true};
	uint64_t before = b->node->gossip.intake.accepted;

	run(b, &ev, 1);
	return b->node->gossip.intake.accepted - before;
}

/* A partner's record does not wait for checks of others' records, whatever link brought them, and
 * no link waits for another one. What one link brings of others is taken in in its order, whatever
 * the order of the results. */
static void results_wait_for_their_own(void **state)
{
	struct one_node *b = *state;
	struct forge *f = calloc(2, sizeof *f);
	uint64_t job[3], near, other;

	assert_non_null(f);
	befriend(b, &f[0], 8);
	befriend(b, &f[1], 9);
	viz_member_find(&b->node->trust, &b->evil.author)->peer.partner = false;
	viz_member_find(&b->node->trust, &f[1].author)->peer.partner = false;
	for (uint64_t i = 0; i < 3; i++)
		job[i] = give_unchecked(b, LINK_EVIL, &b->evil, i + 1);
	near = give_unchecked(b, LINK_EVIL, &f[0], 1);
	other = give_unchecked(b, 9, &f[1], 1);
	assert_int_equal(check(b, near), 1);
	assert_int_equal(check(b, job[2]), 0);
	assert_int_equal(check(b, other), 1);
	assert_int_equal(check(b, job[1]), 0);
	assert_int_equal(check(b, 12345), 0);
	assert_int_equal(check(b, job[0]), 3);
	assert_int_equal(b->node->gossip.intake.count, 0);
	free(f);
}

static uint64_t statements(struct one_node *b)
{
	return viz_store_stat_entries(b->store, VIZ_TABLE_STATEMENT);
}

/* A tombstone may come before its offer. We keep it once, and only for offers that can still
 * come. */
static void tombstones_are_bounded(void **state)
{
	struct one_node *b = *state;
	uint64_t slot = viz_record_slot_make(b->now, 3), kept, journal;

	for (uint64_t day = 0; day < 400; day++)
		mail_withdrawal(b, 1 + day, slot + (day << 32));
	assert_int_equal(viz_store_stat_entries(b->store, VIZ_TABLE_INBOX), 1);
	kept = statements(b);
	journal = b->node->core.journal.number;
	for (uint64_t i = 0; i < 100; i++)
		mail_withdrawal(b, 500 + i, slot);
	assert_int_equal(statements(b), kept);
	assert_int_equal(b->node->core.journal.number, journal);
	assert_true(viz_mail_waiting(&b->node->trust, &b->evil.author) < 64);
}

/* A false origin withdraws thousands of offers that it never made, again and again, and
 * acknowledges no mail. What waits for it and what we have signed stays bounded. */
static void withdrawals_of_nothing_fill_no_store(void **state)
{
	struct one_node *b = *state;
	uint64_t slot = viz_record_slot_make(b->now, 0), before = statements(b);

	for (uint64_t round = 0; round < 2; round++)
		for (uint64_t i = 0; i < VIZ_TOMBSTONES_MAX + 500; i++)
			mail_withdrawal(b, 1 + i, slot - ((i >> 11) << 32) + ((i & 2047) << 8));
	assert_int_equal(b->closed, 0);
	assert_true(viz_mail_waiting(&b->node->trust, &b->evil.author) <= VIZ_OUTBOX_PER_PEER);
	assert_true(statements(b) <= before + VIZ_TOMBSTONES_MAX);
}

/* A peer's NODE names the transport key and the address of another node. The node that answers
 * there must not get the peer's mail. */
static void who_answers_is_who_was_dialled(void **state)
{
	struct one_node *b = *state;
	struct viz_event opened = {.kind = VIZ_EVENT_OPENED, .link = LINK_EVIL};
	struct forge other;

	mail_withdrawal(b, 1, viz_record_slot_make(b->now, 3)); /* ERASED waits for the peer */
	cut(b, LINK_EVIL);
	snprintf(b->evil.address, sizeof b->evil.address, "127.0.0.1:9");
	come_in(b, NULL);
	forge_node(&b->scratch, &b->evil, viz_after(b->now, 5));
	b->now.ms += 5;
	give(b, &b->scratch);
	cut(b, LINK_EVIL);
	forge_author(&other, &b->federation, &b->rng);
	tick(b, 60000);
	opened.attempt = evil(b)->remote->attempt;
	assert_int_not_equal(opened.attempt, 0);
	b->mails = 0;
	run(b, &opened, 1);
	assert_int_equal(b->mails, 0);
	forge_node(&b->scratch, &other, b->now);
	give(b, &b->scratch);
	assert_int_equal(b->closed, 1);
	assert_string_equal(b->reason, "not-the-one-dialled");
	assert_int_equal(b->mails, 0);
	/* when the right node answers, it gets the mail */
	tick(b, 60000);
	opened.attempt = evil(b)->remote->attempt;
	run(b, &opened, 1);
	forge_node(&b->scratch, &b->evil, b->now);
	give(b, &b->scratch);
	assert_int_equal(b->closed, 0);
	assert_int_equal(b->mails, 0);
	say_member(b, LINK_EVIL);
	assert_true(b->mails > 0);
}

/* An author signs two SUCCESSIONs, and a third that follows one of them. Relays are not to
 * blame, and all nodes hold the same chain. */
static void chain_ends_in_equivocation(void **state)
{
	struct one_node *b = *state;
	struct forged *one = calloc(3, sizeof *one), *other = one + 1, *third = one + 2;
	struct viz_id next, stray = {{1}};

	assert_non_null(one);
	viz_id_next_hash(&next, &b->evil.signer[2].pub);
	forge_succession(one, &b->evil, 1, b->now, &stray);
	forge_succession(other, &b->evil, 1, b->now, &next);
	forge_succession(third, &b->evil, 2, b->now, &stray);
	give(b, one);
	assert_int_equal(evil(b)->key_count, 2);
	give(b, third); /* of the other chain; its relay cannot know that */
	assert_int_equal(b->closed, 0);
	give(b, other);
	give(b, third);
	assert_int_equal(b->closed, 0);
	assert_int_equal(evil(b)->key_count, 2);
	assert_true(viz_author_revoked(evil(b)));
	close_node(b);
	open_node(b);
	assert_int_equal(evil(b)->key_count, 2);
	assert_true(viz_author_revoked(evil(b)));
	tick(b, 0);
	free(one);
}

/* How many items of the set that views are of the false peer has. */
static size_t view_items(struct one_node *b)
{
	struct viz_view_items *list = calloc(1, sizeof *list);
	size_t n;

	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	viz_items_list(&b->node->trust, list, &b->evil.author, VIZ_ITEMS_VIEW, b->now);
	viz_store_abort(b->store);
	n = list->count;
	free(list);
	return n;
}

/* Who had the half that a later SUCCESSION continues holds that one too. It is no item: who had the
 * other half has never taken it, and both must have the same view. */
static void nothing_follows_a_dead_succession(void **state)
{
	struct one_node *b = *state;
	struct forged *one = calloc(3, sizeof *one), *other = one + 1, *third = one + 2;
	struct viz_id next, stray = {{1}};

	viz_id_next_hash(&next, &b->evil.signer[2].pub);
	forge_succession(one, &b->evil, 1, b->now, &stray);
	forge_succession(other, &b->evil, 1, b->now, &next);
	forge_succession(third, &b->evil, 2, b->now, &stray);
	give(b, other);
	give(b, third);
	assert_int_equal(evil(b)->key_count, 3);
	assert_int_equal(view_items(b), 2);
	give(b, one);
	assert_int_equal(evil(b)->key_count, 2);
	assert_int_equal(view_items(b), 1);
	close_node(b);
	open_node(b);
	assert_int_equal(view_items(b), 1);
	tick(b, 0);
	free(one);
}

/* When a member was removed, nothing of it stays for ever, its VOUCHes and SUCCESSIONs included. */
static void who_left_is_forgotten(void **state)
{
	struct one_node *b = *state;
	char json[256], id[65];
	struct viz_id next;

	viz_id_next_hash(&next, &b->evil.signer[2].pub);
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

/* CLOSE, OFFER, RESULT: repair may bring them in this order. That makes no finding against an
 * honest origin. */
static void late_offer_frames_nobody(void **state)
{
	struct one_node *b = *state;
	struct forged *offer = calloc(3, sizeof *offer), *close = offer + 1, *result = offer + 2;
	uint64_t slot = viz_record_slot_make(b->now, 0);
	struct viz_secret salt = {{5}};
	struct viz_id salt_id, empty;
	struct viz_hash h;
	uint8_t body[1024];
	const struct viz_id partners = b->scratch.id; /* setup() has given PARTNERS last */
	struct viz_writer w;

	memcpy(salt_id.b, salt.b, 32);
	viz_hash_init(&h, "vizinho/order-salt");
	viz_hash_id(&h, &salt_id);
	viz_hash_part(&h, NULL, 0);
	viz_hash_final(&h, &empty);
	viz_writer_init(&w, body, sizeof body);
	viz_offer_write(&w, &(struct viz_offer){.at = forge_at(&b->evil, 0),
						.node_time = b->now,
						.closes = viz_after(b->now, 30000),
						.draw = 1,
						.drawn = b->now,
						.area.municipality = 3201209,
						.asked[0].newcomer = true,
						.asked_count = 1,
						.order_commit = empty,
						.partners = partners});
	forge_logged(offer, &b->evil, VIZ_TYPE_OFFER, slot, b->now, &w);
	viz_writer_init(&w, body, sizeof body);
	viz_close_write(
	    &w, &(struct viz_close){.at = forge_at(&b->evil, 1), .offer = offer->id, .count = 1});
	forge_logged(close, &b->evil, VIZ_TYPE_CLOSE, slot, viz_after(b->now, 30000), &w);
	viz_writer_init(&w, body, sizeof body);
	viz_result_write(&w, &(struct viz_result){.at = forge_at(&b->evil, 1),
						  .offer = offer->id,
						  .close = close->id,
						  .salt = salt,
						  .kind = VIZ_RESULT_WITHDRAWN,
						  .count = 1});
	forge_logged(result, &b->evil, VIZ_TYPE_RESULT, slot, viz_after(b->now, 30000), &w);
	give(b, close);
	give(b, offer);
	give(b, result);
	assert_int_equal(b->closed, 0);
	assert_int_equal(viz_store_stat_entries(b->store, VIZ_TABLE_INBOX), 1);
	assert_int_equal(viz_store_stat_entries(b->store, VIZ_TABLE_FINDING), 0);
	free(offer);
}

/* An offer with a window of years would make us keep locations for years. It is refused. */
static void windows_end(void **state)
{
	struct one_node *b = *state;
	uint8_t body[1024];
	struct viz_id partners;
	struct viz_writer w;

	held_partners(b, &partners);
	viz_writer_init(&w, body, sizeof body);
	viz_offer_write(&w, &(struct viz_offer){.at = FORGE_OFFER_AT,
						.node_time = b->now,
						.partners = partners,
						.closes = viz_after(b->now, 400 * VIZ_DAY_MS),
						.draw = 1,
						.drawn = b->now,
						.area.municipality = 3201209,
						.asked[0].newcomer = true,
						.asked_count = 1});
	forge_record(&b->scratch, &b->evil, VIZ_TYPE_OFFER, viz_record_slot_make(b->now, 0), b->now,
		     &w);
	give(b, &b->scratch);
	assert_int_equal(b->closed, 1);
	assert_string_equal(b->reason, "bad-body");
	assert_int_equal(viz_store_stat_entries(b->store, VIZ_TABLE_INBOX), 0);
}

/* The numbers of mail have a gap. What comes under such a number closes the link. */
static void mail_of_no_kind_is_refused(void **state)
{
	struct one_node *b = *state;
	uint8_t payload[8];
	struct viz_writer w;

	assert_null(viz_handlers.mail[6].take);
	viz_writer_init(&w, payload, sizeof payload);
	viz_writer_array(&w, 0);
	mail(b, 1, (enum viz_mail_kind)6, &w);
	assert_int_equal(b->closed, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	    T(node_repeats_its_birth),
	    T(wants_bring_little),
	    T(vouches_in_turn_leave_nothing),
	    T(updates_are_bounded),
	    T(results_wait_for_their_own),
	    T(tombstones_are_bounded),
	    T(withdrawals_of_nothing_fill_no_store),
	    T(who_answers_is_who_was_dialled),
	    T(chain_ends_in_equivocation),
	    T(nothing_follows_a_dead_succession),
	    T(who_left_is_forgotten),
	    T(late_offer_frames_nobody),
	    T(windows_end),
	    T(mail_of_no_kind_is_refused),
	};

	VIZ_REQUIRE(viz_crypto_init() == VIZ_OK);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
