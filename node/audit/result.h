/* Rules about CLOSE and RESULT: pledges, reveals and the order. */
#ifndef VIZ_NODE_AUDIT_RESULT_H
#define VIZ_NODE_AUDIT_RESULT_H

struct viz_id;
struct viz_net;
struct viz_reader;
struct viz_record;

/* CLOSE and RESULT of an offer of which we are a partner, as far as they are here. */
void viz_audit_close(struct viz_net *net, const struct viz_record *rec, const struct viz_id *id);

/* The origin has acknowledged our pledge or our reveal: CLOSE or RESULT may have come before. */
void viz_audit_ack(struct viz_net *net, const struct viz_record *rec, struct viz_reader *body);

#endif
