#include "node/gossip/fork.h"

#include "node/core/core.h"
#include "node/core/ids.h"
#include "node/core/place.h"
#include "node/gossip/chain.h"
#include "node/gossip/opening.h"
#include "node/gossip/spread.h"
#include "node/gossip/strata.h"
#include "node/gossip/wanted.h"
#include "node/link/link.h"
#include "node/link/net.h"
#include "node/trust/trust.h"
#include "proto/limits.h"
#include "proto/offer.h"
#include "proto/record.h"
#include "proto/writer.h"

#define STUBS     16    /* before the number of a HEAD, that we compare */
#define BACK_MAX  64    /* numbers back to one whose value is known without those before it */
#define TIMES_MAX 8     /* questions on one link about one value */
#define ANSWER_MS 10000 /* for LOG_ASK; then the next HEAD begins anew */
#define OLD_MAX   8     /* logs of one origin that we show, besides the present one; of each */
#define RUNS_MAX  4     /* so many runs of numbers, */
#define SCAN_MAX  512   /* among so many of the highest numbers */

/* The value of a log at a number, by what stands there alone: the record, or a head that the origin
 * opened. */
static bool value_here(struct viz_core *core, struct viz_id *out, const struct viz_id *origin,
		       uint64_t log, uint32_t number)
{
	struct viz_position at;
	struct viz_record rec;
	struct viz_stub stub;
	struct viz_held held;

	if (!viz_chain_stub_get(core, &stub, origin, log, number) ||
	    !viz_chain_record(core, &held, origin, &stub) || held.dead)
		return viz_opening_value(core, out, origin, log, number);
	VIZ_REQUIRE(viz_record_parse(&rec, held.a, held.a_len) == VIZ_OK &&
		    viz_position_parse(&at, &rec) == VIZ_OK);
	viz_ids_log(out, &at, stub.type, stub.slot, &stub.id);
	return true;
}

/* The value of a log at a number. False: it is not known, or not without much reading. */
static bool value_at(struct viz_core *core, struct viz_id *out, const struct viz_id *origin,
		     uint64_t log, uint32_t number)
{
	struct viz_position at = {.log = log, .number = number};
	struct viz_stub stub;

	while (!value_here(core, out, origin, log, at.number))
		if (at.number == 0 || number - at.number == BACK_MAX ||
		    !viz_chain_stub_get(core, &stub, origin, log, at.number--))
			return false;
	while (at.number < number) {
		VIZ_REQUIRE(viz_chain_stub_get(core, &stub, origin, log, ++at.number));
		at.before = *out;
		at.offer = stub.offer;
		viz_ids_log(out, &at, stub.type, stub.slot, &stub.id);
	}
	return true;
}

/* Sends HEAD at the end of each run of numbers without a gap, from the highest on downwards: a
 * CHOICE may have come alone, by its hand-off, and says nothing about what is missing before it. */
static void show_runs(struct viz_core *core, struct viz_link *link, struct viz_message_head *m,
		      uint32_t highest)
{
	bool above = false;
	unsigned runs = 0;

	for (uint32_t n = highest; n > 0 && highest - n < SCAN_MAX && runs < RUNS_MAX; n--) {
		struct viz_stub stub;
		bool held = viz_chain_stub_get(core, &stub, &m->origin, m->log, n);
		VIZ_WRITER(w, 192);

		if (held && !above && value_at(core, &m->value, &m->origin, m->log, n)) {
			m->held = m->number = n;
			viz_message_head_write(&w, m);
			viz_spread_send(core, link, &w);
			runs++;
		}
		above = held;
	}
}

static void show_old(struct viz_core *core, struct viz_link *link, struct viz_message_head *m,
		     uint32_t highest, const struct viz_chain *present, unsigned *shown)
{
	if (m->log == present->log)
		return;
	show_runs(core, link, m, highest);
	++*shown;
}

void viz_gossip_fork_show(struct viz_trust *trust, struct viz_link *link,
			  const struct viz_id *origin)
{
	struct viz_message_head m = {.origin = *origin};
	struct viz_core *core = trust->core;
	unsigned shown = 0;
	uint32_t highest;
	uint64_t begin;
	struct viz_chain c;

	if (viz_id_eq(origin, &link->peer) || viz_id_eq(origin, &trust->self.author) ||
	    !viz_chain_get(core, &c, origin))
		return;
	/* from another one on each time: the origin chooses the numbers of its logs */
	begin = (viz_be_get_u64(link->peer.b) + (uint64_t)core->now.ms) * 0x9e3779b97f4a7c15u;
	begin -= begin == UINT64_MAX;
	m.log = begin;
	while (shown < OLD_MAX && viz_chain_log_next(core, &m.log, &highest, origin))
		show_old(core, link, &m, highest, &c, &shown);
	m.log = 0;
	while (shown < OLD_MAX && viz_chain_log_next(core, &m.log, &highest, origin) &&
	       m.log <= begin)
		show_old(core, link, &m, highest, &c, &shown);
}

/* Whether the peer may be asked why it has this value. Who lies about it, or lacks the records, is
 * not asked for ever. */
static bool may_ask(struct viz_link *link, const struct viz_id *value)
{
	const size_t n = sizeof link->fork_of / sizeof *link->fork_of;
	size_t i = 0;

	while (i < n && !viz_id_eq(&link->fork_of[i].value, value))
		i++;
	if (i == n) {
		i = link->fork_next;
		link->fork_next = (i + 1) % n;
		link->fork_of[i].value = *value;
		link->fork_of[i].times = 0;
	}
	return link->fork_of[i].times++ < TIMES_MAX;
}

/* Whether we hold both records of a fork of this log: no answer would bring more. */
static bool is_known(const struct viz_link *link, const struct viz_id *origin, uint64_t log)
{
	for (size_t i = 0; i < sizeof link->fork_known / sizeof *link->fork_known; i++)
		if (link->fork_known[i].log == log &&
		    viz_id_eq(&link->fork_known[i].origin, origin))
			return true;
	return false;
}

static void note_known(struct viz_link *link, const struct viz_id *origin, uint64_t log)
{
	size_t i = link->fork_known_next;

	if (is_known(link, origin, log))
		return;
	link->fork_known[i].origin = *origin;
	link->fork_known[i].log = log;
	link->fork_known_next = (i + 1) % (sizeof link->fork_known / sizeof *link->fork_known);
}

static void ask(struct viz_net *net, struct viz_link *link)
{
	VIZ_WRITER(w, 64);

	link->fork_until = viz_after(net->core->now, ANSWER_MS);
	viz_message_log_ask_write(&w, &link->fork_asked);
	viz_spread_send(net->core, link, &w);
}

void viz_gossip_fork_head(struct viz_net *net, struct viz_link *link,
			  const struct viz_message_head *m)
{
	uint32_t to = m->held < m->number ? m->held : m->number;
	struct viz_id ours;

	if (to == 0 || link->fork_until.ms > net->core->now.ms ||
	    is_known(link, &m->origin, m->log) ||
	    !value_at(net->core, &ours, &m->origin, m->log, m->number) ||
	    viz_id_eq(&ours, &m->value) || !may_ask(link, &m->value))
		return;
	link->fork_asked =
	    (struct viz_message_log_ask){m->origin, m->log, to > STUBS ? to - STUBS + 1 : 1, to};
	ask(net, link);
}

/* Asks for the records of those stubs that stand at a number at which we have another one. */
static void want_others(struct viz_net *net, struct viz_link *link, const struct viz_message_log *m)
{
	struct viz_message_log_want want = {.origin = m->origin, .log = m->log};
	bool both = false; /* records of one number are here, which is a fork */
	VIZ_WRITER(w, 256);

	for (size_t i = 0; i < m->count; i++) {
		const struct viz_stub *theirs = &m->stub[i];
		uint32_t number = m->from + (uint32_t)i;
		struct viz_stub ours;
		struct viz_held held;

		if (!viz_chain_stub_get(net->core, &ours, &m->origin, m->log, number) ||
		    viz_id_eq(&ours.id, &theirs->id))
			continue;
		if (viz_chain_record(net->core, &held, &m->origin, theirs)) {
			both |= viz_chain_record(net->core, &held, &m->origin, &ours);
			continue;
		}
		if (theirs->type == VIZ_TYPE_OFFER && viz_strata_is_late(net->core, theirs->slot))
			viz_wanted_offer(net, link, &theirs->id);
		else
			want.number[want.count++] = number;
	}
	if (both)
		note_known(link, &m->origin, m->log);
	if (want.count == 0)
		return;
	viz_message_log_want_write(&w, &want);
	viz_spread_send(net->core, link, &w);
}

void viz_gossip_fork_stubs(struct viz_net *net, struct viz_link *link,
			   const struct viz_message_log *m)
{
	struct viz_message_log_ask *asked = &link->fork_asked;

	if (link->fork_until.ms <= net->core->now.ms || !viz_id_eq(&m->origin, &asked->origin) ||
	    m->log != asked->log || m->from != asked->from ||
	    m->count > asked->to - asked->from + 1)
		return;
	link->fork_until = (struct viz_time){0};
	if (m->count > 0) {
		want_others(net, link, m);
	} else if (asked->from < asked->to) { /* its part of the log begins later */
		asked->from += (asked->to - asked->from + 1) / 2;
		ask(net, link);
	}
}
