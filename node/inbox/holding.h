/* What we do with a contact that was handed to us: ask for a lease, show it, report. */
#ifndef VIZ_NODE_INBOX_HOLDING_H
#define VIZ_NODE_INBOX_HOLDING_H

#include "node/inbox/inbox.h"
#include "proto/base.h"
#include "proto/statement.h"

struct viz_core;
struct viz_id;
struct viz_inbox;
struct viz_net;
struct viz_reader;
struct viz_record;
struct viz_trust;

/* Whether the contact may be shown now. If only a lease is missing, asks the origin for one: one
 * question at a time, and at most one a second. Writes the row when it asks. */
bool viz_inbox_holding_may_show(struct viz_net *net, struct viz_inbox *in);

/* Whether it may, without asking for a lease. */
bool viz_inbox_holding_leased(struct viz_trust *trust, const struct viz_inbox *in);

/* When the contact is erased, by the clock, if nothing ends it before. */
struct viz_time viz_inbox_holding_over(const struct viz_core *core, const struct viz_inbox *in);

/* Takes the LEASE that answers our question. */
void viz_inbox_holding_lease_received(struct viz_net *net, const struct viz_record *rec,
				      struct viz_reader *body);

/* Open the contact or the location, for a reader only. The caller wipes `out`. VIZ_ERR_ABSENT: it
 * was erased or never came. */
int viz_inbox_holding_open_contact(struct viz_core *core, struct viz_contact *out,
				   const struct viz_inbox *in);

int viz_inbox_holding_open_location(struct viz_core *core, struct viz_location *out,
				    const struct viz_inbox *in);

/* The operator's reports to the origin: we have called the customer; we give the lead back; it was
 * installed, with the days without internet if they are known, or lost, for this reason. The latter
 * two erase all personal data. An outcome may be said again, which corrects it. All write the row.
 * VIZ_ERR_STATE: this report does not fit the state, there is no lease to call under, or our key is
 * revoked. */
int viz_inbox_holding_contacted(struct viz_net *net, struct viz_inbox *in);

int viz_inbox_holding_release(struct viz_net *net, struct viz_inbox *in);

int viz_inbox_holding_outcome(struct viz_net *net, struct viz_inbox *in, enum viz_outcome_kind kind,
			      const uint32_t *days_or_null, enum viz_lost why);

/* Signs and mails HANDOFF_ACK for award `n`: accepted without a reason, else refused. */
void viz_inbox_holding_acknowledge(struct viz_net *net, const struct viz_inbox *in,
				   const struct viz_id *award, uint32_t n, enum viz_refusal reason);

/* Awards up to `n` are over, and refused from now on. When we hold one of them we erase it, and
 * show its contact no more. `release`: and sign RELEASE, as the origin has withdrawn it. The caller
 * writes the row. */
void viz_inbox_holding_end(struct viz_net *net, struct viz_inbox *in, uint32_t n, bool release);

#endif
