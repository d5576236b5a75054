/* Which operations need room in the store. Those that take something back, revoke or erase are not
 * here: they must always work, and live off the store's reserve. lead.choose may do either, and
 * asks for room itself (viz_lead_choose). */
#include "node/ctl.h"

struct need {
	const char *op;
	bool much; /* its writes are not few: only below where records of others are taken in too */
};

static const struct need needs[] = {
    {"coverage.import", true}, {"plan.add", false},    {"lead.offer", true},
    {"lead.later", true},      {"lead.keep", false},   {"inbox.answer", false},
    {"peer.invite", false},    {"peer.accept", false}, {"peer.trust", false},
};

int viz_ctl_store_full(struct viz_ctl *c)
{
	return viz_ctl_fail(
	    c, VIZ_ERR_LIMIT, "store-full",
	    "the store is full: nothing was done. Give it more room ([store] map_mib)");
}

int viz_ctl_room(struct viz_ctl *c, const char *op)
{
	for (size_t i = 0; i < sizeof needs / sizeof *needs; i++) {
		if (strcmp(needs[i].op, op) != 0)
			continue;
		if (!viz_core_has_room(c->node) || (needs[i].much && viz_core_nearly_full(c->node)))
			return viz_ctl_store_full(c);
		return VIZ_OK;
	}
	return VIZ_OK;
}
