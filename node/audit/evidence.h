/* Compares the view of a partner's OFFER with what we hold, asks the origin for what differs, and
 * has the lists judged (audit/judge.h) when all is here. PROTOCOL.md sections 9 and 13. */
#ifndef VIZ_NODE_AUDIT_EVIDENCE_H
#define VIZ_NODE_AUDIT_EVIDENCE_H

#include "proto/base.h"

struct viz_id;
struct viz_net;
struct viz_reader;
struct viz_record;

/* A CLOSE has come: it is judged, and the view is kept when that is part of a proof. */
void viz_audit_evidence_close(struct viz_net *net, const struct viz_record *rec,
			      const struct viz_id *id);

/* Timer VIZ_DUE_VIEW: the offer is open, or its view was not served in time. */
void viz_audit_evidence_due(struct viz_net *net, const struct viz_id *origin, uint64_t slot);

/* Mail VIEW */
void viz_audit_evidence_view_received(struct viz_net *net, const struct viz_id *from,
				      struct viz_reader *r);

/* Mail VIEW_ITEMS */
void viz_audit_evidence_items_received(struct viz_net *net, const struct viz_id *from,
				       struct viz_reader *r);

/* Mail EVIDENCE */
void viz_audit_evidence_received(struct viz_net *net, const struct viz_id *from,
				 struct viz_reader *r);

#endif
