/* What a column of a table is, by its heading. tools/data/columns.tsv has the headings that are
 * known, for each use of a table. */
#ifndef VIZ_TOOLS_TEXT_HEADING_H
#define VIZ_TOOLS_TEXT_HEADING_H

#include "proto/base.h"

/* What a table is read for. One heading may mean one thing here and another there: "nome" is a
 * customer in a list of cancellations, and a box in a list of coverage. */
enum viz_heading_use {
	VIZ_HEADING_CANCELLATIONS = 1,
	VIZ_HEADING_COVERAGE = 2,
	VIZ_HEADING_POSTCODES = 4,
};

#define VIZ_HEADING_BYTES 64u /* of a heading without accents, case, blanks */

/* The role of a column, a word of columns.tsv ("cep", "dest_city"), and the rank of this heading
 * among those of the role: the smaller, the surer. False for a heading that is not known. */
bool viz_heading_role(const char **role, uint16_t *rank, const char *text, size_t len,
		      enum viz_heading_use use);

/* A heading without accents, case, blanks and signs: at most `max` bytes, no NUL. Returns how many.
 */
size_t viz_heading_bare(char *out, size_t max, const char *text, size_t len);

#endif
