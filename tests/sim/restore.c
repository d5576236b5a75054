/* Restores: a copy of a machine's state comes back some time later, as from a backup or with the
 * snapshot of a virtual machine. The process does not know of it. */
#include "proto/base.h"
#include "tests/sim/play.h"

#include <sys/stat.h>

#define BEGIN_MS 45000 /* by then all have become members */
#define SPARE_MS 15000 /* before midnight: the others show what they hold */
#define DAY_MS   86400000

static void copy_name(char out[160], const struct sim_machine *m)
{
	snprintf(out, 160, "%s.old", m->dir);
}

static void keep(struct sim_world *w, struct sim_machine *m)
{
	char to[160];

	copy_name(to, m);
	VIZ_REQUIRE(mkdir(to, 0700) == 0);
	sim_machine_copy_state(m->dir, to);
	m->kept = true;
	m->restore_at = w->now + 5000 + (int64_t)sim_below(&w->rng, 40000);
}

static void restore(struct sim_world *w, struct sim_machine *m)
{
	char from[160];

	sim_trace_note(w, m, "an older state is restored");
	w->faults.restores++;
	m->restore_at = 0;
	m->rolled = true;
	m->shown_at = m->quarantined_at = 0;
	m->in_quarantine = false;
	if (m->node)
		sim_machine_crash(w, m, 1000 + (int64_t)sim_below(&w->rng, 5000));
	copy_name(from, m);
	sim_machine_copy_state(from, m->dir);
	sim_play_restored(w, m);
}

void sim_restore_step(struct sim_world *w)
{
	struct sim_machine *m = &w->machine[sim_below(&w->rng, w->count)];
	int64_t midnight = (w->began / DAY_MS + 1) * DAY_MS;

	if (w->now < w->began + BEGIN_MS || w->now + SPARE_MS > midnight)
		return;
	for (unsigned i = 0; i < w->count; i++)
		if (w->machine[i].restore_at != 0 && w->machine[i].restore_at <= w->now)
			restore(w, &w->machine[i]);
	/* the operator's files of the next keys fit no older state */
	if (m->node && !m->kept && m->key_number == 0 && m->index != w->play->rotates &&
	    m->index != w->play->revokes && m->index != 0 && sim_once_in(&w->rng, 12))
		keep(w, m);
}
