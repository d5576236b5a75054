/* A lie of the table: the liar shows a part of its partners another CLOSE, at a time when that part
 * has no link with the others, and begins a new log. Then they are linked. */
#include "node/core/core.h"
#include "node/link/net.h"
#include "node/trust/live.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/message.h"
#include "proto/offer.h"
#include "proto/reader.h"
#include "proto/record.h"
#include "tests/sim/cheat.h"
#include "tests/sim/check.h"
#include "tests/sim/liars.h"

#define APART_MS    90000  /* all know each other as partners, and links end */
#define SHOWS_MS    100000 /* they have ended */
#define TOGETHER_MS 40000  /* after the lie: a NODE has come, and the new log with it */

/* Whether this one is shown the other CLOSE. */
static bool is_other(const struct sim_machine *m)
{
	return m->index / 2 % 2 == 1;
}

/* Whether the liar has partners on both sides. */
static bool has_both(const struct sim_world *w, struct viz_trust *trust)
{
	bool has[2] = {false};

	for (unsigned i = 0; i + 1 < w->count; i++)
		has[is_other(&w->machine[i])] |=
		    w->machine[i].lies == 0 && viz_live_partner(trust, &w->machine[i].author);
	return has[0] && has[1];
}

static bool are_apart(const struct sim_world *w)
{
	return w->options.way == SIM_WAY_SHOWN && w->now >= w->began + APART_MS &&
	       !sim_is_quiet(w) &&
	       !(w->cheat && w->cheat->shown.at != 0 && w->now >= w->cheat->shown.at + TOGETHER_MS);
}

bool sim_cheat_shown_apart(const struct sim_world *w, unsigned a, unsigned b)
{
	return are_apart(w) && a + 1 < w->count && b + 1 < w->count &&
	       is_other(&w->machine[a]) != is_other(&w->machine[b]);
}

/* The other CLOSE has a later time, and the same body: no other rule is broken. */
void sim_cheat_shown_close(struct sim_world *w, struct viz_net *net, uint64_t slot,
			   const uint8_t *body, size_t len)
{
	struct sim_cheat_shown *s = &sim_cheat(w)->shown;
	struct viz_record rec = {.type = VIZ_TYPE_CLOSE,
				 .author = net->trust->self.author,
				 .key = net->trust->self.key_number,
				 .slot = slot,
				 .seq = 1,
				 .time = viz_after(net->core->now, 1),
				 .body = body,
				 .body_len = len};
	struct viz_position at;

	rec.expires = viz_record_write_once_expires(rec.time, w->federation.write_once_ms);
	if (s->at != 0 || w->now < w->began + SHOWS_MS || !are_apart(w) ||
	    !has_both(w, net->trust) || !sim_cheat_takes(w, SIM_WAY_SHOWN, slot))
		return;
	VIZ_REQUIRE(viz_position_parse(&at, &rec) == VIZ_OK);
	s->at = w->now;
	s->log = at.log;
	s->number = at.number;
	s->slot = slot;
	s->body_len = sim_liars_sign(w->stepping, s->body, sizeof s->body, &rec);
}

/* Whether this message has what the liar shows to the rest alone: its CLOSE and what follows in
 * that log, or a head there. */
static bool is_of_rest(const struct sim_machine *m, const struct sim_cheat_shown *s,
		       const uint8_t *body, size_t len)
{
	struct viz_message_record message;
	struct viz_message_head head;
	struct viz_position at;
	struct viz_record rec;
	struct viz_reader r, kind;

	viz_reader_init(&r, body, len);
	kind = r;
	switch (viz_message_kind_read(&kind)) {
	case VIZ_MESSAGE_HEAD:
		viz_message_head_read(&r, &head);
		return r.err == VIZ_OK && viz_id_eq(&head.origin, &m->author) &&
		       head.log == s->log && head.number >= s->number;
	case VIZ_MESSAGE_RECORD:
		viz_message_record_read(&r, &message);
		return r.err == VIZ_OK &&
		       viz_record_parse(&rec, message.record, message.record_len) == VIZ_OK &&
		       viz_id_eq(&rec.author, &m->author) &&
		       viz_position_parse(&at, &rec) == VIZ_OK && at.log == s->log &&
		       at.number >= s->number;
	default:
		return false;
	}
}

bool sim_cheat_shown_withholds(struct sim_world *w, const struct sim_machine *m,
			       const struct sim_machine *to, const uint8_t *body, size_t len)
{
	const struct sim_cheat_shown *s = &sim_cheat(w)->shown;

	/* what comes back to the liar would stop it */
	if (m->lies == 0)
		return s->at != 0 && !s->told && is_of_rest(to, s, body, len);
	return s->at != 0 && is_other(to) && is_of_rest(m, s, body, len);
}

void sim_cheat_shown_operate(struct sim_world *w, struct sim_machine *m)
{
	struct sim_cheat_shown *s = &sim_cheat(w)->shown;

	if (are_apart(w))
		sim_net_part(w); /* again: a dial may have been under way */
	if (s->at == 0 || s->told)
		return;
	if (!are_apart(w)) {
		s->told = true;
		sim_audit_lie(w, m, s->slot, SIM_LIE_WAY);
		return;
	}
	for (unsigned i = 0; i < 8; i++) {
		uint64_t number = sim_net_any(w, m, &w->liars->rng);
		const struct sim_machine *to = sim_net_peer(w, number);

		if (to && is_other(to))
			sim_net_send(w, m, number, s->body, s->body_len);
	}
}
