#include "tools/vizinho/help.h"

#include "tools/vizinho/print.h"
#include "tools/vizinho/synopsis.h"
#include "tools/vizinho/wrap.h"

void viz_help_print(FILE *out, const struct viz_cli *cli, const char *text)
{
	json_t *o;

	if (!cli->json) {
		viz_wrap(out, text, viz_wrap_columns());
		return;
	}
	o = json_pack("{s:s+}", "help", text, "\n");
	viz_print_json_new(o);
}

void viz_help_command(const struct viz_cli *cli)
{
	viz_help_print(stdout, cli, viz_msg(cli->lang, cli->command->help));
}

int viz_help_error(const struct viz_cli *cli, enum viz_msg id, const char *word)
{
	char text[1024];

	(viz_print_text)(text, sizeof text, cli->lang, id, word);
	return viz_help_fault(cli, text);
}

int viz_help_fault(const struct viz_cli *cli, const char *text)
{
	viz_print_fault(cli, VIZ_EXIT_USAGE, VIZ_CODE_USAGE, text, NULL);
	if (!cli->json)
		viz_synopsis_print(stderr, cli);
	return VIZ_EXIT_USAGE;
}
