/* What the searches of place.c and place_search.c share. */
#ifndef VIZ_TOOLS_GEO_PLACE_SEARCH_H
#define VIZ_TOOLS_GEO_PLACE_SEARCH_H

#include "tools/geo/place.h"
#include "tools/geo/place_text.h"

struct viz_place_search {
	struct viz_place *place;
	struct viz_place_trouble *trouble;
	const struct viz_gazetteer *g;
	const struct viz_cep_points *points;
	uint32_t near;
};

/* VIZ_ERR_INPUT, with the fault noted. */
int viz_place_search_fail(struct viz_place_search *s, enum viz_place_fault fault);

/* The municipality becomes the name of the place. */
void viz_place_search_set_town(struct viz_place *place, const struct viz_municipality *m);
/* Sets the point to the seat, and the precision to how far the municipality reaches from it. */
void viz_place_search_set_seat(struct viz_place *place, const struct viz_municipality *m);

/* Of several municipalities the one that is `near` wins. Without it all become candidates. */
int viz_place_search_choose(struct viz_place_search *s, const struct viz_municipality *m, size_t n,
			    const struct viz_municipality **chosen);

/* The municipality of a name, perhaps with its state, which is at most so certain. VIZ_ERR_INPUT
 * with the trouble noted. */
int viz_place_search_name(struct viz_place_search *s, const char *text,
			  enum viz_place_certainty certainty);
/* A name with its code beside it, where the two agree. VIZ_ERR_ABSENT. */
int viz_place_search_coded(struct viz_place_search *s, const char *text);
/* By a code alone. */
int viz_place_search_code(struct viz_place_search *s, const char *digits);
/* A town as it is written, at the end of an address. `state`: only with its state.
 * VIZ_ERR_ABSENT, or VIZ_ERR_INPUT with the trouble noted. */
int viz_place_search_last(struct viz_place_search *s, const char *text, bool state);

#endif
