/* What can happen next: another task comes first, unless that leads to the same state, or something
 * fails. */
#include "tests/sim/search_inside.h"

#include <limits.h>

#define EARLY_MS      2500 /* a timer or a frame comes at most so much before its turn */
#define COPY_EARLY_MS 400  /* beside a copy: what is sent arrives within start_ms */

static bool faults(const struct sim_search *s, enum sim_next what)
{
	static const char *const names[] = {"plain",    "crash", "crash", "rollback",
					    "rotation", "clone", "alone"};

	if (what == SIM_NEXT_AWAY && strcmp(s->options.story, "rollback") == 0)
		return true;
	return strcmp(s->options.story, "all") == 0 || strcmp(s->options.story, names[what]) == 0;
}

static bool has_copy(const struct sim_search *s)
{
	return s->used[SIM_NEXT_CLONE] || s->used[SIM_NEXT_ALONE];
}

static bool is_channel(const struct sim_task *t)
{
	return t->kind == SIM_TASK_FRAME || t->kind == SIM_TASK_CLOSED;
}

/* Whether another task must come before this one: one of the same end of a link, or another timer.
 */
static bool is_behind(const struct sim_task *a, const struct sim_task *b)
{
	bool same =
	    is_channel(a) ? is_channel(b) && a->a == b->a && a->b == b->b : a->kind == b->kind;

	return same && (b->at < a->at || (b->at == a->at && b->order < a->order));
}

/* The one machine that the task concerns; UINT_MAX: it is not only one. */
static unsigned concerns(const struct sim_world *w, const struct sim_task *t)
{
	if (is_channel(t))
		return w->link[t->a].end[t->b].node;
	return t->kind == SIM_TASK_TICK || t->kind == SIM_TASK_INPUT || t->kind == SIM_TASK_OPERATE
		   ? t->node
		   : UINT_MAX;
}

/* Whether both orders of the next task and this one lead to one state: they concern two machines,
 * and neither moves the time for the other. Then this one comes first in no departure of its own:
 * it is still there after the next task, and may come before one that is of its machine. */
static bool commutes(const struct sim_world *w, const struct sim_task *next,
		     const struct sim_task *t)
{
	unsigned a = concerns(w, next), b = concerns(w, t);
	int64_t at = next->at > w->now ? next->at : w->now;

	return a != b && a != UINT_MAX && b != UINT_MAX && at == (t->at > w->now ? t->at : w->now);
}

static size_t list_tasks(const struct sim_world *w, struct sim_choice *out, size_t max)
{
	size_t n = 0;
	int64_t early = has_copy(w->search) ? COPY_EARLY_MS : EARLY_MS;
	int64_t latest = (w->task[0].at > w->now ? w->task[0].at : w->now) + early;

	out[n++] = (struct sim_choice){.what = SIM_NEXT_TASK, .task = 0};
	for (size_t i = 1; i < w->task_count && n < max; i++) {
		const struct sim_task *t = &w->task[i];
		bool behind = t->at > latest || t->kind == SIM_TASK_OPERATE ||
			      (!w->search->options.whole && commutes(w, &w->task[0], t));

		for (size_t k = 0; k < w->task_count && !behind; k++)
			behind = is_behind(t, &w->task[k]);
		if (!behind)
			out[n++] = (struct sim_choice){.what = SIM_NEXT_TASK, .task = i};
	}
	return n;
}

/* What can go wrong now: it happens to the node whose core ran last, as before that nothing has
 * changed for it. */
static size_t list_faults(const struct sim_world *w, struct sim_choice *out, size_t max)
{
	const struct sim_search *s = w->search;
	size_t n = 0;

	if (!s->last || !s->last->node || max < 7)
		return 0;
	for (enum sim_next what = SIM_NEXT_CRASH; what <= SIM_NEXT_AWAY; what++)
		if (faults(s, what) && !s->used[what])
			out[n++] = (struct sim_choice){.what = what, .node = s->last->index};
	for (unsigned k = 0; k < 2 && faults(s, SIM_NEXT_ROLLBACK) && !s->used[SIM_NEXT_ROLLBACK];
	     k++)
		if (s->has_snapshot[k])
			out[n++] = (struct sim_choice){SIM_NEXT_ROLLBACK, 0, s->last->index, k};
	if (faults(s, SIM_NEXT_ROTATE) && !s->used[SIM_NEXT_ROTATE] && s->last->key_number == 0)
		out[n++] = (struct sim_choice){.what = SIM_NEXT_ROTATE, .node = s->last->index};
	for (enum sim_next what = SIM_NEXT_CLONE; what <= SIM_NEXT_ALONE; what++)
		if (faults(s, what) && !has_copy(s))
			out[n++] = (struct sim_choice){.what = what, .node = s->last->index};
	return n;
}

size_t sim_search_choices(const struct sim_world *w, struct sim_choice out[SIM_CHOICES_MAX])
{
	size_t n = list_tasks(w, out, 48);

	return n + list_faults(w, out + n, SIM_CHOICES_MAX - n);
}
