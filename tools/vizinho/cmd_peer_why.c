/* `vizinho peer why`: who let a member in. */
#include "tools/health/words.h"
#include "tools/vizinho/args.h"
#include "tools/vizinho/client.h"
#include "tools/vizinho/format.h"
#include "tools/vizinho/print.h"
#include "tools/vizinho/reply.h"
#include "tools/vizinho/table.h"

/* "(this node)", "(pruned by this node)", the date of the vouches, or nothing. */
static void print_remark(const struct viz_cli *cli, const json_t *who)
{
	char text[VIZ_FORMAT_MAX];

	if (viz_reply_true(who, "self"))
		printf(" (%s)", viz_msg(cli->lang, VIZ_MSG_WHY_SELF));
	if (viz_reply_text(who, "since")[0] != '\0') {
		viz_format_time(text, cli, json_object_get(who, "since"));
		printf(" (%s)", text);
	}
	if (viz_reply_text(who, "pruned_at")[0] != '\0')
		printf(" (%s)", viz_health_words_state(cli->lang, "pruned"));
}

static void print_way(const struct viz_cli *cli, size_t number, const json_t *way)
{
	const json_t *step, *steps = json_object_get(way, "steps");
	int64_t skipped = viz_reply_number(way, "skipped_count");
	size_t i;

	printf("  %zu. ", number);
	json_array_foreach(steps, i, step)
	{
		if (skipped > 0 && i == json_array_size(steps) / 2)
			printf(" > ... (%lld)", (long long)skipped);
		printf("%s%s", i > 0 ? " > " : "", viz_reply_text(step, "label"));
		print_remark(cli, step);
	}
	printf("\n");
}

static void print_ways(const struct viz_cli *cli, const json_t *result)
{
	const json_t *way, *ways = json_object_get(result, "ways");
	const char *name = viz_reply_peer(json_object_get(result, "peer"));
	size_t i, n = json_array_size(ways);

	if (n == 0)
		viz_print(cli, VIZ_MSG_WHY_OUT, name);
	else if (n == 1)
		viz_print(cli, VIZ_MSG_WHY_ONE_WAY, name);
	else
		(viz_print)(
		    cli, viz_reply_true(result, "more") ? VIZ_MSG_WHY_MORE_WAYS : VIZ_MSG_WHY_WAYS,
		    name, n);
	json_array_foreach(ways, i, way) print_way(cli, i + 1, way);
}

static void number_cell(struct viz_grid *g, const json_t *o, const char *key)
{
	char text[24];

	snprintf(text, sizeof text, "%lld", (long long)viz_reply_number(o, key));
	viz_grid_add(g, text);
}

/* The pair of vouches that stands alone before this one. */
static void print_by_one(const struct viz_cli *cli, const char *before, const char *name)
{
	viz_print(cli, VIZ_MSG_WHY_BY_ONE, before, name);
}

static void print_points(const struct viz_cli *cli, const json_t *result)
{
	static const enum viz_msg heads[] = {VIZ_MSG_HEAD_NAME, VIZ_MSG_HEAD_BEHIND,
					     VIZ_MSG_HEAD_VOUCHES, VIZ_MSG_HEAD_MONTH};
	const json_t *p, *points = json_object_get(result, "points");
	const char *before = viz_msg(cli->lang, VIZ_MSG_WHY_SELF);
	struct viz_grid g;
	size_t i;

	if (json_array_size(json_object_get(result, "ways")) == 0)
		return;
	viz_print_blank(cli);
	if (json_array_size(points) == 0) {
		viz_print(cli, VIZ_MSG_WHY_NO_POINT);
	} else {
		viz_print(cli, VIZ_MSG_WHY_POINTS);
		viz_table_heads(&g, cli, heads, 4);
		json_array_foreach(points, i, p)
		{
			viz_grid_add(&g, viz_reply_text(p, "label"));
			number_cell(&g, p, "behind_count");
			number_cell(&g, p, "vouch_count");
			number_cell(&g, p, "month_vouch_count");
		}
		viz_table_print(&g);
	}
	json_array_foreach(points, i, p)
	{
		if (viz_reply_true(p, "by_one"))
			print_by_one(cli, before, viz_reply_text(p, "label"));
		before = viz_reply_text(p, "label");
	}
	if (viz_reply_true(result, "by_one") &&
	    viz_reply_number(result, "point_count") == (int64_t)json_array_size(points))
		print_by_one(cli, before, viz_reply_peer(json_object_get(result, "peer")));
	if (viz_reply_number(result, "behind_count") > 0)
		viz_print(cli, VIZ_MSG_ONLY_THROUGH,
			  (long long)viz_reply_number(result, "behind_count"));
}

static void print_vouchers(const struct viz_cli *cli, const json_t *result)
{
	static const enum viz_msg heads[] = {VIZ_MSG_HEAD_VOUCHER, VIZ_MSG_HEAD_MUTUAL,
					     VIZ_MSG_HEAD_VOUCHES, VIZ_MSG_HEAD_MONTH};
	const json_t *v, *list = json_object_get(result, "vouchers");
	struct viz_grid g;
	size_t i;

	if (json_array_size(list) == 0)
		return;
	viz_print_blank(cli);
	viz_table_heads(&g, cli, heads, 4);
	json_array_foreach(list, i, v)
	{
		viz_grid_add(&g, viz_reply_text(v, "label"));
		if (viz_reply_true(v, "mutual"))
			viz_table_time(&g, cli, json_object_get(v, "since"));
		else
			viz_table_msg(&g, cli, VIZ_MSG_WHY_ONE_SIDED);
		number_cell(&g, v, "vouch_count");
		number_cell(&g, v, "month_vouch_count");
	}
	viz_table_print(&g);
	if (viz_reply_number(result, "voucher_count") > (int64_t)json_array_size(list))
		viz_print(cli, VIZ_MSG_AND_MORE,
			  (long long)viz_reply_number(result, "voucher_count") -
			      (long long)json_array_size(list));
}

int viz_cmd_peer_why(const struct viz_cli *cli, int argc, char **argv)
{
	struct viz_args words;
	json_t *result;
	int status;

	if (!viz_args_read(&words, &status, cli, NULL, argc, argv, 1, 1))
		return status;
	status =
	    viz_client_query(&result, cli, "peer.why", json_pack("{s:s}", "peer", words.word[0]));
	if (result == NULL)
		return status;
	print_ways(cli, result);
	print_points(cli, result);
	print_vouchers(cli, result);
	json_decref(result);
	return VIZ_EXIT_OK;
}
