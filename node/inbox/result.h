/* CLOSE, our reveal, and RESULT. */
#ifndef VIZ_NODE_INBOX_RESULT_H
#define VIZ_NODE_INBOX_RESULT_H

#include "proto/base.h"

struct viz_id;
struct viz_net;
struct viz_reader;
struct viz_record;

void viz_inbox_close(struct viz_net *net, const struct viz_record *rec, const struct viz_id *id);

void viz_inbox_result(struct viz_net *net, const struct viz_record *rec, const struct viz_id *id);

void viz_inbox_pledge_ack(struct viz_net *net, const struct viz_record *rec,
			  struct viz_reader *body);

void viz_inbox_reveal_ack(struct viz_net *net, const struct viz_record *rec,
			  struct viz_reader *body);

void viz_inbox_due(struct viz_net *net, const struct viz_id *origin, uint64_t slot);

#endif
