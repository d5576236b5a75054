/* The contact data of a customer who chose us: it arrives, or is withdrawn. */
#ifndef VIZ_NODE_INBOX_HANDOFF_H
#define VIZ_NODE_INBOX_HANDOFF_H

struct viz_id;
struct viz_net;
struct viz_reader;
struct viz_record;

void viz_inbox_handoff(struct viz_net *net, const struct viz_id *from, struct viz_reader *r);

void viz_inbox_withdrawal(struct viz_net *net, const struct viz_record *rec,
			  struct viz_reader *body);

#endif
