#include "node/coverage/plant.h"

#include "node/core/core.h"
#include "node/core/place.h"
#include "node/link/net.h"
#include "node/self/publish.h"
#include "node/trust/notice.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/coverage.h"
#include "proto/fields.h"
#include "proto/geo/cep.h"
#include "proto/geo/geometry.h"
#include "proto/geo/limits.h"
#include "proto/geo/region.h"
#include "proto/limits.h"
#include "proto/offer.h"
#include "proto/reader.h"
#include "proto/record.h"
#include "proto/statement.h"
#include "proto/writer.h"
#include "store/stat.h"
#include "store/store.h"
#include "store/tables.h"

/* A point less exact than this cannot decide on which side of a plant's edge it lies. */
#define EXACT_M 100

/* A technician must look at a point that is at most this far outside. A distribution box serves
 * within 70 to 100 m, and never beyond 150 m. */
#define NEAR_CM 15000

/* The largest packed region beside which the most municipalities and ranges fit a record. */
#define REGION_BYTES 16000

/* The bodies of the COVERAGE records of all plants, by slot. */
struct ads {
	uint8_t *body[VIZ_COVERAGE_SLOTS];
	size_t len[VIZ_COVERAGE_SLOTS];
	size_t count;
};

/* A list in memory of its own, with at most `max` elements. */
#define VIZ_WRITE_ALLOCATED(w, s, m, n, max, type) VIZ_WRITE_LIST(w, s, m, n, 0, type)
#define VIZ_READ_ALLOCATED(r, s, m, n, max, type)                                                  \
	(s)->n = viz_reader_array(r, 0, max);                                                      \
	(s)->m = viz_core_alloc(((s)->n + 1) * sizeof *(s)->m);                                    \
	for (size_t field_i = 0; field_i < (s)->n; field_i++)                                      \
		viz_##type##_read(r, &(s)->m[field_i]);

#define RANGE(F)                                                                                   \
	F(UINT, from, 0, UINT32_MAX)                                                               \
	F(UINT, to, 0, UINT32_MAX)
static VIZ_FIELDS_WRITER(cep_range, RANGE);
static VIZ_FIELDS_READER(cep_range, RANGE);

static void viz_municipality_write(struct viz_writer *w, const uint32_t *code)
{
	viz_writer_uint(w, *code);
}

static void viz_municipality_read(struct viz_reader *r, uint32_t *code)
{
	*code = (uint32_t)viz_reader_uint(r, UINT32_MAX);
}

#define PLANT(F)                                                                                   \
	F(UINT, technology, 0, VIZ_TECH_SATELLITE)                                                 \
	F(UINT, down_mbps, 0, UINT32_MAX)                                                          \
	F(BIN, geometry, 0, SIZE_MAX)                                                              \
	F(ALLOCATED, cep, cep_count, VIZ_CEP_RANGES_MAX, cep_range)                                \
	F(ALLOCATED, municipality, municipality_count, VIZ_PLANT_CODES_MAX, municipality)          \
	F(BIN, region, 0, SIZE_MAX)

int viz_plant_read(struct viz_plant *out, const struct viz_slice *key,
		   const struct viz_slice *value)
{
	struct viz_plant p = {0};

	if (key->len == 0 || key->len > VIZ_PLANT_NAME_MAX)
		return VIZ_ERR_STORE;
	memcpy(p.name, key->p, key->len);
	if (VIZ_FIELDS_PARSE(&p, value->p, value->len, PLANT) != VIZ_OK) {
		viz_plant_free(&p);
		return VIZ_ERR_STORE;
	}
	*out = p;
	return VIZ_OK;
}

void viz_plant_free(struct viz_plant *p)
{
	free(p->cep);
	free(p->municipality);
	p->cep = NULL;
	p->municipality = NULL;
}

static int ads_add(struct ads *a, const struct viz_coverage *c)
{
	struct viz_writer w;

	if (a->count == VIZ_COVERAGE_SLOTS)
		return VIZ_ERR_LIMIT;
	a->body[a->count] = viz_core_alloc(VIZ_RECORD_MAX);
	viz_writer_init(&w, a->body[a->count], VIZ_RECORD_MAX - 256);
	viz_coverage_write(&w, c);
	return viz_writer_finish(&w, &a->len[a->count++]);
}

/* Packs as many of the `n` cells as one record takes: *taken of them. */
static int pack_piece(struct viz_coverage *c, uint8_t packed[REGION_BYTES], size_t *taken,
		      const uint64_t *cells, size_t n)
{
	int err;

	*taken = n;
	while ((err = viz_region_encode(packed, &c->region_len, REGION_BYTES, cells, *taken)) ==
		   VIZ_ERR_LIMIT &&
	       *taken > 1)
		*taken /= 2;
	c->region = packed;
	return err;
}

/* The records of one list of municipalities: one for each piece of the region, or one. Each of them
 * takes the next ranges, until there are no more. */
static int ads_of_codes(struct ads *a, struct viz_coverage *c, const struct viz_plant *p,
			const uint64_t *cells, size_t n, size_t *cep)
{
	uint8_t *packed = viz_core_alloc(REGION_BYTES);
	size_t at = 0, taken = 0;
	int err = VIZ_OK;

	do {
		if (n > 0)
			err = pack_piece(c, packed, &taken, cells + at, n - at);
		for (c->cep_count = 0; *cep < p->cep_count && c->cep_count < VIZ_COVERAGE_CEPS_MAX;)
			c->cep[c->cep_count++] = p->cep[(*cep)++];
		if (err == VIZ_OK)
			err = ads_add(a, c);
		at += taken;
	} while (err == VIZ_OK && at < n);
	free(packed);
	return err;
}

/* Whoever asks for a municipality and a cell must find both in one record. So each list of
 * municipalities has the whole region, and when ranges are left they have a list with the region
 * too. */
static int ads_of_plant(struct ads *a, const struct viz_plant *p)
{
	struct viz_coverage *c = viz_core_alloc(sizeof *c);
	uint64_t *cells = viz_core_alloc(VIZ_REGION_CELLS_MAX * sizeof *cells);
	size_t n = 0, cep = 0, code = 0;
	int err = VIZ_OK;

	if (p->region_len > 0)
		err = viz_region_decode(cells, &n, VIZ_REGION_CELLS_MAX, p->region, p->region_len);
	while (err == VIZ_OK && (code < p->municipality_count || cep < p->cep_count)) {
		*c = (struct viz_coverage){.technology = p->technology, .down_mbps = p->down_mbps};
		if (code == p->municipality_count)
			code = 0;
		while (code < p->municipality_count &&
		       c->municipality_count < VIZ_COVERAGE_CODES_MAX)
			c->municipality[c->municipality_count++] = p->municipality[code++];
		err = ads_of_codes(a, c, p, cells, n, &cep);
	}
	free(cells);
	free(c);
	return err;
}

/* Publishes each slot whose record changes. A slot that we need no more gets an empty COVERAGE.
 * With `differs` nothing is published: it says whether something would be. */
static int ads_publish(struct viz_net *net, const struct ads *a, bool *differs)
{
	const struct viz_coverage nothing = {.technology = VIZ_TECH_FIBER};
	struct viz_slice empty;
	VIZ_WRITER(w, 32);
	int err = VIZ_OK;

	viz_coverage_write(&w, &nothing);
	empty = viz_writer_done(&w);
	for (uint64_t slot = 0; slot < VIZ_COVERAGE_SLOTS && err == VIZ_OK; slot++) {
		const uint8_t *body = slot < a->count ? a->body[slot] : empty.p;
		size_t len = slot < a->count ? a->len[slot] : empty.len;
		struct viz_held held;
		struct viz_record rec;
		bool published = viz_place_get(net->core, &held, &rec, &net->trust->self.author,
					       VIZ_TYPE_COVERAGE, slot);

		if (!published && slot >= a->count)
			continue;
		if (published && rec.body_len == len && memcmp(rec.body, body, len) == 0)
			continue;
		if (differs)
			*differs = true;
		else
			err = viz_self_publish(net, NULL, VIZ_TYPE_COVERAGE, slot, body, len);
	}
	return err;
}

/* Publishes the records of all plants as they will be: with `add` (NULL: none) instead of the row
 * of its name, and without the row named `without` (NULL: none). `differs` as above. */
static int publish_all(struct viz_net *net, const struct viz_plant *add, const char *without,
		       bool *differs)
{
	struct ads a = {.count = 0};
	struct viz_slice key, value;
	struct viz_walk walk;
	int err = VIZ_OK;

	viz_walk_init(&walk, net->core->store, VIZ_TABLE_PLANT, NULL, 0);
	while (err == VIZ_OK && viz_walk_next(&walk, &key, &value)) {
		struct viz_plant p;

		err = viz_plant_read(&p, &key, &value);
		if (err != VIZ_OK)
			break;
		if (!(add && strcmp(add->name, p.name) == 0) &&
		    !(without && strcmp(without, p.name) == 0))
			err = ads_of_plant(&a, &p);
		viz_plant_free(&p);
	}
	if (err == VIZ_OK && add)
		err = ads_of_plant(&a, add);
	if (err == VIZ_OK)
		err = ads_publish(net, &a, differs);
	for (size_t i = 0; i < a.count; i++)
		free(a.body[i]);
	return err;
}

int viz_plant_import(struct viz_net *net, const struct viz_plant *p)
{
	size_t max =
	    p->geometry_len + p->region_len + p->cep_count * 16 + p->municipality_count * 8 + 256;
	struct viz_geometry g;
	struct viz_writer w;
	struct viz_slice v;
	uint8_t *row;
	int err;

	viz_geometry_init(&g);
	if (p->municipality_count == 0)
		return VIZ_ERR_INPUT;
	if (p->geometry_len > 0 &&
	    viz_geometry_code_read(&g, p->geometry, p->geometry_len) != VIZ_OK)
		return VIZ_ERR_INPUT;
	viz_geometry_free(&g);
	if (!viz_core_get(net->core, &v, VIZ_TABLE_PLANT, (const uint8_t *)p->name,
			  strlen(p->name)) &&
	    viz_store_stat_entries(net->core->store, VIZ_TABLE_PLANT) >= VIZ_PLANTS_MAX)
		return VIZ_ERR_LIMIT;
	err = publish_all(net, p, NULL, NULL);
	if (err != VIZ_OK)
		return err;
	viz_notice_add(net->trust, VIZ_NOTICE_COVERAGE, NULL, NULL, 0);
	row = viz_core_alloc(max);
	viz_writer_init(&w, row, max);
	VIZ_FIELDS_WRITE(&w, p, PLANT);
	viz_core_put_row(net->core, VIZ_TABLE_PLANT, (const uint8_t *)p->name, strlen(p->name), &w);
	free(row);
	return VIZ_OK;
}

bool viz_plant_is_published(struct viz_net *net)
{
	bool differs = false;

	return publish_all(net, NULL, NULL, &differs) == VIZ_OK && !differs;
}

int viz_plant_withdraw(struct viz_net *net, const char *name)
{
	struct viz_slice v;
	int err;

	if (!viz_core_get(net->core, &v, VIZ_TABLE_PLANT, (const uint8_t *)name, strlen(name)))
		return VIZ_ERR_ABSENT;
	err = publish_all(net, NULL, name, NULL);
	if (err != VIZ_OK)
		return err;
	viz_core_del(net->core, VIZ_TABLE_PLANT, (const uint8_t *)name, strlen(name));
	viz_notice_add(net->trust, VIZ_NOTICE_COVERAGE, NULL, NULL, 0);
	return VIZ_OK;
}

static bool has_municipality(const struct viz_plant *p, uint32_t code)
{
	for (size_t i = 0; i < p->municipality_count; i++)
		if (p->municipality[i] == code)
			return true;
	return false;
}

/* The answer of one plant alone. */
static enum viz_answer answer_of(const struct viz_plant *p, const struct viz_location *l)
{
	bool street_cep = l->cep != 0 && !viz_cep_is_general(l->cep) &&
			  viz_cep_contains(p->cep, p->cep_count, l->cep);
	enum viz_answer answer = VIZ_ANSWER_NO;
	struct viz_geometry g;

	if (p->geometry_len == 0) {
		if (street_cep)
			return VIZ_ANSWER_YES;
		return has_municipality(p, l->municipality) ? VIZ_ANSWER_ANALYSIS : VIZ_ANSWER_NO;
	}
	if (!l->has_point || l->precision_m > EXACT_M) {
		/* a plant with a geometry says yes only to an exact point */
		return street_cep || has_municipality(p, l->municipality) ? VIZ_ANSWER_ANALYSIS
									  : VIZ_ANSWER_NO;
	}
	viz_geometry_init(&g);
	if (viz_geometry_code_read(&g, p->geometry, p->geometry_len) == VIZ_OK) {
		if (viz_geometry_contains(&g, l->point))
			answer = VIZ_ANSWER_YES;
		else if (viz_geometry_distance_cm(&g, l->point) <= NEAR_CM)
			answer = VIZ_ANSWER_ANALYSIS;
	}
	viz_geometry_free(&g);
	return answer;
}

enum viz_answer viz_plant_answer(struct viz_core *core, enum viz_no_reason *reason,
				 const struct viz_location *location)
{
	enum viz_answer best = VIZ_ANSWER_NO;
	struct viz_slice key, value;
	struct viz_walk walk;

	viz_walk_init(&walk, core->store, VIZ_TABLE_PLANT, NULL, 0);
	while (best != VIZ_ANSWER_YES && viz_walk_next(&walk, &key, &value)) {
		enum viz_answer answer;
		struct viz_plant p;

		if (viz_plant_read(&p, &key, &value) != VIZ_OK)
			continue;
		answer = answer_of(&p, location);
		if (answer < best) /* yes < analysis < no */
			best = answer;
		viz_plant_free(&p);
	}
	*reason = best == VIZ_ANSWER_NO ? VIZ_NO_PLANT : VIZ_NO_NONE;
	return best;
}
