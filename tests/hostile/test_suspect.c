/* What a partner owes and does not send is a suspicion in time, and ends when it comes. Nothing is
 * suspected of a partner that could not be asked. */
#include "crypto/crypto.h"
#include "node/audit/suspicion.h"
#include "node/core/core.h"
#include "node/core/ids.h"
#include "node/state.h"
#include "node/trust/member.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/mail.h"
#include "proto/message.h"
#include "node/offer/commitment.h"
#include "proto/record.h"
#include "proto/statement.h"
#include "proto/writer.h"
#include "store/stat.h"
#include "tests/hostile/one_award.h"
#include "tests/hostile/one_circle.h"
#include "tests/hostile/one_log.h"
#include "tests/hostile/one_node.h"
#include "tests/hostile/one_offer.h"

static const struct viz_id zero = {{9}}; /* the value of the false log at 0 */

/* How many PROTESTs are held: each of these suspicions says one. */
static size_t protests(struct one_node *b)
{
	return viz_store_stat_entries(b->store, VIZ_TABLE_PROTEST);
}

/* A NODE in whose circle we are must be opened. A newer one does not make it new. */
static void head_unopened(void **state)
{
	struct one_node *b = *state;

	open_head(b, 0, &zero);
	hours(b, 60);
	assert_int_equal(findings(b, VIZ_SUSPICION_HEAD_UNOPENED), 0);
	commit_to(b, 0, &zero);
	hours(b, 30);
	commit_to(b, 0, &zero);
	hours(b, 17);
	assert_int_equal(findings(b, VIZ_SUSPICION_HEAD_UNOPENED), 0);
	assert_int_equal(protests(b), 0);
	hours(b, 2);
	assert_int_equal(findings(b, VIZ_SUSPICION_HEAD_UNOPENED), 1);
	assert_int_equal(protests(b), 1);
	open_head(b, 0, &zero);
	hours(b, 1);
	assert_int_equal(findings(b, VIZ_SUSPICION_HEAD_UNOPENED), 0);
}

/* Each second NODE is opened to somebody else, who is shown another log. */
static void two_logs_in_turn(void **state)
{
	struct one_node *b = *state;

	open_head(b, 0, &zero);
	for (unsigned i = 0; i < 5; i++) {
		commit_to(b, 0, &zero);
		hours(b, 8);
		open_head(b, 0, &zero);
		hours(b, 8);
	}
	assert_int_equal(findings(b, VIZ_SUSPICION_HEAD_UNOPENED), 0);
	for (unsigned i = 0; i < 2; i++) {
		commit_to(b, 0, &zero);
		hours(b, 8);
		open_head(b, 0, &zero);
		hours(b, 8);
	}
	assert_int_equal(findings(b, VIZ_SUSPICION_HEAD_UNOPENED), 1);
}

/* Likewise, and each is the newest one for no longer than a pass. */
static void two_logs_in_quick_turn(void **state)
{
	struct one_node *b = *state;

	open_head(b, 0, &zero);
	for (unsigned i = 0; i < 280; i++) {
		commit_to(b, 0, &zero);
		tick(b, PASS);
		open_head(b, 0, &zero);
		tick(b, PASS);
	}
	assert_int_equal(findings(b, VIZ_SUSPICION_HEAD_UNOPENED), 0);
	for (unsigned i = 0; i < 20; i++) {
		commit_to(b, 0, &zero);
		tick(b, PASS);
		open_head(b, 0, &zero);
		tick(b, PASS);
	}
	assert_int_equal(findings(b, VIZ_SUSPICION_HEAD_UNOPENED), 1);
}

/* A HEAD that comes behind a pass is no part of that. */
static void late_heads(void **state)
{
	struct one_node *b = *state;

	open_head(b, 0, &zero);
	for (unsigned i = 0; i < 600; i++) {
		uint64_t seq = commit_to(b, 0, &zero);

		tick(b, PASS);
		send_head(b, seq, 0, &zero);
		tick(b, PASS);
	}
	assert_int_equal(findings(b, VIZ_SUSPICION_HEAD_UNOPENED), 0);
}

/* An opened head with a number that is never served: OFFER 1 of the log. Gives the OFFER. */
static void open_one_offer(struct one_node *b, struct false_offer *o)
{
	struct viz_stub stub = {.offer = 1, .type = VIZ_TYPE_OFFER};
	struct viz_position at = FORGE_OFFER_AT;
	struct viz_id value;

	at.before = zero;
	open_head(b, 0, &zero);
	false_offer_to_us(b, o, 0);
	o->at = at;
	false_offer_sign(b, o);
	stub.slot = o->slot;
	stub.id = o->offer.id;
	viz_ids_log(&value, &at, stub.type, stub.slot, &stub.id);
	open_head(b, 1, &value);
}

static void withheld(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	size_t asked;

	open_one_offer(b, o);
	asked = b->sent_on[LINK_EVIL];
	hours(b, 47);
	assert_int_equal(findings(b, VIZ_SUSPICION_WITHHELD), 0);
	assert_true(asked > 0 && b->sent_on[LINK_EVIL] > 0); /* it is asked again and again */
	assert_int_equal(protests(b), 0);
	hours(b, 2);
	assert_int_equal(findings(b, VIZ_SUSPICION_WITHHELD), 1);
	assert_int_equal(protests(b), 1);
	give(b, &o->offer);
	hours(b, 1);
	assert_int_equal(findings(b, VIZ_SUSPICION_WITHHELD), 0);
	free(o);
}

#define OFFERS  40
#define RECORDS 3 /* of each */

/* Two records of each of many offers: each is counted, and found. */
static void withheld_of_many(void **state)
{
	struct viz_stub *stub = calloc(RECORDS * OFFERS, sizeof *stub);
	struct false_offer *o = calloc(OFFERS, sizeof *o);
	struct one_node *b = *state;

	assert_true(stub && o);
	open_head(b, 0, &b->evil.value);
	for (unsigned i = 0; i < OFFERS; i++) {
		uint32_t number = RECORDS * i + 1;

		b->now.ms += 10;
		false_offer_to_us(b, &o[i], i);
		false_offer_sign(b, &o[i]);
		give(b, &o[i].offer);
		false_offer_sign_close(b, &o[i], false);
		false_offer_sign_result(b, &o[i], NULL);
		stub[number - 1] =
		    (struct viz_stub){number, VIZ_TYPE_OFFER, o[i].slot, o[i].offer.id};
		stub[number] = (struct viz_stub){number, VIZ_TYPE_CLOSE, o[i].slot, o[i].close.id};
		stub[number + 1] =
		    (struct viz_stub){number, VIZ_TYPE_RESULT, o[i].slot, o[i].result.id};
	}
	open_head(b, RECORDS * OFFERS, &b->evil.value);
	send_log(b, b->log_ask.from, stub + b->log_ask.from - 1,
		 b->log_ask.to - b->log_ask.from + 1);
	hours(b, 47);
	assert_int_equal(findings(b, VIZ_SUSPICION_WITHHELD), 0);
	hours(b, 2);
	assert_int_equal(findings(b, VIZ_SUSPICION_WITHHELD), 2 * OFFERS);
	for (unsigned i = 0; i < OFFERS; i++) {
		give(b, &o[i].close);
		give(b, &o[i].result);
	}
	hours(b, 1);
	assert_int_equal(findings(b, VIZ_SUSPICION_WITHHELD), 0);
	free(stub);
	free(o);
}

/* What is suspected does not end with the log, nor when the origin drops us from its circle: it
 * ends when it has come. */
static void withheld_of_an_old_log(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);

	open_one_offer(b, o);
	hours(b, 49);
	assert_int_equal(findings(b, VIZ_SUSPICION_WITHHELD), 1);
	b->evil.log = 2;
	open_head(b, 0, &zero);
	hours(b, 5);
	assert_int_equal(findings(b, VIZ_SUSPICION_WITHHELD), 1);
	give(b, &o->offer);
	hours(b, 1);
	assert_int_equal(findings(b, VIZ_SUSPICION_WITHHELD), 0);
	free(o);
}

static void suspected_after_a_removal(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	struct entry e = {viz_node_author(b->node), LONG_AGO, 0};

	open_one_offer(b, o);
	commit_to(b, 1, &zero);
	hours(b, 49);
	assert_int_equal(findings(b, VIZ_SUSPICION_WITHHELD), 1);
	assert_int_equal(findings(b, VIZ_SUSPICION_HEAD_UNOPENED), 1);
	e.removed = -2 * (int64_t)PARTNER_DELAY_MS;
	give_partners(b, &b->evil, LINK_EVIL, &e, 1);
	hours(b, 5);
	assert_int_equal(findings(b, VIZ_SUSPICION_WITHHELD), 1);
	assert_int_equal(findings(b, VIZ_SUSPICION_HEAD_UNOPENED), 1);
	give(b, &o->offer);
	hours(b, 1);
	assert_int_equal(findings(b, VIZ_SUSPICION_WITHHELD), 0);
	free(o);
}

/* It comes in time. */
static void served_late_but_in_time(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);

	open_one_offer(b, o);
	hours(b, 47);
	give(b, &o->offer);
	hours(b, 100);
	assert_int_equal(findings(b, VIZ_SUSPICION_WITHHELD), 0);
	free(o);
}

/* Time without a link, and time in which our process does not run, does not count; what was counted
 * before does. */
static void only_linked_time_counts(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);

	open_one_offer(b, o);
	hours(b, 24);
	cut(b, LINK_EVIL);
	hours(b, 60);
	assert_int_equal(findings(b, VIZ_SUSPICION_WITHHELD), 0);
	assert_int_equal(findings(b, VIZ_SUSPICION_NO_LINK), 1);
	restart(b, INT64_C(60) * HOUR);
	hours(b, 22);
	assert_int_equal(findings(b, VIZ_SUSPICION_WITHHELD), 0);
	assert_int_equal(findings(b, VIZ_SUSPICION_NO_LINK), 0); /* it has come */
	hours(b, 4);
	assert_int_equal(findings(b, VIZ_SUSPICION_WITHHELD), 1);
	free(o);
}

/* A full link ends it, without a pass. */
static void a_full_link_is_one(void **state)
{
	struct one_node *b = *state;

	cut(b, LINK_EVIL);
	hours(b, 60);
	assert_int_equal(findings(b, VIZ_SUSPICION_NO_LINK), 1);
	come_in(b, NULL);
	assert_int_equal(findings(b, VIZ_SUSPICION_NO_LINK), 0);
}

/* A link that comes and goes counts too. */
static void short_links_count(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);

	open_one_offer(b, o);
	for (unsigned i = 0; i < 60; i++) {
		tick(b, HOUR);
		cut(b, LINK_EVIL);
		come_in(b, NULL);
	}
	assert_int_equal(findings(b, VIZ_SUSPICION_WITHHELD), 1);
	free(o);
}

/* In quarantine we may have lost what came. */
static void not_in_quarantine(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);

	open_one_offer(b, o);
	b->node->trust.self.quarantine = b->now;
	hours(b, 100);
	assert_int_equal(findings(b, VIZ_SUSPICION_WITHHELD), 0);
	free(o);
}

/* An origin with a new log signs nothing more in the old one. */
static void not_of_an_old_log(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);

	open_one_offer(b, o);
	give(b, &o->offer);
	b->evil.log = 2;
	open_head(b, 0, &zero);
	hours(b, 100);
	assert_int_equal(findings(b, VIZ_SUSPICION_WITHHELD), 0);
	assert_int_equal(findings(b, VIZ_SUSPICION_UNENDED), 0);
	assert_int_equal(findings(b, VIZ_SUSPICION_OLD_LOG), 0);
	free(o);
}

/* An OFFER whose CLOSE does not come, then its RESULT. */
static void unended(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);

	false_offer_to_us(b, o, 0);
	false_offer_sign(b, o);
	open_head(b, 0, &zero);
	give(b, &o->offer);
	hours(b, 47);
	assert_int_equal(findings(b, VIZ_SUSPICION_UNENDED), 0);
	hours(b, 2);
	assert_int_equal(findings(b, VIZ_SUSPICION_UNENDED), 1);
	false_offer_sign_close(b, o, false);
	give(b, &o->close);
	hours(b, 1);
	assert_int_equal(findings(b, VIZ_SUSPICION_UNENDED), 0);
	hours(b, 47);
	assert_int_equal(findings(b, VIZ_SUSPICION_UNENDED), 0);
	hours(b, 2);
	assert_int_equal(findings(b, VIZ_SUSPICION_UNENDED), 1);
	false_offer_sign_result(b, o, NULL);
	give(b, &o->result);
	hours(b, 1);
	assert_int_equal(findings(b, VIZ_SUSPICION_UNENDED), 0);
	/* CHOICE 1 has choice_ms */
	hours(b, 72 + 45);
	assert_int_equal(findings(b, VIZ_SUSPICION_UNENDED), 0);
	hours(b, 5);
	assert_int_equal(findings(b, VIZ_SUSPICION_UNENDED), 1);
	free(o);
}

/* Nothing is missed of an offer that has ended. An award that comes later owes leases, and the
 * offer is looked at again. */
static void a_late_award_owes_leases(void **state)
{
	static const struct viz_secret blind = {{5}};
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	struct viz_inbox *in = calloc(1, sizeof *in);
	struct viz_event kept;

	open_head(b, 0, &zero);
	proposed(b, o, in);
	give(b, &o->result);
	hold_hand_off = true;
	hand_off(b, o, in, 1, &blind, &blind);
	hold_hand_off = false;
	sign_choice(b, o, 1, &blind, NULL);
	give(b, &b->scratch);
	assert_true(inbox_row(b, in, o->slot));
	in->settled = true;
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	viz_inbox_put(&b->node->core, in);
	assert_int_equal(viz_store_commit(b->store), VIZ_OK);
	kept = held_hand_off();
	run(b, &kept, 1);
	assert_false(shows_contact(b, in));
	hours(b, 47);
	assert_int_equal(findings(b, VIZ_SUSPICION_UNLEASED), 0);
	hours(b, 3);
	assert_int_equal(findings(b, VIZ_SUSPICION_UNLEASED), 1);
	free(in);
	free(o);
}

/* The answer of the false peer to our last question for a lease. */
static void answer_lease(struct one_node *b, struct viz_inbox *in, struct viz_lease l)
{
	uint8_t body[256];
	struct viz_writer w;

	assert_false(shows_contact(b, in));
	assert_true(inbox_row(b, in, in->slot));
	l.award = in->award;
	l.asked = in->lease_asked;
	if (l.granted)
		viz_commitment_release(&l.hash, in->release);
	viz_writer_init(&w, body, sizeof body);
	viz_lease_write(&w, &l);
	forge_statement(&b->scratch, &b->evil, VIZ_TYPE_LEASE, in->slot, 1, b->now, &w);
	mail_statement(b, 9, &b->scratch);
	assert_int_equal(b->closed, 0);
}

/* A signed no is no answer while the award goes on, nor is a lease that is over when it comes. One
 * that names another secret than ours is the answer to a store of ours that is lost. */
static void a_refused_lease_is_none(void **state)
{
	static const struct viz_secret blind = {{5}};
	struct one_node *b = *state;
	const struct viz_lease no = {0}, other = {.hash = {{7}}},
			       over = {.granted = true, .left_ms = 1, .until = {1}},
			       yes = {.granted = true,
				      .left_ms = (uint64_t)b->federation.lease_ms,
				      .until = {INT64_C(1) << 42}};
	struct false_offer *o = calloc(1, sizeof *o);
	struct viz_inbox *in = calloc(1, sizeof *in);

	open_head(b, 0, &zero);
	proposed(b, o, in);
	give(b, &o->result);
	sign_choice(b, o, 1, &blind, NULL);
	give(b, &b->scratch);
	hand_off(b, o, in, 1, &blind, &blind);
	answer_lease(b, in, other);
	hours(b, 60);
	assert_int_equal(findings(b, VIZ_SUSPICION_UNLEASED), 0);
	answer_lease(b, in, no);
	hours(b, 24);
	answer_lease(b, in, over);
	hours(b, 23);
	assert_int_equal(findings(b, VIZ_SUSPICION_UNLEASED), 0);
	hours(b, 3);
	assert_int_equal(findings(b, VIZ_SUSPICION_UNLEASED), 1);
	answer_lease(b, in, yes);
	hours(b, 2);
	assert_int_equal(findings(b, VIZ_SUSPICION_UNLEASED), 0);
	free(in);
	free(o);
}

/* Our coverage, and a partner that never acknowledges it. */
static void unacknowledged(void **state)
{
	struct one_node *b = *state;

	assert_non_null(strstr(request(b, "{\"op\":\"coverage.import\",\"args\":{\"name\":\"a\","
					  "\"municipalities\":[{\"code\":3201209}]}}"),
			       "\"ok\":true"));
	hours(b, 47);
	assert_int_equal(findings(b, VIZ_SUSPICION_UNACKNOWLEDGED), 0);
	hours(b, 3);
	assert_int_equal(findings(b, VIZ_SUSPICION_UNACKNOWLEDGED), 1);
}

/* A view that is refused is asked for again, and is suspected in time; when it is served it ends.
 */
static void view_unserved(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	struct viz_inbox *in = calloc(1, sizeof *in);
	struct viz_mail_view view;
	VIZ_WRITER(w, 64);

	open_head(b, 0, &zero);
	false_offer_to_us(b, o, 0);
	o->view = (struct viz_id){{5}};
	false_offer_sign(b, o);
	give(b, &o->offer);
	tick(b, 1000);
	view = (struct viz_mail_view){.slot = o->slot};
	viz_mail_view_write(&w, &view);
	mail(b, 3, VIZ_MAIL_VIEW, &w);
	hours(b, 47);
	assert_int_equal(findings(b, VIZ_SUSPICION_VIEW_UNSERVED), 0);
	hours(b, 2);
	assert_int_equal(findings(b, VIZ_SUSPICION_VIEW_UNSERVED), 1);
	assert_true(inbox_row(b, in, o->slot));
	assert_false(in->view_judged);
	/* what is served no more stays suspected */
	hours(b, 14 * 24);
	assert_true(inbox_row(b, in, o->slot));
	assert_true(in->view_judged);
	assert_int_equal(findings(b, VIZ_SUSPICION_VIEW_UNSERVED), 1);
	free(in);
	free(o);
}

/* An OFFER that names a NODE that nobody has. Its NODE is another in truth, and shows that the
 * OFFER gives it another time. */
static void node_unserved(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	struct forged *node = calloc(1, sizeof *node);
	uint8_t payload[4096];
	struct viz_mail_evidence m = {.named = true};
	struct viz_writer w;

	assert_non_null(node);
	open_head(b, 0, &zero);
	forge_node(node, &b->evil, viz_after(b->now, -500));
	false_offer_to_us(b, o, 0);
	o->node = node->id;
	false_offer_sign(b, o);
	give(b, &o->offer);
	hours(b, 47);
	assert_int_equal(findings(b, VIZ_SUSPICION_NAMED_UNSERVED), 0);
	hours(b, 2);
	assert_int_equal(findings(b, VIZ_SUSPICION_NAMED_UNSERVED), 1);
	assert_int_equal(findings(b, VIZ_RULE_NODE_FALSE), 0);
	m.id = node->id;
	m.record = node->bytes;
	m.record_len = node->len;
	viz_writer_init(&w, payload, sizeof payload);
	viz_mail_evidence_write(&w, &m);
	mail(b, 2, VIZ_MAIL_EVIDENCE, &w);
	hours(b, 1);
	assert_int_equal(findings(b, VIZ_SUSPICION_NAMED_UNSERVED), 0);
	assert_int_equal(findings(b, VIZ_RULE_NODE_FALSE), 1);
	free(node);
	free(o);
}

/* A pass looks at partners and at origins of which offers are here, however many others there are:
 * it is over in the batch in which it begins. */
static void a_pass_passes_over_others(void **state)
{
	struct one_node *b = *state;
	int64_t before = b->node->pass.began.ms;
	struct viz_id id;

	for (unsigned i = 0; i < 2 * VIZ_AUDIT_ROWS; i++) {
		viz_rng_bytes(&b->rng, id.b, sizeof id.b);
		viz_member_ensure(&b->node->trust, &id);
	}
	for (int i = 0; i < 3600 && b->node->pass.began.ms == before; i++)
		tick(b, 1000);
	assert_true(b->node->pass.began.ms > before);
	assert_false(b->node->pass.on);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup_named, teardown)
	    T(head_unopened),
	    T(two_logs_in_turn),
	    T(two_logs_in_quick_turn),
	    T(late_heads),
	    T(withheld),
	    T(withheld_of_many),
	    T(withheld_of_an_old_log),
	    T(suspected_after_a_removal),
	    T(served_late_but_in_time),
	    T(only_linked_time_counts),
	    T(a_full_link_is_one),
	    T(short_links_count),
	    T(not_in_quarantine),
	    T(not_of_an_old_log),
	    T(unended),
	    T(a_late_award_owes_leases),
	    T(a_refused_lease_is_none),
	    T(unacknowledged),
	    T(view_unserved),
	    T(node_unserved),
	    T(a_pass_passes_over_others),
	};

	VIZ_REQUIRE(viz_crypto_init() == VIZ_OK);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
