/* `vizinho peer block|remove`: the end of a partnership. Both say what will follow, and ask. */
#include "tools/vizinho/args.h"
#include "tools/vizinho/ask.h"
#include "tools/vizinho/client.h"
#include "tools/vizinho/format.h"
#include "tools/vizinho/help.h"
#include "tools/vizinho/print.h"
#include "tools/vizinho/reply.h"

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
	if (viz_reply_number(result, "members_lost") > 0)
		viz_print(cli, VIZ_MSG_END_LOST, name,
			  (long long)viz_reply_number(result, "members_lost"));
	if (viz_reply_number(result, "our_leads") > 0)
		viz_print(cli, VIZ_MSG_END_OUR_LEADS, name,
			  (long long)viz_reply_number(result, "our_leads"));
	if (viz_reply_number(result, "its_leads") > 0)
		viz_print(cli, VIZ_MSG_END_ITS_LEADS, name,
			  (long long)viz_reply_number(result, "its_leads"));
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
	if (reason == NULL || reason[strspn(reason, " \t")] == '\0')
		return viz_help_error(cli, VIZ_MSG_NEED_OPTION, "--reason");
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
