/* `inbox.claim`: who of us calls a customer. The first one who claims is the one, so that no two
 * people call; an agent sees the contact of what is claimed alone. */
#include "node/inbox/claim.h"

#include "node/control/request.h"
#include "node/core/core.h"
#include "node/inbox/inbox.h"
#include "node/inbox/waiting.h"
#include "node/link/net.h"
#include "proto/base.h"

#include <jansson.h>

bool viz_control_claim_opens(struct viz_request *req, const struct viz_inbox *in)
{
	return req->role != VIZ_ROLE_AGENT || viz_inbox_claim_is_of(req->net->core, in, req->who);
}

void viz_control_claim_set(json_t *entry, struct viz_core *core, const struct viz_inbox *in)
{
	struct viz_claim claim;

	if (!viz_inbox_claim_get(core, &claim, in))
		return;
	json_object_set_new(entry, "claimed_by", json_string(claim.who));
	viz_request_set_time(entry, "claimed_at", claim.time);
}

/* Somebody else works on it: `claimed` names them. */
static int taken(struct viz_request *req, const struct viz_claim *claim)
{
	return viz_request_fail(req, VIZ_ERR_STATE, VIZ_CODE_CLAIMED, "%s works on this lead",
				claim->who);
}

int viz_control_claim_check(struct viz_request *req, const struct viz_inbox *in)
{
	struct viz_claim claim;

	if (req->role != VIZ_ROLE_AGENT || !viz_inbox_claim_get(req->net->core, &claim, in) ||
	    strcmp(claim.who, req->who) == 0)
		return VIZ_OK;
	return taken(req, &claim);
}

static int claim(struct viz_request *req, const struct viz_inbox *in)
{
	struct viz_core *core = req->net->core;
	struct viz_claim old;
	bool held = viz_inbox_claim_get(core, &old, in);
	bool ours = held && strcmp(old.who, req->who) == 0;

	if (held && !ours &&
	    (req->role == VIZ_ROLE_AGENT || !viz_field_flag(req->args, "take", false)))
		return taken(req, &old);
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
		return taken(req, &old);
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

const struct viz_control_op viz_control_claim_ops[] = {
    {"inbox.claim", inbox_claim, VIZ_SPACE_NONE, VIZ_PRIVACY_NONE, VIZ_ROLES_WORK, claim_fields},
    {0},
};
