#include "node/link/message.h"

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
	uint64_t kind;
	size_t n;

	if (!link || link->closing)
		return;
	viz_reader_init(&r, body, len);
	head = r;
	n = viz_reader_array(&head, 1, 5);
	kind = viz_reader_uint(&head, UINT8_MAX);
	if (head.err == VIZ_OK && n != viz_message_elements((unsigned)kind))
		viz_reader_fail(&head, VIZ_ERR_FORM);
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

		snprintf(reason, sizeof reason, "bad-message: %s: %s",
			 viz_message_name((unsigned)kind), viz_err_name(r.err));
		viz_link_close(net, number, reason);
	}
}
