/* Postcode ranges in blocks, in three tiers. A block is the codes that begin with 0, 2 or 4 digits,
 * and its children are the next 2, 2 or 4 digits. A range stands in the coarsest tier as the run of
 * children that it covers whole; what its ends cut off stands in the finer ones: at most 5 runs,
 * and mostly one or two for ranges as postcode directories print them. A code lies in a range
 * exactly when one of its three blocks has a run of the range that holds its child there, and never
 * in two.
 *
 * Key: tier u8, country (2 letters), prefix u28be, row (12 bits). Tag: first child << 16 | last. */
#include "store/lookup_inside.h"

#include "proto/coverage.h"

#define TIER_SHIFT    56
#define COUNTRY_SHIFT 40

static const uint32_t node_width[VIZ_LOOKUP_CEP_TIERS] = {100000000, 1000000, 10000};
static const uint32_t child_width[VIZ_LOOKUP_CEP_TIERS] = {1000000, 10000, 1};

static uint64_t cep_base(unsigned tier, uint32_t cep)
{
	uint64_t country = (uint64_t)VIZ_COUNTRY[0] << 8 | (uint64_t)VIZ_COUNTRY[1];

	return (uint64_t)tier << TIER_SHIFT | country << COUNTRY_SHIFT |
	       (uint64_t)(cep / node_width[tier]) << VIZ_LOOKUP_ROW_BITS;
}

static uint32_t child(uint32_t cep, unsigned tier)
{
	return cep % node_width[tier] / child_width[tier];
}

size_t viz_lookup_cep_parts(struct viz_lookup_part parts[VIZ_LOOKUP_CEP_PARTS],
			    struct viz_cep_range range)
{
	struct {
		unsigned tier;
		struct viz_cep_range range; /* inside one block of the tier */
	} todo[VIZ_LOOKUP_CEP_PARTS] = {{0, range}};
	unsigned left = 1;
	size_t n = 0;

	while (left > 0) {
		unsigned tier = todo[--left].tier;
		struct viz_cep_range r = todo[left].range;
		uint32_t width = child_width[tier];
		uint32_t first = r.from / width;
		uint32_t last = r.to / width;
		bool cut_first = r.from % width != 0;
		bool cut_last = r.to % width != width - 1;

		if (first == last && (cut_first || cut_last)) {
			todo[left].tier = tier + 1;
			todo[left++].range = r;
			continue;
		}
		if (first + cut_first <= last - cut_last) {
			uint32_t from = (first + cut_first) * width;
			uint32_t to = (last - cut_last) * width;

			parts[n].base = cep_base(tier, r.from);
			parts[n++].tag = child(from, tier) << 16 | child(to, tier);
		}
		if (cut_first) {
			todo[left].tier = tier + 1;
			todo[left++].range =
			    (struct viz_cep_range){r.from, first * width + width - 1};
		}
		if (cut_last) {
			todo[left].tier = tier + 1;
			todo[left++].range = (struct viz_cep_range){last * width, r.to};
		}
	}
	return n;
}

#define RUNS_AT_ONCE 128

/* The runs of a row that have a child in common with `from` to `to`. A first pass writes down which
 * ones, without a branch for each, which no processor can predict. */
static int gather_runs(struct viz_lookup *l, struct viz_lookup_found *f,
		       const struct viz_lookup_block *b, uint32_t from, uint32_t to)
{
	size_t end = viz_lookup_block_find(b, (to + 1) << 16);
	uint16_t hit[RUNS_AT_ONCE];

	for (size_t i = 0; i < end;) {
		size_t hits = 0;

		for (size_t k = 0; k < RUNS_AT_ONCE && i < end; k++, i++) {
			hit[hits] = (uint16_t)i;
			hits += (viz_lookup_block_tag(b, i) & 0xffff) >= from;
		}
		for (size_t k = 0; k < hits; k++)
			if (viz_lookup_gather(l, f, b, hit[k]))
				return VIZ_ERR_STORE;
	}
	return 0;
}

int viz_lookup_cep(struct viz_lookup *l, uint32_t *ordinals, size_t *n, size_t max, uint32_t cep)
{
	struct viz_lookup_found f = {.ordinals = ordinals, .max = max};
	int err = 0;

	if (cep > VIZ_CEP_MAX)
		return VIZ_ERR_MEANING;
	err = viz_lookup_load(l);
	if (err)
		return err;
	for (unsigned tier = 0; tier < VIZ_LOOKUP_CEP_TIERS; tier++)
		if (l->blocks[VIZ_LOOKUP_CELL_TIERS + tier] &&
		    viz_lookup_touch(l, VIZ_LOOKUP_CELL_TIERS + tier, cep_base(tier, cep)))
			return VIZ_ERR_STORE;
	for (unsigned tier = 0; tier < VIZ_LOOKUP_CEP_TIERS; tier++) {
		struct viz_lookup_block b = {.more = l->blocks[VIZ_LOOKUP_CELL_TIERS + tier] > 0};
		uint64_t base = cep_base(tier, cep);
		uint32_t c = child(cep, tier);

		for (unsigned row = 0; b.more; row++)
			if (viz_lookup_row(l, &b, VIZ_LOOKUP_CELL_TIERS + tier, base, row) ||
			    gather_runs(l, &f, &b, c, c))
				return VIZ_ERR_STORE;
	}
	if (f.over)
		return VIZ_ERR_LIMIT;
	*n = f.n;
	return 0;
}
