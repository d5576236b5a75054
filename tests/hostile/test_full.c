/* A full store: the node stays up, reports it, and can still revoke and erase. */
#include "tests/hostile/one_node.h"

#include "crypto/crypto.h"
#include "node/core/core.h"
#include "node/trust/author.h"
#include "proto/base.h"
#include "proto/mail.h"
#include "proto/message.h"
#include "proto/offer.h"
#include "proto/record.h"
#include "proto/statement.h"
#include "proto/writer.h"
#include "store/stat.h"
#include "store/store.h"
#include "store/tables.h"
#include "tests/hostile/one_offer.h"

#define FILLER_BYTES 16000

static void filler_key(uint8_t key[8], unsigned i)
{
	memcpy(key, "fill", 4);
	viz_be_put_u32(key + 4, i);
}

/* Fills the store up to the core's limit. Returns how many entries that took in all. */
static unsigned fill(struct one_node *b, unsigned taken)
{
	static const uint8_t zeros[FILLER_BYTES];
	uint8_t key[8];

	for (unsigned before = taken + 1; before != taken;) {
		assert_int_equal(viz_store_begin(b->store), VIZ_OK);
		before = taken;
		for (unsigned i = 0; i < 20 && viz_core_has_headroom(&b->node->core); i++) {
			filler_key(key, taken++);
			assert_int_equal(viz_store_put(b->store, VIZ_TABLE_META, key, sizeof key,
						       zeros, sizeof zeros),
					 VIZ_OK);
		}
		assert_int_equal(viz_store_commit(b->store), VIZ_OK);
	}
	return taken;
}

static void free_space(struct one_node *b, unsigned taken)
{
	uint8_t key[8];

	for (unsigned i = 0; i < taken; i++) {
		if (i % 20 == 0)
			assert_int_equal(viz_store_begin(b->store), VIZ_OK);
		filler_key(key, i);
		assert_int_equal(viz_store_del(b->store, VIZ_TABLE_META, key, sizeof key), VIZ_OK);
		if (i % 20 == 19 || i + 1 == taken)
			assert_int_equal(viz_store_commit(b->store), VIZ_OK);
	}
}

static const char keep[] = "{\"op\": \"lead.keep\", \"args\": {\"protocol\": \"p-%d\", "
			   "\"place\": {\"municipality\": {\"code\":3205309}, \"cep\": 29300125}}}";

static bool keeps(struct one_node *b, int n, const char *code)
{
	char json[256];

	snprintf(json, sizeof json, keep, n);
	puts(request(b, json));
	return strstr(request(b, json), code) != NULL;
}

static void operations(void **state)
{
	struct one_node *b = *state;
	char json[256], id[65];
	unsigned taken;

	assert_non_null(strstr(
	    request(b,
		    "{\"op\": \"coverage.import\", \"args\": {\"name\": \"rede\", "
		    "\"ceps\": [[29300120, 29300129]], \"municipalities\": [{\"code\":3205309}]}}"),
	    "\"ok\":true"));
	assert_true(keeps(b, 1, "\"ok\":true"));
	assert_non_null(strstr(request(b, "{\"op\": \"status\"}"), "\"store_full\":false"));
	taken = fill(b, 0);
	assert_true(keeps(b, 2, "\"store-full\""));
	assert_non_null(strstr(request(b, "{\"op\": \"peer.invite\"}"), "\"store-full\""));
	assert_non_null(strstr(request(b, "{\"op\": \"status\"}"), "\"store_full\":true"));
	assert_non_null(strstr(b->reply, "\"verdict\":\"down\""));
	assert_non_null(strstr(b->reply, "\"code\":\"store-full\",\"level\":\"down\""));
	/* heartbeats of two weeks */
	for (int day = 0; day < 14; day++)
		tick(b, VIZ_DAY_MS);
	viz_hex(id, b->evil.author.b, 32);
	snprintf(json, sizeof json, "{\"op\": \"peer.remove\", \"args\": {\"peer\": \"%s\"}}", id);
	assert_non_null(strstr(request(b, json), "\"ok\":true"));
	assert_true(keeps(b, 2, "\"store-full\""));
	free_space(b, taken);
	assert_true(keeps(b, 2, "\"ok\":true"));
	assert_non_null(strstr(request(b, "{\"op\": \"status\"}"), "\"store_full\":false"));
}

static unsigned logged(const struct one_node *b, const char *text)
{
	unsigned n = 0;

	for (const char *at = strstr(b->logs, text); at; at = strstr(at + 1, text))
		n++;
	return n;
}

/* "Full" and "not full" are logged once each. A store that stays close to the limit does not
 * repeat them. */
static void full_is_logged_once(void **state)
{
	static const char full[] = "the store is nearly full",
			  again[] = "the store has space again";
	struct one_node *b = *state;
	unsigned taken;

	tick(b, 1000);
	assert_int_equal(logged(b, full) + logged(b, again), 0);
	taken = fill(b, 0);
	for (int i = 0; i < 20; i++)
		tick(b, 60000);
	assert_int_equal(logged(b, full), 1);
	assert_int_equal(logged(b, again), 0);
	for (int i = 0; i < 3; i++) {
		free_space(b, taken);
		tick(b, 1000);
		taken = fill(b, 0);
		tick(b, 1000);
	}
	assert_int_equal(logged(b, full), 1);
	assert_int_equal(logged(b, again), 1);
	free_space(b, taken);
	for (int i = 0; i < 20; i++)
		tick(b, 60000);
	assert_int_equal(logged(b, full), 1);
	assert_int_equal(logged(b, again), 1);
}

/* Fills the store so far that of others it takes only records about identities and keys. */
static void fill_three_quarters(struct one_node *b)
{
	static const uint8_t zeros[FILLER_BYTES];
	uint8_t key[8];

	for (unsigned n = 0; viz_core_used_quarters(&b->node->core) < 3; n += 100) {
		assert_int_equal(viz_store_begin(b->store), VIZ_OK);
		for (unsigned i = 0; i < 100; i++) {
			filler_key(key, n + i);
			assert_int_equal(viz_store_put(b->store, VIZ_TABLE_META, key, sizeof key,
						       zeros, sizeof zeros),
					 VIZ_OK);
		}
		assert_int_equal(viz_store_commit(b->store), VIZ_OK);
	}
	assert_true(viz_core_nearly_full(&b->node->core));
}

/* As the store fills, offers of strangers are refused first. Records about identities and keys
 * are taken to the last. */
static void identities_are_taken_to_the_last(void **state)
{
	static const uint8_t empty[] = {0x90};
	struct one_node *b = *state;
	struct viz_id next = {{3}};

	fill_three_quarters(b);
	b->evil.key = 1;
	forge_succession(&b->scratch, &b->evil, 1, b->now, &next);
	give(b, &b->scratch);
	assert_int_equal(evil(b)->key_count, 2);
	forge_any(&b->scratch, &b->evil, VIZ_TYPE_REVOCATION, 1, 1, b->now, (struct viz_time){0},
		  empty, sizeof empty);
	give(b, &b->scratch);
	assert_true(viz_author_revoked(evil(b)));
}

/* A question that is always answered: of an offer that nobody knows. Returns how many mails came.
 */
static size_t ask_location(struct one_node *b, uint64_t number)
{
	uint8_t body[128];
	struct viz_writer w;

	viz_writer_init(&w, body, sizeof body);
	viz_writer_array(&w, 4);
	viz_writer_uint(&w, VIZ_MESSAGE_MAIL);
	viz_writer_uint(&w, number);
	viz_writer_uint(&w, VIZ_MAIL_LOCATION_ASK);
	viz_writer_array(&w, 1);
	viz_writer_uint(&w, number);
	b->mails = 0;
	message(b, &w);
	return b->mails;
}

/* A full store takes no new mail, and the sender keeps it. Mail that ends a lead is taken. */
static void mail_to_a_full_store(void **state)
{
	struct one_node *b = *state;
	uint64_t slot = viz_record_slot_make(b->now, 3);
	unsigned taken = fill(b, 0);

	b->acks = 0;
	mail_withdrawal(b, 1, slot);
	assert_int_equal(b->acks, 1);
	assert_int_equal(ask_location(b, 2), 0);
	mail_withdrawal(b, 3, slot + 1); /* taken; to acknowledge it would acknowledge mail 2 too */
	assert_int_equal(b->acks, 1);
	assert_int_equal(b->closed, 0);
	free_space(b, taken);
	tick(b, 1000);
	assert_int_equal(b->closed, 1);
	assert_string_equal(b->reason, "store-has-headroom");
	come_in(b, NULL);
	assert_int_equal(ask_location(b, 2), 1); /* LOCATION_REFUSED */
	mail_withdrawal(b, 3, slot + 1);
	assert_int_equal(b->acks, 3);
}

static void mail_view(struct one_node *b, uint64_t slot)
{
	static const uint8_t hash[32];
	struct viz_mail_view view = {slot, hash, sizeof hash};
	VIZ_WRITER(w, 128);

	viz_mail_view_write(&w, &view);
	b->acks = 0;
	mail(b, 2, VIZ_MAIL_VIEW, &w);
	assert_int_equal(b->closed, 0);
	assert_int_equal(b->acks, 1);
}

/* Only the audit needs a VIEW, so a store that is nearly full acknowledges it and drops it. */
static void views_are_dropped_first(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	struct viz_inbox *in = calloc(1, sizeof *in);

	for (unsigned n = 0; n < 2; n++) {
		false_offer_init(b, o, n);
		false_offer_sign(b, o);
		give(b, &o->offer);
		tick(b, 1000);
		if (n == 1)
			fill_three_quarters(b);
		mail_view(b, o->slot);
		assert_true(inbox_row(b, in, o->slot));
		assert_int_equal(in->unchecked, n == 0 ? VIZ_UNCHECKED_VIEW : VIZ_UNCHECKED_NOT);
	}
	free(in);
	free(o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(operations, setup, teardown),
	    cmocka_unit_test_setup_teardown(full_is_logged_once, setup, teardown),
	    cmocka_unit_test_setup_teardown(identities_are_taken_to_the_last, setup, teardown),
	    cmocka_unit_test_setup_teardown(mail_to_a_full_store, setup, teardown),
	    cmocka_unit_test_setup_teardown(views_are_dropped_first, setup, teardown),
	};

	VIZ_REQUIRE(viz_crypto_init() == VIZ_OK);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
