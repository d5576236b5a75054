/* Lies that only the table has (table.c). liars.c calls these functions where it encodes a record.
 * What one record of an offer hides, the later ones hide too. */
#include "node/core/core.h"
#include "node/core/place.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/message.h"
#include "proto/offer.h"
#include "proto/reader.h"
#include "proto/record.h"
#include "tests/sim/check.h"

/* What the liar has published: a later OFFER may contradict it. */
struct told {
	struct viz_id partners;
	uint8_t index;
	uint32_t draw;
	bool drawn;    /* while somebody was not */
	bool newcomer; /* and was marked so */
};

struct sim_cheat {
	struct told *told;
	size_t count, capacity;
	struct viz_offer offer; /* as it was encoded last */
};

void sim_cheat_free(struct sim_world *w)
{
	if (w->cheat)
		free(w->cheat->told);
	free(w->cheat);
}

static struct sim_cheat *cheat(struct sim_world *w)
{
	if (!w->cheat) {
		w->cheat = calloc(1, sizeof *w->cheat);
		VIZ_REQUIRE(w->cheat);
	}
	return w->cheat;
}

static bool lies(struct sim_world *w, enum sim_lie lie, const struct viz_position *at)
{
	return w->options.cheat & lie && sim_liars_takes(w, at->offer);
}

/* The last of those asked is listed as blocked. */
static void block(struct sim_world *w, struct viz_offer *o)
{
	uint8_t index;
	size_t i;

	if (o->asked_count < 2)
		return;
	index = o->asked[--o->asked_count].index;
	for (i = o->blocked_len++; i > 0 && o->blocked[i - 1] > index; i--)
		o->blocked[i] = o->blocked[i - 1];
	o->blocked[i] = index;
	sim_liars_about(w, SIM_LIE_BLOCKED);
}

/* Whether the liar has published that this partner was drawn in that draw, or has no mark. */
static bool has_told(const struct sim_cheat *c, const struct viz_offer *o, uint8_t index,
		     uint32_t draw)
{
	for (size_t i = 0; i < c->count; i++) {
		const struct told *t = &c->told[i];

		if (t->index == index && viz_id_eq(&t->partners, &o->partners) &&
		    (draw == 0 ? !t->newcomer : t->drawn && t->draw == draw))
			return true;
	}
	return false;
}

/* The first of those asked has its turn by a draw that is published: it gets an earlier one. */
static void lower_turn(struct sim_world *w, struct viz_offer *o)
{
	struct viz_list_entry *e = &o->asked[0];

	if (e->newcomer || e->turn < 2 || !has_told(cheat(w), o, e->index, e->turn))
		return;
	e->turn--;
	sim_liars_about(w, SIM_LIE_TURN);
}

static void mark_newcomer(struct sim_world *w, struct viz_offer *o)
{
	struct viz_list_entry *e = &o->asked[0];

	if (e->newcomer || !has_told(cheat(w), o, e->index, 0))
		return;
	e->newcomer = true;
	sim_liars_about(w, SIM_LIE_NEWCOMER);
}

void sim_cheat_offer(struct sim_world *w, struct viz_offer *o)
{
	if (lies(w, SIM_LIE_BLOCKED, &o->at))
		block(w, o);
	if (lies(w, SIM_LIE_TURN, &o->at))
		lower_turn(w, o);
	if (lies(w, SIM_LIE_NEWCOMER, &o->at))
		mark_newcomer(w, o);
	if (lies(w, SIM_LIE_NODE, &o->at)) {
		o->node_time.ms--;
		sim_liars_about(w, SIM_LIE_NODE);
	}
	if (lies(w, SIM_LIE_VIEW, &o->at)) {
		o->view.b[0] ^= 1;
		sim_liars_about(w, SIM_LIE_VIEW);
	}
	cheat(w)->offer = *o;
}

void sim_cheat_close(struct sim_world *w, struct viz_close *c)
{
	for (size_t i = 0; i < c->count && lies(w, SIM_LIE_FORGED, &c->at); i++)
		if (c->entry[i].answered) {
			c->entry[i].pledge[0] ^= 1; /* of the signature */
			sim_liars_about(w, SIM_LIE_FORGED);
			break;
		}
	if (lies(w, SIM_LIE_BLOCKED, &c->at) && c->count >= 2)
		c->count--; /* as the OFFER says */
	if (lies(w, SIM_LIE_ENTRIES, &c->at) && c->count >= 2) {
		c->count--;
		sim_liars_about(w, SIM_LIE_ENTRIES);
	}
}

void sim_cheat_result(struct sim_world *w, struct viz_result *res)
{
	if (lies(w, SIM_LIE_SALT, &res->at)) {
		res->salt.b[0] ^= 1;
		sim_liars_about(w, SIM_LIE_SALT);
	}
	for (size_t i = 0; i < res->count && lies(w, SIM_LIE_REVEAL, &res->at); i++)
		if (res->entry[i].revealed) {
			res->entry[i].nonce.b[0] ^= 1;
			sim_liars_about(w, SIM_LIE_REVEAL);
			break;
		}
	if ((lies(w, SIM_LIE_BLOCKED, &res->at) || lies(w, SIM_LIE_ENTRIES, &res->at)) &&
	    res->count >= 2)
		res->count--;
}

static void tell(struct sim_cheat *c, const struct viz_list_entry *list, size_t count, bool drawn)
{
	for (size_t i = 0; i < count; i++) {
		c->told = sim_more(c->told, c->count, &c->capacity, sizeof *c->told);
		c->told[c->count++] =
		    (struct told){c->offer.partners, list[i].index, c->offer.draw,
				  drawn && c->offer.not_drawn_count > 0, list[i].newcomer};
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
	sim_audit_lie(w, w->stepping, slot, SIM_LIE_FORK);
	free(c);
}

void sim_cheat_signed(struct sim_world *w, struct viz_net *net, uint8_t type, uint64_t slot,
		      const uint8_t *body, size_t len)
{
	struct sim_cheat *c = cheat(w);

	if (type == VIZ_TYPE_OFFER) {
		w->lied_offers++;
		tell(c, c->offer.asked, c->offer.asked_count, true);
		tell(c, c->offer.struck, c->offer.struck_count, true);
		tell(c, c->offer.not_drawn, c->offer.not_drawn_count, false);
	}
	if (type == VIZ_TYPE_CLOSE && w->options.cheat & SIM_LIE_FORK && sim_liars_takes(w, slot) &&
	    sim_liars_idle(w, w->stepping))
		fork_log(w, net, slot, body, len);
}

bool sim_cheat_withholds(struct sim_world *w, const struct sim_machine *m, const uint8_t *body,
			 size_t len)
{
	struct viz_message_record message;
	struct viz_record rec;
	struct viz_reader r;

	if (!(m->lies & SIM_LIE_WITHHOLD))
		return false;
	viz_reader_init(&r, body, len);
	if (viz_message_kind_read(&r) != VIZ_MESSAGE_RECORD)
		return false;
	viz_reader_init(&r, body, len);
	viz_message_record_read(&r, &message);
	if (viz_reader_finish(&r) != VIZ_OK ||
	    viz_record_parse(&rec, message.record, message.record_len) != VIZ_OK ||
	    rec.type != VIZ_TYPE_CLOSE || !viz_id_eq(&rec.author, &m->author) ||
	    !sim_liars_takes(w, rec.slot))
		return false;
	sim_audit_lie(w, m, rec.slot, SIM_LIE_WITHHOLD);
	return true;
}
