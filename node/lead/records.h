/* What the origin signs for a lead: receipts, CLOSE, RESULT, CHOICE, WITHDRAWAL. */
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

/* Signs and keeps the receipt of a consent, under `number`; *id gets its record id. `recipients`
 * are who may get the data. What opens its reference is kept beside it. Errors are those of
 * viz_statement_issue; VIZ_ERR_STATE too when we do not say where consent is withdrawn,
 * or who answers for the data. */
int viz_lead_records_sign_consent(struct viz_net *net, struct viz_id *id, struct viz_lead *lead,
				  enum viz_purpose purpose, uint64_t number,
				  const struct viz_id *recipients, size_t count,
				  enum viz_consent_state state);

/* Ends the consent whose receipt has the number `given`: signs the same receipt under `number`, in
 * the new state and with the id of the first as its previous one. Does nothing without a receipt
 * `given`, or when it has ended under `number`. */
void viz_lead_records_end_consent(struct viz_net *net, const struct viz_lead *lead, uint64_t given,
				  uint64_t number, enum viz_consent_state state);

/* Signs, once, that the second consent of a single screen has ended without an award. */
void viz_lead_records_end_contact_consent(struct viz_net *net, struct viz_lead *lead,
					  enum viz_consent_state state);

/* Publishes CLOSE, with the pledges that we have acknowledged; sets lead->close. */
void viz_lead_records_publish_close(struct viz_net *net, struct viz_lead *lead);

/* Publishes RESULT and sets lead->result. With VIZ_RESULT_ORDER it sets lead->order from the
 * reveals that have come, and shows it. */
void viz_lead_records_publish_result(struct viz_net *net, struct viz_lead *lead,
				     enum viz_result_kind kind);

/* Publishes the next CHOICE, for an award to `recipient`; *id gets its record id. Errors are those
 * of viz_self_publish. */
int viz_lead_records_publish_choice(struct viz_net *net, struct viz_id *id, struct viz_lead *lead,
				    const struct viz_id *recipient,
				    const struct viz_secret *blinding);

/* Publishes the last CHOICE, of nobody, and sets lead->none_chosen. */
void viz_lead_records_publish_none(struct viz_net *net, struct viz_lead *lead);

/* Signs WITHDRAWAL and mails it to `peer`: of award `award_n` alone, or of all (`award_n` 0). */
void viz_lead_records_sign_withdrawal(struct viz_net *net, const struct viz_lead *lead,
				      enum viz_withdrawal_scope scope, uint32_t award_n,
				      const struct viz_lead_peer *peer);

#endif
