#include "crypto/id.h"
#include "crypto/secret.h"
#include "node/control/localize.h"
#include "node/control/request.h"
#include "node/core/core.h"
#include "node/link/mail.h"
#include "node/link/net.h"
#include "node/link/remote.h"
#include "node/self/partners.h"
#include "node/trust/author.h"
#include "node/trust/closure.h"
#include "node/trust/invite.h"
#include "node/trust/member.h"
#include "node/trust/peer.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"

#include <jansson.h>

/* {language} -> {line, expires, addresses, whatsapp} */
static int peer_invite(struct viz_request *req)
{
	char line[VIZ_INVITE_TEXT_MAX], message[512], language[8];
	struct viz_invite invite;
	int err = viz_request_text(req, language, sizeof language - 1, "language", 2,
				   VIZ_CONTROL_LANGUAGE);

	if (err == VIZ_OK)
		err = viz_control_localize(message, sizeof message, VIZ_CONTROL_TEXTS_INVITE,
					   language, req->net->trust->profile.name, NULL);
	if (err == VIZ_ERR_ABSENT)
		return viz_request_fail(req, VIZ_ERR_INPUT, "bad-language",
					"there is no text in \"%s\"", language);
	if (err != VIZ_OK)
		return err;
	err = viz_invite_make(req->net->trust, line, &invite);
	if (err == VIZ_ERR_LIMIT)
		return viz_request_fail(req, err, "too-many-invites",
					"%d invitations are open already", VIZ_INVITES_MAX);
	if (err != VIZ_OK)
		return viz_request_core_error(req, err, "invitation");
	json_object_set_new(req->result, "line", json_string(line));
	viz_request_set_time(req->result, "expires", invite.expires);
	json_object_set_new(req->result, "addresses",
			    json_integer((json_int_t)invite.address_count));
	json_object_set_new(req->result, "whatsapp", json_string(message));
	return VIZ_OK;
}

static int read_line(struct viz_request *req, struct viz_invite *invite)
{
	char line[VIZ_INVITE_TEXT_MAX];
	int err = viz_request_text(req, line, sizeof line - 1, "line", 1, NULL);

	if (err != VIZ_OK)
		return err;
	if (viz_invite_parse(invite, line) != VIZ_OK)
		return viz_request_fail(req, VIZ_ERR_INPUT, "bad-invite",
					"this is not a whole invitation: copy all of the line");
	if (!viz_id_eq(&invite->federation, &req->net->core->federation_id))
		return viz_request_fail(req, VIZ_ERR_INPUT, "other-federation",
					"the invitation is of another federation than this node's "
					"\"%s\": the name or the "
					"times differ",
					req->net->core->federation.name);
	if (invite->expires.ms <= req->net->core->now.ms)
		return viz_request_fail(req, VIZ_ERR_INPUT, "invite-expired",
					"the invitation has expired: ask for a new one");
	if (viz_id_eq(&invite->author, &req->net->trust->self.author))
		return viz_request_fail(req, VIZ_ERR_INPUT, "own-invite",
					"this invitation is our own");
	return VIZ_OK;
}

/* {line} -> {name, cnpj, asn, id, addresses, expires}: what the operator checks before accepting.
 */
static int peer_inspect(struct viz_request *req)
{
	struct viz_invite invite;
	json_t *addresses = json_array();
	int err = read_line(req, &invite);

	if (err != VIZ_OK) {
		json_decref(addresses);
		return err;
	}
	viz_request_set_id(req->result, "id", &invite.author);
	json_object_set_new(req->result, "name", json_string(invite.name));
	json_object_set_new(req->result, "cnpj", json_string(invite.cnpj));
	json_object_set_new(req->result, "asn", json_integer(invite.asn));
	for (size_t i = 0; i < invite.address_count; i++)
		json_array_append_new(addresses, json_string(invite.address[i]));
	json_object_set_new(req->result, "addresses", addresses);
	viz_request_set_time(req->result, "expires", invite.expires);
	return VIZ_OK;
}

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
		    req, VIZ_ERR_STATE, "own-key-revoked",
		    "our key is revoked: first `vizinho key rotate`, then this");
	if (m->pruned_at.ms != 0 &&
	    ((next->vouched && !before.vouched) || (is_wanted(next) && !is_wanted(&before))))
		return viz_request_fail(req, VIZ_ERR_STATE, "pruned",
					"this node has pruned the peer: first peer prune --undo");
	if (next->vouched && !viz_self_partners_vouch_fits(req->net->trust, m))
		return viz_request_fail(req, VIZ_ERR_LIMIT, "too-many-vouches",
					"this node vouches for %d already: peer remove one, or let "
					"another member vouch",
					VIZ_VOUCH_SLOTS);
	if (next->partner && !next->blocked && !viz_self_partners_fits(req->net->trust, m))
		return viz_request_fail(
		    req, VIZ_ERR_LIMIT, "too-many-partners",
		    "the list of partners holds %d, those removed in the last months included: no "
		    "more fits",
		    VIZ_PARTNERS_MAX);
	m->peer = *next;
	err = viz_self_partners_publish_vouch(req->net, m, !next->vouched);
	if (err == VIZ_OK)
		err = viz_self_partners_publish(req->net);
	if (err != VIZ_OK) {
		m->peer = before;
		return viz_request_core_error(req, err, what);
	}
	viz_peer_save(req->net->trust, m);
	json_object_set_new(req->result, "peer", viz_control_member_json(req, m));
	return VIZ_OK;
}

/* {line, partner: bool (default true)} -> member */
static int peer_accept(struct viz_request *req)
{
	struct viz_peer_row next;
	struct viz_invite invite;
	struct viz_member *m;
	int err = read_line(req, &invite);

	if (err != VIZ_OK)
		return err;
	if (invite.address_count == 0)
		return viz_request_fail(req, VIZ_ERR_INPUT, "no-address",
					"the invitation names no address to connect to");
	m = viz_member_ensure(req->net->trust, &invite.author);
	if (!m)
		return viz_request_core_error(req, VIZ_ERR_LIMIT, "members");
	next = m->peer;
	next.present = true;
	next.vouched = true;
	next.pending = false;
	next.partner = !json_is_false(json_object_get(req->args, "partner"));
	next.token_len = sizeof next.token;
	memcpy(next.token, invite.token, sizeof next.token);
	next.transport = invite.transport;
	snprintf(next.name, sizeof next.name, "%s", invite.name);
	snprintf(next.address, sizeof next.address, "%s", invite.address[0]);
	err = viz_control_peer_change(req, m, &next, "accept");
	if (err == VIZ_OK)
		viz_remote_dial_now(req->net, m);
	viz_secret_wipe(&next, sizeof next);
	return err;
}

/* {} -> {peers: [member]} */
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

/* {peer} -> {peer: with whatsapp, hours and privacy, vouched_by: [label], only_through: how many
 * are members through this one alone, mail_waiting, reason} */
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
				json_array_append_new(vouchers,
						      viz_control_name_label_json(req, v));
	}
	json_object_set_new(req->result, "vouched_by", vouchers);
	json_object_set_new(req->result, "only_through",
			    json_integer((json_int_t)viz_closure_only_through(req->net->trust, m)));
	json_object_set_new(req->result, "mail_waiting",
			    json_integer((json_int_t)viz_mail_waiting(req->net->trust, &m->id)));
	json_object_set_new(req->result, "reason", json_string(m->peer.reason));
	return VIZ_OK;
}

/* {peer, vouch: bool, partner: bool (default true)} -> member. Confirms a peer that came with our
 * invitation. Makes any other member a partner, and vouches for it if `vouch` is true. */
static int peer_trust(struct viz_request *req)
{
	struct viz_member *m = viz_control_name_peer(req, "peer");
	struct viz_peer_row next;
	int err;

	if (!m)
		return VIZ_ERR_ABSENT;
	if (viz_author_revoked(m))
		return viz_request_fail(req, VIZ_ERR_STATE, "revoked", "the peer's key is revoked");
	next = m->peer;
	next.present = true;
	next.vouched |= next.pending || viz_request_flag(req, "vouch");
	next.pending = false;
	next.blocked = false;
	next.reason[0] = '\0';
	next.partner = !json_is_false(json_object_get(req->args, "partner"));
	err = viz_control_peer_change(req, m, &next, "trust");
	if (err == VIZ_OK)
		viz_remote_dial_now(req->net, m);
	return err;
}

/* {peer, reason} -> member: ends the partnership. We still hold and relay its records. */
static int peer_block(struct viz_request *req)
{
	struct viz_member *m = viz_control_name_peer(req, "peer");
	struct viz_peer_row next;
	int err;

	if (!m)
		return VIZ_ERR_ABSENT;
	next = m->peer;
	err = viz_request_text(req, next.reason, VIZ_REASON_MAX, "reason", 0, "");
	if (err != VIZ_OK)
		return err;
	next.present = true;
	next.blocked = true;
	return viz_control_peer_change(req, m, &next, "block");
}

/* {peer} -> member: withdraws our vouch and ends the partnership. */
static int peer_remove(struct viz_request *req)
{
	struct viz_member *m = viz_control_name_peer(req, "peer");
	const struct viz_peer_row none = {.present = false};

	return m ? viz_control_peer_change(req, m, &none, "remove") : VIZ_ERR_ABSENT;
}

/* {peer: optional} -> {name, fingerprint, id} of the peer, or without one ours. */
static int peer_fingerprint(struct viz_request *req)
{
	struct viz_member *m = json_object_get(req->args, "peer")
				   ? viz_control_name_peer(req, "peer")
				   : viz_member_self(req->net->trust);
	char text[VIZ_FINGERPRINT_MAX];

	if (!m)
		return VIZ_ERR_ABSENT;
	if (m->key_count == 0)
		return viz_request_fail(req, VIZ_ERR_STATE, "unknown-key",
					"the peer's key is not known yet: it has not been linked");
	viz_id_fingerprint(text, &m->id, &m->key[m->key_count - 1].pub);
	json_object_set_new(req->result, "name", json_string(viz_member_name(m)));
	viz_request_set_id(req->result, "id", &m->id);
	json_object_set_new(req->result, "fingerprint", json_string(text));
	return VIZ_OK;
}

const struct viz_control_op viz_control_peer_ops[] = {
    {"peer.invite", peer_invite, VIZ_SPACE_SOME},
    {"peer.inspect", peer_inspect, VIZ_SPACE_NONE},
    {"peer.accept", peer_accept, VIZ_SPACE_SOME},
    {"peer.list", peer_list, VIZ_SPACE_NONE},
    {"peer.show", peer_show, VIZ_SPACE_NONE},
    {"peer.trust", peer_trust, VIZ_SPACE_SOME},
    {"peer.block", peer_block, VIZ_SPACE_NONE},
    {"peer.remove", peer_remove, VIZ_SPACE_NONE},
    {"peer.fingerprint", peer_fingerprint, VIZ_SPACE_NONE},
    {0},
};
