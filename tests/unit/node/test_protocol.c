/* The vectors of tests/vectors/protocol.json. They come from an implementation that shares no
 * code with this one. Each decodes, encodes to the same bytes, has the id, and verifies.
 * test_invalid.c has the invalid ones. */
#include "tests/unit/unit.h"

#include "crypto/crypto.h"
#include "crypto/hash.h"
#include "crypto/id.h"
#include "crypto/seal.h"
#include "crypto/sign.h"
#include "crypto/x25519.h"
#include "node/core/ids.h"
#include "node/gossip/body.h"
#include "node/offer/commitment.h"
#include "node/offer/view.h"
#include "node/trust/items.h"
#include "proto/mail.h"
#include "node/trust/invite.h"
#include "proto/base.h"
#include "proto/federation.h"
#include "proto/limits.h"
#include "proto/message.h"
#include "proto/offer.h"
#include "proto/reader.h"
#include "proto/record.h"
#include "proto/statement.h"
#include "proto/trust.h"
#include "tests/unit/proto/codec.h"
#include "tests/unit/vectors.h"

#define BUFFER_BYTES 131072 /* more than any encoding here */

static json_t *root;
static struct viz_federation federation;
static struct viz_id federation_id;

static struct viz_id get_id(const json_t *object, const char *key)
{
	struct viz_id id;

	viz_vectors_fixed(id.b, sizeof id.b, object, key);
	return id;
}

static void assert_id(const struct viz_id *id, const json_t *object, const char *key)
{
	struct viz_id expect = get_id(object, key);

	assert_memory_equal(id->b, expect.b, sizeof id->b);
}

static void assert_again(const char *name, const uint8_t *bytes, size_t len)
{
	uint8_t *out = malloc(BUFFER_BYTES);
	size_t out_len = 0;
	int err;

	assert_non_null(out);
	err = viz_codec_again(out, &out_len, BUFFER_BYTES, name, bytes, len);
	if (err != VIZ_OK)
		fail_msg("%s: %s", name, viz_err_name(err));
	assert_int_equal(out_len, len);
	assert_memory_equal(out, bytes, len);
	free(out);
}

static void federation_vector(void **state)
{
	const json_t *f = viz_vectors_get(root, "federation");
	const json_t *times = viz_vectors_get(f, "times");
	struct viz_federation again;
	uint8_t prologue[VIZ_PROLOGUE_LEN], expect[VIZ_PROLOGUE_LEN];
	size_t len;
	uint8_t *bytes = viz_vectors_hex(&len, f, "bytes");
	struct viz_reader r;
	const char *name;
	json_t *value;

	(void)state;
	viz_federation_default(&again, viz_vectors_text(f, "name"));
#define X(...) +1
	assert_int_equal(json_object_size(times), VIZ_FEDERATION_PARAMETERS(X));
#undef X
	json_object_foreach((json_t *)(uintptr_t)times, name, value)
	{
		struct viz_federation set = again;

		assert_int_equal(viz_federation_set(&set, name, json_integer_value(value)), VIZ_OK);
		assert_memory_equal(&set, &again, sizeof set);
	}
	viz_reader_init(&r, bytes, len);
	viz_federation_read(&r, &again);
	assert_int_equal(viz_reader_finish(&r), VIZ_OK);
	assert_memory_equal(&again, &federation, sizeof again);
	assert_again("federation", bytes, len);
	assert_id(&federation_id, f, "id");
	viz_ids_prologue(prologue, &federation);
	viz_vectors_fixed(expect, sizeof expect, f, "prologue");
	assert_memory_equal(prologue, expect, sizeof expect);
	free(bytes);
}

static uint64_t number(const json_t *v, const char *name)
{
	return (uint64_t)json_integer_value(json_object_get(v, name));
}

static void log_vectors(void **state)
{
	const json_t *v = viz_vectors_get(root, "log");
	struct viz_id value = {{0}}, out;

	(void)state;
	viz_ids_log_start(&out, number(v, "log"), 0, 0, &value);
	assert_id(&out, v, "first_start");
	viz_vectors_fixed(value.b, sizeof value.b, v, "old_value");
	viz_ids_log_start(&out, number(v, "log"), number(v, "old_log"), number(v, "old_number"),
			  &value);
	assert_id(&out, v, "start");
	viz_vectors_fixed(value.b, sizeof value.b, v, "value");
	viz_ids_head(&out, number(v, "seq"), number(v, "log"), number(v, "number"), &value);
	assert_id(&out, v, "head");
}

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
	struct viz_id value = get_id(viz_vectors_get(root, "log"), "start"), id, expected;

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		uint8_t *bytes;
		struct viz_record rec = parse(v, names[i], &bytes);
		struct viz_position at;

		assert_int_equal(viz_position_parse(&at, &rec), VIZ_OK);
		assert_int_equal(at.log, number(viz_vectors_get(root, "log"), "log"));
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

static void author_vectors(void **state)
{
	const char *label;
	json_t *a;

	(void)state;
	json_object_foreach(viz_vectors_get(root, "authors"), label, a)
	{
		char text[VIZ_TEXT_ID_MAX], fingerprint[VIZ_FINGERPRINT_MAX];
		struct viz_secret seed, transport_secret;
		struct viz_pub next, transport, expect;
		struct viz_birth birth;
		struct viz_signer signer;
		struct viz_id id;

		viz_vectors_fixed(seed.b, sizeof seed.b, a, "seed");
		viz_vectors_fixed(next.b, sizeof next.b, a, "next_key");
		viz_vectors_fixed(birth.nonce, sizeof birth.nonce, a, "nonce");
		viz_vectors_fixed(transport_secret.b, 32, a, "transport_secret");
		viz_sign_seed_keypair(&signer, &seed);
		birth.first_key = signer.pub;
		viz_vectors_fixed(expect.b, sizeof expect.b, a, "key");
		assert_memory_equal(signer.pub.b, expect.b, 32);
		viz_id_next_hash(&birth.next_hash, &next);
		assert_id(&birth.next_hash, a, "next_hash");
		viz_id_author(&id, &federation_id, &birth);
		assert_id(&id, a, "id");
		viz_id_text(text, "viz", id.b);
		assert_string_equal(text, viz_vectors_text(a, "text"));
		viz_id_fingerprint(fingerprint, &id, &signer.pub);
		assert_string_equal(fingerprint, viz_vectors_text(a, "fingerprint"));
		viz_x25519_pub(&transport, &transport_secret);
		viz_vectors_fixed(expect.b, sizeof expect.b, a, "transport");
		assert_memory_equal(transport.b, expect.b, 32);
	}
}

/* Checks a signed record: its envelope, body, id and signature. */
static void check_record(const json_t *v)
{
	size_t len, again_len = 0;
	uint8_t *bytes = viz_vectors_hex(&len, v, "signed"), *again = malloc(BUFFER_BYTES);
	struct viz_record rec;
	struct viz_pub key;
	struct viz_id id;
	int err = viz_record_parse(&rec, bytes, len);

	assert_non_null(again);
	if (err != VIZ_OK)
		fail_msg("%s: %s", viz_vectors_text(v, "type"), viz_err_name(err));
	assert_string_equal(viz_record_type_name(rec.type), viz_vectors_text(v, "type"));
	assert_int_equal(viz_record_write(again, &again_len, BUFFER_BYTES, &rec), VIZ_OK);
	assert_int_equal(again_len, rec.len);
	assert_memory_equal(again, rec.bytes, rec.len);
	assert_again(viz_record_type_name(rec.type), rec.body, rec.body_len);
	if (rec.type < VIZ_TYPE_STATEMENT_MIN)
		assert_int_equal(viz_body_check(&rec, &federation), VIZ_OK);
	viz_ids_record(&id, &federation_id, &rec);
	assert_id(&id, v, "id");
	viz_vectors_fixed(key.b, sizeof key.b, v, "key");
	assert_int_equal(viz_sign_pub_check(&key), VIZ_OK);
	assert_int_equal(viz_sign_verify(&rec.sig, &id, &key), VIZ_OK);
	/* another last byte breaks the signature */
	bytes[len - 1] ^= 1;
	viz_ids_record(&id, &federation_id, &rec);
	assert_int_equal(viz_sign_verify(&rec.sig, &id, &key), VIZ_ERR_AUTH);
	free(bytes);
	free(again);
}

static void record_vectors(void **state)
{
	bool seen[UINT8_MAX + 1] = {false};
	const char *const lists[] = {"records", "statements"};
	json_t *v;
	size_t i;

	(void)state;
	for (size_t l = 0; l < 2; l++) {
		json_array_foreach(viz_vectors_get(root, lists[l]), i, v)
		{
			check_record(v);
			for (unsigned t = 0; t <= UINT8_MAX; t++)
				if (strcmp(viz_record_type_name(t), viz_vectors_text(v, "type")) ==
				    0)
					seen[t] = true;
		}
	}
	for (unsigned t = 1; t <= UINT8_MAX; t++)
		if (strcmp(viz_record_type_name(t), "?") != 0 && !seen[t])
			fail_msg("no vector of %s", viz_record_type_name(t));
}

/* NODE holds its author's birth. The expiry of write-once records is exact to the millisecond. */
static void record_meanings(void **state)
{
	json_t *v;
	size_t i;

	(void)state;
	json_array_foreach(viz_vectors_get(root, "records"), i, v)
	{
		size_t len;
		uint8_t *bytes = viz_vectors_hex(&len, v, "signed");
		struct viz_record rec;
		struct viz_id id, item;

		assert_int_equal(viz_record_parse(&rec, bytes, len), VIZ_OK);
		viz_ids_record(&id, &federation_id, &rec);
		viz_ids_item(&item, &rec, &id, false);
		assert_id(&item, v, "item");
		viz_ids_item(&item, &rec, &id, true);
		assert_id(&item, v, "item_dead");
		if (viz_record_is_write_once(rec.type))
			assert_int_equal(
			    rec.expires.ms,
			    viz_record_write_once_expires(rec.time, federation.write_once_ms).ms);
		if (rec.type == VIZ_TYPE_NODE) {
			struct viz_node_body b;
			struct viz_birth birth;
			struct viz_reader r;

			viz_reader_init(&r, rec.body, rec.body_len);
			viz_node_body_read(&r, &b);
			birth =
			    (struct viz_birth){.first_key = b.first_key, .next_hash = b.next_hash};
			memcpy(birth.nonce, b.nonce, sizeof birth.nonce);
			viz_id_author(&id, &federation_id, &birth);
			assert_memory_equal(id.b, rec.author.b, sizeof id.b);
		}
		free(bytes);
	}
}

static void link_vectors(void **state)
{
	bool kinds[VIZ_MESSAGE_KIND_MAX + 1] = {false}, mails[VIZ_MAIL_KIND_MAX + 1] = {false};
	json_t *v;
	size_t i;

	(void)state;
	json_array_foreach(viz_vectors_get(root, "hellos"), i, v)
	{
		size_t len;
		uint8_t *bytes = viz_vectors_hex(&len, v, "bytes");

		assert_again("hello", bytes, len);
		free(bytes);
	}
	json_array_foreach(viz_vectors_get(root, "messages"), i, v)
	{
		size_t len;
		uint8_t *bytes = viz_vectors_hex(&len, v, "bytes");

		assert_again("message", bytes, len);
		/* the codec knows no other kinds; the vectors' numbers are one byte */
		kinds[bytes[1]] = true;
		if (bytes[1] == VIZ_MESSAGE_MAIL)
			mails[bytes[3]] = true;
		free(bytes);
	}
	for (unsigned k = 1; k <= VIZ_MESSAGE_KIND_MAX; k++)
		if (viz_message_elements(k) != 0 && !kinds[k])
			fail_msg("no vector of message %s", viz_message_name(k));
	for (unsigned k = 1; k <= VIZ_MAIL_KIND_MAX; k++)
		if (strcmp(viz_message_mail_name(k), "?") != 0 && !mails[k])
			fail_msg("no vector of mail %s", viz_message_mail_name(k));
	json_array_foreach(viz_vectors_get(root, "parts"), i, v)
	{
		size_t len;
		uint8_t *bytes = viz_vectors_hex(&len, v, "bytes");

		assert_again(viz_vectors_text(v, "what"), bytes, len);
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

	key = get_id(v, "salt");
	c = commitment("vizinho/order-salt", &key, NULL, NULL);
	assert_memory_equal(c.b, o->order_commit.b, 32);
	key = get_id(v, "location_blinding");
	c = commitment("vizinho/location", &key, v, "location");
	assert_memory_equal(c.b, o->location_commit.b, 32);
	key = get_id(v, "receipt_blinding");
	c = commitment("vizinho/receipt", &key, v, "receipt_id");
	assert_memory_equal(c.b, o->receipt_commit.b, 32);
	key = get_id(v, "reference_blinding");
	memcpy(blinding.b, key.b, sizeof blinding.b);
	viz_commitment_reference(&c, &blinding, "chamada 4711", "ana");
	key = get_id(v, "reference");
	assert_memory_equal(c.b, key.b, 32);
	key = get_id(v, "release");
	viz_commitment_release(&c, key.b);
	key = get_id(v, "release_hash");
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
		author = get_id(a, "author");
		viz_items_of_list(item, &author, list);
		viz_ids_author_items(&hash[i], &author, VIZ_ITEMS_VIEW, item, list->count);
		assert_id(&hash[i], a, "hash");
		free(bytes);
		free(list);
	}
	viz_ids_view(&c, (struct viz_time){json_integer_value(json_object_get(v, "view_time"))},
		     hash->b, i);
	assert_memory_equal(c.b, o->view.b, 32);
	assert_id(&c, v, "view_digest");
	assert_id(&o->partners, v, "partners");
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
	struct viz_id author = get_id(v, "author"), blinding = get_id(v, "blinding"), blinded, c;
	struct viz_record rec;
	struct viz_pledge p;

	assert_int_equal(len, VIZ_PLEDGE_SIGNED);
	assert_int_equal(viz_record_parse(&rec, bytes, len), VIZ_OK);
	assert_int_equal(viz_pledge_parse(&p, &rec), VIZ_OK);
	assert_memory_equal(rec.author.b, author.b, 32);
	blinded = commitment("vizinho/proposal", &blinding, offer, "proposal");
	assert_id(&blinded, v, "blinded");
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
	struct viz_id c, chosen = get_id(v, "chosen");
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
	struct viz_id offer = get_id(v, "offer"), close = get_id(v, "close");
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

static void digest_vector(void **state)
{
	const json_t *v = viz_vectors_get(root, "digest");
	struct viz_hash h;
	struct viz_id sum;
	json_t *text;
	size_t i;

	(void)state;
	viz_hash_init(&h, "vizinho/digest");
	json_array_foreach(viz_vectors_get(v, "records"), i, text)
	{
		size_t len;
		uint8_t *bytes = viz_vectors_bytes(&len, text);
		struct viz_record rec;
		struct viz_id id, item;

		assert_int_equal(viz_record_parse(&rec, bytes, len), VIZ_OK);
		viz_ids_record(&id, &federation_id, &rec);
		viz_ids_item(&item, &rec, &id, false);
		viz_hash_id(&h, &item);
		free(bytes);
	}
	viz_hash_final(&h, &sum);
	assert_id(&sum, v, "digest");
}

static void invitation_vectors(void **state)
{
	json_t *v;
	size_t i;

	(void)state;
	json_array_foreach(viz_vectors_get(root, "invitations"), i, v)
	{
		uint8_t token[16];
		struct viz_invite in;
		struct viz_hash h;
		struct viz_id id;

		assert_int_equal(viz_invite_parse(&in, viz_vectors_text(v, "line")), VIZ_OK);
		assert_memory_equal(in.federation.b, federation_id.b, 32);
		assert_id(&in.author, v, "author");
		viz_vectors_fixed(token, sizeof token, v, "token");
		assert_memory_equal(in.token, token, sizeof token);
		viz_hash_init(&h, "vizinho/invite");
		viz_hash_part(&h, in.token, sizeof in.token);
		viz_hash_final(&h, &id);
		assert_id(&id, v, "token_hash");
	}
}

static int setup(void **state)
{
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
	    cmocka_unit_test(federation_vector), cmocka_unit_test(log_vectors),
	    cmocka_unit_test(log_chain),         cmocka_unit_test(author_vectors),
	    cmocka_unit_test(record_vectors),    cmocka_unit_test(record_meanings),
	    cmocka_unit_test(link_vectors),      cmocka_unit_test(offer_vector),
	    cmocka_unit_test(result_vector),     cmocka_unit_test(order_vector),
	    cmocka_unit_test(meets_vector),      cmocka_unit_test(fits_vector),
	    cmocka_unit_test(digest_vector),     cmocka_unit_test(invitation_vectors),
	};

	return cmocka_run_group_tests_name("protocol", tests, setup, teardown);
}
