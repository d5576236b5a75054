#include "crypto/secret.h"
#include "node/control/localize.h"
#include "node/control/request.h"
#include "node/core/core.h"
#include "node/link/dial.h"
#include "node/link/link.h"
#include "node/link/net.h"
#include "node/link/token.h"
#include "node/trust/invite.h"
#include "node/trust/member.h"
#include "node/trust/peer.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "store/store.h"

#include <jansson.h>

/* How an operator names an open invitation: the first digits of the hash of its token. */
#define SHORT 4

static void set_invite_id(json_t *o, const struct viz_id *hash)
{
	char text[2 * SHORT + 1];

	viz_hex(text, hash->b, SHORT);
	json_object_set_new(o, "invite", json_string(text));
}

/* {language, whom: optional} -> {line, invite, expires, addresses, whatsapp} */
static int peer_invite(struct viz_request *req)
{
	char line[VIZ_INVITE_TEXT_MAX], message[512], language[8], whom[VIZ_NAME_MAX + 1];
	struct viz_invite invite;
	struct viz_id hash;
	int err = viz_request_text(req, language, sizeof language - 1, "language", 2,
				   VIZ_CONTROL_LANGUAGE);

	if (err == VIZ_OK)
		err = viz_request_text(req, whom, sizeof whom - 1, "whom", 0, "");
	if (err == VIZ_OK)
		err = viz_control_localize(message, sizeof message, VIZ_CONTROL_TEXTS_INVITE,
					   language, req->net->trust->profile.name, NULL);
	if (err == VIZ_ERR_ABSENT)
		return viz_request_fail(req, VIZ_ERR_INPUT, "bad-language",
					"there is no text in \"%s\"", language);
	if (err != VIZ_OK)
		return err;
	err = viz_invite_make(req->net->trust, line, &invite, whom);
	if (err == VIZ_ERR_LIMIT)
		return viz_request_fail(
		    req, err, "too-many-invites",
		    "%d invitations are open already: peer invites, peer cancel", VIZ_INVITES_MAX);
	if (err != VIZ_OK)
		return viz_request_core_error(req, err, "invitation");
	viz_invite_hash(&hash, invite.token);
	json_object_set_new(req->result, "line", json_string(line));
	set_invite_id(req->result, &hash);
	viz_request_set_time(req->result, "expires", invite.expires);
	json_object_set_new(req->result, "addresses",
			    json_integer((json_int_t)invite.address_count));
	json_object_set_new(req->result, "whatsapp", json_string(message));
	return VIZ_OK;
}

/* {} -> {invites: [{invite, whom, made, expires}]}: those that are open, the oldest first */
static int peer_invites(struct viz_request *req)
{
	json_t *list = json_array();
	struct viz_slice key, value;
	struct viz_walk walk;
	size_t at;

	viz_walk_init(&walk, req->net->core->store, VIZ_TABLE_INVITE, NULL, 0);
	while (viz_walk_next(&walk, &key, &value)) {
		struct viz_invite invite;
		struct viz_id hash;
		json_t *o = json_object(), *before;

		viz_invite_row(&invite, &value);
		memcpy(hash.b, key.p, sizeof hash.b);
		set_invite_id(o, &hash);
		json_object_set_new(o, "whom", json_string(invite.whom));
		viz_request_set_time(o, "made",
				     viz_after(invite.expires, -VIZ_INVITE_DAYS * VIZ_DAY_MS));
		viz_request_set_time(o, "expires", invite.expires);
		json_array_foreach(list, at, before)
		{
			if (strcmp(json_string_value(json_object_get(before, "expires")),
				   json_string_value(json_object_get(o, "expires"))) > 0)
				break;
		}
		if (invite.expires.ms > req->net->core->now.ms)
			json_array_insert_new(list, at, o);
		else
			json_decref(o);
	}
	json_object_set_new(req->result, "invites", list);
	return VIZ_OK;
}

/* {invite: its 8 digits, or the line} -> {invite}: nobody can use it any more. */
static int peer_cancel(struct viz_request *req)
{
	char text[VIZ_INVITE_TEXT_MAX];
	struct viz_invite invite;
	struct viz_slice key, value;
	struct viz_walk walk;
	struct viz_id hash;
	int err = viz_request_text(req, text, sizeof text - 1, "invite", 1, NULL);

	if (err != VIZ_OK)
		return err;
	if (viz_invite_parse(&invite, text) == VIZ_OK) {
		viz_invite_hash(&hash, invite.token);
		viz_hex(text, hash.b, SHORT);
	}
	if (strlen(text) != 2 * SHORT || viz_hex_parse(hash.b, SHORT, text) != VIZ_OK)
		return viz_request_fail(
		    req, VIZ_ERR_INPUT, "bad-invite-id",
		    "an invitation is named by the 8 digits that peer invites shows");
	viz_walk_init(&walk, req->net->core->store, VIZ_TABLE_INVITE, hash.b, SHORT);
	if (!viz_walk_next(&walk, &key, &value))
		return viz_request_fail(
		    req, VIZ_ERR_ABSENT, "no-such-invite",
		    "no open invitation is \"%s\": it was used, cancelled or is "
		    "over",
		    text);
	memcpy(hash.b, key.p, sizeof hash.b);
	viz_core_del(req->net->core, VIZ_TABLE_INVITE, hash.b, sizeof hash.b);
	set_invite_id(req->result, &hash);
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

/* The inviter gets the token on the link that is up, or by the next dial. */
static void show_or_dial(struct viz_net *net, struct viz_member *m)
{
	struct viz_link *link = viz_link_of(net, &m->id);

	if (!link) {
		viz_link_dial_afresh(net, m);
		return;
	}
	link->token = false; /* of an earlier invitation */
	viz_link_token_show(net->trust, link);
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
	next.token_dead = false;
	next.said = viz_after(invite.expires, -VIZ_INVITE_DAYS * VIZ_DAY_MS);
	snprintf(next.name, sizeof next.name, "%s", invite.name);
	memcpy(next.address, invite.address, sizeof next.address);
	next.address_count = invite.address_count;
	err = viz_control_peer_change(req, m, &next, "accept");
	if (err == VIZ_OK)
		show_or_dial(req->net, m);
	viz_secret_wipe(&next, sizeof next);
	return err;
}

const struct viz_control_op viz_control_invite_ops[] = {
    {"peer.invite", peer_invite, VIZ_SPACE_SOME}, {"peer.invites", peer_invites, VIZ_SPACE_NONE},
    {"peer.cancel", peer_cancel, VIZ_SPACE_NONE}, {"peer.inspect", peer_inspect, VIZ_SPACE_NONE},
    {"peer.accept", peer_accept, VIZ_SPACE_SOME}, {0},
};
