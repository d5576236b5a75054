/* The configuration that `vizinho init` writes. */
#ifndef VIZ_TOOLS_VIZINHO_INIT_CONFIG_H
#define VIZ_TOOLS_VIZINHO_INIT_CONFIG_H

#include "proto/base.h"

enum viz_init_config {
	VIZ_INIT_CONFIG_MADE,   /* there was none */
	VIZ_INIT_CONFIG_FILLED, /* the one that was there sets nothing but what is installed */
	VIZ_INIT_CONFIG_KEPT,   /* the one that was there sets something: it is as it was */
	VIZ_INIT_CONFIG_FAILED, /* errno says why; nothing has changed */
};

/* Writes [node] with `values` of `keys`, which NULL ends. A value that is NULL is left out. In a
 * file that sets nothing each value takes the place of the line that shows its key ("#name = ..."),
 * so that the explanations stay. */
enum viz_init_config viz_init_config_write(const char *path, const char *const *keys,
					   const char *const *values);

#endif
