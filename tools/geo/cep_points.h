/* Finer data than the gazetteer's: one point for each postcode, imported once by an operator from
 * IBGE's CNEFE or any CSV of postcode, latitude, longitude (`geo import`), into one compact file
 * that is mapped into memory. A postcode's point is the middle of its rows', and its precision says
 * how far they lie apart. */
#ifndef VIZ_TOOLS_GEO_CEP_POINTS_H
#define VIZ_TOOLS_GEO_CEP_POINTS_H

#include "proto/cell.h"

#define VIZ_CEP_POINTS_MAX 4000000u /* postcodes in one file; Brazil has some 1.2 million */

struct viz_cep_points;

/* What an import read. */
struct viz_cep_points_report {
	size_t rows;
	size_t postcodes;
	size_t skipped; /* rows without a usable postcode or point */
	unsigned line;  /* of the first error, or of the first row skipped */
	char message[160];
};

/* Reads `csv` row by row, in memory that grows with the postcodes and not the rows, and writes
 * `out`, which appears whole or not at all. VIZ_ERR_INPUT (no such file, no known columns: the
 * report tells), VIZ_ERR_LIMIT, VIZ_ERR_NOMEM, VIZ_ERR_STORE when `out` cannot be written. */
int viz_cep_points_import(struct viz_cep_points_report *report, const char *out, const char *csv);

/* Where the import puts its points; $VIZINHO_CEP_POINTS comes before it. */
#define VIZ_CEP_POINTS_PATH "/var/lib/vizinho/cep-points.bin"
const char *viz_cep_points_path(void);

/* VIZ_ERR_ABSENT, VIZ_ERR_FORM, VIZ_ERR_NOMEM. */
int viz_cep_points_open(struct viz_cep_points **points, const char *path);
void viz_cep_points_close(struct viz_cep_points *points);
size_t viz_cep_points_count(const struct viz_cep_points *points);

/* VIZ_ERR_ABSENT. */
int viz_cep_points_find(const struct viz_cep_points *points, struct viz_point *point,
			uint32_t *precision_m, uint32_t cep);

#endif
