/* `vizinho status`: for people the figures that tell something; --json has them all. */
#include "tools/vizinho/args.h"
#include "tools/vizinho/tell.h"

static void row(struct viz_grid *g, const struct viz_cli *cli, enum viz_say_id name,
		const char *value)
{
	viz_grid_add(g, viz_say_text(cli->lang, name));
	viz_grid_add(g, value);
}

static void count(struct viz_grid *g, const struct viz_cli *cli, enum viz_say_id name,
		  const json_t *status, const char *key)
{
	char text[24];

	snprintf(text, sizeof text, "%lld", (long long)viz_tell_number(status, key));
	row(g, cli, name, text);
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static void clock_row(struct viz_grid *g, const struct viz_cli *cli, long long seconds)
{
	char text[2 * VIZ_TELL_MAX];

	snprintf(text, sizeof text, viz_say_text(cli->lang, VIZ_SAY_STATUS_CLOCK), seconds);
	row(g, cli, VIZ_SAY_HEAD_CLOCK, text);
}
#pragma GCC diagnostic pop

static void tell(const struct viz_cli *cli, const json_t *s)
{
	char text[VIZ_TELL_MAX];
	struct viz_grid g;

	viz_grid_init(&g, 2);
	row(&g, cli, VIZ_SAY_HEAD_NAME, viz_tell_text(s, "name"));
	row(&g, cli, VIZ_SAY_HEAD_FEDERATION, viz_tell_text(s, "federation"));
	row(&g, cli, VIZ_SAY_HEAD_ID, viz_tell_text(s, "id"));
	row(&g, cli, VIZ_SAY_HEAD_FINGERPRINT, viz_tell_text(s, "fingerprint"));
	snprintf(text, sizeof text, "%lld%s", (long long)viz_tell_number(s, "key_number"),
		 viz_tell_true(s, "key_revoked") ? viz_say_text(cli->lang, VIZ_SAY_STATUS_REVOKED)
						 : "");
	row(&g, cli, VIZ_SAY_HEAD_KEY, text);
	if (viz_tell_number(s, "clock_ahead_ms") > 0)
		clock_row(&g, cli, (long long)(viz_tell_number(s, "clock_ahead_ms") / 1000));
	count(&g, cli, VIZ_SAY_HEAD_MEMBERS, s, "members");
	count(&g, cli, VIZ_SAY_HEAD_PARTNERS, s, "partners");
	count(&g, cli, VIZ_SAY_HEAD_LINKS, s, "links");
	count(&g, cli, VIZ_SAY_HEAD_RECORDS, s, "records");
	count(&g, cli, VIZ_SAY_HEAD_LEADS, s, "leads");
	count(&g, cli, VIZ_SAY_HEAD_INBOX, s, "inbox");
	count(&g, cli, VIZ_SAY_HEAD_MAIL, s, "mail_waiting");
	count(&g, cli, VIZ_SAY_HEAD_FINDINGS, s, "findings");
	snprintf(text, sizeof text, "%lld / %lld MiB%s",
		 (long long)((viz_tell_number(s, "store_used_bytes") + (1 << 20) - 1) >> 20),
		 (long long)(viz_tell_number(s, "store_map_bytes") >> 20),
		 viz_tell_true(s, "store_full") ? viz_say_text(cli->lang, VIZ_SAY_STATUS_FULL)
						: "");
	row(&g, cli, VIZ_SAY_HEAD_STORE, text);
	row(&g, cli, VIZ_SAY_HEAD_VERSION, viz_tell_text(s, "version"));
	viz_tell_print(&g);
}

int viz_cmd_status(const struct viz_cli *cli, int argc, char **argv)
{
	struct viz_words_read words;
	json_t *result;
	int status;

	if (!viz_args_read(&words, &status, cli, "status", NULL, argc, argv, 0, 0))
		return status;
	status = viz_tell_ask(&result, cli, "status", NULL);
	if (result == NULL)
		return status;
	tell(cli, result);
	json_decref(result);
	return VIZ_EXIT_OK;
}
