/* `vizinho status`: is it well, and if not, what now. The verdict comes first, then what is not
 * well, then the partners; --all has all figures, and --json has everything. */
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "tools/vizinho/args.h"
#include "tools/vizinho/client.h"
#include "tools/vizinho/format.h"
#include "tools/vizinho/health.h"
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

/* A figure that is there only when somebody has to look at it. */
static void count_some(struct viz_grid *g, const struct viz_cli *cli, enum viz_msg name,
		       const json_t *status, const char *key)
{
	if (viz_reply_number(status, key) > 0)
		count(g, cli, name, status, key);
}

/* Who we are. */
static void print_names(struct viz_grid *g, const struct viz_cli *cli, const json_t *s)
{
	char text[2 * VIZ_FORMAT_MAX];

	viz_table_row(g, cli, VIZ_MSG_HEAD_NAME, viz_reply_text(s, "name"));
	viz_table_row(g, cli, VIZ_MSG_HEAD_FEDERATION, viz_reply_text(s, "federation_name"));
	viz_table_row(g, cli, VIZ_MSG_HEAD_ID, viz_reply_text(s, "id"));
	viz_table_row(g, cli, VIZ_MSG_HEAD_FINGERPRINT, viz_reply_text(s, "fingerprint"));
	snprintf(text, sizeof text, "%lld%s", (long long)viz_reply_number(s, "key_number"),
		 viz_reply_true(s, "key_revoked") ? viz_msg(cli->lang, VIZ_MSG_STATUS_REVOKED)
						  : "");
	viz_table_row(g, cli, VIZ_MSG_HEAD_KEY, text);
	count(g, cli, VIZ_MSG_HEAD_MEMBERS, s, "member_count");
	count(g, cli, VIZ_MSG_HEAD_PARTNERS, s, "partner_count");
	snprintf(text, sizeof text, "%lld%s", (long long)viz_reply_number(s, "link_count"),
		 viz_reply_true(s, "alone") ? viz_msg(cli->lang, VIZ_MSG_STATUS_ALONE) : "");
	viz_table_row(g, cli, VIZ_MSG_HEAD_LINKS, text);
	count(g, cli, VIZ_MSG_HEAD_RECORDS, s, "record_count");
	count(g, cli, VIZ_MSG_HEAD_LEADS, s, "lead_count");
}

static void print_figures(const struct viz_cli *cli, const json_t *s, bool all)
{
	char until[VIZ_FORMAT_MAX];
	struct viz_grid g;

	viz_grid_init(&g, 2);
	if (all)
		print_names(&g, cli, s);
	if (json_object_get(s, "paused_until") != NULL) {
		viz_format_time(until, cli, json_object_get(s, "paused_until"));
		viz_table_row(&g, cli, VIZ_MSG_STATUS_PAUSED, until);
	}
	if (viz_reply_name(s, "clock_other")[0] != '\0')
		other_clock_row(&g, cli, s);
	count_some(&g, cli, VIZ_MSG_HEAD_INBOX, s, "inbox_count");
	count_some(&g, cli, VIZ_MSG_HEAD_MAIL, s, "mail_count");
	count_some(&g, cli, VIZ_MSG_HEAD_FINDINGS, s, "finding_count");
	count_some(&g, cli, VIZ_MSG_STATUS_PROBING, s, "probing_count");
	store_row(&g, cli, s);
	count_some(&g, cli, VIZ_MSG_STATUS_LEFT_OUT, s, "left_out_count");
	count_some(&g, cli, VIZ_MSG_STATUS_PRUNED, s, "pruned_count");
	protection_row(&g, cli, s);
	viz_table_row(&g, cli, VIZ_MSG_HEAD_VERSION, viz_reply_text(s, "version"));
	viz_table_print(&g);
}

static void print_verdict(const struct viz_cli *cli, const json_t *s)
{
	const json_t *peer, *list = json_object_get(s, "partners");
	long long partners = 0, linked = 0;
	size_t i;

	json_array_foreach(list, i, peer)
	{
		partners += viz_reply_true(peer, "partner");
		linked += viz_reply_true(peer, "partner") && viz_reply_true(peer, "linked");
	}
	switch (viz_health_exit(s)) {
	case VIZ_HEALTH_EXIT_WELL:
		viz_print(cli, VIZ_MSG_HEALTH_WELL, viz_reply_text(s, "name"), linked, partners);
		break;
	case VIZ_HEALTH_EXIT_DEGRADED:
		viz_print(cli, VIZ_MSG_HEALTH_DEGRADED, viz_reply_text(s, "name"), linked,
			  partners);
		break;
	default:
		if (viz_reply_text(s, "name")[0] != '\0')
			viz_print(cli, VIZ_MSG_HEALTH_DOWN, viz_reply_text(s, "name"));
		else
			viz_print(cli, VIZ_MSG_HEALTH_GONE);
	}
}

static void print_status(const struct viz_cli *cli, const json_t *s, bool all)
{
	const json_t *error = json_object_get(s, "error");

	print_verdict(cli, s);
	if (error != NULL)
		viz_print(cli, VIZ_MSG_HEALTH_WHY, viz_reply_text(error, "message"));
	viz_health_print_problems(cli, json_object_get(s, "problems"));
	if (error != NULL)
		return;
	viz_health_print_partners(cli, s);
	viz_print_blank(cli);
	print_figures(cli, s, all);
}

/* ---- --watch ---- */

static volatile sig_atomic_t over;

static void on_end(int number)
{
	(void)number;
	over = 1;
}

/* The first Ctrl-C ends after this screen; the second one at once. */
static void end_on_signals(void)
{
	struct sigaction act = {.sa_handler = on_end, .sa_flags = (int)SA_RESETHAND};

	sigemptyset(&act.sa_mask);
	sigaction(SIGINT, &act, NULL);
	sigaction(SIGTERM, &act, NULL);
}

/* What of the reply counts as a change: not times and counts that go on by themselves. */
static json_t *essence(const json_t *s)
{
	static const char *const fields[] = {"id",      "code",   "since",     "standing",
					     "partner", "linked", "link_from", "unlinked_reason"};
	static const char *const lists[] = {"problems", "partners"};
	json_t *out = json_pack("{s:O}", "verdict", json_object_get(s, "verdict"));

	for (size_t l = 0; l < 2; l++) {
		const json_t *o, *list = json_object_get(s, lists[l]);
		json_t *kept = json_array();
		size_t i;

		json_array_foreach(list, i, o)
		{
			json_t *some = json_object();

			for (size_t k = 0; k < sizeof fields / sizeof *fields; k++)
				if (json_object_get(o, fields[k]) != NULL)
					json_object_set(some, fields[k],
							json_object_get(o, fields[k]));
			json_object_set_new(some, "peer", json_string(viz_reply_id(o, "peer")));
			json_array_append_new(kept, some);
		}
		json_object_set_new(out, lists[l], kept);
	}
	return out;
}

static int watch(const struct viz_cli *cli, bool all)
{
	bool terminal = !cli->json && isatty(STDOUT_FILENO) == 1;
	json_t *before = NULL;

	end_on_signals();
	while (!over) {
		json_t *s = viz_health_ask(cli, "status", NULL), *now = essence(s);
		bool same = before != NULL && json_equal(before, now) == 1;

		if (terminal)
			fputs("\033[H\033[2J", stdout);
		else if (!same && before != NULL)
			viz_print_blank(cli);
		if (cli->json && !same)
			viz_print_json(s);
		else if (!cli->json && (terminal || !same))
			print_status(cli, s, all);
		json_decref(before);
		json_decref(s);
		before = now;
		if (fflush(stdout) != 0)
			break;
		if (!over)
			nanosleep(&(struct timespec){.tv_sec = 1}, NULL);
	}
	json_decref(before);
	return VIZ_EXIT_OK;
}

int viz_cmd_status(const struct viz_cli *cli, int argc, char **argv)
{
	bool watches = false, all = false;
	const struct viz_arg options[] = {
	    {"watch", NULL, &watches}, {"all", NULL, &all}, {NULL, NULL, NULL}};
	struct viz_args words;
	json_t *result;
	int status;

	if (!viz_args_read(&words, &status, cli, options, argc, argv, 0, 0))
		return status;
	if (watches)
		return watch(cli, all);
	result = viz_health_ask(cli, "status", NULL);
	status = viz_health_exit(result);
	if (cli->json)
		viz_print_json(result);
	else
		print_status(cli, result, all);
	json_decref(result);
	return status;
}
