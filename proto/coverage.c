#include "proto/coverage.h"

#include "proto/geo/cell.h"
#include "proto/geo/region.h"

static void cep_range_write(struct viz_writer *w, const struct viz_cep_range *c)
{
	viz_writer_array(w, 2);
	viz_writer_uint(w, c->from);
	viz_writer_uint(w, c->to);
}

static void cep_range_read(struct viz_reader *r, struct viz_cep_range *c)
{
	viz_reader_tuple(r, 2);
	c->from = (uint32_t)viz_reader_uint(r, 99999999);
	c->to = (uint32_t)viz_reader_uint(r, 99999999);
	if (r->err == VIZ_OK && c->from > c->to)
		viz_reader_fail(r, VIZ_ERR_MEANING);
}

void viz_coverage_write(struct viz_writer *w, const struct viz_coverage *c)
{
	viz_writer_array(w, 6);
	viz_writer_text(w, VIZ_COUNTRY);
	viz_writer_uint(w, c->technology);
	viz_writer_uint(w, c->down_mbps);
	viz_writer_array(w, c->municipality_count);
	for (size_t i = 0; i < c->municipality_count; i++)
		viz_writer_uint(w, c->municipality[i]);
	viz_writer_array(w, c->cep_count);
	for (size_t i = 0; i < c->cep_count; i++)
		cep_range_write(w, &c->cep[i]);
	viz_writer_bin(w, c->region, c->region_len);
}

void viz_coverage_read(struct viz_reader *r, struct viz_coverage *c)
{
	char country[3];

	memset(c, 0, sizeof *c);
	viz_reader_tuple(r, 6);
	viz_reader_text(r, country, 2, 2);
	if (r->err == VIZ_OK && strcmp(country, VIZ_COUNTRY) != 0)
		viz_reader_fail(r, VIZ_ERR_MEANING);
	c->technology = (unsigned)viz_reader_uint(r, VIZ_TECH_SATELLITE);
	if (c->technology == 0)
		viz_reader_fail(r, VIZ_ERR_LIMIT);
	c->down_mbps = (uint32_t)viz_reader_uint(r, 1000000);
	c->municipality_count = viz_reader_array(r, 0, VIZ_COVERAGE_CODES_MAX);
	for (size_t i = 0; i < c->municipality_count && r->err == VIZ_OK; i++) {
		c->municipality[i] = (uint32_t)viz_reader_uint(r, 9999999);
		if (r->err != VIZ_OK)
			break;
		if (!viz_municipality_valid(c->municipality[i]))
			viz_reader_fail(r, VIZ_ERR_MEANING);
		if (i > 0 && c->municipality[i - 1] >= c->municipality[i])
			viz_reader_fail(r, VIZ_ERR_FORM);
	}
	c->cep_count = viz_reader_array(r, 0, VIZ_COVERAGE_CEPS_MAX);
	for (size_t i = 0; i < c->cep_count && r->err == VIZ_OK; i++) {
		cep_range_read(r, &c->cep[i]);
		if (i > 0 && c->cep[i].from <= c->cep[i - 1].to + 1)
			viz_reader_fail(r, VIZ_ERR_FORM);
	}
	c->region = viz_reader_bin(r, &c->region_len, 0, VIZ_REGION_BYTES_MAX);
	if (r->err == VIZ_OK && c->region_len > 0 && c->municipality_count + c->cep_count == 0)
		viz_reader_fail(r, VIZ_ERR_MEANING); /* cells never come without codes */
	if (r->err != VIZ_OK)
		c->municipality_count = c->cep_count = c->region_len = 0;
}

void viz_area_write(struct viz_writer *w, const struct viz_area *a)
{
	viz_writer_array(w, 2);
	viz_writer_uint(w, a->kind);
	switch (a->kind) {
	case VIZ_AREA_MUNICIPALITY:
		viz_writer_uint(w, a->municipality);
		break;
	case VIZ_AREA_CEP:
		cep_range_write(w, &a->cep);
		break;
	case VIZ_AREA_CELL:
		viz_writer_uint(w, a->cell);
		break;
	}
}

void viz_area_read(struct viz_reader *r, struct viz_area *a)
{
	memset(a, 0, sizeof *a);
	viz_reader_tuple(r, 2);
	switch (viz_reader_uint(r, VIZ_AREA_CELL)) {
	case VIZ_AREA_MUNICIPALITY:
		a->kind = VIZ_AREA_MUNICIPALITY;
		a->municipality = (uint32_t)viz_reader_uint(r, 9999999);
		if (r->err == VIZ_OK && !viz_municipality_valid(a->municipality))
			viz_reader_fail(r, VIZ_ERR_MEANING);
		break;
	case VIZ_AREA_CEP:
		a->kind = VIZ_AREA_CEP;
		cep_range_read(r, &a->cep);
		break;
	case VIZ_AREA_CELL:
		a->kind = VIZ_AREA_CELL;
		a->cell = viz_reader_uint(r, UINT64_MAX);
		if (r->err == VIZ_OK && !viz_cell_valid(a->cell))
			viz_reader_fail(r, VIZ_ERR_MEANING);
		break;
	default:
		viz_reader_fail(r, VIZ_ERR_LIMIT);
	}
}

static bool region_meets(const struct viz_coverage *c, uint64_t cell)
{
	uint64_t *cells;
	size_t n = 0;
	bool meets;

	if (c->region_len == 0)
		return false;
	cells = malloc(VIZ_REGION_CELLS_MAX * sizeof *cells);
	VIZ_REQUIRE(cells);
	meets = viz_region_decode(cells, &n, VIZ_REGION_CELLS_MAX, c->region, c->region_len) == 0 &&
		viz_region_meets(cells, n, cell);
	free(cells);
	return meets;
}

bool viz_coverage_meets(const struct viz_coverage *c, const struct viz_area *a)
{
	switch (a->kind) {
	case VIZ_AREA_MUNICIPALITY:
		for (size_t i = 0; i < c->municipality_count; i++)
			if (c->municipality[i] == a->municipality)
				return true;
		return false;
	case VIZ_AREA_CEP:
		for (size_t i = 0; i < c->cep_count; i++)
			if (c->cep[i].from <= a->cep.to && a->cep.from <= c->cep[i].to)
				return true;
		return false;
	case VIZ_AREA_CELL:
		return region_meets(c, a->cell);
	}
	return false;
}

bool viz_municipality_valid(uint32_t code)
{
	/* Issued with another check digit: IBGE, list of municipalities. */
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
