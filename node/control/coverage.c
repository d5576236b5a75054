#include "crypto/id.h"
#include "node/control/request.h"
#include "node/core/core.h"
#include "node/coverage/plant.h"
#include "node/link/net.h"
#include "node/trust/live.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/coverage.h"
#include "proto/geo/cep.h"
#include "proto/geo/limits.h"
#include "proto/limits.h"
#include "proto/reader.h"
#include "proto/record.h"
#include "store/store.h"
#include "store/tables.h"

#include <jansson.h>

/* A reply of coverage.export ends with the member that takes it past so many bytes of records. */
#define EXPORT_BYTES 8000000

static int read_ranges(struct viz_request *req, struct viz_plant *p)
{
	json_t *list = json_object_get(req->args, "ceps"), *v;
	size_t i;

	if (json_array_size(list) > VIZ_CEP_RANGES_MAX)
		return viz_request_fail(req, VIZ_ERR_LIMIT, "too-many", "at most %u CEP ranges",
					VIZ_CEP_RANGES_MAX);
	p->cep = viz_core_alloc((json_array_size(list) + 1) * sizeof *p->cep);
	json_array_foreach(list, i, v)
	{
		json_int_t from = json_integer_value(json_array_get(v, 0));
		json_int_t to = json_integer_value(json_array_get(v, 1));

		if (!json_is_integer(json_array_get(v, 0)) ||
		    !json_is_integer(json_array_get(v, 1)) || from < 0 || to < from ||
		    to > 99999999)
			return viz_request_fail(req, VIZ_ERR_INPUT, "bad-cep",
						"ceps[%zu]: [from, to] of 8 digits expected", i);
		p->cep[p->cep_count++] =
		    (struct viz_cep_range){.from = (uint32_t)from, .to = (uint32_t)to};
	}
	viz_cep_normalise(p->cep, &p->cep_count);
	return VIZ_OK;
}

static int compare_codes(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static int read_codes(struct viz_request *req, struct viz_plant *p)
{
	json_t *list = json_object_get(req->args, "municipalities"), *v;
	size_t i, n = 0;

	if (json_array_size(list) > VIZ_PLANT_CODES_MAX)
		return viz_request_fail(req, VIZ_ERR_LIMIT, "too-many", "at most %d municipalities",
					VIZ_PLANT_CODES_MAX);
	p->municipality = viz_core_alloc((json_array_size(list) + 1) * sizeof *p->municipality);
	json_array_foreach(list, i, v)
	{
		json_int_t code = json_integer_value(v);

		if (code < 0 || code > 9999999 || !viz_coverage_municipality_valid((uint32_t)code))
			return viz_request_fail(
			    req, VIZ_ERR_INPUT, "bad-municipality",
			    "municipalities[%zu]: an IBGE code of 7 digits expected", i);
		p->municipality[p->municipality_count++] = (uint32_t)code;
	}
	qsort(p->municipality, p->municipality_count, sizeof *p->municipality, compare_codes);
	for (i = 0; i < p->municipality_count; i++)
		if (n == 0 || p->municipality[n - 1] != p->municipality[i])
			p->municipality[n++] = p->municipality[i];
	p->municipality_count = n;
	return VIZ_OK;
}

/* {name, technology: 1-5, down_mbps, geometry: hex, region: hex, ceps: [[from, to]],
 * municipalities: [code], all that ceps and region touch} -> {name, municipalities, ceps: how many
 * of each} */
static int coverage_import(struct viz_request *req)
{
	struct viz_plant p = {0};
	uint8_t *geometry = NULL, *region = NULL;
	const int64_t fiber = VIZ_TECH_FIBER, zero = 0;
	int64_t technology, down;
	int err = viz_request_text(req, p.name, VIZ_PLANT_NAME_MAX, "name", 1, NULL);

	if (err == VIZ_OK)
		err =
		    viz_request_int(req, &technology, "technology", 1, VIZ_TECH_SATELLITE, &fiber);
	if (err == VIZ_OK)
		err = viz_request_int(req, &down, "down_mbps", 0, 1000000, &zero);
	if (err == VIZ_OK)
		err = viz_request_bytes(req, &geometry, &p.geometry_len, "geometry",
					VIZ_GEOMETRY_BYTES_MAX);
	if (err == VIZ_OK)
		err = viz_request_bytes(req, &region, &p.region_len, "region", 4u << 20);
	if (err == VIZ_OK)
		err = read_ranges(req, &p);
	if (err == VIZ_OK)
		err = read_codes(req, &p);
	if (err == VIZ_OK) {
		p.technology = (unsigned)technology;
		p.down_mbps = (uint32_t)down;
		p.geometry = geometry;
		p.region = region;
		if (p.municipality_count == 0)
			err = viz_request_fail(req, VIZ_ERR_INPUT, "empty",
					       "the coverage touches no municipality");
	}
	if (err == VIZ_OK) {
		err = viz_plant_import(req->net, &p);
		if (err == VIZ_ERR_LIMIT)
			viz_request_fail(
			    req, err, "too-large",
			    "more than %d advertisements, or %d coverages: use coarser "
			    "cells (--zoom)",
			    VIZ_COVERAGE_SLOTS, VIZ_PLANTS_MAX);
		else if (err != VIZ_OK)
			viz_request_core_error(req, err, "coverage");
		json_object_set_new(req->result, "name", json_string(p.name));
		json_object_set_new(req->result, "municipalities",
				    json_integer((json_int_t)p.municipality_count));
		json_object_set_new(req->result, "ceps", json_integer((json_int_t)p.cep_count));
	}
	viz_plant_free(&p);
	free(geometry);
	free(region);
	return err;
}

static void set_where(json_t *o, const uint32_t *codes, size_t code_count,
		      const struct viz_cep_range *cep, size_t cep_count, const uint8_t *region,
		      size_t region_len)
{
	json_t *municipalities = json_array(), *ceps = json_array();
	char *hex = viz_core_alloc(region_len * 2 + 1);

	for (size_t i = 0; i < code_count; i++)
		json_array_append_new(municipalities, json_integer(codes[i]));
	for (size_t i = 0; i < cep_count; i++)
		json_array_append_new(
		    ceps, json_pack("[I,I]", (json_int_t)cep[i].from, (json_int_t)cep[i].to));
	viz_hex(hex, region, region_len);
	json_object_set_new(o, "municipalities", municipalities);
	json_object_set_new(o, "ceps", ceps);
	json_object_set_new(o, "region", json_string(hex));
	free(hex);
}

static json_t *plant_json(const struct viz_plant *p, bool whole)
{
	json_t *o = json_object();

	json_object_set_new(o, "name", json_string(p->name));
	json_object_set_new(o, "technology", json_integer(p->technology));
	json_object_set_new(o, "down_mbps", json_integer(p->down_mbps));
	json_object_set_new(o, "geometry_bytes", json_integer((json_int_t)p->geometry_len));
	json_object_set_new(o, "region_bytes", json_integer((json_int_t)p->region_len));
	json_object_set_new(o, "cep_ranges", json_integer((json_int_t)p->cep_count));
	json_object_set_new(o, "municipality_count",
			    json_integer((json_int_t)p->municipality_count));
	if (whole)
		set_where(o, p->municipality, p->municipality_count, p->cep, p->cep_count,
			  p->region, p->region_len);
	return o;
}

/* The IBGE code of the state with the most municipalities; 0: none has any. */
static unsigned most_of(const unsigned count[100])
{
	unsigned most = 0;

	for (unsigned i = 1; i < 100; i++)
		most = count[i] > count[most] ? i : most;
	return most;
}

/* {} -> {state: the IBGE code of the state in which most of our municipalities lie, or null,
 * coverages: [...], members: [{name, id, advertisements, partner}]} */
static int coverage_list(struct viz_request *req)
{
	json_t *own = json_array(), *members = json_array();
	unsigned count[100] = {0}, home; /* municipalities of each state */
	struct viz_slice key, value;
	struct viz_walk walk;

	viz_walk_init(&walk, req->net->core->store, VIZ_TABLE_PLANT, NULL, 0);
	while (viz_walk_next(&walk, &key, &value)) {
		struct viz_plant p;

		if (viz_plant_read(&p, &key, &value) != VIZ_OK)
			continue;
		json_array_append_new(own, plant_json(&p, false));
		for (size_t i = 0; i < p.municipality_count; i++)
			count[p.municipality[i] / 100000 % 100]++;
		viz_plant_free(&p);
	}
	for (size_t i = 0; i < req->net->trust->directory.count; i++) {
		const struct viz_member *m = req->net->trust->directory.list[i];
		json_int_t n = 0;
		struct viz_record rec;
		json_t *o;

		if (viz_id_eq(&m->id, &req->net->trust->self.author))
			continue;
		for (uint64_t slot = 0; slot < VIZ_COVERAGE_SLOTS; slot++)
			n += viz_live_get(req->net->trust, &rec, &m->id, VIZ_TYPE_COVERAGE, slot);
		if (n == 0)
			continue;
		o = json_object();
		viz_request_set_id(o, "id", &m->id);
		json_object_set_new(o, "name", json_string(viz_member_name(m)));
		json_object_set_new(o, "advertisements", json_integer(n));
		json_object_set_new(o, "partner",
				    json_boolean(viz_live_partner(req->net->trust, &m->id)));
		json_array_append_new(members, o);
	}
	home = most_of(count);
	json_object_set_new(req->result, "state", home != 0 ? json_integer(home) : json_null());
	json_object_set_new(req->result, "coverages", own);
	json_object_set_new(req->result, "stale", json_boolean(!viz_plant_is_published(req->net)));
	json_object_set_new(req->result, "members", members);
	return VIZ_OK;
}

/* The live advertisements of one member; NULL when there are none. */
static json_t *member_ads(struct viz_trust *trust, const struct viz_id *id, size_t *bytes)
{
	struct viz_coverage *cov = viz_core_alloc(sizeof *cov);
	json_t *ads = json_array();

	for (uint64_t slot = 0; slot < VIZ_COVERAGE_SLOTS; slot++) {
		struct viz_record rec;
		json_t *o;

		if (!viz_live_get(trust, &rec, id, VIZ_TYPE_COVERAGE, slot))
			continue;
		if (viz_coverage_parse(cov, &rec) != VIZ_OK)
			continue;
		o = json_object();
		set_where(o, cov->municipality, cov->municipality_count, cov->cep, cov->cep_count,
			  cov->region, cov->region_len);
		json_array_append_new(ads, o);
		*bytes += rec.body_len;
	}
	free(cov);
	if (json_array_size(ads) > 0)
		return ads;
	json_decref(ads);
	return NULL;
}

/* {after: an id, "" to begin} -> {members: [{id, name, self, advertisements: [{municipalities,
 * ceps, region: hex}]}], next: the id for `after`, or null at the end}: what we and our partners
 * publish now, ascending by id. */
static int coverage_export(struct viz_request *req)
{
	struct viz_net *net = req->net;
	json_t *members = json_array(), *next = json_null();
	struct viz_id after = {{0}};
	char text[VIZ_TEXT_ID_MAX];
	size_t bytes = 0;
	int err = viz_request_text(req, text, sizeof text - 1, "after", 0, "");

	if (err == VIZ_OK && text[0] != '\0' && viz_id_parse(after.b, "viz", text) != VIZ_OK)
		err = viz_request_fail(req, VIZ_ERR_INPUT, "bad-id",
				       "after: an id, as `next` gave it");
	for (size_t i = 0; err == VIZ_OK && i < net->trust->directory.count; i++) {
		const struct viz_member *m = net->trust->directory.list[i];
		bool self = viz_id_eq(&m->id, &net->trust->self.author);
		json_t *ads, *o;

		if (viz_id_cmp(&m->id, &after) <= 0 ||
		    !(self || viz_live_partner(net->trust, &m->id)) ||
		    !(ads = member_ads(net->trust, &m->id, &bytes)))
			continue;
		o = json_object();
		viz_request_set_id(o, "id", &m->id);
		json_object_set_new(
		    o, "name", json_string(self ? net->trust->profile.name : viz_member_name(m)));
		json_object_set_new(o, "self", json_boolean(self));
		json_object_set_new(o, "advertisements", ads);
		json_array_append_new(members, o);
		if (bytes > EXPORT_BYTES && i + 1 < net->trust->directory.count) {
			next = json_incref(json_object_get(o, "id"));
			break;
		}
	}
	json_object_set_new(req->result, "members", members);
	json_object_set_new(req->result, "next", next);
	return err;
}

/* {name} -> {coverage}, with its codes and ranges. */
static int coverage_show(struct viz_request *req)
{
	char name[VIZ_PLANT_NAME_MAX + 1];
	struct viz_slice key, value;
	struct viz_plant p;
	int err = viz_request_text(req, name, VIZ_PLANT_NAME_MAX, "name", 1, NULL);

	if (err != VIZ_OK)
		return err;
	if (!viz_core_get(req->net->core, &value, VIZ_TABLE_PLANT, (const uint8_t *)name,
			  strlen(name)))
		return viz_request_fail(req, VIZ_ERR_ABSENT, "no-such-coverage",
					"no coverage \"%s\"", name);
	key = (struct viz_slice){.p = (const uint8_t *)name, .len = strlen(name)};
	err = viz_plant_read(&p, &key, &value);
	if (err == VIZ_OK) {
		json_object_set_new(req->result, "coverage", plant_json(&p, true));
		viz_plant_free(&p);
	}
	return viz_request_core_error(req, err, "coverage");
}

/* {name} -> {} */
static int coverage_withdraw(struct viz_request *req)
{
	char name[VIZ_PLANT_NAME_MAX + 1];
	int err = viz_request_text(req, name, VIZ_PLANT_NAME_MAX, "name", 1, NULL);

	if (err == VIZ_OK) {
		err = viz_plant_withdraw(req->net, name);
		if (err == VIZ_ERR_ABSENT)
			viz_request_fail(req, err, "no-such-coverage", "no coverage \"%s\"", name);
	}
	return err == VIZ_OK || req->code[0] ? err : viz_request_core_error(req, err, "withdraw");
}

const struct viz_control_op viz_control_coverage_ops[] = {
    {"coverage.export", coverage_export, VIZ_SPACE_NONE},
    {"coverage.import", coverage_import, VIZ_SPACE_MUCH},
    {"coverage.list", coverage_list, VIZ_SPACE_NONE},
    {"coverage.show", coverage_show, VIZ_SPACE_NONE},
    {"coverage.withdraw", coverage_withdraw, VIZ_SPACE_NONE},
    {0},
};
