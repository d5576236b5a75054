/* `vizinho peer ...`: invitations and trust. */
#include <unistd.h>

#include "tools/vizinho/args.h"
#include "tools/vizinho/ask.h"
#include "tools/vizinho/input.h"
#include "tools/vizinho/tell.h"

#define LINK_WAIT_MS 10000

int viz_cmd_peer_invite(const struct viz_cli *cli, int argc, char **argv)
{
	struct viz_words_read words;
	char expires[VIZ_TELL_MAX];
	json_t *result;
	int status;

	if (!viz_args_read(&words, &status, cli, "peer invite", NULL, argc, argv, 0, 0))
		return status;
	status = viz_tell_ask(&result, cli, "peer.invite", NULL);
	if (result == NULL)
		return status;
	viz_tell_time(expires, cli, json_object_get(result, "expires"));
	printf("%s\n\n", viz_tell_text(result, "line"));
	viz_tell(cli, VIZ_SAY_INVITE_HOW, expires, viz_tell_text(result, "whatsapp"));
	if (viz_tell_number(result, "addresses") == 0)
		viz_tell_aside(cli, VIZ_SAY_INVITE_NO_ADDRESS);
	json_decref(result);
	return VIZ_EXIT_OK;
}

static void asn_text(char out[24], const json_t *p)
{
	if (viz_tell_number(p, "asn") > 0)
		snprintf(out, 24, "AS%lld", (long long)viz_tell_number(p, "asn"));
	else
		snprintf(out, 24, "-");
}

static void row(struct viz_grid *g, const struct viz_cli *cli, enum viz_say_id name,
		const char *value)
{
	viz_grid_add(g, viz_say_text(cli->lang, name));
	viz_grid_add(g, value[0] != '\0' ? value : "-");
}

/* What is known of a peer, or of who invites. */
static void tell_peer(const struct viz_cli *cli, const json_t *p)
{
	const json_t *addresses = json_object_get(p, "addresses");
	char asn[24], text[VIZ_TELL_MAX], standing[VIZ_TELL_STANDING_MAX], list[512] = "";
	struct viz_grid g;

	asn_text(asn, p);
	for (size_t i = 0, len = 0; i < json_array_size(addresses) && len < sizeof list; i++) {
		const char *a = json_string_value(json_array_get(addresses, i));
		int n = snprintf(list + len, sizeof list - len, "%s%s", i > 0 ? ", " : "",
				 a != NULL ? a : "?");

		len += n > 0 ? (size_t)n : 0;
	}
	viz_grid_init(&g, 2);
	row(&g, cli, VIZ_SAY_HEAD_NAME, viz_tell_peer(p));
	row(&g, cli, VIZ_SAY_HEAD_CNPJ, viz_tell_text(p, "cnpj"));
	row(&g, cli, VIZ_SAY_HEAD_ASN, asn);
	row(&g, cli, VIZ_SAY_HEAD_ID, viz_tell_text(p, "id"));
	row(&g, cli, VIZ_SAY_HEAD_ADDRESS, list);
	if (json_object_get(p, "member") != NULL) {
		row(&g, cli, VIZ_SAY_HEAD_FINGERPRINT, viz_tell_text(p, "fingerprint"));
		viz_tell_standing(standing, cli, p);
		row(&g, cli, VIZ_SAY_HEAD_STANDING, standing);
		row(&g, cli, VIZ_SAY_HEAD_ANSWERS, viz_tell_word(cli, viz_tell_text(p, "answers")));
		viz_tell_time(text, cli, json_object_get(p, "heartbeat"));
		row(&g, cli, VIZ_SAY_HEAD_HEARTBEAT, text);
	}
	viz_tell_print(&g);
}

/* The line from the command line, from standard input, or typed. */
static int invitation(char *line, size_t max, const struct viz_cli *cli,
		      const struct viz_words_read *words)
{
	struct viz_input in;
	size_t start, len;
	int status;

	if (words->count == 1 && strcmp(words->word[0], "-") != 0) {
		snprintf(line, max, "%s", words->word[0]);
		return VIZ_EXIT_OK;
	}
	if (words->count == 0 && viz_ask_terminal())
		return viz_ask_line(line, max, cli, true, VIZ_SAY_ASK_INVITE);
	status = viz_input_text(&in, cli, "-");
	if (status != VIZ_EXIT_OK)
		return status;
	start = strspn(in.text, " \t\r\n");
	len = strcspn(in.text + start, " \t\r\n");
	snprintf(line, max, "%.*s", (int)len, in.text + start);
	viz_input_free(&in);
	if (line[0] == '\0')
		return viz_tell_error(cli, VIZ_EXIT_FAILED, "no-answer", VIZ_SAY_NO_INVITE);
	return VIZ_EXIT_OK;
}

/* Waits until the link stands and its fingerprint can be read back. */
static void wait_for_link(const struct viz_cli *cli, const char *id)
{
	json_t *result;

	viz_tell_aside(cli, VIZ_SAY_LINKING);
	for (int ms = 0; ms < LINK_WAIT_MS; ms += 200) {
		const json_t *p;
		bool known;

		if (viz_client_ask(&result, cli, "peer.show", json_pack("{s:s}", "peer", id)) !=
		    VIZ_EXIT_OK)
			return;
		p = json_object_get(result, "peer");
		known = viz_tell_true(p, "linked") && viz_tell_text(p, "fingerprint")[0] != '\0';
		if (known)
			viz_tell(cli, VIZ_SAY_ACCEPT_LINKED, viz_tell_peer(p),
				 viz_tell_text(p, "fingerprint"));
		json_decref(result);
		if (known)
			return;
		usleep(200000);
	}
	viz_tell(cli, VIZ_SAY_ACCEPT_NO_LINK);
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
		viz_tell(cli, VIZ_SAY_ACCEPT_WHO);
		tell_peer(cli, result);
		viz_tell(cli, VIZ_SAY_ACCEPT_CALL);
		if (viz_tell_number(result, "asn") > 0)
			viz_tell(cli, VIZ_SAY_ACCEPT_ASN,
				 (long long)viz_tell_number(result, "asn"));
		viz_tell(cli, VIZ_SAY_ACCEPT_READ);
	}
	json_decref(result);
	return viz_ask_confirm(cli, yes, VIZ_SAY_ACCEPT_SURE);
}

int viz_cmd_peer_accept(const struct viz_cli *cli, int argc, char **argv)
{
	bool yes = false, no_partner = false;
	const struct viz_arg options[] = {
	    {"yes", NULL, &yes}, {"no-partner", NULL, &no_partner}, {NULL, NULL, NULL}};
	struct viz_words_read words;
	char line[4096];
	json_t *result;
	int status;

	if (!viz_args_read(&words, &status, cli, "peer accept", options, argc, argv, 0, 1))
		return status;
	status = invitation(line, sizeof line, cli, &words);
	if (status == VIZ_EXIT_OK)
		status = inspect(cli, line, yes);
	if (status != VIZ_EXIT_OK)
		return status;
	status = viz_tell_ask(&result, cli, "peer.accept",
			      json_pack("{s:s,s:b}", "line", line, "partner", !no_partner));
	if (result == NULL)
		return status;
	wait_for_link(cli, viz_tell_text(json_object_get(result, "peer"), "id"));
	json_decref(result);
	return VIZ_EXIT_OK;
}

int viz_cmd_peer_list(const struct viz_cli *cli, int argc, char **argv)
{
	static const enum viz_say_id heads[] = {VIZ_SAY_HEAD_NAME,     VIZ_SAY_HEAD_ASN,
						VIZ_SAY_HEAD_STANDING, VIZ_SAY_HEAD_LINK,
						VIZ_SAY_HEAD_ANSWERS,  VIZ_SAY_HEAD_HEARTBEAT};
	struct viz_words_read words;
	json_t *result, *p;
	const json_t *list;
	struct viz_grid g;
	size_t i;
	int status;

	if (!viz_args_read(&words, &status, cli, "peer list", NULL, argc, argv, 0, 0))
		return status;
	status = viz_tell_ask(&result, cli, "peer.list", NULL);
	if (result == NULL)
		return status;
	list = json_object_get(result, "peers");
	if (json_array_size(list) == 0) {
		viz_tell(cli, VIZ_SAY_PEER_NONE);
		json_decref(result);
		return VIZ_EXIT_OK;
	}
	viz_tell_heads(&g, cli, heads, 6);
	json_array_foreach(list, i, p)
	{
		char asn[24], standing[VIZ_TELL_STANDING_MAX];

		asn_text(asn, p);
		viz_tell_standing(standing, cli, p);
		viz_grid_add(&g, viz_tell_peer(p));
		viz_grid_add(&g, asn);
		viz_grid_add(&g, standing);
		viz_grid_add(&g, viz_say_text(cli->lang, viz_tell_true(p, "linked")
							     ? VIZ_SAY_LINK_UP
							     : VIZ_SAY_LINK_DOWN));
		viz_grid_add(&g, viz_tell_word(cli, viz_tell_text(p, "answers")));
		viz_tell_cell_time(&g, cli, json_object_get(p, "heartbeat"));
	}
	viz_tell_print(&g);
	json_decref(result);
	return VIZ_EXIT_OK;
}

int viz_cmd_peer_show(const struct viz_cli *cli, int argc, char **argv)
{
	struct viz_words_read words;
	const json_t *vouchers;
	json_t *result;
	int status;

	if (!viz_args_read(&words, &status, cli, "peer show", NULL, argc, argv, 1, 1))
		return status;
	status = viz_tell_ask(&result, cli, "peer.show", json_pack("{s:s}", "peer", words.word[0]));
	if (result == NULL)
		return status;
	tell_peer(cli, json_object_get(result, "peer"));
	vouchers = json_object_get(result, "vouched_by");
	for (size_t i = 0; i < json_array_size(vouchers); i++)
		viz_tell(cli, VIZ_SAY_VOUCHED_BY, json_string_value(json_array_get(vouchers, i)));
	if (viz_tell_number(result, "only_through") > 0)
		viz_tell(cli, VIZ_SAY_ONLY_THROUGH,
			 (long long)viz_tell_number(result, "only_through"));
	if (viz_tell_number(result, "mail_waiting") > 0)
		viz_tell(cli, VIZ_SAY_MAIL_WAITING,
			 (long long)viz_tell_number(result, "mail_waiting"));
	if (viz_tell_text(result, "reason")[0] != '\0')
		viz_tell(cli, VIZ_SAY_BLOCK_REASON, viz_tell_text(result, "reason"));
	json_decref(result);
	return VIZ_EXIT_OK;
}

/* An operation whose result is a peer: one sentence about it. */
static int change(const struct viz_cli *cli, const char *op, json_t *args, enum viz_say_id done)
{
	json_t *result;
	const json_t *p;
	char standing[VIZ_TELL_STANDING_MAX], until[VIZ_TELL_MAX];
	int status = viz_tell_ask(&result, cli, op, args);

	if (result == NULL)
		return status;
	p = json_object_get(result, "peer");
	viz_tell(cli, done, viz_tell_peer(p));
	viz_tell_time(until, cli, json_object_get(p, "partner_until"));
	if (done != VIZ_SAY_TRUSTED && viz_tell_true(p, "partner")) {
		viz_tell(cli, VIZ_SAY_TAKES_EFFECT, until);
	} else if (done == VIZ_SAY_TRUSTED) {
		viz_tell_standing(standing, cli, p);
		viz_tell(cli, VIZ_SAY_STANDING_NOW, standing);
	}
	if (done == VIZ_SAY_TRUSTED)
		viz_tell(cli, VIZ_SAY_READ_BACK, viz_tell_text(p, "fingerprint"));
	json_decref(result);
	return VIZ_EXIT_OK;
}

int viz_cmd_peer_trust(const struct viz_cli *cli, int argc, char **argv)
{
	bool vouch = false, no_partner = false;
	const struct viz_arg options[] = {
	    {"vouch", NULL, &vouch}, {"no-partner", NULL, &no_partner}, {NULL, NULL, NULL}};
	struct viz_words_read words;
	int status;

	if (!viz_args_read(&words, &status, cli, "peer trust", options, argc, argv, 1, 1))
		return status;
	return change(cli, "peer.trust",
		      json_pack("{s:s,s:b,s:b}", "peer", words.word[0], "vouch", vouch, "partner",
				!no_partner),
		      VIZ_SAY_TRUSTED);
}

int viz_cmd_peer_block(const struct viz_cli *cli, int argc, char **argv)
{
	const char *reason = NULL;
	const struct viz_arg options[] = {{"reason", &reason, NULL}, {NULL, NULL, NULL}};
	struct viz_words_read words;
	int status;

	if (!viz_args_read(&words, &status, cli, "peer block", options, argc, argv, 1, 1))
		return status;
	if (reason == NULL || reason[strspn(reason, " \t")] == '\0') {
		status =
		    viz_tell_error(cli, VIZ_EXIT_USAGE, "usage", VIZ_SAY_NEED_OPTION, "--reason");
		viz_command_usage(cli, "peer block");
		return status;
	}
	return change(cli, "peer.block",
		      json_pack("{s:s,s:s}", "peer", words.word[0], "reason", reason),
		      VIZ_SAY_BLOCKED);
}

int viz_cmd_peer_remove(const struct viz_cli *cli, int argc, char **argv)
{
	struct viz_words_read words;
	int status;

	if (!viz_args_read(&words, &status, cli, "peer remove", NULL, argc, argv, 1, 1))
		return status;
	return change(cli, "peer.remove", json_pack("{s:s}", "peer", words.word[0]),
		      VIZ_SAY_REMOVED);
}

int viz_cmd_peer_fingerprint(const struct viz_cli *cli, int argc, char **argv)
{
	struct viz_words_read words;
	json_t *result;
	int status;

	if (!viz_args_read(&words, &status, cli, "peer fingerprint", NULL, argc, argv, 0, 1))
		return status;
	status = viz_tell_ask(&result, cli, "peer.fingerprint",
			      words.count == 1 ? json_pack("{s:s}", "peer", words.word[0]) : NULL);
	if (result == NULL)
		return status;
	printf("%s\n%s\n%s\n", viz_tell_text(result, "name"), viz_tell_text(result, "fingerprint"),
	       viz_tell_text(result, "id"));
	json_decref(result);
	return VIZ_EXIT_OK;
}
