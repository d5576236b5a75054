#include "node/gossip/lack.h"

#include "node/core/core.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/limits.h"
#include "proto/message.h"
#include "proto/record.h"

#define AGAIN_MS 1000 /* what was asked for comes within this, or not */
#define TIMES    3    /* that one author is asked for */
#define LOOK_AT  256  /* of the list, at a time */

struct viz_lacking {
	struct viz_id author;
	struct viz_time asked_at; /* for its NODE, keys and VOUCHes */
	uint8_t times;            /* how often */
	bool done;
};

static int compare(const void *a, const void *b)
{
	const struct viz_lacking *x = a, *y = b;

	return memcmp(x->author.b, y->author.b, sizeof x->author.b);
}

void viz_lack_add(struct viz_lack *l, const struct viz_id *author)
{
	if (l->count == VIZ_REPAIR_LIST_MAX)
		return;
	if (l->count == l->capacity) {
		l->capacity = l->capacity ? l->capacity * 2 : 64;
		l->list = viz_core_grow(l->list, l->capacity, sizeof *l->list);
	}
	l->list[l->count++] = (struct viz_lacking){.author = *author};
}

void viz_lack_sort(struct viz_lack *l)
{
	if (l->count > 0)
		qsort(l->list, l->count, sizeof *l->list, compare);
}

static struct viz_lacking *find(const struct viz_lack *l, const struct viz_id *author)
{
	const struct viz_lacking key = {.author = *author};

	return l->count == 0 ? NULL : bsearch(&key, l->list, l->count, sizeof key, compare);
}

void viz_lack_look(struct viz_lack *l, const struct viz_id *author)
{
	if (!find(l, author))
		return;
	if (l->look_next == l->look_count)
		l->look_next = l->look_count = 0;
	if (l->look_count == VIZ_REPAIR_LIST_MAX)
		return; /* its turn comes */
	if (l->look_count == l->look_capacity) {
		l->look_capacity = l->look_capacity ? l->look_capacity * 2 : 64;
		l->look = viz_core_grow(l->look, l->look_capacity, sizeof *l->look);
	}
	l->look[l->look_count++] = *author;
}

bool viz_lack_came(struct viz_lack *l, const struct viz_id *author)
{
	for (size_t i = 0; i < l->open_count; i++) {
		if (!viz_id_eq(&l->open[i], author))
			continue;
		l->open_count -= i;
		memmove(l->open, l->open + i, l->open_count * sizeof *l->open);
		return true;
	}
	return false;
}

/* What is to be asked about the author now. False: nothing, or it is not its turn. The rest is for
 * the walk over the list: what is written in the order of the store costs half as much. */
static bool next_of(struct viz_trust *trust, struct viz_lacking *x, struct viz_item *out, bool rest)
{
	const struct viz_member *m = viz_member_find(trust, &x->author);
	struct viz_time now = trust->core->now;

	*out =
	    (struct viz_item){.author = x->author, .type = VIZ_WANT_ALL, .slot = VIZ_WANT_IDENTITY};
	if (x->done)
		return false;
	if (m && m->has_node) {
		out->slot = VIZ_WANT_REST;
		x->done = rest && viz_member_accepted(trust, m, VIZ_TYPE_COVERAGE);
		return x->done;
	}
	if (!viz_member_known(trust, &x->author) ||
	    (x->times > 0 && viz_after(x->asked_at, AGAIN_MS).ms > now.ms))
		return false;
	x->asked_at = now;
	x->done = ++x->times == TIMES;
	return true;
}

/* Leaves out those that are done, and begins anew. False: nothing was asked for since. */
static bool begin_again(struct viz_lack *l, bool silent)
{
	bool moved = l->moved;
	size_t n = 0;

	for (size_t i = 0; i < l->count; i++)
		if (!l->list[i].done)
			l->list[n++] = l->list[i];
	l->count = !moved && silent ? 0 : n;
	l->next = 0;
	l->moved = false;
	return moved;
}

size_t viz_lack_choose(struct viz_trust *trust, struct viz_lack *l,
		       struct viz_item out[VIZ_LACK_OPEN], struct viz_time moved)
{
	bool silent = viz_after(moved, 2 * AGAIN_MS).ms <= trust->core->now.ms;
	size_t room = VIZ_LACK_OPEN - l->open_count, n = 0;

	while (n < room && l->look_next < l->look_count) {
		struct viz_lacking *x = find(l, &l->look[l->look_next++]);

		n += x && next_of(trust, x, &out[n], false);
	}
	for (size_t i = 0; i < LOOK_AT && n < room; i++) {
		if (l->next >= l->count && !begin_again(l, silent))
			break;
		if (l->next < l->count)
			n += next_of(trust, &l->list[l->next++], &out[n], true);
	}
	for (size_t i = 0; i < n; i++)
		l->open[l->open_count++] = out[i].author;
	l->moved |= n > 0;
	return n;
}

void viz_lack_asked(const struct viz_core *core, struct viz_lack *l, const struct viz_item *item)
{
	struct viz_lacking *x = find(l, &item->author);

	if (!x)
		return;
	x->asked_at = core->now;
	x->times = x->times > 0 ? x->times : 1;
	x->done |= item->slot == VIZ_WANT_REST;
}

void viz_lack_leave(const struct viz_core *core, struct viz_lack *l, const struct viz_lack *other)
{
	for (size_t i = 0; i < other->open_count && other != l; i++)
		viz_lack_asked(core, l,
			       &(struct viz_item){.author = other->open[i],
						  .type = VIZ_WANT_ALL,
						  .slot = VIZ_WANT_IDENTITY});
}

void viz_lack_free(struct viz_lack *l)
{
	free(l->list);
	free(l->look);
	*l = (struct viz_lack){.list = NULL};
}
