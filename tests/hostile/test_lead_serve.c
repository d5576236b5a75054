/* What partners get of a lead that is offered, and until when. */
#include "tests/hostile/one_lead.h"

#include "crypto/crypto.h"
#include "node/trust/live.h"
#include "proto/base.h"

/* Asks for the view by mail `number`. Whether VIEW has hashes: else its last element is nil. */
static bool view_served(struct one_node *b, uint64_t number, uint64_t slot)
{
	uint8_t payload[32];
	struct viz_writer w;

	viz_writer_init(&w, payload, sizeof payload);
	viz_writer_array(&w, 1);
	viz_writer_uint(&w, slot);
	b->mails = 0;
	mail(b, number, VIZ_MAIL_VIEW_ASK, &w);
	assert_int_equal(b->mails, 1);
	return b->sent_bytes > 16 + sizeof(struct viz_id);
}

/* A node that became a partner after an offer does not get the view of that offer. One that was a
 * partner then, left and came back does. */
static void new_partners_get_no_old_views(void **state)
{
	struct one_node *b = *state;
	uint64_t slot = offer(b);

	assert_true(view_served(b, 5, slot));
	peer_op(b, "peer.block");
	tick(b, PARTNER_DELAY_MS);
	peer_op(b, "peer.trust");
	tick(b, PARTNER_DELAY_MS);
	assert_true(viz_live_partner(&b->node->trust, &b->evil.author));
	assert_true(view_served(b, 7, slot));
	cut(b, LINK_EVIL);
	befriend(b, &b->evil, LINK_EVIL); /* another node */
	assert_false(view_served(b, 1, slot));
}

/* Asks for the location. Whether it comes: a refusal is padded to less. */
static bool location_served(struct one_node *b, uint64_t number, uint64_t slot)
{
	uint8_t payload[32];
	struct viz_writer w;

	viz_writer_init(&w, payload, sizeof payload);
	viz_mail_slot_write(&w, slot);
	b->mails = 0;
	mail(b, number, VIZ_MAIL_LOCATION_ASK, &w);
	assert_int_equal(b->mails, 1);
	return b->sent_bytes > VIZ_PAD_CLASS;
}

static bool closed(struct one_node *b, struct viz_lead *lead, uint64_t slot)
{
	get(b, lead, slot);
	return !viz_id_is_zero(&lead->close);
}

/* The list is still open, but the receipt that names those asked is over. */
static void no_location_goes_after_its_receipt(void **state)
{
	struct one_node *b = *state;
	struct viz_lead *lead = calloc(1, sizeof *lead);
	uint64_t slot = offer(b);

	assert_true(location_served(b, 5, slot));
	get(b, lead, slot);
	lead->created = viz_after(b->now, -b->federation.undelivered_ms);
	put(b, lead);
	assert_false(location_served(b, 6, slot));
	free(lead);
}

/* In quarantine nobody knows whether the list was closed, or consent withdrawn, in the part that
 * was lost. */
static void no_location_goes_in_quarantine(void **state)
{
	struct one_node *b = *state;
	uint64_t slot = offer(b);

	assert_true(location_served(b, 5, slot));
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	viz_identity_quarantine(&b->node->trust, b->now);
	assert_int_equal(viz_store_commit(b->store), VIZ_OK);
	assert_false(location_served(b, 6, slot));
}

/* OFFER may have come to a partner late, and no fault of it: with the location it gets the shortest
 * window. Who has not asked gets no more time. */
static void the_list_waits_for_who_got_the_location(void **state)
{
	struct one_node *b = *state;
	struct viz_lead *lead = calloc(1, sizeof *lead);
	uint64_t slot = offer(b);

	get(b, lead, slot);
	tick(b, lead->closes.ms - b->now.ms - 1000);
	assert_true(location_served(b, 5, slot));
	tick(b, b->federation.window_min_ms - 1);
	assert_false(closed(b, lead, slot));
	assert_true(location_served(b, 6, slot)); /* asked again: that is no more time */
	tick(b, 1);
	assert_true(closed(b, lead, slot));
	free(lead);
}

static void it_waits_when_consent_is_withdrawn(void **state)
{
	struct one_node *b = *state;
	struct viz_lead *lead = calloc(1, sizeof *lead);
	uint64_t slot = offer(b);

	get(b, lead, slot);
	tick(b, lead->closes.ms - b->now.ms - 1000);
	assert_true(location_served(b, 5, slot));
	assert_true(ok(lead_op(b, "lead.revoke", slot)));
	tick(b, b->federation.window_min_ms - 1);
	assert_false(closed(b, lead, slot));
	tick(b, 1);
	assert_true(closed(b, lead, slot));
	free(lead);
}

/* A holder that asks for a lease of a withdrawn award does not know of the withdrawal any more. */
static void who_asks_after_a_withdrawal_is_told_again(void **state)
{
	struct one_node *b = *state;
	struct viz_lead *lead = calloc(1, sizeof *lead);
	uint64_t slot = awarded(b, lead, VIZ_LEAD_DELIVERED);

	b->mails = 0;
	lease_ask(b, lead);
	assert_int_equal(b->mails, 1);
	assert_true(ok(lead_op(b, "lead.revoke", slot)));
	b->mails = 0;
	lease_ask(b, lead);
	assert_int_equal(b->mails, 2);
	free(lead);
}
int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	    T(new_partners_get_no_old_views),      T(no_location_goes_after_its_receipt),
	    T(no_location_goes_in_quarantine),     T(the_list_waits_for_who_got_the_location),
	    T(it_waits_when_consent_is_withdrawn), T(who_asks_after_a_withdrawal_is_told_again),
	};

	VIZ_REQUIRE(viz_crypto_init() == VIZ_OK);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
