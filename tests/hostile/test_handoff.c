/* Hand-offs of a false origin: receipts that have another name, awards that end each other. */
#include "tests/hostile/one_node.h"

#include "crypto/crypto.h"
#include "node/core/account.h"
#include "node/core/core.h"
#include "node/inbox/inbox.h"
#include "node/self/statement.h"
#include "node/state.h"
#include "node/trust/share.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/mail.h"
#include "proto/record.h"
#include "proto/statement.h"
#include "store/store.h"
#include "tests/hostile/one_award.h"
#include "tests/hostile/one_offer.h"

static const struct viz_secret blinding = {{5}};

/* Whether we keep, or have signed, a statement of this name. */
static bool keeps(struct one_node *b, uint64_t slot, uint8_t type, const struct viz_id *signer,
		  uint64_t number)
{
	struct viz_slice v;
	bool there;

	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	there = viz_statement_get(&b->node->core, &v, &b->evil.author, slot, type, signer, number);
	viz_store_abort(b->store);
	return there;
}

/* A receipt that its signer has named otherwise than the award is none for it: it would be kept
 * under the name of another one. */
static void a_receipt_has_the_name_of_its_award(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	struct viz_inbox *in = calloc(1, sizeof *in);
	uint64_t other;

	proposed(b, o, in);
	give(b, &o->result);
	other = viz_record_slot_make(b->now, 77);
	for (unsigned wrong = 0; wrong < 2; wrong++) {
		name_of_receipt.slot = wrong == 0 ? other : 0;
		name_of_receipt.seq = wrong == 0 ? 0 : 99;
		hand_off(b, o, in, 1, &blinding, &blinding);
		name_of_receipt = (struct name_of_receipt){0};
		assert_true(inbox_row(b, in, o->slot));
		assert_int_equal(in->award_n, 0);
		assert_int_equal(in->contact_len, 0);
		assert_false(keeps(b, other, VIZ_TYPE_RECEIPT, &b->evil.author, 2));
		assert_false(keeps(b, o->slot, VIZ_TYPE_RECEIPT, &b->evil.author, 2));
	}
	hand_off(b, o, in, 1, &blinding, &blinding);
	assert_true(inbox_row(b, in, o->slot));
	assert_int_equal(in->award_n, 1);
	assert_true(keeps(b, o->slot, VIZ_TYPE_RECEIPT, &b->evil.author, 2));
	free(in);
	free(o);
}

static uint64_t erased_of(unsigned k)
{
	return (uint64_t)VIZ_ERASED_ALL << 32 | k;
}

/* The CHOICE that ends our award comes in the mail of the next one alone. We sign ERASED of the
 * first, and not of the second, which we hold. */
static void an_award_that_ends_another_waits_for_erased(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	struct viz_inbox *in = calloc(1, sizeof *in);
	const struct viz_id *us = viz_node_author(b->node);

	proposed(b, o, in);
	give(b, &o->result);
	hand_off(b, o, in, 1, &blinding, &blinding);
	shows_contact(b, in);
	for (unsigned i = 0; i < 2; i++) /* it comes again */
		hand_off(b, o, in, 2, &blinding, &blinding);
	assert_true(inbox_row(b, in, o->slot));
	assert_int_equal(in->award_n, 2);
	assert_int_not_equal(in->contact_len, 0);
	assert_true(keeps(b, o->slot, VIZ_TYPE_ERASED, us, erased_of(1)));
	assert_false(keeps(b, o->slot, VIZ_TYPE_ERASED, us, erased_of(2)));
	free(in);
	free(o);
}

/* As if so much more were kept of the false peer, or less. */
static void weigh(struct one_node *b, int64_t bytes)
{
	struct viz_account a;

	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	viz_account_get(&b->node->core, &a, &b->evil.author);
	a.bytes += (uint64_t)bytes;
	viz_account_put(&b->node->core, &b->evil.author, &a);
	assert_int_equal(viz_store_commit(b->store), VIZ_OK);
}

/* An offer that ended long ago gets a holder again, and the share has no room for one more CHOICE.
 * The link stays, and the hand-off is taken when it comes again and there is room. */
static void no_room_for_a_choice_is_no_fault(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	struct viz_inbox *in = calloc(1, sizeof *in);
	int64_t share = (int64_t)viz_share_bytes(&b->node->trust);

	proposed(b, o, in);
	give(b, &o->result);
	tick(b, b->federation.choice_ms + 3 * VIZ_DAY_MS);
	weigh(b, share);
	hand_off(b, o, in, 1, &blinding, &blinding);
	assert_int_equal(b->closed, 0);
	assert_true(inbox_row(b, in, o->slot));
	assert_int_equal(in->award_n, 0);
	weigh(b, -share);
	tick(b, HOUR); /* what was refused is not looked at before */
	hand_off(b, o, in, 1, &blinding, &blinding);
	assert_int_equal(b->closed, 0);
	assert_true(inbox_row(b, in, o->slot));
	assert_int_equal(in->award_n, 1);
	free(in);
	free(o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	    T(a_receipt_has_the_name_of_its_award),
	    T(an_award_that_ends_another_waits_for_erased),
	    T(no_room_for_a_choice_is_no_fault),
	};

	VIZ_REQUIRE(viz_crypto_init() == VIZ_OK);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
