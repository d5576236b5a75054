#include "node/trust/pause.h"

#include "node/core/core.h"
#include "node/trust/trust.h"
#include "proto/fields.h"
#include "proto/reader.h"
#include "proto/writer.h"
#include "store/meta.h"
#include "store/store.h"
#include "store/tables.h"

#define PAUSE(F)                                                                                   \
	F(TIME, from)                                                                              \
	F(TIME, until)
static VIZ_FIELDS_WRITER(pause, PAUSE);
static VIZ_FIELDS_READER(pause, PAUSE);

#define PAUSES(F) F(LIST, at, count, 0, pause)
#define ROW_MAX   (8 + 24 * VIZ_PAUSES_MAX)

bool viz_pause_load(struct viz_trust *trust)
{
	struct viz_pauses *p = &trust->self.pauses;
	struct viz_slice v;

	return !viz_core_get(trust->core, &v, VIZ_TABLE_META, VIZ_META(VIZ_META_PAUSES)) ||
	       VIZ_FIELDS_PARSE(p, v.p, v.len, PAUSES) == VIZ_OK;
}

static void save(struct viz_trust *trust)
{
	VIZ_WRITER(w, ROW_MAX);

	VIZ_FIELDS_WRITE(&w, &trust->self.pauses, PAUSES);
	viz_core_put_row(trust->core, VIZ_TABLE_META, VIZ_META(VIZ_META_PAUSES), &w);
}

static struct viz_pause *newest(struct viz_pauses *p)
{
	return p->count > 0 ? &p->at[p->count - 1] : NULL;
}

void viz_pause_note(struct viz_trust *trust)
{
	struct viz_pause next = {trust->self.signed_at, trust->core->started};
	struct viz_pauses *p = &trust->self.pauses;
	struct viz_pause *last = newest(p);

	if (next.until.ms <= next.from.ms)
		return; /* our clock was set back */
	if (last && last->from.ms == next.from.ms) {
		*last = next; /* the process before has signed nothing */
	} else {
		if (p->count == VIZ_PAUSES_MAX)
			memmove(p->at, p->at + 1, --p->count * sizeof *p->at);
		p->at[p->count++] = next;
	}
	save(trust);
}

void viz_pause_signed(struct viz_trust *trust, struct viz_time at)
{
	struct viz_pause *last = newest(&trust->self.pauses);

	if (!last || at.ms <= last->from.ms || at.ms >= last->until.ms)
		return;
	last->until = at;
	save(trust);
}

void viz_pause_forget(struct viz_trust *trust)
{
	trust->self.pauses.count = 0;
	save(trust);
}

bool viz_pause_has(const struct viz_trust *trust, struct viz_time time)
{
	const struct viz_pauses *p = &trust->self.pauses;

	for (size_t i = 0; i < p->count; i++)
		if (time.ms > p->at[i].from.ms && time.ms < p->at[i].until.ms)
			return true;
	return false;
}
