/* Pictures of a coverage before it is published: for a terminal, and as an SVG file. */
#ifndef VIZ_TOOLS_VIZINHO_PICTURE_H
#define VIZ_TOOLS_VIZINHO_PICTURE_H

#include "tools/geo/gazetteer.h"
#include "tools/vizinho/command.h"

#define VIZ_PICTURE_COLUMNS_MAX 78u
#define VIZ_PICTURE_ROWS_MAX    30u

struct viz_picture {
	const uint64_t *cells; /* published, normalised */
	size_t cells_n;
	const struct viz_geometry *plant; /* private */
	const uint32_t *ibge;             /* published */
	size_t ibge_n;
};

/* Prints the cells as half blocks (UTF-8), north up, with a scale, or a sentence when there are
 * none. VIZ_ERR_NOMEM. */
int viz_picture_text(FILE *out, const struct viz_picture *picture, enum viz_lang lang);

/* Writes one SVG file: the outlines of municipalities, the cells, and over them the plant itself.
 * So the file is as private as the plant. VIZ_ERR_ABSENT when there is nothing to draw,
 * VIZ_ERR_NOMEM, VIZ_ERR_STORE when it cannot be written. */
int viz_picture_svg(const char *path, const struct viz_picture *picture,
		    const struct viz_gazetteer *gazetteer, enum viz_lang lang);

/* The longest of 1, 2, 5, 10, ... metres that needs at most `max_m`; 0 below a metre. */
uint32_t viz_picture_scale_m(double max_m);
/* "500 m", "2 km" */
void viz_picture_scale_text(char *out, size_t max, uint32_t metres);

#endif
