/* What the files of the model checker share and nobody else includes. */
#ifndef VIZ_SIM_SEARCH_INSIDE_H
#define VIZ_SIM_SEARCH_INSIDE_H

#include "tests/sim/search.h"

#define SIM_TRAIL_MAX    8
#define SIM_VISITED_BITS 22
#define SIM_CHOICES_MAX  64

enum sim_next {
	SIM_NEXT_TASK,
	SIM_NEXT_CRASH,
	SIM_NEXT_AWAY,
	SIM_NEXT_ROLLBACK,
	SIM_NEXT_ROTATE,
	SIM_NEXT_CLONE,
	SIM_NEXT_ALONE, /* a copy comes in while the original is cut off */
};
#define SIM_NEXTS (SIM_NEXT_ALONE + 1)

/* What can happen next. */
struct sim_choice {
	enum sim_next what;
	size_t task;   /* SIM_NEXT_TASK: its place in the heap */
	unsigned node; /* of the others */
	unsigned snapshot;
};

/* A departure: at which step, and which choice. */
struct sim_departure {
	unsigned step, choice;
};

/* What all processes share. */
struct sim_shared {
	uint64_t states, same, runs, steps, forks, quarantines;
	struct {
		uint64_t hash;
		uint32_t left; /* departures that were left + 1; 0: empty */
	} visited[1 << SIM_VISITED_BITS];
};

struct sim_search {
	struct sim_search_options options;
	struct sim_shared *shared;
	char snapshot[2][112]; /* directories: before the draw, and when the offer was made */
	bool has_snapshot[2];
	bool used[SIM_NEXTS]; /* each fault comes once */
	unsigned left, step;
	unsigned first; /* how many departures from the plain story there were */
	struct sim_departure trail[SIM_TRAIL_MAX];
	unsigned trail_len;
	bool replays;
	struct sim_machine *last; /* whose core ran last */
	uint64_t calm;            /* the state of the random numbers before each step */
};

/* search_state.c */

/* Something that is no event happens to the machine, and makes another state of it. */
void sim_search_note(struct sim_machine *m, uint64_t what);

/* Whether the state of now was seen with as many departures left. Notes it. */
bool sim_search_seen(const struct sim_world *w);

/* search_choices.c: what can happen now. The first is the plain order. Returns how many. */
size_t sim_search_choices(const struct sim_world *w, struct sim_choice out[SIM_CHOICES_MAX]);

#endif
