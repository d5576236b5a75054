/* `vizinho peer prune`: leaves a branch of vouching out. */
#include "tools/vizinho/args.h"
#include "tools/vizinho/ask.h"
#include "tools/vizinho/client.h"
#include "tools/vizinho/help.h"
#include "tools/vizinho/print.h"
#include "tools/vizinho/reply.h"

#define NAMES_MAX 20 /* that people see; --json has more */

/* What goes, and what stays. */
static void print_branch(const struct viz_cli *cli, const json_t *result)
{
	const json_t *x, *branch = json_object_get(result, "branch");
	const char *name = viz_reply_peer(json_object_get(result, "peer"));
	int64_t members = viz_reply_number(result, "member_count"), shown = 0;
	long long kib = (long long)((viz_reply_number(result, "record_bytes") + 1023) / 1024);
	size_t i;

	if (viz_reply_true(result, "stays"))
		viz_print(cli, VIZ_MSG_PRUNE_PARTNER, name, (long long)members, kib);
	else if (members == 0)
		viz_print(cli, VIZ_MSG_PRUNE_ALONE, name, kib);
	else
		viz_print(cli, VIZ_MSG_PRUNE_BRANCH, name, (long long)members, kib);
	json_array_foreach(branch, i, x)
	{
		if (shown == NAMES_MAX)
			break;
		printf("  %s\n", viz_reply_text(x, "label"));
		shown++;
	}
	if (members > shown)
		viz_print(cli, VIZ_MSG_AND_MORE, (long long)(members - shown));
	if (viz_reply_number(result, "staying_count") > 0)
		viz_print(cli, VIZ_MSG_PRUNE_STAYING,
			  (long long)viz_reply_number(result, "staying_count"));
	if (viz_reply_true(result, "own_vouch"))
		viz_print(cli, VIZ_MSG_PRUNE_OWN_VOUCH);
	if (!viz_reply_true(result, "stays") && viz_reply_number(result, "mail_count") > 0)
		viz_print(cli, VIZ_MSG_PRUNE_MAIL,
			  (long long)viz_reply_number(result, "mail_count"));
	viz_print(cli, VIZ_MSG_PRUNE_LOCAL);
}

/* Shows what would go, and asks. */
static int confirm(const struct viz_cli *cli, const char *peer, bool yes)
{
	json_t *result;
	int status;

	if (cli->json && yes)
		return VIZ_EXIT_OK;
	status = viz_client_ask(&result, cli, "peer.prune",
				json_pack("{s:s,s:b}", "peer", peer, "dry_run", true));
	if (status != VIZ_EXIT_OK)
		return status;
	if (!cli->json)
		print_branch(cli, result);
	json_decref(result);
	return viz_ask_confirm(cli, yes, VIZ_MSG_PRUNE_SURE);
}

int viz_cmd_peer_prune(const struct viz_cli *cli, int argc, char **argv)
{
	bool yes = false, dry_run = false, undo = false;
	const struct viz_arg options[] = {{"dry-run", NULL, &dry_run},
					  {"undo", NULL, &undo},
					  {"yes", NULL, &yes},
					  {NULL, NULL, NULL}};
	struct viz_args words;
	json_t *result;
	int status;

	if (!viz_args_read(&words, &status, cli, options, argc, argv, 1, 1))
		return status;
	if (undo && dry_run)
		return viz_help_error(cli, VIZ_MSG_PRUNE_OPTIONS, "--dry-run");
	if (!undo && !dry_run) {
		status = confirm(cli, words.word[0], yes);
		if (status != VIZ_EXIT_OK)
			return status;
	}
	status = viz_client_query(
	    &result, cli, "peer.prune",
	    json_pack("{s:s,s:b,s:b}", "peer", words.word[0], "dry_run", dry_run, "undo", undo));
	if (result == NULL)
		return status;
	if (dry_run)
		print_branch(cli, result);
	else
		(viz_print)(cli, undo ? VIZ_MSG_PRUNE_UNDONE : VIZ_MSG_PRUNED,
			    viz_reply_peer(json_object_get(result, "peer")));
	json_decref(result);
	return VIZ_EXIT_OK;
}
