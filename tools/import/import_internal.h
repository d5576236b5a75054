/* What the parsers of the import share: one collector that checks what they find and keeps account
 * of what is wrong, by name and place. A parser goes on after an error, so that all are told at
 * once. */
#ifndef VIZ_TOOLS_IMPORT_INTERNAL_H
#define VIZ_TOOLS_IMPORT_INTERNAL_H

#include "tools/import/import.h"

#define IMPORT_ZOOM_MIN     8u
#define IMPORT_ZOOM_MAX     18u
#define IMPORT_CEPS_MAX     2000000u /* rows, before they are joined */
#define IMPORT_FEATURES_MAX 1000000u

/* Where in the file: what is not known is 0 or "". */
struct import_where {
	unsigned line;
	unsigned column;
	unsigned feature;
	char inner[64];
	char name[96];
};

struct import_job {
	struct viz_import *out;
	struct viz_import_report *report;
	const struct viz_import_options *opt;
	uint32_t radius_m;
	unsigned zoom;
	struct import_where where; /* of what is being read */
	struct viz_cep_range *ceps;
	size_t ceps_n, ceps_max;
	uint8_t *whole; /* a flag for each municipality */
	size_t used;    /* polygons, points, postcodes, municipalities handed in */
	size_t used_before, ignored_before, errors_before; /* when the feature began */
	struct import_where largest; /* the polygon or circle that is largest, by its box */
	double largest_size;
	int fatal; /* VIZ_ERR_NOMEM and the like: give up */
};

/* A formatted note at job->where; `pt` takes the same arguments as `en`, in the same order. */
__attribute__((format(printf, 3, 5), format(printf, 4, 5))) void
viz_import_error(struct import_job *job, enum viz_import_code code, const char *en, const char *pt,
		 ...);
__attribute__((format(printf, 3, 5), format(printf, 4, 5))) void
viz_import_warning(struct import_job *job, enum viz_import_code code, const char *en,
		   const char *pt, ...);

/* The same with texts that are ready. */
void viz_import_error_text(struct import_job *job, enum viz_import_code code, const char *en,
			   const char *pt);

/* Counts and warns. */
void viz_import_ignore(struct import_job *job, enum viz_import_ignored kind);

/* A feature or a row, from its first byte to its last: counted when it gave any coverage. */
void viz_import_feature(struct import_job *job);
void viz_import_feature_end(struct import_job *job);

/* Names the feature in the notes that follow; any text, cut to fit. */
void viz_import_name(struct import_job *job, const char *name);

/* One number of a coordinate, as text or as a double: false, with the error noted. */
bool viz_import_lat_lon(struct import_job *job, struct viz_point *p, const char *lat,
			const char *lon);
bool viz_import_lat_lon_double(struct import_job *job, struct viz_point *p, double lat, double lon);

/* A ring of a polygon as the file has it (first and last point equal, or a warning). */
void viz_import_ring(struct import_job *job, const struct viz_point *points, size_t n, bool hole);
/* After the last ring of a polygon: where it lies. */
void viz_import_polygon_end(struct import_job *job);

/* A point with the radius, 0 for the option's. */
void viz_import_circle(struct import_job *job, struct viz_point center, uint32_t radius_m);
/* "150", "150 m", "0,15 km": false when it is no radius. */
bool viz_import_radius(uint32_t *radius_m, const char *text);

void viz_import_cep(struct import_job *job, struct viz_cep_range range);
void viz_import_municipality(struct import_job *job, uint32_t ibge);

/* When the whole file is read: fills job->out with the cells, postcodes and municipalities that
 * follow from it. VIZ_ERR_LIMIT with an error noted when that is too much, VIZ_ERR_NOMEM. */
int viz_import_derive(struct import_job *job);

/* The parsers. `bytes` has a NUL behind it. */
void viz_import_geojson(struct import_job *job, const char *bytes, size_t len);
void viz_import_csv(struct import_job *job, const char *bytes, size_t len);
/* `archive`: other files of the same archive are read as well. */
void viz_import_kml(struct import_job *job, const char *bytes, size_t len, bool archive);
void viz_import_kmz(struct import_job *job, const uint8_t *bytes, size_t len);

#endif
