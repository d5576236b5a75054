#include "node/core/views.h"

#include "node/core/core.h"
#include "proto/base.h"

#define HOUR_MS INT64_C(3600000)

static struct viz_time last_of(const struct viz_viewer *v)
{
	return v->view[(v->at + VIZ_VIEWS_MAX - 1) % VIZ_VIEWS_MAX].time;
}

/* A place for `who`: its own, else that of whoever has seen nothing for longest. */
static struct viz_viewer *viewer_of(struct viz_views *views, const char *who)
{
	struct viz_viewer *oldest = &views->viewer[0];

	for (size_t i = 0; i < VIZ_VIEWS_ACCOUNTS; i++) {
		if (strcmp(views->viewer[i].who, who) == 0)
			return &views->viewer[i];
		if (last_of(&views->viewer[i]).ms < last_of(oldest).ms)
			oldest = &views->viewer[i];
	}
	memset(oldest, 0, sizeof *oldest);
	snprintf(oldest->who, sizeof oldest->who, "%s", who);
	return oldest;
}

/* Within the hour. A clock that was set back leaves what is later than now: it counts. */
static bool is_recent(struct viz_time now, struct viz_time t)
{
	return t.ms != 0 && t.ms + HOUR_MS > now.ms;
}

bool viz_views_are_many(struct viz_core *core, const char *who, const struct viz_id *origin,
			uint64_t slot)
{
	struct viz_viewer *v = viewer_of(&core->views, who);
	struct viz_view *oldest = &v->view[v->at];
	bool many;

	for (size_t i = 0; i < VIZ_VIEWS_MAX; i++)
		if (is_recent(core->now, v->view[i].time) && v->view[i].slot == slot &&
		    memcmp(v->view[i].origin, origin->b, sizeof v->view[i].origin) == 0)
			return false;
	many = is_recent(core->now, oldest->time) && !is_recent(core->now, v->warned);
	*oldest = (struct viz_view){.time = core->now, .slot = slot};
	memcpy(oldest->origin, origin->b, sizeof oldest->origin);
	v->at = (v->at + 1) % VIZ_VIEWS_MAX;
	if (many)
		v->warned = core->now;
	return many;
}
