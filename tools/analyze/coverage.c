#include "tools/analyze/coverage.h"

const char *viz_coverage_how_name(enum viz_how how)
{
	static const char *const names[VIZ_HOWS] = {"none", "municipality", "postcode", "cell"};

	return names[how];
}

int viz_coverage_init(struct viz_coverage *c, const struct viz_towns *towns)
{
	size_t n = viz_towns_count(towns) + 1;

	memset(c, 0, sizeof *c);
	c->towns = towns;
	c->parties = 1;
	c->touched = calloc(n, sizeof *c->touched);
	c->whole = calloc(n, sizeof *c->whole);
	if (c->touched && c->whole)
		return 0;
	viz_coverage_free(c);
	return VIZ_ERR_NOMEM;
}

void viz_coverage_free(struct viz_coverage *c)
{
	viz_intervals_free(&c->cells);
	viz_intervals_free(&c->ceps);
	free(c->touched);
	free(c->whole);
	c->touched = c->whole = NULL;
}

static void mark(const struct viz_coverage *c, struct viz_party_set *sets, uint16_t party,
		 const uint32_t *ibge, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint16_t town = viz_towns_by_code(c->towns, ibge[i]);

		if (town != VIZ_TOWN_NONE)
			viz_party_put(&sets[town], party);
	}
}

static uint64_t states_of(const uint32_t *ibge, size_t n)
{
	uint64_t states = 0;

	for (size_t i = 0; i < n; i++)
		if (ibge[i] / 100000 < 64)
			states |= UINT64_C(1) << (ibge[i] / 100000);
	return states;
}

int viz_coverage_add(struct viz_coverage *c, bool self, const struct viz_coverage_ad *ad)
{
	uint16_t party = self ? VIZ_PARTY_SELF : (uint16_t)c->parties;

	if (party >= VIZ_PARTIES_MAX)
		return VIZ_ERR_LIMIT;
	for (size_t i = 0; i < ad->cells_n; i++) {
		uint64_t lo, hi;

		viz_cell_range(ad->cells[i], &lo, &hi);
		if (viz_intervals_add(&c->cells, party, lo, hi) < 0)
			return VIZ_ERR_NOMEM;
	}
	for (size_t i = 0; i < ad->ceps_n; i++)
		if (viz_intervals_add(&c->ceps, party, ad->ceps[i].from, ad->ceps[i].to) < 0)
			return VIZ_ERR_NOMEM;
	mark(c, c->touched, party, ad->ibge, ad->ibge_n);
	mark(c, c->touched, party, ad->whole, ad->whole_n);
	mark(c, c->whole, party, ad->whole, ad->whole_n);
	if (ad->cells_n)
		viz_party_put(&c->with_cells, party);
	if (ad->ceps_n)
		viz_party_put(&c->with_ceps, party);
	snprintf(c->name[party], VIZ_PARTY_NAME_BYTES, "%s", ad->name ? ad->name : "");
	if (self) {
		c->own_states |=
		    states_of(ad->ibge, ad->ibge_n) | states_of(ad->whole, ad->whole_n);
		c->has_self = true;
		c->plant = ad->plant;
	} else {
		c->parties++;
	}
	return 0;
}

int viz_coverage_build(struct viz_coverage *c)
{
	int err = viz_intervals_build(&c->cells);

	return err < 0 ? err : viz_intervals_build(&c->ceps);
}

void viz_coverage_ask(const struct viz_coverage *c, struct viz_answer *a,
		      const struct viz_destination *d)
{
	static const struct viz_party_set nobody;
	const struct viz_party_set *cells = NULL, *ceps = NULL;
	uint64_t any[VIZ_HOWS] = {0};

	if (d->has_point)
		cells = viz_intervals_at(&c->cells, viz_cell_from_point(d->point, 20));
	if (d->has_street_cep)
		ceps = viz_intervals_at(&c->ceps, d->cep);
	cells = cells ? cells : &nobody;
	ceps = ceps ? ceps : &nobody;
	for (size_t i = 0; i < VIZ_PARTY_WORDS; i++) {
		uint64_t finer = (d->has_point ? c->with_cells.w[i] : 0) |
				 (d->has_street_cep ? c->with_ceps.w[i] : 0);
		uint64_t town = c->whole[d->town].w[i] | (c->touched[d->town].w[i] & ~finer);

		a->by[VIZ_HOW_NOT].w[i] = 0;
		a->by[VIZ_HOW_CELL].w[i] = cells->w[i];
		a->by[VIZ_HOW_POSTCODE].w[i] = ceps->w[i] & ~cells->w[i];
		a->by[VIZ_HOW_MUNICIPALITY].w[i] = town & ~cells->w[i] & ~ceps->w[i];
	}
	a->self = VIZ_HOW_NOT;
	for (unsigned how = VIZ_HOW_MUNICIPALITY; how < VIZ_HOWS; how++) {
		if (a->by[how].w[0] & 1)
			a->self = (enum viz_how)how;
		a->by[how].w[0] &= ~UINT64_C(1);
		for (size_t i = 0; i < VIZ_PARTY_WORDS; i++)
			any[how] |= a->by[how].w[i];
	}
	/* A cell is coarse; our own plant is exact. */
	if (a->self == VIZ_HOW_CELL && c->plant && !viz_geometry_is_empty(c->plant) &&
	    !viz_geometry_contains(c->plant, d->point))
		a->self = viz_party_in(ceps, VIZ_PARTY_SELF)                 ? VIZ_HOW_POSTCODE
			  : viz_party_in(&c->whole[d->town], VIZ_PARTY_SELF) ? VIZ_HOW_MUNICIPALITY
									     : VIZ_HOW_NOT;
	a->best = any[VIZ_HOW_CELL]           ? VIZ_HOW_CELL
		  : any[VIZ_HOW_POSTCODE]     ? VIZ_HOW_POSTCODE
		  : any[VIZ_HOW_MUNICIPALITY] ? VIZ_HOW_MUNICIPALITY
					      : VIZ_HOW_NOT;
}
