/* `inbox.claim`: who of us calls a customer. The first one who claims is the one, so that no two
 * people call. */
#include "node/inbox/claim.h"

#include "node/control/request.h"
#include "node/core/core.h"
#include "node/inbox/inbox.h"
#include "node/inbox/waiting.h"
#include "node/link/net.h"
#include "proto/base.h"

#include <jansson.h>

static int claim(struct viz_request *req, const struct viz_inbox *in)
{
	struct viz_core *core = req->net->core;
	struct viz_claim old;
	bool held = viz_inbox_claim_get(core, &old, in);
	bool ours = held && strcmp(old.who, req->who) == 0;

	if (held && !ours &&
	    (req->role == VIZ_ROLE_AGENT || !viz_field_flag(req->args, "take", false)))
		return viz_control_claim_taken(req, &old);
	if (!ours)
		viz_inbox_claim_put(core, in, req->who);
	return VIZ_OK;
}

/* Whoever has claimed gives it back, and an administrator or operator also for others. */
static int release(struct viz_request *req, const struct viz_inbox *in)
{
	struct viz_claim old;

	if (!viz_inbox_claim_get(req->net->core, &old, in))
		return VIZ_OK;
	if (req->role == VIZ_ROLE_AGENT && strcmp(old.who, req->who) != 0)
		return viz_control_claim_taken(req, &old);
	viz_inbox_claim_drop(req->net->core, in);
	return VIZ_OK;
}

static int inbox_claim(struct viz_request *req)
{
	struct viz_inbox *in = viz_core_alloc(sizeof *in);
	int err = viz_control_inbox_get(req, in);

	if (err == VIZ_OK && !viz_inbox_waiting_for_us(in)) {
		req->state = viz_inbox_state_name(in->state);
		err = viz_request_fail(req, VIZ_ERR_STATE, VIZ_CODE_NOT_NOW,
				       "the lead is \"%s\": there is nothing to do", req->state);
	}
	if (err == VIZ_OK)
		err =
		    viz_field_flag(req->args, "release", false) ? release(req, in) : claim(req, in);
	if (err == VIZ_OK)
		json_object_set_new(req->result, "entry",
				    viz_control_inbox_json(req->net->trust, in));
	free(in);
	return err;
}

static const struct viz_field claim_fields[] = {
    {"lead", VIZ_FIELD_TEXT, .needed = true, .min = 1, .max = VIZ_INBOX_ID_MAX},
    {"release", .kind = VIZ_FIELD_FLAG},
    {"take", .kind = VIZ_FIELD_FLAG},
    {0},
};

const struct viz_control_op viz_control_inbox_claim_ops[] = {
    {"inbox.claim", inbox_claim, VIZ_SPACE_NONE, VIZ_PRIVACY_NONE, VIZ_ROLES_WORK, claim_fields},
    {0},
};
