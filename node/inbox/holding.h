/* What the holder of a contact does: asks for the lease, shows, calls, reports, releases. */
#ifndef VIZ_NODE_INBOX_HOLDING_H
#define VIZ_NODE_INBOX_HOLDING_H

#include "proto/statement.h"

struct viz_core;
struct viz_id;
struct viz_inbox;
struct viz_net;
struct viz_reader;
struct viz_record;

/* Whether the contact may be shown now; if not, asks the origin for a lease (one question at a
 * time, and once a second at most). */
bool viz_inbox_may_show(struct viz_net *net, struct viz_inbox *in);

int viz_inbox_contact(struct viz_core *core, struct viz_contact *out, const struct viz_inbox *in);

int viz_inbox_location_get(struct viz_core *core, struct viz_location *out,
			   const struct viz_inbox *in);

/* The holder's reports. VIZ_ERR_STATE. */
int viz_inbox_contacted(struct viz_net *net, struct viz_inbox *in);

int viz_inbox_release(struct viz_net *net, struct viz_inbox *in);

int viz_inbox_outcome(struct viz_net *net, struct viz_inbox *in, enum viz_outcome_kind kind,
		      uint32_t days_offline);

void viz_inbox_lease(struct viz_net *net, const struct viz_record *rec, struct viz_reader *body);

void viz_inbox_note(struct viz_net *net, const struct viz_inbox *in, uint8_t type,
		    const struct viz_id *award, uint32_t n, bool accepted);

#endif
