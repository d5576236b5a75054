#include "node/link/overlay.h"

#include "node/link/link.h"
#include "proto/base.h"

#define AGREE 3 /* so many new links in a row */

size_t viz_overlay_count(const struct viz_overlay *o, bool besides)
{
	size_t n = 0;

	for (size_t i = 0; i < VIZ_OVERLAY_PLACES; i++)
		n += o->place[i].used && o->place[i].besides == besides;
	return n;
}

struct viz_overlay_place *viz_overlay_take(struct viz_overlay *o, bool besides)
{
	size_t most = besides ? VIZ_LINKS_BESIDES : VIZ_LINKS_LOT;

	for (size_t i = 0; viz_overlay_count(o, besides) < most && i < VIZ_OVERLAY_PLACES; i++)
		if (!o->place[i].used) {
			o->place[i] = (struct viz_overlay_place){.used = true, .besides = besides};
			return &o->place[i];
		}
	return NULL;
}

static struct viz_overlay_place *of_dial(struct viz_overlay *o, uint64_t attempt)
{
	for (size_t i = 0; i < VIZ_OVERLAY_PLACES; i++)
		if (attempt != 0 && o->place[i].used && o->place[i].attempt == attempt)
			return &o->place[i];
	return NULL;
}

static void doubt(struct viz_overlay *o)
{
	o->doubt = AGREE;
}

static void fail(struct viz_overlay *o)
{
	if (o->failed < 16)
		o->failed++;
	doubt(o);
}

void viz_overlay_opened(struct viz_overlay *o, uint64_t attempt, uint64_t link)
{
	struct viz_overlay_place *p = of_dial(o, attempt);

	if (!p)
		return;
	p->attempt = 0;
	p->link = link;
}

void viz_overlay_ended_dial(struct viz_overlay *o, uint64_t attempt, bool failed)
{
	struct viz_overlay_place *p = of_dial(o, attempt);

	if (!p)
		return;
	p->used = false;
	if (failed)
		fail(o);
}

void viz_overlay_ended(struct viz_overlay *o, uint64_t link, bool proven)
{
	for (size_t i = 0; i < VIZ_OVERLAY_PLACES; i++) {
		struct viz_overlay_place *p = &o->place[i];

		if (!p->used || p->link == 0 || p->link != link)
			continue;
		p->used = false;
		if (!proven)
			fail(o);
	}
}

void viz_overlay_differs(struct viz_overlay *o, struct viz_link *link, struct viz_time now)
{
	if (link->judged || link->first_at.ms == 0)
		return;
	link->judged = true;
	if (now.ms <= link->first_at.ms + VIZ_OVERLAY_ANSWER_MS)
		doubt(o);
}

void viz_overlay_agrees(struct viz_overlay *o)
{
	if (o->doubt > 0)
		o->doubt--;
}
