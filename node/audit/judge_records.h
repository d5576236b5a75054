/* What the NODEs and PARTNERS of one author show, and two records at one place. */
#ifndef VIZ_NODE_AUDIT_JUDGE_RECORDS_H
#define VIZ_NODE_AUDIT_JUDGE_RECORDS_H

struct viz_net;
struct viz_record;

/* Two records of one place and seq have come: `rec` is the second one. */
void viz_judge_records_equivocation(struct viz_net *net, const struct viz_record *rec);

/* A PARTNERS record is about to replace the one at its place. */
void viz_judge_records_partners(struct viz_net *net, const struct viz_record *rec);

/* A NODE record is about to replace the one at its place. */
void viz_judge_records_node(struct viz_net *net, const struct viz_record *rec);

#endif
