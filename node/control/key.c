#include "crypto/secret.h"
#include "node/control/request.h"
#include "node/gossip/intake.h"
#include "node/inbox/erase.h"
#include "node/lead/draw.h"
#include "node/lead/end.h"
#include "node/lead/protest.h"
#include "node/lead/state.h"
#include "node/link/net.h"
#include "node/self/quarantine.h"
#include "node/self/rotate.h"
#include "node/trust/notice.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/record.h"

#include <jansson.h>

/* To the next key; the revocation of that one comes back. */
static int key_rotate(struct viz_request *req)
{
	uint8_t revocation[512];
	size_t len = 0;
	char hex[1025];
	uint32_t before = req->net->trust->self.key_number;
	struct viz_secret next;
	struct viz_id following;
	int err;

	VIZ_REQUIRE(viz_hex_parse(next.b, sizeof next.b, viz_field_text(req->args, "next_seed")) ==
			VIZ_OK &&
		    viz_hex_parse(following.b, sizeof following.b,
				  viz_field_text(req->args, "following_hash")) == VIZ_OK);
	err = viz_self_rotate(req->net, revocation, &len, &next, &following);
	viz_secret_wipe(&next, sizeof next);
	if (err == VIZ_ERR_AUTH)
		viz_request_fail(req, err, VIZ_CODE_WRONG_KEY,
				 "this is not the next key that the current one committed to");
	else if (err == VIZ_ERR_STATE && viz_identity_ahead_ms(req->net->trust) > 0)
		viz_request_fail(
		    req, err, VIZ_CODE_CLOCK,
		    "what we signed last is ahead of the clock: set the clock right first");
	else
		viz_request_core_error(req, err, "rotate");
	if (err == VIZ_OK && req->net->trust->self.key_number != before) {
		viz_lead_end_wake(req->net->core);
		viz_lead_protest_wake(req->net->core, &req->net->trust->self.author);
		viz_inbox_erase_key_rotated(req->net->core);
		viz_notice_add(req->net->trust, VIZ_NOTICE_KEY, NULL, NULL, 0);
	}
	if (err == VIZ_OK) {
		viz_hex(hex, revocation, len);
		json_object_set_new(req->result, "key_number",
				    json_integer(req->net->trust->self.key_number));
		json_object_set_new(req->result, "revocation", json_string(hex));
	}
	return err;
}

/* Publishes a pre-signed REVOCATION, of our key or of a member's. */
static int key_revoke(struct viz_request *req)
{
	struct viz_record rec;
	size_t len;
	uint8_t *bytes = viz_field_bytes(&len, req->args, "revocation");
	int err;

	if (viz_record_parse(&rec, bytes, len) != VIZ_OK || rec.type != VIZ_TYPE_REVOCATION) {
		err = viz_request_fail(req, VIZ_ERR_INPUT, VIZ_CODE_BAD_REVOCATION,
				       "this is not a REVOCATION");
	} else {
		err = viz_intake_sync(req->net, bytes, len);
		if (err != VIZ_OK) {
			viz_request_fail(req, err, VIZ_CODE_REFUSED,
					 "the REVOCATION is not of a key that is known here");
		} else {
			viz_control_name_set_node(req->result, "node", req->net->trust,
						  &rec.author);
			json_object_set_new(req->result, "key_number", json_integer(rec.key));
		}
	}
	free(bytes);
	return err;
}

/* The operator has made sure that no copy of this node runs. */
static int key_resume(struct viz_request *req)
{
	if (req->net->trust->self.quarantine.ms == 0)
		return viz_request_fail(req, VIZ_ERR_STATE, VIZ_CODE_NO_QUARANTINE,
					"this node is not in quarantine");
	viz_quarantine_end(req->net);
	viz_lead_draw_new_log(req->net->trust);
	viz_lead_state_ask(req->net);
	json_object_set_new(req->result, "quarantine", json_false());
	return VIZ_OK;
}

static const struct viz_field rotate_fields[] = {
    {"next_seed", VIZ_FIELD_BYTES, .needed = true, .min = 32, .max = 32},
    {"following_hash", VIZ_FIELD_BYTES, .needed = true, .min = 32, .max = 32},
    {0},
};

static const struct viz_field revoke_fields[] = {
    {"revocation", VIZ_FIELD_BYTES, .needed = true, .min = 1, .max = 512}, {0}};

const struct viz_control_op viz_control_key_ops[] = {
    {"key.rotate", key_rotate, VIZ_SPACE_NONE, VIZ_PRIVACY_NONE, VIZ_ROLES_NONE, rotate_fields},
    {"key.revoke", key_revoke, VIZ_SPACE_NONE, VIZ_PRIVACY_NONE, VIZ_ROLES_NONE, revoke_fields},
    {"key.resume", key_resume, VIZ_SPACE_NONE, VIZ_PRIVACY_NONE, VIZ_ROLES_NONE, viz_request_none},
    {0},
};
