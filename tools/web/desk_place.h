/* The new address as the agent types it: found with the gazetteer, and with the finer points of
 * `geo import` where there are some (tools/geo/place.h). */
#ifndef VIZ_TOOLS_WEB_DESK_PLACE_H
#define VIZ_TOOLS_WEB_DESK_PLACE_H

#include "tools/web/page.h"

/* Finds `text`. `home`: the state in which we serve most, which decides between equal names; 0: it
 * is not known. True: *place is what the node takes, *words what was understood, and *sure whether
 * nobody needs to confirm it. False: *words says what is wrong. All are new references. */
bool viz_desk_place_find(json_t **place, json_t **words, bool *sure, enum viz_lang lang,
			 const char *text, json_int_t home);

#endif
