/* The records that we publish of our own plant. */
#include "tests/unit/unit.h"

#include "node/core/core.h"
#include "node/coverage/plant.h"
#include "node/coverage/who.h"
#include "node/state.h"
#include "node/trust/live.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/coverage.h"
#include "proto/geo/cell.h"
#include "proto/geo/limits.h"
#include "proto/geo/region.h"
#include "proto/limits.h"
#include "proto/record.h"
#include "store/store.h"
#include "tests/unit/node/bed.h"
#include "tests/unit/proto/shapes.h"

/* Our own plant has more municipalities, cells and ranges than one record takes. Each record has
 * municipalities and cells, so that nobody asks us for a cell that we do not serve. */
static void a_plant_of_many_records(void **state)
{
	enum { CODES = 1500, CELLS_N = 20000, RANGES = 4500 };
	struct bed *b = *state;
	const struct viz_id *self = &b->node->trust.self.author;
	uint64_t *cells = calloc(CELLS_N, sizeof *cells);
	uint8_t *region = malloc(VIZ_REGION_BOUND(CELLS_N));
	struct viz_plant p = {.name = "rede",
			      .technology = VIZ_TECH_FIBER,
			      .municipality = calloc(CODES, sizeof *p.municipality),
			      .cep = calloc(RANGES, sizeof *p.cep),
			      .cep_count = RANGES,
			      .region = region};
	struct viz_coverage *c = calloc(1, sizeof *c);
	uint64_t seed = 7;
	size_t n = CELLS_N, records = 0, ranges = 0;

	for (uint32_t code = 1100000; p.municipality_count < CODES; code++)
		if (viz_coverage_municipality_valid(code))
			p.municipality[p.municipality_count++] = code;
	for (uint32_t i = 0; i < RANGES; i++)
		p.cep[i] = (struct viz_cep_range){i * 1000, i * 1000 + 500};
	for (size_t i = 0; i < n; i++)
		cells[i] = viz_cell_from_xy((uint32_t)random_in(&seed, 20000, 20000 + 2000),
					    (uint32_t)random_in(&seed, 30000, 30000 + 2000), 16);
	assert_int_equal(viz_region_normalise(cells, &n), 0);
	assert_int_equal(viz_region_encode(region, &p.region_len, VIZ_REGION_BOUND(n), cells, n),
			 0);
	assert_true(p.region_len > 20000);
	b->now.ms += 2000;
	bed_run(b); /* our NODE, without which no record of ours is live */
	bed_begin(b);
	assert_int_equal(viz_plant_import(&b->node->net, &p), VIZ_OK);
	bed_end(b);
	bed_begin(b);
	for (uint64_t slot = 0; slot < VIZ_COVERAGE_SLOTS; slot++) {
		struct viz_record rec;

		if (!viz_live_get(&b->node->trust, &rec, self, VIZ_TYPE_COVERAGE, slot))
			continue;
		assert_int_equal(viz_coverage_parse(c, &rec), VIZ_OK);
		assert_true(c->municipality_count > 0 && c->region_len > 0);
		ranges += c->cep_count;
		records++;
	}
	assert_int_equal(ranges, RANGES);
	assert_in_range(records, 4, 12);
	for (unsigned i = 0; i < 40; i++) {
		struct viz_area area = {.municipality = p.municipality[random_next(&seed) % CODES]};
		uint64_t cell =
		    i % 2 ? cells[random_next(&seed) % n]
			  : viz_cell_from_xy((uint32_t)random_in(&seed, 19000, 19000 + 4000),
					     (uint32_t)random_in(&seed, 29000, 29000 + 4000), 16);

		assert_true(viz_coverage_who_covers(&b->node->trust, self, &area));
		area.cell = viz_cell_parent(cell, VIZ_AREA_LEVEL);
		assert_int_equal(viz_coverage_who_covers(&b->node->trust, self, &area),
				 viz_region_meets(cells, n, area.cell));
	}
	p.municipality_count = 0;
	assert_int_equal(viz_plant_import(&b->node->net, &p), VIZ_ERR_INPUT);
	viz_store_abort(b->store);
	viz_plant_free(&p);
	free(c);
	free(region);
	free(cells);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(a_plant_of_many_records, bed_setup, bed_teardown),
	};

	return cmocka_run_group_tests_name("plant", tests, NULL, NULL);
}
