/* Who is known already: other leads with the telephone or the address of this one. It is asked
 * once, after a claim, a choice or an offer with a contact (`?alike=1` in the address), or when
 * somebody wants to know: the node logs each lead that it finds as a view. */
#ifndef VIZ_TOOLS_WEB_DESK_ALIKE_H
#define VIZ_TOOLS_WEB_DESK_ALIKE_H

#include "tools/web/page.h"

/* Goes to the page of a lead ("/desk/leads/", "/desk/inbox/") that asks. */
void viz_desk_alike_go(struct viz_page *p, const char *where, const char *id);
/* For the lead of the path, when the address asks: the last request of its round. */
void viz_desk_alike_ask(struct viz_page *p);
/* Sets `alike`: what was found by the i-th request, if there was one. */
void viz_desk_alike_show(struct viz_page *p, size_t i);

#endif
