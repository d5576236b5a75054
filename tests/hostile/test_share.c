/* A partner that floods: with the largest offers, each with all that may follow one, until its share
 * of the store is full. */
#include "node/audit/suspicion.h"
#include "node/core/account.h"
#include "node/core/core.h"
#include "node/core/place.h"
#include "node/node.h"
#include "node/trust/member.h"
#include "node/trust/share.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/record.h"
#include "store/stat.h"
#include "store/store.h"
#include "store/tables.h"
#include "tests/hostile/one_award.h"
#include "tests/hostile/one_log.h"
#include "tests/hostile/one_node.h"
#include "tests/hostile/one_offer.h"
#include "tests/recount.h"

#define LINK_OTHER 8

/* The false peer's account, which is what the store has. */
static uint64_t used(struct one_node *b)
{
	struct viz_core *core = &b->node->core;
	struct viz_account a;
	struct recount c;
	uint64_t sum;

	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	c = recount_of(core, &b->evil.author);
	viz_account_get(core, &a, &b->evil.author);
	sum = viz_account_used(core, &b->evil.author);
	viz_store_abort(b->store);
	assert_int_equal(a.bytes, c.bytes);
	assert_int_equal(a.evidence, c.evidence);
	assert_int_equal(sum, c.used);
	return sum;
}

static bool holds(struct one_node *b, const struct viz_id *author, uint8_t type, uint64_t slot)
{
	struct viz_held held;
	bool there;

	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	there = viz_place_get(&b->node->core, &held, NULL, author, type, slot);
	viz_store_abort(b->store);
	return there;
}

/* An OFFER that lists 255 partners. It asks us, as whose turn it is. */
static void largest(struct one_node *b, struct false_offer *o, unsigned number, uint32_t draw)
{
	struct viz_offer *l = &o->lists;
	size_t drawn = (size_t)b->federation.ask_max;

	false_offer_to_us(b, o, number);
	l->draw = draw;
	l->struck_count = drawn - 1;
	l->not_drawn_count = 255 - drawn;
	l->asked[0] = (struct viz_list_entry){0, draw - 1, draw == 1};
	for (size_t i = 1; i < drawn; i++)
		l->struck[i - 1] = (struct viz_list_entry){(uint8_t)i, draw - 1, draw == 1};
	for (size_t i = drawn; i < 255; i++)
		l->not_drawn[i - drawn] = (struct viz_list_entry){(uint8_t)i, draw - 1, draw == 1};
	false_offer_sign(b, o);
}

/* All that may follow an OFFER. */
static void follow(struct one_node *b, struct false_offer *o)
{
	static const uint8_t opening[32] = {7};
	struct viz_secret opens = {{9}};

	false_offer_sign_close(b, o, false);
	give(b, &o->close);
	false_offer_sign_result(b, o, NULL);
	give(b, &o->result);
	for (unsigned k = 1; k <= VIZ_CHOICES_MAX; k++) {
		sign_choice(b, o, k, k < VIZ_CHOICES_MAX ? &opens : NULL, k > 1 ? opening : NULL);
		give(b, &b->scratch);
		assert_true(holds(b, &b->evil.author, VIZ_TYPE_CHOICE,
				  viz_record_slot_choice(o->slot, k)));
	}
}

/* Floods until an OFFER is not taken. Gives how many were, and the last one in `o`. */
static unsigned flood(struct one_node *b, struct false_offer *o)
{
	uint64_t share = viz_share_bytes(&b->node->trust);
	unsigned n = 0;

	for (;; n++) {
		largest(b, o, n, n + 1);
		give(b, &o->offer);
		assert_int_equal(b->closed, 0);
		assert_true(used(b) <= share);
		if (!holds(b, &b->evil.author, VIZ_TYPE_OFFER, o->slot))
			return n;
		if (n % 16 == 0)
			follow(b, o);
		assert_true(used(b) <= share);
	}
}

/* An OFFER of another partner is taken. */
static void other_goes_on(struct one_node *b, struct forge *other, unsigned number)
{
	struct false_offer *o = calloc(1, sizeof *o);
	struct forge evil = b->evil;

	assert_non_null(o);
	b->evil = *other;
	false_offer_to_us(b, o, number);
	false_offer_sign(b, o);
	give_on(b, LINK_OTHER, &o->offer);
	assert_true(holds(b, &other->author, VIZ_TYPE_OFFER, o->slot));
	*other = b->evil;
	b->evil = evil;
	free(o);
}


static void a_flood_fills_its_share_alone(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	uint64_t share = viz_share_bytes(&b->node->trust), map = 0, grown = 0, before = 0;
	struct forge *other = calloc(1, sizeof *other);
	const char *audit;
	unsigned n;

	assert_true(o && other);
	befriend(b, other, LINK_OTHER);
	assert_int_equal(share, (UINT64_C(64) << 20) / 8);
	viz_store_stat_usage(b->store, &before, &map);
	n = flood(b, o);
	assert_true(n > 100 && n < 1000);
	assert_true(used(b) + 2 * VIZ_ACCOUNT_RESERVE > share);
	viz_store_stat_usage(b->store, &grown, &map);
	/* what it cost us: the account is no less than half of that, as the share is half of the
	 * map */
	assert_true((grown - before) / 2 < share);
	assert_int_equal(findings(b, (enum viz_rule)VIZ_SUSPICION_SHARE_FULL), 1);
	audit = request(b, "{\"op\": \"audit.show\"}");
	assert_non_null(strstr(audit, "\"share\":"));
	assert_non_null(strstr(audit, "\"share-full\""));
	other_goes_on(b, other, 0);
	/* again, and again: it is dropped, and nobody is charged */
	give(b, &o->offer);
	assert_false(holds(b, &b->evil.author, VIZ_TYPE_OFFER, o->slot));
	assert_int_equal(b->closed, 0);
	assert_int_equal(findings(b, (enum viz_rule)VIZ_SUSPICION_SHARE_FULL), 1);
	free(other);
	free(o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(a_flood_fills_its_share_alone, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
