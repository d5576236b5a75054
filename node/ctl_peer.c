/* peer.*: invitations, trust, partnership. */
#include "node/ctl.h"
#include "node/invite.h"
#include "node/mail.h"

static const char whatsapp_text[] =
    "Olá! Aqui é da %s. Convido vocês para a rede de vizinhos: quando um cliente se mudar para onde "
    "vocês atendem, ele chega até vocês com o consentimento dele. No servidor do vizinho, rodem: "
    "vizinho peer accept, e colem a linha que segue. Depois confirmamos por telefone.";

/* {} -> {line, expires, whatsapp} */
static int peer_invite(struct viz_ctl *c)
{
	char line[VIZ_INVITE_TEXT_MAX], message[512];
	struct viz_invite invite;
	int err = viz_invite_make(c->node, line, &invite);

	if (err == VIZ_ERR_LIMIT)
		return viz_ctl_fail(c, err, "too-many-invites", "%d invitations are open already",
		    VIZ_INVITES_MAX);
	if (err != VIZ_OK)
		return viz_ctl_error(c, err, "invitation");
	snprintf(message, sizeof message, whatsapp_text, c->node->profile.name);
	json_object_set_new(c->result, "line", json_string(line));
	viz_ctl_set_time(c->result, "expires", invite.expires);
	json_object_set_new(c->result, "addresses", json_integer((json_int_t)invite.address_count));
	json_object_set_new(c->result, "whatsapp", json_string(message));
	return VIZ_OK;
}

static int read_line(struct viz_ctl *c, struct viz_invite *invite)
{
	char line[VIZ_INVITE_TEXT_MAX];
	int err = viz_ctl_text(c, line, sizeof line - 1, "line", 1, NULL);

	if (err != VIZ_OK)
		return err;
	if (viz_invite_parse(invite, line) != VIZ_OK)
		return viz_ctl_fail(c, VIZ_ERR_INPUT, "bad-invite",
		    "this is not a whole invitation: copy all of the line");
	if (!viz_id_eq(&invite->federation, &c->node->federation_id))
		return viz_ctl_fail(c, VIZ_ERR_INPUT, "other-federation",
		    "the invitation is of another federation than this node's \"%s\": the name or the "
		    "times differ",
		    c->node->federation.name);
	if (invite->expires.ms <= c->node->now.ms)
		return viz_ctl_fail(c, VIZ_ERR_INPUT, "invite-expired",
		    "the invitation has expired: ask for a new one");
	if (viz_id_eq(&invite->author, &c->node->self.author))
		return viz_ctl_fail(c, VIZ_ERR_INPUT, "own-invite", "this invitation is our own");
	return VIZ_OK;
}

/* {line} -> {name, cnpj, asn, id, addresses, expires}: what to check before accepting */
static int peer_inspect(struct viz_ctl *c)
{
	struct viz_invite invite;
	json_t *addresses = json_array();
	int err = read_line(c, &invite);

	if (err != VIZ_OK) {
		json_decref(addresses);
		return err;
	}
	viz_ctl_set_id(c->result, "id", &invite.author);
	json_object_set_new(c->result, "name", json_string(invite.name));
	json_object_set_new(c->result, "cnpj", json_string(invite.cnpj));
	json_object_set_new(c->result, "asn", json_integer(invite.asn));
	for (size_t i = 0; i < invite.address_count; i++)
		json_array_append_new(addresses, json_string(invite.address[i]));
	json_object_set_new(c->result, "addresses", addresses);
	viz_ctl_set_time(c->result, "expires", invite.expires);
	return VIZ_OK;
}

/* What publishes is refused while nothing can be signed: settings and records must not differ. */
static int may_publish(struct viz_ctl *c)
{
	if (!c->node->self.revoked)
		return VIZ_OK;
	return viz_ctl_fail(c, VIZ_ERR_STATE, "own-key-revoked",
	    "our key is revoked: first `vizinho key rotate`, then this");
}

/* {line, partner: bool (default true)} -> member */
static int peer_accept(struct viz_ctl *c)
{
	struct viz_invite invite;
	struct viz_member *m;
	int err = read_line(c, &invite);

	if (err == VIZ_OK)
		err = may_publish(c);
	if (err != VIZ_OK)
		return err;
	if (invite.address_count == 0)
		return viz_ctl_fail(c, VIZ_ERR_INPUT, "no-address",
		    "the invitation names no address to connect to");
	m = viz_member_need(c->node, &invite.author);
	if (!m)
		return viz_ctl_error(c, VIZ_ERR_LIMIT, "members");
	m->peer.present = true;
	m->peer.vouched = true;
	m->peer.pending = false;
	m->peer.partner = !json_is_false(json_object_get(c->args, "partner"));
	m->peer.has_token = true;
	memcpy(m->peer.token, invite.token, sizeof m->peer.token);
	m->peer.transport = invite.transport;
	snprintf(m->peer.name, sizeof m->peer.name, "%s", invite.name);
	snprintf(m->peer.address, sizeof m->peer.address, "%s", invite.address[0]);
	m->dial_at = c->node->now;
	viz_peer_save(c->node, m);
	err = viz_vouch_publish(c->node, m, false);
	if (err == VIZ_OK)
		err = viz_partners_publish(c->node);
	if (err == VIZ_OK)
		json_object_set_new(c->result, "peer", viz_ctl_member_json(c->node, m));
	return viz_ctl_error(c, err, "accept");
}

/* {} -> {peers: [member]} */
static int peer_list(struct viz_ctl *c)
{
	json_t *list = json_array();

	for (size_t i = 0; i < c->node->directory.count; i++) {
		const struct viz_member *m = c->node->directory.list[i];

		if (!viz_id_eq(&m->id, &c->node->self.author) && (m->has_node || m->peer.present))
			json_array_append_new(list, viz_ctl_member_json(c->node, m));
	}
	json_object_set_new(c->result, "peers", list);
	return VIZ_OK;
}

/* {peer} -> member and who vouches for it */
static int peer_show(struct viz_ctl *c)
{
	struct viz_member *m = viz_ctl_peer(c, "peer");
	json_t *vouchers = json_array();

	if (!m) {
		json_decref(vouchers);
		return VIZ_ERR_ABSENT;
	}
	json_object_set_new(c->result, "peer", viz_ctl_member_json(c->node, m));
	for (size_t i = 0; i < c->node->directory.count; i++) {
		const struct viz_member *v = c->node->directory.list[i];

		for (size_t k = 0; k < v->vouch_count; k++)
			if (!v->vouch[k].withdrawn && viz_id_eq(&v->vouch[k].sponsee, &m->id))
				json_array_append_new(vouchers, json_string(viz_member_name(v)));
	}
	json_object_set_new(c->result, "vouched_by", vouchers);
	json_object_set_new(c->result, "mail_waiting",
	    json_integer((json_int_t)viz_mail_waiting(c->node, &m->id)));
	json_object_set_new(c->result, "reason", json_string(m->peer.reason));
	return VIZ_OK;
}

/* {peer, vouch: bool, partner: bool (default true)} -> member. Confirms one who came with our
 * invitation; makes any other member a partner, and vouches for it when asked to. */
static int peer_trust(struct viz_ctl *c)
{
	struct viz_member *m = viz_ctl_peer(c, "peer");
	int err = VIZ_OK;

	if (!m)
		return VIZ_ERR_ABSENT;
	err = may_publish(c);
	if (err != VIZ_OK)
		return err;
	if (viz_member_revoked(m))
		return viz_ctl_fail(c, VIZ_ERR_STATE, "revoked", "the peer's key is revoked");
	m->peer.present = true;
	m->peer.vouched |= m->peer.pending || viz_ctl_flag(c, "vouch");
	m->peer.pending = false;
	m->peer.blocked = false;
	m->peer.reason[0] = '\0';
	m->peer.partner = !json_is_false(json_object_get(c->args, "partner"));
	m->dial_at = c->node->now;
	viz_peer_save(c->node, m);
	if (m->peer.vouched)
		err = viz_vouch_publish(c->node, m, false);
	if (err == VIZ_OK)
		err = viz_partners_publish(c->node);
	json_object_set_new(c->result, "peer", viz_ctl_member_json(c->node, m));
	return viz_ctl_error(c, err, "trust");
}

/* {peer, reason} -> member: no dealings from the date on; nothing changes in what is held or relayed */
static int peer_block(struct viz_ctl *c)
{
	struct viz_member *m = viz_ctl_peer(c, "peer");
	int err;

	if (!m)
		return VIZ_ERR_ABSENT;
	err = may_publish(c);
	if (err == VIZ_OK)
		err = viz_ctl_text(c, m->peer.reason, VIZ_REASON_MAX, "reason", 0, "");
	if (err != VIZ_OK)
		return err;
	m->peer.present = true;
	m->peer.blocked = true;
	viz_peer_save(c->node, m);
	err = viz_partners_publish(c->node);
	json_object_set_new(c->result, "peer", viz_ctl_member_json(c->node, m));
	return viz_ctl_error(c, err, "block");
}

/* {peer} -> member: withdraws our vouch and the partnership */
static int peer_remove(struct viz_ctl *c)
{
	struct viz_member *m = viz_ctl_peer(c, "peer");
	int err;

	if (!m)
		return VIZ_ERR_ABSENT;
	err = may_publish(c);
	if (err != VIZ_OK)
		return err;
	memset(&m->peer, 0, sizeof m->peer);
	viz_peer_save(c->node, m);
	err = viz_vouch_publish(c->node, m, true);
	if (err == VIZ_OK)
		err = viz_partners_publish(c->node);
	json_object_set_new(c->result, "peer", viz_ctl_member_json(c->node, m));
	return viz_ctl_error(c, err, "remove");
}

/* {peer: optional} -> {name, fingerprint, id} of the peer, or our own */
static int peer_fingerprint(struct viz_ctl *c)
{
	struct viz_member *m = json_object_get(c->args, "peer") ? viz_ctl_peer(c, "peer")
								 : viz_member_self(c->node);
	char text[VIZ_FINGERPRINT_MAX];

	if (!m)
		return VIZ_ERR_ABSENT;
	if (m->key_count == 0)
		return viz_ctl_fail(c, VIZ_ERR_STATE, "unknown-key",
		    "the peer's key is not known yet: it has not been linked");
	viz_fingerprint(text, &m->id, &m->key[m->key_count - 1].pub);
	json_object_set_new(c->result, "name", json_string(viz_member_name(m)));
	viz_ctl_set_id(c->result, "id", &m->id);
	json_object_set_new(c->result, "fingerprint", json_string(text));
	return VIZ_OK;
}

const struct viz_ctl_op viz_ctl_peer_ops[] = {
    {"peer.invite", peer_invite},
    {"peer.inspect", peer_inspect},
    {"peer.accept", peer_accept},
    {"peer.list", peer_list},
    {"peer.show", peer_show},
    {"peer.trust", peer_trust},
    {"peer.block", peer_block},
    {"peer.remove", peer_remove},
    {"peer.fingerprint", peer_fingerprint},
    {NULL, NULL},
};
