/* What columns.py makes of tools/data/columns.tsv. */
#ifndef VIZ_TOOLS_TEXT_HEADING_TABLE_H
#define VIZ_TOOLS_TEXT_HEADING_TABLE_H

#include "tools/text/heading.h"

struct viz_heading_names {
	const char *role;
	unsigned uses;     /* enum viz_heading_use, joined */
	const char *names; /* bare, separated by blanks */
};

extern const struct viz_heading_names viz_heading_table[];
extern const size_t viz_heading_table_n;

#endif
