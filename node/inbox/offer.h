/* A partner's OFFER arrives and is opened with its key; its lists say whether we are asked. */
#ifndef VIZ_NODE_INBOX_OFFER_H
#define VIZ_NODE_INBOX_OFFER_H

struct viz_id;
struct viz_net;
struct viz_reader;
struct viz_record;

/* Takes the OFFER `rec` with record id `id`. Without the key of its epoch we ask the origin for the
 * offer's key. */
void viz_inbox_offer(struct viz_net *net, const struct viz_record *rec, const struct viz_id *id);

/* Takes the mail [epoch, key] of an origin: keeps the circle key and opens the offers that wait for
 * it. */
void viz_inbox_offer_circle_key(struct viz_net *net, const struct viz_id *from,
				struct viz_reader *r);

/* Takes the mail [slot, key] of an origin: opens that offer. */
void viz_inbox_offer_key(struct viz_net *net, const struct viz_id *from, struct viz_reader *r);

#endif
