/* `vizinho peer ...`: invitations, who is known, trust, and the end of a partnership. */
#include <unistd.h>

#include "tools/vizinho/args.h"
#include "tools/vizinho/ask.h"
#include "tools/vizinho/client.h"
#include "tools/vizinho/format.h"
#include "tools/vizinho/help.h"
#include "tools/vizinho/input.h"
#include "tools/vizinho/peer_table.h"
#include "tools/vizinho/print.h"
#include "tools/vizinho/reply.h"
#include "tools/vizinho/standing.h"
#include "tools/vizinho/table.h"

#define LINK_WAIT_MS 10000

int viz_cmd_peer_invite(const struct viz_cli *cli, int argc, char **argv)
{
	const char *whom = "";
	const struct viz_arg options[] = {{"for", &whom, NULL}, {NULL, NULL, NULL}};
	struct viz_args words;
	char expires[VIZ_FORMAT_MAX];
	json_t *result;
	int status;

	if (!viz_args_read(&words, &status, cli, options, argc, argv, 0, 0))
		return status;
	status = viz_client_query(
	    &result, cli, "peer.invite",
	    json_pack("{s:s,s:s}", "language", viz_host_lang_tag(cli->lang), "whom", whom));
	if (result == NULL)
		return status;
	viz_format_time(expires, cli,
			json_object_get(json_object_get(result, "invite"), "expires_at"));
	printf("%s\n\n", viz_reply_text(result, "line"));
	viz_print(cli, VIZ_MSG_INVITE_HOW, expires, viz_reply_text(result, "message"));
	if (viz_reply_number(result, "address_count") == 0)
		viz_print_hint(cli, VIZ_MSG_INVITE_NO_ADDRESS);
	json_decref(result);
	return VIZ_EXIT_OK;
}

int viz_cmd_peer_invites(const struct viz_cli *cli, int argc, char **argv)
{
	static const enum viz_msg heads[] = {VIZ_MSG_HEAD_INVITE, VIZ_MSG_HEAD_WHOM,
					     VIZ_MSG_HEAD_MADE, VIZ_MSG_HEAD_EXPIRES};
	struct viz_args words;
	json_t *result, *o;
	const json_t *list;
	struct viz_grid g;
	size_t i;
	int status;

	if (!viz_args_read(&words, &status, cli, NULL, argc, argv, 0, 0))
		return status;
	status = viz_client_query(&result, cli, "peer.invites", NULL);
	if (result == NULL)
		return status;
	list = json_object_get(result, "invites");
	if (json_array_size(list) == 0) {
		viz_print(cli, VIZ_MSG_INVITES_NONE);
		json_decref(result);
		return VIZ_EXIT_OK;
	}
	viz_table_heads(&g, cli, heads, 4);
	json_array_foreach(list, i, o)
	{
		viz_grid_add(&g, viz_reply_text(o, "id"));
		viz_grid_add(&g, viz_reply_text(o, "whom"));
		viz_table_time(&g, cli, json_object_get(o, "made_at"));
		viz_table_time(&g, cli, json_object_get(o, "expires_at"));
	}
	viz_table_print(&g);
	json_decref(result);
	return VIZ_EXIT_OK;
}

int viz_cmd_peer_cancel(const struct viz_cli *cli, int argc, char **argv)
{
	struct viz_args words;
	json_t *result;
	int status;

	if (!viz_args_read(&words, &status, cli, NULL, argc, argv, 1, 1))
		return status;
	status = viz_client_query(&result, cli, "peer.cancel",
				  json_pack("{s:s}", "invite", words.word[0]));
	if (result == NULL)
		return status;
	viz_print(cli, VIZ_MSG_INVITE_CANCELLED, viz_reply_id(result, "invite"));
	json_decref(result);
	return VIZ_EXIT_OK;
}

/* The line from the command line, from standard input, or typed. */
static int invitation(char *line, size_t max, const struct viz_cli *cli,
		      const struct viz_args *words)
{
	struct viz_input in;
	size_t start, len;
	int status;

	if (words->count == 1 && strcmp(words->word[0], "-") != 0) {
		snprintf(line, max, "%s", words->word[0]);
		return VIZ_EXIT_OK;
	}
	if (words->count == 0 && viz_ask_terminal())
		return viz_ask_line(line, max, cli, true, VIZ_MSG_ASK_INVITE);
	status = viz_input_text(&in, cli, "-");
	if (status != VIZ_EXIT_OK)
		return status;
	start = strspn(in.text, " \t\r\n");
	len = strcspn(in.text + start, " \t\r\n");
	snprintf(line, max, "%.*s", (int)len, in.text + start);
	viz_input_free(&in);
	if (line[0] == '\0')
		return viz_print_error(cli, VIZ_EXIT_FAILED, VIZ_CODE_NO_ANSWER, VIZ_MSG_NO_INVITE);
	return VIZ_EXIT_OK;
}

/* Waits until the link is up and the fingerprint of the peer is known, or the peer says that the
 * invitation is no good. `accepted` gets the peer as it is then. */
static int wait_for_link(const struct viz_cli *cli, json_t *accepted)
{
	const char *id = viz_reply_text(json_object_get(accepted, "peer"), "id");
	json_t *result;

	viz_print_hint(cli, VIZ_MSG_LINKING);
	for (int ms = 0; ms < LINK_WAIT_MS; ms += 200) {
		const json_t *p;
		bool known, shown, dead;

		if (viz_client_ask(&result, cli, "peer.show", json_pack("{s:s}", "peer", id)) !=
		    VIZ_EXIT_OK)
			return VIZ_EXIT_OK;
		p = json_object_get(result, "peer");
		json_object_set(accepted, "peer", json_object_get(result, "peer"));
		id = viz_reply_text(p, "id");
		shown = strcmp(viz_reply_text(p, "invitation"), "shown") == 0;
		dead = strcmp(viz_reply_text(p, "invitation"), "dead") == 0;
		known = !shown && viz_reply_true(p, "linked") &&
			viz_reply_text(p, "fingerprint")[0] != '\0';
		if (known && !dead)
			viz_print(cli, VIZ_MSG_ACCEPT_LINKED, viz_reply_peer(p),
				  viz_reply_text(p, "fingerprint"));
		json_decref(result);
		if (dead)
			return viz_print_error(cli, VIZ_EXIT_FAILED, VIZ_CODE_INVITE_DEAD,
					       VIZ_MSG_INVITE_DEAD);
		if (known)
			return VIZ_EXIT_OK;
		usleep(200000);
	}
	viz_print(cli, VIZ_MSG_ACCEPT_NO_LINK);
	return VIZ_EXIT_OK;
}

static int inspect(const struct viz_cli *cli, const char *line, bool yes)
{
	json_t *result;
	int status;

	if (cli->json && yes)
		return VIZ_EXIT_OK; /* peer.accept checks the same again */
	status = viz_client_ask(&result, cli, "peer.inspect", json_pack("{s:s}", "line", line));
	if (status != VIZ_EXIT_OK)
		return status;
	if (!cli->json) {
		viz_print(cli, VIZ_MSG_ACCEPT_WHO);
		viz_peer_table_print(cli, result);
		viz_print(cli, VIZ_MSG_ACCEPT_CALL);
		if (viz_reply_number(result, "asn") > 0)
			viz_print(cli, VIZ_MSG_ACCEPT_ASN,
				  (long long)viz_reply_number(result, "asn"));
		viz_print(cli, VIZ_MSG_ACCEPT_READ);
		viz_print_blank(cli);
	}
	json_decref(result);
	return viz_ask_confirm(cli, yes, VIZ_MSG_ACCEPT_SURE);
}

int viz_cmd_peer_accept(const struct viz_cli *cli, int argc, char **argv)
{
	bool yes = false, no_partner = false;
	const struct viz_arg options[] = {
	    {"yes", NULL, &yes}, {"no-partner", NULL, &no_partner}, {NULL, NULL, NULL}};
	struct viz_args words;
	char line[4096];
	json_t *result;
	int status;

	if (!viz_args_read(&words, &status, cli, options, argc, argv, 0, 1))
		return status;
	status = invitation(line, sizeof line, cli, &words);
	if (status == VIZ_EXIT_OK)
		status = inspect(cli, line, yes);
	if (status != VIZ_EXIT_OK)
		return status;
	status = viz_client_ask(&result, cli, "peer.accept",
				json_pack("{s:s,s:b}", "line", line, "partner", !no_partner));
	if (status != VIZ_EXIT_OK)
		return status;
	status = wait_for_link(cli, result);
	if (status == VIZ_EXIT_OK && cli->json)
		viz_print_json(result);
	json_decref(result);
	return status;
}

int viz_cmd_peer_list(const struct viz_cli *cli, int argc, char **argv)
{
	static const enum viz_msg heads[] = {VIZ_MSG_HEAD_NAME,     VIZ_MSG_HEAD_ASN,
					     VIZ_MSG_HEAD_STANDING, VIZ_MSG_HEAD_LINK,
					     VIZ_MSG_HEAD_ANSWERS,  VIZ_MSG_HEAD_HEARTBEAT};
	struct viz_args words;
	json_t *result, *p;
	const json_t *list;
	struct viz_grid g;
	size_t i;
	int status;

	if (!viz_args_read(&words, &status, cli, NULL, argc, argv, 0, 0))
		return status;
	status = viz_client_query(&result, cli, "peer.list", NULL);
	if (result == NULL)
		return status;
	list = json_object_get(result, "peers");
	if (json_array_size(list) == 0) {
		viz_print(cli, VIZ_MSG_PEER_NONE);
		json_decref(result);
		return VIZ_EXIT_OK;
	}
	viz_table_heads(&g, cli, heads, 6);
	json_array_foreach(list, i, p)
	{
		char asn[24], standing[VIZ_STANDING_MAX];

		viz_peer_table_asn(asn, p);
		viz_standing_text(standing, cli, p);
		viz_grid_add(&g, viz_reply_peer(p));
		viz_grid_add(&g, asn);
		viz_grid_add(&g, standing);
		viz_grid_add(&g,
			     viz_msg(cli->lang, viz_reply_true(p, "linked") ? VIZ_MSG_LINK_UP
									    : VIZ_MSG_LINK_DOWN));
		viz_grid_add(&g, viz_format_word(cli, viz_reply_text(p, "answers")));
		viz_table_time(&g, cli, json_object_get(p, "heartbeat_at"));
	}
	viz_table_print(&g);
	json_decref(result);
	return VIZ_EXIT_OK;
}

int viz_cmd_peer_show(const struct viz_cli *cli, int argc, char **argv)
{
	struct viz_args words;
	const json_t *vouchers;
	json_t *result;
	int status;

	if (!viz_args_read(&words, &status, cli, NULL, argc, argv, 1, 1))
		return status;
	status =
	    viz_client_query(&result, cli, "peer.show", json_pack("{s:s}", "peer", words.word[0]));
	if (result == NULL)
		return status;
	viz_peer_table_print(cli, json_object_get(result, "peer"));
	if (strcmp(viz_reply_text(json_object_get(result, "peer"), "invitation"), "dead") == 0)
		viz_print(cli, VIZ_MSG_INVITE_DEAD);
	vouchers = json_object_get(result, "vouchers");
	for (size_t i = 0; i < json_array_size(vouchers); i++)
		viz_print(cli, VIZ_MSG_VOUCHED_BY, viz_reply_peer(json_array_get(vouchers, i)));
	if (viz_reply_number(result, "only_through_count") > 0)
		viz_print(cli, VIZ_MSG_ONLY_THROUGH,
			  (long long)viz_reply_number(result, "only_through_count"));
	if (viz_reply_number(result, "mail_count") > 0)
		viz_print(cli, VIZ_MSG_MAIL_WAITING,
			  (long long)viz_reply_number(result, "mail_count"));
	if (viz_reply_text(result, "reason")[0] != '\0')
		viz_print(cli, VIZ_MSG_BLOCK_REASON, viz_reply_text(result, "reason"));
	json_decref(result);
	return VIZ_EXIT_OK;
}

static int trust(const struct viz_cli *cli, json_t *args)
{
	char standing[VIZ_STANDING_MAX];
	json_t *result;
	const json_t *p;
	int status = viz_client_query(&result, cli, "peer.trust", args);

	if (result == NULL)
		return status;
	p = json_object_get(result, "peer");
	viz_print(cli, VIZ_MSG_TRUSTED, viz_reply_peer(p));
	viz_standing_text(standing, cli, p);
	viz_print(cli, VIZ_MSG_STANDING_NOW, standing);
	viz_print(cli, VIZ_MSG_READ_BACK, viz_reply_text(p, "fingerprint"));
	json_decref(result);
	return VIZ_EXIT_OK;
}

int viz_cmd_peer_trust(const struct viz_cli *cli, int argc, char **argv)
{
	bool vouch = false, no_partner = false;
	const struct viz_arg options[] = {
	    {"vouch", NULL, &vouch}, {"no-partner", NULL, &no_partner}, {NULL, NULL, NULL}};
	struct viz_args words;
	int status;

	if (!viz_args_read(&words, &status, cli, options, argc, argv, 1, 1))
		return status;
	return trust(cli, json_pack("{s:s,s:b,s:b}", "peer", words.word[0], "vouch", vouch,
				    "partner", !no_partner));
}

int viz_cmd_peer_stop(const struct viz_cli *cli, int argc, char **argv)
{
	bool undo = false;
	const struct viz_arg options[] = {{"undo", NULL, &undo}, {NULL, NULL, NULL}};
	struct viz_args words;
	json_t *result;
	int status;

	if (!viz_args_read(&words, &status, cli, options, argc, argv, 1, 1))
		return status;
	status = viz_client_query(&result, cli, "peer.stop",
				  json_pack("{s:s,s:b}", "peer", words.word[0], "stop", !undo));
	if (result == NULL)
		return status;
	(viz_print)(cli, undo ? VIZ_MSG_STOP_UNDONE : VIZ_MSG_STOPPED,
		    viz_reply_peer(json_object_get(result, "peer")));
	json_decref(result);
	return VIZ_EXIT_OK;
}

int viz_cmd_peer_fingerprint(const struct viz_cli *cli, int argc, char **argv)
{
	struct viz_args words;
	json_t *result;
	int status;

	if (!viz_args_read(&words, &status, cli, NULL, argc, argv, 0, 1))
		return status;
	status =
	    viz_client_query(&result, cli, "peer.fingerprint",
			     words.count == 1 ? json_pack("{s:s}", "peer", words.word[0]) : NULL);
	if (result == NULL)
		return status;
	printf("%s\n%s\n%s\n", viz_reply_text(result, "name"),
	       viz_reply_text(result, "fingerprint"), viz_reply_text(result, "id"));
	json_decref(result);
	return VIZ_EXIT_OK;
}

static void print_what_follows(const struct viz_cli *cli, const json_t *result)
{
	const json_t *p = json_object_get(result, "peer");
	const char *name = viz_reply_peer(p);
	char until[VIZ_FORMAT_MAX];

	if (viz_reply_true(p, "partner")) {
		viz_format_time(until, cli, json_object_get(result, "until"));
		viz_print(cli, VIZ_MSG_END_PARTNER, name, until);
	}
	if (viz_reply_true(result, "only_we_vouch"))
		viz_print(cli, VIZ_MSG_END_OUTSIDE, name);
	if (viz_reply_number(result, "lost_member_count") > 0)
		viz_print(cli, VIZ_MSG_END_LOST, name,
			  (long long)viz_reply_number(result, "lost_member_count"));
	if (viz_reply_number(result, "our_lead_count") > 0)
		viz_print(cli, VIZ_MSG_END_OUR_LEADS, name,
			  (long long)viz_reply_number(result, "our_lead_count"));
	if (viz_reply_number(result, "its_lead_count") > 0)
		viz_print(cli, VIZ_MSG_END_ITS_LEADS, name,
			  (long long)viz_reply_number(result, "its_lead_count"));
}

/* Shows what the operation would bring about, and asks. */
static int confirm(const struct viz_cli *cli, const char *op, const char *peer, bool yes,
		   enum viz_msg sure)
{
	json_t *result;
	int status;

	if (yes)
		return VIZ_EXIT_OK;
	status =
	    viz_client_ask(&result, cli, op, json_pack("{s:s,s:b}", "peer", peer, "dry_run", true));
	if (status != VIZ_EXIT_OK)
		return status;
	if (!cli->json)
		print_what_follows(cli, result);
	status =
	    (viz_ask_confirm)(cli, false, sure, viz_reply_peer(json_object_get(result, "peer")));
	json_decref(result);
	return status;
}

/* Runs the operation, and prints one sentence about it. */
static int end(const struct viz_cli *cli, const char *op, json_t *args, enum viz_msg done)
{
	char until[VIZ_FORMAT_MAX];
	json_t *result;
	const json_t *p;
	int status = viz_client_query(&result, cli, op, args);

	if (result == NULL)
		return status;
	p = json_object_get(result, "peer");
	(viz_print)(cli, done, viz_reply_peer(p));
	if (viz_reply_true(p, "partner")) {
		viz_format_time(until, cli, json_object_get(p, "partner_until"));
		viz_print(cli, VIZ_MSG_TAKES_EFFECT, until);
	}
	json_decref(result);
	return VIZ_EXIT_OK;
}

int viz_cmd_peer_block(const struct viz_cli *cli, int argc, char **argv)
{
	const char *reason = NULL;
	bool yes = false;
	const struct viz_arg options[] = {
	    {"reason", &reason, NULL}, {"yes", NULL, &yes}, {NULL, NULL, NULL}};
	struct viz_args words;
	int status;

	if (!viz_args_read(&words, &status, cli, options, argc, argv, 1, 1))
		return status;
	if (reason != NULL && reason[strspn(reason, " \t")] == '\0')
		reason = NULL;
	if (!viz_args_have(&status, cli, options, 1))
		return status;
	status = confirm(cli, "peer.block", words.word[0], yes, VIZ_MSG_BLOCK_SURE);
	if (status != VIZ_EXIT_OK)
		return status;
	return end(cli, "peer.block",
		   json_pack("{s:s,s:s}", "peer", words.word[0], "reason", reason),
		   VIZ_MSG_BLOCKED);
}

int viz_cmd_peer_remove(const struct viz_cli *cli, int argc, char **argv)
{
	bool yes = false;
	const struct viz_arg options[] = {{"yes", NULL, &yes}, {NULL, NULL, NULL}};
	struct viz_args words;
	int status;

	if (!viz_args_read(&words, &status, cli, options, argc, argv, 1, 1))
		return status;
	status = confirm(cli, "peer.remove", words.word[0], yes, VIZ_MSG_REMOVE_SURE);
	if (status != VIZ_EXIT_OK)
		return status;
	return end(cli, "peer.remove", json_pack("{s:s}", "peer", words.word[0]), VIZ_MSG_REMOVED);
}
