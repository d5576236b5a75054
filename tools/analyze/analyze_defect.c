#include "tools/analyze/analyze.h"

const char *viz_analyze_defect_column(char buf[16], const struct viz_columns *c, enum viz_role role)
{
	if (c->at[role] == VIZ_COLUMN_NONE)
		return "";
	if (c->name[role][0])
		return c->name[role];
	snprintf(buf, 16, "#%u", c->at[role] + 1u);
	return buf;
}

void viz_analyze_defect(struct viz_analysis *a, const struct viz_row_view *v, enum viz_reject kind,
			enum viz_role role)
{
	char buf[16];

	a->totals.defects++;
	viz_rejects_add(&a->rejects, kind, v->file->name, v->row->line,
			viz_analyze_defect_column(buf, &v->file->columns, role));
}
