#include "tools/vizinho/plan_table.h"

void viz_plan_table_heads(struct viz_grid *g, const struct viz_cli *cli)
{
	static const enum viz_say_id heads[] = {
	    VIZ_SAY_HEAD_PLAN,       VIZ_SAY_HEAD_PRICE, VIZ_SAY_HEAD_DOWN, VIZ_SAY_HEAD_UP,
	    VIZ_SAY_HEAD_TECHNOLOGY, VIZ_SAY_HEAD_DAYS,  VIZ_SAY_HEAD_URL};

	viz_tell_heads(g, cli, heads, 7);
	for (size_t i = 1; i < 6; i++)
		g->right[i] = i != 4;
}

void viz_plan_table_row(struct viz_grid *g, const struct viz_cli *cli, const json_t *plan)
{
	char price[VIZ_TELL_MAX];

	viz_tell_money(price, cli, viz_tell_number(plan, "price_cents"));
	viz_grid_add(g, viz_tell_text(plan, "name"));
	viz_grid_add(g, price);
	viz_grid_number(g, viz_tell_number(plan, "down_mbps"));
	viz_grid_given(g, viz_tell_number(plan, "up_mbps"));
	viz_grid_add(g, viz_tell_technology(cli, viz_tell_number(plan, "technology")));
	viz_grid_given(g, viz_tell_number(plan, "install_days"));
	viz_grid_add(g, viz_tell_text(plan, "url"));
}
