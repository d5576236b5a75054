#include "node/core/growth.h"

#include "node/core/core.h"
#include "proto/fields.h"
#include "proto/reader.h"
#include "proto/record.h"
#include "proto/writer.h"
#include "store/meta.h"
#include "store/stat.h"
#include "store/store.h"

#define SAMPLE_MS (VIZ_DAY_MS / 4)
#define DAYS_MAX  3650

#define SAMPLE(F)                                                                                  \
	F(TIME, at)                                                                                \
	F(UINT, used, 0, INT64_MAX)
static VIZ_FIELDS_WRITER(growth_sample, SAMPLE);
static VIZ_FIELDS_READER(growth_sample, SAMPLE);

#define GROWTH(F) F(LIST, sample, count, 0, growth_sample)
#define ROW_MAX   (8 + 24 * VIZ_GROWTH_SAMPLES)

bool viz_growth_load(struct viz_core *core)
{
	struct viz_slice v;

	return !viz_core_get(core, &v, VIZ_TABLE_META, VIZ_META(VIZ_META_GROWTH)) ||
	       VIZ_FIELDS_PARSE(&core->growth, v.p, v.len, GROWTH) == VIZ_OK;
}

void viz_growth_save(struct viz_core *core)
{
	VIZ_WRITER(w, ROW_MAX);

	VIZ_FIELDS_WRITE(&w, &core->growth, GROWTH);
	viz_core_put_row(core, VIZ_TABLE_META, VIZ_META(VIZ_META_GROWTH), &w);
}

void viz_growth_note(struct viz_core *core)
{
	struct viz_growth *g = &core->growth;
	size_t before = g->count;
	uint64_t map;

	while (g->count > 0 && g->sample[g->count - 1].at.ms > core->now.ms)
		g->count--;
	if (g->count > 0 && g->count == before &&
	    core->now.ms - g->sample[g->count - 1].at.ms < SAMPLE_MS)
		return;
	if (g->count == VIZ_GROWTH_SAMPLES)
		memmove(g->sample, g->sample + 1, --g->count * sizeof *g->sample);
	g->sample[g->count].at = core->now;
	viz_store_stat_usage(core->store, &g->sample[g->count++].used, &map);
	viz_growth_save(core);
}

bool viz_growth_days_left(struct viz_core *core, uint64_t *days)
{
	const struct viz_growth *g = &core->growth;
	uint64_t used, map, grown;
	const struct viz_growth_sample *first = g->sample;
	int64_t span;

	viz_store_stat_usage(core->store, &used, &map);
	/* A node that was off for weeks has samples from before that. */
	while (first < g->sample + g->count && core->now.ms - first->at.ms > 8 * VIZ_DAY_MS)
		first++;
	if (first == g->sample + g->count)
		return false;
	span = core->now.ms - first->at.ms;
	if (span < VIZ_DAY_MS || used <= first->used)
		return false;
	grown = used - first->used;
	*days = (uint64_t)((double)viz_store_stat_room(core->store) / (double)grown *
			   ((double)span / (double)VIZ_DAY_MS));
	return *days <= DAYS_MAX;
}

bool viz_growth_alarm(struct viz_core *core)
{
	uint64_t used, map, room = viz_store_stat_room(core->store);

	viz_store_stat_usage(core->store, &used, &map);
	return used * 100 >= (used + room) * VIZ_GROWTH_ALARM;
}
