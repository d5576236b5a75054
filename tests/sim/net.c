/* Links behave like TCP: in order and reliable until they die. When a link dies, what was on its
 * way gets lost, and the two ends learn of it at different times. There is no handshake: a dial
 * succeeds when the machine at the address has the expected transport key, as with Noise XK. */
#include "tests/sim/cheat.h"
#include "node/core/core.h"
#include "node/core/event.h"
#include "proto/base.h"

static uint64_t number_of(size_t link, unsigned end)
{
	return (uint64_t)link * 2 + end + 1;
}

static struct sim_link *link_at(struct sim_world *w, uint64_t number, unsigned *end)
{
	*end = (unsigned)((number - 1) % 2);
	VIZ_REQUIRE(number > 0 && (number - 1) / 2 < w->link_count);
	return &w->link[(number - 1) / 2];
}

struct sim_machine *sim_net_peer(struct sim_world *w, uint64_t number)
{
	unsigned end;

	if (number == 0 || (number - 1) / 2 >= w->link_count)
		return NULL;
	return &w->machine[link_at(w, number, &end)->end[!end].node];
}

/* From a to b. Each pair has a fixed distance. Jitter comes on top, and now and then a stall. */
static int64_t latency(struct sim_world *w, unsigned a, unsigned b)
{
	uint64_t pair = ((uint64_t)(a < b ? a : b) * 64 + (a < b ? b : a)) * 2654435761u;
	int64_t ms;

	if (w->search) /* which frame comes first is a choice */
		return 0;
	ms = 3 + (int64_t)(pair >> 7) % 40 + (int64_t)sim_below(&w->rng, 8);

	if (sim_is_rough(w) && !sim_is_quiet(w) && sim_once_in(&w->rng, 300)) {
		ms += 200 + (int64_t)sim_below(&w->rng, 2000);
		w->faults.stalls++;
	}
	return ms;
}

static bool apart(const struct sim_world *w, unsigned a, unsigned b)
{
	return (w->split && w->side[a] != w->side[b]) || sim_cheat_apart(w, a, b);
}

static void dial_failed(struct sim_world *w, const struct sim_machine *m, uint64_t attempt,
			int64_t after)
{
	struct viz_event ev = {.kind = VIZ_EVENT_DIAL_FAILED, .attempt = attempt};
	struct sim_task t = {.kind = SIM_TASK_INPUT, .node = m->index, .a = m->incarnation};

	t.input = sim_input_copy(&ev, NULL, 0);
	sim_plan(w, w->now + after, &t);
}

void sim_net_dial(struct sim_world *w, struct sim_machine *m, const struct viz_effect *fx)
{
	struct viz_event ev = {.kind = VIZ_EVENT_HELLO,
			       .attempt = fx->attempt,
			       .remote =
				   fx->remote}; /* the expected key, until the dial is decided */
	struct sim_task t = {.kind = SIM_TASK_DIAL, .node = m->index, .a = m->incarnation};
	unsigned high = 0, host = 0, port = 0;
	bool is = sscanf(fx->text, "10.0.%u.%u:%u", &high, &host, &port) == 3;

	host += high * 256;
	if (!is || port != SIM_PORT || host == 0 || host > w->count)
		sim_fail(w, "net", m, "dials \"%s\"", fx->text);
	t.b = host - 1;
	t.input = sim_input_copy(&ev, fx->bytes, fx->len);
	sim_plan(w, w->now + 2 * latency(w, m->index, host - 1), &t);
}

static struct sim_link *new_link(struct sim_world *w, unsigned from, unsigned to)
{
	struct sim_link *l;

	if (w->link_count == w->link_capacity) {
		w->link_capacity = w->link_capacity ? w->link_capacity * 2 : 256;
		w->link = viz_core_grow(w->link, w->link_capacity, sizeof *w->link);
	}
	l = &w->link[w->link_count++];
	memset(l, 0, sizeof *l);
	l->end[0] = (struct sim_end){.node = from, .admitted = true, .known = true};
	l->end[1] = (struct sim_end){.node = to};
	for (int e = 0; e < 2; e++)
		l->end[e].incarnation = w->machine[l->end[e].node].incarnation;
	return l;
}

/* Plans that an event arrives at one end of a link, after all that was sent there before. */
static void towards(struct sim_world *w, size_t link, unsigned end, struct sim_input input)
{
	struct sim_link *l = &w->link[link];
	int64_t at = w->now + latency(w, l->end[!end].node, l->end[end].node);
	struct sim_task t = {.kind = SIM_TASK_FRAME, .a = link, .b = end, .input = input};

	if (at < l->end[end].last_at)
		at = l->end[end].last_at;
	l->end[end].last_at = at;
	sim_plan(w, at, &t);
}

void sim_net_dialled(struct sim_world *w, const struct sim_task *task)
{
	struct sim_machine *m = &w->machine[task->node];
	struct sim_machine *to = sim_clone_answers(w, &w->machine[task->b]);
	const struct viz_event *asked = &task->input.event;
	struct viz_event opened = {.kind = VIZ_EVENT_OPENED, .attempt = asked->attempt};
	struct viz_event hello = {.kind = VIZ_EVENT_HELLO, .remote = m->transport};
	bool rough = sim_is_rough(w) && !sim_is_quiet(w);
	size_t link = w->link_count;
	bool current, old;

	if (!m->node || m->incarnation != task->a)
		return;
	if (!to->node || apart(w, m->index, to->index) || (rough && sim_once_in(&w->rng, 20))) {
		dial_failed(w, m, asked->attempt, (int64_t)sim_below(&w->rng, 3000));
		return;
	}
	current = memcmp(asked->remote.b, to->transport.b, sizeof to->transport.b) == 0;
	old = !current && to->has_transport_old &&
	      memcmp(asked->remote.b, to->transport_old.b, sizeof to->transport_old.b) == 0;
	if (!current && !old) {
		dial_failed(w, m, asked->attempt, 5);
		return;
	}
	new_link(w, m->index, to->index);
	opened.link = number_of(link, 0);
	opened.remote = asked->remote;
	sim_machine_give(w, m, sim_input_copy(&opened, NULL, 0));
	hello.link = number_of(link, 1);
	hello.old_key = old;
	towards(w, link, 1, sim_input_copy(&hello, asked->bytes, asked->len));
}

void sim_net_send(struct sim_world *w, struct sim_machine *m, uint64_t number, const uint8_t *body,
		  size_t len)
{
	unsigned end;
	struct sim_link *l = link_at(w, number, &end);
	struct viz_event ev = {.kind = VIZ_EVENT_MESSAGE,
			       .link = number_of((size_t)(l - w->link), !end)};

	VIZ_REQUIRE(l->end[end].node == m->index);
	if (!l->cut)
		towards(w, (size_t)(l - w->link), !end, sim_input_copy(&ev, body, len));
}

static bool there(const struct sim_world *w, const struct sim_end *e)
{
	return w->machine[e->node].node && w->machine[e->node].incarnation == e->incarnation &&
	       !e->saw_close;
}

void sim_net_frame(struct sim_world *w, struct sim_task *task)
{
	struct sim_link *l = &w->link[task->a];
	struct sim_end *e = &l->end[task->b];
	struct sim_input input = task->input;

	if (l->cut || !there(w, e)) {
		w->faults.lost++;
		return;
	}
	sim_fault_frame(w, e->node, &input.event);
	sim_clone_heard(&w->machine[l->end[!task->b].node], &input.event);
	task->input.bytes = NULL;
	if (e->admitted || input.event.kind == VIZ_EVENT_HELLO) {
		e->known = true;
		sim_machine_give(w, &w->machine[e->node], input);
		return;
	}
	e->held = viz_core_grow(e->held, e->held_count + 1, sizeof *e->held);
	e->held[e->held_count++] = input;
}

void sim_net_admit(struct sim_world *w, uint64_t number)
{
	unsigned end;
	struct sim_link *l = link_at(w, number, &end);
	struct sim_end *e = &l->end[end];

	VIZ_REQUIRE(!e->admitted);
	e->admitted = true;
	for (size_t i = 0; i < e->held_count; i++)
		sim_machine_give(w, &w->machine[e->node], e->held[i]);
	e->held_count = 0;
}

static void plan_closed(struct sim_world *w, size_t link, unsigned end, int64_t at)
{
	sim_plan(w, at, &(struct sim_task){.kind = SIM_TASK_CLOSED, .a = link, .b = end});
}

void sim_net_close(struct sim_world *w, uint64_t number)
{
	unsigned end;
	struct sim_link *l = link_at(w, number, &end);
	size_t link = (size_t)(l - w->link);

	/* what was sent before arrives before the end of the stream */
	plan_closed(w, link, end, w->now + 1);
	plan_closed(w, link, !end,
		    (l->end[!end].last_at > w->now ? l->end[!end].last_at : w->now) +
			latency(w, l->end[end].node, l->end[!end].node));
}

void sim_net_closed(struct sim_world *w, const struct sim_task *task)
{
	struct sim_link *l = &w->link[task->a];
	struct sim_end *e = &l->end[task->b];
	struct viz_event ev = {.kind = VIZ_EVENT_CLOSED,
			       .link = number_of(task->a, (unsigned)task->b)};

	if (!there(w, e))
		return;
	e->saw_close = true;
	for (size_t i = 0; i < e->held_count; i++)
		sim_input_free(&e->held[i]);
	e->held_count = 0;
	l->cut |= !there(w, &l->end[!task->b]);
	/* the core does not know a link whose hello got lost */
	if (e->known)
		sim_machine_give(w, &w->machine[e->node], sim_input_copy(&ev, NULL, 0));
}

/* Each end learns of it within so many ms. */
static void cut(struct sim_world *w, struct sim_link *l, uint64_t within_ms)
{
	size_t link = (size_t)(l - w->link);

	if (l->cut)
		return;
	l->cut = true;
	for (unsigned e = 0; e < 2; e++)
		plan_closed(w, link, e, w->now + 1 + (int64_t)sim_below(&w->rng, within_ms));
}

void sim_net_cut(struct sim_world *w, struct sim_link *l)
{
	cut(w, l, 4000);
}

void sim_net_crashed(struct sim_world *w, unsigned node)
{
	for (size_t i = 0; i < w->link_count; i++) {
		struct sim_link *l = &w->link[i];

		if (l->end[0].node == node || l->end[1].node == node)
			sim_net_cut(w, l);
	}
}

void sim_net_split(struct sim_world *w, bool on)
{
	w->split = on;
	if (!on)
		return;
	for (unsigned i = 0; i < w->count; i++)
		w->side[i] = sim_once_in(&w->rng, 2);
	sim_net_part(w);
}

void sim_net_cut_off(struct sim_world *w, struct sim_machine *m, int64_t ms)
{
	m->cut_off = true;
	w->split = true;
	memset(w->side, 0, sizeof w->side);
	w->side[m->index] = true;
	for (size_t i = 0; i < w->link_count; i++)
		if (apart(w, w->link[i].end[0].node, w->link[i].end[1].node))
			cut(w, &w->link[i], 1);
	sim_plan(w, w->now + ms, &(struct sim_task){.kind = SIM_TASK_HEAL});
}

void sim_net_part(struct sim_world *w)
{
	for (size_t i = 0; i < w->link_count; i++)
		if (apart(w, w->link[i].end[0].node, w->link[i].end[1].node))
			sim_net_cut(w, &w->link[i]);
}

uint64_t sim_net_any(struct sim_world *w, const struct sim_machine *m, struct sim_rng *rng)
{
	uint64_t found = 0;
	size_t n = 0;

	for (size_t i = 0; i < w->link_count; i++) {
		const struct sim_link *l = &w->link[i];

		for (unsigned e = 0; e < 2; e++)
			if (!l->cut && l->end[e].node == m->index && there(w, &l->end[e]) &&
			    l->end[e].admitted && l->end[!e].admitted && sim_once_in(rng, ++n))
				found = number_of(i, e);
	}
	return found;
}
