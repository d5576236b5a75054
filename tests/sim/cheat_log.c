/* Lies of the table in the log of an origin, its NODEs and its PARTNERS. */
#include "node/core/core.h"
#include "node/core/ids.h"
#include "node/link/net.h"
#include "node/self/log.h"
#include "node/self/publish.h"
#include "node/trust/identity.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/reader.h"
#include "proto/record.h"
#include "proto/trust.h"
#include "proto/writer.h"
#include "tests/sim/cheat.h"
#include "tests/sim/check.h"

int __real_viz_self_publish(struct viz_net *net, struct viz_id *id, uint8_t type, uint64_t slot,
			    const uint8_t *body, size_t len);

/* What needs a circle that knows the node begins then. */
#define SETTLED_MS 90000

/* The OFFER names the NODE before the newest, as far as a body may. */
void sim_cheat_stale(struct sim_world *w, struct viz_offer *o)
{
	const struct sim_cheat_node *old = &sim_cheat(w)->node[1];
	int64_t now = w->stepping->last_now;

	if (!viz_id_eq(&old->partners, &o->partners) || old->log != o->at.log ||
	    old->time.ms + w->federation.heartbeat_ms - 1000 < now ||
	    w->now < w->began + SETTLED_MS)
		return;
	o->node = old->id;
	o->node_time = old->time;
	sim_liars_about(w, SIM_LIE_WAY);
}

/* Ten starts of one day are often: each day counts its own. */
void sim_cheat_node(struct sim_world *w, struct viz_node_body *b)
{
	struct sim_cheat *c = sim_cheat(w);
	int64_t day = w->stepping->last_now / VIZ_DAY_MS;

	if (sim_cheat_takes(w, SIM_WAY_OTHER_LOG, c->nodes) && w->now > w->began + SETTLED_MS)
		b->log ^= 1;
	if (sim_cheat_does(w, SIM_WAY_ACK_START))
		sim_cheat_ack_node(w, b);
	if (w->now < w->began + SETTLED_MS)
		return;
	if (c->starts_day != day) {
		c->starts_day = day;
		c->starts = 0;
		c->true_start = false;
	}
	if (sim_cheat_takes(w, SIM_WAY_STARTS, c->nodes))
		b->start.ms -= ++c->starts;
	else
		c->true_start = true;
	if (c->starts + c->true_start == 10)
		sim_liars_about(w, SIM_LIE_WAY);
}

/* An entry that stood in the PARTNERS before gets an earlier date. */
void sim_cheat_partners(struct sim_world *w, const struct viz_trust *trust, struct viz_partners *p)
{
	sim_cheat_between(w, trust, p);
	if (!sim_cheat_takes(w, SIM_WAY_DATES, (uint64_t)w->now) || viz_id_is_zero(&p->previous))
		return;
	for (size_t i = 0; i < p->count; i++)
		if (p->entry[i].added.ms < viz_identity_time(trust).ms) {
			p->entry[i].added.ms--;
			sim_liars_about(w, SIM_LIE_WAY);
			return;
		}
}

void sim_cheat_shift(struct sim_world *w, struct viz_trust *trust, struct viz_time to)
{
	struct sim_cheat *c = sim_cheat(w);

	c->shifted = true;
	c->now = trust->core->now;
	c->signed_at = trust->self.signed_at;
	trust->core->now = trust->self.signed_at = to;
}

void sim_cheat_unshift(struct sim_world *w, struct viz_trust *trust)
{
	struct sim_cheat *c = sim_cheat(w);

	if (!c->shifted)
		return;
	c->shifted = false;
	trust->core->now = c->now;
	trust->self.signed_at = c->signed_at;
}

/* PARTNERS is made now. It is dated before the newest NODE, which names the one before; the NODE
 * after it is not (sim_cheat_sign). */
void sim_cheat_partners_due(struct sim_world *w, struct viz_net *net)
{
	const struct sim_cheat_node *node = &sim_cheat(w)->node[0];
	const struct viz_member *self = viz_member_self(net->trust);
	bool other = self->partners && self->partners->log != net->trust->self.log;
	struct viz_time to = {node->time.ms - 1};

	if (other && sim_cheat_does(w, SIM_WAY_LOG_BACK))
		to.ms = node->time.ms - w->federation.skew_ms - 1000;
	else if (other || viz_id_is_zero(&node->partners) ||
		 !sim_cheat_takes(w, SIM_WAY_BACKDATED, (uint64_t)w->now))
		return;
	sim_cheat_shift(w, net->trust, to);
}

/* Whether a new log begins with the heartbeat that is due now. */
static bool begins_log(struct sim_world *w)
{
	struct sim_cheat *c = sim_cheat(w);

	if (w->now < w->began + SETTLED_MS)
		return false;
	if (sim_cheat_does(w, SIM_WAY_LOGS))
		return c->logs < 3 && sim_cheat_takes(w, SIM_WAY_LOGS, c->nodes);
	if (sim_cheat_does(w, SIM_WAY_OLD_LOG))
		return c->open && sim_cheat_takes(w, SIM_WAY_OLD_LOG, c->offer_slot);
	if (sim_cheat_does(w, SIM_WAY_SHOWN))
		return c->logs == 0 && c->shown.at != 0;
	return (sim_cheat_does(w, SIM_WAY_LOG_BACK) || sim_cheat_does(w, SIM_WAY_RESET)) &&
	       c->logs == 0 && !sim_is_quiet(w);
}

/* Signs a CLOSE of no answer in the old log, above its newest number. */
static void close_in_old_log(struct sim_world *w, struct viz_net *net,
			     const struct viz_position *at)
{
	const struct sim_cheat *c = sim_cheat(w);
	struct viz_close *close = viz_core_alloc(sizeof *close);
	struct viz_record rec = {.type = VIZ_TYPE_CLOSE,
				 .author = net->trust->self.author,
				 .key = net->trust->self.key_number,
				 .slot = c->offer_slot,
				 .seq = 1,
				 .time = viz_after(net->core->now, 1)};
	uint8_t message[2048], *copy;
	struct viz_slice done;
	size_t len;
	VIZ_WRITER(wr, VIZ_CLOSE_MAX);

	memset(close, 0, sizeof *close);
	close->at = *at;
	close->at.offer = c->offer.at.number;
	close->offer = c->offer_id;
	close->count = c->offer.asked_count;
	viz_close_write(&wr, close);
	free(close);
	done = viz_writer_done(&wr);
	rec.body = done.p;
	rec.body_len = done.len;
	rec.expires = viz_record_write_once_expires(rec.time, w->federation.write_once_ms);
	len = sim_liars_sign(w->stepping, message, sizeof message, &rec);
	copy = viz_core_alloc(len);
	memcpy(copy, message, len);
	sim_liars_send_often(w, w->stepping, copy, len);
	sim_audit_lie(w, w->stepping, rec.slot, SIM_LIE_WAY);
}

void sim_cheat_heartbeat(struct sim_world *w, struct viz_net *net)
{
	struct sim_cheat *c = sim_cheat(w);
	struct viz_position at;

	if (sim_cheat_is_ack(w) && sim_cheat_does(w, w->options.way))
		sim_cheat_ack_heartbeat(w, net);
	if (c->shifted || !begins_log(w) || !viz_identity_has_started(net->trust))
		return;
	viz_self_log_next(&at, net->trust, 0);
	viz_identity_new_log(net->trust);
	c->logs++;
	if (sim_cheat_does(w, SIM_WAY_LOGS) && c->logs == 3)
		sim_audit_lie(w, w->stepping, 0, SIM_LIE_WAY);
	if (sim_cheat_does(w, SIM_WAY_OLD_LOG)) {
		close_in_old_log(w, net, &at);
		c->open = false;
	}
}

/* Signs a CHOICE of nobody with the number of the CLOSE in the log, at a place that stays free. */
static void fork_log(struct sim_world *w, struct viz_net *net, uint64_t slot, const uint8_t *body,
		     size_t len)
{
	struct viz_close *c = viz_core_alloc(sizeof *c);
	struct viz_choice choice = {.what = VIZ_CHOICE_NONE};
	struct viz_record rec = {.type = VIZ_TYPE_CHOICE,
				 .author = net->trust->self.author,
				 .key = net->trust->self.key_number,
				 .slot = viz_record_slot_choice(slot, VIZ_CHOICES_MAX),
				 .seq = 1,
				 .time = net->core->now};
	uint8_t message[1024], *copy;
	struct viz_slice done;
	struct viz_reader r;
	VIZ_WRITER(wr, 256);

	viz_reader_init(&r, body, len);
	viz_close_read(&r, c);
	VIZ_REQUIRE(viz_reader_finish(&r) == VIZ_OK);
	choice.at = c->at;
	choice.offer = c->offer;
	viz_choice_write(&wr, &choice);
	done = viz_writer_done(&wr);
	rec.body = done.p;
	rec.body_len = done.len;
	rec.expires = viz_record_write_once_expires(rec.time, w->federation.write_once_ms);
	len = sim_liars_sign(w->stepping, message, sizeof message, &rec);
	copy = viz_core_alloc(len);
	memcpy(copy, message, len);
	sim_liars_send_often(w, w->stepping, copy, len);
	sim_audit_lie(w, w->stepping, slot, SIM_LIE_WAY);
	free(c);
}

/* The CHOICE was of nobody: signs another one after it. */
static void choose_again(struct sim_world *w, struct viz_net *net, uint64_t slot,
			 const uint8_t *body, size_t len)
{
	uint64_t next = slot + 1, offer = viz_record_slot_offer(slot);
	struct viz_choice choice;
	struct viz_slice done;
	struct viz_reader r;
	VIZ_WRITER(wr, 256);

	viz_reader_init(&r, body, len);
	viz_choice_read(&r, &choice);
	VIZ_REQUIRE(viz_reader_finish(&r) == VIZ_OK);
	if (choice.what != VIZ_CHOICE_NONE || viz_record_slot_offer(next) != offer ||
	    next >= viz_record_slot_choice(offer, VIZ_CHOICES_MAX))
		return;
	viz_self_log_next(&choice.at, net->trust, choice.at.offer);
	choice.has_opening = false;
	viz_choice_write(&wr, &choice);
	done = viz_writer_done(&wr);
	if (__real_viz_self_publish(net, NULL, VIZ_TYPE_CHOICE, next, done.p, done.len) == VIZ_OK)
		sim_audit_lie(w, w->stepping, offer, SIM_LIE_WAY);
}

void sim_cheat_sign(struct sim_world *w, struct viz_net *net, uint8_t type, uint64_t slot)
{
	const struct sim_cheat *c = sim_cheat(w);

	if (type == VIZ_TYPE_NODE)
		sim_cheat_unshift(w, net->trust);
	if (type == VIZ_TYPE_PARTNERS && c->shifted)
		sim_liars_about(w, SIM_LIE_WAY);
	if (type == VIZ_TYPE_RESULT && c->closed_slot == slot && !c->shifted &&
	    sim_cheat_takes(w, SIM_WAY_BACK, slot)) {
		sim_cheat_shift(w, net->trust, viz_after(c->closed_at, -1));
		sim_liars_about(w, SIM_LIE_WAY);
	}
}

static void tell(struct sim_cheat *c, const struct viz_list_entry *list, size_t count, bool drawn)
{
	for (size_t i = 0; i < count; i++) {
		c->turn = sim_more(c->turn, c->count, &c->capacity, sizeof *c->turn);
		c->turn[c->count++] =
		    (struct sim_cheat_turn){.partners = c->offer.partners,
					    .log = c->offer.at.log,
					    .index = list[i].index,
					    .turn = list[i].turn,
					    .draw = c->offer.draw,
					    .drawn = drawn && c->offer.not_drawn_count > 0,
					    .newcomer = list[i].newcomer};
	}
}

static void offer_signed(struct sim_cheat *c, const struct viz_id *id, uint64_t slot)
{
	c->offer_slot = slot;
	c->offer_id = *id;
	c->open = true;
	tell(c, c->offer.asked, c->offer.asked_count, true);
	tell(c, c->offer.struck, c->offer.struck_count, true);
	tell(c, c->offer.not_drawn, c->offer.not_drawn_count, false);
	c->asked = sim_more(c->asked, c->asked_count, &c->asked_capacity, sizeof *c->asked);
	c->asked[c->asked_count] = (struct sim_cheat_asked){
	    .log = c->offer.at.log, .number = c->offer.at.number, .count = c->offer.asked_count};
	for (size_t i = 0; i < c->offer.asked_count; i++)
		c->asked[c->asked_count].index[i] = c->offer.asked[i].index;
	c->asked_count++;
}

static void node_signed(struct sim_cheat *c, const struct viz_net *net, const struct viz_id *id)
{
	const struct viz_member *self = viz_member_self(net->trust);

	c->node[1] = c->node[0];
	c->node[0] =
	    (struct sim_cheat_node){*id, self->node.partners, self->node_time, self->node.log};
	c->nodes++;
}

void sim_cheat_signed(struct sim_world *w, struct viz_net *net, const struct viz_id *id,
		      uint8_t type, uint64_t slot, const uint8_t *body, size_t len)
{
	struct sim_cheat *c = sim_cheat(w);

	if (type == VIZ_TYPE_RESULT)
		sim_cheat_unshift(w, net->trust);
	if (!id)
		return;
	if (type == VIZ_TYPE_NODE)
		node_signed(c, net, id);
	if (type == VIZ_TYPE_OFFER) {
		offer_signed(c, id, slot);
		sim_cheat_ack_offered(w, net);
	}
	if (type == VIZ_TYPE_CLOSE) {
		c->closed_slot = slot;
		c->closed_at = net->core->now;
		if (slot == c->offer_slot)
			c->open = false;
		sim_cheat_shown_close(w, net, slot, body, len);
		if (sim_cheat_takes(w, SIM_WAY_FORK, slot) && sim_liars_idle(w, w->stepping))
			fork_log(w, net, slot, body, len);
	}
	if (type == VIZ_TYPE_CHOICE)
		sim_cheat_chosen(w, net, slot);
	if (type == VIZ_TYPE_CHOICE &&
	    sim_cheat_takes(w, SIM_WAY_AGAIN, viz_record_slot_offer(slot)))
		choose_again(w, net, slot, body, len);
}
