/* The reply to a request of the operator (control.h). */
#ifndef VIZ_NODE_CONTROL_REPLY_H
#define VIZ_NODE_CONTROL_REPLY_H

#include "proto/base.h"

#include <jansson.h>

struct viz_core;

/* Adds the effect VIZ_EFFECT_REPLY of a request that has succeeded. Takes nothing. */
void viz_reply_ok(struct viz_core *core, uint64_t client, json_t *result);

/* Likewise of one that was refused. Takes `error`. */
void viz_reply_error(struct viz_core *core, uint64_t client, json_t *error);

#endif
