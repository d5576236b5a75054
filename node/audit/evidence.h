/* The view and its records, as an origin serves them to a partner. What came is kept as
 * evidence until the lists can be judged. PROTOCOL.md section 13. */
#ifndef VIZ_NODE_AUDIT_EVIDENCE_H
#define VIZ_NODE_AUDIT_EVIDENCE_H

#include "proto/base.h"

struct viz_id;
struct viz_inbox;
struct viz_net;
struct viz_reader;

void viz_audit_view_part(struct viz_net *net, struct viz_inbox *in, const uint8_t *part, size_t len,
			 size_t total);

void viz_audit_evidence(struct viz_net *net, struct viz_inbox *in, const uint8_t *bytes,
			size_t len);

void viz_audit_view_received(struct viz_net *net, const struct viz_id *from, struct viz_reader *r);

void viz_audit_evidence_received(struct viz_net *net, const struct viz_id *from,
				 struct viz_reader *r);

#endif
