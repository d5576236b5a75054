#include "node/host/alloc.h"

#include "proto/base.h"

void *viz_host_alloc(size_t bytes)
{
	void *p = calloc(1, bytes > 0 ? bytes : 1);

	VIZ_REQUIRE(p != NULL);
	return p;
}
