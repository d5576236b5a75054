/* Who of us calls a customer: what an agent may of what is claimed. */
#include "node/inbox/claim.h"

#include "node/control/request.h"
#include "node/core/core.h"
#include "node/inbox/inbox.h"
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
int viz_control_claim_taken(struct viz_request *req, const struct viz_claim *claim)
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
	return viz_control_claim_taken(req, &claim);
}
