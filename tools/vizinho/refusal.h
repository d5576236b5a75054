/* Why the daemon refused a request. */
#ifndef VIZ_TOOLS_VIZINHO_REFUSAL_H
#define VIZ_TOOLS_VIZINHO_REFUSAL_H

#include <jansson.h>

#include "tools/vizinho/command.h"

/* A sentence for the error object of the request {op, args}. It names what was asked for and, where
 * the state does not fit, what fits now. The daemon's own sentence, in English, stands where there
 * is no text for the error's code. */
void viz_refusal_text(char *out, size_t max, const struct viz_cli *cli, const json_t *request,
		      const json_t *error);

#endif
