/* The map of Brazil's municipalities: names, codes, seats, outlines, ranges of postcodes. It is one
 * read-only file, gazetteer.bin, which gazetteer_build makes from tools/data at build time and
 * which is mapped into memory. All pointers that these functions give live until
 * viz_gazetteer_close. Several threads may use it at once, because nothing is written after
 * opening.
 *
 * The file is looked for at $VIZINHO_GAZETTEER, then in the build tree relative to the executable
 * (../tools/geo/gazetteer.bin and ../geo/gazetteer.bin), then in the installed data directory. */
#ifndef VIZ_TOOLS_GEO_GAZETTEER_H
#define VIZ_TOOLS_GEO_GAZETTEER_H

#include "proto/geo/geometry.h"
#include "proto/geo/cep.h"

#define VIZ_GAZETTEER_NAME_BYTES     64u /* the longest name and its NUL */
#define VIZ_GAZETTEER_CANDIDATES_MAX 32u /* of one name; the commonest in Brazil has 5 */
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
	struct viz_box box; /* of the outline, or of the seat when there is none */
};

/* How the postcodes of a municipality are assigned. */
enum viz_cep_coding {
	VIZ_CEP_GENERAL,  /* one code for a whole municipality or district */
	VIZ_CEP_STREET,   /* one code or more for each street */
	VIZ_CEP_CHANGING, /* changing from the one to the other: both are in use */
};

/* One range of the directory of postcodes. */
struct viz_cep_entry {
	struct viz_cep_range range;
	uint32_t ibge;
	enum viz_cep_coding coding;
};

/* `path` NULL: the places named above. VIZ_ERR_ABSENT when there is no file, VIZ_ERR_FORM when it
 * is damaged (its checksum and all its counts are verified), VIZ_ERR_NOMEM. */
int viz_gazetteer_open(struct viz_gazetteer **g, const char *path);
void viz_gazetteer_close(struct viz_gazetteer *g);

size_t viz_gazetteer_count(const struct viz_gazetteer *g);
/* The municipalities in the order of their codes. */
struct viz_municipality viz_gazetteer_get(const struct viz_gazetteer *g, size_t index);

/* By IBGE code of 7 digits, or 6 without the check digit. VIZ_ERR_ABSENT. */
int viz_gazetteer_by_code(const struct viz_gazetteer *g, struct viz_municipality *m, uint32_t ibge);

/* The municipality that holds the point. The outlines differ from their source only by rounding to
 * whole microdegrees. A point has at most one municipality: on a border it belongs to the eastern
 * one. The source draws each state by itself and leaves gaps of up to 300 m around the Federal
 * District and within Pernambuco. A point in no outline therefore belongs to the nearest within
 * VIZ_GAZETTEER_GAP_M. VIZ_ERR_ABSENT further out, at sea or abroad. */
int viz_gazetteer_at(const struct viz_gazetteer *g, struct viz_municipality *m, struct viz_point p);

/* The municipality whose outline is nearest, and how far it is, at most `max_m` metres: for points
 * a little off the coast or over the border. VIZ_ERR_ABSENT. */
int viz_gazetteer_near(const struct viz_gazetteer *g, struct viz_municipality *m,
		       uint32_t *distance_m, struct viz_point p, uint32_t max_m);

/* The ranges that hold `cep`, usually one. At most `max` are written; *n is how many there are.
 * VIZ_ERR_ABSENT. */
int viz_gazetteer_by_cep(const struct viz_gazetteer *g, struct viz_cep_entry *entries, size_t *n,
			 size_t max, uint32_t cep);

/* The ranges that have a postcode in common with `range`, likewise. */
int viz_gazetteer_by_cep_range(const struct viz_gazetteer *g, struct viz_cep_entry *entries,
			       size_t *n, size_t max, struct viz_cep_range range);

/* The ranges of one municipality, likewise. */
int viz_gazetteer_ceps(const struct viz_gazetteer *g, struct viz_cep_entry *entries, size_t *n,
		       size_t max, uint32_t ibge);

/* By name, within the state `uf` ("ES") or, with NULL, everywhere. Case, accents, hyphens,
 * apostrophes and the usual abbreviations do not matter (S. Jose, Sta. Rita, Dr., d'Oeste for do
 * Oeste). A former name, or one in daily use, counts where no municipality has it; a few stand
 * beside the municipality of that name (POA, Poá). At most `max` candidates are written; *n is how
 * many there are. One is an answer, more is ambiguous. VIZ_ERR_ABSENT when there is none. */
int viz_gazetteer_names_find(const struct viz_gazetteer *g, struct viz_municipality *candidates,
			     size_t *n, size_t max, const char *name, const char *uf);

/* Names in daily use that stand beside the name of a municipality, folded, one after another: *at
 * begins at 0. False after the last. */
bool viz_gazetteer_names_rival(const struct viz_gazetteer *g, size_t *at, const char **folded,
			       uint32_t *ibge);

/* By a name that is cut short, for when viz_gazetteer_names_find finds none. A word with a point
 * after it, or of one letter, stands for every word that begins with it ("N. Venécia", "S. J. dos
 * Campos"). Within a state the last words may be missing ("Cachoeiro", ES), and the last one may
 * end after four letters, or it is the last words that are left ("Búzios", RJ). Without a state at
 * least one word must be whole. Results as above. */
int viz_gazetteer_short_find(const struct viz_gazetteer *g, struct viz_municipality *candidates,
			     size_t *n, size_t max, const char *name, const char *uf);

/* By a name that sounds the same, whose blanks may be missing or too many: "Luiz Eduardo
 * Magalhães", "Ilha Bela". It has five letters at least. Results as above. */
int viz_gazetteer_names_sound(const struct viz_gazetteer *g, struct viz_municipality *candidates,
			      size_t *n, size_t max, const char *name, const char *uf);

/* Whether a longer name begins with these words: "São Bernardo" with "São Bernardo do Campo". */
bool viz_gazetteer_names_begins(const struct viz_gazetteer *g, const char *name);

/* Municipalities with names like this one, for "did you mean": at most `max`, the nearest first.
 * Returns how many. */
size_t viz_gazetteer_names_similar(const struct viz_gazetteer *g,
				   struct viz_municipality *candidates, size_t max,
				   const char *name, const char *uf);

/* "ES", "es", "Espírito Santo", "32" give "ES". VIZ_ERR_ABSENT. */
int viz_gazetteer_names_uf(const struct viz_gazetteer *g, char uf[3], const char *text);
/* "Espírito Santo" for "ES"; NULL for no state. */
const char *viz_gazetteer_names_uf_name(const struct viz_gazetteer *g, const char *uf);

/* Appends the outline to an initialised geometry. VIZ_ERR_ABSENT when there is none, VIZ_ERR_NOMEM.
 */
int viz_gazetteer_outline(const struct viz_gazetteer *g, struct viz_geometry *out, uint32_t ibge);

/* The outline as the `d` of an SVG path in *svg, which the caller frees. Mercator, y grows
 * downwards, `frame` is `width` units across, details smaller than one unit are left out. */
int viz_gazetteer_outline_svg_path(const struct viz_gazetteer *g, char **svg, uint32_t ibge,
				   struct viz_box frame, uint32_t width);

/* Where a point is in that drawing, and the height of the drawing. */
void viz_gazetteer_outline_svg_point(double *x, double *y, double *height, struct viz_point p,
				     struct viz_box frame, uint32_t width);

/* The municipalities that touch this one, in the order of their codes. At most `max` are written;
 * *n is how many there are. VIZ_ERR_ABSENT for an unknown code or a municipality without outline.
 */
int viz_gazetteer_outline_neighbours(const struct viz_gazetteer *g, uint32_t *ibge, size_t *n,
				     size_t max, uint32_t of);

/* The municipalities in which a geometry lies, in the order of their codes, in *ibge, which the
 * caller frees. They are found by points within the geometry, some 250 m apart (more for areas over
 * 100,000 km2). A plant that was drawn along a border therefore does not take the other side in,
 * and a strip of less than some 50 m may be missed. A municipality without outline is found by its
 * seat. VIZ_ERR_NOMEM. */
int viz_gazetteer_near_touched(const struct viz_gazetteer *g, uint32_t **ibge, size_t *n,
			       const struct viz_geometry *geometry);

#endif
