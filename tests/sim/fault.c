/* Which faults come and when: links die, nodes crash or are gone for ever, the net is
 * partitioned. The end is quiet, so that all nodes can come to hold the same. */
#include "tests/sim/sim.h"

#include "proto/message.h"
#include "proto/reader.h"
#include "proto/record.h"

unsigned sim_fault_crash_point(struct sim_world *w)
{
	unsigned rate = w->options.profile == SIM_ROUGH ? 60 * w->count : 0;

	/* 1 to 6: before or after commit, wipe or second commit; 7: when all is done */
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
	w->faults.cut++;
	sim_net_cut(w, &w->link[(number - 1) / 2]);
}

/* Sets a clock. That ends the process, which starts again by the new time. */
static void set_clock(struct sim_world *w, struct sim_machine *m, int64_t by_ms)
{
	sim_trace_note(w, m, "its clock is set");
	*(by_ms > 0 ? &w->faults.forward : &w->faults.back) += 1;
	m->skew_ms += by_ms;
	m->stepped_ms += by_ms;
	m->was_set = true;
	m->last_now = 0;
	if (m->node)
		sim_machine_crash(w, m, 200 + (int64_t)sim_below(&w->rng, 3000));
}

/* Steps a clock forward or back for a while, by some leases: long beside lease_ms and short
 * beside silence_ms, as minutes are in the field. */
static void step_clock(struct sim_world *w, struct sim_machine *m)
{
	int64_t by = w->federation.lease_ms + (int64_t)sim_below(&w->rng, 20000);

	if (!m->node || m->stepped_ms != 0 || w->now + 60000 > w->quiet_at)
		return;
	m->right_at = w->now + 10000 + (int64_t)sim_below(&w->rng, 30000);
	set_clock(w, m, sim_once_in(&w->rng, 2) ? by : -by);
}

static void set_right(struct sim_world *w)
{
	for (unsigned i = 0; i < w->count; i++) {
		struct sim_machine *m = &w->machine[i];

		if (m->stepped_ms != 0 && (m->right_at <= w->now || sim_is_quiet(w)))
			set_clock(w, m, -m->stepped_ms);
	}
}

static void heal(struct sim_world *w)
{
	sim_trace_note(w, NULL, "all is quiet");
	set_right(w);
	sim_net_split(w, false);
}

void sim_fault(struct sim_world *w)
{
	bool rough = w->options.profile == SIM_ROUGH;

	if (w->options.profile == SIM_CLONES)
		sim_clone_fault(w);
	if (sim_is_quiet(w) && w->options.profile != SIM_CLONES) {
		heal(w);
		return;
	}
	if (sim_is_rough(w) && sim_once_in(&w->rng, 2))
		cut_any(w);
	if (rough && !w->split && sim_once_in(&w->rng, 25)) {
		sim_trace_note(w, NULL, "a partition");
		w->faults.partitions++;
		sim_net_split(w, true);
	} else if (w->split && sim_once_in(&w->rng, 12)) {
		sim_trace_note(w, NULL, "the partition ends");
		sim_net_split(w, false);
	}
	set_right(w);
	/* only in half of the worlds: some rules cannot be judged once a clock was set */
	if (rough && w->options.seed % 4 < 2 && sim_once_in(&w->rng, 30))
		step_clock(w, any_machine(w));
	if (rough && sim_once_in(&w->rng, 40)) {
		struct sim_machine *m = any_machine(w);

		if (m->node) { /* a longer outage that begins between two batches */
			w->faults.outages++;
			sim_machine_crash(w, m, 5000 + (int64_t)sim_below(&w->rng, 40000));
		}
	}
	if (w->options.busy)
		sim_restore_step(w);
	sim_plan(w, w->now + 1000, &(struct sim_task){.kind = SIM_TASK_FAULT});
}

void sim_fault_frame(struct sim_world *w, unsigned to, const struct viz_event *ev)
{
	struct viz_message_record message;
	struct viz_record rec;
	struct viz_reader r, head;
	unsigned kind;

	if (ev->kind != VIZ_EVENT_MESSAGE)
		return;
	viz_reader_init(&r, ev->bytes, ev->len);
	head = r;
	kind = viz_message_kind_read(&head);
	if (kind == VIZ_MESSAGE_LAST && w->machine[to].rolled && w->machine[to].shown_at == 0)
		w->machine[to].shown_at = w->now;
	if (kind != VIZ_MESSAGE_RECORD || !w->options.busy)
		return;
	viz_message_record_read(&r, &message);
	if (r.err != VIZ_OK || viz_record_parse(&rec, message.record, message.record_len) != VIZ_OK)
		return;
	w->faults.ahead += rec.time.ms > w->now + w->machine[to].skew_ms + w->federation.skew_ms;
	/* an answer to it comes too late */
	w->faults.late +=
	    viz_record_is_write_once(rec.type) &&
	    rec.time.ms + w->federation.window_min_ms + w->federation.skew_ms < w->now;
}

void sim_fault_begin(struct sim_world *w)
{
	(void)w;
}
