#include "tests/sim/search_inside.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "node/core/core.h"
#include "node/core/event.h"
#include "node/node.h"
#include "node/trust/live.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "store/store.h"
#include "tests/sim/check.h"
#include "tests/sim/play.h"

#define NODES    3
#define MEET_MS  75000 /* until all are partners of each other */
#define STORY_MS 14000
#define COPY_MS  8000  /* from the making of a copy to the end, at least */
#define AGAIN_MS 26000 /* with a second offer for the customer */
#define SHORT_MS 200   /* a process is down for so long, */
#define LONG_MS  9000  /* or for so long: beyond the window of the offer */
#define FOUND    3     /* status of a process that found what a mutant breaks */

/* This process goes on with state directories of its own. */
static void own(struct sim_world *w)
{
	sim_world_make_dir(w);
	for (unsigned i = 0; i < w->count; i++) {
		struct sim_machine *m = &w->machine[i];
		char old[sizeof m->dir];

		memcpy(old, m->dir, sizeof old);
		sim_machine_make_dir(w, m);
		sim_machine_copy_state(old, m->dir);
		if (m->node)
			sim_machine_reopen(w, m);
	}
}

/* Keeps the state of all nodes, to go back to. */
static void take_snapshot(struct sim_world *w, unsigned n)
{
	struct sim_search *s = w->search;

	if (s->has_snapshot[n])
		return;
	s->has_snapshot[n] = true;
	snprintf(s->snapshot[n], sizeof s->snapshot[n], "%s/old%u", w->dir, n);
	VIZ_REQUIRE(mkdir(s->snapshot[n], 0700) == 0);
	for (unsigned i = 0; i < w->count; i++) {
		char to[128];

		snprintf(to, sizeof to, "%s/%02u", s->snapshot[n], i);
		VIZ_REQUIRE(mkdir(to, 0700) == 0);
		sim_machine_copy_state(w->machine[i].dir, to);
	}
}

/* Puts an older state in place of the node's, as a restore from a backup does. The process starts
 * again and does not know of it. */
static void roll_back(struct sim_world *w, struct sim_machine *m, unsigned n)
{
	char from[128];

	sim_trace_note(w, m, "is rolled back");
	m->rolled = true;
	sim_machine_crash(w, m, SHORT_MS);
	snprintf(from, sizeof from, "%s/%02u", w->search->snapshot[n], m->index);
	sim_machine_copy_state(from, m->dir);
	sim_search_note(m, 1000 + n);
	if (m->index == 0 &&
	    w->play->case_count > 0) { /* the agent finds no offer, and makes one */
		struct sim_case *c = &w->play->cases[0];

		c->step = n == 0 ? SIM_CASE_NEW : c->step;
		if (n == 0) {
			c->slot = 0;
			c->draw = 0;
		}
		c->next_at = w->now + 2000;
	}
}

static void perform(struct sim_world *w, size_t i)
{
	struct sim_task t = sim_world_take(w, i);

	if (t.at > w->now)
		w->now = t.at;
	w->rng.state = w->search->calm;
	sim_world_perform(w, &t);
	sim_input_free(&t.input);
}

static void end_after(struct sim_world *w, int64_t ms)
{
	if (w->end_at < w->now + ms)
		w->quiet_at = w->end_at = w->now + ms;
}

static void apply(struct sim_world *w, const struct sim_choice *c)
{
	struct sim_machine *m = &w->machine[c->node];

	w->rng.state = w->search->calm;
	if (c->what != SIM_NEXT_TASK)
		w->search->used[c->what] = true;
	switch (c->what) {
	case SIM_NEXT_TASK:
		perform(w, c->task);
		break;
	case SIM_NEXT_CRASH:
	case SIM_NEXT_AWAY:
		sim_machine_crash(w, m, c->what == SIM_NEXT_CRASH ? SHORT_MS : LONG_MS);
		break;
	case SIM_NEXT_ROLLBACK:
		roll_back(w, m, c->snapshot);
		break;
	case SIM_NEXT_ROTATE:
		sim_play_rotate(w, m);
		break;
	case SIM_NEXT_CLONE:
		sim_clone_make(w, m);
		end_after(w, COPY_MS);
		break;
	case SIM_NEXT_ALONE:
		sim_net_cut_off(w, m, LONG_MS);
		sim_clone_make(w, m);
		end_after(w, LONG_MS + COPY_MS);
		break;
	}
}

/* Batches and checks of signatures follow at once from what came: they are no choices. */
static void settle(struct sim_world *w)
{
	for (size_t i = 0; i < w->task_count;) {
		const struct sim_task *t = &w->task[i];
		bool now = t->kind == SIM_TASK_RUN ||
			   (t->kind == SIM_TASK_INPUT && t->input.event.kind == VIZ_EVENT_VERIFIED);
		bool first = now;

		for (size_t k = 0; k < w->task_count && first; k++)
			first = w->task[k].kind != t->kind || w->task[k].order >= t->order;
		if (!first) {
			i++;
			continue;
		}
		w->search->last = &w->machine[t->node];
		w->task[i].at = w->now;
		perform(w, i);
		i = 0;
	}
	if (w->play->offers > 0 && !w->search->has_snapshot[1]) {
		take_snapshot(w, 1);
		w->now++; /* what is signed later is dated later */
	}
}

static void check_leaf(struct sim_world *w)
{
	struct sim_shared *all = w->search->shared;

	sim_audit_end(w);
	sim_clone_check(w);
	for (unsigned i = 0; i < w->count; i++)
		if (w->machine[i].node) {
			sim_promises_check(w, &w->machine[i]);
			sim_logs_check(w, &w->machine[i]);
			all->quarantines += w->machine[i].node->trust.self.quarantine.ms != 0;
		}
	all->runs++;
}

/* With a mutant, what the search is there for; the first process makes 0 of it. */
static int found_status(const struct sim_search *s)
{
	if (!s->options.mutant)
		return 1;
	return s->trail_len == 0 || s->replays ? 0 : FOUND;
}

static void explore(struct sim_world *w);

/* Goes on with this choice in a process of its own. */
static void depart(struct sim_world *w, const struct sim_choice *c, unsigned number)
{
	struct sim_search *s = w->search;
	int status = 0;
	pid_t pid;

	s->shared->forks++;
	fflush(stdout);
	pid = fork();
	VIZ_REQUIRE(pid >= 0);
	if (pid == 0) {
		s->left--;
		s->trail[s->trail_len++] = (struct sim_departure){s->step, number};
		own(w);
		apply(w, c);
		s->step++; /* as in the run that follows the trail */
		explore(w);
		sim_world_remove(w);
		fflush(stdout);
		_exit(0);
	}
	VIZ_REQUIRE(waitpid(pid, &status, 0) == pid);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return;
	if (!WIFEXITED(status))
		fprintf(stderr, "sim: a path died\n");
	sim_world_remove(w);
	fflush(NULL);
	/* the world goes with the process: no leak check lists it */
	_exit(WIFEXITED(status) && WEXITSTATUS(status) == FOUND ? found_status(s) : 1);
}

/* The choice that the trail to follow has at this step; 0: the plain one. */
static unsigned followed(struct sim_search *s)
{
	for (unsigned i = 0; i < s->trail_len; i++)
		if (s->trail[i].step == s->step)
			return s->trail[i].choice;
	return 0;
}

static void explore(struct sim_world *w)
{
	struct sim_search *s = w->search;
	struct sim_choice choice[SIM_CHOICES_MAX];

	for (;; s->step++) {
		size_t n;

		settle(w);
		if (w->task_count == 0 || w->task[0].at > w->end_at)
			break;
		if (!s->replays && sim_search_seen(w)) {
			s->shared->same++;
			return;
		}
		s->shared->steps++;
		n = sim_search_choices(w, choice);
		if (s->replays) {
			unsigned f = followed(s);

			VIZ_REQUIRE(f < n);
			apply(w, &choice[f]);
			continue;
		}
		for (size_t i = 1; i < n && s->left > 0; i++)
			if (s->trail_len > 0 || s->first++ % s->options.parts == s->options.part)
				depart(w, &choice[i], (unsigned)i);
		apply(w, &choice[0]);
	}
	check_leaf(w);
}

/* Both partners cover the place, and the origin deals with both. */
static void cover(struct sim_world *w, struct sim_machine *m)
{
	w->play->covered[m->index] = true;
	sim_ask(w, m, SIM_ASK_ANYTHING, 0,
		"{\"op\":\"coverage.import\",\"args\":{\"name\":\"rede\",\"municipalities\":[{"
		"\"code\":%u}],"
		"\"ceps\":[],\"region\":\"\",\"down_mbps\":600}}",
		sim_municipality(0));
	sim_ask(w, m, SIM_ASK_ANYTHING, 0,
		"{\"op\":\"plan.add\",\"args\":{\"name\":\"Fibra 600\",\"price_cents\":8990,"
		"\"down_mbps\":600,\"install_days\":3,\"url\":\"https://p.example/planos\"}}");
}

static void drop_tasks(struct sim_world *w, enum sim_task_kind kind)
{
	for (size_t i = 0; i < w->task_count;) {
		if (w->task[i].kind == kind) {
			struct sim_task t = sim_world_take(w, i);

			sim_input_free(&t.input);
			i = 0;
		} else {
			i++;
		}
	}
}

/* A state of the random numbers in which no operator has a whim. */
static uint64_t calm_state(void)
{
	for (uint64_t k = 1;; k++) {
		struct sim_rng r = {k};
		bool calm = true;

		for (int i = 0; i < 6; i++) {
			uint64_t v = sim_draw(&r);

			calm &= v % 6 != 0 && v % 8 != 0 && v % 9 != 0 && v % 10 != 0;
		}
		if (calm)
			return k;
	}
}

/* The customer comes. From here on the operators act once a second. */
static void begin(struct sim_world *w)
{
	struct sim_play *p = w->play;

	drop_tasks(w, SIM_TASK_OPERATE);
	drop_tasks(w, SIM_TASK_FAULT);
	for (unsigned i = 0; i < w->count; i++) {
		VIZ_REQUIRE(i == 0 ||
			    viz_live_partner(&w->machine[0].node->trust, &w->machine[i].author));
		w->machine[i].past = i + 1;
	}
	p->cases = sim_more(p->cases, 0, &p->case_capacity, sizeof *p->cases);
	p->cases[p->case_count++] =
	    (struct sim_case){.number = 1, .next_at = w->now, .patience_ms = 6000};
	w->end_at = w->now + STORY_MS;
	if (strcmp(w->search->options.story, "again") == 0) {
		p->cases[0].comes_back = true;
		p->cases[0].patience_ms = 2000;
		w->end_at = w->now + AGAIN_MS;
	}
	w->quiet_at = w->end_at;
	for (unsigned i = 0; i < w->count; i++)
		sim_plan(w, w->now + 1 + i,
			 &(struct sim_task){.kind = SIM_TASK_OPERATE, .node = i});
}

static void read_trail(struct sim_search *s)
{
	const char *t = s->options.trail;

	s->replays = t != NULL;
	while (t && *t && s->trail_len < SIM_TRAIL_MAX) {
		struct sim_departure *d = &s->trail[s->trail_len];
		int used = 0;

		VIZ_REQUIRE(sscanf(t, "%u:%u%n", &d->step, &d->choice, &used) == 2);
		s->trail_len++;
		t += used;
		t += *t == ',';
	}
}

int sim_search_failed(const struct sim_world *w)
{
	const struct sim_search *s = w->search;

	fprintf(stderr, "replay: sim --interleave %s --depth %u", s->options.story,
		s->options.depth);
	if (s->options.mutant)
		fprintf(stderr, " --mutant %s", s->options.mutant);
	fprintf(stderr, " --trace --trail ");
	for (unsigned i = 0; i < s->trail_len; i++)
		fprintf(stderr, "%s%u:%u", i ? "," : "", s->trail[i].step, s->trail[i].choice);
	fprintf(stderr, "\n");
	return found_status(s);
}

int sim_search_run(const struct sim_search_options *options, bool trace)
{
	struct sim_options o = {
	    .seed = 4, .nodes = NODES, .minutes = 4, .profile = SIM_CALM, .trace = false};
	struct sim_world *w = sim_world_new(&o);
	struct sim_search *s = viz_core_alloc(sizeof *s);
	time_t began = time(NULL);

	*s = (struct sim_search){.options = *options, .left = options->depth, .calm = calm_state()};
	s->shared = mmap(NULL, sizeof *s->shared, PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	VIZ_REQUIRE(s->shared != MAP_FAILED);
	read_trail(s);
	w->quiet_at = w->began; /* the operators only bring the nodes together */
	for (unsigned i = 0; i < w->count; i++)
		cover(w, &w->machine[i]);
	sim_world_run_until(w, w->began + MEET_MS);
	w->search = s;
	w->options.trace = trace;
	begin(w);
	take_snapshot(w, 0);
	explore(w);
	if (!s->replays && !options->mutant && s->shared->runs == 0)
		sim_fail(w, "search", NULL, "no run came to its end");
	if (w->play->awards == 0)
		sim_fail(w, "search", NULL, "the plain story awards nothing");
	if (strcmp(options->story, "again") == 0 && w->play->returns == 0 && !s->replays)
		sim_fail(w, "search", NULL, "the plain story offers nothing again");
	printf("story %s, depth %u: %llu states, %llu interleavings to the end, %llu to a known "
	       "state, %llu steps, %llu departures (%u from the plain story), %llu quarantines at "
	       "an end, %lld s\n",
	       options->story, options->depth, (unsigned long long)s->shared->states,
	       (unsigned long long)s->shared->runs, (unsigned long long)s->shared->same,
	       (unsigned long long)s->shared->steps, (unsigned long long)s->shared->forks, s->first,
	       (unsigned long long)s->shared->quarantines, (long long)(time(NULL) - began));
	sim_world_free(w);
	free(s);
	return options->mutant ? 1 : 0;
}
