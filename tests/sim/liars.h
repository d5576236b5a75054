/* What the files of the liars share. */
#ifndef VIZ_SIM_LIARS_H
#define VIZ_SIM_LIARS_H

#include "tests/sim/sim.h"

#define OLD_MAX 128

struct old_body {
	uint8_t *bytes;
	size_t len;
};

/* Two records for one place. They are sent for a while, because links may fail. */
struct forked {
	uint8_t *half[2]; /* message bodies */
	size_t len[2];
	unsigned again;
};

struct sim_liars {
	struct sim_rng rng;
	struct old_body old[SIM_NODES_MAX][OLD_MAX];
	struct forked forked[SIM_NODES_MAX];
	unsigned forks[SIM_NODES_MAX];
	enum sim_lie about_to; /* the lie to put into the record that is encoded now */
};

/* As sim_liars_takes, of an opportunity that has no number. */
bool sim_liars_chance(struct sim_world *w);

struct viz_net;
/* liars_protest.c: says of an honest origin, in every kind of PROTEST, what is not so. Called
 * within a batch. */
void sim_liars_protest(struct sim_world *w, struct viz_net *net);

#endif
