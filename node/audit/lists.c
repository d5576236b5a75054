#include "node/audit/lists.h"

#include "node/core/core.h"
#include "node/core/place.h"
#include "node/inbox/inbox.h"
#include "node/offer/view.h"
#include "proto/record.h"

bool viz_lists_read(struct viz_core *core, struct viz_lists *out, const struct viz_inbox *in)
{
	struct viz_record rec;
	struct viz_held held;

	return viz_view_partners(core, &out->named, &in->origin, &in->partners) &&
	       viz_place_get(core, &held, &rec, &in->origin, VIZ_TYPE_OFFER, in->slot) &&
	       !held.dead && viz_offer_parse(&out->is, &rec) == VIZ_OK;
}

const struct viz_partner_entry *viz_lists_entry(const struct viz_lists *l, size_t index)
{
	return index < l->named.count ? &l->named.entry[index] : NULL;
}
