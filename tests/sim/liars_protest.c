/* A partner that says of honest origins, in every kind, what is not so. */
#include "node/core/core.h"
#include "node/core/place.h"
#include "node/inbox/inbox.h"
#include "node/link/net.h"
#include "node/self/publish.h"
#include "node/self/statement.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/offer.h"
#include "proto/protest.h"
#include "proto/record.h"
#include "proto/writer.h"
#include "store/store.h"
#include "tests/sim/check.h"
#include "tests/sim/liars.h"

/* The first slot of today without a PROTEST of ours. False: there is none. */
static bool free_slot(struct viz_net *net, uint64_t *slot)
{
	struct viz_held held;

	for (unsigned n = 0; n < VIZ_PROTESTS_PER_DAY; n++) {
		*slot = viz_record_slot_make(net->core->now, n);
		if (!viz_place_get(net->core, &held, NULL, &net->trust->self.author,
				   VIZ_TYPE_PROTEST, *slot))
			return true;
	}
	return false;
}

static void say(struct viz_net *net, struct viz_protest *p, enum viz_protest_kind kind,
		const struct viz_id *offer, const struct viz_slice *pledge)
{
	uint8_t body[1024];
	struct viz_writer w;
	uint64_t slot;
	size_t len = 0;

	if (!free_slot(net, &slot))
		return;
	p->kind = kind;
	p->number = kind == VIZ_PROTEST_NUMBER;
	p->has_offer = viz_protest_names_offer(kind);
	memcpy(p->offer, offer->b, sizeof p->offer);
	p->has_pledge = kind == VIZ_PROTEST_PLEDGE || kind == VIZ_PROTEST_REVEAL;
	memcpy(p->pledge, pledge->p, sizeof p->pledge);
	viz_writer_init(&w, body, sizeof body);
	viz_protest_write(&w, p);
	VIZ_REQUIRE(viz_writer_finish(&w, &len) == VIZ_OK);
	viz_self_publish(net, NULL, VIZ_TYPE_PROTEST, slot, body, len);
}

/* Of an offer that it has pledged for, all kinds. */
static void say_all(struct sim_world *w, struct viz_net *net, const struct viz_inbox *in)
{
	struct viz_protest p = {.origin = in->origin};
	uint8_t bytes[VIZ_PLEDGE_SIGNED];
	struct viz_slice pledge;
	struct viz_record rec;
	struct viz_held held;
	struct viz_offer o;

	if (!viz_statement_get(net->core, &pledge, &in->origin, in->slot, VIZ_TYPE_PLEDGE,
			       &net->trust->self.author, 1) ||
	    pledge.len != sizeof bytes ||
	    !viz_place_get(net->core, &held, &rec, &in->origin, VIZ_TYPE_OFFER, in->slot) ||
	    held.dead || viz_offer_parse(&o, &rec) != VIZ_OK)
		return;
	memcpy(bytes, pledge.p, sizeof bytes); /* borrowed until the next write */
	pledge.p = bytes;
	p.node = o.node;
	p.node_time = o.node_time;
	p.partners = o.partners;
	for (enum viz_protest_kind kind = VIZ_PROTEST_PLEDGE; kind <= VIZ_PROTEST_KIND_MAX; kind++)
		say(net, &p, kind, &in->offer, &pledge);
	sim_protests_false(w, &in->origin, in->slot);
}

void sim_liars_protest(struct sim_world *w, struct viz_net *net)
{
	struct viz_inbox *in = viz_core_alloc(sizeof *in), *last = viz_core_alloc(sizeof *last);
	struct viz_walk walk;
	bool any = false;

	viz_inbox_walk_init(&walk, net->core, NULL);
	while (viz_inbox_walk_next(&walk, in)) {
		const struct sim_machine *origin = sim_machine_of(w, &in->origin);

		if (!origin || origin->lies != 0 || in->state < VIZ_INBOX_REVEALED ||
		    sim_protests_were_false(w, &in->origin, in->slot))
			continue;
		*last = *in;
		any = true;
	}
	if (any)
		say_all(w, net, last);
	free(last);
	free(in);
}
