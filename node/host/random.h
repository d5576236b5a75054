/* The kernel's random source: the only one of the project. */
#ifndef VIZ_NODE_HOST_RANDOM_H
#define VIZ_NODE_HOST_RANDOM_H

#include "proto/base.h"

/* Fills `out` by getrandom(2). Ends the process when the kernel refuses: nothing can go on then. */
void viz_host_random(uint8_t *out, size_t len);

#endif
