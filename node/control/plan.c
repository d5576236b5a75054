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

static int plan_from_args(struct viz_request *req, struct viz_plan *plan)
{
	const int64_t fiber = VIZ_TECH_FIBER, zero = 0;
	int64_t price = 0, down = 0, up = 0, technology = 0, days = 0;
	int err = viz_request_free_text(req, plan->name, VIZ_PLAN_MAX, "name", 1, NULL);

	if (err == VIZ_OK)
		err = viz_request_int(req, &price, "price_cents", 1, 100000000, NULL);
	if (err == VIZ_OK)
		err = viz_request_int(req, &down, "down_mbps", 1, 1000000, NULL);
	if (err == VIZ_OK)
		err = viz_request_int(req, &up, "up_mbps", 0, 1000000, &zero);
	if (err == VIZ_OK)
		err =
		    viz_request_int(req, &technology, "technology", 1, VIZ_TECH_SATELLITE, &fiber);
	if (err == VIZ_OK)
		err = viz_request_int(req, &days, "install_days", 0, 366, &zero);
	if (err == VIZ_OK)
		err = viz_request_free_text(req, plan->url, sizeof plan->url - 1, "url", 8, NULL);
	plan->price_cents = (uint32_t)price;
	plan->down_mbps = (uint32_t)down;
	plan->up_mbps = (uint32_t)up;
	plan->technology = (unsigned)technology;
	plan->install_days = (uint32_t)days;
	return err;
}

/* {name, price_cents, down_mbps, up_mbps, technology, install_days, url} -> {name} */
static int plan_add(struct viz_request *req)
{
	struct viz_plan plan = {0};
	int err = plan_from_args(req, &plan);

	if (err != VIZ_OK)
		return err;
	err = viz_plan_put(req->net->core, &plan);
	if (err == VIZ_ERR_LIMIT)
		return viz_request_fail(req, err, "too-many", "at most %d plans", VIZ_PLANS_MAX);
	json_object_set_new(req->result, "name", json_string(plan.name));
	return VIZ_OK;
}

json_t *viz_control_plan_json(const struct viz_plan *p)
{
	json_t *o = json_object();

	json_object_set_new(o, "name", json_string(p->name));
	json_object_set_new(o, "price_cents", json_integer(p->price_cents));
	json_object_set_new(o, "down_mbps", json_integer(p->down_mbps));
	json_object_set_new(o, "up_mbps", json_integer(p->up_mbps));
	json_object_set_new(o, "technology", json_integer(p->technology));
	json_object_set_new(o, "install_days", json_integer(p->install_days));
	json_object_set_new(o, "url", json_string(p->url));
	return o;
}

/* {} -> {plans: [...]} */
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

/* {name} -> {} */
static int plan_remove(struct viz_request *req)
{
	char name[VIZ_PLAN_MAX + 1];
	int err = viz_request_text(req, name, VIZ_PLAN_MAX, "name", 1, NULL);

	if (err == VIZ_OK && viz_plan_remove(req->net->core, name) != VIZ_OK)
		return viz_request_fail(req, VIZ_ERR_ABSENT, "no-such-plan", "no plan \"%s\"",
					name);
	return err;
}

const struct viz_control_op viz_control_plan_ops[] = {
    {"plan.add", plan_add, VIZ_SPACE_SOME},
    {"plan.list", plan_list, VIZ_SPACE_NONE},
    {"plan.remove", plan_remove, VIZ_SPACE_NONE},
    {0},
};
