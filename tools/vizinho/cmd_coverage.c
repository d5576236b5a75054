/* `vizinho coverage list|show|withdraw|check`. */
#include "tools/vizinho/args.h"
#include "tools/vizinho/ask.h"
#include "tools/vizinho/client.h"
#include "tools/vizinho/format.h"
#include "tools/vizinho/input.h"
#include "tools/vizinho/lookup.h"
#include "tools/vizinho/print.h"
#include "tools/vizinho/reply.h"
#include "tools/vizinho/table.h"

#include "proto/geo/region.h"

static void print_own(const struct viz_cli *cli, const json_t *list)
{
	static const enum viz_msg heads[] = {VIZ_MSG_HEAD_COVERAGE, VIZ_MSG_HEAD_TECHNOLOGY,
					     VIZ_MSG_HEAD_DOWN,     VIZ_MSG_HEAD_TOWNS,
					     VIZ_MSG_HEAD_RANGES,   VIZ_MSG_HEAD_PLANT};
	struct viz_grid g;
	json_t *c;
	size_t i;

	if (json_array_size(list) == 0) {
		viz_print(cli, VIZ_MSG_COVERAGE_NONE);
		return;
	}
	viz_table_heads(&g, cli, heads, 6);
	for (i = 2; i < 6; i++)
		g.right[i] = true;
	json_array_foreach(list, i, c)
	{
		viz_grid_add(&g, viz_reply_text(c, "name"));
		viz_grid_add(&g, viz_format_word(cli, viz_reply_text(c, "technology")));
		viz_grid_given(&g, viz_reply_number(c, "down_mbps"));
		viz_grid_number(&g, viz_reply_number(c, "municipality_count"));
		viz_grid_number(&g, viz_reply_number(c, "cep_range_count"));
		viz_grid_number(&g, viz_reply_number(c, "geometry_bytes"));
	}
	viz_table_print(&g);
}

static void print_members(const struct viz_cli *cli, const json_t *list)
{
	static const enum viz_msg heads[] = {VIZ_MSG_HEAD_NAME, VIZ_MSG_HEAD_PARTNER,
					     VIZ_MSG_HEAD_ADS};
	struct viz_grid g;
	json_t *m;
	size_t i;

	if (json_array_size(list) == 0)
		return;
	viz_print_blank(cli);
	viz_table_heads(&g, cli, heads, 3);
	g.right[2] = true;
	json_array_foreach(list, i, m)
	{
		viz_grid_add(&g, viz_reply_text(m, "name"));
		viz_grid_add(&g, viz_msg(cli->lang,
					 viz_reply_true(m, "partner") ? VIZ_MSG_YES : VIZ_MSG_NO));
		viz_grid_number(&g, viz_reply_number(m, "advertisement_count"));
	}
	viz_table_print(&g);
}

int viz_cmd_coverage_list(const struct viz_cli *cli, int argc, char **argv)
{
	struct viz_args words;
	json_t *result;
	int status;

	if (!viz_args_read(&words, &status, cli, NULL, argc, argv, 0, 0))
		return status;
	status = viz_client_query(&result, cli, "coverage.list", NULL);
	if (result == NULL)
		return status;
	print_own(cli, json_object_get(result, "coverages"));
	if (viz_reply_true(result, "stale"))
		viz_print(cli, VIZ_MSG_COVERAGE_STALE);
	print_members(cli, json_object_get(result, "members"));
	json_decref(result);
	return VIZ_EXIT_OK;
}

static size_t cells_of(const char *hex)
{
	size_t len = strlen(hex) / 2, n = 0;
	uint64_t *cells = malloc(VIZ_REGION_CELLS_MAX * sizeof *cells);
	uint8_t *bytes = malloc(len + 1);

	if (cells == NULL || bytes == NULL || viz_hex_parse(bytes, len, hex) != VIZ_OK ||
	    viz_region_decode(cells, &n, VIZ_REGION_CELLS_MAX, bytes, len) != VIZ_OK)
		n = 0;
	free(cells);
	free(bytes);
	return n;
}

static void print_coverage(const struct viz_cli *cli, const json_t *c)
{
	const json_t *codes = json_object_get(c, "municipalities");
	const json_t *ceps = json_object_get(c, "ceps");
	struct viz_where where = {.cli = cli};
	bool named = viz_where_open(&where, cli) == VIZ_EXIT_OK;
	long long mbps = (long long)viz_reply_number(c, "down_mbps");
	char speed[96];

	if (mbps > 0)
		viz_print_text(speed, sizeof speed, cli->lang, VIZ_MSG_COVERAGE_SPEED, mbps);
	else
		viz_print_text(speed, sizeof speed, cli->lang, VIZ_MSG_COVERAGE_NO_SPEED);
	viz_print(cli, VIZ_MSG_COVERAGE_ONE, viz_reply_text(c, "name"),
		  viz_format_word(cli, viz_reply_text(c, "technology")), speed,
		  (long long)viz_reply_number(c, "geometry_bytes"),
		  cells_of(viz_reply_text(c, "region")));
	for (size_t i = 0; i < json_array_size(codes); i++) {
		int64_t code = viz_reply_number(json_array_get(codes, i), "code");
		char name[VIZ_GAZETTEER_NAME_BYTES + 8];

		viz_where_name(name, sizeof name, &where, code);
		printf("  %lld  %s\n", (long long)code, named ? name : "");
	}
	for (size_t i = 0; i < json_array_size(ceps); i++) {
		const json_t *range = json_array_get(ceps, i);
		int from = (int)json_integer_value(json_array_get(range, 0));
		int to = (int)json_integer_value(json_array_get(range, 1));

		printf("  CEP %05d-%03d - %05d-%03d\n", from / 1000, from % 1000, to / 1000,
		       to % 1000);
	}
	viz_where_close(&where);
}

int viz_cmd_coverage_show(const struct viz_cli *cli, int argc, char **argv)
{
	struct viz_args words;
	json_t *result;
	int status;

	if (!viz_args_read(&words, &status, cli, NULL, argc, argv, 1, 1))
		return status;
	status = viz_client_query(&result, cli, "coverage.show",
				  json_pack("{s:s}", "name", words.word[0]));
	if (result == NULL)
		return status;
	print_coverage(cli, json_object_get(result, "coverage"));
	json_decref(result);
	return VIZ_EXIT_OK;
}

int viz_cmd_coverage_withdraw(const struct viz_cli *cli, int argc, char **argv)
{
	struct viz_args words;
	json_t *result;
	int status;

	if (!viz_args_read(&words, &status, cli, NULL, argc, argv, 1, 1))
		return status;
	status = viz_client_query(&result, cli, "coverage.withdraw",
				  json_pack("{s:s}", "name", words.word[0]));
	if (result == NULL)
		return status;
	viz_print(cli, VIZ_MSG_COVERAGE_WITHDRAWN, words.word[0]);
	json_decref(result);
	return VIZ_EXIT_OK;
}

/* The address from the command line, from standard input, or typed. */
static int address(char *out, size_t max, const struct viz_cli *cli, const struct viz_args *words)
{
	struct viz_input in;
	size_t len = 0;
	int status;

	out[0] = '\0';
	if (words->count > 0 && strcmp(words->word[0], "-") != 0) {
		for (size_t i = 0; i < words->count && len < max; i++)
			len += (size_t)snprintf(out + len, max - len, "%s%s", i > 0 ? " " : "",
						words->word[i]);
		return VIZ_EXIT_OK;
	}
	if (words->count == 0 && viz_ask_terminal())
		return viz_ask_line(out, max, cli, true, VIZ_MSG_ASK_ADDRESS);
	status = viz_input_text(&in, cli, "-");
	if (status != VIZ_EXIT_OK)
		return status;
	snprintf(out, max, "%.*s", (int)strcspn(in.text, "\r\n"), in.text);
	viz_input_free(&in);
	return VIZ_EXIT_OK;
}

int viz_cmd_coverage_check(const struct viz_cli *cli, int argc, char **argv)
{
	struct viz_args words;
	struct viz_lookup lookup;
	char text[512];
	int status;

	if (!viz_args_read(&words, &status, cli, NULL, argc, argv, 0, 32))
		return status;
	status = address(text, sizeof text, cli, &words);
	if (status == VIZ_EXIT_OK)
		status = viz_lookup_text(&lookup, cli, text, NULL);
	if (status != VIZ_EXIT_OK)
		return status;
	if (cli->json) {
		viz_lookup_print_json(&lookup);
	} else {
		viz_where_print(cli, &lookup.place);
		viz_lookup_print_own(cli, &lookup);
		viz_lookup_print_partners(cli, &lookup);
	}
	viz_lookup_free(&lookup);
	return VIZ_EXIT_OK;
}
