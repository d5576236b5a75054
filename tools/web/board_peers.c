#include "tools/web/board_peers.h"

#include "tools/health/words.h"
#include "tools/web/board.h"
#include "tools/web/customer_words.h"
#include "tools/web/desk_model.h"

static const char *text_of(const json_t *o, const char *name)
{
	const char *text = json_string_value(json_object_get(o, name));

	return text != NULL ? text : "";
}

static bool is_true(const json_t *o, const char *name)
{
	return json_is_true(json_object_get(o, name));
}

/* A time in one line, for a sentence. */
static void when_text(char out[64], const struct viz_page *p, const json_t *time)
{
	json_t *when = viz_customer_words_when(viz_page_lang(p), time, true);

	snprintf(out, 64, "-");
	if (when != NULL)
		snprintf(out, 64, "%lld %s, %s",
			 (long long)json_integer_value(json_object_get(when, "day")),
			 text_of(when, "month"), text_of(when, "time"));
	json_decref(when);
}

static json_t *peer_json(const struct viz_page *p, const json_t *peer)
{
	static const char *const texts[] = {"cnpj",  "version",     "answers", "whatsapp",
					    "hours", "fingerprint", "privacy"};
	static const char *const flags[] = {"member", "pending", "partner", "blocked",
					    "linked", "revoked", "vouched", "pruned"};
	char standing[VIZ_HEALTH_WORDS_MAX], why[VIZ_HEALTH_WORDS_MAX], when[64];
	json_t *out =
	    json_pack("{s:s,s:s}", "id", text_of(peer, "id"), "label", text_of(peer, "label"));
	json_t *asn = json_object_get(peer, "asn");

	when_text(when, p, viz_health_words_standing_time(peer));
	viz_health_words_standing(standing, sizeof standing, viz_page_lang(p), peer, when);
	viz_health_words_unlinked(why, viz_page_lang(p), peer);
	json_object_set_new(out, "standing", json_string(standing));
	json_object_set_new(out, "why", json_string(why));
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		json_object_set_new(out, texts[i], json_string(text_of(peer, texts[i])));
	for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
		json_object_set_new(out, flags[i], json_boolean(is_true(peer, flags[i])));
	if (asn != NULL)
		json_object_set(out, "asn", asn);
	json_object_set_new(out, "addresses", json_deep_copy(json_object_get(peer, "addresses")));
	return out;
}

static void ask_list(struct viz_page *p)
{
	viz_page_ask(p, "peer.list", NULL);
	if (viz_page_who(p).role == VIZ_WEB_ADMIN)
		viz_page_ask(p, "peer.invites", NULL);
}

static json_t *invites_json(const struct viz_page *p, const json_t *list)
{
	json_t *out = json_array(), *one;
	size_t i;

	json_array_foreach(list, i, one)
	{
		json_t *until = viz_customer_words_when(viz_page_lang(p),
							json_object_get(one, "expires_at"), true);
		json_t *o =
		    json_pack("{s:s,s:s}", "id", text_of(one, "id"), "whom", text_of(one, "whom"));

		if (until != NULL)
			json_object_set_new(o, "until", until);
		json_array_append_new(out, o);
	}
	return out;
}

static void show_list(struct viz_page *p, unsigned status)
{
	const json_t *list = json_object_get(viz_page_result(p, 0), "peers"), *one;
	json_t *out = json_array();
	size_t i;

	json_array_foreach(list, i, one) json_array_append_new(out, peer_json(p, one));
	viz_page_set(p, "peers", out);
	viz_page_set(p, "invites",
		     invites_json(p, json_object_get(viz_page_result(p, 1), "invites")));
	viz_page_render(p, status, "board/peers");
}

static void answer_list(struct viz_page *p)
{
	viz_desk_model_frame(p, "peers");
	if (!viz_page_refused(p))
		show_list(p, 200);
}

static json_t *peer_args(const struct viz_page *p)
{
	return json_pack("{s:s}", "peer", viz_page_param(p, "id"));
}

static void ask_peer(struct viz_page *p)
{
	viz_page_ask(p, "peer.show", peer_args(p));
	viz_page_ask(p, "peer.why", peer_args(p));
}

/* A way of vouches, as names from us to the peer. */
static json_t *ways_json(const json_t *ways)
{
	json_t *out = json_array(), *way, *step;
	size_t i, k;

	json_array_foreach(ways, i, way)
	{
		json_t *whole = json_string("");

		json_array_foreach(json_object_get(way, "steps"), k, step)
		{
			json_t *longer = json_sprintf("%s%s%s", json_string_value(whole),
						      k > 0 ? " → " : "", text_of(step, "label"));

			json_decref(whole);
			whole = longer;
		}
		json_array_append_new(out, json_pack("{s:o}", "names", whole));
	}
	return out;
}

static json_t *labels_json(const json_t *list)
{
	json_t *out = json_array(), *one;
	size_t i;

	json_array_foreach(list, i, one)
	    json_array_append_new(out, json_string(text_of(one, "label")));
	return out;
}

/* Those without whom it would be outside, in one line. */
static void set_points(struct viz_page *p, const json_t *points)
{
	char text[1024] = "";
	const json_t *one;
	size_t i;

	json_array_foreach(points, i, one)
	{
		size_t len = strlen(text);

		snprintf(text + len, sizeof text - len, "%s%s", i > 0 ? ", " : "",
			 text_of(one, "label"));
	}
	viz_page_set(p, "points", json_boolean(json_array_size(points) > 0));
	viz_page_set_text(p, "points_text", text);
}

static void answer_peer(struct viz_page *p)
{
	const json_t *result = viz_page_result(p, 0);

	viz_desk_model_frame(p, "peers");
	if (result == NULL) {
		viz_page_refused(p);
		return;
	}
	viz_page_set(p, "peer", peer_json(p, json_object_get(result, "peer")));
	viz_page_set(p, "vouchers", labels_json(json_object_get(result, "vouchers")));
	viz_page_set(p, "ways", ways_json(json_object_get(viz_page_result(p, 1), "ways")));
	set_points(p, json_object_get(viz_page_result(p, 1), "points"));
	viz_page_render(p, 200, "board/peer");
}

/* ---- trust ---- */

static void go_back(struct viz_page *p)
{
	char path[160];

	snprintf(path, sizeof path, "/board/peers/%s", viz_page_param(p, "id"));
	viz_page_go(p, path);
}

/* A reason that somebody at the board can mend; the list of peers is shown with it. */
static const char *const mendable[] = {
    "own-key-revoked",   "pruned",           "revoked",    "too-many-vouches",
    "too-many-partners", "too-many-invites", "bad-invite", "other-federation",
    "invite-expired",    "own-invite",       "no-address", "no-such-invite",
    "bad-invite-id",     "quarantine"};

static bool trouble(struct viz_page *p)
{
	for (size_t i = 0; i < sizeof mendable / sizeof *mendable; i++) {
		if (strcmp(mendable[i], viz_page_code(p, 0)) != 0)
			continue;
		viz_page_keep(p, "trouble",
			      viz_desk_model_word(p, "board_error_", viz_page_code(p, 0)));
		ask_list(p);
		return true;
	}
	return viz_page_refused(p);
}

/* In the second round the list is there, with the reason. */
static bool show_trouble(struct viz_page *p)
{
	if (viz_page_kept(p, "trouble") == NULL)
		return false;
	show_list(p, 409);
	return true;
}

static void ask_trust(struct viz_page *p)
{
	json_t *args = peer_args(p);

	json_object_set_new(args, "partner",
			    json_boolean(strcmp(viz_page_field(p, "partner"), "no") != 0));
	viz_page_ask(p, "peer.trust", args);
}

static void answer_done(struct viz_page *p)
{
	viz_desk_model_frame(p, "peers");
	if (!show_trouble(p) && !trouble(p))
		go_back(p);
}

/* What would follow: as `vizinho peer block --dry-run` says it. */
static void ask_end(struct viz_page *p, const char *op, bool dry)
{
	json_t *args = peer_args(p);

	if (dry)
		json_object_set_new(args, "dry_run", json_true());
	else if (strcmp(op, "peer.block") == 0 && viz_page_field(p, "reason")[0] != '\0')
		json_object_set_new(args, "reason", json_string(viz_page_field(p, "reason")));
	viz_page_ask(p, op, args);
}

static void ask_block_page(struct viz_page *p)
{
	ask_end(p, "peer.block", true);
}

static void ask_remove_page(struct viz_page *p)
{
	ask_end(p, "peer.remove", true);
}

static void ask_block(struct viz_page *p)
{
	ask_end(p, "peer.block", false);
}

static void ask_remove(struct viz_page *p)
{
	ask_end(p, "peer.remove", false);
}

static void answer_end_page(struct viz_page *p, bool block)
{
	static const char *const counts[] = {"lost_member_count", "our_lead_count",
					     "its_lead_count"};
	const json_t *result = viz_page_result(p, 0);
	json_t *follows, *until;

	viz_desk_model_frame(p, "peers");
	if (viz_page_refused(p))
		return;
	follows = json_pack("{s:b}", "only_we_vouch", is_true(result, "only_we_vouch"));
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
		if (json_integer_value(json_object_get(result, counts[i])) > 0)
			json_object_set(follows, counts[i], json_object_get(result, counts[i]));
	until = viz_customer_words_when(viz_page_lang(p), json_object_get(result, "until"), true);
	if (until != NULL)
		json_object_set_new(follows, "until", until);
	viz_page_set(p, "block", json_boolean(block));
	viz_page_set(p, "follows", follows);
	viz_page_set(p, "peer", peer_json(p, json_object_get(result, "peer")));
	viz_page_render(p, 200, "board/end");
}

static void answer_block_page(struct viz_page *p)
{
	answer_end_page(p, true);
}

static void answer_remove_page(struct viz_page *p)
{
	answer_end_page(p, false);
}

/* ---- invitations ---- */

static void ask_invite(struct viz_page *p)
{
	viz_page_ask(p, "peer.invite",
		     json_pack("{s:s,s:s}", "language", viz_host_lang_tag(viz_page_lang(p)), "whom",
			       viz_page_field(p, "whom")));
}

static void answer_invite(struct viz_page *p)
{
	const json_t *result = viz_page_result(p, 0);

	viz_desk_model_frame(p, "peers");
	if (show_trouble(p) || trouble(p))
		return;
	viz_page_set_text(p, "line", text_of(result, "line"));
	viz_page_set_text(p, "message", text_of(result, "message"));
	viz_page_set(
	    p, "no_address",
	    json_boolean(json_integer_value(json_object_get(result, "address_count")) == 0));
	viz_page_render(p, 200, "board/invite");
}

static void ask_cancel(struct viz_page *p)
{
	viz_page_ask(p, "peer.cancel", json_pack("{s:s}", "invite", viz_page_field(p, "invite")));
}

static void answer_cancel(struct viz_page *p)
{
	viz_desk_model_frame(p, "peers");
	if (!show_trouble(p) && !trouble(p))
		viz_page_go(p, "/board/peers");
}

static void ask_inspect(struct viz_page *p)
{
	viz_page_ask(p, "peer.inspect", json_pack("{s:s}", "line", viz_page_field(p, "line")));
}

/* Who invites, to be compared with what the inviter says on the telephone. */
static void answer_inspect(struct viz_page *p)
{
	const json_t *result = viz_page_result(p, 0);

	viz_desk_model_frame(p, "peers");
	if (show_trouble(p) || trouble(p))
		return;
	viz_page_set(p, "inviter",
		     json_pack("{s:s,s:s,s:s,s:I,s:O}", "id", text_of(result, "id"), "name",
			       text_of(result, "name"), "cnpj", text_of(result, "cnpj"), "asn",
			       json_integer_value(json_object_get(result, "asn")), "addresses",
			       json_object_get(result, "addresses")));
	viz_page_set_text(p, "line", viz_page_field(p, "line"));
	viz_page_render(p, 200, "board/accept");
}

static void ask_accept(struct viz_page *p)
{
	viz_page_ask(p, "peer.accept", json_pack("{s:s}", "line", viz_page_field(p, "line")));
}

static void answer_accept(struct viz_page *p)
{
	char path[160];

	viz_desk_model_frame(p, "peers");
	if (show_trouble(p) || trouble(p))
		return;
	snprintf(path, sizeof path, "/board/peers/%s",
		 text_of(json_object_get(viz_page_result(p, 0), "peer"), "id"));
	viz_page_go(p, path);
}

#define READ(path, ask, answer)                                                                    \
	{                                                                                          \
		VIZ_WEB_GET, "/board/peers" path, VIZ_WEB_PRIVATE, VIZ_BOARD_ROLES, 0, ask, answer \
	}
#define FORM(path, ask, answer)                                                                    \
	{                                                                                          \
		VIZ_WEB_GET, "/board/peers" path, VIZ_WEB_PRIVATE, VIZ_WEB_ADMIN, 0, ask, answer   \
	}
#define ACT(path, ask, answer)                                                                     \
	{                                                                                          \
		VIZ_WEB_POST, "/board/peers" path, VIZ_WEB_PRIVATE, VIZ_WEB_ADMIN, 0, ask, answer  \
	}

const struct viz_route viz_board_peers_routes[] = {
    READ("", ask_list, answer_list),
    ACT("/invite", ask_invite, answer_invite),
    ACT("/cancel", ask_cancel, answer_cancel),
    ACT("/inspect", ask_inspect, answer_inspect),
    ACT("/accept", ask_accept, answer_accept),
    READ("/:id", ask_peer, answer_peer),
    ACT("/:id/trust", ask_trust, answer_done),
    FORM("/:id/block", ask_block_page, answer_block_page),
    ACT("/:id/block", ask_block, answer_done),
    FORM("/:id/remove", ask_remove_page, answer_remove_page),
    ACT("/:id/remove", ask_remove, answer_done),
    {0},
};
