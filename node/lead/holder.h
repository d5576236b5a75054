/* What a partner reports to the origin about a lead: that it holds the contact, has called, what
 * came of it, that it has erased its data. A form error is one in `body`. */
#ifndef VIZ_NODE_LEAD_HOLDER_H
#define VIZ_NODE_LEAD_HOLDER_H

struct viz_net;
struct viz_reader;
struct viz_record;

/* HANDOFF_ACK, CONTACTED and RELEASE, of the holder of the current award. */
void viz_lead_holder_ack_received(struct viz_net *net, const struct viz_record *rec,
				  struct viz_reader *body);

void viz_lead_holder_contacted_received(struct viz_net *net, const struct viz_record *rec,
					struct viz_reader *body);

void viz_lead_holder_release_received(struct viz_net *net, const struct viz_record *rec,
				      struct viz_reader *body);

/* OUTCOME, of the holder of the current award: installed or lost. */
void viz_lead_holder_outcome_received(struct viz_net *net, const struct viz_record *rec,
				      struct viz_reader *body);

/* ERASED, of any partner that was asked. */
void viz_lead_holder_erased_received(struct viz_net *net, const struct viz_record *rec,
				     struct viz_reader *body);

#endif
