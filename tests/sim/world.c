/* Virtual time: a heap of tasks, and the world in which they happen. */
#include "tests/sim/check.h"
#include "tests/sim/search.h"
#include "tests/sim/sim.h"

#include <ftw.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <unistd.h>
#include "crypto/hash.h"
#include "node/core/core.h"
#include "node/core/event.h"
#include "proto/base.h"
#include "proto/federation.h"

/* 2026-11-23T12:00:00Z. Every fourth seed begins just before midnight, when the day of the slots
 * changes. */
#define NOON         INT64_C(1795435200000)
#define BEFORE_NIGHT (NOON + 12 * VIZ_HOUR_MS - 150000)
#define QUIET_MS     180000

uint64_t sim_draw(struct sim_rng *rng)
{
	uint64_t z = rng->state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

uint64_t sim_below(struct sim_rng *rng, uint64_t bound)
{
	return sim_draw(rng) % bound;
}

bool sim_once_in(struct sim_rng *rng, uint64_t n)
{
	return sim_below(rng, n) == 0;
}

static bool earlier(const struct sim_task *a, const struct sim_task *b)
{
	return a->at != b->at ? a->at < b->at : a->order < b->order;
}

static void swap(struct sim_world *w, size_t a, size_t b)
{
	struct sim_task t = w->task[a];

	w->task[a] = w->task[b];
	w->task[b] = t;
}

static void sift_up(struct sim_world *w, size_t i)
{
	for (; i > 0 && earlier(&w->task[i], &w->task[(i - 1) / 2]); i = (i - 1) / 2)
		swap(w, i, (i - 1) / 2);
}

void sim_plan(struct sim_world *w, int64_t at, const struct sim_task *task)
{
	size_t i = w->task_count++;

	if (w->task_count > w->task_capacity) {
		w->task_capacity = w->task_capacity ? w->task_capacity * 2 : 1024;
		w->task = viz_core_grow(w->task, w->task_capacity, sizeof *w->task);
	}
	w->task[i] = *task;
	w->task[i].at = at < w->now ? w->now : at;
	w->task[i].order = w->tasks_planned++;
	sift_up(w, i);
}

struct sim_task sim_world_take(struct sim_world *w, size_t i)
{
	struct sim_task taken = w->task[i];

	w->task[i] = w->task[--w->task_count];
	if (i < w->task_count)
		sift_up(w, i);
	for (;;) {
		size_t least = i;

		for (size_t k = 2 * i + 1; k <= 2 * i + 2 && k < w->task_count; k++)
			if (earlier(&w->task[k], &w->task[least]))
				least = k;
		if (least == i)
			return taken;
		swap(w, i, least);
		i = least;
	}
}

struct sim_input sim_input_copy(const struct viz_event *event, const uint8_t *bytes, size_t len)
{
	struct sim_input in = {.event = *event};

	in.bytes = viz_core_alloc(len);
	if (len > 0)
		memcpy(in.bytes, bytes, len);
	in.event.bytes = in.bytes;
	in.event.len = len;
	return in;
}

void sim_input_free(struct sim_input *input)
{
	free(input->bytes);
	input->bytes = NULL;
}

bool sim_is_quiet(const struct sim_world *w)
{
	return w->now >= w->quiet_at;
}

const char *sim_profile_name(enum sim_profile profile)
{
	static const char *const names[] = {"calm", "rough", "liars", "clones"};

	return names[profile];
}

struct sim_machine *sim_machine_of(struct sim_world *w, const struct viz_id *author)
{
	for (unsigned i = 0; w && i < w->count; i++)
		if (viz_id_eq(&w->machine[i].author, author))
			return &w->machine[i];
	return NULL;
}

/* Times are short, so that minutes hold what takes months in the field. A heartbeat is longer than
 * the difference of two clocks less skew_ms: otherwise who is slow never sees a NODE of who is
 * fast, because the next one replaces it before its time has come. */
static void federation(struct viz_federation *f, const struct sim_options *o)
{
	static const struct {
		const char *field;
		int64_t ms;
	} times[] = {{"partner_delay_ms", 45000},
		     {"partner_keep_ms", 90100000},
		     {"draw_ms", 10000},
		     {"contacted_ms", 60000},
		     {"ack_ms", 60000},
		     {"serve_ms", 90000},
		     {"start_ms", 500},
		     {"suspicion_ms", 60000},
		     {"silence_ms", 150000},
		     {"grace_ms", 60000},
		     {"heartbeat_ms", 15000},
		     {"old_transport_ms", 60000},
		     {"write_once_ms", 3600000},
		     {"reveal_ms", 4000},
		     {"choice_ms", 30000},
		     {"lease_ms", 6000},
		     {"lease_margin_ms", 500},
		     {"location_erase_ms", 10000},
		     {"undelivered_ms", 90000},
		     {"contact_origin_ms", 60000},
		     {"contact_holder_ms", 80000},
		     {"repair_ms", 5000},
		     {"skew_ms", 5000}};

	viz_federation_default(f, "simulated");
	for (size_t i = 0; i < sizeof times / sizeof *times; i++)
		VIZ_REQUIRE(viz_federation_set(f, times[i].field, times[i].ms) == VIZ_OK);
	VIZ_REQUIRE(viz_federation_set(f, "ask_max", 1 + (int64_t)(o->seed % 3)) == VIZ_OK);
	/* where people answer by hand the window is 720 times as long */
	VIZ_REQUIRE(viz_federation_set(f, "window_min_ms",
				       o->profile == SIM_CALM && o->seed % 3 == 0 ? 500 : 4000) ==
		    VIZ_OK);
}

void sim_world_make_dir(struct sim_world *w)
{
	const char *shm = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";

	snprintf(w->dir, sizeof w->dir, "%s/vizinho-sim-XXXXXX", shm);
	VIZ_REQUIRE(mkdtemp(w->dir));
}

struct sim_world *sim_world_new(const struct sim_options *options)
{
	struct sim_world *w = calloc(1, sizeof *w);
	struct sim_task fault = {.kind = SIM_TASK_FAULT};

	VIZ_REQUIRE(w && options->nodes >= 2 && options->nodes <= SIM_NODES_MAX);
	w->options = *options;
	w->rng.state = options->seed ^ UINT64_C(0x76697a696e686f);
	sim_world_make_dir(w);
	viz_hash_init(&w->hash, "vizinho/sim-trace");
	federation(&w->federation, options);
	w->now = w->began = options->seed % 4 == 1 ? BEFORE_NIGHT : NOON;
	if (options->busy) /* half of it on the day before */
		w->now = w->began =
		    NOON + 12 * VIZ_HOUR_MS - (int64_t)(options->minutes - 3) * 30000;
	w->end_at = w->now + (int64_t)options->minutes * 60000;
	w->quiet_at = w->end_at - QUIET_MS;
	w->count = options->nodes;
	sim_check_begin(w);
	sim_liars_begin(w); /* before the machines, which need to know which of them lie */
	for (unsigned i = 0; i < w->count; i++)
		sim_machine_create(w, i);
	sim_play_begin(w);
	sim_fault_begin(w);
	sim_plan(w, w->now + 30000, &fault);
	return w;
}

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	return remove(path);
}

void sim_world_remove(struct sim_world *w)
{
	nftw(w->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

void sim_world_free(struct sim_world *w)
{
	for (unsigned i = 0; i < w->count; i++)
		sim_machine_stop(&w->machine[i]);
	for (size_t i = 0; i < w->task_count; i++)
		sim_input_free(&w->task[i].input);
	for (size_t i = 0; i < w->link_count; i++)
		for (int e = 0; e < 2; e++) {
			struct sim_end *end = &w->link[i].end[e];

			for (size_t k = 0; k < end->held_count; k++)
				sim_input_free(&end->held[k]);
			free(end->held);
		}
	sim_play_free(w);
	sim_liars_free(w);
	sim_check_free(w);
	sim_world_remove(w);
	free(w->link);
	free(w->task);
	free(w);
}

void sim_world_perform(struct sim_world *w, struct sim_task *t)
{
	struct sim_machine *m = &w->machine[t->node];

	switch (t->kind) {
	case SIM_TASK_RUN:
		m->run_planned = false;
		sim_machine_run(w, m);
		break;
	case SIM_TASK_TICK:
		if (t->a == m->incarnation && m->tick_at == t->at)
			sim_machine_tick(w, m);
		break;
	case SIM_TASK_INPUT:
		if (t->a == m->incarnation && m->node) {
			sim_machine_give(w, m, t->input);
			t->input.bytes = NULL;
		}
		break;
	case SIM_TASK_FRAME:
		sim_net_frame(w, t);
		break;
	case SIM_TASK_CLOSED:
		sim_net_closed(w, t);
		break;
	case SIM_TASK_DIAL:
		sim_net_dialled(w, t);
		break;
	case SIM_TASK_START:
		if (!m->node && !m->gone)
			sim_machine_start(w, m);
		break;
	case SIM_TASK_OPERATE:
		if (m->gone)
			break;
		if (m->node)
			sim_play_operate(w, m);
		sim_plan(w, w->now + 400 + (int64_t)sim_below(&w->rng, 2000),
			 &(struct sim_task){.kind = SIM_TASK_OPERATE, .node = t->node});
		break;
	case SIM_TASK_FAULT:
		sim_fault(w);
		break;
	case SIM_TASK_HEAL:
		sim_net_split(w, false);
		break;
	}
}

void sim_world_run_until(struct sim_world *w, int64_t end_at)
{
	while (w->task_count > 0 && w->task[0].at <= end_at) {
		struct sim_task t = sim_world_take(w, 0);

		w->now = t.at;
		sim_world_perform(w, &t);
		sim_input_free(&t.input);
	}
	w->now = end_at;
}

void sim_world_run(struct sim_world *w)
{
	sim_world_run_until(w, w->end_at);
	sim_check_end(w);
}

void sim_fail(struct sim_world *w, const char *invariant, const struct sim_machine *m,
	      const char *format, ...)
{
	va_list args;

	fflush(stdout);
	fprintf(stderr, "sim: seed %llu: %s is broken at +%lld ms, node %s: ",
		(unsigned long long)w->options.seed, invariant, (long long)(w->now - w->began),
		m ? m->name : "-");
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, "\n");
	if (w->search) {
		int status = sim_search_failed(w);

		sim_world_remove(w);
		fflush(NULL);
		_exit(status);
	}
	if (w->options.busy)
		fprintf(
		    stderr,
		    "replay: sim --honest 1 --seeds %llu..%llu --minutes %u --nodes %u --trace\n",
		    (unsigned long long)w->options.seed, (unsigned long long)w->options.seed,
		    w->options.minutes, w->options.nodes);
	else
		fprintf(stderr,
			"replay: sim --seed %llu --nodes %u --minutes %u --profile %s%s --trace\n",
			(unsigned long long)w->options.seed, w->options.nodes, w->options.minutes,
			sim_profile_name(w->options.profile), w->options.prune ? " --prune" : "");
	sim_world_remove(w);
	exit(1);
}
