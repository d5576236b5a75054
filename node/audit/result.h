/* Rules about CLOSE and RESULT: pledges, reveals and the order. */
#ifndef VIZ_NODE_AUDIT_RESULT_H
#define VIZ_NODE_AUDIT_RESULT_H

struct viz_inbox;
struct viz_node;

/* CLOSE and RESULT, as far as they are here. */
void viz_audit_offer(struct viz_node *node, struct viz_inbox *in);

#endif
