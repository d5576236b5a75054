/* The vectors of tests/vectors/protocol.json. They come from an implementation that shares no
 * code with this one. Each decodes, encodes to the same bytes, has the id, and verifies.
 * test_protocol_offer.c has those of an offer, test_invalid.c the invalid ones. */
#include "tests/unit/unit.h"

#include "crypto/crypto.h"
#include "crypto/hash.h"
#include "crypto/id.h"
#include "crypto/sign.h"
#include "crypto/x25519.h"
#include "node/core/ids.h"
#include "node/core/core.h"
#include "node/gossip/body.h"
#include "node/gossip/compare.h"
#include "node/trust/invite.h"
#include "node/trust/items.h"
#include "node/trust/member.h"
#include "node/trust/tree.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/federation.h"
#include "proto/message.h"
#include "proto/offer.h"
#include "proto/reader.h"
#include "proto/record.h"
#include "proto/trust.h"
#include "tests/unit/proto/codec.h"
#include "tests/unit/vectors.h"

#define BUFFER_BYTES 131072 /* more than any encoding here */

static json_t *root;
static struct viz_federation federation;
static struct viz_id federation_id;

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
	viz_vectors_assert_id(&federation_id, f, "id");
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
	viz_vectors_assert_id(&out, v, "first_start");
	viz_vectors_fixed(value.b, sizeof value.b, v, "old_value");
	viz_ids_log_start(&out, number(v, "log"), number(v, "old_log"), number(v, "old_number"),
			  &value);
	viz_vectors_assert_id(&out, v, "start");
	viz_vectors_fixed(value.b, sizeof value.b, v, "value");
	viz_ids_head(&out, number(v, "seq"), number(v, "log"), number(v, "number"), &value);
	viz_vectors_assert_id(&out, v, "head");
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
		viz_vectors_assert_id(&birth.next_hash, a, "next_hash");
		viz_id_author(&id, &federation_id, &birth);
		viz_vectors_assert_id(&id, a, "id");
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
	viz_vectors_assert_id(&id, v, "id");
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
		viz_vectors_assert_id(&item, v, "item");
		viz_ids_item(&item, &rec, &id, true);
		viz_vectors_assert_id(&item, v, "item_dead");
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

/* Reads the records of an author of the tree, and gives their places. */
static size_t tree_places(struct viz_items_place *out, const json_t *author)
{
	json_t *text;
	size_t i;

	json_array_foreach(viz_vectors_get(author, "records"), i, text)
	{
		size_t len;
		uint8_t *bytes = viz_vectors_bytes(&len, text);
		struct viz_record rec;
		struct viz_id id;

		assert_int_equal(viz_record_parse(&rec, bytes, len), VIZ_OK);
		viz_ids_record(&id, &federation_id, &rec);
		out[i] = (struct viz_items_place){rec.type, (uint8_t)rec.slot, rec.seq, {{0}}};
		viz_ids_item(&out[i].item, &rec, &id, false);
		free(bytes);
	}
	return i;
}

/* The hash of a set over its places. */
static struct viz_id tree_set(const struct viz_id *author, enum viz_items_set set,
			      const struct viz_items_place *place, size_t n)
{
	struct viz_id item[VIZ_TREE_ITEMS_MAX], out;
	size_t count = 0;

	for (size_t i = 0; i < n; i++)
		if (viz_items_in_set(set, place[i].type))
			item[count++] = place[i].item;
	viz_ids_author_items(&out, author, set, item, count);
	return out;
}

/* Puts an author of the vector into the directory, as if its records were held. */
static void tree_author(struct viz_trust *trust, const json_t *v, uint8_t cut)
{
	struct viz_items_place place[VIZ_TREE_ITEMS_MAX];
	size_t n = tree_places(place, v), len;
	uint8_t entry[VIZ_TREE_ENTRY], items[VIZ_TREE_ITEMS_MAX * VIZ_TREE_ITEM], *bytes;
	struct viz_id author = viz_vectors_id(v, "author"), sets[2];
	struct viz_member *m = viz_member_ensure(trust, &author);

	sets[0] = tree_set(&author, VIZ_ITEMS_VIEW, place, n);
	sets[1] = tree_set(&author, VIZ_ITEMS_OTHER, place, n);
	for (size_t i = 0; i < 2; i++) {
		struct viz_id want;

		bytes = viz_vectors_bytes(&len, json_array_get(viz_vectors_get(v, "sets"), i));
		assert_int_equal(len, sizeof want);
		assert_memory_equal(sets[i].b, bytes, len);
		free(bytes);
	}
	m->items = (struct viz_member_items){.view = sets[0],
					     .other = sets[1],
					     .has_view = true,
					     .has_other = true,
					     .end = {INT64_MAX}};
	assert_int_equal(viz_tree_bucket(&author),
			 json_integer_value(viz_vectors_get(v, "bucket")));
	assert_int_equal(viz_tree_tail(&author), json_integer_value(viz_vectors_get(v, "tail")));
	viz_compare_entry(entry, &author, sets, cut);
	bytes = viz_vectors_hex(&len, v, "entry");
	assert_int_equal(len, sizeof entry);
	assert_memory_equal(entry, bytes, len);
	free(bytes);
	for (size_t i = 0; i < n; i++)
		viz_compare_item(items + i * VIZ_TREE_ITEM, &place[i], cut);
	bytes = viz_vectors_hex(&len, v, "items");
	assert_int_equal(len, n * VIZ_TREE_ITEM);
	assert_memory_equal(items, bytes, len);
	free(bytes);
}

static void assert_bucket(const struct viz_tree_hour *tree, size_t bucket, const json_t *v,
			  const char *name)
{
	size_t len;
	uint8_t *bytes = viz_vectors_hex(&len, v, name);

	assert_int_equal(len, VIZ_TREE_HASH);
	assert_memory_equal(tree->hash[bucket], bytes, len);
	free(bytes);
}

static void tree_vector(void **state)
{
	const json_t *v = viz_vectors_get(root, "tree"), *author;
	struct viz_trust *trust = calloc(1, sizeof *trust);
	struct viz_core core = {.federation = federation};
	const struct viz_tree_hour *tree;
	size_t i;

	(void)state;
	assert_non_null(trust);
	trust->core = &core;
	json_array_foreach(viz_vectors_get(v, "authors"), i, author)
	    tree_author(trust, author, (uint8_t)json_integer_value(viz_vectors_get(v, "cut")));
	trust->tree.begun = true;
	trust->tree.now.hour = (uint64_t)json_integer_value(viz_vectors_get(v, "hour"));
	memset(trust->tree.now.dirty, 1, sizeof trust->tree.now.dirty);
	tree = viz_tree_at(trust, trust->tree.now.hour);
	assert_non_null(tree);
	viz_vectors_assert_id(&tree->root, v, "root");
	assert_bucket(tree, 0, v, "empty_bucket_0");
	json_array_foreach(viz_vectors_get(v, "authors"), i, author)
	    assert_bucket(tree, (size_t)json_integer_value(viz_vectors_get(author, "bucket")),
			  author, "bucket_hash");
	viz_trust_free(trust);
	free(trust);
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
		viz_vectors_assert_id(&in.author, v, "author");
		viz_vectors_fixed(token, sizeof token, v, "token");
		assert_memory_equal(in.token, token, sizeof token);
		viz_hash_init(&h, "vizinho/invite");
		viz_hash_part(&h, in.token, sizeof in.token);
		viz_hash_final(&h, &id);
		viz_vectors_assert_id(&id, v, "token_hash");
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
	    cmocka_unit_test(author_vectors),    cmocka_unit_test(record_vectors),
	    cmocka_unit_test(record_meanings),   cmocka_unit_test(link_vectors),
	    cmocka_unit_test(tree_vector),       cmocka_unit_test(invitation_vectors),
	};

	return cmocka_run_group_tests_name("protocol", tests, setup, teardown);
}
