/* The columns of a file that have no role, by name, and which of them may be what is missing. */
#ifndef VIZ_ANALYZE_COLUMNS_IGNORED_H
#define VIZ_ANALYZE_COLUMNS_IGNORED_H

#include "tools/analyze/columns.h"

#define VIZ_COLUMNS_IGNORED_MAX 40 /* names that are kept; more columns are only counted */

struct viz_column_ignored {
	char name[48]; /* empty where it may be the name of a person */
	uint16_t at;
	bool never; /* names, telephones: not read on purpose */
};

struct viz_columns_ignored {
	struct viz_column_ignored column[VIZ_COLUMNS_IGNORED_MAX];
	size_t n;
};

/* Lists the columns of `header` that `columns` does not use. Not for a file whose
 * first row is data. A name is kept where all its words are words of headings: a broken header may
 * hold a value, and no report shows a person. */
void viz_columns_ignored(struct viz_columns_ignored *out, const struct viz_columns *columns,
			 const struct viz_row *header);

/* "data=Dt Baixa,motivo=Causa" for --map: for each role that the file lacks and that counts, the
 * first ignored column whose heading speaks of it. Empty when there is none. `words`: the words of
 * --map for the eight roles of columns_ignored.c in their order, with blanks between (the text
 * map_words); NULL for the names of the roles. */
#define VIZ_COLUMNS_PROPOSAL_BYTES 512
const char *viz_columns_ignored_proposal(char out[VIZ_COLUMNS_PROPOSAL_BYTES],
					 const struct viz_columns_ignored *ignored,
					 const struct viz_columns *columns, const char *words);

#endif
