#include "node/control/hook.h"

#include "node/control/event.h"
#include "node/core/core.h"
#include "node/core/event.h"
#include "node/core/journal.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "store/meta.h"
#include "store/tables.h"

#include <jansson.h>

#define AGAIN_MS     1000
#define AGAIN_MAX_MS 300000

static void save(struct viz_core *core, const struct viz_hook *hook)
{
	uint8_t value[8];

	viz_be_put_u64(value, hook->done);
	viz_core_put(core, VIZ_TABLE_META, VIZ_META(VIZ_META_HOOK), value, sizeof value);
}

static void load(struct viz_core *core, struct viz_hook *hook)
{
	struct viz_slice v;

	if (hook->loaded)
		return;
	hook->loaded = true;
	hook->done = core->journal.number;
	if (viz_core_get(core, &v, VIZ_TABLE_META, VIZ_META(VIZ_META_HOOK)) && v.len == 8 &&
	    viz_be_get_u64(v.p) <= core->journal.number)
		hook->done = viz_be_get_u64(v.p);
	save(core, hook);
}

static void emit(struct viz_trust *trust, const struct viz_journal_entry *e,
		 const struct viz_id *hash, uint64_t number)
{
	json_t *o = viz_control_event_entry(trust, e, hash, number);
	char *line = json_dumps(o, JSON_COMPACT);
	size_t len;

	VIZ_REQUIRE(line);
	len = strlen(line);
	line[len] = '\n'; /* in place of the NUL */
	viz_effects_add(trust->core->fx, VIZ_EFFECT_HOOK, (const uint8_t *)line, len + 1)->attempt =
	    number;
	free(line);
	json_decref(o);
}

void viz_hook_step(struct viz_trust *trust, struct viz_hook *hook)
{
	struct viz_core *core = trust->core;
	struct viz_journal_entry e;
	struct viz_id hash;
	uint64_t passed = 0;

	if (!hook->on)
		return;
	load(core, hook);
	while (!hook->under_way && hook->done < core->journal.number &&
	       hook->again.ms <= core->now.ms) {
		if (viz_journal_get(core, &e, &hash, hook->done + 1) == VIZ_OK &&
		    e.time.ms + VIZ_DAY_MS > core->now.ms) {
			hook->under_way = true;
			emit(trust, &e, &hash, hook->done + 1);
			break;
		}
		hook->done++;
		passed++;
	}
	if (passed == 0)
		return;
	save(core, hook);
	viz_core_log(core, 4,
		     "the hook has not taken %llu events within a day: they are passed over",
		     (unsigned long long)passed);
}

void viz_hook_done(struct viz_core *core, struct viz_hook *hook, uint64_t number, bool ok)
{
	int64_t wait = AGAIN_MS;

	if (!hook->under_way || number != hook->done + 1)
		return;
	hook->under_way = false;
	if (ok) {
		if (hook->failed > 0)
			viz_core_log(core, 5, "the hook works again");
		hook->failed = 0;
		hook->again = (struct viz_time){0};
		hook->done++;
		save(core, hook);
		return;
	}
	for (unsigned i = 0; i < hook->failed && wait < AGAIN_MAX_MS; i++)
		wait *= 2;
	if (hook->failed++ == 0)
		viz_core_log(core, 4,
			     "the hook has failed with event %llu: it gets it again until it works",
			     (unsigned long long)number);
	hook->again = viz_after(core->now, wait < AGAIN_MAX_MS ? wait : AGAIN_MAX_MS);
}

struct viz_time viz_hook_deadline(const struct viz_hook *hook)
{
	return hook->on && !hook->under_way ? hook->again : (struct viz_time){0};
}
