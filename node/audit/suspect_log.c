/* What is missing of a log: numbers up to an opened head, their records, and the opening itself. */
#include "node/audit/suspect.h"
#include "node/core/core.h"
#include "node/core/place.h"
#include "node/gossip/chain.h"
#include "node/gossip/log.h"
#include "node/inbox/protest.h"
#include "node/link/link.h"
#include "node/link/linked.h"
#include "node/link/net.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/limits.h"
#include "proto/record.h"

/* A number of a log, as what a suspicion is about: u64 log, u32 number, zeros. */
static struct viz_id number_id(uint64_t log, uint32_t number)
{
	struct viz_id id = {{0}};

	viz_be_put_u64(id.b, log);
	viz_be_put_u32(id.b + 8, number);
	return id;
}

/* Whether the record of this stub is owed to us. Of an OFFER it is: `first` was opened to us, and
 * so was a later number, and we were in all circles between (gossip/log.c begins anew when not).
 * The others have the circle of their OFFER, and we hold the OFFER when we are in it. */
static bool is_owed(struct viz_core *core, const struct viz_id *origin, uint64_t log,
		    const struct viz_stub *stub)
{
	struct viz_stub offer;
	struct viz_held held;

	return stub->type == VIZ_TYPE_OFFER ||
	       (viz_chain_stub_get(core, &offer, origin, log, stub->offer) &&
		viz_chain_record(core, &held, origin, &offer));
}

/* Whether number `n` is here as far as it is owed to us. `slot` gets that of its offer, if it is
 * known. */
static bool is_here(struct viz_core *core, const struct viz_id *origin, const struct viz_chain *c,
		    uint64_t log, uint32_t n, uint64_t *slot)
{
	struct viz_stub stub;
	struct viz_held held;

	*slot = 0;
	if (!viz_chain_knows(core, &stub, c, origin, log, n))
		return false;
	if (viz_chain_record(core, &held, origin, &stub) || !is_owed(core, origin, log, &stub) ||
	    viz_chain_is_dropped(core, origin, log, n))
		return true;
	if (stub.type != VIZ_TYPE_OFFER)
		*slot = viz_record_slot_offer(stub.slot);
	return false;
}

/* All numbers before this one are here: none of them is looked at again. */
static void note_whole(struct viz_core *core, struct viz_chain *c, const struct viz_id *origin,
		       const struct viz_suspect_numbers *l)
{
	uint32_t whole = (l->count > 0 ? l->missing[0] : l->at) - 1;

	if (whole == c->whole)
		return;
	c->whole = whole;
	viz_chain_put(core, origin, c);
}

/* withheld: numbers up to the last opened head. Behind a gap all are looked at in each pass, and
 * there may be VIZ_STUBS_PER_ORIGIN. */
bool viz_suspect_log_numbers(const struct viz_suspect *s, struct viz_suspect_numbers *l,
			     const struct viz_member *m)
{
	int64_t ms = viz_suspect_circle_ms(s, m);
	struct viz_core *core = s->net->core;
	struct viz_chain c;
	uint64_t slot;

	if (l->log == 0 || !viz_chain_get(core, &c, &m->id) || c.log != l->log)
		return true;
	for (; l->at <= c.last && l->count < VIZ_SUSPECT_NUMBERS_MAX &&
	       l->unknown < VIZ_FINDINGS_PER_RULE;
	     l->at++) {
		struct viz_id about = number_id(c.log, l->at);

		if (*s->rows == 0)
			return false;
		--*s->rows;
		if (is_here(core, &m->id, &c, c.log, l->at, &slot))
			continue;
		l->missing[l->count++] = l->at;
		l->unknown += slot == 0;
		if (viz_suspect_missing(s, m, VIZ_SUSPICION_WITHHELD, slot, &about, ms))
			viz_inbox_protest_log(s->net, &m->id, l->at);
	}
	note_whole(core, &c, &m->id, l);
	if (l->count > 0)
		viz_gossip_log_again(s->net, &m->id, l->missing, l->count);
	return true;
}

/* For how long of the last pass the origin's newest NODE was here, on the link that is up now. */
static int64_t since_node(const struct viz_suspect *s, const struct viz_member *m,
			  const struct viz_record *node)
{
	const struct viz_link *link = viz_link_of(s->net, &m->id);
	int64_t from, ms = viz_linked_ms(m), now = s->net->core->now.ms;

	if (!link || link->guest)
		return 0;
	from = link->full_at.ms > node->time.ms ? link->full_at.ms : node->time.ms;
	return from >= now ? 0 : now - from < ms ? now - from : ms;
}

/* head-unopened: the origin's newest NODE. When a newer one replaces it unopened, it goes on: HEAD
 * opens the newest one only. */
static void look_at_opening(const struct viz_suspect *s, const struct viz_member *m,
			    const struct viz_chain *c)
{
	struct viz_owed_what what = {.debtor = m->id, .rule = VIZ_SUSPICION_HEAD_UNOPENED};
	struct viz_record node;
	struct viz_held held;
	struct viz_owed_what first;

	if (!viz_place_get(s->net->core, &held, &node, &m->id, VIZ_TYPE_NODE, 0) || held.dead ||
	    (c && c->node_seq >= node.seq))
		return;
	viz_ids_record(&what.about, &s->net->core->federation_id, &node);
	if (viz_owed_first(s->net->core, &first, &m->id, VIZ_SUSPICION_HEAD_UNOPENED))
		what.about = first.about;
	/* else NODEs that follow each other more often than passes would count for nothing */
	if (viz_suspect_missing_first(s, &what, viz_linked_ms(m), since_node(s, m, &node)))
		viz_inbox_protest_log(s->net, &m->id, 0);
}

/* head-unopened, when the newest NODE is not missed any more. The one that was missed is opened
 * now, or it never will be: what is counted goes on with the next one that is not opened, under the
 * origin's id, for as long as an offer counts. Else a NODE now and then would be for others alone.
 */
static bool opening_stays(struct viz_core *core, const struct viz_owed_what *what,
			  const struct viz_owed *owed, bool suspected)
{
	struct viz_chain c = {0};
	struct viz_record node;
	struct viz_held held;
	struct viz_id id;

	if (viz_id_eq(&what->about, &what->debtor)) {
		viz_owed_go_on(core, what, owed, &what->debtor);
		return owed->since.ms + core->federation.write_once_ms > core->now.ms;
	}
	if (!viz_place_get(core, &held, &node, &what->debtor, VIZ_TYPE_NODE, 0))
		return false;
	viz_chain_get(core, &c, &what->debtor);
	if (c.node_seq < node.seq)
		return suspected;
	viz_ids_record(&id, &core->federation_id, &node);
	if (!owed->raised && owed->counted_ms > 0 && !viz_id_eq(&id, &what->about))
		viz_owed_go_on(core, what, owed, &what->debtor);
	return false;
}

/* What is suspected goes on when the log is over, or we are in the circle no more: nothing of it
 * has come. */
bool viz_suspect_log_stays(struct viz_core *core, const struct viz_owed_what *what,
			   const struct viz_owed *owed, bool suspected)
{
	struct viz_chain c = {0};
	uint64_t slot;

	if (what->rule == VIZ_SUSPICION_HEAD_UNOPENED)
		return opening_stays(core, what, owed, suspected);
	if (what->rule != VIZ_SUSPICION_WITHHELD || !suspected)
		return false;
	viz_chain_get(core, &c, &what->debtor);
	return !is_here(core, &what->debtor, &c, viz_be_get_u64(what->about.b),
			viz_be_get_u32(what->about.b + 8), &slot);
}

void viz_suspect_log(const struct viz_suspect *s, struct viz_suspect_numbers *numbers,
		     const struct viz_member *m)
{
	struct viz_chain c;
	bool opened = viz_chain_get(s->net->core, &c, &m->id);

	numbers->log = 0;
	if (!viz_suspect_in_circle(s->net->trust, m, &s->net->trust->self.author))
		return;
	look_at_opening(s, m, opened ? &c : NULL);
	if (opened && c.log == m->node.log)
		*numbers = (struct viz_suspect_numbers){
		    .log = c.log, .at = (c.whole > c.first ? c.whole : c.first) + 1};
}
