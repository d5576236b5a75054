/* Lies of the table in what an origin signs about an offer. What one record of an offer hides, the
 * later ones hide too. */
#include "node/audit/rules.h"
#include "node/core/core.h"
#include "node/link/linked.h"
#include "node/link/net.h"
#include "node/state.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/trust.h"
#include "tests/sim/cheat.h"
#include "tests/sim/check.h"
#include "tests/sim/play.h"

/* A link is older by this than the partner needs to say that it was not silent. */
#define TELLS_MS 5000

struct sim_cheat *sim_cheat(struct sim_world *w)
{
	if (!w->cheat) {
		w->cheat = calloc(1, sizeof *w->cheat);
		VIZ_REQUIRE(w->cheat);
	}
	return w->cheat;
}

void sim_cheat_free(struct sim_world *w)
{
	if (w->cheat) {
		free(w->cheat->turn);
		free(w->cheat->asked);
	}
	free(w->cheat);
}

bool sim_cheat_does(const struct sim_world *w, enum sim_way way)
{
	return w && w->options.way == way && w->stepping && w->stepping->lies & SIM_LIE_WAY;
}

bool sim_cheat_takes(const struct sim_world *w, enum sim_way way, uint64_t number)
{
	return sim_cheat_does(w, way) && sim_liars_takes(w, number);
}

bool sim_cheat_harms(struct sim_world *w, const struct viz_id *author)
{
	const struct sim_machine *m = sim_machine_of(w, author);

	return m && m->lies == 0;
}

/* The id of the partner with this index in the liar's PARTNERS; NULL: there is none. */
static const struct viz_id *partner(struct viz_trust *trust, uint8_t index)
{
	const struct viz_partners *p = viz_member_self(trust)->partners;

	return p && index < p->count ? &p->entry[index].id : NULL;
}

static bool lies(struct sim_world *w, enum sim_way way, const struct viz_position *at)
{
	return sim_cheat_takes(w, way, at->offer);
}

/* Adds an index to a list that ascends by it. */
static void insert(uint8_t *list, size_t *n, uint8_t index)
{
	size_t i;

	for (i = (*n)++; i > 0 && list[i - 1] > index; i--)
		list[i] = list[i - 1];
	list[i] = index;
}

/* The last of those asked is listed as blocked, or as silent. */
static void hide(struct sim_world *w, struct viz_offer *o, uint8_t *list, size_t *n)
{
	insert(list, n, o->asked[--o->asked_count].index);
	sim_liars_about(w, SIM_LIE_WAY);
}

/* The last of those asked is listed as not drawn. */
static void shorten(struct sim_world *w, struct viz_offer *o)
{
	memmove(&o->not_drawn[1], &o->not_drawn[0], o->not_drawn_count * sizeof o->not_drawn[0]);
	o->not_drawn[0] = o->asked[--o->asked_count];
	o->not_drawn_count++;
	sim_liars_about(w, SIM_LIE_WAY);
}

/* Whether the last of those asked can tell that it was not silent: it has had a link for long. */
static bool linked(struct sim_world *w, struct viz_trust *trust, const struct viz_offer *o)
{
	const struct viz_id *id = partner(trust, o->asked[o->asked_count - 1].index);
	const struct viz_member *m = id ? viz_member_find(trust, id) : NULL;

	return m && sim_cheat_harms(w, id) &&
	       viz_linked_within(&w->stepping->node->net, m, o->drawn,
				 (struct viz_time){o->drawn.ms - TELLS_MS});
}

/* Whether the liar has published that this partner was drawn in that draw, or has no mark. */
static bool has_told(const struct sim_cheat *c, const struct viz_offer *o, uint8_t index,
		     uint32_t draw)
{
	for (size_t i = 0; i < c->count; i++) {
		const struct sim_cheat_turn *t = &c->turn[i];

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

	if (e->newcomer || e->turn < 2 || !has_told(sim_cheat(w), o, e->index, e->turn))
		return;
	e->turn--;
	sim_liars_about(w, SIM_LIE_WAY);
}

static void mark_newcomer(struct sim_world *w, struct viz_offer *o)
{
	struct viz_list_entry *e = &o->asked[0];

	if (e->newcomer || !has_told(sim_cheat(w), o, e->index, 0))
		return;
	e->newcomer = true;
	sim_liars_about(w, SIM_LIE_WAY);
}

/* The OFFER before this one gave its draw; all turns must be older. */
static void double_draw(struct sim_world *w, struct viz_offer *o)
{
	const struct sim_cheat *c = sim_cheat(w);
	uint32_t last = 0;

	for (size_t i = 0; i < o->asked_count; i++)
		last = o->asked[i].turn > last ? o->asked[i].turn : last;
	for (size_t i = 0; i < o->struck_count; i++)
		last = o->struck[i].turn > last ? o->struck[i].turn : last;
	for (size_t i = 0; i < o->not_drawn_count; i++)
		last = o->not_drawn[i].turn > last ? o->not_drawn[i].turn : last;
	if (c->offer.draw <= last || c->offer.at.log != o->at.log)
		return;
	o->draw = c->offer.draw;
	sim_liars_about(w, SIM_LIE_WAY);
}

static bool listed(const struct viz_offer *o, size_t index)
{
	bool there = viz_offer_asks(o, index) || memchr(o->blocked, (int)index, o->blocked_len) ||
		     memchr(o->silent, (int)index, o->silent_len);

	for (size_t i = 0; i < o->struck_count; i++)
		there |= o->struck[i].index == index;
	for (size_t i = 0; i < o->not_drawn_count; i++)
		there |= o->not_drawn[i].index == index;
	return there;
}

/* Asks somebody whose entry is not effective yet, in place of the last one or beside it. Its answer
 * is never there. */
static void ask_outside(struct sim_world *w, struct viz_trust *trust, struct viz_offer *o)
{
	const struct viz_partners *p = viz_member_self(trust)->partners;
	struct viz_list_entry *last = &o->asked[o->asked_count - 1];

	for (size_t i = 0; p && i < p->count && i <= UINT8_MAX; i++) {
		const struct viz_partner_entry *e = &p->entry[i];

		if (listed(o, i) || e->removed.ms != 0 ||
		    viz_partner_entry_effective(e, o->node_time, w->federation.partner_delay_ms) ||
		    viz_offer_drawn(o) >= (uint64_t)w->federation.ask_max ||
		    last->turn + 1 >= o->draw)
			continue;
		o->asked[o->asked_count++] =
		    (struct viz_list_entry){(uint8_t)i, last->turn + 1, true};
		sim_liars_about(w, SIM_LIE_WAY);
		return;
	}
}

/* The last turn of this partner that was published, in the log before. NULL: it has one in this log
 * already, or none. */
static const struct sim_cheat_turn *turn_before(const struct sim_cheat *c,
						const struct viz_offer *o, uint8_t index)
{
	const struct sim_cheat_turn *last = NULL;

	for (size_t i = 0; i < c->count; i++)
		if (c->turn[i].index == index)
			last = &c->turn[i];
	return last && last->log != o->at.log ? last : NULL;
}

/* With a new log one of those asked gets a lower turn than an OFFER of the old one showed. Only the
 * first OFFERs of a log can do that, and the liar begins one: so it does, at any rate. */
static void reset_turn(struct sim_world *w, struct viz_offer *o)
{
	const struct sim_cheat_turn *last = NULL;
	struct viz_list_entry e;
	size_t i = 0;

	while (i < o->asked_count &&
	       (!(last = turn_before(sim_cheat(w), o, o->asked[i].index)) || last->turn < 2))
		i++;
	if (i == o->asked_count)
		return;
	e = o->asked[i];
	e.turn = last->turn - 1;
	for (; i > 0 && (o->asked[i - 1].turn > e.turn ||
			 (o->asked[i - 1].turn == e.turn && o->asked[i - 1].index > e.index));
	     i--)
		o->asked[i] = o->asked[i - 1];
	o->asked[i] = e;
	sim_liars_about(w, SIM_LIE_WAY);
}

bool sim_cheat_left_out(struct sim_world *w, struct viz_trust *trust, const struct viz_offer *o,
			const struct viz_id *author)
{
	const struct viz_partners *p = viz_member_self(trust)->partners;
	const struct viz_member *m = viz_member_find(trust, author);
	int64_t delay = w->federation.partner_delay_ms;
	bool any = false;

	for (uint8_t i = 0; m && p && i < p->count && i < UINT8_MAX; i++)
		any |= viz_id_eq(&p->entry[i].id, author) &&
		       viz_partner_entry_effective(&p->entry[i], o->drawn, delay) &&
		       viz_member_lists_us(trust->core, m, o->drawn) &&
		       sim_cheat_harms(w, author) && sim_cheat_unseen(w, author) &&
		       sim_covers(sim_machine_of(w, author), &o->area) && !listed(o, i);
	return any;
}

/* Whether a partner whose COVERAGE the liar did not take would have to be in the lists, and has
 * published it for long. */
static bool leaves_out(struct sim_world *w, struct viz_trust *trust, const struct viz_offer *o)
{
	bool any = false;

	for (unsigned i = 0; i + 1 < w->count; i++)
		any |= sim_cheat_left_out(w, trust, o, &w->machine[i].author);
	return any && w->now > w->began + w->federation.suspicion_ms + 30000;
}

/* Whether the last of those asked has no link tonight, and had one yesterday. */
static bool refused(struct sim_world *w, struct viz_trust *trust, const struct viz_offer *o)
{
	const struct viz_id *id = partner(trust, o->asked[o->asked_count - 1].index);
	const struct viz_member *m = id ? viz_member_find(trust, id) : NULL;
	const struct sim_machine *x = id ? sim_machine_of(w, id) : NULL;
	int64_t back = w->federation.silence_ms - w->federation.heartbeat_ms - TELLS_MS;

	return m && x && sim_cheat_night_apart(w, x->index, w->count - 1) &&
	       sim_cheat_is_late_night(w) &&
	       viz_linked_within(&w->stepping->node->net, m, viz_after(o->drawn, -back),
				 viz_after(o->drawn, -TELLS_MS));
}

static void change_lists(struct sim_world *w, struct viz_trust *trust, struct viz_offer *o)
{
	if (sim_cheat_does(w, SIM_WAY_UNSEEN) && leaves_out(w, trust, o))
		sim_liars_about(w, SIM_LIE_WAY);
	if (sim_cheat_is_ack(w))
		sim_cheat_ack_offer(w, trust, o);
	if (lies(w, SIM_WAY_HIDDEN, &o->at) && o->asked_count >= 2) {
		o->asked_count--;
		o->view.b[0] ^= 1;
		sim_liars_about(w, SIM_LIE_WAY);
	}
	if (lies(w, SIM_WAY_BLOCKED, &o->at) && o->asked_count >= 2)
		hide(w, o, o->blocked, &o->blocked_len);
	if (lies(w, SIM_WAY_SILENT, &o->at) && o->asked_count >= 2 && linked(w, trust, o))
		hide(w, o, o->silent, &o->silent_len);
	if (lies(w, SIM_WAY_NIGHT, &o->at) && o->asked_count >= 2 && refused(w, trust, o))
		hide(w, o, o->silent, &o->silent_len);
	if (lies(w, SIM_WAY_SHORT, &o->at) && o->asked_count >= 2)
		shorten(w, o);
	if (lies(w, SIM_WAY_TURN, &o->at))
		lower_turn(w, o);
	if (lies(w, SIM_WAY_NEWCOMER, &o->at))
		mark_newcomer(w, o);
	if (lies(w, SIM_WAY_OUTSIDE, &o->at))
		ask_outside(w, trust, o);
	if (sim_cheat_does(w, SIM_WAY_RESET))
		reset_turn(w, o);
	if (lies(w, SIM_WAY_UNFOUNDED, &o->at) && !listed(o, UINT8_MAX)) {
		insert(o->silent, &o->silent_len, UINT8_MAX);
		sim_liars_about(w, SIM_LIE_WAY);
	}
}

void sim_cheat_offer(struct sim_world *w, struct viz_trust *trust, struct viz_offer *o)
{
	change_lists(w, trust, o);
	if (lies(w, SIM_WAY_DOUBLE, &o->at))
		double_draw(w, o);
	if (lies(w, SIM_WAY_STALE, &o->at))
		sim_cheat_stale(w, o);
	if (lies(w, SIM_WAY_NODE, &o->at)) {
		o->node_time.ms--;
		sim_liars_about(w, SIM_LIE_WAY);
	}
	if (lies(w, SIM_WAY_VIEW, &o->at)) {
		o->view.b[0] ^= 1;
		sim_liars_about(w, SIM_LIE_WAY);
	}
	if (sim_cheat_does(w, SIM_WAY_OTHER_LOG) && viz_member_self(trust)->node.log != o->at.log)
		sim_liars_about(w, SIM_LIE_WAY);
	sim_cheat(w)->offer = *o;
}

/* CLOSE and RESULT have as many entries as the OFFER, as it was published, asks. */
static bool resized(struct sim_world *w, const struct viz_position *at)
{
	return lies(w, SIM_WAY_HIDDEN, at) || lies(w, SIM_WAY_BLOCKED, at) ||
	       lies(w, SIM_WAY_SILENT, at) || lies(w, SIM_WAY_SHORT, at) ||
	       lies(w, SIM_WAY_OUTSIDE, at) || lies(w, SIM_WAY_NIGHT, at);
}

/* Whom the OFFER with this number asks, by what the liar has published. */
static const struct sim_cheat_asked *asked(struct sim_world *w, const struct viz_position *at)
{
	const struct sim_cheat *c = sim_cheat(w);

	for (size_t i = 0; i < c->asked_count; i++)
		if (c->asked[i].log == at->log && c->asked[i].number == at->offer)
			return &c->asked[i];
	return NULL;
}

void sim_cheat_close(struct sim_world *w, struct viz_close *c)
{
	const struct sim_cheat_asked *who = asked(w, &c->at);

	if (resized(w, &c->at) && who) {
		while (c->count < who->count)
			c->entry[c->count++].answered = false;
		c->count = who->count;
	}
	for (size_t i = 0; i < c->count && lies(w, SIM_WAY_FORGED, &c->at); i++)
		if (c->entry[i].answered) {
			c->entry[i].pledge[0] ^= 1; /* of the signature */
			sim_liars_about(w, SIM_LIE_WAY);
			break;
		}
	if (lies(w, SIM_WAY_ENTRIES, &c->at) && c->count >= 2) {
		c->count--;
		sim_liars_about(w, SIM_LIE_WAY);
	}
	if (lies(w, SIM_WAY_MIXED, &c->at)) {
		c->at.offer = c->at.offer > 1 ? c->at.offer - 1 : 2;
		sim_liars_about(w, SIM_LIE_WAY);
	}
}

/* One that is revealed, and was acknowledged, is shown as not revealed. */
static void drop_reveal(struct sim_world *w, struct viz_trust *trust, struct viz_result *res,
			const struct sim_cheat_asked *who)
{
	const struct viz_id *id;
	size_t n = 0;
	uint8_t last;

	if (res->order_len == 0 || !who)
		return;
	id = partner(trust, who->index[res->order[res->order_len - 1]]);
	if (!id || !sim_cheat_harms(w, id))
		return;
	last = res->order[res->order_len - 1];
	for (size_t i = 0; i < res->order_len; i++)
		if (res->order[i] != last)
			res->order[n++] = res->order[i];
	res->order_len = n;
	res->entry[last] = (struct viz_result_entry){.revealed = false};
	sim_liars_about(w, SIM_LIE_WAY);
}

void sim_cheat_result(struct sim_world *w, struct viz_trust *trust, struct viz_result *res)
{
	const struct sim_cheat_asked *who = asked(w, &res->at);

	if (lies(w, SIM_WAY_SALT, &res->at)) {
		res->salt.b[0] ^= 1;
		sim_liars_about(w, SIM_LIE_WAY);
	}
	for (size_t i = 0; i < res->count && lies(w, SIM_WAY_REVEAL, &res->at); i++)
		if (res->entry[i].revealed) {
			res->entry[i].nonce.b[0] ^= 1;
			sim_liars_about(w, SIM_LIE_WAY);
			break;
		}
	if (lies(w, SIM_WAY_REVEAL_DROP, &res->at))
		drop_reveal(w, trust, res, who);
	if (lies(w, SIM_WAY_RESULT_FALSE, &res->at) && res->order_len > 0) {
		res->order_len--;
		sim_liars_about(w, SIM_LIE_WAY);
	}
	if (resized(w, &res->at) && who) {
		while (res->count < who->count)
			res->entry[res->count++] = (struct viz_result_entry){.revealed = false};
		res->count = who->count;
	}
	if (lies(w, SIM_WAY_ENTRIES, &res->at) && res->count >= 2)
		res->count--;
}
