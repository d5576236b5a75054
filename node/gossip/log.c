#include "node/gossip/log.h"

#include "node/core/core.h"
#include "node/core/ids.h"
#include "node/core/place.h"
#include "node/gossip/chain.h"
#include "node/gossip/fork.h"
#include "node/gossip/gossip.h"
#include "node/gossip/opening.h"
#include "node/gossip/spread.h"
#include "node/gossip/strata.h"
#include "node/gossip/turn.h"
#include "node/link/budget.h"
#include "node/link/link.h"
#include "node/link/net.h"
#include "node/trust/author.h"
#include "node/trust/circle.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/message.h"
#include "proto/offer.h"
#include "proto/reader.h"
#include "proto/record.h"
#include "proto/trust.h"
#include "proto/writer.h"

#define STUB_BYTES    64   /* what we charge for a stub that is asked for */
#define FIND_BYTES    128  /* and for the search for a record */
#define HEAD_BYTES    4096 /* and for a HEAD: it lets us look for many numbers, and ask */
#define LOG_BODY_MAX  32768
#define LACKING_MAX   512   /* records that one HEAD lets us ask for again */
#define PUSH_MAX      512   /* records that one HEAD of our log lets us send */
#define OWN_AHEAD_MAX 65536 /* numbers of our own log that we may not know */

/* The number up to which a log is known: beyond the last opened head by records that are held. */
static uint32_t known(struct viz_core *core, const struct viz_id *origin, const struct viz_chain *c,
		      struct viz_id *value)
{
	struct viz_position at = {c->log, c->held, {{0}}, 0};
	struct viz_stub stub;

	*value = c->held_value;
	while (c->held >= c->last &&
	       viz_chain_stub_get(core, &stub, origin, c->log, at.number + 1)) {
		at.number++;
		at.before = *value;
		at.offer = stub.offer;
		viz_ids_log(value, &at, stub.type, stub.slot, &stub.id);
	}
	return at.number;
}

static void send_head(struct viz_trust *trust, struct viz_link *link, const struct viz_id *origin)
{
	const struct viz_self *self = &trust->self;
	bool theirs = viz_id_eq(origin, &link->peer), ours = viz_id_eq(origin, &self->author);
	struct viz_message_head m = {.origin = *origin};
	struct viz_chain c = {0};
	VIZ_WRITER(w, 192);

	if (!viz_strata_shared(trust, origin, link) ||
	    (!viz_chain_get(trust->core, &c, origin) && !theirs))
		return;
	m.log = c.log;
	m.held = c.held;
	m.number = c.last;
	m.value = c.last_value;
	if (ours) {
		m.node_seq = c.node_seq;
		m.has_old = self->log_old.log != 0;
		m.old = self->log_old;
	} else if (c.log != 0 && c.held >= c.last) {
		m.held = m.number = known(trust->core, origin, &c, &m.value);
	}
	viz_message_head_write(&w, &m);
	viz_spread_send(trust->core, link, &w);
}

void viz_gossip_log_show(struct viz_net *net, struct viz_link *link)
{
	struct viz_id *near = viz_core_alloc(VIZ_CIRCLE_NEAR_MAX * sizeof *near);
	size_t count = viz_circle_near(net->trust, near);

	for (size_t i = 0; i < count; i++) {
		send_head(net->trust, link, &near[i]);
		if (viz_strata_shared(net->trust, &near[i], link))
			viz_gossip_fork_show(net->trust, link, &near[i]);
	}
	free(near);
	viz_wanted_left(net, link);
}

/* Sends LOG_WANT for these numbers, and notes which late OFFERs are asked for. */
static void send_want(struct viz_net *net, struct viz_link *link, const struct viz_id *origin,
		      uint64_t log, const uint32_t *number, size_t count)
{
	struct viz_message_log_want *m = viz_core_alloc(sizeof *m);

	*m = (struct viz_message_log_want){.origin = *origin, .log = log};
	for (size_t i = 0; i < count; i++) {
		struct viz_stub stub;
		VIZ_WRITER(w, 1024);

		if (viz_chain_stub_get(net->core, &stub, origin, log, number[i]) &&
		    stub.type == VIZ_TYPE_OFFER && viz_strata_is_late(net->core, stub.slot))
			viz_wanted_note(net, &stub.id);
		m->number[m->count++] = number[i];
		if (m->count == VIZ_WANT_PER_MESSAGE || i + 1 == count) {
			viz_message_log_want_write(&w, m);
			viz_spread_send(net->core, link, &w);
			m->count = 0;
		}
	}
	free(m);
}

/* Asks the peer for the records that are lacking, of those that it says it holds: up to `to`.
 * Returns how many. */
static size_t want_lacking(struct viz_net *net, struct viz_link *link, const struct viz_id *origin,
			   uint64_t log, uint32_t to, bool in_vain)
{
	uint32_t number[LACKING_MAX];
	size_t n = viz_chain_lacking(net->core, number, LACKING_MAX, origin, log, to, in_vain);

	send_want(net, link, origin, log, number, n);
	return n;
}

/* Asks the origin, which holds its older logs too. */
static void want_of_origin(struct viz_net *net, struct viz_link *link, const struct viz_id *origin,
			   const struct viz_chain *c)
{
	bool in_vain = viz_wanted_in_vain(net->core, link);
	size_t n = want_lacking(net, link, origin, c->log, c->last, in_vain);

	for (uint64_t log = 0; n < LACKING_MAX && viz_chain_lacking_next(net->core, &log, origin);)
		if (log != c->log)
			n += want_lacking(net, link, origin, log, UINT32_MAX, in_vain);
}

/* A co-member knows the log further than the last opened head, by records, and further than we. */
static void want_newest(struct viz_net *net, struct viz_link *link, const struct viz_chain *c,
			const struct viz_message_head *m)
{
	uint32_t number[VIZ_WANT_PER_MESSAGE], from;
	struct viz_id value;
	size_t n = 0;

	if (c->held < c->last)
		return;
	from = known(net->core, &m->origin, c, &value);
	while (n < VIZ_WANT_PER_MESSAGE && from + n < m->held) {
		number[n] = from + 1 + (uint32_t)n;
		n++;
	}
	send_want(net, link, &m->origin, m->log, number, n);
}

/* Whether one entry of `p` for `id` was effective from `from` to `to`. */
static bool was_listed(struct viz_core *core, const struct viz_partners *p, const struct viz_id *id,
		       struct viz_time from, struct viz_time to)
{
	int64_t delay = core->federation.partner_delay_ms;
	const struct viz_partner_entry *e = viz_partners_effective(p, id, from, delay);

	return e && viz_partner_entry_effective(e, to, delay);
}

/* Whether we have been in the origin's circle without a break from `from` to its newest NODE. */
static bool was_in_circle(struct viz_trust *trust, const struct viz_id *origin,
			  struct viz_time from)
{
	const struct viz_member *m = viz_member_find(trust, origin);
	const struct viz_member *self = viz_member_self(trust);
	int64_t delay = trust->core->federation.partner_delay_ms;
	const struct viz_partner_entry *us;

	if (!m || !m->has_partners || !self->partners)
		return false;
	us = viz_member_lists_us(trust->core, m, from);
	return us && viz_partner_entry_effective(us, m->node_time, delay) &&
	       was_listed(trust->core, self->partners, origin, from, m->node_time);
}

/* Notes a head that the origin opened. */
static void opened(struct viz_net *net, struct viz_link *link, const struct viz_message_head *m)
{
	const struct viz_chain first = {.log = m->log,
					.first = m->number,
					.first_seq = m->node_seq,
					.held = m->number,
					.held_value = m->value,
					.met = m->number,
					.met_value = m->value};
	struct viz_chain c = {0};
	bool known = viz_chain_get(net->core, &c, &m->origin);

	if (known && m->node_seq < c.node_seq)
		return;
	if (m->log != c.log)
		viz_chain_begin(net->core, &m->origin, &c, &first);
	else if (!was_in_circle(net->trust, &m->origin, (struct viz_time){(int64_t)c.first_seq})) {
		/* we were away: what was signed meanwhile is not for us */
		c.first = m->number;
		c.first_seq = m->node_seq;
	} else if ((m->number < c.last ||
		    (m->number == c.last && !viz_id_eq(&m->value, &c.last_value))) &&
		   viz_turn_tells(net->trust, &m->origin, m->log))
		viz_core_log(net->core, 4, "%s contradicts its log: number %u, then %u",
			     viz_member_name(viz_member_ensure(net->trust, &m->origin)), c.last,
			     m->number);
	if (m->number > c.last || c.last == 0) {
		c.last = m->number;
		c.last_value = m->value;
	}
	c.node_seq = m->node_seq;
	viz_turn_advance(net, &m->origin, &c);
	viz_turn_begin(net, link, &m->origin, c.last);
	want_of_origin(net, link, &m->origin, &c);
}

/* A member of the circle says how far it has our log. What our NODE opens it asks for itself; what
 * came after it, and was lost on a link that died, is sent again. Not in quarantine: what we signed
 * last, and nobody got, may contradict what a copy of us signed meanwhile, and nothing follows it.
 */
static void send_newest(struct viz_net *net, struct viz_link *link,
			const struct viz_message_head *m)
{
	const struct viz_self *self = &net->trust->self;
	struct viz_chain c = {0};
	uint32_t number;

	if (self->quarantine.ms != 0 || !viz_strata_shared(net->trust, &self->author, link) ||
	    !viz_chain_get(net->core, &c, &self->author))
		return;
	number = c.log == self->log ? c.last : 0;
	if (m->log == self->log && m->held > number)
		number = m->held;
	for (size_t n = 0; n < PUSH_MAX && number < self->log_number; n++) {
		struct viz_stub stub;
		struct viz_held held;

		number++;
		if (viz_chain_stub_get(net->core, &stub, &self->author, self->log, number) &&
		    viz_chain_record(net->core, &held, &self->author, &stub) &&
		    !viz_spread_answer(net, link, &held))
			break;
	}
}

/* Asks for the records of a log of ours that we do not know, between these numbers. */
static void want_own_log(struct viz_net *net, struct viz_link *link, uint64_t log, uint32_t from,
			 uint32_t to)
{
	const struct viz_id *self = &net->trust->self.author;
	uint32_t number[VIZ_WANT_PER_MESSAGE];
	size_t n = 0;

	for (uint32_t i = from; i < to && n < VIZ_WANT_PER_MESSAGE; i++) {
		struct viz_stub stub;

		if (!viz_chain_stub_get(net->core, &stub, self, log, i + 1))
			number[n++] = i + 1;
	}
	send_want(net, link, self, log, number, n);
}

/* The peer holds records of our log that we do not know: our store is an old one. They come back,
 * so that a new log goes on from the newest. When it shows another log, our store is older than an
 * earlier quarantine: then those of both logs come back. How many ours had, nobody says. */
static void want_own(struct viz_net *net, struct viz_link *link, const struct viz_message_head *m)
{
	const struct viz_self *self = &net->trust->self;

	if (!viz_strata_shared(net->trust, &self->author, link))
		return;
	if (m->log == self->log) {
		want_own_log(net, link, m->log, self->log_number, m->held);
	} else if (m->log != 0 && self->quarantine.ms != 0) {
		want_own_log(net, link, m->log, 0, m->held);
		want_own_log(net, link, self->log, self->log_number,
			     self->log_number + OWN_AHEAD_MAX);
	}
}

/* Whether this is the head to which the NODE commits. */
static bool opens(const struct viz_record *rec, uint64_t log, uint32_t number,
		  const struct viz_id *value)
{
	struct viz_node_body *node = viz_core_alloc(sizeof *node);
	struct viz_id head;
	bool is;

	viz_ids_head(&head, rec->seq, log, number, value);
	VIZ_REQUIRE(viz_node_body_parse(node, rec) == VIZ_OK);
	is = node->log == log && viz_id_eq(&node->head, &head);
	free(node);
	return is;
}

/* A HEAD of the peer's own log. It waits when its NODE is not held yet: the signature of the NODE
 * may be under way. */
static void take_own_head(struct viz_net *net, struct viz_link *link,
			  const struct viz_message_head *m)
{
	struct viz_record rec;
	struct viz_held held;
	struct viz_opening opening;

	if (!viz_place_get(net->core, &held, &rec, &m->origin, VIZ_TYPE_NODE, 0) ||
	    rec.seq < m->node_seq) {
		link->head = *m;
		link->head_waits = true;
		return;
	}
	if (rec.seq > m->node_seq || held.dead || m->log == 0 ||
	    !viz_strata_in_newest(net->trust, &m->origin, &net->trust->self.author))
		return; /* a newer HEAD comes */
	if (!opens(&rec, m->log, m->number, &m->value)) {
		viz_link_close(net, link->number, "false-head");
		return;
	}
	opening = (struct viz_opening){.log = m->log,
				       .number = m->number,
				       .seq = rec.seq,
				       .key = rec.key,
				       .time = rec.time,
				       .value = m->value};
	viz_ids_record(&opening.node, &net->core->federation_id, &rec);
	if (!viz_opening_has(net->core, &m->origin, &opening))
		net->handlers->opened(net, &m->origin, &opening);
	opened(net, link, m);
}

void viz_gossip_log_head(struct viz_net *net, struct viz_link *link, struct viz_reader *r)
{
	struct viz_message_head m;
	struct viz_chain c;

	viz_message_head_read(r, &m);
	if (viz_reader_finish(r) != VIZ_OK || !viz_budget_repair(net, link, HEAD_BYTES))
		return;
	link->told = true;
	if (viz_id_eq(&m.origin, &net->trust->self.author)) {
		send_newest(net, link, &m);
		want_own(net, link, &m);
	} else if (viz_id_eq(&m.origin, &link->peer)) {
		take_own_head(net, link, &m);
	} else if (viz_strata_shared(net->trust, &m.origin, link)) {
		viz_gossip_fork_head(net, link, &m);
		if (!viz_chain_get(net->core, &c, &m.origin))
			return;
		if (c.log == m.log)
			viz_turn_begin(net, link, &m.origin, m.held);
		want_lacking(net, link, &m.origin, m.log, m.held, false);
		if (c.log == m.log && viz_chain_get(net->core, &c, &m.origin))
			want_newest(net, link, &c, &m);
	}
}

void viz_gossip_log_node(struct viz_net *net, const struct viz_record *rec, const struct viz_id *id)
{
	const struct viz_self *self = &net->trust->self;
	struct viz_link *link = viz_link_of(net, &rec->author);
	struct viz_chain c = {.node_seq = rec->seq,
			      .log = self->log,
			      .last = self->log_number,
			      .last_value = self->log_value,
			      .held = self->log_number,
			      .held_value = self->log_value,
			      .met = self->log_number,
			      .met_value = self->log_value};

	(void)id;
	if (viz_id_eq(&rec->author, &self->author)) {
		/* one that a copy signed, or we before our store was rolled back, we cannot open */
		if (!opens(rec, c.log, c.last, &c.last_value))
			return;
		viz_chain_put(net->core, &self->author, &c);
		for (size_t i = 0; i < net->links.count; i++)
			if (!net->links.list[i].closing)
				send_head(net->trust, &net->links.list[i], &self->author);
	} else if (link && link->head_waits) {
		link->head_waits = false;
		take_own_head(net, link, &link->head);
	}
}

/* The record stands at its number instead of what somebody told, and nobody has confirmed. */
static bool replace_told(struct viz_core *core, const struct viz_id *origin,
			 const struct viz_position *at, const struct viz_stub *stub)
{
	struct viz_chain c;

	if (!viz_chain_get(core, &c, origin) || c.log != at->log ||
	    !viz_chain_replace(core, &c, origin, at->number, stub))
		return false;
	viz_chain_put(core, origin, &c);
	return true;
}

void viz_gossip_log_held(struct viz_net *net, const struct viz_record *rec)
{
	struct viz_stub stub = {.type = rec->type, .slot = rec->slot};
	struct viz_position at;
	struct viz_chain c;

	VIZ_REQUIRE(viz_position_parse(&at, rec) == VIZ_OK);
	stub.offer = at.offer;
	viz_ids_record(&stub.id, &net->core->federation_id, rec);
	if (!viz_chain_stub_put(net->core, &rec->author, at.log, at.number, &stub) &&
	    !replace_told(net->core, &rec->author, &at, &stub)) {
		if (viz_turn_tells(net->trust, &rec->author, at.log))
			viz_core_log(net->core, 4,
				     "%s contradicts its log: number %u stands in it twice",
				     viz_member_name(viz_member_ensure(net->trust, &rec->author)),
				     at.number);
		return;
	}
	viz_chain_found(net->core, &rec->author, at.log, at.number);
	if (viz_chain_get(net->core, &c, &rec->author) && c.log == at.log &&
	    at.number == c.held + 1 && c.held < c.last)
		viz_turn_advance(net, &rec->author, &c);
}

void viz_gossip_log_asked(struct viz_net *net, struct viz_link *link, struct viz_reader *r)
{
	struct viz_message_log_ask ask;
	struct viz_message_log *m;
	uint8_t *buffer;
	struct viz_writer w;

	viz_message_log_ask_read(r, &ask);
	if (viz_reader_finish(r) != VIZ_OK || !viz_strata_shared(net->trust, &ask.origin, link) ||
	    !viz_budget_repair(net, link, (ask.to - ask.from + 1) * (size_t)STUB_BYTES))
		return;
	m = viz_core_alloc(sizeof *m);
	buffer = viz_core_alloc(LOG_BODY_MAX);
	m->origin = ask.origin;
	m->log = ask.log;
	m->from = ask.from;
	m->count = 0;
	while (m->count <= ask.to - ask.from &&
	       viz_chain_stub_get(net->core, &m->stub[m->count], &ask.origin, ask.log,
				  ask.from + (uint32_t)m->count))
		m->count++;
	viz_writer_init(&w, buffer, LOG_BODY_MAX);
	viz_message_log_write(&w, m);
	viz_spread_send(net->core, link, &w);
	free(buffer);
	free(m);
}

/* Asks for the records of these stubs that are not held. */
static void want(struct viz_net *net, struct viz_link *link, const struct viz_message_log *m)
{
	uint32_t number[VIZ_LOG_STUBS_MAX];
	size_t n = 0;

	for (size_t i = 0; i < m->count; i++) {
		struct viz_stub stub;
		struct viz_held held;

		if (viz_chain_record(net->core, &held, &m->origin, &m->stub[i]))
			continue;
		number[n] = m->from + (uint32_t)i;
		if (viz_chain_stub_get(net->core, &stub, &m->origin, m->log, number[n]))
			viz_chain_lacks(net->core, &m->origin, m->log, number[n]);
		n++;
	}
	send_want(net, link, &m->origin, m->log, number, n);
}

void viz_gossip_log_again(struct viz_net *net, const struct viz_id *origin, const uint32_t *number,
			  size_t count)
{
	uint32_t with_stub[VIZ_WANT_PER_MESSAGE];
	struct viz_chain c;
	size_t n = 0;

	viz_turn_begin_any(net, origin);
	if (!viz_chain_get(net->core, &c, origin))
		return;
	for (size_t i = 0; i < count && n < VIZ_WANT_PER_MESSAGE; i++) {
		struct viz_stub stub;

		if (viz_chain_stub_get(net->core, &stub, origin, c.log, number[i]))
			with_stub[n++] = number[i];
	}
	for (size_t i = 0; i < net->links.count; i++) {
		struct viz_link *link = &net->links.list[i];

		if (!link->closing && viz_strata_shared(net->trust, origin, link))
			send_want(net, link, origin, c.log, with_stub, n);
	}
}

/* Keeps the stubs of an answer, and goes on. */
static void take_stubs(struct viz_net *net, struct viz_link *link, const struct viz_message_log *m)
{
	struct viz_chain c;
	bool met;

	if (!viz_chain_get(net->core, &c, &m->origin) || c.log != m->log ||
	    !viz_core_has_headroom(net->core)) {
		link->log_until = (struct viz_time){0};
		return;
	}
	for (size_t i = 0; i < m->count; i++)
		if (!viz_chain_tell(net->core, &c, &m->origin, m->from + (uint32_t)i, &m->stub[i]))
			break; /* another record is held at this number */
	met = viz_turn_advance(net, &m->origin, &c);
	want(net, link, m);
	viz_turn_told(net, link, m, &c, met);
}

void viz_gossip_log_stubs(struct viz_net *net, struct viz_link *link, struct viz_reader *r)
{
	const struct viz_message_log_ask *asked = &link->log_asked;
	struct viz_message_log *m = viz_core_alloc(sizeof *m);

	viz_message_log_read(r, m);
	if (viz_reader_finish(r) != VIZ_OK) {
		free(m);
		return;
	}
	if (link->log_until.ms > net->core->now.ms && viz_id_eq(&m->origin, &asked->origin) &&
	    m->log == asked->log && m->from == asked->from &&
	    m->count <= asked->to - asked->from + 1) {
		take_stubs(net, link, m);
	} else {
		viz_gossip_fork_stubs(net, link, m);
	}
	free(m);
}

void viz_gossip_log_wanted(struct viz_net *net, struct viz_link *link, struct viz_reader *r)
{
	struct viz_message_log_want *m = viz_core_alloc(sizeof *m);
	bool within_budget = true;

	viz_message_log_want_read(r, m);
	if (viz_reader_finish(r) != VIZ_OK || !viz_strata_shared(net->trust, &m->origin, link) ||
	    !viz_budget_repair(net, link, m->count * FIND_BYTES))
		m->count = 0;
	for (size_t i = 0; i < m->count && within_budget; i++) {
		struct viz_stub stub;
		struct viz_held held;

		if (viz_chain_stub_get(net->core, &stub, &m->origin, m->log, m->number[i]) &&
		    viz_chain_record(net->core, &held, &m->origin, &stub))
			within_budget = viz_spread_answer(net, link, &held);
	}
	free(m);
}
