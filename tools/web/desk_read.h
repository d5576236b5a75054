/* What follows when it is known who serves the address: a draw whose names and texts are read to
 * the customer, the answers, the offer; or the transfer to our own plant; or the customer's link.
 */
#ifndef VIZ_TOOLS_WEB_DESK_READ_H
#define VIZ_TOOLS_WEB_DESK_READ_H

#include "tools/web/page.h"

extern const struct viz_route viz_desk_read_routes[];

/* The path of a lead of ours; `out` holds so many bytes. */
#define VIZ_DESK_PATH_MAX 160
void viz_desk_read_lead_path(char out[VIZ_DESK_PATH_MAX], const json_t *result);

#endif
