/* Every body of the protocol with random valid values from a seed, the same in every run. A
 * value that cannot be made fails the test. */
#ifndef VIZ_TESTS_BODIES_H
#define VIZ_TESTS_BODIES_H

#include <stdbool.h>

#include "proto/writer.h"

struct viz_body {
	const char *name; /* of its codec */
	void (*make)(struct viz_writer *w);
	/* The limit of its size: a named limit, or that of the record without the largest
	 * envelope. */
	size_t bytes_max;
};

extern const struct viz_body viz_bodies[];
extern const size_t viz_body_count;

/* Bodies that are made after this call depend on the seed `from`. With `at_limits` every value
 * is at its limit instead of random. */
void viz_bodies_start(uint64_t from, bool at_limits);

#endif
