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

static void read_ranges(const json_t *args, struct viz_plant *p)
{
	const json_t *list = json_object_get(args, "ceps"), *v;
	size_t i;

	p->cep = viz_core_alloc((json_array_size(list) + 1) * sizeof *p->cep);
	json_array_foreach(list, i, v)
	{
		json_int_t from = json_integer_value(json_array_get(v, 0));
		json_int_t to = json_integer_value(json_array_get(v, 1));

		p->cep[p->cep_count++] =
		    (struct viz_cep_range){.from = (uint32_t)from, .to = (uint32_t)to};
	}
	viz_cep_normalise(p->cep, &p->cep_count);
}

static int compare_codes(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static int read_codes(struct viz_request *req, struct viz_plant *p)
{
	const json_t *list = json_object_get(req->args, "municipalities"), *v;
	char field[48];
	size_t i, n = 0;

	p->municipality = viz_core_alloc((json_array_size(list) + 1) * sizeof *p->municipality);
	json_array_foreach(list, i, v)
	{
		uint32_t code = (uint32_t)viz_field_number(v, "code", 0);

		snprintf(field, sizeof field, "municipalities[%zu].code", i);
		if (!viz_coverage_municipality_valid(code))
			return viz_request_wrong(req, VIZ_CODE_BAD_MUNICIPALITY, field,
						 "%s: an IBGE code of 7 digits expected", field);
		p->municipality[p->municipality_count++] = code;
	}
	if (p->municipality_count == 0)
		return viz_request_wrong(req, VIZ_CODE_EMPTY, "municipalities",
					 "the coverage touches no municipality");
	qsort(p->municipality, p->municipality_count, sizeof *p->municipality, compare_codes);
	for (i = 0; i < p->municipality_count; i++)
		if (n == 0 || p->municipality[n - 1] != p->municipality[i])
			p->municipality[n++] = p->municipality[i];
	p->municipality_count = n;
	return VIZ_OK;
}

static void set_where(json_t *o, const uint32_t *codes, size_t code_count,
		      const struct viz_cep_range *cep, size_t cep_count, const uint8_t *region,
		      size_t region_len)
{
	json_t *municipalities = json_array(), *ceps = json_array();
	char *hex = viz_core_alloc(region_len * 2 + 1);

	for (size_t i = 0; i < code_count; i++)
		json_array_append_new(municipalities,
				      json_pack("{s:I}", "code", (json_int_t)codes[i]));
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
	json_object_set_new(o, "technology",
			    json_string(viz_coverage_technology_name(p->technology)));
	viz_request_set_given(o, "down_mbps", p->down_mbps);
	json_object_set_new(o, "geometry_bytes", json_integer((json_int_t)p->geometry_len));
	json_object_set_new(o, "region_bytes", json_integer((json_int_t)p->region_len));
	json_object_set_new(o, "cep_range_count", json_integer((json_int_t)p->cep_count));
	json_object_set_new(o, "municipality_count",
			    json_integer((json_int_t)p->municipality_count));
	if (whole)
		set_where(o, p->municipality, p->municipality_count, p->cep, p->cep_count,
			  p->region, p->region_len);
	return o;
}

/* `region` and `ceps` are all that is published; `municipalities` all that they touch. */
static int coverage_import(struct viz_request *req)
{
	struct viz_plant p = {0};
	uint8_t *geometry = viz_field_bytes(&p.geometry_len, req->args, "geometry");
	uint8_t *region = viz_field_bytes(&p.region_len, req->args, "region");
	int err = read_codes(req, &p);

	snprintf(p.name, sizeof p.name, "%s", viz_field_text(req->args, "name"));
	p.technology = viz_coverage_technology(viz_field_text(req->args, "technology"));
	p.down_mbps = (uint32_t)viz_field_number(req->args, "down_mbps", 0);
	p.geometry = geometry;
	p.region = region;
	read_ranges(req->args, &p);
	if (err == VIZ_OK) {
		err = viz_plant_import(req->net, &p);
		if (err == VIZ_ERR_LIMIT)
			viz_request_fail(
			    req, err, VIZ_CODE_TOO_LARGE,
			    "more than %d advertisements, or %d coverages: use coarser "
			    "cells (--zoom)",
			    VIZ_COVERAGE_SLOTS, VIZ_PLANTS_MAX);
		else
			viz_request_core_error(req, err, "coverage");
	}
	if (err == VIZ_OK)
		json_object_set_new(req->result, "coverage", plant_json(&p, false));
	viz_plant_free(&p);
	free(geometry);
	free(region);
	return err;
}

/* The IBGE code of the state with the most municipalities; 0: none has any. */
static unsigned most_of(const unsigned count[100])
{
	unsigned most = 0;

	for (unsigned i = 1; i < 100; i++)
		most = count[i] > count[most] ? i : most;
	return most;
}

/* Our coverages, the state in which most of our municipalities lie, and who else advertises. */
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
		json_object_set_new(o, "advertisement_count", json_integer(n));
		json_object_set_new(o, "partner",
				    json_boolean(viz_live_partner(req->net->trust, &m->id)));
		json_array_append_new(members, o);
	}
	home = most_of(count);
	viz_request_set_given(req->result, "home_state_code", home);
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

/* What we and our partners publish now, ascending by id, in pages. */
static int coverage_export(struct viz_request *req)
{
	struct viz_net *net = req->net;
	const char *cursor = viz_field_text(req->args, "cursor");
	struct viz_id after = {{0}};
	size_t bytes = 0;
	json_t *members;

	if (cursor[0] != '\0' && viz_id_parse(after.b, "viz", cursor) != VIZ_OK)
		return viz_request_wrong(req, VIZ_CODE_BAD_CURSOR, "cursor",
					 "cursor: that of an earlier reply");
	members = json_array();
	for (size_t i = 0; i < net->trust->directory.count; i++) {
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
			viz_request_set_id(req->result, "cursor", &m->id);
			break;
		}
	}
	json_object_set_new(req->result, "members", members);
	return VIZ_OK;
}

/* With its codes and ranges. */
static int coverage_show(struct viz_request *req)
{
	const char *name = viz_field_text(req->args, "name");
	struct viz_slice key, value;
	struct viz_plant p;
	int err;

	if (!viz_core_get(req->net->core, &value, VIZ_TABLE_PLANT, (const uint8_t *)name,
			  strlen(name)))
		return viz_request_fail(req, VIZ_ERR_ABSENT, VIZ_CODE_NO_SUCH_COVERAGE,
					"no coverage \"%s\"", name);
	key = (struct viz_slice){.p = (const uint8_t *)name, .len = strlen(name)};
	err = viz_plant_read(&p, &key, &value);
	if (err == VIZ_OK) {
		json_object_set_new(req->result, "coverage", plant_json(&p, true));
		viz_plant_free(&p);
	}
	return viz_request_core_error(req, err, "coverage");
}

static int coverage_withdraw(struct viz_request *req)
{
	const char *name = viz_field_text(req->args, "name");
	int err = viz_plant_withdraw(req->net, name);

	if (err == VIZ_ERR_ABSENT)
		return viz_request_fail(req, err, VIZ_CODE_NO_SUCH_COVERAGE, "no coverage \"%s\"",
					name);
	json_object_set_new(req->result, "name", json_string(name));
	json_object_set_new(req->result, "removed", json_true());
	return viz_request_core_error(req, err, "withdraw");
}

static const struct viz_field range_entry = {NULL, VIZ_FIELD_RANGE, .min = 0, .max = VIZ_CEP_MAX};

static const struct viz_field municipality_entry = {NULL, VIZ_FIELD_OBJECT,
						    .of = viz_request_municipality};

static const struct viz_field import_fields[] = {
    {"name", VIZ_FIELD_TEXT, .needed = true, .min = 1, .max = VIZ_PLANT_NAME_MAX},
    {"technology", VIZ_FIELD_CHOICE, .choices = VIZ_COVERAGE_TECHNOLOGIES},
    {"down_mbps", VIZ_FIELD_NUMBER, .min = 0, .max = 1000000},
    {"geometry", VIZ_FIELD_BYTES, .max = VIZ_GEOMETRY_BYTES_MAX},
    {"region", VIZ_FIELD_BYTES, .max = 4 << 20},
    {"ceps", VIZ_FIELD_LIST, .max = VIZ_CEP_RANGES_MAX, .of = &range_entry},
    {"municipalities", VIZ_FIELD_LIST, .max = VIZ_PLANT_CODES_MAX, .of = &municipality_entry},
    {0},
};

static const struct viz_field export_fields[] = {
    {"cursor", VIZ_FIELD_TEXT, .min = 1, .max = VIZ_TEXT_ID_MAX - 1}, {0}};

static const struct viz_field name_fields[] = {
    {"name", VIZ_FIELD_TEXT, .needed = true, .min = 1, .max = VIZ_PLANT_NAME_MAX}, {0}};

const struct viz_control_op viz_control_coverage_ops[] = {
    {"coverage.export", coverage_export, VIZ_SPACE_NONE, VIZ_PRIVACY_NONE, VIZ_ROLES_READ,
     export_fields},
    {"coverage.import", coverage_import, VIZ_SPACE_MUCH, VIZ_PRIVACY_NONE, VIZ_ROLE_ADMIN,
     import_fields},
    {"coverage.list", coverage_list, VIZ_SPACE_NONE, VIZ_PRIVACY_NONE, VIZ_ROLES_READ,
     viz_request_none},
    {"coverage.show", coverage_show, VIZ_SPACE_NONE, VIZ_PRIVACY_NONE, VIZ_ROLES_READ, name_fields},
    {"coverage.withdraw", coverage_withdraw, VIZ_SPACE_NONE, VIZ_PRIVACY_NONE, VIZ_ROLE_ADMIN,
     name_fields},
    {0},
};
