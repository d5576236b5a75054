/* What partners ask about an offer, by mail, and the origin's answers. A question of somebody who
 * has no right to the answer is ignored or refused. A form error is one in `r`. */
#ifndef VIZ_NODE_LEAD_SERVE_H
#define VIZ_NODE_LEAD_SERVE_H

#include "proto/base.h"

struct viz_id;
struct viz_net;
struct viz_reader;
struct viz_writer;

/* [slot]: the author-items hashes of the offer's view. */
void viz_lead_serve_view(struct viz_net *net, const struct viz_id *from, struct viz_reader *r);

/* [slot, author]: the author's items in the offer's view. */
void viz_lead_serve_view_items(struct viz_net *net, const struct viz_id *from,
			       struct viz_reader *r);

/* [slot, [record id or item hash]]: records, and both halves of dead places, that a view names.
 * Every member may hold them. */
void viz_lead_serve_evidence(struct viz_net *net, const struct viz_id *from, struct viz_reader *r);

/* [slot]: the location, while the offer is open; else it is refused. */
void viz_lead_serve_location(struct viz_net *net, const struct viz_id *from, struct viz_reader *r);

/* Personal data is not kept in the outbox. These write the payload of a LOCATION or HANDOFF mail to
 * `w` each time that it is sent. False: the data may not be sent any more, and the mail is
 * dropped. */
bool viz_lead_serve_compose_location(struct viz_net *net, struct viz_writer *w, uint64_t slot,
				     const struct viz_id *to);

bool viz_lead_serve_compose_handoff(struct viz_net *net, struct viz_writer *w, uint64_t slot,
				    const struct viz_id *to);

#endif
