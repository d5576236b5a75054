/* Which leads of partners are taken: hours, how many a day, towns, a pause. Everybody at the desk
 * sees it; an admin sets it. */
#ifndef VIZ_TOOLS_WEB_DESK_POLICY_H
#define VIZ_TOOLS_WEB_DESK_POLICY_H

#include "tools/web/page.h"

extern const struct viz_route viz_desk_policy_routes[];

/* Sets `stopped` when no leads of partners are taken now: why, and until when. */
void viz_desk_policy_note(struct viz_page *p, const json_t *policy);

#endif
