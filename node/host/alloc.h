/* Memory for the host's small objects. */
#ifndef VIZ_NODE_HOST_ALLOC_H
#define VIZ_NODE_HOST_ALLOC_H

#include <stddef.h>

/* Zeroed memory, never NULL. Where there is none the process ends: the host has no state that is
 * worth going on without. */
void *viz_host_alloc(size_t bytes);

#endif
