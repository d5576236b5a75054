/* Names of municipalities in what is printed as JSON: the node knows codes only. */
#ifndef VIZ_TOOLS_VIZINHO_NAMES_H
#define VIZ_TOOLS_VIZINHO_NAMES_H

#include <jansson.h>

/* Gives each {"code"} under "municipality" and in "municipalities" its "name". Without a gazetteer
 * they have none. */
void viz_names_add(json_t *value);

#endif
