#include "crypto/secret.h"
#include "node/control/request.h"
#include "node/gossip/intake.h"
#include "node/inbox/erase.h"
#include "node/lead/draw.h"
#include "node/lead/end.h"
#include "node/lead/state.h"
#include "node/link/net.h"
#include "node/self/quarantine.h"
#include "node/self/rotate.h"
#include "node/trust/notice.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/record.h"

#include <jansson.h>

/* {next_seed: hex, following_hash: hex} -> {key_number, revocation: hex} */
static int key_rotate(struct viz_request *req)
{
	uint8_t *seed = NULL, *hash = NULL, revocation[512];
	size_t seed_len, hash_len, len = 0;
	char hex[1025];
	uint32_t before = req->net->trust->self.key_number;
	int err = viz_request_bytes(req, &seed, &seed_len, "next_seed", 32);

	if (err == VIZ_OK)
		err = viz_request_bytes(req, &hash, &hash_len, "following_hash", 32);
	if (err == VIZ_OK && (seed_len != 32 || hash_len != 32))
		err = viz_request_fail(req, VIZ_ERR_INPUT, "bad-bytes",
				       "next_seed and following_hash are 32 bytes each");
	if (err == VIZ_OK) {
		struct viz_secret next;
		struct viz_id following;

		memcpy(next.b, seed, 32);
		memcpy(following.b, hash, 32);
		err = viz_self_rotate(req->net, revocation, &len, &next, &following);
		viz_secret_wipe(&next, sizeof next);
		if (err == VIZ_ERR_AUTH)
			viz_request_fail(
			    req, err, "wrong-key",
			    "this is not the next key that the current one committed to");
		else if (err == VIZ_ERR_STATE && viz_identity_ahead_ms(req->net->trust) == 0)
			viz_request_core_error(req, err, "rotate");
		else if (err == VIZ_ERR_STATE)
			viz_request_fail(
			    req, err, "clock",
			    "what we signed last is ahead of the clock: set the clock right first");
	}
	if (err == VIZ_OK && req->net->trust->self.key_number != before) {
		viz_lead_end_wake(req->net->trust);
		viz_inbox_erase_key_rotated(req->net->core);
		viz_notice_add(req->net->trust, VIZ_NOTICE_KEY, NULL, NULL, 0);
	}
	if (err == VIZ_OK) {
		viz_hex(hex, revocation, len);
		json_object_set_new(req->result, "key_number",
				    json_integer(req->net->trust->self.key_number));
		json_object_set_new(req->result, "revocation", json_string(hex));
	}
	if (seed)
		viz_secret_wipe(seed, seed_len);
	free(seed);
	free(hash);
	return err;
}

/* {revocation: hex} -> {author, key_number}: publishes a pre-signed REVOCATION, of our key or of a
 * member's. */
static int key_revoke(struct viz_request *req)
{
	struct viz_record rec;
	uint8_t *bytes;
	size_t len;
	int err = viz_request_bytes(req, &bytes, &len, "revocation", 512);

	if (err != VIZ_OK)
		return err;
	if (viz_record_parse(&rec, bytes, len) != VIZ_OK || rec.type != VIZ_TYPE_REVOCATION) {
		err = viz_request_fail(req, VIZ_ERR_INPUT, "bad-revocation",
				       "this is not a REVOCATION");
	} else {
		err = viz_intake_sync(req->net, bytes, len);
		if (err != VIZ_OK) {
			viz_request_fail(req, err, "refused",
					 "the REVOCATION is not of a key that is known here");
		} else {
			viz_request_set_id(req->result, "author", &rec.author);
			json_object_set_new(req->result, "key_number", json_integer(rec.key));
		}
	}
	free(bytes);
	return err;
}

/* {} -> {}. The operator has made sure that no copy of this node runs. */
static int key_resume(struct viz_request *req)
{
	if (req->net->trust->self.quarantine.ms == 0)
		return viz_request_fail(req, VIZ_ERR_STATE, "no-quarantine",
					"this node is not in quarantine");
	viz_quarantine_end(req->net);
	viz_lead_draw_new_log(req->net->trust);
	viz_lead_state_ask(req->net);
	return VIZ_OK;
}

const struct viz_control_op viz_control_key_ops[] = {
    {"key.rotate", key_rotate, VIZ_SPACE_NONE},
    {"key.revoke", key_revoke, VIZ_SPACE_NONE},
    {"key.resume", key_resume, VIZ_SPACE_NONE},
    {0},
};
