/* The customer's proof: what it must not show, and an origin that gives a false one. */
#include "tests/hostile/one_lead.h"

#include "crypto/base32.h"
#include "crypto/crypto.h"
#include "node/audit/rules.h"
#include "node/control/request.h"
#include "node/core/core.h"
#include "node/core/ids.h"
#include "node/core/place.h"
#include "node/core/secrets.h"
#include "node/lead/lead.h"
#include "node/node.h"
#include "node/offer/commitment.h"
#include "node/offer/proof.h"
#include "node/self/statement.h"
#include "node/state.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/mail.h"
#include "proto/message.h"
#include "proto/offer.h"
#include "proto/proof.h"
#include "proto/receipt.h"
#include "proto/record.h"
#include "proto/statement.h"
#include "proto/writer.h"
#include "store/store.h"
#include "tests/hostile/one_offer.h"

static const struct viz_secret nonce = {{3}}, blinding = {{4}};
static const uint8_t *proposal = (const uint8_t *)"\x90"; /* no plans; one byte */

/* ---- what it must not show ---- */

#define PROTOCOL "PROTOCOLO-CANARIO-7731"
#define EVIDENCE "GRAVACAO-CANARIO-4711"
#define AGENT    "ATENDENTE-CANARIO"
#define PERSON   "Cliente Canario da Silva"
#define PHONE    "+5527991234321"
#define STREET   "Rua do Canario, 1777"

static const char *const words[] = {PROTOCOL, EVIDENCE, AGENT, PERSON, PHONE, STREET, "2026-12-24"};

/* PLACE, the wish and other numbers, as msgpack has them. */
static const int64_t numbers[] = {3201209, 29300100, -20848900, -41112900, 202612};

#define WISH PLACE ",\"service\":\"business\",\"month\":\"2026-12\""

/* An offer whose every text is known. */
static uint64_t offer_canaries(struct one_node *b)
{
	static char json[8192];
	char yes[4096];
	const char *at;

	cover(b);
	heard(b, "text");
	snprintf(json, sizeof json, "{\"op\":\"lead.draw\",\"args\":{\"draw\":%u," WISH "}}",
		 b->draw);
	at = strstr(request(b, json), "\"text\":\"");
	assert_non_null(at);
	at += strlen("\"text\":\"");
	snprintf(yes, sizeof yes, "%.*s", (int)strcspn(at, "\""), at);
	snprintf(json, sizeof json,
		 "{\"op\":\"lead.offer\",\"args\":{\"draw\":%u,\"protocol\":\"" PROTOCOL "\"," WISH
		 ",\"consent\":{\"given\":true,"
		 "\"evidence\":\"" EVIDENCE "\",\"agent\":\"" AGENT "\",\"text\":\"%s\"}}}",
		 b->draw, yes);
	if (!ok(request(b, json)))
		fail_msg("%s", b->reply);
	return viz_record_slot_make(b->now, 0);
}

static void pledge_and_reveal(struct one_node *b, struct viz_lead *lead)
{
	struct viz_pledge p = {.offer = lead->offer, .answer = VIZ_ANSWER_YES};
	struct viz_mail_pledge m = {.reason = VIZ_NO_NONE};
	struct viz_reveal r;
	struct viz_id blinded;
	uint8_t body[512];
	struct viz_writer w;

	viz_commitment(&blinded, "vizinho/proposal", &blinding, proposal, 1);
	viz_commitment_pledge(&p.commitment, &p.offer, &b->evil.author, &blinded, nonce.b);
	viz_writer_init(&w, body, sizeof body);
	viz_pledge_write(&w, &p);
	forge_statement(&b->scratch, &b->evil, VIZ_TYPE_PLEDGE, lead->slot, 1, b->now, &w);
	memcpy(m.pledge, b->scratch.bytes, sizeof m.pledge);
	viz_writer_init(&w, body, sizeof body);
	viz_mail_pledge_write(&w, &m);
	mail(b, 20, VIZ_MAIL_PLEDGE, &w);
	get(b, lead, lead->slot);
	r = (struct viz_reveal){.offer = lead->offer,
				.close = lead->close,
				.pledge = lead->peer[0].pledge,
				.nonce = nonce,
				.blinding = blinding,
				.proposal = proposal,
				.proposal_len = 1};
	viz_writer_init(&w, body, sizeof body);
	viz_reveal_write(&w, &r);
	forge_statement(&b->scratch, &b->evil, VIZ_TYPE_REVEAL, lead->slot, 1, b->now, &w);
	mail_statement(b, 21, &b->scratch);
	assert_int_equal(b->closed, 0);
	get(b, lead, lead->slot);
}

static void choose_canary(struct one_node *b, uint64_t slot)
{
	static char json[8192];
	char yes[4096], name[VIZ_SLOT_TEXT_MAX], id[65];
	const char *at = strstr(lead_op(b, "lead.proposals", slot), "\"consent_text\":\"");

	assert_non_null(at);
	at += strlen("\"consent_text\":\"");
	snprintf(yes, sizeof yes, "%.*s", (int)strcspn(at, "\""), at);
	viz_hex(id, b->evil.author.b, 32);
	viz_request_slot_text(name, slot);
	snprintf(json, sizeof json,
		 "{\"op\":\"lead.choose\",\"args\":{\"lead\":\"%s\",\"peer\":\"%s\",\"contact\":{"
		 "\"name\":\"" PERSON "\",\"phone\":\"" PHONE "\",\"address\":\"" STREET
		 "\",\"date\":\"2026-12-24\"},\"consent\":{\"given\":true,\"text\":\"%s\"}}}",
		 name, id, yes);
	assert_true(ok(request(b, json)));
}

/* What must not be shown is in the lead: the search would find it. */
static void assert_canaries_are_there(struct one_node *b, const struct viz_lead *lead)
{
	struct viz_location l;

	assert_string_equal(lead->protocol, PROTOCOL);
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	assert_int_equal(viz_secrets_unseal_location(&b->node->core, &l, lead->vault,
						     lead->location, lead->location_len),
			 VIZ_OK);
	viz_store_abort(b->store);
	assert_int_equal(l.municipality, numbers[0]);
	assert_int_equal(l.cep, numbers[1]);
	assert_int_equal(l.point.lat_udeg, numbers[2]);
	assert_int_equal(l.point.lon_udeg, numbers[3]);
	assert_int_equal(l.month, numbers[4]);
}

static bool holds(const uint8_t *bytes, size_t len, const void *what, size_t what_len)
{
	return memmem(bytes, len, what, what_len) != NULL;
}

/* Neither the texts and numbers nor anything that opens or names them stands in these bytes. */
static void assert_silent(struct one_node *b, const struct viz_lead *lead, const uint8_t *bytes,
			  size_t len)
{
	const struct viz_id *self = viz_node_author(b->node);
	struct viz_receipt *c = calloc(1, sizeof *c);
	struct viz_lead_secrets s;
	struct viz_record rec;
	struct viz_slice v;
	struct viz_id id;

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		assert_false(holds(bytes, len, words[i], strlen(words[i])));
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		uint8_t packed[16];
		struct viz_writer w;
		size_t n;

		viz_writer_init(&w, packed, sizeof packed);
		viz_writer_int(&w, numbers[i]);
		assert_int_equal(viz_writer_finish(&w, &n), VIZ_OK);
		assert_false(holds(bytes, len, packed, n));
	}
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	assert_true(viz_secrets_read(&b->node->core, &s, lead->vault));
	assert_false(holds(bytes, len, s.location_blinding.b, 32));
	assert_false(holds(bytes, len, s.receipt_blinding.b, 32));
	assert_false(holds(bytes, len, s.subject_salt.b, 32));
	for (uint64_t n = 1; n <= 2; n++) {
		if (!viz_statement_get(&b->node->core, &v, self, lead->slot, VIZ_TYPE_RECEIPT, self,
				       n))
			continue;
		assert_int_equal(viz_record_parse(&rec, v.p, v.len), VIZ_OK);
		assert_int_equal(viz_receipt_parse(c, &rec), VIZ_OK);
		viz_ids_record(&id, &b->node->core.federation_id, &rec);
		assert_false(holds(bytes, len, id.b, 32)); /* the receipt's id */
		assert_false(holds(bytes, len, c->receipt_id, sizeof c->receipt_id));
		assert_false(holds(bytes, len, c->subject.b, 32));
	}
	viz_store_abort(b->store);
	assert_false(holds(bytes, len, lead->peer[0].pledge.b, 32));
	assert_false(holds(bytes, len, lead->award.b, 32) && !viz_id_is_zero(&lead->award));
	free(c);
}

/* The array of the line that lead.proof gives, and the reply itself, show none of it. */
static void check_proof(struct one_node *b, uint64_t slot, struct viz_offer_proof *p)
{
	struct viz_lead *lead = calloc(1, sizeof *lead);
	char line[VIZ_PROOF_LINE_MAX + 1];
	uint8_t array[2048];
	const char *at;
	size_t len;

	get(b, lead, slot);
	at = strstr(lead_op(b, "lead.proof", slot), "\"line\":\"");
	assert_non_null(at);
	at += strlen("\"line\":\"");
	snprintf(line, sizeof line, "%.*s", (int)strcspn(at, "\""), at);
	assert_int_equal(
	    viz_base32_line_read(array, &len, sizeof array, VIZ_OFFER_PROOF_PREFIX, line), VIZ_OK);
	assert_silent(b, lead, array, len);
	assert_silent(b, lead, (const uint8_t *)b->reply, strlen(b->reply));
	assert_int_equal(viz_offer_proof_read(p, line), VIZ_OK);
	assert_true(p->signature_known);
	assert_true(viz_id_eq(&p->body.offer, &lead->offer));
	assert_int_equal(p->body.asked_count, 1);
	assert_true(viz_id_eq(&p->body.asked[0], &b->evil.author));
	assert_int_equal(p->body.order_len, 1);
	free(lead);
}

static void a_finder_learns_the_choice_alone(void **state)
{
	struct one_node *b = *state;
	struct viz_lead *lead = calloc(1, sizeof *lead);
	struct viz_offer_proof *p = calloc(1, sizeof *p);
	struct viz_receipt *c = calloc(1, sizeof *c);
	uint64_t slot = offer_canaries(b);

	get(b, lead, slot);
	assert_canaries_are_there(b, lead);
	assert_non_null(strstr(lead_op(b, "lead.proof", slot), "no-proof"));
	pledge_and_reveal(b, lead);
	check_proof(b, slot, p);
	assert_int_equal(p->body.k, 0);
	assert_false(p->body.has_blinding);
	choose_canary(b, slot);
	check_proof(b, slot, p);
	assert_int_equal(p->body.k, 1);
	assert_true(viz_id_eq(&p->body.chosen, &b->evil.author));
	/* it names the text of the first consent, also after the second was heard */
	assert_true(receipt(b, c, slot, 1));
	assert_true(viz_id_eq(&c->text_hash, &p->body.text_hash));
	/* by its protocol number, too */
	assert_non_null(strstr(
	    request(b, "{\"op\":\"lead.proof\",\"args\":{\"lead\":\"" PROTOCOL "\"}}"), "\"k\":1"));
	free(c);
	free(p);
	free(lead);
}

/* Whom nobody is chosen for has a proof of that. */
static void nobody_is_a_choice(void **state)
{
	struct one_node *b = *state;
	struct viz_lead *lead = calloc(1, sizeof *lead);
	uint64_t slot = offer_canaries(b);

	get(b, lead, slot);
	pledge_and_reveal(b, lead);
	tick(b, b->federation.choice_ms + 1000);
	get(b, lead, slot);
	assert_int_equal(lead->state, VIZ_LEAD_EXPIRED);
	assert_non_null(strstr(lead_op(b, "lead.proof", slot), "\"k\":1"));
	assert_null(strstr(b->reply, "\"chosen\""));
	free(lead);
}

/* ---- a false one ---- */

/* The offer of the false peer to us, up to its CHOICE of us, with all its records. */
static void run_offer(struct one_node *b, struct false_offer *o, struct viz_secret *opens)
{
	struct viz_inbox *in = calloc(1, sizeof *in);
	struct viz_result_entry opened = {.revealed = true};
	struct viz_choice choice = {.at = FORGE_LATER_AT, .what = VIZ_CHOICE_AWARD};
	uint8_t body[256], plain[VIZ_PROPOSAL_MAX];
	struct viz_writer w;
	size_t len = 1;

	false_offer_to_us(b, o, 0);
	false_offer_sign(b, o);
	give(b, &o->offer);
	answer_yes(b, o, in);
	assert_true(inbox_row(b, in, o->slot));
	false_offer_sign_close(b, o, true);
	give(b, &o->close);
	plain[0] = 0x90; /* we have no plans */
	viz_commitment(&opened.blinded, "vizinho/proposal", &in->blinding, plain, len);
	memcpy(opened.nonce.b, in->nonce.b, sizeof opened.nonce.b);
	false_offer_sign_result(b, o, &opened);
	give(b, &o->result);
	choice.offer = o->offer.id;
	choice.at.number = 4;
	viz_commitment_choice(&choice.commitment, opens, &o->offer.id, 1, viz_node_author(b->node));
	viz_writer_init(&w, body, sizeof body);
	viz_choice_write(&w, &choice);
	forge_record(&b->scratch, &b->evil, VIZ_TYPE_CHOICE, viz_record_slot_choice(o->slot, 1),
		     b->now, &w);
	give(b, &b->scratch);
	assert_int_equal(b->closed, 0);
	free(in);
}

static char text[VIZ_PROOF_LINE_MAX + 1]; /* of the last PROOF */

/* What our node says of the origin's PROOF. */
static const char *verify(struct one_node *b, const struct false_offer *o,
			  const struct viz_proof *p)
{
	static char json[VIZ_PROOF_LINE_MAX + 100];
	struct viz_proof_line line = {.federation = b->evil.federation_id,
				      .first_key = b->evil.birth.first_key,
				      .next_hash = b->evil.birth.next_hash};
	uint8_t body[1024];
	struct viz_writer w;

	viz_writer_init(&w, body, sizeof body);
	viz_proof_write(&w, p);
	forge_statement(&b->scratch, &b->evil, VIZ_TYPE_PROOF, o->slot, p->k, b->now, &w);
	line.proof = b->scratch.bytes;
	line.proof_len = b->scratch.len;
	memcpy(line.nonce, b->evil.birth.nonce, sizeof line.nonce);
	assert_int_equal(viz_offer_proof_text(text, &line), VIZ_OK);
	snprintf(json, sizeof json, "{\"op\":\"consent.verify\",\"args\":{\"line\":\"%s\"}}", text);
	return request(b, json);
}

static void a_false_proof_is_kept_as_a_finding(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	struct viz_secret opens = {{9}};
	struct viz_proof p = {.text_version = "1", .asked_count = 1, .order_len = 1, .k = 1};
	const char *reply;

	run_offer(b, o, &opens);
	p.offer = o->offer.id;
	p.asked[0] = p.chosen = *viz_node_author(b->node);
	p.has_blinding = true;
	p.blinding = opens;
	reply = verify(b, o, &p);
	assert_non_null(strstr(reply, "\"offer\":\"right\""));
	assert_non_null(strstr(reply, "\"signature\":\"right\""));
	assert_non_null(strstr(reply, "\"asked\":\"right\""));
	assert_non_null(strstr(reply, "\"order\":\"right\""));
	assert_non_null(strstr(reply, "\"choice\":\"right\""));
	assert_non_null(strstr(reply, "\"receipt\":\"unknown\""));
	assert_null(strstr(reply, "\"wrong\""));
	assert_int_equal(findings(b, VIZ_RULE_PROOF_FALSE), 0);
	/* the customer heard of another choice than the circle sees */
	p.chosen = b->evil.author;
	assert_non_null(strstr(verify(b, o, &p), "\"choice\":\"wrong\""));
	assert_int_equal(findings(b, VIZ_RULE_PROOF_FALSE), 1);
	assert_non_null(strstr(b->logs, "proof-false"));
	/* the customer alone adds it to the evidence */
	assert_non_null(
	    strstr(export_finding(b, VIZ_RULE_PROOF_FALSE, ""), "\"code\":\"proof-needed\""));
	assert_true(exports_with(b, VIZ_RULE_PROOF_FALSE, text));
	/* of another offer nothing is known, and nothing is found */
	p.offer.b[0] ^= 1;
	reply = verify(b, o, &p);
	assert_non_null(strstr(reply, "\"offer\":\"wrong\""));
	assert_non_null(strstr(reply, "\"choice\":\"unknown\""));
	assert_int_equal(findings(b, VIZ_RULE_PROOF_FALSE), 1);
	assert_non_null(
	    strstr(export_finding(b, VIZ_RULE_PROOF_FALSE, text), "\"code\":\"other-proof\""));
	free(o);
}

/* A line that somebody else has changed says nothing about the origin. */
static void a_changed_line_is_no_finding(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	struct viz_secret opens = {{9}};
	struct viz_proof p = {.text_version = "1", .asked_count = 1, .order_len = 1, .k = 1};
	struct forge thief;

	run_offer(b, o, &opens);
	p.offer = o->offer.id;
	p.asked[0] = b->evil.author;
	p.chosen = b->evil.author;
	p.has_blinding = true;
	thief = b->evil;
	viz_rng_bytes(&b->rng, thief.signer[0].secret, sizeof thief.signer[0].secret);
	{
		struct forge evil = b->evil;

		b->evil = thief; /* the author's name, another key */
		assert_non_null(strstr(verify(b, o, &p), "bad-proof"));
		b->evil = evil;
	}
	assert_int_equal(findings(b, VIZ_RULE_PROOF_FALSE), 0);
	free(o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	    T(a_finder_learns_the_choice_alone),
	    T(nobody_is_a_choice),
	    T(a_false_proof_is_kept_as_a_finding),
	    T(a_changed_line_is_no_finding),
	};

	VIZ_REQUIRE(viz_crypto_init() == VIZ_OK);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
