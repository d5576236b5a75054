#include "tools/vizinho/table.h"

#include "tools/vizinho/format.h"

void viz_table_heads(struct viz_grid *g, const struct viz_cli *cli, const enum viz_msg *ids,
		     size_t count)
{
	viz_grid_init(g, count);
	for (size_t i = 0; i < count; i++)
		viz_table_msg(g, cli, ids[i]);
}

void viz_table_row(struct viz_grid *g, const struct viz_cli *cli, enum viz_msg name,
		   const char *value)
{
	viz_table_msg(g, cli, name);
	viz_grid_add(g, value[0] != '\0' ? value : "-");
}

void viz_table_time(struct viz_grid *g, const struct viz_cli *cli, const json_t *time)
{
	char text[VIZ_FORMAT_MAX];

	viz_format_time(text, cli, time);
	viz_grid_add(g, text);
}

void viz_table_msg(struct viz_grid *g, const struct viz_cli *cli, enum viz_msg id)
{
	viz_grid_add(g, viz_msg(cli->lang, id));
}

void viz_table_print(struct viz_grid *g)
{
	viz_grid_print(g, stdout);
	viz_grid_free(g);
}
