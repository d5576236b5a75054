#include "node/control/request.h"
#include "node/core/core.h"
#include "node/inbox/inbox.h"
#include "node/lead/lead.h"
#include "node/link/net.h"
#include "node/trust/closure.h"
#include "node/trust/member.h"
#include "node/trust/peer.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "store/store.h"

#include <jansson.h>

/* What is under way between the two: our leads that it has, and its leads that wait for us. All
 * are looked at in one batch, as an operator asks for it, and seldom: those of ours without its id
 * are not read, and of the offers those of one origin. */
static void set_under_way(struct viz_request *req, const struct viz_member *m)
{
	struct viz_lead *lead = viz_core_alloc(sizeof *lead);
	struct viz_inbox *in = viz_core_alloc(sizeof *in);
	json_int_t ours = 0, its = 0;
	struct viz_slice key, value;
	struct viz_walk walk;

	viz_walk_init(&walk, req->net->core->store, VIZ_TABLE_LEAD, NULL, 0);
	while (viz_walk_next(&walk, &key, &value))
		if (memmem(value.p, value.len, m->id.b, sizeof m->id.b) &&
		    viz_lead_get(req->net->core, lead, viz_be_get_u64(key.p)) &&
		    (lead->state == VIZ_LEAD_AWARDED || lead->state == VIZ_LEAD_DELIVERED ||
		     lead->state == VIZ_LEAD_CONTACTED))
			ours += viz_id_eq(&lead->award_to, &m->id);
	viz_inbox_walk_init(&walk, req->net->core, &m->id);
	while (viz_inbox_walk_next(&walk, in))
		its += in->state == VIZ_INBOX_LOCATED || in->state == VIZ_INBOX_AWARDED ||
		       in->state == VIZ_INBOX_CONTACTED;
	json_object_set_new(req->result, "our_lead_count", json_integer(ours));
	json_object_set_new(req->result, "its_lead_count", json_integer(its));
	free(lead);
	free(in);
}

/* What follows, for who asks with `dry_run`. */
static int foresee(struct viz_request *req, struct viz_member *m, bool vouch_ends)
{
	size_t lost = 0;
	bool alone =
	    vouch_ends && m->peer.vouched && viz_closure_only_by_us(req->net->trust, m, &lost);

	json_object_set_new(req->result, "peer", viz_control_member_json(req, m));
	json_object_set_new(req->result, "only_we_vouch", json_boolean(alone));
	json_object_set_new(req->result, "lost_member_count", json_integer((json_int_t)lost));
	viz_request_set_time(
	    req->result, "until",
	    viz_after(req->net->core->now, req->net->core->federation.partner_delay_ms));
	set_under_way(req, m);
	return VIZ_OK;
}

/* Ends the partnership. We still hold and relay its records. With dry_run nothing changes: the
 * reply says what would follow. */
static int peer_block(struct viz_request *req)
{
	struct viz_member *m = viz_control_name_peer(req, "peer");
	struct viz_peer_row next;

	if (!m)
		return VIZ_ERR_ABSENT;
	if (viz_field_flag(req->args, "dry_run", false))
		return foresee(req, m, false);
	next = m->peer;
	snprintf(next.reason, sizeof next.reason, "%s", viz_field_text(req->args, "reason"));
	next.present = true;
	next.blocked = true;
	return viz_control_peer_change(req, m, &next, "block");
}

/* Ends the partnership, and our vouch when that is over; else as above. */
static int peer_remove(struct viz_request *req)
{
	struct viz_member *m = viz_control_name_peer(req, "peer");
	const struct viz_peer_row none = {.present = false};

	if (!m)
		return VIZ_ERR_ABSENT;
	if (viz_field_flag(req->args, "dry_run", false))
		return foresee(req, m, true);
	return viz_control_peer_change(req, m, &none, "remove");
}

static const struct viz_field block_fields[] = {
    {"peer", VIZ_FIELD_TEXT, .needed = true, .min = 1, .max = VIZ_NAME_MAX},
    {"reason", VIZ_FIELD_TEXT, .max = VIZ_REASON_MAX},
    {"dry_run", .kind = VIZ_FIELD_FLAG},
    {0},
};

static const struct viz_field remove_fields[] = {
    {"peer", VIZ_FIELD_TEXT, .needed = true, .min = 1, .max = VIZ_NAME_MAX},
    {"dry_run", .kind = VIZ_FIELD_FLAG},
    {0},
};

const struct viz_control_op viz_control_peer_end_ops[] = {
    {"peer.block", peer_block, VIZ_SPACE_NONE, VIZ_PRIVACY_NONE, VIZ_ROLE_ADMIN, block_fields},
    {"peer.remove", peer_remove, VIZ_SPACE_NONE, VIZ_PRIVACY_NONE, VIZ_ROLE_ADMIN, remove_fields},
    {0},
};
