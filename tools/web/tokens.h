/* The page of an admin about the tokens of programs. */
#ifndef VIZ_TOOLS_WEB_TOKENS_H
#define VIZ_TOOLS_WEB_TOKENS_H

#include "tools/web/page.h"

extern const struct viz_route viz_tokens_routes[];

#endif
