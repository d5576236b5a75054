/* `vizinho peer ...`: who is known, and trust. */
#include "tools/vizinho/args.h"
#include "tools/vizinho/client.h"
#include "tools/vizinho/format.h"
#include "tools/vizinho/peer_table.h"
#include "tools/vizinho/print.h"
#include "tools/vizinho/reply.h"
#include "tools/vizinho/standing.h"
#include "tools/vizinho/table.h"

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
	viz_peer_table_print(cli, json_object_get(result, "peer"));
	if (strcmp(viz_reply_text(json_object_get(result, "peer"), "invitation"), "dead") == 0)
		viz_print(cli, VIZ_MSG_INVITE_DEAD);
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
