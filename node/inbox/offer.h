/* A partner's OFFER arrives; its lists say whether we are asked. */
#ifndef VIZ_NODE_INBOX_OFFER_H
#define VIZ_NODE_INBOX_OFFER_H

struct viz_id;
struct viz_net;
struct viz_record;

/* Takes the OFFER `rec` with record id `id`. */
void viz_inbox_offer(struct viz_net *net, const struct viz_record *rec, const struct viz_id *id);

#endif
