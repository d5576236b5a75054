/* What a partner owes us beside its offers: a link, its acknowledgements, and as asked by us that
 * it has erased. */
#include "node/audit/suspect.h"
#include "node/core/core.h"
#include "node/coverage/ack.h"
#include "node/lead/lead.h"
#include "node/link/link.h"
#include "node/link/net.h"
#include "node/link/linked.h"
#include "node/trust/live.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/federation.h"
#include "proto/limits.h"
#include "proto/record.h"
#include "store/store.h"

/* unacknowledged: what we publish, and it must acknowledge. */
static void look_at_acks(const struct viz_suspect *s, const struct viz_member *m)
{
	const struct viz_id *self = &s->net->trust->self.author;

	for (uint64_t slot = 0; slot < VIZ_COVERAGE_SLOTS; slot++) {
		struct viz_record rec;
		struct viz_id id;

		if (!viz_live_get(s->net->trust, &rec, self, VIZ_TYPE_COVERAGE, slot))
			continue;
		viz_ids_record(&id, &s->net->core->federation_id, &rec);
		if (!viz_coverage_ack_exists(s->net->core, self, slot, &id, &m->id))
			viz_suspect_missing(s, m, VIZ_SUSPICION_UNACKNOWLEDGED, 0, &id,
					    viz_linked_ms(m));
	}
}

void viz_suspect_partner_linked(struct viz_net *net, struct viz_link *link)
{
	viz_owed_came(net->trust,
		      &(struct viz_owed_what){link->peer, VIZ_SUSPICION_NO_LINK, 0, link->peer});
}

void viz_suspect_partner(const struct viz_suspect *s, const struct viz_member *m)
{
	const struct viz_link *link;

	if (!viz_live_partner(s->net->trust, &m->id))
		return;
	link = viz_link_of(s->net, &m->id);
	/* a link that was up at any time of the pass ends it */
	if (viz_linked_ms(m) == 0 && (!link || link->guest))
		viz_suspect_missing(s, m, VIZ_SUSPICION_NO_LINK, 0, &m->id, s->elapsed_ms);
	look_at_acks(s, m);
}

/* unerased: those whom we asked, and gave the location, but did not award. */
static void look_at_lead(const struct viz_suspect *s, const struct viz_lead *lead)
{
	struct viz_core *core = s->net->core;
	int64_t due =
	    lead->closes.ms + core->federation.suspicion_ms + core->federation.location_erase_ms;

	if (viz_lead_is_over(s->net->trust, lead) || due > core->now.ms)
		return;
	for (size_t i = 0; i < lead->peer_count; i++) {
		const struct viz_lead_peer *peer = &lead->peer[i];
		const struct viz_member *m = viz_member_find(s->net->trust, &peer->id);

		/* `no-content`: the location may not have come, or was refused as false */
		if (m && peer->answered && peer->answer != VIZ_ANSWER_NO_CONTENT &&
		    peer->award_n == 0 && !peer->erased)
			viz_suspect_missing(s, m, VIZ_SUSPICION_UNERASED, lead->slot, &lead->offer,
					    viz_linked_ms(m));
	}
}

bool viz_suspect_partner_erasures(const struct viz_suspect *s, struct viz_walk *leads)
{
	struct viz_lead *lead = viz_core_alloc(sizeof *lead);
	struct viz_slice key, value;
	bool more = true;

	while (*s->rows > 0 && more) {
		--*s->rows;
		more = viz_walk_next(leads, &key, &value);
		if (more && viz_lead_get(s->net->core, lead, viz_be_get_u64(key.p)) &&
		    lead->draw != 0)
			look_at_lead(s, lead);
	}
	free(lead);
	return !more;
}
