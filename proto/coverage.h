/* The body of COVERAGE: where a node says that it serves. It is public and coarse. PROTOCOL.md
 * section 8. Coverage that is larger than one record takes several slots; their union counts. */
#ifndef VIZ_PROTO_COVERAGE_H
#define VIZ_PROTO_COVERAGE_H

#include "proto/geo/cep.h"
#include "proto/record.h"

enum viz_technology {
	VIZ_TECH_FIBER = 1,
	VIZ_TECH_CABLE = 2,
	VIZ_TECH_RADIO = 3,
	VIZ_TECH_COPPER = 4,
	VIZ_TECH_SATELLITE = 5,
};

/* Their words, outside the wire. */
#define VIZ_COVERAGE_TECHNOLOGIES "fiber|cable|radio|copper|satellite"

/* "?" when it is none. */
const char *viz_coverage_technology_name(unsigned technology);

/* VIZ_TECH_FIBER when the word is none of these. */
unsigned viz_coverage_technology(const char *name);

struct viz_coverage {
	unsigned technology;                           /* enum viz_technology */
	uint32_t down_mbps;                            /* top speed; 0: not said */
	uint32_t municipality[VIZ_COVERAGE_CODES_MAX]; /* IBGE codes of 7 digits, ascending; all
							  that ranges and region touch */
	size_t municipality_count;
	struct viz_cep_range cep[VIZ_COVERAGE_CEPS_MAX]; /* ascending, disjoint, not adjacent */
	size_t cep_count;
	const uint8_t *region; /* proto/geo/region.h; borrowed */
	size_t region_len;     /* 0: none */
};

/* The only country of this version. */
#define VIZ_COUNTRY "BR"

/* `region` points into the input and stays packed: viz_region_decode unpacks it, within its limits.
 */
VIZ_BODY(coverage);

/* Where an offer's customer wants service: the municipality, and where many live a cell of
 * VIZ_AREA_LEVEL. */
struct viz_area {
	uint32_t municipality;
	uint64_t cell; /* 0: none */
};

void viz_area_write(struct viz_writer *w, const struct viz_area *a);
void viz_area_read(struct viz_reader *r, struct viz_area *a);

/* Whether this COVERAGE meets the area: it names the municipality and, if it has a region and the
 * area a cell, the two have a point in common. A record whose region does not unpack meets nothing.
 */
bool viz_coverage_meets(const struct viz_coverage *c, const struct viz_area *a);

/* Whether the region, if there is one, unpacks. */
bool viz_coverage_unpacks(const struct viz_coverage *c);

/* Whether the region has a point in common with the cell. */
bool viz_coverage_has_cell(const struct viz_coverage *c, uint64_t cell);

/* An IBGE municipality code of 7 digits with its check digit (modulo 10, weights 1 2 1 2 1 2), or
 * one of the nine codes that IBGE issued with another digit. */
bool viz_coverage_municipality_valid(uint32_t code);

#endif
