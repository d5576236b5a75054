#include "proto/coverage.h"

#include "proto/fields.h"
#include "proto/geo/cell.h"
#include "proto/geo/region.h"

#define CEP_RANGE(F)                                                                               \
	F(UINT, from, 0, VIZ_CEP_MAX)                                                              \
	F(UINT, to, 0, VIZ_CEP_MAX)
static VIZ_FIELDS_WRITER(cep_range, CEP_RANGE);

static void viz_cep_range_read(struct viz_reader *r, struct viz_cep_range *c)
{
	VIZ_FIELDS_READ(r, c, CEP_RANGE);
	if (c->from > c->to)
		viz_reader_fail(r, VIZ_ERR_MEANING);
}

static void viz_municipality_write(struct viz_writer *w, const uint32_t *code)
{
	viz_writer_uint(w, *code);
}

static void viz_municipality_read(struct viz_reader *r, uint32_t *code)
{
	*code = (uint32_t)viz_reader_uint(r, 9999999);
	if (r->err == VIZ_OK && !viz_coverage_municipality_valid(*code))
		viz_reader_fail(r, VIZ_ERR_MEANING);
}

#define COVERAGE(F)                                                                                \
	F(WORD, VIZ_COUNTRY)                                                                       \
	F(UINT, technology, 1, VIZ_TECH_SATELLITE)                                                 \
	F(UINT, down_mbps, 0, 1000000)                                                             \
	F(LIST, municipality, municipality_count, 0, municipality)                                 \
	F(LIST, cep, cep_count, 0, cep_range)                                                      \
	F(BIN, region, 0, VIZ_REGION_BYTES_MAX)
VIZ_FIELDS_WRITER(coverage, COVERAGE);

void viz_coverage_read(struct viz_reader *r, struct viz_coverage *c)
{
	memset(c, 0, sizeof *c);
	VIZ_FIELDS_READ(r, c, COVERAGE);
	for (size_t i = 1; i < c->municipality_count; i++)
		if (c->municipality[i - 1] >= c->municipality[i])
			viz_reader_fail(r, VIZ_ERR_FORM);
	for (size_t i = 1; i < c->cep_count; i++)
		if (c->cep[i].from <= c->cep[i - 1].to + 1)
			viz_reader_fail(r, VIZ_ERR_FORM);
	/* a record without municipalities meets nothing, so its ranges and cells would be lost */
	if (c->municipality_count == 0 && c->cep_count + c->region_len > 0)
		viz_reader_fail(r, VIZ_ERR_MEANING);
}

#define AREA(F)                                                                                    \
	F(STRUCT, municipality, municipality)                                                      \
	F(UINT, cell, 0, UINT64_MAX)
VIZ_FIELDS_WRITER(area, AREA);

void viz_area_read(struct viz_reader *r, struct viz_area *a)
{
	memset(a, 0, sizeof *a);
	VIZ_FIELDS_READ(r, a, AREA);
	if (r->err == VIZ_OK && a->cell != 0 &&
	    (!viz_cell_valid(a->cell) || viz_cell_level(a->cell) != VIZ_AREA_LEVEL))
		viz_reader_fail(r, VIZ_ERR_MEANING);
}

#define FEW_CELLS 1024 /* most regions have no more */

/* Whether the region unpacks and, unless `cell` is 0, has a point of the cell. */
static bool region_has(const struct viz_coverage *c, uint64_t cell)
{
	uint64_t few[FEW_CELLS], *many = NULL, *cells = few;
	size_t n = 0;
	bool has;
	int err = viz_region_decode(few, &n, FEW_CELLS, c->region, c->region_len);

	if (err == VIZ_ERR_LIMIT) {
		cells = many = malloc(VIZ_REGION_CELLS_MAX * sizeof *many);
		VIZ_REQUIRE(many);
		err = viz_region_decode(many, &n, VIZ_REGION_CELLS_MAX, c->region, c->region_len);
	}
	has = err == VIZ_OK && (cell == 0 || viz_region_meets(cells, n, cell));
	free(many);
	return has;
}

bool viz_coverage_unpacks(const struct viz_coverage *c)
{
	return c->region_len == 0 || region_has(c, 0);
}

bool viz_coverage_has_cell(const struct viz_coverage *c, uint64_t cell)
{
	return c->region_len > 0 && region_has(c, cell);
}

bool viz_coverage_meets(const struct viz_coverage *c, const struct viz_area *a)
{
	for (size_t i = 0; i < c->municipality_count; i++)
		if (c->municipality[i] == a->municipality)
			return c->region_len == 0 || region_has(c, a->cell);
	return false;
}

bool viz_coverage_municipality_valid(uint32_t code)
{
	/* IBGE issued these with another check digit (its list of municipalities). */
	static const uint32_t odd[] = {2201919, 2201988, 2202251, 2611533, 3117836,
				       3152131, 4305871, 5203939, 5203962};
	uint32_t body = code / 10, sum = 0;

	if (code < 1100000 || code > 5399999)
		return false;
	for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
		if (odd[i] == code)
			return true;
	for (int i = 0; i < 6; i++, body /= 10) {
		uint32_t p = (body % 10) * (i % 2 == 0 ? 2 : 1);
		sum += p > 9 ? p - 9 : p;
	}
	return (10 - sum % 10) % 10 == code % 10;
}

static const char *const technologies[] = {[VIZ_TECH_FIBER] = "fiber",
					   [VIZ_TECH_CABLE] = "cable",
					   [VIZ_TECH_RADIO] = "radio",
					   [VIZ_TECH_COPPER] = "copper",
					   [VIZ_TECH_SATELLITE] = "satellite"};

const char *viz_coverage_technology_name(unsigned technology)
{
	return technology >= VIZ_TECH_FIBER && technology <= VIZ_TECH_SATELLITE
		   ? technologies[technology]
		   : "?";
}

unsigned viz_coverage_technology(const char *name)
{
	for (unsigned i = VIZ_TECH_FIBER; i <= VIZ_TECH_SATELLITE; i++)
		if (strcmp(technologies[i], name) == 0)
			return i;
	return VIZ_TECH_FIBER;
}
