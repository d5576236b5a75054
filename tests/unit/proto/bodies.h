/* Every body of the protocol with random valid values, from a seed: the same ones in every run.
 * What cannot be made fails the test. */
#ifndef VIZ_TESTS_BODIES_H
#define VIZ_TESTS_BODIES_H

#include <stdbool.h>

#include "proto/writer.h"

struct viz_body {
	const char *name; /* of its codec */
	void (*make)(struct viz_writer *w);
	/* What it may take: the record's limit without the largest envelope around it, or a named
	 * limit. */
	size_t bytes_max;
};

extern const struct viz_body viz_bodies[];
extern const size_t viz_body_count;

/* The bodies made from here on follow from the seed `from`; with `at_limits` everything in them is
 * at its limit, in place of random. */
void viz_bodies_start(uint64_t from, bool at_limits);

#endif
