/* Makes arcs from polygons that share their borders point by point. Each stretch of border is kept
 * once, with the municipality on either side, so that there is neither gap nor overlap between
 * neighbours. Only the builder of the gazetteer uses this: a failure ends the process. */
#ifndef VIZ_TOOLS_GEO_TOPOLOGY_H
#define VIZ_TOOLS_GEO_TOPOLOGY_H

#include "tools/geo/gazetteer_map.h"

struct topo_ring {
	uint32_t first; /* into `corners` */
	uint32_t n;
	uint16_t owner;
};

struct topo_edge {
	uint32_t a, b; /* vertices, a < b */
	uint16_t left, right;
	uint32_t arc; /* + 1; 0: none yet */
};

struct topology {
	struct viz_point *vertices;
	uint32_t *degree; /* edges at a vertex */
	size_t vertices_n, vertices_max;
	uint32_t *vertex_hash;
	size_t vertex_hash_len;
	struct topo_edge *edges;
	size_t edges_n, edges_max;
	uint32_t *edge_hash;
	size_t edge_hash_len;
	uint32_t *corners; /* vertices of the rings */
	size_t corners_n, corners_max;
	struct topo_ring *rings;
	size_t rings_n, rings_max;
	size_t conflicts; /* edges that two municipalities claim from the same side */

	/* the result: arrays of struct viz_gazetteer */
	struct gaz_ring *out_rings; /* one for each ring, in their order */
	uint32_t *refs;
	size_t refs_n, refs_max;
	struct gaz_arc *arcs;
	size_t arcs_n, arcs_max;
	struct viz_point *points;
	size_t points_n, points_max;
};

/* Adds a ring of `owner`, closed or open. The rings of one owner must follow each other. */
void viz_topology_add(struct topology *t, uint16_t owner, const struct viz_point *ring, size_t n);

void viz_topology_build(struct topology *t);

/* The array, with place for one more item of `size` bytes. Without memory the process ends. */
void *viz_topology_grow(void *array, size_t *max, size_t n, size_t size);

#endif
