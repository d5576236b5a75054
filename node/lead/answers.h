/* The partners' answers at the origin: pledges, the end of the list, reveals. */
#ifndef VIZ_NODE_LEAD_ANSWERS_H
#define VIZ_NODE_LEAD_ANSWERS_H

struct viz_id;
struct viz_lead;
struct viz_net;
struct viz_reader;
struct viz_record;

void viz_lead_coverage(struct viz_net *net, const struct viz_record *rec, const struct viz_id *id);

void viz_lead_pledge(struct viz_net *net, const struct viz_record *rec, const struct viz_id *id);

void viz_lead_reveal(struct viz_net *net, const struct viz_record *rec, struct viz_reader *body);

/* All reveals are in, or their time is over. */
void viz_lead_begin_choice(struct viz_net *net, struct viz_lead *lead);

void viz_lead_close_list(struct viz_net *net, struct viz_lead *lead);

#endif
