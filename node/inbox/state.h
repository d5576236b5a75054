/* An origin that was restored asks what became of its award: the mail STATE. PROTOCOL.md sections
 * 9.1 and 11. */
#ifndef VIZ_NODE_INBOX_STATE_H
#define VIZ_NODE_INBOX_STATE_H

#include "proto/base.h"

struct viz_id;
struct viz_net;
struct viz_reader;

/* STATE of an origin, when it is a question about an offer of its own for which we were asked. */
void viz_inbox_state_asked(struct viz_net *net, const struct viz_id *from, struct viz_reader *r);

#endif
