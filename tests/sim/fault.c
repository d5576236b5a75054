/* What goes wrong, and when: links that die, nodes that crash or are gone for ever, partitions.
 * Quiet at the end, so that all can come together. */
#include "tests/sim/sim.h"

unsigned sim_fault_crash_point(struct sim_world *w)
{
	unsigned rate = w->options.profile == SIM_ROUGH ? 60 * w->count : 0;

	/* commit, wipe, second commit: before and after each; past the last: when all is done */
	if (rate == 0 || sim_is_quiet(w) || w->now < w->began + 15000 ||
	    !sim_once_in(&w->rng, rate))
		return 0;
	return 1 + (unsigned)sim_below(&w->rng, 7);
}

static struct sim_machine *any_machine(struct sim_world *w)
{
	return &w->machine[sim_below(&w->rng, w->count)];
}

static void cut_any(struct sim_world *w)
{
	struct sim_machine *m = any_machine(w);
	uint64_t number = m->node ? sim_net_any(w, m, &w->rng) : 0;

	if (number == 0)
		return;
	sim_trace_note(w, m, "loses a link");
	sim_net_cut(w, &w->link[(number - 1) / 2]);
}

static void heal(struct sim_world *w)
{
	sim_trace_note(w, NULL, "all is quiet");
	sim_net_split(w, false);
}

void sim_fault(struct sim_world *w)
{
	bool rough = w->options.profile == SIM_ROUGH;

	if (sim_is_quiet(w)) {
		heal(w);
		return;
	}
	if (w->options.profile != SIM_CALM && sim_once_in(&w->rng, 2))
		cut_any(w);
	if (rough && !w->split && sim_once_in(&w->rng, 25)) {
		sim_trace_note(w, NULL, "a partition");
		sim_net_split(w, true);
	} else if (w->split && sim_once_in(&w->rng, 12)) {
		sim_trace_note(w, NULL, "the partition ends");
		sim_net_split(w, false);
	}
	if (rough && sim_once_in(&w->rng, 40)) {
		struct sim_machine *m = any_machine(w);

		if (m->node) /* a longer outage, between batches */
			sim_machine_crash(w, m, 5000 + (int64_t)sim_below(&w->rng, 40000));
	}
	sim_plan(w, w->now + 1000, &(struct sim_task){.kind = SIM_TASK_FAULT});
}

void sim_fault_begin(struct sim_world *w)
{
	(void)w;
}
