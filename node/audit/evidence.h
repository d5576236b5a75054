/* An origin serves a partner the view of its OFFER: first the record ids, in parts, then the
 * records that the partner does not hold. Both are kept as evidence. When all records are here, the
 * OFFER's lists are judged (audit/judge.h). PROTOCOL.md sections 9 and 13. */
#ifndef VIZ_NODE_AUDIT_EVIDENCE_H
#define VIZ_NODE_AUDIT_EVIDENCE_H

#include "proto/base.h"

struct viz_id;
struct viz_net;
struct viz_reader;

/* Mail VIEW: (slot, offset, total, part). */
void viz_audit_evidence_view_received(struct viz_net *net, const struct viz_id *from,
				      struct viz_reader *r);

/* Mail EVIDENCE: (slot, signed record). */
void viz_audit_evidence_received(struct viz_net *net, const struct viz_id *from,
				 struct viz_reader *r);

#endif
