/* The first pages of both listeners. */
#ifndef VIZ_TOOLS_WEB_START_H
#define VIZ_TOOLS_WEB_START_H

#include "tools/web/page.h"

extern const struct viz_route viz_start_routes[];

#endif
