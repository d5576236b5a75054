/* The layout of gazetteer.bin, for its builder and its reader. Numbers have the byte order of the
 * machine that it is built on and for, which `order` shows. Sections are arrays, aligned to 8
 * bytes. */
#ifndef VIZ_TOOLS_GEO_GAZETTEER_MAP_H
#define VIZ_TOOLS_GEO_GAZETTEER_MAP_H

#include "tools/geo/gazetteer.h"

#define GAZ_MAGIC "VIZGAZ01"
#define GAZ_ORDER UINT32_C(0x01020304)
#define GAZ_NONE  UINT16_C(0xffff) /* no municipality: the sea, abroad */
#define GAZ_MIXED                                                                                  \
	UINT32_C(                                                                                  \
	    0x80000000) /* in a square of the grid: the other bits are an index into the runs */
#define GAZ_STEP INT32_C(100000) /* microdegrees, the side of a grid square */

enum gaz_section {
	GAZ_STATES,
	GAZ_MUNICIPALITIES, /* by code */
	GAZ_RINGS,
	GAZ_REFS,   /* arc * 2, + 1 when the ring follows the arc backwards */
	GAZ_ARCS,   /* stretches of border between the same two municipalities */
	GAZ_POINTS, /* of the arcs, each from its first to its last */
	GAZ_GRID,   /* rows from the south; in a row the squares from the west */
	GAZ_RUNS,   /* the edges that touch a mixed square */
	GAZ_CEPS,   /* by their start */
	GAZ_KEYS,   /* folded names, sorted */
	GAZ_TEXT,   /* strings, each with its NUL */
	GAZ_SECTIONS,
};

struct gaz_span {
	uint32_t offset; /* bytes from the start of the file */
	uint32_t n;      /* items */
};

struct gaz_header {
	char magic[8];
	uint32_t order;
	uint32_t bytes; /* the whole file */
	uint32_t crc;   /* CRC-32 of all that follows the header */
	int32_t south, west;
	uint32_t rows, columns;
	struct gaz_span sections[GAZ_SECTIONS];
};

struct gaz_state {
	uint32_t code; /* IBGE's two digits */
	char uf[4];
	uint32_t name; /* offset into the text */
};

struct gaz_municipality {
	uint32_t ibge;
	uint32_t name;
	struct viz_point seat;
	struct viz_box box;
	uint32_t first_ring, rings_n;
	uint16_t ddd;
	uint8_t state;
	uint8_t capital;
};

struct gaz_ring {
	uint32_t first; /* into the refs */
	uint32_t n;
};

struct gaz_arc {
	uint32_t first; /* into the points */
	uint32_t n;     /* points; there is one edge less */
	uint16_t left;  /* index of the municipality to the left of its direction */
	uint16_t right;
};

struct gaz_run {
	uint32_t first; /* the edge from point `first` to the next, and so on */
	uint16_t arc;
	uint16_t n_last; /* count of edges; the highest bit marks the last run of a square */
};

enum gaz_alias {
	GAZ_NAME = 0,
	GAZ_ALIAS, /* a former name, or one in brackets: counts where nothing has this name */
	GAZ_RIVAL, /* counts beside a name that is written the same */
	GAZ_RIVAL_ACCENT, /* beside a name with other accents */
};

struct gaz_key {
	uint32_t key; /* offset into the text */
	uint16_t municipality;
	uint16_t alias; /* enum gaz_alias */
};

struct gaz_cep {
	uint32_t from, to;
	uint16_t municipality;
	uint16_t coding; /* enum viz_cep_coding */
};

struct viz_gazetteer {
	const struct gaz_header *head;
	const struct gaz_state *states;
	const struct gaz_municipality *municipalities;
	const struct gaz_ring *rings;
	const uint32_t *refs;
	const struct gaz_arc *arcs;
	const struct viz_point *points;
	const uint32_t *grid;
	const struct gaz_run *runs;
	const struct gaz_cep *ceps;
	const struct gaz_key *keys;
	const char *text;
	size_t states_n, municipalities_n, rings_n, refs_n, arcs_n, points_n, runs_n, ceps_n,
	    keys_n;
	size_t text_n;
	void *map; /* of the file; NULL in the builder */
	size_t map_len;
};

/* The index of the municipality at p, or GAZ_NONE. */
uint16_t viz_gazetteer_map_at(const struct viz_gazetteer *g, struct viz_point p);

/* The same, from the squares in p's row at `column` and west of it only. The builder asks this for
 * a square without edges, with p on its western side. */
uint16_t viz_gazetteer_map_west(const struct viz_gazetteer *g, struct viz_point p, int64_t column);

/* The index of a code, or GAZ_NONE. */
uint16_t viz_gazetteer_map_index(const struct viz_gazetteer *g, uint32_t ibge);

/* The municipality of an index, as the public functions give it. */
struct viz_municipality viz_gazetteer_map_view(const struct viz_gazetteer *g, uint16_t index);

#endif
