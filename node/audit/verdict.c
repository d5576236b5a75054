#include "node/audit/verdict.h"

#include "node/audit/finding.h"
#include "node/audit/owed.h"
#include "node/audit/pledge_keys.h"
#include "node/audit/suspicion.h"
#include "node/core/account.h"
#include "node/core/core.h"
#include "node/core/place.h"
#include "node/gossip/chain.h"
#include "node/inbox/inbox.h"
#include "node/link/net.h"
#include "node/offer/view.h"
#include "node/self/statement.h"
#include "node/trust/member.h"
#include "node/trust/named.h"
#include "node/trust/trust.h"
#include "proto/offer.h"
#include "proto/record.h"

/* An offer while it is judged. */
struct judge {
	struct viz_net *net;
	struct viz_verdict_seen *seen;
	const struct viz_inbox *in;
	const struct viz_member *m; /* the origin */
	struct viz_position at;
	unsigned reasons;
};

static void because(struct judge *j, enum viz_reason reason)
{
	j->reasons |= 1u << reason;
}

const char *viz_verdict_name(enum viz_standing standing)
{
	static const char *const names[VIZ_STANDING_COUNT] = {"in-order", "unchecked", "suspicion",
							      "contradiction"};

	return names[standing];
}

const char *viz_verdict_reason_name(enum viz_reason reason)
{
	static const char *const names[VIZ_REASON_COUNT] = {
	    "no-link", "share", "view", "key", "chain", "records", "restored", "first"};

	return names[reason];
}

/* The worst that is found about this offer. */
static enum viz_standing worst_finding(const struct judge *j)
{
	enum viz_verdict worst;

	if (!viz_finding_of_offer(j->net->core, &worst, &j->in->origin, j->in->slot))
		return VIZ_STANDING_IN_ORDER;
	return worst == VIZ_VERDICT_CONTRADICTION ? VIZ_STANDING_CONTRADICTION
						  : VIZ_STANDING_SUSPICION;
}

static bool get(const struct judge *j, struct viz_record *rec, uint8_t type, uint64_t slot)
{
	struct viz_held held;

	return viz_place_get(j->net->core, &held, rec, &j->in->origin, type, slot);
}

/* Which entry of CLOSE is our PLEDGE. -1: none, or it cannot be read. */
static int position_of_ours(const struct judge *j, const struct viz_record *close)
{
	struct viz_close *c = viz_core_alloc(sizeof *c);
	struct viz_record rec;
	struct viz_pledge p;
	int at = -1;

	if (viz_close_parse(c, close) == VIZ_OK)
		for (size_t i = 0; i < c->count && at < 0; i++)
			if (viz_close_pledge(c, i, &rec, &p) &&
			    viz_id_eq(&rec.author, &j->net->trust->self.author))
				at = (int)i;
	free(c);
	return at;
}

/* Whether CLOSE lacks our PLEDGE, which we signed before it and which the origin has not
 * acknowledged. A link that the origin ended in time looks like one that broke: we have no PROTEST,
 * and cannot tell. */
static bool lacks_pledge(const struct judge *j, const struct viz_record *close)
{
	struct viz_record ours;
	struct viz_slice v;

	return !j->in->pledge_acked && !j->in->withdrawn &&
	       viz_statement_get(j->net->core, &v, &j->in->origin, j->in->slot, VIZ_TYPE_PLEDGE,
				 &j->net->trust->self.author, 1) &&
	       viz_record_parse(&ours, v.p, v.len) == VIZ_OK && ours.time.ms < close->time.ms &&
	       position_of_ours(j, close) < 0;
}

/* Likewise, it has not served us the location. */
static bool lacks_location(const struct judge *j)
{
	return j->in->answer == VIZ_ANSWER_NO_CONTENT && !j->in->withdrawn;
}

/* Likewise, RESULT lacks our REVEAL, of a PLEDGE that promises one and that CLOSE has. */
static bool lacks_reveal(const struct judge *j, const struct viz_record *close,
			 const struct viz_result *r)
{
	int at = position_of_ours(j, close);

	return !j->in->reveal_acked && !j->in->withdrawn && viz_pledge_promises(j->in->answer) &&
	       r->kind == VIZ_RESULT_ORDER && at >= 0 && (size_t)at < r->count &&
	       !r->entry[at].revealed;
}

/* Whether all records of the offer are here to its end. */
static bool has_ended(struct judge *j)
{
	struct viz_record close, result, choice;
	struct viz_result *r;
	struct viz_id who;
	bool ended;

	if (!get(j, &close, VIZ_TYPE_CLOSE, j->in->slot))
		return false;
	if (viz_pledge_keys_look(j->net->trust, &who, j->in, &close) != VIZ_PLEDGE_KEYS_GOOD)
		because(j, VIZ_REASON_KEY);
	if (lacks_pledge(j, &close) || lacks_location(j))
		because(j, VIZ_REASON_NO_LINK);
	if (!get(j, &result, VIZ_TYPE_RESULT, j->in->slot))
		return false;
	r = viz_core_alloc(sizeof *r);
	ended = viz_result_parse(r, &result) == VIZ_OK;
	if (ended && lacks_reveal(j, &close, r))
		because(j, VIZ_REASON_NO_LINK);
	ended = ended && (r->kind == VIZ_RESULT_WITHDRAWN ||
			  get(j, &choice, VIZ_TYPE_CHOICE, viz_record_slot_choice(j->in->slot, 1)));
	free(r);
	return ended;
}

/* Whether a number between the first opened head and this offer is missing. */
static bool has_gap(struct judge *j, const struct viz_chain *c, const struct viz_chain_old *log)
{
	struct viz_stub stub;
	uint32_t n = log->first > log->whole ? log->first : log->whole;
	size_t i = 0;

	while (j->seen->of[i].log != 0 && j->seen->of[i].log != j->at.log)
		i++;
	if (j->seen->of[i].number > n)
		n = j->seen->of[i].number;
	while (n + 1 < j->at.number &&
	       viz_chain_knows(j->net->core, &stub, c, &j->in->origin, j->at.log, n + 1))
		n++;
	j->seen->of[i].log = j->at.log;
	j->seen->of[i].number = n;
	return n + 1 < j->at.number;
}

static void look_at_log(struct judge *j, bool ended)
{
	struct viz_chain_old log;
	struct viz_chain c;

	if (j->m && j->at.log != j->m->node.log && !ended)
		because(j, VIZ_REASON_RESTORED);
	if (!viz_chain_get(j->net->core, &c, &j->in->origin) ||
	    !viz_chain_of_log(&c, &log, j->at.log))
		because(j, VIZ_REASON_CHAIN);
	else if (j->at.number <= log.first)
		because(j, VIZ_REASON_FIRST);
	else if (has_gap(j, &c, &log))
		because(j, VIZ_REASON_CHAIN);
}

/* Whether the NODE and the PARTNERS that the OFFER names are here. */
static bool has_named(const struct judge *j, const struct viz_record *offer)
{
	struct viz_partners *named = viz_core_alloc(sizeof *named);
	struct viz_core *core = j->net->core;
	struct viz_record node;
	struct viz_offer o;
	bool has = viz_offer_parse(&o, offer) == VIZ_OK &&
		   viz_named_get(core, &node, &j->in->origin, &o.node) &&
		   viz_view_partners(core, named, &j->in->origin, &j->in->partners);

	free(named);
	return has;
}

/* Whether the offer was made while we had no link with its origin, and have none. */
static bool without_link(const struct judge *j)
{
	struct viz_owed_what what = {j->in->origin, VIZ_SUSPICION_NO_LINK, 0, j->in->origin};
	struct viz_owed o;

	return viz_owed_get(j->net->core, &o, &what) && o.raised && o.since.ms <= j->in->time.ms;
}

void viz_verdict_read(struct viz_net *net, struct viz_offer_verdict *out,
		      struct viz_verdict_seen *seen, const struct viz_inbox *in)
{
	struct judge j = {
	    .net = net, .seen = seen, .in = in, .m = viz_member_find(net->trust, &in->origin)};
	struct viz_account account;
	struct viz_record offer;
	bool ended;

	if (!get(&j, &offer, VIZ_TYPE_OFFER, in->slot) ||
	    viz_position_parse(&j.at, &offer) != VIZ_OK) {
		because(&j, VIZ_REASON_RECORDS);
	} else {
		ended = has_ended(&j);
		look_at_log(&j, ended);
		if (!ended || !has_named(&j, &offer))
			because(&j, VIZ_REASON_RECORDS);
	}
	viz_account_get(net->core, &account, &in->origin);
	if (in->unchecked == VIZ_UNCHECKED_SHARE || in->slot <= account.last_lost)
		because(&j, VIZ_REASON_SHARE);
	if (!in->view_judged || in->unchecked == VIZ_UNCHECKED_VIEW)
		because(&j, VIZ_REASON_VIEW);
	if (without_link(&j))
		because(&j, VIZ_REASON_NO_LINK);
	*out = (struct viz_offer_verdict){worst_finding(&j), j.reasons};
	if (out->standing == VIZ_STANDING_IN_ORDER && j.reasons != 0)
		out->standing = VIZ_STANDING_UNCHECKED;
}
