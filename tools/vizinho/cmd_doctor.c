/* `vizinho doctor`: what is wrong, what may go wrong, and what to do about each. */
#include "tools/health/words.h"
#include "tools/text/encoding.h"
#include "tools/vizinho/args.h"
#include "tools/vizinho/health.h"
#include "tools/vizinho/print.h"
#include "tools/vizinho/reply.h"
#include "tools/vizinho/wrap.h"

#define LIST_MAX 1024

/* The checks that found nothing, by their short names, in one line. */
static void print_well(const struct viz_cli *cli, const json_t *checks)
{
	char list[LIST_MAX] = "", text[2 * LIST_MAX] = "  ";
	const json_t *c;
	size_t i, len = 0;

	json_array_foreach(checks, i, c)
	{
		const char *code = viz_reply_text(c, "code");

		if (strcmp(viz_reply_text(c, "level"), "well") != 0 || len >= sizeof list)
			continue;
		len += (size_t)snprintf(list + len, sizeof list - len, "%s%s", len > 0 ? ", " : "",
					viz_health_words_check(cli->lang, code));
	}
	if (list[0] == '\0')
		return;
	viz_print_text(text + 2, sizeof text - 2, cli->lang, VIZ_MSG_DOCTOR_CHECKED, list);
	viz_encoding_clean(text, true);
	putchar('\n');
	viz_wrap(stdout, text, viz_wrap_columns());
}

static void print_findings(const struct viz_cli *cli, const json_t *result)
{
	const json_t *error = json_object_get(result, "error"), *c;
	const json_t *problems = json_object_get(result, "problems");
	json_t *all = json_array();
	size_t i;

	json_array_extend(all, (json_t *)(uintptr_t)problems);
	json_array_foreach(json_object_get(result, "checks"), i, c)
	{
		if (strcmp(viz_reply_text(c, "level"), "well") != 0)
			json_array_append(all,
					  json_array_get(json_object_get(result, "checks"), i));
	}
	if (error != NULL)
		viz_print(cli, VIZ_MSG_HEALTH_GONE);
	else if (json_array_size(all) == 0)
		viz_print(cli, VIZ_MSG_DOCTOR_WELL);
	else
		viz_print(cli, VIZ_MSG_DOCTOR_FOUND, (long long)json_array_size(all));
	if (error != NULL)
		viz_print(cli, VIZ_MSG_HEALTH_WHY, viz_reply_text(error, "message"));
	viz_health_print_problems(cli, all);
	print_well(cli, json_object_get(result, "checks"));
	json_decref(all);
}

int viz_cmd_doctor(const struct viz_cli *cli, int argc, char **argv)
{
	struct viz_args words;
	json_t *result;
	int status;

	if (!viz_args_read(&words, &status, cli, NULL, argc, argv, 0, 0))
		return status;
	result = viz_health_ask(cli, "doctor", NULL);
	status = viz_health_exit(result);
	if (cli->json)
		viz_print_json(result);
	else
		print_findings(cli, result);
	json_decref(result);
	return status;
}
