/* The pages of signing in and out, of the authenticator and of the own password. */
#ifndef VIZ_TOOLS_WEB_SIGN_IN_H
#define VIZ_TOOLS_WEB_SIGN_IN_H

#include "tools/web/page.h"

extern const struct viz_route viz_sign_in_routes[];

#endif
