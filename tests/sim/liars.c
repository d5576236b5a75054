/* Nodes that lie. On the link they change bytes, send old bodies and flood. In what they sign,
 * the linker replaces the draw and the encoders of OFFER, CLOSE and RESULT (--wrap) with functions
 * that leave out or swap entries, and what an origin knows of its leases. */
#include "node/core/core.h"
#include "node/lead/answers.h"
#include "node/lead/lead.h"
#include "node/lead/lease.h"
#include "node/lead/records.h"
#include "node/lead/serve.h"
#include "node/offer/draw.h"
#include "node/trust/member.h"
#include "node/trust/identity.h"
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
#include "tests/sim/liars.h"
#include "tests/sim/nation.h"
#include "tests/sim/sim.h"

size_t __real_viz_draw(struct viz_draw_partner *partner, size_t count, size_t ask_max);
size_t __wrap_viz_draw(struct viz_draw_partner *partner, size_t count, size_t ask_max);
void __real_viz_offer_write(struct viz_writer *w, const struct viz_offer *o);
void __wrap_viz_offer_write(struct viz_writer *w, const struct viz_offer *o);
void __real_viz_close_write(struct viz_writer *w, const struct viz_close *c);
void __wrap_viz_close_write(struct viz_writer *w, const struct viz_close *c);
void __real_viz_result_write(struct viz_writer *w, const struct viz_result *res);
void __wrap_viz_result_write(struct viz_writer *w, const struct viz_result *res);
int __real_viz_self_publish(struct viz_net *net, struct viz_id *id, uint8_t type, uint64_t slot,
			    const uint8_t *body, size_t len);
int __wrap_viz_self_publish(struct viz_net *net, struct viz_id *id, uint8_t type, uint64_t slot,
			    const uint8_t *body, size_t len);

void __real_viz_lead_answers_pledge_received(struct viz_net *net, const struct viz_id *from,
					     struct viz_reader *r);
void __wrap_viz_lead_answers_pledge_received(struct viz_net *net, const struct viz_id *from,
					     struct viz_reader *r);
void __real_viz_lead_answers_reveal_received(struct viz_net *net, const struct viz_record *rec,
					     struct viz_reader *body);
void __wrap_viz_lead_answers_reveal_received(struct viz_net *net, const struct viz_record *rec,
					     struct viz_reader *body);
void __real_viz_lead_serve_location(struct viz_net *net, const struct viz_id *from,
				    struct viz_reader *r);
void __wrap_viz_lead_serve_location(struct viz_net *net, const struct viz_id *from,
				    struct viz_reader *r);

void __real_viz_lead_lease_asked(struct viz_net *net, const struct viz_id *from,
				 struct viz_reader *r);
void __wrap_viz_lead_lease_asked(struct viz_net *net, const struct viz_id *from,
				 struct viz_reader *r);
bool __real_viz_lead_lease_over(const struct viz_trust *trust, const struct viz_lead *lead);
bool __wrap_viz_lead_lease_over(const struct viz_trust *trust, const struct viz_lead *lead);
void __real_viz_lead_records_sign_withdrawal(struct viz_net *net, const struct viz_lead *lead,
					     enum viz_withdrawal_scope scope, uint32_t award_n,
					     const struct viz_lead_peer *peer);
void __wrap_viz_lead_records_sign_withdrawal(struct viz_net *net, const struct viz_lead *lead,
					     enum viz_withdrawal_scope scope, uint32_t award_n,
					     const struct viz_lead_peer *peer);

int __real_viz_statement_issue(struct viz_net *net, struct viz_id *id, uint8_t type,
			       const struct viz_id *origin, uint64_t slot, uint64_t number,
			       const struct viz_writer *body, const struct viz_id *to);
int __wrap_viz_statement_issue(struct viz_net *net, struct viz_id *id, uint8_t type,
			       const struct viz_id *origin, uint64_t slot, uint64_t number,
			       const struct viz_writer *body, const struct viz_id *to);
void __real_viz_proof_write(struct viz_writer *w, const struct viz_proof *p);
void __wrap_viz_proof_write(struct viz_writer *w, const struct viz_proof *p);
void __real_viz_receipt_write(struct viz_writer *w, const struct viz_receipt *c);
void __wrap_viz_receipt_write(struct viz_writer *w, const struct viz_receipt *c);
void __real_viz_mail_location_write(struct viz_writer *w, const struct viz_mail_location *m);
void __wrap_viz_mail_location_write(struct viz_writer *w, const struct viz_mail_location *m);
void __real_viz_node_body_write(struct viz_writer *w, const struct viz_node_body *b);
void __wrap_viz_node_body_write(struct viz_writer *w, const struct viz_node_body *b);
void __real_viz_partners_write(struct viz_writer *w, const struct viz_partners *p);
void __wrap_viz_partners_write(struct viz_writer *w, const struct viz_partners *p);
int __real_viz_self_partners_publish(struct viz_net *net);
int __wrap_viz_self_partners_publish(struct viz_net *net);
void __real_viz_self_rotate_heartbeat(struct viz_net *net);
void __wrap_viz_self_rotate_heartbeat(struct viz_net *net);

void sim_liars_begin(struct sim_world *w)
{
	static const unsigned kinds[] = {SIM_LIE_OMIT,
					 SIM_LIE_DROP,
					 SIM_LIE_REORDER,
					 SIM_LIE_EQUIVOCATE,
					 SIM_LIE_TWICE,
					 SIM_LIE_FAVOUR,
					 SIM_LIE_MALFORMED | SIM_LIE_REPLAY,
					 SIM_LIE_FLOOD,
					 SIM_LIE_DEAF,
					 SIM_LIE_PROTEST};
	size_t n = sizeof kinds / sizeof *kinds;

	w->liars = calloc(1, sizeof *w->liars);
	VIZ_REQUIRE(w->liars);
	w->liars->rng.state = w->options.seed * 31 + 7;
	if (w->options.cheat != 0)
		w->machine[w->count - 1].lies = w->options.cheat;
	for (unsigned i = 1; i <= w->options.accomplice && i + 3 < w->count; i++)
		w->machine[w->count - 1 - i].lies = SIM_LIE_ACCOMPLICE | SIM_LIE_PROTEST;
	if (w->options.cheat != 0 || w->options.profile != SIM_LIARS)
		return;
	/* a third of them lie; the first nodes sponsor many and stay honest */
	for (unsigned i = 0; i < (w->count + 2) / 3 && i < n; i++)
		w->machine[w->count - 1 - i].lies = kinds[(i + w->options.seed) % n];
}

void sim_liars_free(struct sim_world *w)
{
	struct sim_liars *l = w->liars;

	for (unsigned i = 0; i < SIM_NODES_MAX; i++) {
		for (unsigned k = 0; k < OLD_MAX; k++)
			free(l->old[i][k].bytes);
		free(l->forked[i].half[0]);
		free(l->forked[i].half[1]);
	}
	free(l);
	sim_cheat_free(w);
}

bool sim_liars_takes(const struct sim_world *w, uint64_t number)
{
	struct sim_rng rng = {(w->options.seed << 40) ^ number * 31};

	return w->options.rate == 0 || sim_below(&rng, SIM_RATE_ALL) < w->options.rate;
}

bool sim_liars_chance(struct sim_world *w)
{
	return w->options.rate == 0 || sim_liars_takes(w, sim_draw(&w->liars->rng));
}

void sim_liars_about(struct sim_world *w, enum sim_lie lie)
{
	w->liars->about_to = lie;
}

/* What a deaf origin does with each offer, by its number. */
enum { DEAF_TO_PLEDGE, DEAF_TO_REVEAL, DEAF_TO_LOCATION, DEAF_CLOSES, DEAF_WAYS };

/* The liar whose core encodes now, or NULL when it does not lie in this way. */
static struct sim_liars *lying(unsigned lie)
{
	struct sim_world *w = sim_check_world();

	return w && w->stepping && (w->stepping->lies & lie) ? w->liars : NULL;
}

/* Likewise, of the offer with this number in the log, or in this slot. */
static struct sim_liars *lying_about(unsigned lie, uint64_t offer)
{
	struct sim_liars *l = lying(lie);

	return l && sim_liars_takes(sim_check_world(), offer) ? l : NULL;
}

/* Draws the one that was drawn last, in place of one that has waited longer. */
size_t __wrap_viz_draw(struct viz_draw_partner *partner, size_t count, size_t ask_max)
{
	size_t drawn = __real_viz_draw(partner, count, ask_max);
	struct viz_draw_partner favourite;

	if (!lying(SIM_LIE_FAVOUR) || drawn == count || !sim_liars_chance(sim_check_world()))
		return drawn;
	favourite = partner[count - 1];
	memmove(&partner[drawn], &partner[drawn - 1], (count - drawn) * sizeof *partner);
	partner[drawn - 1] = favourite;
	return drawn;
}

/* Whether one that was drawn had its turn after one that was not. */
static bool bent(const struct viz_offer *o)
{
	const struct viz_list_entry *first = o->not_drawn, *last;

	for (size_t i = 0; o->not_drawn_count > 0 && i < viz_offer_drawn(o); i++) {
		last = i < o->asked_count ? &o->asked[i] : &o->struck[i - o->asked_count];
		if (last->turn > first->turn ||
		    (last->turn == first->turn && last->index > first->index))
			return true;
	}
	return false;
}

void __wrap_viz_offer_write(struct viz_writer *w, const struct viz_offer *o)
{
	struct sim_liars *l = lying_about(SIM_LIE_OMIT, o->at.offer);
	struct viz_offer less = *o;

	if (lying(SIM_LIE_FAVOUR) && bent(o))
		sim_check_world()->liars->about_to = SIM_LIE_FAVOUR;
	if (l && o->asked_count >= 2) {
		less.asked_count--;
		l->about_to = SIM_LIE_OMIT;
	}
	if (lying(SIM_LIE_WAY))
		sim_cheat_offer(sim_check_world(), &sim_check_world()->stepping->node->trust,
				&less);
	__real_viz_offer_write(w, &less);
}

/* Whether the author of this entry says so when its pledge is left out. */
static bool harms(const struct viz_close *c, size_t i)
{
	struct viz_record rec;
	struct viz_pledge p;

	return viz_close_pledge(c, i, &rec, &p) && sim_cheat_harms(sim_check_world(), &rec.author);
}

/* The author of the pledge that is left out does not reveal, so that RESULT agrees with CLOSE. */
void __wrap_viz_close_write(struct viz_writer *w, const struct viz_close *c)
{
	struct sim_liars *l = lying_about(SIM_LIE_DROP, c->at.offer);
	struct viz_close *less = viz_core_alloc(sizeof *less);
	size_t answered = 0, last = 0;

	*less = *c;
	for (size_t i = 0; i < c->count; i++)
		if (c->entry[i].answered) {
			answered++;
			last = harms(c, i) ? i : last;
		}
	if (l && answered >= 2 && harms(c, last)) {
		less->entry[last].answered = false;
		l->about_to = SIM_LIE_DROP;
	}
	if (lying_about(SIM_LIE_OMIT, c->at.offer) && c->count >= 2)
		less->count--; /* as the OFFER says */
	if (lying(SIM_LIE_WAY))
		sim_cheat_close(sim_check_world(), less);
	__real_viz_close_write(w, less);
	free(less);
}

void __wrap_viz_result_write(struct viz_writer *w, const struct viz_result *res)
{
	struct sim_liars *l = lying_about(SIM_LIE_REORDER, res->at.offer);
	struct viz_result *other = viz_core_alloc(sizeof *other);

	*other = *res;
	if (l && res->order_len >= 2) {
		other->order[0] = res->order[1];
		other->order[1] = res->order[0];
		l->about_to = SIM_LIE_REORDER;
	}
	if (lying_about(SIM_LIE_OMIT, res->at.offer) && res->count >= 2)
		other->count--;
	if (lying(SIM_LIE_WAY))
		sim_cheat_result(sim_check_world(), &sim_check_world()->stepping->node->trust,
				 other);
	__real_viz_result_write(w, other);
	free(other);
}

void __wrap_viz_proof_write(struct viz_writer *w, const struct viz_proof *p)
{
	struct viz_proof other = *p;

	if (lying(SIM_LIE_WAY))
		sim_cheat_proof(sim_check_world(), &other);
	__real_viz_proof_write(w, &other);
}

void __wrap_viz_receipt_write(struct viz_writer *w, const struct viz_receipt *c)
{
	struct viz_receipt other = *c;

	if (lying(SIM_LIE_WAY))
		sim_cheat_receipt(sim_check_world(), &other);
	__real_viz_receipt_write(w, &other);
}

void __wrap_viz_mail_location_write(struct viz_writer *w, const struct viz_mail_location *m)
{
	struct viz_mail_location other = *m;

	if (lying(SIM_LIE_WAY))
		sim_cheat_location(sim_check_world(), &other);
	__real_viz_mail_location_write(w, &other);
}

void __wrap_viz_node_body_write(struct viz_writer *w, const struct viz_node_body *b)
{
	struct viz_node_body other = *b;

	if (lying(SIM_LIE_WAY))
		sim_cheat_node(sim_check_world(), &other);
	__real_viz_node_body_write(w, &other);
}

void __wrap_viz_partners_write(struct viz_writer *w, const struct viz_partners *p)
{
	struct viz_partners *other = viz_core_alloc(sizeof *other);

	*other = *p;
	if (lying(SIM_LIE_WAY))
		sim_cheat_partners(sim_check_world(), &sim_check_world()->stepping->node->trust,
				   other);
	__real_viz_partners_write(w, other);
	free(other);
}

int __wrap_viz_self_publish(struct viz_net *net, struct viz_id *id, uint8_t type, uint64_t slot,
			    const uint8_t *body, size_t len)
{
	struct sim_world *w = sim_check_world();
	struct viz_id signed_id = {{0}};
	int err;

	if (w && w->stepping && type == VIZ_TYPE_PROTEST)
		sim_cheat_protested(w, w->stepping, slot);
	if (!w || !w->stepping || w->stepping->lies == 0)
		return __real_viz_self_publish(net, id, type, slot, body, len);
	if (lying(SIM_LIE_WAY))
		sim_cheat_sign(w, net, type, slot);
	err = __real_viz_self_publish(net, &signed_id, type, slot, body, len);
	if (w->liars->about_to != 0 && err == VIZ_OK)
		sim_audit_lie_in(w, w->liars->about_to, type, slot, &signed_id);
	w->liars->about_to = (enum sim_lie)0;
	if (err == VIZ_OK && type == VIZ_TYPE_NODE && w->stepping->lies & SIM_LIE_PROTEST &&
	    !sim_is_quiet(w))
		sim_liars_protest(w, net);
	if (err == VIZ_OK && id)
		*id = signed_id;
	if (type == VIZ_TYPE_OFFER && err == VIZ_OK && w->options.cheat & w->stepping->lies)
		w->lied_offers++;
	if (lying(SIM_LIE_WAY))
		sim_cheat_signed(w, net, err == VIZ_OK ? &signed_id : NULL, type, slot, body, len);
	return err;
}

/* Dates PARTNERS back. The NODE that names it is signed in the same call. */
int __wrap_viz_self_partners_publish(struct viz_net *net)
{
	struct sim_world *w = sim_check_world();
	int err;

	if (lying(SIM_LIE_WAY))
		sim_cheat_partners_due(w, net);
	err = __real_viz_self_partners_publish(net);
	if (lying(SIM_LIE_WAY))
		sim_cheat_unshift(w, net->trust);
	return err;
}

void __wrap_viz_self_rotate_heartbeat(struct viz_net *net)
{
	if (lying(SIM_LIE_WAY))
		sim_cheat_heartbeat(sim_check_world(), net);
	if (!sim_nation_is_quiet(net))
		__real_viz_self_rotate_heartbeat(net);
}

int __wrap_viz_statement_issue(struct viz_net *net, struct viz_id *id, uint8_t type,
			       const struct viz_id *origin, uint64_t slot, uint64_t number,
			       const struct viz_writer *body, const struct viz_id *to)
{
	VIZ_WRITER(no, 256);

	if (lying(SIM_LIE_WAY | SIM_LIE_ACCOMPLICE) &&
	    sim_cheat_silent(sim_check_world(), type, slot, number, to))
		return sim_cheat_refuses(&no, body, type, slot)
			   ? __real_viz_statement_issue(net, id, type, origin, slot, number, &no,
							to)
			   : VIZ_OK;
	if (type == VIZ_TYPE_PLEDGE && lying(SIM_LIE_WAY))
		sim_cheat_pledge(sim_check_world(), net, origin, slot, body);
	return __real_viz_statement_issue(net, id, type, origin, slot, number, body, to);
}

/* Whether the origin whose core runs now is deaf in this way to its offer in the slot. */
static bool deaf(uint64_t slot, unsigned way)
{
	return lying_about(SIM_LIE_DEAF, slot) && !sim_is_quiet(sim_check_world()) &&
	       viz_record_slot_number(slot) % DEAF_WAYS == way;
}

/* Whether it lies in this way of the table about the offer in the slot. */
static bool cheats(enum sim_way way, uint64_t slot)
{
	return lying(SIM_LIE_WAY) && sim_cheat_takes(sim_check_world(), way, slot);
}

/* CLOSE is signed, and a reveal is missing: signs RESULT. */
static void result_at_once(struct viz_net *net, uint64_t slot)
{
	struct viz_lead *lead = viz_lead_fetch(net->core, slot);

	if (lead && lead->state == VIZ_LEAD_CLOSED) {
		sim_liars_about(sim_check_world(), SIM_LIE_WAY);
		viz_lead_answers_begin_choice(net, lead);
		viz_lead_put(net->core, lead);
	}
	free(lead);
}

void __wrap_viz_lead_answers_pledge_received(struct viz_net *net, const struct viz_id *from,
					     struct viz_reader *r)
{
	struct viz_reader copy = *r;
	struct viz_mail_pledge mail;
	struct viz_record rec;

	viz_mail_pledge_read(&copy, &mail);
	if (viz_reader_finish(&copy) == VIZ_OK &&
	    viz_record_parse(&rec, mail.pledge, sizeof mail.pledge) == VIZ_OK &&
	    deaf(rec.slot, DEAF_TO_PLEDGE)) {
		*r = copy;
		sim_protests_deaf(sim_check_world(), from, rec.slot, VIZ_PROTEST_PLEDGE);
		return;
	}
	if (copy.err == VIZ_OK && cheats(SIM_WAY_OLD_LOG, rec.slot)) {
		*r = copy; /* the offer stays open until a new log begins */
		return;
	}
	__real_viz_lead_answers_pledge_received(net, from, r);
	if (copy.err == VIZ_OK && cheats(SIM_WAY_RESULT_EARLY, rec.slot))
		result_at_once(net, rec.slot);
}

void __wrap_viz_lead_answers_reveal_received(struct viz_net *net, const struct viz_record *rec,
					     struct viz_reader *body)
{
	struct viz_reveal rv;

	if (deaf(rec->slot, DEAF_TO_REVEAL)) {
		viz_reveal_read(body, &rv);
		viz_reader_finish(body);
		sim_protests_deaf(sim_check_world(), &rec->author, rec->slot, VIZ_PROTEST_REVEAL);
		return;
	}
	__real_viz_lead_answers_reveal_received(net, rec, body);
}

/* Closes the offer at once instead of serving the location, or does nothing. */
void __wrap_viz_lead_serve_location(struct viz_net *net, const struct viz_id *from,
				    struct viz_reader *r)
{
	struct viz_reader copy = *r;
	uint64_t slot = viz_mail_slot_read(&copy);
	struct viz_lead *lead = NULL;

	if (viz_reader_finish(&copy) == VIZ_OK && deaf(slot, DEAF_TO_LOCATION)) {
		*r = copy;
		lead = viz_lead_fetch(net->core, slot);
		if (lead && viz_lead_find_peer(lead, from) && lead->state == VIZ_LEAD_OPEN)
			sim_protests_deaf(sim_check_world(), from, slot, VIZ_PROTEST_LOCATION);
		free(lead);
		return;
	}
	if (copy.err == VIZ_OK && lying(SIM_LIE_WAY) &&
	    sim_cheat_deaf(sim_check_world(), net, from, slot)) {
		*r = copy;
		return;
	}
	__real_viz_lead_serve_location(net, from, r);
	if (copy.err == VIZ_OK && lying(SIM_LIE_WAY)) {
		lead = viz_lead_fetch(net->core, slot);
		if (lead && lead->state == VIZ_LEAD_OPEN && lead->vault != 0 &&
		    viz_lead_find_peer(lead, from))
			sim_cheat_served(sim_check_world(), slot);
		free(lead);
		lead = NULL;
	}
	if (copy.err == VIZ_OK && (deaf(slot, DEAF_CLOSES) || cheats(SIM_WAY_CLOSES_EARLY, slot)))
		lead = viz_lead_fetch(net->core, slot);
	if (lead && lead->state == VIZ_LEAD_OPEN) {
		if (lying(SIM_LIE_WAY))
			sim_liars_about(sim_check_world(), SIM_LIE_WAY);
		viz_lead_answers_close(net, lead);
		viz_lead_put(net->core, lead);
		sim_protests_deaf(sim_check_world(), from, slot, VIZ_PROTEST_LATE);
	}
	free(lead);
}

/* For one that awards twice every lease is over. */
bool __wrap_viz_lead_lease_over(const struct viz_trust *trust, const struct viz_lead *lead)
{
	return lying_about(SIM_LIE_TWICE, lead->slot) || cheats(SIM_WAY_SHORT_LEASE, lead->slot) ||
	       __real_viz_lead_lease_over(trust, lead);
}

void __wrap_viz_lead_records_sign_withdrawal(struct viz_net *net, const struct viz_lead *lead,
					     enum viz_withdrawal_scope scope, uint32_t award_n,
					     const struct viz_lead_peer *peer)
{
	if (scope == VIZ_WITHDRAW_ALL ||
	    (!lying_about(SIM_LIE_TWICE, lead->slot) && !cheats(SIM_WAY_SHORT_LEASE, lead->slot)))
		__real_viz_lead_records_sign_withdrawal(net, lead, scope, award_n, peer);
}

void __wrap_viz_lead_lease_asked(struct viz_net *net, const struct viz_id *from,
				 struct viz_reader *r)
{
	struct viz_reader copy = *r;
	struct viz_mail_lease_ask ask;

	viz_mail_lease_ask_read(&copy, &ask);
	__real_viz_lead_lease_asked(net, from, r);
	if (viz_reader_finish(&copy) == VIZ_OK && lying(SIM_LIE_WAY))
		sim_cheat_leased(sim_check_world(), net, from, &ask);
}

/* Sends the body with changed bytes, cut off, or with a count that no body can have. */
static void send_changed(struct sim_world *w, struct sim_machine *m, uint64_t number,
			 const uint8_t *body, size_t len)
{
	struct sim_rng *rng = &w->liars->rng;
	uint8_t *copy = viz_core_alloc(len + 5);

	memcpy(copy, body, len);
	switch (sim_below(rng, 3)) {
	case 0:
		for (uint64_t n = 1 + sim_below(rng, 3); n > 0; n--)
			copy[sim_below(rng, len)] ^= (uint8_t)(1 + sim_below(rng, 255));
		break;
	case 1:
		len = sim_below(rng, len);
		break;
	default: {
		static const uint8_t huge[] = {0xdd, 0xff, 0xff, 0xff, 0xff};
		size_t at = sim_below(rng, len);

		memmove(copy + at + sizeof huge, copy + at, len - at);
		memcpy(copy + at, huge, sizeof huge);
		len += sizeof huge;
	}
	}
	sim_net_send(w, m, number, copy, len);
	free(copy);
}

static void remember(struct sim_world *w, struct sim_machine *m, const uint8_t *body, size_t len)
{
	struct old_body *o = &w->liars->old[m->index][sim_below(&w->liars->rng, OLD_MAX)];

	free(o->bytes);
	o->bytes = viz_core_alloc(len);
	memcpy(o->bytes, body, len);
	o->len = len;
}

void sim_liars_send(struct sim_world *w, struct sim_machine *m, uint64_t number,
		    const uint8_t *body, size_t len)
{
	struct sim_rng *rng = &w->liars->rng;

	if (sim_cheat_withholds(w, m, number, body, len))
		return;
	if (sim_is_quiet(w) || m->lies == 0) {
		sim_net_send(w, m, number, body, len);
		return;
	}
	if ((m->lies & SIM_LIE_MALFORMED) && w->now > w->began + 20000 && sim_once_in(rng, 40))
		send_changed(w, m, number, body, len);
	else
		sim_net_send(w, m, number, body, len);
	if (!(m->lies & SIM_LIE_REPLAY))
		return;
	remember(w, m, body, len);
	if (sim_once_in(rng, 8)) {
		const struct old_body *o = &w->liars->old[m->index][sim_below(rng, OLD_MAX)];

		if (o->bytes)
			sim_net_send(w, m, number, o->bytes, o->len);
	}
}
