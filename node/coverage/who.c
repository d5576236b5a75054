#include "node/coverage/who.h"

#include "node/core/core.h"
#include "node/core/ids.h"
#include "node/coverage/index.h"
#include "node/link/net.h"
#include "node/trust/live.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/coverage.h"
#include "proto/geo/cell.h"
#include "proto/geo/cep.h"
#include "proto/geo/limits.h"
#include "proto/limits.h"
#include "proto/record.h"
#include "proto/statement.h"
#include "store/lookup.h"
#include "store/store.h"
#include "store/tables.h"

#define TABLE VIZ_TABLE_COVERAGE_INDEX

/* A cell of the default zoom is 600 m wide: a point less exact may lie in another cell. */
#define POINT_M 600

static int compare_ads(const void *a, const void *b)
{
	const struct viz_coverage_ad *x = a, *y = b;
	int c = viz_id_cmp(&x->author, &y->author);

	return c ? c : (x->slot > y->slot) - (x->slot < y->slot);
}

/* What is asked of a COVERAGE: whether it meets the area; without an area, whether its region has a
 * point of the cell; without a cell, whether its ranges have the postcode. */
struct question {
	const struct viz_area *area;
	uint64_t cell;
	uint32_t cep;
};

static bool is_yes(const struct question *q, const struct viz_coverage *c)
{
	if (q->area)
		return viz_coverage_meets(c, q->area);
	return q->cell != 0 ? viz_coverage_has_cell(c, q->cell)
			    : viz_cep_contains(c->cep, c->cep_count, q->cep);
}

/* Returns how many ordinals the index gives; `ordinals` holds VIZ_LOOKUP_ORDINALS. */
static size_t look_up(struct viz_net *net, uint32_t *ordinals, const struct question *q)
{
	struct viz_lookup *l = net->coverage->lookup;
	const size_t max = VIZ_LOOKUP_ORDINALS;
	size_t n = 0;
	int err = q->area        ? viz_lookup_place(l, ordinals, &n, max, q->area->municipality)
		  : q->cell != 0 ? viz_lookup_cell(l, ordinals, &n, max, q->cell)
				 : viz_lookup_cep(l, ordinals, &n, max, q->cep);

	/* after an error of the store the batch fails anyway */
	return err == VIZ_OK ? n : 0;
}

/* The candidates, by author and slot: those of the index, and the records that have no ordinal. */
static struct viz_coverage_ad *candidates(struct viz_net *net, size_t *n, const struct question *q)
{
	uint32_t *ordinals = viz_core_alloc(VIZ_LOOKUP_ORDINALS * sizeof *ordinals);
	size_t found = look_up(net, ordinals, q), capacity = found + 64;
	struct viz_coverage_ad *ads = viz_core_alloc(capacity * sizeof *ads);
	struct viz_slice key, value;
	struct viz_walk walk;

	*n = 0;
	for (size_t i = 0; i < found; i++)
		*n += viz_coverage_index_ad(net->core, &ads[*n], ordinals[i]);
	free(ordinals);
	viz_walk_init(&walk, net->core->store, TABLE, (const uint8_t *)"x", 1);
	while (viz_walk_next(&walk, &key, &value)) {
		if (*n == capacity)
			ads = viz_core_grow(ads, capacity *= 2, sizeof *ads);
		memcpy(ads[*n].author.b, key.p + 1, 32);
		ads[(*n)++].slot = viz_be_get_u64(key.p + 34);
	}
	qsort(ads, *n, sizeof *ads, compare_ads);
	return ads;
}

/* Whether this record is live and answers with yes. `c` is memory to read it into. */
static bool ask(struct viz_trust *trust, const struct viz_id *author, uint64_t slot,
		struct viz_coverage *c, const struct question *q)
{
	struct viz_record rec;

	return viz_live_get(trust, &rec, author, VIZ_TYPE_COVERAGE, slot) &&
	       viz_coverage_parse(c, &rec) == VIZ_OK && is_yes(q, c);
}

static bool ask_author(struct viz_trust *trust, const struct viz_id *author,
		       const struct question *q)
{
	struct viz_coverage *c = viz_core_alloc(sizeof *c);
	bool found = false;

	for (uint64_t slot = 0; slot < VIZ_COVERAGE_SLOTS && !found; slot++)
		found = ask(trust, author, slot, c, q);
	free(c);
	return found;
}

bool viz_coverage_who_covers(struct viz_trust *trust, const struct viz_id *author,
			     const struct viz_area *area)
{
	return ask_author(trust, author, &(struct question){.area = area});
}

/* The slow way, while the index is not built: reads the records of all authors. */
static size_t ask_all(struct viz_trust *trust, struct viz_id **out, const struct question *q)
{
	size_t n = 0;

	*out = viz_core_alloc(trust->directory.count * sizeof **out);
	for (size_t i = 0; i < trust->directory.count; i++)
		if (ask_author(trust, &trust->directory.list[i]->id, q))
			(*out)[n++] = trust->directory.list[i]->id;
	return n;
}

/* The authors with a live COVERAGE that answers with yes, ascending by id. */
static size_t who(struct viz_net *net, struct viz_id **out, const struct question *q)
{
	struct viz_coverage *c;
	size_t count = 0, n = 0;
	struct viz_coverage_ad *ads;

	if (!net->coverage->built)
		return ask_all(net->trust, out, q);
	ads = candidates(net, &count, q);
	c = viz_core_alloc(sizeof *c);
	*out = viz_core_alloc(count * sizeof **out);
	for (size_t i = 0; i < count; i++)
		if ((n == 0 || !viz_id_eq(&(*out)[n - 1], &ads[i].author)) &&
		    ask(net->trust, &ads[i].author, ads[i].slot, c, q))
			(*out)[n++] = ads[i].author;
	free(c);
	free(ads);
	return n;
}

size_t viz_coverage_who(struct viz_net *net, struct viz_id **out, const struct viz_area *area)
{
	return who(net, out, &(struct question){.area = area});
}

void viz_coverage_who_near(struct viz_net *net, struct viz_coverage_near *near,
			   const struct viz_location *location)
{
	struct question q = {0};

	memset(near, 0, sizeof *near);
	if (location->has_point && location->precision_m <= POINT_M) {
		q.cell = viz_cell_from_point(location->point, VIZ_CELL_LEVEL_MAX);
		near->by_cell_n = who(net, &near->by_cell, &q);
	}
	/* a general postcode stands for a whole municipality or district */
	if (location->cep != 0 && !viz_cep_is_general(location->cep)) {
		q = (struct question){.cep = location->cep};
		near->by_postcode_n = who(net, &near->by_postcode, &q);
	}
}

void viz_coverage_who_near_free(struct viz_coverage_near *near)
{
	free(near->by_cell);
	free(near->by_postcode);
}

enum viz_coverage_found viz_coverage_who_found(const struct viz_coverage_near *near,
					       const struct viz_id *author)
{
	if (near->by_cell_n &&
	    bsearch(author, near->by_cell, near->by_cell_n, sizeof *author, viz_ids_compare))
		return VIZ_FOUND_CELL;
	if (near->by_postcode_n && bsearch(author, near->by_postcode, near->by_postcode_n,
					   sizeof *author, viz_ids_compare))
		return VIZ_FOUND_POSTCODE;
	return VIZ_FOUND_MUNICIPALITY;
}

const char *viz_coverage_who_found_name(enum viz_coverage_found found)
{
	switch (found) {
	case VIZ_FOUND_CELL:
		return "cell";
	case VIZ_FOUND_POSTCODE:
		return "postcode";
	case VIZ_FOUND_MUNICIPALITY:
		break;
	}
	return "municipality";
}
