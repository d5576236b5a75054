#include "node/inbox/offer.h"

#include "node/core/core.h"
#include "node/core/due.h"
#include "node/core/place.h"
#include "node/inbox/inbox.h"
#include "node/inbox/location.h"
#include "node/inbox/pledge.h"
#include "node/inbox/protest.h"
#include "node/link/mail.h"
#include "node/link/net.h"
#include "node/trust/circle.h"
#include "node/trust/live.h"
#include "node/trust/member.h"
#include "node/trust/named.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/offer.h"
#include "proto/record.h"

/* Whether we are asked: our entry of the origin's PARTNERS stands in the list. */
static bool asks_us(struct viz_trust *trust, const struct viz_inbox *in, const struct viz_offer *o)
{
	struct viz_circle circle = {in->origin, o->drawn, o->partners};
	uint8_t index;

	return viz_circle_index(trust->core, &index, &circle, &trust->self.author, o->drawn) &&
	       viz_offer_asks(o, index);
}

/* Asks for the view, and for the location when we are asked. Writes the row. */
static void begin(struct viz_net *net, struct viz_inbox *in, const struct viz_offer *o)
{
	in->state = asks_us(net->trust, in, o) ? VIZ_INBOX_LISTED : VIZ_INBOX_BYSTANDER;
	/* an older offer has closed, and its CLOSE comes with the same repair */
	if (in->state == VIZ_INBOX_LISTED && viz_inbox_pledge_wanted(in) &&
	    in->closes.ms + VIZ_DAY_MS > net->core->now.ms) {
		viz_inbox_location_ask(net, in);
		viz_due_set(net->core, viz_inbox_answer_by(in), VIZ_DUE_INBOX, &in->origin,
			    in->slot);
	}
	viz_due_set(net->core, net->core->now, VIZ_DUE_VIEW, &in->origin, in->slot);
	viz_inbox_put(net->core, in);
}

void viz_inbox_offer(struct viz_net *net, const struct viz_record *rec, const struct viz_id *id)
{
	struct viz_inbox *in;
	struct viz_offer o;
	const struct viz_member *m = viz_member_find(net->trust, &rec->author);

	/* the origin has judged at the OFFER's time whether we are partners, so we do too */
	if (viz_id_eq(&rec->author, &net->trust->self.author) || !m || !m->member ||
	    !viz_live_mutual(net->core, viz_member_self(net->trust), m, rec->time))
		return;
	VIZ_REQUIRE(viz_offer_parse(&o, rec) == VIZ_OK);
	in = viz_core_alloc(sizeof *in);
	/* a WITHDRAWAL may have come before the OFFER: its row stays */
	if (!viz_inbox_get(net->core, in, &rec->author, rec->slot)) {
		memset(in, 0, sizeof *in);
		in->origin = rec->author;
		in->slot = rec->slot;
		in->state = VIZ_INBOX_UNKNOWN;
	}
	in->offer = *id;
	in->time = rec->time;
	in->closes = o.closes;
	in->drawn = o.drawn;
	in->came = net->core->now;
	viz_inbox_protest_came(net->trust, in);
	in->view = o.view;
	in->partners = o.partners;
	/* when it names an older NODE, the one in its place shows it */
	viz_named_keep(net->core, &rec->author, VIZ_TYPE_NODE);
	if (in->withdrawn)
		viz_inbox_put(net->core, in);
	else
		begin(net, in, &o);
	free(in);
}
