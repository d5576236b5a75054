/* Who serves a place. The index gives candidates, and never too few. Whether a record counts
 * now (key, heartbeat, end) and meets the area exactly is looked up in the record itself. */
#ifndef VIZ_NODE_COVERAGE_WHO_H
#define VIZ_NODE_COVERAGE_WHO_H

#include "proto/base.h"

struct viz_area;
struct viz_id;
struct viz_location;
struct viz_net;
struct viz_trust;

/* How a member's coverage was found to have the place, the surest of three. */
enum viz_coverage_found {
	VIZ_FOUND_CELL = 1,
	VIZ_FOUND_POSTCODE = 2,
	VIZ_FOUND_MUNICIPALITY = 3, /* it touches the municipality: no more is known */
};

/* Those of whom a live COVERAGE has the location's cell, and its street's postcode: two of
 * viz_coverage_who's lists. */
struct viz_coverage_near {
	struct viz_id *by_cell;
	size_t by_cell_n;
	struct viz_id *by_postcode;
	size_t by_postcode_n;
};

/* The authors of whom a live COVERAGE meets the area, ascending; the caller frees *out. */
size_t viz_coverage_who(struct viz_net *net, struct viz_id **out, const struct viz_area *area);

void viz_coverage_near(struct viz_net *net, struct viz_coverage_near *near,
		       const struct viz_location *location);

void viz_coverage_near_free(struct viz_coverage_near *near);

enum viz_coverage_found viz_coverage_found(const struct viz_coverage_near *near,
					   const struct viz_id *author);

/* "cell", "postcode", "municipality". */
const char *viz_coverage_found_name(enum viz_coverage_found found);

/* Whether a live COVERAGE of this author meets the area. */
bool viz_coverage_covers(struct viz_trust *trust, const struct viz_id *author,
			 const struct viz_area *area);

#endif
