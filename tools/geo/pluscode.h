/* Open Location Code ("plus codes"), decoding only. Source: google/open-location-code,
 * specification "Open Location Code Specification" (alphabet, pair and grid steps, recovery of
 * short codes). */
#ifndef VIZ_TOOLS_GEO_PLUSCODE_H
#define VIZ_TOOLS_GEO_PLUSCODE_H

#include "proto/geo/cell.h"

/* The first plus code in `text`: where it starts and how long it is. VIZ_ERR_ABSENT. */
int viz_pluscode_find(size_t *start, size_t *len, const char *text);

/* Whether the code lacks its first two, four or six digits. */
bool viz_pluscode_is_short(const char *code, size_t len);

/* The middle of the code's area, and half of the area's longer side in microdegrees. A short code
 * is completed so that it is nearest to `near`. A full code does not use `near`. VIZ_ERR_INPUT. */
int viz_pluscode_decode(struct viz_point *middle, uint32_t *half_udeg, const char *code, size_t len,
			struct viz_point near);

#endif
