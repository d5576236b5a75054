#include "crypto/id.h"
#include "node/control/request.h"
#include "node/core/core.h"
#include "node/link/dial.h"
#include "node/link/mail.h"
#include "node/link/net.h"
#include "node/self/partners.h"
#include "node/trust/author.h"
#include "node/trust/closure.h"
#include "node/trust/branch.h"
#include "node/trust/member.h"
#include "node/trust/notice.h"
#include "node/trust/peer.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"

#include <jansson.h>

static bool is_wanted(const struct viz_peer_row *row)
{
	return row->partner && !row->blocked;
}

int viz_control_peer_change(struct viz_request *req, struct viz_member *m,
			    const struct viz_peer_row *next, const char *what)
{
	struct viz_peer_row before = m->peer;
	int err;

	if (req->net->trust->self.revoked)
		return viz_request_fail(
		    req, VIZ_ERR_STATE, VIZ_CODE_OWN_KEY_REVOKED,
		    "our key is revoked: first `vizinho key rotate`, then this");
	if (m->pruned_at.ms != 0 &&
	    ((next->vouched && !before.vouched) || (is_wanted(next) && !is_wanted(&before))))
		return viz_request_fail(req, VIZ_ERR_STATE, VIZ_CODE_PRUNED,
					"this node has pruned the peer: first peer prune --undo");
	if (next->vouched && !viz_self_partners_vouch_fits(req->net->trust, m))
		return viz_request_fail(req, VIZ_ERR_LIMIT, VIZ_CODE_TOO_MANY_VOUCHES,
					"this node vouches for %d already: peer remove one, or let "
					"another member vouch",
					VIZ_VOUCH_SLOTS - 1);
	if (next->partner && !next->blocked && !viz_self_partners_fits(req->net->trust, m))
		return viz_request_fail(
		    req, VIZ_ERR_LIMIT, VIZ_CODE_TOO_MANY_PARTNERS,
		    "the list of partners holds %d, those removed in the last months included: no "
		    "more fits",
		    VIZ_PARTNERS_MAX);
	m->peer = *next;
	err = next->vouched ? viz_self_partners_publish_vouch(req->net, m, false) : VIZ_OK;
	if (err == VIZ_OK)
		err = viz_self_partners_publish(req->net);
	if (err == VIZ_OK)
		err = viz_self_partners_end_vouches(req->net);
	if (err != VIZ_OK) {
		m->peer = before;
		return viz_request_core_error(req, err, what);
	}
	viz_peer_save(req->net->trust, m);
	viz_notice_add(req->net->trust, VIZ_NOTICE_PEER_SET, NULL, &m->id, 0);
	json_object_set_new(req->result, "peer", viz_control_member_json(req, m));
	return VIZ_OK;
}

static int peer_list(struct viz_request *req)
{
	json_t *list = json_array();

	for (size_t i = 0; i < req->net->trust->directory.count; i++) {
		const struct viz_member *m = req->net->trust->directory.list[i];

		if (!viz_id_eq(&m->id, &req->net->trust->self.author) &&
		    (m->has_node || m->peer.present || m->pruned_at.ms != 0))
			json_array_append_new(list, viz_control_member_json(req, m));
	}
	json_object_set_new(req->result, "peers", list);
	return VIZ_OK;
}

/* With how to reach it, who vouches for it, and how many are members through this one alone. */
static int peer_show(struct viz_request *req)
{
	struct viz_member *m = viz_control_name_peer(req, "peer");
	json_t *vouchers = json_array(), *peer;

	if (!m) {
		json_decref(vouchers);
		return VIZ_ERR_ABSENT;
	}
	peer = viz_control_member_json(req, m);
	viz_control_member_set_reach(peer, req->net->core, m);
	json_object_set_new(req->result, "peer", peer);
	for (size_t i = 0; i < req->net->trust->directory.count; i++) {
		const struct viz_member *v = req->net->trust->directory.list[i];

		for (size_t k = 0; k < v->vouch_count; k++)
			if (!v->vouch[k].withdrawn && v->vouch[k].to == m->as)
				json_array_append_new(vouchers, viz_control_name_json(req, v));
	}
	json_object_set_new(req->result, "vouchers", vouchers);
	json_object_set_new(req->result, "only_through_count",
			    json_integer((json_int_t)viz_closure_only_through(req->net->trust, m)));
	json_object_set_new(req->result, "mail_count",
			    json_integer((json_int_t)viz_mail_waiting(req->net->trust, &m->id)));
	viz_request_set_text(req->result, "reason", m->peer.reason);
	return VIZ_OK;
}

/* Confirms a peer that came with our
 * invitation. Makes any other member a partner, and vouches for it if `vouch` is true or nobody
 * else does. */
static int peer_trust(struct viz_request *req)
{
	struct viz_member *m = viz_control_name_peer(req, "peer");
	struct viz_peer_row next;
	int err;

	if (!m)
		return VIZ_ERR_ABSENT;
	if (viz_author_revoked(m))
		return viz_request_fail(req, VIZ_ERR_STATE, VIZ_CODE_REVOKED,
					"the peer's key is revoked");
	next = m->peer;
	next.present = true;
	/* Without a vouch of anybody it stays outside, whatever the lists of partners say. */
	next.vouched |=
	    next.pending || viz_field_flag(req->args, "vouch", false) ||
	    viz_branch_vouches(viz_member_self(req->net->trust), m) || /* not withdrawn yet */
	    (!viz_member_sponsored(m) && viz_self_partners_vouch_fits(req->net->trust, m));
	next.pending = false;
	next.blocked = false;
	next.reason[0] = '\0';
	next.partner = viz_field_flag(req->args, "partner", true);
	err = viz_control_peer_change(req, m, &next, "trust");
	if (err == VIZ_OK)
		viz_link_dial_afresh(req->net, m);
	return err;
}

/* Of the peer, or without one ours. */
static int peer_fingerprint(struct viz_request *req)
{
	struct viz_member *m = json_object_get(req->args, "peer")
				   ? viz_control_name_peer(req, "peer")
				   : viz_member_self(req->net->trust);
	char text[VIZ_FINGERPRINT_MAX];

	if (!m)
		return VIZ_ERR_ABSENT;
	if (m->key_count == 0)
		return viz_request_fail(req, VIZ_ERR_STATE, VIZ_CODE_UNKNOWN_KEY,
					"the peer's key is not known yet: it has not been linked");
	viz_id_fingerprint(text, &m->id, &m->key[m->key_count - 1].pub);
	json_object_set_new(req->result, "name", json_string(viz_member_name(m)));
	viz_request_set_id(req->result, "id", &m->id);
	json_object_set_new(req->result, "fingerprint", json_string(text));
	return VIZ_OK;
}

static const struct viz_field trust_fields[] = {
    {"peer", VIZ_FIELD_TEXT, .needed = true, .min = 1, .max = VIZ_NAME_MAX},
    {"vouch", .kind = VIZ_FIELD_FLAG},
    {"partner", .kind = VIZ_FIELD_FLAG},
    {0},
};

static const struct viz_field fingerprint_fields[] = {
    {"peer", VIZ_FIELD_TEXT, .min = 1, .max = VIZ_NAME_MAX}, {0}};

const struct viz_control_op viz_control_peer_ops[] = {
    {"peer.list", peer_list, VIZ_SPACE_NONE, VIZ_PRIVACY_NONE, VIZ_ROLES_READ, viz_request_none},
    {"peer.show", peer_show, VIZ_SPACE_NONE, VIZ_PRIVACY_NONE, VIZ_ROLES_READ,
     viz_request_peer_only},
    {"peer.trust", peer_trust, VIZ_SPACE_SOME, VIZ_PRIVACY_NONE, VIZ_ROLE_ADMIN, trust_fields},
    {"peer.fingerprint", peer_fingerprint, VIZ_SPACE_NONE, VIZ_PRIVACY_NONE, VIZ_ROLES_READ,
     fingerprint_fields},
    {0},
};
