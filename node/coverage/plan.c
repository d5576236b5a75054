#include "node/coverage/plan.h"

#include "node/core/core.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/statement.h"
#include "proto/writer.h"
#include "store/stat.h"
#include "store/store.h"
#include "store/tables.h"

int viz_plan_put(struct viz_core *core, const struct viz_plan *plan)
{
	struct viz_slice v;
	VIZ_WRITER(w, 512);

	if (!viz_core_get(core, &v, VIZ_TABLE_PLAN, (const uint8_t *)plan->name,
			  strlen(plan->name)) &&
	    viz_store_stat_entries(core->store, VIZ_TABLE_PLAN) >= VIZ_PLANS_MAX)
		return VIZ_ERR_LIMIT;
	viz_plan_write(&w, plan);
	viz_core_put_row(core, VIZ_TABLE_PLAN, (const uint8_t *)plan->name, strlen(plan->name), &w);
	return VIZ_OK;
}

int viz_plan_remove(struct viz_core *core, const char *name)
{
	return viz_store_del(core->store, VIZ_TABLE_PLAN, (const uint8_t *)name, strlen(name)) ==
		       VIZ_OK
		   ? VIZ_OK
		   : VIZ_ERR_ABSENT;
}

void viz_plan_proposal(struct viz_core *core, uint8_t *out, size_t *len)
{
	struct viz_slice key, value;
	struct viz_walk walk;
	struct viz_writer w;

	viz_writer_init(&w, out, VIZ_PROPOSAL_MAX);
	viz_writer_array(&w, viz_store_stat_entries(core->store, VIZ_TABLE_PLAN));
	viz_walk_init(&walk, core->store, VIZ_TABLE_PLAN, NULL, 0);
	while (viz_walk_next(&walk, &key, &value))
		viz_writer_raw(&w, value.p, value.len);
	*len = viz_writer_done(&w).len; /* VIZ_PLANS_MAX plans fit */
}
