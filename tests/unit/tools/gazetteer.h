/* The gazetteer, open for all tests of a group. */
#ifndef VIZ_TESTS_GAZETTEER_H
#define VIZ_TESTS_GAZETTEER_H

#include "tools/geo/gazetteer.h"

static struct viz_gazetteer *g;

/* For cmocka_run_group_tests. */
static inline int gazetteer_setup(void **state)
{
	(void)state;
	return viz_gazetteer_open(&g, NULL);
}

static inline int gazetteer_teardown(void **state)
{
	(void)state;
	viz_gazetteer_close(g);
	return 0;
}

#endif
