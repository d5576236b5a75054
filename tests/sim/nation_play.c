/* What a nation plays, phase by phase, and what is printed of each. */
#include "tests/sim/nation.h"

#include "node/core/core.h"
#include "node/state.h"
#include "proto/base.h"
#include "tests/sim/check.h"

#define CALM_MS 300000
#define SPLIT_COARSE_MS                                                                            \
	600000        /* in a split that is longer, who has nothing to do is run each minute */
#define REST_MS 30000 /* after the last record of a phase */

#define FEW 1000 /* nodes: of so many each publishes, and each has a directory of its own */
/* ---- what operators do ---- */

/* An honest one that runs; nobody twice before all others had their turn. */
static struct nation_node *any(struct nation *w)
{
	const unsigned step = 7919; /* a prime */
	struct nation_node *n;

	do {
		w->turn = (w->turn + (w->count % step ? step : 1)) % w->count;
		n = &w->node[w->turn];
	} while (!n->core || !n->publishes || n->lie != NATION_HONEST);
	return n;
}

/* ---- phases ---- */

/* One in a hundred goes in an hour, one at least, and comes back after some minutes. Returns how
 * many. */
static unsigned churn(struct nation *w, int64_t ms)
{
	unsigned n = (unsigned)((uint64_t)w->count * (uint64_t)ms / VIZ_HOUR_MS / 100);

	for (unsigned i = 0; i < n + (n == 0); i++)
		nation_plan(w, w->now + (int64_t)sim_below(&w->rng, (uint64_t)ms),
			    (struct nation_task){.kind = NATION_STOP,
						 .node = (unsigned)sim_below(&w->rng, w->count),
						 .a = 60000 + sim_below(&w->rng, 120000)});
	return n + (n == 0);
}

/* Records of members by lot, one each so many ms, and then time for repair. */
static void spread(struct nation *w, const char *phase, int64_t every_ms, int64_t rest_ms,
		   const struct nation_wish *wish)
{
	nation_watch_begin(w, true);
	for (unsigned i = 0; i < w->options.records; i++) {
		nation_cover(w, any(w));
		nation_run_until(w, w->now + every_ms);
	}
	nation_run_until(w, w->now + rest_ms);
	nation_watch_end(w, phase, wish);
	nation_print_state(w, phase);
}

/* The country's power comes back: all start within a minute. */
static void play_power(struct nation *w)
{
	int64_t from;

	nation_title(w, "power", "all nodes start within a minute");
	for (unsigned i = 0; i < w->count; i++)
		nation_stop(w, &w->node[i]);
	nation_watch_begin(w, false);
	from = w->now;
	for (unsigned i = 0; i < w->count; i++)
		nation_plan(w, w->now + (int64_t)sim_below(&w->rng, 60000),
			    (struct nation_task){.kind = NATION_START, .node = i});
	nation_run_until(w, w->now + 60000);
	nation_print_state(w, "power");
	nation_settle(w, "power", from, true);
	nation_watch_end(w, "power", &(struct nation_wish){.all_ms = 0});
}

static void play_calm(struct nation *w)
{
	unsigned restarts;

	nation_title(w, "calm",
		     "COVERAGEs in five minutes; links fail, 5 % of sends are lost; 1 % churn");
	w->loses = true;
	restarts = churn(w, CALM_MS);
	spread(w, "calm", CALM_MS / w->options.records, REST_MS,
	       &(struct nation_wish){.all_ms = 5000, .soon = true, .bodies = true});
	w->loses = false;
	nation_figure(w, "calm", restarts, "", "nodes that went and were to come back");
	nation_settle(w, "calm", w->now, true);
}

/* Not the first one: in the directory that all share the levels of the closure are counted from it
 * (node/trust/cut.h), and each node would have a copy of its own of all of them. */
static struct nation_node *any_but_first(struct nation *w)
{
	struct nation_node *n;

	do
		n = any(w);
	while (n->index == 0);
	return n;
}

static void play_keys(struct nation *w)
{
	struct nation_node *gone;

	nation_title(w, "keys", "ten SUCCESSIONs, or as many as --records, and a REVOCATION");
	nation_watch_begin(w, true);
	for (unsigned i = 0; i < 10 && i < w->options.records; i++) {
		nation_rotate(w, any_but_first(w));
		nation_run_until(w, w->now + 2000);
	}
	gone = any_but_first(w);
	nation_revoke(w, gone);
	gone->gone = true;
	nation_run_until(w, w->now + 10000);
	nation_watch_end(w, "keys",
			 &(struct nation_wish){.all_ms = 5000, .soon = true, .bodies = true});
	nation_stop(w, gone);
	nation_print_state(w, "keys");
}

static void play_offers(struct nation *w)
{
	char **slot = calloc(w->count, sizeof *slot);
	unsigned made = 0, failed = 0, chosen = 0;

	VIZ_REQUIRE(slot);
	nation_title(
	    w, "offers",
	    "each origin makes an offer; its customer chooses, where more than one was asked");
	nation_watch_begin(w, true);
	for (unsigned i = 0; i < w->count; i++) {
		if (!w->node[i].is_origin || !w->node[i].core)
			continue;
		slot[i] = nation_offer(w, &w->node[i], i);
		made += slot[i] != NULL;
		failed += slot[i] == NULL;
		nation_run_until(w, w->now + 500);
	}
	nation_run_until(w, w->now + 60000);
	for (unsigned i = 0; i < w->count; i++)
		if (slot[i] && w->node[i].core)
			chosen += nation_choose(w, &w->node[i], slot[i]);
	nation_run_until(w, w->now + 30000);
	nation_watch_end(w, "offers", &(struct nation_wish){.all_ms = 0});
	nation_figure(w, "offers", made, "", "offers made");
	nation_goal(w, "offers", failed, 0, "", "origins that run and made no offer");
	nation_figure(w, "offers", chosen, "", "customers who chose");
	nation_figure(w, "offers", (double)w->offers_linked, "", "OFFERs that linked partners got");
	nation_goal(w, "offers",
		    (double)(w->offers_linked - w->offers_near) * 100 /
			(double)(w->offers_linked + !w->offers_linked),
		    2, "%", "of these later than a round trip and 50 ms");
	nation_figure(w, "offers", (double)w->circle_held, "", "circle records held");
	nation_figure(w, "offers", (double)w->circle_sent, "", "circle records that came");
	nation_strata_look(w, "offers");
	nation_print_state(w, "offers");
	for (unsigned i = 0; i < w->count; i++)
		free(slot[i]);
	free(slot);
}

/* NODEs of members by lot, each so many ms. */
static void beat(struct nation *w, const char *phase, int64_t every_ms)
{
	nation_watch_begin(w, true);
	for (unsigned i = 0; i < w->options.records; i++) {
		struct nation_node *n = any(w);
		struct viz_event tick = {.kind = VIZ_EVENT_TICK};

		nation_enter(n);
		n->core->trust.self.next_heartbeat = (struct viz_time){w->now};
		nation_give(w, n, nation_input(&tick, NULL, 0));
		nation_run_until(w, w->now + every_ms);
	}
	nation_run_until(w, w->now + 10000);
	nation_figure(w, phase, 1000.0 / (double)every_ms, "/s", "NODEs published");
	nation_watch_end(w, phase,
			 &(struct nation_wish){.all_ms = 5000, .soon = true, .bodies = true});
	nation_print_state(w, phase);
}

static int64_t each(const struct nation *w, int64_t ms)
{
	return ms / w->count > 0 ? ms / w->count : 1;
}

static void play_day(struct nation *w)
{
	nation_title(w, "day", "a part of a day: heartbeats, as many a second as all nodes sign");
	beat(w, "day", each(w, w->federation.heartbeat_ms));
}

/* Each starts again, at its own time: a new version. Of a sample only the NODEs come, as many a
 * second as if it were all. */
static void play_upgrade(struct nation *w)
{
	char what[120];

	if (w->publishers < w->count) {
		nation_title(w, "upgrade",
			     "a part of an upgrade: as many NODEs a second as all sign");
		beat(w, "upgrade", each(w, (int64_t)w->options.upgrade_minutes * 60000));
		return;
	}
	snprintf(what, sizeof what, "every node starts again within %u minutes, and signs NODE",
		 w->options.upgrade_minutes);
	nation_title(w, "upgrade", what);
	nation_watch_begin(w, false);
	for (unsigned i = 0; i < w->count; i++)
		nation_plan(w,
			    w->now + (int64_t)sim_below(
					 &w->rng, (uint64_t)w->options.upgrade_minutes * 60000),
			    (struct nation_task){.kind = NATION_STOP, .node = i, .a = 2000});
	nation_run_until(w, w->now + (int64_t)w->options.upgrade_minutes * 60000 + 10000);
	nation_settle(w, "upgrade", w->now, false);
	nation_watch_end(w, "upgrade", &(struct nation_wish){.all_ms = 0});
}

static void play_liars(struct nation *w, const char *phase, enum nation_lie lie, unsigned percent,
		       const struct nation_wish *wish)
{
	for (unsigned i = 0; i < w->count; i++)
		if (!w->node[i].is_origin && sim_below(&w->rng, 100) < percent)
			w->node[i].lie = lie;
	spread(w, phase, 1000, 60000, wish);
	nation_goal(w, phase, nation_apart(w), 0, "", "honest nodes whom no honest links connect");
	for (unsigned i = 0; i < w->count; i++)
		w->node[i].lie = NATION_HONEST;
}

static void play_stallers(struct nation *w)
{
	nation_title(w, "stallers", "a third relays nothing of others and says all else");
	play_liars(w, "stallers", NATION_STALLS, 33,
		   &(struct nation_wish){.all_ms = 10000, .soon = true, .bodies = true});
}

static void play_droppers(struct nation *w)
{
	nation_title(w, "droppers", "30 % send nothing once their links are full");
	play_liars(w, "droppers", NATION_SILENT, 30,
		   &(struct nation_wish){.all_ms = 0, .bodies = true});
}

static void play_split(struct nation *w)
{
	int64_t ms = (int64_t)w->options.split_minutes * 60000;
	unsigned restarts;
	char what[120];

	snprintf(what, sizeof what, "half of the country is cut off for %u minutes, 1 %% churn",
		 w->options.split_minutes);
	nation_title(w, "split", what);
	for (unsigned i = 0; i < w->count; i++)
		w->node[i].side = i >= w->count / 2;
	w->split = true;
	w->coarse = ms > SPLIT_COARSE_MS;
	nation_part(w);
	restarts = churn(w, ms);
	nation_watch_begin(w, false);
	for (unsigned i = 0; i < w->options.records; i++) {
		nation_run_until(w, w->now + ms / w->options.records);
		nation_cover(w, any(w));
	}
	nation_print_state(w, "split");
	w->split = w->coarse = false;
	nation_figure(w, "split", restarts, "", "nodes that went and were to come back");
	nation_settle(w, "split", w->now, false);
	nation_watch_end(w, "split", &(struct nation_wish){.all_ms = 0});
}

static const struct {
	const char *name;
	void (*play)(struct nation *w);
} phases[] = {{"power", play_power},       {"calm", play_calm},         {"keys", play_keys},
	      {"offers", play_offers},     {"day", play_day},           {"upgrade", play_upgrade},
	      {"stallers", play_stallers}, {"droppers", play_droppers}, {"split", play_split},
	      {"year", nation_year}};

static bool plays(const char *list, const char *name)
{
	size_t n = strlen(name);

	for (const char *at = list; (at = strstr(at, name)) != NULL; at += n)
		if ((at == list || at[-1] == ',') && (at[n] == '\0' || at[n] == ','))
			return true;
	return false;
}

void nation_play(struct nation *w)
{
	for (size_t i = 0; i < sizeof phases / sizeof *phases; i++)
		if (i == 0 || plays(w->options.play, phases[i].name))
			phases[i].play(w);
}
