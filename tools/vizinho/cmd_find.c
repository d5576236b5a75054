/* `vizinho lead find` and `vizinho inbox find`: which leads are of this person. What is looked for
 * is personal data, so it is asked for and never an argument, which all users of the machine see.
 */
#include "crypto/secret.h"
#include "tools/vizinho/args.h"
#include "tools/vizinho/ask.h"
#include "tools/vizinho/client.h"
#include "tools/vizinho/format.h"
#include "tools/vizinho/input.h"
#include "tools/vizinho/print.h"
#include "tools/vizinho/reply.h"
#include "tools/vizinho/table.h"

enum { TEXT_MAX = 121 };

/* The first line of what is typed, or of standard input. */
static int read_text(char *out, size_t max, const struct viz_cli *cli)
{
	struct viz_input in;
	const char *start;
	size_t len;
	int status;

	if (viz_ask_terminal())
		return viz_ask_line(out, max, cli, true, VIZ_MSG_ASK_FIND);
	status = viz_input_file(&in, cli, NULL);
	if (status != VIZ_EXIT_OK)
		return status;
	start = in.text + strspn(in.text, " \t\r\n");
	len = strcspn(start, "\r\n");
	if (len < max)
		snprintf(out, max, "%.*s", (int)len, start);
	else
		status = viz_print_error(cli, VIZ_EXIT_FAILED, VIZ_CODE_INPUT, VIZ_MSG_TOO_LONG,
					 (unsigned)(max - 1));
	viz_input_free(&in);
	return status;
}

/* Asks for the text and looks for it. As viz_client_query. */
static int find(json_t **result, const struct viz_cli *cli, const char *op, int argc, char **argv)
{
	char text[TEXT_MAX];
	struct viz_args words;
	json_t *args;
	int status;

	*result = NULL;
	if (!viz_args_read(&words, &status, cli, NULL, argc, argv, 0, 0))
		return status;
	status = read_text(text, sizeof text, cli);
	if (status != VIZ_EXIT_OK)
		return status;
	args = json_pack("{s:s}", "text", text);
	viz_secret_wipe(text, sizeof text);
	if (args == NULL)
		return viz_print_error(cli, VIZ_EXIT_FAILED, VIZ_CODE_INPUT, VIZ_MSG_NOT_UTF8);
	return viz_client_query(result, cli, op, args);
}

static const char *by_word(const struct viz_cli *cli, const char *by)
{
	enum viz_msg id;

	return viz_msg_find(&id, "found_by_", by) ? viz_msg(cli->lang, id) : by;
}

/* The four columns of both lists. `what`: "lead" or "entry", of which each thing that was found has
 * one. */
static void print_found(const struct viz_cli *cli, const json_t *list, const char *what,
			enum viz_msg head)
{
	const enum viz_msg heads[] = {head, VIZ_MSG_HEAD_STATE, VIZ_MSG_HEAD_NAME,
				      VIZ_MSG_HEAD_FOUND_BY};
	struct viz_grid g;
	json_t *found;
	size_t i;

	if (json_array_size(list) == 0) {
		(viz_print)(cli, VIZ_MSG_FIND_NONE);
		return;
	}
	viz_table_heads(&g, cli, heads, 4);
	json_array_foreach(list, i, found)
	{
		const json_t *lead = json_object_get(found, what);
		const char *name = viz_reply_text(found, "name");

		viz_grid_add(&g, viz_reply_text(lead, "id"));
		viz_grid_add(&g, viz_format_word(cli, viz_reply_text(lead, "state")));
		viz_grid_add(&g, name[0] != '\0' ? name : "-");
		viz_grid_add(&g, by_word(cli, viz_reply_text(found, "matched")));
	}
	viz_table_print(&g);
}

static void print_more(const struct viz_cli *cli, const json_t *result)
{
	if (viz_reply_true(result, "more"))
		(viz_print)(cli, VIZ_MSG_FIND_MORE);
}

int viz_cmd_find_lead(const struct viz_cli *cli, int argc, char **argv)
{
	json_t *result;
	int status = find(&result, cli, "lead.find", argc, argv);

	if (result == NULL)
		return status;
	print_found(cli, json_object_get(result, "found_leads"), "lead", VIZ_MSG_HEAD_LEAD_NUMBER);
	print_more(cli, result);
	json_decref(result);
	return VIZ_EXIT_OK;
}

int viz_cmd_find_inbox(const struct viz_cli *cli, int argc, char **argv)
{
	long long unopened;
	json_t *result;
	int status = find(&result, cli, "inbox.find", argc, argv);

	if (result == NULL)
		return status;
	print_found(cli, json_object_get(result, "found_entries"), "entry", VIZ_MSG_HEAD_ENTRY);
	print_more(cli, result);
	unopened = (long long)viz_reply_number(result, "unopened_count");
	if (unopened > 0)
		viz_print(cli, VIZ_MSG_FIND_UNOPENED, unopened);
	json_decref(result);
	return VIZ_EXIT_OK;
}
