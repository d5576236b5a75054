/* A consent at its origin: the promises of the words against the dates that the node keeps, two
 * answers, the language, the text beside its hash, and what is said of one person. */
#include "tests/hostile/one_lead.h"

#include "node/control/consent_text.h"
#include "node/control/request.h"
#include "node/lead/consent.h"
#include "node/lead/lead.h"
#include "node/node.h"
#include "node/state.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/receipt.h"
#include "proto/record.h"
#include "store/store.h"
#include "store/tables.h"

#define EVIDENCE "gravacao-canario-4711"
#define AGENT    "agente-canario"
#define CONTACT                                                                                    \
	"\"contact\":{\"name\":\"Canaria Zuleica\",\"phone\":\"+5528987650001\","                  \
	"\"address\":\"Rua do Canario, 4711\"}"

/* Asks for a draw, and copies its texts. */
static void read_aloud(struct one_node *b, char first[4096], char second[4096])
{
	char key[2][24] = {"\"text\":\"", "\"contact_text\":\""}, *to[2] = {first, second};
	const char *reply = request(b, "{\"op\":\"lead.draw\",\"args\":{" PLACE "}}"), *at;

	b->draw = (uint32_t)strtoul(strstr(reply, "\"draw\":") + 7, NULL, 10);
	for (int i = 0; i < 2; i++) {
		at = strstr(reply, key[i]);
		assert_non_null(at);
		at += strlen(key[i]);
		snprintf(to[i], 4096, "%.*s", (int)strcspn(at, "\""), at);
	}
}

static const char *offer_with(struct one_node *b, const char *more, const char *contact)
{
	static char json[16384];
	char first[4096], second[4096];

	read_aloud(b, first, second);
	snprintf(json, sizeof json,
		 "\"consent\":{\"given\":true,\"evidence\":\"" EVIDENCE "\",\"agent\":\"" AGENT
		 "\",\"text\":\"%s\",\"contact_text\":\"%s\"%s}%s%s",
		 first, second, more, contact[0] ? "," : "", contact);
	return ask_offer(b, "lead.offer", json);
}

static uint64_t made(struct one_node *b, const char *more, const char *contact)
{
	assert_true(ok(offer_with(b, more, contact)));
	return viz_record_slot_make(b->now, 0);
}

/* The days that a text promises behind `word`. */
static int64_t promised_ms(const char *text, const char *word)
{
	const char *at = strstr(text, word);

	assert_non_null(at);
	return strtoll(at + strlen(word), NULL, 10) * VIZ_DAY_MS;
}

/* Whoever is not chosen erases, and so do we, before the days that the customer heard are over; the
 * text promises no more than a day too much. */
static void the_words_keep_the_dates(void **state)
{
	struct one_node *b = *state;
	struct viz_receipt *c = calloc(1, sizeof *c);
	struct viz_lead *lead = calloc(1, sizeof *lead);
	char first[4096], second[4096];
	int64_t days, there, here;
	uint64_t slot;

	cover(b);
	for (int by_hand = 0; by_hand < 2; by_hand++) {
		evil(b)->node.by_hand = by_hand;
		slot = viz_record_slot_make(b->now, (unsigned)by_hand);
		read_aloud(b, first, second);
		assert_true(ok(offer_with(b, "", "")));
		get(b, lead, slot);
		assert_true(receipt(b, c, slot, 1));
		days = promised_ms(first, "apagamos isso em até ");
		assert_true(c->erase.ms - c->given.ms <= days);
		assert_true(c->erase.ms - c->given.ms > days - VIZ_DAY_MS);
		assert_true(lead->location_over.ms - lead->given.ms <= days);
		there = promised_ms(second, "Ela apaga em até ");
		here = promised_ms(second, "; nós, até ");
		assert_true(there >= b->federation.contact_holder_ms);
		assert_true(here >= b->federation.undelivered_ms + b->federation.contact_origin_ms);
	}
	free(lead);
	free(c);
}

/* A node that was away closes its offer late. The location goes all the same when the customer was
 * told. */
static void a_late_origin_erases_in_time(void **state)
{
	struct one_node *b = *state;
	struct viz_lead *lead = calloc(1, sizeof *lead);
	uint64_t slot;

	cover(b);
	slot = made(b, "", "");
	get(b, lead, slot);
	lead->state = VIZ_LEAD_CHOOSING; /* since yesterday, as CLOSE was late */
	lead->choose_until = viz_after(lead->location_over, VIZ_DAY_MS);
	put(b, lead);
	tick(b, lead->location_over.ms - b->now.ms - 1000);
	get(b, lead, slot);
	assert_true(lead->location_len > 0);
	tick(b, 2000);
	get(b, lead, slot);
	assert_int_equal(lead->location_len, 0);
	assert_int_equal(lead->vault, 0);
	free(lead);
}

/* The contact needs a yes of its own; without it the offer goes on without the contact. */
static void each_question_has_its_answer(void **state)
{
	struct one_node *b = *state;
	struct viz_lead *lead = calloc(1, sizeof *lead);
	uint64_t slot;

	cover(b);
	assert_non_null(strstr(offer_with(b, "", CONTACT), "no-contact-consent"));
	assert_non_null(
	    strstr(offer_with(b, ",\"contact_given\":false", CONTACT), "no-contact-consent"));
	slot = made(b, ",\"contact_given\":false", "");
	get(b, lead, slot);
	assert_false(lead->single);
	assert_int_equal(lead->contact_len, 0);
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	viz_store_abort(b->store);
	slot = viz_record_slot_make(b->now, 1);
	assert_true(ok(offer_with(b, ",\"contact_given\":true", CONTACT)));
	get(b, lead, slot);
	assert_true(lead->single && lead->contact_len > 0);
	free(lead);
}

/* The language of what is read is the node's, whatever a caller says. */
static void the_language_is_the_nodes(void **state)
{
	struct one_node *b = *state;
	struct viz_profile *profile = &b->node->trust.profile;
	char first[4096], second[4096];

	cover(b);
	assert_non_null(
	    strstr(request(b, "{\"op\":\"lead.draw\",\"args\":{" PLACE "}}"), "Você autoriza?"));
	assert_non_null(
	    strstr(request(b, "{\"op\":\"lead.draw\",\"args\":{\"language\":\"en\"," PLACE "}}"),
		   "\"field\":\"language\""));
	assert_non_null(strstr(offer_with(b, ",\"language\":\"en\"", ""), "other-language"));
	snprintf(profile->language, sizeof profile->language, "en");
	read_aloud(b, first, second);
	assert_non_null(strstr(first, "Do you agree?"));
	assert_non_null(strstr(offer_with(b, ",\"language\":\"pt-BR\"", ""), "other-language"));
	assert_true(ok(offer_with(b, ",\"language\":\"en\"", "")));
}

/* The operator is told what is missing before a customer can be asked. */
static void doctor_says_what_is_missing(void **state)
{
	struct one_node *b = *state;
	struct viz_profile *profile = &b->node->trust.profile;
	const char *reply = request(b, "{\"op\":\"doctor\",\"args\":{}}");

	assert_non_null(strstr(reply, "\"withdrawal_said\":true"));
	assert_non_null(strstr(reply, "\"privacy_said\":true"));
	profile->withdrawal[0] = profile->privacy[0] = '\0';
	reply = request(b, "{\"op\":\"doctor\",\"args\":{}}");
	assert_non_null(strstr(reply, "\"withdrawal_said\":false"));
	assert_non_null(strstr(reply, "\"privacy_said\":false"));
}

/* A wish goes to whom is asked, so the customer hears that it does: an offer that says more than
 * the text is refused. */
static void a_wish_that_was_not_read_does_not_go(void **state)
{
	struct one_node *b = *state;
	char json[256];
	int n;

	cover(b);
	assert_non_null(strstr(offer_with(b, "", "\"month\":\"2026-12\""), "text-changed"));
	n = snprintf(json, sizeof json,
		     "{\"op\":\"lead.draw\",\"args\":{\"draw\":%u," PLACE
		     ",\"month\":\"2026-12\"}}",
		     b->draw);
	assert_true(n > 0 && (size_t)n < sizeof json);
	assert_non_null(strstr(request(b, json), "mês da mudança"));
	assert_true(ok(offer_with(b, "", "")));
}

/* The exact text that was read stays beside its hash, as long as the receipt. */
static void the_text_is_kept(void **state)
{
	struct one_node *b = *state;
	struct viz_receipt *c = calloc(1, sizeof *c);
	char first[4096], second[4096];
	struct viz_slice text;
	struct viz_id hash;
	uint64_t slot;

	cover(b);
	read_aloud(b, first, second);
	slot = made(b, ",\"contact_given\":true", CONTACT);
	assert_true(receipt(b, c, slot, 1));
	viz_consent_text_hash(&hash, unescaped(second));
	unescaped(first);
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	assert_true(viz_lead_consent_text(&b->node->trust, &text, slot, &c->text_hash));
	assert_int_equal(text.len, strlen(first));
	assert_memory_equal(text.p, first, text.len);
	assert_true(viz_lead_consent_text(&b->node->trust, &text, slot, &hash));
	assert_memory_equal(text.p, second, text.len);
	viz_store_abort(b->store);
	free(c);
}

static bool has(const struct viz_slice *v, const char *text)
{
	return memmem(v->p, v->len, text, strlen(text)) != NULL;
}

/* Who took the call and where it is recorded stands in the lead and in what opens the commitment;
 * in nothing that is signed, and in nothing that waits to be sent. */
static void references_stay_here(void **state)
{
	struct one_node *b = *state;
	struct viz_slice key, value;
	struct viz_walk walk;
	size_t found = 0;

	cover(b);
	made(b, "", "");
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	for (int t = 0; t < VIZ_TABLE_COUNT; t++) {
		viz_walk_init(&walk, b->store, (enum viz_table)t, NULL, 0);
		while (viz_walk_next(&walk, &key, &value)) {
			if (!has(&value, EVIDENCE) && !has(&value, AGENT))
				continue;
			found++;
			assert_true(t == VIZ_TABLE_LEAD || (t == VIZ_TABLE_STATEMENT &&
							    key.p[40] < VIZ_TYPE_STATEMENT_MIN));
		}
	}
	viz_store_abort(b->store);
	assert_int_equal(found, 2); /* the search finds what it looks for */
}

static const char *const canaries[] = {"Canaria Zuleica", "+5528987650001", "Rua do Canario",
				       "-20848900", EVIDENCE};

/* consent.show has no personal data; consent.dossier has all, for a reader alone, and is itself in
 * the access log; after a revocation there is nothing left to show, and both still answer. */
static void one_person_in_one_answer(void **state)
{
	struct one_node *b = *state;
	const char *reply;
	uint64_t slot;

	cover(b);
	slot = made(b, ",\"contact_given\":true", CONTACT);
	reply = lead_op(b, "consent.show", slot);
	assert_true(ok(reply));
	assert_non_null(strstr(reply, "Você autoriza?"));
	assert_non_null(strstr(reply, EVIDENCE));
	assert_non_null(strstr(reply, AGENT));
	for (int i = 0; i < 4; i++)
		assert_null(strstr(reply, canaries[i]));
	reply = lead_op(b, "consent.dossier", slot);
	assert_true(ok(reply));
	for (int i = 0; i < 5; i++)
		assert_non_null(strstr(reply, canaries[i]));
	assert_non_null(strstr(reply, "\"what\":\"dossier\""));
	assert_non_null(strstr(reply, "\"what\":\"receipt\""));
	b->node->readers.count = 0;
	assert_non_null(strstr(lead_op(b, "consent.dossier", slot), "not-a-reader"));
	b->node->readers.count = 1;
	reply = lead_op(b, "consent.check", slot);
	assert_non_null(strstr(reply, "\"text\":\"right\""));
	assert_null(strstr(reply, "wrong"));
	assert_true(ok(lead_op(b, "lead.revoke", slot)));
	reply = lead_op(b, "consent.dossier", slot);
	assert_true(ok(reply));
	for (int i = 0; i < 4; i++)
		assert_null(strstr(reply, canaries[i]));
	assert_null(strstr(reply, "\"lat_udeg\""));
	assert_non_null(strstr(reply, "\"withdrawn\""));
	assert_null(strstr(lead_op(b, "consent.check", slot), "wrong"));
}

/* A kept text that was changed on disk is found. */
static void a_changed_text_is_found(void **state)
{
	struct one_node *b = *state;
	struct viz_receipt *c = calloc(1, sizeof *c);
	uint64_t slot;

	cover(b);
	slot = made(b, "", "");
	assert_true(receipt(b, c, slot, 1));
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	viz_lead_consent_keep_text(&b->node->trust, slot, &c->text_hash, "outro texto");
	assert_int_equal(viz_store_commit(b->store), VIZ_OK);
	assert_non_null(strstr(lead_op(b, "consent.check", slot), "\"text\":\"wrong\""));
	free(c);
}

/* The events are read to their end by the cursor, each once, and have no personal data. */
static void events_by_cursor(void **state)
{
	struct one_node *b = *state;
	char json[128], cursor[48] = "0.0";
	const char *reply, *at;
	size_t count = 0, dossiers = 0, pages = 0;
	uint64_t slot;

	cover(b);
	slot = made(b, ",\"contact_given\":true", CONTACT);
	assert_true(ok(lead_op(b, "consent.dossier", slot)));
	do {
		snprintf(json, sizeof json,
			 "{\"op\":\"events\",\"args\":{\"cursor\":\"%s\",\"max\":1}}", cursor);
		reply = request(b, json);
		assert_true(ok(reply));
		for (int i = 0; i < 5; i++)
			assert_null(strstr(reply, canaries[i]));
		for (at = reply; (at = strstr(at, "\"log\":")); at++)
			count++;
		dossiers += strstr(reply, "\"dossier\"") != NULL;
		at = strstr(reply, "\"cursor\":\"");
		assert_non_null(at);
		snprintf(cursor, sizeof cursor, "%.*s", (int)strcspn(at + 10, "\""), at + 10);
		assert_true(++pages < 50); /* the cursor moves */
	} while (strstr(reply, "\"more\":true"));
	assert_true(pages > 1);
	assert_int_equal(dossiers, 1);
	snprintf(json, sizeof json, "{\"op\":\"events\",\"args\":{\"max\":1000}}");
	reply = request(b, json);
	for (at = reply; (at = strstr(at, "\"log\":")); at++)
		count--;
	assert_int_equal(count, 0);
	assert_non_null(
	    strstr(request(b, "{\"op\":\"events\",\"args\":{\"cursor\":\"x\"}}"), "bad-cursor"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(the_words_keep_the_dates, setup, teardown),
	    cmocka_unit_test_setup_teardown(a_late_origin_erases_in_time, setup, teardown),
	    cmocka_unit_test_setup_teardown(each_question_has_its_answer, setup, teardown),
	    cmocka_unit_test_setup_teardown(the_language_is_the_nodes, setup, teardown),
	    cmocka_unit_test_setup_teardown(doctor_says_what_is_missing, setup, teardown),
	    cmocka_unit_test_setup_teardown(a_wish_that_was_not_read_does_not_go, setup, teardown),
	    cmocka_unit_test_setup_teardown(the_text_is_kept, setup, teardown),
	    cmocka_unit_test_setup_teardown(references_stay_here, setup, teardown),
	    cmocka_unit_test_setup_teardown(one_person_in_one_answer, setup, teardown),
	    cmocka_unit_test_setup_teardown(a_changed_text_is_found, setup, teardown),
	    cmocka_unit_test_setup_teardown(events_by_cursor, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
