#include "node/inbox/result.h"

#include "node/core/core.h"
#include "node/core/due.h"
#include "node/inbox/erase.h"
#include "node/inbox/inbox.h"
#include "node/inbox/pledge.h"
#include "node/link/net.h"
#include "node/self/statement.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/offer.h"
#include "proto/reader.h"
#include "proto/record.h"
#include "proto/statement.h"
#include "proto/writer.h"

void viz_inbox_result_ack_received(struct viz_net *net, const struct viz_record *rec,
				   struct viz_reader *body)
{
	bool of_reveal = rec->type == VIZ_TYPE_REVEAL_ACK;
	struct viz_offer_ack ack;
	struct viz_inbox *in;

	viz_offer_ack_read(body, &ack);
	if (viz_reader_finish(body) != VIZ_OK)
		return;
	in = viz_inbox_fetch(net->core, &rec->author, rec->slot);
	if (in && viz_id_eq(&ack.offer, &in->offer) &&
	    viz_id_eq(&ack.subject, of_reveal ? &in->reveal : &in->pledge)) {
		viz_statement_keep(net->core, &rec->author, rec, 1);
		*(of_reveal ? &in->reveal_acked : &in->pledge_acked) = true;
		viz_inbox_put(net->core, in);
	}
	free(in);
}

/* Opens our pledge for the origin, with REVEAL. Only after CLOSE: until then nobody knows another's
 * answer. */
static void reveal(struct viz_net *net, struct viz_inbox *in)
{
	struct viz_reveal rv = {.offer = in->offer,
				.close = in->close,
				.pledge = in->pledge,
				.nonce = in->nonce,
				.blinding = in->blinding};
	size_t max = VIZ_PROPOSAL_MAX + 512;
	uint8_t *body = viz_core_alloc(max), *proposal = viz_core_alloc(VIZ_PROPOSAL_MAX);
	struct viz_writer w;

	if (viz_inbox_pledge_get_proposal(net->trust, in, proposal, &rv.proposal_len)) {
		rv.proposal = proposal;
		viz_writer_init(&w, body, max);
		viz_reveal_write(&w, &rv);
		if (viz_statement_issue(net, &in->reveal, VIZ_TYPE_REVEAL, &in->origin, in->slot, 1,
					&w, &in->origin) == VIZ_OK)
			in->state = VIZ_INBOX_REVEALED;
	}
	free(proposal);
	free(body);
}

void viz_inbox_result_close_received(struct viz_net *net, const struct viz_record *rec,
				     const struct viz_id *id)
{
	struct viz_inbox *in = viz_inbox_fetch(net->core, &rec->author, rec->slot);
	struct viz_close *c;

	if (!in)
		return;
	c = viz_core_alloc(sizeof *c);
	if (viz_close_parse(c, rec) == VIZ_OK && viz_id_eq(&c->offer, &in->offer)) {
		in->close = *id;
		for (size_t i = 0; i < c->count; i++)
			if (in->state == VIZ_INBOX_PLEDGED &&
			    viz_id_eq(&c->pledge[i], &in->pledge) &&
			    (in->answer == VIZ_ANSWER_YES || in->answer == VIZ_ANSWER_ANALYSIS))
				reveal(net, in);
		viz_inbox_put(net->core, in);
	}
	free(c);
	free(in);
}

void viz_inbox_result(struct viz_net *net, const struct viz_record *rec, const struct viz_id *id)
{
	struct viz_inbox *in = viz_inbox_fetch(net->core, &rec->author, rec->slot);

	if (!in)
		return;
	in->result = *id;
	in->result_at = net->core->now;
	if (in->state < VIZ_INBOX_OVER)
		in->state = VIZ_INBOX_OVER;
	if (in->vault != 0)
		viz_due_set(net->core,
			    viz_after(net->core->now, net->core->federation.location_erase_ms),
			    VIZ_DUE_INBOX, &in->origin, in->slot);
	viz_inbox_put(net->core, in);
	free(in);
}

void viz_inbox_result_due(struct viz_net *net, const struct viz_id *origin, uint64_t slot)
{
	struct viz_inbox *in = viz_inbox_fetch(net->core, origin, slot);
	int64_t now = net->core->now.ms;

	if (!in)
		return;
	if (in->state == VIZ_INBOX_LISTED && viz_inbox_answer_by(in).ms <= now &&
	    now < in->closes.ms) {
		viz_inbox_pledge(net, in, VIZ_ANSWER_NO_CONTENT, VIZ_NO_NONE);
	} else if (in->state == VIZ_INBOX_OVER && in->vault != 0 && in->result_at.ms != 0 &&
		   in->result_at.ms + net->core->federation.location_erase_ms <= now) {
		viz_inbox_erase(net->core, in, VIZ_ERASED_LOCATION);
	} else if (in->state < VIZ_INBOX_AWARDED && in->vault != 0 &&
		   viz_inbox_location_over(net->core, in).ms <= now) {
		viz_inbox_erase(net->core, in, VIZ_ERASED_LOCATION);
		in->state = VIZ_INBOX_OVER;
	} else if (in->award_n != 0 && in->vault != 0 && in->award_latest.ms <= now) {
		viz_inbox_erase(net->core, in, VIZ_ERASED_ALL);
		if (in->state == VIZ_INBOX_AWARDED) /* after a call OUTCOME may still follow */
			in->state = VIZ_INBOX_RELEASED;
	} else if (in->awarded_at.ms != 0 && in->vault != 0 &&
		   in->awarded_at.ms + net->core->federation.contact_holder_ms <= now) {
		viz_inbox_erase(net->core, in, VIZ_ERASED_ALL);
	}
	viz_inbox_put(net->core, in);
	free(in);
}
