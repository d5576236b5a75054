#include "node/control/request.h"
#include "node/core/core.h"
#include "node/coverage/plan.h"
#include "node/link/net.h"
#include "proto/base.h"
#include "proto/coverage.h"
#include "proto/limits.h"
#include "proto/reader.h"
#include "proto/statement.h"
#include "store/store.h"
#include "store/tables.h"

#include <jansson.h>

static void plan_from_args(const json_t *args, struct viz_plan *plan)
{
	snprintf(plan->name, sizeof plan->name, "%s", viz_field_text(args, "name"));
	snprintf(plan->url, sizeof plan->url, "%s", viz_field_text(args, "url"));
	plan->price_cents = (uint32_t)viz_field_number(args, "price_cents", 0);
	plan->down_mbps = (uint32_t)viz_field_number(args, "down_mbps", 0);
	plan->up_mbps = (uint32_t)viz_field_number(args, "up_mbps", 0);
	plan->technology = viz_coverage_technology(viz_field_text(args, "technology"));
	plan->install_days = (uint32_t)viz_field_number(args, "install_days", 0);
}

static int plan_add(struct viz_request *req)
{
	struct viz_plan plan = {0};

	plan_from_args(req->args, &plan);
	if (viz_plan_put(req->net->core, &plan) == VIZ_ERR_LIMIT)
		return viz_request_fail(req, VIZ_ERR_LIMIT, VIZ_CODE_TOO_MANY, "at most %d plans",
					VIZ_PLANS_MAX);
	json_decref(req->result);
	req->result = viz_control_plan_json(&plan);
	return VIZ_OK;
}

json_t *viz_control_plan_json(const struct viz_plan *p)
{
	json_t *o = json_object();

	json_object_set_new(o, "name", json_string(p->name));
	json_object_set_new(o, "price_cents", json_integer(p->price_cents));
	json_object_set_new(o, "down_mbps", json_integer(p->down_mbps));
	viz_request_set_given(o, "up_mbps", p->up_mbps);
	json_object_set_new(o, "technology",
			    json_string(viz_coverage_technology_name(p->technology)));
	viz_request_set_given(o, "install_days", p->install_days);
	json_object_set_new(o, "url", json_string(p->url));
	return o;
}

static int plan_list(struct viz_request *req)
{
	json_t *list = json_array();
	struct viz_slice key, value;
	struct viz_walk walk;

	viz_walk_init(&walk, req->net->core->store, VIZ_TABLE_PLAN, NULL, 0);
	while (viz_walk_next(&walk, &key, &value)) {
		struct viz_plan plan;

		if (VIZ_PARSE(plan, &plan, value.p, value.len) == VIZ_OK)
			json_array_append_new(list, viz_control_plan_json(&plan));
	}
	json_object_set_new(req->result, "plans", list);
	return VIZ_OK;
}

static int plan_remove(struct viz_request *req)
{
	const char *name = viz_field_text(req->args, "name");

	if (viz_plan_remove(req->net->core, name) != VIZ_OK)
		return viz_request_fail(req, VIZ_ERR_ABSENT, VIZ_CODE_NO_SUCH_PLAN,
					"no plan \"%s\"", name);
	json_object_set_new(req->result, "name", json_string(name));
	json_object_set_new(req->result, "removed", json_true());
	return VIZ_OK;
}

static const struct viz_field plan_fields[] = {
    {"name", VIZ_FIELD_FREE, .needed = true, .min = 1, .max = VIZ_PLAN_MAX},
    {"price_cents", VIZ_FIELD_NUMBER, .needed = true, .min = 1, .max = 100000000},
    {"down_mbps", VIZ_FIELD_NUMBER, .needed = true, .min = 1, .max = 1000000},
    {"up_mbps", VIZ_FIELD_NUMBER, .min = 0, .max = 1000000},
    {"technology", VIZ_FIELD_CHOICE, .choices = VIZ_COVERAGE_TECHNOLOGIES},
    {"install_days", VIZ_FIELD_NUMBER, .min = 0, .max = 366},
    {"url", VIZ_FIELD_FREE, .needed = true, .min = 8,
     .max = sizeof(((struct viz_plan *)0)->url) - 1},
    {0},
};

static const struct viz_field name_fields[] = {
    {"name", VIZ_FIELD_TEXT, .needed = true, .min = 1, .max = VIZ_PLAN_MAX}, {0}};

const struct viz_control_op viz_control_plan_ops[] = {
    {"plan.add", plan_add, VIZ_SPACE_SOME, VIZ_PRIVACY_NONE, VIZ_ROLE_ADMIN, plan_fields},
    {"plan.list", plan_list, VIZ_SPACE_NONE, VIZ_PRIVACY_NONE, VIZ_ROLES_READ, viz_request_none},
    {"plan.remove", plan_remove, VIZ_SPACE_NONE, VIZ_PRIVACY_NONE, VIZ_ROLE_ADMIN, name_fields},
    {0},
};
