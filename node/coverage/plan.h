/* The plans that this node offers. VIZ_TABLE_PLAN: name -> viz_plan_write. */
#ifndef VIZ_NODE_COVERAGE_PLAN_H
#define VIZ_NODE_COVERAGE_PLAN_H

#include "proto/base.h"

struct viz_core;
struct viz_plan;

/* Adds the plan, or replaces the one of the same name. VIZ_ERR_LIMIT: there are VIZ_PLANS_MAX. */
int viz_plan_put(struct viz_core *core, const struct viz_plan *plan);

/* VIZ_ERR_ABSENT: there is no plan of this name. */
int viz_plan_remove(struct viz_core *core, const char *name);

/* Writes the proposal that we would reveal now: all plans, ordered by name. `out` holds
 * VIZ_PROPOSAL_MAX bytes. */
void viz_plan_proposal(struct viz_core *core, uint8_t *out, size_t *len);

#endif
