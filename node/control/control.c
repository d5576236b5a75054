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
	json_set_alloc_funcs(viz_core_alloc, wiping_free);
}

const struct viz_control_op *viz_control_ops(size_t i)
{
	static const struct viz_control_op *const tables[] = {
	    viz_control_status_ops,      viz_control_audit_ops,    viz_control_peer_ops,
	    viz_control_key_ops,         viz_control_coverage_ops, viz_control_plan_ops,
	    viz_control_lead_ops,        viz_control_inbox_ops,    viz_control_probing_ops,
	    viz_control_proof_ops,       viz_control_reach_ops,    viz_control_invite_ops,
	    viz_control_consent_ops,     viz_control_events_ops,   viz_control_peer_end_ops,
	    viz_control_doctor_ops,      viz_control_metrics_ops,  viz_control_backup_ops,
	    viz_control_links_ops,       viz_control_customer_ops, viz_control_find_ops,
	    viz_control_inbox_claim_ops, viz_control_alike_ops,    viz_control_drafts_ops,
	    viz_control_policy_ops,      viz_control_report_ops};

	return i < sizeof tables / sizeof *tables ? tables[i] : NULL;
}

static const struct viz_control_op *find_op(const char *name)
{
	const struct viz_control_op *op;

	for (size_t t = 0; (op = viz_control_ops(t)) != NULL; t++)
		for (; op->name; op++)
			if (strcmp(op->name, name) == 0)
				return op;
	return NULL;
}

static int check_access(struct viz_request *req, const struct viz_control_op *op)
{
	switch (op->privacy) {
	case VIZ_PRIVACY_NONE:
	case VIZ_PRIVACY_TAKES:
		return VIZ_OK;
	case VIZ_PRIVACY_ASKED:
		if (!viz_field_flag(req->args, "personal", false))
			return VIZ_OK;
		return viz_control_access_check(req, VIZ_ROLES_WORK);
	case VIZ_PRIVACY_GIVES:
		break;
	}
	return viz_control_access_check(req, op->roles);
}

/* A client of a later protocol may mean something else by the same words. */
static int check_protocol(struct viz_request *req, json_int_t protocol)
{
	if (protocol <= VIZ_CONTROL_PROTOCOL)
		return VIZ_OK;
	return viz_request_wrong(
	    req, VIZ_CODE_NEWER_CLIENT, "protocol",
	    "the client speaks version %lld of the control protocol, and this node (%s) version "
	    "%d: upgrade the node",
	    (long long)protocol, VIZ_VERSION, VIZ_CONTROL_PROTOCOL);
}

/* The version comes first: a later one may have other fields. */
static int check_request(struct viz_request *req, const json_t *json)
{
	static const struct viz_field fields[] = {
	    {"op", VIZ_FIELD_TEXT, .needed = true, .min = 1, .max = 64},
	    {"args", .kind = VIZ_FIELD_OBJECT},
	    {"as", VIZ_FIELD_OBJECT, .of = viz_control_role_fields},
	    {"protocol", VIZ_FIELD_NUMBER, .min = 1, .max = INT32_MAX},
	    {0}};
	int err = check_protocol(req, viz_field_number(json, "protocol", 1));

	if (err != VIZ_OK)
		return err;
	if (!json_is_object(json))
		return viz_request_fail(req, VIZ_ERR_INPUT, VIZ_CODE_BAD_REQUEST,
					"a request is {\"op\": NAME, \"args\": {...}}");
	err = viz_field_check(req, fields, json);
	return err == VIZ_OK ? viz_control_role_read(req, json_object_get(json, "as")) : err;
}

static int run(struct viz_request *req, json_t *json)
{
	const struct viz_control_op *op;
	int err = check_request(req, json);

	if (err != VIZ_OK)
		return err;
	op = find_op(viz_field_text(json, "op"));
	if (!op)
		return viz_request_fail(req, VIZ_ERR_INPUT, VIZ_CODE_NO_SUCH_OP,
					"no operation of that name");
	err = viz_control_role_check(req, op->roles);
	if (err != VIZ_OK)
		return err;
	req->args = json_object_get(json, "args");
	err = viz_field_check(req, op->fields, req->args);
	if (err == VIZ_OK)
		err = check_access(req, op);
	if (err != VIZ_OK)
		return err;
	if (!viz_control_call_has_space(req->net->core, op->space))
		return viz_request_store_full(req);
	return op->run(req);
}

static json_t *error_json(const struct viz_request *req)
{
	json_t *e = json_object(), *message = json_string(req->message);

	json_object_set_new(
	    e, "code",
	    json_string(viz_code_name(req->code != VIZ_CODE_COUNT ? req->code : VIZ_CODE_FAILED)));
	/* NULL: it was cut within a character */
	json_object_set_new(e, "message", message ? message : json_string(""));
	viz_request_set_text(e, "field", req->field);
	if (req->candidates)
		json_object_set(e, "candidates", req->candidates);
	if (req->state)
		json_object_set_new(e, "state", json_string(req->state));
	return e;
}

void viz_control_request(struct viz_net *net, const struct viz_readers *readers,
			 struct viz_laters *laters, const struct viz_event *ev)
{
	struct viz_request req = {.net = net,
				  .readers = readers,
				  .laters = laters,
				  .client = ev->client,
				  .user = ev->who ? ev->who : "",
				  .who = ev->who ? ev->who : "",
				  .code = VIZ_CODE_COUNT,
				  .result = json_object()};
	json_error_t error;
	json_t *json = json_loadb((const char *)ev->bytes, ev->len, JSON_REJECT_DUPLICATES, &error);
	int err = run(&req, json);

	if (err != VIZ_OK)
		viz_reply_error(net->core, ev->client, error_json(&req));
	else if (!req.later)
		viz_reply_ok(net->core, ev->client, req.result);
	json_decref(req.result);
	json_decref(req.candidates);
	json_decref(json);
	free(req.names);
}
