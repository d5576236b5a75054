/* Who serves a destination: the provider itself and its partners. The caller fills it (from files
 * here, from the store of the node in the `vizinho` command) and then asks for every mover. A point
 * is compared with cells, the postcode of a street with postcode ranges, and the municipality only
 * where nothing finer can be compared. */
#ifndef VIZ_ANALYZE_COVERAGE_H
#define VIZ_ANALYZE_COVERAGE_H

#include "proto/geo/geometry.h"
#include "proto/geo/cep.h"
#include "tools/analyze/intervals.h"
#include "tools/analyze/towns.h"

#define VIZ_PARTY_SELF       0u
#define VIZ_PARTY_NAME_BYTES 64u

enum viz_how {
	VIZ_HOW_NOT,
	VIZ_HOW_MUNICIPALITY, /* the municipality is touched or served as a whole; the address may
				 lie outside */
	VIZ_HOW_POSTCODE,
	VIZ_HOW_CELL,
};
#define VIZ_HOWS 4

/* What one party serves, as it publishes it. Arrays are copied, except `plant`. */
struct viz_coverage_ad {
	const char *name; /* the name of a company, never of a person */
	const uint64_t *cells;
	size_t cells_n;
	const struct viz_cep_range *ceps;
	size_t ceps_n;
	const uint32_t *ibge; /* touched */
	size_t ibge_n;
	const uint32_t *whole; /* served as such */
	size_t whole_n;
	const struct viz_geometry
	    *plant; /* exact, only of self, else NULL. Borrowed until viz_coverage_free */
};

struct viz_coverage {
	const struct viz_towns *towns;
	size_t parties; /* counts self, which is always there */
	bool has_self;
	uint64_t own_states; /* bit by IBGE code: where own coverage touches a municipality */
	char name[VIZ_PARTIES_MAX][VIZ_PARTY_NAME_BYTES];
	const struct viz_geometry *plant; /* of self */
	struct viz_intervals cells, ceps;
	struct viz_party_set with_cells, with_ceps; /* parties that have data of this kind */
	struct viz_party_set *touched, *whole;      /* by town */
};

struct viz_destination {
	uint16_t town;
	bool has_point;
	struct viz_point point;
	bool has_street_cep;
	uint32_t cep;
};

struct viz_answer {
	enum viz_how self;
	enum viz_how best;                 /* among partners */
	struct viz_party_set by[VIZ_HOWS]; /* partners at exactly that certainty */
};

int viz_coverage_init(struct viz_coverage *c, const struct viz_towns *towns);
/* Adds self, or one more partner. VIZ_ERR_LIMIT, VIZ_ERR_NOMEM. */
int viz_coverage_add(struct viz_coverage *c, bool self, const struct viz_coverage_ad *ad);
/* After the last _add. */
int viz_coverage_build(struct viz_coverage *c);
void viz_coverage_free(struct viz_coverage *c);

void viz_coverage_ask(const struct viz_coverage *c, struct viz_answer *answer,
		      const struct viz_destination *d);

/* "cell", "postcode", "municipality", "none". */
const char *viz_coverage_how_name(enum viz_how how);

#endif
