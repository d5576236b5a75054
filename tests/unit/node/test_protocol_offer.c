/* The vectors of tests/vectors/protocol.json about an offer: its records in the log, what they
 * commit to, the order of RESULT, and what area it is in. Like test_protocol.c. */
#include "tests/unit/unit.h"

#include "crypto/crypto.h"
#include "node/core/ids.h"
#include "node/offer/commitment.h"
#include "node/trust/items.h"
#include "proto/mail.h"
#include "proto/base.h"
#include "proto/federation.h"
#include "proto/limits.h"
#include "proto/message.h"
#include "proto/offer.h"
#include "proto/reader.h"
#include "proto/record.h"
#include "proto/statement.h"
#include "tests/unit/vectors.h"

static json_t *root;
static struct viz_id federation_id;

static struct viz_record parse(const json_t *v, const char *name, uint8_t **bytes)
{
	struct viz_record rec;
	size_t len;

	*bytes = viz_vectors_hex(&len, v, name);
	assert_int_equal(viz_record_parse(&rec, *bytes, len), VIZ_OK);
	return rec;
}

/* Each record of the offer names the value that the one before it gives. */
static void log_chain(void **state)
{
	static const char *const names[] = {"offer", "close", "result", "choice"};
	const json_t *v = viz_vectors_get(root, "offer");
	struct viz_id value = viz_vectors_id(viz_vectors_get(root, "log"), "start"), id, expected;

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		uint8_t *bytes;
		struct viz_record rec = parse(v, names[i], &bytes);
		struct viz_position at;

		assert_int_equal(viz_position_parse(&at, &rec), VIZ_OK);
		assert_int_equal(at.log, json_integer_value(
					     viz_vectors_get(viz_vectors_get(root, "log"), "log")));
		assert_int_equal(at.number, i + 1);
		assert_int_equal(at.offer, 1);
		assert_memory_equal(at.before.b, value.b, sizeof value.b);
		viz_ids_record(&id, &federation_id, &rec);
		viz_ids_log(&value, &at, rec.type, rec.slot, &id);
		assert_int_equal(viz_hex_parse(expected.b, sizeof expected.b,
					       json_string_value(json_array_get(
						   viz_vectors_get(v, "log_values"), i))),
				 VIZ_OK);
		assert_memory_equal(expected.b, value.b, sizeof value.b);
		free(bytes);
	}
}

static struct viz_id commitment(const char *domain, const struct viz_id *key, const json_t *object,
				const char *name)
{
	size_t len = 0;
	uint8_t *bytes = name ? viz_vectors_hex(&len, object, name) : NULL;
	struct viz_secret blinding;
	struct viz_id out;

	memcpy(blinding.b, key->b, sizeof blinding.b);
	viz_commitment(&out, domain, &blinding, bytes, len);
	free(bytes);
	return out;
}

static void offer_body(struct viz_record *rec, struct viz_offer *o, const uint8_t *bytes,
		       size_t len)
{
	assert_int_equal(viz_record_parse(rec, bytes, len), VIZ_OK);
	assert_int_equal(viz_offer_parse(o, rec), VIZ_OK);
}

static void offer_commitments(const json_t *v, const struct viz_offer *o)
{
	struct viz_secret blinding;
	struct viz_id key, c;
	struct viz_id hash[8], item[VIZ_VIEW_ITEMS_MAX], author;
	const json_t *a;
	size_t i;

	key = viz_vectors_id(v, "salt");
	c = commitment("vizinho/order-salt", &key, NULL, NULL);
	assert_memory_equal(c.b, o->order_commit.b, 32);
	key = viz_vectors_id(v, "location_blinding");
	c = commitment("vizinho/location", &key, v, "location");
	assert_memory_equal(c.b, o->location_commit.b, 32);
	key = viz_vectors_id(v, "receipt_blinding");
	c = commitment("vizinho/receipt", &key, v, "receipt_id");
	assert_memory_equal(c.b, o->receipt_commit.b, 32);
	key = viz_vectors_id(v, "reference_blinding");
	memcpy(blinding.b, key.b, sizeof blinding.b);
	viz_commitment_reference(&c, &blinding, "chamada 4711", "ana");
	key = viz_vectors_id(v, "reference");
	assert_memory_equal(c.b, key.b, 32);
	key = viz_vectors_id(v, "release");
	viz_commitment_release(&c, key.b);
	key = viz_vectors_id(v, "release_hash");
	assert_memory_equal(c.b, key.b, 32);
	json_array_foreach(json_object_get(v, "view_authors"), i, a)
	{
		struct viz_view_items *list = calloc(1, sizeof *list);
		struct viz_reader r;
		size_t len;
		uint8_t *bytes = viz_vectors_hex(&len, a, "items");

		viz_reader_init(&r, bytes, len);
		viz_view_items_read(&r, list);
		assert_int_equal(viz_reader_finish(&r), VIZ_OK);
		author = viz_vectors_id(a, "author");
		viz_items_of_list(item, &author, list);
		viz_ids_author_items(&hash[i], &author, VIZ_ITEMS_VIEW, item, list->count);
		viz_vectors_assert_id(&hash[i], a, "hash");
		free(bytes);
		free(list);
	}
	viz_ids_view(&c, (struct viz_time){json_integer_value(json_object_get(v, "view_time"))},
		     hash->b, i);
	assert_memory_equal(c.b, o->view.b, 32);
	viz_vectors_assert_id(&c, v, "view_digest");
	viz_vectors_assert_id(&o->partners, v, "partners");
}

/* The lists of the OFFER, and its commitments. */
static void offer_vector(void **state)
{
	const json_t *v = viz_vectors_get(root, "offer");
	size_t len;
	uint8_t *bytes = viz_vectors_hex(&len, v, "offer");
	struct viz_record rec;
	struct viz_offer o;

	(void)state;
	offer_body(&rec, &o, bytes, len);
	assert_int_equal(rec.slot, json_integer_value(viz_vectors_get(v, "slot")));
	assert_int_equal(o.asked_count, 2);
	assert_int_equal(o.asked[0].index, 200);
	assert_int_equal(o.asked[1].turn, 7);
	assert_true(o.struck[0].newcomer && o.not_drawn[1].newcomer);
	assert_false(o.asked[1].newcomer || o.not_drawn[0].newcomer);
	assert_int_equal(o.blocked[1], 255);
	assert_int_equal(o.silent[0], 17);
	assert_int_equal(o.drawn.ms, json_integer_value(viz_vectors_get(v, "view_time")));
	assert_true(o.has_previous && viz_offer_asks(&o, 200) && viz_offer_asks(&o, 0));
	assert_false(o.has_opening || viz_offer_asks(&o, o.struck[0].index));
	offer_commitments(v, &o);
	free(bytes);
}

static void pledge_vector(const json_t *offer, const json_t *v)
{
	size_t len;
	uint8_t *bytes = viz_vectors_hex(&len, v, "signed");
	uint8_t zero[32] = {0}, nonce[32];
	struct viz_id author = viz_vectors_id(v, "author"),
		      blinding = viz_vectors_id(v, "blinding"), blinded, c;
	struct viz_record rec;
	struct viz_pledge p;

	assert_int_equal(len, VIZ_PLEDGE_SIGNED);
	assert_int_equal(viz_record_parse(&rec, bytes, len), VIZ_OK);
	assert_int_equal(viz_pledge_parse(&p, &rec), VIZ_OK);
	assert_memory_equal(rec.author.b, author.b, 32);
	blinded = commitment("vizinho/proposal", &blinding, offer, "proposal");
	viz_vectors_assert_id(&blinded, v, "blinded");
	viz_vectors_fixed(nonce, sizeof nonce, v, "nonce");
	viz_commitment_pledge(&c, &p.offer, &author, &blinded, nonce);
	assert_memory_equal(viz_pledge_promises(p.answer) ? c.b : zero, p.commitment.b, 32);
	free(bytes);
}

/* RESULT follows from CLOSE, salt and nonces. CHOICE opens to the chosen one. */
static void result_vector(void **state)
{
	const json_t *v = viz_vectors_get(root, "offer");
	struct viz_result *res = calloc(1, sizeof *res);
	struct viz_close *close = calloc(1, sizeof *close);
	struct viz_commitment_item item[VIZ_ASKED_MAX] = {0};
	uint8_t order[VIZ_ASKED_MAX], *bytes[3];
	struct viz_id c, chosen = viz_vectors_id(v, "chosen");
	struct viz_choice choice;
	struct viz_pledge pledge;
	struct viz_secret key;
	struct viz_record rec;
	size_t i, n;
	json_t *p;

	(void)state;
	json_array_foreach(viz_vectors_get(v, "pledges"), i, p) pledge_vector(v, p);
	rec = parse(v, "close", &bytes[0]);
	assert_int_equal(viz_close_parse(close, &rec), VIZ_OK);
	rec = parse(v, "result", &bytes[1]);
	assert_int_equal(viz_result_parse(res, &rec), VIZ_OK);
	assert_int_equal(res->count, close->count);
	for (i = 0; i < res->count; i++) {
		item[i].revealed = res->entry[i].revealed;
		item[i].nonce = res->entry[i].nonce;
		assert_true(viz_close_pledge(close, i, &rec, &pledge));
		viz_ids_record(&item[i].pledge, &federation_id, &rec);
	}
	assert_false(viz_close_pledge(close, i, &rec, &pledge));
	n = viz_commitment_order(order, &res->offer, &res->close, &res->salt, item, res->count);
	assert_int_equal(n, res->order_len);
	assert_memory_equal(order, res->order, n);
	rec = parse(v, "choice", &bytes[2]);
	assert_int_equal(viz_choice_parse(&choice, &rec), VIZ_OK);
	viz_vectors_fixed(key.b, 32, v, "choice_blinding");
	viz_commitment_choice(&c, &key, &choice.offer, viz_record_slot_k(rec.slot), &chosen);
	assert_memory_equal(c.b, choice.commitment.b, 32);
	for (i = 0; i < 3; i++)
		free(bytes[i]);
	free(close);
	free(res);
}

/* Whether a COVERAGE meets an area. */
static void meets_vector(void **state)
{
	struct viz_coverage *c = calloc(1, sizeof *c);
	struct viz_area area;
	json_t *v;
	size_t i;

	(void)state;
	assert_non_null(c);
	json_array_foreach(viz_vectors_get(root, "meets"), i, v)
	{
		size_t len, area_len;
		uint8_t *bytes = viz_vectors_hex(&len, v, "coverage");
		uint8_t *area_bytes = viz_vectors_hex(&area_len, v, "area");

		assert_int_equal(VIZ_PARSE(coverage, c, bytes, len), VIZ_OK);
		assert_int_equal(VIZ_PARSE(area, &area, area_bytes, area_len), VIZ_OK);
		if (viz_coverage_meets(c, &area) != json_is_true(viz_vectors_get(v, "meets")))
			fail_msg("%s", viz_vectors_text(v, "note"));
		free(bytes);
		free(area_bytes);
	}
	assert_true(i >= 20);
	free(c);
}

/* Whether a location fits an area. */
static void fits_vector(void **state)
{
	struct viz_location location;
	struct viz_area area;
	json_t *v;
	size_t i;

	(void)state;
	json_array_foreach(viz_vectors_get(root, "fits"), i, v)
	{
		size_t len, area_len;
		uint8_t *bytes = viz_vectors_hex(&len, v, "location");
		uint8_t *area_bytes = viz_vectors_hex(&area_len, v, "area");

		assert_int_equal(VIZ_PARSE(location, &location, bytes, len), VIZ_OK);
		assert_int_equal(VIZ_PARSE(area, &area, area_bytes, area_len), VIZ_OK);
		if (viz_location_fits(&location, &area) != json_is_true(viz_vectors_get(v, "fits")))
			fail_msg("%s", viz_vectors_text(v, "note"));
		free(bytes);
		free(area_bytes);
	}
	assert_true(i >= 15);
}

static void order_vector(void **state)
{
	const json_t *v = viz_vectors_get(root, "order"), *entries = viz_vectors_get(v, "entries");
	struct viz_commitment_item item[VIZ_ASKED_MAX] = {0};
	struct viz_id offer = viz_vectors_id(v, "offer"), close = viz_vectors_id(v, "close");
	size_t count = json_array_size(entries), len, n;
	uint8_t order[VIZ_ASKED_MAX], *expect = viz_vectors_hex(&len, v, "order");
	struct viz_secret salt;

	(void)state;
	viz_vectors_fixed(salt.b, 32, v, "salt");
	for (size_t i = 0; i < count; i++) {
		const json_t *e = json_array_get(entries, i);

		item[i].revealed = !json_is_null(e);
		if (!item[i].revealed)
			continue;
		viz_hex_parse(item[i].pledge.b, 32, json_string_value(json_array_get(e, 0)));
		viz_hex_parse(item[i].nonce.b, 32, json_string_value(json_array_get(e, 1)));
	}
	n = viz_commitment_order(order, &offer, &close, &salt, item, count);
	assert_int_equal(n, len);
	assert_int_equal(n, count - 2);
	assert_memory_equal(order, expect, n);
	free(expect);
}

static int setup(void **state)
{
	struct viz_federation federation;

	(void)state;
	assert_int_equal(viz_crypto_init(), VIZ_OK);
	root = viz_vectors_load("protocol.json");
	viz_federation_default(&federation, "vizinho-br");
	viz_ids_federation(&federation_id, &federation);
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
	    cmocka_unit_test(log_chain),     cmocka_unit_test(offer_vector),
	    cmocka_unit_test(result_vector), cmocka_unit_test(order_vector),
	    cmocka_unit_test(meets_vector),  cmocka_unit_test(fits_vector),
	};

	return cmocka_run_group_tests_name("protocol_offer", tests, setup, teardown);
}
