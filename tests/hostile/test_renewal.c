/* Puppets that replace their records without end: they cost the checks that their voucher may
 * cause, however many they are, and nobody else is held up. */
#include "crypto/crypto.h"
#include "node/core/event.h"
#include "node/gossip/gossip.h"
#include "node/link/link.h"
#include "node/state.h"
#include "node/trust/member.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "tests/hostile/one_node.h"

#define PUPPETS      6
#define LINK_VOUCHER 8

/* Beside the false peer, which is a partner: an honest partner, and a member that is none. */
struct crowd {
	struct forge voucher, misled, honest, puppet[PUPPETS];
};

static void come(struct one_node *b, struct forge *by, uint64_t slot, struct forge *f)
{
	forge_author(f, &b->federation, &b->rng);
	b->now.ms += 1000;
	forge_vouch(&b->scratch, by, slot, b->now, &f->author, false);
	give_on(b, LINK_VOUCHER, &b->scratch);
	forge_node(&b->scratch, f, b->now);
	give_on(b, LINK_VOUCHER, &b->scratch);
	forge_vouch(&b->scratch, f, 0, b->now, &by->author, false);
	give_on(b, LINK_VOUCHER, &b->scratch);
	assert_true(viz_member_find(&b->node->trust, &f->author)->member);
}

static void cover(struct one_node *b, const struct forge *f, uint32_t what)
{
	b->now.ms++;
	forge_coverage(&b->scratch, f, 0, b->now, 1, what);
	give_on(b, LINK_VOUCHER, &b->scratch);
}

static struct crowd *crowd_make(struct one_node *b)
{
	struct crowd *c = calloc(1, sizeof *c);

	assert_non_null(c);
	befriend(b, &c->voucher, LINK_VOUCHER);
	come(b, &c->voucher, 1, &c->misled);
	come(b, &c->voucher, 2, &c->honest);
	cover(b, &c->honest, 0);
	for (unsigned i = 0; i < PUPPETS; i++) {
		come(b, &c->misled, 1 + i, &c->puppet[i]);
		cover(b, &c->puppet[i], 0);
	}
	return c;
}

static struct viz_part *renewals(struct one_node *b, const struct forge *f)
{
	return &viz_member_find(&b->node->trust, &f->author)->part[VIZ_PART_RENEWALS];
}

static uint64_t checked(struct one_node *b)
{
	return b->node->gossip.intake.checked;
}

static uint64_t accepted(struct one_node *b)
{
	return b->node->gossip.intake.accepted;
}

/* Their voucher's part is used up but for some. */
static void puppets_cost_what_one_voucher_may(void **state)
{
	struct one_node *b = *state;
	struct crowd *c = crowd_make(b);
	uint64_t before, taken;

	cover(b, &c->puppet[0], 1);
	assert_int_equal(renewals(b, &c->puppet[0])->count, 1);
	assert_int_equal(renewals(b, &c->misled)->count, 1);
	renewals(b, &c->misled)->count = renewals(b, &c->voucher)->count = VIZ_RENEWALS / 3 - 8;
	viz_member_find(&b->node->trust, viz_node_author(b->node))->part[VIZ_PART_RENEWALS].count =
	    VIZ_RENEWALS / 3 - 8;
	before = checked(b);
	for (unsigned i = 0; i < 50 * PUPPETS; i++)
		cover(b, &c->puppet[i % PUPPETS], 100 + i);
	print_message("# %llu checks\n", (unsigned long long)(checked(b) - before));
	assert_in_range(checked(b) - before, 4, 32);
	assert_int_equal(b->closed, 0);
	/* an honest one that came in by the same voucher, and one with whom we deal */
	taken = accepted(b);
	for (unsigned i = 0; i < 50; i++)
		cover(b, &c->honest, 1 + i);
	assert_int_equal(accepted(b) - taken, 50);
	for (unsigned i = 0; i < 50; i++)
		cover(b, &c->voucher, 1 + i);
	assert_int_equal(accepted(b) - taken, 100);
	/* the puppets come again with time */
	tick(b, VIZ_PART_HALF_MS);
	taken = accepted(b);
	cover(b, &c->puppet[0], 7);
	assert_int_equal(accepted(b) - taken, 1);
	free(c);
}

/* What comes in one moment is counted before it is checked. */
static void all_that_come_at_once_count(void **state)
{
	struct one_node *b = *state;
	struct crowd *c = crowd_make(b);
	struct viz_event *ev = calloc(PUPPETS * 4, sizeof *ev);
	uint64_t before;
	size_t n = 0;

	assert_non_null(ev);
	viz_member_find(&b->node->trust, &c->puppet[0].author)->updates =
	    (VIZ_UPDATES_BURST - 2) * 1000;
	viz_member_find(&b->node->trust, &c->puppet[0].author)->updates_at = b->now;
	before = checked(b);
	for (unsigned i = 0; i < PUPPETS * 4; i++) {
		forge_coverage(&b->scratch, &c->puppet[0], 0, viz_after(b->now, i + 1), 1, i);
		add_event(ev, &n, LINK_VOUCHER, &b->scratch);
	}
	run(b, ev, n);
	assert_int_equal(checked(b) - before, 2);
	assert_int_equal(b->closed, 0);
	free_events(ev, n);
	free(c);
}

/* Nobody is charged for what it has not signed. */
static void a_bad_signature_is_given_back(void **state)
{
	struct one_node *b = *state;
	struct crowd *c = crowd_make(b);

	cover(b, &c->honest, 1);
	b->now.ms++;
	forge_coverage(&b->scratch, &c->honest, 0, b->now, 1, 2);
	b->scratch.bytes[5] ^= 1;
	give_on(b, LINK_VOUCHER, &b->scratch);
	assert_int_equal(b->closed, 1);
	assert_int_equal(renewals(b, &c->honest)->count, 1);
	assert_in_range(viz_member_find(&b->node->trust, &c->honest.author)->updates, 900, 1000);
	free(c);
}

/* A heartbeat costs the others nothing. NODEs that come one after the other do. */
static void heartbeats_are_free(void **state)
{
	struct one_node *b = *state;
	struct crowd *c = crowd_make(b);

	tick(b, b->federation.heartbeat_ms / 2);
	forge_node(&b->scratch, &c->honest, b->now);
	give_on(b, LINK_VOUCHER, &b->scratch);
	assert_int_equal(renewals(b, &c->honest)->count, 0);
	b->now.ms += 1000;
	forge_node(&b->scratch, &c->honest, b->now);
	give_on(b, LINK_VOUCHER, &b->scratch);
	assert_int_equal(renewals(b, &c->honest)->count, 1);
	free(c);
}

/* Puppets on links of their own bring more new records at once than are checked, and those behind
 * their voucher have had their part of what is announced: half of the places is left to others. */
static void new_records_leave_places_to_others(void **state)
{
	struct one_node *b = *state;
	struct crowd *c = crowd_make(b);
	struct viz_event *ev = calloc(4 * VIZ_VERIFY_OTHERS_LINK + 1, sizeof *ev);
	uint64_t before, last;
	size_t n = 0;

	assert_non_null(ev);
	for (unsigned i = 0; i < 4; i++)
		come_in_as(b, &c->puppet[i], 20 + i, NULL);
	come_in_as(b, &c->honest, 30, NULL);
	tick(b, 10000);
	viz_member_find(&b->node->trust, &c->misled.author)->part[VIZ_PART_NEWS] =
	    (struct viz_part){(uint64_t)b->now.ms / VIZ_PART_HALF_MS, VIZ_NEWS};
	for (unsigned i = 0; i < 4 * VIZ_VERIFY_OTHERS_LINK; i++) {
		forge_coverage(&b->scratch, &c->puppet[i % 4], 1 + i / 4, b->now, 1, 0);
		add_event(ev, &n, 20 + i % 4, &b->scratch);
	}
	forge_coverage(&b->scratch, &c->honest, 1, b->now, 1, 0);
	add_event(ev, &n, 30, &b->scratch);
	before = accepted(b);
	last = checked(b);
	run(b, ev, n);
	assert_int_equal(checked(b) - last, VIZ_VERIFY_INBOUND / 2 + 1);
	assert_int_equal(accepted(b) - before, VIZ_VERIFY_INBOUND / 2 + 1);
	assert_int_equal(b->closed, 0);
	free_events(ev, n);
	free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	    T(puppets_cost_what_one_voucher_may),  T(all_that_come_at_once_count),
	    T(a_bad_signature_is_given_back),      T(heartbeats_are_free),
	    T(new_records_leave_places_to_others),
	};

	VIZ_REQUIRE(viz_crypto_init() == VIZ_OK);
	return cmocka_run_group_tests_name("renewal", tests, NULL, NULL);
}
