/* The map of Brazil's municipalities: names, codes, seats, outlines, postcode ranges. One read-only
 * file, gazetteer.bin, made at build time by tools/geo/gazetteer_build from tools/data and
 * mapped into memory. All pointers that these functions give live until viz_gazetteer_close. Safe
 * for many threads: nothing is written after opening.
 *
 * Looked for at: $VIZINHO_GAZETTEER, then the build tree relative to the executable
 * (../tools/geo/gazetteer.bin and ../geo/gazetteer.bin), then the installed data directory. */
#ifndef VIZ_TOOLS_GEO_GAZETTEER_H
#define VIZ_TOOLS_GEO_GAZETTEER_H

#include "proto/geo/geometry.h"
#include "proto/geo/cep.h"

#define VIZ_GAZETTEER_NAME_BYTES     64u /* the longest name and its NUL */
#define VIZ_GAZETTEER_CANDIDATES_MAX 32u /* of one ambiguous name; the most in Brazil is 5 */
#define VIZ_GAZETTEER_GAP_M          300u
#define VIZ_GAZETTEER_NEIGHBOURS_MAX 64u

struct viz_gazetteer;

struct viz_municipality {
	uint32_t ibge;    /* seven digits */
	const char *name; /* UTF-8, as IBGE writes it */
	char uf[3];
	struct viz_point seat;
	uint16_t ddd;     /* area code */
	bool has_outline; /* seven young municipalities have none */
	bool capital;
	struct viz_box box; /* of the outline; of the seat when there is none */
};

/* How a municipality's postcodes are given out. */
enum viz_cep_coding {
	VIZ_CEP_GENERAL,  /* one code for a municipality or district: it tells no street */
	VIZ_CEP_STREET,   /* by street */
	VIZ_CEP_CHANGING, /* being changed to by street: both are met */
};

/* One range of the directory. */
struct viz_cep_entry {
	struct viz_cep_range range;
	uint32_t ibge;
	enum viz_cep_coding coding;
};

/* NULL for the usual places. VIZ_ERR_ABSENT when there is no file, VIZ_ERR_FORM when it is damaged
 * (a checksum and all its counts are verified), VIZ_ERR_NOMEM. */
int viz_gazetteer_open(struct viz_gazetteer **g, const char *path);
void viz_gazetteer_close(struct viz_gazetteer *g);

size_t viz_gazetteer_count(const struct viz_gazetteer *g);
/* In the order of their codes. */
struct viz_municipality viz_gazetteer_get(const struct viz_gazetteer *g, size_t index);

/* By IBGE code of 7 or 6 (without the check digit) digits. VIZ_ERR_ABSENT. */
int viz_gazetteer_by_code(const struct viz_gazetteer *g, struct viz_municipality *m, uint32_t ibge);

/* The municipality that holds the point, by outlines that differ from their source only by rounding
 * to whole microdegrees. Every point has one owner at the most (one that is exactly on a border
 * belongs to the eastern side). The source draws each state for itself, and around the Federal
 * District and within Pernambuco up to 300 m apart: so what no outline holds belongs to the nearest
 * within VIZ_GAZETTEER_GAP_M. VIZ_ERR_ABSENT further out, at sea or abroad. */
int viz_gazetteer_at(const struct viz_gazetteer *g, struct viz_municipality *m, struct viz_point p);

/* The municipality whose outline is nearest, within `max_m` metres, and how far: what lies a little
 * off the coast or over the border. VIZ_ERR_ABSENT. */
int viz_gazetteer_near(const struct viz_gazetteer *g, struct viz_municipality *m,
		       uint32_t *distance_m, struct viz_point p, uint32_t max_m);

/* The ranges that hold `cep` (usually one): at most `max` are written, *n is how many there are. */
int viz_gazetteer_by_cep(const struct viz_gazetteer *g, struct viz_cep_entry *entries, size_t *n,
			 size_t max, uint32_t cep);

/* The same for all ranges that have a code in common with `range`. */
int viz_gazetteer_by_cep_range(const struct viz_gazetteer *g, struct viz_cep_entry *entries,
			       size_t *n, size_t max, struct viz_cep_range range);

/* The ranges of one municipality. */
int viz_gazetteer_ceps(const struct viz_gazetteer *g, struct viz_cep_entry *entries, size_t *n,
		       size_t max, uint32_t ibge);

/* By name, and `uf` ("ES") or NULL. Case, accents, hyphens, apostrophes and the usual abbreviations
 * do not matter (S. Jose, Sta. Rita, Dr., d'Oeste for do Oeste). Writes at most `max` candidates
 * and *n, how many there are: 1 is an answer, more is ambiguous. VIZ_ERR_ABSENT when there is none.
 */
int viz_gazetteer_by_name(const struct viz_gazetteer *g, struct viz_municipality *candidates,
			  size_t *n, size_t max, const char *name, const char *uf);

/* By a name that is cut short, where by_name finds none: words with a point or of one letter stand
 * for any that begins so ("N. Venécia", "S. J. dos Campos"); within a state the last words may be
 * missing ("Cachoeiro", ES) and the last one be cut after four letters. Without a state one word at
 * least has to be whole. As by_name. */
int viz_gazetteer_by_short_name(const struct viz_gazetteer *g, struct viz_municipality *candidates,
				size_t *n, size_t max, const char *name, const char *uf);

/* Names like this one, for "did you mean": at most `max`, the nearest first. */
size_t viz_gazetteer_similar(const struct viz_gazetteer *g, struct viz_municipality *candidates,
			     size_t max, const char *name, const char *uf);

/* "ES", "es", "Espírito Santo", "32" give "ES". VIZ_ERR_ABSENT. */
int viz_gazetteer_uf(const struct viz_gazetteer *g, char uf[3], const char *text);
/* "Espírito Santo"; NULL. */
const char *viz_gazetteer_uf_name(const struct viz_gazetteer *g, const char *uf);

/* The outline, appended to an initialised geometry. VIZ_ERR_ABSENT when it has none. */
int viz_gazetteer_outline(const struct viz_gazetteer *g, struct viz_geometry *out, uint32_t ibge);

/* The outline as the `d` of an SVG path in *svg (the caller frees it): mercator, y down, the box of
 * `frame` scaled to `width` units across, details below one unit left out. */
int viz_gazetteer_svg_path(const struct viz_gazetteer *g, char **svg, uint32_t ibge,
			   struct viz_box frame, uint32_t width);

/* Where a point falls in that drawing. The drawing's height comes with it. */
void viz_gazetteer_svg_point(double *x, double *y, double *height, struct viz_point p,
			     struct viz_box frame, uint32_t width);

/* The municipalities that touch this one, in the order of their codes; at most `max` are written,
 * *n is how many there are. VIZ_ERR_ABSENT for an unknown code or one without outline. */
int viz_gazetteer_neighbours(const struct viz_gazetteer *g, uint32_t *ibge, size_t *n, size_t max,
			     uint32_t of);

/* The municipalities in which a geometry lies, in the order of their codes, in *ibge, which the
 * caller frees. By points within it, some 250 m apart (wider for more than 100,000 km2): so a plant
 * that was drawn along a border does not take in the other side, and a strip of less than some 50 m
 * may be missed. Municipalities without outline come in by their seat. VIZ_ERR_NOMEM. */
int viz_gazetteer_touched(const struct viz_gazetteer *g, uint32_t **ibge, size_t *n,
			  const struct viz_geometry *geometry);

#endif
