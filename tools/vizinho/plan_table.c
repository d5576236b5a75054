#include "tools/vizinho/plan_table.h"

#include "tools/vizinho/format.h"
#include "tools/vizinho/reply.h"
#include "tools/vizinho/table.h"

void viz_plan_table_heads(struct viz_grid *g, const struct viz_cli *cli)
{
	static const enum viz_msg heads[] = {
	    VIZ_MSG_HEAD_PLAN,       VIZ_MSG_HEAD_PRICE, VIZ_MSG_HEAD_DOWN, VIZ_MSG_HEAD_UP,
	    VIZ_MSG_HEAD_TECHNOLOGY, VIZ_MSG_HEAD_DAYS,  VIZ_MSG_HEAD_URL};

	viz_table_heads(g, cli, heads, 7);
	for (size_t i = 1; i < 6; i++)
		g->right[i] = i != 4;
}

void viz_plan_table_row(struct viz_grid *g, const struct viz_cli *cli, const json_t *plan)
{
	char price[VIZ_FORMAT_MAX];

	viz_format_money(price, cli, viz_reply_number(plan, "price_cents"));
	viz_grid_add(g, viz_reply_text(plan, "name"));
	viz_grid_add(g, price);
	viz_grid_number(g, viz_reply_number(plan, "down_mbps"));
	viz_grid_given(g, viz_reply_number(plan, "up_mbps"));
	viz_grid_add(g, viz_format_word(cli, viz_reply_text(plan, "technology")));
	viz_grid_given(g, viz_reply_number(plan, "install_days"));
	viz_grid_add(g, viz_reply_text(plan, "url"));
}
