/* Whose coverage meets an area. The index names candidates: perhaps too many, never too few. The
 * record of each then decides whether it is live and meets the area. */
#ifndef VIZ_NODE_COVERAGE_WHO_H
#define VIZ_NODE_COVERAGE_WHO_H

#include "proto/base.h"

struct viz_area;
struct viz_id;
struct viz_location;
struct viz_net;
struct viz_trust;

/* The most exact of three ways in which a member's coverage has the location. */
enum viz_coverage_found {
	VIZ_FOUND_CELL = 1,
	VIZ_FOUND_POSTCODE = 2,
	VIZ_FOUND_MUNICIPALITY = 3, /* it touches the municipality: no more is known */
};

/* Authors with a live COVERAGE that has the location's cell, or the postcode of its street, each
 * list ascending by id. */
struct viz_coverage_near {
	struct viz_id *by_cell;
	size_t by_cell_n;
	struct viz_id *by_postcode;
	size_t by_postcode_n;
};

/* Gives the authors with a live COVERAGE that meets the area, ascending by id, and returns how
 * many. The caller frees *out. */
size_t viz_coverage_who(struct viz_net *net, struct viz_id **out, const struct viz_area *area);

/* Whether this author has a live COVERAGE that meets the area. */
bool viz_coverage_who_covers(struct viz_trust *trust, const struct viz_id *author,
			     const struct viz_area *area);

/* Fills both lists of `near`; free it with viz_coverage_who_near_free. A list stays empty where the
 * location is not exact enough for it. */
void viz_coverage_who_near(struct viz_net *net, struct viz_coverage_near *near,
			   const struct viz_location *location);

void viz_coverage_who_near_free(struct viz_coverage_near *near);

/* How the coverage of `author`, which meets the municipality, has the location. */
enum viz_coverage_found viz_coverage_who_found(const struct viz_coverage_near *near,
					       const struct viz_id *author);

/* "cell", "postcode", "municipality". */
const char *viz_coverage_who_found_name(enum viz_coverage_found found);

#endif
