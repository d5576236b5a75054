/* Which state the search is in: its hash, and the set of those that were seen. */
#include "tests/sim/search_inside.h"

#include "node/core/event.h"
#include "tests/sim/play.h"

static uint64_t mix(uint64_t h, uint64_t v)
{
	struct sim_rng r = {h ^ v};

	return sim_draw(&r) + h * 31;
}

static uint64_t mix_bytes(uint64_t h, const uint8_t *p, size_t n)
{
	uint64_t f = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < n; i++)
		f = (f ^ p[i]) * UINT64_C(0x100000001b3);
	return mix(mix(h, f), n);
}

void sim_search_event(struct sim_machine *m, const struct viz_event *ev, struct viz_time now)
{
	uint64_t h = mix(m->past, (uint64_t)now.ms);

	h = mix(mix(h, ev->kind), ev->link ^ ev->job << 20 ^ ev->attempt << 40 ^ ev->ok);
	m->past = mix_bytes(h, ev->bytes, ev->len);
}

void sim_search_note(struct sim_machine *m, uint64_t what)
{
	m->past = mix(m->past, what);
}

/* A node is a function of what it got, so this is the state. */
static uint64_t state(const struct sim_world *w)
{
	const struct sim_search *s = w->search;
	uint64_t h = (uint64_t)w->now, waits = 0;

	for (unsigned i = 0; i < w->count; i++) {
		h = mix(h, w->machine[i].past);
		h = mix(h, w->machine[i].incarnation);
	}
	for (size_t i = 0; i < w->task_count; i++) {
		const struct sim_task *t = &w->task[i];
		uint64_t one = mix(t->kind, t->node);

		one = mix(mix(one, t->a), t->b);
		one = mix(one, t->at > w->now ? (uint64_t)t->at : 0);
		waits += mix_bytes(one, t->input.bytes, t->input.event.len);
	}
	for (unsigned i = 0; i < SIM_NEXTS; i++)
		h = mix(h, s->used[i]);
	for (size_t i = 0; i < w->play->case_count; i++) {
		const struct sim_case *c = &w->play->cases[i];

		h = mix(mix(mix(h, c->step), (uint64_t)c->next_at), c->previous);
	}
	return mix(h, waits);
}

bool sim_search_seen(const struct sim_world *w)
{
	struct sim_search *s = w->search;
	uint64_t h = state(w);

	for (size_t i = h >> (64 - SIM_VISITED_BITS), n = 0; n < 64; n++) {
		size_t at = (i + n) % ((size_t)1 << SIM_VISITED_BITS);

		if (s->shared->visited[at].left == 0) {
			s->shared->visited[at].hash = h;
			s->shared->visited[at].left = s->left + 1;
			s->shared->states++;
			return false;
		}
		if (s->shared->visited[at].hash != h)
			continue;
		if (s->shared->visited[at].left > s->left)
			return true;
		s->shared->visited[at].left = s->left + 1;
		return false;
	}
	return false;
}
