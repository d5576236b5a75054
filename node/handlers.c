/* Which function takes what arrives. This file has no logic: a row names the functions, and their
 * headers say what they do. The types of the rows are explained in link/net.h and in the headers it
 * names. tests/unit/node/test_handlers.c finds a kind without a row. */
#include "node/handlers.h"

#include "node/audit/evidence.h"
#include "node/audit/judge.h"
#include "node/audit/judge_records.h"
#include "node/audit/log.h"
#include "node/audit/protest.h"
#include "node/audit/room.h"
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
#include "node/inbox/handoff.h"
#include "node/inbox/holding.h"
#include "node/inbox/location.h"
#include "node/inbox/offer.h"
#include "node/inbox/protest.h"
#include "node/inbox/result.h"
#include "node/inbox/state.h"
#include "node/lead/answers.h"
#include "node/lead/customer.h"
#include "node/lead/draw.h"
#include "node/lead/end.h"
#include "node/lead/holder.h"
#include "node/lead/lease.h"
#include "node/lead/protest.h"
#include "node/lead/serve.h"
#include "node/lead/state.h"
#include "node/lead/waiting.h"
#include "node/link/dial.h"
#include "node/link/full.h"
#include "node/link/mail.h"
#include "node/link/message.h"
#include "node/link/net.h"
#include "node/link/token.h"
#include "node/self/last.h"
#include "node/self/node_record.h"
#include "node/self/partners.h"
#include "node/self/statement.h"
#include "node/self/watch.h"
#include "proto/limits.h"
#include "proto/message.h"
#include "proto/record.h"

/* A message of a link: PROTOCOL.md section 11. */
static const struct viz_message_handler message[VIZ_MESSAGE_KIND_MAX + 1] = {
    [VIZ_MESSAGE_RECORD] = {.take = viz_intake_message, .guest = true},
    [VIZ_MESSAGE_WANT] = {.take = viz_want_received},
    [VIZ_MESSAGE_ANNOUNCE] = {.take = viz_fetch_announced},
    [VIZ_MESSAGE_MAIL] = {.take = viz_mail_received},
    [VIZ_MESSAGE_MAIL_ACK] = {.take = viz_mail_acked},
    [VIZ_MESSAGE_HEAD] = {.take = viz_gossip_log_head},
    [VIZ_MESSAGE_LOG_ASK] = {.take = viz_gossip_log_asked},
    [VIZ_MESSAGE_LOG] = {.take = viz_gossip_log_stubs},
    [VIZ_MESSAGE_LOG_WANT] = {.take = viz_gossip_log_wanted},
    [VIZ_MESSAGE_PROTESTS] = {.take = viz_gossip_protests_received},
    [VIZ_MESSAGE_MEMBER] = {.take = viz_link_full_heard, .guest = true},
    [VIZ_MESSAGE_CLOCK] = {.take = viz_link_full_clock, .guest = true},
    [VIZ_MESSAGE_TOKEN] = {.take = viz_link_token_shown, .guest = true},
    [VIZ_MESSAGE_TOKEN_END] = {.take = viz_link_token_ended, .guest = true},
    [VIZ_MESSAGE_CLONE] = {.take = viz_link_full_clone},
    [VIZ_MESSAGE_LAST] = {.take = viz_last_received},
    [VIZ_MESSAGE_TREE] = {.take = viz_compare_tree},
    [VIZ_MESSAGE_BUCKETS] = {.take = viz_repair_buckets},
    [VIZ_MESSAGE_BUCKET] = {.take = viz_compare_bucket},
    [VIZ_MESSAGE_AUTHOR] = {.take = viz_repair_author},
    [VIZ_MESSAGE_OFFER_ASK] = {.take = viz_wanted_asked},
};

/* A mail: PROTOCOL.md section 11. */
static const struct viz_mail_handler mail[VIZ_MAIL_KIND_MAX + 1] = {
    [VIZ_MAIL_STATEMENT] = {.take = viz_statement_received,
			    .ends = viz_statement_frees_space,
			    .cost = 1},
    [VIZ_MAIL_VIEW_ASK] = {.take = viz_lead_serve_view, .cost = 1},
    /* what comes last starts a check of the whole view */
    [VIZ_MAIL_VIEW] = {.take = viz_audit_evidence_view_received,
		       .cost = 20,
		       .answer = true,
		       .bulk = true},
    /* reads and sends up to 64 records */
    [VIZ_MAIL_EVIDENCE_ASK] = {.take = viz_lead_serve_evidence, .cost = 10},
    [VIZ_MAIL_EVIDENCE] = {.take = viz_audit_evidence_received,
			   .cost = 2,
			   .answer = true,
			   .bulk = true},
    [VIZ_MAIL_LOCATION_ASK] = {.take = viz_lead_serve_location, .cost = 1, .pad = VIZ_PAD_SMALL},
    [VIZ_MAIL_LOCATION] = {.take = viz_inbox_location,
			   .compose = viz_lead_serve_compose_location,
			   .cost = 1,
			   .answer = true,
			   .pad = VIZ_PAD_CLASS},
    [VIZ_MAIL_LOCATION_REFUSED] = {.take = viz_inbox_location_refused,
				   .cost = 1,
				   .answer = true,
				   .pad = VIZ_PAD_SMALL},
    [VIZ_MAIL_HANDOFF] = {.take = viz_inbox_handoff,
			  .compose = viz_lead_serve_compose_handoff,
			  .cost = 2,
			  .pad = VIZ_PAD_CLASS},
    [VIZ_MAIL_VIEW_ITEMS_ASK] = {.take = viz_lead_serve_view_items, .cost = 2},
    [VIZ_MAIL_VIEW_ITEMS] = {.take = viz_audit_evidence_items_received,
			     .cost = 20,
			     .answer = true,
			     .bulk = true},
    [VIZ_MAIL_LEASE_ASK] = {.take = viz_lead_lease_asked, .cost = 1},
    /* the holder takes the question, the origin the answer */
    [VIZ_MAIL_STATE] = {.take = viz_inbox_state_asked,
			.judge = viz_lead_state_told,
			.cost = 1,
			.answer = true},
    /* a late one is answered by CLOSE */
    [VIZ_MAIL_PLEDGE] = {.take = viz_lead_answers_pledge_received,
			 .judge = viz_audit_judge_pledge,
			 .cost = 5,
			 .pad = VIZ_PAD_SMALL},
};

/* A gossiped record: PROTOCOL.md sections 7 to 9. */
static const struct viz_record_handler record[VIZ_TYPE_STATEMENT_MIN] = {
    [VIZ_TYPE_NODE] = {.before = viz_judge_records_node,
		       .learn = viz_intake_learn,
		       .gone = viz_intake_forget,
		       .act = {viz_gossip_log_node, viz_suspect_node, viz_link_dial_node}},
    [VIZ_TYPE_SUCCESSION] = {.learn = viz_intake_learn, .gone = viz_intake_forget},
    [VIZ_TYPE_REVOCATION] = {.learn = viz_intake_learn, .gone = viz_intake_forget},
    [VIZ_TYPE_VOUCH] = {.learn = viz_intake_learn, .gone = viz_intake_forget},
    [VIZ_TYPE_PARTNERS] = {.before = viz_judge_records_partners,
			   .held = viz_suspect_node_partners,
			   .learn = viz_intake_learn,
			   .gone = viz_intake_forget,
			   .act = {viz_node_record_partners}},
    [VIZ_TYPE_COVERAGE] = {.held = viz_coverage_index_put,
			   .gone = viz_coverage_index_drop,
			   .act = {viz_coverage_ack_send, viz_lead_waiting_coverage_received,
				   viz_watch_coverage}},
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

/* A statement of a peer: PROTOCOL.md section 10. */
static const struct viz_statement_handler statement[UINT8_MAX + 1] = {
    [VIZ_TYPE_RECEIPT] = {.inside = true},
    [VIZ_TYPE_COVERAGE_ACK] = {.take = {viz_coverage_ack_received}},
    [VIZ_TYPE_PLEDGE] = {.inside = true},
    [VIZ_TYPE_PLEDGE_ACK] = {.take = {viz_inbox_result_ack_received, viz_audit_judge_ack}},
    [VIZ_TYPE_REVEAL] = {.take = {viz_lead_answers_reveal_received}},
    [VIZ_TYPE_REVEAL_ACK] = {.take = {viz_inbox_result_ack_received, viz_audit_judge_ack}},
    [VIZ_TYPE_AWARD] = {.inside = true},
    [VIZ_TYPE_HANDOFF_ACK] = {.take = {viz_lead_holder_ack_received}},
    [VIZ_TYPE_LEASE] = {.take = {viz_inbox_holding_lease_received}},
    [VIZ_TYPE_CONTACTED] = {.take = {viz_lead_holder_contacted_received}},
    [VIZ_TYPE_OUTCOME] = {.take = {viz_lead_holder_outcome_received}},
    [VIZ_TYPE_RELEASE] = {.take = {viz_lead_holder_release_received}},
    [VIZ_TYPE_WITHDRAWAL] = {.take = {viz_inbox_handoff_withdrawn}},
    [VIZ_TYPE_ERASED] = {.take = {viz_lead_holder_erased_received}},
    [VIZ_TYPE_PROOF] = {.inside = true}, /* the customer brings it, no peer */
};

/* A durable timer. */
static const viz_due_handler due[VIZ_DUE_KIND_MAX + 1] = {
    [VIZ_DUE_LEAD] = viz_lead_end_due,          [VIZ_DUE_INBOX] = viz_inbox_result_due,
    [VIZ_DUE_NODE] = viz_partners_due,          [VIZ_DUE_VIEW] = viz_audit_evidence_due,
    [VIZ_DUE_DRAW] = viz_lead_draw_due,         [VIZ_DUE_PROTEST] = viz_lead_protest_due,
    [VIZ_DUE_CUSTOMER] = viz_lead_customer_due,
};

static const struct viz_link_ops link_ops = {
    .greet = viz_spread_greet,
    .full = {viz_last_send, viz_spread_partners, viz_gossip_log_show, viz_gossip_protests_show,
	     viz_inbox_protest_linked, viz_suspect_partner_linked},
    .compare = viz_repair_begin,
    .hello_record = viz_intake_hello,
};

const struct viz_handlers viz_handlers = {
    .message = message,
    .mail = mail,
    .record = record,
    .statement = statement,
    .due = due,
    .link = &link_ops,
    .equivocation = viz_judge_records_equivocation,
    .unheard = viz_audit_protest_unsaid,
    .opened = viz_audit_log_opened,
    .met = viz_audit_log_met,
    .release = viz_audit_room_release,
    .share_full = viz_audit_room_full,
};
