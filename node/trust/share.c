#include "node/trust/share.h"

#include "node/core/account.h"
#include "node/core/core.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/trust.h"
#include "store/stat.h"

#define PARTNERS_MIN 4 /* the share does not grow when there are fewer */

static uint64_t smaller(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

uint64_t viz_share_bytes(struct viz_trust *trust)
{
	const struct viz_member *self = viz_member_self(trust);
	const struct viz_federation *f = &trust->core->federation;
	struct viz_id partner[VIZ_PARTNERS_MAX];
	uint64_t map = viz_store_stat_shared(trust->core->store);
	size_t n = 0;

	/* by our own list alone: nobody else can change it */
	if (self->partners)
		n = viz_partners_in_force(partner, self->partners, trust->core->now,
					  f->partner_delay_ms);
	return smaller(VIZ_CIRCLE_SHARE, map / 2 / (n > PARTNERS_MIN ? n : PARTNERS_MIN));
}

uint64_t viz_share_federation(const struct viz_core *core)
{
	return viz_store_stat_shared(core->store) / VIZ_FEDERATION_PART;
}

bool viz_share_has(struct viz_trust *trust, const struct viz_id *origin, uint64_t bytes)
{
	return viz_id_eq(origin, &trust->self.author) ||
	       viz_account_used(trust->core, origin) + bytes <= viz_share_bytes(trust);
}

bool viz_share_has_evidence(struct viz_trust *trust, const struct viz_id *origin, size_t len)
{
	uint64_t bytes = len + VIZ_ACCOUNT_ROW;
	struct viz_account a;

	viz_account_get(trust->core, &a, origin);
	return viz_id_eq(origin, &trust->self.author) ||
	       (a.evidence + bytes <=
		    smaller(VIZ_EVIDENCE_PER_ORIGIN, viz_share_bytes(trust) / 4) &&
		viz_share_has(trust, origin, bytes));
}
