/* `vizinho peer invite|invites|cancel|accept`: invitations. */
#include <unistd.h>

#include "tools/vizinho/args.h"
#include "tools/vizinho/ask.h"
#include "tools/vizinho/client.h"
#include "tools/vizinho/format.h"
#include "tools/vizinho/input.h"
#include "tools/vizinho/peer_table.h"
#include "tools/vizinho/print.h"
#include "tools/vizinho/reply.h"
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
	viz_format_time(expires, cli, json_object_get(result, "expires"));
	printf("%s\n\n", viz_reply_text(result, "line"));
	viz_print(cli, VIZ_MSG_INVITE_HOW, expires, viz_reply_text(result, "whatsapp"));
	if (viz_reply_number(result, "addresses") == 0)
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
		viz_grid_add(&g, viz_reply_text(o, "invite"));
		viz_grid_add(&g, viz_reply_text(o, "whom"));
		viz_table_time(&g, cli, json_object_get(o, "made"));
		viz_table_time(&g, cli, json_object_get(o, "expires"));
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
	viz_print(cli, VIZ_MSG_INVITE_CANCELLED, viz_reply_text(result, "invite"));
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
		return viz_print_error(cli, VIZ_EXIT_FAILED, "no-answer", VIZ_MSG_NO_INVITE);
	return VIZ_EXIT_OK;
}

/* Waits until the link is up and the fingerprint of the peer is known, or the peer says that the
 * invitation is no good. */
static int wait_for_link(const struct viz_cli *cli, const char *id)
{
	json_t *result;

	viz_print_hint(cli, VIZ_MSG_LINKING);
	for (int ms = 0; ms < LINK_WAIT_MS; ms += 200) {
		const json_t *p;
		bool known, shown, dead;

		if (viz_client_ask(&result, cli, "peer.show", json_pack("{s:s}", "peer", id)) !=
		    VIZ_EXIT_OK)
			return VIZ_EXIT_OK;
		p = json_object_get(result, "peer");
		shown = strcmp(viz_reply_text(p, "invitation"), "shown") == 0;
		dead = strcmp(viz_reply_text(p, "invitation"), "dead") == 0;
		known = !shown && viz_reply_true(p, "linked") &&
			viz_reply_text(p, "fingerprint")[0] != '\0';
		if (known && !dead)
			viz_print(cli, VIZ_MSG_ACCEPT_LINKED, viz_reply_peer(p),
				  viz_reply_text(p, "fingerprint"));
		json_decref(result);
		if (dead)
			return viz_print_error(cli, VIZ_EXIT_FAILED, "invite-dead",
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
	status = viz_client_query(&result, cli, "peer.accept",
				  json_pack("{s:s,s:b}", "line", line, "partner", !no_partner));
	if (result == NULL)
		return status;
	status = wait_for_link(cli, viz_reply_text(json_object_get(result, "peer"), "id"));
	json_decref(result);
	return status;
}
