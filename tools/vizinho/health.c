#include "tools/vizinho/health.h"

#include "tools/vizinho/client.h"
#include "tools/vizinho/format.h"
#include "tools/vizinho/print.h"
#include "tools/vizinho/reply.h"
#include "tools/vizinho/standing.h"
#include "tools/vizinho/table.h"
#include "tools/vizinho/wrap.h"
#include "tools/health/words.h"
#include "tools/text/encoding.h"

#define PATIENCE_S 30 /* a daemon that says nothing for so long is as good as none */
#define TEXT_MAX   1024

int viz_health_exit(const json_t *reply)
{
	const char *verdict = viz_reply_text(reply, "verdict");

	if (strcmp(verdict, "well") == 0)
		return VIZ_HEALTH_EXIT_WELL;
	return strcmp(verdict, "degraded") == 0 ? VIZ_HEALTH_EXIT_DEGRADED : VIZ_HEALTH_EXIT_DOWN;
}

json_t *viz_health_ask(const struct viz_cli *cli, const char *op, json_t *args)
{
	json_t *error = NULL, *result = NULL;
	struct viz_cli asked = *cli;
	const char *code, *remedy = "systemctl restart vizinhod";

	asked.error = &error;
	asked.patience_s = PATIENCE_S;
	if (viz_client_ask(&result, &asked, op, args) == VIZ_EXIT_OK)
		return result;
	code = viz_reply_text(error, "code");
	if (strcmp(code, viz_code_name(VIZ_CODE_NO_DAEMON)) == 0)
		remedy = "systemctl start vizinhod";
	else if (strcmp(code, viz_code_name(VIZ_CODE_NO_ACCESS)) == 0 ||
		 strcmp(code, viz_code_name(VIZ_CODE_NOT_ALLOWED)) == 0)
		remedy = "sudo vizinho status";
	result = json_pack("{s:s,s:[{s:s,s:s,s:s}],s:o}", "verdict", "down", "problems", "code",
			   code, "level", "down", "remedy", remedy, "error", error);
	VIZ_REQUIRE(result != NULL);
	return result;
}

/* Prints the text indented by two, with the mark before it, or with a blank. */
static void print_marked(char mark, const char *text)
{
	char line[TEXT_MAX + 3], *out = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&out, &len);

	VIZ_REQUIRE(f != NULL);
	snprintf(line, sizeof line, "  %s", text);
	viz_wrap(f, line, viz_wrap_columns());
	VIZ_REQUIRE(fclose(f) == 0 && len > 0);
	out[0] = mark;
	fputs(out, stdout);
	free(out);
}

static void print_problem(const struct viz_cli *cli, const json_t *p)
{
	char what[VIZ_HEALTH_WORDS_MAX], since[VIZ_FORMAT_MAX], text[VIZ_HEALTH_WORDS_MAX];
	const char *remedy = viz_reply_text(p, "remedy");

	viz_health_words_problem(what, cli->lang, p);
	viz_format_time(since, cli, json_object_get(p, "since"));
	if (json_object_get(p, "since") != NULL)
		viz_print_text(text, sizeof text, cli->lang, VIZ_MSG_ILL_SINCE, what, since);
	else
		snprintf(text, sizeof text, "%s", what);
	viz_encoding_clean(text, true);
	print_marked('!', text);
	if (remedy[0] != '\0')
		printf("  %s %s\n", viz_msg(cli->lang, VIZ_MSG_ILL_REMEDY), remedy);
}

void viz_health_print_problems(const struct viz_cli *cli, const json_t *problems)
{
	const json_t *p;
	size_t i;

	json_array_foreach(problems, i, p)
	{
		putchar('\n');
		print_problem(cli, p);
	}
}

/* Whether one of the problems is that this peer has no link: that was said already. */
static bool was_said(const json_t *reply, const json_t *peer)
{
	const json_t *p, *list = json_object_get(reply, "problems");
	size_t i;

	json_array_foreach(list, i, p)
	{
		if (strcmp(viz_reply_id(p, "peer"), viz_reply_text(peer, "id")) == 0 &&
		    strcmp(viz_reply_text(p, "code"), "partner-clock") != 0)
			return true;
	}
	return false;
}

static void print_standing(const struct viz_cli *cli, const json_t *peer)
{
	char text[VIZ_HEALTH_WORDS_MAX], standing[VIZ_STANDING_MAX], why[VIZ_HEALTH_WORDS_MAX];

	viz_standing_text(standing, cli, peer);
	viz_health_words_unlinked(why, cli->lang, peer);
	snprintf(text, sizeof text, "%.80s: %s%s%.512s", viz_reply_peer(peer), standing,
		 why[0] != '\0' ? "; " : "", why);
	viz_encoding_clean(text, true);
	print_marked(' ', text);
}

void viz_health_print_partners(const struct viz_cli *cli, const json_t *reply)
{
	static const enum viz_msg heads[] = {VIZ_MSG_HEAD_PARTNER, VIZ_MSG_HEAD_LINKED_SINCE,
					     VIZ_MSG_HEAD_HEARD, VIZ_MSG_HEAD_LAST_ERROR};
	const json_t *peer, *list = json_object_get(reply, "partners");
	struct viz_grid g;
	size_t i;

	if (json_array_size(list) == 0)
		return;
	viz_print_blank(cli);
	viz_table_heads(&g, cli, heads, 4);
	json_array_foreach(list, i, peer)
	{
		const char *error = viz_reply_text(peer, "last_error");
		enum viz_msg id;

		viz_grid_add(&g, viz_reply_peer(peer));
		viz_table_time(&g, cli, json_object_get(peer, "link_from"));
		viz_table_time(&g, cli, json_object_get(peer, "heard_at"));
		if (error[0] != '\0' && viz_msg_find(&id, "link_error_", error))
			viz_table_msg(&g, cli, id);
		else
			viz_grid_add(&g, error[0] != '\0' ? error : "-");
	}
	viz_table_print(&g);
	json_array_foreach(list, i, peer)
	{
		bool well = viz_reply_true(peer, "linked") &&
			    strcmp(viz_reply_text(peer, "standing"), "partner") == 0;

		if (!well && !was_said(reply, peer))
			print_standing(cli, peer);
	}
}
