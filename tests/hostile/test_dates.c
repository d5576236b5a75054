/* The dates of PARTNERS and NODE: those that a false partner forges, and those that an honest one
 * may have. */
#include "tests/hostile/one_node.h"

#include "crypto/crypto.h"
#include "node/audit/suspicion.h"
#include "node/core/core.h"
#include "node/core/event.h"
#include "node/core/ids.h"
#include "node/core/place.h"
#include "node/inbox/inbox.h"
#include "node/lead/draw.h"
#include "node/lead/lead.h"
#include "node/trust/member.h"
#include "node/link/mail.h"
#include "node/node.h"
#include "node/offer/commitment.h"
#include "node/offer/view.h"
#include "node/self/statement.h"
#include "node/state.h"
#include "node/trust/items.h"
#include "node/trust/live.h"
#include "proto/limits.h"
#include "proto/mail.h"
#include "proto/offer.h"
#include "proto/record.h"
#include "proto/statement.h"
#include "proto/trust.h"
#include "proto/writer.h"
#include "store/stat.h"
#include "store/store.h"
#include "store/tables.h"
#include "tests/hostile/one_lead.h"
#include "tests/hostile/one_offer.h"

/* A PARTNERS with many entries for us makes us sign a NODE at each of their instants. */
static void dates_of_others_flood_no_nodes(void **state)
{
	struct one_node *b = *state;
	struct viz_partners *p = calloc(1, sizeof *p);
	uint8_t *body = malloc(VIZ_RECORD_MAX);
	struct viz_writer w;
	size_t records;
	int64_t base;

	tick(b, 1000);
	/* removed and added again each 4 ms, so that the instants lie in the next two seconds */
	base = b->now.ms - PARTNER_DELAY_MS + 100;
	p->log = 1;
	p->previous.b[0] = 1;
	p->count = VIZ_PARTNERS_MAX;
	for (size_t i = 0; i < p->count; i++) {
		p->entry[i].id = *viz_node_author(b->node);
		p->entry[i].added.ms = base + (int64_t)i * 8;
		p->entry[i].removed.ms = i + 1 < p->count ? base + (int64_t)i * 8 + 4 : 0;
	}
	viz_writer_init(&w, body, VIZ_RECORD_MAX);
	viz_partners_write(&w, p);
	forge_record(&b->scratch, &b->evil, VIZ_TYPE_PARTNERS, 0, b->now, &w);
	give(b, &b->scratch);
	assert_int_equal(b->closed, 0);
	records = b->records;
	for (unsigned i = 0; i < 2500; i++)
		tick(b, 1);
	print_message("# NODEs in 2.5 s, from one PARTNERS: %zu\n", b->records - records);
	assert_true(b->records - records < 10);
	free(body);
	free(p);
}

static uint64_t all_findings(struct one_node *b)
{
	return viz_store_stat_entries(b->store, VIZ_TABLE_FINDING);
}

/* A PARTNERS that names as previous one that nobody has: an old entry gets another date, and a
 * partner of a minute ago is effective now. */
static void unchained(struct one_node *b, bool left_out, uint64_t log)
{
	struct viz_partners *p = calloc(1, sizeof *p);
	uint8_t body[512];
	struct viz_writer w;

	held_partners(b, &b->evil.names);
	b->now.ms += 1000;
	/* an honest one: it follows from the one before */
	forge_node(&b->scratch, &b->evil, b->now);
	give(b, &b->scratch);
	b->now.ms += 1000;
	p->log = log;
	p->previous = (struct viz_id){{9, 9, 9}};
	p->count = !left_out;
	/* we are removed since long before the PARTNERS that we hold, which does not say so */
	p->entry[0].id = *viz_node_author(b->node);
	p->entry[0].added.ms = 1000;
	p->entry[0].removed.ms = b->now.ms - 3 * PARTNER_DELAY_MS;
	viz_writer_init(&w, body, sizeof body);
	viz_partners_write(&w, p);
	forge_record(&b->scratch, &b->evil, VIZ_TYPE_PARTNERS, 0, b->now, &w);
	give(b, &b->scratch);
	assert_int_equal(b->closed, 0);
	/* the removal acts at once, without the delay */
	assert_true(all_findings(b) > 0);
	free(p);
}

static void a_date_needs_a_chain(void **state)
{
	unchained(*state, false, 1);
}

static void an_entry_is_not_left_out(void **state)
{
	unchained(*state, true, 1);
}

/* As partners_dated_back_are_found of test_audit.c, but the NODE that names the new one is sent
 * before it. */
static void a_newer_node_hides_no_backdating(void **state)
{
	struct one_node *b = *state;
	struct viz_time then = viz_after(b->now, 1000);
	struct viz_id us = *viz_node_author(b->node);
	struct forged *partners = calloc(1, sizeof *partners);

	held_partners(b, &b->evil.names);
	tick(b, 2000);
	forge_node(&b->scratch, &b->evil, b->now); /* names the old one, later than `then` */
	give(b, &b->scratch);
	forge_partners(partners, &b->evil, then, &us, then); /* its previous is the old one */
	tick(b, 2000);
	b->evil.names = partners->id;
	forge_node(&b->scratch, &b->evil, b->now);
	give(b, &b->scratch); /* first the NODE that names the new one */
	give(b, partners);
	assert_int_equal(b->closed, 0);
	assert_int_equal(findings(b, VIZ_RULE_PARTNER_BACKDATED), 1);
	free(partners);
}

static const struct viz_id nobody_has = {{9, 9, 9}};

/* A date of a PARTNERS that was never shown: no record that is held has it as its own time. But
 * later NODEs name a PARTNERS without it. */
static void a_date_that_nobody_saw(void **state)
{
	struct one_node *b = *state;
	struct viz_time then = viz_after(b->now, 1000);

	held_partners(b, &b->evil.names);
	for (unsigned i = 0; i < 3; i++) { /* honest ones, until the removal would be effective */
		tick(b, PARTNER_DELAY_MS / 3 + 1000);
		forge_node(&b->scratch, &b->evil, b->now);
		give(b, &b->scratch);
	}
	assert_int_equal(all_findings(b), 0);
	tick(b, 1000);
	give_partners_again(b, b->evil.log, &nobody_has, then);
	assert_int_equal(findings(b, VIZ_RULE_PARTNER_BACKDATED), 1);
	assert_true(exports(b, VIZ_RULE_PARTNER_BACKDATED));
}

/* Likewise, and before it one that says nothing new, of the same log or of another one, takes the
 * place of the one that the NODE names. */
static void hidden_behind(struct one_node *b, uint64_t log)
{
	struct viz_time then = viz_after(b->now, 2000);

	held_partners(b, &b->evil.names);
	tick(b, 1000);
	give_partners_again(b, log, &nobody_has, (struct viz_time){0});
	tick(b, 9000);
	forge_node(&b->scratch, &b->evil, b->now);
	give(b, &b->scratch);
	tick(b, 1000);
	give_partners_again(b, b->evil.log, &nobody_has, then);
	assert_true(findings(b, VIZ_RULE_PARTNER_BACKDATED) > 0);
	assert_true(exports(b, VIZ_RULE_PARTNER_BACKDATED));
}

static void hidden_behind_another(void **state)
{
	hidden_behind(*state, 1);
}

static void hidden_behind_another_log(void **state)
{
	hidden_behind(*state, 77);
}

/* Before it an author makes us keep as many NODEs as we do: that is told, and what is found is
 * proved all the same. */
static void a_flood_of_nodes_hides_no_proof(void **state)
{
	struct one_node *b = *state;
	struct viz_id us = *viz_node_author(b->node), old;
	struct forged *partners = calloc(1, sizeof *partners);
	struct viz_time then;

	held_partners(b, &old);
	for (unsigned i = 0; i < VIZ_NAMED_PER_AUTHOR + 20; i++) {
		b->now.ms += 1000;
		b->evil.names = (struct viz_id){{1, (uint8_t)i, (uint8_t)(i >> 8)}};
		forge_node(&b->scratch, &b->evil, b->now);
		give(b, &b->scratch);
	}
	assert_int_equal(findings(b, VIZ_SUSPICION_SHARE_FULL), 1);
	b->evil.names = old;
	then = viz_after(b->now, 1000);
	tick(b, 2000);
	forge_node(&b->scratch, &b->evil, b->now); /* names the old one, later than `then` */
	give(b, &b->scratch);
	forge_partners(partners, &b->evil, then, &us, then); /* its previous is the old one */
	give(b, partners);
	assert_true(findings(b, VIZ_RULE_PARTNER_BACKDATED) > 0);
	tick(b, 2000);
	b->evil.names = partners->id;
	forge_node(&b->scratch, &b->evil, b->now);
	give(b, &b->scratch); /* another NODE stands at the place now */
	assert_true(exports(b, VIZ_RULE_PARTNER_BACKDATED));
	free(partners);
}

/* A partner removes us and adds us again, and then leaves. Its first entry is effective until the
 * delay is over, so by the view it must stand in a list, or we omit it (rule 14). */
static void who_comes_back_and_leaves_is_listed(void **state)
{
	struct one_node *b = *state;
	struct viz_lead_draw *draw = calloc(1, sizeof *draw);
	struct viz_partners *p = calloc(1, sizeof *p);
	const struct viz_area area = {.municipality = 3201209};
	const struct viz_partner_entry *e;
	struct viz_member *m;
	struct viz_record rec;
	struct viz_held held;
	uint8_t body[512];
	struct viz_writer w;
	struct forge other;

	offer_to_two(b, &other);
	b->now.ms += 1000;
	m = evil(b);
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	assert_true(viz_place_get(&b->node->core, &held, &rec, &m->id, VIZ_TYPE_PARTNERS, 0));
	assert_int_equal(viz_partners_parse(p, &rec), VIZ_OK);
	viz_store_abort(b->store);
	assert_int_equal(p->count, 1);
	held_partners(b, &p->previous);
	p->entry[0].removed = b->now;
	p->entry[1] = (struct viz_partner_entry){.id = p->entry[0].id, .added = b->now};
	p->count = 2;
	viz_writer_init(&w, body, sizeof body);
	viz_partners_write(&w, p);
	forge_record(&b->scratch, &b->evil, VIZ_TYPE_PARTNERS, 0, b->now, &w);
	give(b, &b->scratch);
	assert_int_equal(all_findings(b), 0); /* it follows from the one before */
	b->now.ms += 1000;
	assert_true(viz_live_partner(&b->node->trust, &b->evil.author));
	forge_vouch(&b->scratch, &b->evil, 0, b->now, viz_node_author(b->node), true);
	give(b, &b->scratch);
	tick(b, 61000); /* who leaves may be treated as a member for a minute */
	m = evil(b);
	assert_false(viz_live_partner(&b->node->trust, &b->evil.author));
	e = viz_member_lists_us(&b->node->core, m, b->now);
	assert_non_null(e); /* rule 14 sees a partner */
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	viz_lead_draw_preview(&b->node->net, draw, &area);
	viz_store_abort(b->store);
	assert_int_equal(draw->silent_count, 1);
	free(p);
	free(draw);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	    T(dates_of_others_flood_no_nodes),   T(a_date_needs_a_chain),
	    T(an_entry_is_not_left_out),         T(a_flood_of_nodes_hides_no_proof),
	    T(a_newer_node_hides_no_backdating), T(who_comes_back_and_leaves_is_listed),
	    T(a_date_that_nobody_saw),           T(hidden_behind_another),
	    T(hidden_behind_another_log),
	};

	VIZ_REQUIRE(viz_crypto_init() == VIZ_OK);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
