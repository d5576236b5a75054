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

/* What is under way between the two: our leads that it has, and its leads that wait for us. */
static void set_under_way(struct viz_request *req, const struct viz_member *m)
{
	struct viz_lead *lead = viz_core_alloc(sizeof *lead);
	struct viz_inbox *in = viz_core_alloc(sizeof *in);
	json_int_t ours = 0, its = 0;
	struct viz_slice key, value;
	struct viz_walk walk;

	viz_walk_init(&walk, req->net->core->store, VIZ_TABLE_LEAD, NULL, 0);
	while (viz_walk_next(&walk, &key, &value))
		if (viz_lead_get(req->net->core, lead, viz_be_get_u64(key.p)) &&
		    (lead->state == VIZ_LEAD_AWARDED || lead->state == VIZ_LEAD_DELIVERED ||
		     lead->state == VIZ_LEAD_CONTACTED))
			ours += viz_id_eq(&lead->award_to, &m->id);
	viz_inbox_walk_init(&walk, req->net->core, &m->id);
	while (viz_inbox_walk_next(&walk, in))
		its += in->state == VIZ_INBOX_LOCATED || in->state == VIZ_INBOX_AWARDED ||
		       in->state == VIZ_INBOX_CONTACTED;
	json_object_set_new(req->result, "our_leads", json_integer(ours));
	json_object_set_new(req->result, "its_leads", json_integer(its));
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
	json_object_set_new(req->result, "members_lost", json_integer((json_int_t)lost));
	viz_request_set_time(
	    req->result, "until",
	    viz_after(req->net->core->now, req->net->core->federation.partner_delay_ms));
	set_under_way(req, m);
	return VIZ_OK;
}

/* {peer, reason, dry_run: bool} -> member: ends the partnership. We still hold and relay its
 * records. With dry_run nothing changes -> {peer, only_we_vouch, members_lost: with it, until: when
 * the partnership would end, our_leads, its_leads: under way}. */
static int peer_block(struct viz_request *req)
{
	struct viz_member *m = viz_control_name_peer(req, "peer");
	struct viz_peer_row next;
	int err;

	if (!m)
		return VIZ_ERR_ABSENT;
	if (viz_request_flag(req, "dry_run"))
		return foresee(req, m, false);
	next = m->peer;
	err = viz_request_text(req, next.reason, VIZ_REASON_MAX, "reason", 0, "");
	if (err != VIZ_OK)
		return err;
	next.present = true;
	next.blocked = true;
	return viz_control_peer_change(req, m, &next, "block");
}

/* {peer, dry_run: bool} -> member: ends the partnership, and our vouch when that is over; else as
 * above. */
static int peer_remove(struct viz_request *req)
{
	struct viz_member *m = viz_control_name_peer(req, "peer");
	const struct viz_peer_row none = {.present = false};

	if (!m)
		return VIZ_ERR_ABSENT;
	if (viz_request_flag(req, "dry_run"))
		return foresee(req, m, true);
	return viz_control_peer_change(req, m, &none, "remove");
}

const struct viz_control_op viz_control_peer_end_ops[] = {
    {"peer.block", peer_block, VIZ_SPACE_NONE},
    {"peer.remove", peer_remove, VIZ_SPACE_NONE},
    {0},
};
