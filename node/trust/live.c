#include "node/trust/live.h"

#include "node/core/core.h"
#include "node/core/place.h"
#include "node/trust/author.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/record.h"
#include "proto/trust.h"

bool viz_live_member(struct viz_core *core, const struct viz_member *m, struct viz_time at)
{
	return m->has_node && !viz_author_key_ended(m, m->node_key) &&
	       m->node_time.ms + core->federation.silence_ms > at.ms;
}

/* Whether PARTNERS of `m` counts at `at`. */
static bool has_partners(struct viz_core *core, const struct viz_member *m, struct viz_time at)
{
	return m->has_partners && !viz_author_key_ended(m, m->partners_key) &&
	       viz_live_member(core, m, at);
}

bool viz_live_mutual(struct viz_trust *trust, const struct viz_member *m, struct viz_time at)
{
	const struct viz_member *self = viz_member_self(trust);
	struct viz_core *core = trust->core;

	return m != self && has_partners(core, self, at) && has_partners(core, m, at) &&
	       viz_partners_effective(self->partners, &m->id, at,
				      core->federation.partner_delay_ms) &&
	       viz_member_lists_us(core, m, at);
}

bool viz_live_partner(struct viz_trust *trust, const struct viz_id *id)
{
	const struct viz_member *m = viz_member_find(trust, id);

	return m && m->member && viz_live_mutual(trust, m, trust->core->now);
}

bool viz_live_record(struct viz_trust *trust, const struct viz_held *held,
		     const struct viz_record *rec, struct viz_time at)
{
	const struct viz_member *m = viz_member_find(trust, &rec->author);

	if (held->dead || (rec->expires.ms != 0 && rec->expires.ms <= at.ms))
		return false;
	/* After a dead SUCCESSION no key is certain to be the author's. */
	if (!m || !viz_member_accepted(trust, m, rec->type) || rec->key >= m->key_count)
		return false;
	if (viz_author_type_outlasts_key(rec->type))
		return true;
	if (viz_author_key_ended(m, rec->key))
		return false;
	return !viz_record_needs_heartbeat(rec->type) || viz_live_member(trust->core, m, at);
}

bool viz_live_get(struct viz_trust *trust, struct viz_record *rec, const struct viz_id *author,
		  uint8_t type, uint64_t slot)
{
	struct viz_held held;

	return viz_place_get(trust->core, &held, rec, author, type, slot) &&
	       viz_live_record(trust, &held, rec, trust->core->now);
}
