/* A partner that breaks a rule and then changes its key. What no later key reaches convicts nobody,
 * as a thief of the old key may have signed it; but it is suspected. An honest change is not. */
#include "crypto/crypto.h"
#include "node/audit/suspicion.h"
#include "node/core/ids.h"
#include "node/inbox/inbox.h"
#include "node/node.h"
#include "node/offer/view.h"
#include "node/trust/items.h"
#include "proto/mail.h"
#include "proto/message.h"
#include "proto/record.h"
#include "store/stat.h"
#include "store/store.h"
#include "tests/hostile/one_node.h"
#include "tests/hostile/one_offer.h"

static size_t suspected(struct one_node *b)
{
	return findings(b, VIZ_SUSPICION_KEY_ENDED);
}

static uint64_t all(struct one_node *b)
{
	return viz_store_stat_entries(b->store, VIZ_TABLE_FINDING);
}

/* An offer to us. No location comes, so we answer `no-content`, and say that it did not come. */
static void pledged(struct one_node *b, struct false_offer *o, struct viz_inbox *in)
{
	false_offer_to_us(b, o, 0);
	false_offer_sign(b, o);
	give(b, &o->offer);
	answer_yes(b, o, in);
	assert_true(inbox_row(b, in, o->slot));
	assert_int_equal(in->state, VIZ_INBOX_PLEDGED);
}

/* An acknowledgement by the key of before takes the place of none by the newer one. */
static void an_old_key_hides_no_acknowledgement(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	struct viz_inbox *in = calloc(1, sizeof *in);

	change_key(b);
	tick(b, 1000);
	pledged(b, o, in);
	false_offer_mail_ack(b, o, VIZ_TYPE_PLEDGE_ACK, &in->pledge);
	b->evil.key = 0;
	false_offer_mail_ack(b, o, VIZ_TYPE_PLEDGE_ACK, &in->pledge);
	b->evil.key = 1;
	tick(b, 31000);
	false_offer_sign_close(b, o, false);
	give(b, &o->close);
	assert_int_equal(findings(b, VIZ_RULE_PLEDGE_DROPPED), 1);
	free(in);
	free(o);
}

/* It acknowledges our pledge, changes its key, and leaves the pledge out. */
static void a_pledge_is_dropped(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	struct viz_inbox *in = calloc(1, sizeof *in);

	pledged(b, o, in);
	false_offer_mail_ack(b, o, VIZ_TYPE_PLEDGE_ACK, &in->pledge);
	change_key(b);
	tick(b, 31000);
	assert_int_equal(all(b), 0);
	false_offer_sign_close(b, o, false);
	give(b, &o->close);
	assert_int_equal(suspected(b), 1);
	assert_int_equal(findings(b, VIZ_RULE_PLEDGE_DROPPED), 0);
	free(in);
	free(o);
}

/* The same, and it keeps the rules. */
static void an_honest_change_is_not_suspected(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	struct viz_inbox *in = calloc(1, sizeof *in);

	pledged(b, o, in);
	false_offer_mail_ack(b, o, VIZ_TYPE_PLEDGE_ACK, &in->pledge);
	change_key(b);
	tick(b, 31000);
	false_offer_sign_close(b, o, true);
	give(b, &o->close);
	assert_true(inbox_row(b, in, o->slot));
	assert_int_equal(in->state, VIZ_INBOX_REVEALED);
	tick(b, b->federation.reveal_ms + 1000);
	assert_int_equal(all(b), 0);
	free(in);
	free(o);
}

/* It signs a CLOSE too early, and gives it only after it has changed its key. */
static void a_record_comes_late(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);

	false_offer_to_us(b, o, 0);
	false_offer_sign(b, o);
	give(b, &o->offer);
	false_offer_sign_close(b, o, false);
	change_key(b);
	assert_int_equal(all(b), 0);
	give(b, &o->close);
	assert_int_equal(suspected(b), 1);
	assert_int_equal(findings(b, VIZ_RULE_CLOSED_EARLY), 0);
	free(o);
}

/* The view of the offer is what we hold of ourselves. */
static void serve_own_view(struct one_node *b, struct false_offer *o)
{
	struct viz_view_items *items = calloc(1, sizeof *items);
	struct viz_id item[VIZ_VIEW_ITEMS_MAX], hash;

	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	viz_items_list(&b->node->trust, items, viz_node_author(b->node), VIZ_ITEMS_VIEW,
		       o->lists.drawn);
	viz_store_abort(b->store);
	viz_items_of_list(item, viz_node_author(b->node), items);
	viz_ids_author_items(&hash, viz_node_author(b->node), VIZ_ITEMS_VIEW, item, items->count);
	viz_ids_view(&o->view, o->lists.drawn, hash.b, 1);
	free(items);
}

/* It leaves us out of an OFFER, changes its key, and gives the OFFER then. */
static void we_are_left_out(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	struct viz_inbox *in = calloc(1, sizeof *in);

	assert_non_null(strstr(request(b, "{\"op\":\"coverage.import\",\"args\":{\"name\":\"a\","
					  "\"municipalities\":[{\"code\":3201209}]}}"),
			       "\"ok\":true"));
	tick(b, 60000);
	false_offer_to_us(b, o, 1); /* so that the PARTNERS of the old key is kept */
	false_offer_sign(b, o);
	give(b, &o->offer);
	tick(b, 1000);
	false_offer_init(b, o, 0);
	serve_own_view(b, o);
	false_offer_sign(b, o);
	change_key(b);
	give(b, &o->offer);
	tick(b, 1000);
	assert_true(inbox_row(b, in, o->slot));
	assert_true(in->view_judged);
	assert_true(suspected(b) > 0);
	assert_int_equal(findings(b, VIZ_RULE_OMITTED), 0);
	assert_int_equal(findings(b, VIZ_RULE_UNFOUNDED), 0);
	/* what is not served of it later is not owed: a thief may have signed it */
	for (unsigned i = 0; i < 60 * 6; i++)
		tick(b, 600000);
	assert_int_equal(findings(b, VIZ_SUSPICION_UNENDED), 0);
	free(in);
	free(o);
}

/* A thief of the old key signs another OFFER at the place of one. */
static void a_thief_equivocates(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);

	false_offer_to_us(b, o, 0);
	false_offer_sign(b, o);
	give(b, &o->offer);
	change_key(b);
	b->evil.key = 0;
	o->closes.ms++;
	false_offer_sign(b, o);
	give(b, &o->offer);
	assert_int_equal(findings(b, VIZ_RULE_EQUIVOCATION), 0);
	assert_int_equal(suspected(b), 1);
	free(o);
}

/* A thief signs a number of the log before the owner changes the key and goes on at that number. */
static void a_thief_forks_the_log(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);

	false_offer_to_us(b, o, 0);
	o->at = FORGE_OFFER_AT;
	false_offer_sign(b, o);
	give(b, &o->offer);
	change_key(b);
	b->now.ms += 1000;
	false_offer_to_us(b, o, 1);
	o->at = FORGE_OFFER_AT;
	false_offer_sign(b, o);
	give(b, &o->offer);
	assert_int_equal(findings(b, VIZ_RULE_LOG_FORK), 0);
	assert_true(suspected(b) > 0);
	free(o);
}

/* Its PARTNERS of the new key contradicts that of the old one. */
static void partners_are_dated_anew(void **state)
{
	struct one_node *b = *state;
	const struct viz_id us = *viz_node_author(b->node);

	change_key(b);
	assert_int_equal(all(b), 0);
	/* key 1 has begun; the PARTNERS of key 0 is replaced already, so that this one convicts */
	b->now.ms += 1000;
	b->evil.names = evil(b)->partners_id;
	forge_partners(&b->scratch, &b->evil, b->now, &us, b->now);
	give(b, &b->scratch);
	assert_int_equal(findings(b, VIZ_RULE_PARTNER_DATES), 1);
	assert_int_equal(suspected(b), 0);
}

/* The same with the first PARTNERS of the new key. */
static void first_partners_are_dated_anew(void **state)
{
	struct one_node *b = *state;
	const struct viz_id us = *viz_node_author(b->node), next = {{3}};

	b->now.ms += 1000;
	b->evil.key = 1;
	b->evil.names = evil(b)->partners_id;
	forge_succession(&b->scratch, &b->evil, 1, b->now, &next);
	give(b, &b->scratch);
	forge_partners(&b->scratch, &b->evil, b->now, &us, b->now);
	give(b, &b->scratch);
	assert_int_equal(findings(b, VIZ_RULE_PARTNER_DATES), 0);
	assert_int_equal(suspected(b), 1);
}

/* A link that was opened with the old keys is closed: what comes over it may be a thief's. */
static void the_link_of_the_old_key_is_closed(void **state)
{
	struct one_node *b = *state;
	const struct viz_id next = {{3}};

	b->evil.key = 1;
	forge_succession(&b->scratch, &b->evil, 1, b->now, &next);
	give(b, &b->scratch);
	b->now.ms += 5;
	b->evil.transport_pub.b[0] ^= 1;
	forge_node(&b->scratch, &b->evil, b->now);
	give(b, &b->scratch);
	assert_int_equal(b->closed, 1);
	assert_string_equal(b->reason, "rotated");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	    T(an_old_key_hides_no_acknowledgement),
	    T(a_pledge_is_dropped),
	    T(an_honest_change_is_not_suspected),
	    T(a_record_comes_late),
	    T(we_are_left_out),
	    T(a_thief_equivocates),
	    T(a_thief_forks_the_log),
	    T(the_link_of_the_old_key_is_closed),
	    T(partners_are_dated_anew),
	    T(first_partners_are_dated_anew),
	};

	VIZ_REQUIRE(viz_crypto_init() == VIZ_OK);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
