/* Offers that are made to learn something: a private plant by the answers, addresses by the
 * locations. */
#include "tests/hostile/one_node.h"

#include "crypto/crypto.h"
#include "node/core/core.h"
#include "node/inbox/inbox.h"
#include "node/lead/lead.h"
#include "node/node.h"
#include "node/offer/commitment.h"
#include "node/offer/probing.h"
#include "node/state.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/mail.h"
#include "proto/message.h"
#include "proto/offer.h"
#include "proto/receipt.h"
#include "proto/record.h"
#include "proto/statement.h"
#include "proto/writer.h"
#include "store/store.h"
#include "store/tables.h"
#include "tests/hostile/one_lead.h"
#include "tests/hostile/one_offer.h"

#define CEP 29300100 /* the first postcode of the streets that are asked for */

static const struct viz_secret blinding = {{5}};

/* Our plant: some of the streets of a town. No record says which. */
static void lay_plant(struct one_node *b)
{
	assert_true(ok(request(b, "{\"op\":\"coverage.import\",\"args\":{\"name\":\"rede\","
				  "\"ceps\":[[29300120,29300129],[29300160,29300169]],"
				  "\"municipalities\":[{\"code\":3205309}]}}")));
}

static void sign_receipt(struct one_node *b, uint64_t slot)
{
	static struct viz_receipt c;
	uint8_t body[1024];
	struct viz_writer w;

	c = (struct viz_receipt){.offer_slot = slot,
				 .purpose = VIZ_PURPOSE_LOCATION,
				 .state = VIZ_CONSENT_GIVEN,
				 .recipient_count = 1,
				 .given = b->now,
				 .expires = viz_after(b->now, VIZ_DAY_MS),
				 .fields = VIZ_FIELD_LOCATION,
				 .withdrawal = "dpo@example.com",
				 .erase = viz_after(b->now, VIZ_DAY_MS),
				 .language = "pt-BR",
				 .text_version = "1",
				 .channel = "phone"};
	c.recipient[0].id = *viz_node_author(b->node);
	viz_writer_init(&w, body, sizeof body);
	viz_receipt_write(&w, &c);
	forge_statement(&b->scratch, &b->evil, VIZ_TYPE_RECEIPT, slot, 1, b->now, &w);
}

/* The day's `number`-th offer of the false peer, of a house in this street. Returns our answer; 0:
 * none. `asked`: whether we asked for the location, which comes in any case. */
static enum viz_answer probe(struct one_node *b, bool *asked, unsigned number, uint32_t cep)
{
	const struct viz_location l = {
	    .municipality = 3201209, .cep = cep, .service = VIZ_SERVICE_INTERNET};
	struct false_offer *o = calloc(1, sizeof *o);
	struct viz_inbox *in = calloc(1, sizeof *in);
	uint8_t bytes[VIZ_LOCATION_MAX], payload[1024];
	enum viz_answer answer;
	struct viz_writer w;
	size_t len = 0;

	viz_writer_init(&w, bytes, sizeof bytes);
	viz_location_write(&w, &l);
	assert_int_equal(viz_writer_finish(&w, &len), VIZ_OK);
	false_offer_to_us(b, o, number);
	viz_commitment(&o->location_commit, "vizinho/location", &blinding, bytes, len);
	sign_receipt(b, o->slot);
	viz_commitment(&o->receipt_commit, "vizinho/receipt", &blinding, b->scratch.id.b, 32);
	false_offer_sign(b, o);
	give(b, &o->offer);
	assert_true(inbox_row(b, in, o->slot));
	*asked = in->state == VIZ_INBOX_LISTED;
	viz_writer_init(&w, payload, sizeof payload);
	viz_writer_array(&w, 5);
	viz_writer_uint(&w, o->slot);
	viz_writer_bin(&w, bytes, len);
	viz_writer_bin(&w, blinding.b, sizeof blinding.b);
	viz_writer_bin(&w, b->scratch.bytes, b->scratch.len);
	viz_writer_bin(&w, blinding.b, sizeof blinding.b);
	mail(b, 2, VIZ_MAIL_LOCATION, &w);
	assert_int_equal(b->closed, 0);
	assert_true(inbox_row(b, in, o->slot));
	if (!*asked)
		assert_int_equal(in->location_len, 0);
	answer = in->answer;
	free(in);
	free(o);
	return answer;
}

static bool says(struct one_node *b, const char *op, const char *what)
{
	char json[64];

	snprintf(json, sizeof json, "{\"op\":\"%s\"}", op);
	return strstr(request(b, json), what) != NULL;
}

/* 100 offers in 4 s, one for each street. From the 40th location on no answer says any more that
 * we do not serve a street, so that at most these 40 are known. The operator is told. */
static void a_plant_is_not_mapped(void **state)
{
	struct one_node *b = *state;
	unsigned no = 0, yes = 0;
	bool asked;

	lay_plant(b);
	for (unsigned i = 0; i < 100; i++) {
		enum viz_answer a = probe(b, &asked, i, CEP + i);
		bool serves = (i >= 20 && i < 30) || (i >= 60 && i < 70);

		assert_true(asked);
		if (i >= VIZ_PROBE_BURST - 1)
			assert_true(a == VIZ_ANSWER_YES || a == VIZ_ANSWER_ANALYSIS);
		else
			assert_int_equal(a, serves ? VIZ_ANSWER_YES : VIZ_ANSWER_NO);
		no += a == VIZ_ANSWER_NO;
		yes += a == VIZ_ANSWER_YES;
		b->now.ms += 40;
	}
	assert_int_equal(no, 29); /* of 80 streets that we do not serve */
	assert_int_equal(yes, 20);
	assert_non_null(strstr(b->logs, "probing: many-an-hour of"));
	assert_true(says(b, "status", "\"probing_count\":1"));
	assert_true(says(b, "audit.show", "\"many-an-hour\""));
	assert_true(says(b, "audit.show", "\"role\":\"origin\""));
	assert_true(says(b, "audit.show", "\"location_count\":100"));
	/* a start forgets nothing */
	restart(b, 60000);
	tick(b, b->federation.start_ms + 1000);
	assert_true(says(b, "status", "\"probing_count\":1"));
	assert_int_equal(probe(b, &asked, 100, CEP), VIZ_ANSWER_ANALYSIS);
}

/* A busy desk asks 100 times in two hours, and no customer has chosen yet: it is answered as it is.
 * When its offers have ended, and nobody was chosen, the next one is the first to be told. */
static void a_busy_origin_gets_no_until_its_offers_have_ended(void **state)
{
	struct one_node *b = *state;
	bool asked;

	lay_plant(b);
	for (unsigned i = 0; i < 100; i++) {
		assert_int_equal(probe(b, &asked, i, i % 2 ? CEP : CEP + 20),
				 i % 2 ? VIZ_ANSWER_NO : VIZ_ANSWER_YES);
		tick(b, 61000);
	}
	assert_true(says(b, "status", "\"probing_count\":0"));
	assert_null(strstr(b->logs, "probing:"));
	for (int64_t ms = 0; ms < b->federation.choice_ms + 3 * VIZ_DAY_MS; ms += VIZ_DAY_MS)
		tick(b, VIZ_DAY_MS);
	assert_int_equal(probe(b, &asked, 0, CEP), VIZ_ANSWER_ANALYSIS);
	assert_non_null(strstr(b->logs, "probing: no-award of"));
	assert_true(says(b, "status", "\"probing_count\":1"));
}

static void stop(struct one_node *b, const char *flag)
{
	char json[256], id[65];

	viz_hex(id, b->evil.author.b, 32);
	snprintf(json, sizeof json, "{\"op\":\"peer.stop\",\"args\":{\"peer\":\"%s\",\"stop\":%s}}",
		 id, flag);
	assert_true(ok(request(b, json)));
}

/* The operator stops an origin: no location is asked for, one that comes is not kept, and the
 * answer is `no-content` also where the plant serves. It holds over a start, until undone. */
static void a_stopped_origin_gets_no_content(void **state)
{
	struct one_node *b = *state;
	bool asked;

	lay_plant(b);
	assert_int_equal(probe(b, &asked, 0, CEP + 20), VIZ_ANSWER_YES);
	stop(b, "true");
	assert_int_equal(probe(b, &asked, 1, CEP + 20), VIZ_ANSWER_NO_CONTENT);
	assert_false(asked);
	assert_true(says(b, "audit.show", "\"stopped\":true"));
	assert_true(says(b, "audit.show", "\"location_count\":1"));
	restart(b, 60000);
	tick(b, b->federation.start_ms + 1000);
	assert_int_equal(probe(b, &asked, 2, CEP), VIZ_ANSWER_NO_CONTENT);
	assert_false(asked);
	stop(b, "false");
	assert_int_equal(probe(b, &asked, 3, CEP), VIZ_ANSWER_NO);
	assert_true(asked);
}

/* Our `number`-th offer of the day. The false peer takes the location, and answers. */
static void give_location(struct one_node *b, unsigned number, enum viz_answer answer)
{
	struct viz_lead *lead = calloc(1, sizeof *lead);
	struct viz_mail_pledge m = {.reason = answer == VIZ_ANSWER_NO ? VIZ_NO_PLANT : VIZ_NO_NONE};
	uint8_t body[256];
	struct viz_pledge p;
	struct viz_writer w;

	if (number == 0)
		cover(b);
	assert_true(ok(ask_offer(b, "lead.offer", heard(b, "text"))));
	get(b, lead, viz_record_slot_make(b->now, number));
	for (unsigned twice = 0; twice < 2; twice++) { /* counts once */
		viz_writer_init(&w, body, sizeof body);
		viz_writer_array(&w, 1);
		viz_writer_uint(&w, lead->slot);
		mail(b, 1, VIZ_MAIL_LOCATION_ASK, &w);
	}
	p = (struct viz_pledge){.offer = lead->offer, .answer = answer};
	if (viz_pledge_promises(answer))
		p.commitment.b[0] = 1;
	viz_writer_init(&w, body, sizeof body);
	viz_pledge_write(&w, &p);
	forge_statement(&b->scratch, &b->evil, VIZ_TYPE_PLEDGE, lead->slot, 1, b->now, &w);
	memcpy(m.pledge, b->scratch.bytes, sizeof m.pledge);
	viz_writer_init(&w, body, sizeof body);
	viz_mail_pledge_write(&w, &m);
	mail(b, 2, VIZ_MAIL_PLEDGE, &w);
	assert_int_equal(b->closed, 0);
	free(lead);
	tick(b, 120000);
}

/* A partner takes ten exact locations and never says yes. With the tenth the operator is told. */
static void addresses_are_not_gathered_in_silence(void **state)
{
	struct one_node *b = *state;

	for (unsigned i = 0; i < VIZ_PROBE_NO; i++) {
		assert_true(says(b, "status", "\"probing_count\":0"));
		assert_null(strstr(b->logs, "probing:"));
		give_location(b, i, i % 2 ? VIZ_ANSWER_NO : VIZ_ANSWER_NO_CONTENT);
	}
	assert_non_null(strstr(b->logs, "probing: never-yes of"));
	assert_true(says(b, "status", "\"probing_count\":1"));
	assert_true(says(b, "audit.show", "\"role\":\"partner\""));
	assert_true(says(b, "audit.show", "\"location_count\":10"));
	assert_true(says(b, "audit.show", "\"no_content_count\":5"));
	restart(b, 60000);
	assert_true(says(b, "status", "\"probing_count\":1"));
	/* it can be removed, not left out */
	assert_true(ok(peer_op(b, "peer.remove")));
}

/* One promise among them, and nothing is told. */
static void a_partner_that_serves_may_say_no(void **state)
{
	struct one_node *b = *state;

	for (unsigned i = 0; i < VIZ_PROBE_NO + 2; i++)
		give_location(b, i, i == 3 ? VIZ_ANSWER_ANALYSIS : VIZ_ANSWER_NO);
	assert_true(says(b, "status", "\"probing_count\":0"));
	assert_null(strstr(b->logs, "probing:"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	    T(a_plant_is_not_mapped),
	    T(a_busy_origin_gets_no_until_its_offers_have_ended),
	    T(a_stopped_origin_gets_no_content),
	    T(addresses_are_not_gathered_in_silence),
	    T(a_partner_that_serves_may_say_no),
	};

	VIZ_REQUIRE(viz_crypto_init() == VIZ_OK);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
