/* What the operator has set for leads that partners bring: how many a day, which hours, which
 * towns, and a pause. It turns a yes of ours into a `no`, whoever asks, and never changes what our
 * COVERAGE says: it names no partner, so that nobody can be treated unlike others by it.
 * VIZ_TABLE_POLICY: "desk" -> the setting; "day" -> [day, leads that it brought]. */
#ifndef VIZ_NODE_CORE_POLICY_H
#define VIZ_NODE_CORE_POLICY_H

#include "node/core/journal.h"
#include "proto/base.h"
#include "proto/offer.h"

struct viz_core;
struct viz_hours;

#define VIZ_POLICY_TOWNS_MAX 300
#define VIZ_POLICY_CAP_MAX   100000
#define VIZ_POLICY_HOURS_MAX 64                /* bytes */
#define VIZ_POLICY_PAUSE_MS  (30 * VIZ_DAY_MS) /* who pauses for longer withdraws its coverage */

struct viz_policy {
	uint32_t daily_cap;                      /* leads that are taken in a day; 0: any */
	struct viz_time paused_until;            /* 0: no pause */
	char hours[VIZ_POLICY_HOURS_MAX + 1];    /* as viz_hours_parse reads it; "": any */
	uint8_t towns[4 * VIZ_POLICY_TOWNS_MAX]; /* municipalities, u32be each; none: all */
	size_t towns_len;
	char who[VIZ_JOURNAL_WHO_MAX + 1]; /* who has set it, and when; "": nobody */
	struct viz_time changed;
};

/* All zeros when nobody has set anything. */
void viz_policy_get(struct viz_core *core, struct viz_policy *out);
void viz_policy_put(struct viz_core *core, const struct viz_policy *p);

/* Why a lead in this municipality is not taken now; VIZ_NO_NONE: it is. `work`: our zone, and the
 * days on which nobody works. 0: whatever the municipality. */
enum viz_no_reason viz_policy_refuses(struct viz_core *core, const struct viz_hours *work,
				      uint32_t municipality);

/* A lead has come today. */
void viz_policy_count(struct viz_core *core, const struct viz_hours *work);
/* How many have. */
uint32_t viz_policy_counted(struct viz_core *core, const struct viz_hours *work);

#endif
