/* Places as people write them. They are found with the gazetteer and, where `geo import` has run,
 * with its finer points, and go to the daemon in microdegrees. */
#ifndef VIZ_TOOLS_VIZINHO_WHERE_H
#define VIZ_TOOLS_VIZINHO_WHERE_H

#include <jansson.h>

#include "tools/geo/place.h"
#include "tools/vizinho/command.h"

struct viz_where {
	const struct viz_cli *cli;
	struct viz_gazetteer *gazetteer;
	struct viz_cep_points *points; /* NULL: none imported */
	uint32_t near;                 /* as viz_place_find takes it */
};

/* VIZ_EXIT_FAILED, with the error printed, when there is no gazetteer. */
int viz_where_open(struct viz_where *w, const struct viz_cli *cli);
void viz_where_close(struct viz_where *w);
const char *viz_where_points_path(void);

/* VIZ_EXIT_FAILED, with the reason and the candidates printed. */
int viz_where_find(struct viz_place *place, const struct viz_where *w, const char *text);
/* The sentence for a place that was not found. */
void viz_where_explain(char *out, size_t max, const struct viz_cli *cli,
		       const struct viz_place_trouble *trouble);
/* "place" as the daemon takes it; a new reference (tools/geo/place_json.h). */
json_t *viz_where_json(const struct viz_where *w, const struct viz_place *place);
/* What was understood, in one line; and prints it. */
void viz_where_words(char *out, size_t max, const struct viz_cli *cli,
		     const struct viz_place *place);
void viz_where_print(const struct viz_cli *cli, const struct viz_place *place);
/* "Vitória/ES", or the code when it is unknown. `w` may have no gazetteer. */
void viz_where_name(char *out, size_t max, const struct viz_where *w, int64_t ibge);

#endif
