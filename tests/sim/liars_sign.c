/* Liars that sign two records for one place, or for one number of their log, with the node's own
 * key; and those that flood. */
#include "node/core/core.h"
#include "node/trust/identity.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/mail.h"
#include "proto/message.h"
#include "proto/offer.h"
#include "proto/record.h"
#include "proto/trust.h"
#include "proto/writer.h"
#include "store/store.h"
#include "tests/sim/check.h"
#include "tests/sim/liars.h"
#include "tests/sim/sim.h"

size_t sim_liars_sign(struct sim_machine *m, uint8_t *out, size_t max, const struct viz_record *rec)
{
	uint8_t bytes[8192];
	struct viz_writer w;
	size_t len = 0;

	VIZ_REQUIRE(viz_identity_sign(bytes, &len, sizeof bytes, NULL, rec,
				      &m->node->trust.self.signer,
				      &m->node->core.federation_id) == VIZ_OK);
	viz_writer_init(&w, out, max);
	viz_writer_array(&w, 2);
	viz_writer_uint(&w, VIZ_MESSAGE_RECORD);
	viz_writer_bin(&w, bytes, len);
	VIZ_REQUIRE(viz_writer_finish(&w, &len) == VIZ_OK);
	return len;
}

static struct viz_record own_record(struct sim_world *w, const struct sim_machine *m, uint8_t type,
				    uint64_t slot)
{
	struct viz_record rec = {.type = type,
				 .author = m->author,
				 .key = m->node->trust.self.key_number,
				 .slot = slot,
				 .time = sim_machine_now(w, m)};

	rec.seq = (uint64_t)rec.time.ms;
	if (viz_record_is_write_once(type)) {
		rec.seq = 1;
		rec.expires = viz_record_write_once_expires(rec.time, w->federation.write_once_ms);
	}
	return rec;
}

static size_t false_body(struct sim_world *w, struct sim_machine *m, uint8_t *out, size_t max,
			 uint8_t type)
{
	struct sim_rng *rng = &w->liars->rng;
	struct viz_writer wr;
	size_t len = 0;

	viz_writer_init(&wr, out, max);
	if (type == VIZ_TYPE_VOUCH) {
		struct viz_vouch v = {.withdrawn = false};

		for (size_t i = 0; i < sizeof v.sponsee.b; i++)
			v.sponsee.b[i] = (uint8_t)sim_draw(rng);
		viz_vouch_write(&wr, &v);
	} else if (type == VIZ_TYPE_OFFER) {
		const struct viz_member *self = viz_member_find(&m->node->trust, &m->author);
		struct viz_offer o = {
		    .at = {1, 1, {{0}}, 1},
		    .node_time = self->node_time,
		    .partners = self->node.partners,
		    .closes = {sim_machine_now(w, m).ms + 2 * w->federation.window_min_ms},
		    .area.municipality = 3201209,
		    .draw = VIZ_TURN_MAX,
		    .drawn = sim_machine_now(w, m),
		    .asked_count = 1};

		for (size_t i = 0; i < sizeof o.view.b; i++)
			o.view.b[i] = (uint8_t)sim_draw(rng);
		viz_offer_write(&wr, &o);
	} else {
		struct viz_node_body b;

		VIZ_REQUIRE(viz_store_begin(m->store) == VIZ_OK);
		VIZ_REQUIRE(viz_member_node(&m->node->core, &b,
					    viz_member_find(&m->node->trust, &m->author)));
		viz_store_abort(m->store);
		snprintf(b.name, sizeof b.name, "Outro nome %llx",
			 (unsigned long long)sim_draw(rng)); /* makes each record different */
		viz_node_body_write(&wr, &b);
	}
	VIZ_REQUIRE(viz_writer_finish(&wr, &len) == VIZ_OK);
	return len;
}

/* A fork is sent six times, once each time that the operator looks at its node. */
#define FORK_TIME_MS 14000

/* Whether an OFFER may name this node's newest NODE, and two others are in its circle and know
 * that.
 */
static bool has_circle(struct sim_world *w, const struct sim_machine *m)
{
	const struct viz_member *self = viz_member_find(&m->node->trust, &m->author);
	int64_t delay = w->federation.partner_delay_ms;
	unsigned n = 0;

	if (self->node_time.ms + w->federation.heartbeat_ms < sim_machine_now(w, m).ms)
		return false;
	for (unsigned k = 0; k < w->count; k++) {
		const struct sim_machine *x = &w->machine[k];
		const struct viz_member *o, *seen;

		if (!x->node || x == m)
			continue;
		o = viz_member_find(&x->node->trust, &x->author);
		seen = viz_member_find(&x->node->trust, &m->author);
		n += self->partners && o->partners && seen && seen->member &&
		     viz_id_eq(&seen->partners_id, &self->node.partners) &&
		     viz_partners_effective(self->partners, &x->author, self->node_time, delay) &&
		     viz_partners_effective(o->partners, &m->author, self->node_time, delay);
	}
	return n >= 2;
}

static void split_place(struct sim_world *w, struct sim_machine *m)
{
	static const uint8_t types[] = {VIZ_TYPE_VOUCH, VIZ_TYPE_OFFER, VIZ_TYPE_NODE};
	struct forked *f = &w->liars->forked[m->index];
	/* an OFFER in whose circle nobody else is would be found by nobody */
	uint8_t type = has_circle(w, m) ? types[w->liars->forks[m->index]++ % 3] : VIZ_TYPE_VOUCH;
	uint64_t slot = type == VIZ_TYPE_VOUCH ? VIZ_VOUCH_SLOT_START - 1
			: type == VIZ_TYPE_NODE
			    ? 0
			    : viz_record_slot_make(sim_machine_now(w, m), VIZ_OFFERS_PER_DAY - 1);
	struct viz_record rec = own_record(w, m, type, slot);

	if (type == VIZ_TYPE_OFFER && w->liars->forks[m->index] > 3)
		return; /* both records of this place are dead for ever */
	/* The next heartbeat would replace the record before both halves have spread. */
	if (type == VIZ_TYPE_NODE)
		m->node->trust.self.next_heartbeat.ms = rec.time.ms + FORK_TIME_MS;
	for (int i = 0; i < 2; i++) {
		uint8_t body[2048], message[8300];

		rec.body = body;
		rec.body_len = false_body(w, m, body, sizeof body, type);
		f->len[i] = sim_liars_sign(m, message, sizeof message, &rec);
		free(f->half[i]);
		f->half[i] = viz_core_alloc(f->len[i]);
		memcpy(f->half[i], message, f->len[i]);
	}
	f->again = 6;
	sim_audit_lie(w, m, slot, SIM_LIE_EQUIVOCATE);
}

static void send_halves(struct sim_world *w, struct sim_machine *m)
{
	struct forked *f = &w->liars->forked[m->index];

	if (f->again == 0)
		return;
	f->again--;
	for (int i = 0; i < 8; i++) {
		/* each half goes to others; who is outside of an OFFER's circle drops it */
		uint64_t number = sim_net_any(w, m, &w->liars->rng);

		if (number != 0)
			sim_net_send(w, m, number, f->half[i % 2], f->len[i % 2]);
	}
}

static void equivocate(struct sim_world *w, struct sim_machine *m)
{
	struct forked *f = &w->liars->forked[m->index];

	/* A copy of its key is nothing new to it. */
	if (m->node)
		m->node->trust.self.quarantine = (struct viz_time){0};
	if (f->again == 0 && sim_once_in(&w->liars->rng, 12) && w->now + 40000 < w->quiet_at &&
	    sim_liars_chance(w))
		split_place(w, m);
	send_halves(w, m);
}

bool sim_liars_idle(const struct sim_world *w, const struct sim_machine *m)
{
	return w->liars->forked[m->index].again == 0;
}

void sim_liars_send_often(struct sim_world *w, struct sim_machine *m, uint8_t *body, size_t len)
{
	struct forked *f = &w->liars->forked[m->index];

	free(f->half[0]);
	free(f->half[1]);
	*f = (struct forked){{body, viz_core_alloc(len)}, {len, len}, 6};
	memcpy(f->half[1], body, len);
}

static void send_ask(struct sim_world *w, struct sim_machine *m, uint64_t number, uint64_t mail,
		     enum viz_mail_kind kind)
{
	uint8_t body[64];
	struct viz_writer wr;
	size_t len = 0;

	viz_writer_init(&wr, body, sizeof body);
	viz_writer_array(&wr, 4);
	viz_writer_uint(&wr, VIZ_MESSAGE_MAIL);
	viz_writer_uint(&wr, mail);
	viz_writer_uint(&wr, kind);
	viz_writer_array(&wr, 1);
	viz_writer_uint(&wr, viz_record_slot_make((struct viz_time){w->now}, (unsigned)(mail % 8)));
	VIZ_REQUIRE(viz_writer_finish(&wr, &len) == VIZ_OK);
	sim_net_send(w, m, number, body, len);
}

/* Sends more than any quota allows: questions and no acknowledgement of answers, and records
 * that replace each other. */
static void flood(struct sim_world *w, struct sim_machine *m)
{
	static const enum viz_mail_kind asks[] = {VIZ_MAIL_VIEW_ASK, VIZ_MAIL_LOCATION_ASK};
	uint64_t number = sim_net_any(w, m, &w->liars->rng);

	if (number == 0 || !sim_once_in(&w->liars->rng, 5))
		return;
	for (unsigned i = 0; i < 200; i++)
		send_ask(w, m, number, 1000000 + i, asks[i % 2]);
	for (unsigned i = 0; i < 300; i++) {
		struct viz_record rec = own_record(w, m, VIZ_TYPE_VOUCH, 20 + i % 40);
		uint8_t body[128], message[512];

		rec.seq += i;
		rec.body = body;
		rec.body_len = false_body(w, m, body, sizeof body, VIZ_TYPE_VOUCH);
		sim_net_send(w, m, number, message,
			     sim_liars_sign(m, message, sizeof message, &rec));
	}
}

void sim_liars_operate(struct sim_world *w, struct sim_machine *m)
{
	if (w->now < w->began + 25000)
		return;
	if (m->lies & SIM_LIE_EQUIVOCATE)
		equivocate(w, m);
	if (m->lies & SIM_LIE_WAY)
		send_halves(w, m);
	if (m->lies & SIM_LIE_FLOOD)
		flood(w, m);
}
