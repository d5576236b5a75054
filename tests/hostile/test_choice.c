/* The customer's choice: its consents and receipts, the release by a chosen partner, and a full
 * store. */
#include "tests/hostile/one_lead.h"

#include "crypto/crypto.h"
#include "node/control/consent_text.h"
#include "node/control/request.h"
#include "node/core/core.h"
#include "node/core/due.h"
#include "node/lead/lead.h"
#include "node/lead/personal.h"
#include "node/lead/records.h"
#include "node/link/mail.h"
#include "node/node.h"
#include "node/offer/commitment.h"
#include "node/state.h"
#include "proto/base.h"
#include "proto/message.h"
#include "proto/offer.h"
#include "proto/receipt.h"
#include "proto/record.h"
#include "proto/statement.h"
#include "proto/writer.h"
#include "store/store.h"
#include "store/tables.h"

/* Each consent that was given ends with a receipt of its own text and purpose. */
static void each_consent_is_withdrawn(void **state)
{
	struct one_node *b = *state;
	struct viz_lead *lead = calloc(1, sizeof *lead);
	struct viz_receipt *given = calloc(2, sizeof *given), *ended = given + 1;
	uint64_t slot = awarded(b, lead, VIZ_LEAD_DELIVERED);
	struct viz_id id;

	memset(lead->text_hash.b, 7, sizeof lead->text_hash.b);
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	assert_int_equal(viz_lead_records_sign_consent(&b->node->net, &id, lead,
						       VIZ_PURPOSE_CONTACT, 2, &b->evil.author, 1,
						       VIZ_CONSENT_GIVEN),
			 VIZ_OK);
	viz_lead_put(&b->node->core, lead);
	assert_int_equal(viz_store_commit(b->store), VIZ_OK);
	assert_true(ok(lead_op(b, "lead.revoke", slot)));
	assert_true(receipt(b, given, slot, 1) && receipt(b, ended, slot, 35));
	assert_int_equal(ended->state, VIZ_CONSENT_WITHDRAWN);
	assert_int_equal(ended->purpose, VIZ_PURPOSE_LOCATION);
	assert_true(viz_id_eq(&given->text_hash, &ended->text_hash));
	assert_memory_equal(given->receipt_id, ended->receipt_id, sizeof given->receipt_id);
	assert_true(receipt(b, given, slot, 2) && receipt(b, ended, slot, 81));
	assert_int_equal(ended->state, VIZ_CONSENT_WITHDRAWN);
	assert_int_equal(ended->purpose, VIZ_PURPOSE_CONTACT);
	assert_true(viz_id_eq(&ended->text_hash, &lead->text_hash));
	assert_true(viz_id_eq(&ended->previous, &id));
	free(given);
	free(lead);
}

/* A consent that nobody has used ends when its time is over. */
static void an_unused_consent_expires(void **state)
{
	struct one_node *b = *state;
	struct viz_lead *lead = calloc(1, sizeof *lead);
	struct viz_receipt *ended = calloc(1, sizeof *ended);
	uint64_t slot = awarded(b, lead, VIZ_LEAD_AWARDED);
	struct viz_id id;

	lead->peer[0].located_at = (struct viz_time){0};
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	assert_int_equal(viz_lead_records_sign_consent(&b->node->net, &id, lead,
						       VIZ_PURPOSE_CONTACT, 2, &b->evil.author, 1,
						       VIZ_CONSENT_GIVEN),
			 VIZ_OK);
	viz_lead_put(&b->node->core, lead);
	assert_int_equal(viz_store_commit(b->store), VIZ_OK);
	tick(b, b->federation.undelivered_ms - 2000);
	assert_false(receipt(b, ended, slot, 34) || receipt(b, ended, slot, 81));
	tick(b, 4000);
	assert_true(receipt(b, ended, slot, 34));
	assert_int_equal(ended->state, VIZ_CONSENT_EXPIRED);
	assert_int_equal(ended->purpose, VIZ_PURPOSE_LOCATION);
	assert_true(receipt(b, ended, slot, 81));
	assert_int_equal(ended->state, VIZ_CONSENT_EXPIRED);
	assert_true(viz_id_eq(&ended->previous, &id));
	free(ended);
	free(lead);
}

/* Both consents were given on one screen, and the only partner does not answer yes. We erase the
 * contact, and the second consent ends. */
static void single_without_a_yes_erases_the_contact(void **state)
{
	struct one_node *b = *state;
	struct viz_lead *lead = calloc(1, sizeof *lead);
	struct viz_receipt *ended = calloc(1, sizeof *ended);
	const struct viz_contact contact = {.name = "N", .phone = "+5527999990000", .address = "R"};
	uint64_t slot = offer(b);

	get(b, lead, slot);
	lead->single = true;
	lead->state = VIZ_LEAD_CLOSED;
	memset(lead->close.b, 4, sizeof lead->close.b);
	lead->reveal_until = viz_after(b->now, 1000);
	lead->peer[0].answered = lead->peer[0].revealed = true;
	lead->peer[0].answer = VIZ_ANSWER_ANALYSIS;
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	assert_int_equal(viz_lead_personal_seal_contact(&b->node->core, lead, &contact), VIZ_OK);
	viz_lead_put(&b->node->core, lead);
	viz_due_set(&b->node->core, lead->reveal_until, VIZ_DUE_LEAD, viz_node_author(b->node),
		    slot);
	assert_int_equal(viz_store_commit(b->store), VIZ_OK);
	tick(b, 1000);
	get(b, lead, slot);
	assert_int_equal(lead->state, VIZ_LEAD_CHOOSING);
	assert_int_equal(lead->contact_vault, 0);
	assert_int_equal(lead->contact_len, 0);
	assert_int_not_equal(lead->vault, 0);
	assert_true(receipt(b, ended, slot, 32));
	assert_int_equal(ended->state, VIZ_CONSENT_TERMINATED);
	assert_int_equal(ended->purpose, VIZ_PURPOSE_CONTACT);
	free(ended);
	free(lead);
}

/* Makes a draw, and copies its text `name`, as it is read to the customer now. */
static void read_aloud(struct one_node *b, char out[2048], const char *name)
{
	const char *at = strstr(heard(b, name), "\"text\":\"");

	assert_non_null(at);
	at += strlen("\"text\":\"");
	snprintf(out, 2048, "%.*s", (int)strcspn(at, "\""), at);
}

/* With both consents on one screen, the only partner has answered. Waits until the time for
 * reveals is over. */
static void single_answered(struct one_node *b, struct viz_lead *lead, enum viz_answer answer)
{
	lead->state = VIZ_LEAD_CLOSED;
	memset(lead->close.b, 4, sizeof lead->close.b);
	memset(lead->peer[0].pledge.b, 6, sizeof lead->peer[0].pledge.b);
	lead->reveal_until = viz_after(b->now, 1000);
	lead->peer[0].answered = lead->peer[0].revealed = true;
	lead->peer[0].answer = answer;
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	viz_lead_put(&b->node->core, lead);
	viz_due_set(&b->node->core, lead->reveal_until, VIZ_DUE_LEAD, viz_node_author(b->node),
		    lead->slot);
	assert_int_equal(viz_store_commit(b->store), VIZ_OK);
	tick(b, 1000);
	get(b, lead, lead->slot);
	assert_int_equal(lead->state,
			 answer == VIZ_ANSWER_YES ? VIZ_LEAD_AWARDED : VIZ_LEAD_CHOOSING);
}

/* Makes an offer with both consents on one screen. `second` gets the text that was read last. */
static uint64_t single_offer(struct one_node *b, char second[2048])
{
	char json[8192], first[2048];

	cover(b);
	read_aloud(b, first, "text");
	read_aloud(b, second, "contact_text");
	snprintf(json, sizeof json,
		 "{\"op\":\"lead.offer\",\"args\":{\"draw\":%u,\"protocol\":\"P\"," PLACE
		 ",\"contact\":{\"name\":\"N\","
		 "\"phone\":\"+5527999990000\",\"address\":\"R\"},\"consent\":{\"given\":true,"
		 "\"contact_given\":true,"
		 "\"text\":\"%s\","
		 "\"contact_text\":\"%s\"}}}",
		 b->draw, first, second);
	assert_true(ok(request(b, json)));
	return viz_record_slot_make(b->now, 0);
}

/* The second receipt has the text that was read, with the labels of namesakes, even if partners
 * have come or gone meanwhile. */
static void single_receipts_are_of_what_was_read(void **state)
{
	struct one_node *b = *state;
	struct viz_lead *lead = calloc(1, sizeof *lead);
	struct viz_receipt *c = calloc(1, sizeof *c);
	struct viz_id hash;
	struct forge other;
	char second[2048];
	uint64_t slot;

	befriend(b, &other, 8);
	slot = single_offer(b, second);
	viz_consent_text_hash(&hash, unescaped(second));
	get(b, lead, slot);
	single_answered(b, lead, VIZ_ANSWER_YES);
	assert_true(receipt(b, c, slot, 2));
	assert_true(viz_id_eq(&hash, &c->text_hash));
	free(c);
	free(lead);
}

/* The same when the only partner answers "analysis" and gets no award. */
static void single_ends_with_what_was_read(void **state)
{
	struct one_node *b = *state;
	struct viz_lead *lead = calloc(1, sizeof *lead);
	struct viz_receipt *c = calloc(1, sizeof *c);
	struct viz_id hash;
	struct forge other;
	char second[2048];
	uint64_t slot;

	befriend(b, &other, 8);
	slot = single_offer(b, second);
	viz_consent_text_hash(&hash, unescaped(second));
	get(b, lead, slot);
	single_answered(b, lead, VIZ_ANSWER_ANALYSIS);
	assert_true(receipt(b, c, slot, 32));
	assert_true(viz_id_eq(&hash, &c->text_hash));
	free(c);
	free(lead);
}

/* The customer chooses with the text that lead.proposals gives. */
static const char *choose_aloud(struct one_node *b, uint64_t slot)
{
	char json[8192], lead[VIZ_SLOT_TEXT_MAX], yes[2048], id[65];
	const char *at;

	viz_request_slot_text(lead, slot);
	at = strstr(lead_op(b, "lead.proposals", slot), "\"consent_text\":\"");
	assert_non_null(at);
	at += strlen("\"consent_text\":\"");
	snprintf(yes, sizeof yes, "%.*s", (int)strcspn(at, "\""), at);
	viz_hex(id, b->evil.author.b, 32);
	snprintf(json, sizeof json,
		 "{\"op\":\"lead.choose\",\"args\":{\"lead\":\"%s\",\"peer\":\"%s\",\"contact\":{"
		 "\"name\":\"N\","
		 "\"phone\":\"+5527999990000\",\"address\":\"R\"},\"consent\":{\"given\":true,"
		 "\"text\":\"%s\"}}}",
		 lead, id, yes);
	return request(b, json);
}

/* A second consent that led to no award and one that did: each ends under its own number. */
static void each_second_consent_ends_by_itself(void **state)
{
	struct one_node *b = *state;
	struct viz_lead *lead = calloc(1, sizeof *lead);
	struct viz_receipt *c = calloc(3, sizeof *c), *screen = c, *given = c + 1, *ended = c + 2;
	char second[2048];
	uint64_t slot = single_offer(b, second);

	get(b, lead, slot);
	single_answered(b, lead, VIZ_ANSWER_ANALYSIS);
	assert_false(receipt(b, ended, slot, 81));
	assert_true(ok(choose_aloud(b, slot)));
	assert_true(ok(lead_op(b, "lead.revoke", slot)));
	assert_true(receipt(b, screen, slot, 32));
	assert_int_equal(screen->state, VIZ_CONSENT_TERMINATED);
	assert_true(receipt(b, given, slot, 2) && receipt(b, ended, slot, 81));
	assert_int_equal(ended->state, VIZ_CONSENT_WITHDRAWN);
	assert_memory_equal(given->receipt_id, ended->receipt_id, sizeof given->receipt_id);
	assert_memory_not_equal(screen->receipt_id, ended->receipt_id, sizeof screen->receipt_id);
	free(c);
	free(lead);
}

/* The peer acknowledges all mail, and says nothing. */
static void acknowledge(struct one_node *b)
{
	uint8_t body[16];
	struct viz_writer w;

	viz_writer_init(&w, body, sizeof body);
	viz_writer_array(&w, 2);
	viz_writer_uint(&w, VIZ_MESSAGE_MAIL_ACK);
	viz_writer_uint(&w, b->node->net.links.mail_number);
	message(b, &w);
}

/* A holder that does not answer the hand-off gets it again, at once when it may have overtaken
 * RESULT, then after 1, 2, 4 ... seconds. */
static void a_hand_off_comes_again(void **state)
{
	static const int64_t pauses[] = {100, 1000, 1100, 2200, 4400};
	struct one_node *b = *state;
	struct viz_lead *lead = calloc(1, sizeof *lead);
	char second[2048];
	uint64_t slot = single_offer(b, second);

	get(b, lead, slot);
	single_answered(b, lead, VIZ_ANSWER_ANALYSIS);
	assert_true(ok(choose_aloud(b, slot)));
	for (size_t i = 0; i < sizeof pauses / sizeof *pauses; i++) {
		size_t mails;

		acknowledge(b);
		mails = b->mails;
		tick(b, pauses[i] - 1);
		assert_int_equal(b->mails, mails);
		tick(b, 1);
		assert_int_equal(b->mails, mails + 1);
	}
	/* it was not acknowledged, so it waits */
	get(b, lead, slot);
	tick(b, lead->handoff_at.ms - b->now.ms);
	assert_int_equal(viz_mail_waiting(&b->node->trust, &b->evil.author), 1);
	free(lead);
}

static void erased(struct one_node *b, const struct viz_lead *lead, enum viz_erased_what what)
{
	struct viz_erased e = {.offer = lead->offer, .what = what};
	uint8_t body[128];
	struct viz_writer w;

	viz_writer_init(&w, body, sizeof body);
	if (what == VIZ_ERASED_ALL) {
		e.award_n = lead->award_n;
		e.has_secret = true;
		memcpy(e.secret, lead_secret, sizeof e.secret);
	}
	viz_erased_write(&w, &e);
	forge_statement(&b->scratch, &b->evil, VIZ_TYPE_ERASED, lead->slot,
			(uint64_t)what << 32 | e.award_n, b->now, &w);
	mail_statement(b, 7, &b->scratch);
}

/* An erased location says nothing about the contact. After a revocation only a new ERASED
 * counts. */
static void erased_means_what_it_says(void **state)
{
	struct one_node *b = *state;
	struct viz_lead *lead = calloc(1, sizeof *lead);
	uint64_t slot = awarded(b, lead, VIZ_LEAD_DELIVERED);

	erased(b, lead, VIZ_ERASED_LOCATION);
	get(b, lead, slot);
	assert_false(lead->peer[0].erased);
	erased(b, lead, VIZ_ERASED_ALL);
	get(b, lead, slot);
	assert_true(lead->peer[0].erased);
	assert_true(ok(lead_op(b, "lead.revoke", slot)));
	get(b, lead, slot);
	assert_false(lead->peer[0].erased);
	mail_statement(b, 8, &b->scratch); /* the same statement again */
	get(b, lead, slot);
	assert_false(lead->peer[0].erased);
	b->now.ms++;
	erased(b, lead, VIZ_ERASED_ALL);
	get(b, lead, slot);
	assert_true(lead->peer[0].erased);
	free(lead);
}

/* The key of a recalled partner was revoked, and it reports the erasure under its next key. That
 * counts as a release, and the customer picks again. */
static void erasure_is_a_release(void **state)
{
	struct one_node *b = *state;
	struct viz_lead *lead = calloc(1, sizeof *lead);
	uint64_t slot = awarded(b, lead, VIZ_LEAD_CONTACTED);

	lead->lease_until = lead->award_latest;
	viz_commitment_release(&lead->release_hash, lead_secret);
	lead->recalled = true;
	put(b, lead);
	erased(b, lead, VIZ_ERASED_LOCATION);
	get(b, lead, slot);
	assert_false(lead->released);
	erased(b, lead, VIZ_ERASED_ALL);
	get(b, lead, slot);
	assert_true(lead->released);
	assert_int_equal(lead->lease_until.ms, 0);
	chosen_another(lead);
	assert_int_equal(choose(b, lead), VIZ_OK);
	assert_int_equal(lead->award_n, 2);
	free(lead);
}

/* A partner was chosen twice. Its ERASED of the first award does not release the second one,
 * which may still be on its way. */
static void earlier_erasure_is_no_release(void **state)
{
	struct one_node *b = *state;
	struct viz_lead *lead = calloc(1, sizeof *lead);
	uint64_t slot = awarded(b, lead, VIZ_LEAD_AWARDED);

	lead->award_n = 3;
	lead->lease_until = viz_after(b->now, 60000);
	put(b, lead);
	lead->award_n = 1;
	erased(b, lead, VIZ_ERASED_ALL);
	get(b, lead, slot);
	assert_int_equal(lead->award_n, 3);
	assert_false(lead->released);
	assert_int_not_equal(lead->lease_until.ms, 0);
	free(lead);
}

/* Fills the store up to the core's limit. */
static void fill(struct one_node *b)
{
	static const uint8_t zeros[16000];
	uint8_t key[8] = "fill";

	for (unsigned n = 0, before = 1; before != n;) {
		assert_int_equal(viz_store_begin(b->store), VIZ_OK);
		before = n;
		for (unsigned i = 0; i < 20 && viz_core_has_headroom(&b->node->core); i++) {
			viz_be_put_u32(key + 4, n++);
			assert_int_equal(viz_store_put(b->store, VIZ_TABLE_META, key, sizeof key,
						       zeros, sizeof zeros),
					 VIZ_OK);
		}
		assert_int_equal(viz_store_commit(b->store), VIZ_OK);
	}
}

/* In a full store nobody can be chosen, a choice of nobody works, and the partner chosen before
 * is recalled. */
static void full_store_takes_back(void **state)
{
	struct one_node *b = *state;
	struct viz_lead *lead = calloc(1, sizeof *lead);
	char json[256], text[VIZ_SLOT_TEXT_MAX], second[2048];
	uint64_t slot = single_offer(b, second);

	get(b, lead, slot);
	single_answered(b, lead, VIZ_ANSWER_ANALYSIS);
	fill(b);
	assert_non_null(strstr(choose_aloud(b, slot), "\"store-full\""));
	get(b, lead, slot);
	assert_int_equal(lead->state, VIZ_LEAD_CHOOSING);
	lead->state = VIZ_LEAD_CONTACTED;
	lead->award_n = 1;
	lead->lease_until = lead->award_latest = viz_after(b->now, 3600000);
	memset(lead->award_to.b, 9, sizeof lead->award_to.b);
	lead->peer[lead->peer_count++] = (struct viz_lead_peer){.id = lead->award_to, .award_n = 1};
	put(b, lead);
	assert_non_null(strstr(choose_aloud(b, slot), "\"not-now\""));
	get(b, lead, slot);
	assert_true(lead->recalled);
	lead->state = VIZ_LEAD_CHOOSING;
	put(b, lead);
	viz_request_slot_text(text, slot);
	snprintf(json, sizeof json,
		 "{\"op\":\"lead.choose\",\"args\":{\"lead\":\"%s\",\"none\":true}}", text);
	assert_true(ok(request(b, json)));
	get(b, lead, slot);
	assert_int_equal(lead->state, VIZ_LEAD_NONE_CHOSEN);
	assert_int_equal(lead->vault, 0);
	free(lead);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	    T(each_consent_is_withdrawn),
	    T(an_unused_consent_expires),
	    T(single_without_a_yes_erases_the_contact),
	    T(single_receipts_are_of_what_was_read),
	    T(single_ends_with_what_was_read),
	    T(each_second_consent_ends_by_itself),
	    T(a_hand_off_comes_again),
	    T(erased_means_what_it_says),
	    T(erasure_is_a_release),
	    T(earlier_erasure_is_no_release),
	    T(full_store_takes_back),
	};

	VIZ_REQUIRE(viz_crypto_init() == VIZ_OK);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
