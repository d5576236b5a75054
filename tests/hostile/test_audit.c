/* What the audit of a node finds, and how much an author can make the audits of others keep. */
#include "tests/hostile/one_node.h"

#include "crypto/crypto.h"
#include "crypto/rng.h"
#include "node/audit/finding.h"
#include "node/audit/room.h"
#include "node/audit/suspicion.h"
#include "node/control/request.h"
#include "node/core/ids.h"
#include "node/core/place.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/message.h"
#include "proto/offer.h"
#include "proto/record.h"
#include "proto/writer.h"
#include "store/stat.h"
#include "store/store.h"
#include "store/tables.h"
#include "tests/hostile/one_award.h"
#include "tests/hostile/one_offer.h"

/* Sends a PARTNERS record with 256 new partners that were added long ago. So each of these records
 * contradicts the one before, which it names. */
static void give_false_partners(struct one_node *b)
{
	static uint8_t below =
	    UINT8_MAX; /* each has another first entry, about which a finding is */
	struct viz_partners *p = calloc(1, sizeof *p);
	uint8_t *body = malloc(VIZ_RECORD_MAX);
	struct viz_writer w;

	VIZ_REQUIRE(p && body);
	held_partners(b, &p->previous);
	p->log = 1;
	p->count = VIZ_PARTNERS_MAX;
	for (size_t i = 0; i < p->count; i++) {
		viz_rng_bytes(&b->rng, p->entry[i].id.b, sizeof p->entry[i].id.b);
		p->entry[i].id.b[0] = (uint8_t)i;
		p->entry[i].id.b[1] = below;
		p->entry[i].added.ms = 1000;
	}
	below--;
	b->now.ms++;
	viz_writer_init(&w, body, VIZ_RECORD_MAX);
	viz_partners_write(&w, p);
	forge_record(&b->scratch, &b->evil, VIZ_TYPE_PARTNERS, 0, b->now, &w);
	give(b, &b->scratch);
	assert_int_equal(b->closed, 0);
	free(body);
	free(p);
}

static void a_thousand_lies_are_kept_as_a_few(void **state)
{
	struct one_node *b = *state;

	give_false_partners(b);
	assert_int_equal(viz_store_stat_entries(b->store, VIZ_TABLE_FINDING), 1);
	give_false_partners(b);
	assert_int_equal(viz_store_stat_entries(b->store, VIZ_TABLE_FINDING), 2);
	for (unsigned i = 0; i < 2 * VIZ_FINDINGS_PER_RULE; i++)
		give_false_partners(b);
	assert_int_equal(viz_store_stat_entries(b->store, VIZ_TABLE_FINDING),
			 VIZ_FINDINGS_PER_RULE);
}

/* Makes an offer to our node. No location comes, so the node pledges `no-content`. `in` gets its
 * row. */
static void pledge_no_content(struct one_node *b, struct false_offer *o, struct viz_inbox *in)
{
	false_offer_to_us(b, o, 0);
	false_offer_sign(b, o);
	give(b, &o->offer);
	tick(b, 25000);
	assert_true(inbox_row(b, in, o->slot));
	assert_int_equal(in->state, VIZ_INBOX_PLEDGED);
}

/* The origin acknowledges our pledge only after a CLOSE that leaves it out. */
static void late_acknowledgement_shows_a_dropped_pledge(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	struct viz_inbox *in = calloc(1, sizeof *in);

	pledge_no_content(b, o, in);
	tick(b, 10000);
	false_offer_sign_close(b, o, false);
	give(b, &o->close);
	assert_int_equal(findings(b, VIZ_SUSPICION_UNHEARD), 1);
	assert_int_equal(viz_store_stat_entries(b->store, VIZ_TABLE_FINDING), 1);
	false_offer_mail_ack(b, o, VIZ_TYPE_PLEDGE_ACK, &in->pledge);
	assert_int_equal(findings(b, VIZ_RULE_PLEDGE_DROPPED), 1);
	assert_true(exports(b, VIZ_RULE_PLEDGE_DROPPED));
	assert_int_equal(viz_store_stat_entries(b->store, VIZ_TABLE_FINDING), 2);
	free(in);
	free(o);
}

/* Makes an offer to our node, as if the location had come, and a person answers yes. */
static void pledge_yes(struct one_node *b, struct false_offer *o, struct viz_inbox *in)
{
	false_offer_to_us(b, o, 0);
	false_offer_sign(b, o);
	give(b, &o->offer);
	answer_yes(b, o, in);
	assert_true(inbox_row(b, in, o->slot));
	assert_int_equal(in->state, VIZ_INBOX_PLEDGED);
}

/* The origin acknowledges our reveal only after a RESULT that shows us as unrevealed. */
static void late_acknowledgement_shows_a_dropped_reveal(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	struct viz_inbox *in = calloc(1, sizeof *in);

	pledge_yes(b, o, in);
	tick(b, 31000);
	false_offer_sign_close(b, o, true);
	give(b, &o->close);
	assert_true(inbox_row(b, in, o->slot));
	assert_int_equal(in->state, VIZ_INBOX_REVEALED);
	tick(b, b->federation.reveal_ms);
	false_offer_sign_result(b, o, NULL);
	give(b, &o->result);
	assert_int_equal(findings(b, VIZ_SUSPICION_UNHEARD), 1);
	assert_int_equal(viz_store_stat_entries(b->store, VIZ_TABLE_FINDING), 1);
	false_offer_mail_ack(b, o, VIZ_TYPE_REVEAL_ACK, &in->pledge);
	assert_int_equal(findings(b, VIZ_RULE_REVEAL_DROPPED), 1);
	assert_true(exports(b, VIZ_RULE_REVEAL_DROPPED));
	assert_int_equal(viz_store_stat_entries(b->store, VIZ_TABLE_FINDING), 2);
	free(in);
	free(o);
}

/* A PARTNERS that is dated before a NODE that names the one before is found, whichever of the two
 * comes first. */
static void partners_dated_back_are_found(void **state)
{
	struct one_node *b = *state;
	struct viz_time then = viz_after(b->now, 1000);
	struct viz_id us = *viz_node_author(b->node);

	held_partners(b, &b->evil.names);
	tick(b, 2000);
	forge_node(&b->scratch, &b->evil, b->now);
	give(b, &b->scratch);
	assert_int_equal(findings(b, VIZ_RULE_PARTNER_BACKDATED), 0);
	forge_partners(&b->scratch, &b->evil, then, &us, then);
	give(b, &b->scratch);
	assert_int_equal(findings(b, VIZ_RULE_PARTNER_BACKDATED), 1);
	/* the NODE comes later */
	held_partners(b, &b->evil.names);
	then = viz_after(b->now, 1000);
	tick(b, 2000);
	forge_partners(&b->scratch, &b->evil, then, &us, then);
	give(b, &b->scratch);
	assert_int_equal(findings(b, VIZ_RULE_PARTNER_BACKDATED), 1);
	forge_node(&b->scratch, &b->evil, b->now);
	give(b, &b->scratch);
	assert_int_equal(findings(b, VIZ_RULE_PARTNER_BACKDATED), 2);
	assert_true(exports(b, VIZ_RULE_PARTNER_BACKDATED));
	assert_int_equal(b->closed, 0);
}

/* Two NODEs of one seq prove it to an outsider also when a newer one stands at their place. */
static void a_dead_place_is_proof_for_ever(void **state)
{
	struct one_node *b = *state;

	tick(b, 2000);
	forge_node(&b->scratch, &b->evil, b->now);
	give(b, &b->scratch);
	snprintf(b->evil.name, sizeof b->evil.name, "Another name");
	forge_node(&b->scratch, &b->evil, b->now);
	give(b, &b->scratch);
	assert_int_equal(findings(b, VIZ_RULE_EQUIVOCATION), 1);
	assert_true(exports(b, VIZ_RULE_EQUIVOCATION));
	tick(b, 2000);
	forge_node(&b->scratch, &b->evil, b->now);
	give(b, &b->scratch);
	assert_true(exports(b, VIZ_RULE_EQUIVOCATION));
	assert_int_equal(b->closed, 0);
}

/* Gives an offer to the end, with a CHOICE of nobody. */
static void ended_offer(struct one_node *b, struct false_offer *o)
{
	false_offer_to_us(b, o, 0);
	false_offer_sign(b, o);
	give(b, &o->offer);
	tick(b, 31000);
	false_offer_sign_close(b, o, false);
	give(b, &o->close);
	false_offer_sign_result(b, o, NULL);
	give(b, &o->result);
	sign_choice(b, o, 1, NULL, NULL);
	give(b, &b->scratch);
	assert_int_equal(b->closed, 0);
}

/* What is found about the offer; whether anything is. */
static bool found_of(struct one_node *b, enum viz_verdict *worst, uint64_t slot)
{
	bool any;

	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	any = viz_finding_of_offer(&b->node->core, worst, &b->evil.author, slot);
	viz_store_abort(b->store);
	return any;
}

static bool releases(struct one_node *b, uint64_t slot)
{
	bool released;

	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	released = viz_audit_room_release(&b->node->net, &b->evil.author, slot);
	viz_store_abort(b->store);
	return released;
}

/* Two CHOICEs at one place: the offer is in contradiction, and its records are not dropped. */
static void a_choice_that_is_false_is_found_of_its_offer(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	struct viz_secret opens = {{9}};
	enum viz_verdict worst;

	ended_offer(b, o);
	/* our PROTEST, that it did not hear us, is a suspicion */
	assert_true(found_of(b, &worst, o->slot));
	assert_int_equal(worst, VIZ_VERDICT_SUSPICION);
	assert_non_null(strstr(request(b, "{\"op\":\"audit.show\"}"),
			       "\"suspicion_count\":1,\"contradiction_count\":0"));
	o->choice_at[1].log = 0; /* the log goes on: it forks nowhere */
	sign_choice(b, o, 1, &opens, NULL);
	give(b, &b->scratch);
	assert_int_equal(findings(b, VIZ_RULE_EQUIVOCATION), 1);
	assert_true(found_of(b, &worst, o->slot));
	assert_int_equal(worst, VIZ_VERDICT_CONTRADICTION);
	assert_non_null(strstr(request(b, "{\"op\":\"audit.show\"}"),
			       "\"suspicion_count\":0,\"contradiction_count\":1"));
	free(o);
}

static void keep(struct one_node *b, uint64_t slot, unsigned rule, uint8_t about)
{
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	viz_finding_keep(&b->node->trust, &b->evil.author, slot, (enum viz_rule)rule,
			 VIZ_VERDICT_SUSPICION, &(struct viz_id){{about}});
	assert_int_equal(viz_store_commit(b->store), VIZ_OK);
}

/* A PROTEST of the accused, and what it owes for an offer of ours, have slots like its own offers.
 * What is found about these is not about its offer. */
static void what_has_the_slot_of_an_offer_is_not_of_it(void **state)
{
	struct one_node *b = *state;
	uint64_t slot = viz_record_slot_make(b->now, 0);
	enum viz_verdict worst;

	keep(b, slot, VIZ_RULE_EQUIVOCATION, VIZ_TYPE_PROTEST);
	keep(b, slot, VIZ_SUSPICION_KEY_ENDED, VIZ_TYPE_PROTEST);
	keep(b, slot, VIZ_RULE_TWO_PLEDGES, 3);
	keep(b, slot, VIZ_SUSPICION_UNERASED, 3);
	keep(b, slot + 256, VIZ_RULE_SALT, 3);
	assert_false(found_of(b, &worst, slot));
	assert_true(releases(b, slot));
	keep(b, slot + VIZ_CHOICES_MAX, VIZ_RULE_EQUIVOCATION, VIZ_TYPE_CHOICE);
	assert_true(found_of(b, &worst, slot));
	assert_false(releases(b, slot));
}

/* Whether audit.show says that the finding is about this offer; NULL: about none. */
static bool is_about(struct one_node *b, const char *rule, const char *lead, const char *origin)
{
	char want[160];
	char *at = strstr(request(b, "{\"op\":\"audit.show\"}"), "\"findings\":["), *end;

	assert_non_null(at);
	snprintf(want, sizeof want, "\"rule\":\"%s\"", rule);
	end = strstr(at, want);
	assert_non_null(end);
	*end = '\0'; /* what stands before it, from the finding's own id on */
	for (char *next = at; (next = strstr(next + 1, "{\"id\":\"F")) != NULL;)
		at = next;
	if (lead == NULL)
		return strstr(at, "\"lead\"") == NULL && strstr(at, "\"lead_origin\"") == NULL;
	snprintf(want, sizeof want, "\"lead\":{\"id\":\"%s\"},\"lead_origin\":{\"id\":\"viz1",
		 lead);
	at = strstr(at, want);
	snprintf(want, sizeof want, "\"name\":\"%s\"}", origin);
	return at != NULL && strstr(at, want) != NULL;
}

static void drop(struct one_node *b, uint64_t slot, unsigned rule, const struct viz_id *about)
{
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	viz_finding_drop(&b->node->trust, &b->evil.author, slot, (enum viz_rule)rule, about);
	assert_int_equal(viz_store_commit(b->store), VIZ_OK);
}

/* What is not about an offer names none, and one that is not the accused's has its origin beside
 * it: nobody looks for a lead that does not exist. */
static void a_finding_names_an_offer_that_exists(void **state)
{
	static const uint8_t types[] = {VIZ_TYPE_COVERAGE, VIZ_TYPE_VOUCH, VIZ_TYPE_PROTEST};
	struct one_node *b = *state;
	struct viz_inbox *in = calloc(1, sizeof *in);
	uint64_t slot = viz_record_slot_make(b->now, 0);
	char lead[VIZ_SLOT_TEXT_MAX];

	viz_request_slot_text(lead, slot);
	for (size_t i = 0; i < sizeof types; i++) {
		uint64_t at = types[i] == VIZ_TYPE_PROTEST ? slot : 3;

		keep(b, at, VIZ_RULE_EQUIVOCATION, types[i]);
		assert_true(is_about(b, "equivocation", NULL, ""));
		drop(b, at, VIZ_RULE_EQUIVOCATION, &(struct viz_id){{types[i]}});
	}
	keep(b, slot | 2, VIZ_RULE_EQUIVOCATION, VIZ_TYPE_CHOICE);
	assert_true(is_about(b, "equivocation", lead, "Provedor Hostil"));
	keep(b, slot, VIZ_RULE_TWO_PLEDGES, 9);
	assert_true(is_about(b, "two-pledges", NULL, ""));
	in->origin = (struct viz_id){{7}};
	in->slot = slot;
	in->offer = (struct viz_id){{9}};
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	viz_inbox_put(&b->node->core, in);
	assert_int_equal(viz_store_commit(b->store), VIZ_OK);
	assert_true(is_about(b, "two-pledges", lead, "?"));
	keep(b, slot, VIZ_SUSPICION_UNERASED, 3);
	assert_true(is_about(b, "unerased", lead, "Provedor A"));
	free(in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	    T(a_thousand_lies_are_kept_as_a_few),
	    T(partners_dated_back_are_found),
	    T(a_dead_place_is_proof_for_ever),
	    T(late_acknowledgement_shows_a_dropped_pledge),
	    T(late_acknowledgement_shows_a_dropped_reveal),
	    T(a_choice_that_is_false_is_found_of_its_offer),
	    T(what_has_the_slot_of_an_offer_is_not_of_it),
	    T(a_finding_names_an_offer_that_exists),
	};

	VIZ_REQUIRE(viz_crypto_init() == VIZ_OK);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
