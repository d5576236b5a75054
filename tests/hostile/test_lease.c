/* Leases at a holder: whatever their origin says, the contact shows to one at a time, or the origin
 * has contradicted itself in our hands. */
#include "tests/hostile/one_node.h"

#include "crypto/crypto.h"
#include "node/control/request.h"
#include "node/core/core.h"
#include "node/inbox/erase.h"
#include "node/inbox/inbox.h"
#include "node/offer/commitment.h"
#include "node/self/statement.h"
#include "node/state.h"
#include "proto/base.h"
#include "proto/mail.h"
#include "proto/reader.h"
#include "proto/record.h"
#include "proto/statement.h"
#include "proto/writer.h"
#include "store/store.h"
#include "tests/hostile/one_award.h"
#include "tests/hostile/one_offer.h"

static const struct viz_secret blinding = {{5}};

/* Our node holds award 1 and has asked for a lease. */
static void holding(struct one_node *b, struct false_offer *o, struct viz_inbox *in)
{
	proposed(b, o, in);
	give(b, &o->result);
	hand_off(b, o, in, 1, &blinding, &blinding);
	assert_true(inbox_row(b, in, o->slot));
	assert_int_equal(in->state, VIZ_INBOX_AWARDED);
	assert_false(shows_contact(b, in));
	assert_true(inbox_row(b, in, o->slot));
	assert_true(in->has_release);
}

/* The LEASE with which an honest origin answers now. */
static struct viz_lease honest(const struct one_node *b, const struct viz_inbox *in)
{
	struct viz_lease l = {.award = in->award,
			      .asked = in->lease_asked,
			      .granted = true,
			      .left_ms = (uint64_t)b->federation.lease_ms};

	viz_commitment_release(&l.hash, in->release);
	l.until = viz_after(b->now, b->federation.lease_ms + b->federation.lease_margin_ms);
	return l;
}

static void mail_lease(struct one_node *b, const struct viz_inbox *in, const struct viz_lease *l)
{
	VIZ_WRITER(w, 256);

	viz_lease_write(&w, l);
	forge_statement(&b->scratch, &b->evil, VIZ_TYPE_LEASE, in->slot, in->award_n, b->now, &w);
	mail_statement(b, 40, &b->scratch);
	assert_int_equal(b->closed, 0);
}

/* A lease over another secret would let the origin open the release by itself: it is none. So is
 * one of another award, and the answer to another question. */
static void only_the_answer_is_a_lease(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	struct viz_inbox *in = calloc(1, sizeof *in);
	struct viz_lease l;

	holding(b, o, in);
	l = honest(b, in);
	l.asked.ms--;
	mail_lease(b, in, &l);
	assert_false(shows_contact(b, in));
	l = honest(b, in);
	l.award.b[0] ^= 1;
	mail_lease(b, in, &l);
	assert_false(shows_contact(b, in));
	l = honest(b, in);
	l.hash.b[0] ^= 1;
	mail_lease(b, in, &l);
	assert_false(shows_contact(b, in));
	tick(b, 2000);
	assert_false(shows_contact(b, in)); /* asks again */
	assert_true(inbox_row(b, in, o->slot));
	l = honest(b, in);
	mail_lease(b, in, &l);
	assert_true(shows_contact(b, in));
	free(in);
	free(o);
}

/* A lease never counts longer than its origin could be held to it: neither past `until` by our
 * clock nor longer than the federation's leases. */
static void no_lease_counts_past_its_proof(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	struct viz_inbox *in = calloc(1, sizeof *in);
	struct viz_lease l;

	holding(b, o, in);
	l = honest(b, in);
	l.until = viz_after(b->now, 5000);
	mail_lease(b, in, &l);
	assert_true(shows_contact(b, in));
	tick(b, 5000);
	assert_false(shows_contact(b, in));
	assert_true(inbox_row(b, in, o->slot));
	l = honest(b, in);
	l.left_ms = (uint64_t)VIZ_DAY_MS;
	l.until = viz_after(b->now, 2 * VIZ_DAY_MS);
	mail_lease(b, in, &l);
	assert_true(shows_contact(b, in));
	tick(b, b->federation.lease_ms);
	assert_false(shows_contact(b, in));
	free(in);
	free(o);
}

/* The CHOICE of an award is dated ahead of our clock. The holder before us may show the contact
 * until that time by its clock, so we wait for it. */
static void an_award_of_a_later_time_waits(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	struct viz_inbox *in = calloc(1, sizeof *in);
	struct viz_event kept;
	struct viz_lease l;

	proposed(b, o, in);
	give(b, &o->result);
	b->now.ms += 60000;
	hold_hand_off = true;
	hand_off(b, o, in, 1, &blinding, &blinding);
	hold_hand_off = false;
	b->now.ms -= 60000;
	kept = held_hand_off();
	run(b, &kept, 1);
	assert_true(inbox_row(b, in, o->slot));
	assert_int_equal(in->state, VIZ_INBOX_AWARDED);
	assert_false(shows_contact(b, in));
	tick(b, 59000);
	assert_false(shows_contact(b, in));
	tick(b, 1000);
	assert_false(shows_contact(b, in));
	assert_true(inbox_row(b, in, o->slot));
	l = honest(b, in);
	mail_lease(b, in, &l);
	assert_true(shows_contact(b, in));
	free(in);
	free(o);
}

/* How the origin chooses again while we hold the contact. */
struct again {
	const char *name;
	bool none, opens, wrong; /* of nobody; opens our release, or something else */
	int64_t after_ms;        /* from the answer on */
	bool found;
};

static const struct again again[] = {
    {"at once", .after_ms = 1000, .found = true},
    {"at once, nobody", .none = true, .after_ms = 1000, .found = true},
    {"with a false opening", .wrong = true, .after_ms = 1000, .found = true},
    {"just before the end", .after_ms = -1, .found = true},
    {"at the end", .after_ms = 0, .found = false},
    {"with our opening", .opens = true, .after_ms = 1000, .found = false},
};

/* The holder of an award to whom the next CHOICE comes shows the contact no more, whatever its
 * lease says, and has in hand what proves a breach, at once. */
static void two_awards_are_a_contradiction(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof again / sizeof *again; i++) {
		static const uint8_t other[32] = {1};
		const struct again *x = &again[i];
		struct false_offer *o = calloc(1, sizeof *o);
		struct viz_inbox *in = calloc(1, sizeof *in);
		void *bed;
		struct one_node *b;
		struct viz_lease l;

		print_message("# %s\n", x->name);
		setup(&bed);
		b = bed;
		holding(b, o, in);
		l = honest(b, in);
		mail_lease(b, in, &l);
		assert_true(shows_contact(b, in));
		b->now = x->after_ms > 0 ? viz_after(b->now, x->after_ms)
					 : viz_after(l.until, x->after_ms);
		sign_choice(b, o, 2, x->none ? NULL : &blinding,
			    x->opens   ? in->release
			    : x->wrong ? other
				       : NULL);
		give(b, &b->scratch);
		assert_false(shows_contact(b, in));
		assert_int_equal(findings(b, VIZ_RULE_LEASE_OUTLASTED), x->found);
		assert_true(!x->found || exports(b, VIZ_RULE_LEASE_OUTLASTED));
		assert_true(inbox_row(b, in, o->slot));
		assert_int_equal(in->vault, 0);
		teardown(&bed);
		free(in);
		free(o);
	}
}

/* The origin awards to somebody else while our lease runs, and withholds that until it has answered
 * our next question by a lease that ended before. The first one is kept as proof. */
static void a_shorter_lease_hides_no_other(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	struct viz_inbox *in = calloc(1, sizeof *in);
	struct forged *choice = calloc(1, sizeof *choice);
	struct viz_time began;
	struct viz_lease l;

	holding(b, o, in);
	began = b->now;
	l = honest(b, in);
	mail_lease(b, in, &l);
	assert_true(shows_contact(b, in));
	tick(b, 1000);
	sign_choice(b, o, 2, &blinding, NULL);
	*choice = b->scratch;
	tick(b, b->federation.lease_ms);
	assert_false(shows_contact(b, in)); /* asks again */
	assert_true(inbox_row(b, in, o->slot));
	l = honest(b, in);
	l.until = viz_after(began, 500);
	mail_lease(b, in, &l);
	assert_false(shows_contact(b, in));
	give(b, choice);
	assert_int_equal(findings(b, VIZ_RULE_LEASE_OUTLASTED), 1);
	assert_true(exports(b, VIZ_RULE_LEASE_OUTLASTED));
	free(choice);
	free(in);
	free(o);
}

/* How the origin makes another offer for the customer whose contact we hold. */
enum between {
	NOTHING,
	AWARD,          /* to somebody else, after we have released */
	AWARD_WITHHELD, /* likewise, and its CHOICE comes to us after the OFFER */
	NOBODY,
	NOBODY_WITHHELD,
	OFFER_WITHHELD, /* of somebody else: the log has a gap until it comes */
};

struct anew {
	const char *name;
	enum between between;
	bool opens, wrong; /* OFFER opens our release, or something else */
	bool other;        /* it names another offer */
	bool old_log;      /* of an older log: as if it named none */
	int64_t after_ms;  /* from the answer on; not above 0: from the end of the lease on */
	bool shows;        /* the contact shows after it */
	bool found;        /* at once */
	bool found_after;  /* when the CHOICE that was withheld has come */
};

static const struct anew anew[] = {
    {"at once", .after_ms = 1000, .found = true},
    {"with a false opening", .wrong = true, .after_ms = 1000, .found = true},
    {"just before the end", .after_ms = -1, .found = true},
    {"at the end", .after_ms = 0},
    {"with our opening", .opens = true, .after_ms = 1000},
    {"after an award to another", AWARD, .after_ms = 1000},
    {"after an award to another that we do not see", AWARD_WITHHELD, .after_ms = 1000},
    {"after choosing nobody", NOBODY, .after_ms = 1000, .found = true},
    {"after choosing nobody, which we do not see", NOBODY_WITHHELD, .after_ms = 1000,
     .found_after = true},
    {"with a gap before it", OFFER_WITHHELD, .after_ms = 1000, .found_after = true},
    {"for somebody else", .other = true, .after_ms = 1000, .shows = true},
    {"in a new log", .old_log = true, .after_ms = 1000, .shows = true},
};

/* Signs CHOICE 2, as the case has it, which opens our release when it is an award. */
static void choose_between(struct one_node *b, struct false_offer *o, const struct anew *x,
			   const struct viz_inbox *in, struct forged *withheld)
{
	static const struct viz_secret other = {{6}};
	bool award = x->between == AWARD || x->between == AWARD_WITHHELD;

	if (x->between == NOTHING)
		return;
	if (x->between == OFFER_WITHHELD) {
		struct false_offer *gap = calloc(1, sizeof *gap);

		false_offer_init(b, gap, 2);
		false_offer_sign(b, gap);
		*withheld = gap->offer;
		free(gap);
		return;
	}
	/* of nobody it opens nothing here, so the CHOICE is a breach too */
	sign_choice(b, o, 2, award ? &other : NULL, award ? in->release : NULL);
	if (x->between == AWARD || x->between == NOBODY)
		give(b, &b->scratch);
	*withheld = b->scratch;
}

/* Makes the OFFER of the case, which the day's second slot has. */
static void offer_anew(struct one_node *b, const struct false_offer *o, const struct anew *x,
		       const struct viz_inbox *in)
{
	struct false_offer *next = calloc(1, sizeof *next);

	false_offer_init(b, next, 1);
	next->lists.has_previous = true;
	next->lists.previous = o->offer.id;
	next->lists.previous.b[0] ^= x->other;
	next->lists.has_opening = x->opens || x->wrong;
	if (x->opens)
		memcpy(next->lists.opening, in->release, 32);
	next->lists.opening[0] ^= x->wrong;
	next->at = forge_at(&b->evil, 0);
	if (x->old_log)
		next->at = (struct viz_position){next->at.log + 1, 1, {{0}}, 1};
	false_offer_sign(b, next);
	give(b, &next->offer);
	free(next);
}

/* The holder of an award to whom an OFFER comes that names its offer as previous shows the contact
 * no more, and has in hand what proves a breach, at once. It accuses nobody while the award may not
 * be the last one. */
static void two_offers_are_a_contradiction(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof anew / sizeof *anew; i++) {
		const struct anew *x = &anew[i];
		struct false_offer *o = calloc(1, sizeof *o);
		struct viz_inbox *in = calloc(1, sizeof *in);
		struct forged *withheld = calloc(1, sizeof *withheld);
		size_t before;
		void *bed;
		struct one_node *b;
		struct viz_lease l;

		print_message("# %s\n", x->name);
		setup(&bed);
		b = bed;
		holding(b, o, in);
		l = honest(b, in);
		mail_lease(b, in, &l);
		assert_true(shows_contact(b, in));
		b->now = x->after_ms > 0 ? viz_after(b->now, x->after_ms)
					 : viz_after(l.until, x->after_ms);
		choose_between(b, o, x, in, withheld);
		before = findings(b, VIZ_RULE_LEASE_OUTLASTED);
		offer_anew(b, o, x, in);
		assert_int_equal(findings(b, VIZ_RULE_LEASE_OUTLASTED), before + x->found);
		assert_int_equal(shows_contact(b, in), x->shows);
		assert_true(inbox_row(b, in, o->slot));
		assert_int_equal(in->vault != 0, x->shows);
		if (x->between == AWARD_WITHHELD || x->between == NOBODY_WITHHELD) {
			give(b, withheld);
			/* CHOICE of nobody is one breach, OFFER another */
			assert_int_equal(findings(b, VIZ_RULE_LEASE_OUTLASTED), 2 * x->found_after);
		}
		if (x->between == OFFER_WITHHELD) {
			give(b, withheld);
			tick(b, b->federation.suspicion_ms);
			assert_int_equal(findings(b, VIZ_RULE_LEASE_OUTLASTED), x->found_after);
		}
		assert_true(findings(b, VIZ_RULE_LEASE_OUTLASTED) == 0 ||
			    exports(b, VIZ_RULE_LEASE_OUTLASTED));
		teardown(&bed);
		free(withheld);
		free(in);
		free(o);
	}
}

/* The OFFER that names ours as previous comes before ours: no award of ours is taken either. */
static void the_next_offer_may_come_first(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o), *next = calloc(1, sizeof *next);
	struct viz_inbox *in = calloc(1, sizeof *in);
	static const struct viz_secret opens = {{5}};

	false_offer_to_us(b, o, 0);
	false_offer_sign(b, o);
	b->now.ms++;
	false_offer_init(b, next, 1);
	next->lists.has_previous = true;
	next->lists.previous = o->offer.id;
	false_offer_sign(b, next);
	give(b, &next->offer);
	give(b, &o->offer);
	answer_yes(b, o, in);
	false_offer_sign_close(b, o, true);
	give(b, &o->close);
	false_offer_sign_result(b, o, &(struct viz_result_entry){.revealed = true});
	give(b, &o->result);
	assert_true(inbox_row(b, in, o->slot));
	hand_off(b, o, in, 1, &opens, &opens);
	assert_true(inbox_row(b, in, o->slot));
	assert_int_equal(in->award_n, 0);
	assert_false(shows_contact(b, in));
	free(in);
	free(next);
	free(o);
}

/* RELEASE, ERASED and OUTCOME bring the secret, which opens what we asked the lease with. */
static void a_release_opens_what_we_asked_with(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	struct viz_inbox *in = calloc(1, sizeof *in);
	struct viz_withdrawal wd = {.scope = VIZ_WITHDRAW_AWARD, .award_n = 1};
	struct viz_release release;
	struct viz_erased erased;
	struct viz_record rec;
	struct viz_slice v;
	VIZ_WRITER(w, 64);

	holding(b, o, in);
	wd.offer = o->offer.id;
	viz_withdrawal_write(&w, &wd);
	forge_statement(&b->scratch, &b->evil, VIZ_TYPE_WITHDRAWAL, o->slot,
			(uint64_t)VIZ_WITHDRAW_AWARD << 32 | 1, b->now, &w);
	mail_statement(b, 41, &b->scratch);
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	assert_true(viz_statement_get(&b->node->core, &v, &b->evil.author, o->slot,
				      VIZ_TYPE_RELEASE, viz_node_author(b->node), 1));
	assert_int_equal(viz_record_parse(&rec, v.p, v.len), VIZ_OK);
	assert_int_equal(viz_release_parse(&release, &rec), VIZ_OK);
	assert_true(release.has_secret);
	assert_memory_equal(release.secret, in->release, 32);
	assert_true(viz_statement_get(&b->node->core, &v, &b->evil.author, o->slot, VIZ_TYPE_ERASED,
				      viz_node_author(b->node),
				      (uint64_t)VIZ_ERASED_ALL << 32 | 1));
	assert_int_equal(viz_record_parse(&rec, v.p, v.len), VIZ_OK);
	assert_int_equal(viz_erased_parse(&erased, &rec), VIZ_OK);
	assert_int_equal(erased.award_n, 1);
	assert_true(erased.has_secret);
	assert_memory_equal(erased.secret, in->release, 32);
	viz_store_abort(b->store);
	free(in);
	free(o);
}

/* The origin was restored. It asks what became of its award, and nobody else may. */
static void the_origin_is_told_the_state(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	struct viz_inbox *in = calloc(1, sizeof *in);
	struct viz_mail_state ask = {.state = VIZ_AWARD_ASKED}, said;
	struct viz_lease l;

	proposed(b, o, in);
	ask.offer = o->offer.id;
	mail_state(b, 50, &ask);
	assert_true(mailed_state(b, &said));
	assert_int_equal(said.state, VIZ_AWARD_UNKNOWN);
	give(b, &o->result);
	hand_off(b, o, in, 1, &blinding, &blinding);
	mail_state(b, 51, &ask);
	assert_true(mailed_state(b, &said));
	assert_int_equal(said.state, VIZ_AWARD_HELD);
	assert_false(shows_contact(b, in));
	assert_true(inbox_row(b, in, o->slot));
	l = honest(b, in);
	mail_lease(b, in, &l);
	mail_state(b, 52, &ask);
	assert_true(mailed_state(b, &said));
	assert_int_equal(said.state, VIZ_AWARD_LEASED);
	assert_int_equal(said.k, 1);
	assert_true(viz_id_eq(&said.award, &in->award));
	assert_true(viz_id_eq(&said.offer, &ask.offer));
	mail_withdrawal(b, 53, o->slot);
	mail_state(b, 54, &ask);
	assert_true(mailed_state(b, &said));
	assert_int_equal(said.state, VIZ_AWARD_ERASED);
	free(in);
	free(o);
}

/* What is not held, and an answer that nobody has asked for, are answered by nothing. */
static void only_the_origin_is_told(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	struct viz_inbox *in = calloc(1, sizeof *in);
	struct viz_mail_state ask = {.state = VIZ_AWARD_ASKED}, said;
	struct forge evil, other;

	ask.offer.b[0] = 1;
	mail_state(b, 50, &ask);
	assert_int_equal(b->closed, 0);
	assert_false(mailed_state(b, &said));
	proposed(b, o, in);
	befriend(b, &other, 8);
	ask.offer = o->offer.id;
	evil = b->evil;
	b->evil = other;
	{
		static uint8_t body[256];
		struct viz_writer w;

		viz_writer_init(&w, body, sizeof body);
		viz_writer_array(&w, 4);
		viz_writer_uint(&w, VIZ_MESSAGE_MAIL);
		viz_writer_uint(&w, 5);
		viz_writer_uint(&w, VIZ_MAIL_STATE);
		viz_mail_state_write(&w, &ask);
		message_on(b, 8, &w);
	}
	assert_false(mailed_state(b, &said));
	b->evil = evil;
	free(in);
	free(o);
}

/* The time of our ERASED about award 1. */
static struct viz_time erased_1(struct one_node *b, uint64_t slot, enum viz_erased_what what)
{
	struct viz_record rec;
	struct viz_slice v;

	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	assert_true(viz_statement_get(&b->node->core, &v, &b->evil.author, slot, VIZ_TYPE_ERASED,
				      viz_node_author(b->node), (uint64_t)what << 32 | 1));
	assert_int_equal(viz_record_parse(&rec, v.p, v.len), VIZ_OK);
	viz_store_abort(b->store);
	return rec.time;
}

/* The award ends, and then the customer takes the consent back, while our clock is behind: the
 * second ERASED says that nothing more is taken. One that is said again is not the same again. */
static void each_erased_is_another_while_time_stands_still(void **state)
{
	static const struct viz_secret right = {{5}};
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	struct viz_inbox *in = calloc(1, sizeof *in);
	struct viz_withdrawal wd = {.scope = VIZ_WITHDRAW_AWARD, .award_n = 2};
	struct viz_time first;
	VIZ_WRITER(w, 64);

	proposed(b, o, in);
	give(b, &o->result);
	hand_off(b, o, in, 1, &right, &right);
	b->now.ms -= 30000;
	wd.offer = o->offer.id;
	viz_withdrawal_write(&w, &wd);
	forge_statement(&b->scratch, &b->evil, VIZ_TYPE_WITHDRAWAL, o->slot,
			(uint64_t)VIZ_WITHDRAW_AWARD << 32 | 2, b->now, &w);
	mail_statement(b, 32, &b->scratch);
	first = erased_1(b, o->slot, VIZ_ERASED_ALL);
	assert_true(first.ms > b->now.ms);
	mail_withdrawal(b, 33, o->slot);
	assert_true(inbox_row(b, in, o->slot));
	assert_true(in->withdrawn);
	first = erased_1(b, o->slot, VIZ_ERASED_WITHDRAWN);
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	viz_inbox_erase(&b->node->core, in, VIZ_ERASED_ALL);
	viz_inbox_put(&b->node->core, in);
	assert_int_equal(viz_store_commit(b->store), VIZ_OK);
	tick(b, 0);
	assert_true(erased_1(b, o->slot, VIZ_ERASED_WITHDRAWN).ms > first.ms);
	assert_int_equal(b->closed, 0);
	free(in);
	free(o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	    T(only_the_answer_is_a_lease),
	    T(no_lease_counts_past_its_proof),
	    T(a_shorter_lease_hides_no_other),
	    T(an_award_of_a_later_time_waits),
	    cmocka_unit_test(two_awards_are_a_contradiction),
	    cmocka_unit_test(two_offers_are_a_contradiction),
	    T(the_next_offer_may_come_first),
	    T(a_release_opens_what_we_asked_with),
	    T(the_origin_is_told_the_state),
	    T(only_the_origin_is_told),
	    T(each_erased_is_another_while_time_stands_still),
	};

	VIZ_REQUIRE(viz_crypto_init() == VIZ_OK);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
