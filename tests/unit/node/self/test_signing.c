/* What a node signs about itself: PARTNERS whose dates follow from each other, NODE at the instants
 * that matter, and times that never go back, whatever the clock does. */
#include "tests/unit/unit.h"

#include "node/audit/rules.h"
#include "node/core/core.h"
#include "node/core/ids.h"
#include "node/core/journal.h"
#include "node/core/place.h"
#include "node/gossip/intake.h"
#include "node/node.h"
#include "node/self/node_record.h"
#include "node/self/partners.h"
#include "node/self/statement.h"
#include "node/state.h"
#include "node/trust/identity.h"
#include "node/trust/member.h"
#include "node/trust/named.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/federation.h"
#include "proto/record.h"
#include "proto/trust.h"
#include "tests/unit/node/bed.h"

static const struct viz_id peer = {{0x77}};

static int setup(void **state)
{
	bed_setup(state);
	bed_run(*state);
	return 0;
}

/* The operator's setting for the peer changes, and PARTNERS with it. */
static int set_partner(struct bed *b, bool partner)
{
	struct viz_member *m;
	int err;

	bed_begin(b);
	m = viz_member_ensure(&b->node->trust, &peer);
	m->peer.present = true;
	m->peer.partner = partner;
	viz_peer_save(&b->node->trust, m);
	err = viz_self_partners_publish(&b->node->net);
	bed_end(b);
	return err;
}

/* Our record of this type, and its id. The bytes stay until the test ends. */
static struct viz_record own(struct bed *b, struct viz_id *id, uint8_t type)
{
	static uint8_t copies[16][4096];
	static size_t next;
	uint8_t *bytes = copies[next++ % 16];
	struct viz_record rec;
	struct viz_held held;

	bed_begin(b);
	assert_true(viz_place_get(&b->node->core, &held, &rec, viz_node_author(b->node), type, 0));
	assert_true(held.a_len <= sizeof copies[0]);
	memcpy(bytes, held.a, held.a_len);
	assert_int_equal(viz_record_parse(&rec, bytes, held.a_len), VIZ_OK);
	viz_ids_record(id, &b->node->core.federation_id, &rec);
	bed_end(b);
	return rec;
}

static const struct viz_node_body *node_body(struct bed *b)
{
	static struct viz_node_body body;

	bed_begin(b);
	assert_true(viz_member_node(&b->node->core, &body, viz_member_self(&b->node->trust)));
	bed_end(b);
	return &body;
}

static void found(void *arg, enum viz_rule rule, enum viz_verdict verdict,
		  const struct viz_id *about)
{
	(void)arg;
	(void)about;
	fail_msg("rule %d, verdict %d", rule, verdict);
}

static void partners_follow_and_node_names_them(void **state)
{
	struct bed *b = *state;
	struct viz_record rec[4];
	struct viz_id id[4], node_id, zero = {{0}};
	struct viz_partners p;
	struct viz_record node;

	for (int i = 0; i < 3; i++) {
		b->now.ms += 1000;
		assert_int_equal(set_partner(b, i != 1), VIZ_OK);
		rec[i] = own(b, &id[i], VIZ_TYPE_PARTNERS);
		node = own(b, &node_id, VIZ_TYPE_NODE);
		assert_int_equal(viz_partners_parse(&p, &rec[i]), VIZ_OK);
		assert_true(viz_id_eq(&p.previous, i > 0 ? &id[i - 1] : &zero));
		assert_true(p.log == b->node->trust.self.log && p.log == node_body(b)->log);
		assert_int_equal(rec[i].time.ms, b->now.ms);
		assert_int_equal(node.time.ms, b->now.ms);
		assert_memory_equal(&node_body(b)->partners, &id[i], sizeof id[i]);
		viz_rules_records_node(&rec[i], &node, found, NULL);
		if (i > 0)
			viz_rules_records_partners(&b->node->core.federation, &rec[i - 1], &rec[i],
						   found, NULL);
	}
	assert_int_equal(p.count, 2); /* it came back: a second entry */
	assert_int_equal(p.entry[0].removed.ms, rec[1].time.ms);
	assert_true(p.entry[1].added.ms == b->now.ms && p.entry[1].removed.ms == 0);
	/* The old entry goes when its time is over. */
	b->now.ms = rec[1].time.ms + b->node->core.federation.partner_keep_ms - 1;
	bed_run(b);
	assert_int_equal(set_partner(b, false), VIZ_OK);
	assert_int_equal(viz_member_self(&b->node->trust)->partners->count, 2);
	b->now.ms += 1;
	assert_int_equal(set_partner(b, true), VIZ_OK);
	assert_int_equal(viz_member_self(&b->node->trust)->partners->count, 2);
	rec[3] = own(b, &id[3], VIZ_TYPE_PARTNERS);
	bed_begin(b);
	assert_int_equal(viz_partners_parse(&p, &rec[3]), VIZ_OK);
	assert_true(viz_named_get(&b->node->core, &rec[2], viz_node_author(b->node), &p.previous));
	viz_rules_records_partners(&b->node->core.federation, &rec[2], &rec[3], found, NULL);
	bed_end(b);
}

/* Who is in the circle is judged at the time of a NODE, so each change of it gets one. */
static void node_is_signed_when_a_partner_counts(void **state)
{
	struct bed *b = *state;
	const struct viz_federation *f = &b->node->core.federation;
	struct viz_time effective;

	b->now.ms += 1000;
	assert_int_equal(set_partner(b, true), VIZ_OK);
	effective = viz_after(b->now, f->partner_delay_ms);
	b->now.ms = effective.ms - 1;
	bed_run(b);
	assert_int_not_equal(viz_member_self(&b->node->trust)->node_time.ms, effective.ms);
	assert_true(viz_node_deadline(b->node).ms <= effective.ms);
	bed_close(b); /* the timer is durable */
	bed_open(b);
	b->now = effective;
	bed_run(b);
	assert_int_equal(viz_member_self(&b->node->trust)->node_time.ms, effective.ms);
}

/* The journal grows with each offer. Outsiders who see it at other times could count them. */
static void the_journal_is_shown_with_the_heartbeat(void **state)
{
	struct bed *b = *state;
	struct viz_id before = node_body(b)->journal;

	b->now.ms += 1000;
	bed_begin(b);
	viz_journal_add(&b->node->core, VIZ_NOTICE_OFFER, &peer, NULL, 0);
	bed_end(b);
	assert_int_equal(set_partner(b, true), VIZ_OK);
	assert_int_equal(viz_member_self(&b->node->trust)->node_time.ms, b->now.ms);
	assert_memory_equal(&node_body(b)->journal, &before, sizeof before);
	b->now.ms += b->node->core.federation.heartbeat_ms;
	bed_run(b);
	assert_memory_equal(&node_body(b)->journal, &b->node->core.journal.head, sizeof before);
}

/* Starts the process again, with a clock that shows `ms`. */
static void start_at(struct bed *b, int64_t ms)
{
	bed_close(b);
	b->now.ms = ms;
	bed_open(b);
	bed_run(b);
}

/* Signs a statement about an offer of nobody. */
static int sign(struct bed *b, uint8_t type, struct viz_time *time)
{
	static const uint8_t body[] = {0x90};
	struct viz_record rec;
	struct viz_slice v;
	struct viz_id id;
	int err;

	bed_begin(b);
	err = viz_statement_sign(&b->node->trust, &id, type, &peer, 7, 1, body, sizeof body);
	if (err == VIZ_OK &&
	    viz_statement_get(&b->node->core, &v, &peer, 7, type, viz_node_author(b->node), 1)) {
		assert_int_equal(viz_record_parse(&rec, v.p, v.len), VIZ_OK);
		*time = rec.time;
	}
	bed_end(b);
	return err;
}

static void times_never_go_back(void **state)
{
	struct bed *b = *state;
	int64_t heartbeat = b->node->core.federation.heartbeat_ms;
	struct viz_record rec;
	struct viz_id id;
	struct viz_partners p;
	struct viz_time time;
	uint64_t log;
	int64_t last;

	b->now.ms += VIZ_DAY_MS;
	assert_int_equal(set_partner(b, true), VIZ_OK);
	last = b->now.ms;
	log = b->node->trust.self.log;
	/* A second back: we wait, but for what ends something. */
	start_at(b, last - 1000);
	assert_int_equal(viz_identity_ahead_ms(&b->node->trust), 1000);
	assert_int_equal(set_partner(b, false), VIZ_ERR_STATE);
	assert_int_equal(sign(b, VIZ_TYPE_CONTACTED, &time), VIZ_ERR_STATE);
	assert_int_equal(sign(b, VIZ_TYPE_ERASED, &time), VIZ_OK);
	assert_int_equal(time.ms, last);
	/* Further back: nothing is published until the clock has come so far again. */
	start_at(b, last - heartbeat);
	assert_int_equal(set_partner(b, false), VIZ_ERR_STATE);
	assert_true(viz_node_deadline(b->node).ms > b->now.ms);
	b->now.ms = last;
	bed_run(b);
	assert_true(b->node->trust.self.log == log);
	assert_int_equal(own(b, &id, VIZ_TYPE_PARTNERS).time.ms, last);
	/* Two changes in one millisecond: the second one is signed in the next. */
	b->now.ms++;
	assert_int_equal(set_partner(b, false), VIZ_OK);
	assert_int_equal(set_partner(b, true), VIZ_OK);
	assert_int_equal(own(b, &id, VIZ_TYPE_PARTNERS).time.ms, last + 1);
	b->now.ms++;
	bed_run(b);
	rec = own(b, &id, VIZ_TYPE_PARTNERS);
	assert_int_equal(rec.time.ms, last + 2);
	assert_true(viz_partners_parse(&p, &rec) == VIZ_OK && p.count == 2);
	assert_int_equal(p.entry[1].added.ms, last + 2);
}

/* A clock that was fast: what it dated begins anew from the last record that others may have. */
static void a_fast_clock_begins_another_log(void **state)
{
	struct bed *b = *state;
	struct viz_record good, rec, discarded;
	struct viz_id good_id, new_id, id;
	struct viz_partners p;
	int64_t now;
	uint64_t log;

	b->now.ms += 1000;
	assert_int_equal(set_partner(b, true), VIZ_OK);
	good = own(b, &good_id, VIZ_TYPE_PARTNERS);
	log = b->node->trust.self.log;
	now = b->now.ms + 60000;
	b->now.ms += 300 * VIZ_DAY_MS;
	assert_int_equal(set_partner(b, false), VIZ_OK);
	b->now.ms += 1000;
	assert_int_equal(set_partner(b, true), VIZ_OK);
	discarded = own(b, &id, VIZ_TYPE_PARTNERS);
	start_at(b, now);
	assert_true(b->node->trust.self.log != log && b->node->trust.self.log != 0);
	assert_int_equal(viz_identity_ahead_ms(&b->node->trust), 0);
	rec = own(b, &new_id, VIZ_TYPE_PARTNERS);
	assert_int_equal(viz_partners_parse(&p, &rec), VIZ_OK);
	assert_true(rec.time.ms == now && rec.seq == (uint64_t)now);
	assert_memory_equal(&p.previous, &good_id, sizeof good_id);
	assert_true(p.log == b->node->trust.self.log && p.count == 1);
	assert_int_equal(p.entry[0].added.ms, good.time.ms);
	viz_rules_records_partners(&b->node->core.federation, &good, &rec, found, NULL);
	rec = own(b, &id, VIZ_TYPE_NODE);
	assert_true(rec.time.ms == now && rec.seq == (uint64_t)now);
	assert_true(node_body(b)->log == p.log);
	/* When its time has come somebody brings the discarded PARTNERS back. */
	b->now = discarded.time;
	bed_begin(b);
	assert_int_equal(viz_intake_sync(&b->node->net, discarded.bytes - sizeof discarded.sig.b,
					 discarded.len + sizeof discarded.sig.b),
			 VIZ_OK);
	assert_true(viz_member_self(&b->node->trust)->partners->log == log);
	bed_end(b);
	bed_run(b);
	rec = own(b, &id, VIZ_TYPE_PARTNERS);
	assert_int_equal(viz_partners_parse(&p, &rec), VIZ_OK);
	assert_true(p.log == b->node->trust.self.log && rec.seq > discarded.seq);
	assert_memory_equal(&p.previous, &new_id, sizeof new_id);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(partners_follow_and_node_names_them, setup,
					    bed_teardown),
	    cmocka_unit_test_setup_teardown(node_is_signed_when_a_partner_counts, setup,
					    bed_teardown),
	    cmocka_unit_test_setup_teardown(the_journal_is_shown_with_the_heartbeat, setup,
					    bed_teardown),
	    cmocka_unit_test_setup_teardown(times_never_go_back, setup, bed_teardown),
	    cmocka_unit_test_setup_teardown(a_fast_clock_begins_another_log, setup, bed_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
