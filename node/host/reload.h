/* The configuration, read again while the daemon runs. */
#ifndef VIZ_NODE_HOST_RELOAD_H
#define VIZ_NODE_HOST_RELOAD_H

#include "node/host/config.h"
#include "node/host/event.h"

/* The event SETTINGS with what the core uses of it. */
struct viz_host_event *viz_host_reload_event(const struct viz_config *config);

/* Reads `file`. What can change at once goes into *config, and true; the log says what needs a
 * start. False: the file is wrong, the log says where, and *config is as it was. */
bool viz_host_reload_read(struct viz_config *config, const char *file);

#endif
