/* What the origin signs for a lead: receipts, CLOSE, RESULT, WITHDRAWAL. */
#ifndef VIZ_NODE_LEAD_RECORDS_H
#define VIZ_NODE_LEAD_RECORDS_H

#include "proto/offer.h"
#include "proto/receipt.h"
#include "proto/statement.h"

struct viz_id;
struct viz_lead;
struct viz_lead_peer;
struct viz_net;
struct viz_secret;

/* The receipts' numbers: 1 is the first consent, ended under 2 + n, after award n; 1 + n that of
 * award n, ended under 32 + n; 32 a second consent that ended without an award. */
enum {
	VIZ_RECEIPT_FIRST = 1,
	VIZ_RECEIPT_FIRST_ENDED = 2,
	VIZ_RECEIPT_AWARD = 1,
	VIZ_RECEIPT_AWARD_ENDED = 32,
	VIZ_RECEIPT_SECOND_ENDED = 32,
};

void viz_lead_withdraw(struct viz_net *net, const struct viz_lead *lead,
		       enum viz_withdrawal_scope scope, uint32_t award_n,
		       const struct viz_lead_peer *peer);

/* The order that follows from what is revealed. */
void viz_lead_set_order(struct viz_lead *lead);

void viz_lead_publish_close(struct viz_net *net, struct viz_lead *lead);

void viz_lead_publish_result(struct viz_net *net, struct viz_lead *lead,
			     enum viz_result_outcome outcome, const struct viz_id *chosen_pledge,
			     const struct viz_secret *choice_blinding);

int viz_lead_consent(struct viz_net *net, struct viz_id *id, struct viz_lead *lead,
		     enum viz_purpose purpose, uint64_t number, const struct viz_id *recipients,
		     size_t count, enum viz_consent_state state);

/* A later state of the consent whose receipt has the number `given`: the same receipt in that
 * state, which names the one before. */
void viz_lead_end_consent(struct viz_net *net, const struct viz_lead *lead, uint64_t given,
			  uint64_t number, enum viz_consent_state state);

/* The second consent of a single screen has ended without an award: written once. */
void viz_lead_end_second(struct viz_net *net, struct viz_lead *lead, enum viz_consent_state state);

#endif
