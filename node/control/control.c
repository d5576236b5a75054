#include "crypto/secret.h"
#include "node/control/control.h"
#include "node/control/reply.h"
#include "node/control/request.h"
#include "node/core/core.h"
#include "node/core/event.h"
#include "node/link/net.h"
#include "proto/base.h"

#include <jansson.h>
#include <malloc.h>

static void wiping_free(void *p)
{
	if (p)
		viz_secret_wipe(p, malloc_usable_size(p));
	free(p);
}

void viz_control_init(void)
{
	json_set_alloc_funcs(malloc, wiping_free);
}

static const struct viz_control_op *find_op(const char *name)
{
	static const struct viz_control_op *const tables[] = {
	    viz_control_status_ops,  viz_control_audit_ops,    viz_control_peer_ops,
	    viz_control_key_ops,     viz_control_coverage_ops, viz_control_plan_ops,
	    viz_control_lead_ops,    viz_control_inbox_ops,    viz_control_probing_ops,
	    viz_control_proof_ops,   viz_control_reach_ops,    viz_control_invite_ops,
	    viz_control_consent_ops, viz_control_events_ops,   viz_control_peer_end_ops};

	for (size_t t = 0; t < sizeof tables / sizeof *tables; t++)
		for (const struct viz_control_op *op = tables[t]; op->name; op++)
			if (strcmp(op->name, name) == 0)
				return op;
	return NULL;
}

static bool has_space(struct viz_core *core, enum viz_control_space space)
{
	switch (space) {
	case VIZ_SPACE_NONE:
		return true;
	case VIZ_SPACE_SOME:
		return viz_core_has_headroom(core);
	case VIZ_SPACE_MUCH:
		return viz_core_has_headroom(core) && !viz_core_nearly_full(core);
	}
	VIZ_REQUIRE(false);
	return false;
}

static int run(struct viz_request *req, json_t *json)
{
	const char *name = json_string_value(json_object_get(json, "op"));
	const struct viz_control_op *op;

	if (!json_is_object(json) || !name)
		return viz_request_fail(req, VIZ_ERR_INPUT, "bad-request",
					"a request is {\"op\": NAME, \"args\": {...}}");
	op = find_op(name);
	if (!op)
		return viz_request_fail(req, VIZ_ERR_INPUT, "no-such-op",
					"no operation of that name");
	req->args = json_object_get(json, "args");
	if (req->args && !json_is_object(req->args))
		return viz_request_fail(req, VIZ_ERR_INPUT, "bad-request",
					"args must be an object");
	if (!has_space(req->net->core, op->space))
		return viz_request_store_full(req);
	return op->run(req);
}

static json_t *error_reply(const struct viz_request *req, int err)
{
	json_t *reply = json_object(), *e = json_object();

	json_object_set_new(e, "code", json_string(req->code[0] ? req->code : viz_err_name(err)));
	json_object_set_new(e, "message", json_string(req->message));
	if (req->candidates)
		json_object_set(e, "candidates", req->candidates);
	if (req->state)
		json_object_set_new(e, "state", json_string(req->state));
	json_object_set_new(reply, "ok", json_false());
	json_object_set_new(reply, "error", e);
	return reply;
}

void viz_control_request(struct viz_net *net, const struct viz_readers *readers,
			 struct viz_shows *shows, const struct viz_event *ev)
{
	struct viz_request req = {.net = net,
				  .readers = readers,
				  .shows = shows,
				  .client = ev->client,
				  .who = ev->who ? ev->who : "",
				  .result = json_object()};
	json_error_t error;
	json_t *json = json_loadb((const char *)ev->bytes, ev->len, JSON_REJECT_DUPLICATES, &error);
	int err = run(&req, json);

	if (err != VIZ_OK)
		viz_reply_send(net->core, ev->client, error_reply(&req, err));
	else if (!req.later)
		viz_reply_ok(net->core, ev->client, req.result);
	json_decref(req.result);
	json_decref(req.candidates);
	json_decref(json);
	free(req.names);
}
