/* A place that was found, as the node takes it: `place` of node/CONTROL.md. */
#ifndef VIZ_TOOLS_GEO_PLACE_JSON_H
#define VIZ_TOOLS_GEO_PLACE_JSON_H

#include <jansson.h>

#include "tools/geo/place.h"

/* A new reference. It has a cell for the area where the imported points (NULL: there are none) show
 * at least VIZ_AREA_ADDRESSES addresses in one that holds the place. */
json_t *viz_place_json(const struct viz_place *place, const struct viz_cep_points *points);

#endif
