/* The leases that an origin gives, and the new choice or offer that waits for them. */
#include "tests/hostile/one_lead.h"

#include "crypto/crypto.h"
#include "node/control/request.h"
#include "node/core/core.h"
#include "node/core/place.h"
#include "node/lead/end.h"
#include "node/core/due.h"
#include "node/lead/lead.h"
#include "node/link/mail.h"
#include "node/node.h"
#include "node/offer/commitment.h"
#include "node/self/statement.h"
#include "node/trust/member.h"
#include "proto/base.h"
#include "proto/reader.h"
#include "proto/record.h"
#include "proto/statement.h"
#include "proto/writer.h"
#include "store/stat.h"
#include "store/store.h"
#include "store/tables.h"

/* The origin's clock is set forward past the end of a lease. The holder's lease still counts
 * after the start. */
static void lease_runs_on_after_a_start(void **state)
{
	struct one_node *b = *state;
	struct viz_lead *lead = calloc(1, sizeof *lead);
	uint64_t slot = awarded(b, lead, VIZ_LEAD_DELIVERED);
	int64_t lease = b->federation.lease_ms + b->federation.lease_margin_ms;

	lease_ask(b, lead);
	get(b, lead, slot);
	assert_int_equal(lead->lease_until.ms, b->now.ms + lease);
	close_node(b);
	b->now.ms += 3600000;
	open_node(b);
	come_in(b, NULL);
	say_last(b, LINK_EVIL);
	tick(b, b->federation.start_ms);
	assert_true(viz_identity_has_started(&b->node->trust));
	chosen_another(lead);
	assert_true(lead->lease_until.ms < b->now.ms);
	assert_int_equal(choose(b, lead), VIZ_ERR_STATE);
	free(lead);
}

/* A lease that ended while we ran does not count again after a start. */
static void ended_lease_does_not_come_back(void **state)
{
	struct one_node *b = *state;
	struct viz_lead *lead = calloc(1, sizeof *lead);
	uint64_t slot = awarded(b, lead, VIZ_LEAD_DELIVERED);
	int64_t lease = b->federation.lease_ms + b->federation.lease_margin_ms;
	uint64_t due = viz_store_stat_entries(b->store, VIZ_TABLE_DUE);

	for (unsigned i = 0; i < 5; i++) {
		lease_ask(b, lead);
		tick(b, 1000);
	}
	/* repeated requests need one timer */
	assert_true(viz_store_stat_entries(b->store, VIZ_TABLE_DUE) <= due + 1);
	get(b, lead, slot);
	assert_true(lead->lease_until.ms > b->now.ms);
	/* after a start the lease counts for one full length more, and no longer */
	close_node(b);
	b->now.ms += lease;
	open_node(b);
	tick(b, 0);
	tick(b, lease - 1000);
	get(b, lead, slot);
	assert_int_not_equal(lead->lease_until.ms, 0);
	tick(b, 1000);
	get(b, lead, slot);
	assert_int_equal(lead->lease_until.ms, 0);
	close_node(b);
	open_node(b);
	tick(b, 1000);
	get(b, lead, slot);
	chosen_another(lead);
	/* another choice waits for what the partners say of us */
	assert_int_equal(choose(b, lead), VIZ_ERR_STATE);
	come_in(b, NULL);
	say_last(b, LINK_EVIL);
	tick(b, b->federation.start_ms);
	/* and for LAST of who holds the award before: it alone may hold the next CHOICE */
	assert_int_equal(choose(b, lead), VIZ_ERR_STATE);
	viz_member_ensure(&b->node->trust, &lead->award_to)->shown = true;
	assert_int_equal(choose(b, lead), VIZ_OK);
	free(lead);
}

/* A clock that is set back when the lease is over dates no CHOICE before its end: the holder would
 * take that for a breach. */
static void an_ended_lease_is_not_dated_over(void **state)
{
	struct one_node *b = *state;
	struct viz_lead *lead = calloc(1, sizeof *lead);
	uint64_t slot = awarded(b, lead, VIZ_LEAD_DELIVERED);
	struct viz_time until;

	lease_ask(b, lead);
	get(b, lead, slot);
	until = lead->lease_until;
	tick(b, until.ms - b->now.ms - 5000); /* what is signed meanwhile is dated before it */
	tick(b, 5000);
	get(b, lead, slot);
	assert_int_equal(lead->lease_until.ms, 0);
	close_node(b);
	b->now.ms -= 10000;
	open_node(b);
	come_in(b, NULL);
	say_last(b, LINK_EVIL);
	tick(b, b->federation.start_ms);
	assert_true(b->now.ms < until.ms);
	assert_false(viz_identity_may_sign(&b->node->trust));
	tick(b, until.ms - b->now.ms);
	assert_true(viz_identity_may_sign(&b->node->trust));
	free(lead);
}

/* A holder that has called and restarts asks again, and gets its lease back until the latest
 * date. */
static void contacted_lease_comes_back(void **state)
{
	struct one_node *b = *state;
	struct viz_lead *lead = calloc(1, sizeof *lead);
	const struct viz_id *self = viz_node_author(b->node);
	uint64_t slot = awarded(b, lead, VIZ_LEAD_CONTACTED);
	struct viz_lease lease;
	struct viz_record rec;
	struct viz_reader r;
	struct viz_slice v;

	viz_commitment_release(&lead->release_hash, lead_secret);
	lead->lease_until = viz_after(b->now, b->federation.contacted_ms);
	put(b, lead);
	lease_ask(b, lead);
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	assert_true(viz_statement_get(&b->node->core, &v, self, slot, VIZ_TYPE_LEASE, self, 1));
	assert_int_equal(viz_record_parse(&rec, v.p, v.len), VIZ_OK);
	viz_reader_init(&r, rec.body, rec.body_len);
	viz_lease_read(&r, &lease);
	viz_store_abort(b->store);
	assert_true(lease.granted && lease.extended);
	assert_int_equal(lease.until.ms, lead->lease_until.ms);
	assert_int_equal((int64_t)lease.left_ms,
			 b->federation.contacted_ms - b->federation.lease_margin_ms);
	free(lead);
}

/* The outcome is "lost". The contact is still erased at the award's latest date. */
static void lost_contact_goes_at_the_latest_date(void **state)
{
	struct one_node *b = *state;
	struct viz_lead *lead = calloc(1, sizeof *lead);
	uint64_t slot = awarded(b, lead, VIZ_LEAD_DELIVERED);
	uint8_t body[64];
	struct viz_writer w;

	viz_writer_init(&w, body, sizeof body);
	viz_outcome_write(&w,
			  &(struct viz_outcome){.award = lead->award, .kind = VIZ_OUTCOME_LOST});
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	viz_due_set(&b->node->core, lead->award_latest, VIZ_DUE_LEAD, viz_node_author(b->node),
		    slot);
	assert_int_equal(viz_store_commit(b->store), VIZ_OK);
	forge_statement(&b->scratch, &b->evil, VIZ_TYPE_OUTCOME, slot, 1, b->now, &w);
	mail_statement(b, 1, &b->scratch);
	get(b, lead, slot);
	assert_int_equal(lead->state, VIZ_LEAD_LOST);
	assert_int_not_equal(lead->vault, 0);
	tick(b, b->federation.undelivered_ms + 1000);
	get(b, lead, slot);
	assert_int_equal(lead->state, VIZ_LEAD_LOST);
	assert_int_equal(lead->vault, 0);
	free(lead);
}

static bool lease_granted(struct one_node *b, const struct viz_lead *lead)
{
	const struct viz_id *self = viz_node_author(b->node);
	struct viz_lease lease = {0};
	struct viz_record rec;
	struct viz_reader r;
	struct viz_slice v;

	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	if (viz_statement_get(&b->node->core, &v, self, lead->slot, VIZ_TYPE_LEASE, self, 1)) {
		assert_int_equal(viz_record_parse(&rec, v.p, v.len), VIZ_OK);
		viz_reader_init(&r, rec.body, rec.body_len);
		viz_lease_read(&r, &lease);
	}
	viz_store_abort(b->store);
	return lease.granted;
}

/* The false peer says RELEASE, with this secret, or CONTACTED of its award. */
static void say(struct one_node *b, const struct viz_lead *lead, uint8_t type,
		const uint8_t secret[32])
{
	struct viz_release release = {.award = lead->award, .has_secret = secret != NULL};
	uint8_t body[128];
	struct viz_writer w;

	viz_writer_init(&w, body, sizeof body);
	if (secret)
		memcpy(release.secret, secret, sizeof release.secret);
	if (type == VIZ_TYPE_RELEASE)
		viz_release_write(&w, &release);
	else
		viz_contacted_write(&w, &(struct viz_contacted){lead->award});
	forge_statement(&b->scratch, &b->evil, type, lead->slot, 1, b->now, &w);
	mail_statement(b, 6, &b->scratch);
	assert_int_equal(b->closed, 0);
}

/* The customer picks another partner while the chosen one may show the contact. The chosen one
 * is recalled, and its lease is the last. */
static void who_is_picked_again_recalls(void **state)
{
	struct one_node *b = *state;
	struct viz_lead *lead = calloc(1, sizeof *lead);

	awarded(b, lead, VIZ_LEAD_CONTACTED);
	lead->lease_until = lead->award_latest;
	chosen_another(lead);
	assert_int_equal(choose(b, lead), VIZ_ERR_STATE);
	assert_true(lead->recalled);
	lead->released = true; /* its word alone ends no lease */
	assert_int_equal(choose(b, lead), VIZ_ERR_STATE);
	lead->lease_until = (struct viz_time){0};
	assert_int_equal(choose(b, lead), VIZ_OK);
	assert_int_equal(lead->award_n, 2);
	assert_false(lead->recalled || lead->released);
	free(lead);
}

/* A holder says CONTACTED again and again, and acknowledges no mail. Its answers wait in bounds. */
static void a_holder_that_takes_no_mail_gets_no_more(void **state)
{
	struct one_node *b = *state;
	struct viz_lead *lead = calloc(1, sizeof *lead);

	awarded(b, lead, VIZ_LEAD_DELIVERED);
	lease_ask(b, lead);
	assert_true(lease_granted(b, lead));
	for (unsigned i = 0; i < VIZ_OUTBOX_PER_PEER + 200; i++)
		say(b, lead, VIZ_TYPE_CONTACTED, NULL);
	assert_true(viz_mail_waiting(&b->node->trust, &b->evil.author) <= VIZ_OUTBOX_PER_PEER);
	free(lead);
}

static const uint8_t wrong_secret[32] = {1};

/* A recalled partner gets no lease, neither by asking again nor by CONTACTED. */
static void recalled_gets_no_lease(void **state)
{
	struct one_node *b = *state;
	struct viz_lead *lead = calloc(1, sizeof *lead);
	uint64_t slot = awarded(b, lead, VIZ_LEAD_DELIVERED);
	struct viz_time until;

	lease_ask(b, lead);
	assert_true(lease_granted(b, lead));
	get(b, lead, slot);
	lead->recalled = true;
	put(b, lead);
	until = lead->lease_until;
	tick(b, 1000);
	lease_ask(b, lead);
	assert_false(lease_granted(b, lead));
	say(b, lead, VIZ_TYPE_CONTACTED, NULL);
	get(b, lead, slot);
	assert_int_equal(lead->state, VIZ_LEAD_DELIVERED);
	assert_int_equal(lead->lease_until.ms, until.ms);
	assert_false(lead->released);
	/* a secret that does not open the hash counts as not said */
	say(b, lead, VIZ_TYPE_RELEASE, wrong_secret);
	get(b, lead, slot);
	assert_true(lead->released);
	assert_false(lead->opened);
	assert_int_equal(lead->lease_until.ms, until.ms);
	say(b, lead, VIZ_TYPE_RELEASE, lead_secret);
	get(b, lead, slot);
	assert_true(lead->opened);
	assert_int_equal(lead->lease_until.ms, 0);
	free(lead);
}

/* Our OFFER in this slot. */
static void own_offer(struct one_node *b, struct viz_offer *o, uint64_t slot)
{
	struct viz_record rec;
	struct viz_held held;

	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	assert_true(viz_place_get(&b->node->core, &held, &rec, viz_node_author(b->node),
				  VIZ_TYPE_OFFER, slot));
	assert_int_equal(viz_offer_parse(o, &rec), VIZ_OK);
	viz_store_abort(b->store);
}

/* Makes an offer for the customer of the lead in this slot. */
static const char *offer_again(struct one_node *b, uint64_t slot)
{
	char before[VIZ_SLOT_TEXT_MAX], args[4608];

	viz_request_slot_text(before, slot);
	snprintf(args, sizeof args, "\"previous\":\"%s\",%s", before, heard(b, "text"));
	return ask_offer(b, "lead.offer", args);
}

/* A new offer waits for the lease of the award before it: its holder is recalled, and gets no other
 * lease. OFFER opens its release, when the holder has said what opens it. */
static void an_offer_waits_for_the_lease_before_it(void **state)
{
	struct one_node *b = *state;
	struct viz_lead *lead = calloc(1, sizeof *lead);
	struct viz_offer *o = calloc(1, sizeof *o);
	uint64_t slot;

	for (unsigned released = 0; released < 2; released++) {
		void *bed = b;

		if (released) {
			teardown(&bed);
			setup(&bed);
			*state = b = bed;
		}
		slot = awarded(b, lead, VIZ_LEAD_DELIVERED);
		lease_ask(b, lead);
		assert_true(lease_granted(b, lead));
		assert_non_null(strstr(offer_again(b, slot), "previous-held"));
		get(b, lead, slot);
		assert_true(lead->recalled);
		assert_int_equal(lead->state, VIZ_LEAD_DELIVERED);
		lease_ask(b, lead);
		assert_false(lease_granted(b, lead));
		if (released) {
			say(b, lead, VIZ_TYPE_RELEASE, lead_secret);
		} else {
			tick(b, b->federation.lease_ms + b->federation.lease_margin_ms - 1000);
			assert_non_null(strstr(offer_again(b, slot), "previous-held"));
			tick(b, 1000);
		}
		assert_true(ok(offer_again(b, slot)));
		own_offer(b, o, viz_record_slot_make(b->now, 1));
		assert_true(o->has_previous && viz_id_eq(&o->previous, &lead->offer));
		assert_int_equal(o->has_opening, released);
		assert_true(!released || memcmp(o->opening, lead_secret, 32) == 0);
		/* nobody gets an award of the lead before it any more */
		get(b, lead, slot);
		assert_int_equal(lead->state, VIZ_LEAD_NONE_CHOSEN);
		assert_true(lead->none_chosen);
		chosen_another(lead);
		assert_int_equal(choose(b, lead), VIZ_ERR_STATE);
		/* two offers that name it would not wait for each other's awards */
		assert_non_null(strstr(offer_again(b, slot), "previous-named"));
	}
	free(o);
	free(lead);
}

/* No OFFER names one of an older log, nor waits for its list. */
static void no_offer_names_one_of_an_older_log(void **state)
{
	struct one_node *b = *state;
	struct viz_offer *o = calloc(1, sizeof *o);
	uint64_t slot = offer(b);

	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	viz_identity_new_log(&b->node->trust);
	assert_int_equal(viz_store_commit(b->store), VIZ_OK);
	assert_true(ok(offer_again(b, slot)));
	own_offer(b, o, viz_record_slot_make(b->now, 1));
	assert_false(o->has_previous || o->has_opening);
	free(o);
}

/* An OFFER for a customer who had one before names that one by its id; one that was never made is
 * not named. */
static void offers_name_the_one_before(void **state)
{
	struct one_node *b = *state;
	struct viz_lead *lead = calloc(1, sizeof *lead);
	struct viz_offer *o = calloc(1, sizeof *o);
	uint64_t slot = offer(b);

	own_offer(b, o, slot);
	assert_false(o->has_previous || o->has_opening);
	get(b, lead, slot);
	/* its customer has not taken the consent back: it is still asked out */
	assert_non_null(strstr(offer_again(b, slot), "previous-open"));
	assert_true(ok(lead_op(b, "lead.revoke", slot)));
	for (unsigned n = 1; n <= 2; n++) {
		assert_true(ok(offer_again(b, n == 1 ? slot : slot + ((uint64_t)9 << 8))));
		own_offer(b, o, viz_record_slot_make(b->now, n));
		assert_int_equal(o->has_previous, n == 1);
		assert_int_equal(viz_id_eq(&o->previous, &lead->offer), n == 1);
		assert_false(o->has_opening);
	}
	free(o);
	free(lead);
}

/* ERASED from the false peer, about its award k. */
static void erased(struct one_node *b, const struct viz_lead *lead, unsigned mail,
		   enum viz_erased_what what, uint32_t k)
{
	const struct viz_erased e = {.offer = lead->offer, .what = what, .award_n = k};
	VIZ_WRITER(w, 128);

	viz_erased_write(&w, &e);
	tick(b, 1000); /* a repetition is the same bytes */
	forge_statement(&b->scratch, &b->evil, VIZ_TYPE_ERASED, lead->slot,
			(uint64_t)what << 32 | k, b->now, &w);
	mail_statement(b, mail, &b->scratch);
	assert_int_equal(b->closed, 0);
}

/* The false peer accepts the award, or refuses it. */
static void acknowledges(struct one_node *b, const struct viz_lead *lead, bool accepted)
{
	const struct viz_handoff_ack ack = {.award = lead->award,
					    .accepted = accepted,
					    .reason = accepted ? VIZ_REFUSAL_NONE
							       : VIZ_REFUSAL_WITHDRAWN};
	VIZ_WRITER(w, 128);

	viz_handoff_ack_write(&w, &ack);
	forge_statement(&b->scratch, &b->evil, VIZ_TYPE_HANDOFF_ACK, lead->slot, lead->award_n,
			b->now, &w);
	mail_statement(b, 10, &b->scratch);
	assert_int_equal(b->closed, 0);
}

/* The customer withdraws, after the last award was the partner's first or its third, or the third
 * was somebody else's. What the partner said of an older award may have been sent before the last
 * one came. That it takes nothing more counts for all of them. */
static void who_takes_no_more_has_nothing(void **state)
{
	static const struct {
		bool accepts;
		uint32_t given; /* the partner's last award */
		bool of_other;  /* somebody else was chosen after it */
		enum viz_erased_what what;
		uint32_t k;
		bool erased;
	} cases[] = {
	    {false, 1, false, VIZ_ERASED_LOCATION, 0, false},
	    {true, 1, false, VIZ_ERASED_LOCATION, 0, false},
	    {true, 1, false, VIZ_ERASED_ALL, 1, true},
	    {true, 1, true, VIZ_ERASED_ALL, 1, true},
	    {true, 3, false, VIZ_ERASED_ALL, 1, false},
	    {false, 1, false, VIZ_ERASED_WITHDRAWN, 0, true},
	    {false, 1, true, VIZ_ERASED_WITHDRAWN, 0, true},
	    {true, 1, false, VIZ_ERASED_WITHDRAWN, 1, true},
	    {true, 3, false, VIZ_ERASED_WITHDRAWN, 1, true},
	};
	struct one_node *b = *state;
	struct viz_lead *lead = calloc(1, sizeof *lead);

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		void *bed = b;
		uint64_t slot;

		teardown(&bed);
		setup(&bed);
		*state = b = bed;
		slot = awarded(b, lead, VIZ_LEAD_AWARDED);
		acknowledges(b, lead, cases[i].accepts);
		get(b, lead, slot);
		assert_int_equal(lead->delivered_at.ms != 0, cases[i].accepts);
		lead->peer[0].award_n = cases[i].given;
		lead->award_n = cases[i].of_other ? 3 : cases[i].given;
		if (cases[i].of_other)
			memset(lead->award_to.b, 9, sizeof lead->award_to.b);
		if (lead->award_n == 3) {
			memset(lead->award.b, 9, sizeof lead->award.b);
			lead->delivered_at = (struct viz_time){0};
			lead->state = VIZ_LEAD_AWARDED;
		}
		put(b, lead);
		assert_true(ok(lead_op(b, "lead.revoke", slot)));
		get(b, lead, slot);
		assert_false(lead->peer[0].erased);
		erased(b, lead, 11, cases[i].what, cases[i].k);
		get(b, lead, slot);
		assert_int_equal(lead->peer[0].erased, cases[i].erased);
	}
	free(lead);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	    T(lease_runs_on_after_a_start),
	    T(ended_lease_does_not_come_back),
	    T(an_ended_lease_is_not_dated_over),
	    T(contacted_lease_comes_back),
	    T(lost_contact_goes_at_the_latest_date),
	    T(who_is_picked_again_recalls),
	    T(a_holder_that_takes_no_mail_gets_no_more),
	    T(recalled_gets_no_lease),
	    T(an_offer_waits_for_the_lease_before_it),
	    T(no_offer_names_one_of_an_older_log),
	    T(offers_name_the_one_before),
	    T(who_takes_no_more_has_nothing),
	};

	VIZ_REQUIRE(viz_crypto_init() == VIZ_OK);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
