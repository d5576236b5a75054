#include "crypto/id.h"
#include "node/control/request.h"
#include "node/core/core.h"
#include "node/link/net.h"
#include "node/self/backup.h"
#include "node/trust/notice.h"
#include "node/trust/trust.h"
#include "proto/base.h"

#include <jansson.h>

/* When the last good backup was made, to which recovery key, and of which one this store comes. */
static int backup_status(struct viz_request *req)
{
	struct viz_backup_restored r = viz_backup_restored(req->net->core);
	struct viz_pub pub;
	bool has = viz_backup_recovery(req->net->core, &pub);

	json_object_set_new(req->result, "has_recovery_key", json_boolean(has));
	viz_request_set_time(req->result, "backup_at", viz_backup_last(req->net->core));
	viz_request_set_time(req->result, "restored_at", r.restored);
	viz_request_set_time(req->result, "restored_from", r.made);
	return VIZ_OK;
}

/* A backup was made, and reads back. */
static int backup_done(struct viz_request *req)
{
	struct viz_time now = req->net->core->now;
	struct viz_time at = viz_field_time(req->args, "time", now);
	char own[VIZ_TEXT_ID_MAX];

	viz_id_text(own, "viz", req->net->trust->self.author.b);
	if (strcmp(viz_field_text(req->args, "id"), own) != 0)
		return viz_request_wrong(req, VIZ_CODE_REFUSED, "id",
					 "the backup is of another node");
	if (at.ms > viz_backup_last(req->net->core).ms)
		viz_backup_done(req->net->core, at);
	viz_request_set_time(req->result, "backup_at", viz_backup_last(req->net->core));
	return VIZ_OK;
}

/* Backups are encrypted to this key from now on. */
static int key_recovery(struct viz_request *req)
{
	struct viz_pub pub;

	VIZ_REQUIRE(viz_hex_parse(pub.b, sizeof pub.b, viz_field_text(req->args, "public")) ==
		    VIZ_OK);
	viz_backup_set_recovery(req->net->core, &pub);
	viz_notice_add(req->net->trust, VIZ_NOTICE_RECOVERY_KEY, NULL, NULL, 0);
	json_object_set_new(req->result, "has_recovery_key", json_true());
	return VIZ_OK;
}

static const struct viz_field done_fields[] = {
    {"id", VIZ_FIELD_TEXT, .needed = true, .min = 1, .max = VIZ_TEXT_ID_MAX - 1},
    {"time", .kind = VIZ_FIELD_TIME},
    {0},
};

static const struct viz_field recovery_fields[] = {
    {"public", VIZ_FIELD_BYTES, .needed = true, .min = 32, .max = 32}, {0}};

const struct viz_control_op viz_control_backup_ops[] = {
    {"backup.status", backup_status, VIZ_SPACE_NONE, VIZ_PRIVACY_NONE,
     VIZ_ROLE_READER | VIZ_ROLE_ADMIN, viz_request_none},
    {"backup.done", backup_done, VIZ_SPACE_NONE, VIZ_PRIVACY_NONE, VIZ_ROLES_NONE, done_fields},
    {"key.recovery", key_recovery, VIZ_SPACE_NONE, VIZ_PRIVACY_NONE, VIZ_ROLES_NONE,
     recovery_fields},
    {0},
};
