/* How many addresses lie in each cell of VIZ_AREA_LEVEL, while rows are read. */
#ifndef VIZ_TOOLS_GEO_CELL_COUNT_H
#define VIZ_TOOLS_GEO_CELL_COUNT_H

#include "tools/geo/cep_points_file.h"

/* A hash table with open addressing; zero is the empty one. */
struct viz_cell_counts {
	struct cell_count *slots; /* cell 0: the slot is free */
	size_t len, n;            /* len is a power of two */
};

/* One more address at the point. VIZ_ERR_NOMEM. */
int viz_cell_count_add(struct viz_cell_counts *c, struct viz_point p);

/* Moves the counts to the front of `slots`, ascending by cell. Nothing may be added after it. */
void viz_cell_count_sort(struct viz_cell_counts *c);

void viz_cell_count_free(struct viz_cell_counts *c);

#endif
