#include "crypto/id.h"
#include "crypto/x25519.h"
#include "node/control/health.h"
#include "node/control/request.h"
#include "node/core/core.h"
#include "node/core/policy.h"
#include "node/gossip/gossip.h"
#include "node/inbox/waiting.h"
#include "node/link/full.h"
#include "node/link/net.h"
#include "node/link/remote.h"
#include "node/self/log.h"
#include "node/self/publish.h"
#include "node/trust/identity.h"
#include "node/trust/live.h"
#include "node/trust/member.h"
#include "node/trust/share.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "store/stat.h"
#include "store/tables.h"

#include <jansson.h>

static json_int_t count(struct viz_core *core, enum viz_table table)
{
	return (json_int_t)viz_store_stat_entries(core->store, table);
}

/* What the store may use more, and how long that lasts. */
static void set_growth(json_t *o, struct viz_core *core)
{
	uint64_t days;

	json_object_set_new(o, "store_room_bytes",
			    json_integer((json_int_t)viz_store_stat_room(core->store)));
	json_object_set_new(o, "store_alarm", json_boolean(viz_growth_alarm(core)));
	if (viz_growth_days_left(core, &days))
		json_object_set_new(o, "store_days_left", json_integer((json_int_t)days));
}

/* The verdict, what is not well, how we are linked, our names and keys, counts of what we hold, and
 * the state of clock and store. */
/* Until when no leads of partners are taken, when that is so. */
static void set_pause(json_t *o, struct viz_core *core)
{
	struct viz_policy policy;

	viz_policy_get(core, &policy);
	if (policy.paused_until.ms > core->now.ms)
		viz_request_set_time(o, "paused_until", policy.paused_until);
}

static int status(struct viz_request *req)
{
	struct viz_net *net = req->net;
	const struct viz_member *self = viz_member_self(net->trust);
	struct viz_link_clocks clocks = viz_link_full_clocks(net);
	char fingerprint[VIZ_FINGERPRINT_MAX] = "", transport[65];
	struct viz_pub pub;
	json_int_t members = 0, partners = 0, links = 0, pruned = 0;
	uint64_t used, map, free_bytes = viz_store_stat_disk_free(req->net->core->store);
	json_t *o = req->result;

	for (size_t i = 0; i < net->trust->directory.count; i++) {
		const struct viz_member *m = net->trust->directory.list[i];

		members += m->member;
		pruned += m->pruned || m->pruned_at.ms != 0;
		links += viz_remote_linked(m);
		partners += viz_live_partner(net->trust, &m->id);
	}
	if (self->key_count > 0)
		viz_id_fingerprint(fingerprint, &self->id, &self->key[self->key_count - 1].pub);
	viz_store_stat_usage(net->core->store, &used, &map);
	json_object_set_new(o, "version", json_string(VIZ_VERSION));
	json_object_set_new(o, "federation_name", json_string(net->core->federation.name));
	json_object_set_new(o, "name", json_string(net->trust->profile.name));
	viz_request_set_id(o, "id", &net->trust->self.author);
	viz_request_set_text(o, "fingerprint", fingerprint);
	viz_x25519_pub(&pub, &net->trust->self.transport);
	viz_hex(transport, pub.b, sizeof pub.b);
	json_object_set_new(o, "transport", json_string(transport));
	json_object_set_new(o, "key_number", json_integer(net->trust->self.key_number));
	json_object_set_new(o, "key_revoked", json_boolean(net->trust->self.revoked));
	json_object_set_new(o, "clock_ahead_ms", json_integer(viz_identity_ahead_ms(net->trust)));
	json_object_set_new(o, "quarantine", json_boolean(net->trust->self.quarantine.ms != 0));
	json_object_set_new(o, "starting",
			    json_boolean(net->trust->self.start.log_from.ms > net->core->now.ms));
	json_object_set_new(
	    o, "alone",
	    json_boolean(viz_identity_has_started(net->trust) && !viz_self_log_is_free(net)));
	json_object_set_new(o, "clock_ahead_count", json_integer((json_int_t)clocks.ahead));
	json_object_set_new(o, "clock_behind_count", json_integer((json_int_t)clocks.behind));
	json_object_set_new(o, "clock_wrong", json_boolean(clocks.own_wrong));
	if (clocks.other) {
		viz_control_name_set_node(o, "clock_other", net->trust, &clocks.other->id);
		json_object_set_new(o, "clock_other_ahead_ms", json_integer(clocks.other_ahead_ms));
	}
	json_object_set_new(o, "member_count", json_integer(members));
	json_object_set_new(o, "partner_count", json_integer(partners));
	json_object_set_new(o, "link_count", json_integer(links));
	json_object_set_new(o, "record_count", json_integer(count(net->core, VIZ_TABLE_RECORD)));
	json_object_set_new(o, "lead_count", json_integer(count(net->core, VIZ_TABLE_LEAD)));
	json_object_set_new(o, "inbox_count", json_integer((json_int_t)net->core->inbox_waiting));
	json_object_set_new(o, "mail_count", json_integer(count(net->core, VIZ_TABLE_OUTBOX)));
	json_object_set_new(o, "finding_count", json_integer(count(net->core, VIZ_TABLE_FINDING)));
	json_object_set_new(o, "probing_count", viz_control_probing_count_json(req));
	json_object_set_new(o, "vault_block_count",
			    json_integer(count(net->core, VIZ_TABLE_VAULT)));
	json_object_set_new(o, "journal_number",
			    json_integer((json_int_t)net->core->journal.number));
	json_object_set_new(o, "store_used_bytes", json_integer((json_int_t)used));
	json_object_set_new(
	    o, "store_full",
	    json_boolean(viz_core_nearly_full(net->core) || !viz_core_has_headroom(net->core)));
	json_object_set_new(o, "disk_full",
			    json_boolean(viz_store_stat_disk_short(net->core->store)));
	if (free_bytes != UINT64_MAX)
		json_object_set_new(o, "disk_free_bytes", json_integer((json_int_t)free_bytes));
	json_object_set_new(o, "store_map_bytes", json_integer((json_int_t)map));
	set_growth(o, net->core);
	json_object_set_new(o, "federation_bytes",
			    json_integer((json_int_t)net->trust->leave.total));
	json_object_set_new(o, "federation_share_bytes",
			    json_integer((json_int_t)viz_share_federation(net->core)));
	json_object_set_new(o, "left_out_count",
			    json_integer((json_int_t)net->trust->leave.left_count));
	json_object_set_new(o, "pruned_count", json_integer(pruned));
	json_object_set_new(o, "received",
			    json_pack("{s:I,s:I,s:I,s:I,s:I}", "accepted_count",
				      (json_int_t)net->gossip->intake.accepted, "duplicate_count",
				      (json_int_t)net->gossip->intake.duplicate, "unknown_count",
				      (json_int_t)net->gossip->intake.unknown, "refused_count",
				      (json_int_t)net->gossip->intake.refused, "checked_count",
				      (json_int_t)net->gossip->intake.checked));
	json_object_set_new(o, "privileges_dropped",
			    json_boolean(net->core->confinement.privileges));
	json_object_set_new(o, "seccomp", json_boolean(net->core->confinement.seccomp));
	json_object_set_new(o, "landlock", json_boolean(net->core->confinement.landlock));
	viz_health_set(o, net);
	set_pause(o, net->core);
	json_object_set_new(o, "partners", viz_health_partners_json(req));
	viz_request_set_time(o, "now", net->core->now);
	return VIZ_OK;
}

/* For who may know nothing more of us: no name, no number. */
static int health(struct viz_request *req)
{
	json_object_set_new(req->result, "version", json_string(VIZ_VERSION));
	viz_health_set(req->result, req->net);
	json_object_del(req->result, "problems"); /* they name partners */
	viz_request_set_time(req->result, "now", req->net->core->now);
	return VIZ_OK;
}

const struct viz_control_op viz_control_status_ops[] = {
    {"health", health, VIZ_SPACE_NONE, VIZ_PRIVACY_NONE,
     VIZ_ROLES_READ | VIZ_ROLE_CONNECTOR | VIZ_ROLE_PUBLIC, viz_request_none},
    {"status", status, VIZ_SPACE_NONE, VIZ_PRIVACY_NONE, VIZ_ROLES_READ | VIZ_ROLE_CONNECTOR,
     viz_request_none},
    {0},
};
