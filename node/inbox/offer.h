/* A partner's OFFER arrives, is opened, and we find ourselves in its lists or not. */
#ifndef VIZ_NODE_INBOX_OFFER_H
#define VIZ_NODE_INBOX_OFFER_H

struct viz_id;
struct viz_net;
struct viz_reader;
struct viz_record;

void viz_inbox_circle_key(struct viz_net *net, const struct viz_id *from, struct viz_reader *r);

/* Events. */
void viz_inbox_offer(struct viz_net *net, const struct viz_record *rec, const struct viz_id *id);

void viz_inbox_key_arrived(struct viz_net *net, const struct viz_id *origin);

void viz_inbox_offer_key(struct viz_net *net, const struct viz_id *from, struct viz_reader *r);

#endif
