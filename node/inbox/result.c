#include "node/inbox/result.h"

#include "node/core/core.h"
#include "node/core/due.h"
#include "node/core/place.h"
#include "node/inbox/erase.h"
#include "node/inbox/holding.h"
#include "node/inbox/inbox.h"
#include "node/inbox/pledge.h"
#include "node/inbox/protest.h"
#include "node/link/link.h"
#include "node/link/net.h"
#include "node/offer/probing.h"
#include "node/self/statement.h"
#include "node/trust/identity.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/offer.h"
#include "proto/reader.h"
#include "proto/record.h"
#include "proto/statement.h"
#include "proto/writer.h"
#include "store/store.h"
#include "store/tables.h"

/* Whether one of this type is kept that a newer key has signed: it proves more. */
static bool has_newer(struct viz_core *core, const struct viz_record *rec)
{
	struct viz_record kept;
	struct viz_slice v;

	return viz_statement_get(core, &v, &rec->author, rec->slot, rec->type, &rec->author, 1) &&
	       viz_record_parse(&kept, v.p, v.len) == VIZ_OK && kept.key > rec->key;
}

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
	if (in && viz_id_eq(&ack.offer, &in->offer) && viz_id_eq(&ack.pledge, &in->pledge)) {
		if (!has_newer(net->core, rec))
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

	if (viz_inbox_pledge_may_sign(net->trust, in) &&
	    viz_inbox_pledge_get_proposal(net->trust, in, proposal, &rv.proposal_len)) {
		rv.proposal = proposal;
		viz_writer_init(&w, body, max);
		viz_reveal_write(&w, &rv);
		if (viz_statement_issue(net, NULL, VIZ_TYPE_REVEAL, &in->origin, in->slot, 1, &w,
					&in->origin) == VIZ_OK) {
			in->state = VIZ_INBOX_REVEALED;
			viz_inbox_protest_sent(net, in);
		}
	}
	free(proposal);
	free(body);
}

/* Our position among the entries of CLOSE; -1: our pledge is not there. */
static int position(struct viz_trust *trust, const struct viz_inbox *in,
		    const struct viz_close *close)
{
	struct viz_slice own;

	if (!viz_statement_get(trust->core, &own, &in->origin, in->slot, VIZ_TYPE_PLEDGE,
			       &trust->self.author, 1))
		return -1;
	for (size_t i = 0; i < close->count; i++)
		if (close->entry[i].answered && own.len == sizeof close->entry[i].pledge &&
		    memcmp(close->entry[i].pledge, own.p, own.len) == 0)
			return (int)i;
	return -1;
}

bool viz_inbox_result_shows_us(struct viz_trust *trust, const struct viz_inbox *in)
{
	struct viz_close *c = viz_core_alloc(sizeof *c);
	struct viz_result *res = viz_core_alloc(sizeof *res);
	struct viz_record close, result;
	struct viz_held held;
	bool shows = false;

	if (viz_place_get(trust->core, &held, &close, &in->origin, VIZ_TYPE_CLOSE, in->slot) &&
	    !held.dead &&
	    viz_place_get(trust->core, &held, &result, &in->origin, VIZ_TYPE_RESULT, in->slot) &&
	    !held.dead && viz_close_parse(c, &close) == VIZ_OK &&
	    viz_result_parse(res, &result) == VIZ_OK) {
		int at = position(trust, in, c);

		shows = res->kind == VIZ_RESULT_ORDER && viz_id_eq(&res->close, &in->close) &&
			at >= 0 && (size_t)at < res->count && res->entry[at].revealed;
	}
	free(c);
	free(res);
	return shows;
}

/* Our clock is behind what we have signed, or we are in quarantine: sets the timer for when to try
 * again. What waits for LAST is tried when that has come (viz_inbox_result_wake). */
static void again_when_caught_up(struct viz_trust *trust, const struct viz_inbox *in)
{
	if (!trust->self.revoked && !viz_identity_may_sign(trust))
		viz_due_set(trust->core, viz_identity_retry_at(trust), VIZ_DUE_INBOX, &in->origin,
			    in->slot);
}

/* Reveals when CLOSE, which is held, has our pledge. */
static void reveal_if_shown(struct viz_net *net, struct viz_inbox *in)
{
	struct viz_close *c = viz_core_alloc(sizeof *c);
	struct viz_record rec;
	struct viz_held held;

	if (viz_pledge_promises(in->answer) &&
	    viz_place_get(net->core, &held, &rec, &in->origin, VIZ_TYPE_CLOSE, in->slot) &&
	    !held.dead && viz_close_parse(c, &rec) == VIZ_OK && position(net->trust, in, c) >= 0) {
		reveal(net, in);
		if (in->state == VIZ_INBOX_PLEDGED)
			again_when_caught_up(net->trust, in);
	}
	free(c);
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
		viz_inbox_protest_closed(net, in, c, position(net->trust, in, c) >= 0);
		in->close = *id;
		if (in->state == VIZ_INBOX_PLEDGED)
			reveal_if_shown(net, in);
		viz_inbox_put(net->core, in);
	}
	free(c);
	free(in);
}

void viz_inbox_result(struct viz_net *net, const struct viz_record *rec, const struct viz_id *id)
{
	struct viz_inbox *in = viz_inbox_fetch(net->core, &rec->author, rec->slot);
	struct viz_result *res;

	if (!in)
		return;
	res = viz_core_alloc(sizeof *res);
	if (viz_result_parse(res, rec) == VIZ_OK) {
		if (res->kind == VIZ_RESULT_ORDER && !viz_inbox_result_shows_us(net->trust, in))
			viz_inbox_protest_unrevealed(net, in);
		in->result = *id;
		in->result_at = net->core->now;
		/* a proposal that was revealed waits for the customer's choice */
		if (in->state < VIZ_INBOX_OVER &&
		    (in->state != VIZ_INBOX_REVEALED || res->kind == VIZ_RESULT_WITHDRAWN))
			in->state = VIZ_INBOX_OVER;
		if (in->vault != 0)
			viz_due_set(
			    net->core,
			    viz_after(net->core->now, net->core->federation.location_erase_ms),
			    VIZ_DUE_INBOX, &in->origin, in->slot);
		viz_inbox_put(net->core, in);
	}
	free(res);
	free(in);
}

/* Whether the origin has given us the location of this offer: then we keep its receipt. */
static bool had_location(struct viz_core *core, const struct viz_inbox *in)
{
	struct viz_slice v;

	return viz_statement_get(core, &v, &in->origin, in->slot, VIZ_TYPE_RECEIPT, &in->origin, 1);
}

void viz_inbox_result_choice_received(struct viz_net *net, const struct viz_record *rec,
				      const struct viz_id *id)
{
	struct viz_inbox *in =
	    viz_inbox_fetch(net->core, &rec->author, viz_record_slot_offer(rec->slot));
	unsigned k = viz_record_slot_k(rec->slot);
	struct viz_choice c;

	(void)id;
	if (in && viz_choice_parse(&c, rec) == VIZ_OK && viz_id_eq(&c.offer, &in->offer)) {
		/* the first award follows nothing; later ones are of the same lead */
		if (k == 1 && c.what == VIZ_CHOICE_AWARD && had_location(net->core, in))
			viz_probing_count(net->trust, VIZ_PROBE_TAKER, &in->origin,
					  VIZ_PROBE_AWARD_ANY, in->came);
		if (in->state < VIZ_INBOX_OVER)
			in->state = VIZ_INBOX_OVER;
		viz_inbox_holding_end(net, in, k - 1, false);
		viz_inbox_put(net->core, in);
	}
	free(in);
}

/* When we pledge `no-content` if the location has not come. After a start the window counts from
 * when the link with the origin is full, and anew while we do not take the origin's mail. */
static struct viz_time answer_by(struct viz_net *net, const struct viz_inbox *in)
{
	const struct viz_link *link = viz_link_of(net, &in->origin);
	struct viz_time by = viz_inbox_answer_by(in);

	if (link && link->mail_stopped != VIZ_MAIL_STOP_NONE)
		by = viz_after(net->core->now, by.ms - in->came.ms);
	else if (in->came.ms < net->core->started.ms && link && !link->guest)
		by = viz_after(link->full_at, by.ms - in->came.ms);
	return by;
}

void viz_inbox_result_due(struct viz_net *net, const struct viz_id *origin, uint64_t slot)
{
	struct viz_inbox *in = viz_inbox_fetch(net->core, origin, slot);
	int64_t now = net->core->now.ms;

	if (!in)
		return;
	viz_inbox_protest_again(net, in);
	/* CLOSE came while our clock was behind */
	if (in->state == VIZ_INBOX_PLEDGED && !viz_id_is_zero(&in->close) &&
	    viz_id_is_zero(&in->result))
		reveal_if_shown(net, in);
	if (in->state == VIZ_INBOX_LISTED && answer_by(net, in).ms > now) {
		viz_due_set(net->core, answer_by(net, in), VIZ_DUE_INBOX, origin, slot);
	} else if (in->state == VIZ_INBOX_LISTED) {
		viz_inbox_protest_unlocated(net, in);
		if (viz_inbox_pledge(net, in, VIZ_ANSWER_NO_CONTENT, VIZ_NO_NONE) ==
			VIZ_ERR_STATE &&
		    viz_inbox_pledge_wanted(in))
			again_when_caught_up(net->trust, in);
	} else if (in->state <= VIZ_INBOX_OVER && in->vault != 0 && in->result_at.ms != 0 &&
		   in->result_at.ms + net->core->federation.location_erase_ms <= now) {
		viz_inbox_erase(net->core, in, VIZ_ERASED_LOCATION);
	} else if (in->state < VIZ_INBOX_AWARDED && in->vault != 0 &&
		   viz_inbox_location_over(net->core, in).ms <= now) {
		viz_inbox_erase(net->core, in, VIZ_ERASED_LOCATION);
		in->state = VIZ_INBOX_OVER;
	} else if (in->award_n != 0 && in->vault != 0 &&
		   viz_inbox_holding_over(net->core, in).ms <= now) {
		viz_inbox_erase(net->core, in, VIZ_ERASED_ALL);
		in->lease_until = (struct viz_time){0};
		if (in->state == VIZ_INBOX_AWARDED) /* after a call OUTCOME may still follow */
			in->state = VIZ_INBOX_RELEASED;
	}
	viz_inbox_put(net->core, in);
	free(in);
}

void viz_inbox_result_wake(struct viz_core *core)
{
	core->wakes.offers = true;
	memset(core->wakes.offer_from, 0, sizeof core->wakes.offer_from);
}

void viz_inbox_result_wake_step(struct viz_core *core)
{
	struct viz_wakes *wakes = &core->wakes;
	struct viz_inbox *in;
	struct viz_walk walk;

	if (!wakes->offers)
		return;
	in = viz_core_alloc(sizeof *in);
	viz_inbox_walk_init(&walk, core, NULL);
	viz_walk_from(&walk, wakes->offer_from, sizeof wakes->offer_from);
	for (size_t rows = VIZ_WAKE_ROWS; rows > 0 && wakes->offers; rows--) {
		wakes->offers = viz_inbox_walk_next(&walk, in);
		if (!wakes->offers)
			break;
		viz_id_slot_key(wakes->offer_from, &in->origin, in->slot + 1);
		if (in->state == VIZ_INBOX_LISTED || in->state == VIZ_INBOX_PLEDGED)
			viz_due_set(core, core->now, VIZ_DUE_INBOX, &in->origin, in->slot);
	}
	free(in);
}
