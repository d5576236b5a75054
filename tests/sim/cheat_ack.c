/* Lies of the table about COVERAGE_ACK: the liar acknowledges the COVERAGE of some, keeps none of
 * it (cheat_say.c), and leaves them out. What it signs beside that is to hide that it knew. */
#include "crypto/sign.h"
#include "node/core/core.h"
#include "node/core/ids.h"
#include "node/link/mail.h"
#include "node/link/net.h"
#include "node/trust/identity.h"
#include "node/trust/live.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/offer.h"
#include "proto/record.h"
#include "proto/statement.h"
#include "proto/trust.h"
#include "proto/writer.h"
#include "tests/sim/cheat.h"
#include "tests/sim/check.h"

bool sim_cheat_is_ack(const struct sim_world *w)
{
	enum sim_way way = w->options.way;

	return way == SIM_WAY_ACK_DRAW || way == SIM_WAY_ACK_START || way == SIM_WAY_ACK_KEY;
}

void sim_cheat_ack_came(struct sim_world *w, const struct viz_record *rec)
{
	const struct sim_machine *m = sim_machine_of(w, &rec->author);
	struct sim_cheat_acked *a;

	if (!m || !m->node || m->index >= SIM_CHEAT_ACKED)
		return;
	a = &sim_cheat(w)->acked[m->index];
	*a = (struct sim_cheat_acked){
	    .author = rec->author, .slot = rec->slot, .there = true, .last = a->last};
	viz_ids_record(&a->coverage, &m->node->core.federation_id, rec);
}

static void acknowledge(struct viz_net *net, struct sim_cheat_acked *a,
			const struct viz_signer *signer, uint32_t key, struct viz_time time)
{
	struct viz_coverage_ack ack = {.publisher = a->author, .coverage = a->coverage};
	struct viz_record rec = {.type = VIZ_TYPE_COVERAGE_ACK,
				 .author = net->trust->self.author,
				 .slot = a->slot,
				 .key = key,
				 .seq = 1,
				 .time = time};
	uint8_t bytes[1024];
	struct viz_slice done;
	size_t len = 0;
	VIZ_WRITER(wr, 128);

	viz_coverage_ack_write(&wr, &ack);
	done = viz_writer_done(&wr);
	rec.body = done.p;
	rec.body_len = done.len;
	VIZ_REQUIRE(viz_identity_sign(bytes, &len, sizeof bytes, NULL, &rec, signer,
				      &net->core->federation_id) == VIZ_OK);
	viz_mail_statement(net, &a->author, bytes, len);
	if (time.ms > a->last.ms)
		a->last = time;
}

/* Acknowledges as an honest one does: with ACK_START once, with ACK_KEY by the newer key alone. */
void sim_cheat_ack_heartbeat(struct sim_world *w, struct viz_net *net)
{
	struct sim_cheat *c = sim_cheat(w);
	const struct viz_self *self = &net->trust->self;

	if (self->key_number == 0)
		c->old_signer = self->signer;
	if (!viz_identity_has_started(net->trust) ||
	    (w->options.way == SIM_WAY_ACK_KEY && self->key_number == 0))
		return;
	for (unsigned i = 0; i < SIM_CHEAT_ACKED; i++) {
		struct sim_cheat_acked *a = &c->acked[i];

		if (a->there && viz_live_partner(net->trust, &a->author) &&
		    !(w->options.way == SIM_WAY_ACK_START && a->last.ms != 0))
			acknowledge(net, a, &self->signer, self->key_number,
				    viz_identity_time(net->trust));
	}
}

void sim_cheat_ack_node(struct sim_world *w, struct viz_node_body *b)
{
	struct sim_cheat *c = sim_cheat(w);

	for (unsigned i = 0; i < SIM_CHEAT_ACKED; i++)
		if (c->acked[i].last.ms >= b->start.ms && c->acked[i].last.ms >= c->start.ms &&
		    c->acked[i].there)
			c->start = viz_after(c->acked[i].last, 1);
	if (c->start.ms > w->stepping->node->core.now.ms)
		c->start = c->named_start; /* with the next one */
	if (c->start.ms != 0)
		b->start = c->start;
	c->named_start = b->start;
}

/* Whether an acknowledgement of this time counts for the draw. */
static bool counts(const struct sim_world *w, const struct viz_offer *o, struct viz_time time)
{
	return time.ms < o->drawn.ms && time.ms + w->federation.ack_ms > o->drawn.ms;
}

void sim_cheat_ack_offer(struct sim_world *w, struct viz_trust *trust, const struct viz_offer *o)
{
	struct sim_cheat *c = sim_cheat(w);

	for (unsigned i = 0; i < SIM_CHEAT_ACKED; i++) {
		struct sim_cheat_acked *a = &c->acked[i];

		a->hides = a->there && a->last.ms != 0 &&
			   sim_cheat_takes(w, w->options.way, o->at.offer) &&
			   sim_cheat_left_out(w, trust, o, &a->author) &&
			   (w->options.way == SIM_WAY_ACK_START ? a->last.ms < c->named_start.ms
								: counts(w, o, a->last)) &&
			   w->now > w->began + w->federation.suspicion_ms + 30000;
		if (a->hides)
			sim_liars_about(w, SIM_LIE_WAY);
	}
}

void sim_cheat_ack_offered(struct sim_world *w, struct viz_net *net)
{
	struct sim_cheat *c = sim_cheat(w);
	const struct viz_self *self = &net->trust->self;

	for (unsigned i = 0; i < SIM_CHEAT_ACKED; i++) {
		struct sim_cheat_acked *a = &c->acked[i];

		if (!a->hides)
			continue;
		a->hides = false;
		if (w->options.way == SIM_WAY_ACK_KEY)
			acknowledge(net, a, &c->old_signer, 0, viz_after(c->offer.drawn, -1));
		else
			acknowledge(net, a, &self->signer, self->key_number,
				    w->options.way == SIM_WAY_ACK_DRAW
					? c->offer.drawn
					: viz_identity_time(net->trust));
	}
}
