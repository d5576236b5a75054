/* The five tables of node/handlers.c: each kind that may arrive has its handlers, in their order,
 * and no other kind has one. */
#include "tests/unit/unit.h"

#include "node/audit/evidence.h"
#include "node/audit/judge.h"
#include "node/audit/judge_records.h"
#include "node/audit/protest.h"
#include "node/audit/suspect.h"
#include "node/core/due.h"
#include "node/coverage/ack.h"
#include "node/coverage/index.h"
#include "node/gossip/compare.h"
#include "node/gossip/fetch.h"
#include "node/gossip/intake.h"
#include "node/gossip/log.h"
#include "node/gossip/protest.h"
#include "node/gossip/protests.h"
#include "node/gossip/repair.h"
#include "node/gossip/spread.h"
#include "node/gossip/want.h"
#include "node/gossip/wanted.h"
#include "node/handlers.h"
#include "node/inbox/handoff.h"
#include "node/inbox/holding.h"
#include "node/inbox/location.h"
#include "node/inbox/offer.h"
#include "node/inbox/result.h"
#include "node/inbox/state.h"
#include "node/lead/answers.h"
#include "node/lead/lease.h"
#include "node/lead/end.h"
#include "node/lead/holder.h"
#include "node/lead/protest.h"
#include "node/lead/serve.h"
#include "node/lead/state.h"
#include "node/lead/waiting.h"
#include "node/link/full.h"
#include "node/link/mail.h"
#include "node/link/message.h"
#include "node/link/net.h"
#include "node/link/token.h"
#include "node/self/node_record.h"
#include "node/self/partners.h"
#include "node/self/last.h"
#include "node/self/statement.h"
#include "proto/message.h"
#include "proto/record.h"

static bool known(const char *name)
{
	return strcmp(name, "?") != 0;
}

/* What each row must be. Another handler, another order, or one that is missing, is found here even
 * if no node notices it at once. Costs are not compared. */
static const struct viz_message_handler expected_message[VIZ_MESSAGE_KIND_MAX + 1] = {
    [VIZ_MESSAGE_RECORD] = {viz_intake_message, .guest = true},
    [VIZ_MESSAGE_WANT] = {viz_want_received},
    [VIZ_MESSAGE_ANNOUNCE] = {viz_fetch_announced},
    [VIZ_MESSAGE_MAIL] = {viz_mail_received},
    [VIZ_MESSAGE_MAIL_ACK] = {viz_mail_acked},
    [VIZ_MESSAGE_HEAD] = {viz_gossip_log_head},
    [VIZ_MESSAGE_LOG_ASK] = {viz_gossip_log_asked},
    [VIZ_MESSAGE_LOG] = {viz_gossip_log_stubs},
    [VIZ_MESSAGE_LOG_WANT] = {viz_gossip_log_wanted},
    [VIZ_MESSAGE_PROTESTS] = {viz_gossip_protests_received},
    [VIZ_MESSAGE_CLOCK] = {viz_link_full_clock, .guest = true},
    [VIZ_MESSAGE_MEMBER] = {viz_link_full_heard, .guest = true},
    [VIZ_MESSAGE_TOKEN] = {viz_link_token_shown, .guest = true},
    [VIZ_MESSAGE_TOKEN_END] = {viz_link_token_ended, .guest = true},
    [VIZ_MESSAGE_CLONE] = {viz_link_full_clone},
    [VIZ_MESSAGE_LAST] = {viz_last_received},
    [VIZ_MESSAGE_TREE] = {viz_compare_tree},
    [VIZ_MESSAGE_BUCKETS] = {viz_repair_buckets},
    [VIZ_MESSAGE_BUCKET] = {viz_compare_bucket},
    [VIZ_MESSAGE_AUTHOR] = {viz_repair_author},
    [VIZ_MESSAGE_OFFER_ASK] = {viz_wanted_asked},
};

static const struct viz_mail_handler expected_mail[VIZ_MAIL_KIND_MAX + 1] = {
    [VIZ_MAIL_STATEMENT] = {viz_statement_received, .ends = viz_statement_frees_space},
    [VIZ_MAIL_VIEW_ASK] = {viz_lead_serve_view},
    [VIZ_MAIL_VIEW_ITEMS_ASK] = {viz_lead_serve_view_items},
    [VIZ_MAIL_VIEW_ITEMS] = {viz_audit_evidence_items_received, .answer = true, .bulk = true},
    [VIZ_MAIL_VIEW] = {viz_audit_evidence_view_received, .answer = true, .bulk = true},
    [VIZ_MAIL_EVIDENCE_ASK] = {viz_lead_serve_evidence},
    [VIZ_MAIL_EVIDENCE] = {viz_audit_evidence_received, .answer = true, .bulk = true},
    [VIZ_MAIL_LOCATION_ASK] = {viz_lead_serve_location},
    [VIZ_MAIL_LOCATION] = {viz_inbox_location, viz_lead_serve_compose_location, .answer = true},
    [VIZ_MAIL_LOCATION_REFUSED] = {viz_inbox_location_refused, .answer = true},
    [VIZ_MAIL_HANDOFF] = {viz_inbox_handoff, viz_lead_serve_compose_handoff},
    [VIZ_MAIL_LEASE_ASK] = {viz_lead_lease_asked},
    [VIZ_MAIL_STATE] = {viz_inbox_state_asked, .judge = viz_lead_state_told, .answer = true},
    [VIZ_MAIL_PLEDGE] = {viz_lead_answers_pledge_received, .judge = viz_audit_judge_pledge},
};

#define ABOUT_ITS_AUTHOR .learn = viz_intake_learn, .gone = viz_intake_forget

static const struct viz_record_handler expected_record[VIZ_TYPE_STATEMENT_MIN] = {
    [VIZ_TYPE_NODE] = {viz_judge_records_node, ABOUT_ITS_AUTHOR,
		       .act = {viz_gossip_log_node, viz_suspect_node}},
    [VIZ_TYPE_SUCCESSION] = {ABOUT_ITS_AUTHOR},
    [VIZ_TYPE_REVOCATION] = {ABOUT_ITS_AUTHOR},
    [VIZ_TYPE_VOUCH] = {ABOUT_ITS_AUTHOR},
    [VIZ_TYPE_PARTNERS] = {viz_judge_records_partners, viz_suspect_node_partners, ABOUT_ITS_AUTHOR,
			   .act = {viz_node_record_partners}},
    [VIZ_TYPE_COVERAGE] = {.held = viz_coverage_index_put,
			   .gone = viz_coverage_index_drop,
			   .act = {viz_coverage_ack_send, viz_lead_waiting_coverage_received}},
    [VIZ_TYPE_OFFER] = {.held = viz_gossip_log_held,
			.act = {viz_inbox_offer},
			.judge = viz_audit_judge_offer},
    [VIZ_TYPE_CLOSE] = {.held = viz_gossip_log_held,
			.act = {viz_inbox_result_close_received},
			.judge = viz_audit_evidence_close},
    [VIZ_TYPE_RESULT] = {.held = viz_gossip_log_held,
			 .act = {viz_inbox_result},
			 .judge = viz_audit_judge_result},
    [VIZ_TYPE_CHOICE] = {.held = viz_gossip_log_held,
			 .act = {viz_inbox_result_choice_received},
			 .judge = viz_audit_judge_result},
    [VIZ_TYPE_PROTEST] = {.held = viz_gossip_protest_held,
			  .gone = viz_gossip_protest_gone,
			  .act = {viz_lead_protest_received, viz_audit_protest_received}},
};

static const struct viz_statement_handler expected_statement[UINT8_MAX + 1] = {
    [VIZ_TYPE_RECEIPT] = {.inside = true},
    [VIZ_TYPE_COVERAGE_ACK] = {{viz_coverage_ack_received}},
    [VIZ_TYPE_PLEDGE] = {.inside = true},
    [VIZ_TYPE_PLEDGE_ACK] = {{viz_inbox_result_ack_received, viz_audit_judge_ack}},
    [VIZ_TYPE_REVEAL] = {{viz_lead_answers_reveal_received}},
    [VIZ_TYPE_REVEAL_ACK] = {{viz_inbox_result_ack_received, viz_audit_judge_ack}},
    [VIZ_TYPE_AWARD] = {.inside = true},
    [VIZ_TYPE_HANDOFF_ACK] = {{viz_lead_holder_ack_received}},
    [VIZ_TYPE_LEASE] = {{viz_inbox_holding_lease_received}},
    [VIZ_TYPE_CONTACTED] = {{viz_lead_holder_contacted_received}},
    [VIZ_TYPE_OUTCOME] = {{viz_lead_holder_outcome_received}},
    [VIZ_TYPE_RELEASE] = {{viz_lead_holder_release_received}},
    [VIZ_TYPE_WITHDRAWAL] = {{viz_inbox_handoff_withdrawn}},
    [VIZ_TYPE_ERASED] = {{viz_lead_holder_erased_received}},
    [VIZ_TYPE_PROOF] = {.inside = true},
};

/* `name` is the kind of the row, `field` what must be the same in `row` and `expected`. */
#define SAME(name, field)                                                                          \
	do {                                                                                       \
		if (row->field != expected->field)                                                 \
			fail_msg("handlers.c: row of %s: another `%s` than expected", name,        \
				 #field);                                                          \
	} while (0)

static void same_message(unsigned kind)
{
	const struct viz_message_handler *row = &viz_handlers.message[kind];
	const struct viz_message_handler *expected = &expected_message[kind];

	SAME(viz_message_name(kind), take);
	SAME(viz_message_name(kind), guest);
}

static void messages(void **state)
{
	(void)state;
	assert_false(known(viz_message_name(0)));
	assert_false(known(viz_message_name(VIZ_MESSAGE_KIND_MAX + 1)));
	assert_null(viz_handlers.message[0].take);
	for (unsigned kind = 1; kind <= VIZ_MESSAGE_KIND_MAX; kind++) {
		assert_int_equal(known(viz_message_name(kind)), viz_message_elements(kind) != 0);
		if (viz_message_elements(kind) == 0) {
			assert_null(viz_handlers.message[kind].take);
			continue;
		}
		if (!viz_handlers.message[kind].take)
			fail_msg("handlers.c: no row of message %s", viz_message_name(kind));
		same_message(kind);
	}
}

static void same_mail(unsigned kind)
{
	const struct viz_mail_handler *row = &viz_handlers.mail[kind];
	const struct viz_mail_handler *expected = &expected_mail[kind];

	SAME(viz_message_mail_name(kind), take);
	SAME(viz_message_mail_name(kind), compose);
	SAME(viz_message_mail_name(kind), judge);
	SAME(viz_message_mail_name(kind), ends);
	SAME(viz_message_mail_name(kind), answer);
	SAME(viz_message_mail_name(kind), bulk);
}

static void mails(void **state)
{
	(void)state;
	assert_false(known(viz_message_mail_name(0)));
	assert_false(known(viz_message_mail_name(VIZ_MAIL_KIND_MAX + 1)));
	assert_null(viz_handlers.mail[0].take);
	for (unsigned kind = 1; kind <= VIZ_MAIL_KIND_MAX; kind++) {
		const struct viz_mail_handler *h = &viz_handlers.mail[kind];
		bool personal = kind == VIZ_MAIL_LOCATION || kind == VIZ_MAIL_HANDOFF;

		if (!known(viz_message_mail_name(kind))) {
			assert_null(h->take);
			continue;
		}
		if (!h->take)
			fail_msg("handlers.c: no row of mail %s", viz_message_mail_name(kind));
		assert_true(h->cost > 0);
		/* personal mail is not stored in the outbox, and its length is hidden */
		assert_int_equal(h->compose != NULL, personal);
		assert_int_equal(h->pad, personal ? VIZ_PAD_CLASS
					 : kind == VIZ_MAIL_PLEDGE ||
						 kind == VIZ_MAIL_LOCATION_ASK ||
						 kind == VIZ_MAIL_LOCATION_REFUSED
					     ? VIZ_PAD_SMALL
					     : 0);
		same_mail(kind);
	}
}

static bool has_row(const struct viz_record_handler *h)
{
	return h->before || h->held || h->gone || h->learn || h->act[0];
}

static void same_record(unsigned type)
{
	const struct viz_record_handler *row = &viz_handlers.record[type];
	const struct viz_record_handler *expected = &expected_record[type];

	SAME(viz_record_type_name(type), before);
	SAME(viz_record_type_name(type), held);
	SAME(viz_record_type_name(type), learn);
	SAME(viz_record_type_name(type), act[0]);
	SAME(viz_record_type_name(type), act[1]);
	SAME(viz_record_type_name(type), gone);
}

static void records(void **state)
{
	(void)state;
	for (unsigned type = 0; type < VIZ_TYPE_STATEMENT_MIN; type++) {
		const struct viz_record_handler *h = &viz_handlers.record[type];

		if (has_row(h) != known(viz_record_type_name(type)))
			fail_msg("handlers.c: record type %u (%s) %s", type,
				 viz_record_type_name(type),
				 has_row(h) ? "does not exist" : "has no row");
		same_record(type);
	}
}

static void same_statement(unsigned type)
{
	const struct viz_statement_handler *row = &viz_handlers.statement[type];
	const struct viz_statement_handler *expected = &expected_statement[type];

	SAME(viz_record_type_name(type), take[0]);
	SAME(viz_record_type_name(type), take[1]);
	SAME(viz_record_type_name(type), inside);
}

static void statements(void **state)
{
	(void)state;
	for (unsigned type = 0; type <= UINT8_MAX; type++) {
		const struct viz_statement_handler *h = &viz_handlers.statement[type];
		bool statement =
		    type >= VIZ_TYPE_STATEMENT_MIN && known(viz_record_type_name(type));

		if ((h->take[0] || h->inside) != statement)
			fail_msg("handlers.c: statement type %u (%s) %s", type,
				 viz_record_type_name(type),
				 statement ? "has no row" : "does not exist");
		same_statement(type);
	}
}

static void timers_and_links(void **state)
{
	(void)state;
	assert_null(viz_handlers.due[0]);
	for (unsigned kind = 1; kind <= VIZ_DUE_KIND_MAX; kind++)
		if (!viz_handlers.due[kind])
			fail_msg("handlers.c: no row of timer %u (core/due.h)", kind);
	assert_ptr_equal(viz_handlers.due[VIZ_DUE_LEAD], viz_lead_end_due);
	assert_ptr_equal(viz_handlers.due[VIZ_DUE_INBOX], viz_inbox_result_due);
	assert_ptr_equal(viz_handlers.due[VIZ_DUE_NODE], viz_partners_due);
	assert_ptr_equal(viz_handlers.link->greet, viz_spread_greet);
	assert_ptr_equal(viz_handlers.link->compare, viz_repair_begin);
	assert_ptr_equal(viz_handlers.link->hello_record, viz_intake_hello);
	assert_ptr_equal(viz_handlers.equivocation, viz_judge_records_equivocation);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(messages),         cmocka_unit_test(mails),
	    cmocka_unit_test(records),          cmocka_unit_test(statements),
	    cmocka_unit_test(timers_and_links),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
