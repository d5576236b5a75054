/* The customer's proof: lines of another implementation, each change of them, and the rule that
 * compares one with the records of its offer. */
#include "tests/unit/unit.h"

#include "crypto/base32.h"
#include "crypto/crypto.h"
#include "crypto/hash.h"
#include "crypto/id.h"
#include "node/audit/rules.h"
#include "node/offer/proof.h"
#include "proto/base.h"
#include "proto/offer.h"
#include "proto/reader.h"
#include "proto/record.h"
#include "proto/writer.h"
#include "tests/unit/vectors.h"

#define ARRAY_MAX 2000 /* bytes */

static json_t *root;

static const json_t *vector(size_t i)
{
	const json_t *v = json_array_get(viz_vectors_get(root, "proofs"), i);

	assert_non_null(v);
	return v;
}

static void assert_text(const struct viz_id *id, const json_t *text)
{
	char own[VIZ_TEXT_ID_MAX];

	viz_id_text(own, "viz", id->b);
	assert_string_equal(own, json_string_value(text));
}

static void assert_hex(const struct viz_id *id, const json_t *object, const char *key)
{
	uint8_t bytes[32];

	viz_vectors_fixed(bytes, sizeof bytes, object, key);
	assert_memory_equal(id->b, bytes, sizeof bytes);
}

static void lines_are_read(void **state)
{
	struct viz_offer_proof *p = calloc(1, sizeof *p);
	char again[VIZ_PROOF_LINE_MAX + 1];

	(void)state;
	for (size_t i = 0; i < json_array_size(viz_vectors_get(root, "proofs")); i++) {
		const json_t *v = vector(i), *o = viz_vectors_get(v, "json");
		const json_t *asked = viz_vectors_get(o, "asked"), *order;
		const json_t *chosen = json_object_get(o, "chosen");

		assert_int_equal(viz_offer_proof_read(p, viz_vectors_text(v, "line")), VIZ_OK);
		assert_hex(&p->line.federation, o, "federation");
		assert_hex(&p->body.offer, o, "offer");
		assert_hex(&p->body.text_hash, o, "text_hash");
		assert_hex(&p->id, v, "id");
		assert_text(&p->author, viz_vectors_get(o, "author"));
		assert_string_equal(p->body.text_version, viz_vectors_text(o, "text_version"));
		assert_int_equal(p->rec.key, json_integer_value(viz_vectors_get(v, "key")));
		assert_int_equal(p->signature_known, p->rec.key <= VIZ_PROOF_SUCCESSIONS);
		assert_int_equal(p->body.k, json_integer_value(viz_vectors_get(o, "k")));
		assert_int_equal(p->body.asked_count, json_array_size(asked));
		for (size_t k = 0; k < p->body.asked_count; k++)
			assert_text(&p->body.asked[k], json_array_get(asked, k));
		order = viz_vectors_get(o, "order");
		assert_int_equal(p->body.order_len, json_array_size(order));
		for (size_t k = 0; k < p->body.order_len; k++)
			assert_text(&p->body.asked[p->body.order[k]], json_array_get(order, k));
		assert_int_equal(p->body.has_blinding, json_is_string(chosen));
		if (p->body.has_blinding)
			assert_text(&p->body.chosen, chosen);
		assert_int_equal(viz_offer_proof_text(again, &p->line), VIZ_OK);
		assert_string_equal(again, viz_vectors_text(v, "line"));
	}
	free(p);
}

/* One character that is another one, left out, or said twice. */
static void no_character_can_be_changed(void **state)
{
	const char *line = viz_vectors_text(vector(4), "line");
	struct viz_offer_proof *p = calloc(1, sizeof *p);
	size_t len = strlen(line);
	char *bad = calloc(1, len + 2);

	(void)state;
	for (size_t i = 0; i < len; i++) {
		for (const char *c = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567abz01.= "; *c; c++) {
			memcpy(bad, line, len + 1);
			bad[i] = *c;
			if (*c != line[i] && viz_offer_proof_read(p, bad) == VIZ_OK)
				fail_msg("character %zu may be '%c'", i, *c);
		}
		memcpy(bad, line, i);
		memcpy(bad + i, line + i + 1, len - i);
		assert_int_not_equal(viz_offer_proof_read(p, bad), VIZ_OK);
		memcpy(bad, line, i + 1);
		memcpy(bad + i + 1, line + i, len - i + 1);
		assert_int_not_equal(viz_offer_proof_read(p, bad), VIZ_OK);
	}
	assert_int_not_equal(viz_offer_proof_read(p, ""), VIZ_OK);
	free(bad);
	free(p);
}

/* A forger makes the checksum fit. Each byte is bound all the same: by the author id, by the
 * commitment of a key, or by the signature. */
static void no_byte_can_be_forged(void **state)
{
	struct viz_offer_proof *p = calloc(1, sizeof *p);
	char line[VIZ_PROOF_LINE_MAX + 1];
	uint8_t array[ARRAY_MAX];

	(void)state;
	for (size_t v = 0; v < 5; v++) {
		size_t len;

		assert_int_equal(viz_base32_line_read(array, &len, sizeof array,
						      VIZ_OFFER_PROOF_PREFIX,
						      viz_vectors_text(vector(v), "line")),
				 VIZ_OK);
		for (size_t i = 0; i < len; i++) {
			for (unsigned bit = 0; bit < 8; bit++) {
				array[i] ^= (uint8_t)(1U << bit);
				assert_int_equal(viz_base32_line(line, sizeof line,
								 VIZ_OFFER_PROOF_PREFIX, array,
								 len),
						 VIZ_OK);
				/* a number of a key that the line cannot have shows nothing */
				if (viz_offer_proof_read(p, line) == VIZ_OK && p->signature_known)
					fail_msg("line %zu: byte %zu, bit %u", v, i, bit);
				array[i] ^= (uint8_t)(1U << bit);
			}
		}
		/* with bytes behind, or without the last */
		array[len] = 0xc0;
		viz_base32_line(line, sizeof line, VIZ_OFFER_PROOF_PREFIX, array, len + 1);
		assert_int_equal(viz_offer_proof_read(p, line), VIZ_ERR_FORM);
		viz_base32_line(line, sizeof line, VIZ_OFFER_PROOF_PREFIX, array, len - 1);
		assert_int_equal(viz_offer_proof_read(p, line), VIZ_ERR_FORM);
	}
	free(p);
}

/* The SUCCESSIONs that a line must have cannot be left out or taken from another line. */
static void keys_cannot_be_left_out(void **state)
{
	struct viz_offer_proof *p = calloc(1, sizeof *p), *q = calloc(1, sizeof *q);
	char line[VIZ_PROOF_LINE_MAX + 1];

	(void)state;
	assert_int_equal(viz_offer_proof_read(p, viz_vectors_text(vector(4), "line")), VIZ_OK);
	p->line.succession_count = 1;
	assert_int_equal(viz_offer_proof_text(line, &p->line), VIZ_OK);
	assert_int_equal(viz_offer_proof_read(q, line), VIZ_ERR_MEANING);
	p->line.succession_count = 0;
	assert_int_equal(viz_offer_proof_text(line, &p->line), VIZ_OK);
	assert_int_equal(viz_offer_proof_read(q, line), VIZ_ERR_MEANING);
	p->line.succession_count = 2;
	p->line.succession[0] = p->line.succession[1];
	assert_int_equal(viz_offer_proof_text(line, &p->line), VIZ_OK);
	assert_int_equal(viz_offer_proof_read(q, line), VIZ_ERR_MEANING);
	free(p);
	free(q);
}

/* ---- rule 32 ---- */

struct bed {
	struct viz_offer_proof p;
	struct viz_record result, choice, none, proof;
	uint8_t body[1024];
	struct viz_id asked[VIZ_ASKED_MAX];
	struct viz_rules_proof c;
};

static void parse(struct viz_record *out, const json_t *object, const char *key)
{
	size_t len;
	static uint8_t *kept[8];
	static size_t used;

	kept[used % 8] = viz_vectors_hex(&len, object, key);
	assert_int_equal(viz_record_parse(out, kept[used++ % 8], len), VIZ_OK);
}

/* The proof of the customer's choice beside the records of its offer: all fit. */
static struct bed *lay(void)
{
	const json_t *o = viz_vectors_get(root, "offer");
	struct bed *b = calloc(1, sizeof *b);

	assert_int_equal(viz_offer_proof_read(&b->p, viz_vectors_text(vector(1), "line")), VIZ_OK);
	parse(&b->result, o, "result");
	parse(&b->choice, o, "choice");
	memcpy(b->asked, b->p.body.asked, sizeof b->asked);
	b->proof = b->p.rec;
	b->c = (struct viz_rules_proof){.proof = &b->proof,
					.asked = b->asked,
					.asked_count = b->p.body.asked_count,
					.result = &b->result,
					.choice = &b->choice};
	return b;
}

/* Writes p.body anew into the record, whose signature the rule does not look at. */
static void change(struct bed *b)
{
	struct viz_writer w;

	viz_writer_init(&w, b->body, sizeof b->body);
	viz_proof_write(&w, &b->p.body);
	b->proof.body = b->body;
	assert_int_equal(viz_writer_finish(&w, &b->proof.body_len), VIZ_OK);
}

static void note(void *arg, enum viz_rule rule, enum viz_verdict verdict,
		 const struct viz_id *about)
{
	(void)about;
	assert_int_equal(rule, VIZ_RULE_PROOF_FALSE);
	assert_int_equal(verdict, VIZ_VERDICT_CONTRADICTION);
	++*(unsigned *)arg;
}

static void assert_matches(struct bed *b, enum viz_rules_match asked, enum viz_rules_match order,
			   enum viz_rules_match choice)
{
	struct viz_rules_proof_result r;
	unsigned found = 0;

	viz_rules_proof_match(&r, &b->c);
	assert_int_equal(r.asked, asked);
	assert_int_equal(r.order, order);
	assert_int_equal(r.choice, choice);
	viz_rules_proof(&b->c, &b->p.id, note, &found);
	assert_int_equal(found, asked == VIZ_RULES_WRONG || order == VIZ_RULES_WRONG ||
				    choice == VIZ_RULES_WRONG);
}

static void a_false_proof_is_found(void **state)
{
	const enum viz_rules_match ok = VIZ_RULES_RIGHT, bad = VIZ_RULES_WRONG;
	struct bed *b = lay();

	(void)state;
	assert_matches(b, ok, ok, ok);
	b->p.body.asked_count--; /* one who was asked is not named */
	change(b);
	assert_matches(b, bad, ok, ok);
	b->p.body.asked_count++;
	b->p.body.asked[1].b[0] ^= 1;
	change(b);
	assert_matches(b, bad, ok, ok);
	b->p.body.asked[1].b[0] ^= 1;
	b->p.body.order[0] ^= 1;
	change(b);
	assert_matches(b, ok, bad, ok);
	b->p.body.order[0] ^= 1;
	b->p.body.order_len = 0;
	change(b);
	assert_matches(b, ok, bad, ok);
	b->p.body.order_len = 1;
	b->p.body.chosen = b->p.body.asked[viz_id_eq(&b->p.body.chosen, &b->p.body.asked[0])];
	change(b);
	assert_matches(b, ok, ok, bad);
	b->p.body.chosen = (struct viz_id){0}; /* nobody, and somebody was chosen */
	b->p.body.has_blinding = false;
	change(b);
	assert_matches(b, ok, ok, bad);
	free(b);
	b = lay();
	b->p.body.blinding.b[31] ^= 1;
	change(b);
	assert_matches(b, ok, ok, bad);
	free(b);
}

/* What is not held is not judged, and a proof before a choice says nothing of the choice. */
static void what_is_not_held_is_unknown(void **state)
{
	const enum viz_rules_match ok = VIZ_RULES_RIGHT, open = VIZ_RULES_UNKNOWN;
	struct bed *b = lay();

	(void)state;
	b->c.choice = NULL;
	assert_matches(b, ok, ok, open);
	b->c.result = NULL;
	assert_matches(b, ok, open, open);
	b->c.asked_count = 0;
	assert_matches(b, open, open, open);
	free(b);
	b = lay();
	b->p.body.k = 0;
	b->p.body.chosen = (struct viz_id){0};
	b->p.body.has_blinding = false;
	change(b);
	assert_matches(b, ok, ok, open);
	b->p.body.k = 2; /* the CHOICE that is held is another one */
	change(b);
	assert_matches(b, ok, ok, open);
	free(b);
}

static int setup(void **state)
{
	(void)state;
	assert_int_equal(viz_crypto_init(), VIZ_OK);
	root = viz_vectors_load("protocol.json");
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
	    cmocka_unit_test(lines_are_read),         cmocka_unit_test(no_character_can_be_changed),
	    cmocka_unit_test(no_byte_can_be_forged),  cmocka_unit_test(keys_cannot_be_left_out),
	    cmocka_unit_test(a_false_proof_is_found), cmocka_unit_test(what_is_not_held_is_unknown),
	};

	return cmocka_run_group_tests_name("proof", tests, setup, teardown);
}
