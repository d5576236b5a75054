/* The choice that the customer makes aloud, at the desk. The proposals were read in their order;
 * so this needs the text of the second consent and a reference of the evidence
 * (proto/PROTOCOL.md, section 15). */
#ifndef VIZ_TOOLS_WEB_DESK_CHOOSE_H
#define VIZ_TOOLS_WEB_DESK_CHOOSE_H

#include "tools/web/page.h"

extern const struct viz_route viz_desk_choose_routes[];

#endif
