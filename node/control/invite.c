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

static json_t *invite_json(const struct viz_id *hash)
{
	char text[2 * SHORT + 1];

	viz_hex(text, hash->b, SHORT);
	return json_pack("{s:s}", "id", text);
}

static json_t *open_json(const struct viz_id *hash, const struct viz_invite *invite)
{
	json_t *o = invite_json(hash);

	viz_request_set_text(o, "whom", invite->whom);
	viz_request_set_time(o, "made_at",
			     viz_after(invite->expires, -VIZ_INVITE_DAYS * VIZ_DAY_MS));
	viz_request_set_time(o, "expires_at", invite->expires);
	return o;
}

/* The line to send, and a text for the one who gets it. */
static int peer_invite(struct viz_request *req)
{
	char line[VIZ_INVITE_TEXT_MAX], message[512];
	const char *language = viz_field_text(req->args, "language");
	struct viz_invite invite;
	struct viz_id hash;
	int err;

	if (language[0] == '\0')
		language = VIZ_CONTROL_LANGUAGE;
	err = viz_control_localize(message, sizeof message, VIZ_CONTROL_TEXTS_INVITE, language,
				   req->net->trust->profile.name, NULL);
	if (err == VIZ_ERR_ABSENT)
		return viz_request_wrong(req, VIZ_CODE_BAD_LANGUAGE, "language",
					 "there is no text in \"%s\"", language);
	if (err != VIZ_OK)
		return err;
	err = viz_invite_make(req->net->trust, line, &invite, viz_field_text(req->args, "whom"));
	if (err == VIZ_ERR_LIMIT)
		return viz_request_fail(
		    req, err, VIZ_CODE_TOO_MANY_INVITES,
		    "%d invitations are open already: peer invites, peer cancel", VIZ_INVITES_MAX);
	if (err != VIZ_OK)
		return viz_request_core_error(req, err, "invitation");
	viz_invite_hash(&hash, invite.token);
	json_object_set_new(req->result, "line", json_string(line));
	json_object_set_new(req->result, "invite", open_json(&hash, &invite));
	json_object_set_new(req->result, "address_count",
			    json_integer((json_int_t)invite.address_count));
	json_object_set_new(req->result, "message", json_string(message));
	return VIZ_OK;
}

/* Those that are open, the oldest first. */
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
		json_t *o, *before;

		viz_invite_row(&invite, &value);
		memcpy(hash.b, key.p, sizeof hash.b);
		o = open_json(&hash, &invite);
		json_array_foreach(list, at, before)
		{
			if (strcmp(json_string_value(json_object_get(before, "expires_at")),
				   json_string_value(json_object_get(o, "expires_at"))) > 0)
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

/* Nobody can use it any more. */
static int peer_cancel(struct viz_request *req)
{
	char text[VIZ_INVITE_TEXT_MAX];
	struct viz_invite invite;
	struct viz_slice key, value;
	struct viz_walk walk;
	struct viz_id hash;

	snprintf(text, sizeof text, "%s", viz_field_text(req->args, "invite"));
	if (viz_invite_parse(&invite, text) == VIZ_OK) {
		viz_invite_hash(&hash, invite.token);
		viz_hex(text, hash.b, SHORT);
	}
	if (strlen(text) != 2 * SHORT || viz_hex_parse(hash.b, SHORT, text) != VIZ_OK)
		return viz_request_fail(
		    req, VIZ_ERR_INPUT, VIZ_CODE_BAD_INVITE_ID,
		    "an invitation is named by the 8 digits that peer invites shows");
	viz_walk_init(&walk, req->net->core->store, VIZ_TABLE_INVITE, hash.b, SHORT);
	if (!viz_walk_next(&walk, &key, &value))
		return viz_request_fail(
		    req, VIZ_ERR_ABSENT, VIZ_CODE_NO_SUCH_INVITE,
		    "no open invitation is \"%s\": it was used, cancelled or is "
		    "over",
		    text);
	memcpy(hash.b, key.p, sizeof hash.b);
	viz_core_del(req->net->core, VIZ_TABLE_INVITE, hash.b, sizeof hash.b);
	json_object_set_new(req->result, "invite", invite_json(&hash));
	json_object_set_new(req->result, "cancelled", json_true());
	return VIZ_OK;
}

static int read_line(struct viz_request *req, struct viz_invite *invite)
{
	if (viz_invite_parse(invite, viz_field_text(req->args, "line")) != VIZ_OK)
		return viz_request_fail(req, VIZ_ERR_INPUT, VIZ_CODE_BAD_INVITE,
					"this is not a whole invitation: copy all of the line");
	if (!viz_id_eq(&invite->federation, &req->net->core->federation_id))
		return viz_request_fail(req, VIZ_ERR_INPUT, VIZ_CODE_OTHER_FEDERATION,
					"the invitation is of another federation than this node's "
					"\"%s\": the name or the "
					"times differ",
					req->net->core->federation.name);
	if (invite->expires.ms <= req->net->core->now.ms)
		return viz_request_fail(req, VIZ_ERR_INPUT, VIZ_CODE_INVITE_EXPIRED,
					"the invitation has expired: ask for a new one");
	if (viz_id_eq(&invite->author, &req->net->trust->self.author))
		return viz_request_fail(req, VIZ_ERR_INPUT, VIZ_CODE_OWN_INVITE,
					"this invitation is our own");
	return VIZ_OK;
}

/* What the operator checks before accepting. */
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
	viz_request_set_text(req->result, "cnpj", invite.cnpj);
	viz_request_set_given(req->result, "asn", invite.asn);
	for (size_t i = 0; i < invite.address_count; i++)
		json_array_append_new(addresses, json_string(invite.address[i]));
	json_object_set_new(req->result, "addresses", addresses);
	viz_request_set_time(req->result, "expires_at", invite.expires);
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

static int peer_accept(struct viz_request *req)
{
	struct viz_peer_row next;
	struct viz_invite invite;
	struct viz_member *m;
	int err = read_line(req, &invite);

	if (err != VIZ_OK)
		return err;
	if (invite.address_count == 0)
		return viz_request_fail(req, VIZ_ERR_INPUT, VIZ_CODE_NO_ADDRESS,
					"the invitation names no address to connect to");
	m = viz_member_ensure(req->net->trust, &invite.author);
	if (!m)
		return viz_request_core_error(req, VIZ_ERR_LIMIT, "members");
	next = m->peer;
	next.present = true;
	next.vouched = true;
	next.pending = false;
	next.partner = viz_field_flag(req->args, "partner", true);
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

static const struct viz_field invite_fields[] = {
    {"language", VIZ_FIELD_TEXT, .min = 2, .max = 7},
    {"whom", VIZ_FIELD_TEXT, .max = VIZ_NAME_MAX},
    {0},
};

static const struct viz_field cancel_fields[] = {
    {"invite", VIZ_FIELD_TEXT, .needed = true, .min = 1, .max = VIZ_INVITE_TEXT_MAX - 1}, {0}};

static const struct viz_field line_fields[] = {
    {"line", VIZ_FIELD_TEXT, .needed = true, .min = 1, .max = VIZ_INVITE_TEXT_MAX - 1}, {0}};

static const struct viz_field accept_fields[] = {
    {"line", VIZ_FIELD_TEXT, .needed = true, .min = 1, .max = VIZ_INVITE_TEXT_MAX - 1},
    {"partner", .kind = VIZ_FIELD_FLAG},
    {0},
};

const struct viz_control_op viz_control_invite_ops[] = {
    {"peer.invite", peer_invite, VIZ_SPACE_SOME, VIZ_PRIVACY_NONE, VIZ_ROLE_ADMIN, invite_fields},
    {"peer.invites", peer_invites, VIZ_SPACE_NONE, VIZ_PRIVACY_NONE, VIZ_ROLE_ADMIN,
     viz_request_none},
    {"peer.cancel", peer_cancel, VIZ_SPACE_NONE, VIZ_PRIVACY_NONE, VIZ_ROLE_ADMIN, cancel_fields},
    {"peer.inspect", peer_inspect, VIZ_SPACE_NONE, VIZ_PRIVACY_NONE, VIZ_ROLE_ADMIN, line_fields},
    {"peer.accept", peer_accept, VIZ_SPACE_SOME, VIZ_PRIVACY_NONE, VIZ_ROLE_ADMIN, accept_fields},
    {0},
};
