/* What the holder reports to the origin: acknowledged, contacted, outcome, erased. */
#ifndef VIZ_NODE_LEAD_HOLDER_H
#define VIZ_NODE_LEAD_HOLDER_H

struct viz_net;
struct viz_reader;
struct viz_record;

void viz_lead_note(struct viz_net *net, const struct viz_record *rec, struct viz_reader *body);

void viz_lead_outcome(struct viz_net *net, const struct viz_record *rec, struct viz_reader *body);

void viz_lead_erased(struct viz_net *net, const struct viz_record *rec, struct viz_reader *body);

#endif
