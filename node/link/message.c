#include "node/link/message.h"

#include "node/core/core.h"
#include "node/link/hello.h"
#include "node/link/link.h"
#include "node/link/net.h"
#include "proto/base.h"
#include "proto/message.h"
#include "proto/reader.h"

void viz_link_message(struct viz_net *net, uint64_t number, const uint8_t *body, size_t len)
{
	struct viz_link *link = viz_link_find(net, number);
	struct viz_reader r, head;
	unsigned kind;

	if (!link || link->closing)
		return;
	link->heard_at = net->core->now;
	viz_reader_init(&r, body, len);
	head = r;
	kind = viz_message_kind_read(&head);
	r.err = head.err;
	if (r.err == VIZ_OK && link->guest && !net->handlers->message[kind].guest)
		return; /* the peer counts itself as a member already, and we do not yet */
	if (r.err == VIZ_OK && !link->proven &&
	    (kind != VIZ_MESSAGE_RECORD || !viz_link_hello_check_peer(net, link, r))) {
		viz_link_close(net, number, "not-the-one-dialled");
		return;
	}
	if (r.err == VIZ_OK)
		net->handlers->message[kind].take(net, link, &r);
	if (r.err != VIZ_OK) {
		char reason[64];

		snprintf(reason, sizeof reason, "bad-message: %s: %s", viz_message_name(kind),
			 viz_err_name(r.err));
		viz_link_close(net, number, reason);
	}
}
