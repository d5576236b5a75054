/* The entries of a file of points, for its writer (cep_points_import.c) and its reader. */
#ifndef VIZ_TOOLS_GEO_CEP_POINTS_FILE_H
#define VIZ_TOOLS_GEO_CEP_POINTS_FILE_H

#include "proto/geo/cell.h"

/* In the byte order of the machine: the one that makes the file reads it. */
struct cep_point {
	uint32_t cep;
	struct viz_point point;
	uint32_t precision_m;
};

/* How many addresses lie in a cell of VIZ_AREA_LEVEL. */
struct cell_count {
	uint64_t cell;
	uint32_t addresses;
	uint32_t unused;
};

/* Sorts the entries, writes them and the cells, which ascend, to a file beside `path` and renames
 * that, so that a process which has the old file open keeps it. VIZ_ERR_STORE. */
int viz_cep_points_write(const char *path, struct cep_point *entries, size_t n,
			 const struct cell_count *cells, size_t cells_n);

#endif
