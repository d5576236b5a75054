/* From what a person writes to a place: a postcode, code or name of a municipality, coordinates, a
 * link of a map, a plus code. The answer says how the place was found, and how precisely. Nothing
 * is guessed: an ambiguous text is an error that lists the candidates. */
#ifndef VIZ_TOOLS_GEO_PLACE_H
#define VIZ_TOOLS_GEO_PLACE_H

#include "tools/geo/astray.h"
#include "node/host/lang.h"

/* How the place was found, from the finest to the coarsest. */
enum viz_place_kind {
	VIZ_PLACE_CELL, /* a point: coordinates, link, plus code, or the known point of a street */
	VIZ_PLACE_POSTCODE, /* the postcode of a street: no point, but more than the municipality */
	VIZ_PLACE_MUNICIPALITY, /* a name, a code, a general postcode */
};

enum viz_place_certainty {
	VIZ_PLACE_SURE,
	VIZ_PLACE_LIKELY, /* e.g. a postcode in a range that is being changed, a coarse plus code */
	VIZ_PLACE_VAGUE,  /* of low precision: a plus code of kilometres, a general postcode */
};

enum viz_place_fault {
	VIZ_PLACE_FOUND = 0,
	VIZ_PLACE_EMPTY,
	VIZ_PLACE_NOT_UNDERSTOOD, /* in none of the known forms */
	VIZ_PLACE_NO_SUCH_NAME,   /* candidates: similar names, perhaps none */
	VIZ_PLACE_AMBIGUOUS,      /* candidates: the municipalities of that name */
	VIZ_PLACE_NO_SUCH_CODE,
	VIZ_PLACE_NO_SUCH_CEP,
	VIZ_PLACE_OUT_OF_RANGE, /* a latitude or longitude that does not exist */
	VIZ_PLACE_SWAPPED,    /* outside Brazil, but inside with latitude and longitude exchanged */
	VIZ_PLACE_ABROAD,     /* at sea or in another country; `astray` says more */
	VIZ_PLACE_SHORT_LINK, /* maps.app.goo.gl and the like: only opening it shows the place */
	VIZ_PLACE_SHORT_CODE, /* a short plus code without a city to complete it */
};

#define VIZ_PLACE_NEAR_NOTHING 1u /* a person confirms, and nothing is near */

struct viz_place {
	enum viz_place_kind kind;
	enum viz_place_certainty certainty;
	bool has_point;
	struct viz_point point; /* the municipality's seat when nothing finer is known */
	uint32_t precision_m;   /* the place is within so many metres of `point` */
	bool has_cep;
	bool cep_general; /* the postcode is not of one street; the kind is then MUNICIPALITY */
	uint32_t cep;
	bool street;   /* the text is an address, and more than what was found in it */
	uint32_t ibge; /* always set on success */
	char name[VIZ_GAZETTEER_NAME_BYTES];
	char uf[3];
};

struct viz_place_trouble {
	enum viz_place_fault fault;
	enum viz_astray_kind astray; /* of ABROAD; its municipality is the candidate */
	size_t candidates_n;
	struct viz_municipality candidates[VIZ_GAZETTEER_CANDIDATES_MAX];
};

struct viz_cep_points; /* tools/geo/cep_points.h */

/* VIZ_ERR_INPUT with *trouble on failure. `points` is finer data that an operator has imported, or
 * NULL. `near` (an IBGE code, or 0) completes short plus codes and decides between equal names; two
 * digits are a state, in which one of these names lies. It never overrides what the text says.
 * Where it is not 0 a person confirms what is not sure, so that a town without its state may follow
 * a street. */
int viz_place_find(struct viz_place *place, struct viz_place_trouble *trouble,
		   const struct viz_gazetteer *g, const struct viz_cep_points *points,
		   const char *text, uint32_t near);

/* The place of a point, with its municipality. VIZ_ERR_INPUT with *trouble. */
int viz_place_at(struct viz_place *place, struct viz_place_trouble *trouble,
		 const struct viz_gazetteer *g, struct viz_point p, uint32_t precision_m);

/* Names for JSON: "cell", "postcode", "municipality"; "sure", "likely", "vague"; "ambiguous", ...
 */
const char *viz_place_words_kind(enum viz_place_kind kind);
const char *viz_place_words_certainty(enum viz_place_certainty certainty);
const char *viz_place_words_fault(enum viz_place_fault fault);

/* A sentence for people: what is wrong and what to write instead. */
void viz_place_words_explain(char *out, size_t max, const struct viz_place_trouble *trouble,
			     enum viz_lang lang);

#endif
