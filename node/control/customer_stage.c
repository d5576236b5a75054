/* Where a customer stands: found anew for each request, from the rows of link and lead. Reading it
 * changes nothing: what fetches links for previews burns no turn and agrees to nothing. */
#include "crypto/secret.h"
#include "node/control/customer.h"
#include "node/control/lead.h"
#include "node/core/core.h"
#include "node/core/hours.h"
#include "node/lead/award.h"
#include "node/link/net.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/trust.h"

const char *viz_customer_stage_name(enum viz_customer_stage stage)
{
	static const char *const names[] = {
	    [VIZ_CUSTOMER_BEGIN] = "begin",         [VIZ_CUSTOMER_CONSENT] = "consent",
	    [VIZ_CUSTOMER_SINGLE] = "single",       [VIZ_CUSTOMER_NO_NEIGHBOUR] = "no-neighbour",
	    [VIZ_CUSTOMER_LATER] = "later",         [VIZ_CUSTOMER_WAITING] = "waiting",
	    [VIZ_CUSTOMER_PROPOSALS] = "proposals", [VIZ_CUSTOMER_CHOSEN] = "chosen",
	    [VIZ_CUSTOMER_CALLED] = "called",       [VIZ_CUSTOMER_RECALLED] = "recalled",
	    [VIZ_CUSTOMER_INSTALLED] = "installed", [VIZ_CUSTOMER_LOST] = "lost",
	    [VIZ_CUSTOMER_NONE] = "none",           [VIZ_CUSTOMER_KEPT] = "kept",
	    [VIZ_CUSTOMER_WITHDRAWN] = "withdrawn", [VIZ_CUSTOMER_OVER] = "over",
	};

	return names[stage];
}

int viz_customer_stage_wrong(struct viz_request *req, const struct viz_customer_visit *v)
{
	req->state = viz_customer_stage_name(v->stage);
	return viz_request_fail(req, VIZ_ERR_STATE, VIZ_CODE_NOT_NOW,
				"this is not asked for in the stage \"%s\"", req->state);
}

static json_t *place_json(const struct viz_lead_customer_person *person)
{
	const struct viz_location *l = &person->location;
	json_t *o = json_pack("{s:{s:I},s:I}", "municipality", "code", (json_int_t)l->municipality,
			      "precision_m", (json_int_t)l->precision_m);

	viz_request_set_given(o, "cep", l->cep);
	if (l->has_point) {
		json_object_set_new(o, "lat_udeg", json_integer(l->point.lat_udeg));
		json_object_set_new(o, "lon_udeg", json_integer(l->point.lon_udeg));
	}
	viz_request_set_given(o, "cell", person->cell);
	return o;
}

json_t *viz_customer_stage_place(const struct viz_customer_visit *v)
{
	const struct viz_location *l = &v->person.location;
	json_t *o = json_object();
	char month[16];

	json_object_set_new(o, "place", place_json(&v->person));
	json_object_set_new(
	    o, "service",
	    json_string(l->service == VIZ_SERVICE_BUSINESS ? "business" : "internet"));
	snprintf(month, sizeof month, "%04u-%02u", l->month / 100 % 10000, l->month % 100);
	if (l->month != 0)
		json_object_set_new(o, "month", json_string(month));
	return o;
}

json_t *viz_customer_stage_args(const struct viz_customer_visit *v)
{
	json_t *o = viz_customer_stage_place(v);
	char previous[VIZ_SLOT_TEXT_MAX];

	json_object_set_new(o, "protocol", json_string(v->link.protocol));
	json_object_set_new(o, "again", json_boolean(v->link.again));
	viz_request_set_time(o, "cancelled_at", v->link.cancelled_at);
	viz_request_slot_text(previous, v->link.previous);
	if (v->link.previous != 0)
		json_object_set_new(o, "previous", json_string(previous));
	return o;
}

/* How many of those drawn are not struck, and how many there are. */
static size_t count_drawn(const json_t *look, size_t *drawn)
{
	json_t *p;
	size_t i, left = 0;

	*drawn = 0;
	json_array_foreach(json_object_get(look, "partners"), i, p)
	{
		if (!json_is_true(json_object_get(p, "drawn")))
			continue;
		++*drawn;
		left += !json_is_true(json_object_get(p, "struck"));
	}
	return left;
}

/* Before there is a lead. Names come from a draw alone. */
static int stage_before(struct viz_request *req, struct viz_customer_visit *v)
{
	bool has_draw = viz_lead_customer_has_draw(req->net->core, &v->link);
	json_t *args, *strike = json_object_get(req->args, "strike");
	size_t drawn = 0, left;
	int err;

	v->stage = VIZ_CUSTOMER_BEGIN;
	if (!v->link.opened)
		return VIZ_OK;
	args = viz_customer_stage_place(v);
	if (has_draw)
		json_object_set_new(args, "draw", json_integer(v->link.draw));
	if (has_draw && strike)
		json_object_set(args, "strike", strike);
	err = viz_control_call(req, &v->look, has_draw ? "lead.draw" : "lead.lookup", args);
	if (err != VIZ_OK)
		return err;
	left = count_drawn(v->look, &drawn);
	if (has_draw)
		v->stage = left == 1 ? VIZ_CUSTOMER_SINGLE : VIZ_CUSTOMER_CONSENT;
	else if (drawn == 0)
		v->stage = VIZ_CUSTOMER_NO_NEIGHBOUR;
	return VIZ_OK;
}

/* Somebody was chosen: may another one be chosen now, or does that wait for the chosen one? */
static enum viz_customer_stage stage_awarded(struct viz_request *req, const struct viz_lead *lead)
{
	if (lead->recalled || lead->released)
		return viz_lead_award_choice(req->net, lead) == VIZ_LEAD_CHOICE_OPEN
			   ? VIZ_CUSTOMER_PROPOSALS
			   : VIZ_CUSTOMER_RECALLED;
	return lead->state == VIZ_LEAD_CONTACTED ? VIZ_CUSTOMER_CALLED : VIZ_CUSTOMER_CHOSEN;
}

static enum viz_customer_stage stage_of(struct viz_request *req, const struct viz_lead *lead)
{
	if (lead->revoked)
		return VIZ_CUSTOMER_WITHDRAWN;
	switch (lead->state) {
	case VIZ_LEAD_KEPT:
		return VIZ_CUSTOMER_KEPT;
	case VIZ_LEAD_NO_NEIGHBOUR:
		if (lead->number != 0)
			return VIZ_CUSTOMER_NONE;
		return viz_lead_waits(lead) ? VIZ_CUSTOMER_LATER : VIZ_CUSTOMER_OVER;
	case VIZ_LEAD_OPEN:
	case VIZ_LEAD_CLOSED:
		return VIZ_CUSTOMER_WAITING;
	case VIZ_LEAD_CHOOSING:
		return lead->order_len > 0 ? VIZ_CUSTOMER_PROPOSALS : VIZ_CUSTOMER_NONE;
	case VIZ_LEAD_AWARDED:
	case VIZ_LEAD_DELIVERED:
	case VIZ_LEAD_CONTACTED:
		return stage_awarded(req, lead);
	case VIZ_LEAD_INSTALLED:
		return VIZ_CUSTOMER_INSTALLED;
	case VIZ_LEAD_LOST:
		return viz_lead_award_choice(req->net, lead) == VIZ_LEAD_CHOICE_OPEN
			   ? VIZ_CUSTOMER_PROPOSALS
			   : VIZ_CUSTOMER_LOST;
	case VIZ_LEAD_NONE_CHOSEN:
		return VIZ_CUSTOMER_NONE;
	case VIZ_LEAD_WITHDRAWN:
		return VIZ_CUSTOMER_WITHDRAWN;
	case VIZ_LEAD_EXPIRED:
		break;
	}
	return VIZ_CUSTOMER_OVER;
}

static int no_link(struct viz_request *req)
{
	return viz_request_fail(req, VIZ_ERR_ABSENT, VIZ_CODE_NO_SUCH_LINK,
				"there is no such link, or it is over");
}

/* `look`: at who can be asked, too. */
static int read_visit(struct viz_request *req, struct viz_customer_visit *v, bool look)
{
	struct viz_core *core = req->net->core;

	if (!viz_lead_customer_find(core, &v->link, viz_field_text(req->args, "token")))
		return no_link(req);
	if (v->link.slot != 0) {
		VIZ_REQUIRE(viz_lead_get(core, &v->lead, v->link.slot));
		v->stage = stage_of(req, &v->lead);
		return VIZ_OK;
	}
	/* What it was sealed with is gone: a damaged vault. */
	if (viz_lead_customer_open(core, &v->person, &v->link) != VIZ_OK)
		return no_link(req);
	return look ? stage_before(req, v) : VIZ_OK;
}

void viz_customer_stage_leave(struct viz_customer_visit *v)
{
	json_decref(v->look);
	viz_secret_wipe(v, sizeof *v);
}

static int enter(struct viz_request *req, struct viz_customer_visit *v, bool look)
{
	int err;

	memset(v, 0, sizeof *v);
	err = read_visit(req, v, look);
	if (err != VIZ_OK)
		viz_customer_stage_leave(v);
	return err;
}

int viz_customer_stage_enter(struct viz_request *req, struct viz_customer_visit *v)
{
	return enter(req, v, true);
}

int viz_customer_stage_refuse(struct viz_request *req, struct viz_customer_visit *v)
{
	return enter(req, v, false);
}

int viz_customer_stage_refresh(struct viz_request *req, struct viz_customer_visit *v)
{
	viz_customer_stage_leave(v);
	return viz_customer_stage_enter(req, v);
}

struct viz_time viz_customer_stage_call_until(struct viz_request *req, const struct viz_lead *lead)
{
	const struct viz_member *m = viz_member_find(req->net->trust, &lead->award_to);
	struct viz_node_body *node = viz_core_alloc(sizeof *node);
	struct viz_hours hours;

	/* What it has not published, or not in a form that we read, is as most have it. */
	viz_hours_default(&hours);
	if (m && viz_member_node(req->net->core, node, m))
		viz_hours_parse(&hours, node->hours);
	free(node);
	return viz_hours_promised(&hours, lead->award_at);
}

bool viz_customer_stage_may_call_again(struct viz_request *req, const struct viz_customer_visit *v)
{
	enum viz_lead_choice choice;

	if (v->stage != VIZ_CUSTOMER_CHOSEN && v->stage != VIZ_CUSTOMER_CALLED)
		return false;
	choice = viz_lead_award_choice(req->net, &v->lead);
	return (choice == VIZ_LEAD_CHOICE_OPEN || choice == VIZ_LEAD_CHOICE_HOLDER) &&
	       viz_customer_stage_call_until(req, &v->lead).ms <= req->net->core->now.ms;
}
