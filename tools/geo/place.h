/* From what a person writes to a place: postcode, code or name of a municipality, coordinates, a
 * maps link, a plus code. What is found says how, and how precisely; nothing is guessed: an
 * ambiguous text is an error that lists the candidates. */
#ifndef VIZ_TOOLS_GEO_PLACE_H
#define VIZ_TOOLS_GEO_PLACE_H

#include "tools/geo/gazetteer.h"
#include "tools/text/lang.h"

/* How the place was found, from the finest to the coarsest: the `how` of every answer. */
enum viz_place_kind {
	VIZ_PLACE_CELL,     /* a point: coordinates, link, plus code, or a street's known points */
	VIZ_PLACE_POSTCODE, /* a CEP of a street: no point, but more than the municipality */
	VIZ_PLACE_MUNICIPALITY, /* a name, a code, a general CEP */
};

enum viz_place_certainty {
	VIZ_PLACE_SURE,
	VIZ_PLACE_LIKELY, /* e.g. one municipality by a CEP whose range is being recoded, a coarse
			     code */
	VIZ_PLACE_VAGUE,  /* the precision says little: a plus code of kilometres, a general CEP */
};

enum viz_place_fault {
	VIZ_PLACE_FOUND = 0,
	VIZ_PLACE_EMPTY,
	VIZ_PLACE_NOT_UNDERSTOOD, /* none of the forms */
	VIZ_PLACE_NO_SUCH_NAME,   /* candidates: similar names, perhaps none */
	VIZ_PLACE_AMBIGUOUS,      /* candidates: the municipalities of that name */
	VIZ_PLACE_NO_SUCH_CODE,
	VIZ_PLACE_NO_SUCH_CEP,
	VIZ_PLACE_OUT_OF_RANGE, /* a latitude or longitude that cannot be */
	VIZ_PLACE_SWAPPED,    /* outside Brazil, but inside with latitude and longitude exchanged */
	VIZ_PLACE_ABROAD,     /* at sea or in another country */
	VIZ_PLACE_SHORT_LINK, /* maps.app.goo.gl and the like: it has to be opened first */
	VIZ_PLACE_SHORT_CODE, /* a short plus code without a city to complete it */
};

struct viz_place {
	enum viz_place_kind kind;
	enum viz_place_certainty certainty;
	bool has_point;
	struct viz_point point; /* of the municipality's seat when that is all there is */
	uint32_t precision_m;   /* the place is within so many metres of `point` */
	bool has_cep;
	bool cep_general; /* the code tells no street: kind is then the municipality */
	uint32_t cep;
	uint32_t ibge; /* always set on success */
	char name[VIZ_GAZETTEER_NAME_BYTES];
	char uf[3];
};

struct viz_place_trouble {
	enum viz_place_fault fault;
	size_t candidates_n;
	struct viz_municipality candidates[VIZ_GAZETTEER_CANDIDATES_MAX];
};

struct viz_cep_points; /* tools/geo/cep_points.h: finer data that an operator imported, or NULL */

/* VIZ_ERR_INPUT with *trouble on failure. `near` (an IBGE code, or 0) completes short plus codes
 * and decides between equal names; it never overrides what the text says. */
int viz_place_find(struct viz_place *place, struct viz_place_trouble *trouble,
		   const struct viz_gazetteer *g, const struct viz_cep_points *points,
		   const char *text, uint32_t near);

/* The place of a point alone: its municipality. VIZ_ERR_INPUT with *trouble. */
int viz_place_at(struct viz_place *place, struct viz_place_trouble *trouble,
		 const struct viz_gazetteer *g, struct viz_point p, uint32_t precision_m);

/* "cell", "postcode", "municipality"; "sure", "likely", "vague"; "ambiguous", ...: for JSON. */
const char *viz_place_kind_name(enum viz_place_kind kind);
const char *viz_place_certainty_name(enum viz_place_certainty certainty);
const char *viz_place_fault_name(enum viz_place_fault fault);

/* A sentence for people: what is wrong and what to write instead. */
void viz_place_explain(char *out, size_t max, const struct viz_place_trouble *trouble,
		       enum viz_lang lang);

#endif
