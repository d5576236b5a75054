/* The service, and its user, who must be able to use what `init` has made. */
#ifndef VIZ_TOOLS_VIZINHO_SERVICE_H
#define VIZ_TOOLS_VIZINHO_SERVICE_H

#include <jansson.h>

#include "tools/vizinho/command.h"

#define VIZ_SERVICE_UNIT "vizinhod.service"

/* Root gives the files of the state directory to the directory's owner. Nobody else can, and it
 * does nothing. An exit status, with the error printed. */
int viz_service_give(const struct viz_cli *cli, const char *state);

/* Starts the service. An exit status, with the error printed. */
int viz_service_start(const struct viz_cli *cli);

/* Prints a warning, and adds it to `warnings` (an array), when the user of the service does not own
 * the state or cannot read the configuration. For the default state directory this is the packaged
 * user, if it exists; else it is the owner of the state. */
void viz_service_warn(json_t *warnings, const struct viz_cli *cli, const char *state,
		      const char *config);

#endif
