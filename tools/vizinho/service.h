/* The user that vizinhod runs as: what `init` has made must be within its reach. */
#ifndef VIZ_TOOLS_VIZINHO_SERVICE_H
#define VIZ_TOOLS_VIZINHO_SERVICE_H

#include <jansson.h>

#include "tools/vizinho/command.h"

/* Says, and adds to `warnings` (an array), when the service's user does not own the state or cannot
 * read the configuration. The user is the packaged one for the default state directory, where it
 * exists, and else the state's owner. */
void viz_service_warn(json_t *warnings, const struct viz_cli *cli, const char *state,
		      const char *config);

#endif
