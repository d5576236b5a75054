/* One door for files of coverage: GeoJSON, CSV, KML, KMZ. All of a file is read and checked before
 * anything is given out: after an error nothing is half imported. */
#ifndef VIZ_TOOLS_IMPORT_IMPORT_H
#define VIZ_TOOLS_IMPORT_IMPORT_H

#include "proto/geo/region.h"
#include "tools/geo/gazetteer.h"

#define VIZ_IMPORT_FILE_BYTES_MAX (256u << 20)
#define VIZ_IMPORT_ERRORS_MAX     20u /* shown; all are counted */
#define VIZ_IMPORT_WARNINGS_MAX   50u /* shown; all are counted */
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
	const struct viz_gazetteer *gazetteer; /* needed */
	unsigned zoom;                         /* of the published cells; 0: the default. 8 to 18 */
	uint32_t radius_m;                     /* of points that name none; 0: the default */
	bool allow_abroad; /* keep what lies outside Brazil (warning) instead of refusing it */
};

/* What a file says, and the public ad that follows from it. */
struct viz_import {
	struct viz_geometry plant; /* private: polygons and circles */

	uint64_t *cells; /* public: covering of the plant at the zoom, normalised */
	size_t cells_n;
	struct viz_cep_range *ceps; /* public: normalised; those the file names */
	size_t ceps_n;
	uint32_t
	    *ibge; /* public: sorted municipalities, touched by the plant, of the CEPs, or named */
	size_t ibge_n;
	uint32_t *whole; /* of these, sorted: those that the file names as served as such */
	size_t whole_n;
};

enum viz_import_code {
	VIZ_IMPORT_OK = 0,
	VIZ_IMPORT_UNREADABLE, /* no such file, no right, too long */
	VIZ_IMPORT_SYNTAX,     /* not the format: JSON, XML, zip, CSV */
	VIZ_IMPORT_EXPECTED,   /* well formed, but not what is expected here */
	VIZ_IMPORT_SWAPPED,    /* latitude and longitude exchanged */
	VIZ_IMPORT_ABROAD,     /* at sea or abroad */
	VIZ_IMPORT_RANGE,      /* a number out of range */
	VIZ_IMPORT_RING,       /* unclosed, too few points, over the antimeridian, self-crossing */
	VIZ_IMPORT_IGNORED,    /* a warning: enum viz_import_ignored says what */
	VIZ_IMPORT_UNKNOWN,    /* an unknown municipality, state or postcode */
	VIZ_IMPORT_AMBIGUOUS,  /* a name of several municipalities */
	VIZ_IMPORT_TOO_MUCH,   /* past a limit */
	VIZ_IMPORT_NOTHING,    /* the file holds no coverage */
	VIZ_IMPORT_NO_MEMORY,
};

/* What a file holds that is no coverage. */
enum viz_import_ignored {
	VIZ_IMPORT_IGNORED_LINES,
	VIZ_IMPORT_IGNORED_EMPTY,    /* a feature without a geometry */
	VIZ_IMPORT_IGNORED_PICTURES, /* and models, tracks */
	VIZ_IMPORT_IGNORED_ROWS,     /* of a table, without a place */
	VIZ_IMPORT_IGNORED_HOLES,    /* that take nothing away from their polygon */
	VIZ_IMPORT_IGNORED_KINDS,
};

/* Where, what, and what was expected. Zero and empty where it does not apply. */
struct viz_import_note {
	enum viz_import_code code;
	unsigned line;
	unsigned column;
	unsigned feature;                       /* counted from 1 */
	char inner[64];                         /* the file within the archive */
	char name[96];                          /* of the feature, as the file has it */
	char message[VIZ_IMPORT_MESSAGE_BYTES]; /* English */
	char message_pt[VIZ_IMPORT_MESSAGE_BYTES];
};

struct viz_import_report {
	char file[256];
	struct viz_import_note errors[VIZ_IMPORT_ERRORS_MAX];
	size_t errors_n; /* all; the array holds the first */
	struct viz_import_note warnings[VIZ_IMPORT_WARNINGS_MAX];
	size_t warnings_n; /* all; the array holds the first */
	size_t features;   /* or rows, that gave any coverage */
	size_t polygons, points, ceps, municipalities;
	size_t ignored[VIZ_IMPORT_IGNORED_KINDS];
	uint64_t area_m2;
};

/* The report is filled in either way. On failure (VIZ_ERR_INPUT, VIZ_ERR_NOMEM, VIZ_ERR_LIMIT)
 * `out` is left empty. */
int viz_import_file(struct viz_import *out, struct viz_import_report *report, const char *path,
		    const struct viz_import_options *opt);

/* The same from memory; `name` stands for the file in messages. */
int viz_import_bytes(struct viz_import *out, struct viz_import_report *report, const char *name,
		     const uint8_t *bytes, size_t len, const struct viz_import_options *opt);

void viz_import_free(struct viz_import *import);

/* "lines: 1; without geometry: 2": "" when nothing was ignored. */
void viz_import_ignored_text(char *out, size_t max, const size_t ignored[VIZ_IMPORT_IGNORED_KINDS],
			     const char *lang);

/* "file:line:column: feature 3 (Bairro Novo): message", in the language ("pt" or else English). */
void viz_import_note_text(char *out, size_t max, const struct viz_import_report *report,
			  const struct viz_import_note *note, const char *lang);

#endif
