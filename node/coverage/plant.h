/* This node's own coverage: the exact plant, private, and the public advertisements made of
 * it. VIZ_TABLE_PLANT: name -> [technology, down_mbps, geometry, ceps, municipalities,
 * region]. */
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

struct viz_plant {
	char name[VIZ_PLANT_NAME_MAX + 1];
	unsigned technology;
	uint32_t down_mbps;
	struct viz_cep_range *cep; /* ascending, disjoint */
	size_t cep_count;
	uint32_t *municipality; /* ascending */
	size_t municipality_count;
	const uint8_t *geometry; /* viz_geometry_encode's bytes; len 0: none */
	size_t geometry_len;
	const uint8_t *region; /* viz_region_encode's bytes, of any length; len 0: none */
	size_t region_len;
};

/* Keeps the plant and publishes its advertisements, replacing one of the same name. VIZ_ERR_LIMIT:
 * more than the slots of an author hold; VIZ_ERR_INPUT: geometry or region do not decode. */
int viz_plant_import(struct viz_net *net, const struct viz_plant *p);

/* VIZ_ERR_ABSENT. */
int viz_plant_withdraw(struct viz_net *net, const char *name);

/* Reads a row; ceps and municipalities are allocated (viz_plant_free), the rest is borrowed. */
int viz_plant_read(struct viz_plant *out, const struct viz_slice *key,
		   const struct viz_slice *value);

void viz_plant_free(struct viz_plant *p);

/* What a technician would say: yes, analysis, no with the reason. */
enum viz_answer viz_plant_answer(struct viz_core *core, enum viz_no_reason *reason,
				 const struct viz_location *location);

#endif
