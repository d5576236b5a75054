/* Postcode ranges in a tree of four levels, two digits each. A node is a prefix of 0, 2, 4 or 6
 * digits, its children are the next two digits. A range stands at the node where its ends part, as
 * the run of children that it covers whole, and, where an end cuts a child, at nodes below: at most
 * 7 runs, and one or two for ranges as postcode directories print them. A code lies in a range
 * exactly when one node on its path has a run of the range that holds its child there, and never in
 * two.
 *
 * Key: country (2 letters), depth u8 (0 to 3), prefix u24be, first child u8, last child u8. */
#include "store/lookup_inside.h"

#include "proto/coverage.h"

#define DEPTHS VIZ_LOOKUP_DEPTHS
#define KEY    8
#define NODE   6 /* bytes of a key that name the node */

static const uint32_t child_width[DEPTHS] = {1000000, 10000, 100, 1};

static void node_key(uint8_t key[KEY], unsigned depth, uint32_t cep, uint8_t first, uint8_t last)
{
	uint32_t prefix = depth ? cep / child_width[depth - 1] : 0;

	memcpy(key, VIZ_COUNTRY, 2);
	key[2] = (uint8_t)depth;
	key[3] = (uint8_t)(prefix >> 16);
	viz_put_u16be(key + 4, (uint16_t)prefix);
	key[6] = first;
	key[7] = last;
}

static uint8_t child(uint32_t cep, unsigned depth)
{
	return (uint8_t)(cep / child_width[depth] % 100);
}

struct part {
	unsigned depth;
	struct viz_cep_range range; /* inside one node of that depth */
};

int viz_lookup_cep_touch(struct viz_lookup *l, struct viz_cep_range range, uint32_t ordinal,
			 bool add)
{
	struct part todo[2 * DEPTHS] = {{0, range}};
	unsigned n = 1;
	int err = 0;

	while (n > 0 && err == 0) {
		struct part p = todo[--n];
		uint32_t width = child_width[p.depth];
		uint32_t first = p.range.from / width;
		uint32_t last = p.range.to / width;
		bool cut_first = p.range.from % width != 0;
		bool cut_last = p.range.to % width != width - 1;
		uint64_t keys = 0;
		uint8_t key[KEY];

		if (first == last && (cut_first || cut_last)) {
			todo[n++] = (struct part){p.depth + 1, p.range};
			continue;
		}
		if (first + cut_first <= last - cut_last) {
			node_key(key, p.depth, p.range.from, (uint8_t)((first + cut_first) % 100),
				 (uint8_t)((last - cut_last) % 100));
			err = viz_lookup_touch(l, &keys, VIZ_TABLE_LOOKUP_CEP, key, KEY, ordinal,
					       add);
		}
		if (cut_first)
			todo[n++] =
			    (struct part){p.depth + 1, {p.range.from, first * width + width - 1}};
		if (cut_last)
			todo[n++] = (struct part){p.depth + 1, {last * width, p.range.to}};
	}
	return err;
}

static bool in_node(const MDB_val *k, const uint8_t key[KEY])
{
	return k->mv_size == KEY && memcmp(k->mv_data, key, NODE) == 0;
}

/* Gathers the runs of one node that hold the child, and keeps where they stand. */
static int gather_runs(struct viz_lookup *l, uint32_t cep, unsigned depth)
{
	MDB_cursor *c = viz_lookup_cursor(l, VIZ_LOOKUP_CURSOR_CEP + depth, VIZ_TABLE_LOOKUP_CEP);
	struct viz_lookup_runs *runs = &l->runs[depth];
	uint8_t digits = child(cep, depth);
	uint8_t key[KEY];
	MDB_val k = {KEY, key};
	MDB_val v;
	size_t n = 0;
	int rc = 0;

	if (!c)
		return VIZ_ERR_STORE;
	runs->path = 0;
	node_key(key, depth, cep, 0, 0);
	rc = mdb_cursor_get(c, &k, &v, MDB_SET_RANGE);
	while (rc == 0 && in_node(&k, key) && ((const uint8_t *)k.mv_data)[6] <= digits) {
		if (((const uint8_t *)k.mv_data)[7] >= digits) {
			if (viz_lookup_gather(l, &v))
				return VIZ_ERR_STORE;
			if (n < VIZ_LOOKUP_RUNS_MAX)
				runs->list[n] = v;
			n++;
		}
		rc = mdb_cursor_get(c, &k, &v, MDB_NEXT);
	}
	if (rc && rc != MDB_NOTFOUND)
		return viz_store_poison(l->store, "look-up", mdb_strerror(rc));
	if (n <= VIZ_LOOKUP_RUNS_MAX) {
		runs->path = cep / child_width[depth] + 1;
		runs->n = n;
	}
	return 0;
}

int viz_lookup_cep(struct viz_lookup *l, uint32_t *ordinals, size_t *n, size_t max, uint32_t cep)
{
	int err = 0;

	if (cep > VIZ_CEP_MAX)
		return VIZ_ERR_MEANING;
	err = viz_lookup_load_levels(l);
	if (err)
		return err;
	for (unsigned depth = 0; depth < DEPTHS && err == 0; depth++) {
		const struct viz_lookup_runs *runs = &l->runs[depth];

		if (runs->path != cep / child_width[depth] + 1)
			err = gather_runs(l, cep, depth);
		else
			for (size_t i = 0; i < runs->n && err == 0; i++)
				err = viz_lookup_gather(l, &runs->list[i]);
	}
	return viz_lookup_take(l, err ? NULL : ordinals, n, max);
}
