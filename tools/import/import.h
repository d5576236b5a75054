/* Imports files of coverage: GeoJSON, CSV, KML, KMZ. All of a file is read and checked before
 * anything is given out, so that nothing is half imported after an error.
 *
 * What is written wrong is an error. A part that is well written and cannot be used (at sea,
 * abroad, without area, a hole that leaves its polygon) is left out, and named in `left_out`. When
 * nothing else is in the file, these are its errors. */
#ifndef VIZ_TOOLS_IMPORT_IMPORT_H
#define VIZ_TOOLS_IMPORT_IMPORT_H

#include <stdio.h>

#include "proto/geo/region.h"
#include "tools/geo/gazetteer.h"
#include "node/host/lang.h"

#define VIZ_IMPORT_FILE_BYTES_MAX (256u << 20)
#define VIZ_IMPORT_ERRORS_MAX     20u    /* kept with their text; all are counted */
#define VIZ_IMPORT_WARNINGS_MAX   50u    /* kept with their text; all are counted */
#define VIZ_IMPORT_LEFT_OUT_MAX   10000u /* parts that are left out of one file */
#define VIZ_IMPORT_MESSAGE_BYTES  320u
#define VIZ_IMPORT_DEFAULT_ZOOM   16u
#define VIZ_IMPORT_DEFAULT_RADIUS 100u /* metres around a box (CTO) */

enum viz_import_format {
	VIZ_IMPORT_BY_NAME = 0, /* by the extension, then by the first bytes */
	VIZ_IMPORT_GEOJSON,
	VIZ_IMPORT_CSV,
	VIZ_IMPORT_KML,
	VIZ_IMPORT_KMZ,
};

struct viz_import_options {
	enum viz_import_format format;
	const struct viz_gazetteer *gazetteer; /* borrowed; must be there */
	unsigned zoom;                         /* of the published cells, 8 to 18; 0: the default */
	uint32_t radius_m;                     /* of points without a radius; 0: the default */
	enum viz_lang lang;                    /* of the notes */
	const char *sheet; /* of a workbook, by name or number; NULL: the best */
	bool allow_abroad; /* keep what lies outside Brazil, without an error */
};

enum viz_import_code {
	VIZ_IMPORT_OK = 0,
	VIZ_IMPORT_UNREADABLE, /* no such file, no permission, too long */
	VIZ_IMPORT_SYNTAX,     /* not well formed: JSON, XML, zip, CSV */
	VIZ_IMPORT_EXPECTED,   /* well formed, but not what is expected here */
	VIZ_IMPORT_SWAPPED,    /* latitude and longitude exchanged */
	VIZ_IMPORT_ABROAD,     /* at sea or abroad */
	VIZ_IMPORT_RANGE,      /* a number out of range */
	VIZ_IMPORT_RING,    /* not closed, without area, across the antimeridian, crosses itself */
	VIZ_IMPORT_IGNORED, /* a warning: enum viz_import_ignored says what */
	VIZ_IMPORT_UNKNOWN, /* an unknown municipality, state or postcode */
	VIZ_IMPORT_AMBIGUOUS, /* the name of several municipalities */
	VIZ_IMPORT_TOO_MUCH,  /* past a limit */
	VIZ_IMPORT_NOTHING,   /* the file holds no coverage */
	VIZ_IMPORT_PERSONAL,  /* it is about customers */
	VIZ_IMPORT_NO_MEMORY,
};

/* Parts of a file that are no coverage. */
enum viz_import_ignored {
	VIZ_IMPORT_IGNORED_LINES,
	VIZ_IMPORT_IGNORED_EMPTY,    /* a feature without a geometry */
	VIZ_IMPORT_IGNORED_PICTURES, /* also models and tracks */
	VIZ_IMPORT_IGNORED_ROWS,     /* rows of a table without a place */
	VIZ_IMPORT_IGNORED_HOLES,    /* holes that take nothing away from their polygon */
	VIZ_IMPORT_IGNORED_KINDS,
};

/* An error or a warning, and where it is. What does not apply is zero or empty. */
struct viz_import_note {
	enum viz_import_code code;
	unsigned line;
	unsigned column;
	unsigned feature;                       /* counted from 1 */
	unsigned part;                          /* of a feature of several parts, from 1 */
	char inner[64];                         /* the file within the archive */
	char name[96];                          /* of the feature, if it is a code */
	char message[VIZ_IMPORT_MESSAGE_BYTES]; /* in the language of the options */
};

/* What a file says, and what is published of it. */
struct viz_import {
	struct viz_geometry plant; /* private: polygons and circles */

	uint64_t *cells; /* public: the cells of the zoom that cover the plant, normalised */
	size_t cells_n;
	struct viz_cep_range *ceps; /* public: the postcodes that the file names, normalised */
	size_t ceps_n;
	uint32_t *ibge; /* public: municipalities by plant, by postcode and by name; sorted */
	size_t ibge_n;
	uint32_t *whole; /* of these, those that the file names as served as a whole; sorted */
	size_t whole_n;
	struct viz_import_note *left_out; /* parts that cannot be used, and why */
	size_t left_out_n;
};

struct viz_import_report {
	char file[256];
	enum viz_lang lang; /* of the notes */
	struct viz_import_note errors[VIZ_IMPORT_ERRORS_MAX];
	size_t errors_n;   /* all of them; the array holds the first */
	size_t refusing_n; /* of these, those that refuse the file; the rest would be left out */
	struct viz_import_note warnings[VIZ_IMPORT_WARNINGS_MAX];
	size_t warnings_n; /* all of them; the array holds the first */
	size_t features;   /* features or rows that gave coverage */
	size_t polygons, points, ceps, municipalities;
	size_t ignored[VIZ_IMPORT_IGNORED_KINDS];
	uint64_t area_m2;
};

/* Fills in the report in any case. On failure (VIZ_ERR_INPUT, VIZ_ERR_NOMEM, VIZ_ERR_LIMIT) `out`
 * is empty. On success viz_import_free ends it. */
int viz_import_file(struct viz_import *out, struct viz_import_report *report, const char *path,
		    const struct viz_import_options *opt);

/* The same from memory. Messages call the file `name`. */
int viz_import_bytes(struct viz_import *out, struct viz_import_report *report, const char *name,
		     const uint8_t *bytes, size_t len, const struct viz_import_options *opt);

void viz_import_free(struct viz_import *import);

/* A line for each part that is left out. */
void viz_import_report_list_left_out(FILE *out, const struct viz_import *import,
				     const struct viz_import_report *report);

/* "lines: 1; without geometry: 2", or "" when nothing was ignored. */
void viz_import_report_ignored_text(char *out, size_t max,
				    const size_t ignored[VIZ_IMPORT_IGNORED_KINDS],
				    enum viz_lang lang);

/* "file:line:column: feature 3 (Bairro Novo), part 2: message" */
void viz_import_report_note_text(char *out, size_t max, const struct viz_import_report *report,
				 const struct viz_import_note *note);

#endif
