#include "node/link/message.h"

#include "node/gossip/repair.h"
#include "node/link/hello.h"
#include "node/link/link.h"
#include "node/link/mail.h"
#include "node/state.h"
#include "proto/base.h"
#include "proto/message.h"
#include "proto/reader.h"
void viz_link_message(struct viz_node *node, uint64_t number, const uint8_t *body, size_t len)
{
	struct viz_link *link = viz_link_find(node, number);
	struct viz_reader r;
	uint64_t kind;
	size_t n;

	if (!link || link->closing)
		return;
	viz_reader_init(&r, body, len);
	n = viz_reader_array(&r, 2, 5);
	kind = viz_reader_uint(&r, UINT8_MAX);
	if (r.err == VIZ_OK && n != viz_message_elements((unsigned)kind))
		viz_reader_fail(&r, VIZ_ERR_FORM);
	if (r.err == VIZ_OK && link->guest && kind != VIZ_MESSAGE_RECORD &&
	    kind != VIZ_MESSAGE_MAIL && kind != VIZ_MESSAGE_MAIL_ACK)
		return; /* it has become a member for itself before it has for us */
	if (r.err == VIZ_OK && !link->proven &&
	    (kind != VIZ_MESSAGE_RECORD || !viz_link_prove(node, link, r))) {
		viz_link_close(node, number, "not-the-one-dialled");
		return;
	}
	switch (kind) {
	case VIZ_MESSAGE_RECORD:
		viz_link_take_record(node, link, &r);
		break;
	case VIZ_MESSAGE_DIGEST:
		viz_gossip_digest(node, link, &r);
		break;
	case VIZ_MESSAGE_ITEMS:
		viz_gossip_items(node, link, &r);
		break;
	case VIZ_MESSAGE_MORE:
		viz_gossip_more(node, link, &r);
		break;
	case VIZ_MESSAGE_WANT:
		viz_gossip_want(node, link, &r);
		break;
	case VIZ_MESSAGE_MAIL:
		viz_mail_received(node, number, &r);
		break;
	case VIZ_MESSAGE_MAIL_ACK:
		viz_mail_acked(node, link, &r);
		break;
	default:
		viz_reader_fail(&r, VIZ_ERR_FORM);
	}
	if (r.err != VIZ_OK) {
		char reason[64];

		snprintf(reason, sizeof reason, "bad-message: %s: %s",
			 viz_message_name((unsigned)kind), viz_err_name(r.err));
		viz_link_close(node, number, reason);
	}
}
