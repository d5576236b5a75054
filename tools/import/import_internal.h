/* What the parsers of the import share: functions that take and check what a parser finds, and that
 * note what is wrong and where. A parser goes on after an error, so that a person sees all errors
 * at once. */
#ifndef VIZ_TOOLS_IMPORT_INTERNAL_H
#define VIZ_TOOLS_IMPORT_INTERNAL_H

#include "tools/import/import.h"
#include "tools/import/texts.h"
#include "proto/text_check.h"

#define IMPORT_ZOOM_MIN     8u
#define IMPORT_ZOOM_MAX     18u
#define IMPORT_CEPS_MAX     2000000u /* rows of postcodes, before ranges are joined */
#define IMPORT_FEATURES_MAX 1000000u

/* A place in the file. What is not known is 0 or "". */
struct import_where {
	unsigned line;
	unsigned column;
	unsigned feature;
	unsigned part;
	char inner[64];
	char name[96];
};

/* The polygon that is being read. Its rings are kept apart until all are known: which of them are
 * holes of which is decided then. */
struct import_polygon {
	struct viz_geometry rings; /* each as a polygon of its own */
	struct import_ring *as;    /* what each one is */
	size_t as_max;
	bool left_out; /* a ring cannot be used, and so the polygon cannot */
};

struct import_job {
	struct viz_import *out;
	struct viz_import_report *report;
	const struct viz_import_options *opt;
	uint32_t radius_m;
	unsigned zoom;
	struct import_where where; /* the place that is being read */
	struct viz_cep_range *ceps;
	size_t ceps_n, ceps_max;
	struct import_polygon polygon;
	uint8_t *whole;      /* a flag for each municipality */
	uint8_t *beside;     /* the same: those whose outline the plant lies a little outside of */
	size_t left_out_max; /* allocated */
	size_t used;         /* count of polygons, points, postcodes, municipalities taken */
	/* the counts when the feature began */
	size_t used_before, ignored_before, errors_before, left_out_before;
	struct import_where largest; /* the place of the polygon or circle with the largest box */
	double largest_size;
	int fatal; /* the import ends: VIZ_ERR_NOMEM, VIZ_ERR_LIMIT, VIZ_ERR_INPUT with an error
		      noted */
};

/* Notes an error or a warning at job->where, in the language of the options. */
#define viz_import_error(job, code, text, ...)                                                     \
	(VIZ_TEXT_CHECK(text, ##__VA_ARGS__),                                                      \
	 viz_import_report_error(job, code, text, ##__VA_ARGS__))
#define viz_import_warning(job, code, text, ...)                                                   \
	(VIZ_TEXT_CHECK(text, ##__VA_ARGS__),                                                      \
	 viz_import_report_warning(job, code, text, ##__VA_ARGS__))
void viz_import_report_error(struct import_job *job, enum viz_import_code code,
			     enum viz_import_text text, ...);
void viz_import_report_warning(struct import_job *job, enum viz_import_code code,
			       enum viz_import_text text, ...);

/* Notes why the part at job->where is left out. */
#define viz_import_leave_out(job, code, text, ...)                                                 \
	(VIZ_TEXT_CHECK(text, ##__VA_ARGS__),                                                      \
	 viz_import_report_leave_out(job, code, text, ##__VA_ARGS__))
void viz_import_report_leave_out(struct import_job *job, enum viz_import_code code,
				 enum viz_import_text text, ...);
/* Makes errors of all parts that were left out: nothing else is in the file, or it is refused. */
void viz_import_report_left_out_errors(struct import_job *job);

/* Counts what is ignored, and warns. */
void viz_import_report_ignore(struct import_job *job, enum viz_import_ignored kind);

/* Called before and after each feature or row, which is counted when it gave coverage. */
void viz_import_report_feature(struct import_job *job);
void viz_import_report_feature_end(struct import_job *job);

/* Names the feature in the notes that follow. Any text will do: it is cut to fit. */
void viz_import_report_name(struct import_job *job, const char *name);

/* Reads a point from two texts or numbers. False with the error noted. */
bool viz_import_plant_lat_lon(struct import_job *job, struct viz_point *p, const char *lat,
			      const char *lon);
bool viz_import_plant_lat_lon_double(struct import_job *job, struct viz_point *p, double lat,
				     double lon);

/* Whether all points may be where they are. With a point that was written wrong an error is noted,
 * and else that the part is left out. */
bool viz_import_plant_points(struct import_job *job, const struct viz_point *points, size_t n);
/* Notes that the part is left out, or an error for what no part can mend: a limit, no memory. */
void viz_import_plant_fault(struct import_job *job, enum viz_geometry_fault fault);
/* Remembers the part of the largest box, for the error about a plant that is too large. */
void viz_import_plant_size(struct import_job *job, double size);
/* The municipality beside a place that is in none, within the tolerance. Warns of the distance.
 * False when there is none: nothing is noted. */
bool viz_import_plant_beside(struct import_job *job, const struct viz_point *points, size_t n);

/* What the file says that a ring is. */
enum import_ring_kind {
	IMPORT_RING_OUTER,
	IMPORT_RING_HOLE, /* KML says so */
	IMPORT_RING_NEXT, /* GeoJSON: a hole, but many programs write islands in this way */
};

/* A polygon: its rings as the file has them, the outer one first, and then its end. A ring whose
 * last point is not its first is closed with a warning. */
void viz_import_polygon_begin(struct import_job *job);
void viz_import_polygon_ring(struct import_job *job, const struct viz_point *points, size_t n,
			     enum import_ring_kind kind);
void viz_import_polygon_end(struct import_job *job);
void viz_import_polygon_free(struct import_polygon *polygon);

/* Takes a point with its radius, or 0 for the default. */
void viz_import_plant_circle(struct import_job *job, struct viz_point center, uint32_t radius_m);
/* Reads "150", "150 m", "0,15 km". False when the text is no radius. */
bool viz_import_collect_radius(uint32_t *radius_m, const char *text);

void viz_import_collect_cep(struct import_job *job, struct viz_cep_range range);
void viz_import_collect_municipality(struct import_job *job, uint32_t ibge);
/* The plant lies a little outside of this one's outline. */
void viz_import_collect_beside(struct import_job *job, uint32_t ibge);

/* Called when the whole file is read: fills job->out with the cells, postcodes and municipalities
 * that follow from it. VIZ_ERR_LIMIT with an error noted when that is too much, VIZ_ERR_NOMEM. */
int viz_import_collect_derive(struct import_job *job);

/* Whether a heading, or the name of a property, says that persons are in the file: "CPF",
 * "Cliente", "Telefone"; whether a value does. */
bool viz_import_personal_heading(const char *text);
bool viz_import_personal_value(const char *text);
/* Refuses the file, and forgets what was noted about it. */
void viz_import_personal_refuse(struct import_job *job);

/* The parsers. `bytes` has a NUL after it. */
void viz_import_geojson(struct import_job *job, const char *bytes, size_t len);
void viz_import_csv(struct import_job *job, const char *bytes, size_t len);
/* `archive`: the file is one of several in an archive, which are all read. */
void viz_import_kml(struct import_job *job, const char *bytes, size_t len, bool archive);
void viz_import_kmz(struct import_job *job, const uint8_t *bytes, size_t len);

#endif
