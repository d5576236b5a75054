/* One point for each postcode, finer than the gazetteer, and how many addresses lie in each cell of
 * VIZ_AREA_LEVEL. An operator imports them once (`geo import`) from IBGE's CNEFE, which has a row
 * for each address, or any CSV of postcode, latitude, longitude, into one file that is mapped into
 * memory. The point of a postcode is the mean of its rows. Its precision says how far these lie
 * apart. */
#ifndef VIZ_TOOLS_GEO_CEP_POINTS_H
#define VIZ_TOOLS_GEO_CEP_POINTS_H

#include "tools/geo/gazetteer.h"
#include "node/host/lang.h"

#define VIZ_CEP_POINTS_LINES     5u       /* line numbers kept for each reason */
#define VIZ_CEP_POINTS_MAX       4000000u /* postcodes in one file; Brazil has some 1.2 million */
#define VIZ_CEP_POINTS_CELLS_MAX 4000000u /* cells in one file; Brazil has some 1.6 million */

struct viz_cep_points;

/* Why a row was left out. */
enum viz_cep_points_skip {
	VIZ_CEP_POINTS_BROKEN, /* too long, other columns than the header's, an open quote */
	VIZ_CEP_POINTS_NO_CEP,
	VIZ_CEP_POINTS_NO_POINT,
	VIZ_CEP_POINTS_ABROAD,
	VIZ_CEP_POINTS_GENERAL,   /* the postcode is not of one street */
	VIZ_CEP_POINTS_UNKNOWN,   /* the postcode is in no range of the directory */
	VIZ_CEP_POINTS_ELSEWHERE, /* the point is more than 2 km off the postcode's municipality */
	VIZ_CEP_POINTS_SKIPS,
};

struct viz_cep_points_skipped {
	size_t n;
	unsigned lines[VIZ_CEP_POINTS_LINES]; /* the first of them */
};

enum viz_cep_points_fault {
	VIZ_CEP_POINTS_SOUND = 0,
	VIZ_CEP_POINTS_UNREADABLE,
	VIZ_CEP_POINTS_EMPTY,
	VIZ_CEP_POINTS_BINARY,
	VIZ_CEP_POINTS_SPREADSHEET,
	VIZ_CEP_POINTS_HEADER,
	VIZ_CEP_POINTS_NO_ROWS,
	VIZ_CEP_POINTS_TOO_MANY,
	VIZ_CEP_POINTS_NOT_WRITTEN,
	VIZ_CEP_POINTS_NO_MEMORY,
};

/* What an import has read. */
struct viz_cep_points_report {
	size_t rows;
	size_t postcodes;
	size_t skipped; /* rows that were left out, for the reasons in `skip` */
	struct viz_cep_points_skipped skip[VIZ_CEP_POINTS_SKIPS];
	enum viz_cep_points_fault fault;
	unsigned line; /* where the fault is; 0: it is of the whole file */
	int error;     /* errno of a file that cannot be read or written, else 0 */
};

/* Reads `csv` row by row and writes `out`, which appears whole or not at all. Memory grows with the
 * number of postcodes, not of rows. With a gazetteer (or NULL) it leaves out rows that contradict
 * the directory of postcodes. VIZ_ERR_INPUT when the file is not there or has no known columns (the
 * report says which), VIZ_ERR_LIMIT, VIZ_ERR_NOMEM, VIZ_ERR_STORE when `out` cannot be written. */
int viz_cep_points_import(struct viz_cep_points_report *report, const char *out, const char *csv,
			  const struct viz_gazetteer *gazetteer);

/* The words for people, and the name for JSON. */
const char *viz_cep_points_import_fault_text(enum viz_cep_points_fault fault, enum viz_lang lang);
const char *viz_cep_points_import_skip_text(enum viz_cep_points_skip skip, enum viz_lang lang);
const char *viz_cep_points_import_skip_name(enum viz_cep_points_skip skip);

/* Where the import puts its points unless $VIZINHO_CEP_POINTS names another file. */
#define VIZ_CEP_POINTS_PATH "/var/lib/vizinho/cep-points.bin"
const char *viz_cep_points_path(void);

/* VIZ_ERR_ABSENT, VIZ_ERR_FORM, VIZ_ERR_NOMEM. */
int viz_cep_points_open(struct viz_cep_points **points, const char *path);
void viz_cep_points_close(struct viz_cep_points *points);
size_t viz_cep_points_count(const struct viz_cep_points *points);

/* VIZ_ERR_ABSENT. */
int viz_cep_points_find(const struct viz_cep_points *points, struct viz_point *point,
			uint32_t *precision_m, uint32_t cep);

/* How many rows lie in the cell of VIZ_AREA_LEVEL: those that gave a point, and those with the
 * postcode of no street. */
uint32_t viz_cep_points_addresses(const struct viz_cep_points *points, uint64_t cell);

#endif
