/* `vizinho status`: for people the figures that they need; --json has all. */
#include "tools/vizinho/args.h"
#include "tools/vizinho/client.h"
#include "tools/vizinho/format.h"
#include "tools/vizinho/print.h"
#include "tools/vizinho/reply.h"
#include "tools/vizinho/table.h"

static void count(struct viz_grid *g, const struct viz_cli *cli, enum viz_msg name,
		  const json_t *status, const char *key)
{
	char text[24];

	snprintf(text, sizeof text, "%lld", (long long)viz_reply_number(status, key));
	viz_table_row(g, cli, name, text);
}

static void clock_row(struct viz_grid *g, const struct viz_cli *cli, long long seconds)
{
	char text[2 * VIZ_FORMAT_MAX];

	viz_print_text(text, sizeof text, cli->lang, VIZ_MSG_STATUS_CLOCK, seconds);
	viz_table_row(g, cli, VIZ_MSG_HEAD_CLOCK, text);
}

/* The clock of one peer differs from ours. Nobody can say which of the two is right, so both are
 * told. */
static void other_clock_row(struct viz_grid *g, const struct viz_cli *cli, const json_t *s)
{
	long long seconds = (long long)(viz_reply_number(s, "clock_other_ahead_ms") / 1000);
	char text[VIZ_FORMAT_MAX * 3];

	if (seconds < 0)
		viz_print_text(text, sizeof text, cli->lang, VIZ_MSG_STATUS_CLOCK_BEHIND,
			       viz_reply_name(s, "clock_other"), -seconds);
	else
		viz_print_text(text, sizeof text, cli->lang, VIZ_MSG_STATUS_CLOCK_AHEAD,
			       viz_reply_name(s, "clock_other"), seconds);
	viz_table_row(g, cli, VIZ_MSG_HEAD_CLOCK, text);
}

/* What the store uses of its map, what the file system has left, and which of them is full. */
static void store_row(struct viz_grid *g, const struct viz_cli *cli, const json_t *s)
{
	char text[VIZ_FORMAT_MAX * 2], left[VIZ_FORMAT_MAX] = "";
	const char *full = "";

	if (viz_reply_number(s, "disk_free_bytes") > 0)
		viz_print_text(left, sizeof left, cli->lang, VIZ_MSG_STATUS_DISK_FREE,
			       (long long)(viz_reply_number(s, "disk_free_bytes") >> 20));
	if (viz_reply_true(s, "disk_full"))
		full = viz_msg(cli->lang, VIZ_MSG_STATUS_DISK_FULL);
	else if (viz_reply_true(s, "store_full"))
		full = viz_msg(cli->lang, VIZ_MSG_STATUS_FULL);
	snprintf(text, sizeof text, "%lld / %lld MiB%s%s",
		 (long long)((viz_reply_number(s, "store_used_bytes") + (1 << 20) - 1) >> 20),
		 (long long)(viz_reply_number(s, "store_map_bytes") >> 20), left, full);
	viz_table_row(g, cli, VIZ_MSG_HEAD_STORE, text);
}

/* What of vizinhod's protection is on, and then what the kernel or the container does not have. */
static void protection_row(struct viz_grid *g, const struct viz_cli *cli, const json_t *s)
{
	static const struct {
		const char *key;
		enum viz_msg name;
	} parts[] = {{"privileges_dropped", VIZ_MSG_STATUS_PROTECTED_PRIVILEGES},
		     {"seccomp", VIZ_MSG_STATUS_PROTECTED_SECCOMP},
		     {"landlock", VIZ_MSG_STATUS_PROTECTED_LANDLOCK}};
	char on[VIZ_FORMAT_MAX] = "", off[VIZ_FORMAT_MAX] = "", text[3 * VIZ_FORMAT_MAX];

	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
		char *list = viz_reply_true(s, parts[i].key) ? on : off;
		size_t len = strlen(list);

		snprintf(list + len, sizeof on - len, "%s%s", len > 0 ? ", " : "",
			 viz_msg(cli->lang, parts[i].name));
	}
	snprintf(text, sizeof text, "%s%s", on, on[0] != '\0' && off[0] != '\0' ? "; " : "");
	if (off[0] != '\0')
		viz_print_text(text + strlen(text), sizeof text - strlen(text), cli->lang,
			       VIZ_MSG_STATUS_UNPROTECTED, off);
	viz_table_row(g, cli, VIZ_MSG_STATUS_PROTECTION, text);
}

static void print_status(const struct viz_cli *cli, const json_t *s)
{
	char text[2 * VIZ_FORMAT_MAX];
	struct viz_grid g;

	viz_grid_init(&g, 2);
	viz_table_row(&g, cli, VIZ_MSG_HEAD_NAME, viz_reply_text(s, "name"));
	viz_table_row(&g, cli, VIZ_MSG_HEAD_FEDERATION, viz_reply_text(s, "federation_name"));
	viz_table_row(&g, cli, VIZ_MSG_HEAD_ID, viz_reply_text(s, "id"));
	viz_table_row(&g, cli, VIZ_MSG_HEAD_FINGERPRINT, viz_reply_text(s, "fingerprint"));
	snprintf(text, sizeof text, "%lld%s", (long long)viz_reply_number(s, "key_number"),
		 viz_reply_true(s, "key_revoked") ? viz_msg(cli->lang, VIZ_MSG_STATUS_REVOKED)
						  : "");
	viz_table_row(&g, cli, VIZ_MSG_HEAD_KEY, text);
	if (viz_reply_true(s, "quarantine"))
		viz_table_row(&g, cli, VIZ_MSG_HEAD_QUARANTINE,
			      viz_msg(cli->lang, VIZ_MSG_STATUS_QUARANTINE));
	if (viz_reply_number(s, "clock_ahead_ms") > 0)
		clock_row(&g, cli, (long long)(viz_reply_number(s, "clock_ahead_ms") / 1000));
	if (viz_reply_true(s, "clock_wrong"))
		viz_table_row(&g, cli, VIZ_MSG_HEAD_CLOCK,
			      viz_msg(cli->lang, VIZ_MSG_STATUS_CLOCK_WRONG));
	else if (viz_reply_name(s, "clock_other")[0] != '\0')
		other_clock_row(&g, cli, s);
	count(&g, cli, VIZ_MSG_HEAD_MEMBERS, s, "member_count");
	count(&g, cli, VIZ_MSG_HEAD_PARTNERS, s, "partner_count");
	snprintf(text, sizeof text, "%lld%s", (long long)viz_reply_number(s, "link_count"),
		 viz_reply_true(s, "alone") ? viz_msg(cli->lang, VIZ_MSG_STATUS_ALONE) : "");
	viz_table_row(&g, cli, VIZ_MSG_HEAD_LINKS, text);
	count(&g, cli, VIZ_MSG_HEAD_RECORDS, s, "record_count");
	count(&g, cli, VIZ_MSG_HEAD_LEADS, s, "lead_count");
	count(&g, cli, VIZ_MSG_HEAD_INBOX, s, "inbox_count");
	count(&g, cli, VIZ_MSG_HEAD_MAIL, s, "mail_count");
	count(&g, cli, VIZ_MSG_HEAD_FINDINGS, s, "finding_count");
	if (viz_reply_number(s, "probing_count") > 0)
		count(&g, cli, VIZ_MSG_STATUS_PROBING, s, "probing_count");
	store_row(&g, cli, s);
	if (viz_reply_number(s, "left_out_count") > 0)
		count(&g, cli, VIZ_MSG_STATUS_LEFT_OUT, s, "left_out_count");
	if (viz_reply_number(s, "pruned_count") > 0)
		count(&g, cli, VIZ_MSG_STATUS_PRUNED, s, "pruned_count");
	protection_row(&g, cli, s);
	viz_table_row(&g, cli, VIZ_MSG_HEAD_VERSION, viz_reply_text(s, "version"));
	viz_table_print(&g);
}

int viz_cmd_status(const struct viz_cli *cli, int argc, char **argv)
{
	struct viz_args words;
	json_t *result;
	int status;

	if (!viz_args_read(&words, &status, cli, NULL, argc, argv, 0, 0))
		return status;
	status = viz_client_query(&result, cli, "status", NULL);
	if (result == NULL)
		return status;
	print_status(cli, result);
	json_decref(result);
	return VIZ_EXIT_OK;
}
