/* `vizinho doctor`: what keeps this node from working with its partners, and what to do. */
#include "tools/vizinho/args.h"
#include "tools/vizinho/client.h"
#include "tools/vizinho/print.h"
#include "tools/vizinho/reply.h"

/* What is left out of the store. Gives whether there was something to say. */
static bool print_share(const struct viz_cli *cli, const json_t *result)
{
	const json_t *peer, *list = json_object_get(result, "left_out_vouchers");
	bool full = viz_reply_true(result, "share_nearly_full");
	size_t i;

	json_array_foreach(list, i, peer)
	    viz_print(cli, VIZ_MSG_DOCTOR_LEFT_OUT,
		      (long long)viz_reply_number(peer, "left_out_count"), viz_reply_peer(peer));
	if (full)
		viz_print(cli, VIZ_MSG_DOCTOR_SHARE);
	return full || json_array_size(list) > 0;
}

/* What a customer must be told before an offer. Gives whether something is missing. */
static bool print_consent(const struct viz_cli *cli, const json_t *result)
{
	bool privacy = viz_reply_true(result, "privacy_said");
	bool withdrawal = viz_reply_true(result, "withdrawal_said");

	if (!withdrawal)
		viz_print(cli, VIZ_MSG_DOCTOR_WITHDRAWAL);
	if (!privacy)
		viz_print(cli, VIZ_MSG_DOCTOR_PRIVACY);
	return !privacy || !withdrawal;
}

static void print_findings(const struct viz_cli *cli, const json_t *result)
{
	const json_t *peer, *list = json_object_get(result, "unlinkable_peers");
	bool said = print_share(cli, result) | print_consent(cli, result);
	size_t i;

	if (!viz_reply_true(result, "own_address"))
		viz_print(cli, VIZ_MSG_DOCTOR_NO_ADDRESS);
	json_array_foreach(list, i, peer)
	    viz_print(cli, VIZ_MSG_DOCTOR_NO_LINK, viz_reply_text(peer, "name"));
	if (viz_reply_true(result, "own_address") && json_array_size(list) == 0 && !said)
		viz_print(cli, VIZ_MSG_DOCTOR_WELL);
}

int viz_cmd_doctor(const struct viz_cli *cli, int argc, char **argv)
{
	struct viz_args words;
	json_t *result;
	int status;

	if (!viz_args_read(&words, &status, cli, NULL, argc, argv, 0, 0))
		return status;
	status = viz_client_query(&result, cli, "doctor", NULL);
	if (result == NULL)
		return status;
	print_findings(cli, result);
	json_decref(result);
	return VIZ_EXIT_OK;
}
