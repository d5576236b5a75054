/* The model checker: it runs one small story in many orders. Three nodes make one offer, from its
 * draw to the hand-off. From each state it goes on in the plain order, the oldest first, and
 * departs from that up to `depth` times: another frame or a timer comes first, or something fails.
 * A departure is a fork() with a copy of the state directories. Two paths on which each node got
 * the same at the same time are one state, and the second one ends there. */
#ifndef VIZ_SIM_SEARCH_H
#define VIZ_SIM_SEARCH_H

#include "tests/sim/sim.h"

struct sim_search_options {
	/* which faults: "plain", "again" (the customer comes back for another offer), "crash",
	 * "rollback", "rotation", "clone", "alone" (a copy comes in while the original is cut off),
	 * "all" */
	const char *story;
	bool whole;           /* also tries departures that commute with the plain order */
	unsigned part, parts; /* of the first departures each `parts`-th, from this one on */
	unsigned depth;       /* departures from the plain order, at most */
	const char *mutant;   /* NULL, or the check that is broken on purpose (mutant.c) */
	const char *trail;    /* NULL, or the departures to follow, as a failure printed them */
};

/* Runs the story. Returns 0; a broken invariant ends the process with status 1. With
 * a mutant it is the other way round. */
int sim_search_run(const struct sim_search_options *options, bool trace);

/* A core gets this event. */
void sim_search_event(struct sim_machine *m, const struct viz_event *ev, struct viz_time now);

/* An invariant is broken: prints how to come to this state again. Returns the status with which the
 * process ends. */
int sim_search_failed(const struct sim_world *w);

/* mutant.c: breaks a check of the core, so that a test sees that the search finds it. False: there
 * is no such mutant. */
bool sim_mutant_set(const char *name);

#endif
