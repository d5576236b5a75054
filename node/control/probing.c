#include "node/offer/probing.h"

#include "node/control/request.h"
#include "node/core/core.h"
#include "node/link/net.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/base.h"

#include <jansson.h>

struct list {
	struct viz_request *req;
	const struct viz_id *one; /* NULL: each peer */
	json_t *out;
};

static json_t *reasons_json(uint32_t reasons)
{
	json_t *list = json_array();

	for (uint32_t bit = 1; bit <= VIZ_PROBE_REASONS; bit <<= 1)
		if (reasons & bit)
			json_array_append_new(list, json_string(viz_probe_reason_name(bit)));
	return list;
}

static void add(void *arg, enum viz_probe_side side, const struct viz_id *peer,
		const struct viz_probe *p)
{
	static const char *const names[VIZ_PROBE_WHATS] = {
	    "location_count",   "yes_count",   "analysis_count",  "no_count",
	    "no_content_count", "award_count", "award_any_count", "install_count"};
	struct list *list = arg;
	struct viz_trust *trust = list->req->net->trust;
	bool reported = viz_probe_reported(p, trust->core->now);
	uint64_t n[VIZ_PROBE_WHATS];
	json_t *o;

	if (list->one && !viz_id_eq(peer, list->one))
		return;
	o = json_object();
	viz_probe_sum(n, p, trust->core->now);
	viz_control_name_set_node(o, "peer", trust, peer);
	json_object_set_new(o, "role", json_string(side == VIZ_PROBE_TAKER ? "origin" : "partner"));
	json_object_set_new(o, "reported", json_boolean(reported));
	json_object_set_new(o, "reasons", reasons_json(reported ? p->reasons : 0));
	viz_request_set_time(o, "since", reported ? p->since : (struct viz_time){0});
	viz_request_set_time(o, "until", reported ? p->until : (struct viz_time){0});
	json_object_set_new(o, "stopped", json_boolean(p->stopped));
	for (size_t i = 0; i < VIZ_PROBE_WHATS; i++)
		json_object_set_new(o, names[i], json_integer((json_int_t)n[i]));
	json_array_append_new(list->out, o);
}

json_t *viz_control_probing_json(struct viz_request *req, const struct viz_id *one)
{
	struct list list = {req, one, json_array()};

	viz_probing_each(req->net->core, add, &list);
	return list.out;
}

struct tally {
	struct viz_time now;
	json_int_t reported;
};

static void count(void *arg, enum viz_probe_side side, const struct viz_id *peer,
		  const struct viz_probe *p)
{
	struct tally *t = arg;

	(void)side;
	(void)peer;
	t->reported += viz_probe_reported(p, t->now);
}

json_t *viz_control_probing_count_json(struct viz_request *req)
{
	struct tally t = {.now = req->net->core->now};

	viz_probing_each(req->net->core, count, &t);
	return json_integer(t.reported);
}

/* Whether we take locations of its offers. */
static int peer_stop(struct viz_request *req)
{
	struct viz_member *m = viz_control_name_peer(req, "peer");

	if (!m)
		return VIZ_ERR_ABSENT;
	viz_probing_stop(req->net->core, &m->id, viz_field_flag(req->args, "stop", false));
	json_object_set_new(req->result, "peer", viz_control_member_json(req, m));
	return VIZ_OK;
}

static const struct viz_field stop_fields[] = {
    {"peer", VIZ_FIELD_TEXT, .needed = true, .min = 1, .max = VIZ_NAME_MAX},
    {"stop", VIZ_FIELD_FLAG, .needed = true},
    {0},
};

const struct viz_control_op viz_control_probing_ops[] = {
    {"peer.stop", peer_stop, VIZ_SPACE_NONE, VIZ_PRIVACY_NONE, VIZ_ROLE_ADMIN, stop_fields},
    {0},
};
