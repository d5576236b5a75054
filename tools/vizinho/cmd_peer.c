/* `vizinho peer ...`: invitations and trust. */
#include <unistd.h>

#include "tools/vizinho/args.h"
#include "tools/vizinho/ask.h"
#include "tools/vizinho/client.h"
#include "tools/vizinho/format.h"
#include "tools/vizinho/help.h"
#include "tools/vizinho/input.h"
#include "tools/vizinho/print.h"
#include "tools/vizinho/reply.h"
#include "tools/vizinho/standing.h"
#include "tools/vizinho/table.h"

#define LINK_WAIT_MS 10000

int viz_cmd_peer_invite(const struct viz_cli *cli, int argc, char **argv)
{
	struct viz_args words;
	char expires[VIZ_FORMAT_MAX];
	json_t *result;
	int status;

	if (!viz_args_read(&words, &status, cli, NULL, argc, argv, 0, 0))
		return status;
	status = viz_client_query(&result, cli, "peer.invite",
				  json_pack("{s:s}", "language", viz_host_lang_tag(cli->lang)));
	if (result == NULL)
		return status;
	viz_format_time(expires, cli, json_object_get(result, "expires"));
	printf("%s\n\n", viz_reply_text(result, "line"));
	viz_print(cli, VIZ_MSG_INVITE_HOW, expires, viz_reply_text(result, "whatsapp"));
	if (viz_reply_number(result, "addresses") == 0)
		viz_print_hint(cli, VIZ_MSG_INVITE_NO_ADDRESS);
	json_decref(result);
	return VIZ_EXIT_OK;
}

static void asn_text(char out[24], const json_t *p)
{
	if (viz_reply_number(p, "asn") > 0)
		snprintf(out, 24, "AS%lld", (long long)viz_reply_number(p, "asn"));
	else
		snprintf(out, 24, "-");
}

/* Prints what is known of a peer, or of the sender of an invitation. */
static void print_peer(const struct viz_cli *cli, const json_t *p)
{
	const json_t *addresses = json_object_get(p, "addresses");
	char asn[24], text[VIZ_FORMAT_MAX], standing[VIZ_STANDING_MAX], list[512] = "";
	struct viz_grid g;

	asn_text(asn, p);
	for (size_t i = 0, len = 0; i < json_array_size(addresses) && len < sizeof list; i++) {
		const char *a = json_string_value(json_array_get(addresses, i));
		int n = snprintf(list + len, sizeof list - len, "%s%s", i > 0 ? ", " : "",
				 a != NULL ? a : "?");

		len += n > 0 ? (size_t)n : 0;
	}
	viz_grid_init(&g, 2);
	viz_table_row(&g, cli, VIZ_MSG_HEAD_NAME, viz_reply_peer(p));
	viz_table_row(&g, cli, VIZ_MSG_HEAD_CNPJ, viz_reply_text(p, "cnpj"));
	viz_table_row(&g, cli, VIZ_MSG_HEAD_ASN, asn);
	viz_table_row(&g, cli, VIZ_MSG_HEAD_ID, viz_reply_text(p, "id"));
	viz_table_row(&g, cli, VIZ_MSG_HEAD_ADDRESS, list);
	if (json_object_get(p, "member") != NULL) {
		viz_table_row(&g, cli, VIZ_MSG_HEAD_FINGERPRINT, viz_reply_text(p, "fingerprint"));
		viz_standing_text(standing, cli, p);
		viz_table_row(&g, cli, VIZ_MSG_HEAD_STANDING, standing);
		if (viz_reply_true(p, "left_out"))
			viz_table_row(&g, cli, VIZ_MSG_STATUS_LEFT_OUT,
				      viz_msg(cli->lang, VIZ_MSG_PEER_LEFT_OUT));
		if (viz_reply_text(p, "pruned_at")[0] != '\0')
			viz_table_row(&g, cli, VIZ_MSG_HEAD_PRUNED,
				      viz_msg(cli->lang, VIZ_MSG_PEER_PRUNED));
		viz_table_row(&g, cli, VIZ_MSG_HEAD_ANSWERS,
			      viz_format_word(cli, viz_reply_text(p, "answers")));
		viz_format_time(text, cli, json_object_get(p, "heartbeat"));
		viz_table_row(&g, cli, VIZ_MSG_HEAD_HEARTBEAT, text);
		viz_table_row(&g, cli, VIZ_MSG_HEAD_WHATSAPP, viz_reply_text(p, "whatsapp"));
		viz_table_row(&g, cli, VIZ_MSG_HEAD_HOURS, viz_reply_text(p, "hours"));
		viz_table_row(&g, cli, VIZ_MSG_HEAD_PRIVACY, viz_reply_text(p, "privacy"));
	}
	viz_table_print(&g);
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
		return viz_print_error(cli, VIZ_EXIT_FAILED, "no-answer", VIZ_MSG_NO_INVITE);
	return VIZ_EXIT_OK;
}

/* Waits until the link is up and the fingerprint of the peer is known. */
static void wait_for_link(const struct viz_cli *cli, const char *id)
{
	json_t *result;

	viz_print_hint(cli, VIZ_MSG_LINKING);
	for (int ms = 0; ms < LINK_WAIT_MS; ms += 200) {
		const json_t *p;
		bool known;

		if (viz_client_ask(&result, cli, "peer.show", json_pack("{s:s}", "peer", id)) !=
		    VIZ_EXIT_OK)
			return;
		p = json_object_get(result, "peer");
		known = viz_reply_true(p, "linked") && viz_reply_text(p, "fingerprint")[0] != '\0';
		if (known)
			viz_print(cli, VIZ_MSG_ACCEPT_LINKED, viz_reply_peer(p),
				  viz_reply_text(p, "fingerprint"));
		json_decref(result);
		if (known)
			return;
		usleep(200000);
	}
	viz_print(cli, VIZ_MSG_ACCEPT_NO_LINK);
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
		print_peer(cli, result);
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
	status = viz_client_query(&result, cli, "peer.accept",
				  json_pack("{s:s,s:b}", "line", line, "partner", !no_partner));
	if (result == NULL)
		return status;
	wait_for_link(cli, viz_reply_text(json_object_get(result, "peer"), "id"));
	json_decref(result);
	return VIZ_EXIT_OK;
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

		asn_text(asn, p);
		viz_standing_text(standing, cli, p);
		viz_grid_add(&g, viz_reply_peer(p));
		viz_grid_add(&g, asn);
		viz_grid_add(&g, standing);
		viz_grid_add(&g,
			     viz_msg(cli->lang, viz_reply_true(p, "linked") ? VIZ_MSG_LINK_UP
									    : VIZ_MSG_LINK_DOWN));
		viz_grid_add(&g, viz_format_word(cli, viz_reply_text(p, "answers")));
		viz_table_time(&g, cli, json_object_get(p, "heartbeat"));
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
	print_peer(cli, json_object_get(result, "peer"));
	vouchers = json_object_get(result, "vouched_by");
	for (size_t i = 0; i < json_array_size(vouchers); i++)
		viz_print(cli, VIZ_MSG_VOUCHED_BY, json_string_value(json_array_get(vouchers, i)));
	if (viz_reply_number(result, "only_through") > 0)
		viz_print(cli, VIZ_MSG_ONLY_THROUGH,
			  (long long)viz_reply_number(result, "only_through"));
	if (viz_reply_number(result, "mail_waiting") > 0)
		viz_print(cli, VIZ_MSG_MAIL_WAITING,
			  (long long)viz_reply_number(result, "mail_waiting"));
	if (viz_reply_text(result, "reason")[0] != '\0')
		viz_print(cli, VIZ_MSG_BLOCK_REASON, viz_reply_text(result, "reason"));
	json_decref(result);
	return VIZ_EXIT_OK;
}

/* Runs an operation whose result is a peer, and prints one sentence about it. */
static int change(const struct viz_cli *cli, const char *op, json_t *args, enum viz_msg done)
{
	json_t *result;
	const json_t *p;
	char standing[VIZ_STANDING_MAX], until[VIZ_FORMAT_MAX];
	int status = viz_client_query(&result, cli, op, args);

	if (result == NULL)
		return status;
	p = json_object_get(result, "peer");
	(viz_print)(cli, done, viz_reply_peer(p));
	viz_format_time(until, cli, json_object_get(p, "partner_until"));
	if (done != VIZ_MSG_TRUSTED && viz_reply_true(p, "partner")) {
		viz_print(cli, VIZ_MSG_TAKES_EFFECT, until);
	} else if (done == VIZ_MSG_TRUSTED) {
		viz_standing_text(standing, cli, p);
		viz_print(cli, VIZ_MSG_STANDING_NOW, standing);
	}
	if (done == VIZ_MSG_TRUSTED)
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
	return change(cli, "peer.trust",
		      json_pack("{s:s,s:b,s:b}", "peer", words.word[0], "vouch", vouch, "partner",
				!no_partner),
		      VIZ_MSG_TRUSTED);
}

int viz_cmd_peer_block(const struct viz_cli *cli, int argc, char **argv)
{
	const char *reason = NULL;
	const struct viz_arg options[] = {{"reason", &reason, NULL}, {NULL, NULL, NULL}};
	struct viz_args words;
	int status;

	if (!viz_args_read(&words, &status, cli, options, argc, argv, 1, 1))
		return status;
	if (reason == NULL || reason[strspn(reason, " \t")] == '\0')
		return viz_help_error(cli, VIZ_MSG_NEED_OPTION, "--reason");
	return change(cli, "peer.block",
		      json_pack("{s:s,s:s}", "peer", words.word[0], "reason", reason),
		      VIZ_MSG_BLOCKED);
}

int viz_cmd_peer_remove(const struct viz_cli *cli, int argc, char **argv)
{
	struct viz_args words;
	int status;

	if (!viz_args_read(&words, &status, cli, NULL, argc, argv, 1, 1))
		return status;
	return change(cli, "peer.remove", json_pack("{s:s}", "peer", words.word[0]),
		      VIZ_MSG_REMOVED);
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
