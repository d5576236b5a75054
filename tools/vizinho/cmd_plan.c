/* `vizinho plan ...`: the published list plans, which are what proposals consist of. */
#include "tools/vizinho/args.h"
#include "tools/vizinho/client.h"
#include "tools/vizinho/plan_table.h"
#include "tools/vizinho/print.h"
#include "tools/vizinho/reply.h"
#include "tools/vizinho/table.h"

struct plan_options {
	const char *name, *price, *down, *up, *technology, *days, *url;
};

/* http or https, and a host. */
static bool is_page(const char *url)
{
	const char *host = strncmp(url, "https://", 8) == 0  ? url + 8
			   : strncmp(url, "http://", 7) == 0 ? url + 7
							     : "";

	return host[strspn(host, "/.:?#")] != '\0' && host[0] != '/' && host[0] != ':' &&
	       strpbrk(url, " \t<>\"") == NULL;
}

static int plan_args(json_t **out, const struct viz_cli *cli, const struct plan_options *o)
{
	int64_t price = 0, down = 0, up = 0, days = 0;
	const char *technology = NULL;
	int status = viz_args_money(&price, cli, "--price", o->price);

	if (status == VIZ_EXIT_OK)
		status = viz_args_number(&down, cli, "--down", o->down, 1, 1000000);
	if (status == VIZ_EXIT_OK && !is_page(o->url))
		status = viz_print_error(cli, VIZ_EXIT_USAGE, VIZ_CODE_USAGE, VIZ_MSG_BAD_OPTION,
					 "--url", o->url, "https://example.com.br/planos");
	if (status == VIZ_EXIT_OK && o->up != NULL)
		status = viz_args_number(&up, cli, "--up", o->up, 0, 1000000);
	if (status == VIZ_EXIT_OK)
		status = viz_args_technology(&technology, cli, "--technology", o->technology);
	if (status == VIZ_EXIT_OK && o->days != NULL)
		status = viz_args_number(&days, cli, "--install-days", o->days, 0, 366);
	if (status == VIZ_EXIT_OK)
		*out = json_pack("{s:s,s:I,s:I,s:I,s:s,s:I,s:s}", "name", o->name, "price_cents",
				 (json_int_t)price, "down_mbps", (json_int_t)down, "up_mbps",
				 (json_int_t)up, "technology", technology, "install_days",
				 (json_int_t)days, "url", o->url);
	return status;
}

int viz_cmd_plan_add(const struct viz_cli *cli, int argc, char **argv)
{
	struct plan_options o = {.name = NULL};
	const struct viz_arg options[] = {{"name", &o.name, NULL},
					  {"price", &o.price, NULL},
					  {"down", &o.down, NULL},
					  {"url", &o.url, NULL},
					  {"up", &o.up, NULL},
					  {"technology", &o.technology, NULL},
					  {"install-days", &o.days, NULL},
					  {NULL, NULL, NULL}};
	struct viz_args words;
	json_t *result, *args = NULL;
	int status;

	if (!viz_args_read(&words, &status, cli, options, argc, argv, 0, 0))
		return status;
	if (!viz_args_have(&status, cli, options, 4))
		return status;
	status = plan_args(&args, cli, &o);
	if (status != VIZ_EXIT_OK)
		return status;
	status = viz_client_query(&result, cli, "plan.add", args);
	if (result == NULL)
		return status;
	viz_print(cli, VIZ_MSG_PLAN_ADDED, viz_reply_text(result, "name"));
	json_decref(result);
	return VIZ_EXIT_OK;
}

int viz_cmd_plan_list(const struct viz_cli *cli, int argc, char **argv)
{
	struct viz_args words;
	json_t *result, *plan;
	const json_t *list;
	struct viz_grid g;
	size_t i;
	int status;

	if (!viz_args_read(&words, &status, cli, NULL, argc, argv, 0, 0))
		return status;
	status = viz_client_query(&result, cli, "plan.list", NULL);
	if (result == NULL)
		return status;
	list = json_object_get(result, "plans");
	if (json_array_size(list) == 0) {
		viz_print(cli, VIZ_MSG_PLAN_NONE);
	} else {
		viz_plan_table_heads(&g, cli);
		json_array_foreach(list, i, plan) viz_plan_table_row(&g, cli, plan);
		viz_table_print(&g);
	}
	json_decref(result);
	return VIZ_EXIT_OK;
}

int viz_cmd_plan_remove(const struct viz_cli *cli, int argc, char **argv)
{
	struct viz_args words;
	json_t *result;
	int status;

	if (!viz_args_read(&words, &status, cli, NULL, argc, argv, 1, 1))
		return status;
	status = viz_client_query(&result, cli, "plan.remove",
				  json_pack("{s:s}", "name", words.word[0]));
	if (result == NULL)
		return status;
	viz_print(cli, VIZ_MSG_PLAN_REMOVED, words.word[0]);
	json_decref(result);
	return VIZ_EXIT_OK;
}
