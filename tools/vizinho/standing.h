/* How things stand between us and a peer. */
#ifndef VIZ_TOOLS_VIZINHO_STANDING_H
#define VIZ_TOOLS_VIZINHO_STANDING_H

#include <jansson.h>

#include "tools/vizinho/command.h"

#define VIZ_STANDING_MAX 128 /* bytes, with the final NUL */

/* Of a peer as the daemon gives it: "partner from 2026-11-27 11:29". */
void viz_standing_text(char out[VIZ_STANDING_MAX], const struct viz_cli *cli, const json_t *peer);

#endif
