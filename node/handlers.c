#include "node/handlers.h"

#include "node/audit/evidence.h"
#include "node/audit/records.h"
#include "node/core/core.h"
#include "node/core/due.h"
#include "node/coverage/acknowledge.h"
#include "node/inbox/handoff.h"
#include "node/inbox/holding.h"
#include "node/inbox/location.h"
#include "node/inbox/offer.h"
#include "node/inbox/result.h"
#include "node/lead/answers.h"
#include "node/lead/award.h"
#include "node/lead/end.h"
#include "node/lead/holder.h"
#include "node/lead/questions.h"
#include "node/self/statement.h"
#include "node/state.h"
#include "node/trust/author.h"
#include "node/trust/directory.h"
#include "proto/base.h"
#include "proto/message.h"
#include "proto/reader.h"
#include "proto/record.h"
#include "store/tables.h"
void viz_due_run(struct viz_node *node)
{
	uint8_t key[VIZ_DUE_KEY_LEN];

	for (int i = 0; i < 256 && viz_due_first(node, key); i++) {
		struct viz_id origin;
		uint64_t slot = viz_get_u64be(key + 41);

		if ((int64_t)viz_get_u64be(key) > node->now.ms)
			return;
		viz_core_del(node, VIZ_TABLE_DUE, key, sizeof key);
		memcpy(origin.b, key + 9, sizeof origin.b);
		switch ((enum viz_due_kind)key[8]) {
		case VIZ_DUE_LEAD:
			viz_lead_due(node, slot);
			break;
		case VIZ_DUE_INBOX:
			viz_inbox_due(node, &origin, slot);
			break;
		}
	}
}

void viz_handlers_record(struct viz_node *node, const struct viz_record *rec,
			 const struct viz_id *id)
{
	const struct viz_member *m = viz_member_find(node, &rec->author);

	if (rec->type < VIZ_TYPE_COVERAGE) {
		viz_directory_apply(node, rec);
		return;
	}
	/* write-once records of an ended key are kept, and never acted on */
	if (!m || viz_key_ended(m, rec->key))
		return;
	switch (rec->type) {
	case VIZ_TYPE_COVERAGE:
		viz_lead_coverage(node, rec, id);
		break;
	case VIZ_TYPE_OFFER:
		viz_inbox_offer(node, rec, id);
		break;
	case VIZ_TYPE_PLEDGE:
		viz_lead_pledge(node, rec, id);
		viz_audit_pledge(node, rec, id);
		break;
	case VIZ_TYPE_CLOSE:
		viz_inbox_close(node, rec, id);
		break;
	case VIZ_TYPE_RESULT:
		viz_inbox_result(node, rec, id);
		break;
	default:
		break;
	}
}

bool viz_handlers_mail_is_answer(enum viz_mail_kind kind)
{
	return kind == VIZ_MAIL_OFFER_KEY || kind == VIZ_MAIL_VIEW || kind == VIZ_MAIL_EVIDENCE ||
	       kind == VIZ_MAIL_LOCATION || kind == VIZ_MAIL_LOCATION_REFUSED;
}

bool viz_handlers_mail_is_bulk(enum viz_mail_kind kind)
{
	return kind == VIZ_MAIL_VIEW || kind == VIZ_MAIL_EVIDENCE;
}

void viz_handlers_mail(struct viz_node *node, const struct viz_id *from, enum viz_mail_kind kind,
		       struct viz_reader *r)
{
	switch (kind) {
	case VIZ_MAIL_STATEMENT:
		viz_statement_received(node, from, r);
		break;
	case VIZ_MAIL_CIRCLE_KEY:
		viz_circle_key_received(node, from, r);
		break;
	case VIZ_MAIL_OFFER_KEY_ASK:
		viz_circle_offer_key_asked(node, from, r);
		break;
	case VIZ_MAIL_OFFER_KEY:
		viz_inbox_offer_key(node, from, r);
		break;
	case VIZ_MAIL_VIEW_ASK:
		viz_view_asked(node, from, r);
		break;
	case VIZ_MAIL_VIEW:
		viz_inbox_view(node, from, r);
		break;
	case VIZ_MAIL_EVIDENCE_ASK:
		viz_view_evidence_asked(node, from, r);
		break;
	case VIZ_MAIL_EVIDENCE:
		viz_inbox_evidence(node, from, r);
		break;
	case VIZ_MAIL_LOCATION_ASK:
		viz_lead_location_asked(node, from, r);
		break;
	case VIZ_MAIL_LOCATION:
		viz_inbox_location(node, from, r);
		break;
	case VIZ_MAIL_LOCATION_REFUSED:
		viz_inbox_location_refused(node, from, r);
		break;
	case VIZ_MAIL_HANDOFF:
		viz_inbox_handoff(node, from, r);
		break;
	case VIZ_MAIL_LEASE_ASK:
		viz_lead_lease_asked(node, from, r);
		break;
	}
}

unsigned viz_handlers_mail_cost(enum viz_mail_kind kind)
{
	switch (kind) {
	case VIZ_MAIL_CIRCLE_KEY: /* looks for the offers that wait for it */
		return 50;
	case VIZ_MAIL_VIEW: /* the last part, and the last record wanted, go through all partners'
			     */
		return 20;
	case VIZ_MAIL_EVIDENCE:
		return 2;
	case VIZ_MAIL_EVIDENCE_ASK: /* up to 64 records */
		return 10;
	case VIZ_MAIL_VIEW_ASK:
	case VIZ_MAIL_STATEMENT:
	case VIZ_MAIL_OFFER_KEY_ASK:
	case VIZ_MAIL_OFFER_KEY:
	case VIZ_MAIL_LOCATION_ASK:
	case VIZ_MAIL_LOCATION:
	case VIZ_MAIL_LOCATION_REFUSED:
	case VIZ_MAIL_HANDOFF:
	case VIZ_MAIL_LEASE_ASK:
		return 1;
	}
	return 1;
}

void viz_handlers_statement(struct viz_node *node, const struct viz_record *rec,
			    const struct viz_id *id, struct viz_reader *body)
{
	switch (rec->type) {
	case VIZ_TYPE_COVERAGE_ACK:
		viz_audit_coverage_ack(node, rec, body);
		break;
	case VIZ_TYPE_PLEDGE_ACK:
		viz_inbox_pledge_ack(node, rec, body);
		break;
	case VIZ_TYPE_REVEAL:
		viz_lead_reveal(node, rec, id, body);
		break;
	case VIZ_TYPE_REVEAL_ACK:
		viz_inbox_reveal_ack(node, rec, body);
		break;
	case VIZ_TYPE_HANDOFF_ACK:
	case VIZ_TYPE_CONTACTED:
	case VIZ_TYPE_RELEASE:
		viz_lead_note(node, rec, body);
		break;
	case VIZ_TYPE_OUTCOME:
		viz_lead_outcome(node, rec, body);
		break;
	case VIZ_TYPE_LEASE:
		viz_inbox_lease(node, rec, body);
		break;
	case VIZ_TYPE_WITHDRAWAL:
		viz_inbox_withdrawal(node, rec, body);
		break;
	case VIZ_TYPE_ERASED:
		viz_lead_erased(node, rec, body);
		break;
	default:
		/* RECEIPT and AWARD come inside LOCATION and HANDOFF only */
		viz_reader_fail(body, VIZ_ERR_MEANING);
	}
}
