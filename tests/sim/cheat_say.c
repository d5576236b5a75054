/* Lies of the table in what a node says, or does not say, beside its records; and what accomplices
 * do. */
#include "node/core/core.h"
#include "node/link/mail.h"
#include "node/link/net.h"
#include "node/state.h"
#include "node/trust/identity.h"
#include "node/trust/live.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/mail.h"
#include "proto/message.h"
#include "proto/offer.h"
#include "proto/proof.h"
#include "proto/protest.h"
#include "proto/reader.h"
#include "proto/receipt.h"
#include "proto/record.h"
#include "proto/statement.h"
#include "proto/trust.h"
#include "proto/writer.h"
#include "tests/sim/cheat.h"
#include "tests/sim/check.h"

/* Links with some end then. */
#define SETTLED_MS 100000

/* Reads the record that the message brings. False: it brings none. */
static bool read_record(struct viz_record *rec, const uint8_t *body, size_t len)
{
	struct viz_message_record message;
	struct viz_reader r;

	viz_reader_init(&r, body, len);
	if (viz_message_kind_read(&r) != VIZ_MESSAGE_RECORD)
		return false;
	viz_reader_init(&r, body, len);
	viz_message_record_read(&r, &message);
	return viz_reader_finish(&r) == VIZ_OK &&
	       viz_record_parse(rec, message.record, message.record_len) == VIZ_OK;
}

/* Whether the message opens a NODE of the machine. */
static bool is_head(const struct sim_machine *m, const uint8_t *body, size_t len)
{
	struct viz_message_head head;
	struct viz_reader r;

	viz_reader_init(&r, body, len);
	if (viz_message_kind_read(&r) != VIZ_MESSAGE_HEAD)
		return false;
	viz_reader_init(&r, body, len);
	viz_message_head_read(&r, &head);
	return viz_reader_finish(&r) == VIZ_OK && viz_id_eq(&head.origin, &m->author);
}

static uint64_t number_of(const struct viz_id *author)
{
	return viz_be_get_u64(author->b) >> 8;
}

static bool in_way(const struct sim_world *w, const struct sim_machine *m, enum sim_way way)
{
	return m && w->options.way == way && m->lies & SIM_LIE_WAY;
}

bool sim_cheat_withholds(struct sim_world *w, struct sim_machine *m, uint64_t link,
			 const uint8_t *body, size_t len)
{
	const struct sim_machine *to = sim_net_peer(w, link);
	struct viz_record rec;

	if (in_way(w, m, SIM_WAY_UNOPENED) && to && to->lies == 0 && is_head(m, body, len) &&
	    sim_liars_takes(w, to->index)) {
		sim_audit_lie(w, m, 0, SIM_LIE_WAY);
		return true;
	}
	if (in_way(w, m, SIM_WAY_HEADS) && to && to->lies == 0 && is_head(m, body, len) &&
	    (sim_cheat(w)->nodes + to->index) % 2 == 0 && sim_liars_takes(w, to->index)) {
		sim_audit_lie(w, m, 0, SIM_LIE_WAY);
		return true;
	}
	if ((in_way(w, m, SIM_WAY_SHOWN) || in_way(w, to, SIM_WAY_SHOWN)) && to &&
	    sim_cheat_shown_withholds(w, m, to, body, len))
		return true;
	if (w->options.cheat == 0 || !read_record(&rec, body, len))
		return false;
	if (in_way(w, m, SIM_WAY_WITHHOLD) && rec.type == VIZ_TYPE_CLOSE &&
	    viz_id_eq(&rec.author, &m->author) && sim_liars_takes(w, rec.slot)) {
		sim_audit_lie(w, m, rec.slot, SIM_LIE_WAY);
		return true;
	}
	if (sim_cheat_hides_choice(w, m, to, &rec))
		return true;
	if (to && to->lies & SIM_LIE_WAY && rec.type == VIZ_TYPE_COVERAGE &&
	    sim_cheat_unseen(w, &rec.author)) {
		if (sim_cheat_is_ack(w))
			sim_cheat_ack_came(w, &rec);
		return true;
	}
	/* an accomplice relays nothing of the liar's log, nor what is said against it */
	return m->lies & SIM_LIE_ACCOMPLICE && viz_record_is_write_once(rec.type) &&
	       !viz_id_eq(&rec.author, &m->author);
}

/* The rate is one of authors here, and the first one is among them, however low it is. */
bool sim_cheat_unseen(const struct sim_world *w, const struct viz_id *author)
{
	if (sim_cheat_is_ack(w))
		return viz_id_eq(author, &w->machine[0].author);
	return w->options.way == SIM_WAY_UNSEEN &&
	       (viz_id_eq(author, &w->machine[0].author) || sim_liars_takes(w, number_of(author)));
}

bool sim_cheat_silent(struct sim_world *w, uint8_t type, uint64_t slot, uint64_t number,
		      const struct viz_id *to)
{
	bool silent = (type == VIZ_TYPE_COVERAGE_ACK && to && sim_cheat_harms(w, to) &&
		       sim_cheat_takes(w, SIM_WAY_UNACKED, number_of(to))) ||
		      (type == VIZ_TYPE_LEASE && to && sim_cheat_harms(w, to) &&
		       sim_cheat_takes(w, SIM_WAY_UNLEASED, slot)) ||
		      /* of nothing awarded */
		      (type == VIZ_TYPE_ERASED && (uint32_t)number == 0 &&
		       sim_cheat_takes(w, SIM_WAY_UNERASED, slot));

	if (silent)
		sim_audit_lie(w, w->stepping, type == VIZ_TYPE_COVERAGE_ACK ? 0 : slot,
			      SIM_LIE_WAY);
	/* it is awarded after all, and owes another ERASED */
	if (type == VIZ_TYPE_HANDOFF_ACK && sim_cheat_does(w, SIM_WAY_UNERASED))
		sim_audit_unlie(w, w->stepping, slot);
	/* an accomplice answers as the liar likes, and then does not reveal */
	return silent || (type == VIZ_TYPE_REVEAL && w->stepping->lies & SIM_LIE_ACCOMPLICE &&
			  viz_record_slot_number(slot) % 2);
}

bool sim_cheat_refuses(struct viz_writer *no, const struct viz_writer *body, uint8_t type,
		       uint64_t slot)
{
	struct viz_reader r;
	struct viz_lease lease;

	if (type != VIZ_TYPE_LEASE || viz_record_slot_number(slot) % 2 == 0)
		return false;
	viz_reader_init(&r, body->start, body->len);
	viz_lease_read(&r, &lease);
	VIZ_REQUIRE(viz_reader_finish(&r) == VIZ_OK);
	lease.granted = lease.extended = false;
	lease.left_ms = 0;
	lease.until = (struct viz_time){0};
	viz_lease_write(no, &lease);
	return true;
}

/* The liar has pledged for the offer: it sends another PLEDGE before that one. */
void sim_cheat_pledge(struct sim_world *w, struct viz_net *net, const struct viz_id *origin,
		      uint64_t slot, const struct viz_writer *body)
{
	const struct viz_self *self = &net->trust->self;
	struct viz_record rec = {.type = VIZ_TYPE_PLEDGE,
				 .author = self->author,
				 .slot = slot,
				 .key = self->key_number,
				 .seq = 1,
				 .time = viz_identity_time(net->trust)};
	struct viz_mail_pledge mail = {.reason = VIZ_NO_NONE};
	struct viz_writer copy = *body;
	struct viz_slice done = viz_writer_done(&copy);
	struct viz_pledge p;
	struct viz_reader r;
	size_t len = 0;
	VIZ_WRITER(other, 128);
	VIZ_WRITER(wr, VIZ_PLEDGE_SIGNED + 16);

	if (!sim_cheat_harms(w, origin) || !sim_cheat_takes(w, SIM_WAY_PLEDGES, slot))
		return;
	viz_reader_init(&r, done.p, done.len);
	viz_pledge_read(&r, &p);
	VIZ_REQUIRE(viz_reader_finish(&r) == VIZ_OK);
	p.answer = p.answer == VIZ_ANSWER_NO_CONTENT ? VIZ_ANSWER_NO : VIZ_ANSWER_NO_CONTENT;
	p.commitment = (struct viz_id){{0}};
	viz_pledge_write(&other, &p);
	done = viz_writer_done(&other);
	rec.body = done.p;
	rec.body_len = done.len;
	VIZ_REQUIRE(viz_identity_sign(mail.pledge, &len, sizeof mail.pledge, NULL, &rec,
				      &self->signer, &net->core->federation_id) == VIZ_OK &&
		    len == sizeof mail.pledge);
	viz_mail_pledge_write(&wr, &mail);
	viz_mail_send(net, origin, VIZ_MAIL_PLEDGE, &wr);
	sim_audit_lie(w, w->stepping, slot, SIM_LIE_WAY);
}

/* The proof names somebody else as asked. play_case.c tells the lie, when the customer shows it. */
void sim_cheat_proof(struct sim_world *w, struct viz_proof *p)
{
	if (sim_cheat_does(w, SIM_WAY_PROOF) && p->asked_count > 0)
		p->asked[0].b[0] ^= 1;
}

void sim_cheat_receipt(struct sim_world *w, struct viz_receipt *c)
{
	if (c->purpose != VIZ_PURPOSE_LOCATION ||
	    !sim_cheat_takes(w, SIM_WAY_RECEIPT, c->offer_slot))
		return;
	c->given.ms -= VIZ_DAY_MS;
	c->expires.ms = c->given.ms + 1000;
}

void sim_cheat_location(struct sim_world *w, struct viz_mail_location *m)
{
	if (sim_cheat_takes(w, SIM_WAY_LOCATION, m->slot))
		m->blinding.b[0] ^= 1;
}

void sim_cheat_served(struct sim_world *w, uint64_t slot)
{
	if (sim_cheat_takes(w, SIM_WAY_RECEIPT, slot) || sim_cheat_takes(w, SIM_WAY_LOCATION, slot))
		sim_audit_lie(w, w->stepping, slot, SIM_LIE_WAY);
}

/* When all know each other as partners the liar ends its links with some. */
static void part(struct sim_world *w, struct sim_machine *m)
{
	bool any = false;

	for (unsigned i = 0; i + 1 < w->count; i++)
		any |= sim_cheat_apart(w, i, m->index) &&
		       viz_live_partner(&m->node->trust, &w->machine[i].author);
	if (!any)
		return;
	sim_net_part(w);
	sim_audit_lie(w, m, 0, SIM_LIE_WAY);
}

bool sim_cheat_apart(const struct sim_world *w, unsigned a, unsigned b)
{
	unsigned last = w->count - 1;

	if (sim_cheat_shown_apart(w, a, b) || sim_cheat_night_apart(w, a, b))
		return true;
	return w->options.way == SIM_WAY_UNLINKED && (a == last || b == last) &&
	       w->now >= w->began + SETTLED_MS && w->machine[a == last ? b : a].lies == 0 &&
	       sim_liars_takes(w, a == last ? b : a);
}

void sim_cheat_operate(struct sim_world *w, struct sim_machine *m)
{
	struct viz_self *self = &m->node->trust.self;

	/* a NODE every six seconds: the one before may still be named, and ten come in a minute */
	if ((in_way(w, m, SIM_WAY_STALE) || in_way(w, m, SIM_WAY_STARTS) ||
	     in_way(w, m, SIM_WAY_HEADS)) &&
	    self->next_heartbeat.ms > w->now + 6000)
		self->next_heartbeat.ms = w->now + 6000;
	if (in_way(w, m, SIM_WAY_UNLINKED))
		part(w, m);
	if (in_way(w, m, SIM_WAY_SHOWN))
		sim_cheat_shown_operate(w, m);
	if (in_way(w, m, SIM_WAY_NIGHT))
		sim_cheat_night_operate(w);
}
