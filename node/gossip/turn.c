#include "node/gossip/turn.h"

#include "node/core/core.h"
#include "node/gossip/chain.h"
#include "node/gossip/spread.h"
#include "node/gossip/strata.h"
#include "node/link/link.h"
#include "node/link/net.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/limits.h"
#include "proto/message.h"
#include "proto/writer.h"

#define ANSWER_MS 10000 /* for LOG_ASK; then the next peer is asked */
#define PAUSE_MS  1000  /* whose turn brought nothing begins no other for so long */

bool viz_turn_tells(struct viz_trust *trust, const struct viz_id *origin, uint64_t log)
{
	struct viz_member *m = viz_member_find(trust, origin);

	if (!m || m->told.forked == log)
		return false;
	m->told.forked = log;
	return true;
}

bool viz_turn_advance(struct viz_net *net, const struct viz_id *origin, struct viz_chain *c)
{
	uint32_t before = c->met;
	bool met = viz_chain_advance(net->core, origin, c);

	if (!met && viz_turn_tells(net->trust, origin, c->log))
		viz_core_log(net->core, 4,
			     "a log does not chain to number %u, which its origin opened", c->last);
	viz_chain_put(net->core, origin, c);
	if (c->met != before)
		net->handlers->met(net, origin, c);
	return met;
}

/* The link that has the turn, or has let its time pass. NULL: none. */
static struct viz_link *holder(struct viz_net *net, const struct viz_id *origin)
{
	for (size_t i = 0; i < net->links.count; i++) {
		struct viz_link *link = &net->links.list[i];

		if (!link->closing && link->log_until.ms != 0 &&
		    viz_id_eq(&link->log_asked.origin, origin))
			return link;
	}
	return NULL;
}

static bool may_ask(struct viz_trust *trust, const struct viz_link *link,
		    const struct viz_id *origin)
{
	return !link->closing && link->log_until.ms <= trust->core->now.ms &&
	       viz_strata_shared(trust, origin, link);
}

/* Asks for stubs behind those that we hold, up to `to`. False: there are none to ask for. */
static bool ask(struct viz_net *net, struct viz_link *link, const struct viz_id *origin,
		const struct viz_chain *c, uint32_t to)
{
	struct viz_message_log_ask *m = &link->log_asked;
	VIZ_WRITER(w, 64);

	if (to > c->last)
		to = c->last;
	if (to <= c->held || c->told >= VIZ_STUBS_PER_ORIGIN)
		return false;
	if (to - c->held > VIZ_LOG_STUBS_MAX)
		to = c->held + VIZ_LOG_STUBS_MAX;
	*m = (struct viz_message_log_ask){*origin, c->log, c->held + 1, to};
	link->log_until = viz_after(net->core->now, ANSWER_MS);
	viz_message_log_ask_write(&w, m);
	viz_spread_send(net->core, link, &w);
	return true;
}

/* Gives the link the turn, in a round that began with the link `first`. */
static void give(struct viz_net *net, struct viz_link *link, const struct viz_id *origin,
		 uint64_t first, uint32_t to)
{
	struct viz_chain c;

	if (!viz_chain_get(net->core, &c, origin) || to <= c.met)
		return;
	viz_chain_restart(net->core, origin, &c);
	if (!viz_turn_advance(net, origin, &c))
		return; /* by its records: no stub would mend it */
	link->log_first = first;
	ask(net, link, origin, &c, to);
}

/* How far the link `number` comes behind `first` in a round. It goes down, and those above `first`
 * come behind the lowest: so a round ends, also when peers that had their turn link anew. */
static uint64_t distance(uint64_t number, uint64_t first)
{
	return first - number;
}

/* The next of the round behind this link. NULL: all had their turn. */
static struct viz_link *next(struct viz_net *net, const struct viz_link *link,
			     const struct viz_id *origin)
{
	uint64_t done = distance(link->number, link->log_first);
	struct viz_link *found = NULL;

	for (size_t i = 0; i < net->links.count; i++) {
		struct viz_link *other = &net->links.list[i];
		uint64_t at = distance(other->number, link->log_first);

		if (at > done && (!found || at < distance(found->number, link->log_first)) &&
		    may_ask(net->trust, other, origin))
			found = other;
	}
	return found;
}

/* The turn of this link has brought too little: the next one gets it. */
static void pass_on(struct viz_net *net, struct viz_link *link, const struct viz_id *origin)
{
	struct viz_link *other = next(net, link, origin);

	link->log_until = (struct viz_time){0};
	if (link->number == link->log_first)
		link->log_pause = viz_after(net->core->now, PAUSE_MS);
	if (other)
		give(net, other, origin, link->log_first, UINT32_MAX);
}

/* Whether nobody has the turn now. One that has passed without an answer goes to the next. */
static bool is_free(struct viz_net *net, const struct viz_id *origin)
{
	struct viz_link *link = holder(net, origin);

	if (!link)
		return true;
	if (link->log_until.ms <= net->core->now.ms)
		pass_on(net, link, origin);
	return !holder(net, origin);
}

void viz_turn_begin(struct viz_net *net, struct viz_link *link, const struct viz_id *origin,
		    uint32_t to)
{
	struct viz_link *other = holder(net, origin);
	bool own = viz_id_eq(origin, &link->peer);

	/* not each time that the origin repeats its HEAD: the others would never end */
	if (own && other && other != link && link->log_pause.ms <= net->core->now.ms) {
		other->log_until = (struct viz_time){0};
		link->log_pause = viz_after(net->core->now, ANSWER_MS);
	}
	if (!is_free(net, origin) || !may_ask(net->trust, link, origin) ||
	    (!own && link->log_pause.ms > net->core->now.ms))
		return;
	give(net, link, origin, link->number, to);
}

void viz_turn_begin_any(struct viz_net *net, const struct viz_id *origin)
{
	if (!is_free(net, origin))
		return;
	for (size_t i = 0; i < net->links.count; i++)
		if (may_ask(net->trust, &net->links.list[i], origin)) {
			give(net, &net->links.list[i], origin, net->links.list[i].number,
			     UINT32_MAX);
			return;
		}
}

void viz_turn_told(struct viz_net *net, struct viz_link *link, const struct viz_message_log *m,
		   const struct viz_chain *chain, bool met)
{
	const struct viz_message_log_ask *asked = &link->log_asked;

	link->log_until = (struct viz_time){0};
	if (met && chain->held >= chain->last)
		return;
	if (met && m->count == asked->to - asked->from + 1 && chain->held >= asked->to &&
	    ask(net, link, &m->origin, chain, chain->last))
		return;
	pass_on(net, link, &m->origin);
}
