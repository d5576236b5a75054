/* A core with a real store, without links. The test calls its functions, and gives it records. */
#ifndef VIZ_TESTS_BED_H
#define VIZ_TESTS_BED_H

#include "node/core/event.h"
#include "proto/base.h"
#include "tests/unit/scratch.h"

struct viz_node;
struct viz_store;
struct viz_vault;

struct bed {
	char dir[SCRATCH_PATH];
	struct viz_store *store;
	struct viz_vault *vault;
	struct viz_node *node;
	struct viz_effects fx;
	struct viz_time now;
};

/* For cmocka. The node is open and has run nothing yet; bed_setup has a time of its own. */
int bed_setup(void **state);
int bed_setup_at(void **state, struct viz_time now);
int bed_teardown(void **state);

/* Closing and opening is a restart: the store stays. */
void bed_open(struct bed *b);
void bed_close(struct bed *b);

/* One batch without events. */
void bed_run(struct bed *b);

/* Between the two, the test may call what the core calls within a batch. */
void bed_begin(struct bed *b);
void bed_end(struct bed *b);

#endif
