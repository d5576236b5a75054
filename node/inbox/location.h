/* The location of an offer in which we are asked. */
#ifndef VIZ_NODE_INBOX_LOCATION_H
#define VIZ_NODE_INBOX_LOCATION_H

struct viz_id;
struct viz_net;
struct viz_reader;

void viz_inbox_location(struct viz_net *net, const struct viz_id *from, struct viz_reader *r);

void viz_inbox_location_refused(struct viz_net *net, const struct viz_id *from,
				struct viz_reader *r);

#endif
