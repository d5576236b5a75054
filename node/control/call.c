/* One operation as a part of another. */
#include "node/control/request.h"
#include "node/core/core.h"
#include "node/link/net.h"
#include "proto/base.h"

#include <jansson.h>

bool viz_control_call_has_space(struct viz_core *core, enum viz_control_space space)
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

/* What can be called so. */
static const struct viz_control_op *find(const char *name)
{
	const struct viz_control_op *const tables[] = {
	    viz_control_lead_ops, viz_control_consent_ops, viz_control_proof_ops};

	for (size_t t = 0; t < sizeof tables / sizeof *tables; t++)
		for (const struct viz_control_op *op = tables[t]; op->name; op++)
			if (strcmp(op->name, name) == 0)
				return op;
	return NULL;
}

int viz_control_call(struct viz_request *req, json_t **result, const char *name, json_t *args)
{
	const struct viz_control_op *op = find(name);
	struct viz_request inner = *req;
	int err;

	inner.args = args;
	inner.result = json_object();
	inner.candidates = NULL;
	inner.names = NULL;
	inner.name_count = 0;
	VIZ_REQUIRE(op && req->code == VIZ_CODE_COUNT);
	err = viz_field_check(&inner, op->fields, args);
	if (err == VIZ_OK)
		err = viz_control_call_has_space(req->net->core, op->space)
			  ? op->run(&inner)
			  : viz_request_store_full(&inner);
	VIZ_REQUIRE(!inner.later);
	if (err == VIZ_OK)
		*result = json_incref(inner.result);
	req->code = inner.code;
	req->state = inner.state;
	req->candidates = inner.candidates;
	memcpy(req->field, inner.field, sizeof req->field);
	memcpy(req->message, inner.message, sizeof req->message);
	json_decref(inner.result);
	json_decref(args);
	free(inner.names);
	return err;
}
