/* This node's published list plans. VIZ_TABLE_PLAN: name -> viz_plan_write. */
#ifndef VIZ_NODE_COVERAGE_PLAN_H
#define VIZ_NODE_COVERAGE_PLAN_H

#include "proto/base.h"

struct viz_core;
struct viz_plan;

/* Plans. */
int viz_plan_put(struct viz_core *core, const struct viz_plan *plan);

int viz_plan_remove(struct viz_core *core, const char *name);

/* The current proposal: all plans, by name. `out` holds VIZ_PROPOSAL_MAX bytes. */
void viz_plan_proposal(struct viz_core *core, uint8_t *out, size_t *len);

#endif
