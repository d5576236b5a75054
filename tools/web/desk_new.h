/* A new offer at the desk: the cancellation and the new address; who serves it; then the texts are
 * read aloud, or the customer gets a link. Each step is a POST that carries what was typed, so that
 * nothing about a person is in an address, and nothing is kept here between two steps. */
#ifndef VIZ_TOOLS_WEB_DESK_NEW_H
#define VIZ_TOOLS_WEB_DESK_NEW_H

#include "tools/web/page.h"

extern const struct viz_route viz_desk_new_routes[];

/* The request that lead.lookup, lead.draw, lead.offer, lead.later, lead.keep and link.create have
 * in common, of the fields that each step carries. A new reference. NULL: `place` is none. */
json_t *viz_desk_new_args(const struct viz_page *p);
/* The same without what a look-up does not take. */
json_t *viz_desk_new_place_args(const struct viz_page *p);
/* The names of these fields, for viz_desk_model_carry. */
extern const char *const viz_desk_new_carried[];

#endif
