/* Why a point lies in no municipality: what its owner may have meant. */
#ifndef VIZ_TOOLS_GEO_ASTRAY_H
#define VIZ_TOOLS_GEO_ASTRAY_H

#include "tools/geo/gazetteer.h"

#define VIZ_ASTRAY_NEAR_M 50000u

enum viz_astray_kind {
	VIZ_ASTRAY_FAR,     /* nothing is known of it */
	VIZ_ASTRAY_ZERO,    /* 0, 0: a program wrote it for nothing */
	VIZ_ASTRAY_SIGNS,   /* with a minus that is missing it would lie in `town` */
	VIZ_ASTRAY_SWAPPED, /* with latitude and longitude exchanged */
	VIZ_ASTRAY_BOTH,    /* exchanged, and both without their minus */
	VIZ_ASTRAY_NEAR,    /* at sea or abroad, `metres` from the outline of `town` */
};

struct viz_astray {
	struct viz_point meant;       /* SIGNS, SWAPPED, BOTH */
	struct viz_municipality town; /* all but FAR and ZERO */
	uint32_t metres;              /* NEAR; at most VIZ_ASTRAY_NEAR_M */
};

/* A sign that is there is never called wrong. */
enum viz_astray_kind viz_astray_find(struct viz_astray *out, const struct viz_gazetteer *g,
				     struct viz_point p);

#endif
