#include "node/trust/dialable.h"

#include "node/core/core.h"
#include "node/trust/member.h"
#include "proto/base.h"

static void put(struct viz_dialable *dialable, struct viz_member *m)
{
	if (dialable->count == dialable->capacity) {
		dialable->capacity = dialable->capacity ? dialable->capacity * 2 : 64;
		dialable->list =
		    viz_core_grow(dialable->list, dialable->capacity, sizeof *dialable->list);
	}
	dialable->list[dialable->count++] = m;
	m->dialable = (uint32_t)dialable->count;
}

/* The last one moves to its position. */
static void drop(struct viz_dialable *dialable, struct viz_member *m)
{
	struct viz_member *last = dialable->list[--dialable->count];

	dialable->list[m->dialable - 1] = last;
	last->dialable = m->dialable;
	m->dialable = 0;
}

void viz_dialable_update(struct viz_directory *d, struct viz_member *m)
{
	bool can = m->member && m->has_node && m->node.has_address;

	if (can && m->dialable == 0)
		put(&d->dialable, m);
	else if (!can && m->dialable != 0)
		drop(&d->dialable, m);
}

void viz_dialable_free(struct viz_dialable *dialable)
{
	free(dialable->list);
	*dialable = (struct viz_dialable){0};
}
