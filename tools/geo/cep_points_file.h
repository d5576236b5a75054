/* The entries of a file of points, for who makes it (cep_import.c) and who reads it. */
#ifndef VIZ_TOOLS_GEO_CEP_POINTS_FILE_H
#define VIZ_TOOLS_GEO_CEP_POINTS_FILE_H

#include "proto/geo/cell.h"

/* In the byte order of the machine that made it, which is the one that reads it. */
struct cep_point {
	uint32_t cep;
	struct viz_point point;
	uint32_t precision_m;
};

/* Sorts the entries, and writes them beside `path`, then renames: whoever has the old file open
 * keeps it. VIZ_ERR_STORE. */
int viz_cep_points_write(const char *path, struct cep_point *entries, size_t n);

#endif
