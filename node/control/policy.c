/* `policy.*`: which leads of partners this node takes. */
#include "node/core/policy.h"

#include "node/control/request.h"
#include "node/core/core.h"
#include "node/core/hours.h"
#include "node/link/net.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/offer.h"

#include <jansson.h>

static json_t *towns_json(const struct viz_policy *p)
{
	json_t *list = json_array();

	for (size_t i = 0; i < p->towns_len; i += 4)
		json_array_append_new(
		    list, json_pack("{s:I}", "code", (json_int_t)viz_be_get_u32(p->towns + i)));
	return list;
}

static json_t *policy_json(struct viz_trust *trust, const struct viz_policy *p)
{
	enum viz_no_reason no = viz_policy_refuses(trust->core, &trust->profile.work, 0);
	json_t *o = json_object();

	json_object_set_new(o, "taking", json_boolean(no == VIZ_NO_NONE));
	if (no != VIZ_NO_NONE)
		json_object_set_new(o, "no_reason",
				    json_string(no == VIZ_NO_CAPACITY ? "capacity" : "policy"));
	if (p->paused_until.ms > trust->core->now.ms)
		viz_request_set_time(o, "paused_until", p->paused_until);
	viz_request_set_given(o, "daily_cap", p->daily_cap);
	json_object_set_new(o, "taken_today_count",
			    json_integer(viz_policy_counted(trust->core, &trust->profile.work)));
	viz_request_set_text(o, "taking_hours", p->hours);
	viz_request_set_text(o, "hours", trust->profile.hours);
	json_object_set_new(o, "municipalities", towns_json(p));
	viz_request_set_text(o, "who", p->who);
	viz_request_set_time(o, "changed_at", p->changed);
	return o;
}

static int policy_show(struct viz_request *req)
{
	struct viz_policy p;

	viz_policy_get(req->net->core, &p);
	json_object_set_new(req->result, "policy", policy_json(req->net->trust, &p));
	return VIZ_OK;
}

/* A time that has passed ends the pause. */
static int set_pause(struct viz_request *req, struct viz_policy *p)
{
	struct viz_time until = viz_field_time(req->args, "paused_until", p->paused_until);
	int64_t now = req->net->core->now.ms;

	if (until.ms > now + VIZ_POLICY_PAUSE_MS)
		return viz_request_wrong(req, VIZ_CODE_BAD_TIME, "paused_until",
					 "a pause has at most 30 days: for longer, withdraw the "
					 "coverage");
	p->paused_until = until.ms > now ? until : (struct viz_time){0};
	return VIZ_OK;
}

static int set_hours(struct viz_request *req, struct viz_policy *p)
{
	const char *hours = viz_field_text(req->args, "taking_hours");
	struct viz_hours h = {0};

	if (hours[0] != '\0' && !viz_hours_parse(&h, hours))
		return viz_request_wrong(req, VIZ_CODE_BAD_TEXT, "taking_hours",
					 "taking_hours must be like \"seg-sex 8-18, sab 8-12\"");
	snprintf(p->hours, sizeof p->hours, "%s", hours);
	return VIZ_OK;
}

static void set_towns(struct viz_policy *p, const json_t *list)
{
	p->towns_len = 0;
	for (size_t i = 0; i < json_array_size(list); i++, p->towns_len += 4)
		viz_be_put_u32(p->towns + p->towns_len,
			       (uint32_t)viz_field_number(json_array_get(list, i), "code", 0));
}

/* What is not said stays as it is. */
static int policy_set(struct viz_request *req)
{
	const json_t *towns = json_object_get(req->args, "municipalities");
	struct viz_policy p;
	int err;

	viz_policy_get(req->net->core, &p);
	err = set_pause(req, &p);
	if (err == VIZ_OK && json_object_get(req->args, "taking_hours"))
		err = set_hours(req, &p);
	if (err != VIZ_OK)
		return err;
	p.daily_cap = (uint32_t)viz_field_number(req->args, "daily_cap", p.daily_cap);
	if (towns)
		set_towns(&p, towns);
	snprintf(p.who, sizeof p.who, "%s", req->who);
	p.changed = req->net->core->now;
	viz_policy_put(req->net->core, &p);
	json_object_set_new(req->result, "policy", policy_json(req->net->trust, &p));
	return VIZ_OK;
}

static const struct viz_field town = {"municipalities", .kind = VIZ_FIELD_OBJECT,
				      .of = viz_request_municipality};

static const struct viz_field set_fields[] = {
    {"daily_cap", VIZ_FIELD_NUMBER, .min = 0, .max = VIZ_POLICY_CAP_MAX},
    {"paused_until", .kind = VIZ_FIELD_TIME},
    {"taking_hours", VIZ_FIELD_TEXT, .min = 0, .max = VIZ_POLICY_HOURS_MAX},
    {"municipalities", VIZ_FIELD_LIST, .max = VIZ_POLICY_TOWNS_MAX, .of = &town},
    {0},
};

const struct viz_control_op viz_control_policy_ops[] = {
    {"policy.show", policy_show, VIZ_SPACE_NONE, VIZ_PRIVACY_NONE, VIZ_ROLES_READ,
     viz_request_none},
    {"policy.set", policy_set, VIZ_SPACE_SOME, VIZ_PRIVACY_NONE, VIZ_ROLE_ADMIN, set_fields},
    {0},
};
