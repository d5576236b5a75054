/* What this node serves: the plant, which is exact and stays private, and the COVERAGE records
 * that we publish from it. VIZ_TABLE_PLANT: name -> [technology, down_mbps, geometry, ceps,
 * municipalities, region]. */
#ifndef VIZ_NODE_COVERAGE_PLANT_H
#define VIZ_NODE_COVERAGE_PLANT_H

#include "proto/offer.h"

struct viz_cep_range;
struct viz_core;
struct viz_location;
struct viz_net;
struct viz_slice;

#define VIZ_PLANT_NAME_MAX 40

#define VIZ_PLANTS_MAX 32

#define VIZ_PLANT_CODES_MAX 6000 /* municipalities; Brazil has 5,571 */

struct viz_plant {
	char name[VIZ_PLANT_NAME_MAX + 1];
	unsigned technology;
	uint32_t down_mbps;
	struct viz_cep_range *cep; /* ascending, disjoint */
	size_t cep_count;
	uint32_t *municipality; /* ascending; all that ranges and region touch, at least one */
	size_t municipality_count;
	const uint8_t *geometry; /* of viz_geometry_code_write; length 0: none */
	size_t geometry_len;
	const uint8_t *region; /* of viz_region_encode, of any length; length 0: none */
	size_t region_len;
};

/* Keeps the plant, instead of one of the same name, and publishes the COVERAGE records that change.
 * VIZ_ERR_LIMIT: VIZ_PLANTS_MAX plants are kept, or all plants need more than VIZ_COVERAGE_SLOTS
 * records. VIZ_ERR_INPUT: geometry or region do not decode, or there is no municipality. */
int viz_plant_import(struct viz_net *net, const struct viz_plant *p);

/* Removes the plant and publishes the records that change. VIZ_ERR_ABSENT: there is none of this
 * name. */
int viz_plant_withdraw(struct viz_net *net, const char *name);

/* Whether our COVERAGE records, which partners hold, say what the plants here say. They differ
 * after an older state was put back. */
bool viz_plant_is_published(struct viz_net *net);

/* Reads a row. `out` owns ceps and municipalities (viz_plant_free); geometry and region point into
 * `value`. VIZ_ERR_STORE. */
int viz_plant_read(struct viz_plant *out, const struct viz_slice *key,
		   const struct viz_slice *value);

void viz_plant_free(struct viz_plant *p);

/* Our answer about a location, from all plants: yes, analysis (a technician must look), or no with
 * the reason. */
enum viz_answer viz_plant_answer(struct viz_core *core, enum viz_no_reason *reason,
				 const struct viz_location *location);

#endif
